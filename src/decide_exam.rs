//! What may be done with an exam round, and what stands in the way.

use crate::{
    Blocker, Contest, Event, Moment, PersonId, Refusal, RoundId,
    command::{Facts, Marking},
    decide::{MOST_EXTRA, blocked, changed, in_range, sound_reason},
    exam::{Exam, ExamPhase, Prepared},
    ident::hex,
    paper,
    question::{Choice, Frozen},
    refusal::{Fault, Field},
    rules::TieBreak,
    standing,
};
use rand::Rng;
use std::borrow::Cow;

impl Contest {
    /// Builds the papers from `bank`.
    pub(crate) fn prepare_exam(
        &self,
        round: RoundId,
        bank: &Frozen,
        contestants: u32,
        facts: &Facts,
        rng: &mut impl Rng,
    ) -> Result<Vec<Event>, Refusal> {
        self.in_phase(round, &[ExamPhase::Draft, ExamPhase::Prepared])?;
        let rules = self
            .rules()
            .and_then(|r| r.exam(round))
            .ok_or(Refusal::UnknownRound)?;
        let facts = Facts {
            contestants,
            ..*facts
        };
        blocked(self.prepare_blockers(round, &facts, paper::shortages(&rules.blueprint, bank)))?;
        let mut seed = [0u8; 32];
        rng.fill_bytes(&mut seed);
        let prepared = Prepared {
            bank: bank.digest(),
            questions: u16::try_from(bank.questions.len())
                .map_err(|_| Refusal::invalid(Field::Blueprint, Fault::OutOfRange))?,
            seed: hex(&seed),
            papers: paper::count(rules.papers, contestants),
            rules: rules.clone(),
        };
        Ok(vec![Event::ExamPrepared { round, prepared }])
    }

    /// Lets contestants begin.
    pub(crate) fn begin_exam(&self, round: RoundId, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        self.in_phase(round, &[ExamPhase::Prepared])?;
        blocked(self.open_blockers(round, facts))?;
        let mut events = self.final_begins(round);
        events.push(Event::ExamOpened { round });
        Ok(events)
    }

    /// Stops the clock for all.
    pub(crate) fn pause_exam(&self, round: RoundId, reason: &str) -> Result<Vec<Event>, Refusal> {
        let exam = self.in_phase(round, &[ExamPhase::Open])?;
        let reason = sound_reason(reason)?;
        Ok(changed(exam.paused_at.is_none(), || Event::ExamPaused {
            round,
            reason,
        }))
    }

    /// The clock goes on.
    pub(crate) fn resume_exam(&self, round: RoundId) -> Result<Vec<Event>, Refusal> {
        let exam = self.in_phase(round, &[ExamPhase::Open])?;
        Ok(changed(exam.paused_at.is_some(), || Event::ExamResumed { round }))
    }

    /// More time for one person.
    pub(crate) fn grant_time(
        &self,
        round: RoundId,
        person: PersonId,
        millis: i64,
        reason: &str,
    ) -> Result<Vec<Event>, Refusal> {
        self.in_phase(round, &[ExamPhase::Prepared, ExamPhase::Open])?;
        in_range(Field::Minutes, millis, 1, MOST_EXTRA)?;
        Ok(vec![Event::TimeGranted {
            round,
            person,
            millis,
            reason: sound_reason(reason)?,
        }])
    }

    /// Answers that came too late count after all.
    pub(crate) fn admit_late(
        &self,
        round: RoundId,
        person: PersonId,
        reason: &str,
        remark: Option<Marking>,
    ) -> Result<Vec<Event>, Refusal> {
        // What is published is not opened for one more packet: that is a complaint's business.
        let phases = [ExamPhase::Open, ExamPhase::Closed, ExamPhase::Marked];
        let exam = self.in_phase(round, &phases)?;
        let reason = sound_reason(reason)?;
        if exam.admitted.contains(&person) {
            return Ok(vec![]);
        }
        let admitted = Event::LateAdmitted {
            round,
            person,
            reason,
        };
        let marked = remarked(round, exam.phase, remark)?;
        Ok([admitted].into_iter().chain(marked).collect())
    }

