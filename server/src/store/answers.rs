//! Answers on their way into the table: a whole batch of them by a few statements.

use super::{
    Engine, StoreError,
    rows::{ManyRows, cuts, values},
};
use contest::{
    ContestId, Moment, RoundId, TeamId,
    attempt::{self, Answer, Held, Outcome, Timing},
    question::Choice,
};
use sqlx::{AnyConnection, Row};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

/// The row of the table `progress` that an attempt counts in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tally {
    pub contest: ContestId,
    pub round: RoundId,
    pub team: TeamId,
}

/// One answer as it arrived: its attempt is known to be the sender's, its question and options to
/// stand on his paper.
#[derive(Clone, Debug)]
pub struct Incoming {
    pub attempt: i64,
    pub tally: Arc<Tally>,
    pub answer: Answer,
    pub arrived: Moment,
    pub timing: Timing,
}

/// The primary key of a question's answers.
type Key = (i64, u16);

/// What stands about one question of one attempt.
#[derive(Clone, Copy, Debug, Default)]
struct Standing {
    /// The newest revision.
    held: Option<Held>,
    /// Whether the newest choice that came in time is not blank: so the progress counts.
    answered: bool,
    /// He has handed in himself: what comes now is kept, but too late.
    handed_in: bool,
}

/// A row to insert.
struct Fresh<'a> {
    incoming: &'a Incoming,
    timing: Timing,
    /// What it moves in the count of answered questions.
    delta: i64,
    /// Its place in the batch.
    at: usize,
}

static CURRENT: ManyRows = ManyRows::new(|rows| {
    format!(
        "WITH k (a, q) AS (VALUES {}) \
         SELECT k.a AS a, k.q AS q, h.revision AS revision, h.choice AS choice, h.timing AS timing, \
                CASE WHEN t.handed_in IS NOT NULL AND t.by_server = 0 THEN 1 ELSE 0 END AS handed_in \
         FROM k LEFT JOIN attempt t ON t.id = k.a \
         LEFT JOIN answer h ON h.attempt = k.a AND h.question = k.q AND h.revision = \
             (SELECT MAX(m.revision) FROM answer m WHERE m.attempt = k.a AND m.question = k.q)",
        values(0, 2, rows)
    )
});

static COUNTED: &str = "SELECT choice FROM answer WHERE attempt = $1 AND question = $2 AND timing < 2 \
     ORDER BY revision DESC LIMIT 1";

static INSERT: ManyRows = ManyRows::new(|rows| {
    format!(
        "INSERT INTO answer (attempt, question, revision, choice, chosen_at, arrived, timing) VALUES {} \
         ON CONFLICT (attempt, question, revision) DO NOTHING",
        values(0, 7, rows)
    )
});

/// As [`INSERT`], for an engine where another node may be faster.
static INSERT_TELLING: ManyRows =
    ManyRows::new(|rows| format!("{} RETURNING attempt, question, revision", INSERT.of(rows)));

static MOVE: ManyRows = ManyRows::new(|rows| {
    format!(
        "WITH v (team, delta) AS (VALUES {}) UPDATE progress SET answered = answered + v.delta FROM v \
         WHERE progress.contest = $1 AND progress.round = $2 AND progress.team = v.team",
        values(2, 2, rows)
    )
});

/// Writes a batch down and says for each answer what became of it, in the order of the batch.
///
/// Packets for one question are decided in their order. Answers are inserted in the order of
/// their keys, so that two nodes that hold the same ones wait for each other in one direction only.
pub(super) async fn save_batch(
    tx: &mut AnyConnection,
    engine: Engine,
    batch: &[Incoming],
) -> Result<Vec<Outcome>, StoreError> {
    let mut order: Vec<usize> = (0..batch.len()).collect();
    order.sort_by_key(|i| key(&batch[*i]));
    let mut keys: Vec<Key> = order.iter().map(|i| key(&batch[*i])).collect();
    keys.dedup();
    let mut standing = current(tx, &keys).await?;

    let mut outcomes = vec![None; batch.len()];
    let mut fresh: Vec<Fresh> = Vec::with_capacity(batch.len());
    for at in order {
        let incoming = &batch[at];
        let known = standing.entry(key(incoming)).or_default();
        outcomes[at] = attempt::already(known.held, &incoming.answer);
        if outcomes[at].is_none() {
            let (timing, delta) = known.take(incoming);
            outcomes[at] = Some(Outcome::Saved { timing });
            fresh.push(Fresh {
                incoming,
                timing,
                delta,
                at,
            });
        }
    }
    let lost = insert(tx, engine, &fresh).await?;
    if !lost.is_empty() {
        concede(tx, &mut fresh, &lost, &mut outcomes).await?;
    }
    count(tx, &fresh).await?;
    Ok(outcomes.into_iter().flatten().collect())
}

