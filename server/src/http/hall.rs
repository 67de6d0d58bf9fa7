//! The JSON routes, files and streams of the hall: screens, their console, the host, the broadcast.

use app::backend::{Halls, NewSession, ScreenDoor, ScreenHealth};
use app::error::AppError;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use contest::{Actor, Digest};
use serde::Serialize;

use super::answer::{Failure, json};
use super::live::stream;
use super::session::{Visitor, has_device, screen_cookie};
use super::tablet::read;
use super::{Door, contest_id, guard};
use crate::desk::cards;
use crate::desk::screens::screen_of;
use crate::hub::Subject;

/// What a browser that wants to be a screen is told.
#[derive(Serialize)]
#[serde(untagged)]
enum DoorTold {
    Waiting { letters: String },
    Claimed { claimed: bool },
}

/// `GET /api/man-hinh`: the letters under which the browser waits, until somebody claims it.
pub(super) async fn door(
    State(door): State<Door>,
    Visitor(visit): Visitor,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    if matches!(visit.actor, Actor::Screen { .. }) {
        return Ok(json(&DoorTold::Claimed { claimed: true }));
    }
    if !has_device(&headers) {
        // Its page gives the browser its name first; without one, every question would be a newcomer's.
        return Err(AppError::BadRequest {
            detail: "this address is for a browser that has opened /man-hinh".into(),
        }
        .into());
    }
    Ok(match door.house.screen_door(&visit).await? {
        ScreenDoor::Waiting { letters } => json(&DoorTold::Waiting { letters }),
        ScreenDoor::Claimed { session } => {
            let NewSession { token, .. } = session;
            let mut response = json(&DoorTold::Claimed { claimed: true });
            let secure = visit.origin.starts_with("https:");
            if let Some(cookie) = screen_cookie(&token, secure) {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            response
        }
    })
}

/// `GET /api/man-hinh/events`: what the screen that asks shows.
pub(super) async fn screen_events(
    State(door): State<Door>,
    Visitor(visit): Visitor,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let (contest, screen) = screen_of(&visit)?;
    let subject = Subject::Screen(screen);
    Ok(stream(&door, contest, subject, visit.session.clone(), &headers))
}

/// `POST /api/man-hinh/health`: the screen's word of itself.
pub(super) async fn screen_health(
    State(door): State<Door>,
    Visitor(visit): Visitor,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    guard::check_origin(&door, &headers)?;
    screen_of(&visit)?;
    let told: ScreenHealth = read(&body)?;
    door.house.screen_health(&visit, told).await?;
    Ok(json(&()))
}

/// `GET /api/contests/{id}/hall/events`: the console of the screens.
pub(super) async fn hall_events(
    State(door): State<Door>,
    Path(id): Path<String>,
    Visitor(visit): Visitor,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let id = contest_id(&id)?;
    door.house.staff(&visit, &id).await?;
    Ok(stream(&door, &id, Subject::Hall, visit.session, &headers))
}

/// `GET /api/contests/{id}/host/events`: the host's page.
pub(super) async fn host_events(
    State(door): State<Door>,
    Path(id): Path<String>,
    Visitor(visit): Visitor,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let id = contest_id(&id)?;
    door.house.may_host(&visit, &id).await?;
    Ok(stream(&door, &id, Subject::Host, visit.session, &headers))
}

/// `GET /api/contests/{id}/overlay.json`.
pub(super) async fn overlay_json(
    State(door): State<Door>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    Ok(json(&door.house.overlay(&contest_id(&id)?).await?))
}

/// `GET /api/contests/{id}/overlay/events`.
pub(super) async fn overlay_events(
    State(door): State<Door>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let id = contest_id(&id)?;
    door.house.load(&id).await?;
    Ok(stream(&door, &id, Subject::Overlay, None, &headers))
}

/// `GET /api/contests/{id}/logos/{hash}`: its content never changes under its name.
pub(super) async fn logo(
    State(door): State<Door>,
    Path((id, hash)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let image = door.house.logo(&contest_id(&id)?, &Digest(hash)).await?;
    let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/png")),
        (header::CACHE_CONTROL, forever),
        SHOWN_ONLY,
    ];
    Ok((headers, image).into_response())
}

/// `GET /api/contests/{id}/qr.svg`: the way to the public page, for cameras.
pub(super) async fn qr(
    State(door): State<Door>,
    Path(id): Path<String>,
    Visitor(visit): Visitor,
) -> Result<Response, Failure> {
    let id = contest_id(&id)?;
    door.house.load(&id).await?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml")),
        SHOWN_ONLY,
    ];
    Ok((headers, cards::qr(&format!("{}/bang/{id}", visit.origin))).into_response())
}

/// Nobody's browser shows it as anything but the image that it is.
const SHOWN_ONLY: (HeaderName, HeaderValue) = (
    header::CONTENT_SECURITY_POLICY,
    HeaderValue::from_static("default-src 'none'; style-src 'none'; sandbox"),
);
