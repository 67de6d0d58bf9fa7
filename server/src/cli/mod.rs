//! The command line; one module for each command.
//!
//! Every command but `serve` and `demo` works on the database itself, whether or not the house is being
//! served: whoever can open the file is its master. Listings have `--json`. The exit code is 0 when done,
//! 1 when refused, 2 when the arguments make no sense.

/// Prints a line. Whoever reads only the head of a list closes the pipe: then nothing is left to say.
macro_rules! tell {
    ($($words:tt)*) => {{
        use std::io::Write;
        if writeln!(std::io::stdout(), $($words)*).is_err() {
            std::process::exit(0);
        }
    }};
}

mod backup;
mod contest;
mod demo;
mod desk;
mod export;
mod failure;
mod home_case;
mod import;
mod rehearsal;
mod serve;
mod user;
mod verify;

use std::process::ExitCode;

use app::words::Locale;
use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use failure::Failure;

/// Runs a "Dân vận khéo" contest from set-up to the signed minutes.
#[derive(Debug, Parser)]
#[command(name = "hoithi", version, propagate_version = true)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// What every command understands.
#[derive(Clone, Debug, clap::Args)]
struct Common {
    /// The database: `sqlite://FILE` or `postgres://USER@HOST/NAME`. Without it the file `hoithi.db`
    /// of this folder is used (`hoithi-demo.db` by `demo`).
    #[arg(long, global = true, env = "HOITHI_DATABASE")]
    database: Option<String>,
    /// The language of messages: `vi` or `en`.
    #[arg(long, global = true, env = "HOITHI_LANG", default_value = "vi", value_parser = language)]
    lang: Locale,
}

fn language(text: &str) -> Result<Locale, String> {
    text.parse().map_err(|_| "it must be `vi` or `en`".to_owned())
}

impl Common {
    fn database(&self) -> &str {
        self.database.as_deref().unwrap_or("sqlite://hoithi.db")
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the contest until Ctrl-C. The first start prints a link to make the first organizer's account.
    Serve(serve::Args),
    /// Serve a rehearsal with invented people on a database of its own. It prints entry links for every role.
    Demo(demo::Args),
    /// List, create and show contests.
    #[command(subcommand)]
    Contest(contest::Action),
    /// Read teams or questions from an Excel or CSV file into a contest, all of it or nothing.
    #[command(subcommand)]
    Import(import::Action),
    /// Write the published board or the ledger of a contest to the standard output.
    #[command(subcommand)]
    Export(export::Action),
    /// Walk the hash chain of the ledgers, replay them, and name the first bad entry.
    Verify(verify::Args),
    /// Copy the database to a file, also while it is being served.
    Backup(backup::BackupArgs),
    /// Put a backup in the place of the database. The present state is copied first.
    Restore(backup::RestoreArgs),
    /// Add and list organizers' accounts, and set their passwords.
    #[command(subcommand)]
    User(user::Action),
}

/// Reads the arguments and does what they say.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let serves = matches!(cli.command, Command::Serve(_) | Command::Demo(_));
    let quiet = if serves { "info" } else { "warn" };
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(quiet)))
        .with_writer(std::io::stderr)
        .init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("hoithi: {error}");
            return ExitCode::FAILURE;
        }
    };
    let lang = cli.common.lang;
    match runtime.block_on(run(cli)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if let Some(words) = failure.words(lang) {
                eprintln!("hoithi: {words}");
            }
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<(), Failure> {
    let common = cli.common;
    match cli.command {
        Command::Serve(args) => serve::run(&common, args).await,
        Command::Demo(args) => demo::run(&common, args).await,
        Command::Contest(action) => contest::run(&common, action).await,
        Command::Import(action) => import::run(&common, action).await,
        Command::Export(action) => export::run(&common, action).await,
        Command::Verify(args) => verify::run(&common, args).await,
        Command::Backup(args) => backup::backup(&common, args).await,
        Command::Restore(args) => backup::restore(&common, args).await,
        Command::User(action) => user::run(&common, action).await,
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_make_sense_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_database_may_be_named_before_or_after_the_command() {
        for line in [
            ["hoithi", "--database", "sqlite://a.db", "contest", "list"],
            ["hoithi", "contest", "list", "--database", "sqlite://a.db"],
        ] {
            let cli = Cli::try_parse_from(line).unwrap();
            assert_eq!(cli.common.database(), "sqlite://a.db");
        }
    }
}
