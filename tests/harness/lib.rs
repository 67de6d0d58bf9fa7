//! What every test of the product needs: a house of its own on a free port.

use std::net::SocketAddr;

use anyhow::Result;
use server::{Config, Site};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// A house in this process; it stops when dropped.
#[derive(Debug)]
pub struct House {
    addr: SocketAddr,
    stop: CancellationToken,
    serving: Option<JoinHandle<()>>,
    /// Where its database is.
    _folder: tempfile::TempDir,
}

impl House {
    /// Opens an empty house on a free port.
    ///
    /// # Errors
    /// When it cannot be built.
    pub async fn open() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let database = folder.path().join("house.db");
        let site = Site::build(Config::local(format!("sqlite://{}", database.display()))).await?;
        let (addr, stop) = (site.addr(), site.stop_token());
        let serving = tokio::spawn(site.run_until_stopped());
        Ok(Self {
            addr,
            stop,
            serving: Some(serving),
            _folder: folder,
        })
    }

    /// The full address of a path in this house.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }

    /// Stops it and waits until everything has ended.
    ///
    /// # Errors
    /// When serving had failed.
    pub async fn close(mut self) -> Result<()> {
        self.stop.cancel();
        if let Some(serving) = self.serving.take() {
            serving.await?;
        }
        Ok(())
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
