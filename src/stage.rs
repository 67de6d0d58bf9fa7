//! A stage round as the ledger tells it: panel, running order, clock, sheets, deductions, marks.

use crate::{
    Actor, Millis, Moment, PersonId, Points, TeamId,
    draw::{Draw, DrawOf},
    panel::{self, StageMark},
    rules::StageRules,
    touched::Touch,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A stage round folded from its events.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// The judges who sit for this round.
    pub judges: BTreeSet<PersonId>,
    /// The chief judge; he may also be one of the judges.
    pub chief: Option<PersonId>,
    /// Judges and the teams that they may not mark (their own units).
    pub conflicts: BTreeMap<PersonId, BTreeSet<TeamId>>,
    pub draws: BTreeMap<DrawOf, Draw>,
    /// The running order; empty before the draw.
    pub order: Vec<TeamId>,
    /// The question pack or situation of each team.
    pub packs: BTreeMap<TeamId, u32>,
    /// Teams that did not come to this round: no sheets are asked for.
    pub absent: BTreeSet<TeamId>,
    pub on_stage: Option<TeamId>,
    /// Shared with the states before and after: a mark moves one performance, not all of them.
    pub performances: BTreeMap<TeamId, Arc<Performance>>,
    /// Marks that the chief judge has confirmed.
    pub confirmed: BTreeMap<TeamId, StageMark>,
    /// Other deductions asked for confirmed marks: they wait for a second person.
    pub corrections: BTreeMap<TeamId, Correction>,
    pub published: bool,
    /// When each matter of the round moved last, for those who act on what they saw.
    pub touched: Vec<Touch>,
}

/// Another deduction for a confirmed mark, until a second person agrees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    pub points: Points,
    pub reason: String,
    /// Who asks; somebody else agrees.
    pub by: Actor,
}

/// One team's turn.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Performance {
    /// Counts repeated performances, from 1.
    pub run: u32,
    pub clock: StageClock,
    pub sheets: BTreeMap<PersonId, Sheet>,
    /// What the secretary has confirmed; `None` before.
    pub deduction: Option<Points>,
    /// Why another number than the clock's.
    pub deduction_reason: Option<String>,
    /// What the clock proposed when the deduction was settled or waived; unknown in older ledgers.
    pub answered: Option<Points>,
    /// The chief judge has waived it.
    pub waived: bool,
    /// Why he has.
    pub waiver: Option<String>,
    /// The note of the panel's discussion about a wide spread.
    pub note: Option<String>,
    /// The sheets that the note is about; unknown in older ledgers.
    pub noted: Option<Vec<(PersonId, Points)>>,
    /// Judges who are absent for this performance, with the reason.
    pub absent: BTreeMap<PersonId, String>,
}

impl Performance {
    /// Whether the deduction, or its waiver, was settled in view of `proposed`. Older ledgers do not tell.
    pub fn answers(&self, proposed: Points) -> bool {
        self.answered.is_none_or(|answered| answered == proposed)
    }

    /// Whether the note is about these sheets. Older ledgers do not tell.
    pub fn notes(&self, totals: &[(PersonId, Points)]) -> bool {
        self.note.is_some() && self.noted.as_deref().is_none_or(|noted| noted == totals)
    }
}

/// The clock of a performance, owned by the server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageClock {
    /// Since when it runs now.
    pub running_since: Option<Moment>,
    /// Running time before that.
    pub before: Millis,
    pub stopped: bool,
}

impl StageClock {
    /// The running time at `now`.
    pub fn elapsed(self, now: Moment) -> Millis {
        self.before + self.running_since.map_or(0, |since| (now - since).max(0))
    }
}

/// A judge's sheet (phiếu chấm) for one team.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// By criterion. No entry and `None` both mean blank, which is not zero.
    pub marks: BTreeMap<u32, MarkHeld>,
    pub remark: String,
    pub remark_revision: u32,
    pub handed_in: Option<Moment>,
    /// The reason with which the judge asks for it to be reopened.
    pub reopening: Option<String>,
    /// What was handed in before each reopening, the oldest first.
    pub versions: Vec<BTreeMap<u32, Points>>,
}

