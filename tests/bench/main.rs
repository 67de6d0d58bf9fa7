//! The budgets of DESIGN section 10, each as a ratio to a baseline in the same run where there is one.
//!
//! The house runs as it is shipped, in a process of its own; the generator shares its two cores.

mod bare;
mod desk;
mod hall;
mod judging;
mod load;
mod process;
mod ranking;
mod seed;
mod streams;
mod weight;
mod wire;

use anyhow::{Context, Result, ensure};
use contest::screen::Scene;
use hdrhistogram::Histogram;
use load::{Change, Saves};
use process::{Process, free_port};
use server::Config;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use streams::Screens;
use tokio::time::Instant;
use wire::{Wire, get};

/// Contestants who save, and connections that they share.
const SEATS: u32 = 2000;
const CONNECTIONS: usize = 64;
const SECONDS: Duration = Duration::from_secs(8);
/// How many bars were missed. Said at the end, and no failure: these machines are shared.
static MISSED: AtomicU32 = AtomicU32::new(0);

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    rlimit::increase_nofile_limit(65_536)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["bare", database, addr] => runtime.block_on(async {
            bare::serve(database, addr.parse()?).await?;
            std::future::pending::<()>().await;
            Ok(())
        }),
        _ => {
            runtime.block_on(everything(&arguments))?;
            println!("bars missed: {}", MISSED.load(Ordering::Relaxed));
            Ok(())
        }
    }
}

/// Prints a figure with its bar, and whether it is met.
fn figure(what: &str, value: f64, unit: &str, bar: Option<(f64, Side)>) {
    let verdict = match bar {
        None => String::new(),
        Some((bar, Side::AtLeast)) => format!("  bar >= {bar:<9} {}", met(value >= bar)),
        Some((bar, Side::AtMost)) => format!("  bar <= {bar:<9} {}", met(value <= bar)),
    };
    println!("{what:<62} {value:>10.2} {unit:<6}{verdict}");
}

#[derive(Clone, Copy)]
enum Side {
    AtLeast,
    AtMost,
}

fn met(is: bool) -> &'static str {
    if is {
        return "met";
    }
    MISSED.fetch_add(1, Ordering::Relaxed);
    "MISSED"
}

fn ms(wait: &Histogram<u64>, quantile: f64) -> f64 {
    wait.value_at_quantile(quantile) as f64 / 1000.0
}

/// The released program beside this bench.
fn program() -> Result<PathBuf> {
    let path = std::env::current_exe()?.with_file_name("hoithi");
    ensure!(path.exists(), "build the program first: cargo xtask bench does");
    Ok(path)
}

async fn serve(database: &str) -> Result<Process> {
    let addr = free_port()?;
    let mut command = Command::new(program()?);
    command
        .args(["serve", "--database", database, "--listen", &addr.to_string()])
        .env("RUST_LOG", "warn");
    Process::start(command, addr, "/healthz").await
}

async fn everything(only: &[String]) -> Result<()> {
    let wanted = |name: &str| only.is_empty() || only.iter().any(|o| o == name);
    let folder = tempfile::tempdir()?;
    let sqlite = |name: &str| format!("sqlite:{}", folder.path().join(name).display());
    if wanted("size") {
        figure(
            "program, one file",
            std::fs::metadata(program()?)?.len() as f64 / 1e6,
            "MB",
            Some((40.0, Side::AtMost)),
        );
    }
    if wanted("ranking") {
        let millis = |t: Duration| t.as_secs_f64() * 1000.0;
        figure(
            "standings, 14 teams",
            millis(ranking::fourteen_teams()),
            "ms",
            Some((1.0, Side::AtMost)),
        );
        figure(
            "14 rows sorted by one number",
            millis(ranking::sorted(14)),
            "ms",
            None,
        );
        let many = millis(ranking::hundred_thousand_attempts());
        figure(
            "standings, 100,000 attempts",
            many,
            "ms",
            Some((200.0, Side::AtMost)),
        );
        figure(
            "100,000 rows sorted by one number",
            millis(ranking::sorted(100_000)),
            "ms",
            None,
        );
    }
    if wanted("judging") {
        figure(
            "35 teams, 6 rounds, 9 judges: deciding one command",
            judging::decide_one().as_secs_f64() * 1e6,
            "us",
            Some((100.0, Side::AtMost)),
        );
        let (replay, entries) = judging::replay_all();
        figure(
            &format!("replaying that ledger, {entries} entries"),
            replay.as_secs_f64() * 1000.0,
            "ms",
            Some((200.0, Side::AtMost)),
        );
        judged(&sqlite("judging.db")).await?;
    }
    if wanted("saves") {
        saves("SQLite", &sqlite("saves.db"), &sqlite("bare.db"), true).await?;
        if let Ok(admin) = std::env::var("HOITHI_TEST_POSTGRES") {
            let (house, bare) = (
                postgres(&admin, "bench_saves").await?,
                postgres(&admin, "bench_bare").await?,
            );
            saves("PostgreSQL", &house, &bare, false).await?;
        } else {
            println!("PostgreSQL: left out, HOITHI_TEST_POSTGRES is not set");
        }
    }
    if wanted("weight") {
        weight(&sqlite("weight.db")).await?;
    }
    if wanted("papers") {
        papers("SQLite", &sqlite("papers.db"), &sqlite("bare-papers.db")).await?;
        if let Ok(admin) = std::env::var("HOITHI_TEST_POSTGRES") {
            let (house, bare) = (
                postgres(&admin, "bench_papers").await?,
                postgres(&admin, "bench_bare_papers").await?,
            );
            papers("PostgreSQL", &house, &bare).await?;
        }
    }
    if wanted("screens") {
        screens(&sqlite("screens.db"), &sqlite("bare-screens.db")).await?;
    }
    if wanted("hall") {
        hall(&sqlite("hall.db")).await?;
    }
    Ok(())
}

