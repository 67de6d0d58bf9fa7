//! Headless Chromium, driven by a chromedriver of one's own.

use std::process::Stdio;

use anyhow::{Context, Result};
use thirtyfour::{ChromiumLikeCapabilities, DesiredCapabilities, WebDriver};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::wait::until;

/// A running chromedriver; it ends when dropped, and its browsers with it.
#[derive(Debug)]
pub struct Chrome {
    _process: Child,
    url: String,
}

impl Chrome {
    /// Starts chromedriver, which takes a free port.
    ///
    /// # Errors
    /// When it is not installed, or does not answer.
    pub async fn start() -> Result<Self> {
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context(
                "chromedriver is not installed: run `cargo xtask test`, which installs it where it may, or \
                 leave these tests out with `--without browser`",
            )?;
        let out = process.stdout.take().context("what chromedriver says")?;
        let mut lines = BufReader::new(out).lines();
        let port = loop {
            let line = lines.next_line().await?.context("chromedriver ended")?;
            let said = line.strip_prefix("ChromeDriver was started successfully on port ");
            if let Some(port) = said {
                break port.trim_end_matches('.').parse::<u16>()?;
            }
        };
        // What it says later is read too: a full pipe would hold it up.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let url = format!("http://127.0.0.1:{port}");
        until("chromedriver to answer", async || {
            let answer = reqwest::get(format!("{url}/status")).await;
            Ok(answer
                .is_ok_and(|answer| answer.status().is_success())
                .then_some(()))
        })
        .await?;
        Ok(Self {
            _process: process,
            url,
        })
    }

    /// A new browser on a device of its own, with further arguments for Chromium.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn browser(&self, more: &[&str]) -> Result<WebDriver> {
        let mut wanted = DesiredCapabilities::chrome();
        let quiet = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            "--lang=vi",
        ];
        for arg in quiet.iter().chain(more) {
            wanted.add_arg(arg)?;
        }
        Ok(WebDriver::new(&self.url, wanted).await?)
    }
}
