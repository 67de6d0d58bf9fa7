//! Two servers on one PostgreSQL are one contest. (SQLite is one laptop's: it has one server.)

use anyhow::{Context, Result};
use contest::actor::Role;
use contest::audience::Stage;
use contest::question::Choice;
use harness::{Engine, Hall, Tablet, until};

/// A hall with two servers; `None` when PostgreSQL is left out by name.
async fn hall_of_two() -> Result<Option<(Hall, String)>> {
    if Engine::Postgres.left_out() {
        return Ok(None);
    }
    let mut hall = Hall::with_contest(Engine::Postgres).await?;
    let second = hall.another_node().await?;
    Ok(Some((hall, second)))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_does_the_other_shows() -> Result<()> {
    let Some((hall, second)) = hall_of_two().await? else {
        return Ok(());
    };
    let board = format!("/api/contests/{}/board/events", hall.contest);
    let mut here = hall.passer_by()?.stream(&board).await?;
    let mut there = hall.passer_by()?.at(&second).stream(&board).await?;
    hall.prepares().await?;
    hall.organizer
        .at(&second)
        .act("open_exam", &[("contest", &hall.contest), ("round", "1")])
        .await?;
    for stream in [&mut here, &mut there] {
        stream
            .view_where(|board| board["rounds"][0]["phase"] == "open")
            .await?;
    }

    // Half of a paper by way of each.
    let mut tablet = hall.contestant(0).await?;
    hall.answers_paper(&mut tablet, 10, 0).await?;
    tablet.visitor = tablet.visitor.at(&second);
    let Stage::Writing { held, sheet, .. } = tablet.sitting().await?.stage else {
        panic!("he is writing there too");
    };
    assert_eq!(held.len(), 10);
    for place in 10..20 {
        tablet.answers(place, hall.bank.right(&sheet, place)).await?;
    }
    for stream in [&mut here, &mut there] {
        stream
            .view_where(|board| board["rounds"][0]["running"]["answered"] == 20)
            .await?;
    }
    tablet.hands_in().await?;
    here.view_where(|board| board["rounds"][0]["running"]["handed_in"] == 1)
        .await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_at_both_make_one_ledger() -> Result<()> {
    let Some((hall, second)) = hall_of_two().await? else {
        return Ok(());
    };
    let organizers = [hall.organizer.clone(), hall.organizer.at(&second)];
    let contest = hall.contest.clone();
    // Each adds to the same ledger at the same time; the order is decided by it alone.
    let adding = (0..40).map(|n| {
        let (organizer, contest) = (organizers[n % 2].clone(), contest.clone());
        async move {
            let details = [
                ("contest", contest),
                ("name", format!("Hội thi lần {n}")),
                ("hosts", String::new()),
                ("place", format!("Nơi {n}")),
                ("starts_at", String::new()),
            ];
            let details: Vec<(&str, &str)> = details.iter().map(|(k, v)| (*k, v.as_str())).collect();
            organizer.act("change_details", &details).await
        }
    });
    for answer in futures::future::join_all(adding).await {
        answer?;
    }
    let mut connection = hall.database.connect().await?;
    let seqs: Vec<(i64,)> = sqlx::query_as("SELECT seq FROM entry WHERE contest = $1 ORDER BY seq")
        .bind(&contest)
        .fetch_all(&mut connection)
        .await?;
    let without_gaps: Vec<(i64,)> = (1..=seqs.len() as i64).map(|seq| (seq,)).collect();
    assert_eq!(seqs, without_gaps);
    let changed: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM entry WHERE contest = $1 AND body LIKE '%details_changed%'")
            .bind(&contest)
            .fetch_one(&mut connection)
            .await?;
    assert_eq!(changed, 40, "each of them once");
    // And both come to show the same.
    until("both nodes to agree", async || {
        let path = format!("/api/contests/{contest}/board.json");
        let one: serde_json::Value = organizers[0].get(&path).await?.json()?;
        let two: serde_json::Value = organizers[1].get(&path).await?.json()?;
        Ok((one == two).then_some(()))
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_answer_at_both_is_kept_once() -> Result<()> {
    let Some((hall, second)) = hall_of_two().await? else {
        return Ok(());
    };
    hall.prepares().await?;
    hall.opens().await?;
    let mut here = hall.contestant(0).await?;
    here.sheet().await?;
    let mut there = here.clone();
    there.visitor = there.visitor.at(&second);
    for place in 0..20u16 {
        here.taps(place, Choice::only(1));
        there.taps(place, Choice::only(1));
        let (one, two) = tokio::join!(here.flushes(), there.flushes());
        one.and(two)?;
    }
    let mut connection = hall.database.connect().await?;
    let rows: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM answer WHERE attempt = $1")
        .bind(here.attempt()?)
        .fetch_one(&mut connection)
        .await?;
    assert_eq!(rows, 20);
    hall.board_becomes("twenty answers", |board| {
        board["rounds"][0]["running"]["answered"] == 20
    })
    .await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_moved_at_one_is_out_at_the_other() -> Result<()> {
    let Some((hall, second)) = hall_of_two().await? else {
        return Ok(());
    };
    let secretary = hall.secretary().await?;
    let old = hall.contestant(0).await?;
    let there = old.visitor.at(&second);
    there.get("/api/thi").await?.ok()?;
    let mut pulse = there.stream("/api/thi/events").await?;
    let pass = hall.passes_of(Role::Contestant).await?[0].clone();
    let person = pass.person.to_string();
    secretary
        .act(
            "release_device",
            &[("contest", &hall.contest), ("person_id", &person)],
        )
        .await?;
    until("the other node to hear of it", async || {
        Ok((there.get("/api/thi").await?.status == 401).then_some(()))
    })
    .await?;
    pulse.end().await?;
    let (_, answer) = Tablet::tries(&second, &pass.code).await?;
    answer.ok().context("the new device enters at the other node")?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_house_whose_database_is_gone_says_so_and_is_well_again() -> Result<()> {
    if Engine::Postgres.left_out() {
        return Ok(());
    }
    let hall = Hall::with_open_exam(Engine::Postgres).await?;
    let mut tablet = hall.contestant(0).await?;
    tablet.sheet().await?;
    let watcher = hall.passer_by()?;
    assert_eq!(watcher.get("/healthz").await?.status, 200);
    hall.database.is_gone(true).await?;
    let told = until("the house to notice", async || {
        let answer = watcher.get("/healthz").await?;
        Ok((answer.status == 503).then_some(answer))
    })
    .await?;
    assert_eq!(told.json::<serde_json::Value>()?["status"], "database");
    // What cannot be kept is not acknowledged: the tablet keeps it.
    tablet.taps(0, Choice::only(1));
    let answer = tablet.sends(&tablet.unsent(), 1).await?;
    assert!(answer.status.is_server_error(), "{}", answer.text());
    hall.database.is_gone(false).await?;
    until("the house to be well", async || {
        Ok((watcher.get("/healthz").await?.status == 200).then_some(()))
    })
    .await?;
    until("the answer to be kept", async || {
        let answer = tablet.sends(&tablet.unsent(), 1).await?;
        Ok(answer.status.is_success().then_some(()))
    })
    .await
}
