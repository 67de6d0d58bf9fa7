//! What a tablet keeps until the server has it, a contestant's answers and a judge's marks alike: pure, so
//! that every interleaving of taps, losses and reloads can be tested without a browser.
//!
//! One [`Line`] a question or criterion. All tabs of one browser share the lines through local storage: a tab
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

mod line;
mod lines;
#[cfg(not(feature = "tablet"))]
mod marks;
#[cfg(not(feature = "tablet"))]
mod remark;

pub use line::{Kept, Line};
pub use lines::{Conflict, Heard, Lines, Sent};
#[cfg(not(feature = "tablet"))]
pub use marks::{MarkReceipt, MarkSent, Marks};
#[cfg(not(feature = "tablet"))]
pub use remark::Remark;

/// The most answers in one request: a full paper after a long outage goes in two or three.
pub const BATCH: usize = 50;

/// The body of `POST /api/thi/answers`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packet {
    pub attempt: i64,
    pub answers: Vec<Answer>,
    /// The sum of the paper they were given on, when it is not the one on the tablet now: a number may be
    /// another paper's in a database that was made anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paper: Option<String>,
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

/// The answers of one attempt, by place on the paper.
pub type Outbox = Lines<u16, Choice>;

impl Outbox {
    /// An empty one for a paper of so many questions.
    pub fn new(questions: usize) -> Self {
        Self::of(0..questions as u16, Conflict::Mine)
    }

    /// The current choice at `place`.
    pub fn choice(&self, place: u16) -> Choice {
        self.line(place).value
    }

    /// Places without an answer.
    pub fn blanks(&self) -> Vec<u16> {
        self.keys()
            .filter(|place| self.choice(*place).is_blank())
            .collect()
    }

    /// The contestant has chosen. The same choice again is no news.
    pub fn tap(&mut self, place: u16, choice: Choice, chosen_at: Moment) {
        self.set(place, choice, chosen_at);
    }

    /// Takes in what the server holds of the whole attempt.
    pub fn hold(&mut self, held: &BTreeMap<u16, Held>) {
        for place in self.keys().collect::<Vec<u16>>() {
            self.held(place, held.get(&place).map(|held| (held.revision, held.choice)));
        }
    }

    /// The answers to send now, those that wait longest first by place.
    pub fn batch(&self) -> Vec<Answer> {
        let answer = |sent: Sent<u16, Choice>| Answer {
            question: sent.key,
            revision: sent.revision,
            choice: sent.value,
            chosen_at: sent.at,
        };
        self.waiting().map(answer).take(BATCH).collect()
    }

    /// Takes in the receipts for `sent`. True if the server takes no more answers in time.
    pub fn receive(&mut self, sent: &[Answer], receipts: &[Receipt]) -> bool {
        let mut too_late = false;
        for receipt in receipts {
            let of =
                |answer: &&Answer| (answer.question, answer.revision) == (receipt.question, receipt.revision);
            let choice = sent.iter().find(of).map(|answer| answer.choice);
            let heard = match receipt.outcome {
                Outcome::Saved { timing } => {
                    too_late |= timing == Timing::TooLate;
                    Heard::Kept
                }
                Outcome::Superseded { revision, choice } => Heard::Holds {
                    revision,
                    value: choice,
                },
            };
            self.hear(receipt.question, receipt.revision, choice.as_ref(), heard);
        }
        too_late
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
