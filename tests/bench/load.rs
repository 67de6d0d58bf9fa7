//! Answers by the thousand: closed loops for the most there is, an open loop for the wait at a given rate.

use crate::wire::{Wire, post};
use anyhow::{Result, ensure};
use hdrhistogram::Histogram;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::time::Instant;

/// A contestant at the wire: his cookie and his attempt.
#[derive(Clone, Debug)]
pub struct Seat {
    /// The `cookie` header.
    pub cookie: String,
    /// The attempt's number.
    pub attempt: i64,
    /// How many questions his paper has.
    pub questions: u16,
}

/// What a contestant does for others to see.
#[derive(Clone, Copy, Debug)]
pub enum Change {
    /// The first answer of his paper: one more in the round's progress.
    Answer,
    /// He hands in: his team's mark is another where marks are live.
    HandIn,
}

impl Change {
    /// The request of the contestant on that seat.
    pub fn by(self, addr: SocketAddr, seat: &Seat) -> Vec<u8> {
        let attempt = seat.attempt;
        let (path, body) = match self {
            Self::Answer => (
                "/api/thi/answers",
                format!(r#"{{"attempt":{attempt},"answers":[{{"q":0,"r":1,"c":1,"t":1}}],"unsent":0}}"#),
            ),
            Self::HandIn => ("/api/thi/hand-in", format!(r#"{{"attempt":{attempt}}}"#)),
        };
        post(addr, path, &seat.cookie, &body)
    }
}

/// Everybody answers his whole paper, by chance.
pub async fn whole_papers(addr: SocketAddr, seats: &[Seat]) -> Result<()> {
    let mut wire = Wire::to(addr).await?;
    for seat in seats {
        for n in 0..u64::from(seat.questions) {
            let reply = wire.ask(&save(addr, seat, n)).await?;
            ensure!(reply.status == 200, "{}", reply.status);
        }
    }
    Ok(())
}

/// What a run of saves gave.
#[derive(Debug)]
pub struct Saves {
    /// Acknowledged saves a second.
    pub rate: f64,
    /// Microseconds from sending (open loop: from when it was due) to the acknowledgement.
    pub wait: Histogram<u64>,
}

/// One save of a seat: the `n`-th, each a new revision.
fn save(addr: SocketAddr, seat: &Seat, n: u64) -> Vec<u8> {
    let question = n % u64::from(seat.questions);
    let revision = n / u64::from(seat.questions) + 1;
    let choice = 1 << (n % 4);
    let body = format!(
        r#"{{"attempt":{},"answers":[{{"q":{question},"r":{revision},"c":{choice},"t":{n}}}],"unsent":1}}"#,
        seat.attempt
    );
    post(addr, "/api/thi/answers", &seat.cookie, &body)
}

/// `connections` contestants who each save as soon as the last save is acknowledged.
pub async fn closed(
    addr: SocketAddr,
    seats: &[Seat],
    connections: usize,
    length: Duration,
    first: u64,
) -> Result<Saves> {
    let end = Instant::now() + length;
    let mut tasks = Vec::new();
    for seats in shares(seats, connections) {
        tasks.push(tokio::spawn(async move {
            let mut wire = Wire::to(addr).await?;
            let mut wait = Histogram::<u64>::new(3)?;
            let mut n = 0;
            while Instant::now() < end {
                let seat = &seats[n as usize % seats.len()];
                let request = save(addr, seat, first + n / seats.len() as u64);
                let sent = Instant::now();
                let reply = wire.ask(&request).await?;
                ensure!(
                    reply.status == 200,
                    "{}: {}",
                    reply.status,
                    String::from_utf8_lossy(&reply.body)
                );
                wait.record(micros(sent.elapsed()))?;
                n += 1;
            }
            anyhow::Ok(wait)
        }));
    }
    let started = Instant::now();
    let mut wait = Histogram::new(3)?;
    for task in tasks {
        wait.add(task.await??)?;
    }
    Ok(Saves {
        rate: wait.len() as f64 / started.elapsed().as_secs_f64(),
        wait,
    })
}

/// Saves offered at `rate` a second whatever the answers take: waiting in line counts as waiting.
pub async fn offered(
    addr: SocketAddr,
    seats: &[Seat],
    connections: usize,
    rate: u64,
    length: Duration,
    first: u64,
) -> Result<Saves> {
    let started = Instant::now();
    let total = rate * length.as_secs();
    let next = Arc::new(AtomicU64::new(0));
    let mut tasks = Vec::new();
    for seats in shares(seats, connections) {
        let next = next.clone();
        tasks.push(tokio::spawn(async move {
            let mut wire = Wire::to(addr).await?;
            let mut wait = Histogram::<u64>::new(3)?;
            let mut mine = 0;
            loop {
                let n = next.fetch_add(1, Ordering::Relaxed);
                if n >= total {
                    return anyhow::Ok(wait);
                }
                let due = started + Duration::from_micros(n * 1_000_000 / rate);
                tokio::time::sleep_until(due).await;
                let seat = &seats[mine as usize % seats.len()];
                let request = save(addr, seat, first + mine / seats.len() as u64);
                let reply = wire.ask(&request).await?;
                ensure!(
                    reply.status == 200,
                    "{}: {}",
                    reply.status,
                    String::from_utf8_lossy(&reply.body)
                );
                wait.record(micros(due.elapsed()))?;
                mine += 1;
            }
        }));
    }
    let mut wait = Histogram::new(3)?;
    for task in tasks {
        wait.add(task.await??)?;
    }
    Ok(Saves {
        rate: wait.len() as f64 / started.elapsed().as_secs_f64(),
        wait,
    })
}

fn shares(seats: &[Seat], connections: usize) -> Vec<Vec<Seat>> {
    let per = seats.len().div_ceil(connections).max(1);
    seats.chunks(per).map(<[Seat]>::to_vec).collect()
}

/// Whole microseconds.
pub fn micros(length: Duration) -> u64 {
    u64::try_from(length.as_micros()).unwrap_or(u64::MAX).max(1)
}
