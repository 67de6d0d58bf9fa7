//! Talking to the house: requests with a time limit, and what is read of the answers.

use contest::{
    Moment,
    attempt::{Held, Outcome, Receipt, Timing},
    audience::Slip,
    question::Choice,
};
use js_sys::futures::JsFuture;
use leptos::prelude::{set_timeout, window};
use serde::Deserialize;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{AbortController, Request, RequestInit, Response};

use super::MOVED_AWAY;

/// A request that has not been answered by then hangs on a dead Wi-Fi.
const PATIENCE: Duration = Duration::from_secs(8);

/// What the browser reads of a [`Sitting`](contest::audience::Sitting): all but the paper's words, which
/// stand on the page.
#[derive(Deserialize)]
pub struct Seat {
    pub contest: String,
    pub person: i64,
    pub round: Option<u32>,
    pub stage: SeatStage,
    pub now: Moment,
    pub clock_version: u32,
}

/// The fields of all [`Stage`](contest::audience::Stage)s together, which costs a browser a tenth of
/// reading the enum itself.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct SeatStage {
    /// `waiting`, `writing`, `done`.
    pub stage: String,
    pub attempt: i64,
    pub held: Vec<(u16, Held)>,
    pub deadline: Moment,
    pub paused: bool,
    pub receipt: Option<Slip>,
    pub review: bool,
}

/// What the browser reads of [`Saved`](crate::outbox::Saved).
#[derive(Deserialize)]
pub struct Receipts {
    receipts: Vec<Line>,
    pub now: Moment,
}

#[derive(Deserialize)]
struct Line {
    q: u16,
    r: u32,
    outcome: Said,
}

#[derive(Deserialize)]
struct Said {
    timing: Option<Timing>,
    revision: Option<u32>,
    choice: Option<Choice>,
}

impl Receipts {
    pub fn list(&self) -> Vec<Receipt> {
        let receipt = |line: &Line| {
            let outcome = match line.outcome {
                Said {
                    revision: Some(revision),
                    choice: Some(choice),
                    ..
                } => Outcome::Superseded { revision, choice },
                Said { timing, .. } => Outcome::Saved { timing: timing? },
            };
            Some(Receipt {
                question: line.q,
                revision: line.r,
                outcome,
            })
        };
        self.receipts.iter().filter_map(receipt).collect()
    }
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Not reached, or the house is in trouble: try again.
    Away,
    /// The secretary has moved the person: another device has the session now.
    Moved,
    /// The house does not know this device's session: it has ended, or was never written in the backup
    /// that the house was restored from.
    SignedOut,
    /// The house says no, for good.
    Refused,
}

/// Sends `body` by POST, or asks by GET without one, and reads the answer.
pub async fn fetch(url: &str, body: Option<String>) -> Result<String, Failure> {
    let away = |_| Failure::Away;
    let init = RequestInit::new();
    if let Some(body) = &body {
        init.set_method("POST");
        init.set_body(&body.as_str().into());
    }
    let abort = AbortController::new().map_err(away)?;
    init.set_signal(Some(&abort.signal()));
    set_timeout(move || abort.abort(), PATIENCE);
    let request = Request::new_with_str_and_init(url, &init).map_err(away)?;
    if body.is_some() {
        request
            .headers()
            .set("Content-Type", "application/json")
            .map_err(away)?;
    }
    let answer = JsFuture::from(window().fetch_with_request(&request))
        .await
        .map_err(away)?;
    let answer: Response = answer.unchecked_into();
    match answer.status() {
        // A page that leads elsewhere: to the door.
        _ if answer.redirected() && answer.url().ends_with(MOVED_AWAY) => return Err(Failure::Moved),
        _ if answer.redirected() => return Err(Failure::SignedOut),
        200..300 => {}
        401 => return Err(who_is_out(&answer).await),
        // Asked too often: later.
        429 => return Err(Failure::Away),
        400..500 => return Err(Failure::Refused),
        _ => return Err(Failure::Away),
    }
    let text = JsFuture::from(answer.text().map_err(away)?).await.map_err(away)?;
    text.as_string().ok_or(Failure::Away)
}

/// Why a request has no session behind it.
async fn who_is_out(answer: &Response) -> Failure {
    #[derive(Deserialize)]
    struct Said {
        error: String,
    }
    let Ok(text) = answer.text() else {
        return Failure::Away;
    };
    let Ok(text) = JsFuture::from(text).await else {
        return Failure::Away;
    };
    match serde_json::from_str(&text.as_string().unwrap_or_default()) {
        Ok(Said { error }) if error == "moved" => Failure::Moved,
        _ => Failure::SignedOut,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbox::Saved;
    use contest::audience::{Sitting, Stage};
    use contest::paper::Sheet;
    use std::collections::BTreeMap;

    #[test]
    fn what_the_browser_reads_is_what_the_server_writes() {
        let held = Held {
            revision: 3,
            choice: Choice::only(1),
            timing: Timing::Grace,
        };
        let stage = Stage::Writing {
            attempt: 7,
            sheet: Sheet {
                code: 101,
                questions: Vec::new(),
            },
            held: BTreeMap::from([(4, held)]),
            deadline: 99,
            paused: true,
            grace: 5,
        };
        let sitting = Sitting {
            contest: "hoi-thi".parse().expect("a name"),
            contest_name: String::new(),
            person: contest::PersonId(12),
            name: String::new(),
            sbd: String::new(),
            team: String::new(),
            round: Some(contest::RoundId(2)),
            round_name: String::new(),
            stage,
            now: 50,
            clock_version: 6,
        };
        let text = serde_json::to_string(&sitting).expect("JSON");
        let seat: Seat = serde_json::from_str(&text).expect("a seat");
        assert_eq!(
            (seat.person, seat.round, seat.now, seat.clock_version),
            (12, Some(2), 50, 6)
        );
        assert_eq!(
            (seat.stage.stage.as_str(), seat.stage.attempt, seat.stage.deadline),
            ("writing", 7, 99)
        );
        assert_eq!((seat.stage.held, seat.stage.paused), (vec![(4, held)], true));
    }

    #[test]
    fn receipts_are_read_as_they_are_written() {
        let saved = Outcome::Saved {
            timing: Timing::InTime,
        };
        let superseded = Outcome::Superseded {
            revision: 5,
            choice: Choice::only(2),
        };
        let receipts: Vec<Receipt> = [saved, superseded]
            .map(|outcome| Receipt {
                question: 1,
                revision: 2,
                outcome,
            })
            .into();
        let text = serde_json::to_string(&Saved {
            receipts: receipts.clone(),
            now: 9,
        })
        .expect("JSON");
        let read: Receipts = serde_json::from_str(&text).expect("receipts");
        assert_eq!((read.list(), read.now), (receipts, 9));
    }
}
