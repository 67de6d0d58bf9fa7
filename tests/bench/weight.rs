//! What a page weighs on the wire: the document and everything that a browser fetches for it.

use anyhow::{Context, Result, ensure};
use harness::{chrome::Chrome, until};
use std::net::SocketAddr;
use thirtyfour::Cookie;

/// The names by which a browser reaches the house, with the coding that it then offers: brotli on https and on this
/// machine only, so that a hall gets gzip.
const NAMES: [(&str, &str); 2] = [("br", "localhost"), ("gzip", "hoi-thi.test")];

/// Bytes of `path` with all that a contestant's browser fetches until the page is alive, by coding.
pub async fn of_page(addr: SocketAddr, cookie: &str, path: &str) -> Result<Vec<(&'static str, f64)>> {
    let chrome = Chrome::start().await?;
    let mut totals = Vec::new();
    for (coding, name) in NAMES {
        let browser = chrome
            .browser(&["--host-resolver-rules=MAP hoi-thi.test 127.0.0.1"])
            .await?;
        let base = format!("http://{name}:{}", addr.port());
        // A page without files, so that everything is fetched for the page that is weighed.
        browser.goto(format!("{base}/healthz")).await?;
        for pair in cookie.split("; ") {
            let (name, value) = pair.split_once('=').context("a cookie")?;
            browser.add_cookie(Cookie::new(name, value)).await?;
        }
        browser.goto(format!("{base}{path}")).await?;
        let fetched = until("the page to be alive, and its letters there", async || {
            let fetched = browser
                .execute(
                    "if (!document.querySelector('[data-live]') || document.fonts.status !== 'loaded') return null;
                     const all = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
                     return all.map((one) => [new URL(one.name).pathname, one.encodedBodySize]);",
                    vec![],
                )
                .await?;
            Ok(serde_json::from_value::<Option<Vec<(String, f64)>>>(fetched.json().clone())?)
        })
        .await
        .context("is the site built in?")?;
        for kind in [".wasm", ".js", ".css", ".woff2"] {
            ensure!(
                fetched
                    .iter()
                    .any(|(name, bytes)| name.ends_with(kind) && *bytes > 0.0),
                "no {kind} was fetched: {fetched:?}"
            );
        }
        totals.push((coding, fetched.iter().map(|(_, bytes)| bytes).sum()));
        browser.quit().await?;
    }
    Ok(totals)
}
