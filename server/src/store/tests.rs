//! The storage promises, kept on both engines.

use std::time::Duration;

use contest::attempt::{Answer, Outcome, Timing};
use contest::question::Choice;
use contest::{ContestId, RoundId, TeamId};
use sqlx::Connection;

use super::testing::on_both_engines;
use super::*;

on_both_engines!(
    a_failing_job_undoes_only_itself,
    a_panicking_job_undoes_only_itself,
    a_lone_job_that_fails_leaves_nothing,
    constraints_have_the_same_names,
    a_newer_schema_is_refused,
    what_was_acknowledged_is_there_after_a_restart,
    a_stop_finishes_what_was_queued,
    content_is_found_by_its_hash,
    ledger_numbers_are_given_once,
    a_repeated_answer_is_kept_once,
    the_progress_counts_answers_that_are_not_blank,
    what_comes_after_the_hand_in_is_kept_but_too_late,
    thousands_of_answers_go_in_at_once,
    a_lost_connection_is_replaced,
);

async fn open(url: &str) -> Store {
    Store::open(url).await.expect("the store opens")
}

async fn put(store: &Store, name: &'static str, value: &'static str) -> Result<(), StoreError> {
    store
        .write(move |tx| {
            Box::pin(async move {
                sqlx::query("INSERT INTO house (name, value) VALUES ($1, $2)")
                    .bind(name)
                    .bind(value)
                    .execute(tx)
                    .await?;
                Ok(())
            })
        })
        .await
}

async fn names(store: &Store) -> Vec<String> {
    sqlx::query_scalar("SELECT name FROM house ORDER BY name")
        .fetch_all(store.read())
        .await
        .expect("the names")
}

/// Holds the writer until told to go on, so that what is queued meanwhile is one batch.
async fn hold(store: &Store) -> (tokio::sync::oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
    let (go, went) = tokio::sync::oneshot::channel::<()>();
    let (begun, began) = tokio::sync::oneshot::channel::<()>();
    let store = store.clone();
    let held = tokio::spawn(async move {
        store
            .write(move |_| {
                Box::pin(async move {
                    let _ = begun.send(());
                    let _ = went.await;
                    Ok(())
                })
            })
            .await
            .expect("holding");
    });
    began.await.expect("the writer is held");
    (go, held)
}

/// Lets spawned writers reach the queue.
async fn queued(store: &Store, jobs: usize) {
    while store.waiting() < jobs {
        tokio::task::yield_now().await;
    }
}

async fn a_failing_job_undoes_only_itself(url: String) {
    let store = open(&url).await;
    put(&store, "taken", "1").await.expect("the first");
    let (go, held) = hold(&store).await;
    let tasks = ["a", "taken", "b"].map(|name| {
        let store = store.clone();
        tokio::spawn(async move { put(&store, name, "2").await })
    });
    queued(&store, 3).await;
    go.send(()).expect("held");
    held.await.expect("held");
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.push(task.await.expect("no panic"));
    }
    assert!(outcomes[0].is_ok() && outcomes[2].is_ok(), "{outcomes:?}");
    assert!(matches!(&outcomes[1], Err(StoreError::Taken(name)) if name == "house_pkey"));
    assert_eq!(names(&store).await, ["a", "b", "taken"]);
    store.close().await;
}

async fn a_panicking_job_undoes_only_itself(url: String) {
    let store = open(&url).await;
    let (go, held) = hold(&store).await;
    let panicking = {
        let store = store.clone();
        tokio::spawn(async move {
            store
                .write::<(), _>(|tx| {
                    Box::pin(async move {
                        sqlx::query("INSERT INTO house (name, value) VALUES ('gone', '')")
                            .execute(tx)
                            .await?;
                        panic!("a mistake in a job");
                    })
                })
                .await
        })
    };
    let good = {
        let store = store.clone();
        tokio::spawn(async move { put(&store, "good", "").await })
    };
    queued(&store, 2).await;
    go.send(()).expect("held");
    held.await.expect("held");
    assert!(matches!(
        panicking.await.expect("caught"),
        Err(StoreError::Panicked)
    ));
    good.await.expect("no panic").expect("kept");
    assert_eq!(names(&store).await, ["good"]);
    // Alone in its batch it is no different.
    let panicked = store.write::<(), _>(|_| panic!("before any await")).await;
    assert!(matches!(panicked, Err(StoreError::Panicked)));
    put(&store, "later", "").await.expect("the writer goes on");
    store.close().await;
}

