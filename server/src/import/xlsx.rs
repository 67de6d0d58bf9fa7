//! Workbooks (.xlsx), read by ourselves on top of `zip` and `quick-xml`.
//!
//! Why not `calamine`: at 0.38 a workbook of one kilobyte ends the whole process. It reserves as
//! many shared strings as `uniqueCount` claims and as many shared formulas as `si` says, and a
//! failed allocation cannot be caught; it also clones a font for every cell style. Nothing here
//! believes a count written in the file, and cells are streamed past the bounds of [`sheet`].

use super::number::Format;
use super::package::{Package, Part};
use super::sheet::{self, Budget, Cell, Row, Sheet, Value};
use super::xml::{Text, Xml, attribute};
use contest::intake::{Problem, ProblemCode, clean, is_broken, shorten};
use quick_xml::events::{BytesStart, Event};
use std::collections::HashMap;

/// Most rows of a sheet, by the file format.
const LAST_ROW: u32 = 1_048_576;
/// Most columns of a sheet, by the file format.
const LAST_COLUMN: u32 = 16_384;
/// Most shared strings: one for each cell that may be there.
const MAX_STRINGS: usize = sheet::MAX_ROWS * sheet::MAX_COLUMNS as usize;
/// Most cell styles; Excel itself stops at 64,000.
const MAX_STYLES: usize = 65_536;
/// Most relations of the workbook with its parts.
const MAX_RELATIONS: usize = 1_000;
/// Longest name of a sheet in Excel, in characters.
const LONGEST_SHEET_NAME: usize = 31;

/// Why a part could not be read.
enum Trouble {
    /// It is broken, or unpacks to too much; the package knows which.
    Unreadable,
    /// It is understood and not accepted.
    Refused(Problem),
}

impl From<Problem> for Trouble {
    fn from(problem: Problem) -> Self {
        Self::Refused(problem)
    }
}

type PartXml<'p> = Xml<Part<'p>>;

/// Reads the visible sheets of a workbook.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Sheet>, Problem> {
    let mut package = Package::open(bytes)?;
    let workbook_path = with_part(&mut package, "_rels/.rels", read_workbook_path)?
        .flatten()
        .unwrap_or_else(|| "xl/workbook.xml".to_owned());
    let (folder, file) = workbook_path.rsplit_once('/').unwrap_or(("", &workbook_path));
    // Any other package (.docx, .ods, a plain ZIP) has no workbook.
    let workbook = with_part(&mut package, &workbook_path, read_workbook)?
        .ok_or_else(|| Problem::of_file(ProblemCode::NotAWorkbook))?;
    let relations = with_part(
        &mut package,
        &join(folder, &format!("_rels/{file}.rels")),
        read_relations,
    )?
    .unwrap_or_default();
    let part = |kind: &str, default: &str| {
        let target = relations
            .iter()
            .find(|r| r.kind == kind)
            .map_or(default, |r| r.target.as_str());
        join(folder, target)
    };
    let strings = with_part(
        &mut package,
        &part("sharedStrings", "sharedStrings.xml"),
        read_strings,
    )?;
    let formats = with_part(&mut package, &part("styles", "styles.xml"), read_formats)?;
    let context = Context {
        strings: strings.unwrap_or_default(),
        formats: formats.unwrap_or_default(),
        since_1904: workbook.since_1904,
    };

    let mut budget = Budget::default();
    let mut sheets = Vec::new();
    for tab in workbook.tabs {
        let relation = relations
            .iter()
            .find(|r| r.id == tab.relation && r.kind == "worksheet");
        // A chart or dialog has a tab too.
        let Some(relation) = relation else { continue };
        let path = join(folder, &relation.target);
        let sheet = Sheet {
            name: tab.name,
            rows: Vec::new(),
        };
        let read = |xml: &mut PartXml<'_>| read_sheet(xml, &context, &mut budget, sheet);
        match with_part(&mut package, &path, read)? {
            Some(sheet) => sheets.push(sheet),
            None => return Err(Problem::of_file(ProblemCode::Damaged)),
        }
    }
    Ok(sheets)
}

