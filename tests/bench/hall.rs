//! A change until it is drawn: managed screens and phones, some of the screens in real browsers.

use crate::load::{Seat, micros};
use crate::wire::{Wire, form, post};
use anyhow::{Context, Result, bail, ensure};
use harness::chrome::Chrome;
use hdrhistogram::Histogram;
use std::net::SocketAddr;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use thirtyfour::WebDriver;

/// Browsers that draw. More than one for each core would measure how they wait for each other.
pub const BROWSERS: usize = 2;

/// Screens in real browsers.
pub struct Drawn {
    _chrome: Chrome,
    windows: Vec<WebDriver>,
}

impl Drawn {
    /// Lets a browser in by each of `codes`, and waits until it has drawn its screen.
    pub async fn open(addr: SocketAddr, codes: &[String]) -> Result<Self> {
        let chrome = Chrome::start().await?;
        let mut windows = Vec::new();
        for code in codes {
            let window = chrome.browser(&["--window-size=1920,1080"]).await?;
            window.goto(format!("http://{addr}/man-hinh")).await?;
            // The way a card is entered, by the page's own origin.
            window
                .execute(
                    "const form = new URLSearchParams({ code: arguments[0] });
                     return fetch('/api/fn/enter', { method: 'POST', body: form, headers: { accept: 'text/html' } })
                         .then(() => true);",
                    vec![code.clone().into()],
                )
                .await?;
            window.goto(format!("http://{addr}/man-hinh")).await?;
            windows.push(window);
        }
        let drawn = Self {
            _chrome: chrome,
            windows,
        };
        for window in 0..drawn.windows.len() {
            drawn.next(window, 0.0).await.context("the first view")?;
        }
        Ok(drawn)
    }

    /// When the window drew a view first after `since`, both in milliseconds of the machine's clock.
    async fn next(&self, window: usize, since: f64) -> Result<f64> {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(20) {
            let found = self.windows[window]
                .execute(
                    "const at = performance.getEntriesByType('mark')
                         .filter((mark) => mark.name.startsWith('drawn '))
                         .map((mark) => performance.timeOrigin + mark.startTime)
                         .filter((at) => at > arguments[0]);
                     return at.length ? Math.min(...at) : null;",
                    vec![since.into()],
                )
                .await?;
            if let Some(at) = found.json().as_f64() {
                return Ok(at);
            }
        }
        bail!("nothing was drawn")
    }

    /// Makes `changes` changes at random moments; the time from the acknowledgement of the commit until
    /// each browser has drawn it.
    pub async fn follow(&self, addr: SocketAddr, seats: &[Seat], changes: usize) -> Result<Histogram<u64>> {
        ensure!(changes <= seats.len(), "a seat a change");
        let mut wait = Histogram::<u64>::new(3)?;
        let mut wire = Wire::to(addr).await?;
        for seat in &seats[..changes] {
            let pause = Duration::from_micros(rand::random_range(200_000..600_000));
            tokio::time::sleep(pause).await;
            let body = format!(
                r#"{{"attempt":{},"answers":[{{"q":0,"r":1,"c":1,"t":1}}],"unsent":0}}"#,
                seat.attempt
            );
            let asked = now();
            let reply = wire
                .ask(&post(addr, "/api/thi/answers", &seat.cookie, &body))
                .await?;
            let committed = now();
            ensure!(reply.status == 200, "{}", reply.status);
            for window in 0..self.windows.len() {
                // A frame may be drawn before the answer to the sender has been read.
                let drawn = self.next(window, asked).await?;
                wait.record(micros(Duration::from_secs_f64(
                    (drawn - committed).max(0.0) / 1000.0,
                )))?;
            }
        }
        Ok(wait)
    }

    /// Ends the browsers.
    pub async fn close(self) -> Result<()> {
        for window in self.windows {
            window.quit().await?;
        }
        Ok(())
    }
}

/// The machine's clock in milliseconds, as a page's `performance.timeOrigin` has it.
fn now() -> f64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    since.as_secs_f64() * 1000.0
}

/// Lets a screen in by its code; its cookies.
pub async fn enter(addr: SocketAddr, code: &str) -> Result<String> {
    let mut wire = Wire::to(addr).await?;
    let reply = wire
        .ask(&form(addr, "/api/fn/enter", &format!("code={code}")))
        .await?;
    ensure!(
        reply.location.as_deref() == Some("/man-hinh"),
        "{}: {:?}",
        reply.status,
        reply.location
    );
    Ok(reply.cookies.join("; "))
}
