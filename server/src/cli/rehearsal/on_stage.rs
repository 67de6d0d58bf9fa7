//! A stage round played: the secretary calls and times, five judges mark, the chief judge confirms.

use std::collections::BTreeSet;

use app::backend::{Judging, People, Person};
use app::words::td_string;
use contest::actor::Role;
use contest::draw::DrawOf;
use contest::stage::{SheetState, StageAct};
use contest::stage_view::{PanelLine, PanelView};
use contest::{Blocker, Command, ContestId, PersonId, Points, RoundId, TeamId};
use serde::Deserialize;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::device::{DEVICE, Device, GaveUp, Pace};
use super::judge::SimulatedJudge;
use super::{Answer, AppError, Stage, home_case};

/// So many looks at a team's sheets before giving up: minutes, should a visitor hold one of them.
const LOOKS: u32 = 3_000;
/// Every so many teams is over its time by a little.
const OVER_TIME: usize = 5;

/// The panel's desk as its chief judge is sent it.
#[derive(Deserialize)]
struct Desk {
    panel: PanelView,
}

/// The people of a stage round at their devices.
pub(super) struct Panel {
    /// The secretary's laptop; the organizer's when a visitor sits at hers.
    table: Device,
    /// The devices of the simulated judges.
    judges: Vec<(PersonId, Device)>,
    all: Vec<PersonId>,
    pace: Pace,
    contest: ContestId,
}

impl Panel {
    /// Everybody enters whose place no visitor has taken.
    pub(super) async fn enters(stage: &Stage, id: &ContestId, pace: Pace) -> Answer<Self> {
        let judges_of = stage.people(id, Role::Judge).await?;
        let mut judges = Vec::new();
        for judge in &judges_of {
            if let Some(device) = seat(stage, id, judge).await? {
                judges.push((judge.id, device));
            }
        }
        let mut table = None;
        for secretary in stage.people(id, Role::Secretary).await? {
            if table.is_none() {
                table = seat(stage, id, &secretary).await?;
            }
        }
        let table = match table {
            Some(table) => table,
            None => {
                let organizer = Device::new(&stage.base).map_err(gave_up)?;
                let account = [("name", home_case::ORGANIZER), ("password", home_case::PASSWORD)];
                organizer.acts("sign_in", &account).await.map_err(gave_up)?;
                organizer
            }
        };
        Ok(Self {
            table,
            judges,
            all: judges_of.iter().map(|judge| judge.id).collect(),
            pace,
            contest: id.clone(),
        })
    }

    /// Plays every stage round that is not published yet.
    pub(super) async fn plays(&self, stage: &Stage, rounds: Vec<RoundId>) -> Answer<()> {
        let over = CancellationToken::new();
        let ends = over.clone().drop_guard();
        let mut watching = JoinSet::new();
        for (_, device) in &self.judges {
            let judge = SimulatedJudge {
                device: device.clone(),
                pace: self.pace,
            };
            watching.spawn(judge.judges(over.clone()));
        }
        let mut played = Ok(());
        for round in rounds {
            played = self.plays_round(stage, round).await;
            if played.is_err() {
                break;
            }
        }
        drop(ends);
        while let Some(ended) = watching.join_next().await {
            if let Ok(Err(error)) = ended {
                tracing::warn!(error = format!("{error:#}"), "a simulated judge gave up");
            }
        }
        played
    }

    async fn plays_round(&self, stage: &Stage, round: RoundId) -> Answer<()> {
        self.sits(stage, round).await?;
        let contest = stage.house.load(&self.contest).await?;
        let packs = contest
            .rules()
            .and_then(|rules| rules.round(round)?.stage())
            .map_or(0, |rules| rules.packs);
        let held = contest.stage(round).ok_or(AppError::NotFound)?;
        if held.performances.is_empty() {
            let mut draws = vec![DrawOf::Order];
            draws.extend((packs > 0).then_some(DrawOf::Packs));
            for of in draws {
                stage
                    .house
                    .seal_draw(&stage.visit, &self.contest, round, of, None)
                    .await?;
                self.pace.pauses(2.0, 4.0).await;
                stage
                    .house
                    .open_draw(&stage.visit, &self.contest, round, of)
                    .await?;
            }
        }
        let contest = stage.house.load(&self.contest).await?;
        let held = contest.stage(round).ok_or(AppError::NotFound)?;
        for (n, team) in held.order.iter().enumerate() {
            if !held.confirmed.contains_key(team) && !held.absent.contains(team) {
                let over = (n + 1).is_multiple_of(OVER_TIME);
                self.turn(stage, round, *team, over).await?;
            }
        }
        stage
            .execute(
                &self.contest,
                Command::Stage {
                    round,
                    act: StageAct::Publish,
                    seen: None,
                },
            )
            .await
    }

    /// A chief judge who is simulated, so that nobody waits for a visitor's.
    async fn sits(&self, stage: &Stage, round: RoundId) -> Answer<()> {
        let contest = stage.house.load(&self.contest).await?;
        let chief = contest.stage(round).and_then(|held| held.chief);
        let simulated = |person: &PersonId| self.judges.iter().any(|(judge, _)| judge == person);
        if chief.as_ref().is_some_and(simulated) {
            return Ok(());
        }
        let (chief, _) = self.judges.first().ok_or(AppError::Stale)?;
        let act = StageAct::SetPanel {
            judges: self.all.clone(),
            chief: *chief,
            reason: Some(td_string!(stage.visit.locale, cli.play_chief).to_owned()),
        };
        stage
            .execute(
                &self.contest,
                Command::Stage {
                    round,
                    act,
                    seen: None,
                },
            )
            .await
    }

