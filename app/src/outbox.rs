//! What a contestant's tablet keeps until the server has it: pure, so that every interleaving of
//! taps, losses and reloads can be tested without a browser.
//!
//! One [`Line`] a question. All tabs of one browser share the lines through local storage: a tab
//! [`absorb`](Outbox::absorb)s what is stored before it changes anything, and stores what
//! [`take_changed`](Outbox::take_changed) names afterwards. A line stays when the server has it: its
//! revision is where the next tap goes on counting, and a server restored from an older backup gets
//! it again.

use contest::{
    Millis, Moment,
    attempt::{Answer, Held, Outcome, Receipt, Timing},
    question::Choice,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The most answers in one request: a full paper after a long outage goes in two or three.
pub const BATCH: usize = 50;

/// The body of `POST /api/thi/answers`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packet {
    pub attempt: i64,
    pub answers: Vec<Answer>,
    /// How many answers the tablet has not got a receipt for, these included.
    #[serde(default)]
    pub unsent: u32,
    /// Of the tablet's battery, in percent, where the browser tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub battery: Option<u8>,
}

/// What a tablet hears after sending answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    pub receipts: Vec<Receipt>,
    /// The server's clock.
    pub now: Moment,
}

/// What a tablet knows of one question. Revision 0: never answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Line {
    pub revision: u32,
    pub choice: Choice,
    pub chosen_at: Moment,
    /// The server has said that it holds exactly this.
    pub sent: bool,
    /// Tapped before the contestant was moved to another device: it gives way to anything that
    /// the server has got from there since.
    pub yields: bool,
}

impl Line {
    /// As it stands in local storage.
    pub fn encode(&self) -> String {
        let Self {
            revision,
            choice,
            chosen_at,
            sent,
            yields,
        } = self;
        let state = u8::from(*sent) + 2 * u8::from(*yields);
        format!("{revision} {} {chosen_at} {state}", choice.0)
    }

    /// Reads [`encode`](Self::encode)'s words; `None` for anything else.
    pub fn decode(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        let line = Self {
            revision: words.next()?.parse().ok()?,
            choice: Choice(words.next()?.parse().ok()?),
            chosen_at: words.next()?.parse().ok()?,
            ..Self::default()
        };
        let state: u8 = words.next()?.parse().ok()?;
        Some(Self {
            sent: state & 1 != 0,
            yields: state & 2 != 0,
            ..line
        })
    }

    fn waits(&self) -> bool {
        self.revision > 0 && !self.sent
    }
}

/// The lines of one attempt, by place on the paper.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outbox {
    lines: Vec<Line>,
    /// Places whose line is not stored yet as it is here.
    changed: Vec<u16>,
}

impl Outbox {
    /// An empty one for a paper of so many questions.
    pub fn new(questions: usize) -> Self {
        Self {
            lines: vec![Line::default(); questions],
            changed: Vec::new(),
        }
    }

    /// What is known of the question at `place`.
    pub fn line(&self, place: u16) -> Line {
        self.lines.get(usize::from(place)).copied().unwrap_or_default()
    }

    /// The current choice at `place`.
    pub fn choice(&self, place: u16) -> Choice {
        self.line(place).choice
    }

    /// Whether the newest choice at `place` has no receipt yet.
    pub fn waits(&self, place: u16) -> bool {
        self.line(place).waits()
    }

    /// How many answers have no receipt yet.
    pub fn unsent(&self) -> u32 {
        self.lines.iter().filter(|line| line.waits()).count() as u32
    }

    /// Places without an answer.
    pub fn blanks(&self) -> Vec<u16> {
        (0u16..)
            .zip(&self.lines)
            .filter(|(_, line)| line.choice.is_blank())
            .map(|(place, _)| place)
            .collect()
    }

    /// The contestant has chosen. The same choice again is no news.
    pub fn tap(&mut self, place: u16, choice: Choice, chosen_at: Moment) {
        let line = self.line(place);
        if line.choice != choice {
            let revision = line.revision + 1;
            self.put(
                place,
                Line {
                    revision,
                    choice,
                    chosen_at,
                    ..Line::default()
                },
            );
        }
    }

    /// Takes in a line from storage: from before a reload, or from another tab.
    pub fn absorb(&mut self, place: u16, stored: Line) {
        let mine = self.line(place);
        let newer = stored.revision > mine.revision;
        // Equal numbers: both tabs counted on from the same line; what is stored was written last.
        if newer || stored.revision == mine.revision && stored != mine {
            if let Some(line) = self.lines.get_mut(usize::from(place)) {
                *line = stored;
            }
            self.changed.retain(|changed| *changed != place);
        }
    }

