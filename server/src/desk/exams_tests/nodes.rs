//! Two nodes of which one has not heard what the other has done: nothing is turned away for that.

use super::super::House;
use super::super::hall::{Guest, Hall, ROUND, SECOND, right, rules};
use super::{IN_TIME, TOO_LATE};
use crate::store::testing::{deaf_from_now_on, on_postgres};
use app::backend::{AppError, Packet, Tablet};
use contest::Command;
use contest::attempt::{Answer, Outcome};
use contest::rules::ExamClock;

/// Sends the right answer to the question at `place` by way of `node`; no place: an empty packet.
async fn send(
    node: &House,
    hall: &Hall,
    guest: &Guest,
    attempt: i64,
    place: Option<u16>,
) -> Result<Vec<Outcome>, AppError> {
    let mut answers = Vec::new();
    if let Some(question) = place {
        let (_, sheet) = hall.paper(guest).await;
        answers.push(Answer {
            question,
            revision: 1,
            choice: right(&sheet.questions[usize::from(question)]),
            chosen_at: hall.house.now(),
        });
    }
    let packet = Packet {
        attempt,
        answers,
        ..Packet::default()
    };
    let saved = node.save(&guest.visit, packet).await?;
    Ok(saved.receipts.iter().map(|receipt| receipt.outcome).collect())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_paper_opened_at_another_node_is_in_time_at_a_deaf_one() {
    on_postgres(async |url: String| {
        let hall = Hall::open(&url, rules(|exam| exam.clock = ExamClock::Own), 4).await;
        let a = hall.add(1, &["An"]).await.remove(0);
        let deaf = Hall::node(&url, hall.clock.clone()).await;
        hall.begin().await;
        let attempt: i64 = sqlx::query_scalar("SELECT id FROM attempt WHERE person = $1")
            .bind(a.person.0)
            .fetch_one(hall.house.store.read())
            .await
            .expect("his attempt");
        // It knows him, as one who has not begun; and then hears nothing more.
        send(&deaf, &hall, &a, attempt, None)
            .await
            .expect("nothing to say");
        deaf_from_now_on(&url, [&hall.house.store, &deaf.store]).await;
        hall.paper(&a).await;
        assert_eq!(send(&deaf, &hall, &a, attempt, Some(0)).await, Ok(vec![IN_TIME]));
        assert_eq!(hall.progress(1).await, (1, 1, 0));
        // And by the house's clock all the same.
        hall.pass(71 * SECOND);
        assert_eq!(send(&deaf, &hall, &a, attempt, Some(1)).await, Ok(vec![TOO_LATE]));
        deaf.close().await;
        hall.house.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn time_given_at_another_node_counts_at_a_deaf_one() {
    on_postgres(async |url: String| {
        let hall = Hall::open(&url, rules(|_| {}), 4).await;
        let a = hall.add(1, &["An"]).await.remove(0);
        let deaf = Hall::node(&url, hall.clock.clone()).await;
        hall.begin().await;
        let (attempt, _) = *hall.paper(&a).await;
        assert_eq!(send(&deaf, &hall, &a, attempt, Some(0)).await, Ok(vec![IN_TIME]));
        deaf_from_now_on(&url, [&hall.house.store, &deaf.store]).await;
        hall.act(Command::GrantTime {
            round: ROUND,
            person: a.person,
            millis: 60 * SECOND,
            reason: "Đổi máy".into(),
        })
        .await;
        hall.pass(100 * SECOND);
        assert_eq!(send(&deaf, &hall, &a, attempt, Some(1)).await, Ok(vec![IN_TIME]));
        let slip = deaf.hand_in(&a.visit, attempt).await.expect("handed in");
        assert!(!slip.by_server, "before his end");
        deaf.close().await;
        hall.house.close().await;
    })
    .await;
}