    /// Ends the round; before its time with a reason.
    pub(crate) fn close_exam(
        &self,
        round: RoundId,
        reason: Option<String>,
        facts: &Facts,
        now: Moment,
    ) -> Result<Vec<Event>, Refusal> {
        self.in_phase(round, &[ExamPhase::Open])?;
        let reason = reason.map(|r| sound_reason(&r)).transpose()?;
        if reason.is_none() {
            blocked(self.close_blockers(round, facts, now))?;
        }
        Ok(vec![Event::ExamClosed { round, reason }])
    }

    /// Opens a closed round once more.
    pub(crate) fn reopen_exam(
        &self,
        round: RoundId,
        millis: i64,
        reason: &str,
    ) -> Result<Vec<Event>, Refusal> {
        self.in_phase(round, &[ExamPhase::Closed, ExamPhase::Marked])?;
        in_range(Field::Minutes, millis, 1, MOST_EXTRA)?;
        blocked(self.other_open(round))?;
        Ok(vec![Event::ExamReopened {
            round,
            millis,
            reason: sound_reason(reason)?,
        }])
    }

    /// Another right option, or none that counts.
    pub(crate) fn correct_key(
        &self,
        round: RoundId,
        question: u16,
        options: u8,
        correct: Option<Choice>,
        reason: &str,
        remark: Option<Marking>,
    ) -> Result<Vec<Event>, Refusal> {
        let exam = self.exam_after(round, ExamPhase::Prepared)?;
        let prepared = exam.prepared.as_ref().ok_or(Refusal::UnknownRound)?;
        if question >= prepared.questions {
            return Err(Refusal::UnknownQuestion);
        }
        let possible = |c: Choice| !c.is_blank() && c.list().iter().all(|i| *i < options);
        if !correct.is_none_or(possible) {
            return Err(Refusal::invalid(Field::Choice, Fault::OutOfRange));
        }
        let reason = sound_reason(reason)?;
        let corrected = Event::KeyCorrected {
            round,
            question,
            correct,
            reason,
        };
        let marked = remarked(round, exam.phase, remark)?;
        Ok([corrected].into_iter().chain(marked).collect())
    }

    /// Records the marks.
    pub(crate) fn mark_exam(
        &self,
        round: RoundId,
        marking: Marking,
        facts: &Facts,
    ) -> Result<Vec<Event>, Refusal> {
        self.in_phase(round, &[ExamPhase::Closed, ExamPhase::Marked])?;
        blocked(self.mark_blockers(round, facts))?;
        Ok(vec![Event::ExamMarked {
            round,
            marks: marking.marks,
            listing: marking.listing,
        }])
    }

    /// Shows the marks to everybody.
    pub(crate) fn publish_exam(&self, round: RoundId) -> Result<Vec<Event>, Refusal> {
        self.in_phase(round, &[ExamPhase::Marked])?;
        blocked(self.publish_blockers(round))?;
        Ok(vec![Event::ExamPublished { round }])
    }

