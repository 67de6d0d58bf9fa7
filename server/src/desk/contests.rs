//! Contests, their boards and their ledgers.

use std::collections::BTreeMap;
use std::sync::Arc;

use app::backend::{Answer, AppError, ContestLine, Contests, Visit};
use async_trait::async_trait;
use contest::audience::{self, Audience, Board, Progress};
use contest::command::Facts;
use contest::exam::ExamPhase;
use contest::intake::fold;
use contest::ledger::{Broken, Entry};
use contest::people::Details;
use contest::reveal::RevealAct;
use contest::screen::ScreenAct;
use contest::stage::StageAct;
use contest::template::Template;
use contest::{Actor, Command, Contest, ContestId, PersonId, RoundId, TeamId, UserId};
use rand::RngExt;
use sqlx::AnyConnection;

use super::accounts::any_organizer;
use super::{Effects, House, door, exams, facts};
use crate::store::{StoreError, ledger};

/// The most entries of a ledger that one page shows.
const MOST_ENTRIES: u32 = 200;

#[async_trait]
impl Contests for House {
    async fn contests(&self, visit: &Visit) -> Answer<Vec<ContestLine>> {
        let mut contests = Vec::new();
        for id in ledger::ids(self.store.read()).await? {
            let contest = match self.load(&id).await {
                Ok(contest) => contest,
                // One broken ledger, which the log tells of, does not hide the others.
                Err(AppError::Internal) => continue,
                Err(error) => return Err(error),
            };
            let shown = match visit.actor_in(&id) {
                Actor::Organizer { user } => contest.organizers.contains(&user),
                Actor::Public | Actor::System => contest.opened_at.is_some(),
                // Whoever has a code for it knows that it exists.
                _ => true,
            };
            if shown {
                contests.push(contest);
            }
        }
        contests.sort_by(|a, b| b.created_at.cmp(&a.created_at).then_with(|| a.id.cmp(&b.id)));
        Ok(contests.iter().map(|contest| line(contest)).collect())
    }

    async fn create_contest(&self, visit: &Visit, details: Details, template: Template) -> Answer<ContestId> {
        any_organizer(visit)?;
        let command = Command::CreateContest {
            rules: template.rules(),
            details,
        };
        // A name that is taken is drawn again; the draw has a million, so this ends.
        loop {
            let Command::CreateContest { details, .. } = &command else {
                return Err(AppError::Internal);
            };
            let id = address(&details.name);
            match self.load(&id).await {
                Err(AppError::NotFound) => {}
                Ok(_) => continue,
                Err(error) => return Err(error),
            }
            let device = visit.device_label.as_str();
            let contest = self
                .record(&visit.actor, device, &id, &Facts::default(), command, None)
                .await?;
            return Ok(contest.id.clone());
        }
    }

    async fn contest(&self, visit: &Visit, id: &ContestId) -> Answer<Arc<Contest>> {
        self.staff(visit, id).await
    }

    async fn execute(&self, visit: &Visit, id: &ContestId, command: Command) -> Answer<u64> {
        let contest = self.who_may_ask(visit, id, &command).await?;
        self.sound(&contest, &command).await?;
        let facts = match command {
            Command::OpenExam { round } | Command::CloseExam { round, .. } => {
                facts(self, &contest, round).await?
            }
            _ => Facts::default(),
        };
        let actor = visit.actor_in(id);
        let effects = side_effects(id, &command);
        let after = self
            .record(&actor, &visit.device_label, id, &facts, command, effects)
            .await?;
        Ok(after.seq)
    }

    fn keep_draft(&self, visit: &Visit, id: &ContestId, text: String) {
        if let (Actor::Organizer { .. }, Some(session)) = (visit.actor, &visit.session) {
            self.drafts.keep(session, id, text);
        }
    }

    fn draft(&self, visit: &Visit, id: &ContestId) -> Option<String> {
        self.drafts.get(visit.session.as_deref()?, id)
    }

    async fn board(&self, visit: &Visit, id: &ContestId) -> Answer<Arc<Board>> {
        let contest = self.load(id).await?;
        let audience = Audience::of(&contest, &visit.actor_in(id));
        self.board_for(&contest, audience).await
    }

