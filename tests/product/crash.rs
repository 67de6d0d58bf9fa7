//! Power cuts: the program is killed at random moments under load, and everything acknowledged is there.

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, ensure};
use contest::question::Choice;
use harness::process::Process;
use harness::{Engine, Hall, Tablet};
use rand::RngExt;
use tokio_util::sync::CancellationToken;

/// How often the power is cut.
const CUTS: usize = 20;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_acknowledged_answer_survives_twenty_kills() -> Result<()> {
    let mut hall = Hall::empty(Engine::Sqlite).await?;
    hall.teams = harness::files::teams(6, 4);
    hall.creates("Hội thi mất điện").await?;
    hall.imports_teams().await?;
    hall.imports_questions().await?;
    hall.prepares().await?;
    hall.opens().await?;
    let mut tablets = hall.contestants().await?;
    for tablet in &mut tablets {
        tablet.sheet().await?;
    }
    hall.stops().await?;

    let program = Path::new(env!("CARGO_BIN_EXE_hoithi-under-test"));
    let mut acknowledged = 0;
    for cut in 0..CUTS {
        let log = hall.database.folder().join(format!("{cut}.log"));
        let process = Process::serves(program, hall.database.url(), log).await?;
        for tablet in &mut tablets {
            tablet.visitor = tablet.visitor.at(&process.base());
        }
        let stop = CancellationToken::new();
        let loads: Vec<_> = tablets
            .drain(..)
            .map(|tablet| tokio::spawn(taps_away(tablet, stop.clone())))
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
    for tablet in &mut tablets {
        tablet.visitor = tablet.visitor.at(&process.base());
        tablet.returns().await?;
        ensure!(tablet.unsent().is_empty(), "a tablet keeps {:?}", tablet.unsent());
    }
    let mut connection = hall.database.connect().await?;
    let (kept, distinct): (i64, i64) = sqlx::query_as(
        "SELECT (SELECT COUNT(*) FROM answer), \
         (SELECT COUNT(*) FROM (SELECT DISTINCT attempt, question, revision FROM answer) AS each_once)",
    )
    .fetch_one(&mut connection)
    .await?;
    assert_eq!(kept, distinct);
    let (counted, answered): (i64, i64) = sqlx::query_as(
        "SELECT CAST((SELECT SUM(answered) FROM progress) AS BIGINT), \
         (SELECT COUNT(*) FROM (SELECT DISTINCT attempt, question FROM answer) AS each_once)",
    )
    .fetch_one(&mut connection)
    .await?;
    assert_eq!(counted, answered, "the board's counts are those of the rows");
    Ok(())
}

/// A contestant who changes his mind all the time.
async fn taps_away(mut tablet: Tablet, stop: CancellationToken) -> Result<Tablet> {
    while !stop.is_cancelled() {
        let (question, option) = {
            let mut rng = rand::rng();
            (rng.random_range(0..30), rng.random_range(0..4))
        };
        tablet.taps(question, Choice::only(option));
        tablet.flushes().await?;
        // Alone, a client without a server would spin.
        tokio::task::yield_now().await;
    }
    Ok(tablet)
}
