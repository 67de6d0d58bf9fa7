//! Headless Chromium, driven by a chromedriver of one's own.

use std::net::TcpListener;
use std::process::Stdio;

use anyhow::{Context, Result};
use thirtyfour::{ChromiumLikeCapabilities, DesiredCapabilities, WebDriver};
use tokio::process::{Child, Command};

use crate::wait::until;

/// A running chromedriver; it ends when dropped, and its browsers with it.
#[derive(Debug)]
pub struct Chrome {
    _process: Child,
    url: String,
}

impl Chrome {
    /// Starts chromedriver on a free port.
    ///
    /// # Errors
    /// When it is not installed, or does not answer.
    pub async fn start() -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let process = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context(
                "chromedriver is not installed: run `cargo xtask test`, which installs it where it may, or \
                 leave these tests out with `--without browser`",
            )?;
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
