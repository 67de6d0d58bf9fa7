//! What judges, the chief judge and the table see of a stage round. What a viewer may not see is
//! not in his view: one judge's marks are in nothing that another is sent before he has handed in.

use crate::{
    Actor, Blocker, Contest, ContestId, Millis, Moment, PersonId, Points, RoundId, TeamId,
    draw::{Draw, DrawOf},
    panel::StageMark,
    rules::{Criterion, StageRules},
    stage::{Correction, MarkHeld, Sheet, SheetState, Stage},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The stage clock as every device shows it: server-owned, ticking by the device's offset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockView {
    pub team: TeamId,
    pub name: String,
    pub running_since: Option<Moment>,
    /// Running time before that.
    pub before: Millis,
    pub stopped: bool,
    /// Of what follows, so much is for thinking.
    #[serde(default)]
    pub thinking: Millis,
    pub warning: Millis,
    pub limit: Millis,
    pub cut_off: Option<Millis>,
}

impl ClockView {
    /// Whether the performance runs beyond the time at which it is stopped, having run for so long.
    pub fn is_cut_off(&self, elapsed: Millis) -> bool {
        self.running_since.is_some() && self.cut_off.is_some_and(|cut_off| elapsed >= cut_off)
    }
}

/// What all devices of a stage round hear at once; whoever is concerned asks for his own view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StagePulse {
    /// The ledger's last number: when it moves, look again.
    pub seq: u64,
    pub round: Option<RoundId>,
    pub clock: Option<ClockView>,
}

/// The pulse of a contest: the round whose team is on stage, else the first that is not published.
pub fn pulse(contest: &Contest) -> StagePulse {
    let round = current(contest);
    StagePulse {
        seq: contest.seq,
        round,
        clock: round.and_then(|round| clock(contest, round)),
    }
}

/// The stage round under way: the last with a team on stage that is not published, else the first
/// that is not published.
pub fn current(contest: &Contest) -> Option<RoundId> {
    let rounds = || {
        contest
            .rules()
            .into_iter()
            .flat_map(|rules| &rules.rounds)
            .filter(|r| r.stage().is_some())
    };
    let open = |id: &RoundId| !contest.stages.get(id).is_some_and(|stage| stage.published);
    let on_stage = |id: &RoundId| {
        contest
            .stages
            .get(id)
            .is_some_and(|stage| stage.on_stage.is_some())
    };
    let waiting = || rounds().map(|r| r.id).find(open);
    rounds()
        .map(|r| r.id)
        .rfind(|id| open(id) && on_stage(id))
        .or_else(waiting)
}

pub(crate) fn clock(contest: &Contest, round: RoundId) -> Option<ClockView> {
    let stage = contest.stages.get(&round)?;
    let team = stage.on_stage?;
    let time = contest.stage_time(round, team)?;
    let clock = stage.performances.get(&team)?.clock;
    Some(ClockView {
        team,
        name: contest.teams.get(&team)?.name.clone(),
        running_since: clock.running_since,
        before: clock.before,
        stopped: clock.stopped,
        thinking: time.thinking,
        warning: time.warning,
        limit: time.limit,
        cut_off: time.cut_off,
    })
}

/// A judge's tablet: the running order with the state of his own sheets, and one sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JudgeView {
    pub contest: ContestId,
    pub contest_name: String,
    pub judge: PersonId,
    /// The server's clock when this was built.
    pub now: Moment,
    /// See [`StagePulse::seq`].
    pub seq: u64,
    /// The stage rounds in which he sits, with their names.
    pub rounds: Vec<(RoundId, String)>,
    pub round: Option<RoundId>,
    pub round_name: String,
    pub chief: bool,
    pub order: Vec<JudgeLine>,
    pub rubric: Vec<Criterion>,
    /// The sheet of the team asked for, else of the team on stage.
    pub sheet: Option<OwnSheet>,
    pub clock: Option<ClockView>,
}

