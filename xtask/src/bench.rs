//! `cargo xtask bench`: the budgets, measured on the program as it is shipped.

use anyhow::Result;

use crate::{build, cargo, must};

/// What to measure.
#[derive(clap::Args)]
pub struct Args {
    /// Arguments for the bench, after `--`.
    #[arg(last = true)]
    rest: Vec<String>,
}

/// Builds the site and runs `tests/bench`.
pub fn run(args: &Args) -> Result<()> {
    build::site(false)?;
    build::program(false)?;
    must(
        cargo()
            .args([
                "run",
                "--release",
                "--package",
                "product",
                "--features",
                "bench",
                "--bin",
                "bench",
                "--",
            ])
            .args(&args.rest),
    )
}
