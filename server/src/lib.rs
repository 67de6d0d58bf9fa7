//! The house of hoithi: everything that touches clock, entropy, files and sockets.
//!
//! [`Site::build`] makes a house from a [`Config`], [`Site::addr`] says where it listens, and
//! [`Site::run_until_stopped`] serves until told to stop. Tests hold it by the same three.

pub mod cli;
pub mod clock;
pub mod config;
pub mod desk;
mod http;
pub mod hub;
pub mod import;
pub mod store;

use std::net::SocketAddr;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub use config::Config;

/// A house that listens but does not serve yet.
#[derive(Debug)]
pub struct Site {
    listener: TcpListener,
    addr: SocketAddr,
    router: axum::Router,
    stop: CancellationToken,
}

/// Why a house could not be opened or had to close.
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
    /// The socket failed while serving.
    #[error("serving failed: {0}")]
    Serve(std::io::Error),
}

impl Site {
    /// Opens everything `config` names and binds the address, so that a port of 0 is known by [`Self::addr`].
    ///
    /// # Errors
    /// When the address cannot be bound.
    pub async fn build(config: Config) -> Result<Self, SiteError> {
        let listen_error = |source| SiteError::Listen {
            addr: config.listen,
            source,
        };
        let listener = TcpListener::bind(config.listen).await.map_err(listen_error)?;
        let addr = listener.local_addr().map_err(listen_error)?;
        Ok(Self {
            listener,
            addr,
            router: http::router(),
            stop: CancellationToken::new(),
        })
    }

    /// The address it listens on.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Cancel this to stop the house; requests being answered are finished first.
    pub fn stop_token(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// Serves until the stop token is cancelled.
    ///
    /// # Errors
    /// When the socket fails.
    pub async fn run_until_stopped(self) -> Result<(), SiteError> {
        axum::serve(self.listener, self.router)
            .with_graceful_shutdown(self.stop.cancelled_owned())
            .await
            .map_err(SiteError::Serve)
    }
}
