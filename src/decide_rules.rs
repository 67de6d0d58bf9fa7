//! Whether a thể lệ can be held, and whether it may still be changed.

use crate::{
    Blocker, Contest, Event, Refusal, RoundId,
    award::AwardBy,
    decide::{blocked, in_range, sound_reason, sound_text},
    exam::ExamPhase,
    intake::key,
    refusal::{Fault, Field},
    rules::{Judges, Overtime, Rules, StageRules, TieBreak},
    stage::Stage,
};

/// The longest that contestants may keep coming: an online round of two months.
const MOST_ENTRY: i64 = 60 * 24 * 3600 * 1000;

impl Contest {
    /// Other rules than those of now; once a round was opened only with a reason.
    pub(crate) fn set_rules(&self, rules: Rules, reason: Option<String>) -> Result<Vec<Event>, Refusal> {
        rules.check()?;
        let reason = reason
            .filter(|r| !r.trim().is_empty())
            .map(|r| sound_reason(&r))
            .transpose()?;
        let Some(old) = self.rules() else {
            return Err(Refusal::NotAllowed);
        };
        if rules == *old {
            return Ok(vec![]);
        }
        if self.opened_at.is_some() && reason.is_none() {
            return Err(Refusal::ReasonNeeded);
        }
        let list = |rules: &Rules| -> Vec<RoundId> { rules.rounds.iter().map(|round| round.id).collect() };
        let held = self.hall.frozen.is_some() || self.hall.reveal.is_some();
        if held && list(old) != list(&rules) {
            blocked(vec![Blocker::RoundsFixed])?;
        }
        // A round that has begun stays the round it is; a prepared one must be prepared again.
        for (id, exam) in &self.exams {
            if exam.phase > ExamPhase::Prepared && rules.exam(*id).is_none() {
                return Err(Refusal::WrongPhase { phase: exam.phase });
            }
        }
        let begun = self
            .stages
            .iter()
            .filter(|(_, stage)| !stage.performances.is_empty());
        blocked(
            begun
                .filter_map(|(id, stage)| stage_stands(*id, stage, old, &rules))
                .collect(),
        )?;
        Ok(vec![Event::RulesSet { rules, reason }])
    }
}

impl Rules {
    /// Whether these rules can be held.
    ///
    /// # Errors
    /// Names the first field that cannot stand.
    pub fn check(&self) -> Result<(), Refusal> {
        in_range(Field::Rounds, self.rounds.len() as i64, 1, 20)?;
        in_range(Field::Rounding, self.rounding.step.0, 1, 10_000)?;
        if let Some(cut) = self.cut_off {
            in_range(Field::CutOff, i64::from(cut), 1, 1_000_000)?;
        }
        for (i, round) in self.rounds.iter().enumerate() {
            sound_text(Field::Name, &round.name, 60)?;
            if self.rounds[..i]
                .iter()
                .any(|other| other.id == round.id || key(&other.name) == key(&round.name))
            {
                return Err(Refusal::invalid(Field::Rounds, Fault::Duplicate));
            }
            in_range(Field::Weight, round.weight, 0, 1_000_000)?;
            in_range(Field::Maximum, round.maximum.0, 1, 100_000_000)?;
            if let Some(stage) = round.stage() {
                check_stage(stage)?;
            }
            if let Some(exam) = round.exam() {
                in_range(Field::Duration, exam.duration, 10_000, 24 * 3600 * 1000)?;
                in_range(Field::Entry, exam.entry.unwrap_or(MOST_ENTRY), 60_000, MOST_ENTRY)?;
                in_range(Field::Grace, exam.grace, 0, 600_000)?;
                in_range(Field::Points, exam.right.0, 1, 1_000_000)?;
                in_range(Field::Points, exam.wrong.0, 0, 1_000_000)?;
                in_range(Field::Rounding, exam.rounding.step.0, 1, 10_000)?;
                in_range(Field::Blueprint, i64::from(exam.blueprint.count()), 0, 300)?;
                if let crate::rules::Papers::Variants(n) = exam.papers {
                    in_range(Field::Papers, i64::from(n), 1, 99)?;
                }
                if let crate::rules::Combine::Best(n) = exam.members {
                    in_range(Field::Members, i64::from(n), 1, 100)?;
                }
            }
        }
        for (i, by) in self.tie_breaks.iter().enumerate() {
            let known = match by {
                TieBreak::RoundMark { round } => self.round(*round).is_some(),
                TieBreak::Criterion { round, criterion } => {
                    let stage = self.round(*round).and_then(|r| r.stage());
                    stage.is_some_and(|stage| stage.rubric.iter().any(|c| c.id == *criterion))
                }
                TieBreak::FewerSeconds | TieBreak::Decision => true,
            };
            if !known {
                return Err(Refusal::invalid(Field::TieBreaks, Fault::Unknown));
            }
            if self.tie_breaks[..i].contains(by) {
                return Err(Refusal::invalid(Field::TieBreaks, Fault::Duplicate));
            }
        }
        for (i, award) in self.awards.iter().enumerate() {
            sound_text(Field::Awards, &award.name, 80)?;
            in_range(Field::Awards, i64::from(award.places), 1, 1000)?;
            let known = match award.by {
                AwardBy::Round { round } => self.round(round).is_some(),
                AwardBy::Total | AwardBy::Chosen => true,
            };
            if !known || self.awards[..i].iter().any(|other| other.id == award.id) {
                return Err(Refusal::invalid(Field::Awards, Fault::Duplicate));
            }
        }
        if let Some(leg) = self.final_leg {
            in_range(Field::CutOff, i64::from(leg.teams), 1, 1000)?;
            // There must be something to go on from.
            if self
                .rounds
                .iter()
                .position(|r| r.id == leg.from)
                .is_none_or(|at| at == 0)
            {
                return Err(Refusal::invalid(Field::Rounds, Fault::Unknown));
            }
        }
        if let Some(all) = self.time_in_all {
            in_range(Field::Duration, all.limit, 1_000, 24 * 3600 * 1000)?;
            check_overtime(all.overtime)?;
        }
        // One winner can only be found where the committee may decide.
        if self.sole_winner && !self.tie_breaks.contains(&TieBreak::Decision) {
            return Err(Refusal::invalid(Field::TieBreaks, Fault::Unknown));
        }
        in_range(Field::Duration, self.appeal_window, 0, 30 * 24 * 3600 * 1000)
    }
}