async fn postgres(admin: &str, name: &str) -> Result<String> {
    use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor};
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(admin).await?;
    connection
        .execute(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name}")))
        .await?;
    connection
        .execute(AssertSqlSafe(format!("CREATE DATABASE {name}")))
        .await?;
    let (head, options) = admin.split_once('?').map_or((admin, None), |(h, o)| (h, Some(o)));
    let server = head.rsplit_once('/').context("a URL with a database")?.0;
    Ok(options.map_or(format!("{server}/{name}"), |o| format!("{server}/{name}?{o}")))
}

fn config(database: &str) -> Config {
    Config::local(database)
}

/// Durable answer saves against a bare handler with the same group-committed insert.
async fn saves(engine: &str, database: &str, bare_database: &str, barred: bool) -> Result<()> {
    let bar = |value, side| barred.then_some((value, side));
    let seeded = seed::open_round(&config(database), SEATS).await?;
    let bare_addr = free_port()?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["bare", bare_database, &bare_addr.to_string()]);
    let bare = Process::start(command, bare_addr, "/").await?;
    let house = serve(database).await?;
    figure(
        &format!("{engine}: start on an existing database to the first answer"),
        house.started_in.as_secs_f64(),
        "s",
        bar(1.0, Side::AtMost),
    );
    let seats = seed::enter(house.addr, &seeded.codes, true).await?;
    // In turn, so that a drift of the machine falls on both: the median of three ratios.
    let mut pairs = Vec::new();
    let mut first = 1_000;
    for _ in 0..3 {
        let theirs = load::closed(bare.addr, &seats, CONNECTIONS, SECONDS, first).await?;
        let before = house.cpu()?;
        let ours = load::closed(house.addr, &seats, CONNECTIONS, SECONDS, first).await?;
        let cpu = (house.cpu()? - before).as_secs_f64() * 1000.0 / ours.wait.len() as f64;
        first += 1_000_000;
        pairs.push((ours, theirs, cpu));
    }
    pairs.sort_by(|a, b| (a.0.rate / a.1.rate).total_cmp(&(b.0.rate / b.1.rate)));
    let (ours, theirs, cpu) = &pairs[1];
    figure(
        &format!("{engine}: durable saves, {CONNECTIONS} connections"),
        ours.rate,
        "/s",
        bar(8000.0, Side::AtLeast),
    );
    figure(&format!("{engine}: the bare handler"), theirs.rate, "/s", None);
    let ratio = ours.rate / theirs.rate * 100.0;
    figure(
        &format!("{engine}: ratio of the two, median of three"),
        ratio,
        "%",
        bar(50.0, Side::AtLeast),
    );
    figure(&format!("{engine}: processor time a save"), *cpu, "ms", None);
    let theirs = load::offered(bare.addr, &seats, CONNECTIONS, 2000, SECONDS, first).await?;
    let Saves { rate, wait } = load::offered(house.addr, &seats, CONNECTIONS, 2000, SECONDS, first).await?;
    figure(&format!("{engine}: offered 2,000/s, served"), rate, "/s", None);
    figure(
        &format!("{engine}: offered 2,000/s, p50"),
        ms(&wait, 0.5),
        "ms",
        None,
    );
    figure(
        &format!("{engine}: offered 2,000/s, p99"),
        ms(&wait, 0.99),
        "ms",
        bar(20.0, Side::AtMost),
    );
    figure(
        &format!("{engine}: offered 2,000/s, p99 of the bare handler"),
        ms(&theirs.wait, 0.99),
        "ms",
        None,
    );
    Ok(())
}

