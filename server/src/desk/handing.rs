//! Opening papers and handing them in (nộp bài): by the contestant, by the server at the deadline,
//! and back again when a round reopens.
//!
//! At the start and at the deadline a whole hall does it within a second: whoever waits goes into
//! one bundle, written by a few statements.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use app::backend::AppError;
use contest::attempt::{Held, Timing};
use contest::audience::Slip;
use contest::exam::Exam;
use contest::marking::{Line, counted};
use contest::paper::Paper;
use contest::{ContestId, Moment, PersonId, RoundId, TeamId};
use sqlx::{AnyConnection, Row};

use super::bundle::Bundles;
use super::marks::{MarkedAttempt, Marker, bind_mark, versions_of, write};
use super::progress::{count_handed_in, count_marked_again};
use super::room::{Seat, number};
use super::{Effect, House};
use crate::store::rows::{ManyRows, cuts, values};
use crate::store::{self, StoreError, Tally};

/// How often a job is repeated that two nodes kept each other from.
const TRIES: u32 = 5;
/// Papers in one bundle.
const MOST: usize = 256;

/// Papers on their way to being opened or handed in.
#[derive(Debug)]
pub(super) struct Desk {
    openings: Bundles<Opening, Result<bool, AppError>>,
    handings: Bundles<Handing, Result<HandedIn, AppError>>,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            openings: Bundles::of(MOST),
            handings: Bundles::of(MOST),
        }
    }
}

/// A paper that a contestant begins.
#[derive(Clone, Copy, Debug)]
struct Opening {
    attempt: i64,
    person: PersonId,
    at: Moment,
}

/// A paper on its way in.
#[derive(Clone, Debug)]
pub(super) struct Handing {
    pub attempt: i64,
    pub person: PersonId,
    pub tally: Arc<Tally>,
    pub marker: Marker,
    pub paper: Arc<Paper>,
    pub started: Option<Moment>,
    pub at: Moment,
    pub by_server: bool,
}

/// What stands in the table about an attempt that is handed in.
#[derive(Clone, Debug)]
pub(super) struct HandedIn {
    pub at: Moment,
    pub by_server: bool,
    pub versions: Vec<(u16, Held)>,
}

static OPEN: ManyRows = ManyRows::new(|rows| {
    format!(
        "WITH v (id, at) AS (VALUES {}) UPDATE attempt SET started_at = v.at FROM v \
         WHERE attempt.id = v.id AND attempt.started_at IS NULL RETURNING attempt.id",
        values(0, 2, rows)
    )
});

static HAND_IN: ManyRows = ManyRows::new(|rows| {
    format!(
        "WITH v (id, handed_in, by_server, points, right_, wrong, blank, seconds) AS (VALUES {}) \
         UPDATE attempt SET handed_in = v.handed_in, by_server = v.by_server, points = v.points, \
         right_ = v.right_, wrong = v.wrong, blank = v.blank, seconds = v.seconds \
         FROM v WHERE attempt.id = v.id AND attempt.handed_in IS NULL \
         AND (v.points IS NOT NULL OR attempt.started_at IS NULL) RETURNING attempt.id",
        values(0, 8, rows)
    )
});

static STANDING: ManyRows = ManyRows::new(|rows| {
    format!(
        "WITH k (id) AS (VALUES {}) SELECT t.id, t.handed_in, t.by_server FROM k \
         JOIN attempt t ON t.id = k.id WHERE t.handed_in IS NOT NULL",
        values(0, 1, rows)
    )
});

impl House {
    /// Begins the time of an attempt; whether it is this call that began it.
    pub(super) async fn open_attempt(
        &self,
        attempt: i64,
        person: PersonId,
        at: Moment,
    ) -> Result<bool, AppError> {
        let ticket = self.papers_desk.openings.add(Opening { attempt, person, at });
        if ticket.must_work {
            let house = self.me()?;
            tokio::spawn(async move {
                let mut shift = house.papers_desk.openings.shift();
                while let Some(bundle) = shift.take() {
                    house.write_openings(bundle).await;
                }
            });
        }
        ticket.answer.await.unwrap_or(Err(AppError::Internal))
    }

    async fn write_openings(
        &self,
        bundle: Vec<(Opening, tokio::sync::oneshot::Sender<Result<bool, AppError>>)>,
    ) {
        let items: Arc<Vec<Opening>> = Arc::new(bundle.iter().map(|(item, _)| *item).collect());
        let written = self
            .again_on_conflict(|| {
                let items = items.clone();
                self.store
                    .write(move |tx| Box::pin(async move { open_all(tx, &items).await }))
            })
            .await;
        let (mut begun, failed) = match written {
            Ok(begun) => (begun, None),
            Err(error) => (HashSet::new(), Some(error)),
        };
        for (item, tell) in bundle {
            // The first of two calls about the same paper began it.
            let mine = begun.remove(&item.attempt);
            self.room
                .begun(item.person, item.attempt, mine.then_some(item.at));
            let _ = tell.send(failed.clone().map_or(Ok(mine), Err));
        }
    }