/// The newest revision of a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkHeld {
    pub revision: u32,
    pub points: Option<Points>,
}

/// How a sheet stands, for lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SheetState {
    /// Nothing on it.
    Empty,
    Draft,
    HandedIn,
    /// Handed in once, open again.
    Reopened,
    /// A declared conflict: there is no sheet.
    Conflict,
}

impl Sheet {
    /// The mark of a criterion; `None` is blank.
    pub fn points(&self, criterion: u32) -> Option<Points> {
        self.marks.get(&criterion)?.points
    }

    /// The sum of what is filled in.
    pub fn total(&self) -> Points {
        self.marks.values().filter_map(|held| held.points).sum()
    }

    /// What is filled in, by criterion.
    pub fn filled(&self) -> BTreeMap<u32, Points> {
        self.marks
            .iter()
            .filter_map(|(criterion, held)| Some((*criterion, held.points?)))
            .collect()
    }

    pub fn state(&self) -> SheetState {
        if self.handed_in.is_some() {
            SheetState::HandedIn
        } else if !self.versions.is_empty() {
            SheetState::Reopened
        } else if self.marks.values().any(|held| held.points.is_some()) {
            SheetState::Draft
        } else {
            SheetState::Empty
        }
    }
}

impl Stage {
    /// Whether `judge` has a sheet for `team`.
    pub fn marks(&self, judge: PersonId, team: TeamId) -> bool {
        self.judges.contains(&judge) && !self.conflicted(judge, team)
    }

    /// Whether `judge` has declared a conflict with `team`.
    pub fn conflicted(&self, judge: PersonId, team: TeamId) -> bool {
        self.conflicts
            .get(&judge)
            .is_some_and(|teams| teams.contains(&team))
    }

    /// The sheet as it stands, if anything was ever written on it.
    pub fn sheet(&self, judge: PersonId, team: TeamId) -> Option<&Sheet> {
        self.performances.get(&team)?.sheets.get(&judge)
    }

    /// How `judge`'s sheet for `team` stands.
    pub fn sheet_state(&self, judge: PersonId, team: TeamId) -> SheetState {
        if self.conflicted(judge, team) {
            return SheetState::Conflict;
        }
        self.sheet(judge, team).map_or(SheetState::Empty, Sheet::state)
    }

    /// Whether the chief judge may see the others' sheets for `team`: he marks it not, or has handed in his own.
    pub fn sees(&self, chief: PersonId, team: TeamId) -> bool {
        !self.marks(chief, team) || self.sheet_state(chief, team) == SheetState::HandedIn
    }

    /// The judges who have a sheet for `team` and have not handed it in.
    pub fn missing(&self, team: TeamId) -> Vec<PersonId> {
        let open = |judge: &&PersonId| {
            self.marks(**judge, team) && self.sheet_state(**judge, team) != SheetState::HandedIn
        };
        self.judges.iter().filter(open).copied().collect()
    }

    /// The totals of the sheets handed in for `team`.
    pub fn totals(&self, team: TeamId) -> Vec<(PersonId, Points)> {
        let Some(performance) = self.performances.get(&team) else {
            return vec![];
        };
        let handed_in = performance
            .sheets
            .iter()
            .filter(|(judge, sheet)| sheet.handed_in.is_some() && self.marks(**judge, team));
        handed_in.map(|(judge, sheet)| (*judge, sheet.total())).collect()
    }

    /// What comes off `team`'s mark: confirmed and not waived.
    pub fn deduction(&self, team: TeamId) -> Points {
        let performance = self.performances.get(&team).filter(|p| !p.waived);
        performance.and_then(|p| p.deduction).unwrap_or(Points::ZERO)
    }

    /// The running time of `team` as far as its clock has been stopped or paused.
    pub fn taken(&self, team: TeamId) -> Millis {
        self.performances.get(&team).map_or(0, |p| p.clock.before)
    }

