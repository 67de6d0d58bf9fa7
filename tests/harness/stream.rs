//! Reading server-sent events.

use std::collections::VecDeque;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use reqwest::Response;
use serde_json::Value;

use crate::wait::PATIENCE;

/// One event of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub name: String,
    pub id: Option<String>,
    pub data: Value,
}

/// An open stream.
#[derive(Debug)]
pub struct Stream {
    response: Response,
    buffer: Vec<u8>,
    ready: VecDeque<Event>,
    /// Everything that has been received.
    pub bytes: Vec<u8>,
}

impl Stream {
    /// # Errors
    /// When the answer is not a stream.
    pub fn of(response: Response) -> Result<Self> {
        let status = response.status();
        let kind = response.headers().get("content-type");
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !status.is_success() || !kind.starts_with("text/event-stream") {
            bail!("no stream: {status} {kind}");
        }
        Ok(Self {
            response,
            buffer: Vec::new(),
            ready: VecDeque::new(),
            bytes: Vec::new(),
        })
    }

    /// The next event; `None` when the server has ended the stream.
    ///
    /// # Errors
    /// When the connection breaks, an event is not JSON, or nothing comes for long.
    pub async fn next(&mut self) -> Result<Option<Event>> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Ok(Some(event));
            }
            let chunk = tokio::time::timeout(Duration::from_secs(30), self.response.chunk())
                .await
                .context("the stream is silent")??;
            let Some(chunk) = chunk else { return Ok(None) };
            self.bytes.extend_from_slice(&chunk);
            self.buffer.extend_from_slice(&chunk);
            while let Some(end) = self.buffer.windows(2).position(|two| two == b"\n\n") {
                let block: Vec<u8> = self.buffer.drain(..end + 2).collect();
                self.ready.extend(parse(std::str::from_utf8(&block)?)?);
            }
        }
    }

    /// The next `view`, passing over heartbeats.
    ///
    /// # Errors
    /// As [`Self::next`], when the stream ends, and when there are only heartbeats for long.
    pub async fn view(&mut self) -> Result<Value> {
        self.view_where(|_| true).await
    }

    /// The first view, from now on, that `is` holds for.
    ///
    /// # Errors
    /// As [`Self::view`].
    pub async fn view_where(&mut self, is: impl Fn(&Value) -> bool) -> Result<Value> {
        let seen = async {
            loop {
                let event = self.next().await?.context("the stream has ended")?;
                if event.name == "view" && is(&event.data["view"]) {
                    return Ok(event.data["view"].clone());
                }
            }
        };
        tokio::time::timeout(PATIENCE, seen)
            .await
            .context("no such view came")?
    }

    /// Waits until the server has ended it.
    ///
    /// # Errors
    /// When it goes on too long.
    pub async fn end(&mut self) -> Result<()> {
        // A broken connection is an end too.
        tokio::time::timeout(Duration::from_secs(30), async {
            while let Ok(Some(_)) = self.next().await {}
        })
        .await
        .context("the stream goes on")
    }
}

fn parse(block: &str) -> Result<Option<Event>> {
    let (mut name, mut id, mut data) = ("message".to_owned(), None, String::new());
    for line in block.lines() {
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut name),
            "id" => id = Some(value.to_owned()),
            "data" => data.push_str(value),
            _ => {}
        }
    }
    if data.is_empty() {
        return Ok(None);
    }
    let data = serde_json::from_str(&data).with_context(|| format!("not JSON: {data}"))?;
    Ok(Some(Event { name, id, data }))
}
