//! The exam without scripts: one question a page, saved when the page is turned.

use contest::{
    Moment,
    attempt::{Answer, Outcome},
    audience::Stage,
    question::Choice,
};
use leptos::prelude::*;

use super::act;
use crate::backend::{Packet, Visit, house, visit};
use crate::error::AppError;

/// A second tablet may answer the same question in the same moment; then ours goes on top.
const TRIES: u32 = 3;

/// Where a contestant stands.
const PAGE: &str = "/thi";

/// Saves the answer to one question and turns to the page `to`: a place, or `nop` to hand in.
///
/// An old page that is sent once more does no harm: the same choice is no news, and one that comes late is
/// kept as late. It leads to where the contestant stands now.
#[server(prefix = "/api/fn", endpoint = "answer_plain")]
pub async fn answer_plain(
    attempt: i64,
    question: u16,
    #[server(default)] choice: Vec<u8>,
    #[server(default)] clear: Option<String>,
    #[server(default)] to: Option<String>,
) -> Result<(), AppError> {
    act(async move {
        let visit = visit();
        let sitting = house().sitting(&visit).await?;
        let (shown, held) = match sitting.stage {
            Stage::Writing {
                attempt: own,
                sheet,
                held,
                ..
            } if own == attempt => {
                let shown = sheet.questions.get(usize::from(question)).map(|shown| shown.many);
                (shown, held.get(&question).copied())
            }
            // The paper has been collected, or another one lies there.
            _ => (None, None),
        };
        let Some(many) = shown else {
            let choice = match clear {
                Some(_) => Choice::BLANK,
                None if choice.is_empty() => return Ok(PAGE.to_owned()),
                None => Choice::of(&choice),
            };
            return late(&visit, attempt, question, choice, sitting.now).await;
        };
        let (revision, old) = held.map_or((0, Choice::BLANK), |held| (held.revision, held.choice));
        let new = match clear {
            Some(_) => Choice::BLANK,
            // Radio buttons that nobody touched send nothing, and that is no answer.
            None if choice.is_empty() && !many => old,
            None => Choice::of(&choice),
        };
        if new != old {
            put(&visit, attempt, question, revision, new, sitting.now).await?;
        }
        Ok(match to.as_deref() {
            Some("nop") => format!("/thi?nop=1&cau={}", question + 1),
            Some(to) => format!(
                "/thi?cau={}",
                to.parse::<u16>().unwrap_or(question).saturating_add(1)
            ),
            None => format!("/thi?cau={}", question + 1),
        })
    })
    .await
}

/// Saves a choice on top of `revision`.
async fn put(
    visit: &Visit,
    attempt: i64,
    question: u16,
    mut revision: u32,
    choice: Choice,
    now: Moment,
) -> Result<(), AppError> {
    for _ in 0..TRIES {
        revision += 1;
        let answer = Answer {
            question,
            revision,
            choice,
            chosen_at: now,
        };
        let packet = Packet {
            attempt,
            answers: vec![answer],
            ..Packet::default()
        };
        let saved = house().save(visit, packet).await?;
        match saved.receipts.first().map(|receipt| receipt.outcome) {
            Some(Outcome::Superseded {
                revision: held,
                choice: stands,
            }) if stands != choice => revision = held,
            _ => break,
        }
    }
    Ok(())
}

/// An answer from a page that is no longer on his table: within the grace it counts, else it is kept and
/// flagged, and his receipt says so. Nothing that he has chosen is dropped.
async fn late(
    visit: &Visit,
    attempt: i64,
    question: u16,
    choice: Choice,
    now: Moment,
) -> Result<String, AppError> {
    match put(visit, attempt, question, 0, choice, now).await {
        // Not his paper, or one that is not there any more: an old page out of the browser's memory.
        Ok(()) | Err(AppError::Forbidden | AppError::Refused { .. } | AppError::BadRequest { .. }) => {
            Ok(PAGE.to_owned())
        }
        Err(error) => Err(error),
    }
}

/// Hands the paper in.
#[server(prefix = "/api/fn", endpoint = "hand_in_plain")]
pub async fn hand_in_plain(attempt: i64) -> Result<(), AppError> {
    act(async move {
        house().hand_in(&visit(), attempt).await?;
        Ok(PAGE.to_owned())
    })
    .await
}
