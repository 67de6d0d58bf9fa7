//! How soon the chief judge sees what a judge has saved, with forty devices looking on.

use crate::load::micros;
use crate::seed::{STAGE, Staged};
use crate::wire::{Wire, find, form, get, post};
use anyhow::{Context, Result, ensure};
use hdrhistogram::Histogram;
use rand::RngExt;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// Devices that hear the pulse and look again; the first is the chief judge's.
pub const DEVICES: usize = 40;

/// A device that has looked again: when, and the last number of the ledger in what it got.
struct Seen {
    device: usize,
    at: Instant,
    seq: u64,
}

/// Saves `marks` marks, each judge in his turn and as people do, with pauses; the time from the
/// acknowledgement of each to the chief judge's view in his hands.
pub async fn follow(addr: SocketAddr, staged: &Staged, marks: usize) -> Result<Histogram<u64>> {
    let mut wire = Wire::to(addr).await?;
    let mut cookies = Vec::new();
    for code in &staged.judges {
        let entered = wire
            .ask(&form(addr, "/api/fn/enter", &format!("code={code}")))
            .await?;
        ensure!(
            entered.location.as_deref() == Some("/giam-khao"),
            "{}",
            entered.status
        );
        cookies.push(entered.cookies.join("; "));
    }
    let (sender, mut seen) = mpsc::unbounded_channel();
    for device in 0..DEVICES {
        let cookie = &cookies[device % cookies.len()];
        let look = match device {
            0 => get(&format!("/api/contests/{}/stage/{STAGE}", staged.contest), cookie),
            _ => get("/api/cham", cookie),
        };
        let stream = Wire::to(addr)
            .await?
            .listen(&get("/api/cham/events", cookie))
            .await?;
        let wire = Wire::to(addr).await?;
        tokio::spawn(look_again(device, stream, wire, look, sender.clone()));
    }
    let mut last = 0;
    let mut first = 0;
    while first < DEVICES {
        let seen: Seen = seen.recv().await.context("every device looks")?;
        last = last.max(seen.seq);
        first += 1;
    }
    let mut wait = Histogram::<u64>::new(3)?;
    for n in 0..marks {
        let judge = 1 + n % (cookies.len() - 1);
        let revision = n / (cookies.len() - 1) + 1;
        let points = 250 * (n % 20);
        let packet =
            format!(r#"{{"round":{STAGE},"team":1,"marks":[{{"k":1,"r":{revision},"p":{points}}}]}}"#);
        let reply = wire
            .ask(&post(addr, "/api/cham/marks", &cookies[judge], &packet))
            .await?;
        let saved = Instant::now();
        ensure!(
            reply.status == 200 && find(&reply.body, b"\"refused\":null").is_some(),
            "{}: {}",
            reply.status,
            String::from_utf8_lossy(&reply.body)
        );
        last += 1;
        loop {
            let seen = tokio::time::timeout(Duration::from_secs(10), seen.recv()).await?;
            let seen = seen.context("every device looks")?;
            if seen.device == 0 && seen.seq >= last {
                wait.record(micros(seen.at.saturating_duration_since(saved)))?;
                break;
            }
        }
        let pause = rand::rng().random_range(20..300);
        tokio::time::sleep(Duration::from_millis(pause)).await;
    }
    Ok(wait)
}

/// Asks for the device's own view after every pulse.
async fn look_again(
    device: usize,
    (mut stream, mut heard): (tokio::net::TcpStream, Vec<u8>),
    mut wire: Wire,
    look: Vec<u8>,
    sender: mpsc::UnboundedSender<Seen>,
) -> Result<()> {
    loop {
        let mut pulse = false;
        while let Some(end) = find(&heard, b"\n\n") {
            pulse |= find(&heard[..end], b"event: view").is_some();
            heard.drain(..end + 2);
        }
        if pulse {
            let reply = wire.ask(&look).await?;
            let at = Instant::now();
            ensure!(reply.status == 200, "{}", reply.status);
            let view: serde_json::Value = serde_json::from_slice(&reply.body)?;
            let seq = view["seq"].as_u64().or_else(|| view["panel"]["seq"].as_u64());
            let seq = seq.context("the view's number")?;
            if sender.send(Seen { device, at, seq }).is_err() {
                return Ok(());
            }
        }
        ensure!(stream.read_buf(&mut heard).await? > 0, "the house hung up");
    }
}
