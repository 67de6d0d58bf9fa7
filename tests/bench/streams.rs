//! How soon a change is on the screens, and what thousands of screens cost.

use crate::load::{Change, Seat, micros};
use crate::wire::{Wire, find, get};
use anyhow::{Result, ensure};
use hdrhistogram::Histogram;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// Many open boards of one contest.
pub struct Screens {
    frames: mpsc::UnboundedReceiver<Instant>,
    count: usize,
}

impl Screens {
    /// Opens `count` event streams on `path`, and waits until each has its first view.
    pub async fn open(addr: SocketAddr, path: &str, count: usize) -> Result<Self> {
        let request: Arc<[u8]> = get(path, "").into();
        Self::of(addr, vec![request; count]).await
    }

    /// Opens an event stream for each of `requests`, and waits until each has its first view.
    pub async fn of(addr: SocketAddr, requests: Vec<Arc<[u8]>>) -> Result<Self> {
        let (sender, frames) = mpsc::unbounded_channel();
        let mut screens = Self {
            frames,
            count: requests.len(),
        };
        for request in requests {
            let (mut stream, mut seen) = Wire::to(addr).await?.listen(&request).await?;
            let sender = sender.clone();
            tokio::spawn(async move {
                loop {
                    // A frame ends with an empty line; only views count, not heartbeats.
                    while let Some(end) = find(&seen, b"\n\n") {
                        if find(&seen[..end], b"event: view").is_some() {
                            let _ = sender.send(Instant::now());
                        }
                        seen.drain(..end + 2);
                    }
                    match stream.read_buf(&mut seen).await {
                        Ok(1..) => {}
                        _ => return,
                    }
                    if seen.is_empty() {
                        seen.shrink_to(1024);
                    }
                }
            });
        }
        screens.everyone().await?;
        Ok(screens)
    }

    /// Waits until every screen has received one more view; returns when each did.
    async fn everyone(&mut self) -> Result<Vec<Instant>> {
        let mut at = Vec::with_capacity(self.count);
        while at.len() < self.count {
            match tokio::time::timeout(Duration::from_secs(20), self.frames.recv()).await {
                Ok(Some(instant)) => at.push(instant),
                _ => anyhow::bail!("{} of {} screens have the view", at.len(), self.count),
            }
        }
        Ok(at)
    }

    /// Makes a change by each of `seats`, who has made none yet, each at a random moment after the last has reached every screen; the time from the
    /// acknowledgement of the commit to the frame in each screen's hands.
    pub async fn follow(
        &mut self,
        addr: SocketAddr,
        seats: &[Seat],
        change: Change,
    ) -> Result<Histogram<u64>> {
        let mut wait = Histogram::<u64>::new(3)?;
        let mut wire = Wire::to(addr).await?;
        for seat in seats {
            // Answers come when they come. Right behind the last frame each would wait out the whole
            // rest between two frames, and only that rest would be measured.
            let pause = Duration::from_micros(rand::random_range(0..400_000));
            tokio::time::sleep(pause).await;
            let reply = wire.ask(&change.by(addr, seat)).await?;
            let committed = Instant::now();
            ensure!(reply.status == 200, "{}", reply.status);
            for received in self.everyone().await? {
                wait.record(micros(received.saturating_duration_since(committed)))?;
            }
        }
        Ok(wait)
    }
}
