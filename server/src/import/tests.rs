//! The importers on the real files, on files as people make them, and on files made to hurt.

mod handmade;
mod hostile;
mod problems;
mod real;
mod rosters;

use super::sheet::{self, MAX_COLUMNS, MAX_ROWS, MAX_UNPACKED, MAX_UPLOAD};
use super::{questions, teams};
use contest::intake::{Intake, Level, MemberRole, Problem, ProblemCode as Code, QuestionDraft, TeamDraft};
use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet};
use std::io::{Cursor, Write};
use std::time::{Duration, Instant};
use zip::write::{SimpleFileOptions, ZipWriter};

const QUESTIONS: &[u8] = include_bytes!("../../../data/questions.xlsx");
const BANK: &[u8] = include_bytes!("../../../data/question-bank.csv");
const TEAMS: &[u8] = include_bytes!("../../../data/teams-bac-tan-uyen-2023.xlsx");

const HEADER: [&str; 8] = ["Câu hỏi", "A", "B", "C", "D", "Đáp án", "Chủ đề", "Mức độ"];
const SOUND: [&str; 8] = ["Ai?", "một", "hai", "ba", "bốn", "B", "Dân vận", "Nhận biết"];

// --- making files

/// A workbook with one sheet of texts.
fn workbook(sheet: &str, rows: &[&[&str]]) -> Vec<u8> {
    workbook_with(sheet, |page| {
        for (row, cells) in (0..).zip(rows) {
            for (column, text) in (0..).zip(*cells) {
                page.write_string(row, column, *text).expect("a text fits");
            }
        }
    })
}

fn workbook_with(sheet: &str, fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet().set_name(sheet).expect("a sheet name"));
    book.save_to_buffer().expect("a workbook")
}

/// A question file: the usual header, then these rows.
fn bank(rows: &[[&str; 8]]) -> Vec<u8> {
    let all: Vec<&[&str]> = std::iter::once(&HEADER[..])
        .chain(rows.iter().map(|row| &row[..]))
        .collect();
    workbook("Câu hỏi", &all)
}

/// A sound row with another text in one column.
fn but(column: usize, text: &'static str) -> [&'static str; 8] {
    let mut row = SOUND;
    row[column] = text;
    row
}

/// A package of these parts, packed.
fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default())
            .expect("a part");
        zip.write_all(bytes).expect("its bytes");
    }
    zip.finish().expect("a package").into_inner()
}

const RELS: &str = r#"<Relationships><Relationship Id="r0" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str =
    r#"<workbook xmlns:r="r"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#;
const BOOK_RELS: &str = r#"<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;

/// A workbook whose sheet is this XML, with more parts.
fn raw_sheet(sheet: &[u8], more: &[(&str, &[u8])]) -> Vec<u8> {
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("_rels/.rels", RELS.as_bytes()),
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", BOOK_RELS.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    parts.extend(more);
    package(&parts)
}

fn sheet_data(rows: &str) -> Vec<u8> {
    format!("<worksheet><sheetData>{rows}</sheetData></worksheet>").into_bytes()
}

// --- looking at results

/// Place and code of every problem.
fn found<T>(intake: &Intake<T>) -> Vec<(&str, Code)> {
    intake
        .problems
        .iter()
        .map(|p| (p.place.as_str(), p.code))
        .collect()
}

/// The only problem of a file of which nothing was read, found soon.
fn refused(bytes: &[u8]) -> Problem {
    let begun = Instant::now();
    let intake = questions(bytes);
    assert!(
        begun.elapsed() < Duration::from_secs(20),
        "took {:?}",
        begun.elapsed()
    );
    assert!(intake.accepted.is_empty());
    assert_eq!(intake.problems.len(), 1, "{:?}", intake.problems);
    intake.problems.into_iter().next().expect("one problem")
}

fn accepted(bytes: &[u8]) -> Vec<QuestionDraft> {
    let intake = questions(bytes);
    assert_eq!(intake.problems, []);
    intake.accepted
}

fn accepted_teams(bytes: &[u8]) -> Vec<TeamDraft> {
    let intake = teams(bytes);
    assert_eq!(intake.problems, []);
    intake.accepted
}
