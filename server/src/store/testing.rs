//! A database of its own for every test, on both engines.

use std::env;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::FutureExt;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::Store;

/// Makes of each named `async fn(url: String)` two tests, one on each engine.
macro_rules! on_both_engines {
    ($($(#[$meta:meta])* $test:ident),* $(,)?) => {
        mod sqlite {
            $($(#[$meta])* #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                crate::store::testing::on_sqlite(super::$test).await;
            })*
        }
        mod postgres {
            $($(#[$meta])* #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                crate::store::testing::on_postgres(super::$test).await;
            })*
        }
    };
}
pub(crate) use on_both_engines;

/// Where a PostgreSQL is on which the tests may make databases.
const ADMIN: &str = "HOITHI_TEST_POSTGRES";
/// What the tests must do without, in words; leaving it out by accident is a failure.
const WITHOUT: &str = "HOITHI_TEST_WITHOUT";

pub(crate) async fn on_sqlite<F: Future<Output = ()>>(test: impl FnOnce(String) -> F) {
    let folder = tempfile::tempdir().expect("a folder for the test");
    // A name that has to be written with care in an address.
    let file = folder.path().join("hội thi #1%20.db");
    test(format!("sqlite:{}", file.display())).await;
}

pub(crate) async fn on_postgres<F: Future<Output = ()>>(test: impl FnOnce(String) -> F) {
    let Ok(admin) = env::var(ADMIN) else {
        let without = env::var(WITHOUT).unwrap_or_default();
        assert!(
            without.split([',', ' ']).any(|word| word == "postgres"),
            "{ADMIN} must hold the address of a PostgreSQL database whose user may create others \
             (`cargo xtask test` starts one), or {WITHOUT} the word \"postgres\""
        );
        return;
    };
    let name = format!("hoithi_test_{:016x}", rand::random::<u64>());
    command(&admin, format!("CREATE DATABASE {name}")).await;
    let outcome = AssertUnwindSafe(test(beside(&admin, &name))).catch_unwind().await;
    command(&admin, format!("DROP DATABASE {name} WITH (FORCE)")).await;
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
}

/// Cuts the line on which every node of the database listens to the others, for good: what they have open
/// otherwise stays. Nobody may open another line, so `nodes` have all that they may need open before.
pub(crate) async fn deaf_from_now_on(url: &str, nodes: [&Store; 2]) {
    for node in nodes {
        let readers = node.read();
        let mut open = Vec::new();
        for _ in 0..readers.options().get_max_connections() {
            open.push(readers.acquire().await.expect("a line to read by"));
        }
    }
    let admin = env::var(ADMIN).expect("the address of the test's own database was made from it");
    let name = url.rsplit('/').next().unwrap_or_default();
    let name = name.split('?').next().unwrap_or_default();
    command(
        &admin,
        format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false"),
    )
    .await;
    let mut beside = PgConnection::connect(&admin).await.expect("PostgreSQL answers");
    loop {
        let listening = sqlx::query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND query ILIKE 'LISTEN%'",
        );
        let listening = listening
            .bind(name)
            .fetch_all(&mut beside)
            .await
            .expect("dropped");
        if listening.is_empty() {
            break;
        }
    }
    let _ = beside.close().await;
}

/// A way to the database of that address whose listening lines can die without a word.
pub(crate) struct Detour {
    pub(crate) url: String,
    deaths: watch::Sender<u32>,
}

impl Detour {
    pub(crate) async fn to(url: &str) -> Self {
        let (head, tail) = url.split_once('@').expect("an address with a user");
        let (there, database) = tail.split_once('/').expect("an address with a database");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let here = listener.local_addr().expect("an address");
        let (deaths, _) = watch::channel(0);
        let (there, dying) = (there.to_owned(), deaths.clone());
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let Ok(far) = TcpStream::connect(&there).await else {
                    continue;
                };
                tokio::spawn(carry(near, far, dying.subscribe()));
            }
        });
        Self {
            url: format!("{head}@{here}/{database}"),
            deaths,
        }
    }

    /// From now on nothing arrives on the lines that listen now; they stay open.
    pub(crate) fn dies(&self) {
        self.deaths.send_modify(|deaths| *deaths += 1);
    }
}

async fn carry(near: TcpStream, far: TcpStream, mut deaths: watch::Receiver<u32>) {
    let born = *deaths.borrow();
    let ((mut from_near, mut to_near), (mut from_far, mut to_far)) = (near.into_split(), far.into_split());
    let listens = Arc::new(AtomicBool::new(false));
    let heard = listens.clone();
    let there = async move {
        let mut bytes = [0; 4096];
        while let Ok(n @ 1..) = from_near.read(&mut bytes).await {
            heard.fetch_or(
                bytes[..n].windows(6).any(|six| six == b"LISTEN"),
                Ordering::Relaxed,
            );
            if to_far.write_all(&bytes[..n]).await.is_err() {
                return;
            }
        }
    };
    let dies = async move {
        let dead = |deaths: &u32| *deaths > born && listens.load(Ordering::Relaxed);
        let _ = deaths.wait_for(dead).await;
    };
    let back = async move {
        tokio::select! {
            _ = tokio::io::copy(&mut from_far, &mut to_near) => {}
            () = dies => std::future::pending().await,
        }
    };
    tokio::join!(there, back);
}

async fn command(admin: &str, sql: String) {
    let mut connection = PgConnection::connect(admin).await.expect("PostgreSQL answers");
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&mut connection)
        .await
        .expect("PostgreSQL obeys");
    let _ = connection.close().await;
}

/// The address of another database of the same cluster.
fn beside(admin: &str, name: &str) -> String {
    let (address, query) = match admin.split_once('?') {
        Some((address, query)) => (address, format!("?{query}")),
        None => (admin, String::new()),
    };
    let host = address.rsplit_once('/').map_or(address, |(host, _)| host);
    format!("{host}/{name}{query}")
}
