//! Teams.

use contest::{Command, TeamId};
use leptos::prelude::*;

use super::{act, contest_id};
use crate::backend::{house, visit};
use crate::error::AppError;
use crate::layout::paths;

/// Adds teams, one a line; a tab (as copied from a spreadsheet) parts the name from the unit.
#[server(prefix = "/api/fn", endpoint = "add_teams")]
pub async fn add_teams(contest: String, lines: String) -> Result<(), AppError> {
    act(async move {
        let id = contest_id(&contest)?;
        let teams: Vec<(String, String)> = lines
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(|line| match line.split_once('\t') {
                Some((name, unit)) => (name.trim().to_owned(), unit.trim().to_owned()),
                None => (line.trim().to_owned(), line.trim().to_owned()),
            })
            .collect();
        if teams.is_empty() {
            return Err(super::contests::bad("name"));
        }
        house()
            .execute(&visit(), &id, Command::AddTeams { teams })
            .await?;
        Ok(paths::teams(&id))
    })
    .await
}

/// New words about a team. Without `cluster` it stays where it is: nobody is moved once the contest has opened.
#[server(prefix = "/api/fn", endpoint = "change_team")]
pub async fn change_team(
    contest: String,
    team: u32,
    name: String,
    unit: String,
    #[server(default)] cluster: Option<String>,
) -> Result<(), AppError> {
    act(async move {
        let id = contest_id(&contest)?;
        let team = TeamId(team);
        if let Some(cluster) = cluster {
            let teams = vec![team];
            house()
                .execute(&visit(), &id, Command::SetCluster { teams, cluster })
                .await?;
        }
        house()
            .execute(&visit(), &id, Command::ChangeTeam { team, name, unit })
            .await?;
        Ok(paths::teams(&id))
    })
    .await
}

/// Takes a team off the list.
#[server(prefix = "/api/fn", endpoint = "remove_team")]
pub async fn remove_team(contest: String, team: u32) -> Result<(), AppError> {
    act(async move {
        let id = contest_id(&contest)?;
        let team = TeamId(team);
        house()
            .execute(&visit(), &id, Command::RemoveTeam { team })
            .await?;
        Ok(paths::teams(&id))
    })
    .await
}
