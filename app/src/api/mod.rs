//! Server functions: what plain forms post to, and islands call.
//!
//! One pattern for all:
//!
//! ```ignore
//! #[server(prefix = "/api/fn", endpoint = "pause_exam")]
//! pub async fn pause_exam(contest: String, round: u32, reason: String) -> Result<(), AppError> {
//!     act(async move {
//!         let id = contest_id(&contest)?;
//!         house().execute(&visit(), &id, Command::PauseExam { round: RoundId(round), reason }).await?;
//!         Ok(paths::exam(&id, round))         // the page to go to
//!     })
//!     .await
//! }
//!
//! <form method="post" action=PauseExam::url()>        // in a page; works without WASM
//!     <ErrorNote form=PauseExam::url() />
//! ```
//!
//! On failure the form's visitor is sent back to the page he came from with the error in the query, where
//! [`ErrorNote`](crate::layout::ErrorNote) finds it; whoever does not ask for HTML gets the error's status.

pub mod accounts;
pub mod contests;
pub mod demo;
pub mod entry;
pub mod exam;
pub mod exams;
pub mod hall;
pub mod imports;
pub mod judging;
pub mod people;
pub mod questions;
pub mod rules;
pub mod session;
pub mod teams;

use std::future::Future;

use contest::ContestId;
use http::{StatusCode, header, request::Parts};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

use crate::error::AppError;

/// Does `work` and sends the visitor to the page that it names.
///
/// # Errors
/// The error of `work`, with its status set on the response.
pub async fn act(work: impl Future<Output = Result<String, AppError>>) -> Result<(), AppError> {
    let page = told(work).await?;
    leptos_axum::redirect(&page);
    Ok(())
}

/// Does `work`; an error sets its status on the response.
///
/// # Errors
/// The error of `work`.
pub async fn told<T>(work: impl Future<Output = Result<T, AppError>>) -> Result<T, AppError> {
    let answer = work.await;
    if let Err(error) = &answer
        && !is_form()
        && let Some(response) = use_context::<ResponseOptions>()
        && let Ok(status) = StatusCode::from_u16(error.status())
    {
        response.set_status(status);
    }
    answer
}

/// Whether the request comes from a plain form: its answer is a redirect, whose status must stand.
fn is_form() -> bool {
    let Some(parts) = use_context::<Parts>() else {
        return false;
    };
    let accept = parts.headers.get(header::ACCEPT).and_then(|v| v.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

/// The page that the form stood on, as path and query without the error of an earlier try, if it
/// was one of ours; else `otherwise`.
pub fn came_from(otherwise: &str) -> String {
    let referer = use_context::<Parts>().and_then(|parts| {
        let referer = parts.headers.get(header::REFERER)?.to_str().ok()?;
        referer.parse::<http::Uri>().ok()
    });
    let Some(path) = referer.as_ref().and_then(http::Uri::path_and_query) else {
        return otherwise.to_owned();
    };
    // "//host" would be another site.
    if path.path().starts_with("//") {
        return otherwise.to_owned();
    }
    let kept: Vec<&str> = path
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("__path=") && !pair.starts_with("__err="))
        .collect();
    if kept.is_empty() {
        path.path().to_owned()
    } else {
        format!("{}?{}", path.path(), kept.join("&"))
    }
}

/// The contest that a form names.
///
/// # Errors
/// [`AppError::NotFound`] for a text that names none.
pub fn contest_id(text: &str) -> Result<ContestId, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}
