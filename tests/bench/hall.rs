//! A change until it is drawn: managed screens and phones, one of each in a real browser.

use crate::load::{Change, Seat, micros};
use crate::wire::{Wire, form};
use anyhow::{Context, Result, bail, ensure};
use harness::chrome::Chrome;
use hdrhistogram::Histogram;
use std::net::SocketAddr;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use thirtyfour::WebDriver;

/// A screen and a phone in real browsers. More than one for each core would measure how they wait for each other.
pub struct Drawn {
    _chrome: Chrome,
    /// What each is called in the figures.
    windows: [(&'static str, WebDriver); 2],
}

impl Drawn {
    /// Lets a screen in by `code`, opens the public's page on a phone, and waits until the screen has drawn.
    pub async fn open(addr: SocketAddr, code: &str, page: &str) -> Result<Self> {
        let chrome = Chrome::start().await?;
        let screen = chrome.browser(&["--window-size=1920,1080"]).await?;
        screen.goto(format!("http://{addr}/man-hinh")).await?;
        // The way a card is entered, by the page's own origin.
        screen
            .execute(
                "const form = new URLSearchParams({ code: arguments[0] });
                 return fetch('/api/fn/enter', { method: 'POST', body: form, headers: { accept: 'text/html' } })
                     .then(() => true);",
                vec![code.into()],
            )
            .await?;
        screen.goto(format!("http://{addr}/man-hinh")).await?;
        let phone = chrome.browser(&["--window-size=360,740"]).await?;
        phone.goto(format!("http://{addr}{page}")).await?;
        let drawn = Self {
            _chrome: chrome,
            windows: [("screen", screen), ("phone", phone)],
        };
        drawn
            .next(&drawn.windows[0].1, 0.0)
            .await
            .context("the first view")?;
        Ok(drawn)
    }

    /// When the window drew a view first after `since`, both in milliseconds of the machine's clock.
    async fn next(&self, window: &WebDriver, since: f64) -> Result<f64> {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(20) {
            let found = window
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

    /// Makes a change by each of `seats` at random moments; for each browser, the time from the acknowledgement of
    /// the commit until it has drawn it.
    pub async fn follow(
        &self,
        addr: SocketAddr,
        seats: &[Seat],
        change: Change,
    ) -> Result<Vec<(&'static str, Histogram<u64>)>> {
        let mut waits = Vec::new();
        for (name, _) in &self.windows {
            waits.push((*name, Histogram::<u64>::new(3)?));
        }
        let mut wire = Wire::to(addr).await?;
        for seat in seats {
            let pause = Duration::from_micros(rand::random_range(200_000..600_000));
            tokio::time::sleep(pause).await;
            let asked = now();
            let reply = wire.ask(&change.by(addr, seat)).await?;
            let committed = now();
            ensure!(reply.status == 200, "{}", reply.status);
            for ((_, window), (_, wait)) in self.windows.iter().zip(&mut waits) {
                // A frame may be drawn before the answer to the sender has been read.
                let drawn = self.next(window, asked).await?;
                wait.record(micros(Duration::from_secs_f64(
                    (drawn - committed).max(0.0) / 1000.0,
                )))?;
            }
        }
        Ok(waits)
    }

    /// Ends the browsers.
    pub async fn close(self) -> Result<()> {
        for (_, window) in self.windows {
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
