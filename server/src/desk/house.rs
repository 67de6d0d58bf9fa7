//! The house itself: its store, its clock, what it remembers.

use std::fmt;
use std::sync::{Arc, OnceLock, Weak};
use std::time::Duration;

use app::backend::{AppError, Visit};
use contest::audience::Audience;
use contest::{Actor, Contest, ContestId, Moment, PersonId, UserId};

use super::accounts;
use super::demo::Demo;
use super::drafts::Drafts;
use super::handing::Desk;
use super::limits::Limits;
use super::presence::{self, Attendance};
use super::record::Shelf;
use super::room::Room;
use super::session::{Session, Sessions};
use super::showing::Showing;
use super::sweeper::{self, Broom};
use crate::clock::Clock;
use crate::config::{Config, Kind};
use crate::hub::{Hub, Subject};
use crate::store::{Heard, Store, StoreError};

/// Everything behind the port. Lives in an `Arc`; tasks of its own hold it weakly.
pub struct House {
    pub store: Store,
    pub hub: Hub,
    pub clock: Arc<dyn Clock>,
    /// Whether it is for real contests.
    pub kind: Kind,
    /// Who was heard on this node, and when.
    pub(super) attendance: Attendance,
    pub(super) shelf: Shelf,
    pub(super) sessions: Sessions,
    pub(super) limits: Limits,
    pub(super) drafts: Drafts,
    pub(super) room: Room,
    pub(super) showing: Showing,
    pub(super) papers_desk: Desk,
    pub(super) broom: Arc<Broom>,
    /// The token of the first organizer's link; empty unless one was drawn.
    first_link: OnceLock<String>,
    /// Empty on a real database.
    pub(super) demo: OnceLock<Arc<dyn Demo>>,
    me: Weak<House>,
}

impl fmt::Debug for House {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No link and no session belongs in a log.
        f.debug_struct("House")
            .field("hub", &self.hub)
            .finish_non_exhaustive()
    }
}

/// Why a house does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("cannot open the database: {0}")]
    Store(#[from] StoreError),
    /// `hoithi demo` never touches a real contest, and `hoithi serve` never a demo.
    #[error("this database is of the kind {found:?}, not {asked:?}")]
    Kind { asked: Kind, found: Kind },
}

impl House {
    /// Opens the database of `config` and begins to listen to the other nodes.
    ///
    /// # Errors
    /// When the database cannot be opened or is of the other kind.
    pub async fn open(config: &Config) -> Result<Arc<Self>, OpenError> {
        let store = Store::open(&config.database).await?;
        let found = claim_kind(&store, config.kind).await?;
        if found != config.kind {
            store.close().await;
            return Err(OpenError::Kind {
                asked: config.kind,
                found,
            });
        }
        let house = Arc::new_cyclic(|me| Self {
            hub: Hub::default(),
            clock: config.clock.clone(),
            kind: config.kind,
            attendance: Attendance::default(),
            shelf: Shelf::default(),
            sessions: Sessions::default(),
            limits: Limits::default(),
            drafts: Drafts::default(),
            room: Room::default(),
            showing: Showing::default(),
            papers_desk: Desk::default(),
            broom: Arc::default(),
            first_link: OnceLock::new(),
            demo: OnceLock::new(),
            me: me.clone(),
            store,
        });
        house.clone().hear_others();
        house.tidy_up();
        sweeper::start(&house);
        presence::keep(house.me.clone());
        Ok(house)
    }

    /// The time by the clock of this house.
    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    /// Draws the link of the first organizer, if there is no account yet. The database keeps only a
    /// hash: each start of serving has a link of its own, and the last one counts.
    ///
    /// # Errors
    /// What the store says.
    pub async fn draw_first_link(&self) -> Result<(), StoreError> {
        if let Some(token) = accounts::first_link(&self.store).await? {
            let _ = self.first_link.set(token);
        }
        Ok(())
    }

    /// Where the first organizer makes his account (`/khoi-tao/<token>`), if a link was drawn.
    pub fn first_link(&self) -> Option<String> {
        Some(format!("/khoi-tao/{}", self.first_link.get()?))
    }

    /// Makes this house one for rehearsals. Only the first call counts, and only on a demo database.
    pub fn rehearse(&self, demo: Arc<dyn Demo>) {
        if self.kind == Kind::Demo {
            let _ = self.demo.set(demo);
        }
    }

    /// Finishes what is being written and closes the database.
    pub async fn close(&self) {
        self.store.close().await;
    }

    /// The state for staff: an organizer of this contest or its secretary.
    ///
    /// # Errors
    /// [`AppError::SignIn`] for the public, [`AppError::Forbidden`] for everybody else.
    pub async fn staff(&self, visit: &Visit, id: &ContestId) -> Result<Arc<Contest>, AppError> {
        match visit.actor_in(id) {
            Actor::Secretary { .. } => self.load(id).await,
            _ => self.organizer(visit, id).await,
        }
    }

    /// The state for an organizer of this contest.
    ///
    /// # Errors
    /// As [`Self::staff`].
    pub async fn organizer(&self, visit: &Visit, id: &ContestId) -> Result<Arc<Contest>, AppError> {
        match visit.actor {
            Actor::Public => Err(AppError::SignIn),
            Actor::Organizer { user } => {
                let contest = self.load(id).await?;
                if contest.organizers.contains(&user) {
                    Ok(contest)
                } else {
                    Err(AppError::Forbidden)
                }
            }
            _ => Err(AppError::Forbidden),
        }
    }

