//! Devices as the staff sees them: whichever node heard them, on pages of a list that may be long.

use std::collections::BTreeSet;

use app::backend::{AttemptLine, Exams, HeadCount, Packet, People, Person, Tablet, Wanted, WantedAttempts};
use contest::actor::Role;
use contest::{Command, PersonId, TeamId};

use super::hall::{Hall, ROUND, SECOND, rules};
use crate::store::testing::on_both_engines;

on_both_engines!(every_node_knows_who_was_heard, a_long_list_is_shown_in_pages,);

fn said(attempt: i64, unsent: u32, battery: Option<u8>) -> Packet {
    Packet {
        attempt,
        answers: vec![],
        unsent,
        battery,
        ..Packet::default()
    }
}

async fn seen_by(hall: &Hall, house: &super::House, person: PersonId) -> (Person, AttemptLine) {
    let found = house.person(&hall.organizer, &hall.id, person).await;
    let lines = hall.attempts(house).await;
    let line = lines.into_iter().find(|line| line.person == person);
    (found.expect("a person"), line.expect("his line"))
}

async fn every_node_knows_who_was_heard(url: String) {
    let hall = Hall::open(&url, rules(|_| {}), 4).await;
    let an = hall.add(1, &["An"]).await.remove(0);
    hall.begin().await;
    let other = Hall::node(&url, hall.clock.clone()).await;
    let (attempt, _) = *hall.paper(&an).await;
    let first = hall.house.now();
    hall.house
        .save(&an.visit, said(attempt, 3, Some(64)))
        .await
        .expect("heard");
    let (person, line) = seen_by(&hall, &hall.house, an.person).await;
    assert_eq!(
        (person.last_seen, person.unsent, person.battery),
        (Some(first), 3, Some(64))
    );
    assert_eq!(
        (line.last_seen, line.unsent, line.battery),
        (Some(first), 3, Some(64))
    );

    // What one node has heard the other reads, as soon as it is written down.
    hall.house.write_attendance().await.expect("written");
    let (person, line) = seen_by(&hall, &other, an.person).await;
    assert_eq!(
        (person.last_seen, person.unsent, person.battery),
        (Some(first), 3, Some(64))
    );
    assert_eq!(
        (line.last_seen, line.unsent, line.battery),
        (Some(first), 3, Some(64))
    );

    // Then the tablet speaks to the other node: the later word counts, and the earlier cannot come back.
    hall.pass(SECOND);
    other
        .save(&an.visit, said(attempt, 0, None))
        .await
        .expect("heard");
    other.write_attendance().await.expect("written");
    hall.house.write_attendance().await.expect("written");
    for house in [&hall.house, &other] {
        let (person, _) = seen_by(&hall, house, an.person).await;
        assert_eq!((person.last_seen, person.unsent), (Some(first + SECOND), 0));
    }

    // A new device begins anew, on every node.
    hall.house
        .release_device(&hall.organizer, &hall.id, an.person)
        .await
        .expect("released");
    loop {
        let (person, _) = seen_by(&hall, &other, an.person).await;
        if person.last_seen.is_none() {
            break;
        }
        tokio::task::yield_now().await;
    }
    other.close().await;
    hall.house.close().await;
}

async fn a_long_list_is_shown_in_pages(url: String) {
    let hall = Hall::open(&url, rules(|_| {}), 4).await;
    let names: Vec<String> = (1..=230).map(|n| format!("Nguyễn Văn Số {n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    hall.add(1, &names[..130]).await;
    hall.add(2, &names[130..]).await;
    hall.add(2, &["Lê Thị Hòa"]).await;
    let roll = async |role, team: Option<u32>, search: &str, page| {
        let wanted = Wanted {
            role,
            team: team.map(TeamId),
            search: search.into(),
            page,
        };
        let roll = hall.house.roll(&hall.organizer, &hall.id, wanted).await;
        roll.expect("a page")
    };
    let mut seen = BTreeSet::new();
    for page in 1..=3 {
        let shown = roll(Role::Contestant, None, "", page).await;
        assert_eq!((shown.found, shown.page, shown.pages), (231, page, 3));
        assert_eq!(shown.people.len(), if page == 3 { 31 } else { 100 });
        seen.extend(shown.people.into_iter().map(|person| person.sbd));
    }
    assert_eq!(seen.len(), 231, "everybody once");
    // A page that is not there is the last one.
    assert_eq!(roll(Role::Contestant, None, "", 99).await.page, 3);
    assert_eq!(roll(Role::Contestant, Some(2), "", 1).await.found, 101);
    // By a part of the name, whatever its accents, and by the number.
    let hoa = roll(Role::Contestant, None, "thị HOÀ", 1).await;
    assert_eq!((hoa.found, hoa.people[0].name.as_str()), (1, "Lê Thị Hòa"));
    assert_eq!(
        roll(Role::Contestant, Some(1), "van so", 2).await.people.len(),
        30
    );
    let number = roll(Role::Contestant, None, "007", 1).await;
    assert_eq!((number.found, number.people[0].sbd.as_str()), (1, "007"));
    assert_eq!(roll(Role::Judge, None, "", 1).await.people, []);

    let heads = hall
        .house
        .head_count(&hall.organizer, &hall.id)
        .await
        .expect("counted");
    let expected = HeadCount {
        roles: [(Role::Contestant, 231)].into(),
        teams: [(TeamId(1), 130), (TeamId(2), 101)].into(),
    };
    assert_eq!(heads, expected);
    // And the hall still runs with all of them; the console shows their attempts in pages too.
    hall.prepare().await;
    let attempts = async |team: Option<u32>, page| {
        let wanted = WantedAttempts {
            team: team.map(TeamId),
            page,
            ..WantedAttempts::default()
        };
        let roll = hall
            .house
            .attempts(&hall.organizer, &hall.id, ROUND, wanted)
            .await;
        roll.expect("a page")
    };
    let mut seen = BTreeSet::new();
    for page in 1..=3 {
        let shown = attempts(None, page).await;
        assert_eq!((shown.found, shown.page, shown.pages), (231, page, 3));
        assert_eq!(shown.lines.len(), if page == 3 { 31 } else { 100 });
        seen.extend(shown.lines.into_iter().map(|line| line.person));
    }
    assert_eq!(seen.len(), 231, "everybody once");
    assert_eq!(attempts(None, 99).await.page, 3);
    let second = attempts(Some(2), 2).await;
    assert_eq!((second.found, second.lines.len()), (101, 1));
    hall.act(Command::OpenExam { round: ROUND }).await;
    hall.house.close().await;
}
