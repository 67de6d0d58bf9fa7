//! Hidden means absent: before publication no byte tells which option is right or what anybody's mark is.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use contest::audience::Stage;
use contest::ledger::{self, Entry};
use contest::{Digest, Moment};
use harness::files::{Bank, teams};
use harness::{Database, Engine, Hall, Tablet, Visitor, on_both_engines, until};
use regex::Regex;
use reqwest::Method;
use serde_json::json;
use server::clock::Clock;
use server::{Config, Site};

use crate::world::{Who, World};

/// In every legal source of the bank, and nowhere else.
const MARK: &str = "KHOA-MAT-";

/// Words of the key and of marking, as JSON would carry them.
const WORDS: [&str; 6] = [
    "\"correct\"",
    "\"right\"",
    "\"verdict\"",
    "\"worth\"",
    "\"source\"",
    "\"listing\"",
];

fn marked_bank(key: impl Fn(usize) -> usize) -> Bank {
    let mut bank = Bank::with_key(40, key);
    for (place, question) in bank.0.iter_mut().enumerate() {
        question.source = format!("{MARK}{place}");
    }
    bank
}

/// Every address that can be read without changing anything.
fn readable() -> Vec<(String, bool)> {
    let stream = |path: &str| path.ends_with("/events");
    server::routes()
        .into_iter()
        .filter(|route| route.method == "GET")
        .map(|route| (route.path.clone(), stream(&route.path)))
        .collect()
}

/// The addresses that a route stands for: the exam and the skits, and of a judge's every sheet.
fn addresses((path, stream): (String, bool)) -> Vec<(String, bool)> {
    if path.contains("round") {
        let of = |round: &str| path.replace("{round}", round).replace(":round", round);
        return vec![(of("1"), stream), (of("2"), stream)];
    }
    let sheets: &[&str] = match path.as_str() {
        "/giam-khao" => &["", "?phan=2&doi=1", "?phan=2&doi=2", "?phan=2&doi=1&nop=1"],
        "/api/cham" => &["", "?round=2&team=1", "?round=2&team=2"],
        // The phone's page, with one's own team, and the wall's.
        "/bang/{id}" | "/bang/:id" => &["", "?doi=1", "?cong-khai=1"],
        "/api/contests/{id}/phones/events" => &["", "?lang=en"],
        _ => &[""],
    };
    sheets
        .iter()
        .map(|query| (format!("{path}{query}"), stream))
        .collect()
}

/// Everything that `visitor` is sent from every address: headers and body, by address.
pub(crate) async fn crawl(world: &World, visitor: &Visitor) -> Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    for (path, stream) in readable().into_iter().flat_map(addresses) {
        let path = world.fill(&path)?;
        let text = if stream {
            match visitor.stream(&path).await {
                Ok(mut stream) => {
                    stream.view().await.with_context(|| path.clone())?;
                    String::from_utf8(stream.bytes)?
                }
                // Refused; the table of rights says to whom.
                Err(_) => String::new(),
            }
        } else {
            let answer = visitor.get(&path).await?;
            let location = answer.location.clone().unwrap_or_default();
            format!("{} {location}\n{}", answer.status, answer.text())
        };
        found.insert(path, text);
    }
    Ok(found)
}

/// A stream that is listened to all the time, with everything it has said so far.
struct Listener {
    who: Who,
    path: String,
    heard: Arc<Mutex<String>>,
}

