//! A judge's marks on their way: by criterion of one sheet. Nothing is overwritten unseen: where the house
//! holds another mark, the judge is asked.

use contest::Points;
use serde::{Deserialize, Serialize};

use super::lines::{Conflict, Heard, Lines};
use crate::error::AppError;

/// The marks of one sheet.
pub type Marks = Lines<u32, Option<Points>>;

/// A mark as a judge's tablet sends it. Idempotent: sent twice it is kept once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkSent {
    #[serde(rename = "k")]
    pub criterion: u32,
    /// Counts the changes of this mark on the tablet, from 1.
    #[serde(rename = "r")]
    pub revision: u32,
    /// `None` makes it blank again.
    #[serde(rename = "p")]
    pub points: Option<Points>,
}

/// What became of a [`MarkSent`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkReceipt {
    #[serde(rename = "k")]
    pub criterion: u32,
    #[serde(rename = "r")]
    pub revision: u32,
    /// `None`: kept. Else why not; `Refused { StaleMark }` says what stands.
    pub refused: Option<AppError>,
}

impl Marks {
    /// Empty lines for the criteria of a sheet.
    pub fn of_sheet(criteria: impl IntoIterator<Item = u32>) -> Self {
        Self::of(criteria, Conflict::Ask)
    }

    /// The marks to send now.
    pub fn packet(&self) -> Vec<MarkSent> {
        let mark = |sent: super::lines::Sent<u32, Option<Points>>| MarkSent {
            criterion: sent.key,
            revision: sent.revision,
            points: sent.value,
        };
        self.waiting().map(mark).collect()
    }

    /// Takes in the receipts for `sent`.
    pub fn receive(&mut self, sent: &[MarkSent], receipts: &[MarkReceipt]) {
        for receipt in receipts {
            let of =
                |mark: &&MarkSent| (mark.criterion, mark.revision) == (receipt.criterion, receipt.revision);
            let points = sent.iter().find(of).map(|mark| mark.points);
            let heard = match &receipt.refused {
                None => Heard::Kept,
                Some(AppError::Refused {
                    refusal: contest::Refusal::StaleMark { revision, points },
                }) => Heard::Holds {
                    revision: *revision,
                    value: *points,
                },
                Some(_) => Heard::Refused,
            };
            self.hear(receipt.criterion, receipt.revision, points.as_ref(), heard);
        }
    }
}

#[cfg(test)]
mod tests;
