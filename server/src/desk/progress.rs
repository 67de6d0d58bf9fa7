//! How far the teams are, as the tables count it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use app::backend::AppError;
use contest::audience::{Progress, TeamProgress};
use contest::command::Facts;
use contest::exam::{Exam, ExamPhase, TeamMark};
use contest::marking::{self, AttemptMark, Line};
use contest::question::QuestionDraft;
use contest::rules::{ExamClock, Round};
use contest::{Contest, ContestId, Moment, PersonId, Points, RoundId, TeamId};
use sqlx::{AnyConnection, Row};
use tokio::sync::Mutex;

use super::House;
use super::papers::live_bank;
use super::room::number;
use crate::store::rows::{ManyRows, cuts, values};
use crate::store::{self, StoreError, Tally};

/// The live marks of a round as they were computed last.
#[derive(Debug, Default)]
pub(super) struct Live {
    /// The ledger's last number then: a correction changes every mark.
    seq: u64,
    /// By team, with what it was computed from.
    marks: HashMap<TeamId, (Basis, TeamMark)>,
}

/// What moves when a team's live mark may have: as long as it stands, so does the mark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Basis {
    handed_in: u32,
    /// How often a paper was marked again after it was handed in.
    marked_again: u32,
}

/// The live marks of each round that shows them.
pub(super) type LiveMarks = super::recent::Recent<(ContestId, RoundId), Arc<Mutex<Live>>>;

static HANDED_IN_OF: ManyRows = ManyRows::new(|rows| {
    format!(
        "WITH k (team) AS (VALUES {}) \
         SELECT a.person, a.team, a.points, a.right_, a.wrong, a.blank, a.seconds FROM k \
         JOIN attempt a ON a.contest = $1 AND a.round = $2 AND a.team = k.team \
         WHERE a.handed_in IS NOT NULL",
        values(2, 1, rows)
    )
});

static MOVE: ManyRows = ManyRows::new(|rows| {
    format!(
        "WITH v (team, delta) AS (VALUES {}) UPDATE progress SET handed_in = handed_in + v.delta FROM v \
         WHERE progress.contest = $1 AND progress.round = $2 AND progress.team = v.team",
        values(2, 2, rows)
    )
});

/// Moves the teams' counts of papers handed in, and tells the other nodes.
pub(super) async fn count_handed_in(
    tx: &mut AnyConnection,
    contest: &ContestId,
    round: RoundId,
    by_team: &BTreeMap<TeamId, i64>,
) -> Result<(), StoreError> {
    let moved: Vec<(TeamId, i64)> = by_team.iter().map(|(team, delta)| (*team, *delta)).collect();
    for piece in cuts(moved.len()) {
        let mut query = sqlx::query(MOVE.of(piece.len()))
            .bind(contest.as_str())
            .bind(i64::from(round.0));
        for (team, delta) in &moved[piece] {
            query = query.bind(i64::from(team.0)).bind(*delta);
        }
        query.execute(&mut *tx).await?;
    }
    store::notify(tx, &format!("progress {contest}")).await
}

/// A paper of the team, handed in before, has another mark: counts that, and tells the other nodes.
pub(super) async fn count_marked_again(tx: &mut AnyConnection, tally: &Tally) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE progress SET marked_again = marked_again + 1 WHERE contest = $1 AND round = $2 AND team = $3",
    )
    .bind(tally.contest.as_str())
    .bind(i64::from(tally.round.0))
    .bind(i64::from(tally.team.0))
    .execute(&mut *tx)
    .await?;
    store::notify(tx, &format!("progress {}", tally.contest)).await
}

