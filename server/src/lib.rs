//! The house of hoithi: everything that touches clock, entropy, files and sockets.
//!
//! [`Site::build`] makes a house from a [`Config`], [`Site::addr`] says where it listens, and
//! [`Site::run_until_stopped`] serves until told to stop. Tests hold it by the same three.

pub mod cli;
pub mod clock;
pub mod config;
pub mod desk;
mod export;
mod http;
pub mod hub;
pub mod import;
mod lan;
pub mod store;

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub use config::Config;
use desk::{House, OpenError};

pub use http::{RouteInfo, RouteKind, routes};

/// A house that listens but does not serve yet.
#[derive(Debug)]
pub struct Site {
    listener: TcpListener,
    addr: SocketAddr,
    router: axum::Router,
    house: Arc<House>,
    stop: CancellationToken,
}

/// Why a house could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// The address is taken or not ours.
    #[error("cannot listen on {addr}: {source}")]
    Listen {
        /// The address asked for.
        addr: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// The database.
    #[error(transparent)]
    Open(#[from] OpenError),
}

impl Site {
    /// Opens everything `config` names and binds the address, so that a port of 0 is known by [`Self::addr`].
    ///
    /// # Errors
    /// When the address cannot be bound or the database cannot be opened.
    pub async fn build(config: Config) -> Result<Self, SiteError> {
        let listen_error = |source| SiteError::Listen {
            addr: config.listen,
            source,
        };
        let listener = TcpListener::bind(config.listen).await.map_err(listen_error)?;
        let addr = listener.local_addr().map_err(listen_error)?;
        let house = House::open(&config).await?;
        // A demo brings its organizer along.
        if config.kind == config::Kind::Real {
            house.draw_first_link().await.map_err(OpenError::from)?;
        }
        Ok(Self {
            listener,
            addr,
            router: http::router(house.clone(), addr, config.public_url),
            house,
            stop: CancellationToken::new(),
        })
    }

    /// The address it listens on.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The house behind it.
    pub fn house(&self) -> &Arc<House> {
        &self.house
    }

    /// Cancel this to stop the house; requests being answered are finished first.
    pub fn stop_token(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// Serves until the stop token is cancelled; everything acknowledged is on disk when it returns.
    pub async fn run_until_stopped(self) {
        let hub = self.house.hub.clone();
        let stop = self.stop.clone();
        let ending = async {
            stop.cancelled().await;
            hub.stop();
        };
        tokio::join!(ending, http::serve::serve(self.listener, self.router, self.stop));
        self.house.close().await;
    }
}
