//! The clocks that a hall and a broadcast look at: they count along with the house's.

use anyhow::{Context, Result, ensure};
use contest::actor::Role;
use harness::{Hall, Visitor, until};
use serde_json::Value;

use crate::driver::Driver;
use crate::wall::{claimed, shows};
use crate::window::Window;

/// Draws the order of the second round, with a judge for it. Answers with the secretary who did it.
pub(crate) async fn draws_order(hall: &Hall) -> Result<Visitor> {
    let secretary = hall.secretary().await?;
    let judge = hall
        .invites(Role::Judge, "Giám khảo An")
        .await?
        .person
        .to_string();
    let round = [("contest", &*hall.contest), ("round", "2")];
    let panel = [round[0], round[1], ("judges[0]", &*judge), ("chief", &*judge)];
    hall.organizer.act("set_panel", &panel).await?;
    for step in ["seal", "open"] {
        let draw = [round[0], round[1], ("of", "order"), ("step", step)];
        secretary.act("draw_lots", &draw).await?;
    }
    Ok(secretary)
}

/// Puts a team of the second round on stage and starts its clock.
pub(crate) async fn performs(hall: &Hall, team: &str) -> Result<()> {
    let secretary = draws_order(hall).await?;
    for act in ["call", "start"] {
        let run = [
            ("contest", &*hall.contest),
            ("round", "2"),
            ("act", act),
            ("team", team),
        ];
        secretary.act("run_stage", &run).await?;
    }
    Ok(())
}

/// What the house tells a broadcast of the team on stage.
pub(crate) async fn told_of_stage(hall: &Hall) -> Result<Value> {
    let path = format!("/api/contests/{}/overlay.json", hall.contest);
    let told: Value = hall.passer_by()?.get(&path).await?.ok()?.json()?;
    Ok(told["stage"].clone())
}

/// `10:05` or `1:00:00` in seconds.
fn seconds(text: &str) -> Option<i64> {
    let parts = text.trim().split(':').map(|part| part.parse::<i64>().ok());
    parts.reduce(|all, part| Some(all? * 60 + part?))?
}

/// Reads the clock until it has shown three times in a row, each later than the last and none further than a second
/// from what the house's clock says: `shown` is what it must show at a moment. On a machine that is busy elsewhere a
/// page may draw late once; then it begins again, but it never goes backwards.
async fn counts_along(
    hall: &Hall,
    window: &Window,
    css: &str,
    step: i64,
    shown: impl Fn(i64) -> i64,
) -> Result<()> {
    let script = format!("return document.querySelector('{css}')?.textContent ?? ''");
    let mut read: Vec<i64> = Vec::new();
    let mut told = Vec::new();
    let counted = until("three times of a clock", async || {
        let before = hall.now();
        let text = window.runs(&script).await?;
        let after = hall.now();
        let Some(time) = text.as_str().and_then(seconds) else {
            return Ok(None);
        };
        let (one, other) = (shown(before), shown(after));
        told.push((time, one, other));
        if let Some(last) = read.last() {
            ensure!((time - last) * step >= 0, "it goes backwards");
        }
        if !(one.min(other) - 1..=one.max(other) + 1).contains(&time) {
            read.clear();
        } else if read.last() != Some(&time) {
            read.push(time);
        }
        Ok((read.len() == 3).then_some(()))
    })
    .await;
    counted.with_context(|| format!("{css}, with what the house counts: {told:?}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_clock_counts_along_with_the_house() -> Result<()> {
    let driver = Driver::start().await?;
    let hall = Hall::with_open_exam(harness::Engine::Sqlite).await?;
    performs(&hall, "2").await?;
    let wall = driver.window(&hall).await?;
    wall.is_sized(1920, 1080).await?;
    claimed(&hall, &wall, "Màn hình chính").await?;

    shows(&hall, "exam", &[]).await?;
    wall.sees(".s-exam-clock").await?;
    wall.reads(".s-exam-time-of", |text| text.contains("Thời gian còn lại"))
        .await?;
    let ends = hall.board().await?["rounds"][0]["running"]["ends_at"]
        .as_i64()
        .context("an end")?;
    // What is begun of a second is left.
    let left = |now: i64| (ends - now + 999).div_euclid(1000);
    counts_along(&hall, &wall, ".s-exam-clock", -1, left).await?;

    shows(&hall, "on_stage", &[]).await?;
    wall.sees(".s-clock-time").await?;
    let stage = told_of_stage(&hall).await?;
    let since = stage["clock"]["running_since"].as_i64().context("it runs")?;
    let taken = |now: i64| (now - since).div_euclid(1000);
    counts_along(&hall, &wall, ".s-clock-time", 1, taken).await?;

    let overlay = driver.window(&hall).await?;
    overlay.is_sized(1920, 1080).await?;
    overlay.goes_to(&format!("/phu-de/{}", hall.contest)).await?;
    overlay.sees(".overlay[data-live] .overlay-time").await?;
    counts_along(&hall, &overlay, ".overlay-time", 1, taken).await?;
    // The house's clock is set right: by the next beat they all follow.
    hall.passes_seconds(90);
    for (window, css) in [(&wall, ".s-clock-time"), (&overlay, ".overlay-time")] {
        counts_along(&hall, window, css, 1, taken).await?;
    }
    overlay.closes().await?;
    wall.closes().await
}
