//! `cargo xtask ci`: what must hold before a change is taken.

use anyhow::Result;

use crate::{build, cargo, must, test};

/// The same as for `test`.
#[derive(clap::Args)]
// Both structs are called `Args`, and clap names the groups that it makes after them.
#[group(skip)]
pub struct Args {
    #[command(flatten)]
    test: test::Args,
}

/// Format, lints, then exactly `cargo xtask test`.
pub fn run(args: &Args) -> Result<()> {
    must(cargo().args(["fmt", "--all", "--check"]))?;
    must(
        cargo()
            .args([
                "clippy",
                "--workspace",
                "--all-targets",
                "--features",
                "product/bench",
            ])
            .args(["--", "-D", "warnings"]),
    )?;
    // The islands once more, as the browser gets them.
    must(build::client("clippy", true)?.args(["--", "-D", "warnings"]))?;
    test::run(&args.test)
}
