//! Whoever enters by a personal code, and on which device.

use std::sync::Arc;

use app::backend::{
    Answer, AppError, Card, CardSheet, HeadCount, NewPerson, People, Person, Roll, Visit, Wanted,
};
use async_trait::async_trait;
use contest::actor::Role;
use contest::command::Facts;
use contest::intake::key;
use contest::rules::Competitor;
use contest::screen::ScreenAct;
use contest::stage::Stage;
use contest::{Command, Contest, ContestId, PersonId};
use sqlx::AnyConnection;

use super::roster::{self, NewRow};
use super::{Effect, Effects, House, cards, papers, presence};
use crate::store::{self, StoreError};

#[async_trait]
impl People for House {
    async fn people(&self, visit: &Visit, contest: &ContestId, role: Option<Role>) -> Answer<Vec<Person>> {
        self.staff(visit, contest).await?;
        self.list_people(contest, role).await
    }

    async fn roll(&self, visit: &Visit, contest: &ContestId, wanted: Wanted) -> Answer<Roll> {
        self.staff(visit, contest).await?;
        Ok(self.roll_of(contest, &wanted).await?)
    }

    async fn head_count(&self, visit: &Visit, contest: &ContestId) -> Answer<HeadCount> {
        self.staff(visit, contest).await?;
        Ok(self.heads(contest).await?)
    }

    async fn person(&self, visit: &Visit, contest: &ContestId, id: PersonId) -> Answer<Person> {
        self.staff(visit, contest).await?;
        self.find(contest, id).await
    }

    async fn add_person(&self, visit: &Visit, contest: &ContestId, new: NewPerson) -> Answer<PersonId> {
        let state = self.organizer(visit, contest).await?;
        let person = NewRow::of(&state, new, self.now())?;
        let id = person.id;
        // Who competes for himself comes with his team of one: both or neither.
        let team =
            competes_alone(&state, person.role).then(|| roster::free_team_name(&state, &person.name, ""));
        let command = team.clone().map(|name| Command::AddTeams {
            teams: vec![(name, String::new())],
        });
        let effects: Effects = Box::new(move |_, after| {
            let mut row = person.clone();
            if let Some(name) = &team {
                row.team = roster::team_named(after, name);
            }
            let after = after.clone();
            Box::new(move |tx| Box::pin(async move { roster::insert(tx, &after, vec![row]).await }))
        });
        self.write_people(visit, contest, id, command, effects).await?;
        Ok(id)
    }

    async fn change_person(
        &self,
        visit: &Visit,
        contest: &ContestId,
        id: PersonId,
        new: NewPerson,
    ) -> Answer<()> {
        let state = self.organizer(visit, contest).await?;
        let old = self.find(contest, id).await?;
        let alone = competes_alone(&state, new.role) && old.role == new.role;
        let new = NewPerson {
            // His team of one stays his; an empty field does not take a number back.
            team: if alone { old.team } else { new.team },
            sbd: if new.sbd.trim().is_empty() && new.role == old.role {
                old.sbd.clone()
            } else {
                new.sbd
            },
            ..new
        };
        let person = NewRow {
            id,
            ..NewRow::of(&state, new, self.now())?
        };
        let moves = person.role != old.role || person.team != old.team;
        let team_of_one = old.team.and_then(|team| state.teams.get(&team));
        let command = team_of_one
            .filter(|team| alone && key(&team.name) == key(&old.name) && person.name != old.name)
            .map(|team| Command::ChangeTeam {
                team: team.id,
                name: roster::free_team_name(&state, &person.name, ""),
                unit: team.unit.clone(),
            })
            .or_else(|| no_screen_any_more(&state, &old).filter(|_| person.role != Role::Screen));
        let effects: Effects = Box::new(move |_, after| {
            let (row, after) = (person.clone(), after.clone());
            Box::new(move |tx| {
                Box::pin(async move {
                    if !moves {
                        return roster::update(tx, &after.id, row).await;
                    }
                    let_go(tx, &after, row.id).await?;
                    roster::update(tx, &after.id, row).await?;
                    papers::deal_missing(tx, &after).await
                })
            })
        });
        self.write_people(visit, contest, id, command, effects).await
    }

    async fn remove_person(&self, visit: &Visit, contest: &ContestId, id: PersonId) -> Answer<()> {
        let state = self.organizer(visit, contest).await?;
        let old = self.find(contest, id).await?;
        let command = old
            .team
            .filter(|_| competes_alone(&state, old.role))
            .map(|team| Command::RemoveTeam { team })
            .or_else(|| no_screen_any_more(&state, &old));
        let effects: Effects = Box::new(move |_, after| {
            let after = after.clone();
            Box::new(move |tx| {
                Box::pin(async move {
                    let contest = &after.id;
                    let_go(tx, &after, id).await?;
                    sqlx::query("DELETE FROM session WHERE person = $1")
                        .bind(id.0)
                        .execute(&mut *tx)
                        .await?;
                    presence::forget(tx, id).await?;
                    sqlx::query("DELETE FROM person WHERE id = $1 AND contest = $2")
                        .bind(id.0)
                        .bind(contest.as_str())
                        .execute(&mut *tx)
                        .await?;
                    store::notify(tx, &format!("person {id}")).await
                })
            })
        });
        self.write_people(visit, contest, id, command, effects).await
    }

