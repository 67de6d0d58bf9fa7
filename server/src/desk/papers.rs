//! Preparing a round: the bank is frozen, the papers are built and dealt.

use std::collections::BTreeMap;
use std::sync::Arc;

use app::backend::{AppError, Visit};
use contest::command::Facts;
use contest::exam::{ExamPhase, Prepared};
use contest::intake::{Level, QuestionDraft};
use contest::paper::{Builder, Paper, dealt};
use contest::question::Frozen;
use contest::rules::Papers;
use contest::{Command, Contest, ContestId, PersonId, RoundId, TeamId};
use sqlx::{AnyConnection, AnyPool, Row};

use super::room::number;
use super::{Effects, House, facts, token};
use crate::store::rows::{ManyRows, cuts, values};
use crate::store::{StoreError, content};

static INSERT_PAPERS: ManyRows = ManyRows::new(|rows| {
    format!(
        "INSERT INTO paper (contest, round, code, body) VALUES {} \
         ON CONFLICT (contest, round, code) DO NOTHING",
        values(0, 4, rows)
    )
});

static INSERT_ATTEMPTS: ManyRows = ManyRows::new(|rows| {
    format!(
        "INSERT INTO attempt (id, contest, round, person, team, paper) VALUES {} \
         ON CONFLICT (contest, round, person) DO NOTHING RETURNING team",
        values(0, 6, rows)
    )
});

static COUNT_CONTESTANTS: ManyRows = ManyRows::new(|rows| {
    format!(
        "INSERT INTO progress (contest, round, team, contestants) VALUES {} \
         ON CONFLICT (contest, round, team) \
         DO UPDATE SET contestants = progress.contestants + excluded.contestants",
        values(0, 4, rows)
    )
});

impl House {
    /// Freezes the bank, draws the seed, builds every paper and deals them.
    pub(super) async fn prepare(
        &self,
        visit: &Visit,
        id: &ContestId,
        round: RoundId,
    ) -> Result<u64, AppError> {
        let contest = self.organizer(visit, id).await?;
        let Facts { contestants, .. } = facts(self, &contest, round).await?;
        let bank = Arc::new(live_bank(self.store.read(), id).await?);
        let command = Command::PrepareExam {
            round,
            bank: Frozen::clone(&bank),
            contestants,
        };
        let after = self
            .record(
                &visit.actor_in(id),
                &visit.device_label,
                id,
                &Facts::default(),
                command,
                Some(dealing(round, bank)),
            )
            .await?;
        Ok(after.seq)
    }
}

/// The bank as it is now, in the order of its questions' numbers.
pub(super) async fn live_bank(pool: &AnyPool, id: &ContestId) -> Result<Frozen, StoreError> {
    let rows = sqlx::query(
        "SELECT text, options, correct, topic, level, source FROM question WHERE contest = $1 ORDER BY id",
    )
    .bind(id.as_str())
    .fetch_all(pool)
    .await?;
    let unreadable = |_| StoreError::Unreadable("question");
    let questions = rows.iter().map(|row| {
        let level: &str = row.try_get(4)?;
        Ok(QuestionDraft {
            text: row.try_get(0)?,
            options: serde_json::from_str(row.try_get(1)?).map_err(unreadable)?,
            correct: serde_json::from_str(row.try_get(2)?).map_err(unreadable)?,
            topic: row.try_get(3)?,
            level: Level::parse(level).ok_or(StoreError::Unreadable("question.level"))?,
            source: row.try_get(5)?,
        })
    });
    Ok(Frozen {
        questions: questions.collect::<Result<_, StoreError>>()?,
    })
}

/// What a preparation writes beside its entry in the ledger.
fn dealing(round: RoundId, bank: Arc<Frozen>) -> Effects {
    Box::new(move |_, after| {
        let id = after.id.clone();
        let prepared = after.exams.get(&round).and_then(|exam| exam.prepared.clone());
        let bank = bank.clone();
        // Built here and not in the job: the writer has others to serve.
        let papers = prepared.as_ref().map_or_else(Vec::new, |prepared| {
            let builder = Builder::new(&bank, &prepared.rules, &prepared.seed);
            (0..prepared.papers).map(|index| builder.paper(index)).collect()
        });
        Box::new(move |tx| {
            Box::pin(async move {
                let Some(prepared) = prepared else {
                    return Err(StoreError::Conflict);
                };
                for statement in [
                    "DELETE FROM attempt WHERE contest = $1 AND round = $2",
                    "DELETE FROM paper WHERE contest = $1 AND round = $2",
                    "DELETE FROM progress WHERE contest = $1 AND round = $2",
                ] {
                    sqlx::query(statement)
                        .bind(id.as_str())
                        .bind(i64::from(round.0))
                        .execute(&mut *tx)
                        .await?;
                }
                let body =
                    String::from_utf8(bank.canonical()).map_err(|_| StoreError::Unreadable("question"))?;
                content::put(tx, &body).await?;
                put_papers(tx, &id, round, &papers).await?;
                let people = without_seat(tx, &id, round).await?;
                seat(tx, &id, round, &prepared, &bank, people).await
            })
        })
    })
}

/// Gives everybody a paper who has none: contestants who came after the round was prepared.
/// Belongs into the transaction that adds them, and into the opening.
///
/// # Errors
/// When the database refuses.
pub async fn deal_missing(tx: &mut AnyConnection, contest: &Contest) -> Result<(), StoreError> {
    for (round, exam) in &contest.exams {
        let Some(prepared) = exam
            .prepared
            .as_ref()
            .filter(|_| matches!(exam.phase, ExamPhase::Prepared | ExamPhase::Open))
        else {
            continue;
        };
        let people = without_seat(tx, &contest.id, *round).await?;
        if people.is_empty() {
            continue;
        }
        let body = content::get(&mut *tx, &prepared.bank)
            .await?
            .ok_or(StoreError::Unreadable("content"))?;
        let bank: Frozen = serde_json::from_str(&body).map_err(|_| StoreError::Unreadable("content.body"))?;
        seat(tx, &contest.id, *round, prepared, &bank, people).await?;
    }
    Ok(())
}

