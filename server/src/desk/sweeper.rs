//! The sweeper hands in what is due: papers whose time and grace have run out, and rounds that
//! nobody writes in any more.
//!
//! Every node has one. They may sweep at the same time: a paper is handed in once, and the round
//! is closed once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use app::backend::AppError;
use contest::exam::{Exam, ExamPhase, Prepared};
use contest::rules::ExamClock;
use contest::{Actor, Command, Contest, ContestId, Millis, Moment, PersonId, RoundId, TeamId};
use dashmap::DashSet;
use sqlx::Row;

use super::handing::Handing;
use super::marks::Marker;
use super::room::number;
use super::{House, facts};
use crate::store::{StoreError, Tally, ledger};

/// How often it looks at the clock, which tests and rehearsals move. Only when something is due
/// does it ask the database.
const LOOK: Duration = Duration::from_secs(1);
/// The longest that it trusts what it knew: contestants who come late have no entry in the ledger.
const LONGEST: Millis = 60_000;
/// Papers that are handed in by one job of the writer.
const PAGE: i64 = 256;

/// What the sweeper keeps in mind.
#[derive(Debug, Default)]
pub(super) struct Broom {
    /// Contests that may have a round to watch.
    watched: DashSet<ContestId>,
    /// When something is due at the earliest, and the ledger's last number when that was so.
    due: Mutex<HashMap<(ContestId, RoundId), (u64, Moment)>>,
    /// Wakes it before its time.
    woken: tokio::sync::Notify,
}

impl Broom {
    /// The contest has moved: there may be something new to watch.
    pub fn watch(&self, id: &ContestId) {
        self.watched.insert(id.clone());
        self.woken.notify_one();
    }

    /// When to look next at the round, as far as is known for this state of the contest.
    fn known(&self, contest: &Contest, round: RoundId) -> Option<Moment> {
        let due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        due.get(&(contest.id.clone(), round))
            .filter(|(seq, _)| *seq == contest.seq)
            .map(|(_, at)| *at)
    }

    fn note(&self, contest: &Contest, round: RoundId, at: Moment) {
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        due.insert((contest.id.clone(), round), (contest.seq, at));
    }

    fn done(&self, id: &ContestId) {
        self.watched.remove(id);
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        due.retain(|(contest, _), _| contest != id);
    }
}

/// Starts the sweeper of a house; it ends with the house.
pub(super) fn start(house: &Arc<House>) {
    let me = Arc::downgrade(house);
    tokio::spawn(async move {
        if let Some(house) = me.upgrade() {
            house.find_what_to_watch().await;
        }
        while sweep_once(&me).await {}
    });
}

async fn sweep_once(me: &Weak<House>) -> bool {
    let Some(house) = me.upgrade() else { return false };
    let watched: Vec<ContestId> = house.broom.watched.iter().map(|id| id.clone()).collect();
    for id in watched {
        match house.sweep(&id).await {
            Ok(()) => {}
            Err(AppError::NotFound) => house.broom.done(&id),
            // The store is closing, or another node was faster: the next look tells.
            Err(error) => tracing::warn!(contest = %id, %error, "not swept"),
        }
    }
    let woken = house.broom.clone();
    // The house may close while nobody sweeps.
    drop(house);
    let _ = tokio::time::timeout(LOOK, woken.woken.notified()).await;
    true
}

impl House {
    /// After a start: whatever was open when the power went.
    async fn find_what_to_watch(&self) {
        match ledger::ids(self.store.read()).await {
            Ok(ids) => ids.iter().for_each(|id| self.broom.watch(id)),
            Err(error) => tracing::error!(%error, "the contests to sweep are unknown"),
        }
    }

    /// Hands in and closes what is due in a contest.
    pub(super) async fn sweep(&self, id: &ContestId) -> Result<(), AppError> {
        let contest = self.load(id).await?;
        let mut watched = false;
        for (round, exam) in &contest.exams {
            let Some(prepared) = exam
                .prepared
                .as_ref()
                .filter(|_| matches!(exam.phase, ExamPhase::Open | ExamPhase::Closed))
            else {
                continue;
            };
            watched = true;
            let now = self.now();
            if exam.paused_at.is_some() || self.broom.known(&contest, *round).is_some_and(|due| now < due) {
                continue;
            }
            let next = self.sweep_round(&contest, *round, exam, prepared, now).await?;
            self.broom.note(&contest, *round, next);
        }
        if !watched {
            self.broom.done(id);
        }
        Ok(())
    }

