//! Questions from a file: a row each, with its options, its right answer, topic and level.

use super::headers::{Table, Vocabulary, tables};
use super::sheet::{self, Row};
use super::{Problems, guarded};
use contest::intake::{
    FEWEST_OPTIONS, Intake, LONGEST_NAME, LONGEST_OPTION, LONGEST_SOURCE, LONGEST_TEXT, Level, MOST_OPTIONS,
    Problem, ProblemCode, QuestionDraft, fold, key, row_place,
};
use std::collections::HashMap;

/// What a column of a question file means.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Column {
    Text,
    /// Zero-based option.
    Option(u8),
    Answer,
    Topic,
    Level,
    Source,
}

const VOCABULARY: Vocabulary<Column> = Vocabulary { recognise, missing };

/// Reads questions from a workbook or a text file; never writes and never panics.
///
/// A row is accepted or has at least one problem. The answer may be a letter (`B`, `a,c`), a
/// number from 1, or the text of the option. Labels that the organizer typed (`Câu 7:`, `A.`
/// before every option) are taken off, because papers shuffle both.
pub fn questions(bytes: &[u8]) -> Intake<QuestionDraft> {
    guarded(|| {
        let sheets = sheet::read(bytes)?;
        let mut problems = Problems::default();
        let (mut accepted, mut places) = (Vec::new(), Vec::new());
        let mut seen: HashMap<String, String> = HashMap::new();
        let mut notes = Vec::new();
        for table in tables(&sheets, &VOCABULARY, &mut problems) {
            notes.extend(table.ignored());
            for row in table.rows.iter().filter(|row| !table.is_blank(row)) {
                if let Some(question) = read_row(&table, row, &mut seen, &mut problems) {
                    accepted.push(question);
                    places.push(row_place(&table.sheet.name, row.number));
                }
            }
        }
        Ok(Intake {
            accepted,
            places,
            problems: problems.into_list(),
            notes,
        })
    })
}

fn recognise(heading: &str) -> Option<Column> {
    Some(match heading {
        "cau hoi"
        | "noi dung"
        | "noi dung cau hoi"
        | "cau hoi trac nghiem"
        | "de bai"
        | "question"
        | "question text" => Column::Text,
        "dap an" | "dap an dung" | "dap an chinh xac" | "phuong an dung" | "lua chon dung"
        | "cau tra loi dung" | "answer" | "correct" | "correct answer" | "key" => Column::Answer,
        "chu de" | "chuyen de" | "linh vuc" | "nhom cau hoi" | "topic" | "category" => Column::Topic,
        "muc do" | "muc do nhan thuc" | "muc do cau hoi" | "do kho" | "cap do" | "level" | "difficulty" => {
            Column::Level
        }
        "can cu" | "can cu phap ly" | "can cu phap luat" | "co so phap ly" | "nguon" | "trich dan"
        | "source" => Column::Source,
        _ => return option_heading(heading).map(Column::Option),
    })
}

/// `a`, `dap an a`, `lua chon 1`: the zero-based option. A bare number is the running number of
/// something, so digits need a word before them.
fn option_heading(heading: &str) -> Option<u8> {
    const WORDS: [&str; 11] = [
        "dap an",
        "phuong an",
        "phuong an tra loi",
        "lua chon",
        "tra loi",
        "cau tra loi",
        "y",
        "pa",
        "option",
        "answer",
        "choice",
    ];
    let (word, label) = heading.rsplit_once(' ').unwrap_or(("", heading));
    let [label] = label.as_bytes() else { return None };
    match label {
        b'a'..=b'h' if word.is_empty() || WORDS.contains(&word) => Some(label - b'a'),
        b'1'..=b'8' if WORDS.contains(&word) => Some(label - b'1'),
        _ => None,
    }
}

fn missing(found: &[Column]) -> Vec<&'static str> {
    [
        (Column::Text, "Câu hỏi"),
        (Column::Option(0), "A"),
        (Column::Option(1), "B"),
        (Column::Answer, "Đáp án"),
        (Column::Topic, "Chủ đề"),
        (Column::Level, "Mức độ"),
    ]
    .into_iter()
    .filter(|(column, _)| !found.contains(column))
    .map(|(_, heading)| heading)
    .collect()
}