/// Takes the person's papers back in rounds that have not opened. Belongs into the transaction
/// that removes him, or that moves him to another team; then [`deal_missing`] follows.
///
/// # Errors
/// When the database refuses.
pub async fn unseat(tx: &mut AnyConnection, contest: &Contest, person: PersonId) -> Result<(), StoreError> {
    let waiting = contest
        .exams
        .iter()
        .filter(|(_, exam)| exam.phase == ExamPhase::Prepared);
    for (round, _) in waiting {
        let team: Option<i64> = sqlx::query_scalar(
            "DELETE FROM attempt WHERE contest = $1 AND round = $2 AND person = $3 RETURNING team",
        )
        .bind(contest.id.as_str())
        .bind(i64::from(round.0))
        .bind(person.0)
        .fetch_optional(&mut *tx)
        .await?;
        if let Some(team) = team {
            sqlx::query(
                "UPDATE progress SET contestants = contestants - 1 \
                 WHERE contest = $1 AND round = $2 AND team = $3",
            )
            .bind(contest.id.as_str())
            .bind(i64::from(round.0))
            .bind(team)
            .execute(&mut *tx)
            .await?;
        }
    }
    Ok(())
}

/// Contestants of the contest who have no attempt in the round, as they sit: by team and number.
async fn without_seat(
    tx: &mut AnyConnection,
    id: &ContestId,
    round: RoundId,
) -> Result<Vec<(PersonId, TeamId)>, StoreError> {
    let rows = sqlx::query(
        "SELECT p.id, p.team FROM person p \
         LEFT JOIN attempt a ON a.contest = p.contest AND a.round = $2 AND a.person = p.id \
         WHERE p.contest = $1 AND p.role = 'contestant' AND p.team IS NOT NULL AND a.id IS NULL \
         ORDER BY p.team, LENGTH(p.sbd), p.sbd, p.id",
    )
    .bind(id.as_str())
    .bind(i64::from(round.0))
    .fetch_all(tx)
    .await?;
    rows.iter()
        .map(|row| Ok((PersonId(row.try_get(0)?), TeamId(number(row, 1)?))))
        .collect()
}

/// Deals papers to `people`, who sit behind those that have one, and counts them.
async fn seat(
    tx: &mut AnyConnection,
    id: &ContestId,
    round: RoundId,
    prepared: &Prepared,
    bank: &Frozen,
    people: Vec<(PersonId, TeamId)>,
) -> Result<(), StoreError> {
    let row = sqlx::query("SELECT COUNT(*), MAX(paper) FROM attempt WHERE contest = $1 AND round = $2")
        .bind(id.as_str())
        .bind(i64::from(round.0))
        .fetch_one(&mut *tx)
        .await?;
    let taken: u32 = number(&row, 0)?;
    let last: Option<i64> = row.try_get(1)?;
    let builder = Builder::new(bank, &prepared.rules, &prepared.seed);
    let first = builder.paper(0).code;
    let seats = (0..).zip(&people);
    let codes: Vec<u32> = match prepared.rules.papers {
        Papers::Variants(_) => seats
            .map(|(seat, _)| first + dealt(prepared.papers, taken + seat))
            .collect(),
        Papers::Personal => {
            let next = last
                .and_then(|last| u32::try_from(last).ok())
                .map_or(0, |last| last + 1 - first);
            // Those beyond what the preparation counted are built now, by the same seed.
            let late: Vec<Paper> = (next..next + people.len() as u32)
                .filter(|index| *index >= prepared.papers)
                .map(|index| builder.paper(index))
                .collect();
            put_papers(tx, id, round, &late).await?;
            seats.map(|(seat, _)| first + next + seat).collect()
        }
    };
    let mut by_team: BTreeMap<i64, i64> = BTreeMap::new();
    for piece in cuts(people.len()) {
        let mut query = sqlx::query(INSERT_ATTEMPTS.of(piece.len()));
        for at in piece {
            let (person, team) = people[at];
            query = query
                .bind(token::number())
                .bind(id.as_str())
                .bind(i64::from(round.0))
                .bind(person.0)
                .bind(i64::from(team.0))
                .bind(i64::from(codes[at]));
        }
        for row in query.fetch_all(&mut *tx).await? {
            *by_team.entry(row.try_get(0)?).or_default() += 1;
        }
    }
    let counts: Vec<(i64, i64)> = by_team.into_iter().collect();
    for piece in cuts(counts.len()) {
        let mut query = sqlx::query(COUNT_CONTESTANTS.of(piece.len()));
        for (team, contestants) in &counts[piece] {
            query = query
                .bind(id.as_str())
                .bind(i64::from(round.0))
                .bind(*team)
                .bind(*contestants);
        }
        query.execute(&mut *tx).await?;
    }
    Ok(())
}

async fn put_papers(
    tx: &mut AnyConnection,
    id: &ContestId,
    round: RoundId,
    papers: &[Paper],
) -> Result<(), StoreError> {
    for piece in cuts(papers.len()) {
        let mut query = sqlx::query(INSERT_PAPERS.of(piece.len()));
        for paper in &papers[piece] {
            let body = serde_json::to_string(paper).map_err(|_| StoreError::Unreadable("paper"))?;
            query = query
                .bind(id.as_str())
                .bind(i64::from(round.0))
                .bind(i64::from(paper.code))
                .bind(body);
        }
        query.execute(&mut *tx).await?;
    }
    Ok(())
}
