//! The two engines, and a database for each test alone.

use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Context, Result};
use sqlx::AnyConnection;
use sqlx::any::AnyConnectOptions;
use sqlx::{ConnectOptions, Connection};
use tempfile::TempDir;

/// Where tests may make databases of their own: the address of a PostgreSQL server.
const POSTGRES: &str = "HOITHI_TEST_POSTGRES";
/// The file of an SQLite database in its folder.
const FILE: &str = "hoithi.db";
/// What `cargo xtask test --without` leaves out.
const WITHOUT: &str = "HOITHI_TEST_WITHOUT";

/// Where a house keeps its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// Whether tests on this engine were left out by name. What is merely missing is not left out:
    /// there a test fails.
    pub fn left_out(self) -> bool {
        self == Self::Postgres && is_left_out("postgres")
    }
}

/// Whether `--without` names it.
pub fn is_left_out(need: &str) -> bool {
    std::env::var(WITHOUT).is_ok_and(|list| list.split(',').any(|word| word == need))
}

/// Makes two tests of each case, one an engine.
///
/// ```ignore
/// on_both_engines! {
///     async fn nothing_is_lost(engine: Engine) -> Result<()> { … }
/// }
/// ```
#[macro_export]
macro_rules! on_both_engines {
    ($($(#[$attribute:meta])* async fn $name:ident($engine:ident: $which:ty) -> Result<()> $body:block)*) => {$(
        $(#[$attribute])*
        mod $name {
            use super::*;

            async fn case($engine: $which) -> anyhow::Result<()> $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() -> anyhow::Result<()> {
                case($crate::Engine::Sqlite).await
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() -> anyhow::Result<()> {
                if $crate::Engine::Postgres.left_out() {
                    return Ok(());
                }
                case($crate::Engine::Postgres).await
            }
        }
    )*};
}

/// A database of one test; it goes with its owner.
#[derive(Debug)]
pub struct Database {
    engine: Engine,
    url: String,
    /// For SQLite, and for whatever else the test wants to put into files.
    folder: TempDir,
}

impl Database {
    /// An empty one.
    ///
    /// # Errors
    /// When the engine refuses.
    ///
    /// # Panics
    /// When PostgreSQL is wanted and there is none: a test is never skipped silently.
    pub async fn new(engine: Engine) -> Result<Self> {
        let folder = new_folder()?;
        let url = match engine {
            Engine::Sqlite => sqlite_url(&folder.path().join(FILE)),
            Engine::Postgres => created("").await?,
        };
        Ok(Self { engine, url, folder })
    }

    /// A database of its own with everything that is in this one, whose house has stopped: PostgreSQL
    /// copies none that somebody is in.
    ///
    /// # Errors
    /// When the engine refuses.
    pub async fn copied(&self) -> Result<Self> {
        let folder = new_folder()?;
        let url = match self.engine {
            Engine::Sqlite => {
                let file = folder.path().join(FILE);
                let copy = format!("VACUUM INTO '{}'", file.display());
                sqlx::raw_sql(sqlx::AssertSqlSafe(copy))
                    .execute(&mut self.connect().await?)
                    .await?;
                sqlite_url(&file)
            }
            Engine::Postgres => {
                self.is_gone(true).await?;
                let url = created(&format!("TEMPLATE {}", self.name()?)).await?;
                self.is_gone(false).await?;
                url
            }
        };
        let engine = self.engine;
        Ok(Self { engine, url, folder })
    }

    fn name(&self) -> Result<&str> {
        let (_, name) = self
            .url
            .rsplit_once('/')
            .context("an address without a database")?;
        Ok(name)
    }

    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// As `--database` takes it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A folder for the files of this test.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The SQLite file.
    pub fn file(&self) -> PathBuf {
        self.folder.path().join(FILE)
    }

    /// PostgreSQL: lets nobody in any more and throws out who is there; or lets all in again.
    ///
    /// # Errors
    /// When the engine refuses, and on SQLite.
    pub async fn is_gone(&self, gone: bool) -> Result<()> {
        anyhow::ensure!(self.engine == Engine::Postgres, "a file cannot go away");
        let mut beside = connect(&std::env::var(POSTGRES)?).await?;
        let name = self.name()?;
        let lets_in = format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS {}", !gone);
        sqlx::raw_sql(sqlx::AssertSqlSafe(lets_in))
            .execute(&mut beside)
            .await?;
        if gone {
            sqlx::query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1")
                .bind(name)
                .execute(&mut beside)
                .await?;
        }
        Ok(beside.close().await?)
    }

    /// A connection of the test's own, past the house.
    ///
    /// # Errors
    /// When the engine refuses.
    pub async fn connect(&self) -> Result<AnyConnection> {
        connect(&self.url).await
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if self.engine == Engine::Sqlite {
            return;
        }
        let Ok(server) = std::env::var(POSTGRES) else {
            return;
        };
        let Ok(name) = self.name() else {
            return;
        };
        let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        // A failure leaves a database behind in a server that is thrown away.
        let _ = apart(async move {
            let mut connection = connect(&server).await?;
            sqlx::raw_sql(sqlx::AssertSqlSafe(drop))
                .execute(&mut connection)
                .await?;
            Ok(())
        });
    }
}

fn new_folder() -> Result<TempDir> {
    Ok(tempfile::Builder::new().prefix("hoithi-test-").tempdir()?)
}

/// The address of a new database on the tests' PostgreSQL server, made with these `options`.
async fn created(options: &str) -> Result<String> {
    let server = std::env::var(POSTGRES).unwrap_or_else(|_| {
        panic!(
            "{POSTGRES} names no PostgreSQL server: run `cargo xtask test`, which starts one, or leave these \
             tests out with `--without postgres`"
        )
    });
    let name = format!("hoithi_{:016x}", rand::random::<u64>());
    let mut beside = connect(&server).await?;
    let create = format!("CREATE DATABASE {name} {options}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(create))
        .execute(&mut beside)
        .await?;
    beside.close().await?;
    let (base, _) = server.rsplit_once('/').context("an address without a database")?;
    Ok(format!("{base}/{name}"))
}

/// The address of an SQLite file.
pub fn sqlite_url(file: &Path) -> String {
    format!("sqlite://{}", file.display())
}

/// A single connection to a database that exists.
///
/// # Errors
/// When there is none.
pub async fn connect(url: &str) -> Result<AnyConnection> {
    sqlx::any::install_default_drivers();
    let options: AnyConnectOptions = url.parse()?;
    Ok(options.connect().await?)
}

/// Runs `work` to its end on a thread and runtime of its own: for `drop`, which cannot wait otherwise.
///
/// # Errors
/// Those of `work`.
///
/// # Panics
/// When `work` does.
pub fn apart<T: Send + 'static>(work: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    thread::spawn(move || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?
            .block_on(work)
    })
    .join()
    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
