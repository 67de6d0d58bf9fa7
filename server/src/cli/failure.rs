//! Why a command was refused, in words.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use app::error::AppError;
use app::words::{Locale, td_string};
use app::words_of;
use contest::ContestId;

use crate::SiteError;
use crate::config::Kind;
use crate::desk::OpenError;
use crate::store::StoreError;

/// Every way in which a command can fail. The exit code is 1.
#[derive(Debug)]
pub(super) enum Failure {
    /// The command has told it all already.
    Told,
    NoDatabase(String),
    Newer,
    WrongKind {
        found: Kind,
    },
    CannotOpen(String),
    CannotListen(SocketAddr, io::Error),
    CannotRead(PathBuf, io::Error),
    CannotWrite(PathBuf, io::Error),
    NoContest(String),
    WhichContest(usize),
    NoAccount,
    NoSuchAccount(String),
    UnknownTemplate(String),
    FileExists(PathBuf),
    /// A tool of PostgreSQL is not installed; the command that would do it.
    NoTool(&'static str, String),
    ToolFailed(&'static str, String),
    NotABackup(PathBuf, String),
    StillServed,
    /// Every reason why the standings are not final.
    NotFinal(Vec<String>),
    CannotPack(String),
    /// The house said no.
    Refused(AppError),
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        Self::Refused(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Newer => Self::Newer,
            StoreError::Refused(error) => Self::Refused(error),
            error => Self::CannotOpen(error.to_string()),
        }
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        StoreError::from(error).into()
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Store(error) => error.into(),
            OpenError::Kind { found, .. } => Self::WrongKind { found },
        }
    }
}

impl From<SiteError> for Failure {
    fn from(error: SiteError) -> Self {
        match error {
            SiteError::Listen { addr, source } => Self::CannotListen(addr, source),
            SiteError::Open(error) => error.into(),
        }
    }
}

impl Failure {
    /// The failure about the contest that an argument names.
    pub(super) fn no_contest(id: &ContestId) -> Self {
        Self::NoContest(id.to_string())
    }

    /// What to tell, if anything is left to tell.
    pub(super) fn words(self, lang: Locale) -> Option<String> {
        let file = |path: PathBuf| path.display().to_string();
        Some(match self {
            Self::Told => return None,
            Self::NoDatabase(database) => td_string!(lang, cli.no_database, database = database),
            Self::Newer => td_string!(lang, cli.newer).to_string(),
            Self::WrongKind { found: Kind::Real } => td_string!(lang, cli.wrong_kind_real).to_string(),
            Self::WrongKind { found: Kind::Demo } => td_string!(lang, cli.wrong_kind_demo).to_string(),
            Self::CannotOpen(why) => td_string!(lang, cli.cannot_open, why = why),
            Self::CannotListen(addr, why) => {
                td_string!(
                    lang,
                    cli.cannot_listen,
                    addr = addr.to_string(),
                    why = why.to_string()
                )
            }
            Self::CannotRead(path, why) => {
                td_string!(lang, cli.cannot_read, file = file(path), why = why.to_string())
            }
            Self::CannotWrite(path, why) => {
                td_string!(lang, cli.cannot_write, file = file(path), why = why.to_string())
            }
            Self::NoContest(id) => td_string!(lang, cli.no_contest, id = id),
            Self::WhichContest(n) => td_string!(lang, cli.which_contest, n = n),
            Self::NoAccount => td_string!(lang, cli.no_account).to_string(),
            Self::NoSuchAccount(name) => td_string!(lang, cli.no_such_account, name = name),
            Self::UnknownTemplate(name) => {
                let known = contest::template::Template::ALL.map(|template| template.as_str());
                td_string!(lang, cli.unknown_template, name = name, known = known.join(", "))
            }
            Self::FileExists(path) => td_string!(lang, cli.file_exists, file = file(path)),
            Self::NoTool(tool, command) => {
                format!("{}\n  {command}", td_string!(lang, cli.no_pg_tool, tool = tool))
            }
            Self::ToolFailed(tool, status) => td_string!(lang, cli.pg_failed, tool = tool, status = status),
            Self::NotABackup(path, why) => td_string!(lang, cli.not_a_backup, file = file(path), why = why),
            Self::NotFinal(reasons) => {
                let lines = reasons.iter().map(|why| format!("\n  - {why}"));
                format!("{}{}", td_string!(lang, cli.not_final), lines.collect::<String>())
            }
            Self::CannotPack(why) => why,
            Self::StillServed => td_string!(lang, cli.still_served).to_string(),
            Self::Refused(error) => {
                let why = words_of::error(lang, &error);
                td_string!(lang, cli.refused, why = why)
            }
        })
    }
}
