//! What the hall's screens, the host, the console and the broadcast see of the hall.
//!
//! Everything here is built from the public's [`Board`] and from the steps of a reveal that are taken:
//! a screen's view holds nothing that the hall may not know yet. Only the host and the console are
//! told of the next step.

use crate::{
    Blocker, Contest, ContestId, Digest, Moment, PersonId, Points, RoundId, TeamId,
    audience::{Board, BoardRow},
    freeze::not_final,
    people::Layout,
    reveal::{Holder, Picture, Plan, Plate, Reveal, Step, all_plates, holder},
    rules::{Competitor, Rules},
    screen::{Logo, Look, Scene, Screen},
    stage_view::{self, ClockView},
    standing::{Marks, rank},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What one screen is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScreenView {
    pub contest: ContestId,
    pub screen: PersonId,
    pub name: String,
    pub look: Look,
    /// When it grows the page loads itself again.
    pub reloads: u32,
    /// The contest's name.
    pub title: String,
    pub hosts: Vec<String>,
    pub place: String,
    pub starts_at: Option<Moment>,
    /// Whose heading stands over the final board.
    #[serde(default)]
    pub layout: Layout,
    pub scene: SceneView,
}

/// A scene with what it shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "scene", rename_all = "snake_case")]
pub enum SceneView {
    Blank,
    Waiting,
    Join,
    Order {
        round: Option<RoundId>,
        round_name: String,
        lines: Vec<OrderLine>,
    },
    /// `None` while nobody is on stage.
    OnStage {
        stage: Option<StageView>,
    },
    Exam {
        board: Board,
    },
    /// `round` when the rows are ranked by that round alone.
    Standings {
        board: Board,
        round: Option<RoundId>,
    },
    Team {
        team: Option<TeamCard>,
    },
    Question {
        text: String,
        options: Vec<String>,
        answer: Option<u8>,
    },
    Message {
        text: String,
    },
    Hosts {
        logos: Vec<Logo>,
    },
    Reveal {
        /// On invented marks: the screen says so in large letters.
        rehearsal: bool,
        /// The names of all rounds, in their order.
        rounds: Vec<RoundName>,
        /// `None` while no reveal is under way.
        picture: Option<Picture>,
    },
    Prizes {
        plates: Vec<Plate>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoundName {
    pub id: RoundId,
    pub name: String,
}

/// One team of the running order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    /// From 1.
    pub place: u32,
    pub team: TeamId,
    pub name: String,
    pub unit: String,
    pub state: TurnState,
}

/// How far a team's turn has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TurnState {
    Waiting,
    /// The next to be called.
    Next,
    OnStage,
    Done,
    Absent,
}

/// The team on stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageView {
    pub round: RoundId,
    pub round_name: String,
    pub unit: String,
    pub clock: ClockView,
    /// Its place in the running order, from 1, and how many there are.
    pub place: u32,
    pub teams: u32,
    /// Who is called next.
    pub next: Option<Holder>,
}

/// One team as the public may know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamCard {
    /// Since when its marks stand still; `None` while they are the live ones. A frozen card has no rank: the
    /// hall may have heard another one in the reveal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frozen: Option<Moment>,
    pub row: BoardRow,
    pub rounds: Vec<RoundName>,
}

/// What the broadcast's overlay shows: nothing that the public does not see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverlayView {
    pub title: String,
    pub stage: Option<StageView>,
    /// The first five places of the public standings, more when equals stand across the line; empty
    /// while nobody has a rank.
    pub top: Vec<BoardRow>,
    pub frozen: bool,
}

/// What the host reads (người dẫn chương trình).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostView {
    pub contest: ContestId,
    /// See [`Contest::seq`].
    pub seq: u64,
    pub title: String,
    pub hosts: Vec<String>,
    pub screens: Vec<HostScreen>,
    pub stage: Option<StageView>,
    /// The running order of the stage round under way.
    pub round_name: String,
    pub order: Vec<OrderLine>,
    /// Everybody competes for himself: who is called is no team.
    #[serde(default)]
    pub individuals: bool,
    pub reveal: Option<HostReveal>,
}

/// What one screen shows, and what waits for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostScreen {
    pub name: String,
    pub live: Scene,
    /// It is dark whatever its scene is.
    pub blank: bool,
    /// What is prepared for it.
    pub next: Option<Scene>,
}

