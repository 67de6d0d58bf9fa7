//! Two tabs, and another tablet.

use super::super::hall::{Hall, ROUND, SECOND, right, rules, visit, wrong};
use super::super::token;
use super::{IN_TIME, TOO_LATE};
use crate::store::testing::on_both_engines;
use app::backend::{Accounts, AppError, Exams, Packet, People, Tablet};
use contest::attempt::{Answer, Outcome};
use contest::audience::Stage;
use contest::rules::Round;
use contest::{Actor, Command, RoundId};

on_both_engines!(
    two_tabs_hear_what_stands,
    another_tablet_takes_over,
    a_receipt_stays_and_what_was_left_is_taken_though_another_round_is_ready,
);

async fn two_tabs_hear_what_stands(url: String) {
    let hall = Hall::open(&url, rules(|_| {}), 4).await;
    let a = hall.add(1, &["An"]).await.remove(0);
    hall.begin().await;
    let (_, sheet) = hall.paper(&a).await;
    let (good, bad) = (right(&sheet.questions[0]), wrong(&sheet.questions[0]));
    let outcome = |saved: app::backend::Saved| saved.receipts[0].outcome;
    assert_eq!(
        outcome(hall.send(&a, &[(0, 1, good)]).await.expect("saved")),
        IN_TIME
    );
    let stands = Outcome::Superseded {
        revision: 1,
        choice: good,
    };
    assert_eq!(
        outcome(hall.send(&a, &[(0, 1, bad)]).await.expect("told")),
        stands
    );
    // It knows better now, and insists.
    assert_eq!(
        outcome(hall.send(&a, &[(0, 2, bad)]).await.expect("saved")),
        IN_TIME
    );
    let stands = Outcome::Superseded {
        revision: 2,
        choice: bad,
    };
    assert_eq!(
        outcome(hall.send(&a, &[(0, 1, good)]).await.expect("told")),
        stands
    );
    match hall.sitting(&a).await.stage {
        Stage::Writing { held, .. } => assert_eq!(held[&0].choice, bad),
        other => panic!("not writing: {other:?}"),
    }
    // Of two packets at the same moment one stands, and both are told the same.
    let taps = [[(1, 1, good)], [(1, 1, bad)]];
    let (one, two) = tokio::join!(hall.send(&a, &taps[0]), hall.send(&a, &taps[1]));
    let both = [outcome(one.expect("saved")), outcome(two.expect("saved"))];
    assert_eq!(
        both.iter().filter(|outcome| **outcome == IN_TIME).count(),
        1,
        "{both:?}"
    );
    assert_eq!(hall.progress(1).await, (1, 2, 0));
    hall.house.close().await;
}

async fn another_tablet_takes_over(url: String) {
    let hall = Hall::open(&url, rules(|_| {}), 4).await;
    let a = hall.add(1, &["An"]).await.remove(0);
    hall.begin().await;
    let code = hall
        .house
        .people(&hall.organizer, &hall.id, None)
        .await
        .expect("people")[0]
        .code
        .clone();
    let tablet = |device: &str| app::backend::Visit {
        device: device.into(),
        ..visit(Actor::Public, None)
    };
    let enter = async |device: &str| {
        let session = hall.house.enter(&tablet(device), &code).await?;
        let hash = token::hashed(&session.token);
        Ok::<_, AppError>((hash.clone(), hall.house.session(&hash).await))
    };
    let (old, session) = enter("the first").await.expect("entered");
    assert_eq!(session.expect("a session").actor, a.visit.actor);
    hall.write(&a, 1, "rw").await;
    assert_eq!(enter("the second").await.err(), Some(AppError::DeviceTaken));

    hall.house
        .release_device(&hall.organizer, &hall.id, a.person)
        .await
        .expect("released");
    assert_eq!(hall.house.session(&old).await, None);
    let (_, session) = enter("the second").await.expect("entered");
    let session = session.expect("a session");
    let second = hall.guest(a.person, a.team);
    assert_eq!(
        (session.actor, session.device.as_str()),
        (second.visit.actor, "the second")
    );
    match hall.sitting(&second).await.stage {
        Stage::Writing { attempt, held, .. } => {
            assert_eq!(attempt, hall.paper(&a).await.0);
            assert_eq!(held.len(), 2);
        }
        other => panic!("not writing: {other:?}"),
    }
    assert_eq!(hall.write(&second, 2, "r").await, [IN_TIME]);
    hall.house.close().await;
}

async fn a_receipt_stays_and_what_was_left_is_taken_though_another_round_is_ready(url: String) {
    let mut rules = rules(|_| {});
    let next = RoundId(2);
    rules.rounds.push(Round {
        id: next,
        name: "Vòng 2".into(),
        ..rules.rounds[0].clone()
    });
    let hall = Hall::open(&url, rules, 4).await;
    let a = hall.add(1, &["An"]).await.remove(0);
    hall.prepare().await;
    hall.house
        .prepare_exam(&hall.organizer, &hall.id, next)
        .await
        .expect("the papers of the second round");
    hall.act(Command::OpenExam { round: ROUND }).await;
    hall.write(&a, 1, "rr").await;
    hall.pass_and_sweep(80 * SECOND).await;
    let sitting = hall.sitting(&a).await;
    assert_eq!(sitting.round, Some(ROUND));
    assert!(matches!(sitting.stage, Stage::Done { .. }), "{:?}", sitting.stage);

    // The next round is open, and his tablet finds in its storage what it had not sent of the first.
    hall.act(Command::OpenExam { round: next }).await;
    let Stage::Writing { attempt, .. } = hall.sitting(&a).await.stage else {
        panic!("the second paper");
    };
    let (first, sheet) = hall.paper(&a).await;
    assert_ne!(attempt, *first);
    let packet = |paper: &str, revision| Packet {
        attempt: *first,
        answers: vec![Answer {
            question: 2,
            revision,
            choice: right(&sheet.questions[2]),
            chosen_at: 0,
        }],
        paper: Some(paper.to_owned()),
        ..Packet::default()
    };
    let other = hall.house.save(&a.visit, packet("0123456789ab", 1)).await;
    assert!(
        matches!(other, Err(AppError::BadRequest { .. })),
        "answers to a paper that only has the number in common: {other:?}"
    );
    let saved = hall.house.save(&a.visit, packet(&sheet.sum(), 1)).await;
    assert_eq!(saved.expect("kept").receipts[0].outcome, TOO_LATE);
    hall.house.close().await;
}