impl Listener {
    fn text(&self) -> String {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn beats(&self) -> usize {
        self.text().matches("event: beat").count()
    }
}

/// Opens every stream that everybody outside the committee may open, and listens until the test ends: each
/// frame that goes out is looked at, not only the first.
async fn listeners(world: &World) -> Result<Vec<Listener>> {
    let mut all = Vec::new();
    for who in Who::OUTSIDE {
        for (path, _) in readable()
            .into_iter()
            .filter(|(_, stream)| *stream)
            .flat_map(addresses)
        {
            let path = world.fill(&path)?;
            let Ok(mut stream) = world.visitor(who).stream(&path).await else {
                continue;
            };
            let heard: Arc<Mutex<String>> = Arc::default();
            let into = heard.clone();
            tokio::spawn(async move {
                while let Ok(Some(_)) = stream.next().await {
                    let text = String::from_utf8_lossy(&stream.bytes).into_owned();
                    *into.lock().unwrap_or_else(PoisonError::into_inner) = text;
                }
            });
            all.push(Listener { who, path, heard });
        }
    }
    Ok(all)
}

/// Waits until every listener has heard all that was said until now, and looks for what must not be there.
async fn nothing_was_heard(listeners: &[Listener], marks: &[&str]) -> Result<()> {
    let before: Vec<usize> = listeners.iter().map(Listener::beats).collect();
    until("the next beat on every stream", async || {
        let all = listeners
            .iter()
            .zip(&before)
            .all(|(listener, before)| listener.beats() > *before);
        Ok(all.then_some(()))
    })
    .await?;
    for listener in listeners {
        let (text, Listener { who, path, .. }) = (listener.text(), listener);
        for word in WORDS.into_iter().chain([MARK]) {
            assert!(!text.contains(word), "{who:?} hears {word} at {path}: {text}");
        }
        for mark in marks {
            assert!(
                !tells_number(&text, mark),
                "{who:?} hears the mark {mark} at {path}: {text}"
            );
        }
    }
    Ok(())
}

/// Whether the digits of `number` stand in `text` as a number of their own.
pub(crate) fn tells_number(text: &str, number: &str) -> bool {
    text.match_indices(number).any(|(at, _)| {
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_hexdigit());
        !digit(text[..at].chars().next_back()) && !digit(text[at + number.len()..].chars().next())
    })
}

/// Crawls as everybody outside the committee, and looks for what must not be there.
async fn nothing_is_told(world: &World, phase: &str, marks: &[&str]) -> Result<()> {
    for who in Who::OUTSIDE {
        for (path, text) in crawl(world, world.visitor(who)).await? {
            assert!(
                !text.contains(MARK),
                "{phase}: {who:?} reads a legal source at {path}"
            );
            if path.starts_with("/api/") {
                for word in WORDS {
                    assert!(
                        !text.contains(word),
                        "{phase}: {who:?} reads {word} at {path}: {text}"
                    );
                }
            }
            for mark in marks {
                assert!(
                    !tells_number(&text, mark),
                    "{phase}: {who:?} reads the mark {mark} at {path}: {text}"
                );
            }
        }
    }
    Ok(())
}

/// Waits until nobody writes any more, then closes.
async fn closes(hall: &Hall) -> Result<()> {
    until("the round to close", async || {
        if hall.board().await?["rounds"][0]["phase"] == "closed" {
            return Ok(Some(()));
        }
        Ok(hall.exam("close_exam", &[]).await.is_ok().then_some(()))
    })
    .await
}

