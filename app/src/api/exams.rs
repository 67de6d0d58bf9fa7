//! Running an exam round.

use contest::{Command, PersonId, RoundId, question::Choice};
use leptos::prelude::*;

use super::{act, contest_id, contests::bad};
use crate::backend::{house, visit};
use crate::error::AppError;
use crate::layout::paths;

const MINUTE: i64 = 60_000;

/// Builds the papers.
#[server(prefix = "/api/fn", endpoint = "prepare_exam")]
pub async fn prepare_exam(contest: String, round: u32) -> Result<(), AppError> {
    act(async move {
        let (id, round) = (contest_id(&contest)?, RoundId(round));
        house().prepare_exam(&visit(), &id, round).await?;
        Ok(paths::exam(&id, round))
    })
    .await
}

/// Lets contestants begin.
#[server(prefix = "/api/fn", endpoint = "open_exam")]
pub async fn open_exam(contest: String, round: u32) -> Result<(), AppError> {
    let round = RoundId(round);
    done(contest, round, Command::OpenExam { round }).await
}

/// Stops every clock of the round.
#[server(prefix = "/api/fn", endpoint = "pause_exam")]
pub async fn pause_exam(contest: String, round: u32, reason: String) -> Result<(), AppError> {
    let round = RoundId(round);
    done(contest, round, Command::PauseExam { round, reason }).await
}

/// Lets the clocks run on.
#[server(prefix = "/api/fn", endpoint = "resume_exam")]
pub async fn resume_exam(contest: String, round: u32) -> Result<(), AppError> {
    let round = RoundId(round);
    done(contest, round, Command::ResumeExam { round }).await
}

/// Gives one contestant more time.
#[server(prefix = "/api/fn", endpoint = "grant_time")]
pub async fn grant_time(
    contest: String,
    round: u32,
    person: i64,
    minutes: u32,
    reason: String,
) -> Result<(), AppError> {
    let (round, person) = (RoundId(round), PersonId(person));
    let millis = i64::from(minutes) * MINUTE;
    done(
        contest,
        round,
        Command::GrantTime {
            round,
            person,
            millis,
            reason,
        },
    )
    .await
}

/// Lets one contestant's late packets count.
#[server(prefix = "/api/fn", endpoint = "admit_late")]
pub async fn admit_late(contest: String, round: u32, person: i64, reason: String) -> Result<(), AppError> {
    act(async move {
        let (id, round) = (contest_id(&contest)?, RoundId(round));
        house()
            .admit_late(&visit(), &id, round, PersonId(person), reason)
            .await?;
        Ok(paths::exam(&id, round))
    })
    .await
}

/// Ends the round; a reason ends it before its time.
#[server(prefix = "/api/fn", endpoint = "close_exam")]
pub async fn close_exam(
    contest: String,
    round: u32,
    #[server(default)] reason: String,
) -> Result<(), AppError> {
    let round = RoundId(round);
    let reason = Some(reason).filter(|reason| !reason.trim().is_empty());
    done(contest, round, Command::CloseExam { round, reason }).await
}

/// Opens a closed round again for some minutes.
#[server(prefix = "/api/fn", endpoint = "reopen_exam")]
pub async fn reopen_exam(contest: String, round: u32, minutes: u32, reason: String) -> Result<(), AppError> {
    let round = RoundId(round);
    let millis = i64::from(minutes) * MINUTE;
    done(
        contest,
        round,
        Command::ReopenExam {
            round,
            millis,
            reason,
        },
    )
    .await
}

/// Marks every paper.
#[server(prefix = "/api/fn", endpoint = "mark_exam")]
pub async fn mark_exam(contest: String, round: u32) -> Result<(), AppError> {
    act(async move {
        let (id, round) = (contest_id(&contest)?, RoundId(round));
        house().mark_exam(&visit(), &id, round).await?;
        Ok(paths::exam(&id, round))
    })
    .await
}

/// Shows the marks to everybody.
#[server(prefix = "/api/fn", endpoint = "publish_exam")]
pub async fn publish_exam(contest: String, round: u32) -> Result<(), AppError> {
    let round = RoundId(round);
    done(contest, round, Command::PublishExam { round }).await
}

/// Corrects the key of a frozen question. `choice` is a [`choice_word`].
#[server(prefix = "/api/fn", endpoint = "correct_key")]
pub async fn correct_key(
    contest: String,
    round: u32,
    question: u16,
    choice: String,
    reason: String,
) -> Result<(), AppError> {
    act(async move {
        let (id, round) = (contest_id(&contest)?, RoundId(round));
        let correct = choice_named(&choice).ok_or_else(|| bad("correct"))?;
        house()
            .correct_key(&visit(), &id, round, question, correct, reason)
            .await?;
        Ok(paths::corrections(&id, round))
    })
    .await
}

/// A corrected key in addresses and forms: `void`, or the options' letters (`AC`).
pub fn choice_word(choice: Option<Choice>) -> String {
    match choice {
        None => "void".into(),
        Some(choice) => choice.list().into_iter().map(letter).collect(),
    }
}

/// The key of that word; `None` if it is none.
pub fn choice_named(word: &str) -> Option<Option<Choice>> {
    if word == "void" {
        return Some(None);
    }
    let mut places = Vec::new();
    for c in word.chars() {
        places.push((0..8).find(|i| letter(*i) == c)?);
    }
    let choice = Choice::of(&places);
    (!choice.is_blank()).then_some(Some(choice))
}

/// The letter of the option at place `i`.
pub fn letter(i: u8) -> char {
    char::from(b'A' + i.min(25))
}

async fn done(contest: String, round: RoundId, command: Command) -> Result<(), AppError> {
    act(async move {
        let id = contest_id(&contest)?;
        house().execute(&visit(), &id, command).await?;
        Ok(paths::exam(&id, round))
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_a_word_and_back() {
        for choice in [None, Some(Choice::only(0)), Some(Choice::of(&[1, 7]))] {
            assert_eq!(choice_named(&choice_word(choice)), Some(choice));
        }
        assert_eq!(choice_word(Some(Choice::of(&[2, 0]))), "AC");
        for bad in ["", "I", "a", "A1"] {
            assert_eq!(choice_named(bad), None, "{bad}");
        }
    }
}