/// The reveal as its presenter sees it: the present step, and the next one before the hall.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostReveal {
    /// Which reveal it is; see [`Reveal::begun`].
    #[serde(default)]
    pub begun: u64,
    pub rehearsal: bool,
    /// Marks or prizes are others than those that it tells: it goes no further.
    #[serde(default)]
    pub overtaken: bool,
    pub step: u32,
    /// How many steps there are.
    pub steps: u32,
    /// All of them by name: by these the host jumps.
    #[serde(default)]
    pub names: Vec<StepName>,
    pub now: StepView,
    pub next: Option<StepView>,
    pub rounds: Vec<RoundName>,
    pub picture: Picture,
}

impl HostReveal {
    /// What the present step is called.
    pub fn name(&self) -> Option<&StepName> {
        self.names.get(self.step as usize)
    }

    /// What the next step is called.
    pub fn next_name(&self) -> Option<&StepName> {
        self.names.get(self.step as usize + 1)
    }
}

/// A step by its name alone. It names those of whom the hall has not heard yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum StepName {
    Opening,
    Round {
        name: String,
    },
    /// `rank` is the place that the teams come to; `None` in a reveal by rounds.
    Lift {
        rank: Option<u32>,
        teams: Vec<String>,
    },
    Marks {
        rank: Option<u32>,
        teams: Vec<String>,
    },
    Place {
        rank: Option<u32>,
        teams: Vec<String>,
    },
    Plate {
        prize: String,
        teams: Vec<String>,
    },
    Final,
}

/// A step with everything that is read out at it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum StepView {
    Opening,
    Round {
        name: String,
    },
    Lift {
        round: Option<String>,
        teams: Vec<Holder>,
    },
    /// The marks that this step tells, by round name.
    Marks {
        round: Option<String>,
        teams: Vec<Told>,
    },
    Place {
        round: Option<String>,
        teams: Vec<Told>,
    },
    Plate {
        plate: Plate,
        /// What each holder has it for, in their order: the total, or the mark of the prize's round.
        points: Vec<Option<Points>>,
    },
    Final,
}

/// What is told of one team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    pub team: Holder,
    /// Marks that the hall did not know, with the names of their rounds.
    pub marks: Vec<(String, Points)>,
    pub total: Option<Points>,
    pub rank: Option<u32>,
}

/// The console of the screens, for the staff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HallDesk {
    /// See [`Contest::seq`].
    pub seq: u64,
    pub screens: Vec<DeskScreen>,
    pub logos: Vec<Logo>,
    pub rounds: Vec<RoundName>,
    pub teams: Vec<Holder>,
    pub frozen: Option<Moment>,
    pub reveal: Option<HostReveal>,
    /// What stands in the way of a reveal of the real marks.
    pub reveal_blockers: Vec<Blocker>,
}

/// One screen at the console: exactly what it shows, and what waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskScreen {
    pub id: PersonId,
    pub screen: Screen,
    pub view: ScreenView,
    /// What "take" would show.
    pub next: Option<SceneView>,
}

/// What screen `id` shows. `board` is the public's.
pub fn screen(contest: &Contest, board: &Board, id: PersonId) -> Option<ScreenView> {
    let screen = contest.hall.screens.get(&id)?;
    let scene = if screen.blank {
        SceneView::Blank
    } else {
        scene(contest, board, &screen.live)
    };
    Some(ScreenView {
        contest: contest.id.clone(),
        screen: id,
        name: screen.name.clone(),
        look: screen.look,
        reloads: screen.reloads,
        title: contest.details.name.clone(),
        hosts: contest.details.hosts.clone(),
        place: contest.details.place.clone(),
        starts_at: contest.details.starts_at,
        layout: contest.details.layout,
        scene,
    })
}