fn with_part<T>(
    package: &mut Package<'_>,
    name: &str,
    read: impl FnOnce(&mut PartXml<'_>) -> Result<T, Trouble>,
) -> Result<Option<T>, Problem> {
    let Some(part) = package.part(name)? else {
        return Ok(None);
    };
    let read = read(&mut Xml::new(part));
    read.map(Some).map_err(|trouble| match trouble {
        Trouble::Refused(problem) => problem,
        Trouble::Unreadable => package.failure(),
    })
}

/// Resolves the target of a relation, which is relative unless it begins with a slash.
fn join(folder: &str, target: &str) -> String {
    match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None if folder.is_empty() => target.to_owned(),
        None => format!("{folder}/{}", target.strip_prefix("./").unwrap_or(target)),
    }
}

/// A relation of the workbook: the last word of its type, and the part it leads to.
struct Relation {
    id: String,
    kind: String,
    target: String,
}

fn read_relations(xml: &mut PartXml<'_>) -> Result<Vec<Relation>, Trouble> {
    let mut relations = Vec::new();
    each_start(xml, |element| {
        if element.local_name().as_ref() == "Relationship" {
            if relations.len() == MAX_RELATIONS {
                return Err(too_many_parts());
            }
            let kind = attribute(element, "Type").unwrap_or_default();
            relations.push(Relation {
                id: attribute(element, "Id").unwrap_or_default(),
                kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                target: attribute(element, "Target").unwrap_or_default(),
            });
        }
        Ok(())
    })?;
    Ok(relations)
}

fn too_many_parts() -> Trouble {
    Problem::of_file(ProblemCode::TooManyParts)
        .limit(MAX_RELATIONS as u64)
        .into()
}

fn read_workbook_path(xml: &mut PartXml<'_>) -> Result<Option<String>, Trouble> {
    let relations = read_relations(xml)?;
    Ok(relations
        .into_iter()
        .find(|r| r.kind == "officeDocument")
        .map(|r| join("", &r.target)))
}

/// What the workbook part says.
struct Workbook {
    tabs: Vec<Tab>,
    since_1904: bool,
}

/// A visible tab.
struct Tab {
    name: String,
    relation: String,
}

fn read_workbook(xml: &mut PartXml<'_>) -> Result<Workbook, Trouble> {
    let mut workbook = Workbook {
        tabs: Vec::new(),
        since_1904: false,
    };
    let mut is_workbook = false;
    each_start(xml, |element| {
        match element.local_name().as_ref() {
            "workbook" => is_workbook = true,
            "workbookPr" => {
                let flag = attribute(element, "date1904");
                workbook.since_1904 = matches!(flag.as_deref(), Some("1" | "true"));
            }
            // Hidden sheets hold drop-down lists and old versions, not what the organizer sees.
            "sheet" if attribute(element, "state").is_none_or(|state| state == "visible") => {
                if workbook.tabs.len() == sheet::MAX_SHEETS {
                    let limit = sheet::MAX_SHEETS as u64;
                    return Err(Problem::of_file(ProblemCode::TooManySheets).limit(limit).into());
                }
                let name = clean(&attribute(element, "name").unwrap_or_default());
                let name = if is_broken(&name) {
                    String::new()
                } else {
                    shorten(&name, LONGEST_SHEET_NAME)
                };
                let relation = attribute(element, "id").unwrap_or_default();
                workbook.tabs.push(Tab { name, relation });
            }
            _ => {}
        }
        Ok(())
    })?;
    // A word processor's package names its main part in the same way.
    if is_workbook {
        Ok(workbook)
    } else {
        Err(Problem::of_file(ProblemCode::NotAWorkbook).into())
    }
}

/// Cell style -> how a number in that style is shown.
fn read_formats(xml: &mut PartXml<'_>) -> Result<Vec<Format>, Trouble> {
    let mut codes: HashMap<u32, Format> = HashMap::new();
    let mut formats = Vec::new();
    let mut in_cell_styles = false;
    loop {
        match xml.next().ok_or(Trouble::Unreadable)? {
            Event::Start(element) => match element.local_name().as_ref() {
                "numFmt" if codes.len() < MAX_STYLES => {
                    let id = attribute(&element, "numFmtId").and_then(|id| id.parse().ok());
                    let code = attribute(&element, "formatCode").unwrap_or_default();
                    if let Some(id) = id {
                        codes.insert(id, Format::of_code(&shorten(&code, 255)));
                    }
                }
                "cellXfs" => in_cell_styles = true,
                "xf" if in_cell_styles && formats.len() < MAX_STYLES => {
                    let id = attribute(&element, "numFmtId")
                        .and_then(|id| id.parse().ok())
                        .unwrap_or(0);
                    formats.push(codes.get(&id).copied().unwrap_or_else(|| Format::builtin(id)));
                }
                _ => {}
            },
            Event::End(element) if element.local_name().as_ref() == "cellXfs" => return Ok(formats),
            Event::Eof => return Ok(formats),
            _ => {}
        }
    }
}

