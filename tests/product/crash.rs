//! Power cuts: the program is killed at random moments under load, and everything acknowledged is there.

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, ensure};
use contest::audience::Slip;
use contest::question::Choice;
use harness::process::Process;
use harness::{Engine, Hall, Tablet};
use rand::RngExt;
use tokio_util::sync::CancellationToken;

/// How often the power is cut.
const CUTS: usize = 20;
/// A tablet hands in after so many taps or so.
const HAND_IN_ONE_IN: u32 = 200;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_acknowledged_answer_survives_twenty_kills() -> Result<()> {
    let mut hall = Hall::empty(Engine::Sqlite).await?;
    hall.teams = harness::files::teams(6, 4);
    hall.creates("Hội thi mất điện").await?;
    hall.imports_teams().await?;
    hall.imports_questions().await?;
    hall.prepares().await?;
    hall.opens().await?;
    let mut tablets = Vec::new();
    for mut tablet in hall.contestants().await? {
        tablet.sheet().await?;
        tablets.push((tablet, None));
    }
    hall.stops().await?;

    let program = Path::new(env!("CARGO_BIN_EXE_hoithi-under-test"));
    let mut acknowledged = 0;
    for cut in 0..CUTS {
        let log = hall.database.folder().join(format!("{cut}.log"));
        let process = Process::serves(program, hall.database.url(), log).await?;
        for (tablet, _) in &mut tablets {
            tablet.visitor = tablet.visitor.at(&process.base());
        }
        let stop = CancellationToken::new();
        let loads: Vec<_> = tablets
            .drain(..)
            .map(|(tablet, slip)| tokio::spawn(taps_away(tablet, slip, stop.clone())))
            .collect();
        // The one random moment of the test: any of them must do.
        let moment = rand::rng().random_range(20..400);
        tokio::time::sleep(Duration::from_millis(moment)).await;
        process.dies().await?;
        stop.cancel();
        for load in loads {
            tablets.push(load.await??);
        }
        Hall::holds(hall.database.url(), &hall.book, true).await?;
        let now = hall.book.all().len();
        acknowledged = now.max(acknowledged);
    }
    ensure!(
        acknowledged > CUTS * 10,
        "there was hardly any load: {acknowledged}"
    );

    // Power is back for good: what was still on the tablets arrives, and nothing is counted twice.
    let log = hall.database.folder().join("last.log");
    let process = Process::serves(program, hall.database.url(), log).await?;
    let mut slips = 0;
    for (tablet, slip) in &mut tablets {
        tablet.visitor = tablet.visitor.at(&process.base());
        tablet.returns().await?;
        ensure!(tablet.unsent().is_empty(), "a tablet keeps {:?}", tablet.unsent());
        // Who has a receipt has handed in once and for all: the same paper, at the same moment.
        if let Some(slip) = slip {
            let again = tablet.hands_in().await?;
            assert_eq!((again.code, again.handed_in), (slip.code.clone(), slip.handed_in));
            slips += 1;
        }
    }
    ensure!(slips > 0, "nobody has handed in under load");
    let mut connection = hall.database.connect().await?;
    // What is counted with each answer and each hand-in would differ if one had its effect twice, or half.
    let [answered, handed_in]: [(i64, i64); 2] = [
        sqlx::query_as(
            "SELECT CAST((SELECT SUM(answered) FROM progress) AS BIGINT), (SELECT COUNT(*) FROM \
             (SELECT DISTINCT attempt, question FROM answer WHERE timing < 2) AS each_once)",
        )
        .fetch_one(&mut connection)
        .await?,
        sqlx::query_as(
            "SELECT CAST((SELECT SUM(handed_in) FROM progress) AS BIGINT), \
             (SELECT COUNT(*) FROM attempt WHERE handed_in IS NOT NULL)",
        )
        .fetch_one(&mut connection)
        .await?,
    ];
    assert_eq!(
        answered.0, answered.1,
        "the board's count of answers is that of the rows"
    );
    assert_eq!(handed_in.0, handed_in.1, "and of papers");
    Ok(())
}

/// A contestant who changes his mind all the time, and hands in at some moment. What is tapped after that is
/// kept as too late.
async fn taps_away(
    mut tablet: Tablet,
    mut slip: Option<Slip>,
    stop: CancellationToken,
) -> Result<(Tablet, Option<Slip>)> {
    while !stop.is_cancelled() {
        let (question, option, enough) = {
            let mut rng = rand::rng();
            (
                rng.random_range(0..30),
                rng.random_range(0..4),
                rng.random_ratio(1, HAND_IN_ONE_IN),
            )
        };
        if enough && slip.is_none() {
            slip = match tablet.hands_in().await {
                Ok(slip) => Some(slip),
                // The power went before the receipt came: he asks again when it is back.
                Err(error) if error.is::<reqwest::Error>() => None,
                Err(error) => return Err(error),
            };
        }
        tablet.taps(question, Choice::only(option));
        tablet.flushes().await?;
        // Alone, a client without a server would spin.
        tokio::task::yield_now().await;
    }
    Ok((tablet, slip))
}
