//! What screens say of themselves. Rows, so that every node knows the last word of every screen.

use std::collections::BTreeMap;

use app::backend::{AppError, ScreenHealth, ScreenSeen};
use contest::{ContestId, Moment, PersonId};
use sqlx::{AnyConnection, AnyPool, Row};

use crate::store::StoreError;

/// A hash of a view has 16 letters.
const LONGEST_HASH: usize = 64;

/// Keeps the last word of a screen.
pub(super) async fn keep(
    tx: &mut AnyConnection,
    contest: &ContestId,
    screen: PersonId,
    at: Moment,
    told: &ScreenHealth,
    current: bool,
) -> Result<(), StoreError> {
    if told.hash.len() > LONGEST_HASH {
        return Err(AppError::BadField { field: "hash".into() }.into());
    }
    sqlx::query(
        "INSERT INTO screen_seen
             (person, contest, at, hash, current_, width, height, slowest_frame, drawn_in, page)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (person) DO UPDATE SET
             contest = excluded.contest, at = excluded.at, hash = excluded.hash,
             current_ = excluded.current_, width = excluded.width, height = excluded.height,
             slowest_frame = excluded.slowest_frame, drawn_in = excluded.drawn_in,
             page = excluded.page",
    )
    .bind(screen.0)
    .bind(contest.as_str())
    .bind(at)
    .bind(told.hash.as_str())
    .bind(i64::from(current))
    .bind(i64::from(told.width))
    .bind(i64::from(told.height))
    .bind(i64::from(told.slowest_frame))
    .bind(i64::from(told.drawn_in))
    .bind(i64::from(told.page))
    .execute(tx)
    .await?;
    Ok(())
}

/// The last words of all screens of a contest that were heard.
pub(super) async fn of_contest(
    pool: &AnyPool,
    contest: &ContestId,
) -> Result<BTreeMap<PersonId, ScreenSeen>, StoreError> {
    let rows = sqlx::query(
        "SELECT person, at, hash, current_, width, height, slowest_frame, drawn_in, page
         FROM screen_seen WHERE contest = $1",
    )
    .bind(contest.as_str())
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| {
            let number = |column: usize| -> Result<u32, StoreError> {
                u32::try_from(row.try_get::<i64, _>(column)?)
                    .map_err(|_| StoreError::Unreadable("screen_seen"))
            };
            let seen = ScreenSeen {
                at: row.try_get(1)?,
                current: row.try_get::<i64, _>(3)? != 0,
                health: ScreenHealth {
                    hash: row.try_get(2)?,
                    width: number(4)?,
                    height: number(5)?,
                    slowest_frame: number(6)?,
                    drawn_in: number(7)?,
                    page: number(8)?,
                },
            };
            Ok((PersonId(row.try_get(0)?), seen))
        })
        .collect()
}
