//! An exam round as the ledger tells it: its phase, its clock, its corrections, its marks.

use crate::{
    Digest, Millis, Moment, PersonId, Points, TeamId,
    attempt::Timing,
    question::Choice,
    rules::{ExamClock, ExamRules},
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How far an exam round has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExamPhase {
    /// No papers yet.
    #[default]
    Draft,
    Prepared,
    Open,
    Closed,
    Marked,
    Published,
}

/// An exam round folded from its events.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exam {
    pub phase: ExamPhase,
    /// What the papers were built from; `None` in [`ExamPhase::Draft`].
    pub prepared: Option<Prepared>,
    pub opened_at: Option<Moment>,
    /// Closed pauses and reopening gaps, each `[from, to)`: time that does not count.
    pub stops: Vec<(Moment, Moment)>,
    /// Since when the round stands still now.
    pub paused_at: Option<Moment>,
    pub closed_at: Option<Moment>,
    /// Extra time that contestants were granted, and when.
    pub extra: BTreeMap<PersonId, Vec<(Moment, Millis)>>,
    /// The last reopening, and the time that it gave everybody from then on.
    pub reopened: Option<(Moment, Millis)>,
    /// Contestants whose too late packets the committee admitted.
    pub admitted: BTreeSet<PersonId>,
    /// Corrections of the key by place in the frozen bank; `None` declares the question void.
    pub corrections: BTreeMap<u16, Option<Choice>>,
    pub marks: BTreeMap<TeamId, TeamMark>,
    /// The content that lists every attempt's mark.
    pub listing: Option<Digest>,
    /// Counts grants, pauses and reopenings, so that a tablet knows when to ask for its time again.
    pub clock_version: u32,
}

/// What the papers of a round were built from; with this every paper can be built again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prepared {
    /// The content [`Frozen`](crate::question::Frozen).
    pub bank: Digest,
    /// How many questions that content has.
    pub questions: u16,
    /// 32 bytes in hexadecimal.
    pub seed: String,
    /// The number of papers.
    pub papers: u32,
    /// The rules that they were built by, and that the attempts are held and marked by.
    pub rules: ExamRules,
}

/// A team's mark in an exam round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamMark {
    pub team: TeamId,
    /// Combined, scaled and rounded by the rules, not weighted.
    pub mark: Points,
    /// Whole seconds that the counted members took together.
    pub seconds: i64,
    /// How many members' marks stand behind it.
    pub members: u32,
}

impl Exam {
    /// The end of `person`'s time, who opened his paper at `started`; `None` while the round is
    /// not open for him. While the round is paused the end moves on with `now`.
    pub fn deadline(&self, person: PersonId, started: Option<Moment>, now: Moment) -> Option<Moment> {
        let rules = &self.prepared.as_ref()?.rules;
        let from = match rules.clock {
            ExamClock::Common => self.opened_at?,
            ExamClock::Own => started?.max(self.opened_at?),
        };
        let end = self.run_out(person, from, rules.duration, now);
        let end = match self.reopened {
            Some((at, millis)) => end.max(self.run_out(person, at, millis, now)),
            None => end,
        };
        Some(match self.closed_at {
            Some(closed) => end.min(closed),
            None => end,
        })
    }

    /// Since when nobody may begin any more by the rules; `None` when they set no such end. A
    /// reopening lets in again for the time that it gives.
    pub fn entry_ends(&self, now: Moment) -> Option<Moment> {
        let rules = &self.prepared.as_ref()?.rules;
        let window = rules.entry.filter(|_| rules.clock == ExamClock::Own)?;
        // Nobody has this id: extra time is for writing, not for coming.
        let nobody = PersonId(0);
        let end = self.run_out(nobody, self.opened_at?, window, now);
        Some(match self.reopened {
            Some((at, millis)) => end.max(self.run_out(nobody, at, millis, now)),
            None => end,
        })
    }

    /// Whether `person` may open his paper at `now`: not while the round stands still, nor when his
    /// time, or the time for coming, is over.
    pub fn may_begin(&self, person: PersonId, now: Moment) -> bool {
        self.phase == ExamPhase::Open
            && self.paused_at.is_none()
            && self.entry_ends(now).is_none_or(|end| now < end)
            && self.deadline(person, Some(now), now).is_some_and(|end| now < end)
    }

    /// When `length` of running time, begun at `from`, has run out for `person`: grants made since
    /// then lengthen it, stops push it on.
    fn run_out(&self, person: PersonId, from: Moment, length: Millis, now: Moment) -> Moment {
        let grants = self.extra.get(&person).map_or(&[][..], Vec::as_slice);
        let counts_from = if self.reopened.is_some_and(|(at, _)| at == from) {
            from
        } else {
            Moment::MIN
        };
        let extra: Millis = grants
            .iter()
            .filter(|(at, _)| *at >= counts_from)
            .map(|(_, millis)| millis)
            .sum();
        let running = self.paused_at.map(|since| (since, now.max(since)));
        let mut end = from + length + extra;
        // In order of time, each stop that begins before the end so far pushes the end on.
        for (since, until) in self.stops.iter().copied().chain(running) {
            if since < end && until > from {
                end += until - since.max(from);
            }
        }
        end
    }

    /// Judges a packet of `person` that arrived at `at`.
    pub fn timing(
        &self,
        person: PersonId,
        started: Option<Moment>,
        handed_in: Option<Moment>,
        at: Moment,
    ) -> Timing {
        let grace = self.prepared.as_ref().map_or(0, |p| p.rules.grace);
        let Some(deadline) = self.deadline(person, started, at) else {
            return Timing::TooLate;
        };
        match handed_in {
            // Handed in by himself: nothing more counts. By the server: `handed_in` is the deadline.
            Some(done) if done < deadline => Timing::TooLate,
            _ if self.phase > ExamPhase::Closed => Timing::TooLate,
            _ => Timing::of(at, deadline, grace),
        }
    }

    /// Whether an answer of that timing counts for `person`.
    pub fn counts(&self, person: PersonId, timing: Timing) -> bool {
        timing < Timing::TooLate || self.admitted.contains(&person)
    }

    /// The seconds of `person`'s attempt that count: from his start to his hand-in, without stops.
    pub fn seconds(&self, started: Moment, handed_in: Moment) -> i64 {
        let from = match self.prepared.as_ref().map(|p| p.rules.clock) {
            Some(ExamClock::Common) => self.opened_at.unwrap_or(started),
            _ => started,
        };
        let stopped: Millis = self
            .stops
            .iter()
            .map(|(since, until)| (until.min(&handed_in) - since.max(&from)).max(0))
            .sum();
        // A begun second counts: nobody gains by a fraction that no screen shows.
        ((handed_in - from - stopped).max(0) + 999) / 1000
    }
}