/// One team in a judge's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JudgeLine {
    pub team: TeamId,
    pub name: String,
    pub unit: String,
    pub state: SheetState,
    pub on_stage: bool,
    /// Has been called at least once: there is a sheet to fill in.
    pub performed: bool,
    pub absent: bool,
    pub confirmed: bool,
}

/// A judge's own sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnSheet {
    pub team: TeamId,
    pub name: String,
    pub state: SheetState,
    /// By criterion of the rubric, in its order.
    pub marks: Vec<(u32, Option<MarkHeld>)>,
    pub remark: String,
    pub remark_revision: u32,
    pub total: Points,
    /// He has asked for it to be opened again, with this reason.
    pub reopening: Option<String>,
    /// What he handed in before each reopening.
    pub versions: Vec<Vec<(u32, Points)>>,
    /// Counts repeated performances.
    pub run: u32,
}

/// What `judge` sees of `round` (`None`: the one under way) and `team` (`None`: the one on stage).
pub fn judge(
    contest: &Contest,
    judge: PersonId,
    round: Option<RoundId>,
    team: Option<TeamId>,
    now: Moment,
) -> JudgeView {
    let mine = |stage: &Stage| stage.judges.contains(&judge) || stage.chief == Some(judge);
    let rounds: Vec<(RoundId, String)> = contest
        .rules()
        .into_iter()
        .flat_map(|rules| &rules.rounds)
        .filter(|round| contest.stages.get(&round.id).is_some_and(|stage| mine(stage)))
        .map(|round| (round.id, round.name.clone()))
        .collect();
    let sits = |id: &RoundId| rounds.iter().any(|(round, _)| round == id);
    let round = round
        .filter(sits)
        .or_else(|| current(contest).filter(sits))
        .or_else(|| rounds.first().map(|r| r.0));
    let stage = round.and_then(|round| contest.stages.get(&round));
    let rules = round.and_then(|round| contest.rules()?.round(round)?.stage());
    let line = |stage: &Stage, team: TeamId| {
        let of = contest.teams.get(&team)?;
        Some(JudgeLine {
            team,
            name: of.name.clone(),
            unit: of.unit.clone(),
            state: stage.sheet_state(judge, team),
            on_stage: stage.on_stage == Some(team),
            performed: stage.performances.contains_key(&team),
            absent: stage.absent.contains(&team),
            confirmed: stage.confirmed.contains_key(&team),
        })
    };
    JudgeView {
        contest: contest.id.clone(),
        contest_name: contest.details.name.clone(),
        judge,
        now,
        seq: contest.seq,
        round,
        round_name: rounds
            .iter()
            .find(|(id, _)| Some(*id) == round)
            .map(|(_, name)| name.clone())
            .unwrap_or_default(),
        chief: stage.is_some_and(|stage| stage.chief == Some(judge)),
        order: stage.map_or(vec![], |stage| {
            stage.order.iter().filter_map(|team| line(stage, *team)).collect()
        }),
        rubric: rules.map_or(vec![], |rules| rules.rubric.clone()),
        sheet: stage
            .zip(rules)
            .and_then(|(stage, rules)| own(contest, stage, rules, judge, team.or(stage.on_stage)?)),
        clock: round.and_then(|round| clock(contest, round)),
        rounds,
    }
}

fn own(
    contest: &Contest,
    stage: &Stage,
    rules: &StageRules,
    judge: PersonId,
    team: TeamId,
) -> Option<OwnSheet> {
    if !stage.marks(judge, team) {
        return None;
    }
    let performance = stage.performances.get(&team)?;
    let empty = Sheet::default();
    let sheet = performance.sheets.get(&judge).unwrap_or(&empty);
    Some(OwnSheet {
        team,
        name: contest.teams.get(&team)?.name.clone(),
        state: sheet.state(),
        marks: rules
            .rubric
            .iter()
            .map(|c| (c.id, sheet.marks.get(&c.id).copied()))
            .collect(),
        remark: sheet.remark.clone(),
        remark_revision: sheet.remark_revision,
        total: sheet.total(),
        reopening: sheet.reopening.clone(),
        versions: sheet
            .versions
            .iter()
            .map(|v| v.iter().map(|(id, points)| (*id, *points)).collect())
            .collect(),
        run: performance.run,
    })
}

