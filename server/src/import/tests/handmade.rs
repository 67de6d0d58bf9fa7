//! Question files as people make them.

use super::*;

#[test]
fn columns_are_found_by_name_in_any_order_under_a_title() {
    let book = workbook(
        "Sheet1",
        &[
            &["NGÂN HÀNG CÂU HỎI"],
            &[],
            &["(kèm theo kế hoạch)"],
            &[
                "STT",
                "MỨC ĐỘ",
                "Đáp án đúng",
                "Phương án B",
                "Ghi chú",
                "Phương án A",
                "Nội dung câu hỏi",
                "Lĩnh vực",
                "Căn cứ pháp lý",
            ],
            &["1", "VD", "a", "hai", "bỏ qua", "một", "Ai?", "Dân vận", "Điều 1"],
            &["2", "", "", "", "", "", "", "", ""],
            &[],
        ],
    );
    let draft = QuestionDraft {
        text: "Ai?".into(),
        options: vec!["một".into(), "hai".into()],
        correct: vec![0],
        topic: "Dân vận".into(),
        level: Level::VanDung,
        source: "Điều 1".into(),
    };
    assert_eq!(accepted(&book), std::slice::from_ref(&draft));
    let csv =
        "muc_do;Answer;Option 2;Option 1;Question;Topic;Source\nvan_dung;1;hai;một;Ai?;Dân vận;Điều 1\n";
    assert_eq!(accepted(csv.as_bytes()), std::slice::from_ref(&draft));
    let csv = "\u{feff}sep=;\r\nmức độ;đáp án;Đáp án B;Đáp án A;câu hỏi;chủ đề;căn cứ\r\nVD;A;hai;một;Ai?;Dân vận;Điều 1";
    assert_eq!(accepted(csv.as_bytes()), [draft]);
}

#[test]
fn a_header_may_take_two_rows() {
    let book = workbook(
        "Đề",
        &[
            &[
                "TT",
                "Nội dung câu hỏi",
                "Phương án trả lời",
                "",
                "",
                "Đáp án",
                "Chủ đề",
                "Mức độ",
            ],
            &["", "", "A", "B", "C", "", "", ""],
            &["1", "Ai?", "một", "hai", "ba", "C", "Dân vận", "NB"],
        ],
    );
    assert_eq!(accepted(&book)[0].correct, [2]);
}

#[test]
fn other_sheets_are_passed_over_and_all_tables_are_read() {
    let mut book = Workbook::new();
    let page = |book: &mut Workbook, name: &str, rows: &[&[&str]]| {
        let sheet = book.add_worksheet().set_name(name).expect("name");
        for (r, cells) in (0..).zip(rows) {
            for (c, text) in (0..).zip(*cells) {
                sheet.write_string(r, c, *text).expect("text");
            }
        }
    };
    page(
        &mut book,
        "Hướng dẫn",
        &[&["Cột", "Ý nghĩa"], &["Câu hỏi", "Nội dung"], &["Đáp án", "A"]],
    );
    page(&mut book, "Phần 1", &[&HEADER, &SOUND]);
    page(&mut book, "Phần 2", &[&HEADER, &but(0, "Khi nào?")]);
    page(&mut book, "Phần 3", &[&HEADER[..5], &SOUND]);
    page(&mut book, "Danh mục", &[&HEADER, &but(0, "Ẩn?")]);
    book.worksheet_from_index(4).expect("sheet").set_hidden(true);
    let intake = questions(&book.save_to_buffer().expect("book"));
    let texts: Vec<&str> = intake.accepted.iter().map(|draft| draft.text.as_str()).collect();
    assert_eq!(texts, ["Ai?", "Khi nào?"]);
    assert_eq!(found(&intake), [("Phần 3!1", Code::MissingHeader); 3]);
}

