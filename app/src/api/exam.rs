//! The exam without scripts: one question a page, saved when the page is turned.

use contest::{
    attempt::{Answer, Outcome},
    audience::Stage,
    question::Choice,
};
use leptos::prelude::*;

use super::act;
use crate::backend::{Packet, house, visit};
use crate::error::AppError;

/// A second tablet may answer the same question in the same moment; then ours goes on top.
const TRIES: u32 = 3;

/// Saves the answer to one question and turns to the page `to`: a place, or `nop` to hand in.
///
/// An old page that is sent once more does no harm: the same choice is no news, and a page of
/// another attempt only leads to where the contestant stands now.
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
        let Stage::Writing {
            attempt: own,
            sheet,
            held,
            ..
        } = sitting.stage
        else {
            return Ok("/thi".to_owned());
        };
        let Some(shown) = sheet
            .questions
            .get(usize::from(question))
            .filter(|_| own == attempt)
        else {
            return Ok("/thi".to_owned());
        };
        let held = held.get(&question);
        let (mut revision, old) = held.map_or((0, Choice::BLANK), |held| (held.revision, held.choice));
        let new = match clear {
            Some(_) => Choice::BLANK,
            // Radio buttons that nobody touched send nothing, and that is no answer.
            None if choice.is_empty() && !shown.many => old,
            None => Choice::of(&choice),
        };
        for _ in 0..TRIES {
            if new == old {
                break;
            }
            revision += 1;
            let answer = Answer {
                question,
                revision,
                choice: new,
                chosen_at: sitting.now,
            };
            let packet = Packet {
                attempt,
                answers: vec![answer],
                ..Packet::default()
            };
            let saved = house().save(&visit, packet).await?;
            match saved.receipts.first().map(|receipt| receipt.outcome) {
                Some(Outcome::Superseded {
                    revision: held,
                    choice,
                }) if choice != new => revision = held,
                _ => break,
            }
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

/// Hands the paper in.
#[server(prefix = "/api/fn", endpoint = "hand_in_plain")]
pub async fn hand_in_plain(attempt: i64) -> Result<(), AppError> {
    act(async move {
        house().hand_in(&visit(), attempt).await?;
        Ok("/thi".to_owned())
    })
    .await
}
