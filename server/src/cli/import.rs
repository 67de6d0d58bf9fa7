//! `hoithi import`.

use std::path::PathBuf;

use app::backend::{Imports, Upload, UploadKind};
use app::words::{Locale, td_string};
use app::words_of;
use clap::Subcommand;
use contest::intake::{Intake, Problem};
use serde::Serialize;
use serde_json::{Value, json};

use super::{Common, Failure, desk};
use crate::import;

/// What to read.
#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// Read teams and their members.
    Teams(Args),
    /// Read questions with their options, right answers, topics and levels.
    Questions(Args),
}

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The workbook (.xlsx) or text file (.csv). Columns are recognised by their headings.
    file: PathBuf,
    /// The contest to write to. Not needed where there is only one.
    #[arg(long)]
    contest: Option<String>,
    /// Only read and report; needs no database.
    #[arg(long)]
    dry_run: bool,
    /// Print what was read and every problem as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(common: &Common, action: Action) -> Result<(), Failure> {
    match action {
        Action::Teams(args) => {
            let bytes = desk::read_file(&args.file)?;
            let intake = import::teams(&bytes);
            let said = td_string!(common.lang, cli.accepted_teams, n = intake.accepted.len());
            go_on(common, &args, UploadKind::Teams, bytes, &intake, ("teams", said)).await
        }
        Action::Questions(args) => {
            let bytes = desk::read_file(&args.file)?;
            let intake = import::questions(&bytes);
            let said = td_string!(common.lang, cli.accepted_questions, n = intake.accepted.len());
            go_on(
                common,
                &args,
                UploadKind::Questions,
                bytes,
                &intake,
                ("questions", said),
            )
            .await
        }
    }
}

/// Reports; and unless it is a dry run or the file has problems, writes.
async fn go_on<T: Serialize>(
    common: &Common,
    args: &Args,
    kind: UploadKind,
    bytes: Vec<u8>,
    intake: &Intake<T>,
    (list, said): (&str, String),
) -> Result<(), Failure> {
    let lang = common.lang;
    let mut report = report(lang, list, intake);
    if !args.json {
        tell!("{said}");
        tell_problems(lang, &intake.problems);
        for note in &intake.notes {
            tell!("  {}", words_of::note(lang, note));
        }
    }
    let mut applied = None;
    if intake.is_sound() && !args.dry_run {
        applied = Some(write(common, args, kind, bytes).await?);
    }
    if let Some(applied) = &applied {
        report["added"] = json!(applied.added);
        report["unchanged"] = json!(applied.unchanged);
        if !args.json {
            let (added, unchanged) = (applied.added, applied.unchanged);
            tell!(
                "{}",
                td_string!(lang, cli.applied, added = added, unchanged = unchanged)
            );
        }
    }
    if args.json {
        tell!("{report}");
    }
    if intake.is_sound() {
        Ok(())
    } else {
        Err(Failure::Told)
    }
}

async fn write(
    common: &Common,
    args: &Args,
    kind: UploadKind,
    bytes: Vec<u8>,
) -> Result<app::backend::Applied, Failure> {
    let house = desk::open(common).await?;
    let contest = desk::one_contest(&house, args.contest.as_deref()).await?;
    let visit = desk::organizer_of(&contest, common.lang)?;
    let name = args
        .file
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let upload = house
        .upload(&visit, &contest.id, Upload { kind, name, bytes })
        .await?;
    let applied = house.apply(&visit, &contest.id, &upload).await?;
    house.close().await;
    Ok(applied)
}

/// `{"accepted": n, "questions": [..], "problems": [{"place": .., "code": .., "message": ..}]}`.
fn report<T: Serialize>(lang: Locale, list: &str, intake: &Intake<T>) -> Value {
    let problems: Vec<_> = intake
        .problems
        .iter()
        .map(|problem| {
            json!({
                "place": problem.place,
                "code": problem.code,
                "message": words_of::problem(lang, problem),
            })
        })
        .collect();
    let mut report = json!({ "accepted": intake.accepted.len() });
    report[list] = json!(intake.accepted);
    report["problems"] = json!(problems);
    let notes = intake.notes.iter().map(|note| {
        json!({
            "place": note.place(),
            "code": note.as_str(),
            "message": words_of::note(lang, note),
        })
    });
    report["notes"] = notes.collect();
    report
}

fn tell_problems(lang: Locale, problems: &[Problem]) {
    if problems.is_empty() {
        return;
    }
    tell!("{}", td_string!(lang, cli.problems, n = problems.len()));
    for problem in problems {
        let place = match problem.place.as_str() {
            "" => td_string!(lang, cli.whole_file),
            place => place,
        };
        tell!("  {place}: {}", words_of::problem(lang, problem));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_has_what_scripts_look_for() {
        let csv = "Câu hỏi,A,B,Đáp án,Chủ đề,Mức độ\n1 + 1?,2,3,A,Toán,NB\n,2,3,A,Toán,NB\n";
        let intake = import::questions(csv.as_bytes());
        let report = report(Locale::vi, "questions", &intake);
        assert_eq!(report["accepted"], 1);
        let question = &report["questions"][0];
        assert_eq!(question["text"], "1 + 1?");
        assert_eq!(question["options"], json!(["2", "3"]));
        assert_eq!(question["correct"], json!([0]));
        assert_eq!(question["level"], "nhan_biet");
        let problem = &report["problems"][0];
        assert_eq!(problem["code"], "empty_text");
        assert!(problem["message"].as_str().is_some_and(|words| !words.is_empty()));
    }
}
