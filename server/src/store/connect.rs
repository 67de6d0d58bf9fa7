//! From an address to connections, each set up for its part.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::ConnectOptions;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyConnection, AnyPool};

use super::{Engine, StoreError};

/// How many readers a node has at most.
const READERS: u32 = 8;

/// Where the database is.
#[derive(Clone)]
pub(super) struct Target {
    engine: Engine,
    options: AnyConnectOptions,
    /// The address for PostgreSQL's own listener; empty for SQLite.
    url: String,
    /// The folder that must exist before SQLite makes its file.
    folder: Option<PathBuf>,
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address may hold a password.
        f.debug_struct("Target")
            .field("engine", &self.engine)
            .finish_non_exhaustive()
    }
}

impl Target {
    pub(super) fn parse(url: &str) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self {
                engine: Engine::Postgres,
                options: quiet(url)?,
                url: url.to_owned(),
                folder: None,
            });
        }
        let path = url
            .strip_prefix("sqlite://")
            .or_else(|| url.strip_prefix("sqlite:"))
            .unwrap_or(url);
        if path.is_empty() || path.contains(":memory:") {
            return Err(StoreError::Address);
        }
        let folder = Path::new(path)
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        Ok(Self {
            engine: Engine::Sqlite,
            options: quiet(&format!("sqlite:{}?mode=rwc", percent(path)))?,
            url: String::new(),
            folder: folder.map(Path::to_path_buf),
        })
    }

    pub(super) fn engine(&self) -> Engine {
        self.engine
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// The one connection that changes anything.
    pub(super) async fn writer(&self) -> Result<AnyConnection, StoreError> {
        if let Some(folder) = &self.folder {
            std::fs::create_dir_all(folder).map_err(|error| StoreError::Sql(sqlx::Error::Io(error)))?;
        }
        let mut connection = self.options.connect().await?;
        if self.engine == Engine::Sqlite {
            // FULL: an answer that was acknowledged survives the battery's end.
            sqlx::raw_sql(
                "PRAGMA busy_timeout = 10000;
                 PRAGMA journal_mode = WAL;
                 PRAGMA synchronous = FULL;
                 PRAGMA foreign_keys = ON;",
            )
            .execute(&mut connection)
            .await?;
        }
        Ok(connection)
    }

    pub(super) async fn readers(&self) -> Result<AnyPool, StoreError> {
        let engine = self.engine;
        let pool = AnyPoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(Duration::from_secs(10))
            // Asking whether a file is still there costs more than it tells.
            .test_before_acquire(engine == Engine::Postgres)
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    if engine == Engine::Sqlite {
                        sqlx::raw_sql("PRAGMA busy_timeout = 10000; PRAGMA query_only = ON;")
                            .execute(connection)
                            .await?;
                    }
                    Ok(())
                })
            })
            .connect_with(self.options.clone())
            .await?;
        Ok(pool)
    }
}

/// Statements are no news, and asking whether they should be logged is not free.
fn quiet(url: &str) -> Result<AnyConnectOptions, StoreError> {
    let options: AnyConnectOptions = url.parse().map_err(|_| StoreError::Address)?;
    Ok(options.disable_statement_logging())
}

/// A path as it stands in an address.
fn percent(path: &str) -> String {
    use std::fmt::Write;
    path.bytes()
        .fold(String::with_capacity(path.len()), |mut out, byte| {
            if byte.is_ascii_alphanumeric() || b"/._-:\\".contains(&byte) {
                out.push(char::from(byte));
            } else {
                let _ = write!(out, "%{byte:02X}");
            }
            out
        })
}
