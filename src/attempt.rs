//! One contestant's attempt: its clock, and what becomes of each packet that a tablet sends.

use crate::{Millis, Moment, question::Choice};
use serde::{Deserialize, Serialize};

/// An answer as a tablet sends it. Idempotent: sent twice it is kept once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The place of the question on this contestant's paper, from 0.
    #[serde(rename = "q")]
    pub question: u16,
    /// Counts the changes of this answer on the tablet, from 1.
    #[serde(rename = "r")]
    pub revision: u32,
    /// The options chosen, as shown.
    #[serde(rename = "c")]
    pub choice: Choice,
    /// By the tablet's own clock, which may be wrong: kept as evidence, decides nothing.
    #[serde(rename = "t")]
    pub chosen_at: Moment,
}

/// When a packet arrived, seen from the deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timing {
    /// Before the deadline.
    InTime,
    /// After the deadline, within the grace of the rules: counts, flagged.
    Grace,
    /// After the grace, or after hand-in: kept, flagged, counts only if the committee admits it.
    TooLate,
}

impl Timing {
    /// 0, 1, 2 in the table of answers.
    pub fn code(self) -> i64 {
        self as i64
    }

    pub fn from_code(code: i64) -> Self {
        match code {
            0 => Self::InTime,
            1 => Self::Grace,
            _ => Self::TooLate,
        }
    }

    /// Judges an arrival at `at` against `deadline` and the rules' `grace`.
    pub fn of(at: Moment, deadline: Moment, grace: Millis) -> Self {
        if at <= deadline {
            Self::InTime
        } else if at <= deadline + grace {
            Self::Grace
        } else {
            Self::TooLate
        }
    }
}

/// What the server answers to one [`Answer`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    #[serde(rename = "q")]
    pub question: u16,
    /// The revision that this receipt is for.
    #[serde(rename = "r")]
    pub revision: u32,
    pub outcome: Outcome,
}

/// What became of an answer. Every outcome means: the server has it durably, stop sending it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Outcome {
    /// Kept, now or by an earlier packet with the same words.
    Saved { timing: Timing },
    /// The server holds another choice under this revision or a newer one (a second tab, a second
    /// tablet). If the person's last tap differs, send it again as `revision + 1`.
    Superseded { revision: u32, choice: Choice },
}

/// What the server holds as the current answer of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    #[serde(rename = "r")]
    pub revision: u32,
    #[serde(rename = "c")]
    pub choice: Choice,
    #[serde(rename = "f")]
    pub timing: Timing,
}

/// Whether `answer` is news beside what is `held`: `None` means write it down.
pub fn already(held: Option<Held>, answer: &Answer) -> Option<Outcome> {
    let held = held?;
    if answer.revision > held.revision {
        None
    } else if answer.revision == held.revision && answer.choice == held.choice {
        Some(Outcome::Saved { timing: held.timing })
    } else {
        Some(Outcome::Superseded {
            revision: held.revision,
            choice: held.choice,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(revision: u32, choice: u8) -> Answer {
        Answer {
            question: 3,
            revision,
            choice: Choice::only(choice),
            chosen_at: 0,
        }
    }

    #[test]
    fn a_repeated_packet_gets_its_receipt_again() {
        let held = Held {
            revision: 2,
            choice: Choice::only(1),
            timing: Timing::Grace,
        };
        assert_eq!(
            already(Some(held), &answer(2, 1)),
            Some(Outcome::Saved {
                timing: Timing::Grace
            })
        );
    }

    #[test]
    fn a_second_tab_with_the_same_revision_is_told_what_stands() {
        let held = Held {
            revision: 2,
            choice: Choice::only(1),
            timing: Timing::InTime,
        };
        let told = Some(Outcome::Superseded {
            revision: 2,
            choice: Choice::only(1),
        });
        assert_eq!(already(Some(held), &answer(2, 0)), told);
        assert_eq!(already(Some(held), &answer(1, 0)), told);
    }

    #[test]
    fn a_new_revision_is_written_down() {
        let held = Held {
            revision: 2,
            choice: Choice::only(1),
            timing: Timing::InTime,
        };
        assert_eq!(already(Some(held), &answer(3, 1)), None);
        assert_eq!(already(None, &answer(7, 1)), None);
    }

    #[test]
    fn the_last_millisecond_counts_and_the_grace_is_flagged() {
        assert_eq!(Timing::of(1000, 1000, 500), Timing::InTime);
        assert_eq!(Timing::of(1001, 1000, 500), Timing::Grace);
        assert_eq!(Timing::of(1500, 1000, 500), Timing::Grace);
        assert_eq!(Timing::of(1501, 1000, 500), Timing::TooLate);
    }
}
