//! The one task of a node that changes the database.
//!
//! It takes whatever has queued up, gives each job a savepoint of its own, commits once, and only
//! then answers. So a disk that needs 5 ms to be sure serves thousands of jobs a second, and no
//! transaction ever hangs on a request that the browser gave up.

use std::panic::AssertUnwindSafe;

use contest::attempt::Outcome;
use futures::FutureExt;
use futures::future::BoxFuture;
use sqlx::AnyConnection;
use sqlx::Connection;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::answers::{self, Incoming};
use super::connect::Target;
use super::{Engine, StoreError};

/// Jobs that may wait; more callers wait to be let into the queue.
const QUEUE: usize = 8192;
/// Jobs that share a commit at most: bounds how long the first of them waits.
const BATCH: usize = 1024;

/// Told how the commit went; passes the job's answer on.
type Reply = Box<dyn FnOnce(Result<(), StoreError>) + Send>;
/// A job with its type forgotten. The first result says whether to keep what it did.
type Run = Box<dyn for<'c> FnOnce(&'c mut AnyConnection) -> BoxFuture<'c, (bool, Reply)> + Send>;

enum Job {
    Write(Run, Abandon),
    Save(Vec<Incoming>, SaveReply),
}

type SaveReply = oneshot::Sender<Result<Vec<Outcome>, StoreError>>;
/// Answers for a job that never ran or never came back.
type Abandon = Box<dyn FnOnce(StoreError) + Send>;

/// The way to the writer task.
#[derive(Debug)]
pub(super) struct Writer {
    queue: mpsc::Sender<Job>,
    stop: CancellationToken,
    stopped: CancellationToken,
}

impl Writer {
    /// Starts the task with its first connection.
    pub(super) fn start(target: Target, connection: AnyConnection) -> Self {
        let (queue, jobs) = mpsc::channel(QUEUE);
        let stop = CancellationToken::new();
        let stopped = CancellationToken::new();
        let desk = Desk {
            target,
            connection: Some(connection),
        };
        let ended = stopped.clone().drop_guard();
        let asked = stop.clone();
        tokio::spawn(async move {
            let _ended = ended;
            desk.work(jobs, asked).await;
        });
        Self { queue, stop, stopped }
    }

    pub(super) async fn write<T, F>(&self, job: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut AnyConnection) -> BoxFuture<'c, Result<T, StoreError>> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel::<Result<T, StoreError>>();
        // One of two holds the sender: the job while it runs, else whoever abandons it.
        let answer = std::sync::Arc::new(std::sync::Mutex::new(Some(answer)));
        let take = {
            let answer = answer.clone();
            move || answer.lock().ok().and_then(|mut held| held.take())
        };
        let abandon: Abandon = Box::new(move |error| {
            if let Some(answer) = take() {
                let _ = answer.send(Err(error));
            }
        });
        let run: Run = Box::new(move |connection| {
            Box::pin(async move {
                let result = job(connection).await;
                let keep = result.is_ok();
                let reply: Reply = Box::new(move |committed| {
                    let answer = answer.lock().ok().and_then(|mut held| held.take());
                    if let Some(answer) = answer {
                        // An error stands only on what was really there: the commit comes first.
                        let _ = answer.send(committed.and(result));
                    }
                });
                (keep, reply)
            })
        });
        self.send(Job::Write(run, abandon)).await?;
        answered.await.unwrap_or(Err(StoreError::Stopped))
    }

    pub(super) async fn save(&self, batch: Vec<Incoming>) -> Result<Vec<Outcome>, StoreError> {
        let (answer, answered) = oneshot::channel();
        self.send(Job::Save(batch, answer)).await?;
        answered.await.unwrap_or(Err(StoreError::Stopped))
    }

    async fn send(&self, job: Job) -> Result<(), StoreError> {
        self.queue.send(job).await.map_err(|_| StoreError::Stopped)
    }

    /// How many jobs wait in the queue.
    #[cfg(test)]
    pub(super) fn waiting(&self) -> usize {
        self.queue.max_capacity() - self.queue.capacity()
    }

    /// Lets the task finish what is queued, and waits for its end.
    pub(super) async fn stop(&self) {
        self.stop.cancel();
        self.stopped.cancelled().await;
    }
}

