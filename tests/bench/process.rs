//! The program as it is shipped, as a process of its own, and what it costs.

use anyhow::{Context, Result, bail};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running house; ended when dropped.
pub struct Process {
    child: Child,
    pub addr: SocketAddr,
    /// From start to the first answer.
    pub started_in: Duration,
}

impl Process {
    /// Starts `command` and waits until `/healthz` (or anything) answers at `addr`.
    pub async fn start(mut command: Command, addr: SocketAddr, path: &str) -> Result<Self> {
        let began = Instant::now();
        let child = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .stdin(Stdio::null())
            .spawn()?;
        let mut process = Self {
            child,
            addr,
            started_in: Duration::ZERO,
        };
        loop {
            if let Ok(mut wire) = crate::wire::Wire::to(addr).await
                && wire.ask(&crate::wire::get(path, "")).await.is_ok()
            {
                process.started_in = began.elapsed();
                return Ok(process);
            }
            if let Some(status) = process.child.try_wait()? {
                bail!("it ended at once: {status}");
            }
            if began.elapsed() > Duration::from_secs(20) {
                bail!("no answer within 20 s");
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// Resident memory in megabytes.
    pub fn memory(&self) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .context("no VmRSS")?;
        let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kilobytes / 1024.0)
    }

    /// Processor time used so far, both in user and kernel mode.
    pub fn cpu(&self) -> Result<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let after = stat.rsplit_once(')').context("no stat")?.1;
        let fields: Vec<&str> = after.split_whitespace().collect();
        // Fields 14 and 15 of the whole line, in ticks of 10 ms.
        let ticks: u64 = fields[11].parse::<u64>()? + fields[12].parse::<u64>()?;
        Ok(Duration::from_millis(ticks * 10))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that was free a moment ago.
pub fn free_port() -> Result<SocketAddr> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}
