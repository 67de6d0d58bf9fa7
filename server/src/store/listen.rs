//! What others say: nodes on PostgreSQL, processes on the same SQLite file. It may be lost, so it is
//! only a hint to look again.

use std::time::Duration;

use sqlx::Connection;
use sqlx::postgres::{PgConnection, PgListener};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::Store;
use super::connect::Target;

/// Something that came in from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// As it was given to [`notify`](super::notify), by this node or another.
    Note(String),
    /// The line was down: anything may have been missed.
    Gap,
}

/// How long to wait before calling again after the line broke.
const REDIAL: Duration = Duration::from_millis(500);

/// How often to look whether another process has written to the file.
const LOOK: Duration = Duration::from_secs(1);

/// What each node says now and then to all, itself among them: a line on which not even that is heard is dead, though
/// nobody has said so. Firewalls and pulled cables do not.
const BEAT: &str = "beat";
/// How often it is said.
const SAY: Duration = Duration::from_secs(2);
/// A line that was silent for so long is given up.
const SILENCE: Duration = Duration::from_secs(7);

/// PostgreSQL: hears every node's notes.
pub(super) fn start(target: Target, closing: CancellationToken) -> mpsc::Receiver<Heard> {
    let (tell, heard) = mpsc::channel(1024);
    tokio::spawn(async move {
        let (url, tell) = (target.url(), &tell);
        let both = async { tokio::join!(listen(url, tell), beat(url, tell)) };
        closing.run_until_cancelled(both).await;
    });
    heard
}

/// Listens until nobody wants to hear any more.
async fn listen(url: &str, tell: &mpsc::Sender<Heard>) {
    while !tell.is_closed() {
        redial(hear(url, tell).await, "lost the other nodes").await;
    }
}

/// Says that this node lives, as long as anybody wants to hear.
async fn beat(url: &str, tell: &mpsc::Sender<Heard>) {
    while !tell.is_closed() {
        redial(say(url, tell).await, "cannot say that this node lives").await;
    }
}

async fn redial(ended: Result<(), sqlx::Error>, trouble: &str) {
    if let Err(error) = ended {
        tracing::warn!(%error, "{trouble}; calling again");
    }
    tokio::time::sleep(REDIAL).await;
}

/// Says the beat on a line of its own: whoever waits in a queue for the pool's or the writer's is not dead.
async fn say(url: &str, tell: &mpsc::Sender<Heard>) -> Result<(), sqlx::Error> {
    let mut line = soon(PgConnection::connect(url)).await?;
    while !tell.is_closed() {
        let said = sqlx::query("SELECT pg_notify('hoithi', $1)").bind(BEAT);
        soon(said.execute(&mut line)).await?;
        tokio::time::sleep(SAY).await;
    }
    Ok(())
}

/// What is not answered within the silence that is borne is given up: packets may be lost without a word.
async fn soon<T>(answer: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
    tokio::time::timeout(SILENCE, answer)
        .await
        .map_err(std::io::Error::from)?
}

/// SQLite: looks now and then whether anybody but the writer has committed, and says so as a gap.
pub(super) fn watch(
    store: impl Fn() -> Option<Store> + Send + Sync + 'static,
    closing: CancellationToken,
) -> mpsc::Receiver<Heard> {
    let (tell, heard) = mpsc::channel(1);
    tokio::spawn(async move {
        let watching = async {
            let mut known = None;
            while let Some(store) = store() {
                // Asked through the writer, because its own commits do not count there.
                let version = store.write(|tx| {
                    Box::pin(async move {
                        let version: i64 = sqlx::query_scalar("PRAGMA data_version").fetch_one(tx).await?;
                        Ok(version)
                    })
                });
                let version = version.await.ok();
                drop(store);
                if known.is_some() && version != known && tell.send(Heard::Gap).await.is_err() {
                    return;
                }
                known = version.or(known);
                tokio::time::sleep(LOOK).await;
            }
        };
        closing.run_until_cancelled(watching).await;
    });
    heard
}

async fn hear(url: &str, tell: &mpsc::Sender<Heard>) -> Result<(), sqlx::Error> {
    let mut listener = soon(PgListener::connect(url)).await?;
    soon(listener.listen("hoithi")).await?;
    // Only now nothing more is missed; what was said before this moment may have been.
    if tell.send(Heard::Gap).await.is_err() {
        return Ok(());
    }
    loop {
        let Some(note) = soon(listener.try_recv()).await? else {
            return Ok(());
        };
        if note.payload() == BEAT {
            continue;
        }
        if tell.send(Heard::Note(note.payload().to_owned())).await.is_err() {
            return Ok(());
        }
    }
}
