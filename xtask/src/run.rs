//! `cargo xtask run`: build what has changed, then become `hoithi`.

use std::process::Command;

use anyhow::Result;

use crate::{build, root};

/// How to run.
#[derive(clap::Args)]
pub struct Args {
    /// A contest in full swing instead of an empty house.
    #[arg(long)]
    demo: bool,
    /// The program as it is shipped (the default).
    #[arg(long, conflicts_with = "debug")]
    release: bool,
    /// Build sooner, for development.
    #[arg(long)]
    debug: bool,
    /// Further arguments for `hoithi`, after `--`.
    #[arg(last = true)]
    rest: Vec<String>,
}

/// Builds and runs.
pub fn run(args: &Args) -> Result<()> {
    let debug = args.debug && !args.release;
    build::site(debug)?;
    let mut command = Command::new(build::program(debug)?);
    command
        .current_dir(root())
        .arg(if args.demo { "demo" } else { "serve" });
    if !args
        .rest
        .iter()
        .any(|arg| arg == "--listen" || arg.starts_with("--listen="))
    {
        // Tablets in the hall must reach it.
        command.args(["--listen", "0.0.0.0:3000"]);
    }
    become_it(command.args(&args.rest))
}

/// Signals must reach the program itself.
#[cfg(unix)]
fn become_it(command: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(command.exec().into())
}

#[cfg(not(unix))]
fn become_it(command: &mut Command) -> Result<()> {
    crate::must(command)
}