#[test]
fn answers_may_be_letters_numbers_or_the_text_of_the_option() {
    let texts = ["c1", "c2", "c3", "c4", "c5", "c6", "c7"];
    let rows: Vec<[&str; 8]> = ["b", "A,C", "4", "Hai", "C và A", "Đáp án D", "BD"]
        .into_iter()
        .zip(texts)
        .map(|(answer, text)| {
            ["", "một", "hai", "ba", "bốn", answer, "T", "NB"].map(|c| if c.is_empty() { text } else { c })
        })
        .collect();
    let correct: Vec<Vec<u8>> = accepted(&bank(&rows))
        .into_iter()
        .map(|draft| draft.correct)
        .collect();
    assert_eq!(
        correct,
        [
            vec![1],
            vec![0, 2],
            vec![3],
            vec![1],
            vec![0, 2],
            vec![3],
            vec![1, 3]
        ]
    );
}

#[test]
fn an_answer_with_two_readings_is_left_to_a_person() {
    let row = |text, answer| [text, "4", "3", "2", "5", answer, "T", "NB"];
    let intake = questions(&bank(&[
        row("p", "2"),
        row("q", "5"),
        row("r", "1"),
        row("s", "C"),
    ]));
    assert_eq!(found(&intake), [("Câu hỏi!F2", Code::AmbiguousAnswer)]);
    let correct: Vec<_> = intake
        .accepted
        .iter()
        .map(|draft| draft.correct.clone())
        .collect();
    assert_eq!(correct, [[3], [0], [2]]);
}

#[test]
fn typed_labels_are_taken_off() {
    let row = [
        "Câu 7: Ai?",
        "A. một",
        "B) hai",
        "c: ba",
        "D . bốn",
        "B",
        "T",
        "NB",
    ];
    let draft = &accepted(&bank(&[row]))[0];
    assert_eq!(draft.text, "Ai?");
    assert_eq!(draft.options, ["một", "hai", "ba", "bốn"]);
    let kept = ["Ai?", "A. Nguyễn", "hai", "ba", "bốn", "B", "T", "NB"];
    assert_eq!(accepted(&bank(&[kept]))[0].options[0], "A. Nguyễn");
}

#[test]
fn decomposed_letters_become_composed() {
    let intake = accepted(&bank(&[[
        "Da\u{302}n va\u{323}\u{302}n\u{a0} la\u{300}  gi\u{300}?\u{200b}",
        "mo\u{323}\u{302}t",
        "hai",
        "",
        "",
        "m\u{f4}\u{323}t",
        "Chu\u{309} đe\u{302}\u{300}",
        "Nha\u{323}\u{302}n bie\u{302}\u{301}t",
    ]]));
    assert_eq!(intake[0].text, "Dân vận là gì?");
    assert_eq!(intake[0].options[0], "một");
    assert_eq!(intake[0].correct, [0]);
    assert_eq!(intake[0].topic, "Chủ đề");
}

#[test]
fn script_and_what_looks_like_a_formula_stay_text() {
    let script = "<script>alert('x')</script> & \"<b>\"";
    let row = [
        script,
        "=1+1",
        "+84",
        "-5",
        "@SUM(A1)",
        "=1+1",
        "=HYPERLINK(\"http://x\")",
        "NB",
    ];
    let draft = &accepted(&bank(&[row]))[0];
    assert_eq!(draft.text, script);
    assert_eq!(draft.options, ["=1+1", "+84", "-5", "@SUM(A1)"]);
    assert_eq!(draft.correct, [0]);
    assert_eq!(draft.topic, "=HYPERLINK(\"http://x\")");
    let csv = "câu hỏi,a,b,đáp án,chủ đề,mức độ\n<script>1</script>,=1+1,-5,=1+1,@x,NB\n";
    assert_eq!(accepted(csv.as_bytes())[0].options, ["=1+1", "-5"]);
}