async fn a_lone_job_that_fails_leaves_nothing(url: String) {
    let store = open(&url).await;
    let failed: Result<(), StoreError> = store
        .write(|tx| {
            Box::pin(async move {
                sqlx::query("INSERT INTO house (name, value) VALUES ('gone', '')")
                    .execute(tx)
                    .await?;
                Err(StoreError::Conflict)
            })
        })
        .await;
    assert!(matches!(failed, Err(StoreError::Conflict)));
    put(&store, "next", "").await.expect("the writer goes on");
    assert_eq!(names(&store).await, ["next"]);
    store.close().await;
}

async fn constraints_have_the_same_names(url: String) {
    let store = open(&url).await;
    let pairs = [
        (
            "account_name_taken",
            "INSERT INTO account (id, name, folded, password, created_at) VALUES (1, 'Hoa', 'hoa', '', 0)",
            "INSERT INTO account (id, name, folded, password, created_at) VALUES (2, 'hoa', 'hoa', '', 0)",
        ),
        (
            "person_code_taken",
            "INSERT INTO person (id, contest, role, name, sbd, post, code, created_at)
             VALUES (1, 'hoi-thi', 'contestant', 'An', '001', '', 'ABC', 0)",
            "INSERT INTO person (id, contest, role, name, sbd, post, code, created_at)
             VALUES (2, 'hoi-thi', 'contestant', 'An', '002', '', 'ABC', 0)",
        ),
        (
            "person_sbd_taken",
            "INSERT INTO person (id, contest, role, name, sbd, post, code, created_at)
             VALUES (3, 'hoi-thi', 'contestant', 'An', '003', '', 'C', 0)",
            "INSERT INTO person (id, contest, role, name, sbd, post, code, created_at)
             VALUES (4, 'hoi-thi', 'contestant', 'An', '003', '', 'D', 0)",
        ),
        (
            "question_text_taken",
            "INSERT INTO question (contest, id, text, folded, options, correct, topic, level, source, created_at)
             VALUES ('hoi-thi', 1, 'Ai?', 'ai?', '', '', '', '', '', 0)",
            "INSERT INTO question (contest, id, text, folded, options, correct, topic, level, source, created_at)
             VALUES ('hoi-thi', 2, 'ai?', 'ai?', '', '', '', '', '', 0)",
        ),
        (
            "attempt_once",
            "INSERT INTO attempt (id, contest, round, person, team, paper) VALUES (1, 'hoi-thi', 1, 1, 1, 1)",
            "INSERT INTO attempt (id, contest, round, person, team, paper) VALUES (2, 'hoi-thi', 1, 1, 1, 1)",
        ),
        (
            "person_pkey",
            "INSERT INTO person (id, contest, role, name, sbd, post, code, created_at)
             VALUES (9, 'hoi-thi', 'judge', 'An', '', '', 'E', 0)",
            "INSERT INTO person (id, contest, role, name, sbd, post, code, created_at)
             VALUES (9, 'hoi-thi', 'judge', 'An', '', '', 'F', 0)",
        ),
    ];
    for (name, first, second) in pairs {
        let run = |sql: &'static str| {
            store.write(move |tx| {
                Box::pin(async move {
                    sqlx::query(sql).execute(tx).await?;
                    Ok(())
                })
            })
        };
        run(first).await.expect("the first of its kind");
        let second = run(second).await;
        assert!(
            matches!(&second, Err(StoreError::Taken(taken)) if taken == name),
            "{name}: {second:?}"
        );
    }
    store.close().await;
}

async fn a_newer_schema_is_refused(url: String) {
    let store = open(&url).await;
    store
        .write(|tx| {
            Box::pin(async move {
                sqlx::query(
                    "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                     SELECT 9999, 'from the future', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1",
                )
                .execute(tx)
                .await?;
                Ok(())
            })
        })
        .await
        .expect("a later step");
    store.close().await;
    assert!(matches!(Store::open(&url).await, Err(StoreError::Newer)));
}

async fn what_was_acknowledged_is_there_after_a_restart(url: String) {
    let store = open(&url).await;
    put(&store, "kept", "").await.expect("kept");
    // No farewell: as if the plug were pulled after the acknowledgement.
    drop(store);
    let store = open(&url).await;
    assert_eq!(names(&store).await, ["kept"]);
    store.close().await;
}

async fn a_stop_finishes_what_was_queued(url: String) {
    let store = open(&url).await;
    let (go, held) = hold(&store).await;
    let last = {
        let store = store.clone();
        tokio::spawn(async move { put(&store, "last", "").await })
    };
    queued(&store, 1).await;
    let closing = {
        let store = store.clone();
        tokio::spawn(async move { store.close().await })
    };
    go.send(()).expect("held");
    held.await.expect("held");
    last.await.expect("no panic").expect("kept");
    tokio::time::timeout(Duration::from_secs(20), closing)
        .await
        .expect("closes")
        .expect("no panic");
    assert!(matches!(
        put(&store, "too late", "").await,
        Err(StoreError::Stopped)
    ));
    let store = open(&url).await;
    assert_eq!(names(&store).await, ["last"]);
    store.close().await;
}

