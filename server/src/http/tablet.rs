//! The tablet's JSON routes: the hot path. No page, no form, no layer between the socket and the desk.

use app::backend::{Packet, Tablet};
use app::error::AppError;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::answer::{Failure, json};
use super::session::Visitor;
use super::{Door, guard};

#[derive(Deserialize)]
struct HandIn {
    attempt: i64,
}

/// `GET /api/thi`: the contestant's paper, answers and time.
pub(super) async fn sitting(State(door): State<Door>, Visitor(visit): Visitor) -> Result<Response, Failure> {
    Ok(json(&door.house.sitting(&visit).await?))
}

/// `POST /api/thi/answers`: durable when it answers.
pub(super) async fn answers(
    State(door): State<Door>,
    Visitor(visit): Visitor,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    guard::check_origin(&door, &headers)?;
    door.house.contestant(&visit).await?;
    let packet: Packet = read(&body)?;
    Ok(json(&door.house.save(&visit, packet).await?))
}

/// `POST /api/thi/hand-in`.
pub(super) async fn hand_in(
    State(door): State<Door>,
    Visitor(visit): Visitor,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    guard::check_origin(&door, &headers)?;
    door.house.contestant(&visit).await?;
    let HandIn { attempt } = read(&body)?;
    Ok(json(&door.house.hand_in(&visit, attempt).await?))
}

pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, AppError> {
    serde_json::from_slice(body).map_err(|error| AppError::BadRequest {
        detail: error.to_string(),
    })
}

/// An unreadable or oversized body, told as every other error is.
pub(super) async fn told_in_json(response: Response) -> Response {
    match response.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Failure(AppError::TooLarge).into_response(),
        _ => response,
    }
}