    fn exam_after(&self, round: RoundId, least: ExamPhase) -> Result<Cow<'_, Exam>, Refusal> {
        let exam = self.exam(round).ok_or(Refusal::UnknownRound)?;
        if exam.phase < least {
            Err(Refusal::WrongPhase { phase: exam.phase })
        } else {
            Ok(exam)
        }
    }

    fn in_phase(&self, round: RoundId, phases: &[ExamPhase]) -> Result<Cow<'_, Exam>, Refusal> {
        let exam = self.exam(round).ok_or(Refusal::UnknownRound)?;
        if phases.contains(&exam.phase) {
            Ok(exam)
        } else {
            Err(Refusal::WrongPhase { phase: exam.phase })
        }
    }

    /// What stands in the way of preparing the round.
    pub fn prepare_blockers(
        &self,
        _round: RoundId,
        facts: &Facts,
        short: Vec<paper::Shortage>,
    ) -> Vec<Blocker> {
        let mut list = Vec::new();
        if self.teams.is_empty() {
            list.push(Blocker::NoTeams);
        }
        if facts.contestants == 0 {
            list.push(Blocker::NoContestants);
        }
        list.extend(short.into_iter().map(|shortage| Blocker::Shortage { shortage }));
        list
    }

    /// What stands in the way of opening it.
    pub fn open_blockers(&self, round: RoundId, facts: &Facts) -> Vec<Blocker> {
        let mut list = self.other_open(round);
        let exam = self.exam(round);
        let prepared = exam.as_ref().and_then(|e| e.prepared.as_ref());
        let current = self.rules().and_then(|r| r.exam(round));
        // Papers built by rules that have changed since are not the papers of this contest.
        if prepared.map(|p| &p.rules) != current {
            list.push(Blocker::NotPrepared);
        }
        if facts.bank_changed {
            list.push(Blocker::BankChanged);
        }
        if facts.contestants == 0 {
            list.push(Blocker::NoContestants);
        }
        list
    }

    /// What stands in the way of closing it without a reason.
    pub fn close_blockers(&self, round: RoundId, facts: &Facts, now: Moment) -> Vec<Blocker> {
        let Some(exam) = self.exam(round) else {
            return vec![];
        };
        let mut list = Vec::new();
        if exam.paused_at.is_some() {
            list.push(Blocker::Paused);
        }
        let grace = exam.prepared.as_ref().map_or(0, |p| p.rules.grace);
        let last = facts.last_deadline.map(|end| end + grace);
        let left = last.max(exam.entry_ends(now)).map(|end| end - now);
        if let Some(left) = left.filter(|left| *left > 0) {
            list.push(Blocker::TimeLeft { millis: left });
        }
        if facts.unfinished > 0 {
            list.push(Blocker::Unfinished {
                count: facts.unfinished,
            });
        }
        list
    }

    /// What stands in the way of marking it.
    pub fn mark_blockers(&self, _round: RoundId, facts: &Facts) -> Vec<Blocker> {
        if facts.unfinished > 0 {
            vec![Blocker::Unfinished {
                count: facts.unfinished,
            }]
        } else {
            vec![]
        }
    }

    /// What stands in the way of publishing a round's marks: equals whom the rules leave to the
    /// committee, once the last round has its marks.
    pub fn publish_blockers(&self, round: RoundId) -> Vec<Blocker> {
        let Some(rules) = self.rules() else { return vec![] };
        let last = rules.rounds.last().is_some_and(|r| r.id == round);
        if !last || !rules.tie_breaks.contains(&TieBreak::Decision) {
            return vec![];
        }
        let board = standing::standings(self, |round, team| self.mark(round, team));
        let mut list = Vec::new();
        let first = rules.sole_winner.then(|| standing::tied_across(&board, 1));
        list.extend(
            first
                .filter(|teams| !teams.is_empty())
                .map(|teams| Blocker::TieForFirst { teams }),
        );
        let across = rules.cut_off.map(|cut| standing::tied_across(&board, cut));
        list.extend(
            across
                .filter(|teams| !teams.is_empty())
                .map(|teams| Blocker::TieAtCutOff { teams }),
        );
        list
    }

    fn other_open(&self, round: RoundId) -> Vec<Blocker> {
        let other = self.open_exam().filter(|(id, _)| *id != round);
        other
            .map(|(round, _)| Blocker::OtherExamOpen { round })
            .into_iter()
            .collect()
    }
}

/// The new marks of a round that is marked already.
fn remarked(round: RoundId, phase: ExamPhase, remark: Option<Marking>) -> Result<Option<Event>, Refusal> {
    if phase < ExamPhase::Marked {
        return Ok(None);
    }
    let Marking { marks, listing } = remark.ok_or(Refusal::WrongPhase { phase })?;
    Ok(Some(Event::ExamMarked {
        round,
        marks,
        listing,
    }))
}