/// The table's and the chief judge's desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PanelView {
    pub contest: ContestId,
    pub round: RoundId,
    pub round_name: String,
    pub now: Moment,
    pub seq: u64,
    /// What an act from this view sends back as seen: see [`Stage::stamp`].
    #[serde(default)]
    pub stamp: u64,
    pub judges: Vec<PersonId>,
    pub chief: Option<PersonId>,
    pub draws: Vec<(DrawOf, Draw)>,
    pub rubric: Vec<Criterion>,
    /// In the running order; in the order of registration before the draw.
    pub teams: Vec<PanelLine>,
    pub clock: Option<ClockView>,
    /// What blocks calling the next team.
    pub call_blockers: Vec<Blocker>,
    /// What blocks publishing the round.
    pub publish_blockers: Vec<Blocker>,
    pub published: bool,
}

/// One team at the panel's desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PanelLine {
    pub team: TeamId,
    pub name: String,
    pub unit: String,
    pub pack: Option<u32>,
    pub on_stage: bool,
    pub absent: bool,
    /// Counts performances; 0 before the team was called.
    pub run: u32,
    pub elapsed: Millis,
    pub stopped: bool,
    /// What the clock proposes to take off.
    pub proposed: Points,
    pub deduction: Option<Points>,
    pub waived: bool,
    pub note: Option<String>,
    pub sheets: Vec<PanelSheet>,
    /// What the mark would be now. Absent while the viewer may not see the sheets.
    pub mark: Option<StageMark>,
    pub confirmed: Option<StageMark>,
    /// Another deduction asked for the confirmed mark.
    #[serde(default)]
    pub correction: Option<Correction>,
    /// Judges apart from the others, with the distance; for the chief judge and the organizers.
    pub outliers: Vec<(PersonId, Points)>,
    /// What blocks confirming it.
    pub blockers: Vec<Blocker>,
}

/// One judge's sheet as the panel's desk sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PanelSheet {
    pub judge: PersonId,
    pub state: SheetState,
    /// Of a sheet handed in, if the viewer may see it.
    pub total: Option<Points>,
    pub marks: Vec<(u32, Points)>,
    pub reopening: Option<String>,
    /// He is absent for this performance: why.
    #[serde(default)]
    pub absent: Option<String>,
    /// The total before each reopening.
    pub before: Vec<Points>,
    /// What was handed in before each reopening, the oldest first.
    #[serde(default)]
    pub versions: Vec<Vec<(u32, Points)>>,
    /// Of a sheet handed in, if the viewer may see it.
    #[serde(default)]
    pub remark: String,
}

/// The panel's desk for the staff and the round's chief judge; `None` for everybody else.
pub fn panel(contest: &Contest, viewer: &Actor, round: RoundId, now: Moment) -> Option<PanelView> {
    let stage = contest.stage(round)?;
    let rules = contest.rules()?.round(round)?;
    let chief = match viewer {
        Actor::Judge { person } if stage.chief == Some(*person) => Some(*person),
        Actor::Organizer { user } if contest.organizers.contains(user) => None,
        Actor::Secretary { .. } => None,
        _ => return None,
    };
    let stage_rules = rules.stage()?;
    let teams: Vec<TeamId> = if stage.order.is_empty() {
        contest.entrants(round)
    } else {
        stage.order.clone()
    };
    // Who stands apart is for those who judge the judges, not for the secretary.
    let judges_judges = !matches!(viewer, Actor::Secretary { .. });
    let line = |team: TeamId| {
        panel_line(
            contest,
            round,
            &stage,
            stage_rules,
            (chief, judges_judges),
            team,
            now,
        )
    };
    Some(PanelView {
        contest: contest.id.clone(),
        round,
        round_name: rules.name.clone(),
        now,
        seq: contest.seq,
        stamp: stage.stamp(),
        judges: stage.judges.iter().copied().collect(),
        chief: stage.chief,
        draws: stage.draws.iter().map(|(of, draw)| (*of, draw.clone())).collect(),
        rubric: stage_rules.rubric.clone(),
        teams: teams.into_iter().filter_map(line).collect(),
        clock: clock(contest, round),
        call_blockers: contest.call_blockers(round, &stage, stage_rules),
        publish_blockers: contest.stage_publish_blockers(round, &stage),
        published: stage.published,
    })
}

