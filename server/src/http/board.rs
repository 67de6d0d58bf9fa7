//! The board as JSON, for anyone who wants to show it elsewhere.

use app::backend::{Contests, Visit};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::answer::{Failure, json_bytes};
use super::session::Visitor;
use super::{Door, contest_id};
use crate::hub::hash;

/// `?public=1`: what the hall sees, whoever asks. For the projector of a signed-in organizer.
#[derive(Debug, Deserialize)]
pub(super) struct Seen {
    public: Option<String>,
}

impl Seen {
    /// The visitor as whom the board is looked at.
    pub(super) fn by(self, visit: Visit) -> Visit {
        if self.public.is_some() {
            visit.as_public()
        } else {
            visit
        }
    }
}

/// `GET /api/contests/{id}/board.json`: exactly the view of the stream, to this visitor.
pub(super) async fn board_json(
    State(door): State<Door>,
    Path(id): Path<String>,
    Query(seen): Query<Seen>,
    Visitor(visit): Visitor,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let visit = seen.by(visit);
    let board = door.house.board(&visit, &contest_id(&id)?).await?;
    let body = serde_json::to_vec(&*board).map_err(|error| {
        tracing::error!(%error, "a board has no JSON form");
        app::error::AppError::Internal
    })?;
    // The stream's hash of the same view, so that who polls can tell whether it has changed.
    let tag = format!("\"{}\"", hash(&body));
    let known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|tags| tags.to_str().ok());
    let mut response = if known.is_some_and(|tags| tags.contains(&tag)) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        json_bytes(body)
    };
    if let Ok(tag) = HeaderValue::try_from(tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}
