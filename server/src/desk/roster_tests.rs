//! What a roster holds beside names: reserves, clusters, telephone numbers, columns nobody needs.

use app::backend::{AppError, Imports, NewPerson, People, Preview, Upload, UploadBody, UploadKind};
use contest::actor::Role;
use contest::audience::Stage;
use contest::intake::Note;
use contest::rules::{Competitor, Rules};
use contest::{Command, TeamId};

use super::hall::{Hall, rules};
use crate::store::testing::on_both_engines;

on_both_engines!(
    a_roster_arrives_whole_or_says_what_does_not,
    who_competes_for_himself_has_no_reserves,
);

const ROSTER: &str = "STT,Đội,Khối,Họ và tên,Vai trò,Điện thoại,Chức vụ,Ghi chú\n\
    1,An Bình,Khối xã,Lê An,Đội trưởng,0912345678,Chủ tịch,ăn chay\n\
    2,,,Lê Bình,,0912345679,,\n\
    3,,,Lê Chi,Dự bị,,,\n\
    4,Cơ quan,Khối cơ quan,Lê Dũng,,,,\n";

async fn previewed(hall: &Hall, text: &str) -> Preview {
    let upload = Upload {
        kind: UploadKind::Teams,
        name: "danh sách.csv".into(),
        bytes: text.as_bytes().to_vec(),
    };
    let id = hall.house.upload(&hall.organizer, &hall.id, upload).await;
    let id = id.expect("uploaded");
    Imports::preview(&*hall.house, &hall.organizer, &hall.id, &id)
        .await
        .expect("a preview")
}

fn notes(preview: &Preview) -> Vec<Note> {
    match &preview.body {
        UploadBody::Teams { intake } => intake.notes.clone(),
        UploadBody::Questions { .. } => panic!("teams"),
    }
}

async fn a_roster_arrives_whole_or_says_what_does_not(url: String) {
    let hall = Hall::open(&url, rules(|_| {}), 4).await;
    let preview = previewed(&hall, ROSTER).await;
    assert_eq!(
        notes(&preview),
        [
            Note::ColumnIgnored {
                place: "CSV!H1".into(),
                heading: "Ghi chú".into()
            },
            Note::Captains { count: 1 },
            Note::Reserves { count: 1 },
            Note::Clusters { count: 2 },
            Note::PhonesNotKept { count: 2 },
        ]
    );
    let kept: String = sqlx::query_scalar("SELECT body FROM upload")
        .fetch_one(hall.house.store.read())
        .await
        .expect("what waits for a yes");
    assert!(kept.contains("Lê An") && !kept.contains("0912345678"), "{kept}");
    // One of the two teams is there already, without a cluster; four people and a team are new.
    assert_eq!((preview.new, preview.unchanged), (5, 1));
    for expected in [(5, 1), (0, 6)] {
        let applied = hall.house.apply(&hall.organizer, &hall.id, &preview.id).await;
        let applied = applied.expect("applied");
        assert_eq!((applied.added, applied.unchanged), expected);
    }
    let contest = hall.contest().await;
    let clusters: Vec<(&str, &str)> = contest
        .teams
        .values()
        .map(|team| (team.name.as_str(), team.cluster.as_str()))
        .collect();
    assert_eq!(
        clusters,
        [
            ("An Bình", "Khối xã"),
            ("Bình An", ""),
            ("Cơ quan", "Khối cơ quan")
        ]
    );
    let people = hall.house.people(&hall.organizer, &hall.id, None).await;
    let people = people.expect("people");
    let line = |i: usize| (people[i].name.as_str(), people[i].role, people[i].post.as_str());
    assert_eq!(line(0), ("Lê An", Role::Contestant, "Đội trưởng; Chủ tịch"));
    assert_eq!(line(3), ("Lê Chi", Role::Reserve, ""));

    // Another cluster in a later file changes nothing, and that is said.
    let other = previewed(&hall, "Đội,Cụm,Họ và tên\nAN BÌNH,Cụm 2,Lê An\n").await;
    let kept = Note::ClusterKept {
        team: "An Bình".into(),
        cluster: "Khối xã".into(),
    };
    assert_eq!(notes(&other), [Note::Clusters { count: 1 }, kept]);
    assert_eq!((other.new, other.unchanged), (0, 2));

    // Nothing is dealt to a reserve, until he takes a place.
    hall.prepare().await;
    assert_eq!(hall.attempts(&hall.house).await.len(), 3);
    let reserve = &people[3];
    let guest = hall.guest(reserve.id, TeamId(1));
    assert_eq!(hall.sitting(&guest).await.stage, Stage::Waiting);
    let steps_in = NewPerson {
        role: Role::Contestant,
        name: reserve.name.clone(),
        sbd: reserve.sbd.clone(),
        team: reserve.team,
        post: String::new(),
    };
    hall.house
        .change_person(&hall.organizer, &hall.id, reserve.id, steps_in)
        .await
        .expect("he competes");
    hall.act(Command::OpenExam {
        round: super::hall::ROUND,
    })
    .await;
    assert!(matches!(hall.sitting(&guest).await.stage, Stage::Writing { .. }));
    hall.house.close().await;
}

async fn who_competes_for_himself_has_no_reserves(url: String) {
    let alone = Rules {
        competitor: Competitor::Individual,
        ..rules(|_| {})
    };
    let hall = Hall::open(&url, alone, 4).await;
    let preview = previewed(&hall, ROSTER).await;
    assert!(notes(&preview).contains(&Note::ReservesLeftOut { count: 1 }));
    assert_eq!((preview.new, preview.unchanged), (3, 0));
    hall.house
        .apply(&hall.organizer, &hall.id, &preview.id)
        .await
        .expect("applied");
    let contest = hall.contest().await;
    let an = contest.teams.values().find(|team| team.name == "Lê An");
    assert_eq!(an.map(|team| team.cluster.as_str()), Some("Khối xã"));
    let reserve = NewPerson {
        role: Role::Reserve,
        name: "Lê Chi".into(),
        sbd: String::new(),
        team: None,
        post: String::new(),
    };
    let refused = hall.house.add_person(&hall.organizer, &hall.id, reserve).await;
    assert_eq!(refused, Err(AppError::BadField { field: "role".into() }));
    hall.house.close().await;
}