impl House {
    /// How far the teams are in a round; with live marks while the rules show them.
    ///
    /// # Errors
    /// [`AppError::NotFound`] without such a contest.
    pub async fn progress(&self, id: &ContestId, round: RoundId) -> Result<Progress, AppError> {
        let contest = self.load(id).await?;
        let mut progress = self.counts(id, round).await?;
        let shown = contest.exams.get(&round).filter(|exam| {
            matches!(exam.phase, ExamPhase::Open | ExamPhase::Closed)
                && exam.prepared.as_ref().is_some_and(|p| p.rules.live_marks)
        });
        let rules = contest.rules().and_then(|rules| rules.round(round));
        if let (Some(exam), Some(rules)) = (shown, rules) {
            let marked_again = self.marked_again(id, round).await?;
            self.add_live_marks(&contest, exam, rules, &mut progress, &marked_again)
                .await?;
        }
        Ok(progress)
    }

    async fn counts(&self, id: &ContestId, round: RoundId) -> Result<Progress, StoreError> {
        let rows = sqlx::query(
            "SELECT team, contestants, answered, handed_in FROM progress WHERE contest = $1 AND round = $2",
        )
        .bind(id.as_str())
        .bind(i64::from(round.0))
        .fetch_all(self.store.read())
        .await?;
        let rows = rows.iter().map(|row| {
            let team = TeamProgress {
                contestants: number(row, 1)?,
                // Two nodes that hear the same tablet at the same moment may count one too few.
                answered: number(row, 2).unwrap_or(0),
                handed_in: number(row, 3).unwrap_or(0),
                live: None,
            };
            Ok::<_, StoreError>((TeamId(number(row, 0)?), team))
        });
        Ok(Progress(rows.collect::<Result<_, _>>()?))
    }

    /// How often papers of each team were marked again.
    async fn marked_again(&self, id: &ContestId, round: RoundId) -> Result<HashMap<TeamId, u32>, StoreError> {
        let rows = sqlx::query(
            "SELECT team, marked_again FROM progress WHERE contest = $1 AND round = $2 AND marked_again > 0",
        )
        .bind(id.as_str())
        .bind(i64::from(round.0))
        .fetch_all(self.store.read())
        .await?;
        rows.iter()
            .map(|row| Ok((TeamId(number(row, 0)?), number(row, 1)?)))
            .collect()
    }

    /// Reads only the teams of which a paper came in, or was marked again, since the last time.
    async fn add_live_marks(
        &self,
        contest: &Contest,
        exam: &Exam,
        rules: &Round,
        progress: &mut Progress,
        marked_again: &HashMap<TeamId, u32>,
    ) -> Result<(), StoreError> {
        let again = |team: &TeamId| marked_again.get(team).copied().unwrap_or_default();
        let key = (contest.id.clone(), rules.id);
        let live = self.room.live.get(&key).unwrap_or_else(|| {
            let live = Arc::new(Mutex::new(Live::default()));
            self.room
                .live
                .put(self.room.live.since(&key), key.clone(), live.clone());
            live
        });
        let mut live = live.lock().await;
        if live.seq != contest.seq {
            live.seq = contest.seq;
            live.marks.clear();
        }
        let behind: Vec<TeamId> = progress
            .0
            .iter()
            .filter(|(team, now)| {
                let known = live.marks.get(team).map(|known| known.0).unwrap_or_default();
                let basis = Basis {
                    handed_in: now.handed_in,
                    marked_again: again(team),
                };
                known != basis
            })
            .map(|(team, _)| *team)
            .collect();
        let mut lines: BTreeMap<TeamId, Vec<Line>> = behind.iter().map(|team| (*team, Vec::new())).collect();
        for piece in cuts(behind.len()) {
            let mut query = sqlx::query(HANDED_IN_OF.of(piece.len()))
                .bind(contest.id.as_str())
                .bind(i64::from(rules.id.0));
            for team in &behind[piece] {
                query = query.bind(i64::from(team.0));
            }
            for row in query.fetch_all(self.store.read()).await? {
                let points: Option<i64> = row.try_get(2)?;
                let mark = match points {
                    None => None,
                    Some(points) => Some(AttemptMark {
                        points: Points(points),
                        right: number(&row, 3)?,
                        wrong: number(&row, 4)?,
                        blank: number(&row, 5)?,
                    }),
                };
                let team = TeamId(number(&row, 1)?);
                lines.entry(team).or_default().push(Line {
                    person: PersonId(row.try_get(0)?),
                    team,
                    mark,
                    seconds: row.try_get::<Option<i64>, _>(6)?.unwrap_or(0),
                });
            }
        }
        for (team, lines) in lines {
            let basis = Basis {
                handed_in: lines.len() as u32,
                marked_again: again(&team),
            };
            match marking::team_marks(rules, exam, &lines).first() {
                Some(mark) => live.marks.insert(team, (basis, *mark)),
                None => live.marks.remove(&team),
            };
        }
        for (team, now) in &mut progress.0 {
            now.live = live.marks.get(team).map(|(_, mark)| *mark);
        }
        Ok(())
    }
}