/// A scene with what it shows of the contest now.
pub fn scene(contest: &Contest, board: &Board, scene: &Scene) -> SceneView {
    match scene {
        Scene::Waiting => SceneView::Waiting,
        Scene::Join => SceneView::Join,
        Scene::Order { round } => {
            let round = round.or_else(|| stage_view::current(contest));
            SceneView::Order {
                round,
                round_name: round.map(|round| round_name(contest, round)).unwrap_or_default(),
                lines: round.map_or(vec![], |round| order(contest, round)),
            }
        }
        Scene::OnStage => SceneView::OnStage {
            stage: on_stage(contest),
        },
        Scene::Exam => SceneView::Exam { board: board.clone() },
        Scene::Standings { round } => SceneView::Standings {
            board: match (round, contest.rules()) {
                (Some(round), Some(rules)) => by_round(rules, board, *round),
                _ => board.clone(),
            },
            round: *round,
        },
        Scene::Team { team } => SceneView::Team {
            team: team_card(board, *team),
        },
        Scene::Question {
            text,
            options,
            answer,
        } => SceneView::Question {
            text: text.clone(),
            options: options.clone(),
            answer: *answer,
        },
        Scene::Message { text } => SceneView::Message { text: text.clone() },
        Scene::Hosts => SceneView::Hosts {
            logos: contest.hall.logos.clone(),
        },
        Scene::Reveal => {
            let reveal = contest.hall.reveal.as_ref();
            let reveal = reveal.filter(|reveal| reveal.plan.rehearsal || on_the_wall(contest).is_some());
            SceneView::Reveal {
                rehearsal: reveal.is_some_and(|reveal| reveal.plan.rehearsal),
                rounds: round_names(contest),
                picture: reveal.map(|reveal| reveal.plan.picture(contest, reveal.step)),
            }
        }
        Scene::Prizes => SceneView::Prizes {
            plates: prizes(contest),
        },
    }
}

fn team_card(board: &Board, team: TeamId) -> Option<TeamCard> {
    let row = board.rows.iter().find(|row| row.team == team)?;
    let frozen = board.frozen.is_some();
    let rounds = board.rounds.iter().map(|round| RoundName {
        id: round.id,
        name: round.name.clone(),
    });
    Some(TeamCard {
        frozen: board.frozen,
        row: BoardRow {
            rank: row.rank.filter(|_| !frozen),
            tied: row.tied && !frozen,
            ..row.clone()
        },
        rounds: rounds.collect(),
    })
}

/// The reveal of the real marks that the hall looks at. In the middle of it the wall stands still, whatever
/// is corrected, until somebody stops it; once the public sees the live standings it does not contradict them.
fn on_the_wall(contest: &Contest) -> Option<&Reveal> {
    let frozen = contest.hall.frozen.is_some();
    let reveal = contest.hall.real_reveal();
    reveal.filter(|_| frozen || !contest.reveal_overtaken())
}

/// The prizes that the hall may know: those of the steps taken, or all once the standings are final. What
/// a reveal has announced stays after it, as long as it holds.
fn prizes(contest: &Contest) -> Vec<Plate> {
    let told = |reveal: &Reveal| reveal.plan.plates(contest, reveal.step);
    if let Some(reveal) = on_the_wall(contest) {
        return told(reveal);
    }
    if not_final(contest).is_empty() {
        return all_plates(contest);
    }
    let announced = contest.hall.announced.as_ref();
    announced
        .filter(|reveal| reveal.plan.follows_from(contest))
        .map_or(vec![], told)
}

/// The board ranked by one round alone.
fn by_round(rules: &Rules, board: &Board, round: RoundId) -> Board {
    let Some(at) = board.rounds.iter().position(|other| other.id == round) else {
        return board.clone();
    };
    let Some(rule) = rules.round(round) else {
        return board.clone();
    };
    let only = Rules {
        rounds: vec![crate::rules::Round {
            weight: 1000,
            ..rule.clone()
        }],
        tie_breaks: vec![],
        // A round's mark is shown as it is, not as the total rounds it.
        rounding: crate::points::Rounding { step: Points(1) },
        ..rules.clone()
    };
    let marks = board.rows.iter().map(|row| Marks {
        team: row.team,
        marks: vec![row.marks.get(at).copied().flatten()],
        seconds: 0,
        criteria: BTreeMap::new(),
    });
    let rows = rank(&only, &[], marks.collect())
        .into_iter()
        .filter_map(|standing| {
            let row = board.rows.iter().find(|row| row.team == standing.team)?;
            Some(BoardRow {
                rank: standing.rank,
                tied: standing.tied,
                marks: standing.marks,
                total: standing.total,
                progress: None,
                ..row.clone()
            })
        });
    Board {
        rounds: vec![board.rounds[at].clone()],
        rows: rows.collect(),
        ..board.clone()
    }
}