    async fn ledger(
        &self,
        visit: &Visit,
        id: &ContestId,
        before: Option<u64>,
        limit: u32,
    ) -> Answer<Vec<Entry>> {
        self.staff(visit, id).await?;
        let before = before.unwrap_or(u64::MAX);
        let page = ledger::before(self.store.read(), id, before, limit.min(MOST_ENTRIES)).await?;
        page.iter()
            .map(|sealed| {
                serde_json::from_str(&sealed.body).map_err(|error| {
                    tracing::error!(%error, contest = %id, seq = sealed.seq, "an entry is unreadable");
                    AppError::Internal
                })
            })
            .collect()
    }

    async fn verify(&self, visit: &Visit, id: &ContestId) -> Answer<Result<u64, Broken>> {
        // Not by the state, which may not be there: the ledger may be broken.
        match self.organizer(visit, id).await {
            Ok(_) | Err(AppError::Internal) => {}
            Err(error) => return Err(error),
        }
        let verified = ledger::verify(self.store.read(), id).await?;
        Ok(verified.map(|contest| contest.seq))
    }

    async fn demo_links(&self, visit: &Visit) -> Answer<Option<Vec<(String, String)>>> {
        match self.demo.get() {
            Some(demo) => Ok(Some(demo.links(&visit.origin).await?)),
            None => Ok(None),
        }
    }

    async fn demo_play(&self, _: &Visit, speed: u32) -> Answer<()> {
        let demo = self.demo.get().ok_or(AppError::NotFound)?;
        if !(1..=1000).contains(&speed) {
            return Err(AppError::BadField {
                field: "speed".into(),
            });
        }
        demo.play(speed).await
    }
}

impl House {
    /// The board as an audience may see it.
    pub(crate) async fn board_for(&self, contest: &Contest, audience: Audience) -> Answer<Arc<Board>> {
        let progress = self.progress_of_all(contest).await?;
        Ok(Arc::new(audience::board(contest, &progress, audience)))
    }

    /// How far the teams are in the exams that are not marked yet.
    pub(super) async fn progress_of_all(&self, contest: &Contest) -> Answer<BTreeMap<RoundId, Progress>> {
        let mut progress = BTreeMap::new();
        for (round, exam) in &contest.exams {
            if matches!(exam.phase, ExamPhase::Open | ExamPhase::Closed) {
                progress.insert(*round, self.progress(&contest.id, *round).await?);
            }
        }
        Ok(progress)
    }

    /// The state for whoever may come with such a command at all; the rules decide the rest. Staff come
    /// with any, judges to the stage, contestants with a complaint, the host with a step of the reveal.
    async fn who_may_ask(&self, visit: &Visit, id: &ContestId, command: &Command) -> Answer<Arc<Contest>> {
        match (visit.actor_in(id), command) {
            // Whether a person is there is told to organizers alone.
            (
                _,
                Command::Stage {
                    act: StageAct::SetPanel { .. },
                    ..
                },
            ) => self.organizer(visit, id).await,
            (Actor::Judge { .. }, Command::Stage { .. })
            | (Actor::Contestant { .. }, Command::FileAppeal { .. })
            | (
                Actor::Host { .. },
                Command::Reveal {
                    act: RevealAct::Go { .. },
                },
            ) => self.load(id).await,
            // Whether an account exists is told to organizers alone.
            (_, Command::AddOrganizer { .. }) => self.organizer(visit, id).await,
            _ => self.staff(visit, id).await,
        }
    }

    /// Whether those whom the command names exist; the rules know neither accounts nor people.
    async fn sound(&self, contest: &Contest, command: &Command) -> Answer<()> {
        let known = match command {
            Command::CreateContest { .. }
            | Command::PrepareExam { .. }
            | Command::MarkExam { .. }
            | Command::CorrectKey { .. }
            | Command::AdmitLate { .. }
            | Command::Stage {
                act: StageAct::SealDraw { .. } | StageAct::OpenDraw { .. },
                ..
            }
            | Command::Screen {
                act: ScreenAct::Add { .. } | ScreenAct::Remove { .. } | ScreenAct::AddLogo { .. },
            }
            | Command::Reveal {
                act: RevealAct::Freeze { .. },
            } => {
                return Err(AppError::BadRequest {
                    detail: "this act has a door of its own".into(),
                });
            }
            Command::AddOrganizer { user } => self.account_exists(*user).await?,
            Command::GrantTime { person, .. } => self.is_contestant(&contest.id, *person).await?,
            Command::Stage {
                act: StageAct::SetPanel { judges, chief, .. },
                ..
            } => {
                let panel = judges.iter().chain([chief]).copied();
                self.are_judges(&contest.id, panel).await?
            }
            Command::Stage {
                act: StageAct::DeclareConflict { judge, .. },
                ..
            } => self.are_judges(&contest.id, [*judge]).await?,
            _ => true,
        };
        if known { Ok(()) } else { Err(AppError::NotFound) }
    }

