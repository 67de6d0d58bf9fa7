//! People who enter by a code, and their devices.

use contest::{PersonId, TeamId, actor::Role};
use leptos::prelude::*;

use super::{act, came_from, contest_id, contests::bad};
use crate::backend::{NewPerson, house, visit};
use crate::error::AppError;
use crate::layout::paths;

/// Adds a person.
#[server(prefix = "/api/fn", endpoint = "add_person")]
pub async fn add_person(
    contest: String,
    role: String,
    name: String,
    #[server(default)] sbd: String,
    #[server(default)] team: String,
    #[server(default)] post: String,
) -> Result<(), AppError> {
    act(async move {
        let id = contest_id(&contest)?;
        let new = person(&role, name, sbd, &team, post)?;
        house().add_person(&visit(), &id, new).await?;
        Ok(came_from(&paths::people(&id)))
    })
    .await
}

/// New words about a person.
#[server(prefix = "/api/fn", endpoint = "change_person")]
pub async fn change_person(
    contest: String,
    person_id: i64,
    role: String,
    name: String,
    #[server(default)] sbd: String,
    #[server(default)] team: String,
    #[server(default)] post: String,
) -> Result<(), AppError> {
    act(async move {
        let id = contest_id(&contest)?;
        let new = person(&role, name, sbd, &team, post)?;
        let role = new.role;
        house()
            .change_person(&visit(), &id, PersonId(person_id), new)
            .await?;
        Ok(format!(
            "{}?vai={}#p{person_id}",
            paths::people(&id),
            role.as_str()
        ))
    })
    .await
}

/// Takes a person off the list.
#[server(prefix = "/api/fn", endpoint = "remove_person")]
pub async fn remove_person(contest: String, person_id: i64) -> Result<(), AppError> {
    act(async move {
        let id = contest_id(&contest)?;
        house().remove_person(&visit(), &id, PersonId(person_id)).await?;
        Ok(came_from(&paths::people(&id)))
    })
    .await
}

/// Lets the next device that enters the person's code be his.
#[server(prefix = "/api/fn", endpoint = "release_device")]
pub async fn release_device(contest: String, person_id: i64) -> Result<(), AppError> {
    act(async move {
        let id = contest_id(&contest)?;
        house().release_device(&visit(), &id, PersonId(person_id)).await?;
        Ok(came_from(&paths::people(&id)))
    })
    .await
}

fn person(role: &str, name: String, sbd: String, team: &str, post: String) -> Result<NewPerson, AppError> {
    let role = Role::named(role).ok_or_else(|| bad("role"))?;
    let team = match team {
        "" => None,
        text => Some(text.parse::<TeamId>().map_err(|_| bad("team"))?),
    };
    Ok(NewPerson {
        role,
        name,
        sbd: if role.in_a_team() { sbd } else { String::new() },
        team: team.filter(|_| role.in_a_team()),
        post,
    })
}
