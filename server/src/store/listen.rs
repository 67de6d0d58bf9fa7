//! What others say: nodes on PostgreSQL, processes on the same SQLite file. It may be lost, so it is
//! only a hint to look again.

use std::time::Duration;

use sqlx::postgres::PgListener;
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
pub(super) fn start(
    target: Target,
    store: impl Fn() -> Option<Store> + Send + Sync + 'static,
    closing: CancellationToken,
) -> mpsc::Receiver<Heard> {
    let (tell, heard) = mpsc::channel(1024);
    tokio::spawn(async move {
        let both = async { tokio::join!(listen(&target, &tell), beats(store)) };
        closing.run_until_cancelled(both).await;
    });
    heard
}

async fn beats(store: impl Fn() -> Option<Store>) {
    while let Some(store) = store() {
        // Not through the writer: who waits in its queue is not dead. A failure is heard as silence.
        let said = sqlx::query("SELECT pg_notify('hoithi', $1)").bind(BEAT);
        let _ = said.execute(store.read()).await;
        drop(store);
        tokio::time::sleep(SAY).await;
    }
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

/// Listens until nobody wants to hear any more.
async fn listen(target: &Target, tell: &mpsc::Sender<Heard>) {
    while !tell.is_closed() {
        if let Err(error) = one_call(target.url(), tell).await {
            tracing::warn!(%error, "lost the other nodes; calling again");
        }
        tokio::time::sleep(REDIAL).await;
    }
}

async fn one_call(url: &str, tell: &mpsc::Sender<Heard>) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect(url).await?;
    listener.listen("hoithi").await?;
    // Only now nothing more is missed; what was said before this moment may have been.
    if tell.send(Heard::Gap).await.is_err() {
        return Ok(());
    }
    loop {
        let note = tokio::time::timeout(SILENCE, listener.try_recv());
        let note = note.await.map_err(std::io::Error::from)??;
        let Some(note) = note else { return Ok(()) };
        if note.payload() == BEAT {
            continue;
        }
        if tell.send(Heard::Note(note.payload().to_owned())).await.is_err() {
            return Ok(());
        }
    }
}