    async fn account_exists(&self, user: UserId) -> Result<bool, StoreError> {
        let found: Option<i64> = sqlx::query_scalar("SELECT id FROM account WHERE id = $1")
            .bind(user.0)
            .fetch_optional(self.store.read())
            .await?;
        Ok(found.is_some())
    }

    pub(super) async fn is_contestant(&self, id: &ContestId, person: PersonId) -> Result<bool, StoreError> {
        let found: Option<i64> = sqlx::query_scalar(
            "SELECT id FROM person WHERE id = $1 AND contest = $2 AND role = 'contestant'",
        )
        .bind(person.0)
        .bind(id.as_str())
        .fetch_optional(self.store.read())
        .await?;
        Ok(found.is_some())
    }
}

fn line(contest: &Contest) -> ContestLine {
    ContestLine {
        id: contest.id.clone(),
        name: contest.details.name.clone(),
        phase: contest.told_phase(),
        place: contest.details.place.clone(),
        starts_at: contest.details.starts_at,
        teams: u32::try_from(contest.teams.len()).unwrap_or(u32::MAX),
    }
}

/// An address that says what it leads to: the first words of the name, and four letters drawn.
fn address(name: &str) -> ContestId {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut words = String::new();
    for word in fold(name).split(|c: char| !c.is_ascii_alphanumeric()) {
        if word.is_empty() {
            continue;
        }
        if words.len() + 1 + word.len() > 27 {
            break;
        }
        if !words.is_empty() {
            words.push('-');
        }
        words.push_str(word);
    }
    if words.is_empty() {
        words.push_str("hoi-thi");
    }
    let mut rng = rand::rng();
    let drawn: String = (0..4)
        .map(|_| char::from(LETTERS[rng.random_range(0..LETTERS.len())]))
        .collect();
    format!("{words}-{drawn}")
        .try_into()
        .expect("letters, digits and hyphens of a fitting length")
}

/// What a command changes in the tables.
fn side_effects(id: &ContestId, command: &Command) -> Option<Effects> {
    let id = id.clone();
    match command {
        Command::RemoveTeam { team } => {
            let team = *team;
            Some(Box::new(move |_, _| {
                let id = id.clone();
                Box::new(move |tx| Box::pin(async move { without_members(tx, &id, team).await }))
            }))
        }
        Command::Screen {
            act: ScreenAct::Rename { screen, .. },
        } => {
            let screen = *screen;
            Some(Box::new(move |_, after| {
                let (id, name) = (
                    id.clone(),
                    after.hall.screens.get(&screen).map(|of| of.name.clone()),
                );
                Box::new(move |tx| Box::pin(async move { door::rename(tx, &id, screen, name).await }))
            }))
        }
        _ => exams::effects(command),
    }
}

/// A team that has members stays: they would have nobody to compete for.
async fn without_members(tx: &mut AnyConnection, id: &ContestId, team: TeamId) -> Result<(), StoreError> {
    let member: Option<i64> =
        sqlx::query_scalar("SELECT id FROM person WHERE contest = $1 AND team = $2 LIMIT 1")
            .bind(id.as_str())
            .bind(i64::from(team.0))
            .fetch_optional(tx)
            .await?;
    match member {
        None => Ok(()),
        Some(_) => Err(StoreError::Taken("team_has_members".into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_it_leads_to() {
        let id = address("Hội thi “Dân vận khéo” thị xã Tân Uyên năm 2023");
        assert!(id.as_str().starts_with("hoi-thi-dan-van-kheo-thi-xa-"), "{id}");
        assert!(address("Ω").as_str().starts_with("hoi-thi-"));
        assert!(address(&"a".repeat(300)).as_str().starts_with("hoi-thi-"));
    }
}