fn read_row(
    table: &Table<'_, Column>,
    row: &Row,
    seen: &mut HashMap<String, String>,
    problems: &mut Problems,
) -> Option<QuestionDraft> {
    let before = problems.count();
    let text = read_text(table, row, seen, problems);
    let options = read_options(table, row, problems);
    let correct = read_answer(table, row, options.as_deref(), problems);

    let (value, place) = table.cell(row, Column::Topic);
    let topic = problems.text(value, &place, LONGEST_NAME);
    if topic.as_deref() == Some("") {
        problems.add(Problem::new(place, ProblemCode::EmptyTopic));
    }

    let (value, place) = table.cell(row, Column::Level);
    let level = problems.text(value, &place, LONGEST_NAME).and_then(|text| {
        let level = Level::parse(&text);
        if level.is_none() {
            problems.add(Problem::new(place, ProblemCode::UnknownLevel).value(&text));
        }
        level
    });

    let (value, place) = table.cell(row, Column::Source);
    let source = problems.text(value, &place, LONGEST_SOURCE);

    if problems.count() > before {
        return None;
    }
    Some(QuestionDraft {
        text: text?,
        options: options?.into_iter().map(|option| option.text).collect(),
        correct: correct?,
        topic: topic?,
        level: level?,
        source: source?,
    })
}

fn read_text(
    table: &Table<'_, Column>,
    row: &Row,
    seen: &mut HashMap<String, String>,
    problems: &mut Problems,
) -> Option<String> {
    let (value, place) = table.cell(row, Column::Text);
    let text = problems.text(value, &place, LONGEST_TEXT)?;
    let text = without_number(&text);
    if text.is_empty() {
        problems.add(Problem::new(place, ProblemCode::EmptyText));
        return None;
    }
    let here = row_place(&table.sheet.name, row.number);
    // The first row with this text stays the one that later rows are told about.
    let first = seen.entry(key(text)).or_insert_with(|| here.clone());
    if *first != here {
        problems.add(
            Problem::new(place, ProblemCode::DuplicateQuestion)
                .value(text)
                .see(first.as_str()),
        );
    }
    Some(text.to_owned())
}

/// A text without `Câu 12:` before it.
fn without_number(text: &str) -> &str {
    let Some((head, rest)) = text.split_once([':', '.', ')']) else {
        return text;
    };
    let head = fold(head);
    let number = head.strip_prefix("cau").map(str::trim_start);
    match number {
        Some(n) if !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()) => rest.trim_start(),
        _ => text,
    }
}

/// An option with the label of its column (0 is `A`) and its place.
struct Candidate {
    label: u8,
    text: String,
    place: String,
}

/// The options, or `None` when a problem kept one from being read.
fn read_options(table: &Table<'_, Column>, row: &Row, problems: &mut Problems) -> Option<Vec<Candidate>> {
    let before = problems.count();
    let mut options: Vec<Candidate> = Vec::new();
    let mut blanks = Vec::new();
    for label in (0..8).filter(|label| table.column(Column::Option(*label)).is_some()) {
        let (value, place) = table.cell(row, Column::Option(label));
        match problems.text(value, &place, LONGEST_OPTION) {
            Some(text) if text.is_empty() => blanks.push((label, place)),
            Some(text) => options.push(Candidate { label, text, place }),
            None => {}
        }
    }
    if problems.count() > before {
        return None;
    }
    without_labels(&mut options);
    let last = options.last().map_or(0, |option| option.label);
    if options.len() < FEWEST_OPTIONS {
        let place = row_place(&table.sheet.name, row.number);
        problems.add(Problem::new(place, ProblemCode::TooFewOptions).limit(FEWEST_OPTIONS as u64));
    } else {
        // Otherwise the letters of the answer would slip by one.
        for (_, place) in blanks.into_iter().filter(|(label, _)| *label < last) {
            problems.add(Problem::new(place, ProblemCode::MissingOption));
        }
    }
    let keys: Vec<String> = options.iter().map(|option| key(&option.text)).collect();
    for (i, option) in options.iter().enumerate() {
        if let Some(first) = keys[..i].iter().position(|key| *key == keys[i]) {
            let see = options[first].place.as_str();
            let problem = Problem::new(option.place.as_str(), ProblemCode::DuplicateOption);
            problems.add(problem.value(&option.text).see(see));
        }
    }
    debug_assert!(options.len() <= MOST_OPTIONS);
    Some(options)
}

/// Takes `A.`, `B)` off when every option has its own before it.
fn without_labels(options: &mut [Candidate]) {
    let rest = |option: &Candidate| -> Option<String> {
        let mut chars = option.text.chars();
        let label = chars.next()?.to_ascii_lowercase();
        let rest = chars
            .as_str()
            .trim_start()
            .strip_prefix(['.', ')', ':'])?
            .trim_start();
        (label == char::from(b'a' + option.label) && !rest.is_empty()).then(|| rest.to_owned())
    };
    let texts: Option<Vec<String>> = options.iter().map(rest).collect();
    for (option, text) in options.iter_mut().zip(texts.unwrap_or_default()) {
        option.text = text;
    }
}

