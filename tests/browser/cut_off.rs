//! A screen of the hall whose network dies without a word: it says so in time, never shows what is stale as if it
//! were not, and is right again as soon as the network is.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use harness::{Engine, Hall, until};

use crate::driver::Driver;
use crate::wall::{claimed, shows};
use crate::window::Window;
use crate::wire::Wire;

/// A page that notes, by its own clock, when it heard the house last (`heardAt`), when its badge came (`lostAt`), and,
/// after `mendedAt` is set, when it was right again (`rightAt`).
const NOTES: &str = "
    const Stream = window.EventSource;
    window.EventSource = class extends Stream {
        constructor(...of) {
            super(...of);
            for (const name of ['view', 'beat']) {
                this.addEventListener(name, () => { window.heardAt = performance.now(); });
            }
        }
    };
    new MutationObserver(() => {
        const lost = document.querySelector('.screen-lost');
        if (lost && !window.lostAt) window.lostAt = performance.now();
        if (window.mendedAt && !window.rightAt && !lost && document.querySelector('.s-message')) {
            window.rightAt = performance.now();
        }
    }).observe(document, { subtree: true, childList: true });";
const CLOCK: &str = "return document.querySelector('.s-exam-clock').textContent";

/// A screen behind a wire, with an exam on it.
async fn wired(hall: &Hall, driver: &Driver, wire: &Wire) -> Result<Window> {
    let window = driver.window_at(wire.base()).await?;
    window.is_sized(1920, 1080).await?;
    window.begins_pages_with(NOTES).await?;
    claimed(hall, &window, "Màn hình chính").await?;
    shows(hall, "exam", &[]).await?;
    window.sees(".s-exam").await?;
    window
        .reads(".s-exam-time-of", |text| text.contains("Thời gian còn lại"))
        .await?;
    Ok(window)
}

/// How long it took from the network's return until the screen was right.
async fn mended(window: &Window, wire: &Wire) -> Result<f64> {
    window.runs("window.mendedAt = performance.now()").await?;
    wire.is_cut(false);
    window.sees(".s-message").await?;
    let took = until("the screen to be right", async || {
        let took = window.runs("return window.rightAt - window.mendedAt").await?;
        Ok(took.as_f64())
    })
    .await?;
    println!("right again {took:.0} ms after the network's return");
    Ok(took)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_screen_that_is_cut_off_says_so_and_comes_back() -> Result<()> {
    let driver = Driver::start().await?;
    let hall = Hall::with_open_exam(Engine::Sqlite).await?;
    let wire = Wire::to(hall.base()).await?;
    let window = wired(&hall, &driver, &wire).await?;

    wire.is_cut(true);
    window.sees(".screen-lost").await?;
    let after = window.runs("return window.lostAt - window.heardAt").await?;
    let after = after.as_f64().context("it heard the house once")?;
    println!("cut off, and said so {after:.0} ms after the last word");
    ensure!(after <= 10_000.0, "{after} ms");
    window
        .reads(".screen-lost", |text| {
            text.contains("Mất kết nối") && text.contains(':')
        })
        .await?;
    window.is_drawn("screen-lost-1920x1080").await?;
    // The clock stands.
    let stood = window.runs(CLOCK).await?;
    let since = Instant::now();
    until("two seconds of the same time", async || {
        let now = window.runs(CLOCK).await?;
        ensure!(now == stood, "it goes on counting: {stood} {now}");
        Ok((since.elapsed() > Duration::from_secs(2)).then_some(()))
    })
    .await?;
    // What happens meanwhile is there as soon as the network is.
    shows(&hall, "message", &[("message", "Nghỉ giải lao")]).await?;
    let took = mended(&window, &wire).await?;
    ensure!(took < 2_000.0, "{took} ms");
    window.closes().await
}

/// Shorter than what a screen calls a silence, and long enough to kill its stream.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_short_cut_is_not_noticed() -> Result<()> {
    let driver = Driver::start().await?;
    let hall = Hall::with_open_exam(Engine::Sqlite).await?;
    let wire = Wire::to(hall.base()).await?;
    let window = wired(&hall, &driver, &wire).await?;
    for unheard in [500, 4_000] {
        window
            .runs("window.mendedAt = window.rightAt = undefined")
            .await?;
        shows(&hall, "exam", &[]).await?;
        window.sees(".s-exam").await?;
        wire.is_cut(true);
        shows(&hall, "message", &[("message", "Nghỉ giải lao")]).await?;
        until("some time without a word", async || {
            let still = window
                .runs(&format!("return performance.now() - window.heardAt > {unheard}"))
                .await?;
            Ok((still == true).then_some(()))
        })
        .await?;
        ensure!(window.count(".s-message").await? == 0, "it cannot know of it");
        let took = mended(&window, &wire).await?;
        ensure!(took < 2_000.0, "{took} ms after {unheard} ms without a word");
    }
    ensure!(
        window.runs("return window.lostAt ?? null").await?.is_null(),
        "nobody was told of a cut that was over before it mattered"
    );
    window.closes().await
}
