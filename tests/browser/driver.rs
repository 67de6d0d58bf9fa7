//! A chromedriver of one's own.

use std::net::TcpListener;
use std::process::Stdio;

use anyhow::{Context, Result};
use harness::{Hall, until};
use thirtyfour::{ChromiumLikeCapabilities, DesiredCapabilities, WebDriver};
use tokio::process::{Child, Command};
use tokio::sync::{Mutex, MutexGuard};

use crate::window::Window;

/// A test has up to four browsers: two tests at once are more than a small machine bears.
static ONE_TEST_AT_A_TIME: Mutex<()> = Mutex::const_new(());

/// A running chromedriver; it ends when dropped, and its browsers with it.
pub(crate) struct Driver {
    _process: Child,
    url: String,
    _turn: MutexGuard<'static, ()>,
}

impl Driver {
    /// Starts chromedriver on a free port.
    pub(crate) async fn start() -> Result<Self> {
        let turn = ONE_TEST_AT_A_TIME.lock().await;
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
            _turn: turn,
        })
    }

    /// A new browser on a device of its own, looking at the hall's house.
    pub(crate) async fn window(&self, hall: &Hall) -> Result<Window> {
        self.window_with(hall, &[]).await
    }

    /// The same, with the house at another address.
    pub(crate) async fn window_at(&self, base: &str) -> Result<Window> {
        self.opened(base, &[]).await
    }

    /// The same with further arguments for Chromium.
    pub(crate) async fn window_with(&self, hall: &Hall, more: &[&str]) -> Result<Window> {
        self.opened(hall.base(), more).await
    }

    async fn opened(&self, base: &str, more: &[&str]) -> Result<Window> {
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
        let browser = WebDriver::new(&self.url, wanted).await?;
        Ok(Window::new(browser, base))
    }
}
