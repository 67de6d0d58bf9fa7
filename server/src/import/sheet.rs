//! A file of any accepted kind as sheets of rows of cells, read within bounds.
//!
//! The kind is told by the content, never by the name of the file. Whatever is sent, reading it
//! takes bounded memory and time and ends in sheets or in one [`Problem`].

use super::{delimited, xlsx};
use contest::intake::{Problem, ProblemCode};

/// Largest upload, in bytes. The HTTP layer should refuse beyond it before buffering.
pub const MAX_UPLOAD: usize = 8 << 20;
/// Most bytes a workbook may unpack to, counted while unpacking.
pub(super) const MAX_UNPACKED: u64 = 64 << 20;
/// Most parts in the package of a workbook.
pub(super) const MAX_PARTS: usize = 200;
/// Most sheets in a workbook.
pub(super) const MAX_SHEETS: usize = 50;
/// Most rows with something in them, all sheets together.
pub(super) const MAX_ROWS: usize = 20_000;
/// Most columns; something written beyond is a problem.
pub(super) const MAX_COLUMNS: u32 = 64;
/// Longest cell kept, in characters. A longer one is cut one character later, so that every
/// field's own limit, all below this, still sees that it is too long.
pub(super) const MAX_CELL: usize = 4_000;
/// Most bytes of text in all cells together: a few shared strings can be referred to a million times.
pub(super) const MAX_TEXT: usize = 32 << 20;

/// What a cell holds. Blank cells are not kept.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// Text as shown: numbers, dates and computed values of formulas are text here. Not yet clean.
    /// A text that begins with `=` is a text.
    Text(String),
    /// A formula nobody has computed yet.
    Formula,
    /// A formula that ended in an error, for example `#N/A`.
    Error(String),
}

/// A cell that is not blank.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cell {
    /// Zero-based column.
    pub(super) column: u32,
    pub(super) value: Value,
}

/// A row with at least one cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    /// The number Excel shows, from 1; in a text file the line it begins on.
    pub(super) number: u32,
    pub(super) cells: Vec<Cell>,
}

impl Row {
    /// What stands in a column; `None` for a blank.
    pub(super) fn get(&self, column: u32) -> Option<&Value> {
        self.cells
            .iter()
            .find(|cell| cell.column == column)
            .map(|cell| &cell.value)
    }
}

/// A visible sheet; a text file is one.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sheet {
    /// As on its tab; `CSV` for a text file.
    pub(super) name: String,
    /// The rows that are not blank, ascending.
    pub(super) rows: Vec<Row>,
}

/// Collects rows while the bounds that hold for all sheets together are kept.
#[derive(Default)]
pub(super) struct Budget {
    rows: usize,
    text: usize,
}

impl Budget {
    /// Takes a row into a sheet, unless it is blank. Fails when the file is larger than accepted.
    pub(super) fn take(&mut self, sheet: &mut Sheet, row: Row) -> Result<(), Problem> {
        let Some(last) = row.cells.last() else {
            return Ok(());
        };
        if last.column >= MAX_COLUMNS {
            let place = contest::intake::cell_place(&sheet.name, row.number, last.column);
            return Err(Problem::new(place, ProblemCode::TooManyColumns).limit(MAX_COLUMNS.into()));
        }
        self.rows += 1;
        if self.rows > MAX_ROWS {
            let place = contest::intake::row_place(&sheet.name, row.number);
            return Err(Problem::new(place, ProblemCode::TooManyRows).limit(MAX_ROWS as u64));
        }
        self.text += row.cells.iter().map(|cell| cell.value.len()).sum::<usize>();
        if self.text > MAX_TEXT {
            return Err(Problem::of_file(ProblemCode::TooLarge).limit(MAX_TEXT as u64));
        }
        sheet.rows.push(row);
        Ok(())
    }
}

impl Value {
    fn len(&self) -> usize {
        match self {
            Value::Text(text) | Value::Error(text) => text.len(),
            Value::Formula => 0,
        }
    }
}

/// Reads the visible sheets of a workbook (.xlsx) or a text file (.csv), in their order.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Sheet>, Problem> {
    if bytes.is_empty() {
        return Err(Problem::of_file(ProblemCode::EmptyFile));
    }
    if bytes.len() > MAX_UPLOAD {
        return Err(Problem::of_file(ProblemCode::TooLarge).limit(MAX_UPLOAD as u64));
    }
    match bytes {
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => xlsx::read(bytes),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => Err(Problem::of_file(compound_kind(bytes))),
        _ => delimited::read(bytes),
    }
}

/// The old container of Microsoft Office holds either an .xls or a workbook behind a password.
/// The latter has a stream of this name, written in UTF-16.
fn compound_kind(bytes: &[u8]) -> ProblemCode {
    let name: Vec<u8> = "EncryptedPackage"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    if bytes.windows(name.len()).any(|window| window == name) {
        ProblemCode::Encrypted
    } else {
        ProblemCode::OldWorkbook
    }
}

/// Cuts a text to one character more than a cell may have; see [`MAX_CELL`].
pub(super) fn cut(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(MAX_CELL + 1) {
        text.truncate(end);
    }
    text
}
