//! The house as the command line holds it: no visitor, no network.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use app::backend::Visit;
use app::words::Locale;
use contest::{Actor, Contest, ContestId, UserId};

use super::{Common, Failure};
use crate::Config;
use crate::config::Kind;
use crate::desk::House;
use crate::store::{Store, ledger};

/// The file of a SQLite database, if it is one.
pub(super) fn sqlite_file(database: &str) -> Option<PathBuf> {
    if database.starts_with("postgres://") || database.starts_with("postgresql://") {
        return None;
    }
    let path = database
        .strip_prefix("sqlite://")
        .or_else(|| database.strip_prefix("sqlite:"))
        .unwrap_or(database);
    Some(PathBuf::from(path.split('?').next().unwrap_or(path)))
}

/// Refuses to make an empty database where a full one was meant.
pub(super) fn must_exist(database: &str) -> Result<(), Failure> {
    match sqlite_file(database) {
        Some(file) if !file.exists() => Err(Failure::NoDatabase(database.to_owned())),
        _ => Ok(()),
    }
}

/// Opens the house of an existing database, whichever kind it is.
pub(super) async fn open(common: &Common) -> Result<Arc<House>, Failure> {
    must_exist(common.database())?;
    open_or_make(common).await
}

/// As [`open`]; a missing SQLite file is made.
pub(super) async fn open_or_make(common: &Common) -> Result<Arc<House>, Failure> {
    let kind = kind_of(common.database()).await?;
    let config = Config {
        kind,
        ..Config::local(common.database())
    };
    Ok(House::open(&config).await?)
}

/// What an existing database is for; a new one is real.
async fn kind_of(database: &str) -> Result<Kind, Failure> {
    let store = Store::open(database).await?;
    let word: Option<String> = sqlx::query_scalar("SELECT value FROM house WHERE name = 'kind'")
        .fetch_optional(store.read())
        .await?;
    store.close().await;
    Ok(word.and_then(|word| Kind::named(&word)).unwrap_or(Kind::Real))
}

/// The contest an argument names, or the only one there is.
pub(super) async fn one_contest(house: &House, named: Option<&str>) -> Result<Arc<Contest>, Failure> {
    let id = match named {
        Some(name) => name.parse().map_err(|_| Failure::NoContest(name.to_owned()))?,
        None => {
            let ids = ledger::ids(house.store.read()).await?;
            match &ids[..] {
                [only] => only.clone(),
                _ => return Err(Failure::WhichContest(ids.len())),
            }
        }
    };
    load(house, &id).await
}

/// The contest of that name.
pub(super) async fn load(house: &House, id: &ContestId) -> Result<Arc<Contest>, Failure> {
    match house.load(id).await {
        Err(app::error::AppError::NotFound) => Err(Failure::no_contest(id)),
        other => Ok(other?),
    }
}

/// A visit by `user`, made at the machine itself.
pub(super) fn visit_of(user: UserId, locale: Locale) -> Visit {
    Visit {
        actor: Actor::Organizer { user },
        contest: None,
        name: "hoithi".to_owned(),
        device: "hoithi".to_owned(),
        device_label: "hoithi".to_owned(),
        session: None,
        locale,
        origin: "http://localhost".to_owned(),
    }
}

/// A visit by one of the organizers of `contest`.
pub(super) fn organizer_of(contest: &Contest, locale: Locale) -> Result<Visit, Failure> {
    let user = contest.organizers.first().ok_or(Failure::NoAccount)?;
    Ok(visit_of(*user, locale))
}

/// The content of a file that an argument names.
pub(super) fn read_file(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| Failure::CannotRead(path.to_owned(), error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sqlite_is_a_file() {
        assert_eq!(sqlite_file("sqlite:///var/a.db"), Some("/var/a.db".into()));
        assert_eq!(sqlite_file("sqlite:a.db?mode=ro"), Some("a.db".into()));
        assert_eq!(sqlite_file("a.db"), Some("a.db".into()));
        assert_eq!(sqlite_file("postgres://h/n"), None);
    }
}
