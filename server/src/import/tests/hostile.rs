//! Files made to hurt: a clear problem, in bounded time.

use super::*;
use proptest::prelude::*;

#[test]
fn other_kinds_of_files_are_named() {
    let refused = |bytes: &[u8]| refused(bytes).code;
    assert_eq!(refused(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), Code::NotAWorkbook);
    assert_eq!(refused(b"%PDF-1.7\n..."), Code::NotAWorkbook);
    assert_eq!(
        refused("<html><table><tr><td>Câu hỏi</td></tr></table>".as_bytes()),
        Code::NotAWorkbook
    );
    assert_eq!(
        refused(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 anything"),
        Code::OldWorkbook
    );
    let mut locked = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    locked.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(refused(&locked), Code::Encrypted);
    assert_eq!(refused(&package(&[("a.txt", b"x")])), Code::NotAWorkbook);
    let word = package(&[
        (
            "_rels/.rels",
            RELS.replace("xl/workbook", "word/document").as_bytes(),
        ),
        ("word/document.xml", b"<w:document/>"),
    ]);
    assert_eq!(refused(&word), Code::NotAWorkbook);
    let utf16: Vec<u8> = "\u{feff}Câu hỏi,A"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(refused(&utf16), Code::NotUtf8);
}

#[test]
fn another_encoding_is_named_with_its_line() {
    let problem = refused(b"cau hoi,a,b\nok,1,2\nD\xE2n v\xEAn,1,2\n");
    assert_eq!((problem.place.as_str(), problem.code), ("CSV!3", Code::NotUtf8));
}

#[test]
fn a_broken_off_workbook_is_damaged() {
    for length in [4, 30, 200, QUESTIONS.len() / 2, QUESTIONS.len() - 1] {
        assert_eq!(refused(&QUESTIONS[..length]).code, Code::Damaged, "{length}");
    }
    for sheet in [
        "",
        "<worksheet>",
        "<worksheet><sheetData><row",
        "<worksheet><sheetData><row><c><v>1",
    ] {
        assert_eq!(
            refused(&raw_sheet(sheet.as_bytes(), &[])).code,
            Code::Damaged,
            "{sheet}"
        );
    }
    for rows in [
        r#"<row r="2"/><row r="1"/>"#,
        r#"<row r="0"/>"#,
        r#"<row r="9999999"/>"#,
        r#"<row r="99999999999"/>"#,
        r#"<row><c r="B1"/><c r="A1"/></row>"#,
        r#"<row><c r="1"/></row>"#,
        r#"<row><c r="ZZZZZZZZ1"/></row>"#,
        r#"<row><c t="s"><v>7</v></c></row>"#,
        r#"<row><c t="?"><v>7</v></c></row>"#,
        r#"<row><c t="str"><v>&bomb;</v></c></row>"#,
    ] {
        assert_eq!(
            refused(&raw_sheet(&sheet_data(rows), &[])).code,
            Code::Damaged,
            "{rows}"
        );
    }
    let no_sheet = package(&[
        ("_rels/.rels", RELS.as_bytes()),
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", BOOK_RELS.as_bytes()),
    ]);
    assert_eq!(refused(&no_sheet).code, Code::Damaged);
}

#[test]
fn an_upload_beyond_the_bound_is_too_large() {
    let problem = refused(&vec![b'x'; MAX_UPLOAD + 1]);
    assert_eq!((problem.code, problem.limit), (Code::TooLarge, Some(8 << 20)));
}

/// A sheet that unpacks to more than is accepted: blanks pack a thousand to one.
fn bomb() -> Vec<u8> {
    let mut sheet = b"<worksheet><sheetData>".to_vec();
    sheet.resize(usize::try_from(MAX_UNPACKED).expect("fits") + (1 << 20), b' ');
    sheet.extend(b"</sheetData></worksheet>");
    raw_sheet(&sheet, &[])
}

#[test]
fn a_bomb_is_too_large_whatever_its_header_says() {
    let honest = bomb();
    assert!(honest.len() < 200_000);
    let problem = refused(&honest);
    assert_eq!(
        (problem.code, problem.limit),
        (Code::TooLarge, Some(MAX_UNPACKED))
    );

    // The same with a header that claims a thousand bytes, in both places where it says so.
    let real = (u32::try_from(MAX_UNPACKED).expect("fits") + (1 << 20) + 24).to_le_bytes();
    let mut lying = honest;
    let places: Vec<usize> = lying
        .windows(4)
        .enumerate()
        .filter(|(_, w)| *w == real)
        .map(|(at, _)| at)
        .collect();
    assert_eq!(places.len(), 2);
    for at in places {
        lying[at..at + 4].copy_from_slice(&1_000_u32.to_le_bytes());
    }
    let problem = refused(&lying);
    assert!(
        matches!(problem.code, Code::TooLarge | Code::Damaged),
        "{problem:?}"
    );
}

#[test]
fn a_few_strings_referred_to_a_million_times_are_too_large() {
    let strings = format!("<sst><si><t>{}</t></si></sst>", "ậ".repeat(4_000));
    let row = format!("<row>{}</row>", r#"<c t="s"><v>0</v></c>"#.repeat(60));
    let book = raw_sheet(
        &sheet_data(&row.repeat(10_000)),
        &[("xl/sharedStrings.xml", strings.as_bytes())],
    );
    assert!(book.len() < 100_000);
    assert_eq!(refused(&book).code, Code::TooLarge);
    let empties = format!("<sst>{}</sst>", "<si/>".repeat(1_300_000));
    let book = raw_sheet(&sheet_data(""), &[("xl/sharedStrings.xml", empties.as_bytes())]);
    assert_eq!(refused(&book).code, Code::TooLarge);
}

#[test]
fn too_many_parts_sheets_rows_and_columns_are_refused() {
    let names: Vec<String> = (0..201).map(|n| format!("p{n}")).collect();
    let parts: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert_eq!(refused(&package(&parts)).code, Code::TooManyParts);

    let tabs = format!(
        "<workbook><sheets>{}</sheets></workbook>",
        r#"<sheet name="S" id="r1"/>"#.repeat(51)
    );
    let book = package(&[
        ("_rels/.rels", RELS.as_bytes()),
        ("xl/workbook.xml", tabs.as_bytes()),
    ]);
    assert_eq!(refused(&book).code, Code::TooManySheets);

    let rows = "<row><c><v>1</v></c></row>".repeat(100_000);
    let problem = refused(&raw_sheet(&sheet_data(&rows), &[]));
    assert_eq!(
        (problem.code, problem.limit),
        (Code::TooManyRows, Some(MAX_ROWS as u64))
    );
    assert_eq!(problem.place, "S!20001");
    let problem = refused("a,b\n".repeat(100_000).as_bytes());
    assert_eq!(
        (problem.place.as_str(), problem.code),
        ("CSV!20001", Code::TooManyRows)
    );

    let problem = refused(&raw_sheet(
        &sheet_data(r#"<row><c r="BM1"><v>1</v></c></row>"#),
        &[],
    ));
    assert_eq!(
        (problem.place.as_str(), problem.code),
        ("S!BM1", Code::TooManyColumns)
    );
    assert_eq!(problem.limit, Some(MAX_COLUMNS.into()));
    // Formatted but blank cells anywhere are no content.
    let blank = r#"<row r="1048576"><c r="XFD1048576" s="3"/></row>"#;
    assert_eq!(
        sheet::read(&raw_sheet(&sheet_data(blank), &[])).expect("read")[0].rows,
        []
    );
}

#[test]
fn twenty_thousand_questions_are_read_in_bounded_time() {
    let mut csv = String::from("câu hỏi,a,b,c,d,đáp án,chủ đề,mức độ\n");
    for n in 1..MAX_ROWS {
        csv.push_str(&format!(
            "Câu hỏi số {n} là gì?,một {n},hai,ba,bốn,C,Dân vận,Thông hiểu\n"
        ));
    }
    let begun = Instant::now();
    assert_eq!(accepted(csv.as_bytes()).len(), MAX_ROWS - 1);
    assert!(
        begun.elapsed() < Duration::from_secs(20),
        "took {:?}",
        begun.elapsed()
    );
}

#[test]
fn a_line_of_commas_and_a_well_of_elements_are_refused() {
    let problem = refused(&vec![b','; MAX_UPLOAD]);
    assert_eq!((problem.place.as_str(), problem.code), ("CSV!1", Code::TooLarge));
    let well = format!("<worksheet>{}", "<a>".repeat(1_000_000));
    assert_eq!(refused(&raw_sheet(well.as_bytes(), &[])).code, Code::Damaged);
}

/// Counts that a workbook claims and that must not be believed: an importer that reserves room for
/// them ends the process, which no guard can prevent. (`calamine` 0.38 does.)
#[test]
fn claimed_counts_are_not_believed() {
    let strings = format!("<sst uniqueCount=\"{}\"></sst>", u64::MAX / 64);
    let rows = format!(
        "<row><c><f t=\"shared\" si=\"{}\" ref=\"A1:A9\">1</f><v>1</v></c></row>",
        u64::MAX / 256
    );
    let book = raw_sheet(
        &sheet_data(&rows),
        &[("xl/sharedStrings.xml", strings.as_bytes())],
    );
    assert_eq!(sheet::read(&book).expect("a workbook")[0].rows.len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let _ = sheet::read(&bytes);
        let _ = (questions(&bytes), teams(&bytes));
    }

    #[test]
    fn random_text_never_panics(text in "([a-d,;\"\n=ậ]|Câu hỏi|Đáp án|A|B|Chủ đề|Mức độ|Họ và tên|Đội thi){0,200}") {
        let _ = sheet::read(text.as_bytes());
        let _ = (questions(text.as_bytes()), teams(text.as_bytes()));
    }

    #[test]
    fn random_changes_to_a_workbook_never_panic(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
    ) {
        let mut bytes = TEAMS.to_vec();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = sheet::read(&bytes);
        let _ = teams(&bytes);
    }

    #[test]
    fn random_sheets_never_panic(
        rows in "(<row>|</row>|<c>|</c>|<c t=\"s\">|<c r=\"B2\" s=\"9\">|<v>|</v>|<f/>|<is>|<t>|</t>|</is>|1|ậ|&amp;|&#0;|-1e99){0,60}",
    ) {
        let _ = sheet::read(&raw_sheet(&sheet_data(&rows), &[]));
    }
}
