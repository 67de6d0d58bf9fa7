//! The schema, brought up to date at every start.

use sqlx::AnyConnection;
use sqlx::SqlStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

use super::StoreError;

/// Every step the schema has taken. What has been released is never changed, only followed.
const STEPS: [(i64, &str, &str); 7] = [
    (1, "house", include_str!("../../../migrations/0001_house.sql")),
    (2, "hall", include_str!("../../../migrations/0002_hall.sql")),
    (
        3,
        "presence",
        include_str!("../../../migrations/0003_presence.sql"),
    ),
    (
        4,
        "marked_again",
        include_str!("../../../migrations/0004_marked_again.sql"),
    ),
    (5, "moved", include_str!("../../../migrations/0005_moved.sql")),
    (6, "late", include_str!("../../../migrations/0006_late.sql")),
    (7, "page", include_str!("../../../migrations/0007_page.sql")),
];

/// The number of the last step that this program knows.
pub fn newest_step() -> i64 {
    STEPS
        .iter()
        .map(|(version, ..)| *version)
        .max()
        .unwrap_or_default()
}

/// Takes the steps that are missing.
pub(super) async fn run(connection: &mut AnyConnection) -> Result<(), StoreError> {
    let steps = STEPS.map(|(version, name, sql)| {
        Migration::new(
            version,
            name.into(),
            MigrationType::Simple,
            SqlStr::from_static(sql),
            false,
        )
    });
    Migrator::with_migrations(steps.into()).run(connection).await?;
    Ok(())
}