on_both_engines! {
    async fn no_byte_tells_the_key_or_a_mark_before_publication(engine: Engine) -> Result<()> {
        let mut hall = Hall::empty(engine).await?;
        hall.teams = teams(2, 3);
        hall.bank = marked_bank(|i| i * 7 + 3);
        hall.creates("Hội thi giữ kín").await?;
        hall.imports_teams().await?;
        hall.imports_questions().await?;
        let mut world = World::of(hall).await?;
        let listeners = listeners(&world).await?;
        assert!(listeners.iter().any(|listener| listener.path.ends_with("/api/thi/events")));
        nothing_is_told(&world, "preparing", &[]).await?;
        world.hall.prepares().await?;
        nothing_is_told(&world, "prepared", &[]).await?;
        world.hall.opens().await?;
        nothing_is_told(&world, "open", &[]).await?;

        // Team 1: 29, 28 and none right of 30, so 57 : 3 = 19; team 2: 23, 22 and 17, so 20.67.
        let mut tablets = world.hall.contestants_after(&world.tablet).await?;
        for (tablet, right) in tablets.iter_mut().zip([29, 28, 0, 23, 22, 17]) {
            world.hall.answers_paper(tablet, right, 30 - right).await?;
        }
        world.tablet = tablets[0].clone();
        let marks = ["20,67", "20.67", "20670", "29000", "28000", "23000", "22000", "17000"];
        nothing_is_told(&world, "answered", &marks).await?;
        // What a tablet hears when it sends and hands in tells nothing either.
        let packet = json!({"attempt": tablets[3].attempt()?, "answers": [{"q": 0, "r": 9, "c": 1, "t": 0}], "unsent": 0});
        let receipt = tablets[3].visitor.post("/api/thi/answers", &packet).await?.ok()?.text();
        let slip = json!({"attempt": tablets[4].attempt()?});
        let slip = tablets[4].visitor.post("/api/thi/hand-in", &slip).await?.ok()?.text();
        // Nor do the plain forms, which answer with a page.
        let fields = [("attempt", &*tablets[3].attempt()?.to_string()), ("question", "1"), ("choice[]", "1"), ("to", "2")];
        let form = tablets[3].visitor.form("/thi", "answer_plain", &fields).await?.ok()?;
        let plain = format!("{} {:?}", form.text(), form.headers);
        let fields = [("attempt", &*tablets[5].attempt()?.to_string())];
        let form = tablets[5].visitor.form("/thi", "hand_in_plain", &fields).await?.ok()?;
        let plain_slip = format!("{} {:?}", form.text(), form.headers);
        for text in [receipt, slip, plain, plain_slip] {
            assert!(WORDS.iter().all(|word| !text.contains(word)), "{text}");
            assert!(marks.iter().all(|mark| !tells_number(&text, mark)), "{text}");
        }
        nothing_is_told(&world, "handed in", &marks).await?;
        world.hall.passes(32);
        closes(&world.hall).await?;
        nothing_is_told(&world, "closed", &marks).await?;
        world.hall.marks().await?;
        nothing_is_told(&world, "marked", &marks).await?;
        nothing_was_heard(&listeners, &marks).await?;

        // The scan can see: what the committee is sent has all of it.
        let seen = crawl(&world, &world.hall.organizer).await?;
        let all: String = seen.values().map(String::as_str).collect();
        assert!(all.contains(MARK) && tells_number(&all, "19000"), "the crawl reaches nothing");
        // And after publication the hall has the marks, the contestants their papers.
        world.hall.publishes().await?;
        let public: String = crawl(&world, world.visitor(Who::Nobody)).await?.into_values().collect();
        assert!(tells_number(&public, "19000"), "{public}");
        assert!(!public.contains(MARK));
        let own: String = crawl(&world, &world.tablet.visitor).await?.into_values().collect();
        assert!(own.contains(MARK), "a contestant sees the sources of his own paper");
        Ok(())
    }
}

/// A clock that stands still, so that two houses give the same bytes.
#[derive(Debug)]
pub(crate) struct Still(pub(crate) AtomicI64);

impl Clock for Still {
    fn now(&self) -> Moment {
        self.0.load(Ordering::SeqCst)
    }
}

/// A house on a copy of a database, with a clock that stands still.
pub(crate) struct Twin {
    pub(crate) base: String,
    pub(crate) clock: Arc<Still>,
    stop: tokio_util::sync::CancellationToken,
    database: Database,
}

impl Twin {
    /// Of a hall whose house has stopped.
    pub(crate) async fn of(hall: &Hall, now: Moment) -> Result<Self> {
        Ok(Self {
            base: String::new(),
            clock: Arc::new(Still(AtomicI64::new(now))),
            stop: tokio_util::sync::CancellationToken::new(),
            database: hall.database.copied().await?,
        })
    }

    pub(crate) async fn serves(&mut self) -> Result<()> {
        let site = Site::build(Config {
            clock: self.clock.clone(),
            // So that a QR of an address is the same picture in both.
            public_url: Some("http://hoi-thi.test".to_owned()),
            ..Config::local(self.database.url())
        })
        .await?;
        self.base = format!("http://{}", site.addr());
        self.stop = site.stop_token();
        tokio::spawn(site.run_until_stopped());
        Ok(())
    }