    /// Hands the paper in, once: a second time answers with what stands.
    pub(super) async fn hand_in_paper(&self, handing: Handing) -> Result<HandedIn, AppError> {
        let ticket = self.papers_desk.handings.add(handing);
        if ticket.must_work {
            let house = self.me()?;
            tokio::spawn(async move {
                let mut shift = house.papers_desk.handings.shift();
                while let Some(bundle) = shift.take() {
                    let (items, tell): (Vec<_>, Vec<_>) = bundle.into_iter().unzip();
                    let attempts: Vec<i64> = items.iter().map(|item| item.attempt).collect();
                    let done = house.hand_in_papers(items).await;
                    for (attempt, tell) in attempts.into_iter().zip(tell) {
                        let mine = done
                            .as_ref()
                            .map_err(Clone::clone)
                            .and_then(|done| done.get(&attempt).cloned().ok_or(AppError::Internal));
                        let _ = tell.send(mine);
                    }
                }
            });
        }
        ticket.answer.await.unwrap_or(Err(AppError::Internal))
    }

    /// Hands papers in, and says what stands about each.
    pub(super) async fn hand_in_papers(
        &self,
        mut items: Vec<Handing>,
    ) -> Result<HashMap<i64, HandedIn>, AppError> {
        // The first of two calls about the same paper counts; all nodes go in the same direction.
        items.sort_by_key(|item| item.attempt);
        items.dedup_by_key(|item| item.attempt);
        let items = Arc::new(items);
        let done = self
            .again_on_conflict(|| {
                let items = items.clone();
                self.store
                    .write(move |tx| Box::pin(async move { hand_in_all(tx, &items).await }))
            })
            .await;
        for item in &*items {
            self.room.forget(item.person);
        }
        let mut moved: Vec<&ContestId> = items.iter().map(|item| &item.tally.contest).collect();
        moved.dedup();
        for contest in moved {
            self.hub.moved(contest);
        }
        done
    }

    /// Marks a paper again that is handed in, after late answers that count came in.
    pub(super) async fn mark_again(
        &self,
        seat: &Seat,
        marker: Marker,
        paper: Arc<Paper>,
    ) -> Result<(), AppError> {
        let (Some(started), Some(handed_in)) = (seat.started, seat.handed_in) else {
            return Ok(());
        };
        let seconds = marker.exam()?.0.seconds(started, handed_in);
        let (attempt, person, tally) = (seat.attempt, seat.person, seat.tally.clone());
        self.store
            .write(move |tx| {
                Box::pin(async move {
                    let versions = versions_of(tx, &[attempt])
                        .await?
                        .remove(&attempt)
                        .unwrap_or_default();
                    let mark = Some(marker.mark(person, &paper, &versions)?);
                    let line = Line {
                        person,
                        team: tally.team,
                        mark,
                        seconds,
                    };
                    write(tx, &[MarkedAttempt { attempt, line }]).await?;
                    count_marked_again(tx, &tally).await
                })
            })
            .await?;
        Ok(())
    }

    async fn again_on_conflict<T, F>(&self, job: impl Fn() -> F) -> Result<T, AppError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        for _ in 0..TRIES {
            match job().await {
                Err(StoreError::Conflict) => {}
                done => return Ok(done?),
            }
        }
        Err(AppError::Stale)
    }
}

/// Begins these attempts; gives those that had not begun before.
async fn open_all(tx: &mut AnyConnection, items: &[Opening]) -> Result<HashSet<i64>, StoreError> {
    let mut items = items.to_vec();
    items.sort_by_key(|item| item.attempt);
    items.dedup_by_key(|item| item.attempt);
    let mut begun = HashSet::with_capacity(items.len());
    for piece in cuts(items.len()) {
        let mut query = sqlx::query(OPEN.of(piece.len()));
        for item in &items[piece] {
            query = query.bind(item.attempt).bind(item.at);
        }
        for row in query.fetch_all(&mut *tx).await? {
            begun.insert(row.try_get(0)?);
        }
    }
    tell_about(tx, items.iter().map(|item| item.person)).await?;
    Ok(begun)
}

