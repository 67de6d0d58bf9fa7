//! Which column is what, by the words above it and not by its position.
//!
//! The header stands somewhere in the first rows, under a letterhead or a title. It may take two
//! rows: `Phương án` over `A`, `B`, `C`, `D`.

use super::Problems;
use super::sheet::{Row, Sheet, Value};
use contest::intake::{
    LONGEST_NAME, LONGEST_VALUE, Note, Problem, ProblemCode, cell_place, clean, fold, shorten,
};

/// How many rows from the top are looked at.
const SEARCHED: usize = 20;
/// A row that names this many columns is a header, even if it lacks some.
const CONVINCING: usize = 3;

/// Headings of a running number, which everybody expects to be passed over.
const RUNNING: [&str; 6] = ["stt", "tt", "so tt", "so thu tu", "no", "id"];

/// How one kind of file names its columns. `C` is the meaning of a column.
pub(super) struct Vocabulary<C> {
    /// What a heading means; it comes [`bare`]. `None` for a column to be ignored.
    pub(super) recognise: fn(&str) -> Option<C>,
    /// The headings that are still needed, as an organizer would write them.
    pub(super) missing: fn(&[C]) -> Vec<&'static str>,
}

/// A sheet whose columns are known.
pub(super) struct Table<'s, C> {
    pub(super) sheet: &'s Sheet,
    columns: Vec<(C, u32)>,
    /// The rows under the header.
    pub(super) rows: &'s [Row],
    /// Place, column and words of the headings that mean nothing here.
    strange: Vec<(String, u32, String)>,
}

impl<C: Copy + PartialEq> Table<'_, C> {
    /// The zero-based column with this meaning.
    pub(super) fn column(&self, meaning: C) -> Option<u32> {
        self.columns
            .iter()
            .find(|(c, _)| *c == meaning)
            .map(|(_, column)| *column)
    }

    /// What stands under this meaning, and the place to name in a problem. A column that the file
    /// does not have is blank; its place is the row.
    pub(super) fn cell<'r>(&self, row: &'r Row, meaning: C) -> (Option<&'r Value>, String) {
        match self.column(meaning) {
            Some(column) => (row.get(column), cell_place(&self.sheet.name, row.number, column)),
            None => (None, contest::intake::row_place(&self.sheet.name, row.number)),
        }
    }

    /// The columns that nothing here has a use for, if something stands in them.
    pub(super) fn ignored(&self) -> impl Iterator<Item = Note> + '_ {
        self.strange
            .iter()
            .filter(|(_, column, _)| self.rows.iter().any(|row| row.get(*column).is_some()))
            .map(|(place, _, heading)| Note::ColumnIgnored {
                place: place.clone(),
                heading: shorten(&clean(heading), LONGEST_VALUE),
            })
    }

    /// Nothing stands under any known meaning: a blank row, or only its running number.
    pub(super) fn is_blank(&self, row: &Row) -> bool {
        self.columns.iter().all(|(_, column)| row.get(*column).is_none())
    }
}

/// Finds the header of each sheet. Sheets that do not look like a table of this kind (a cover, a
/// guide) are passed over, unless then nothing is left: what is missing is reported.
pub(super) fn tables<'s, C: Copy + PartialEq>(
    sheets: &'s [Sheet],
    vocabulary: &Vocabulary<C>,
    problems: &mut Problems,
) -> Vec<Table<'s, C>> {
    let mut tables = Vec::new();
    let mut partial: Vec<(&Sheet, Guess<C>)> = Vec::new();
    for sheet in sheets {
        let guess = best_guess(sheet, vocabulary);
        if !(vocabulary.missing)(&guess.meanings()).is_empty() {
            partial.push((sheet, guess));
            continue;
        }
        for (place, value, see) in &guess.doubled {
            problems.add(
                Problem::new(place, ProblemCode::DuplicateHeader)
                    .value(value)
                    .see(see),
            );
        }
        let rows = &sheet.rows[guess.rows_end..];
        if rows.is_empty() {
            problems.add(Problem::new(&sheet.name, ProblemCode::NoRows));
        }
        let known: Vec<u32> = guess.columns.iter().map(|(_, column)| *column).collect();
        let mut strange = guess.strange;
        strange.retain(|(_, column, _)| !known.contains(column));
        tables.push(Table {
            sheet,
            columns: guess.columns,
            rows,
            strange,
        });
    }
    // With no table at all, only the sheet that comes nearest is worth a complaint.
    if tables.is_empty() {
        partial.sort_by_key(|(_, guess)| std::cmp::Reverse(guess.columns.len()));
        partial.truncate(1);
    } else {
        partial.retain(|(_, guess)| guess.columns.len() >= CONVINCING);
    }
    for (sheet, guess) in &partial {
        for heading in (vocabulary.missing)(&guess.meanings()) {
            problems.add(Problem::new(guess.place(sheet), ProblemCode::MissingHeader).value(heading));
        }
    }
    if sheets.is_empty() {
        problems.add(Problem::of_file(ProblemCode::EmptyFile));
    }
    tables
}

