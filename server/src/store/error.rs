//! What can go wrong, in the same words on both engines.

use app::error::AppError;
use sqlx::error::ErrorKind;
use sqlx::migrate::MigrateError;

/// Why something was not read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A unique constraint, by its name in the migrations (`account_name_taken`).
    #[error("taken: {0}")]
    Taken(String),
    /// Somebody else was faster: another node has appended to the ledger. Look again.
    #[error("somebody else was faster")]
    Conflict,
    /// The database was made by a later version of this program.
    #[error("the database belongs to a newer version of this program")]
    Newer,
    /// A migration that this database went through has been altered since.
    #[error("the database went through another migration {0} than this program knows")]
    Altered(i64),
    /// The house is closing.
    #[error("the store is closed")]
    Stopped,
    /// The job panicked; what it had done is undone.
    #[error("a job panicked")]
    Panicked,
    /// The batch that this job shared could not be committed; nothing of it is known to be kept.
    #[error("not committed: {0}")]
    NotCommitted(String),
    /// Not the address of a database.
    #[error("a database is sqlite:<path> or postgres://...")]
    Address,
    /// A row holds what this program never writes.
    #[error("unreadable: {0}")]
    Unreadable(&'static str),
    /// The job itself found a reason against what it was to do; what it had done is undone.
    #[error(transparent)]
    Refused(#[from] AppError),
    /// Anything else that the database says.
    #[error(transparent)]
    Sql(sqlx::Error),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let Some(database) = error.as_database_error() else {
            return Self::Sql(error);
        };
        // PostgreSQL: a deadlock or a lost race between two nodes.
        if matches!(database.code().as_deref(), Some("40P01" | "40001")) {
            return Self::Conflict;
        }
        if !matches!(database.kind(), ErrorKind::UniqueViolation) {
            return Self::Sql(error);
        }
        let name = match database.constraint() {
            Some(name) => name.to_owned(),
            None => constraint_of(database.message()),
        };
        match name.as_str() {
            "entry_pkey" => Self::Conflict,
            _ => Self::Taken(name),
        }
    }
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::VersionMissing(_) => Self::Newer,
            MigrateError::VersionMismatch(version) => Self::Altered(version),
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
            other => Self::Sql(sqlx::Error::Migrate(Box::new(other))),
        }
    }
}

/// SQLite names the columns (`UNIQUE constraint failed: person.contest, person.sbd`), not the constraint.
fn constraint_of(message: &str) -> String {
    let columns = message.rsplit(": ").next().unwrap_or_default().trim();
    match columns {
        "account.folded" => "account_name_taken".into(),
        "person.code" => "person_code_taken".into(),
        "person.contest, person.sbd" => "person_sbd_taken".into(),
        "question.contest, question.folded" => "question_text_taken".into(),
        "screen_door.letters" => "screen_letters_taken".into(),
        "attempt.contest, attempt.round, attempt.person" => "attempt_once".into(),
        // What is left are primary keys, named as PostgreSQL names them.
        other => format!("{}_pkey", other.split('.').next().unwrap_or_default()),
    }
}
