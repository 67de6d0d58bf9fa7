//! Who is signed in: read once from the database, remembered until it ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use app::backend::AppError;
use contest::actor::Role;
use contest::{Actor, ContestId, Moment, PersonId, TeamId, UserId};
use dashmap::DashMap;

use super::House;

/// More sessions than this are not remembered at once; the database knows them all.
const REMEMBERED: usize = 200_000;

/// Somebody who is signed in on one browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub actor: Actor,
    /// The contest that a personal code belongs to; `None` for an account.
    pub contest: Option<ContestId>,
    pub name: String,
    /// The hash of the device cookie it began with.
    pub device: String,
    pub ends_at: Moment,
}

impl Session {
    /// The person behind the session, if it is not an account.
    pub fn person(&self) -> Option<PersonId> {
        match self.actor {
            Actor::Secretary { person }
            | Actor::Judge { person }
            | Actor::Contestant { person, .. }
            | Actor::Screen { person }
            | Actor::Host { person } => Some(person),
            Actor::Public | Actor::System | Actor::Organizer { .. } => None,
        }
    }
}

/// The sessions that this node remembers, by the hash of their token.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    known: DashMap<String, Arc<Session>>,
    /// Counts what was forgotten: a session read before is not remembered after.
    epoch: AtomicU64,
}

impl Sessions {
    pub(super) fn forget(&self, token: &str) {
        self.epoch.fetch_add(1, Ordering::SeqCst);
        self.known.remove(token);
    }

    pub(super) fn forget_person(&self, id: PersonId) {
        self.forget_where(|session| session.person() == Some(id));
    }

    pub(super) fn forget_account(&self, id: UserId) {
        self.forget_where(|session| session.actor == Actor::Organizer { user: id });
    }

    pub(super) fn forget_all(&self) {
        self.forget_where(|_| true);
    }

    fn forget_where(&self, gone: impl Fn(&Session) -> bool) {
        // First the number: whoever is reading now sees it, or is found by the sweep.
        self.epoch.fetch_add(1, Ordering::SeqCst);
        self.known.retain(|_, session| !gone(session));
    }

    fn remember(&self, token: &str, session: &Arc<Session>, since: u64) {
        if self.known.len() >= REMEMBERED {
            self.known.clear();
        }
        self.known.insert(token.to_owned(), session.clone());
        if self.epoch.load(Ordering::SeqCst) != since {
            self.known.remove(token);
        }
    }
}

impl House {
    /// Why nobody is signed in on that device: [`AppError::Moved`] if the secretary took its person off it.
    pub(super) async fn signed_out(&self, device: &str) -> AppError {
        let moved = sqlx::query("SELECT 1 FROM session WHERE device = $1 AND moved = 1 LIMIT 1")
            .bind(device)
            .fetch_optional(self.store.read())
            .await;
        match moved {
            Ok(Some(_)) => AppError::Moved,
            Ok(None) => AppError::SignIn,
            Err(error) => crate::store::StoreError::from(error).into(),
        }
    }

    /// The living session whose token has this hash. One of a person lives only on the device that
    /// is bound to the person.
    pub async fn session(&self, token_hash: &str) -> Option<Arc<Session>> {
        let known = self.sessions.known.get(token_hash).map(|known| known.clone());
        let session = match known {
            Some(session) => session,
            None => {
                let since = self.sessions.epoch.load(Ordering::SeqCst);
                let session = match self.read_session(token_hash).await {
                    Ok(session) => Arc::new(session?),
                    Err(error) => {
                        tracing::error!(%error, "cannot read a session");
                        return None;
                    }
                };
                self.sessions.remember(token_hash, &session, since);
                session
            }
        };
        (session.ends_at > self.now()).then_some(session)
    }

    async fn read_session(&self, token_hash: &str) -> Result<Option<Session>, AppError> {
        let account: Option<(i64, String, String, i64)> = sqlx::query_as(
            "SELECT account.id, account.name, session.device, session.ends_at
             FROM session JOIN account ON account.id = session.account WHERE session.token = $1",
        )
        .bind(token_hash)
        .fetch_optional(self.store.read())
        .await
        .map_err(crate::store::StoreError::from)?;
        if let Some((id, name, device, ends_at)) = account {
            return Ok(Some(Session {
                actor: Actor::Organizer { user: UserId(id) },
                contest: None,
                name,
                device,
                ends_at,
            }));
        }
        type Row = (i64, String, String, Option<i64>, String, String, i64);
        let person: Option<Row> = sqlx::query_as(
            "SELECT person.id, person.contest, person.role, person.team, person.name, session.device,
                    session.ends_at
             FROM session JOIN person ON person.id = session.person AND person.device = session.device
             WHERE session.token = $1 AND session.moved = 0",
        )
        .bind(token_hash)
        .fetch_optional(self.store.read())
        .await
        .map_err(crate::store::StoreError::from)?;
        Ok(
            person.and_then(|(id, contest, role, team, name, device, ends_at)| {
                Some(Session {
                    actor: actor(Role::named(&role)?, PersonId(id), team)?,
                    contest: Some(contest.try_into().ok()?),
                    name,
                    device,
                    ends_at,
                })
            }),
        )
    }
}

/// Somebody who entered by a code, as the contest knows him. A contestant has a team.
pub(super) fn actor(role: Role, person: PersonId, team: Option<i64>) -> Option<Actor> {
    Some(match role {
        // A reserve waits at the same page; a paper comes with the place that he takes.
        Role::Contestant | Role::Reserve => Actor::Contestant {
            person,
            team: TeamId(team?.try_into().ok()?),
        },
        Role::Judge => Actor::Judge { person },
        Role::Secretary => Actor::Secretary { person },
        Role::Screen => Actor::Screen { person },
        Role::Host => Actor::Host { person },
    })
}