    /// Whether whoever has the session may still see `subject` of the contest. Where the house cannot tell,
    /// he may not: a stream that ends is asked for again.
    pub(crate) async fn may_follow(&self, session: &Session, id: &ContestId, subject: Subject) -> bool {
        if !subject.is_of_some() {
            return true;
        }
        // Whoever entered by another contest's code is the public here.
        let here = session.contest.as_ref().is_none_or(|of| of == id);
        let Ok(contest) = self.load(id).await else {
            return false;
        };
        let own = match subject {
            Subject::Stage => matches!(session.actor, Actor::Judge { .. }),
            Subject::Host => matches!(session.actor, Actor::Host { .. }),
            _ => false,
        };
        here && (own || Audience::of(&contest, &session.actor) == Audience::Staff)
    }

    /// Another handle to this house, for work that goes on without the caller.
    pub(super) fn me(&self) -> Result<Arc<Self>, AppError> {
        self.me.upgrade().ok_or(AppError::Internal)
    }

    /// Runs `work` to its end even if the request that wants it is given up: what is committed
    /// must also be known to the caches and the screens.
    pub(crate) async fn see_through<T, F>(&self, work: impl FnOnce(Arc<Self>) -> F) -> Result<T, AppError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, AppError>> + Send + 'static,
    {
        tokio::spawn(work(self.me()?))
            .await
            .unwrap_or(Err(AppError::Internal))
    }

    /// Removes sessions that have ended, now and every hour, as long as the house stands.
    fn tidy_up(self: &Arc<Self>) {
        let me = Arc::downgrade(self);
        tokio::spawn(async move {
            let mut hour = tokio::time::interval(Duration::from_secs(3600));
            loop {
                hour.tick().await;
                let Some(house) = me.upgrade() else { break };
                let now = house.now();
                let removed = house
                    .store
                    .write(move |tx| {
                        Box::pin(async move {
                            sqlx::query("DELETE FROM session WHERE ends_at <= $1")
                                .bind(now)
                                .execute(tx)
                                .await?;
                            Ok(())
                        })
                    })
                    .await;
                match removed {
                    Ok(()) => {}
                    Err(StoreError::Stopped) => break,
                    Err(error) => tracing::warn!(%error, "ended sessions stay a while"),
                }
            }
        });
    }

    /// Takes in what other nodes say, as long as the house stands.
    fn hear_others(self: Arc<Self>) {
        let mut heard = self.store.listen();
        let me = Arc::downgrade(&self);
        tokio::spawn(async move {
            while let Some(heard) = heard.recv().await {
                let Some(house) = me.upgrade() else { break };
                house.take_in(&heard);
            }
        });
    }

    fn take_in(&self, heard: &Heard) {
        let Heard::Note(note) = heard else {
            self.sessions.forget_all();
            self.shelf.doubt_all();
            self.room.forget_all();
            self.attendance.forget_all();
            self.hub.all_moved();
            self.hub.revoked();
            return;
        };
        match note.split_once(' ') {
            Some(("contest", id)) => {
                if let Ok(id) = id.parse() {
                    self.shelf.doubt(&id);
                    self.broom.watch(&id);
                    self.hub.moved(&id);
                }
            }
            Some(("progress", id)) => {
                if let Ok(id) = id.parse() {
                    self.hub.moved(&id);
                }
            }
            Some(("person", id)) => {
                if let Ok(id) = id.parse() {
                    self.forget_person(id);
                }
            }
            Some(("attempt", people)) => people
                .split(' ')
                .filter_map(|id| id.parse().ok())
                .for_each(|id| self.room.forget(id)),
            Some(("account", id)) => {
                if let Ok(id) = id.parse() {
                    self.forget_account(id);
                }
            }
            Some(("session", token)) => self.forget_session(token),
            _ => tracing::warn!(note, "not understood"),
        }
    }

    /// Drops what this node remembers about a person: the database is asked again.
    pub(crate) fn forget_person(&self, id: PersonId) {
        self.sessions.forget_person(id);
        self.room.forget(id);
        self.attendance.forget(id);
        self.hub.revoked();
    }

    /// As [`Self::forget_person`], about an account.
    pub(crate) fn forget_account(&self, id: UserId) {
        self.sessions.forget_account(id);
        self.hub.revoked();
    }

    /// As [`Self::forget_person`], about one session.
    pub(crate) fn forget_session(&self, token: &str) {
        self.sessions.forget(token);
        self.hub.revoked();
    }
}

/// Writes down what kind of database this is, if nothing is written yet; answers what it is.
async fn claim_kind(store: &Store, kind: Kind) -> Result<Kind, StoreError> {
    let word: String = store
        .write(move |tx| {
            Box::pin(async move {
                sqlx::query(
                    "INSERT INTO house (name, value) VALUES ('kind', $1) ON CONFLICT (name) DO NOTHING",
                )
                .bind(kind.as_str())
                .execute(&mut *tx)
                .await?;
                let word = sqlx::query_scalar("SELECT value FROM house WHERE name = 'kind'")
                    .fetch_one(&mut *tx)
                    .await?;
                Ok(word)
            })
        })
        .await?;
    Kind::named(&word).ok_or(StoreError::Unreadable("house.kind"))
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Taken(constraint) => Self::Taken { constraint },
            StoreError::Conflict => Self::Stale,
            StoreError::Refused(refused) => refused,
            other => {
                tracing::error!(error = %other, "the store failed");
                Self::Internal
            }
        }
    }
}
