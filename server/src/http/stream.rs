//! An open stream takes its socket away from hyper.
//!
//! hyper keeps 16 kB of buffers and more for every connection, which a stream that only waits does not
//! need: ten thousand of them would hold 160 MB. So a handler answers with a [`Stream`], the connection's
//! task takes the socket back, writes the head, and then hands on whatever the hub shows. That also lets a slow reader
//! skip: nothing waits between the hub and the socket but the one frame being written.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use contest::ContestId;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::oneshot;

use crate::desk::House;
use crate::hub::{Subject, Subscription, Update, beat};

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// Proxies pass the stream on as it comes.
const UNBUFFERED: (HeaderName, HeaderValue) = (
    HeaderName::from_static("x-accel-buffering"),
    HeaderValue::from_static("no"),
);
/// How soon a browser that lost the stream asks again.
const RETRY: &str = "retry: 1000\n\n";
/// A reader that takes nothing for so long is gone.
const PATIENCE: Duration = Duration::from_secs(60);

/// One open stream. Ten thousand of them are held at once, so it keeps little.
pub(super) struct Stream {
    subscription: Subscription,
    house: Arc<House>,
    /// The session that the stream needs, if it needs one.
    session: Option<Box<str>>,
    /// Of which contest and what it shows, if whoever has the session may lose the right to it.
    asks: Option<Box<(ContestId, Subject)>>,
    /// The id of the last event the browser saw, until it has been answered.
    opening: Option<Box<str>>,
}

impl Stream {
    /// Follows `subscription`, to `subject` of `contest`, until the reader leaves, the house stops, `session`
    /// ends, or whoever has it may see that no more.
    pub(super) fn new(
        subscription: Subscription,
        house: Arc<House>,
        session: Option<String>,
        (contest, subject): (&ContestId, Subject),
        request: &HeaderMap,
    ) -> Self {
        let asks = subject.is_of_some() && session.is_some();
        let last = request.get(LAST_EVENT_ID).and_then(|id| id.to_str().ok());
        Self {
            subscription,
            house,
            session: session.map(Into::into),
            asks: asks.then(|| Box::new((contest.clone(), subject))),
            opening: Some(last.unwrap_or_default().into()),
        }
    }

    /// The next bytes to send.
    async fn next(&mut self) -> Option<Bytes> {
        let update = self.subscription.next().await?;
        if let Some(session) = &self.session {
            let session = self.house.session(session).await?;
            // Whoever holds a stream open is there.
            if let Some(person) = session.person() {
                self.house.saw(person);
            }
            // The committee may have changed since the stream was opened.
            if let Some(asks) = &self.asks
                && !self.house.may_follow(&session, &asks.0, asks.1).await
            {
                return None;
            }
        }
        Some(match (update, self.opening.take()) {
            (Update::View(view), None) => view.event.clone(),
            (Update::Beat(beat), _) => beat,
            (Update::View(view), Some(last)) => {
                let beat = beat(self.house.now(), &view.hash);
                let known = view.is_known_by(&last);
                let view = if known { &b""[..] } else { &view.event };
                [RETRY.as_bytes(), view, &beat].concat().into()
            }
        })
    }

    /// Writes `head` and then everything that comes.
    async fn run(mut self, socket: TcpStream, head: Vec<u8>) {
        let mut head = Some(head);
        loop {
            let bytes = tokio::select! {
                next = self.next() => match next {
                    Some(bytes) => bytes,
                    None => break,
                },
                () = hung_up(&socket) => return,
            };
            let bytes = match head.take() {
                Some(head) => [&head[..], &bytes].concat().into(),
                None => bytes,
            };
            if !matches!(
                tokio::time::timeout(PATIENCE, write(&socket, &bytes)).await,
                Ok(Ok(()))
            ) {
                return;
            }
        }
        let mut socket = socket;
        if let Some(head) = head {
            // The house stops, or the session ended at this moment: an empty stream.
            let _ = write(&socket, &head).await;
        }
        let _ = socket.shutdown().await;
    }
}

async fn write(socket: &TcpStream, mut bytes: &[u8]) -> std::io::Result<()> {
    while !bytes.is_empty() {
        socket.writable().await?;
        match socket.try_write(bytes) {
            Ok(written) => bytes = &bytes[written..],
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Waits until the reader has closed the connection. Whatever else he says is not listened to.
async fn hung_up(socket: &TcpStream) {
    let mut heard = [0; 64];
    while socket.readable().await.is_ok() {
        match socket.try_read(&mut heard) {
            Ok(0) => return,
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(_) => return,
        }
    }
}

/// A stream on its way from the handler to the connection's task; layers in between may clone it.
#[derive(Clone)]
struct Parcel(Arc<Mutex<Option<Stream>>>);

impl IntoResponse for Stream {
    fn into_response(self) -> Response {
        let headers = [
            (
                header::CONTENT_TYPE,
                HeaderValue::from_static("text/event-stream"),
            ),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            UNBUFFERED,
        ];
        let mut response = headers.into_response();
        response
            .extensions_mut()
            .insert(Parcel(Arc::new(Mutex::new(Some(self)))));
        response
    }
}

/// A stream and the head of its response: what is left to do with the socket.
pub(super) struct Departure {
    stream: Stream,
    head: Vec<u8>,
}

impl Departure {
    /// Sees to the socket until the stream ends.
    pub(super) async fn run(self, socket: TcpStream) {
        self.stream.run(socket, self.head).await;
    }
}

/// The way by which a stream reaches the task of its connection. Of use once.
pub(super) type Exit = Arc<Mutex<Option<oneshot::Sender<Departure>>>>;

/// Takes the stream out of an answer and sends it by `exit`; then this never returns, because the connection's
/// task drops it. Other answers pass.
pub(super) async fn depart(exit: Exit, is_get: bool, mut response: Response) -> Response {
    let Some(Parcel(parcel)) = response.extensions_mut().remove::<Parcel>() else {
        return response;
    };
    let stream = parcel.lock().unwrap_or_else(PoisonError::into_inner).take();
    let exit = exit.lock().unwrap_or_else(PoisonError::into_inner).take();
    let (Some(stream), Some(exit), true) = (stream, exit, is_get) else {
        return response;
    };
    let head = head_of(&response);
    if exit.send(Departure { stream, head }).is_err() {
        return response;
    }
    std::future::pending().await
}

/// Whether a request may be answered with a stream: HEAD wants the head only.
pub(super) fn is_get(request: &Request<Body>) -> bool {
    request.method() == Method::GET
}

/// The head as HTTP/1.1 has it. The body has no length: it ends with the connection.
fn head_of(response: &Response) -> Vec<u8> {
    let mut head = b"HTTP/1.1 200 OK\r\nconnection: close\r\n".to_vec();
    for (name, value) in response.headers() {
        if matches!(
            *name,
            header::CONTENT_LENGTH | header::TRANSFER_ENCODING | header::CONNECTION
        ) {
            continue;
        }
        head.extend_from_slice(name.as_str().as_bytes());
        head.extend_from_slice(b": ");
        head.extend_from_slice(value.as_bytes());
        head.extend_from_slice(b"\r\n");
    }
    head.extend_from_slice(b"\r\n");
    head
}