/// The texts cells refer to, one after the other: a million empty ones cost four bytes each.
#[derive(Default)]
struct Strings {
    text: String,
    ends: Vec<usize>,
}

impl Strings {
    fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)?;
        let start = index
            .checked_sub(1)
            .and_then(|before| self.ends.get(before))
            .copied()
            .unwrap_or(0);
        self.text.get(start..end)
    }
}

fn read_strings(xml: &mut PartXml<'_>) -> Result<Strings, Trouble> {
    let mut strings = Strings::default();
    let mut text = Text::default();
    let mut within = Within::default();
    loop {
        match xml.next().ok_or(Trouble::Unreadable)? {
            Event::Start(element) => match element.local_name().as_ref() {
                "si" => text.clear(),
                name => within.enter(name),
            },
            Event::End(element) => match element.local_name().as_ref() {
                "si" => {
                    if strings.ends.len() == MAX_STRINGS {
                        let limit = MAX_STRINGS as u64;
                        return Err(Problem::of_file(ProblemCode::TooLarge).limit(limit).into());
                    }
                    strings.text.push_str(&text.unescaped());
                    strings.ends.push(strings.text.len());
                }
                "sst" => return Ok(strings),
                name => within.leave(name),
            },
            Event::Eof => return Err(Trouble::Unreadable),
            event => within.collect(&event, &mut text)?,
        }
    }
}

/// Whether the reader stands where a text counts: in `<t>`, but not in the pronunciation of it.
#[derive(Default)]
struct Within {
    text: bool,
    phonetic: bool,
}

impl Within {
    fn enter(&mut self, name: &str) {
        match name {
            "t" => self.text = true,
            "rPh" => self.phonetic = true,
            _ => {}
        }
    }

    fn leave(&mut self, name: &str) {
        match name {
            "t" => self.text = false,
            "rPh" => self.phonetic = false,
            _ => {}
        }
    }

    fn collect(&self, event: &Event<'_>, text: &mut Text) -> Result<(), Trouble> {
        if self.text && !self.phonetic {
            add_text(event, text)
        } else {
            Ok(())
        }
    }
}

fn add_text(event: &Event<'_>, text: &mut Text) -> Result<(), Trouble> {
    match event {
        Event::Text(piece) => text.push(piece),
        Event::CData(piece) => text.push(piece),
        Event::GeneralRef(reference) => text.push_reference(reference).ok_or(Trouble::Unreadable)?,
        _ => {}
    }
    Ok(())
}

/// What the cells of every sheet refer to.
struct Context {
    strings: Strings,
    formats: Vec<Format>,
    since_1904: bool,
}

/// The cell being read.
#[derive(Default)]
struct OpenCell {
    column: u32,
    kind: Kind,
    style: usize,
    formula: bool,
}

/// What the raw text of a cell means.
#[derive(Clone, Copy, Default, PartialEq)]
enum Kind {
    #[default]
    Number,
    Shared,
    Text,
    Day,
    Truth,
    Error,
}

fn read_sheet(
    xml: &mut PartXml<'_>,
    context: &Context,
    budget: &mut Budget,
    mut sheet: Sheet,
) -> Result<Sheet, Trouble> {
    let mut row = Row {
        number: 0,
        cells: Vec::new(),
    };
    let mut cell = OpenCell::default();
    let mut text = Text::default();
    let mut within = Within::default();
    let mut next_column = 0;
    let mut in_value = false;
    loop {
        match xml.next().ok_or(Trouble::Unreadable)? {
            Event::Start(element) => match element.local_name().as_ref() {
                "row" => {
                    let number = match attribute(&element, "r") {
                        Some(number) => number.parse().ok().ok_or(Trouble::Unreadable)?,
                        None => row.number + 1,
                    };
                    // Ascending, or two rows would claim the same place.
                    if number <= row.number || number > LAST_ROW {
                        return Err(Trouble::Unreadable);
                    }
                    row = Row {
                        number,
                        cells: Vec::new(),
                    };
                    next_column = 0;
                }
                "c" => {
                    cell = open_cell(&element, next_column)?;
                    next_column = cell.column + 1;
                    text.clear();
                }
                "f" => cell.formula = true,
                "v" => in_value = cell.kind != Kind::Text || text.as_str().is_empty(),
                name => within.enter(name),
            },
            Event::End(element) => match element.local_name().as_ref() {
                "v" => in_value = false,
                "c" => {
                    if let Some(value) = value_of(&cell, &text, context)? {
                        row.cells.push(Cell {
                            column: cell.column,
                            value,
                        });
                    }
                }
                "row" => {
                    let number = row.number;
                    let done = std::mem::replace(
                        &mut row,
                        Row {
                            number,
                            cells: Vec::new(),
                        },
                    );
                    budget.take(&mut sheet, done)?;
                }
                "sheetData" => return Ok(sheet),
                name => within.leave(name),
            },
            Event::Eof => return Err(Trouble::Unreadable),
            event if in_value => add_text(&event, &mut text)?,
            event => within.collect(&event, &mut text)?,
        }
    }
}