    /// The mark that `team` would have if the chief judge confirmed now.
    pub fn mark(&self, rules: &StageRules, team: TeamId) -> Option<StageMark> {
        let expected = self.judges.len() as u32;
        let mut mark = panel::mark(rules, team, expected, &self.totals(team), self.deduction(team))?;
        let sheets: Vec<&Sheet> = mark
            .sheets
            .iter()
            .filter_map(|s| self.sheet(s.judge, team))
            .collect();
        let mean = |criterion: u32| {
            let points = sheets.iter().filter_map(|sheet| sheet.points(criterion));
            Some((criterion, panel::criterion(rules.judges, points.collect())?))
        };
        mark.panel = self.judges.iter().copied().collect();
        mark.criteria = rules.rubric.iter().filter_map(|c| mean(c.id)).collect();
        Some(mark)
    }

    /// Judges whose total for `team` is far from the others', with the distance.
    pub fn outliers(&self, rules: &StageRules, team: TeamId) -> Vec<(PersonId, Points)> {
        rules
            .spread
            .map_or(vec![], |spread| panel::outliers(spread, &self.totals(team)))
    }

    /// The teams that this round still waits for.
    pub fn unconfirmed(&self) -> Vec<TeamId> {
        let waits = |team: &&TeamId| !self.confirmed.contains_key(team) && !self.absent.contains(team);
        self.order.iter().filter(waits).copied().collect()
    }

    fn performance(&mut self, team: TeamId) -> &mut Performance {
        let performance = Arc::make_mut(self.performances.entry(team).or_default());
        performance.run = performance.run.max(1);
        performance
    }

    /// Who writes on his sheet is not absent, whatever was recorded while nothing of him had arrived.
    fn written(&mut self, judge: PersonId, team: TeamId) -> &mut Sheet {
        let performance = self.performance(team);
        performance.absent.remove(&judge);
        performance.sheets.entry(judge).or_default()
    }

