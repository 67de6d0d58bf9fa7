//! What is dealt to whom, and handed in by thousands.

use super::super::hall::{Hall, ROUND, rules, visit};
use super::{IN_TIME, TOO_LATE, next_step};
use crate::store::testing::on_both_engines;
use app::backend::{AppError, BankFilter, NextStep, Packet, Questions, Tablet};
use contest::exam::ExamPhase;
use contest::paper::{Builder, Paper};
use contest::question::Choice;
use contest::rules::Papers;
use contest::{Actor, Blocker, Command, Points, Refusal, TeamId};
use std::collections::BTreeSet;

on_both_engines!(
    the_same_seed_deals_the_same_papers,
    everybody_may_have_a_paper_of_his_own,
    a_corrected_bank_waits_for_new_papers,
    nothing_is_written_before_the_opening_or_on_another_paper,
    thousands_are_dealt_and_handed_in,
);

async fn the_same_seed_deals_the_same_papers(url: String) {
    let rules = rules(|exam| exam.papers = Papers::Variants(3));
    let hall = Hall::open(&url, rules, 9).await;
    let mut guests = hall.add(1, &["An", "Bình"]).await;
    guests.extend(hall.add(2, &["Chi", "Dũng"]).await);
    hall.prepare().await;
    let first = hall.exam().await.prepared.expect("prepared");
    hall.prepare().await;
    let prepared = hall.exam().await.prepared.expect("prepared");
    assert_ne!(first.seed, prepared.seed);

    let bank = hall.house.frozen(&prepared.bank).await.expect("the bank");
    assert_eq!(bank.questions.len(), 9);
    let builder = Builder::new(&bank, &prepared.rules, &prepared.seed);
    let kept: Vec<String> = sqlx::query_scalar("SELECT body FROM paper ORDER BY code")
        .fetch_all(hall.house.store.read())
        .await
        .expect("papers");
    let kept: Vec<Paper> = kept
        .iter()
        .map(|body| serde_json::from_str(body).expect("a paper"))
        .collect();
    assert_eq!(kept, (0..3).map(|index| builder.paper(index)).collect::<Vec<_>>());

    // Whoever comes after the preparation sits behind the others; neighbours differ.
    guests.extend(hall.add(2, &["Giang"]).await);
    assert_eq!(hall.progress(2).await, (3, 0, 0));
    hall.act(Command::OpenExam { round: ROUND }).await;
    guests.extend(hall.add(1, &["Hà"]).await);
    assert_eq!(hall.progress(1).await, (3, 0, 0));
    let mut codes = Vec::new();
    for guest in &guests {
        let (_, sheet) = hall.paper(guest).await;
        codes.push(sheet.code);
        assert_eq!(sheet, &kept[sheet.code as usize - 101].sheet(&bank));
    }
    assert_eq!(codes, [101, 102, 103, 101, 102, 103]);
    hall.house.close().await;
}

async fn everybody_may_have_a_paper_of_his_own(url: String) {
    let rules = rules(|exam| {
        exam.papers = Papers::Personal;
        exam.same_questions = false;
        exam.review = false;
    });
    let hall = Hall::open(&url, rules, 12).await;
    let mut guests = hall.add(1, &["An", "Bình", "Chi"]).await;
    hall.prepare().await;
    guests.extend(hall.add(2, &["Dũng", "Giang"]).await);
    hall.act(Command::OpenExam { round: ROUND }).await;
    let mut codes = BTreeSet::new();
    let mut papers = BTreeSet::new();
    for guest in &guests {
        let (_, sheet) = hall.paper(guest).await;
        codes.insert(sheet.code);
        papers.insert(serde_json::to_string(&sheet.questions).expect("JSON"));
        hall.write(guest, 1, "rrrw").await;
        hall.hand_in(guest).await;
    }
    assert_eq!(codes, (10_001..=10_005).collect());
    assert_eq!(papers.len(), 5);
    hall.act(Command::CloseExam {
        round: ROUND,
        reason: None,
    })
    .await;
    hall.mark().await;
    assert_eq!(hall.team_mark(1).await, Some((Points(22_500), 0)));
    assert_eq!(hall.team_mark(2).await, Some((Points(22_500), 0)));
    // These rules keep the papers closed, also once the marks are out.
    hall.act(Command::PublishExam { round: ROUND }).await;
    assert_eq!(hall.house.review(&guests[0].visit).await, Err(AppError::NotFound));
    hall.house.close().await;
}

