//! The accept loop: many thousand open connections, each as small as it can be.

use std::convert::Infallible;
use std::io;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use super::stream::{Departure, Exit, depart, is_get};

/// How long a connection may say nothing, or take for the head of a request.
const SILENCE: Duration = Duration::from_secs(75);
/// The longest head of a request, and what is read or written at once.
const BUFFER: usize = 64 * 1024;
/// How long requests being answered may take after the house was told to stop.
const LAST_WORDS: Duration = Duration::from_secs(5);
/// After `accept` failed for want of file descriptors.
const BREATHER: Duration = Duration::from_millis(50);

/// Serves until `stop`; then takes nothing new and lets what is being answered be finished.
pub(crate) async fn serve(listener: TcpListener, router: Router, stop: CancellationToken) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(SILENCE)
        .max_buf_size(BUFFER);
    let open = TaskTracker::new();
    loop {
        let socket = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((socket, _)) => socket,
                Err(error) => {
                    bear_with(&error).await;
                    continue;
                }
            },
            () = stop.cancelled() => break,
        };
        // Small answers must not wait for more.
        if let Err(error) = socket.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY");
        }
        open.spawn(attend(http.clone(), socket, router.clone(), stop.clone()));
    }
    drop(listener);
    open.close();
    if tokio::time::timeout(LAST_WORDS, open.wait()).await.is_err() {
        tracing::warn!(connections = open.len(), "some visitors did not leave in time");
    }
}

/// Sees to a connection: requests and answers, or a stream.
async fn attend(http: http1::Builder, socket: TcpStream, router: Router, stop: CancellationToken) {
    if let Some((departure, socket)) = converse(http, socket, router, stop).await {
        departure.run(socket).await;
    }
}

/// Answers requests until the connection ends or becomes a stream.
async fn converse(
    http: http1::Builder,
    socket: TcpStream,
    router: Router,
    stop: CancellationToken,
) -> Option<(Departure, TcpStream)> {
    let (exit, mut departed) = oneshot::channel();
    let exit: Exit = Arc::new(Mutex::new(Some(exit)));
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let (exit, router) = (exit.clone(), router.clone());
        async move {
            let request = request.map(Body::new);
            let may_depart = is_get(&request);
            let Ok(response) = router.oneshot(request).await;
            Ok::<Response, Infallible>(depart(exit, may_depart, response).await)
        }
    });
    let mut connection = http.serve_connection(TokioIo::new(socket), service);
    let mut told = pin!(stop.cancelled());
    let mut stopping = false;
    loop {
        tokio::select! {
            biased;
            Ok(departure) = &mut departed => {
                return Some((departure, connection.into_parts().io.into_inner()));
            }
            ended = &mut connection => {
                if let Err(error) = ended {
                    tracing::trace!(%error, "a connection broke");
                }
                return None;
            }
            () = &mut told, if !stopping => {
                stopping = true;
                Pin::new(&mut connection).graceful_shutdown();
            }
        }
    }
}

/// A visitor who left before he was let in is nothing; a lack of descriptors passes.
async fn bear_with(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted};
    if !matches!(error.kind(), ConnectionAborted | ConnectionReset | Interrupted) {
        tracing::error!(%error, "cannot accept");
        tokio::time::sleep(BREATHER).await;
    }
}