    /// Folds one fact of this round in, the ledger's entry `seq`.
    pub(crate) fn apply(&mut self, fact: &StageFact, at: Moment, seq: u64) {
        self.touch(fact, seq);
        match fact {
            StageFact::PanelSet { judges, chief, .. } => {
                self.judges = judges.iter().copied().collect();
                self.chief = Some(*chief);
            }
            StageFact::ConflictDeclared { judge, team, .. } => {
                self.conflicts.entry(*judge).or_default().insert(*team);
            }
            StageFact::ConflictLifted { judge, team, .. } => {
                if let Some(teams) = self.conflicts.get_mut(judge) {
                    teams.remove(team);
                }
            }
            StageFact::DrawSealed { of, commitment, .. } => {
                self.draws.insert(
                    *of,
                    Draw::Sealed {
                        commitment: commitment.clone(),
                    },
                );
            }
            StageFact::DrawOpened {
                of,
                commitment,
                seed,
                order,
                packs,
            } => {
                let draw = Draw::Opened {
                    commitment: commitment.clone(),
                    seed: seed.clone(),
                };
                self.drawn(*of, draw, order, packs);
            }
            StageFact::DrawEntered { of, order, packs, .. } => {
                // Packs that the machine drew and a hand corrected keep their seal to be seen.
                let draw = match self.draws.get(of) {
                    Some(opened @ Draw::Opened { .. }) if *of == DrawOf::Packs => opened.clone(),
                    _ => Draw::Entered,
                };
                self.drawn(*of, draw, order, packs);
            }
            StageFact::OrderChanged { order, .. } => self.order.clone_from(order),
            StageFact::TeamAbsent { team, .. } => {
                self.absent.insert(*team);
            }
            StageFact::TeamReturned { team } => {
                self.absent.remove(team);
            }
            StageFact::Called { team } => {
                self.on_stage = Some(*team);
                self.performance(*team);
            }
            StageFact::ClockStarted { team } => {
                let clock = &mut self.performance(*team).clock;
                clock.running_since.get_or_insert(at);
                clock.stopped = false;
            }
            StageFact::ClockPaused { team } | StageFact::ClockStopped { team } => {
                let clock = &mut self.performance(*team).clock;
                clock.before = clock.elapsed(at);
                clock.running_since = None;
                clock.stopped = matches!(fact, StageFact::ClockStopped { .. });
            }
            StageFact::Repeated { team, .. } => {
                let performance = self.performance(*team);
                let run = performance.run + 1;
                *performance = Performance {
                    run,
                    ..Performance::default()
                };
                self.confirmed.remove(team);
            }
            StageFact::JudgeAbsent { judge, team, reason } => {
                self.performance(*team).absent.insert(*judge, reason.clone());
            }
            StageFact::JudgeReturned { judge, team } => {
                self.performance(*team).absent.remove(judge);
            }
            StageFact::DeductionSet {
                team,
                points,
                reason,
                proposed,
            } => {
                let performance = self.performance(*team);
                performance.answered = *proposed;
                performance.deduction = Some(*points);
                performance.deduction_reason.clone_from(reason);
                performance.waived = false;
                performance.waiver = None;
            }
            StageFact::DeductionWaived {
                team,
                reason,
                proposed,
            } => {
                let performance = self.performance(*team);
                performance.answered = *proposed;
                performance.waived = true;
                performance.waiver = Some(reason.clone());
            }
            StageFact::MarkSet {
                team,
                judge,
                criterion,
                revision,
                points,
            } => {
                let sheet = self.written(*judge, *team);
                sheet.marks.insert(
                    *criterion,
                    MarkHeld {
                        revision: *revision,
                        points: *points,
                    },
                );
            }
            StageFact::RemarkSet {
                team,
                judge,
                revision,
                text,
            } => {
                let sheet = self.written(*judge, *team);
                sheet.remark.clone_from(text);
                sheet.remark_revision = *revision;
            }
            StageFact::SheetHandedIn { team, judge } => {
                let sheet = self.written(*judge, *team);
                sheet.handed_in = Some(at);
                sheet.reopening = None;
            }
            StageFact::ReopeningAsked { team, judge, reason } => {
                let sheet = self.performance(*team).sheets.entry(*judge).or_default();
                sheet.reopening = Some(reason.clone());
            }
            StageFact::SheetReopened { team, judge, .. } => {
                let sheet = self.performance(*team).sheets.entry(*judge).or_default();
                sheet.versions.push(sheet.filled());
                sheet.handed_in = None;
                sheet.reopening = None;
            }
            StageFact::SpreadNoted { team, note, sheets } => {
                let performance = self.performance(*team);
                performance.note = Some(note.clone());
                performance.noted.clone_from(sheets);
            }
            StageFact::MarksConfirmed { marks } => {
                for mark in marks {
                    self.corrections.remove(&mark.team);
                    self.confirmed.insert(mark.team, mark.clone());
                }
            }
            StageFact::MarkWithdrawn { team, .. } => {
                self.corrections.remove(team);
                self.confirmed.remove(team);
            }
            StageFact::CorrectionAsked {
                team,
                points,
                reason,
                by,
            } => {
                let (points, reason, by) = (*points, reason.clone(), *by);
                self.corrections.insert(*team, Correction { points, reason, by });
            }
            StageFact::CorrectionDropped { team, .. } => {
                self.corrections.remove(team);
            }
            StageFact::Published => self.published = true,
        }
    }

    fn drawn(&mut self, of: DrawOf, draw: Draw, order: &[TeamId], packs: &[(TeamId, u32)]) {
        self.draws.insert(of, draw);
        match of {
            DrawOf::Order => self.order = order.to_vec(),
            DrawOf::Packs => self.packs = packs.iter().copied().collect(),
        }
    }
}