fn key(incoming: &Incoming) -> Key {
    (incoming.attempt, incoming.answer.question)
}

impl Standing {
    /// Lets `incoming` stand; gives its timing and what it moves in the count of answers.
    fn take(&mut self, incoming: &Incoming) -> (Timing, i64) {
        let timing = if self.handed_in {
            Timing::TooLate
        } else {
            incoming.timing
        };
        let Answer { revision, choice, .. } = incoming.answer;
        self.held = Some(Held {
            revision,
            choice,
            timing,
        });
        if timing == Timing::TooLate {
            return (timing, 0);
        }
        let before = std::mem::replace(&mut self.answered, !choice.is_blank());
        (timing, i64::from(self.answered) - i64::from(before))
    }
}

/// What stands for each of `keys`.
async fn current(tx: &mut AnyConnection, keys: &[Key]) -> Result<HashMap<Key, Standing>, StoreError> {
    let mut found = HashMap::with_capacity(keys.len());
    for piece in cuts(keys.len()) {
        let mut query = sqlx::query(CURRENT.of(piece.len()));
        for (attempt, question) in &keys[piece] {
            query = query.bind(*attempt).bind(i64::from(*question));
        }
        for row in query.fetch_all(&mut *tx).await? {
            let key = (row.try_get(0)?, row.try_get::<i64, _>(1)? as u16);
            let held = match row.try_get::<Option<i64>, _>(2)? {
                Some(revision) => Some(Held {
                    revision: revision as u32,
                    choice: Choice(row.try_get::<i64, _>(3)? as u8),
                    timing: Timing::from_code(row.try_get(4)?),
                }),
                None => None,
            };
            // PostgreSQL counts in 32 bits there, SQLite in 64.
            let handed_in = row.try_get::<i64, _>(5)? != 0;
            found.insert(
                key,
                Standing {
                    held,
                    answered: held.is_some_and(|held| !held.choice.is_blank()),
                    handed_in,
                },
            );
        }
    }
    // Rare: the newest one came too late, so that an older one counts.
    for ((attempt, question), standing) in &mut found {
        if standing.held.is_some_and(|held| held.timing == Timing::TooLate) {
            let counted = sqlx::query(COUNTED).bind(*attempt).bind(i64::from(*question));
            standing.answered = match counted.fetch_optional(&mut *tx).await? {
                Some(row) => row.try_get::<i64, _>(0)? != 0,
                None => false,
            };
        }
    }
    Ok(found)
}