    /// Makes this a house in which every key has been another one from the start: in the bank, in what
    /// was frozen from it, and in the entry that names that by its hash.
    async fn has_another_key(&self) -> Result<()> {
        let mut connection = self.database.connect().await?;
        let bodies: Vec<(String, String)> = sqlx::query_as("SELECT hash, body FROM content")
            .fetch_all(&mut connection)
            .await?;
        for (hash, body) in bodies {
            let Ok(mut frozen) = serde_json::from_str::<contest::question::Frozen>(&body) else {
                continue;
            };
            for question in &mut frozen.questions {
                question.correct = vec![(question.correct[0] + 1) % question.options.len() as u8];
            }
            let digest = frozen.digest().to_string();
            sqlx::query("UPDATE content SET body = $1, hash = $2 WHERE hash = $3")
                .bind(String::from_utf8(frozen.canonical())?)
                .bind(&digest)
                .bind(&hash)
                .execute(&mut connection)
                .await?;
            sqlx::query("UPDATE entry SET body = replace(body, $1, $2)")
                .bind(&hash)
                .bind(&digest)
                .execute(&mut connection)
                .await?;
        }
        let entries: Vec<(String, i64, String)> =
            sqlx::query_as("SELECT contest, seq, body FROM entry ORDER BY contest, seq")
                .fetch_all(&mut connection)
                .await?;
        let mut heads: BTreeMap<String, Digest> = BTreeMap::new();
        for (contest, seq, body) in entries {
            let entry: Entry = serde_json::from_str(&body)?;
            let head = match heads.get(&contest) {
                Some(head) => head.clone(),
                None => ledger::genesis(&contest.parse()?),
            };
            let sealed = entry.seal(&head);
            anyhow::ensure!(sealed.body == body, "an entry reads back as it was written");
            sqlx::query("UPDATE entry SET hash = $1 WHERE contest = $2 AND seq = $3")
                .bind(sealed.hash.to_string())
                .bind(&contest)
                .bind(seq)
                .execute(&mut connection)
                .await?;
            heads.insert(contest, sealed.hash);
        }
        let changed = sqlx::query(
            "UPDATE question SET correct = '[' || ((CAST(substr(correct, 2, 1) AS BIGINT) + 1) % 4) || ']'",
        )
        .execute(&mut connection)
        .await?;
        anyhow::ensure!(changed.rows_affected() > 0);
        Ok(())
    }
}

