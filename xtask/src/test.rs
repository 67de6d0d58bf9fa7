//! `cargo xtask test`: the site, then every test of the workspace.

use std::process::Command;

use anyhow::Result;

use crate::{build, cargo, must};

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

/// Builds the site and runs the tests.
pub fn run(args: &Args) -> Result<()> {
    build::site(true)?;
    let mut command = tests(args);
    command.args(["--workspace", "--exclude", "product"]);
    must(command.arg("--").args(&args.rest))?;

    let mut product = tests(args);
    product.args(["--package", "product", "--lib", "--test", "product"]);
    if !args.without.contains(&Need::Browser) {
        product.args(["--test", "browser"]);
    }
    must(product.arg("--").args(&args.rest))
}

fn tests(args: &Args) -> Command {
    let mut command = cargo();
    command.args(["test", "--no-fail-fast"]);
    if args.without.contains(&Need::Postgres) {
        command.env("HOITHI_TEST_WITHOUT", "postgres");
    }
    command
}