    /// Sweeps one round; says when something is due again at the earliest.
    async fn sweep_round(
        &self,
        contest: &Arc<Contest>,
        round: RoundId,
        exam: &Exam,
        prepared: &Prepared,
        now: Moment,
    ) -> Result<Moment, AppError> {
        let grace = prepared.rules.grace;
        let common = prepared.rules.clock == ExamClock::Common;
        let closed = exam.phase == ExamPhase::Closed;
        // Before this nobody's time is over, whatever his grants: stops and grants only lengthen it.
        let earliest = match (common, exam.closed_at) {
            (_, Some(closed_at)) => closed_at + grace,
            (true, None) => exam.deadline(PersonId(0), None, now).unwrap_or(now) + grace,
            (false, None) => Moment::MIN,
        };
        // With clocks of their own: when nobody may begin any more, whoever has not is absent.
        let entry_ends = exam.entry_ends(now);
        let entry_over = entry_ends.is_some_and(|end| now > end + grace);
        if now <= earliest {
            return Ok(earliest + 1);
        }
        let marker = Marker::of(self, contest.clone(), round).await?;
        // Whoever began later than this cannot be due.
        let began_by = if common || closed {
            Moment::MAX
        } else {
            now - grace - prepared.rules.duration
        };
        let mut next = Moment::MAX;
        let mut after = i64::MIN;
        loop {
            let rows = sqlx::query(
                "SELECT id, person, team, paper, started_at FROM attempt \
                 WHERE contest = $1 AND round = $2 AND handed_in IS NULL \
                 AND (started_at <= $3 OR (started_at IS NULL AND $4 = 1)) AND person > $5 \
                 ORDER BY person LIMIT $6",
            )
            .bind(contest.id.as_str())
            .bind(i64::from(round.0))
            .bind(began_by)
            .bind(i64::from(common || closed || entry_over))
            .bind(after)
            .bind(PAGE)
            .fetch_all(self.store.read())
            .await
            .map_err(StoreError::from)?;
            let mut over = Vec::with_capacity(rows.len());
            for row in &rows {
                let read = || -> Result<_, StoreError> {
                    let started: Option<Moment> = row.try_get(4)?;
                    Ok((
                        row.try_get::<i64, _>(0)?,
                        PersonId(row.try_get(1)?),
                        TeamId(number(row, 2)?),
                        number::<u32>(row, 3)?,
                        started,
                    ))
                };
                let (attempt, person, team, code, started) = read()?;
                after = person.0;
                // Whoever never began is done with the round's closing, or when he may no longer come.
                let never = exam.closed_at.or(entry_ends);
                let deadline = exam.deadline(person, started, now).or(never);
                let Some(deadline) = deadline else { continue };
                if now <= deadline + grace {
                    next = next.min(deadline + grace + 1);
                    continue;
                }
                over.push((attempt, person, team, code, started, deadline));
            }
            let codes: Vec<u32> = over.iter().map(|one| one.3).collect();
            let papers = self.papers(&contest.id, round, prepared, &codes).await?;
            let due: Vec<Handing> = over
                .into_iter()
                .zip(papers)
                .map(|((attempt, person, team, _, started, deadline), paper)| Handing {
                    attempt,
                    person,
                    tally: Arc::new(Tally {
                        contest: contest.id.clone(),
                        round,
                        team,
                    }),
                    marker: marker.clone(),
                    paper,
                    started,
                    at: deadline,
                    by_server: true,
                })
                .collect();
            let wanted = due.len();
            if wanted > 0 && self.hand_in_papers(due).await?.len() < wanted {
                // Somebody began at the last moment: he is looked at again.
                next = now;
            }
            if (rows.len() as i64) < PAGE {
                break;
            }
        }
        if !common && !closed {
            // The first of those who began later.
            let first: Option<Moment> = sqlx::query_scalar(
                "SELECT MIN(started_at) FROM attempt \
                 WHERE contest = $1 AND round = $2 AND handed_in IS NULL AND started_at > $3",
            )
            .bind(contest.id.as_str())
            .bind(i64::from(round.0))
            .bind(began_by)
            .fetch_one(self.store.read())
            .await
            .map_err(StoreError::from)?;
            // Whoever begins from now on is due later than this.
            let first = first.unwrap_or(now);
            next = next.min(first + prepared.rules.duration + grace + 1);
            if let Some(end) = entry_ends.filter(|_| !entry_over) {
                next = next.min(end + grace + 1);
            }
        }
        // With a common clock nobody is left when all are done; with clocks of their own somebody may come
        // later, as long as the rules let him or a paper waits for him.
        let done = if common {
            next == Moment::MAX
        } else {
            entry_ends.is_none() || entry_over
        };
        if !closed && done {
            self.close_finished(contest, round).await?;
        }
        Ok(next.min(now + LONGEST))
    }

    /// Closes a round in which everybody is done.
    async fn close_finished(&self, contest: &Contest, round: RoundId) -> Result<(), AppError> {
        let facts = facts(self, contest, round).await?;
        if !contest.close_blockers(round, &facts, self.now()).is_empty() {
            return Ok(());
        }
        let command = Command::CloseExam { round, reason: None };
        match self
            .record(&Actor::System, "", &contest.id, &facts, command, None)
            .await
        {
            // Another node, or the committee, has done it.
            Ok(_) | Err(AppError::Refused { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
