//! The one error of the face: a code with its facts; pages choose the words.

use contest::Refusal;
use leptos::prelude::*;
use leptos::server_fn::{codec::JsonEncoding, error::FromServerFnError};
use serde::{Deserialize, Serialize};

/// Why a page or an act could not be served.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "error", rename_all = "snake_case")]
pub enum AppError {
    /// Nobody is signed in, or the session has ended. 401.
    #[error("sign in first")]
    SignIn,
    /// The secretary has moved the person to another device. 401.
    #[error("moved to another device")]
    Moved,
    /// Somebody is, but he may not. 403.
    #[error("not allowed")]
    Forbidden,
    /// 404.
    #[error("there is no such thing")]
    NotFound,
    /// The rules say no. 409; [`Refusal::NotAllowed`] 403, an invalid field 422.
    #[error(transparent)]
    Refused { refusal: Refusal },
    /// The page was made before something changed; look again. 409.
    #[error("the page is stale")]
    Stale,
    /// No person has this code. 401.
    #[error("unknown code")]
    WrongCode,
    /// The code is good, but in use on another device; the secretary can move it. 409.
    #[error("in use on another device")]
    DeviceTaken,
    /// User name or password is wrong. 401.
    #[error("wrong user name or password")]
    WrongPassword,
    /// Too many attempts; again in so many seconds. 429.
    #[error("too many attempts")]
    Limited { seconds: u32 },
    /// A database constraint, by name (`account_name_taken`, `person_sbd_taken`, `question_text_taken`). 409.
    /// Or what still holds the thing in its place: `team_has_members`, `person_has_attempt`, `judge_on_panel`.
    #[error("taken: {constraint}")]
    Taken { constraint: String },
    /// A field of a form is empty, too long or otherwise not what it must be. 422.
    #[error("field {field} is not right")]
    BadField { field: String },
    /// The upload is no image that can be shown. 422.
    #[error("not an image")]
    BadImage,
    /// No browser waits to become a screen under these letters. 404.
    #[error("no screen waits under these letters")]
    WrongLetters,
    /// The field of a long form by its name on the wire (`rounds[1][rubric][0][step]`). 422.
    #[error("{place} is not right: {fault:?}")]
    Misplaced {
        place: String,
        fault: contest::refusal::Fault,
        /// What was typed there, where the form itself is not kept.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        text: String,
    },
    /// The upload is larger than the bound. 413.
    #[error("too large")]
    TooLarge,
    /// The words on the wire could not be read. 400.
    #[error("bad request: {detail}")]
    BadRequest { detail: String },
    /// Something failed on our side; the log knows what. 500.
    #[error("internal error")]
    Internal,
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused { refusal }
    }
}

impl AppError {
    /// The HTTP status that goes with it.
    pub fn status(&self) -> u16 {
        match self {
            Self::SignIn | Self::Moved | Self::WrongCode | Self::WrongPassword => 401,
            Self::Forbidden
            | Self::Refused {
                refusal: Refusal::NotAllowed,
            } => 403,
            Self::NotFound | Self::WrongLetters => 404,
            Self::Refused {
                refusal: Refusal::Invalid { .. } | Refusal::ReasonNeeded,
            }
            | Self::BadField { .. }
            | Self::BadImage
            | Self::Misplaced { .. } => 422,
            Self::Refused { .. } | Self::Stale | Self::DeviceTaken | Self::Taken { .. } => 409,
            Self::Limited { .. } => 429,
            Self::TooLarge => 413,
            Self::BadRequest { .. } => 400,
            Self::Internal => 500,
        }
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(detail)
            | ServerFnErrorErr::MissingArg(detail)
            | ServerFnErrorErr::Deserialization(detail) => Self::BadRequest { detail },
            _ => Self::Internal,
        }
    }
}
