//! `cargo xtask bench`: the budgets, measured on the program as it is shipped.

use std::env;

use anyhow::Result;

use crate::postgres::Postgres;
use crate::test::POSTGRES;
use crate::{build, cargo, must};

/// What to measure.
#[derive(clap::Args)]
pub struct Args {
    /// Leave out what needs PostgreSQL.
    #[arg(long)]
    without_postgres: bool,
    /// What to measure, after `--`: size, weight, ranking, judging, saves, papers, screens, hall. Nothing means everything.
    #[arg(last = true)]
    rest: Vec<String>,
}

/// What is measured on PostgreSQL too.
const ON_BOTH: [&str; 2] = ["saves", "papers"];

/// Builds the site and the program with it, and runs `tests/bench`.
pub fn run(args: &Args) -> Result<()> {
    build::site(false)?;
    build::program(false)?;
    let asked = args.rest.is_empty() || args.rest.iter().any(|what| ON_BOTH.contains(&what.as_str()));
    // Stopped when this function ends, however it ends.
    let own = match env::var_os(POSTGRES) {
        None if asked && !args.without_postgres => Some(Postgres::start_durable()?),
        _ => None,
    };
    let mut bench = cargo();
    bench.args(["run", "--release", "--package", "product", "--features", "bench"]);
    bench.args(["--bin", "bench", "--"]).args(&args.rest);
    if let Some(own) = &own {
        bench.env(POSTGRES, own.url());
    }
    must(&mut bench)
}