/// One or two rows read as a header.
struct Guess<C> {
    columns: Vec<(C, u32)>,
    /// Place, text and earlier place of a heading with a meaning already taken.
    doubled: Vec<(String, String, String)>,
    /// Place, column and words of a heading without a meaning.
    strange: Vec<(String, u32, String)>,
    /// Index of the first row after it.
    rows_end: usize,
}

impl<C: Copy> Guess<C> {
    fn meanings(&self) -> Vec<C> {
        self.columns.iter().map(|(c, _)| *c).collect()
    }

    /// The row to look at, or the sheet if no heading was understood.
    fn place(&self, sheet: &Sheet) -> String {
        match self.rows_end.checked_sub(1).and_then(|last| sheet.rows.get(last)) {
            Some(row) if !self.columns.is_empty() => contest::intake::row_place(&sheet.name, row.number),
            _ => sheet.name.clone(),
        }
    }
}

/// The first header with every column that is needed; else the row that names most columns.
fn best_guess<C: Copy + PartialEq>(sheet: &Sheet, vocabulary: &Vocabulary<C>) -> Guess<C> {
    let mut best = Guess {
        columns: Vec::new(),
        doubled: Vec::new(),
        strange: Vec::new(),
        rows_end: 0,
    };
    for first in 0..sheet.rows.len().min(SEARCHED) {
        for rows_end in [first + 1, first + 2] {
            let Some(rows) = sheet.rows.get(first..rows_end) else {
                continue;
            };
            let guess = read_header(sheet, rows, rows_end, vocabulary);
            if (vocabulary.missing)(&guess.meanings()).is_empty() {
                return guess;
            }
            // The second row of an incomplete header is as likely data.
            if rows.len() == 1 && guess.columns.len() > best.columns.len() {
                best = guess;
            }
        }
    }
    best
}

fn read_header<C: Copy + PartialEq>(
    sheet: &Sheet,
    rows: &[Row],
    rows_end: usize,
    vocabulary: &Vocabulary<C>,
) -> Guess<C> {
    let mut guess = Guess {
        columns: Vec::new(),
        doubled: Vec::new(),
        strange: Vec::new(),
        rows_end,
    };
    let mut places: Vec<String> = Vec::new();
    for row in rows {
        for cell in &row.cells {
            let Value::Text(heading) = &cell.value else {
                continue;
            };
            let Some(meaning) = meaning_of(heading, vocabulary) else {
                let bared = bare(&fold(&shorten(heading, LONGEST_NAME)));
                if !bared.is_empty() && !RUNNING.contains(&bared.as_str()) {
                    let place = cell_place(&sheet.name, row.number, cell.column);
                    guess.strange.push((place, cell.column, heading.clone()));
                }
                continue;
            };
            // A column named in the first row stays what it is.
            if guess.columns.iter().any(|(_, column)| *column == cell.column) {
                continue;
            }
            let place = cell_place(&sheet.name, row.number, cell.column);
            match guess.columns.iter().position(|(c, _)| *c == meaning) {
                Some(first) => guess
                    .doubled
                    .push((place, heading.clone(), places[first].clone())),
                None => {
                    guess.columns.push((meaning, cell.column));
                    places.push(place);
                }
            }
        }
    }
    guess
}

fn meaning_of<C>(heading: &str, vocabulary: &Vocabulary<C>) -> Option<C> {
    // No heading is a sentence; this also spares folding long cells of data.
    if heading.chars().nth(60).is_some() {
        return None;
    }
    let folded = fold(heading);
    let outside: String = folded
        .split('(')
        .map(|part| part.rsplit(')').next().unwrap_or_default())
        .collect();
    (vocabulary.recognise)(&bare(&folded)).or_else(|| (vocabulary.recognise)(&bare(&outside)))
}

/// Only letters and digits, single spaces between: `dap_an`, `Đáp án:` and `ĐÁP ÁN *` are one.
fn bare(folded: &str) -> String {
    let words: Vec<&str> = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_bared() {
        for heading in ["Đáp án", "dap_an", " ĐÁP  ÁN * ", "Đáp án:", "đáp-án"] {
            assert_eq!(bare(&fold(heading)), "dap an", "{heading}");
        }
    }

    #[test]
    fn words_in_brackets_are_tried_without() {
        let vocabulary = Vocabulary::<u8> {
            recognise: |word| match word {
                "dap an" => Some(1),
                "phuong an a" => Some(2),
                _ => None,
            },
            missing: |_| Vec::new(),
        };
        assert_eq!(meaning_of("Đáp án (A, B, C, D)", &vocabulary), Some(1));
        assert_eq!(meaning_of("Phương án (A)", &vocabulary), Some(2));
        assert_eq!(meaning_of("Đáp án của đội", &vocabulary), None);
    }
}