impl Drop for Twin {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// What differs between two answers to the same question for no reason of the contest's.
pub(crate) fn normal(text: &str, base: &str) -> Result<String> {
    let text = text.replace(base.trim_start_matches("http://"), "HOUSE");
    // It stands in other attributes too.
    let nonce = Regex::new(r#"nonce="([^"]+)""#)?
        .captures(&text)
        .map(|found| found[1].to_owned());
    Ok(nonce.map_or_else(|| text.clone(), |nonce| text.replace(&nonce, "NONCE")))
}

/// Two houses that differ in the key and in nothing else send everybody outside the committee the same
/// bytes, through the whole round: so no byte depends on the key.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_keys_give_the_same_bytes() -> Result<()> {
    let mut world = World::of({
        let hall = Hall::with_contest(Engine::Sqlite).await?;
        hall.prepares().await?;
        hall
    })
    .await?;
    let tablets = world.hall.contestants_after(&world.tablet).await?;
    let now = world.hall.now() + 1000;
    world.hall.stops().await?;
    let mut twins = [
        Twin::of(&world.hall, now).await?,
        Twin::of(&world.hall, now).await?,
    ];
    twins[1].has_another_key().await?;
    for twin in &mut twins {
        twin.serves().await?;
    }

    let same = async |phase: &str, world: &World| -> Result<()> {
        for who in Who::OUTSIDE {
            let [a, b] = [&twins[0], &twins[1]].map(|twin| (world.visitor(who).at(&twin.base), &twin.base));
            let (one, two) = (crawl(world, &a.0).await?, crawl(world, &b.0).await?);
            for (path, text) in &one {
                assert_eq!(
                    normal(text, a.1)?,
                    normal(&two[path], b.1)?,
                    "{phase}: {who:?} at {path}"
                );
            }
        }
        Ok(())
    };
    let act = async |function: &str| -> Result<()> {
        for twin in &twins {
            let organizer = world.hall.organizer.at(&twin.base);
            let fields = [("contest", &*world.hall.contest), ("round", "1"), ("reason", "")];
            organizer
                .act(function, &fields[..2 + usize::from(function == "close_exam")])
                .await?;
        }
        Ok(())
    };
    let ask =
        async |tablet: &Tablet, method: Method, path: &str, body: &serde_json::Value| -> Result<String> {
            let mut answers = Vec::new();
            for twin in &twins {
                let visitor = tablet.visitor.at(&twin.base);
                let request = visitor.request(method.clone(), path).json(body);
                answers.push(visitor.send(request).await?.ok()?.text());
            }
            assert_eq!(answers[0], answers[1], "{path}");
            answers.pop().context("two answers")
        };
    let later = |millis: i64| {
        for twin in &twins {
            twin.clock.0.fetch_add(millis, Ordering::SeqCst);
        }
    };

    same("prepared", &world).await?;
    act("open_exam").await?;
    same("open", &world).await?;
    let mut attempts = Vec::new();
    for (n, tablet) in tablets.iter().enumerate() {
        let sitting: contest::audience::Sitting =
            serde_json::from_str(&ask(tablet, Method::GET, "/api/thi", &json!(null)).await?)?;
        let Stage::Writing { attempt, sheet, .. } = sitting.stage else {
            panic!("he is writing")
        };
        let answers: Vec<_> = (0..30u16)
            .map(|q| json!({"q": q, "r": 1, "c": 1 << ((usize::from(q) + n) % sheet.questions[0].options.len()), "t": 0}))
            .collect();
        let packet = json!({"attempt": attempt, "answers": answers, "unsent": 0});
        ask(tablet, Method::POST, "/api/thi/answers", &packet).await?;
        attempts.push(attempt);
    }
    same("answered", &world).await?;
    later(60_000);
    ask(
        &tablets[0],
        Method::POST,
        "/api/thi/hand-in",
        &json!({"attempt": attempts[0]}),
    )
    .await?;
    same("one handed in", &world).await?;
    later(32 * 60_000);
    // Until the house has handed in for the others.
    for twin in &twins {
        until("the houses to hand in", async || {
            let visitor = tablets[1].visitor.at(&twin.base);
            let sitting: contest::audience::Sitting = visitor.get("/api/thi").await?.ok()?.json()?;
            Ok(matches!(sitting.stage, Stage::Done { .. }).then_some(()))
        })
        .await?;
        let organizer = world.hall.organizer.at(&twin.base);
        until("the round to close", async || {
            let path = format!("/api/contests/{}/board.json", world.hall.contest);
            let board: serde_json::Value = organizer.get(&path).await?.json()?;
            if board["rounds"][0]["phase"] == "closed" {
                return Ok(Some(()));
            }
            let fields = [("contest", &*world.hall.contest), ("round", "1")];
            Ok(organizer
                .call("close_exam", &fields)
                .await?
                .ok()
                .is_ok()
                .then_some(()))
        })
        .await?;
    }
    same("closed", &world).await?;
    act("mark_exam").await?;
    same("marked", &world).await?;

    // The twins do differ: the committee sees another key. (Marks may be the same by chance.)
    let path = format!("/hoi-thi/{}/phan-thi/1/dap-an?cau=0", world.hall.contest);
    let [a, b] = [&twins[0], &twins[1]].map(|twin| (world.hall.organizer.at(&twin.base), &twin.base));
    assert_ne!(
        normal(&a.0.page(&path).await?, a.1)?,
        normal(&b.0.page(&path).await?, b.1)?
    );
    Ok(())
}
