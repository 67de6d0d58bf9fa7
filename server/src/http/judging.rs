//! The JSON routes of judges' tablets and of the panel's desk.

use std::collections::BTreeMap;

use app::backend::{Contests, Judging, MarkReceipt, MarkSent, Visit};
use app::error::AppError;
use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use contest::stage::StageAct;
use contest::stage_view::PanelView;
use contest::{Actor, Command, ContestId, Moment, PersonId, RoundId, TeamId};
use serde::{Deserialize, Serialize};

use super::answer::{Failure, json};
use super::session::Visitor;
use super::tablet::read;
use super::{Door, contest_id, guard};

/// Which sheet a judge asks for; without words the one of the team on stage.
#[derive(Deserialize)]
pub(super) struct Asked {
    round: Option<RoundId>,
    team: Option<TeamId>,
}

/// A packet of marks as a tablet sends it.
#[derive(Deserialize)]
struct Packet {
    round: RoundId,
    team: TeamId,
    /// The performance that the tablet shows.
    run: Option<u32>,
    marks: Vec<MarkSent>,
}

/// What became of a packet.
#[derive(Serialize)]
struct Kept {
    receipts: Vec<MarkReceipt>,
    /// The server's clock.
    now: Moment,
}

#[derive(Deserialize)]
struct Remark {
    round: RoundId,
    team: TeamId,
    run: Option<u32>,
    /// Counts the changes of the remark on the tablet, from 1.
    #[serde(rename = "r")]
    revision: u32,
    text: String,
}

#[derive(Deserialize)]
struct HandIn {
    round: RoundId,
    team: TeamId,
    run: Option<u32>,
}

/// It has been recorded.
#[derive(Serialize)]
struct Done {
    /// The ledger's last number.
    seq: u64,
    now: Moment,
}

/// The panel's desk with the judges' names.
#[derive(Serialize)]
struct Desk {
    panel: PanelView,
    names: BTreeMap<PersonId, String>,
}

/// The contest of a judge; nobody else has business at his tablet's routes.
fn contest_of_judge(visit: &Visit) -> Result<&ContestId, AppError> {
    match (visit.actor, &visit.contest) {
        (Actor::Judge { .. }, Some(id)) => Ok(id),
        (Actor::Public, _) => Err(AppError::SignIn),
        _ => Err(AppError::Forbidden),
    }
}

/// `GET /api/cham?round=&team=`: the judge's list and one of his sheets.
pub(super) async fn sheet(
    State(door): State<Door>,
    Visitor(visit): Visitor,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Failure> {
    contest_of_judge(&visit)?;
    let Query(asked) = asked.map_err(|error| AppError::BadRequest {
        detail: error.body_text(),
    })?;
    Ok(json(
        &door.house.judge_view(&visit, asked.round, asked.team).await?,
    ))
}

/// `POST /api/cham/marks`: durable when it answers; each mark is answered for itself.
pub(super) async fn marks(
    State(door): State<Door>,
    Visitor(visit): Visitor,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    guard::check_origin(&door, &headers)?;
    contest_of_judge(&visit)?;
    let Packet {
        round,
        team,
        run,
        marks,
    } = read(&body)?;
    let receipts = door.house.save_marks(&visit, round, team, run, marks).await?;
    let now = door.house.now();
    Ok(json(&Kept { receipts, now }))
}

/// `POST /api/cham/remark`.
pub(super) async fn remark(
    State(door): State<Door>,
    Visitor(visit): Visitor,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    guard::check_origin(&door, &headers)?;
    let id = contest_of_judge(&visit)?;
    let Remark {
        round,
        team,
        run,
        revision,
        text,
    } = read(&body)?;
    let act = StageAct::SetRemark {
        team,
        run,
        revision,
        text,
    };
    done(&door, &visit, id, round, act).await
}

/// `POST /api/cham/hand-in`: locks the sheet.
pub(super) async fn hand_in(
    State(door): State<Door>,
    Visitor(visit): Visitor,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    guard::check_origin(&door, &headers)?;
    let id = contest_of_judge(&visit)?;
    let HandIn { round, team, run } = read(&body)?;
    let act = StageAct::HandInSheet { team, run };
    done(&door, &visit, id, round, act).await
}

/// From a judge's own sheet: nobody overtakes him there.
async fn done(
    door: &Door,
    visit: &Visit,
    id: &ContestId,
    round: RoundId,
    act: StageAct,
) -> Result<Response, Failure> {
    let command = Command::Stage {
        round,
        act,
        seen: None,
    };
    let seq = door.house.execute(visit, id, command).await?;
    let now = door.house.now();
    Ok(json(&Done { seq, now }))
}

/// `GET /api/contests/{id}/stage/{round}`: for the staff and the round's chief judge.
pub(super) async fn panel(
    State(door): State<Door>,
    Path((id, round)): Path<(String, String)>,
    Visitor(visit): Visitor,
) -> Result<Response, Failure> {
    let id = contest_id(&id)?;
    let round: RoundId = round.parse().map(RoundId).map_err(|_| AppError::NotFound)?;
    let (panel, names) = door.house.panel_view(&visit, &id, round).await?;
    Ok(json(&Desk { panel, names }))
}
