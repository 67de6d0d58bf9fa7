//! Judges' tablets, the panel's desk, the draws, the prizes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use app::backend::{Answer, AppError, Judging, MarkReceipt, MarkSent, Move, Visit};
use async_trait::async_trait;
use contest::award::{self, Award};
use contest::command::Facts;
use contest::draw::{self, Draw, DrawOf};
use contest::preview::preview;
use contest::stage::StageAct;
use contest::stage_view::{self, JudgeView, PanelView};
use contest::standing::standings;
use contest::{Actor, Command, Contest, ContestId, PersonId, RoundId, TeamId};
use rand::RngExt;

use super::{Effects, House};
use crate::store::{StoreError, content};

/// Marks in one packet: no rubric has more criteria, and nobody changes each a hundred times
/// between two packets.
const MOST_MARKS: usize = 2_000;

/// The judge who asks, and the contest whose code he has.
fn judge(visit: &Visit) -> Answer<(PersonId, &ContestId)> {
    match (visit.actor, &visit.contest) {
        (Actor::Judge { person }, Some(contest)) => Ok((person, contest)),
        (Actor::Public, _) => Err(AppError::SignIn),
        _ => Err(AppError::Forbidden),
    }
}

#[async_trait]
impl Judging for House {
    async fn judge_view(
        &self,
        visit: &Visit,
        round: Option<RoundId>,
        team: Option<TeamId>,
    ) -> Answer<JudgeView> {
        let (person, id) = judge(visit)?;
        let contest = self.load(id).await?;
        self.saw(person);
        Ok(stage_view::judge(&contest, person, round, team, self.now()))
    }

    async fn save_marks(
        &self,
        visit: &Visit,
        round: RoundId,
        team: TeamId,
        run: Option<u32>,
        marks: Vec<MarkSent>,
    ) -> Answer<Vec<MarkReceipt>> {
        let (person, id) = judge(visit)?;
        if marks.len() > MOST_MARKS {
            return Err(AppError::TooLarge);
        }
        self.saw(person);
        let commands = marks.iter().map(|mark| {
            let act = StageAct::SetMark {
                team,
                run,
                criterion: mark.criterion,
                revision: mark.revision,
                points: mark.points,
            };
            Command::Stage {
                round,
                act,
                seen: None,
            }
        });
        let answers = self
            .record_each(&visit.actor, &visit.device_label, id, commands.collect())
            .await?;
        let receipt = |(mark, answer): (&MarkSent, Result<(), _>)| MarkReceipt {
            criterion: mark.criterion,
            revision: mark.revision,
            refused: answer.err().map(AppError::from),
        };
        Ok(marks.iter().zip(answers).map(receipt).collect())
    }

    async fn panel_view(
        &self,
        visit: &Visit,
        id: &ContestId,
        round: RoundId,
    ) -> Answer<(PanelView, BTreeMap<PersonId, String>)> {
        let actor = visit.actor_in(id);
        let contest = match actor {
            Actor::Judge { person } => {
                let contest = self.load(id).await?;
                if contest.stage(round).and_then(|stage| stage.chief) != Some(person) {
                    return Err(AppError::Forbidden);
                }
                self.saw(person);
                contest
            }
            _ => self.staff(visit, id).await?,
        };
        let view = stage_view::panel(&contest, &actor, round, self.now()).ok_or(AppError::NotFound)?;
        Ok((view, self.judges(id).await?))
    }

    async fn seal_draw(
        &self,
        visit: &Visit,
        id: &ContestId,
        round: RoundId,
        of: DrawOf,
        reason: Option<String>,
    ) -> Answer<u64> {
        self.staff(visit, id).await?;
        let seed: String = {
            let mut rng = rand::rng();
            (0..32).map(|_| format!("{:02x}", rng.random::<u8>())).collect()
        };
        let commitment = draw::commitment(&seed);
        let kept: Effects = Box::new(move |events, _| {
            // Nothing is recorded when something is sealed already.
            let seed = (!events.is_empty()).then(|| seed.clone());
            Box::new(move |tx| {
                Box::pin(async move {
                    if let Some(seed) = seed {
                        content::put(tx, &seed).await?;
                    }
                    Ok::<(), StoreError>(())
                })
            })
        });
        let act = StageAct::SealDraw {
            of,
            commitment,
            reason,
        };
        self.draws(visit, id, round, act, Some(kept)).await
    }

