//! A contestant with his tablet, and a second implementation of the tablet's outbox: written from the
//! protocol, not from the island's code, so that one checks the other.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use contest::Moment;
use contest::attempt::{Answer, Held, Outcome, Receipt, Timing};
use contest::audience::{Sitting, Slip, Stage};
use contest::paper::Sheet;
use contest::question::Choice;
use serde::{Deserialize, Serialize};

use crate::visitor::{self, Visitor};

/// What the house has acknowledged, by attempt, question and revision: it must hold all of it, for ever.
#[derive(Clone, Debug, Default)]
pub struct Book(Arc<Mutex<Acknowledged>>);

/// By attempt, place and revision.
type Acknowledged = BTreeMap<(i64, u16, u32), Choice>;

impl Book {
    pub fn note(&self, attempt: i64, answer: &Answer) {
        let mut book = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        book.insert((attempt, answer.question, answer.revision), answer.choice);
    }

    pub fn all(&self) -> BTreeMap<(i64, u16, u32), Choice> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What a tablet hears after sending answers.
#[derive(Clone, Debug, Deserialize)]
pub struct Saved {
    pub receipts: Vec<Receipt>,
    pub now: Moment,
}

/// The body of `POST /api/thi/answers`.
#[derive(Clone, Debug, Serialize)]
pub struct Packet<'a> {
    pub attempt: i64,
    pub answers: &'a [Answer],
    pub unsent: u32,
}

/// The most answers of one packet.
const BATCH: usize = 50;

#[derive(Clone, Copy, Debug)]
struct Line {
    revision: u32,
    choice: Choice,
    chosen_at: Moment,
    sent: bool,
}

/// A contestant at his tablet.
#[derive(Clone, Debug)]
pub struct Tablet {
    pub visitor: Visitor,
    pub code: String,
    book: Book,
    attempt: Option<i64>,
    lines: BTreeMap<u16, Line>,
    receipts: Vec<Receipt>,
    online: bool,
    /// How far the tablet's own clock is off.
    wrong_by: i64,
}

impl Tablet {
    /// A new device on which the code is typed; the answer may be a refusal.
    ///
    /// # Errors
    /// When the house does not answer.
    pub async fn tries(base: &str, code: &str) -> Result<(Visitor, visitor::Answer)> {
        let visitor = Visitor::new(base)?;
        let answer = visitor.call("enter", &[("code", code)]).await?;
        Ok((visitor, answer))
    }