/// Inserts the rows; gives the keys of those that another node wrote first.
async fn insert(
    tx: &mut AnyConnection,
    engine: Engine,
    fresh: &[Fresh<'_>],
) -> Result<HashSet<(i64, u16, u32)>, StoreError> {
    let mut lost = HashSet::new();
    for piece in cuts(fresh.len()) {
        let rows = &fresh[piece];
        // SQLite has one writer: nothing can have come between.
        let text = match engine {
            Engine::Sqlite => INSERT.of(rows.len()),
            Engine::Postgres => INSERT_TELLING.of(rows.len()),
        };
        let mut query = sqlx::query(text);
        for row in rows {
            let Answer {
                question,
                revision,
                choice,
                chosen_at,
            } = row.incoming.answer;
            query = query
                .bind(row.incoming.attempt)
                .bind(i64::from(question))
                .bind(i64::from(revision))
                .bind(i64::from(choice.0))
                .bind(chosen_at)
                .bind(row.incoming.arrived)
                .bind(row.timing.code());
        }
        match engine {
            Engine::Sqlite => {
                query.execute(&mut *tx).await?;
            }
            Engine::Postgres => {
                let written = query.fetch_all(&mut *tx).await?;
                if written.len() < rows.len() {
                    lost.extend(rows.iter().map(full_key));
                    for row in written {
                        let question = row.try_get::<i64, _>(1)? as u16;
                        lost.remove(&(row.try_get(0)?, question, row.try_get::<i64, _>(2)? as u32));
                    }
                }
            }
        }
    }
    Ok(lost)
}

fn full_key(row: &Fresh) -> (i64, u16, u32) {
    let answer = &row.incoming.answer;
    (row.incoming.attempt, answer.question, answer.revision)
}

/// Answers the lost rows as what stands, and counts anew what the others of their keys move.
async fn concede(
    tx: &mut AnyConnection,
    fresh: &mut [Fresh<'_>],
    lost: &HashSet<(i64, u16, u32)>,
    outcomes: &mut [Option<Outcome>],
) -> Result<(), StoreError> {
    let touched: HashSet<Key> = lost
        .iter()
        .map(|(attempt, question, _)| (*attempt, *question))
        .collect();
    for (attempt, question) in touched {
        let versions = versions(tx, attempt, question).await?;
        let before = |revision: u32| {
            let counted = versions
                .iter()
                .filter(|v| v.revision < revision && v.timing < Timing::TooLate);
            counted
                .max_by_key(|v| v.revision)
                .is_some_and(|v| !v.choice.is_blank())
        };
        let newest = versions.iter().max_by_key(|v| v.revision).copied();
        for row in fresh
            .iter_mut()
            .filter(|row| key(row.incoming) == (attempt, question))
        {
            let answer = &row.incoming.answer;
            if lost.contains(&full_key(row)) {
                let standing = versions.iter().find(|v| v.revision == answer.revision);
                // The same words under the same revision are his own packet, sent to two nodes.
                outcomes[row.at] =
                    attempt::already(standing.filter(|v| v.choice == answer.choice).copied(), answer)
                        .or_else(|| attempt::already(newest, answer))
                        .or(outcomes[row.at]);
                row.delta = 0;
            } else if row.timing < Timing::TooLate {
                row.delta = i64::from(!answer.choice.is_blank()) - i64::from(before(answer.revision));
            }
        }
    }
    Ok(())
}

async fn versions(tx: &mut AnyConnection, attempt: i64, question: u16) -> Result<Vec<Held>, StoreError> {
    let rows =
        sqlx::query("SELECT revision, choice, timing FROM answer WHERE attempt = $1 AND question = $2")
            .bind(attempt)
            .bind(i64::from(question))
            .fetch_all(tx)
            .await?;
    let held = rows.iter().map(|row| {
        Ok(Held {
            revision: row.try_get::<i64, _>(0)? as u32,
            choice: Choice(row.try_get::<i64, _>(1)? as u8),
            timing: Timing::from_code(row.try_get(2)?),
        })
    });
    held.collect()
}

/// Moves the teams' counts of answered questions.
async fn count(tx: &mut AnyConnection, fresh: &[Fresh<'_>]) -> Result<(), StoreError> {
    let mut rounds: BTreeMap<(&ContestId, RoundId), BTreeMap<TeamId, i64>> = BTreeMap::new();
    for row in fresh.iter().filter(|row| row.delta != 0) {
        let tally = &row.incoming.tally;
        let teams = rounds.entry((&tally.contest, tally.round)).or_default();
        *teams.entry(tally.team).or_default() += row.delta;
    }
    for ((contest, round), teams) in rounds {
        let moved: Vec<(TeamId, i64)> = teams.into_iter().filter(|(_, delta)| *delta != 0).collect();
        for piece in cuts(moved.len()) {
            let mut query = sqlx::query(MOVE.of(piece.len()))
                .bind(contest.as_str())
                .bind(i64::from(round.0));
            for (team, delta) in &moved[piece] {
                query = query.bind(i64::from(team.0)).bind(*delta);
            }
            query.execute(&mut *tx).await?;
        }
        if !moved.is_empty() {
            super::notify(tx, &format!("progress {contest}")).await?;
        }
    }
    Ok(())
}
