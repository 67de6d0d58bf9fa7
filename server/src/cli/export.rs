//! `hoithi export`.

use clap::{Subcommand, ValueEnum};
use contest::audience::{Audience, Board};

use super::{Common, Failure, desk};
use crate::store::ledger;

/// What to write.
#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// Write the board as the public sees it.
    Board {
        /// Which contest. Not needed where there is only one.
        #[arg(long)]
        contest: Option<String>,
        /// The form: JSON as the web has it, or CSV for a spreadsheet.
        #[arg(long, value_enum, default_value_t = Form::Json)]
        format: Form,
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
        Action::Board { contest, format } => {
            let contest = desk::one_contest(&house, contest.as_deref()).await?;
            let board = house.board_for(&contest, Audience::Public).await?;
            match format {
                Form::Json => tell!("{}", serde_json::json!(*board)),
                Form::Csv => tell!("{}", csv_of(&board).trim_end()),
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

/// A line for each team. The mark of byte order makes Excel read Vietnamese.
fn csv_of(board: &Board) -> String {
    let mut header = vec!["rank".to_owned(), "team".to_owned(), "unit".to_owned()];
    header.extend(board.rounds.iter().map(|round| plain(&round.name)));
    header.push("total".to_owned());
    let rows = board.rows.iter().map(|row| {
        let points = |points: Option<contest::Points>| points.map(|p| p.english()).unwrap_or_default();
        let mut cells = vec![
            row.rank.map(|rank| rank.to_string()).unwrap_or_default(),
            plain(&row.name),
            plain(&row.unit),
        ];
        cells.extend(row.marks.iter().map(|mark| points(*mark)));
        cells.push(points(row.total));
        cells
    });
    let mut writer = csv::Writer::from_writer(Vec::new());
    for record in std::iter::once(header).chain(rows) {
        // Writing to memory does not fail.
        let _ = writer.write_record(record);
    }
    let text = writer.into_inner().unwrap_or_default();
    format!("\u{feff}{}", String::from_utf8_lossy(&text))
}

/// A name that a spreadsheet does not take for a formula.
fn plain(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_stays_a_name() {
        assert_eq!(plain("=cmd|' /C calc'!A0"), "'=cmd|' /C calc'!A0");
        assert_eq!(plain("Xã Bình Mỹ"), "Xã Bình Mỹ");
    }
}
