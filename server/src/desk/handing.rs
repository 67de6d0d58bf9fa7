//! Handing papers in (nộp bài): by the contestant, by the server at the deadline, and back again
//! when a round reopens.

use std::collections::BTreeMap;
use std::sync::Arc;

use app::backend::AppError;
use contest::attempt::{Held, Timing};
use contest::audience::Slip;
use contest::exam::Exam;
use contest::marking::{Line, counted};
use contest::paper::Paper;
use contest::{ContestId, Moment, PersonId, RoundId, TeamId};
use sqlx::{AnyConnection, Row};

use super::marks::{MarkedAttempt, Marker, bind_mark, versions_of, write};
use super::progress::count_handed_in;
use super::room::{Seat, number};
use super::{Effect, House};
use crate::store::rows::{ManyRows, cuts, values};
use crate::store::{self, StoreError, Tally};

/// How often a job is repeated that two nodes kept each other from.
const TRIES: u32 = 5;

/// What stands in the table about an attempt that is handed in.
#[derive(Clone, Debug)]
pub(super) struct HandedIn {
    pub at: Moment,
    pub by_server: bool,
    pub versions: Vec<(u16, Held)>,
}

/// An attempt that the server hands in.
#[derive(Clone, Debug)]
pub(super) struct Due {
    pub attempt: i64,
    pub person: PersonId,
    pub paper: Arc<Paper>,
    pub started: Option<Moment>,
    pub deadline: Moment,
}

static HAND_IN: ManyRows = ManyRows::new(|rows| {
    format!(
        "WITH v (id, handed_in, points, right_, wrong, blank, seconds) AS (VALUES {}) \
         UPDATE attempt SET handed_in = v.handed_in, by_server = 1, points = v.points, \
         right_ = v.right_, wrong = v.wrong, blank = v.blank, seconds = v.seconds \
         FROM v WHERE attempt.id = v.id AND attempt.handed_in IS NULL RETURNING team",
        values(0, 7, rows)
    )
});

impl House {
    /// Hands the paper in, once: a second time answers with what stands.
    pub(super) async fn hand_in_paper(
        &self,
        seat: &Seat,
        marker: &Marker,
        paper: &Arc<Paper>,
        at: Moment,
        by_server: bool,
    ) -> Result<HandedIn, AppError> {
        let handing = Handing {
            attempt: seat.attempt,
            person: seat.person,
            tally: seat.tally.clone(),
            seconds: match seat.started {
                Some(started) => marker.exam()?.0.seconds(started, at),
                None => 0,
            },
            marker: marker.clone(),
            paper: paper.clone(),
            at,
            by_server,
        };
        self.see_through(|house| async move {
            let handing = Arc::new(handing);
            for _ in 0..TRIES {
                let job = handing.clone();
                let done = house
                    .store
                    .write(move |tx| Box::pin(async move { job.hand_in(tx).await }));
                match done.await {
                    Err(StoreError::Conflict) => {}
                    done => {
                        house.room.forget(handing.person);
                        let done = done?;
                        house.hub.moved(&handing.tally.contest);
                        return Ok(done);
                    }
                }
            }
            Err(AppError::Stale)
        })
        .await
    }

    /// Hands in what is due, by the server; says how many were still open.
    pub(super) async fn hand_in_due(&self, marker: &Marker, due: Vec<Due>) -> Result<u64, AppError> {
        let due = Arc::new(due);
        for _ in 0..TRIES {
            let (job_marker, job_due) = (marker.clone(), due.clone());
            let job = self
                .store
                .write(move |tx| Box::pin(async move { hand_in_many(tx, &job_marker, &job_due).await }));
            match job.await {
                Err(StoreError::Conflict) => {}
                done => {
                    for one in &*due {
                        self.room.forget(one.person);
                    }
                    let done = done?;
                    if done > 0 {
                        self.hub.moved(marker.contest());
                    }
                    return Ok(done);
                }
            }
        }
        Err(AppError::Stale)
    }