#[allow(
    clippy::too_many_arguments,
    reason = "the parts of one view, looked up once for all lines"
)]
fn panel_line(
    contest: &Contest,
    round: RoundId,
    stage: &Stage,
    rules: &StageRules,
    (chief, judges_judges): (Option<PersonId>, bool),
    team: TeamId,
    now: Moment,
) -> Option<PanelLine> {
    let of = contest.teams.get(&team)?;
    let performance = stage.performances.get(&team);
    // A chief judge who marks this team himself sees the others' sheets after he has handed in.
    let sees = chief.is_none_or(|chief| stage.sees(chief, team));
    let sheet = |judge: PersonId| {
        let state = stage.sheet_state(judge, team);
        let shown = stage
            .sheet(judge, team)
            .filter(|_| sees && state == SheetState::HandedIn);
        let sheet = stage.sheet(judge, team);
        PanelSheet {
            judge,
            state,
            total: shown.map(Sheet::total),
            marks: shown.map_or(vec![], |sheet| sheet.filled().into_iter().collect()),
            reopening: sheet.and_then(|sheet| sheet.reopening.clone()),
            absent: performance.and_then(|performance| performance.absent.get(&judge).cloned()),
            before: sheet.filter(|_| sees).map_or(vec![], |s| {
                s.versions.iter().map(|v| v.values().copied().sum()).collect()
            }),
            versions: sheet.filter(|_| sees).map_or(vec![], |s| {
                let version =
                    |v: &BTreeMap<u32, Points>| v.iter().map(|(id, points)| (*id, *points)).collect();
                s.versions.iter().map(version).collect()
            }),
            remark: shown.map(|sheet| sheet.remark.clone()).unwrap_or_default(),
        }
    };
    let blockers = contest.confirm_blockers(round, stage, rules, team, chief.or(stage.chief));
    let told = |mut blocker: Blocker| {
        if let Blocker::SpreadWithoutNote { judges, .. } = &mut blocker
            && !judges_judges
        {
            judges.clear();
        }
        blocker
    };
    Some(PanelLine {
        team,
        name: of.name.clone(),
        unit: of.unit.clone(),
        pack: stage.packs.get(&team).copied(),
        on_stage: stage.on_stage == Some(team),
        absent: stage.absent.contains(&team),
        run: performance.map_or(0, |p| p.run),
        elapsed: performance.map_or(0, |p| p.clock.elapsed(now)),
        stopped: performance.is_some_and(|p| p.clock.stopped),
        proposed: contest.proposed(round, team),
        deduction: performance.and_then(|p| p.deduction),
        waived: performance.is_some_and(|p| p.waived),
        note: performance.and_then(|p| p.note.clone()),
        sheets: stage.judges.iter().map(|judge| sheet(*judge)).collect(),
        mark: stage.mark(rules, team).filter(|_| sees),
        confirmed: stage.confirmed.get(&team).cloned(),
        correction: stage.corrections.get(&team).cloned(),
        outliers: if sees && judges_judges {
            stage.outliers(rules, team)
        } else {
            vec![]
        },
        blockers: blockers.into_iter().map(told).collect(),
    })
}
