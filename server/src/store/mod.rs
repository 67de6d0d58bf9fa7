//! The one database of the house: SQLite in a file, or PostgreSQL for several nodes.
//!
//! One portable set of statements for both. Everybody may read ([`Store::read`]); only the
//! [writer](writer) task changes anything, in batches that share one commit.

mod answers;
mod connect;
pub mod content;
mod error;
pub mod ledger;
mod listen;
mod migrations;
pub(crate) mod rows;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod writer;

use std::sync::Arc;

use contest::attempt::Outcome;
use futures::future::BoxFuture;
use sqlx::{AnyConnection, AnyPool};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

pub use answers::{Incoming, Tally};
pub use error::StoreError;
pub use listen::Heard;
pub use migrations::newest_step;

use connect::Target;
use writer::Writer;

/// Which database stands behind the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// The database. A clone is another handle to the same one.
#[derive(Clone, Debug)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    target: Target,
    readers: AnyPool,
    writer: Writer,
    /// Cancelled when the store closes: ends the listening task.
    closing: CancellationToken,
}

impl Drop for Inner {
    fn drop(&mut self) {
        // Nobody is left to hear the other nodes.
        self.closing.cancel();
    }
}

impl Store {
    /// Opens the database at `url`: `sqlite:<path>` (made if missing, with its folder) or
    /// `postgres://...`. Brings its schema up to date.
    ///
    /// # Errors
    /// [`StoreError::Newer`] when a later version of this program has been at it.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let target = Target::parse(url)?;
        let mut first = target.writer().await?;
        migrations::run(&mut first).await?;
        // SQLite's readers come after the writer, which has switched the file to WAL.
        let readers = target.readers().await?;
        let writer = Writer::start(target.clone(), first);
        Ok(Self {
            inner: Arc::new(Inner {
                target,
                readers,
                writer,
                closing: CancellationToken::new(),
            }),
        })
    }

    /// Which database this is.
    pub fn engine(&self) -> Engine {
        self.inner.target.engine()
    }

    /// For reading only; SQLite enforces it.
    pub fn read(&self) -> &AnyPool {
        &self.inner.readers
    }

    /// Lets `job` change something: all of it or nothing. Answers after it is durable.
    ///
    /// The job shares its commit with others that are queued, behind a savepoint of its own: its
    /// error or panic undoes only what it did itself. Once queued it runs, even if the caller
    /// stops waiting.
    ///
    /// # Errors
    /// What the job answers, or what happened to the commit.
    pub async fn write<T, F>(&self, job: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut AnyConnection) -> BoxFuture<'c, Result<T, StoreError>> + Send + 'static,
    {
        self.inner.writer.write(job).await
    }

    /// Keeps answers that arrived. Those of all callers that wait go into a few statements together.
    ///
    /// # Errors
    /// As [`Self::write`]; then none of `batch` was kept.
    pub async fn save(&self, batch: Vec<Incoming>) -> Result<Vec<Outcome>, StoreError> {
        if batch.is_empty() {
            return Ok(Vec::new());
        }
        self.inner.writer.save(batch).await
    }

    /// What others say, from now on. On SQLite nobody speaks, but it is seen when another process,
    /// such as the command line, has written.
    pub fn listen(&self) -> mpsc::Receiver<Heard> {
        let closing = self.inner.closing.clone();
        match self.engine() {
            Engine::Postgres => listen::start(self.inner.target.clone(), closing),
            Engine::Sqlite => {
                let weak = Arc::downgrade(&self.inner);
                listen::watch(move || weak.upgrade().map(|inner| Self { inner }), closing)
            }
        }
    }

    /// How many jobs wait for the writer.
    #[cfg(test)]
    pub(crate) fn waiting(&self) -> usize {
        self.inner.writer.waiting()
    }

    /// Finishes what is queued, then closes every connection. Later writes answer [`StoreError::Stopped`].
    pub async fn close(&self) {
        self.inner.closing.cancel();
        self.inner.writer.stop().await;
        self.inner.readers.close().await;
    }
}

/// Tells the other nodes, with the commit, that something has changed: `contest <id>`,
/// `progress <id>`, `person <id>`. Nothing on SQLite, which has no other nodes.
///
/// # Errors
/// When the database refuses.
pub async fn notify(tx: &mut AnyConnection, payload: &str) -> Result<(), StoreError> {
    if engine_of(tx) == Engine::Postgres {
        sqlx::query("SELECT pg_notify('hoithi', $1)")
            .bind(payload)
            .execute(tx)
            .await?;
    }
    Ok(())
}

/// Which database a connection leads to.
pub fn engine_of(connection: &AnyConnection) -> Engine {
    if connection.backend_name() == "SQLite" {
        Engine::Sqlite
    } else {
        Engine::Postgres
    }
}
