//! Questions, as a bank keeps them and as a round freezes them.

use crate::Digest;
pub use crate::intake::{Level, QuestionDraft};
use serde::{Deserialize, Serialize};

/// The most options a question may have; a [`Choice`] has a bit for each.
pub const MOST_OPTIONS: usize = 8;

/// A set of options of one question: bit `i` stands for option `i`. None set: blank.
///
/// On a tablet and in an answer, option `i` is the `i`-th *shown*; in a [`key`](Frozen) it is the
/// `i`-th of the bank. [`Paper`](crate::paper::Paper) translates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Choice(pub u8);

impl Choice {
    /// Nothing chosen.
    pub const BLANK: Choice = Choice(0);

    /// Exactly option `i` (0 to 7).
    pub fn only(i: u8) -> Self {
        Self(1 << i.min(7))
    }

    /// The set of the options in `list`.
    pub fn of(list: &[u8]) -> Self {
        Self(list.iter().fold(0, |set, i| set | Self::only(*i).0))
    }

    pub fn is_blank(self) -> bool {
        self.0 == 0
    }

    pub fn has(self, i: u8) -> bool {
        i < 8 && self.0 & (1 << i) != 0
    }

    /// The options in the set, ascending.
    pub fn list(self) -> Vec<u8> {
        (0..8).filter(|i| self.has(*i)).collect()
    }
}

/// The questions of a round as they stood when its papers were built: the content behind
/// [`Digest`] in the ledger. Never leaves the server before publication: it holds the key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frozen {
    pub questions: Vec<QuestionDraft>,
}

impl Frozen {
    /// The bytes that the digest is of.
    pub fn canonical(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("plain data has a JSON form")
    }

    /// Names this content in the ledger.
    pub fn digest(&self) -> Digest {
        Digest::of(&self.canonical())
    }
}
