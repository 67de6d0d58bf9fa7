//! What can be followed as server-sent events, and by whom.

use app::backend::Visit;
use app::error::AppError;
use app::island::screen::locale;
use app::page::board::rows_of_phones;
use axum::extract::{Path, Query, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use contest::audience::{Audience, pulse};
use contest::screen::Language;
use contest::{Actor, ContestId, Moment, hall_view, stage_view};
use serde::Deserialize;
use serde_json::json;

use super::answer::Failure;
use super::board::Seen;
use super::session::Visitor;
use super::stream::Stream;
use super::{Door, contest_id};
use crate::desk::House;
use crate::desk::showing::json as json_of;
use crate::hub::{Producer, Subject};

/// `GET /api/contests/{id}/board/events`: the board as the visitor may see it.
pub(super) async fn board_events(
    State(door): State<Door>,
    Path(id): Path<String>,
    Query(seen): Query<Seen>,
    Visitor(visit): Visitor,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let id = contest_id(&id)?;
    let visit = seen.by(visit);
    let contest = door.house.load(&id).await?;
    let audience = Audience::of(&contest, &visit.actor_in(&id));
    let session = visit.session.filter(|_| audience != Audience::Public);
    Ok(stream(&door, &id, Subject::Board(audience), session, &headers))
}

/// `?lang=en`: the language of what is drawn here and not by the browser.
#[derive(Debug, Deserialize)]
pub(super) struct Spoken {
    lang: Option<String>,
}

/// `GET /api/contests/{id}/phones/events`: the rows of the public's page, drawn for all phones at once.
pub(super) async fn phone_events(
    State(door): State<Door>,
    Path(id): Path<String>,
    Query(spoken): Query<Spoken>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let id = contest_id(&id)?;
    door.house.load(&id).await?;
    let language = spoken
        .lang
        .and_then(|tag| Language::named(&tag))
        .unwrap_or_default();
    Ok(stream(&door, &id, Subject::Phones(language), None, &headers))
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

/// `GET /api/cham/events`: the pulse of the stage, for a judge and for the staff. Whoever has a code is
/// told of his contest; an organizer says which he means (`?contest=`).
pub(super) async fn stage_events(
    State(door): State<Door>,
    Visitor(visit): Visitor,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let asked = query.as_deref().and_then(|query| query.strip_prefix("contest="));
    let id = match (&visit.contest, visit.actor, asked) {
        (Some(id), ..) => id.clone(),
        (None, Actor::Public, _) => return Err(AppError::SignIn.into()),
        (None, _, asked) => contest_id(asked.unwrap_or_default())?,
    };
    door.house.at_the_stage(&visit, &id).await?;
    Ok(stream(&door, &id, Subject::Stage, visit.session, &headers))
}

/// The contest of a contestant; nobody else has business at the tablet's routes.
pub(super) fn contest_of_contestant(visit: &Visit) -> Result<&ContestId, AppError> {
    match (visit.actor, &visit.contest) {
        (Actor::Contestant { .. }, Some(id)) => Ok(id),
        (Actor::Public, _) => Err(AppError::SignIn),
        _ => Err(AppError::Forbidden),
    }
}

pub(super) fn stream(
    door: &Door,
    contest: &ContestId,
    subject: Subject,
    session: Option<String>,
    headers: &HeaderMap,
) -> Response {
    let subscription = door.house.hub.subscribe(contest, subject, &door.producer);
    Stream::new(
        subscription,
        door.house.clone(),
        session,
        (contest, subject),
        headers,
    )
    .into_response()
}

/// What the streams show.
#[async_trait::async_trait]
impl Producer for House {
    async fn produce(&self, id: &ContestId, subject: Subject) -> Result<(u64, Vec<u8>), AppError> {
        // What is built from the public's board is built from one board for all.
        match subject {
            Subject::Board(Audience::Public) => {
                let (contest, board) = self.shown(id).await?;
                Ok((contest.seq, json_of(&*board)?))
            }
            Subject::Phones(language) => {
                let (contest, board) = self.shown(id).await?;
                Ok((contest.seq, json_of(&rows_of_phones(locale(language), &board))?))
            }
            Subject::Screen(screen) => self.screen_json(id, screen).await,
            Subject::Overlay => {
                let (contest, board) = self.shown(id).await?;
                Ok((contest.seq, json_of(&hall_view::overlay(&contest, &board))?))
            }
            Subject::Hall => {
                let (seq, desk, seen) = self.hall_console(id).await?;
                Ok((seq, json_of(&json!({ "desk": desk, "seen": seen }))?))
            }
            Subject::Board(_) | Subject::Pulse | Subject::Stage | Subject::Staff | Subject::Host => {
                let contest = self.load(id).await?;
                let view = match subject {
                    Subject::Board(audience) => json_of(&*self.board_for(&contest, audience).await?),
                    Subject::Pulse => json_of(&pulse(&contest)),
                    Subject::Stage => json_of(&stage_view::pulse(&contest)),
                    Subject::Host => json_of(&hall_view::host(&contest)),
                    // The number makes every change another view, whatever it was that changed.
                    _ => json_of(&json!({ "seq": contest.seq, "at": self.now() })),
                };
                Ok((contest.seq, view?))
            }
        }
    }

    fn now(&self) -> Moment {
        self.clock.now()
    }
}