/// What happens in a stage round. Old ones must always replay: add, never change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum StageFact {
    /// Who judges, and who leads them.
    PanelSet {
        judges: Vec<PersonId>,
        chief: PersonId,
        reason: Option<String>,
    },
    /// The judge does not mark this team: his own unit.
    ConflictDeclared {
        judge: PersonId,
        team: TeamId,
        reason: String,
    },
    ConflictLifted {
        judge: PersonId,
        team: TeamId,
        reason: String,
    },
    /// Again after lots were drawn already: with a reason.
    DrawSealed {
        of: DrawOf,
        commitment: crate::Digest,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    DrawOpened {
        of: DrawOf,
        commitment: crate::Digest,
        seed: String,
        order: Vec<TeamId>,
        packs: Vec<(TeamId, u32)>,
    },
    /// Typed in from paper lots.
    DrawEntered {
        of: DrawOf,
        order: Vec<TeamId>,
        packs: Vec<(TeamId, u32)>,
        reason: String,
    },
    OrderChanged {
        order: Vec<TeamId>,
        reason: String,
    },
    TeamAbsent {
        team: TeamId,
        reason: String,
    },
    TeamReturned {
        team: TeamId,
    },
    Called {
        team: TeamId,
    },
    ClockStarted {
        team: TeamId,
    },
    ClockPaused {
        team: TeamId,
    },
    ClockStopped {
        team: TeamId,
    },
    /// The team performs again; what was written about the first time stays in the ledger only.
    Repeated {
        team: TeamId,
        reason: String,
    },
    /// Nobody waits for his sheet for this performance, unless he writes on it after all.
    JudgeAbsent {
        judge: PersonId,
        team: TeamId,
        reason: String,
    },
    JudgeReturned {
        judge: PersonId,
        team: TeamId,
    },
    /// What comes off: as the clock proposed it, or another number with a reason.
    DeductionSet {
        team: TeamId,
        points: Points,
        reason: Option<String>,
        /// What the clock proposed then.
        #[serde(default)]
        proposed: Option<Points>,
    },
    DeductionWaived {
        team: TeamId,
        reason: String,
        /// What the clock proposed then.
        #[serde(default)]
        proposed: Option<Points>,
    },
    /// `points: None` makes it blank again.
    MarkSet {
        team: TeamId,
        judge: PersonId,
        criterion: u32,
        revision: u32,
        points: Option<Points>,
    },
    RemarkSet {
        team: TeamId,
        judge: PersonId,
        revision: u32,
        text: String,
    },
    SheetHandedIn {
        team: TeamId,
        judge: PersonId,
    },
    ReopeningAsked {
        team: TeamId,
        judge: PersonId,
        reason: String,
    },
    SheetReopened {
        team: TeamId,
        judge: PersonId,
        reason: String,
    },
    SpreadNoted {
        team: TeamId,
        note: String,
        /// The sheets it is about, with their totals.
        #[serde(default)]
        sheets: Option<Vec<(PersonId, Points)>>,
    },
    /// By the chief judge: from now on these stand in the standings.
    MarksConfirmed {
        marks: Vec<StageMark>,
    },
    MarkWithdrawn {
        team: TeamId,
        reason: String,
    },
    /// Another deduction is asked for a confirmed mark, which stands until somebody else agrees.
    CorrectionAsked {
        team: TeamId,
        points: Points,
        reason: String,
        by: Actor,
    },
    CorrectionDropped {
        team: TeamId,
        reason: String,
    },
    Published,
}

