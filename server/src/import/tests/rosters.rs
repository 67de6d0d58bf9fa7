//! Team files as people make them, and every problem of one.

use super::*;

#[test]
fn a_blank_team_is_the_one_above_and_a_row_may_be_its_heading() {
    let book = workbook_with("Đội", |page| {
        for (column, heading) in (0..).zip(["SBD", "Họ tên", "Đơn vị", "Tên đội", "Khối", "Vai trò", "ĐT"])
        {
            page.write_string(2, column, heading).expect("text");
        }
        page.merge_range(3, 3, 4, 3, "Tân Bình", &Format::new())
            .expect("merged");
        for (row, sbd, name, role) in [(3, "01", "Lê An", "Đội trưởng"), (4, "02", "Lê Bình", "")] {
            page.write_string(row, 0, sbd).expect("text");
            page.write_string(row, 1, name).expect("text");
            page.write_string(row, 5, role).expect("text");
        }
        page.write_string(3, 2, "Xã Tân Bình").expect("text");
        page.write_string(5, 3, "Công an").expect("text");
        page.write_string(6, 1, "Trần Cường").expect("text");
        page.write_string(6, 5, "Dự bị").expect("text");
        page.write_number(6, 6, 912_345_678).expect("n");
        page.write_string(7, 3, "TÂN BÌNH").expect("text");
        page.write_string(7, 1, "Lê An").expect("text");
        page.write_string(7, 0, "03").expect("text");
    });
    let teams = accepted_teams(&book);
    assert_eq!(teams.len(), 2);
    assert_eq!(
        (teams[0].name.as_str(), teams[0].unit.as_str()),
        ("Tân Bình", "Xã Tân Bình")
    );
    let names: Vec<_> = teams[0]
        .members
        .iter()
        .map(|m| (m.sbd.as_deref(), m.name.as_str()))
        .collect();
    assert_eq!(
        names,
        [
            (Some("01"), "Lê An"),
            (Some("02"), "Lê Bình"),
            (Some("03"), "Lê An")
        ]
    );
    assert_eq!(teams[1].unit, "Công an");
    assert_eq!(teams[1].members[0].role, MemberRole::Reserve);
    assert_eq!(teams[1].members[0].phone.as_deref(), Some("0912345678"));
}

#[test]
fn units_alone_make_teams_and_names_may_take_two_columns() {
    let csv = "Đơn vị,Họ đệm,Tên\nXã A,Nguyễn Văn,An\nXã A,Lê,Bình\nXã B,Trần Thị,Chi\n";
    let teams = accepted_teams(csv.as_bytes());
    assert_eq!(teams.len(), 2);
    assert_eq!((teams[1].name.as_str(), teams[1].unit.as_str()), ("Xã B", "Xã B"));
    assert_eq!(teams[0].members[0].name, "Nguyễn Văn An");
    let only_given = teams_problems("Đơn vị,Tên\nXã A,An\n");
    assert_eq!(only_given, [("CSV!1".to_owned(), Code::MissingHeader)]);
}

fn teams_problems(csv: &str) -> Vec<(String, Code)> {
    teams(csv.as_bytes())
        .problems
        .into_iter()
        .map(|p| (p.place, p.code))
        .collect()
}

#[test]
fn every_problem_of_teams_is_reported_together() {
    let csv = "Đội thi,Đơn vị,Khối,Họ và tên,SBD,Vai trò,Điện thoại\n\
               ,,,Lê An,1,,\n\
               Đội A,X,Xã,Lê Bình,2,Đội trưởng,\n\
               ,Y,Xã,Lê Chi,2,Đội trưởng,\n\
               Đội A,,Cơ quan,Lê Bình,,khách,113\n\
               ,,,,5,,\n\
               Đội B,,,,,,\n\
               Đội C,,,Lê Dũng,,,\n\
               Đội C,,,LÊ DŨNG,,,\n\
               Đội C,,,,,,\n\
               Đội D,,,Lê Em,9,,\n";
    let intake = teams(csv.as_bytes());
    let got: Vec<(&str, Code)> = found(&intake);
    assert_eq!(
        got,
        [
            ("CSV!2", Code::MissingTeam),
            ("CSV!B4", Code::ConflictingUnit),
            ("CSV!E4", Code::DuplicateSbd),
            ("CSV!F4", Code::DuplicateCaptain),
            ("CSV!C5", Code::ConflictingKind),
            ("CSV!F5", Code::UnknownRole),
            ("CSV!G5", Code::BadPhone),
            ("CSV!D6", Code::MissingName),
            ("CSV!D9", Code::DuplicateMember),
            ("CSV!D10", Code::MissingName),
            ("CSV!A7", Code::NoMembers),
        ]
    );
    let names: Vec<&str> = intake.accepted.iter().map(|team| team.name.as_str()).collect();
    assert_eq!(names, ["Đội D"]);
}
