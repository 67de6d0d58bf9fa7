//! Every problem of a question file.

use super::*;

#[test]
fn every_problem_of_every_row_is_reported_together() {
    let long = "ậ".repeat(2_001);
    let header: &[&str] = &HEADER;
    let rows: Vec<[&str; 8]> = vec![
        SOUND,
        but(0, ""),
        ["q2", "một", "", "ba", "", "A", "T", "NB"],
        ["q3", "một", "", "", "", "A", "T", "NB"],
        ["q4", "hòa", "hai", "HOÀ ", "", "B", "T", "NB"],
        ["q5", "a1", "b1", "", "", "", "T", "NB"],
        ["q6", "a1", "b1", "", "", "D", "T", "NB"],
        ["q7", "a1", "b1", "", "", "A", "", "NB"],
        ["q8", "a1", "b1", "", "", "A", "T", "khó"],
        but(0, "AI?"),
        ["\u{7}q10", "a1", "b1", "", "", "A", "T", ""],
        [&long, "a1", "b1", "", "", "X", "", ""],
    ];
    let all: Vec<&[&str]> = std::iter::once(header)
        .chain(rows.iter().map(|row| &row[..]))
        .collect();
    let csv = {
        let mut writer = csv::Writer::from_writer(Vec::new());
        all.iter()
            .for_each(|row| writer.write_record(*row).expect("a record"));
        writer.into_inner().expect("bytes")
    };
    let expected = [
        ("A3", Code::EmptyText),
        ("C4", Code::MissingOption),
        ("5", Code::TooFewOptions),
        ("D6", Code::DuplicateOption),
        ("F7", Code::EmptyAnswer),
        ("F8", Code::UnknownAnswer),
        ("G9", Code::EmptyTopic),
        ("H10", Code::UnknownLevel),
        ("A11", Code::DuplicateQuestion),
        ("A12", Code::ControlCharacter),
        ("H12", Code::UnknownLevel),
        ("A13", Code::TooLong),
        ("F13", Code::UnknownAnswer),
        ("G13", Code::EmptyTopic),
        ("H13", Code::UnknownLevel),
    ];
    for (bytes, sheet) in [(workbook("Bộ đề", &all), "Bộ đề"), (csv, "CSV")] {
        let intake = questions(&bytes);
        let places: Vec<(String, Code)> = expected
            .iter()
            .map(|(place, code)| (format!("{sheet}!{place}"), *code))
            .collect();
        let got: Vec<(String, Code)> = intake
            .problems
            .iter()
            .map(|p| (p.place.clone(), p.code))
            .collect();
        assert_eq!(got, places);
        assert_eq!(intake.accepted.len(), 1);
        let at = |code| intake.problems.iter().find(|p| p.code == code).expect("reported");
        assert_eq!(at(Code::DuplicateQuestion).see, format!("{sheet}!2"));
        assert_eq!(at(Code::DuplicateOption).see, format!("{sheet}!B6"));
        assert_eq!(at(Code::UnknownLevel).value, "khó");
        assert_eq!(at(Code::TooLong).limit, Some(2_000));
        assert_eq!(at(Code::TooLong).value.chars().count(), 80);
        assert_eq!(at(Code::ControlCharacter).value, "\u{fffd}q10");
    }
}

#[test]
fn headers_can_lack_double_and_stand_alone() {
    let intake = questions(&workbook(
        "S",
        &[&["Câu hỏi", "A", "B", "Đáp án", "Chủ đề"], &["x"; 5]],
    ));
    assert_eq!(found(&intake), [("S!1", Code::MissingHeader)]);
    assert_eq!(intake.problems[0].value, "Mức độ");

    let mut doubled = HEADER.to_vec();
    doubled.push("Nội dung");
    let mut row = SOUND.to_vec();
    row.push("khác");
    let intake = questions(&workbook("S", &[&doubled, &row]));
    assert_eq!(found(&intake), [("S!I1", Code::DuplicateHeader)]);
    assert_eq!(intake.problems[0].see, "S!A1");

    assert_eq!(
        found(&questions(&workbook("S", &[&HEADER]))),
        [("S", Code::NoRows)]
    );
    assert_eq!(refused(b"").code, Code::EmptyFile);
    assert_eq!(refused(b" \r\n \n").code, Code::EmptyFile);
    assert_eq!(
        found(&questions(&workbook("S", &[]))),
        [("S", Code::MissingHeader); 6]
    );
}

#[test]
fn a_long_report_ends_with_how_many_more() {
    let mut csv = String::from("câu hỏi,a,b,đáp án,chủ đề,mức độ\n");
    for n in 0..2_100 {
        csv.push_str(&format!("q{n},x,y,C,T,NB\n"));
    }
    let intake = questions(csv.as_bytes());
    assert_eq!(intake.problems.len(), 2_001);
    let last = intake.problems.last().expect("a last one");
    assert_eq!((last.code, last.limit), (Code::MoreProblems, Some(100)));
}
