//! `hoithi backup` and `hoithi restore`.

mod postgres;

use std::fs;
use std::path::{Path, PathBuf};

use app::words::td_string;
use sqlx::any::AnyConnectOptions;
use sqlx::{AnyConnection, ConnectOptions, Connection};

use super::{Common, Failure, desk};
use crate::store::{Store, StoreError};

#[derive(Debug, clap::Args)]
pub(super) struct BackupArgs {
    /// The file to write; it must not exist yet.
    file: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(super) struct RestoreArgs {
    /// The file that `backup` wrote.
    file: PathBuf,
}

/// Copies the database to a file. SQLite copies a consistent state beside whoever is writing.
pub(super) async fn backup(common: &Common, args: BackupArgs) -> Result<(), Failure> {
    let database = common.database();
    if args.file.exists() {
        return Err(Failure::FileExists(args.file));
    }
    match desk::sqlite_file(database) {
        Some(from) => {
            desk::must_exist(database)?;
            copy_sqlite(&from, &args.file).await?;
        }
        None => postgres::copy(database, &args.file).await?,
    }
    sync(&args.file)?;
    let file = args.file.display().to_string();
    tell!("{}", td_string!(common.lang, cli.backed_up, file = file));
    Ok(())
}

/// Puts a backup in the place of the database, after the present state was copied.
pub(super) async fn restore(common: &Common, args: RestoreArgs) -> Result<(), Failure> {
    let database = common.database();
    // Fails early where there is nothing to read.
    drop(fs::File::open(&args.file).map_err(|error| Failure::CannotRead(args.file.clone(), error))?);
    let kept = match desk::sqlite_file(database) {
        Some(place) => restore_sqlite(&args.file, &place).await?,
        None => Some(postgres::restore(&args.file, database).await?),
    };
    if let Some(kept) = kept {
        let file = kept.display().to_string();
        tell!("{}", td_string!(common.lang, cli.kept, file = file));
    }
    let file = args.file.display().to_string();
    tell!("{}", td_string!(common.lang, cli.restored, file = file));
    Ok(())
}

/// Where the present state went, if there was one.
async fn restore_sqlite(from: &Path, place: &Path) -> Result<Option<PathBuf>, Failure> {
    let arriving = beside(place, "arriving");
    remove(&arriving)?;
    fs::copy(from, &arriving).map_err(|error| Failure::CannotWrite(arriving.clone(), error))?;
    // Opening it migrates it, which is what the next start would do; a newer or broken one is refused here.
    if let Err(error) = look_at(&arriving).await {
        remove(&arriving)?;
        return Err(match error {
            StoreError::Newer => Failure::Newer,
            error => Failure::NotABackup(from.to_owned(), error.to_string()),
        });
    }
    let mut kept = None;
    if place.exists() {
        take_alone(place).await?;
        let copy = beside(place, &format!("before-restore-{}", stamp()));
        copy_sqlite(place, &copy).await?;
        sync(&copy)?;
        kept = Some(copy);
    }
    // The write-ahead log of the old file must not be taken for the new one's.
    for rest in ["-wal", "-shm"] {
        let mut name = place.as_os_str().to_owned();
        name.push(rest);
        remove(Path::new(&name))?;
    }
    sync(&arriving)?;
    fs::rename(&arriving, place).map_err(|error| Failure::CannotWrite(place.to_owned(), error))?;
    Ok(kept)
}

/// Opens a file as the house would, and checks every page of it.
async fn look_at(file: &Path) -> Result<(), StoreError> {
    let url = format!("sqlite://{}", file.display());
    let mut connection = connect(&url, "rw").await?;
    let found: String = sqlx::query_scalar("PRAGMA integrity_check")
        .fetch_one(&mut connection)
        .await?;
    // Any other database would be given our tables by the migrations.
    let tables: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name IN ('house', 'entry', 'answer')",
    )
    .fetch_one(&mut connection)
    .await?;
    connection.close().await?;
    if found != "ok" || tables != 3 {
        return Err(StoreError::Unreadable("schema"));
    }
    let store = Store::open(&url).await?;
    store.close().await;
    // Nothing may be left in a log beside a file that is about to be renamed.
    let mut connection = connect(&url, "rw").await?;
    sqlx::query("PRAGMA journal_mode = DELETE")
        .fetch_all(&mut connection)
        .await?;
    connection.close().await?;
    Ok(())
}