async fn a_corrected_bank_waits_for_new_papers(url: String) {
    let hall = Hall::open(&url, rules(|_| {}), 4).await;
    hall.add(1, &["An"]).await;
    hall.prepare().await;
    let (house, id) = (&hall.house, &hall.id);
    let found = house.questions(&hall.organizer, id, BankFilter::default()).await;
    let one = found.expect("the bank").0.remove(0);
    // One more changes no paper.
    let mut more = one.question.clone();
    more.text = "Một câu mới?".to_owned();
    let more = house
        .add_question(&hall.organizer, id, more)
        .await
        .expect("added");
    assert_eq!(next_step(&hall).await, (NextStep::Open, vec![]));
    let mut corrected = one.question.clone();
    corrected.correct = vec![(one.question.correct[0] + 1) % 4];
    house
        .change_question(&hall.organizer, id, one.id, corrected.clone())
        .await
        .expect("changed");
    let changed = vec![Blocker::BankChanged];
    assert_eq!(next_step(&hall).await, (NextStep::Prepare, changed.clone()));
    let refused = hall.try_to(Command::OpenExam { round: ROUND }).await;
    assert_eq!(refused, Err(Refusal::Blocked(changed.into()).into()));
    house
        .remove_question(&hall.organizer, id, more)
        .await
        .expect("removed");
    hall.prepare().await;
    assert_eq!(next_step(&hall).await, (NextStep::Open, vec![]));
    hall.act(Command::OpenExam { round: ROUND }).await;
    let bank = hall.exam().await.prepared.expect("prepared").bank;
    let bank = house.frozen(&bank).await.expect("the bank");
    assert!(bank.questions.contains(&corrected));
    house.close().await;
}

async fn nothing_is_written_before_the_opening_or_on_another_paper(url: String) {
    let hall = Hall::open(&url, rules(|_| {}), 4).await;
    let a = hall.add(1, &["An"]).await.remove(0);
    let b = hall.add(2, &["Bình"]).await.remove(0);
    hall.prepare().await;
    let attempt: i64 = sqlx::query_scalar("SELECT id FROM attempt WHERE person = $1")
        .bind(a.person.0)
        .fetch_one(hall.house.store.read())
        .await
        .expect("dealt");
    let early = hall.house.save(&a.visit, empty(attempt)).await;
    let phase = ExamPhase::Prepared;
    assert_eq!(early, Err(Refusal::WrongPhase { phase }.into()));
    hall.act(Command::OpenExam { round: ROUND }).await;
    hall.paper(&b).await;
    assert_eq!(
        hall.house.save(&b.visit, empty(attempt)).await,
        Err(AppError::Forbidden)
    );
    assert_eq!(
        hall.house.hand_in(&b.visit, attempt).await,
        Err(AppError::Forbidden)
    );
    assert_eq!(
        hall.house.sitting(&hall.organizer).await,
        Err(AppError::Forbidden)
    );
    assert_eq!(
        hall.house.sitting(&visit(Actor::Public, None)).await,
        Err(AppError::SignIn)
    );
    for bad in [
        (4, 1, Choice::only(0)),
        (0, 1, Choice::only(4)),
        (0, 0, Choice::only(0)),
    ] {
        let refused = hall.send(&b, &[(1, 1, Choice::only(0)), bad]).await;
        assert!(matches!(refused, Err(AppError::BadRequest { .. })), "{refused:?}");
    }
    // Refused as a whole: nothing of it was kept.
    assert_eq!(hall.progress(2).await, (1, 0, 0));
    hall.house.close().await;
}

