//! Files of teams and questions: read, shown, then written all or nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use app::backend::{Answer, AppError, Applied, Imports, Preview, Upload, UploadBody, UploadKind, Visit};
use async_trait::async_trait;
use contest::command::{Facts, NewTeam};
use contest::intake::{LONGEST_VALUE, Note, QuestionDraft, TeamDraft, clean, key, shorten};
use contest::{Command, Contest, ContestId, Event, Millis, Moment, TeamId};
use sqlx::AnyConnection;
use tokio::sync::Semaphore;

use super::enrolment::{self, Candidate, Known};
use super::{Effects, House, questions, token};
use crate::import;
use crate::store::StoreError;

/// How long a file that was read waits for a yes.
const KEPT: Millis = 3600 * 1000;
/// How long reading may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// Files read at once; each may take 64 MB while it is unpacked.
static READERS: Semaphore = Semaphore::const_new(2);

#[async_trait]
impl Imports for House {
    async fn upload(&self, visit: &Visit, contest: &ContestId, upload: Upload) -> Answer<String> {
        self.organizer(visit, contest).await?;
        if upload.bytes.len() > import::MAX_UPLOAD {
            return Err(AppError::TooLarge);
        }
        let name = shorten(&clean(&upload.name), 120);
        let kind = upload.kind;
        let mut body = read(kind, upload.bytes).await?;
        forget_phones(&mut body);
        let body = serde_json::to_string(&body).map_err(|_| AppError::Internal)?;
        let id = token::secret()[..32].to_owned();
        let (contest, now, made) = (contest.clone(), self.now(), id.clone());
        self.store
            .write(move |tx| {
                Box::pin(async move {
                    sqlx::query("DELETE FROM upload WHERE created_at < $1")
                        .bind(now - KEPT)
                        .execute(&mut *tx)
                        .await?;
                    sqlx::query(
                        "INSERT INTO upload (id, contest, kind, name, body, created_at)
                         VALUES ($1, $2, $3, $4, $5, $6)",
                    )
                    .bind(made)
                    .bind(contest.as_str())
                    .bind(word(kind))
                    .bind(name)
                    .bind(body)
                    .bind(now)
                    .execute(tx)
                    .await?;
                    Ok(())
                })
            })
            .await?;
        Ok(id)
    }

    async fn preview(&self, visit: &Visit, contest: &ContestId, id: &str) -> Answer<Preview> {
        let state = self.organizer(visit, contest).await?;
        let (name, mut body) = self.uploaded(contest, id).await?;
        let counted = match &mut body {
            UploadBody::Questions { intake } => {
                let known = questions::known(self, contest).await?;
                let mut new = 0;
                for (question, place) in intake.accepted.iter().zip(&intake.places) {
                    match known.get(&question.key()) {
                        None => new += 1,
                        Some(answers) if *answers == questions::answers(question) => {}
                        Some(_) => intake.notes.push(Note::OtherAnswers {
                            place: place.clone(),
                            text: shorten(&question.text, LONGEST_VALUE),
                        }),
                    }
                }
                counts(new, intake.accepted.len())
            }
            UploadBody::Teams { intake } => {
                add_notes(&state, &intake.accepted, &mut intake.notes);
                let candidates = enrolment::candidates(&state, &intake.accepted);
                let known = Known::read(self.store.read(), &state).await?;
                let new = known.without(&candidates).len();
                let mut counted = counts(new, candidates.len());
                // An individual's team of one is not counted beside him.
                if !enrolment::individuals(&state) {
                    let teams = count_teams(&state, &intake.accepted);
                    counted.added += teams.added;
                    counted.unchanged += teams.unchanged;
                }
                counted
            }
        };
        Ok(Preview {
            id: id.to_owned(),
            name,
            body,
            new: counted.added,
            unchanged: counted.unchanged,
        })
    }

    async fn apply(&self, visit: &Visit, contest: &ContestId, id: &str) -> Answer<Applied> {
        let state = self.organizer(visit, contest).await?;
        match self.uploaded(contest, id).await?.1 {
            UploadBody::Questions { intake } if intake.is_sound() => {
                self.apply_questions(contest, intake.accepted).await
            }
            UploadBody::Teams { intake } if intake.is_sound() => {
                self.apply_teams(visit, &state, &intake.accepted).await
            }
            _ => Err(AppError::BadField { field: "file".into() }),
        }
    }
}

impl House {
    /// The name of the file and what was read from it.
    async fn uploaded(&self, contest: &ContestId, id: &str) -> Answer<(String, UploadBody)> {
        let found: Option<(String, String)> = sqlx::query_as(
            "SELECT name, body FROM upload WHERE id = $1 AND contest = $2 AND created_at >= $3",
        )
        .bind(id)
        .bind(contest.as_str())
        .bind(self.now() - KEPT)
        .fetch_optional(self.store.read())
        .await
        .map_err(StoreError::from)?;
        let (name, body) = found.ok_or(AppError::NotFound)?;
        let body = serde_json::from_str(&body).map_err(|_| StoreError::Unreadable("upload.body"))?;
        Ok((name, body))
    }

    async fn apply_questions(&self, contest: &ContestId, accepted: Vec<QuestionDraft>) -> Answer<Applied> {
        let (all, now) = (accepted.len(), self.now());
        let contest = contest.clone();
        let added = self
            .store
            .write(move |tx| {
                Box::pin(async move { questions::insert_new(tx, &contest, accepted, now).await })
            })
            .await?;
        Ok(counts(added as usize, all))
    }