/// The running order of a stage round, as the hall may know it: empty before the draw.
pub fn order(contest: &Contest, round: RoundId) -> Vec<OrderLine> {
    let Some(stage) = contest.stages.get(&round) else {
        return vec![];
    };
    let performed = |team: &TeamId| stage.performances.contains_key(team);
    let waits = |team: &&TeamId| !performed(team) && !stage.absent.contains(team);
    let next = stage.order.iter().find(waits);
    let lines = (1..).zip(&stage.order).filter_map(|(place, team)| {
        let of = contest.teams.get(team)?;
        Some(OrderLine {
            place,
            team: *team,
            name: of.name.clone(),
            unit: of.unit.clone(),
            state: if stage.absent.contains(team) {
                TurnState::Absent
            } else if stage.on_stage == Some(*team) && !stage.published {
                TurnState::OnStage
            } else if performed(team) {
                TurnState::Done
            } else if Some(team) == next {
                TurnState::Next
            } else {
                TurnState::Waiting
            },
        })
    });
    lines.collect()
}

/// The team on stage now.
pub fn on_stage(contest: &Contest) -> Option<StageView> {
    let round = stage_view::current(contest)?;
    let clock = stage_view::clock(contest, round)?;
    let order = order(contest, round);
    Some(StageView {
        round,
        round_name: round_name(contest, round),
        unit: contest.teams.get(&clock.team)?.unit.clone(),
        place: order
            .iter()
            .find(|line| line.team == clock.team)
            .map_or(0, |line| line.place),
        teams: order.len() as u32,
        next: order
            .iter()
            .find(|line| line.state == TurnState::Next)
            .and_then(|line| holder(contest, line.team)),
        clock,
    })
}

/// What the broadcast shows. `board` is the public's.
pub fn overlay(contest: &Contest, board: &Board) -> OverlayView {
    OverlayView {
        title: contest.details.name.clone(),
        stage: on_stage(contest),
        top: board
            .rows
            .iter()
            .filter(|row| row.rank.is_some_and(|rank| rank <= 5))
            .cloned()
            .collect(),
        frozen: board.frozen.is_some(),
    }
}

/// What the host sees.
pub fn host(contest: &Contest) -> HostView {
    let round = stage_view::current(contest);
    HostView {
        contest: contest.id.clone(),
        seq: contest.seq,
        title: contest.details.name.clone(),
        hosts: contest.details.hosts.clone(),
        screens: contest
            .hall
            .screens
            .values()
            .map(|screen| HostScreen {
                name: screen.name.clone(),
                live: screen.live.clone(),
                blank: screen.blank,
                next: screen.next.clone(),
            })
            .collect(),
        stage: on_stage(contest),
        round_name: round.map(|round| round_name(contest, round)).unwrap_or_default(),
        individuals: contest
            .rules()
            .is_some_and(|rules| rules.competitor == Competitor::Individual),
        order: round.map_or(vec![], |round| order(contest, round)),
        reveal: contest
            .hall
            .reveal
            .as_ref()
            .map(|reveal| host_reveal(contest, reveal)),
    }
}

/// What the console of the screens sees. `board` is the public's.
pub fn desk(contest: &Contest, board: &Board) -> HallDesk {
    let screens = contest.hall.screens.iter().filter_map(|(id, of)| {
        Some(DeskScreen {
            id: *id,
            screen: of.clone(),
            view: screen(contest, board, *id)?,
            next: of.next.as_ref().map(|next| scene(contest, board, next)),
        })
    });
    HallDesk {
        seq: contest.seq,
        screens: screens.collect(),
        logos: contest.hall.logos.clone(),
        rounds: round_names(contest),
        teams: contest
            .teams
            .keys()
            .filter_map(|team| holder(contest, *team))
            .collect(),
        frozen: contest.hall.frozen.as_ref().map(|freeze| freeze.at),
        reveal: contest
            .hall
            .reveal
            .as_ref()
            .map(|reveal| host_reveal(contest, reveal)),
        reveal_blockers: contest.reveal_blockers(),
    }
}

/// Whether a logo may be served: its content is named by the contest.
pub fn has_logo(contest: &Contest, hash: &Digest) -> bool {
    contest.hall.logos.iter().any(|logo| logo.hash == *hash)
}

fn host_reveal(contest: &Contest, reveal: &Reveal) -> HostReveal {
    let plan = &reveal.plan;
    HostReveal {
        begun: reveal.begun,
        rehearsal: plan.rehearsal,
        overtaken: contest.reveal_overtaken(),
        step: reveal.step,
        steps: plan.steps.len() as u32,
        names: plan
            .steps
            .iter()
            .map(|step| step_name(contest, plan, step))
            .collect(),
        now: step_view(contest, plan, plan.step(reveal.step)),
        next: plan
            .steps
            .get(reveal.step as usize + 1)
            .map(|step| step_view(contest, plan, step)),
        rounds: round_names(contest),
        picture: plan.picture(contest, reveal.step),
    }
}

