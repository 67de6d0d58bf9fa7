//! The program as a process of its own, to be killed.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::process::{Child, Command};

/// A serving process; it is killed when dropped.
#[derive(Debug)]
pub struct Process {
    child: Child,
    addr: SocketAddr,
}

impl Process {
    /// Starts `program serve` on that database and waits until it answers.
    ///
    /// # Errors
    /// When it ends instead.
    pub async fn serves(program: &Path, database: &str, log: PathBuf) -> Result<Self> {
        Self::runs(program, &["serve"], database, log).await
    }

    /// The same with a command of one's own.
    ///
    /// # Errors
    /// When it ends instead.
    pub async fn runs(program: &Path, command: &[&str], database: &str, log: PathBuf) -> Result<Self> {
        let addr = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let out = std::fs::File::create(&log)?;
        let mut child = Command::new(program)
            .args(command)
            .args(["--database", database, "--listen", &addr.to_string()])
            .stdin(Stdio::null())
            .stdout(out.try_clone()?)
            .stderr(out)
            .kill_on_drop(true)
            .spawn()?;
        let health = format!("http://{addr}/healthz");
        let client = reqwest::Client::builder()
            .timeout(Duration::from_secs(5))
            .build()?;
        crate::until("the program to serve", async || {
            if let Some(status) = child.try_wait()? {
                bail!("it ended: {status}\n{}", std::fs::read_to_string(&log)?);
            }
            let answer = client.get(&health).send().await;
            Ok(answer
                .is_ok_and(|answer| answer.status().is_success())
                .then_some(()))
        })
        .await?;
        Ok(Self { child, addr })
    }

    /// Where it is reached.
    pub fn base(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Kills it as a power cut would (SIGKILL).
    ///
    /// # Errors
    /// When it is gone already.
    pub async fn dies(mut self) -> Result<()> {
        self.child.kill().await.context("it had died before")
    }
}

/// Runs a command of the program to its end: its status, standard output and error.
///
/// # Errors
/// When it cannot be run.
pub async fn run(program: &Path, args: &[&str]) -> Result<(bool, String, String)> {
    let output = Command::new(program)
        .args(args)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await?;
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Ok((output.status.success(), text(output.stdout), text(output.stderr)))
}