    /// Teams go through the ledger, their members into the tables, in one transaction. Who is on
    /// the list already is looked up inside it: the same file applied twice at once changes nothing.
    async fn apply_teams(&self, visit: &Visit, state: &Contest, drafts: &[TeamDraft]) -> Answer<Applied> {
        let mut candidates = enrolment::candidates(state, drafts);
        let teams = if enrolment::individuals(state) {
            let new = Known::read(self.store.read(), state).await?.without(&candidates);
            enrolment::name_teams(state, &mut candidates, &new);
            new.iter().map(|at| candidates[*at].new_team()).collect()
        } else {
            drafts
                .iter()
                .map(|team| NewTeam {
                    name: team.name.clone(),
                    unit: team.unit.clone(),
                    cluster: team.kind.clone().unwrap_or_default(),
                })
                .collect()
        };
        let command = Command::EnrolTeams { teams };
        let candidates: Arc<[Candidate]> = candidates.into();
        let done = Arc::new(Mutex::new(Applied::default()));
        let effects: Effects = {
            let (done, now, drafts) = (done.clone(), self.now(), drafts.len());
            Box::new(move |events, after| {
                let (candidates, done, after) = (candidates.clone(), done.clone(), after.clone());
                let added = teams_of(events);
                let mut applied = Applied::default();
                if !enrolment::individuals(&after) {
                    applied = counts(added.len(), drafts);
                }
                Box::new(move |tx| {
                    Box::pin(async move {
                        let people = enrol(tx, &after, &candidates, &added, now).await?;
                        applied.added += people.added;
                        applied.unchanged += people.unchanged;
                        *done.lock().unwrap_or_else(PoisonError::into_inner) = applied;
                        Ok(())
                    })
                })
            })
        };
        let (actor, device) = (visit.actor_in(&state.id), visit.device_label.as_str());
        self.record(
            &actor,
            device,
            &state.id,
            &Facts::default(),
            command,
            Some(effects),
        )
        .await?;
        let done = *done.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(done)
    }
}

/// Writes the candidates who are not there yet.
async fn enrol(
    tx: &mut AnyConnection,
    contest: &Contest,
    candidates: &[Candidate],
    added: &BTreeSet<TeamId>,
    now: Moment,
) -> Result<Applied, StoreError> {
    let known = Known::read(&mut *tx, contest).await?;
    let new = known.without(candidates);
    let applied = counts(new.len(), candidates.len());
    let rows = new
        .into_iter()
        .map(|at| candidates[at].row(contest, added, now))
        .collect::<Result<_, _>>()?;
    super::roster::insert(tx, contest, rows).await?;
    Ok(applied)
}

/// The teams that came with these events.
fn teams_of(events: &[Event]) -> BTreeSet<TeamId> {
    events
        .iter()
        .filter_map(|event| match event {
            Event::TeamAdded { team } => Some(team.id),
            _ => None,
        })
        .collect()
}

fn counts(added: usize, all: usize) -> Applied {
    Applied {
        added: u32::try_from(added).unwrap_or(u32::MAX),
        unchanged: u32::try_from(all.saturating_sub(added)).unwrap_or(u32::MAX),
    }
}

fn count_teams(contest: &Contest, drafts: &[TeamDraft]) -> Applied {
    let known: BTreeSet<String> = contest.teams.values().map(|team| key(&team.name)).collect();
    let new = drafts.iter().filter(|team| !known.contains(&team.key())).count();
    counts(new, drafts.len())
}

/// Nothing here needs them, so they are not even kept until somebody says yes.
fn forget_phones(body: &mut UploadBody) {
    if let UploadBody::Teams { intake } = body {
        for member in intake.accepted.iter_mut().flat_map(|team| &mut team.members) {
            member.phone = None;
        }
    }
}

/// What this contest makes of the file beyond what the file itself says.
fn add_notes(contest: &Contest, drafts: &[TeamDraft], notes: &mut Vec<Note>) {
    if enrolment::individuals(contest) {
        for note in notes {
            if let Note::Reserves { count } = *note {
                *note = Note::ReservesLeftOut { count };
            }
        }
        return;
    }
    let wanted: BTreeMap<String, &str> = drafts
        .iter()
        .filter_map(|team| Some((team.key(), team.kind.as_deref()?)))
        .collect();
    let kept = contest.teams.values().filter(|team| {
        let other = |cluster: &&str| key(cluster) != key(&team.cluster);
        !team.cluster.is_empty() && wanted.get(&key(&team.name)).is_some_and(other)
    });
    notes.extend(kept.map(|team| Note::ClusterKept {
        team: team.name.clone(),
        cluster: team.cluster.clone(),
    }));
}

/// Reads a file away from the threads that serve, within bounds of time and memory.
async fn read(kind: UploadKind, bytes: Vec<u8>) -> Answer<UploadBody> {
    let place = READERS.acquire().await.map_err(|_| AppError::Internal)?;
    let reading = tokio::task::spawn_blocking(move || {
        // Held until the file is read, also if nobody waits for it any more.
        let _place = place;
        match kind {
            UploadKind::Teams => UploadBody::Teams {
                intake: import::teams(&bytes),
            },
            UploadKind::Questions => UploadBody::Questions {
                intake: import::questions(&bytes),
            },
        }
    });
    match tokio::time::timeout(PATIENCE, reading).await {
        Ok(read) => read.map_err(|_| AppError::Internal),
        Err(_) => Err(AppError::TooLarge),
    }
}

fn word(kind: UploadKind) -> &'static str {
    match kind {
        UploadKind::Teams => "teams",
        UploadKind::Questions => "questions",
    }
}