/// What the tables say that a decision about the round depends on.
///
/// # Errors
/// When the database refuses.
pub async fn facts(house: &House, contest: &Contest, round: RoundId) -> Result<Facts, StoreError> {
    let contestants: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM person WHERE contest = $1 AND role = 'contestant' AND team IS NOT NULL",
    )
    .bind(contest.id.as_str())
    .fetch_one(house.store.read())
    .await?;
    let row = sqlx::query(
        "SELECT COUNT(*), MAX(started_at) FROM attempt \
         WHERE contest = $1 AND round = $2 AND handed_in IS NULL",
    )
    .bind(contest.id.as_str())
    .bind(i64::from(round.0))
    .fetch_one(house.store.read())
    .await?;
    let unfinished: u32 = number(&row, 0)?;
    let last_start: Option<Moment> = row.try_get(1)?;
    let last_deadline = match contest.exams.get(&round) {
        Some(exam) if unfinished > 0 => last_deadline(house, contest, round, exam, last_start).await?,
        _ => None,
    };
    Ok(Facts {
        contestants: u32::try_from(contestants).unwrap_or(u32::MAX),
        unfinished,
        last_deadline,
        bank_changed: bank_changed(house, contest, round).await?,
    })
}

/// Whether a question that the prepared round froze is no longer in the bank as it was. New ones
/// beside them change nothing.
async fn bank_changed(house: &House, contest: &Contest, round: RoundId) -> Result<bool, StoreError> {
    let exam = contest.exams.get(&round);
    let Some(prepared) = exam
        .filter(|exam| exam.phase == ExamPhase::Prepared)
        .and_then(|exam| exam.prepared.as_ref())
    else {
        return Ok(false);
    };
    let bank = live_bank(house.store.read(), &contest.id).await?;
    if bank.digest() == prepared.bank {
        return Ok(false);
    }
    let live: HashMap<&str, &QuestionDraft> = bank
        .questions
        .iter()
        .map(|question| (question.text.as_str(), question))
        .collect();
    let frozen = house.frozen(&prepared.bank).await?;
    let stands = |question: &QuestionDraft| live.get(question.text.as_str()) == Some(&question);
    Ok(!frozen.questions.iter().all(stands))
}

/// The latest deadline among the unfinished attempts: of him who began last, or of one with extra
/// time.
async fn last_deadline(
    house: &House,
    contest: &Contest,
    round: RoundId,
    exam: &Exam,
    last_start: Option<Moment>,
) -> Result<Option<Moment>, StoreError> {
    let now = house.now();
    // Nobody has this id: the time of one without any grant.
    let mut last = exam.deadline(PersonId(0), last_start, now);
    let common = exam
        .prepared
        .as_ref()
        .is_some_and(|prepared| prepared.rules.clock == ExamClock::Common);
    for person in exam.extra.keys() {
        let row = sqlx::query(
            "SELECT started_at FROM attempt \
             WHERE contest = $1 AND round = $2 AND person = $3 AND handed_in IS NULL",
        )
        .bind(contest.id.as_str())
        .bind(i64::from(round.0))
        .bind(person.0)
        .fetch_optional(house.store.read())
        .await?;
        if let Some(row) = row {
            let started: Option<Moment> = row.try_get(0)?;
            if common || started.is_some() {
                last = last.max(exam.deadline(*person, started, now));
            }
        }
    }
    Ok(last)
}