/// What of a round that has begun on stage speaks against `new` rules.
fn stage_stands(id: RoundId, stage: &Stage, old: &Rules, new: &Rules) -> Option<Blocker> {
    let of = |rules: &Rules| rules.round(id).and_then(|round| round.stage()).cloned();
    // A round that had no stage rules is no round on stage any more.
    let old = of(old)?;
    let Some(new) = of(new) else {
        return Some(Blocker::RoundBegun { round: id });
    };
    // Criteria may be named better at any time.
    let scale =
        |rules: &StageRules| -> Vec<_> { rules.rubric.iter().map(|c| (c.id, c.maximum, c.step)).collect() };
    let making = |rules: &StageRules| (scale(rules), rules.judges, rules.rounding);
    if !stage.confirmed.is_empty() && making(&old) != making(&new) {
        return Some(Blocker::MarksStand { round: id });
    }
    let mut sheets = stage.performances.values().flat_map(|turn| turn.sheets.values());
    let stands = sheets.any(|sheet| !sheet.filled().iter().all(|(id, points)| new.takes(*id, *points)));
    // A criterion more is marked on the sheets that are still open, and asked for on the others.
    stands.then_some(Blocker::SheetsStand { round: id })
}

fn check_stage(stage: &StageRules) -> Result<(), Refusal> {
    in_range(Field::Rubric, stage.rubric.len() as i64, 0, 30)?;
    for (i, criterion) in stage.rubric.iter().enumerate() {
        sound_text(Field::Rubric, &criterion.name, 120)?;
        in_range(Field::Maximum, criterion.maximum.0, 1, 1_000_000)?;
        in_range(Field::Points, criterion.step.0, 1, criterion.maximum.0)?;
        if stage.rubric[..i].iter().any(|other| other.id == criterion.id) {
            return Err(Refusal::invalid(Field::Rubric, Fault::Duplicate));
        }
    }
    in_range(Field::Rounding, stage.rounding.step.0, 1, 10_000)?;
    in_range(Field::Duration, stage.time.limit, 0, 24 * 3600 * 1000)?;
    in_range(Field::Duration, stage.time.warning, 0, stage.time.limit)?;
    if let Some(cut_off) = stage.time.cut_off {
        in_range(Field::Duration, cut_off, stage.time.limit, 24 * 3600 * 1000)?;
    }
    in_range(Field::Duration, stage.time.thinking, 0, 3600 * 1000)?;
    if let Judges::Trimmed { from } = stage.judges {
        in_range(Field::Members, i64::from(from), 3, 25)?;
    }
    check_overtime(stage.overtime)?;
    in_range(Field::Papers, i64::from(stage.packs), 0, 200)
}

fn check_overtime(overtime: Overtime) -> Result<(), Refusal> {
    match overtime {
        Overtime::Free => Ok(()),
        Overtime::Once { by, points } => {
            in_range(Field::Duration, by, 0, 3600 * 1000)?;
            in_range(Field::Points, points.0, 0, 1_000_000)
        }
        Overtime::PerMinute { points, at_most } => {
            in_range(Field::Points, points.0, 0, 1_000_000)?;
            in_range(Field::Points, at_most.0, points.0, 1_000_000)
        }
    }
}