/// Refuses while anybody else has the database open: only a lone connection may leave WAL mode.
async fn take_alone(place: &Path) -> Result<(), Failure> {
    let url = format!("sqlite://{}", place.display());
    let mut connection = connect(&url, "rw").await?;
    let mode = sqlx::query_scalar::<_, String>("PRAGMA journal_mode = DELETE")
        .fetch_one(&mut connection)
        .await;
    connection.close().await?;
    match mode {
        Ok(mode) if mode.eq_ignore_ascii_case("delete") => Ok(()),
        _ => Err(Failure::StillServed),
    }
}

async fn copy_sqlite(from: &Path, to: &Path) -> Result<(), Failure> {
    let mut connection = connect(&format!("sqlite://{}", from.display()), "rw").await?;
    sqlx::query("VACUUM INTO $1")
        .bind(to.to_string_lossy().into_owned())
        .execute(&mut connection)
        .await?;
    connection.close().await?;
    Ok(())
}

async fn connect(url: &str, mode: &str) -> Result<AnyConnection, sqlx::Error> {
    sqlx::any::install_default_drivers();
    let options: AnyConnectOptions = format!("{url}?mode={mode}").parse()?;
    options.disable_statement_logging().connect().await
}

/// A name beside a file: `hoithi.db` gives `hoithi.db.<what>`.
fn beside(file: &Path, what: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(what);
    name.into()
}

fn stamp() -> String {
    jiff::Zoned::now().strftime("%Y%m%d-%H%M%S").to_string()
}

fn remove(file: &Path) -> Result<(), Failure> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Failure::CannotWrite(file.to_owned(), error))
        }
        _ => Ok(()),
    }
}

/// What is said to be kept is on the disk.
fn sync(file: &Path) -> Result<(), Failure> {
    fs::File::open(file)
        .and_then(|file| file.sync_all())
        .map_err(|error| Failure::CannotWrite(file.to_owned(), error))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn put(database: &Path, value: &str) {
        let store = Store::open(&format!("sqlite://{}", database.display()))
            .await
            .unwrap();
        let value = value.to_owned();
        store
            .write(move |tx| {
                Box::pin(async move {
                    sqlx::query("INSERT INTO house (name, value) VALUES ('word', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
                        .bind(value)
                        .execute(tx)
                        .await?;
                    Ok(())
                })
            })
            .await
            .unwrap();
        store.close().await;
    }

    async fn word(database: &Path) -> String {
        let store = Store::open(&format!("sqlite://{}", database.display()))
            .await
            .unwrap();
        let word = sqlx::query_scalar("SELECT value FROM house WHERE name = 'word'")
            .fetch_one(store.read())
            .await
            .unwrap();
        store.close().await;
        word
    }

    #[tokio::test]
    async fn a_backup_comes_back_and_the_present_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let (database, copy) = (folder.path().join("a.db"), folder.path().join("copy.db"));
        put(&database, "before").await;
        copy_sqlite(&database, &copy).await.unwrap();
        put(&database, "after").await;
        let kept = restore_sqlite(&copy, &database).await.unwrap().unwrap();
        assert_eq!(word(&database).await, "before");
        assert_eq!(word(&kept).await, "after");
    }

    #[tokio::test]
    async fn a_database_in_use_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let (database, copy) = (folder.path().join("a.db"), folder.path().join("copy.db"));
        put(&database, "before").await;
        copy_sqlite(&database, &copy).await.unwrap();
        let open = Store::open(&format!("sqlite://{}", database.display()))
            .await
            .unwrap();
        let refused = restore_sqlite(&copy, &database).await;
        assert!(matches!(refused, Err(Failure::StillServed)), "{refused:?}");
        open.close().await;
    }

    #[tokio::test]
    async fn another_file_is_no_backup() {
        let folder = tempfile::tempdir().unwrap();
        let (database, other) = (folder.path().join("a.db"), folder.path().join("other.db"));
        put(&database, "before").await;
        fs::write(&other, "something else").unwrap();
        let refused = restore_sqlite(&other, &database).await;
        assert!(matches!(refused, Err(Failure::NotABackup(..))), "{refused:?}");
        assert_eq!(word(&database).await, "before");
    }
}
