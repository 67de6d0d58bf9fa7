//! `hoithi serve`.

use std::net::SocketAddr;

use crate::{Config, Site, SiteError};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The database: `sqlite://FILE` or `postgres://USER@HOST/NAME`.
    #[arg(long, env = "HOITHI_DATABASE", default_value = "sqlite://hoithi.db")]
    database: String,
    /// Address and port to listen on; port 0 takes a free one.
    #[arg(long, env = "HOITHI_LISTEN", default_value = "127.0.0.1:3000")]
    listen: SocketAddr,
    /// Scheme and host under which visitors know this server, if a proxy stands before it.
    #[arg(long, env = "HOITHI_PUBLIC_URL")]
    public_url: Option<String>,
}

/// Serves until Ctrl-C or SIGTERM.
pub(super) async fn serve(args: Args) -> Result<(), SiteError> {
    let config = Config {
        listen: args.listen,
        public_url: args.public_url,
        ..Config::local(args.database)
    };
    let site = Site::build(config).await?;
    tracing::info!("http://{}", site.addr());
    let stop = site.stop_token();
    tokio::spawn(async move {
        asked_to_stop().await;
        tracing::info!("stopping");
        stop.cancel();
    });
    site.run_until_stopped().await
}

async fn asked_to_stop() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
