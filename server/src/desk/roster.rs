//! People as rows: made sound, numbered, written.

use std::collections::BTreeSet;

use app::backend::{AppError, NewPerson};
use contest::actor::Role;
use contest::intake::{LONGEST_NAME, LONGEST_SBD, clean, is_broken, key};
use contest::{Contest, ContestId, Moment, PersonId, TeamId};
use sqlx::AnyConnection;

use super::{papers, token};
use crate::store::{self, StoreError};

/// A person about to be written.
#[derive(Clone, Debug)]
pub(super) struct NewRow {
    pub id: PersonId,
    pub role: Role,
    pub name: String,
    /// Empty for a contestant: the next free number.
    pub sbd: String,
    pub team: Option<TeamId>,
    pub post: String,
    pub created_at: Moment,
}

impl NewRow {
    /// Makes the words sound. A contestant has a team and may have a number, others have neither.
    pub(super) fn of(contest: &Contest, new: NewPerson, now: Moment) -> Result<Self, AppError> {
        let contestant = new.role.in_a_team();
        let team = new.team.filter(|_| contestant);
        let alone = contest
            .rules()
            .is_some_and(|rules| rules.competitor == contest::rules::Competitor::Individual);
        let known = team.is_some_and(|team| contest.teams.contains_key(&team));
        // Who competes for himself gets his team of one from us.
        if new.role == Role::Reserve && alone {
            // Whoever competes for himself has nobody to stand in for.
            return Err(bad("role"));
        }
        if contestant && !known && !(alone && team.is_none()) {
            return Err(bad("team"));
        }
        let name = sound("name", &new.name, LONGEST_NAME)?;
        if name.is_empty() {
            return Err(bad("name"));
        }
        let sbd = if contestant {
            sound("sbd", &new.sbd, LONGEST_SBD)?
        } else {
            String::new()
        };
        Ok(Self {
            id: PersonId(token::number()),
            role: new.role,
            name,
            sbd,
            team,
            post: sound("post", &new.post, LONGEST_NAME)?,
            created_at: now,
        })
    }
}

fn sound(field: &str, text: &str, longest: usize) -> Result<String, AppError> {
    let text = clean(text);
    if is_broken(&text) || text.chars().count() > longest {
        return Err(bad(field));
    }
    Ok(text)
}

fn bad(field: &str) -> AppError {
    AppError::BadField { field: field.into() }
}

/// Writes new people with codes of their own. Contestants without a number get the next free ones.
pub(super) async fn insert(
    tx: &mut AnyConnection,
    contest: &Contest,
    rows: Vec<NewRow>,
) -> Result<(), StoreError> {
    let mut numbers = Numbers::default();
    for row in rows {
        let numbered = row.role.in_a_team() && row.sbd.is_empty();
        let sbd = if numbered {
            numbers.next(tx, &contest.id).await?
        } else {
            row.sbd
        };
        let written = sqlx::query(
            "INSERT INTO person (id, contest, role, name, sbd, team, post, code, device, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, $9)",
        )
        .bind(row.id.0)
        .bind(contest.id.as_str())
        .bind(row.role.as_str())
        .bind(row.name)
        .bind(sbd)
        .bind(row.team.map(|team| i64::from(team.0)))
        .bind(row.post)
        .bind(token::code())
        .bind(row.created_at)
        .execute(&mut *tx)
        .await;
        written.map_err(|error| numbered_twice(error.into(), numbered))?;
    }
    // Whoever comes after a round was prepared gets a paper of it too.
    papers::deal_missing(tx, contest).await
}

/// Writes new words about somebody who is there.
pub(super) async fn update(
    tx: &mut AnyConnection,
    contest: &ContestId,
    row: NewRow,
) -> Result<(), StoreError> {
    let numbered = row.role.in_a_team() && row.sbd.is_empty();
    let sbd = if numbered {
        Numbers::default().next(tx, contest).await?
    } else {
        row.sbd
    };
    let written = sqlx::query(
        "UPDATE person SET role = $1, name = $2, sbd = $3, team = $4, post = $5
         WHERE id = $6 AND contest = $7",
    )
    .bind(row.role.as_str())
    .bind(row.name)
    .bind(sbd)
    .bind(row.team.map(|team| i64::from(team.0)))
    .bind(row.post)
    .bind(row.id.0)
    .bind(contest.as_str())
    .execute(&mut *tx)
    .await;
    let written = written.map_err(|error| numbered_twice(error.into(), numbered))?;
    if written.rows_affected() == 0 {
        return Err(AppError::NotFound.into());
    }
    store::notify(tx, &format!("person {}", row.id)).await
}

/// A number that *we* found free and another node took meanwhile is worth another look.
fn numbered_twice(error: StoreError, numbered: bool) -> StoreError {
    match error {
        StoreError::Taken(name) if numbered && name == "person_sbd_taken" => StoreError::Conflict,
        other => other,
    }
}

/// Gives out free numbers (số báo danh): `001`, `002`, ... after the highest that is in use.
#[derive(Default)]
struct Numbers {
    last: Option<u32>,
}

impl Numbers {
    async fn next(&mut self, tx: &mut AnyConnection, contest: &ContestId) -> Result<String, StoreError> {
        let last = match self.last {
            Some(last) => last,
            None => highest(tx, contest).await?,
        };
        self.last = Some(last + 1);
        Ok(format!("{:03}", last + 1))
    }
}

async fn highest(tx: &mut AnyConnection, contest: &ContestId) -> Result<u32, StoreError> {
    let used: Vec<String> = sqlx::query_scalar("SELECT sbd FROM person WHERE contest = $1 AND sbd <> ''")
        .bind(contest.as_str())
        .fetch_all(tx)
        .await?;
    // Numbers like "BTU-07" belong to somebody else's order; long ones are telephone numbers.
    Ok(used
        .iter()
        .filter(|sbd| sbd.len() <= 7 && sbd.bytes().all(|b| b.is_ascii_digit()))
        .filter_map(|sbd| sbd.parse().ok())
        .max()
        .unwrap_or_default())
}

/// A name for somebody's team of one that no other team has.
pub(super) fn free_team_name(contest: &Contest, person: &str, unit: &str) -> String {
    let taken: BTreeSet<String> = contest.teams.values().map(|team| key(&team.name)).collect();
    free_name(&taken, person, unit)
}

/// As [`free_team_name`], among names folded by [`key`].
pub(super) fn free_name(taken: &BTreeSet<String>, person: &str, unit: &str) -> String {
    let with_unit = (!unit.is_empty()).then(|| format!("{person} – {unit}"));
    let counted = (2_u32..).map(|n| format!("{person} ({n})"));
    [person.to_owned()]
        .into_iter()
        .chain(with_unit)
        .chain(counted)
        .map(|name| contest::intake::shorten(&name, 120))
        .find(|name| !taken.contains(&key(name)))
        .unwrap_or_default()
}

/// The team of that name.
pub(super) fn team_named(contest: &Contest, name: &str) -> Option<TeamId> {
    let folded = key(name);
    contest
        .teams
        .values()
        .find(|team| key(&team.name) == folded)
        .map(|team| team.id)
}