/// A mark saved until the chief judge sees it.
async fn judged(database: &str) -> Result<()> {
    let staged = seed::stage_round(&config(database)).await?;
    let house = serve(database).await?;
    let wait = desk::follow(house.addr, &staged, 200).await?;
    let devices = desk::DEVICES;
    figure(
        &format!("{devices} devices: mark saved -> seen by the chief judge, p50"),
        ms(&wait, 0.5),
        "ms",
        None,
    );
    figure(
        &format!("{devices} devices: mark saved -> seen by the chief judge, p95"),
        ms(&wait, 0.95),
        "ms",
        Some((100.0, Side::AtMost)),
    );
    Ok(())
}

/// Asks everything within one second, each on a connection of its own: when the last answer was there, and all.
async fn within_a_second(addr: SocketAddr, requests: Vec<Vec<u8>>) -> Result<(Duration, Vec<Vec<u8>>)> {
    let started = Instant::now();
    let rest = Duration::from_secs(1) / u32::try_from(requests.len())?;
    let mut tasks = Vec::new();
    for (i, request) in (0..).zip(requests) {
        tasks.push(tokio::spawn(async move {
            tokio::time::sleep_until(started + rest * i).await;
            let mut wire = Wire::to(addr).await?;
            let reply = wire.ask(&request).await?;
            ensure!(reply.status == 200, "{}", reply.status);
            anyhow::Ok((started.elapsed(), reply.body))
        }));
    }
    let mut last = Duration::ZERO;
    let mut answers = Vec::new();
    for task in tasks {
        let (at, body) = task.await??;
        last = last.max(at);
        answers.push(body);
    }
    Ok((last, answers))
}

/// 5,000 contestants open their papers within one second.
async fn papers(engine: &str, database: &str, bare_database: &str) -> Result<()> {
    let seeded = seed::open_round(&config(database), 5000).await?;
    let house = serve(database).await?;
    let seats = seed::enter(house.addr, &seeded.codes, false).await?;
    let requests = seats.iter().map(|seat| get("/thi", &seat.cookie)).collect();
    let (last, pages) = within_a_second(house.addr, requests).await?;
    // "All right": every page is that contestant's own, as his own tablet's JSON says it is.
    let mut wire = Wire::to(house.addr).await?;
    let mut right = 0;
    for (seat, page) in seats.iter().zip(&pages) {
        let reply = wire.ask(&get("/api/thi", &seat.cookie)).await?;
        let sitting: serde_json::Value = serde_json::from_slice(&reply.body)?;
        let sheet = &sitting["stage"]["sheet"];
        let (sbd, code) = (sitting["sbd"].as_str().unwrap_or("?"), sheet["code"].to_string());
        let first = sheet["questions"][0]["t"].as_str().unwrap_or("?");
        let start: String = first
            .chars()
            .take_while(|c| !matches!(c, '"' | '&' | '<' | '>' | '\''))
            .collect();
        let page = String::from_utf8_lossy(page);
        right += usize::from(
            page.contains(sbd) && page.contains(&code) && page.contains(&start) && !start.is_empty(),
        );
    }
    figure(
        &format!("{engine}: 5,000 papers opened within 1 s, last one served after"),
        last.as_secs_f64(),
        "s",
        Some((5.0, Side::AtMost)),
    );
    let bare_addr = free_port()?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["bare", bare_database, &bare_addr.to_string()]);
    let bare = Process::start(command, bare_addr, "/").await?;
    let as_long = format!(
        "/page/{}",
        pages.iter().map(Vec::len).sum::<usize>() / pages.len()
    );
    let requests = seats.iter().map(|_| get(&as_long, "")).collect();
    let (theirs, _) = within_a_second(bare.addr, requests).await?;
    figure(
        &format!("{engine}: the same from a bare handler with as many bytes"),
        theirs.as_secs_f64(),
        "s",
        None,
    );
    figure(
        &format!("{engine}: 5,000 papers, right ones"),
        right as f64,
        "",
        Some((5000.0, Side::AtLeast)),
    );
    Ok(())
}

/// All that a contestant's first page makes his tablet fetch, in the codings of browsers: brotli on https and
/// localhost, gzip in a hall.
async fn weight(database: &str) -> Result<()> {
    let seeded = seed::open_round(&config(database), 1).await?;
    let house = serve(database).await?;
    let seats = seed::enter(house.addr, &seeded.codes, true).await?;
    let page = weight::of_page(house.addr, &seats[0].cookie, "/thi").await?;
    for (coding, bytes) in page {
        let bar = (coding == "br").then_some((200.0, Side::AtMost));
        figure(
            &format!("contestant's page, everything, {coding}"),
            bytes / 1000.0,
            "kB",
            bar,
        );
    }
    Ok(())
}

