//! What a page weighs on the wire: the document and everything it makes the browser fetch.

use anyhow::{Result, ensure};
use std::collections::BTreeSet;
use std::net::SocketAddr;

/// Bytes of `path` with all its files, by coding that the browser offers (`br`, `gzip`).
pub async fn of_page(addr: SocketAddr, cookie: &str, path: &str) -> Result<Vec<(&'static str, usize)>> {
    let mut totals = Vec::new();
    for coding in ["br", "gzip"] {
        let (document, mut total) = fetch(addr, cookie, path, coding).await?;
        let mut waiting: Vec<String> = files(&document).into_iter().collect();
        let mut seen = BTreeSet::new();
        while let Some(file) = waiting.pop() {
            if !seen.insert(file.clone()) {
                continue;
            }
            // Only the weights that a tablet's text uses are fetched by a browser.
            if file.ends_with(".woff2") && !["-400-", "-700-"].iter().any(|weight| file.contains(weight)) {
                continue;
            }
            let (content, bytes) = fetch(addr, cookie, &file, coding).await?;
            total += bytes;
            if !file.ends_with(".woff2") && !file.ends_with(".wasm") {
                waiting.extend(files(&content));
            }
        }
        // A program without its site serves a page that works, but weighs nothing.
        ensure!(
            seen.iter().any(|file| file.ends_with(".wasm")) && seen.iter().any(|file| file.ends_with(".css")),
            "the program has no site built in: {seen:?}"
        );
        totals.push((coding, total));
    }
    Ok(totals)
}

/// The plain content, and the bytes that travelled.
async fn fetch(addr: SocketAddr, cookie: &str, path: &str, coding: &str) -> Result<(String, usize)> {
    let client = reqwest::Client::new();
    let ask = |coding: &str| {
        let request = client.get(format!("http://{addr}{path}"));
        request
            .header("cookie", cookie)
            .header("accept-encoding", coding.to_owned())
            .send()
    };
    let packed = ask(coding).await?;
    ensure!(packed.status().is_success(), "{path}: {}", packed.status());
    let bytes = packed.bytes().await?.len();
    let plain = ask("identity").await?.bytes().await?;
    Ok((String::from_utf8_lossy(&plain).into_owned(), bytes))
}

/// Files of the house named in `text`.
fn files(text: &str) -> BTreeSet<String> {
    let found = text.match_indices("/pkg/").map(|(at, _)| {
        let rest = &text[at..];
        let end = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || "/-_.".contains(c)))
            .unwrap_or(rest.len());
        rest[..end].to_owned()
    });
    found.filter(|file| file.contains('.')).collect()
}
