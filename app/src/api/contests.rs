//! A contest as a whole: making it, its details, its organizers, ties.

use contest::{
    Command, TeamId, UserId,
    people::{Details, Layout},
    template::Template,
};
use leptos::prelude::*;

use super::{act, contest_id};
use crate::backend::{house, visit};
use crate::dates;
use crate::error::AppError;
use crate::layout::paths;

/// Makes a contest from a template.
#[server(prefix = "/api/fn", endpoint = "create_contest")]
pub async fn create_contest(
    name: String,
    hosts: String,
    place: String,
    starts_at: String,
    #[server(default)] layout: String,
    template: String,
) -> Result<(), AppError> {
    act(async move {
        let details = details(name, &hosts, place, &starts_at, &layout)?;
        let template = Template::named(&template).ok_or_else(|| bad("template"))?;
        let id = house().create_contest(&visit(), details, template).await?;
        Ok(paths::contest(&id))
    })
    .await
}

/// New words about a contest.
#[server(prefix = "/api/fn", endpoint = "change_details")]
pub async fn change_details(
    contest: String,
    name: String,
    hosts: String,
    place: String,
    starts_at: String,
    #[server(default)] layout: String,
) -> Result<(), AppError> {
    act(async move {
        let id = contest_id(&contest)?;
        let details = details(name, &hosts, place, &starts_at, &layout)?;
        house()
            .execute(&visit(), &id, Command::ChangeDetails { details })
            .await?;
        Ok(paths::contest(&id))
    })
    .await
}

/// Another account joins the committee.
#[server(prefix = "/api/fn", endpoint = "add_organizer")]
pub async fn add_organizer(contest: String, user: i64) -> Result<(), AppError> {
    act(async move {
        let id = contest_id(&contest)?;
        let user = UserId(user);
        house()
            .execute(&visit(), &id, Command::AddOrganizer { user })
            .await?;
        Ok(paths::contest(&id))
    })
    .await
}

/// An account leaves the committee.
#[server(prefix = "/api/fn", endpoint = "remove_organizer")]
pub async fn remove_organizer(contest: String, user: i64) -> Result<(), AppError> {
    act(async move {
        let id = contest_id(&contest)?;
        let user = UserId(user);
        house()
            .execute(&visit(), &id, Command::RemoveOrganizer { user })
            .await?;
        Ok(paths::contest(&id))
    })
    .await
}

/// Records the order among equals. `place[i]` is the place of `team[i]`, from 1.
#[server(prefix = "/api/fn", endpoint = "decide_tie")]
pub async fn decide_tie(
    contest: String,
    #[server(default)] team: Vec<u32>,
    #[server(default)] place: Vec<u32>,
    reason: String,
) -> Result<(), AppError> {
    act(async move {
        let id = contest_id(&contest)?;
        let mut order: Vec<(u32, TeamId)> = place.into_iter().zip(team.into_iter().map(TeamId)).collect();
        order.sort_unstable();
        // Two teams with one place are no order.
        if order.windows(2).any(|pair| pair[0].0 == pair[1].0) {
            return Err(bad("order"));
        }
        let teams = order.into_iter().map(|(_, team)| team).collect();
        house()
            .execute(&visit(), &id, Command::DecideTie { teams, reason })
            .await?;
        Ok(paths::standings(&id))
    })
    .await
}

/// Records that these equals share their place.
#[server(prefix = "/api/fn", endpoint = "share_place")]
pub async fn share_place(
    contest: String,
    #[server(default)] teams: Vec<u32>,
    reason: String,
) -> Result<(), AppError> {
    act(async move {
        let id = contest_id(&contest)?;
        let teams = teams.into_iter().map(TeamId).collect();
        house()
            .execute(&visit(), &id, Command::SharePlace { teams, reason })
            .await?;
        Ok(paths::standings(&id))
    })
    .await
}

/// `hosts` has one body a line.
fn details(
    name: String,
    hosts: &str,
    place: String,
    starts_at: &str,
    layout: &str,
) -> Result<Details, AppError> {
    let layout = match layout {
        "" | "state" => Layout::State,
        "party" => Layout::Party,
        _ => return Err(bad("layout")),
    };
    let starts_at = match starts_at.trim() {
        "" => None,
        text => Some(dates::from_input(text).ok_or_else(|| bad("starts_at"))?),
    };
    let hosts = hosts.lines().map(str::trim).filter(|line| !line.is_empty());
    Ok(Details {
        name,
        hosts: hosts.map(str::to_owned).collect(),
        place,
        starts_at,
        layout,
    })
}

/// A field that is not what it must be.
pub(super) fn bad(field: &str) -> AppError {
    AppError::BadField { field: field.into() }
}