/// What somebody wants to happen in a stage round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum StageAct {
    SetPanel {
        judges: Vec<PersonId>,
        chief: PersonId,
        reason: Option<String>,
    },
    DeclareConflict {
        judge: PersonId,
        team: TeamId,
        reason: String,
    },
    LiftConflict {
        judge: PersonId,
        team: TeamId,
        reason: String,
    },
    /// The house has drawn a seed and keeps it: this is its hash.
    /// Where lots were drawn already, only with a reason.
    SealDraw {
        of: DrawOf,
        commitment: crate::Digest,
        reason: Option<String>,
    },
    /// The house gives the sealed seed out.
    OpenDraw {
        of: DrawOf,
        seed: String,
    },
    /// From paper lots. An order that the machine has drawn keeps its seal and seed: it is changed.
    EnterOrder {
        order: Vec<TeamId>,
        reason: String,
    },
    EnterPacks {
        packs: Vec<(TeamId, u32)>,
        reason: String,
    },
    ChangeOrder {
        order: Vec<TeamId>,
        reason: String,
    },
    MarkAbsent {
        team: TeamId,
        reason: String,
    },
    MarkPresent {
        team: TeamId,
    },
    Call {
        team: TeamId,
    },
    StartClock {
        team: TeamId,
    },
    PauseClock {
        team: TeamId,
    },
    StopClock {
        team: TeamId,
    },
    Repeat {
        team: TeamId,
        reason: String,
    },
    SetDeduction {
        team: TeamId,
        points: Points,
        reason: Option<String>,
    },
    WaiveDeduction {
        team: TeamId,
        reason: String,
    },
    /// The judge does not mark this performance.
    MarkJudgeAbsent {
        judge: PersonId,
        team: TeamId,
        reason: String,
    },
    MarkJudgePresent {
        judge: PersonId,
        team: TeamId,
    },
    /// Asks for another deduction for a confirmed mark, in answer to a complaint.
    CorrectDeduction {
        team: TeamId,
        points: Points,
        reason: String,
    },
    /// A second person agrees to just these points: the new mark stands.
    AgreeCorrection {
        team: TeamId,
        points: Points,
    },
    DropCorrection {
        team: TeamId,
        reason: String,
    },
    /// A judge's own mark. Idempotent by `revision`, which counts on his tablet from 1.
    SetMark {
        team: TeamId,
        /// The performance that his page shows; of another nothing is taken. `None`: the present one.
        run: Option<u32>,
        criterion: u32,
        revision: u32,
        points: Option<Points>,
    },
    SetRemark {
        team: TeamId,
        /// As in [`StageAct::SetMark`].
        run: Option<u32>,
        revision: u32,
        text: String,
    },
    HandInSheet {
        team: TeamId,
        /// As in [`StageAct::SetMark`].
        run: Option<u32>,
    },
    AskReopening {
        team: TeamId,
        reason: String,
    },
    ReopenSheet {
        team: TeamId,
        judge: PersonId,
        reason: String,
    },
    NoteSpread {
        team: TeamId,
        note: String,
    },
    /// One team, or all that are ready (`None`).
    Confirm {
        team: Option<TeamId>,
    },
    WithdrawMark {
        team: TeamId,
        reason: String,
    },
    Publish,
}

impl StageFact {
    /// The fact's name in the ledger.
    pub fn name(&self) -> &'static str {
        match self {
            Self::PanelSet { .. } => "panel_set",
            Self::ConflictDeclared { .. } => "conflict_declared",
            Self::ConflictLifted { .. } => "conflict_lifted",
            Self::DrawSealed { .. } => "draw_sealed",
            Self::DrawOpened { .. } => "draw_opened",
            Self::DrawEntered { .. } => "draw_entered",
            Self::OrderChanged { .. } => "order_changed",
            Self::TeamAbsent { .. } => "team_absent",
            Self::TeamReturned { .. } => "team_returned",
            Self::Called { .. } => "team_called",
            Self::ClockStarted { .. } => "clock_started",
            Self::ClockPaused { .. } => "clock_paused",
            Self::ClockStopped { .. } => "clock_stopped",
            Self::Repeated { .. } => "performance_repeated",
            Self::JudgeAbsent { .. } => "judge_absent",
            Self::JudgeReturned { .. } => "judge_returned",
            Self::DeductionSet { .. } => "deduction_set",
            Self::DeductionWaived { .. } => "deduction_waived",
            Self::MarkSet { .. } => "mark_set",
            Self::RemarkSet { .. } => "remark_set",
            Self::SheetHandedIn { .. } => "sheet_handed_in",
            Self::ReopeningAsked { .. } => "reopening_asked",
            Self::SheetReopened { .. } => "sheet_reopened",
            Self::SpreadNoted { .. } => "spread_noted",
            Self::MarksConfirmed { .. } => "marks_confirmed",
            Self::MarkWithdrawn { .. } => "mark_withdrawn",
            Self::CorrectionAsked { .. } => "correction_asked",
            Self::CorrectionDropped { .. } => "correction_dropped",
            Self::Published => "stage_published",
        }
    }
}
