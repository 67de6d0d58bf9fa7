//! A chromedriver of one's own.

use std::net::TcpListener;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use thirtyfour::{ChromiumLikeCapabilities, DesiredCapabilities, WebDriver};
use tokio::process::{Child, Command};

/// A running chromedriver; it ends when dropped.
pub(crate) struct Driver {
    _process: Child,
    url: String,
}

impl Driver {
    /// Starts chromedriver on a free port.
    pub(crate) async fn start() -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let process = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context(
                "chromedriver is not installed; `cargo xtask test --without browser` leaves these out",
            )?;
        let url = format!("http://127.0.0.1:{port}");
        for _ in 0..200 {
            if reqwest::get(format!("{url}/status"))
                .await
                .is_ok_and(|answer| answer.status().is_success())
            {
                return Ok(Self {
                    _process: process,
                    url,
                });
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        bail!("chromedriver does not answer")
    }

    /// A new headless browser.
    pub(crate) async fn browser(&self) -> Result<WebDriver> {
        let mut wanted = DesiredCapabilities::chrome();
        for arg in [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--lang=vi",
        ] {
            wanted.add_arg(arg)?;
        }
        Ok(WebDriver::new(&self.url, wanted).await?)
    }
}