    /// Takes in what the server holds of the whole attempt.
    pub fn hold(&mut self, held: &BTreeMap<u16, Held>) {
        for place in 0..self.lines.len() as u16 {
            match held.get(&place) {
                Some(held) => self.compare(place, held.revision, held.choice),
                // The server has lost it, or has never had it.
                None => self.resend(place),
            }
        }
    }

    /// The answers to send now, those that wait longest first by place.
    pub fn batch(&self) -> Vec<Answer> {
        let waiting = (0u16..).zip(&self.lines).filter(|(_, line)| line.waits());
        let answer = |(question, line): (u16, &Line)| Answer {
            question,
            revision: line.revision,
            choice: line.choice,
            chosen_at: line.chosen_at,
        };
        waiting.map(answer).take(BATCH).collect()
    }

    /// Takes in the receipts for `sent`. True if the server takes no more answers in time.
    pub fn receive(&mut self, sent: &[Answer], receipts: &[Receipt]) -> bool {
        let mut too_late = false;
        for receipt in receipts {
            let place = receipt.question;
            match receipt.outcome {
                Outcome::Saved { timing } => {
                    too_late |= timing == Timing::TooLate;
                    let packet = sent
                        .iter()
                        .find(|a| (a.question, a.revision) == (place, receipt.revision));
                    let line = self.line(place);
                    if packet.is_some_and(|a| (a.revision, a.choice) == (line.revision, line.choice)) {
                        self.put(place, Line { sent: true, ..line });
                    }
                }
                // An old packet's receipt may come when a newer tap is long kept.
                Outcome::Superseded { revision, choice } if revision >= self.line(place).revision => {
                    self.compare(place, revision, choice);
                }
                Outcome::Superseded { .. } => {}
            }
        }
        too_late
    }

    /// The contestant now writes on another device: see [`Line::yields`].
    pub fn give_way(&mut self) {
        for place in 0..self.lines.len() as u16 {
            let line = self.line(place);
            if line.waits() {
                self.put(place, Line { yields: true, ..line });
            }
        }
    }

    /// The lines to store, each named once.
    pub fn take_changed(&mut self) -> Vec<(u16, Line)> {
        let changed = std::mem::take(&mut self.changed);
        changed
            .into_iter()
            .map(|place| (place, self.line(place)))
            .collect()
    }

    /// What to do about a line when the server holds `choice` under `revision`.
    fn compare(&mut self, place: u16, revision: u32, choice: Choice) {
        let line = self.line(place);
        if line.revision > revision {
            // The newest tap has not arrived; or it had, and the server was restored from a backup.
            self.resend(place);
        } else if line.choice == choice || !line.waits() || line.yields {
            let kept = if line.choice == choice { line.chosen_at } else { 0 };
            self.put(
                place,
                Line {
                    revision,
                    choice,
                    chosen_at: kept,
                    sent: true,
                    yields: false,
                },
            );
        } else {
            // The last tap on this tablet says otherwise than the server: it goes on top.
            self.put(
                place,
                Line {
                    revision: revision + 1,
                    ..line
                },
            );
        }
    }

    fn resend(&mut self, place: u16) {
        let line = self.line(place);
        if line.revision > 0 && line.sent {
            self.put(place, Line { sent: false, ..line });
        }
    }

    fn put(&mut self, place: u16, new: Line) {
        let Some(line) = self
            .lines
            .get_mut(usize::from(place))
            .filter(|line| **line != new)
        else {
            return;
        };
        *line = new;
        if !self.changed.contains(&place) {
            self.changed.push(place);
        }
    }
}

/// How long to wait before trying again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// The longest wait while somebody looks at the page.
    pub const LONGEST: Millis = 5_000;

    /// It worked.
    pub fn reset(&mut self) {
        self.failures = 0;
    }

    /// It failed: so long from now. `random` is from 0 to 1 and spreads a hall of tablets over
    /// the upper half of each step.
    pub fn next(&mut self, random: f64) -> Millis {
        let step = (400i64 << self.failures.min(4)).min(Self::LONGEST);
        self.failures += 1;
        step / 2 + (random.clamp(0.0, 1.0) * (step / 2) as f64) as i64
    }
}

#[cfg(test)]
mod tests;
