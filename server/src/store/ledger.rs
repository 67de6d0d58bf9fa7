//! The ledgers as rows. The primary key is the lock: whoever writes an entry's number first has it.

use contest::ledger::{self as chain, Broken, Entry, Sealed, Why};
use contest::{Contest, ContestId, Digest};
use sqlx::{AnyConnection, AnyPool};

use super::{StoreError, content};

/// Appends entries.
///
/// # Errors
/// [`StoreError::Conflict`] when one of their numbers is taken.
pub async fn append(
    tx: &mut AnyConnection,
    contest: &ContestId,
    entries: &[Sealed],
) -> Result<(), StoreError> {
    for entry in entries {
        sqlx::query("INSERT INTO entry (contest, seq, body, hash) VALUES ($1, $2, $3, $4)")
            .bind(contest.as_str())
            .bind(number(entry.seq)?)
            .bind(entry.body.as_str())
            .bind(entry.hash.0.as_str())
            .execute(&mut *tx)
            .await?;
    }
    Ok(())
}

/// The entries after number `after`, in order.
///
/// # Errors
/// When the database refuses.
pub async fn tail(pool: &AnyPool, contest: &ContestId, after: u64) -> Result<Vec<Sealed>, StoreError> {
    let rows: Vec<(i64, String, String)> =
        sqlx::query_as("SELECT seq, body, hash FROM entry WHERE contest = $1 AND seq > $2 ORDER BY seq")
            .bind(contest.as_str())
            .bind(number(after)?)
            .fetch_all(pool)
            .await?;
    rows.into_iter().map(sealed).collect()
}

/// Walks a whole ledger: the chain, its draws, and the content that its entries name by hash.
///
/// # Errors
/// When the database refuses. A ledger that is not as it was written is an answer: its first bad
/// entry.
pub async fn verify(pool: &AnyPool, id: &ContestId) -> Result<Result<Contest, Broken>, StoreError> {
    let entries = tail(pool, id, 0).await?;
    let verified = chain::verify(id, entries.iter().cloned());
    let sound = match &verified {
        Ok(contest) => contest.seq,
        Err(broken) => broken.seq.saturating_sub(1),
    };
    for sealed in entries.iter().take_while(|sealed| sealed.seq <= sound) {
        let entry: Entry =
            serde_json::from_str(&sealed.body).map_err(|_| StoreError::Unreadable("entry.body"))?;
        let Some(hash) = entry.content() else { continue };
        match content::get(pool, hash).await {
            Ok(Some(_)) => {}
            Ok(None) | Err(StoreError::Unreadable(_)) => {
                return Ok(Err(Broken {
                    seq: sealed.seq,
                    why: Why::Content,
                }));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(verified)
}

/// At most `limit` entries before number `before`, the newest first.
///
/// # Errors
/// When the database refuses.
pub async fn before(
    pool: &AnyPool,
    contest: &ContestId,
    before: u64,
    limit: u32,
) -> Result<Vec<Sealed>, StoreError> {
    let rows: Vec<(i64, String, String)> = sqlx::query_as(
        "SELECT seq, body, hash FROM entry WHERE contest = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3",
    )
    .bind(contest.as_str())
    .bind(i64::try_from(before).unwrap_or(i64::MAX))
    .bind(i64::from(limit))
    .fetch_all(pool)
    .await?;
    rows.into_iter().map(sealed).collect()
}

/// Every contest there is.
///
/// # Errors
/// When the database refuses.
pub async fn ids(pool: &AnyPool) -> Result<Vec<ContestId>, StoreError> {
    let rows: Vec<String> = sqlx::query_scalar("SELECT contest FROM entry WHERE seq = 1 ORDER BY contest")
        .fetch_all(pool)
        .await?;
    rows.into_iter()
        .map(|id| id.try_into().map_err(|_| StoreError::Unreadable("entry.contest")))
        .collect()
}

fn sealed((seq, body, hash): (i64, String, String)) -> Result<Sealed, StoreError> {
    Ok(Sealed {
        seq: u64::try_from(seq).map_err(|_| StoreError::Unreadable("entry.seq"))?,
        body,
        hash: Digest(hash),
    })
}

fn number(seq: u64) -> Result<i64, StoreError> {
    i64::try_from(seq).map_err(|_| StoreError::Unreadable("entry.seq"))
}