    async fn turn(&self, stage: &Stage, round: RoundId, team: TeamId, over: bool) -> Answer<()> {
        let acts = async |act: &str, more: &[(&str, &str)]| self.table_acts(round, team, act, more).await;
        acts("call", &[]).await?;
        self.pace.pauses(4.0, 10.0).await;
        acts("start", &[]).await?;
        self.pace.pauses(60.0, 120.0).await;
        acts("stop", &[]).await?;
        if over {
            // The rehearsal's time is not the stage's: the secretary says what the clock cannot.
            let reason = td_string!(stage.visit.locale, cli.play_over);
            acts("deduct", &[("points", "0.5"), ("reason", reason)]).await?;
        }
        self.confirms(stage, round, team).await
    }

    async fn table_acts(&self, round: RoundId, team: TeamId, act: &str, more: &[(&str, &str)]) -> Answer<()> {
        self.acts(&self.table, round, team, act, more).await
    }

    async fn acts(
        &self,
        device: &Device,
        round: RoundId,
        team: TeamId,
        act: &str,
        more: &[(&str, &str)],
    ) -> Answer<()> {
        let (round, team) = (round.to_string(), team.to_string());
        let mut fields = vec![
            ("contest", self.contest.as_str()),
            ("round", &round),
            ("team", &team),
            ("act", act),
        ];
        fields.extend(more);
        device.acts("run_stage", &fields).await.map_err(gave_up)
    }

    /// The chief judge waits for the sheets, sees to what blocks, and confirms.
    async fn confirms(&self, stage: &Stage, round: RoundId, team: TeamId) -> Answer<()> {
        let contest = stage.house.load(&self.contest).await?;
        let chief = contest.stage(round).and_then(|held| held.chief);
        let chief = self.judges.iter().find(|(judge, _)| Some(*judge) == chief);
        let (_, chief) = chief.ok_or(AppError::Stale)?;
        let path = format!("/api/contests/{}/stage/{round}", self.contest);
        for _ in 0..LOOKS {
            let Desk { panel } = chief.reads(&path).await.map_err(gave_up)?;
            let line = panel.teams.into_iter().find(|line| line.team == team);
            let line = line.ok_or(AppError::NotFound)?;
            if line.confirmed.is_some() {
                return Ok(());
            }
            if !self.all_in(&line) {
                self.pace.looks_again(3.0).await;
                continue;
            }
            match line.blockers.first() {
                None => self.acts(chief, round, team, "confirm", &[]).await?,
                Some(Blocker::SpreadWithoutNote { .. }) => {
                    self.pace.pauses(10.0, 20.0).await;
                    let note = td_string!(stage.visit.locale, cli.play_note);
                    self.acts(chief, round, team, "note", &[("reason", note)]).await?;
                }
                Some(Blocker::DeductionOpen { proposed, .. }) => {
                    let points: Points = *proposed;
                    self.table_acts(round, team, "deduct", &[("points", &points.to_string())])
                        .await?;
                }
                Some(Blocker::MissingSheets { judges, .. }) => {
                    self.pace.looks_again(5.0).await;
                    self.leaves_out(stage, round, &line, judges).await?;
                }
                Some(_) => self.pace.looks_again(5.0).await,
            }
        }
        Err(AppError::Stale)
    }

    /// A visitor who only looks holds nobody up: the secretary records that his judge is absent. Once he writes
    /// on the sheet, it is waited for.
    async fn leaves_out(
        &self,
        stage: &Stage,
        round: RoundId,
        line: &PanelLine,
        judges: &[PersonId],
    ) -> Answer<()> {
        let reason = td_string!(stage.visit.locale, cli.play_absent);
        let idle = line.sheets.iter().filter(|sheet| {
            judges.contains(&sheet.judge) && sheet.state == SheetState::Empty && sheet.absent.is_none()
        });
        for sheet in idle {
            let judge = sheet.judge.to_string();
            self.table_acts(
                round,
                line.team,
                "judge_absent",
                &[("judge", &judge), ("reason", reason)],
            )
            .await?;
        }
        Ok(())
    }

    /// Whether every simulated judge who has a sheet has handed it in.
    fn all_in(&self, line: &PanelLine) -> bool {
        let simulated: BTreeSet<PersonId> = self.judges.iter().map(|(judge, _)| *judge).collect();
        let mut sheets = line
            .sheets
            .iter()
            .filter(|sheet| simulated.contains(&sheet.judge));
        sheets.all(|sheet| matches!(sheet.state, SheetState::HandedIn | SheetState::Conflict))
    }
}

/// A device for that person; `None` when a visitor has one already.
async fn seat(stage: &Stage, id: &ContestId, person: &Person) -> Answer<Option<Device>> {
    // Of an earlier run that was broken off; a person's tablet is left alone.
    if person.device.as_deref() == Some(DEVICE) {
        stage.house.release_device(&stage.visit, id, person.id).await?;
    }
    let device = Device::new(&stage.base).map_err(gave_up)?;
    let entered = device.enters(&person.code).await.map_err(gave_up)?;
    Ok(entered.then_some(device))
}

/// What went wrong is in the log; the console says that the rehearsal could not go on.
fn gave_up(error: GaveUp) -> AppError {
    tracing::warn!(error = format!("{error:#}"), "the rehearsal");
    AppError::Internal
}
