//! What stands where nobody can press a key comes back by itself after trouble of the house.

use anyhow::{Context, Result, ensure};
use harness::{Engine, Hall};
use sqlx::{AssertSqlSafe, Executor};

use crate::driver::Driver;

/// What the browser is told at that address.
const STATUS: &str = "return performance.getEntriesByType('navigation')[0].responseStatus";

/// The tables that a page needs are out of reach, as they are while a database is being put right.
async fn renames(hall: &Hall, from: &str, to: &str) -> Result<()> {
    let rename = format!("ALTER TABLE {from} RENAME TO {to}");
    let mut connection = hall.database.connect().await?;
    connection.execute(AssertSqlSafe(rename)).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wall_that_was_loaded_in_trouble_asks_again() -> Result<()> {
    let driver = Driver::start().await?;
    let hall = Hall::with_open_exam(Engine::Sqlite).await?;
    let window = driver.window(&hall).await?;
    renames(&hall, "screen_door", "put_away").await?;
    window.goes_to("/man-hinh").await?;
    let status = window.runs(STATUS).await?;
    ensure!(status == 500, "{status}");
    window.sees(".plain [role=alert]").await?;
    let page = window.runs("return performance.timeOrigin").await?;
    let page = page.as_f64().context("when it was loaded")?;
    renames(&hall, "put_away", "screen_door").await?;
    // Nobody touches it.
    window.sees(".door[data-letters]").await?;
    let now = window.runs("return performance.timeOrigin").await?;
    ensure!(now.as_f64().context("when it was loaded")? > page);
    window.closes().await
}
