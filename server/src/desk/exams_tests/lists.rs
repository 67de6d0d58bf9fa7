//! The lists of a round: in the order of the numbers, and how many papers there are.

use super::super::hall::{Hall, ROUND, SECOND, rules};
use crate::store::testing::on_both_engines;
use app::backend::{Exams, NewPerson, People, Wanted};
use contest::TeamId;
use contest::actor::Role;

on_both_engines!(
    numbers_of_different_lengths_stand_in_their_order,
    the_absent_hand_nothing_in,
);

async fn numbers_of_different_lengths_stand_in_their_order(url: String) {
    let hall = Hall::open(&url, rules(|_| {}), 4).await;
    let people = [("1001", "An"), ("101", "Bình"), ("99", "Chi"), ("1000", "Dung")];
    for (sbd, name) in people {
        let person = NewPerson {
            role: Role::Contestant,
            name: name.to_owned(),
            sbd: sbd.to_owned(),
            team: Some(TeamId(1)),
            post: String::new(),
        };
        let added = hall.house.add_person(&hall.organizer, &hall.id, person).await;
        added.expect("added");
    }
    hall.prepare().await;
    let in_order = ["99", "101", "1000", "1001"];
    let lines = hall.attempts(&hall.house).await;
    let numbers = |of: Vec<String>| assert_eq!(of, in_order);
    numbers(lines.iter().map(|line| line.sbd.clone()).collect());
    // The papers are dealt as they sit.
    let papers: Vec<u32> = lines.iter().map(|line| line.paper).collect();
    assert!(papers.is_sorted(), "{papers:?}");
    let people = hall
        .house
        .people(&hall.organizer, &hall.id, Some(Role::Contestant))
        .await;
    numbers(
        people
            .expect("people")
            .into_iter()
            .map(|person| person.sbd)
            .collect(),
    );
    let roll = async |search: &str| {
        let wanted = Wanted {
            role: Role::Contestant,
            team: None,
            search: search.into(),
            page: 1,
        };
        let roll = hall.house.roll(&hall.organizer, &hall.id, wanted).await;
        roll.expect("a page")
            .people
            .into_iter()
            .map(|person| person.sbd)
            .collect::<Vec<_>>()
    };
    numbers(roll("").await);
    // So do those who are looked for by a letter of their names.
    assert_eq!(roll("n").await, ["101", "1000", "1001"]);
    hall.house.close().await;
}

async fn the_absent_hand_nothing_in(url: String) {
    let hall = Hall::open(&url, rules(|_| {}), 4).await;
    let a = hall.add(1, &["An", "Ánh"]).await.remove(0);
    hall.add(2, &["Bình", "Bảo"]).await;
    hall.begin().await;
    hall.write(&a, 1, "rr").await;
    hall.pass_and_sweep(70 * SECOND + 1).await;
    let console = hall.house.exam_console(&hall.organizer, &hall.id, ROUND).await;
    let console = console.expect("the console");
    let sums = console.sums;
    assert_eq!(
        (sums.all, sums.started, sums.handed_in, sums.absent),
        (4, 1, 1, 3)
    );
    let of = |team| {
        let gathered = console.gathered[&TeamId(team)];
        (gathered.handed_in, gathered.absent)
    };
    assert_eq!((of(1), of(2)), ((1, 1), (0, 2)));
    hall.house.close().await;
}
