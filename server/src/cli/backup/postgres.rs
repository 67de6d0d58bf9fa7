//! Backups of PostgreSQL, made and put back by its own tools.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::any::AnyConnectOptions;
use sqlx::{AnyConnection, ConnectOptions, Connection};
use tokio::process::Command;

use super::{Failure, beside, remove, stamp};
use crate::store;

/// How often it is asked who has the database open, and how long between.
const LOOKS: u32 = 20;
const BETWEEN: Duration = Duration::from_millis(100);

/// Empties what the backup fills: also tables that a newer version has made since the backup.
const EMPTY: &str = "DO $$ DECLARE old text; BEGIN \
    FOR old IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP \
    EXECUTE format('DROP TABLE %I CASCADE', old); END LOOP; END $$";

/// Copies a consistent state beside whoever is writing.
pub(super) async fn copy(database: &str, to: &Path) -> Result<(), Failure> {
    let address = Address::of(database);
    let to = to.to_string_lossy();
    let words = [
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        "--file",
        &to,
        &address.plain,
    ];
    address.run("pg_dump", &words).await?;
    Ok(())
}

/// Puts a backup in the place of the present state, all or nothing; where that was copied to before.
pub(super) async fn restore(from: &Path, database: &str) -> Result<PathBuf, Failure> {
    let address = Address::of(database);
    look_at(from, &address).await?;
    must_be_alone(database).await?;
    let kept = beside(from, &format!("before-restore-{}", stamp()));
    copy(database, &kept).await?;
    // In words first, so that emptying and filling share one transaction.
    let script = beside(from, "arriving.sql");
    let done = put_back(from, &script, &address).await;
    remove(&script)?;
    done?;
    Ok(kept)
}

async fn put_back(from: &Path, script: &Path, address: &Address) -> Result<(), Failure> {
    let (from, script) = (from.to_string_lossy(), script.to_string_lossy());
    let words = ["--no-owner", "--no-privileges", "--file", &script, &from];
    address.run("pg_restore", &words).await?;
    let words = [
        "--no-psqlrc",
        "--quiet",
        "--single-transaction",
        "--set=ON_ERROR_STOP=1",
        "--command",
        EMPTY,
        "--file",
        &script,
        &address.plain,
    ];
    address.run("psql", &words).await?;
    Ok(())
}

/// Refuses what is no backup of this program, or one of a newer version.
async fn look_at(from: &Path, address: &Address) -> Result<(), Failure> {
    let file = from.to_string_lossy();
    let none = |why: &str| Failure::NotABackup(from.to_owned(), why.to_owned());
    let listing = match address.run("pg_restore", &["--list", &file]).await {
        Err(Failure::ToolFailed(_, why)) => return Err(none(&why)),
        listing => listing?,
    };
    let holds = |table: &str| {
        listing
            .lines()
            .any(|line| line.contains(&format!(" TABLE DATA public {table} ")))
    };
    if !["house", "entry", "answer"].into_iter().all(holds) {
        return Err(none("schema"));
    }
    let words = ["--data-only", "--table=_sqlx_migrations", "--file=-", &file];
    let steps = address.run("pg_restore", &words).await?;
    let newest = steps
        .lines()
        .filter_map(|line| line.split('\t').next()?.parse::<i64>().ok())
        .max();
    match newest {
        None => Err(none("schema")),
        Some(newest) if newest > store::newest_step() => Err(Failure::Newer),
        Some(_) => Ok(()),
    }
}

/// Refuses while anybody else has the database open.
async fn must_be_alone(database: &str) -> Result<(), Failure> {
    sqlx::any::install_default_drivers();
    let options: AnyConnectOptions = database.parse()?;
    let mut connection: AnyConnection = options.disable_statement_logging().connect().await?;
    let mut alone = false;
    // Whoever has just left is still listed for a moment.
    for _ in 0..LOOKS {
        let others: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() \
             AND pid <> pg_backend_pid() AND backend_type = 'client backend'",
        )
        .fetch_one(&mut connection)
        .await?;
        alone = others == 0;
        if alone {
            break;
        }
        tokio::time::sleep(BETWEEN).await;
    }
    connection.close().await?;
    if alone { Ok(()) } else { Err(Failure::StillServed) }
}

/// The address of a database without its password, which has no place in a list of processes.
struct Address {
    plain: String,
    password: Option<String>,
}

impl Address {
    fn of(database: &str) -> Self {
        let whole = || Self {
            plain: database.to_owned(),
            password: None,
        };
        let Some((scheme, rest)) = database.split_once("://") else {
            return whole();
        };
        let authority = &rest[..rest.find(['/', '?']).unwrap_or(rest.len())];
        let Some((account, _)) = authority.rsplit_once('@') else {
            return whole();
        };
        let Some((user, password)) = account.split_once(':') else {
            return whole();
        };
        Self {
            plain: format!("{scheme}://{user}{}", &rest[account.len()..]),
            password: Some(plain(password)),
        }
    }

    /// Runs a tool of PostgreSQL: what it prints. Where there is none, says how to do it by hand.
    async fn run(&self, tool: &'static str, words: &[&str]) -> Result<String, Failure> {
        let mut command = Command::new(tool);
        command.args(words);
        if let Some(password) = &self.password {
            command.env("PGPASSWORD", password);
        }
        let done = command
            .output()
            .await
            .map_err(|_| Failure::NoTool(tool, format!("{tool} {}", words.join(" "))))?;
        if !done.status.success() {
            let said = String::from_utf8_lossy(&done.stderr);
            let why = format!("{}: {}", done.status, said.trim());
            return Err(Failure::ToolFailed(tool, why));
        }
        Ok(String::from_utf8_lossy(&done.stdout).into_owned())
    }
}

/// A part of an address without its percent signs.
fn plain(part: &str) -> String {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let [first, after @ ..] = rest {
        let coded = (*first == b'%')
            .then(|| std::str::from_utf8(after.get(..2)?).ok())
            .flatten()
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(coded.unwrap_or(*first));
        rest = if coded.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_travels_apart() {
        let address = Address::of("postgres://thi:m%40t%20kh%e1%ba%a9u@kho:5432/thi?sslmode=disable");
        assert_eq!(address.plain, "postgres://thi@kho:5432/thi?sslmode=disable");
        assert_eq!(address.password.as_deref(), Some("m@t khẩu"));
        for none in ["postgres://thi@kho/thi", "postgres://kho/thi", "postgres:///thi"] {
            let address = Address::of(none);
            assert_eq!((address.plain.as_str(), address.password), (none, None));
        }
    }
}
