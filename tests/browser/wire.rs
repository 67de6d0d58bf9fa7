//! A wire between a browser and the house that can be cut: a dead Wi-Fi refuses nothing and says nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A wire. When it is dropped, nothing passes any more.
pub(crate) struct Wire {
    base: String,
    is_cut: Arc<AtomicBool>,
    accepting: JoinHandle<()>,
}

impl Wire {
    /// A wire to the house at `base`.
    pub(crate) async fn to(base: &str) -> Result<Self> {
        let house = base
            .strip_prefix("http://")
            .context("a plain address")?
            .to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let base = format!("http://{}", listener.local_addr()?);
        let is_cut = Arc::new(AtomicBool::new(false));
        let cut = is_cut.clone();
        let accepting = tokio::spawn(async move {
            while let Ok((browser, _)) = listener.accept().await {
                tokio::spawn(carry(browser, house.clone(), cut.clone()));
            }
        });
        Ok(Self {
            base,
            is_cut,
            accepting,
        })
    }

    /// Where the browser finds the house.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// Connections that exist or begin from now on are dead for ever, without a word.
    pub(crate) fn is_cut(&self, cut: bool) {
        self.is_cut.store(cut, Ordering::SeqCst);
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Carries bytes both ways until either end closes. What met the cut stays open and silent.
async fn carry(browser: TcpStream, house: String, cut: Arc<AtomicBool>) {
    let Ok(house) = TcpStream::connect(house).await else {
        return;
    };
    let dead = Arc::new(AtomicBool::new(cut.load(Ordering::SeqCst)));
    let (mut from_browser, mut to_browser) = browser.into_split();
    let (mut from_house, mut to_house) = house.into_split();
    let one_way = async |from: &mut tokio::net::tcp::OwnedReadHalf,
                         to: &mut tokio::net::tcp::OwnedWriteHalf| {
        let mut bytes = [0; 16_384];
        while let Ok(count @ 1..) = from.read(&mut bytes).await {
            if cut.load(Ordering::SeqCst) {
                dead.store(true, Ordering::SeqCst);
            }
            if !dead.load(Ordering::SeqCst) && to.write_all(&bytes[..count]).await.is_err() {
                break;
            }
        }
    };
    tokio::select! {
        () = one_way(&mut from_browser, &mut to_house) => {}
        () = one_way(&mut from_house, &mut to_browser) => {}
    }
}