fn open_cell(element: &BytesStart<'_>, next_column: u32) -> Result<OpenCell, Trouble> {
    let column = match attribute(element, "r") {
        Some(reference) => column_of(&reference).ok_or(Trouble::Unreadable)?,
        None => next_column,
    };
    // Ascending within the row, for the same reason as rows.
    if column < next_column || column >= LAST_COLUMN {
        return Err(Trouble::Unreadable);
    }
    let kind = match attribute(element, "t").as_deref() {
        None | Some("n") => Kind::Number,
        Some("s") => Kind::Shared,
        Some("str" | "inlineStr") => Kind::Text,
        Some("d") => Kind::Day,
        Some("b") => Kind::Truth,
        Some("e") => Kind::Error,
        Some(_) => return Err(Trouble::Unreadable),
    };
    let style = attribute(element, "s")
        .and_then(|style| style.parse().ok())
        .unwrap_or(0);
    Ok(OpenCell {
        column,
        kind,
        style,
        formula: false,
    })
}

/// The zero-based column of a reference such as `C12`.
fn column_of(reference: &str) -> Option<u32> {
    let letters = reference.bytes().take_while(u8::is_ascii_alphabetic);
    let column = letters
        .take(4)
        .fold(0, |n, b| n * 26 + u32::from(b.to_ascii_uppercase() - b'A') + 1);
    column.checked_sub(1)
}

/// What a cell holds; `None` for a blank.
fn value_of(cell: &OpenCell, text: &Text, context: &Context) -> Result<Option<Value>, Trouble> {
    let raw = text.as_str();
    if raw.is_empty() {
        // `t="str"` with nothing in it is a formula that yields the empty text.
        let uncomputed = cell.formula && cell.kind != Kind::Text;
        return Ok(uncomputed.then_some(Value::Formula));
    }
    let shown = match cell.kind {
        Kind::Number => {
            let format = context.formats.get(cell.style).copied().unwrap_or_default();
            format.show(raw, context.since_1904)
        }
        Kind::Shared => {
            let index = raw.trim().parse().ok().ok_or(Trouble::Unreadable)?;
            context.strings.get(index).ok_or(Trouble::Unreadable)?.to_owned()
        }
        Kind::Text => text.unescaped(),
        Kind::Day => day_of(raw),
        Kind::Truth => if matches!(raw.trim(), "1" | "true") {
            "TRUE"
        } else {
            "FALSE"
        }
        .to_owned(),
        Kind::Error => return Ok(Some(Value::Error(raw.to_owned()))),
    };
    let blank = shown.trim().is_empty();
    Ok((!blank).then(|| Value::Text(sheet::cut(shown))))
}

/// `2023-07-01T00:00:00` as people here write it; anything else as it is.
fn day_of(raw: &str) -> String {
    let day = raw
        .split('T')
        .next()
        .and_then(|day| day.parse::<jiff::civil::Date>().ok());
    day.map_or_else(
        || raw.to_owned(),
        |d| format!("{:02}/{:02}/{}", d.day(), d.month(), d.year()),
    )
}

/// Visits every start of an element until the part ends.
fn each_start(
    xml: &mut PartXml<'_>,
    mut visit: impl FnMut(&BytesStart<'_>) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    loop {
        match xml.next().ok_or(Trouble::Unreadable)? {
            Event::Start(element) => visit(&element)?,
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}