/// The task's own things.
struct Desk {
    target: Target,
    /// `None` after it broke; the next batch opens another.
    connection: Option<AnyConnection>,
}

impl Desk {
    async fn work(mut self, mut jobs: mpsc::Receiver<Job>, stop: CancellationToken) {
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            let taken = tokio::select! {
                biased;
                taken = jobs.recv_many(&mut batch, BATCH) => taken,
                () = stop.cancelled(), if !jobs.is_closed() => {
                    // No new ones; those that are in are still done.
                    jobs.close();
                    continue;
                }
            };
            if taken == 0 {
                break;
            }
            self.commit(std::mem::take(&mut batch)).await;
        }
        if let Some(connection) = self.connection.take() {
            let _ = connection.close().await;
        }
    }

    /// Runs a batch to its end: every job of it is answered.
    async fn commit(&mut self, batch: Vec<Job>) {
        let mut connection = match self.begin().await {
            Ok(connection) => connection,
            Err(error) => {
                let why = error.to_string();
                tracing::error!(%error, "cannot begin to write");
                for job in batch {
                    job.abandon(StoreError::NotCommitted(why.clone()));
                }
                return;
            }
        };

        let mut round = Round {
            engine: self.target.engine(),
            alone: false,
            over: false,
            broken: None,
            replies: Vec::with_capacity(batch.len()),
        };
        let (saves, writes) = sort(batch);
        round.alone = writes.len() + saves.len() == 1;
        // Answers first: a hand-in of the same batch then finds them.
        round.save(&mut connection, saves).await;
        for (run, abandon) in writes {
            round.write(&mut connection, run, abandon).await;
        }

        let committed = match round.broken {
            None if round.over => Ok(()),
            None => execute(&mut connection, "COMMIT").await,
            Some(error) => Err(error),
        };
        match committed {
            Ok(()) => {
                self.connection = Some(connection);
                for reply in round.replies {
                    reply(Ok(()));
                }
            }
            Err(error) => {
                tracing::error!(%error, "a batch was not committed");
                // Its state is unknown: the next batch opens another, and the engine rolls back.
                let _ = connection.close_hard().await;
                let why = error.to_string();
                for reply in round.replies {
                    reply(Err(StoreError::NotCommitted(why.clone())));
                }
            }
        }
    }

    /// A connection inside a new transaction. One that was lost in idle hours is replaced.
    async fn begin(&mut self) -> Result<AnyConnection, StoreError> {
        let begin = match self.target.engine() {
            // The lock at once: a transaction that starts reading cannot always become a writing one.
            Engine::Sqlite => "BEGIN IMMEDIATE",
            Engine::Postgres => "BEGIN",
        };
        if let Some(mut connection) = self.connection.take() {
            match execute(&mut connection, begin).await {
                Ok(()) => return Ok(connection),
                Err(error) => {
                    tracing::warn!(%error, "the writer's connection is replaced");
                    let _ = connection.close_hard().await;
                }
            }
        }
        let mut connection = self.target.writer().await?;
        execute(&mut connection, begin).await?;
        Ok(connection)
    }
}

type Saves = Vec<(Vec<Incoming>, SaveReply)>;

fn sort(batch: Vec<Job>) -> (Saves, Vec<(Run, Abandon)>) {
    let (mut saves, mut writes) = (Vec::new(), Vec::new());
    for job in batch {
        match job {
            Job::Write(run, abandon) => writes.push((run, abandon)),
            Job::Save(incoming, reply) => saves.push((incoming, reply)),
        }
    }
    (saves, writes)
}

impl Job {
    fn abandon(self, error: StoreError) {
        match self {
            Job::Write(_, abandon) => abandon(error),
            Job::Save(_, reply) => {
                let _ = reply.send(Err(error));
            }
        }
    }
}

