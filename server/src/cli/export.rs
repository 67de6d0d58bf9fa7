//! `hoithi export`.

use std::path::PathBuf;

use app::words::Locale;
use app::words_of;
use clap::{Subcommand, ValueEnum};
use contest::Contest;
use contest::audience::Audience;
use contest::freeze::{NotFinal, not_final};

use super::{Common, Failure, desk};
use crate::export::Standings;
use crate::store::ledger;

/// What to write.
#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// Write the board as the public sees it. JSON says itself why it is not final; CSV is refused then.
    Board {
        /// Which contest. Not needed where there is only one.
        #[arg(long)]
        contest: Option<String>,
        /// The form: JSON as the web has it, or CSV for a spreadsheet.
        #[arg(long, value_enum, default_value_t = Form::Json)]
        format: Form,
        /// Write CSV although it is not final, marked as a draft.
        #[arg(long)]
        draft: bool,
    },
    /// Write the standings as the committee has them. Refused with every reason while they are not final.
    Standings {
        /// An Excel workbook (`.xlsx`) or CSV (any other name); without it CSV goes to the standard output.
        file: Option<PathBuf>,
        /// Which contest. Not needed where there is only one.
        #[arg(long)]
        contest: Option<String>,
        /// Write them although they are not final, marked as a draft.
        #[arg(long)]
        draft: bool,
    },
    /// Write the ledger, an entry a line, each as JSON with its hash.
    Ledger {
        /// Which contest. Not needed where there is only one.
        #[arg(long)]
        contest: Option<String>,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Form {
    Json,
    Csv,
}

pub(super) async fn run(common: &Common, action: Action) -> Result<(), Failure> {
    let house = desk::open(common).await?;
    match action {
        Action::Board {
            contest,
            format,
            draft,
        } => {
            let contest = desk::one_contest(&house, contest.as_deref()).await?;
            let board = house.board_for(&contest, Audience::Public).await?;
            match format {
                Form::Json => {
                    let mut json = serde_json::json!(*board);
                    json["not_final"] = serde_json::json!(not_final(&contest));
                    tell!("{json}");
                }
                Form::Csv => {
                    let table = Standings::of_board(&contest, &board, common.lang, draft)
                        .map_err(|why| refused(common.lang, &contest, &why))?;
                    tell!("{}", table.csv().trim_end());
                }
            }
        }
        Action::Standings { file, contest, draft } => {
            let contest = desk::one_contest(&house, contest.as_deref()).await?;
            let table = Standings::of(&contest, common.lang, draft)
                .map_err(|why| refused(common.lang, &contest, &why))?;
            match file {
                None => tell!("{}", table.csv().trim_end()),
                Some(file) => {
                    let workbook = file
                        .extension()
                        .is_some_and(|end| end.eq_ignore_ascii_case("xlsx"));
                    let bytes = if workbook {
                        let packed = table.xlsx();
                        packed.map_err(|why| Failure::CannotPack(why.to_string()))?
                    } else {
                        table.csv().into_bytes()
                    };
                    std::fs::write(&file, bytes).map_err(|why| Failure::CannotWrite(file, why))?;
                }
            }
        }
        Action::Ledger { contest } => {
            let contest = desk::one_contest(&house, contest.as_deref()).await?;
            for entry in ledger::tail(house.store.read(), &contest.id, 0).await? {
                // The bytes of the body are what the hash is of: they go out as they are.
                tell!("{{\"hash\":\"{}\",\"entry\":{}}}", entry.hash, entry.body);
            }
        }
    }
    house.close().await;
    Ok(())
}

fn refused(lang: Locale, contest: &Contest, why: &[NotFinal]) -> Failure {
    let words = why.iter().map(|why| words_of::not_final(lang, why, contest));
    Failure::NotFinal(words.collect())
}
