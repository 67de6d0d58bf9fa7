//! What can be followed as server-sent events, and by whom.

use app::backend::Visit;
use app::error::AppError;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use contest::audience::{Audience, pulse};
use contest::{Actor, ContestId, Moment};
use serde_json::json;

use super::answer::Failure;
use super::session::Visitor;
use super::stream::Stream;
use super::{Door, contest_id};
use crate::desk::House;
use crate::hub::{Producer, Subject};

/// `GET /api/contests/{id}/board/events`: the board as the visitor may see it.
pub(super) async fn board_events(
    State(door): State<Door>,
    Path(id): Path<String>,
    Visitor(visit): Visitor,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let id = contest_id(&id)?;
    let contest = door.house.load(&id).await?;
    let audience = Audience::of(&contest, &visit.actor_in(&id));
    let session = visit.session.filter(|_| audience != Audience::Public);
    Ok(stream(&door, &id, Subject::Board(audience), session, &headers))
}

/// `GET /api/contests/{id}/staff/events`: "look again", for the exam console.
pub(super) async fn staff_events(
    State(door): State<Door>,
    Path(id): Path<String>,
    Visitor(visit): Visitor,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let id = contest_id(&id)?;
    door.house.staff(&visit, &id).await?;
    Ok(stream(&door, &id, Subject::Staff, visit.session, &headers))
}

/// `GET /api/thi/events`: the pulse of the contest that the contestant takes part in.
pub(super) async fn tablet_events(
    State(door): State<Door>,
    Visitor(visit): Visitor,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let id = contest_of_contestant(&visit)?;
    Ok(stream(&door, id, Subject::Pulse, visit.session.clone(), &headers))
}

/// The contest of a contestant; nobody else has business at the tablet's routes.
pub(super) fn contest_of_contestant(visit: &Visit) -> Result<&ContestId, AppError> {
    match (visit.actor, &visit.contest) {
        (Actor::Contestant { .. }, Some(id)) => Ok(id),
        (Actor::Public, _) => Err(AppError::SignIn),
        _ => Err(AppError::Forbidden),
    }
}

fn stream(
    door: &Door,
    contest: &ContestId,
    subject: Subject,
    session: Option<String>,
    headers: &HeaderMap,
) -> Response {
    let subscription = door.house.hub.subscribe(contest, subject, &door.producer);
    Stream::new(subscription, door.house.clone(), session, headers).into_response()
}

/// What the streams show.
#[async_trait::async_trait]
impl Producer for House {
    async fn produce(&self, id: &ContestId, subject: Subject) -> Result<(u64, Vec<u8>), AppError> {
        let contest = self.load(id).await?;
        let view = match subject {
            Subject::Board(audience) => serde_json::to_vec(&*self.board_for(&contest, audience).await?),
            Subject::Pulse => serde_json::to_vec(&pulse(&contest)),
            // The number makes every change another view, whatever it was that changed.
            Subject::Staff => serde_json::to_vec(&json!({ "seq": contest.seq, "at": self.now() })),
        };
        let view = view.map_err(|error| {
            tracing::error!(%error, "a view has no JSON form");
            AppError::Internal
        })?;
        Ok((contest.seq, view))
    }

    fn now(&self) -> Moment {
        self.clock.now()
    }
}