    async fn open_draw(&self, visit: &Visit, id: &ContestId, round: RoundId, of: DrawOf) -> Answer<u64> {
        self.staff(visit, id).await?;
        // The seed belongs to the seal that holds now: a node that another has not told of it reads the
        // ledger's tail before it looks for one.
        self.shelf.doubt(id);
        let contest = self.load(id).await?;
        let stage = contest.stage(round);
        let sealed = match stage.as_ref().and_then(|stage| stage.draws.get(&of)) {
            Some(Draw::Sealed { commitment }) => content::get(self.store.read(), commitment).await?,
            // Opened twice, by two hands at once, it is opened once.
            Some(Draw::Opened { .. }) => return Ok(contest.seq),
            _ => None,
        };
        // Without a seal there is no seed, and the rules say so.
        let seed = sealed.unwrap_or_default();
        self.draws(visit, id, round, StageAct::OpenDraw { of, seed }, None)
            .await
    }

    async fn preview_stage(
        &self,
        visit: &Visit,
        id: &ContestId,
        round: RoundId,
        act: StageAct,
    ) -> Answer<Vec<Move>> {
        let contest = self.staff(visit, id).await?;
        let (actor, now) = (visit.actor_in(id), self.now());
        let command = Command::Stage {
            round,
            act,
            seen: None,
        };
        let events = contest.decide(&actor, command, &Facts::default(), now, &mut rand::rng())?;
        Ok(preview(&contest, &events, now))
    }

    async fn awards(&self, visit: &Visit, id: &ContestId, published_only: bool) -> Answer<Vec<Award>> {
        let contest = self.staff(visit, id).await?;
        let rules = contest.rules().ok_or(AppError::NotFound)?;
        let rows = standings(&contest, |round, team| {
            let shown = !published_only || contest.is_published(round);
            contest.mark(round, team).filter(|_| shown)
        });
        Ok(award::awards(rules, &rows, &contest.given))
    }
}

impl House {
    async fn draws(
        &self,
        visit: &Visit,
        id: &ContestId,
        round: RoundId,
        act: StageAct,
        effects: Option<Effects>,
    ) -> Answer<u64> {
        let (actor, facts) = (visit.actor_in(id), Facts::default());
        let command = Command::Stage {
            round,
            act,
            seen: None,
        };
        let after = self
            .record(&actor, &visit.device_label, id, &facts, command, effects)
            .await?;
        Ok(after.seq)
    }

    /// Who may hear the pulse of the stage: the judges of the contest and its staff.
    ///
    /// # Errors
    /// [`AppError::SignIn`] for the public, [`AppError::Forbidden`] for everybody else.
    pub(crate) async fn at_the_stage(&self, visit: &Visit, id: &ContestId) -> Answer<Arc<Contest>> {
        match visit.actor_in(id) {
            Actor::Judge { .. } => self.load(id).await,
            _ => self.staff(visit, id).await,
        }
    }

    /// The names of the judges of a contest.
    async fn judges(&self, id: &ContestId) -> Result<BTreeMap<PersonId, String>, StoreError> {
        let rows: Vec<(i64, String)> =
            sqlx::query_as("SELECT id, name FROM person WHERE contest = $1 AND role = 'judge'")
                .bind(id.as_str())
                .fetch_all(self.store.read())
                .await?;
        Ok(rows.into_iter().map(|(id, name)| (PersonId(id), name)).collect())
    }

    /// Whether all of `people` are judges of the contest.
    pub(super) async fn are_judges(
        &self,
        id: &ContestId,
        people: impl IntoIterator<Item = PersonId>,
    ) -> Result<bool, StoreError> {
        let judges: BTreeSet<PersonId> = self.judges(id).await?.into_keys().collect();
        Ok(people.into_iter().all(|person| judges.contains(&person)))
    }
}
