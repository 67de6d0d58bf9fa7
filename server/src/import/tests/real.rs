//! The real files of the home case.

use super::*;
use std::collections::BTreeSet;

#[test]
fn the_workbook_of_questions_equals_the_master_bank() {
    let from_workbook = accepted(QUESTIONS);
    let from_bank = accepted(BANK);
    assert_eq!(from_workbook.len(), 176);
    assert_eq!(from_workbook, from_bank);

    // And both equal the master read by nothing but the csv crate.
    let mut reader = csv::Reader::from_reader(BANK);
    for (draft, record) in from_bank.iter().zip(reader.records()) {
        let record = record.expect("a record");
        let field = |column: usize| record.get(column).expect("a field");
        assert_eq!(draft.topic, field(1));
        assert_eq!(draft.level.as_str(), field(2));
        assert_eq!(draft.text, field(3));
        assert_eq!(draft.options, (4..8).map(field).collect::<Vec<_>>());
        assert_eq!(draft.correct, [field(8).as_bytes()[0] - b'A']);
        assert_eq!(draft.source, field(9));
    }
    let topics: BTreeSet<&str> = from_bank.iter().map(|draft| draft.topic.as_str()).collect();
    assert_eq!(topics.len(), 13);
}

#[test]
fn the_workbook_of_teams_has_fourteen_teams_of_five() {
    let teams = accepted_teams(TEAMS);
    assert_eq!(teams.len(), 14);
    for team in &teams {
        assert_eq!(team.members.len(), 5, "{}", team.name);
        assert_eq!(team.members[0].role, MemberRole::Captain);
        assert!(
            team.members[1..]
                .iter()
                .all(|member| member.role == MemberRole::Member)
        );
        assert!(
            team.members
                .iter()
                .all(|m| m.phone.is_none() && m.sbd.is_none() && m.post.is_some())
        );
        assert_eq!(team.unit, team.name);
    }
    assert_eq!(teams[0].name, "Thị trấn Tân Thành");
    assert_eq!(teams[0].kind.as_deref(), Some("Cấp xã"));
    assert_eq!(teams[0].members[0].name, "Hồ Quốc Việt");
    assert_eq!(teams[0].members[0].post.as_deref(), Some("Trưởng khối dân vận"));
    assert_eq!(teams[13].name, "Ban Chỉ huy Quân sự huyện");
}

#[test]
fn the_same_file_twice_gives_equal_drafts() {
    assert_eq!(questions(QUESTIONS), questions(QUESTIONS));
    assert_eq!(teams(TEAMS), teams(TEAMS));
}

#[test]
fn the_wrong_real_file_lacks_its_headings() {
    let missing: Vec<String> = questions(TEAMS).problems.into_iter().map(|p| p.value).collect();
    assert_eq!(missing, ["Câu hỏi", "A", "B", "Đáp án", "Chủ đề", "Mức độ"]);
    let intake = teams(QUESTIONS);
    assert_eq!(found(&intake), [("Ngân hàng câu hỏi", Code::MissingHeader); 2]);
}
