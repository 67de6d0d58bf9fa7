//! How a confirmed mark of a stage round came about: every sheet, what was dropped, what came off.

use crate::{
    Contest, Millis, PersonId, Points, RoundId, TeamId,
    points::{Exact, Rounding},
    rules::{Criterion, Judges, MissingJudge, Overtime, StageTime, TimeInAll},
    stage::Sheet,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A stage round's part in a total.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageLine {
    pub rubric: Vec<Criterion>,
    pub judges: Judges,
    pub missing: MissingJudge,
    /// Of the combined mark.
    pub rounding: Rounding,
    /// One for each judge of the panel of the time, whatever became of it.
    pub sheets: Vec<SheetLine>,
    /// As it was confirmed.
    pub combined: Points,
    /// What came off.
    pub deduction: Points,
    pub mark: Points,
    /// The question pack or situation.
    pub pack: Option<u32>,
    /// Counts repeated performances, from 1.
    pub run: u32,
    pub took: Millis,
    /// As the clock showed them to this team.
    pub time: StageTime,
    pub overtime: Overtime,
    /// The time for all rounds, where there is one.
    pub in_all: Option<TimeInAll>,
    /// What the clock proposed to take off.
    pub proposed: Points,
    /// What the secretary confirmed.
    pub confirmed_off: Option<Points>,
    /// Why another number than the clock's.
    pub off_reason: Option<String>,
    /// Why the chief judge waived it.
    pub waiver: Option<String>,
    /// Of the panel's discussion about a wide spread.
    pub note: Option<String>,
}

/// One judge's sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetLine {
    pub judge: PersonId,
    pub part: SheetPart,
    /// By criterion; empty without a sheet.
    pub marks: Vec<(u32, Points)>,
    pub total: Option<Points>,
    pub remark: String,
    /// What was handed in before each reopening, the oldest first.
    pub before: Vec<Vec<(u32, Points)>>,
}

/// What became of a judge's sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SheetPart {
    Counted,
    /// The highest or the lowest.
    Dropped,
    /// His own unit: he has no sheet.
    Conflict,
    /// He did not mark this team.
    Missing,
}

impl StageLine {
    /// The counted totals, in the order of the judges.
    pub fn counted(&self) -> impl Iterator<Item = Points> + '_ {
        self.sheets
            .iter()
            .filter(|sheet| sheet.part == SheetPart::Counted)
            .filter_map(|sheet| sheet.total)
    }

    /// Under a sum, how many sheets the sum is of: a missing one counts as the mean of the others.
    pub fn expected(&self) -> i64 {
        self.sheets.len() as i64
    }

    /// The sheets together, before they are rounded.
    pub fn exact(&self) -> Exact {
        let sum = Exact::from(self.counted().sum::<Points>());
        let count = self.counted().count() as i64;
        match self.judges {
            Judges::Mean | Judges::Trimmed { .. } => sum.over(count),
            Judges::Sum => sum.times(self.expected()).over(count),
        }
    }
}

/// Explains the confirmed mark of `team` in `round`; `None` where none is confirmed.
pub(super) fn line(contest: &Contest, round: RoundId, team: TeamId) -> Option<StageLine> {
    let rules = contest.rules()?;
    let of = rules.round(round)?.stage()?;
    let stage = contest.stages.get(&round)?;
    let mark = stage.confirmed.get(&team)?;
    let performance = stage.performances.get(&team)?;
    let listed = |marks: BTreeMap<u32, Points>| marks.into_iter().collect::<Vec<_>>();
    let sheet = |judge: PersonId| {
        let counted = mark.sheets.iter().find(|sheet| sheet.judge == judge);
        let part = match counted {
            Some(sheet) if sheet.dropped => SheetPart::Dropped,
            Some(_) => SheetPart::Counted,
            None if stage.conflicted(judge, team) => SheetPart::Conflict,
            None => SheetPart::Missing,
        };
        let held = performance.sheets.get(&judge).filter(|_| counted.is_some());
        SheetLine {
            judge,
            part,
            marks: held.map_or(vec![], |sheet| listed(sheet.filled())),
            total: counted.map(|sheet| sheet.total),
            remark: held.map_or_else(String::new, |sheet: &Sheet| sheet.remark.clone()),
            before: held.map_or(vec![], |sheet| {
                sheet.versions.iter().cloned().map(listed).collect()
            }),
        }
    };
    // The panel as it was when the mark was confirmed, if that is known.
    let mut judges = mark.panel.clone();
    if judges.is_empty() {
        judges.extend(&stage.judges);
    }
    // Also who marked and was no longer of it.
    judges.extend(mark.sheets.iter().map(|sheet| sheet.judge));
    judges.sort_unstable();
    judges.dedup();
    Some(StageLine {
        rubric: of.rubric.clone(),
        judges: of.judges,
        missing: of.missing,
        rounding: of.rounding,
        sheets: judges.into_iter().map(sheet).collect(),
        combined: mark.combined,
        deduction: mark.deduction,
        mark: mark.mark,
        pack: stage.packs.get(&team).copied(),
        run: performance.run,
        took: performance.clock.before,
        time: contest.stage_time(round, team)?,
        overtime: of.overtime,
        in_all: rules.time_in_all,
        proposed: contest.proposed(round, team),
        confirmed_off: performance.deduction,
        off_reason: performance.deduction_reason.clone(),
        waiver: performance.waiver.clone(),
        note: performance.note.clone(),
    })
}
