//! A PostgreSQL server for one run of the tests or the bench: on the loopback address, in a folder of its own,
//! gone afterwards.

use std::env;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::need::{POSTGRES, humble_account, is_root, on_path};

/// The one account in it; everybody on the loopback address is let in as this.
const USER: &str = "hoithi";

/// A running server. It ends, and its folder goes, when this is dropped; and if this process is killed.
pub struct Postgres {
    server: Child,
    folder: PathBuf,
    port: u16,
}

impl Postgres {
    /// Makes and starts one.
    ///
    /// # Errors
    /// When PostgreSQL is neither here nor can be installed, or does not start.
    pub fn start() -> Result<Self> {
        Self::start_with(&[
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
            "wal_level=minimal",
            "max_wal_senders=0",
            "autovacuum=off",
        ])
    }

    /// One that keeps what it acknowledges, as a real one does: for figures that are to be believed.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn start_durable() -> Result<Self> {
        Self::start_with(&[])
    }

    fn start_with(settings: &[&str]) -> Result<Self> {
        let bin = POSTGRES.met(programs)?;
        let folder = env::temp_dir().join(format!("hoithi-postgres-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let made = Self::start_in(&bin, &folder, settings);
        if made.is_err() {
            let _ = fs::remove_dir_all(&folder);
        }
        made
    }

    fn start_in(bin: &Path, folder: &Path, settings: &[&str]) -> Result<Self> {
        let account = account()?;
        if let Some((uid, gid)) = &account {
            crate::must(Command::new("chown").arg(format!("{uid}:{gid}")).arg(folder))?;
        }
        let data = folder.join("data");
        let log = fs::File::create(folder.join("log"))?;
        let initdb = humbly(&bin.join("initdb"), account.as_ref())
            .current_dir(folder)
            .args(["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"])
            .arg(format!("--username={USER}"))
            .arg("--pgdata")
            .arg(&data)
            .stdout(log.try_clone()?)
            .stderr(log.try_clone()?)
            .status()
            .context("cannot run initdb")?;
        if !initdb.success() {
            bail!("initdb failed:\n{}", fs::read_to_string(folder.join("log"))?);
        }
        // Another program may take the free port first: then it is tried with another.
        for _ in 0..3 {
            let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
            let mut server = humbly(&bin.join("postgres"), account.as_ref());
            server
                .current_dir(folder)
                .arg("-D")
                .arg(&data)
                .arg("-k")
                .arg(folder)
                .args(["-p", &port.to_string()]);
            let usual = [
                "listen_addresses=127.0.0.1",
                "max_connections=400",
                "shared_buffers=64MB",
                "jit=off",
            ];
            for setting in usual.iter().chain(settings) {
                server.args(["-c", setting]);
            }
            let server = server
                .stdin(Stdio::null())
                .stdout(log.try_clone()?)
                .stderr(log.try_clone()?)
                .spawn()
                .context("cannot run postgres")?;
            let mut this = Self {
                server,
                folder: folder.to_path_buf(),
                port,
            };
            if this.answers(bin)? {
                return Ok(this);
            }
            // Not yet: the next attempt still needs the folder.
            this.folder = PathBuf::new();
        }
        bail!(
            "postgres did not start:\n{}",
            fs::read_to_string(folder.join("log"))?
        )
    }

    /// Where tests may make databases of their own.
    pub fn url(&self) -> String {
        format!("postgres://{USER}@127.0.0.1:{}/postgres", self.port)
    }

    /// Waits until it answers; `false` when it has ended instead.
    fn answers(&mut self, bin: &Path) -> Result<bool> {
        let begun = Instant::now();
        while self.server.try_wait()?.is_none() {
            let ready = Command::new(bin.join("pg_isready"))
                .args(["--quiet", "--host=127.0.0.1", &format!("--port={}", self.port)])
                .status()?;
            if ready.success() {
                return Ok(true);
            }
            if begun.elapsed() > Duration::from_secs(60) {
                bail!("postgres does not answer");
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(false)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Nothing in it is kept, so it need not be asked politely; children notice and end.
        let _ = self.server.kill();
        let _ = self.server.wait();
        if !self.folder.as_os_str().is_empty() {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

/// The folder of `initdb`, `postgres` and `pg_isready`: the newest that Debian has installed, else by `PATH`.
fn programs() -> Option<PathBuf> {
    let complete = |bin: &PathBuf| {
        ["initdb", "postgres", "pg_isready"]
            .iter()
            .all(|program| bin.join(program).is_file())
    };
    let mut installed: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            Some((path.file_name()?.to_str()?.parse().ok()?, path.join("bin")))
        })
        .filter(|(_, bin)| complete(bin))
        .collect();
    installed.sort();
    let debian = installed.pop().map(|(_, bin)| bin);
    debian.or_else(|| {
        on_path("initdb")?
            .parent()
            .map(Path::to_path_buf)
            .filter(complete)
    })
}

/// PostgreSQL refuses to run as root; whom to become then.
fn account() -> Result<Option<(String, String)>> {
    if !is_root() {
        return Ok(None);
    }
    humble_account(&["postgres", "nobody"])
        .map(Some)
        .context("no account to run PostgreSQL as: it refuses to be root")
}

/// The program under that account, and so that it ends with this process whatever happens.
fn humbly(program: &Path, account: Option<&(String, String)>) -> Command {
    let Some(setpriv) = on_path("setpriv") else {
        return Command::new(program);
    };
    let mut command = Command::new(setpriv);
    command.args(["--pdeathsig", "KILL"]);
    if let Some((uid, gid)) = account {
        command.args([
            &format!("--reuid={uid}"),
            &format!("--regid={gid}"),
            "--clear-groups",
        ]);
    }
    command.arg("--").arg(program);
    command
}
