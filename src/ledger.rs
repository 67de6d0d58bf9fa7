//! The append-only, hash-chained record of a contest (nhật ký hội thi).

use crate::{Actor, Contest, ContestId, Digest, Event, Moment, screen::ScreenFact, stage::StageFact};
use serde::{Deserialize, Serialize};

/// One entry (bút toán): a fact with its time, actor and device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// From 1, without gaps.
    pub seq: u64,
    pub at: Moment,
    pub actor: Actor,
    /// What the actor held in his hands, as far as known; for the minutes, decides nothing.
    pub device: String,
    #[serde(flatten)]
    pub event: Event,
}

/// An entry as it is stored and hashed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    pub seq: u64,
    /// The canonical bytes: JSON, fields in the order of [`Entry`].
    pub body: String,
    /// `SHA-256(previous hash in hexadecimal, body)`; the first entry follows the contest's name.
    pub hash: Digest,
}

impl Entry {
    /// The content that this entry names by its hash, if it does: a frozen bank, a listing of marks,
    /// the sealed seed of a draw, a logo.
    pub fn content(&self) -> Option<&Digest> {
        match &self.event {
            Event::ExamPrepared { prepared, .. } => Some(&prepared.bank),
            Event::ExamMarked { listing, .. } => Some(listing),
            Event::Stage {
                fact: StageFact::DrawSealed { commitment, .. },
                ..
            } => Some(commitment),
            Event::Screen {
                fact: ScreenFact::LogoAdded { logo },
            } => Some(&logo.hash),
            _ => None,
        }
    }

    /// Seals this entry behind the one whose hash is `previous`.
    pub fn seal(&self, previous: &Digest) -> Sealed {
        let body = serde_json::to_string(self).expect("plain data has a JSON form");
        let hash = chain(previous, &body);
        Sealed {
            seq: self.seq,
            body,
            hash,
        }
    }
}

/// What the first entry's hash builds on, so that no ledger passes for another contest's.
pub fn genesis(contest: &ContestId) -> Digest {
    Digest::of(contest.as_str().as_bytes())
}

fn chain(previous: &Digest, body: &str) -> Digest {
    Digest::of(format!("{previous}\n{body}").as_bytes())
}

/// The first bad entry of a ledger.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("entry {seq}: {why}")]
pub struct Broken {
    pub seq: u64,
    pub why: Why,
}

/// What is bad about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    #[error("the entry before it is missing or it stands twice")]
    Gap,
    #[error("its hash does not follow from its content and the entry before")]
    Hash,
    #[error("its content is not an entry this program understands")]
    Unreadable,
    #[error("the draw does not follow from its seal and its seed")]
    Draw,
    #[error("what it names by its hash is missing or something else")]
    Content,
}

/// Walks the chain, replays the entries, and returns the contest they tell with its last hash.
///
/// # Errors
/// Names the first entry that is missing, altered or unreadable.
pub fn replay(id: &ContestId, entries: impl IntoIterator<Item = Sealed>) -> Result<Contest, Broken> {
    let mut contest = Contest::new(id.clone());
    for sealed in entries {
        follow(&mut contest, &sealed)?;
    }
    Ok(contest)
}

/// As [`replay`], and draws every opened lot again: whoever holds the ledger could have chained
/// whatever he likes, but no other draw follows from a seed that was sealed before.
///
/// # Errors
/// As [`replay`]; or names the first draw that is not what its seed gives.
pub fn verify(id: &ContestId, entries: impl IntoIterator<Item = Sealed>) -> Result<Contest, Broken> {
    let mut contest = Contest::new(id.clone());
    for sealed in entries {
        let entry = read(&contest, &sealed)?;
        if !contest.drawn_fairly(&entry.event) {
            return Err(Broken {
                seq: sealed.seq,
                why: Why::Draw,
            });
        }
        take_in(&mut contest, &sealed, &entry);
    }
    Ok(contest)
}

/// Checks that `sealed` is the next entry of `contest` and applies it.
///
/// # Errors
/// As [`replay`].
pub fn follow(contest: &mut Contest, sealed: &Sealed) -> Result<(), Broken> {
    let entry = read(contest, sealed)?;
    take_in(contest, sealed, &entry);
    Ok(())
}

fn take_in(contest: &mut Contest, sealed: &Sealed, entry: &Entry) {
    contest.apply(entry);
    contest.head = sealed.hash.clone();
}

/// The entry in `sealed`, if it is the next of `contest`.
fn read(contest: &Contest, sealed: &Sealed) -> Result<Entry, Broken> {
    let broken = |why| Broken { seq: sealed.seq, why };
    if sealed.seq != contest.seq + 1 {
        return Err(Broken {
            seq: contest.seq + 1,
            why: Why::Gap,
        });
    }
    if chain(&contest.head, &sealed.body) != sealed.hash {
        return Err(broken(Why::Hash));
    }
    let entry: Entry = serde_json::from_str(&sealed.body).map_err(|_| broken(Why::Unreadable))?;
    if entry.seq != sealed.seq {
        return Err(broken(Why::Hash));
    }
    Ok(entry)
}
