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

pub(super) fn start(target: Target, closing: CancellationToken) -> mpsc::Receiver<Heard> {
    let (tell, heard) = mpsc::channel(1024);
    tokio::spawn(async move {
        closing.run_until_cancelled(listen(&target, &tell)).await;
    });
    heard
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
    while let Some(note) = listener.try_recv().await? {
        if tell.send(Heard::Note(note.payload().to_owned())).await.is_err() {
            return Ok(());
        }
    }
    Ok(())
}
