//! Text files (.csv): UTF-8 with or without a mark, fields between commas, semicolons or tabs.

use super::sheet::{self, Budget, Cell, Row, Sheet, Value};
use contest::intake::{Problem, ProblemCode, row_place};
use csv::{ByteRecord, ReaderBuilder};

/// The name problems give to the only sheet of a text file.
const SHEET: &str = "CSV";
/// Excel in Vietnamese writes semicolons, because the comma is the decimal mark.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];
/// Longest line, in bytes: more than 64 of the longest cells. The parser keeps eight bytes for each
/// field, and a line could be nothing but commas.
const LONGEST_LINE: usize = 1 << 20;
/// How many records are looked at to find the delimiter.
const SAMPLE: usize = 50;

/// Reads a text file as one sheet.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Sheet>, Problem> {
    let text = decode(bytes)?;
    if text.trim().is_empty() {
        return Err(Problem::of_file(ProblemCode::EmptyFile));
    }
    if let Some(line) = text.lines().position(|line| line.len() > LONGEST_LINE) {
        let place = row_place(SHEET, u32::try_from(line + 1).unwrap_or(u32::MAX));
        return Err(Problem::new(place, ProblemCode::TooLarge).limit(LONGEST_LINE as u64));
    }
    let (delimiter, text, first_line) = match declared_delimiter(text) {
        Some((delimiter, rest)) => (delimiter, rest, 2),
        None => (likely_delimiter(text), text, 1),
    };
    let mut sheet = Sheet {
        name: SHEET.to_owned(),
        rows: Vec::new(),
    };
    let mut budget = Budget::default();
    let mut reader = reader(text, delimiter);
    let mut record = ByteRecord::new();
    while reader
        .read_byte_record(&mut record)
        .map_err(|_| Problem::of_file(ProblemCode::Damaged))?
    {
        let line = record.position().map_or(1, csv::Position::line) - 1 + first_line;
        let cells = (0..).zip(&record).filter_map(|(column, field)| {
            // The whole text is UTF-8 and fields end at ASCII characters, so nothing is lost.
            let text = String::from_utf8_lossy(field).into_owned();
            let blank = text.trim().is_empty();
            (!blank).then(|| Cell {
                column,
                value: Value::Text(sheet::cut(text)),
            })
        });
        let row = Row {
            number: u32::try_from(line).unwrap_or(u32::MAX),
            cells: cells.collect(),
        };
        budget.take(&mut sheet, row)?;
    }
    Ok(vec![sheet])
}

/// The bytes as text, without a byte order mark.
fn decode(bytes: &[u8]) -> Result<&str, Problem> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        // "Unicode text" of Excel: UTF-16.
        return Err(Problem::new(row_place(SHEET, 1), ProblemCode::NotUtf8));
    }
    // One stray control character is a problem of its cell; many of them are no text.
    let head = &bytes[..bytes.len().min(4 << 10)];
    let is_control = |b: &&u8| **b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0B | 0x0C);
    let binary = head.contains(&0) || head.iter().filter(is_control).count() > head.len() / 50 + 1;
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let start = bytes.trim_ascii_start();
    // A web page saved as .xls, a PDF, a picture, a program.
    if binary || start.starts_with(b"<") || start.starts_with(b"%PDF") || start.starts_with(b"{\\rtf") {
        return Err(Problem::of_file(ProblemCode::NotAWorkbook));
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let line = 1 + bytes[..error.valid_up_to()]
            .iter()
            .filter(|b| **b == b'\n')
            .count();
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        Problem::new(row_place(SHEET, line), ProblemCode::NotUtf8)
    })
}

/// Excel understands a first line `sep=;`.
fn declared_delimiter(text: &str) -> Option<(u8, &str)> {
    let (first, rest) = text.split_once('\n')?;
    match first.trim_end().strip_prefix("sep=")?.as_bytes() {
        [delimiter] if DELIMITERS.contains(delimiter) => Some((*delimiter, rest)),
        _ => None,
    }
}

/// The delimiter that cuts the first records most evenly: with the wrong one, commas inside the
/// sentences give every row another number of fields.
fn likely_delimiter(text: &str) -> u8 {
    let evenness = |delimiter: u8| {
        let mut counts = [0_usize; sheet::MAX_COLUMNS as usize + 1];
        for record in reader(text, delimiter).byte_records().take(SAMPLE).flatten() {
            counts[record.len().min(sheet::MAX_COLUMNS as usize)] += 1;
        }
        // (records of the commonest width, that width); a width of one is no table.
        counts
            .iter()
            .enumerate()
            .skip(2)
            .map(|(width, n)| (*n, width))
            .max()
            .unwrap_or_default()
    };
    // The first of equals: `max_by_key` would take the last.
    DELIMITERS
        .into_iter()
        .rev()
        .max_by_key(|delimiter| evenness(*delimiter))
        .unwrap_or(b',')
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes())
}
