//! `cargo xtask test`: the site, then every test of the workspace, on both engines and in a browser.
//!
//! Nothing is skipped silently: what is missing is installed or asked for, what `--without` leaves out is
//! said in the last lines, and an ignored test is a failure.

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::postgres::Postgres;
use crate::{build, cargo, need};

/// The server that the tests may use; they make a database each.
pub const POSTGRES: &str = "HOITHI_TEST_POSTGRES";

/// Which tests to leave out.
#[derive(clap::Args, Default)]
pub struct Args {
    /// What this machine lacks, separated by commas.
    #[arg(long, value_delimiter = ',')]
    without: Vec<Need>,
    /// Arguments for the tests, after `--`.
    #[arg(last = true)]
    rest: Vec<String>,
}

/// What some tests need beside this workspace.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Need {
    /// A PostgreSQL server.
    Postgres,
    /// Chromium and chromedriver.
    Browser,
}

impl Need {
    fn word(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Browser => "browser",
        }
    }
}

/// Builds the site and runs the tests.
pub fn run(args: &Args) -> Result<()> {
    let has = |need| !args.without.contains(&need);
    // First what can be refused at once, then what takes minutes.
    let axe = if has(Need::Browser) {
        need::browser()?;
        Some(need::axe()?)
    } else {
        None
    };
    // Stopped when this function ends, however it ends.
    let own = match env::var_os(POSTGRES) {
        None if has(Need::Postgres) => Some(Postgres::start()?),
        _ => None,
    };
    build::site(true)?;

    let mut command = cargo();
    // One invocation, so that everything is compiled once. This tool has no tests of its own.
    command.args(["test", "--workspace", "--exclude", "xtask", "--no-fail-fast"]);
    command.args(["--lib", "--test", "product"]);
    if has(Need::Browser) {
        command.args(["--test", "browser"]);
    }
    command.arg("--").args(&args.rest);
    if let Some(own) = &own {
        command.env(POSTGRES, own.url());
    }
    if let Some(axe) = axe {
        command.env("HOITHI_TEST_AXE", axe);
    }
    let left_out: Vec<&str> = args.without.iter().map(|need| need.word()).collect();
    command.env("HOITHI_TEST_WITHOUT", left_out.join(","));

    let begun = Instant::now();
    let (sum, success) = counted(command.stdout(Stdio::piped()))?;
    drop(own);
    let verdict = if success { "ok" } else { "FAILED" };
    println!(
        "\ntest result: {verdict}. {} passed; {} failed; {} ignored; 0 measured; {} filtered out; finished in {:.2}s",
        sum.passed,
        sum.failed,
        sum.ignored,
        sum.filtered,
        begun.elapsed().as_secs_f64()
    );
    if !left_out.is_empty() {
        println!(
            "left out by --without: every test that needs {}",
            left_out.join(", ")
        );
    }
    if !success {
        bail!("tests have failed");
    }
    if sum.ignored > 0 {
        bail!(
            "{} tests are ignored; a test that may be skipped is none",
            sum.ignored
        );
    }
    if sum.passed == 0 {
        bail!("no test has run");
    }
    Ok(())
}

/// What libtest's last lines add up to.
#[derive(Default)]
struct Sum {
    passed: u64,
    failed: u64,
    ignored: u64,
    filtered: u64,
}

/// Runs the tests, hands their words on, and adds up their results.
fn counted(command: &mut std::process::Command) -> Result<(Sum, bool)> {
    let words: Vec<_> = command.get_args().map(|arg| arg.to_string_lossy()).collect();
    eprintln!("$ cargo {}", words.join(" "));
    let mut tests = command.spawn().context("cannot run cargo")?;
    let lines = tests.stdout.take().context("no standard output")?;
    let mut sum = Sum::default();
    let mut out = std::io::stdout();
    for line in BufReader::new(lines).split(b'\n') {
        let mut line = line?;
        line.push(b'\n');
        // In one piece: cargo's own words go to the same terminal.
        out.write_all(&line)?;
        out.flush()?;
        let line = String::from_utf8_lossy(&line);
        let Some(result) = line.strip_prefix("test result: ") else {
            continue;
        };
        for part in result.split(['.', ';']) {
            let mut words = part.split_whitespace();
            let (Some(Ok(count)), Some(what)) = (words.next().map(str::parse::<u64>), words.next()) else {
                continue;
            };
            match what {
                "passed" => sum.passed += count,
                "failed" => sum.failed += count,
                "ignored" => sum.ignored += count,
                "filtered" => sum.filtered += count,
                _ => {}
            }
        }
    }
    Ok((sum, tests.wait()?.success()))
}
