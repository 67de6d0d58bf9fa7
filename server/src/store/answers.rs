//! Answers as they arrive: every revision a row, never changed.

use contest::attempt::{Answer, Held, Outcome, Timing, already};
use contest::question::Choice;
use contest::{ContestId, Moment, RoundId, TeamId};
use sqlx::AnyConnection;

use super::{Engine, StoreError};

/// One answer that arrived, with what the server found out about it.
#[derive(Clone)]
pub struct Incoming {
    pub contest: ContestId,
    pub round: RoundId,
    pub team: TeamId,
    pub attempt: i64,
    pub answer: Answer,
    pub arrived: Moment,
    pub timing: Timing,
}

/// Writes the answers of many tablets; the outcomes come in the order of `batch`.
pub(super) async fn save_batch(
    tx: &mut AnyConnection,
    _engine: Engine,
    batch: &[Incoming],
) -> Result<Vec<Outcome>, StoreError> {
    let mut outcomes = Vec::with_capacity(batch.len());
    for incoming in batch {
        let answer = incoming.answer;
        let held: Option<(i64, i64, i64)> = sqlx::query_as(
            "SELECT revision, choice, timing FROM answer WHERE attempt = $1 AND question = $2
             ORDER BY revision DESC LIMIT 1",
        )
        .bind(incoming.attempt)
        .bind(i64::from(answer.question))
        .fetch_optional(&mut *tx)
        .await?;
        let held = held.map(|(revision, choice, timing)| Held {
            revision: u32::try_from(revision).unwrap_or(u32::MAX),
            choice: Choice(u8::try_from(choice).unwrap_or_default()),
            timing: Timing::from_code(timing),
        });
        if let Some(outcome) = already(held, &answer) {
            outcomes.push(outcome);
            continue;
        }
        sqlx::query(
            "INSERT INTO answer (attempt, question, revision, choice, chosen_at, arrived, timing)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(incoming.attempt)
        .bind(i64::from(answer.question))
        .bind(i64::from(answer.revision))
        .bind(i64::from(answer.choice.0))
        .bind(answer.chosen_at)
        .bind(incoming.arrived)
        .bind(incoming.timing.code())
        .execute(&mut *tx)
        .await?;
        outcomes.push(Outcome::Saved {
            timing: incoming.timing,
        });
    }
    Ok(outcomes)
}