async fn hand_in_all(
    tx: &mut AnyConnection,
    items: &[Handing],
) -> Result<HashMap<i64, HandedIn>, StoreError> {
    let started: Vec<i64> = items
        .iter()
        .filter(|item| item.started.is_some())
        .map(|item| item.attempt)
        .collect();
    let mut answers = versions_of(tx, &started).await?;
    let mut by_team: BTreeMap<(&ContestId, RoundId), BTreeMap<TeamId, i64>> = BTreeMap::new();
    let mut done: HashMap<i64, HandedIn> = HashMap::with_capacity(items.len());
    for piece in cuts(items.len()) {
        let items = &items[piece];
        let mut query = sqlx::query(HAND_IN.of(items.len()));
        for item in items {
            let versions = answers.get(&item.attempt).map_or(&[][..], Vec::as_slice);
            let (mark, seconds) = match item.started {
                Some(started) => (
                    Some(item.marker.mark(item.person, &item.paper, versions)?),
                    item.marker.exam()?.0.seconds(started, item.at),
                ),
                None => (None, 0),
            };
            query = query
                .bind(item.attempt)
                .bind(item.at)
                .bind(i64::from(item.by_server));
            query = bind_mark(query, mark.as_ref(), seconds);
        }
        for row in query.fetch_all(&mut *tx).await? {
            let attempt: i64 = row.try_get(0)?;
            if let Some(item) = items.iter().find(|item| item.attempt == attempt) {
                let Tally { contest, round, team } = &*item.tally;
                let teams = by_team.entry((contest, *round)).or_default();
                *teams.entry(*team).or_default() += 1;
            }
        }
        // Also those that were handed in before: what stands counts.
        let mut query = sqlx::query(STANDING.of(items.len()));
        for item in items {
            query = query.bind(item.attempt);
        }
        for row in query.fetch_all(&mut *tx).await? {
            let attempt: i64 = row.try_get(0)?;
            let handed_in = HandedIn {
                at: row.try_get(1)?,
                by_server: row.try_get::<i64, _>(2)? != 0,
                versions: answers.remove(&attempt).unwrap_or_default(),
            };
            done.insert(attempt, handed_in);
        }
    }
    tell_about(tx, items.iter().map(|item| item.person)).await?;
    for ((contest, round), by_team) in by_team {
        count_handed_in(tx, contest, round, &by_team).await?;
    }
    Ok(done)
}

/// Tells the other nodes to forget these people's seats.
async fn tell_about(
    tx: &mut AnyConnection,
    people: impl Iterator<Item = PersonId>,
) -> Result<(), StoreError> {
    let people: Vec<String> = people.map(|person| person.to_string()).collect();
    store::notify(tx, &format!("attempt {}", people.join(" "))).await
}

/// Gives papers back that the server had handed in: all of the round, or one person's. Whoever
/// handed in himself stays finished.
pub(super) fn give_back(contest: ContestId, round: RoundId, person: Option<PersonId>) -> Effect {
    Box::new(move |tx| {
        Box::pin(async move {
            let rows = sqlx::query(
                "UPDATE attempt SET handed_in = NULL, by_server = 0, points = NULL, right_ = NULL, \
                 wrong = NULL, blank = NULL, seconds = NULL \
                 WHERE contest = $1 AND round = $2 AND by_server = 1 AND handed_in IS NOT NULL \
                 AND ($3 = 0 OR person = $3) RETURNING team",
            )
            .bind(contest.as_str())
            .bind(i64::from(round.0))
            .bind(person.unwrap_or_default().0)
            .fetch_all(&mut *tx)
            .await?;
            let mut by_team: BTreeMap<TeamId, i64> = BTreeMap::new();
            for row in &rows {
                *by_team.entry(TeamId(number(row, 0)?)).or_default() -= 1;
            }
            count_handed_in(tx, &contest, round, &by_team).await
        })
    })
}

/// The receipt for a paper, from what the server holds.
pub(super) fn slip(exam: &Exam, seat: &Seat, questions: u32, handed_in: &HandedIn) -> Slip {
    let versions = &handed_in.versions;
    // What arrived before its end: nothing that comes later, nor the committee, changes its code.
    let mut held: BTreeMap<u16, Held> = BTreeMap::new();
    let mut too_late: BTreeSet<u16> = BTreeSet::new();
    for (place, version) in versions {
        if version.timing == Timing::TooLate {
            too_late.insert(*place);
        } else {
            let slot = held.entry(*place).or_insert(*version);
            if version.revision > slot.revision {
                *slot = *version;
            }
        }
    }
    let counted = counted(exam, seat.person, versions);
    let admitted = exam.admitted.contains(&seat.person);
    Slip {
        code: Slip::code_of(seat.attempt, &held, handed_in.at),
        handed_in: handed_in.at,
        by_server: handed_in.by_server,
        answered: counted.values().filter(|choice| !choice.is_blank()).count() as u32,
        questions,
        late: held.values().filter(|held| held.timing == Timing::Grace).count() as u32,
        too_late: if admitted { 0 } else { too_late.len() as u32 },
    }
}