fn step_name(contest: &Contest, plan: &Plan, step: &Step) -> StepName {
    let names = |teams: &[TeamId]| -> Vec<String> {
        let teams = teams.iter().filter_map(|team| contest.teams.get(team));
        teams.map(|team| team.name.clone()).collect()
    };
    // Equals step forward together: their place is that of the first of them.
    let place = |round: &Option<RoundId>, teams: &[TeamId]| {
        let first = teams.first().filter(|_| round.is_none())?;
        plan.rows.iter().find(|row| row.team == *first)?.rank
    };
    match step {
        Step::Opening => StepName::Opening,
        Step::Round { round } => StepName::Round {
            name: round_name(contest, *round),
        },
        Step::Lift { round, teams } => StepName::Lift {
            rank: place(round, teams),
            teams: names(teams),
        },
        Step::Marks { round, teams } => StepName::Marks {
            rank: place(round, teams),
            teams: names(teams),
        },
        Step::Place { round, teams } => StepName::Place {
            rank: place(round, teams),
            teams: names(teams),
        },
        Step::Plate { award } => match plan.awards.get(*award as usize) {
            Some(award) => StepName::Plate {
                prize: award.rule.name.clone(),
                teams: names(&award.holders),
            },
            None => StepName::Final,
        },
        Step::Final => StepName::Final,
    }
}

fn step_view(contest: &Contest, plan: &Plan, step: &Step) -> StepView {
    let name = |round: &Option<RoundId>| round.map(|round| round_name(contest, round));
    let told = |round: &Option<RoundId>, teams: &[TeamId]| -> Vec<Told> {
        let told = |team: &TeamId| {
            let row = plan.rows.iter().find(|row| row.team == *team)?;
            let base = plan.base.iter().find(|row| row.team == *team);
            let rounds = contest.rules()?.rounds.iter().enumerate();
            let marks = rounds.filter(|(_, of)| round.is_none_or(|round| of.id == round));
            let marks = marks.filter_map(|(i, of)| {
                let mark = row.marks.get(i).copied().flatten()?;
                let known = base.and_then(|base| base.marks.get(i).copied().flatten());
                (known != Some(mark)).then(|| (of.name.clone(), mark))
            });
            Some(Told {
                team: holder(contest, *team)?,
                marks: marks.collect(),
                // In a reveal by rounds the total is told by the last of them.
                total: row.total.filter(|_| round.is_none()),
                rank: row.rank.filter(|_| round.is_none()),
            })
        };
        teams.iter().filter_map(told).collect()
    };
    match step {
        Step::Opening => StepView::Opening,
        Step::Round { round } => StepView::Round {
            name: round_name(contest, *round),
        },
        Step::Lift { round, teams } => StepView::Lift {
            round: name(round),
            teams: teams.iter().filter_map(|team| holder(contest, *team)).collect(),
        },
        Step::Marks { round, teams } => StepView::Marks {
            round: name(round),
            teams: told(round, teams),
        },
        Step::Place { round, teams } => StepView::Place {
            round: name(round),
            teams: told(round, teams),
        },
        Step::Plate { award } => match plan.awards.get(*award as usize) {
            Some(award) => {
                let plate = plan.plate(contest, award);
                let rounds = contest.rules().map_or(&[][..], |rules| &rules.rounds);
                let at = plate
                    .round
                    .and_then(|id| rounds.iter().position(|of| of.id == id));
                let points = plate.holders.iter().map(|holder| {
                    let row = plan.rows.iter().find(|row| row.team == holder.team)?;
                    match (at, plate.place) {
                        (Some(at), _) => row.marks.get(at).copied().flatten(),
                        (None, Some(_)) => row.total,
                        (None, None) => None,
                    }
                });
                StepView::Plate {
                    points: points.collect(),
                    plate,
                }
            }
            None => StepView::Final,
        },
        Step::Final => StepView::Final,
    }
}

fn round_name(contest: &Contest, round: RoundId) -> String {
    let round = contest.rules().and_then(|rules| rules.round(round));
    round.map(|round| round.name.clone()).unwrap_or_default()
}

fn round_names(contest: &Contest) -> Vec<RoundName> {
    let rounds = contest.rules().map_or(&[][..], |rules| &rules.rounds);
    let name = |round: &crate::rules::Round| RoundName {
        id: round.id,
        name: round.name.clone(),
    };
    rounds.iter().map(name).collect()
}
