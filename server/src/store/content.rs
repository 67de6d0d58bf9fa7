//! Content that the ledger names by its hash.

use contest::Digest;
use sqlx::{Any, AnyConnection, Executor};

use super::StoreError;

/// Keeps `body` and names it. Kept twice it is kept once.
///
/// # Errors
/// When the database refuses.
pub async fn put(tx: &mut AnyConnection, body: &str) -> Result<Digest, StoreError> {
    let hash = Digest::of(body.as_bytes());
    sqlx::query("INSERT INTO content (hash, body) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING")
        .bind(hash.0.as_str())
        .bind(body)
        .execute(tx)
        .await?;
    Ok(hash)
}

/// The content of that name.
///
/// # Errors
/// When the database refuses, or holds something else under that name.
pub async fn get<'c>(
    from: impl Executor<'c, Database = Any>,
    hash: &Digest,
) -> Result<Option<String>, StoreError> {
    let body: Option<String> = sqlx::query_scalar("SELECT body FROM content WHERE hash = $1")
        .bind(hash.0.as_str())
        .fetch_optional(from)
        .await?;
    match body {
        Some(body) if Digest::of(body.as_bytes()) != *hash => Err(StoreError::Unreadable("content.hash")),
        body => Ok(body),
    }
}