/// The right options; `options` is `None` when they could not be read and nothing can be compared.
fn read_answer(
    table: &Table<'_, Column>,
    row: &Row,
    options: Option<&[Candidate]>,
    problems: &mut Problems,
) -> Option<Vec<u8>> {
    let (value, place) = table.cell(row, Column::Answer);
    let answer = problems.text(value, &place, LONGEST_OPTION)?;
    if answer.is_empty() {
        problems.add(Problem::new(place, ProblemCode::EmptyAnswer));
        return None;
    }
    let code = match find_answer(&answer, options?) {
        Ok(correct) => return Some(correct),
        Err(code) => code,
    };
    problems.add(Problem::new(place, code).value(&answer));
    None
}

/// The indices of the options that an answer names. It may name them by label or by text; if
/// both readings make sense and differ, a person has to decide.
fn find_answer(answer: &str, options: &[Candidate]) -> Result<Vec<u8>, ProblemCode> {
    let wanted = key(answer);
    let position = |fits: &dyn Fn(&Candidate) -> bool| {
        options
            .iter()
            .position(fits)
            .and_then(|index| u8::try_from(index).ok())
    };
    let by_text = position(&|option| key(&option.text) == wanted).map(|index| vec![index]);
    let by_label = labels(answer).and_then(|labels| {
        let indices = labels
            .iter()
            .map(|label| position(&|option| option.label == *label));
        indices.collect::<Option<Vec<u8>>>()
    });
    match (by_label, by_text) {
        (Some(label), Some(text)) if label != text => Err(ProblemCode::AmbiguousAnswer),
        (Some(indices), _) | (None, Some(indices)) => Ok(indices),
        (None, None) => Err(ProblemCode::UnknownAnswer),
    }
}

/// The labels in `B`, `a, c`, `A và C`, `AC`, `(D)`, `Đáp án B.` or `1;3`: ascending, each once.
/// `None` if there is any other word.
fn labels(answer: &str) -> Option<Vec<u8>> {
    // These are values: `1,5` may be two labels, but `-1` and `5%` are none.
    if answer.starts_with(['-', '+']) || answer.contains('%') {
        return None;
    }
    let mut found = Vec::new();
    for word in answer
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        match word.as_bytes() {
            [letter @ (b'a'..=b'h' | b'A'..=b'H')] => found.push(letter.to_ascii_lowercase() - b'a'),
            [digit @ b'1'..=b'8'] => found.push(digit - b'1'),
            // Run together only in capitals: `AC` is two labels, `ca` is a word.
            letters if letters.iter().all(|b| matches!(b, b'A'..=b'H')) => {
                found.extend(letters.iter().map(|letter| letter - b'A'));
            }
            _ => match fold(word).as_str() {
                "va" | "and" => {}
                "dap" | "phuong" | "an" if found.is_empty() => {}
                _ => return None,
            },
        }
    }
    found.sort_unstable();
    found.dedup();
    (!found.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_of_options_and_of_the_key_are_told_apart() {
        for (heading, column) in [
            ("dap an", Some(Column::Answer)),
            ("dap an dung", Some(Column::Answer)),
            ("dap an a", Some(Column::Option(0))),
            ("dap an 2", Some(Column::Option(1))),
            ("a", Some(Column::Option(0))),
            ("answer", Some(Column::Answer)),
            ("answer h", Some(Column::Option(7))),
            ("1", None),
            ("i", None),
            ("stt", None),
            ("cau", None),
        ] {
            assert_eq!(recognise(heading), column, "{heading}");
        }
    }

    #[test]
    fn answers_are_read_as_people_write_them() {
        for (answer, found) in [
            ("B", Some(vec![1])),
            ("b", Some(vec![1])),
            ("A,C", Some(vec![0, 2])),
            ("c; a", Some(vec![0, 2])),
            ("A và D", Some(vec![0, 3])),
            ("AC", Some(vec![0, 2])),
            ("Đáp án B.", Some(vec![1])),
            ("(D)", Some(vec![3])),
            ("1", Some(vec![0])),
            ("1;3", Some(vec![0, 2])),
            ("cá", None),
            ("9", None),
            ("12", None),
            ("-1", None),
            ("5%", None),
            ("", None),
            ("Tất cả", None),
        ] {
            assert_eq!(labels(answer), found, "{answer}");
        }
    }

    #[test]
    fn numbers_before_questions_are_taken_off() {
        assert_eq!(without_number("Câu 12: Vì sao?"), "Vì sao?");
        assert_eq!(without_number("Câu 3. Vì sao?"), "Vì sao?");
        assert_eq!(
            without_number("Câu nói: \"Dân vận khéo\""),
            "Câu nói: \"Dân vận khéo\""
        );
        assert_eq!(without_number("Năm 1949. Ai viết?"), "Năm 1949. Ai viết?");
    }
}