async fn thousands_are_dealt_and_handed_in(url: String) {
    let rules = rules(|exam| exam.papers = Papers::Personal);
    let hall = Hall::open(&url, rules, 20).await;
    let id = hall.id.clone();
    hall.house
        .store
        .write(move |tx| {
            Box::pin(async move {
                for n in 0..1500i64 {
                    sqlx::query(
                        "INSERT INTO person (id, contest, role, name, sbd, team, post, code, created_at) \
                         VALUES ($1, $2, 'contestant', 'Thí sinh', $3, $4, '', $3, 0)",
                    )
                    .bind(n + 1)
                    .bind(id.as_str())
                    .bind(format!("{n:05}"))
                    .bind(n % 2 + 1)
                    .execute(&mut *tx)
                    .await?;
                }
                Ok(())
            })
        })
        .await
        .expect("contestants");
    hall.begin().await;
    assert_eq!(hall.progress(1).await, (750, 0, 0));
    let one = hall.guest(contest::PersonId(1), TeamId(1));
    hall.write(&one, 1, "rrrr").await;
    hall.pass_and_sweep(70_001).await;
    assert_eq!(hall.progress(1).await, (750, 4, 750));
    assert_eq!(hall.exam().await.phase, ExamPhase::Closed);
    hall.mark().await;
    // 4 of 4 in one of 750 papers, of 30: 0.04.
    assert_eq!(hall.team_mark(1).await, Some((Points(40), 60)));
    hall.house.close().await;
}

mod two_nodes {
    use super::*;

    /// Only PostgreSQL serves several nodes.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn hold_one_exam() {
        crate::store::testing::on_postgres(hold_one_exam_on).await;
    }

    async fn hold_one_exam_on(url: String) {
        let hall = Hall::open(&url, rules(|_| {}), 4).await;
        let other = Hall {
            house: Hall::node(&url, hall.clock.clone()).await,
            clock: hall.clock.clone(),
            id: hall.id.clone(),
            organizer: hall.organizer.clone(),
        };
        let a = hall.add(1, &["An", "Bình"]).await;
        hall.begin().await;
        other.heard(|contest| contest.open_exam().is_some()).await;
        assert_eq!(hall.write(&a[0], 1, "rr").await, [IN_TIME; 2]);
        assert_eq!(other.write(&a[0], 1, "rrr").await, [IN_TIME; 3]);
        // The same packet to both at the same moment.
        let (one, two) = tokio::join!(hall.write(&a[1], 1, "rrrw"), other.write(&a[1], 1, "rrrw"));
        assert_eq!((one, two), (vec![IN_TIME; 4], vec![IN_TIME; 4]));
        assert_eq!(hall.progress(1).await, (2, 7, 0));
        // Handed in at one node: the other keeps what still comes, but too late, news or not.
        let slip = other.hand_in(&a[0]).await;
        assert_eq!(hall.write(&a[0], 2, "w").await, [TOO_LATE]);
        assert_eq!(hall.hand_in(&a[0]).await, other.slip(&a[0]).await);
        assert_eq!(other.slip(&a[0]).await.code, slip.code);
        hall.pass(70_001);
        let (one, two) = tokio::join!(hall.house.sweep(&hall.id), other.house.sweep(&hall.id));
        one.expect("swept");
        two.expect("swept");
        assert_eq!(hall.progress(1).await, (2, 7, 2));
        assert_eq!(hall.exam().await.phase, ExamPhase::Closed);
        hall.mark().await;
        assert_eq!(hall.team_mark(1).await, Some((Points(22_500), 60)));
        hall.house.close().await;
        other.house.close().await;
    }
}

/// A packet without answers.
fn empty(attempt: i64) -> Packet {
    Packet {
        attempt,
        ..Packet::default()
    }
}
