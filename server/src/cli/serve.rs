//! `hoithi serve`.

use crate::{Config, Site, SiteError};

/// Serves until Ctrl-C or SIGTERM.
pub(super) async fn serve(config: Config) -> Result<(), SiteError> {
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
