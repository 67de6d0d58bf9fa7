//! The baselines: a bare axum handler that makes the same group-committed insert, and one that answers with as many
//! bytes as a page has, and streams that a commit wakes, and nothing else.
//! No session, no rights, no deadline, no progress: what the machine gives at most.

use anyhow::Result;
use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::{Path, State},
    http::header::CONTENT_TYPE,
    response::IntoResponse,
    routing::{get, post},
};
use contest::attempt::{Answer, Outcome, Receipt, Timing};
use serde::Deserialize;
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor};
use std::convert::Infallible;
use std::net::SocketAddr;
use tokio::sync::{broadcast, mpsc, oneshot};

#[derive(Deserialize)]
struct Packet {
    attempt: i64,
    answers: Vec<Answer>,
}

type Job = (i64, Vec<Answer>, oneshot::Sender<()>);

#[derive(Clone)]
struct Bare {
    jobs: mpsc::Sender<Job>,
    committed: broadcast::Sender<()>,
}

/// Serves the one route at `addr` until the process ends.
pub async fn serve(database: &str, addr: SocketAddr) -> Result<()> {
    sqlx::any::install_default_drivers();
    let sqlite = database.starts_with("sqlite");
    let url = if sqlite {
        format!("{database}?mode=rwc")
    } else {
        database.to_owned()
    };
    let mut connection = AnyConnection::connect(&url).await?;
    if sqlite {
        for pragma in ["PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL"] {
            connection.execute(pragma).await?;
        }
    }
    connection
        .execute(
            "CREATE TABLE bare (attempt BIGINT, question BIGINT, revision BIGINT, choice BIGINT, \
             chosen_at BIGINT, arrived BIGINT, timing BIGINT, PRIMARY KEY (attempt, question, revision))",
        )
        .await?;
    let (jobs, queue) = mpsc::channel::<Job>(4096);
    tokio::spawn(write(connection, queue, sqlite));
    let (committed, _) = broadcast::channel(64);
    let router = Router::new()
        .route("/events/{bytes}", get(events))
        .route("/api/thi/answers", post(answers))
        .route(
            "/page/{bytes}",
            get(async |Path(bytes): Path<usize>| "x".repeat(bytes)),
        )
        .with_state(Bare { jobs, committed });
    let listener = tokio::net::TcpListener::bind(addr).await?;
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(())
}

/// A frame of so many bytes at once, and again at every commit.
async fn events(State(bare): State<Bare>, Path(bytes): Path<usize>) -> impl IntoResponse {
    let frame = Bytes::from(format!("event: view\ndata: {}\n\n", "x".repeat(bytes)));
    let begins = (Some(frame.clone()), bare.committed.subscribe());
    let frames = futures::stream::unfold(begins, move |(first, mut committed)| {
        let frame = frame.clone();
        async move {
            if first.is_none() {
                let _ = committed.recv().await;
            }
            Some((Ok::<_, Infallible>(frame), (None, committed)))
        }
    });
    ([(CONTENT_TYPE, "text/event-stream")], Body::from_stream(frames))
}

async fn answers(State(bare): State<Bare>, Json(packet): Json<Packet>) -> Json<Vec<Receipt>> {
    let receipts = packet.answers.iter().map(|answer| Receipt {
        question: answer.question,
        revision: answer.revision,
        outcome: Outcome::Saved {
            timing: Timing::InTime,
        },
    });
    let receipts = receipts.collect();
    let (done, committed) = oneshot::channel();
    let sent = bare.jobs.send((packet.attempt, packet.answers, done)).await;
    assert!(sent.is_ok() && committed.await.is_ok(), "the bare writer lives");
    let _ = bare.committed.send(());
    Json(receipts)
}

async fn write(mut connection: AnyConnection, mut queue: mpsc::Receiver<Job>, sqlite: bool) {
    let mut batch = Vec::new();
    while queue.recv_many(&mut batch, 1024).await > 0 {
        let rows: Vec<(i64, Answer)> = batch
            .iter()
            .flat_map(|(attempt, answers, _)| answers.iter().map(|a| (*attempt, *a)))
            .collect();
        connection
            .execute(if sqlite { "BEGIN IMMEDIATE" } else { "BEGIN" })
            .await
            .expect("begins");
        let mut rest = &rows[..];
        while !rest.is_empty() {
            // Powers of two, so that few statements are prepared.
            let size = (1 << rest.len().ilog2()).min(256);
            let (now, later) = rest.split_at(size);
            let values = (0..size).map(|i| {
                let at = i * 7;
                format!(
                    "(${},${},${},${},${},${},${})",
                    at + 1,
                    at + 2,
                    at + 3,
                    at + 4,
                    at + 5,
                    at + 6,
                    at + 7
                )
            });
            let sql = format!(
                "INSERT INTO bare VALUES {} ON CONFLICT DO NOTHING",
                values.collect::<Vec<_>>().join(",")
            );
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for (attempt, answer) in now {
                query = query
                    .bind(*attempt)
                    .bind(i64::from(answer.question))
                    .bind(i64::from(answer.revision))
                    .bind(i64::from(answer.choice.0))
                    .bind(answer.chosen_at)
                    .bind(answer.chosen_at)
                    .bind(0i64);
            }
            query.execute(&mut connection).await.expect("inserts");
            rest = later;
        }
        connection.execute("COMMIT").await.expect("commits");
        for (_, _, done) in batch.drain(..) {
            let _ = done.send(());
        }
    }
}