    async fn cards(&self, visit: &Visit, contest: &ContestId, wanted: Wanted) -> Answer<CardSheet> {
        let state = self.staff(visit, contest).await?;
        let roll = self.roll_of(contest, &wanted).await?;
        let card = |person: Person| {
            let url = format!("{}/vao/{}", visit.origin, person.code);
            let team = person.team.and_then(|team| state.teams.get(&team));
            Card {
                team_name: team.map(|team| team.name.clone()).unwrap_or_default(),
                qr: cards::qr(&url),
                url,
                person,
            }
        };
        Ok(CardSheet {
            cards: roll.people.into_iter().map(card).collect(),
            page: roll.page,
            pages: roll.pages,
        })
    }

    async fn release_device(&self, visit: &Visit, contest: &ContestId, id: PersonId) -> Answer<()> {
        self.staff(visit, contest).await?;
        let effects: Effects = Box::new(move |_, after| {
            let contest = after.id.clone();
            Box::new(move |tx| {
                Box::pin(async move {
                    let freed = sqlx::query("UPDATE person SET device = NULL WHERE id = $1 AND contest = $2")
                        .bind(id.0)
                        .bind(contest.as_str())
                        .execute(&mut *tx)
                        .await?;
                    if freed.rows_affected() == 0 {
                        return Err(AppError::NotFound.into());
                    }
                    sqlx::query("UPDATE session SET moved = 1 WHERE person = $1")
                        .bind(id.0)
                        .execute(&mut *tx)
                        .await?;
                    presence::forget(tx, id).await?;
                    store::notify(tx, &format!("person {id}")).await
                })
            })
        });
        self.write_people(visit, contest, id, None, effects).await
    }
}

impl House {
    /// Writes to the tables about `person`, together with what `command` records if there is one;
    /// what the house remembers of the person is dropped with it.
    async fn write_people(
        &self,
        visit: &Visit,
        id: &ContestId,
        person: PersonId,
        command: Option<Command>,
        effects: Effects,
    ) -> Answer<()> {
        let (id, actor, device) = (id.clone(), visit.actor_in(id), visit.device_label.clone());
        self.see_through(move |house| async move {
            match command {
                Some(command) => {
                    let facts = Facts::default();
                    house
                        .record(&actor, &device, &id, &facts, command, Some(effects))
                        .await?;
                }
                None => {
                    let state = house.load(&id).await?;
                    house.write_effect(&state, &effects).await?;
                    house.hub.moved(&id);
                }
            }
            house.forget_person(person);
            Ok(())
        })
        .await
    }

    /// Two nodes may find the same number free; the constraint lets one have it, the other looks again.
    async fn write_effect(&self, state: &Contest, effects: &Effects) -> Result<(), StoreError> {
        let mut tries = 0;
        loop {
            let effect: Effect = effects(&[], state);
            let note = format!("progress {}", state.id);
            let written = self
                .store
                .write(move |tx| {
                    Box::pin(async move {
                        effect(tx).await?;
                        store::notify(tx, &note).await
                    })
                })
                .await;
            match written {
                Err(StoreError::Conflict) if tries < 5 => tries += 1,
                other => return other,
            }
        }
    }
}

/// Takes a screen out of the hall, if somebody is one.
fn no_screen_any_more(contest: &Contest, person: &Person) -> Option<Command> {
    let screen = person.id;
    let is_one = person.role == Role::Screen && contest.hall.screens.contains_key(&screen);
    is_one.then_some(Command::Screen {
        act: ScreenAct::Remove { screen },
    })
}

/// Whether whoever has this role is ranked for himself.
fn competes_alone(contest: &Contest, role: Role) -> bool {
    let individual = |rules: &contest::rules::Rules| rules.competitor == Competitor::Individual;
    role == Role::Contestant && contest.rules().is_some_and(individual)
}

/// Takes back what was dealt to somebody and nobody has seen yet.
///
/// # Errors
/// [`StoreError::Taken`] while something stands on the place that the person has now.
async fn let_go(tx: &mut AnyConnection, contest: &Contest, id: PersonId) -> Result<(), StoreError> {
    let judges = |stage: &Arc<Stage>| stage.judges.contains(&id) || stage.chief == Some(id);
    if contest.stages.values().any(judges) {
        return Err(StoreError::Taken("judge_on_panel".into()));
    }
    papers::unseat(tx, contest, id).await?;
    let attempt: Option<i64> =
        sqlx::query_scalar("SELECT id FROM attempt WHERE contest = $1 AND person = $2 LIMIT 1")
            .bind(contest.id.as_str())
            .bind(id.0)
            .fetch_optional(tx)
            .await?;
    match attempt {
        None => Ok(()),
        Some(_) => Err(StoreError::Taken("person_has_attempt".into())),
    }
}