    /// A new device that enters by the code.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn enters(base: &str, code: &str, book: &Book) -> Result<Self> {
        let (visitor, answer) = Self::tries(base, code).await?;
        answer.ok().with_context(|| format!("entering by {code}"))?;
        Ok(Self {
            visitor,
            code: code.to_owned(),
            book: book.clone(),
            attempt: None,
            lines: BTreeMap::new(),
            receipts: Vec::new(),
            online: true,
            wrong_by: 0,
        })
    }

    /// The page is loaded again: what was tapped is in local storage still, everything else is asked for.
    #[must_use]
    pub fn reloads(&self) -> Self {
        Self {
            attempt: None,
            receipts: Vec::new(),
            ..self.clone()
        }
    }

    /// The tablet's clock is so far off.
    pub fn has_a_clock_wrong_by(&mut self, millis: i64) {
        self.wrong_by = millis;
    }

    /// What the tablet shows now.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn sitting(&mut self) -> Result<Sitting> {
        let sitting: Sitting = self.visitor.get("/api/thi").await?.ok()?.json()?;
        if let Stage::Writing { attempt, held, .. } = &sitting.stage {
            self.attempt = Some(*attempt);
            for (question, held) in held {
                let line = self.lines.entry(*question).or_insert(Line {
                    revision: held.revision,
                    choice: held.choice,
                    chosen_at: 0,
                    sent: true,
                });
                // A newer answer from another tablet stands, unless there is an unsent tap here.
                if line.sent && held.revision >= line.revision {
                    line.revision = held.revision;
                    line.choice = held.choice;
                } else if !line.sent && held.revision >= line.revision {
                    line.revision = held.revision + 1;
                }
            }
        }
        Ok(sitting)
    }

    /// The paper, which must be on the table.
    ///
    /// # Errors
    /// When he is not writing.
    pub async fn sheet(&mut self) -> Result<Sheet> {
        match self.sitting().await?.stage {
            Stage::Writing { sheet, .. } => Ok(sheet),
            other => bail!("no paper: {other:?}"),
        }
    }

    /// The attempt, once the paper was opened.
    ///
    /// # Errors
    /// When it was not.
    pub fn attempt(&self) -> Result<i64> {
        self.attempt.context("no paper was opened")
    }

    /// Taps an option; it is sent at once if the Wi-Fi is there.
    ///
    /// # Errors
    /// When the house refuses it.
    pub async fn answers(&mut self, question: u16, choice: Choice) -> Result<()> {
        self.taps(question, choice);
        self.flushes().await
    }

    /// Taps an option without sending anything yet.
    pub fn taps(&mut self, question: u16, choice: Choice) {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_millis() as i64);
        let revision = self.lines.get(&question).map_or(0, |line| line.revision) + 1;
        let line = Line {
            revision,
            choice,
            chosen_at: now + self.wrong_by,
            sent: false,
        };
        self.lines.insert(question, line);
    }

    /// What waits for a receipt.
    pub fn unsent(&self) -> Vec<Answer> {
        let waiting = self.lines.iter().filter(|(_, line)| !line.sent);
        waiting
            .map(|(question, line)| Answer {
                question: *question,
                revision: line.revision,
                choice: line.choice,
                chosen_at: line.chosen_at,
            })
            .collect()
    }

    /// Sends what waits, until nothing does or the Wi-Fi is gone.
    ///
    /// # Errors
    /// When the house refuses it.
    pub async fn flushes(&mut self) -> Result<()> {
        // Each round either sends something for good or raises a revision above the server's.
        for _ in 0..20 {
            let waiting = self.unsent();
            if waiting.is_empty() || !self.online {
                return Ok(());
            }
            let packet = &waiting[..waiting.len().min(BATCH)];
            let Ok(answer) = self.sends(packet, waiting.len() as u32).await else {
                return Ok(());
            };
            let saved: Saved = answer.ok()?.json()?;
            self.hears(packet, &saved)?;
        }
        bail!(
            "the house and the tablet do not come to agree: {:?}",
            self.unsent()
        )
    }

    /// Sends a packet as it is, whatever was sent before.
    ///
    /// # Errors
    /// When the house does not answer.
    pub async fn sends(&self, answers: &[Answer], unsent: u32) -> Result<visitor::Answer> {
        let packet = Packet {
            attempt: self.attempt()?,
            answers,
            unsent,
        };
        self.visitor.post("/api/thi/answers", &packet).await
    }

    fn hears(&mut self, packet: &[Answer], saved: &Saved) -> Result<()> {
        let attempt = self.attempt()?;
        if saved.receipts.len() != packet.len() {
            bail!("{} answers got {} receipts", packet.len(), saved.receipts.len());
        }
        for receipt in &saved.receipts {
            let answer = packet
                .iter()
                .find(|a| a.question == receipt.question && a.revision == receipt.revision)
                .with_context(|| format!("a receipt for nothing: {receipt:?}"))?;
            let line = self.lines.get_mut(&receipt.question).context("a line")?;
            match receipt.outcome {
                Outcome::Saved { .. } => {
                    self.book.note(attempt, answer);
                    line.sent |= line.revision == receipt.revision;
                }
                Outcome::Superseded { revision, choice } => {
                    line.revision = revision;
                    line.sent = line.choice == choice;
                    if !line.sent {
                        line.revision += 1;
                    }
                }
            }
        }
        self.receipts.extend(&saved.receipts);
        Ok(())
    }

    /// The house holds less than it had acknowledged (it was restored from a backup): what is missing there
    /// waits again.
    pub fn sends_again(&mut self, held: &BTreeMap<u16, Held>) {
        for (question, line) in &mut self.lines {
            line.sent &= held
                .get(question)
                .is_some_and(|held| held.revision >= line.revision);
        }
    }

    /// Every receipt so far.
    pub fn receipts(&self) -> &[Receipt] {
        &self.receipts
    }

    /// How many answers were accepted with that flag.
    pub fn saved_as(&self, timing: Timing) -> usize {
        let with = |receipt: &&Receipt| receipt.outcome == Outcome::Saved { timing };
        self.receipts.iter().filter(with).count()
    }

    /// The Wi-Fi is gone: taps stay on the tablet.
    pub fn loses_wifi(&mut self) {
        self.online = false;
    }

    /// The Wi-Fi is back: the tablet asks what the server has and sends the rest.
    ///
    /// # Errors
    /// When the house refuses it.
    pub async fn returns(&mut self) -> Result<()> {
        self.online = true;
        self.flushes().await
    }

    /// Hands the paper in.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn hands_in(&mut self) -> Result<Slip> {
        self.flushes().await?;
        let body = serde_json::json!({ "attempt": self.attempt()? });
        self.visitor.post("/api/thi/hand-in", &body).await?.ok()?.json()
    }
}