/// One batch on its way to the commit.
struct Round {
    engine: Engine,
    /// A lone job needs no savepoint: the transaction is its own.
    alone: bool,
    /// The lone job failed and its transaction is rolled back.
    over: bool,
    /// A savepoint could not be made or undone: nothing of this batch may be committed.
    broken: Option<StoreError>,
    replies: Vec<Reply>,
}

impl Round {
    async fn write(&mut self, connection: &mut AnyConnection, run: Run, abandon: Abandon) {
        if !self.enter(connection).await {
            abandon(StoreError::NotCommitted("the batch broke before this job".into()));
            return;
        }
        // `run` itself may panic before it returns its future.
        let done = AssertUnwindSafe(async { run(connection).await })
            .catch_unwind()
            .await;
        let (keep, reply): (bool, Reply) = match done {
            Ok(done) => done,
            Err(_) => (
                false,
                Box::new(move |committed| {
                    abandon(committed.err().unwrap_or(StoreError::Panicked));
                }),
            ),
        };
        self.leave(connection, keep).await;
        self.replies.push(reply);
    }

    /// The answers of all callers together; if that fails, each caller's for themselves.
    async fn save(&mut self, connection: &mut AnyConnection, saves: Saves) {
        if saves.is_empty() {
            return;
        }
        let all: Vec<Incoming> = saves
            .iter()
            .flat_map(|(batch, _)| batch.iter().cloned())
            .collect();
        let mut outcomes = match self.save_one(connection, &all).await {
            Ok(outcomes) => outcomes.into_iter(),
            Err(error) if saves.len() == 1 => {
                if let Some((_, reply)) = saves.into_iter().next() {
                    self.answer(reply, Err(error));
                }
                return;
            }
            Err(error) => {
                tracing::warn!(%error, "answers are saved one tablet at a time");
                for (batch, reply) in saves {
                    let outcomes = self.save_one(connection, &batch).await;
                    self.answer(reply, outcomes);
                }
                return;
            }
        };
        for (batch, reply) in saves {
            let mine = outcomes.by_ref().take(batch.len()).collect();
            self.answer(reply, Ok(mine));
        }
    }

    async fn save_one(
        &mut self,
        connection: &mut AnyConnection,
        batch: &[Incoming],
    ) -> Result<Vec<Outcome>, StoreError> {
        if !self.enter(connection).await {
            return Err(StoreError::NotCommitted(
                "the batch broke before these answers".into(),
            ));
        }
        let saving = answers::save_batch(connection, self.engine, batch);
        let outcomes = AssertUnwindSafe(saving)
            .catch_unwind()
            .await
            .unwrap_or(Err(StoreError::Panicked))
            .and_then(|outcomes| {
                if outcomes.len() == batch.len() {
                    Ok(outcomes)
                } else {
                    Err(StoreError::Unreadable("answer"))
                }
            });
        self.leave(connection, outcomes.is_ok()).await;
        outcomes
    }

    fn answer(&mut self, reply: SaveReply, outcomes: Result<Vec<Outcome>, StoreError>) {
        self.replies.push(Box::new(move |committed| {
            let _ = reply.send(committed.and(outcomes));
        }));
    }

    /// Whether the next job may run, behind its savepoint.
    async fn enter(&mut self, connection: &mut AnyConnection) -> bool {
        if self.broken.is_none() && !self.alone {
            self.note(execute(connection, "SAVEPOINT job").await);
        }
        self.broken.is_none()
    }

    async fn leave(&mut self, connection: &mut AnyConnection, keep: bool) {
        if self.alone {
            if !keep {
                self.note(execute(connection, "ROLLBACK").await);
                self.over = true;
            }
            return;
        }
        if !keep {
            self.note(execute(connection, "ROLLBACK TO SAVEPOINT job").await);
        }
        self.note(execute(connection, "RELEASE SAVEPOINT job").await);
    }

    fn note(&mut self, result: Result<(), StoreError>) {
        if let Err(error) = result {
            self.broken.get_or_insert(error);
        }
    }
}

async fn execute(connection: &mut AnyConnection, statement: &'static str) -> Result<(), StoreError> {
    sqlx::query(statement).execute(connection).await?;
    Ok(())
}