    /// Marks a paper again that is handed in, after late answers that count came in.
    pub(super) async fn mark_again(
        &self,
        seat: &Seat,
        marker: &Marker,
        paper: Arc<Paper>,
    ) -> Result<(), AppError> {
        let (Some(started), Some(handed_in)) = (seat.started, seat.handed_in) else {
            return Ok(());
        };
        let seconds = marker.exam()?.0.seconds(started, handed_in);
        let (attempt, person, tally, marker) =
            (seat.attempt, seat.person, seat.tally.clone(), marker.clone());
        self.store
            .write(move |tx| {
                Box::pin(async move {
                    let versions = versions_of(tx, &[attempt])
                        .await?
                        .remove(&attempt)
                        .unwrap_or_default();
                    let mark = marker.mark(person, &paper, &versions)?;
                    let line = Line {
                        person,
                        team: tally.team,
                        mark: Some(mark),
                        seconds,
                    };
                    write(tx, &[MarkedAttempt { attempt, line }]).await
                })
            })
            .await?;
        Ok(())
    }
}

/// One paper on its way in.
#[derive(Debug)]
struct Handing {
    attempt: i64,
    person: PersonId,
    tally: Arc<Tally>,
    marker: Marker,
    paper: Arc<Paper>,
    at: Moment,
    by_server: bool,
    seconds: i64,
}

impl Handing {
    async fn hand_in(&self, tx: &mut AnyConnection) -> Result<HandedIn, StoreError> {
        let versions = versions_of(tx, &[self.attempt])
            .await?
            .remove(&self.attempt)
            .unwrap_or_default();
        let mark = self.marker.mark(self.person, &self.paper, &versions)?;
        let query = sqlx::query(
            "UPDATE attempt SET handed_in = $1, by_server = $2, points = $3, right_ = $4, wrong = $5, \
             blank = $6, seconds = $7 WHERE id = $8 AND handed_in IS NULL",
        )
        .bind(self.at)
        .bind(i64::from(self.by_server));
        let done = bind_mark(query, Some(&mark), self.seconds)
            .bind(self.attempt)
            .execute(&mut *tx)
            .await?;
        if done.rows_affected() == 1 {
            let Tally { contest, round, team } = &*self.tally;
            store::notify(tx, &format!("attempt {}", self.person)).await?;
            count_handed_in(tx, contest, *round, &BTreeMap::from([(*team, 1)])).await?;
            return Ok(HandedIn {
                at: self.at,
                by_server: self.by_server,
                versions,
            });
        }
        let row = sqlx::query("SELECT handed_in, by_server FROM attempt WHERE id = $1")
            .bind(self.attempt)
            .fetch_one(tx)
            .await?;
        Ok(HandedIn {
            at: row.try_get(0)?,
            by_server: row.try_get::<i64, _>(1)? != 0,
            versions,
        })
    }
}

async fn hand_in_many(tx: &mut AnyConnection, marker: &Marker, due: &[Due]) -> Result<u64, StoreError> {
    let exam = marker.exam()?.0;
    let started: Vec<i64> = due
        .iter()
        .filter(|one| one.started.is_some())
        .map(|one| one.attempt)
        .collect();
    let answers = versions_of(tx, &started).await?;
    let mut by_team: BTreeMap<TeamId, i64> = BTreeMap::new();
    for piece in cuts(due.len()) {
        let mut query = sqlx::query(HAND_IN.of(piece.len()));
        for one in &due[piece] {
            let versions = answers.get(&one.attempt).map_or(&[][..], Vec::as_slice);
            let mark = match one.started {
                Some(_) => Some(marker.mark(one.person, &one.paper, versions)?),
                None => None,
            };
            let seconds = one.started.map_or(0, |at| exam.seconds(at, one.deadline));
            query = bind_mark(query.bind(one.attempt).bind(one.deadline), mark.as_ref(), seconds);
        }
        for row in query.fetch_all(&mut *tx).await? {
            *by_team.entry(TeamId(number(&row, 0)?)).or_default() += 1;
        }
    }
    let done: i64 = by_team.values().sum();
    if done > 0 {
        let people: Vec<String> = due.iter().map(|one| one.person.to_string()).collect();
        store::notify(tx, &format!("attempt {}", people.join(" "))).await?;
        count_handed_in(tx, marker.contest(), marker.round(), &by_team).await?;
    }
    Ok(done.unsigned_abs())
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
    let mut too_late: BTreeMap<u16, u32> = BTreeMap::new();
    for (place, version) in versions {
        if version.timing == Timing::TooLate {
            let newest = too_late.entry(*place).or_default();
            *newest = version.revision.max(*newest);
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