#[test]
fn numbers_dates_and_percents_are_read_as_shown() {
    let book = workbook_with("S", |page| {
        for (column, heading) in (0..).zip(HEADER) {
            page.write_string(0, column, heading).expect("text");
        }
        page.write_string(1, 0, "Từ ngày nào?").expect("text");
        page.write_number_with_format(1, 1, 45108, &Format::new().set_num_format("dd/mm/yyyy"))
            .expect("n");
        page.write_number_with_format(1, 2, 0.5, &Format::new().set_num_format("0%"))
            .expect("n");
        page.write_number_with_format(1, 3, 12670, &Format::new().set_num_format("#,##0"))
            .expect("n");
        page.write_number(1, 4, 8.5).expect("n");
        page.write_number(1, 5, 3).expect("n");
        page.write_boolean(1, 6, true).expect("b");
        page.write_string(1, 7, "NB").expect("text");
    });
    let draft = &accepted(&book)[0];
    assert_eq!(draft.options, ["01/07/2023", "50%", "12.670", "8,5"]);
    assert_eq!(draft.correct, [2]);
    assert_eq!(draft.topic, "TRUE");
}

#[test]
fn a_formula_gives_its_computed_value_or_a_problem() {
    let book = workbook_with("S", |page| {
        for (column, heading) in (0..).zip(HEADER) {
            page.write_string(0, column, heading).expect("text");
        }
        for row in 1..=2 {
            for (column, text) in (0..).zip(SOUND) {
                page.write_string(row, column, text).expect("text");
            }
        }
        page.write_formula(1, 0, Formula::new("=A9").set_result("Ai & ai?"))
            .expect("f");
        page.write_formula(2, 0, Formula::new("=A9").set_result("#REF!"))
            .expect("f");
    });
    let intake = questions(&book);
    assert_eq!(intake.accepted[0].text, "Ai & ai?");
    assert_eq!(found(&intake), [("S!A3", Code::CellError)]);

    // As other programs write one that was never computed, and one that yields the empty text.
    for (cell, code) in [
        ("<c><f>A9</f></c>", Code::Formula),
        ("<c><f>A9</f><v></v></c>", Code::Formula),
        ("<c><f>A9</f><v/></c>", Code::Formula),
        (r#"<c t="str"><f>A9</f><v></v></c>"#, Code::EmptyText),
    ] {
        let inline = |text: &&str| format!(r#"<c t="inlineStr"><is><t>{text}</t></is></c>"#);
        let header: String = HEADER.iter().map(inline).collect();
        let rest: String = SOUND[1..].iter().map(inline).collect();
        let rows = format!("<row>{header}</row><row>{cell}{rest}</row>");
        let intake = questions(&raw_sheet(&sheet_data(&rows), &[]));
        assert_eq!(found(&intake), [("S!A2", code)], "{cell}");
    }
}

#[test]
fn shared_rich_and_escaped_strings_are_read() {
    let strings = "<sst uniqueCount=\"99999999999999\"><si><t>Câu hỏi</t></si><si><r><t>Á &amp; </t></r><r><t>&#272;_x000A_B</t></r>\
                   <rPh><t>không đọc</t></rPh></si><si/><si><t><![CDATA[<c>]]> _x00zz_</t></si></sst>";
    let rows = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"C1\" t=\"s\"><v>1</v></c><c t=\"s\"><v>2</v></c>\
                <c t=\"s\"><v>3</v></c></row>";
    let book = raw_sheet(&sheet_data(rows), &[("xl/sharedStrings.xml", strings.as_bytes())]);
    let sheets = sheet::read(&book).expect("a workbook");
    let cells: Vec<_> = sheets[0].rows[0]
        .cells
        .iter()
        .map(|cell| (cell.column, cell.value.clone()))
        .collect();
    let text = |text: &str| sheet::Value::Text(text.to_owned());
    assert_eq!(
        cells,
        [
            (0, text("Câu hỏi")),
            (2, text("Á & Đ\nB")),
            (4, text("<c> _x00zz_"))
        ]
    );
}