async fn content_is_found_by_its_hash(url: String) {
    let store = open(&url).await;
    let put = || store.write(|tx| Box::pin(content::put(tx, "ngân hàng câu hỏi")));
    let hash = put().await.expect("kept");
    assert_eq!(put().await.expect("kept once"), hash);
    let body = content::get(store.read(), &hash).await.expect("read");
    assert_eq!(body.as_deref(), Some("ngân hàng câu hỏi"));
    let none = content::get(store.read(), &contest::Digest::of(b"")).await;
    assert_eq!(none.expect("read"), None);
    store.close().await;
}

async fn ledger_numbers_are_given_once(url: String) {
    let store = open(&url).await;
    let id: ContestId = "hoi-thi".parse().expect("a name");
    let entry = contest::ledger::Sealed {
        seq: 1,
        body: "{}".into(),
        hash: contest::Digest::of(b"1"),
    };
    let append = || {
        let (id, entry) = (id.clone(), entry.clone());
        store.write(move |tx| Box::pin(async move { ledger::append(tx, &id, &[entry]).await }))
    };
    append().await.expect("appended");
    assert!(matches!(append().await, Err(StoreError::Conflict)));
    assert_eq!(
        ledger::ids(store.read()).await.expect("ids"),
        std::slice::from_ref(&id)
    );
    assert_eq!(
        ledger::tail(store.read(), &id, 0).await.expect("tail"),
        std::slice::from_ref(&entry)
    );
    assert_eq!(ledger::tail(store.read(), &id, 1).await.expect("tail"), []);
    assert_eq!(
        ledger::before(store.read(), &id, u64::MAX, 10)
            .await
            .expect("page"),
        [entry]
    );
    store.close().await;
}

fn incoming(attempt: i64, question: u16, revision: u32, choice: Choice) -> Incoming {
    Incoming {
        attempt,
        tally: Arc::new(Tally {
            contest: "hoi-thi".parse().expect("a name"),
            round: RoundId(1),
            team: TeamId(1),
        }),
        answer: Answer {
            question,
            revision,
            choice,
            chosen_at: 5,
        },
        arrived: 6,
        timing: Timing::InTime,
    }
}

const SAVED: Outcome = Outcome::Saved {
    timing: Timing::InTime,
};
const TOO_LATE: Outcome = Outcome::Saved {
    timing: Timing::TooLate,
};

async fn a_repeated_answer_is_kept_once(url: String) {
    let store = open(&url).await;
    let incoming = |revision, choice| incoming(7, 3, revision, Choice::only(choice));
    let first = store
        .save(vec![incoming(1, 0), incoming(1, 0), incoming(2, 1)])
        .await;
    assert_eq!(first.expect("saved"), [SAVED; 3]);
    let again = store.save(vec![incoming(2, 1), incoming(1, 0)]).await;
    let superseded = Outcome::Superseded {
        revision: 2,
        choice: Choice::only(1),
    };
    assert_eq!(again.expect("saved"), [SAVED, superseded]);
    assert!(store.save(Vec::new()).await.expect("nothing").is_empty());
    store.close().await;
}

async fn the_progress_counts_answers_that_are_not_blank(url: String) {
    let store = open(&url).await;
    with_attempt(&store).await;
    let (a, blank) = (Choice::only(0), Choice::BLANK);
    let late = |revision, choice| Incoming {
        timing: Timing::TooLate,
        ..incoming(7, 2, revision, choice)
    };
    let steps = [
        (
            vec![
                incoming(7, 0, 1, a),
                incoming(7, 1, 1, blank),
                incoming(7, 2, 1, a),
            ],
            2,
        ),
        // The same again, and another choice for one that is answered.
        (vec![incoming(7, 0, 1, a), incoming(7, 2, 2, Choice::only(1))], 2),
        (
            vec![
                incoming(7, 0, 2, blank),
                incoming(7, 1, 2, a),
                incoming(7, 1, 3, blank),
            ],
            1,
        ),
        // Too late to count; then time was granted and it counts from what had counted before.
        (vec![late(3, blank)], 1),
        (vec![incoming(7, 2, 4, blank)], 0),
        (vec![late(5, a), incoming(7, 2, 6, a)], 1),
    ];
    for (step, (batch, answered)) in steps.into_iter().enumerate() {
        store.save(batch).await.expect("saved");
        assert_eq!(progress(&store).await, answered, "step {step}");
    }
    store.close().await;
}

