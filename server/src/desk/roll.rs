//! The list of people, a page at a time: an online contest has a hundred thousand of them.

use std::collections::HashMap;

use app::backend::{Answer, AppError, HeadCount, Person, Roll, Wanted};
use contest::actor::Role;
use contest::intake::fold;
use contest::{ContestId, PersonId, TeamId};
use futures::TryStreamExt;
use sqlx::Row;

use super::presence::Columns;
use super::room::number;
use super::{House, order, token};
use crate::store::StoreError;
use crate::store::rows::{ManyRows, cuts, values};

/// People on a page of the list.
const PAGE: u32 = 100;

/// A person with his device and how it was heard; the columns of [`PersonRow`].
macro_rules! person {
    ($from:literal, $where:literal) => {
        concat!(
            "SELECT person.id, person.role, person.name, person.sbd, person.team, person.post, person.code, \
             person.device, session.label, presence.last_seen, presence.unsent, presence.battery FROM ",
            $from,
            " LEFT JOIN session ON session.person = person.id AND session.device = person.device \
             LEFT JOIN presence ON presence.person = person.id ",
            $where
        )
    };
}

type PersonRow = (
    i64,
    String,
    String,
    String,
    Option<i64>,
    String,
    String,
    Option<String>,
    Option<String>,
    Option<i64>,
    Option<i64>,
    Option<i64>,
);

static THESE: ManyRows = ManyRows::new(|rows| {
    format!(
        "WITH k (id) AS (VALUES {}) {}",
        values(0, 1, rows),
        person!("k JOIN person ON person.id = k.id", "")
    )
});

impl House {
    /// A page of the list, in its order: by team and number, or by given name.
    pub(super) async fn roll_of(&self, id: &ContestId, wanted: &Wanted) -> Result<Roll, StoreError> {
        let search = fold(&wanted.search);
        let found = if wanted.role.in_a_team() && search.is_empty() {
            self.count(id, wanted).await?
        } else {
            0
        };
        // Only who is looked for by name, or ordered by it, is read as a whole: names and numbers, nothing else.
        let matches = if found > 0 || (wanted.role.in_a_team() && search.is_empty()) {
            None
        } else {
            Some(self.named(id, wanted, &search).await?)
        };
        let found = matches.as_ref().map_or(found, |ids| ids.len() as u32);
        let pages = found.div_ceil(PAGE).max(1);
        let page = wanted.page.clamp(1, pages);
        let first = (page - 1) * PAGE;
        let people = match matches {
            Some(ids) => {
                let ids: Vec<PersonId> = ids.into_iter().skip(first as usize).take(PAGE as usize).collect();
                self.these(&ids).await?
            }
            None => self.page(id, wanted, first).await?,
        };
        Ok(Roll {
            people,
            found,
            page,
            pages,
            now: self.now(),
        })
    }

    async fn count(&self, id: &ContestId, wanted: &Wanted) -> Result<u32, StoreError> {
        let row = sqlx::query(
            "SELECT COUNT(*) FROM person WHERE contest = $1 AND role = $2 AND ($3 = 0 OR team = $3)",
        )
        .bind(id.as_str())
        .bind(wanted.role.as_str())
        .bind(team(wanted))
        .fetch_one(self.store.read())
        .await?;
        number(&row, 0)
    }

    async fn page(&self, id: &ContestId, wanted: &Wanted, first: u32) -> Result<Vec<Person>, StoreError> {
        let rows: Vec<PersonRow> = sqlx::query_as(person!(
            "person",
            "WHERE person.contest = $1 AND person.role = $2 AND ($3 = 0 OR person.team = $3) \
             ORDER BY person.team, LENGTH(person.sbd), person.sbd, person.id LIMIT $4 OFFSET $5"
        ))
        .bind(id.as_str())
        .bind(wanted.role.as_str())
        .bind(team(wanted))
        .bind(i64::from(PAGE))
        .bind(i64::from(first))
        .fetch_all(self.store.read())
        .await?;
        rows.into_iter().map(|row| self.person(row)).collect()
    }

    /// Whom the search finds, in the order of the list.
    async fn named(
        &self,
        id: &ContestId,
        wanted: &Wanted,
        search: &str,
    ) -> Result<Vec<PersonId>, StoreError> {
        let mut rows = sqlx::query(
            "SELECT id, name, sbd FROM person WHERE contest = $1 AND role = $2 AND ($3 = 0 OR team = $3) \
             ORDER BY team, LENGTH(sbd), sbd, id",
        )
        .bind(id.as_str())
        .bind(wanted.role.as_str())
        .bind(team(wanted))
        .fetch(self.store.read());
        let mut found: Vec<(String, PersonId)> = Vec::new();
        while let Some(row) = rows.try_next().await? {
            let (name, sbd): (String, String) = (row.try_get(1)?, row.try_get(2)?);
            if search.is_empty() || sbd == wanted.search.trim() || fold(&name).contains(search) {
                found.push((name, PersonId(row.try_get(0)?)));
            }
        }
        if !wanted.role.in_a_team() {
            found.sort_by(|a, b| order::people(&a.0, &b.0).then_with(|| a.1.cmp(&b.1)));
        }
        Ok(found.into_iter().map(|(_, id)| id).collect())
    }