/// From commit to frame, for few and for many screens.
async fn screens(database: &str, bare_database: &str) -> Result<()> {
    let seeded = seed::open_round(&config(database), 100).await?;
    let house = serve(database).await?;
    let seats = seed::enter(house.addr, &seeded.codes, true).await?;
    let path = format!("/api/contests/{}/board/events", seeded.contest);
    let idle = house.memory()?;
    let mut few = Screens::open(house.addr, &path, 200).await?;
    let wait = few.follow(house.addr, &seats[..40], Change::Answer).await?;
    figure("200 screens: commit -> frame, p50", ms(&wait, 0.5), "ms", None);
    figure(
        "200 screens: commit -> frame, p95",
        ms(&wait, 0.95),
        "ms",
        Some((100.0, Side::AtMost)),
    );
    drop(few);
    let mut many = Screens::open(house.addr, &path, 10_000).await?;
    let wait = many.follow(house.addr, &seats[40..50], Change::Answer).await?;
    figure("10,000 screens: commit -> frame, p50", ms(&wait, 0.5), "ms", None);
    figure(
        "10,000 screens: commit -> frame, p99",
        ms(&wait, 0.99),
        "ms",
        Some((1000.0, Side::AtMost)),
    );
    figure(
        "memory with 10,000 screens",
        house.memory()?,
        "MB",
        Some((150.0, Side::AtMost)),
    );
    figure("memory before", idle, "MB", None);
    drop(many);
    // A bare handler's streams, with as many bytes a frame: woken at once, without a rest between frames.
    let path = format!("/api/contests/{}/board.json", seeded.contest);
    let board = Wire::to(house.addr).await?.ask(&get(&path, "")).await?.body.len();
    drop(house);
    let bare_addr = free_port()?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["bare", bare_database, &bare_addr.to_string()]);
    let bare = Process::start(command, bare_addr, "/").await?;
    let path = format!("/events/{board}");
    let mut few = Screens::open(bare.addr, &path, 200).await?;
    let wait = few.follow(bare.addr, &seats[..40], Change::Answer).await?;
    figure("200 streams of a bare handler, p95", ms(&wait, 0.95), "ms", None);
    drop(few);
    let mut many = Screens::open(bare.addr, &path, 10_000).await?;
    let wait = many.follow(bare.addr, &seats[40..50], Change::Answer).await?;
    figure(
        "10,000 streams of a bare handler, p99",
        ms(&wait, 0.99),
        "ms",
        None,
    );
    figure("memory of the bare handler", bare.memory()?, "MB", None);
    Ok(())
}

/// Two hundred screens and phones, a screen and a phone of them in real browsers: a paper that is handed in, and so
/// another mark in the live standings, until it is drawn.
async fn hall(database: &str) -> Result<()> {
    const ALL: usize = 200;
    const MANAGED: usize = 20;
    const CHANGES: usize = 50;
    let config = config(database);
    let seeded = seed::live_round(&config, 2 * CHANGES as u32).await?;
    let codes = seed::screens(&config, &seeded.contest, MANAGED).await?;
    let house = serve(database).await?;
    let seats = seed::enter(house.addr, &seeded.codes, true).await?;
    load::whole_papers(house.addr, &seats).await?;
    let mut requests = Vec::new();
    for code in &codes[1..] {
        let cookie = hall::enter(house.addr, code).await?;
        requests.push(get("/api/man-hinh/events", &cookie).into());
    }
    let path = format!("/api/contests/{}/phones/events?lang=vi", seeded.contest);
    requests.resize(ALL - 2, get(&path, "").into());
    let page = format!("/bang/{}", seeded.contest);
    let drawn = hall::Drawn::open(house.addr, &codes[0], &page).await?;
    let scenes = [Scene::Standings { round: None }, Scene::Exam];
    seed::show(&config, &seeded.contest, &scenes).await?;
    let mut others = Screens::of(house.addr, requests).await?;
    let (first, second) = seats.split_at(CHANGES);
    let wait = others.follow(house.addr, first, Change::HandIn).await?;
    let what = format!("{ALL} screens and phones");
    figure(
        &format!("{what}: commit -> frame, p95"),
        ms(&wait, 0.95),
        "ms",
        Some((200.0, Side::AtMost)),
    );
    for (name, wait) in drawn.follow(house.addr, second, Change::HandIn).await? {
        let what = format!("{what}, a {name} in Chromium: commit -> drawn");
        figure(&format!("{what}, p50"), ms(&wait, 0.5), "ms", None);
        figure(
            &format!("{what}, p95"),
            ms(&wait, 0.95),
            "ms",
            Some((200.0, Side::AtMost)),
        );
    }
    drawn.close().await
}