async fn what_comes_after_the_hand_in_is_kept_but_too_late(url: String) {
    let store = open(&url).await;
    with_attempt(&store).await;
    let a = Choice::only(0);
    let set = |by_server: i64| {
        store.write(move |tx| {
            Box::pin(async move {
                sqlx::query("UPDATE attempt SET handed_in = 9, by_server = $1 WHERE id = 7")
                    .bind(by_server)
                    .execute(tx)
                    .await?;
                Ok(())
            })
        })
    };
    set(0).await.expect("handed in by himself");
    assert_eq!(
        store.save(vec![incoming(7, 0, 1, a)]).await.expect("kept"),
        [TOO_LATE]
    );
    assert_eq!(progress(&store).await, 0);
    // By the server: whoever judged the arrival knows the grace.
    set(1).await.expect("handed in by the server");
    assert_eq!(
        store.save(vec![incoming(7, 0, 2, a)]).await.expect("kept"),
        [SAVED]
    );
    assert_eq!(progress(&store).await, 1);
    store.close().await;
}

async fn thousands_of_answers_go_in_at_once(url: String) {
    let store = open(&url).await;
    with_attempt(&store).await;
    // More keys than one statement takes, in an order that is not theirs.
    let batch: Vec<Incoming> = (0..1500u16)
        .map(|n| incoming(7, n * 7 % 1500, 1, Choice::only(1)))
        .collect();
    let (one, two) = tokio::join!(store.save(batch.clone()), store.save(batch));
    assert_eq!(one.expect("saved"), [SAVED; 1500]);
    assert_eq!(two.expect("saved"), [SAVED; 1500]);
    assert_eq!(progress(&store).await, 1500);
    store.close().await;
}

/// Attempt 7 of team 1 and its row of the progress.
async fn with_attempt(store: &Store) {
    store
        .write(|tx| {
            Box::pin(async move {
                for statement in [
                    "INSERT INTO attempt (id, contest, round, person, team, paper) \
                     VALUES (7, 'hoi-thi', 1, 70, 1, 101)",
                    "INSERT INTO progress (contest, round, team, contestants) VALUES ('hoi-thi', 1, 1, 1)",
                ] {
                    sqlx::query(statement).execute(&mut *tx).await?;
                }
                Ok(())
            })
        })
        .await
        .expect("an attempt");
}

async fn progress(store: &Store) -> i64 {
    sqlx::query_scalar("SELECT answered FROM progress WHERE contest = 'hoi-thi'")
        .fetch_one(store.read())
        .await
        .expect("progress")
}

async fn a_lost_connection_is_replaced(url: String) {
    let store = open(&url).await;
    let mut heard = store.listen();
    put(&store, "before", "").await.expect("kept");
    if store.engine() == Engine::Sqlite {
        // A file does not hang up.
        store.close().await;
        return;
    }
    let mut hear = async |wanted: Heard| {
        tokio::time::timeout(Duration::from_secs(20), async {
            while heard.recv().await.expect("still listening") != wanted {}
        })
        .await
        .expect("heard in time");
    };
    hear(Heard::Gap).await;
    let tell = |store: &Store| {
        let store = store.clone();
        async move {
            store
                .write(|tx| Box::pin(notify(tx, "contest hoi-thi")))
                .await
                .expect("told");
        }
    };
    tell(&store).await;
    hear(Heard::Note("contest hoi-thi".into())).await;

    // The server drops the writer, the readers and the listener.
    let mut beside = sqlx::postgres::PgConnection::connect(&url).await.expect("beside");
    sqlx::query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    .execute(&mut beside)
    .await
    .expect("dropped");
    // The first job may meet the dead line; it then knows that nothing was kept.
    while put(&store, "after", "").await.is_err() {}
    assert_eq!(names(&store).await, ["after", "before"]);
    hear(Heard::Gap).await;
    tell(&store).await;
    hear(Heard::Note("contest hoi-thi".into())).await;
    store.close().await;
}

#[tokio::test]
async fn what_another_process_writes_to_the_file_is_noticed() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}", folder.path().join("shared.db").display());
    let here = Store::open(&url).await.expect("opened");
    let mut heard = here.listen();
    // The watcher must have looked once before.
    here.write(|_| Box::pin(async { Ok(()) })).await.expect("written");
    let there = Store::open(&url).await.expect("opened beside");
    const WORDS: [&str; 12] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];
    for (turn, word) in WORDS.into_iter().enumerate() {
        put(&there, word, "").await.expect("written beside");
        let waited = tokio::time::timeout(Duration::from_millis(500), heard.recv()).await;
        if let Ok(heard) = waited {
            assert_eq!(heard, Some(Heard::Gap));
            break;
        }
        assert!(turn + 1 < WORDS.len(), "never noticed");
    }
    here.close().await;
    there.close().await;
}