    /// These people, in this order.
    async fn these(&self, ids: &[PersonId]) -> Result<Vec<Person>, StoreError> {
        let mut found: HashMap<PersonId, Person> = HashMap::with_capacity(ids.len());
        for piece in cuts(ids.len()) {
            let mut query = sqlx::query_as(THESE.of(piece.len()));
            for id in &ids[piece] {
                query = query.bind(id.0);
            }
            let rows: Vec<PersonRow> = query.fetch_all(self.store.read()).await?;
            for row in rows {
                let person = self.person(row)?;
                found.insert(person.id, person);
            }
        }
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    /// How many people there are of each role, and contestants in each team.
    pub(super) async fn heads(&self, id: &ContestId) -> Result<HeadCount, StoreError> {
        let rows =
            sqlx::query("SELECT role, team, COUNT(*) FROM person WHERE contest = $1 GROUP BY role, team")
                .bind(id.as_str())
                .fetch_all(self.store.read())
                .await?;
        let mut heads = HeadCount::default();
        for row in &rows {
            let word: String = row.try_get(0)?;
            let role = Role::named(&word).ok_or(StoreError::Unreadable("person.role"))?;
            let team: Option<i64> = row.try_get(1)?;
            let count: u32 = number(row, 2)?;
            *heads.roles.entry(role).or_default() += count;
            if let (Role::Contestant, Some(team)) = (role, team_of(team)?) {
                heads.teams.insert(team, count);
            }
        }
        Ok(heads)
    }

    /// People of a contest, of one role or all, in the order of lists.
    pub(crate) async fn list_people(&self, id: &ContestId, role: Option<Role>) -> Answer<Vec<Person>> {
        let rows: Vec<PersonRow> = sqlx::query_as(person!(
            "person",
            "WHERE person.contest = $1 AND ($2 = '' OR person.role = $2)"
        ))
        .bind(id.as_str())
        .bind(role.map(Role::as_str).unwrap_or_default())
        .fetch_all(self.store.read())
        .await
        .map_err(StoreError::from)?;
        let mut people = Vec::with_capacity(rows.len());
        for row in rows {
            people.push(self.person(row)?);
        }
        people.sort_by(|a, b| {
            let in_teams = a.role.in_a_team() && b.role.in_a_team();
            let by_team = || a.team.cmp(&b.team).then_with(|| order::numbers(&a.sbd, &b.sbd));
            let by_name = || order::people(&a.name, &b.name).then_with(|| a.id.cmp(&b.id));
            let list = || {
                if in_teams {
                    by_team()
                } else {
                    std::cmp::Ordering::Equal
                }
            };
            a.role.cmp(&b.role).then_with(list).then_with(by_name)
        });
        Ok(people)
    }

    /// One person of the contest.
    pub(super) async fn find(&self, contest: &ContestId, id: PersonId) -> Answer<Person> {
        let row: Option<PersonRow> =
            sqlx::query_as(person!("person", "WHERE person.id = $1 AND person.contest = $2"))
                .bind(id.0)
                .bind(contest.as_str())
                .fetch_optional(self.store.read())
                .await
                .map_err(StoreError::from)?;
        Ok(self.person(row.ok_or(AppError::NotFound)?)?)
    }

    fn person(&self, row: PersonRow) -> Result<Person, StoreError> {
        let (id, role, name, sbd, team, post, code, device, label, last_seen, unsent, battery) = row;
        let id = PersonId(id);
        let written: Columns = (last_seen, unsent, battery);
        let presence = self.presence(id, written);
        Ok(Person {
            id,
            role: Role::named(&role).ok_or(StoreError::Unreadable("person.role"))?,
            name,
            sbd,
            team: team_of(team)?,
            post,
            code: token::printed_code(&code),
            device: device.map(|_| label.unwrap_or_default()),
            last_seen: presence.map(|presence| presence.last_seen),
            unsent: presence.map_or(0, |presence| presence.unsent),
            battery: presence.and_then(|presence| presence.battery),
        })
    }
}

/// The team that is wanted; 0 for all.
fn team(wanted: &Wanted) -> i64 {
    wanted.team.map_or(0, |team| i64::from(team.0))
}

fn team_of(team: Option<i64>) -> Result<Option<TeamId>, StoreError> {
    team.map(|team| team.try_into().map(TeamId))
        .transpose()
        .map_err(|_| StoreError::Unreadable("person.team"))
}
