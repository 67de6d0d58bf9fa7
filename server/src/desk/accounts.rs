//! The first organizer, the others, and everybody who enters by a code.

use app::backend::{Account, Accounts, Answer, AppError, NewSession, Visit};
use async_trait::async_trait;
use contest::actor::Role;
use contest::intake::{clean, is_broken, key};
use contest::{Actor, Millis, Moment, PersonId, UserId};
use futures::future::BoxFuture;
use sqlx::AnyConnection;

use super::session::actor;
use super::{House, password, token};
use crate::store::{self, Store, StoreError};

/// How long an organizer stays signed in.
const ACCOUNT_SESSION: Millis = 30 * DAY;
/// How long somebody who entered by a code does: a contest and its rehearsal.
const PERSON_SESSION: Millis = 3 * DAY;
const DAY: Millis = 24 * 3600 * 1000;

/// Draws the token of the first organizer's link; `None` once there is an account.
pub(super) async fn first_link(store: &Store) -> Result<Option<String>, StoreError> {
    let secret = token::secret();
    let hash = token::hashed(&secret);
    let drawn = store
        .write(move |tx| {
            Box::pin(async move {
                let drawn = sqlx::query(
                    "INSERT INTO house (name, value)
                     SELECT 'first_link', $1 WHERE NOT EXISTS (SELECT 1 FROM account)
                     ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                )
                .bind(hash)
                .execute(tx)
                .await?;
                Ok(drawn.rows_affected() > 0)
            })
        })
        .await?;
    Ok(drawn.then_some(secret))
}

#[async_trait]
impl Accounts for House {
    async fn is_first_link(&self, token: &str) -> bool {
        let found: Result<Option<String>, _> =
            sqlx::query_scalar("SELECT value FROM house WHERE name = 'first_link' AND value = $1")
                .bind(token::hashed(token))
                .fetch_optional(self.store.read())
                .await;
        matches!(found, Ok(Some(_)))
    }

    async fn claim_first(
        &self,
        visit: &Visit,
        token: &str,
        name: &str,
        password: &str,
    ) -> Answer<NewSession> {
        // Before the costly part: anybody may call this.
        if !self.is_first_link(token).await {
            return Err(AppError::NotFound);
        }
        let account = NewAccount::of(name, password, self.now()).await?;
        let link = token::hashed(token);
        let (session, row) = self.new_session(visit, Holder::Account(account.id));
        self.open_session(row, |tx| {
            Box::pin(async move {
                let claimed = sqlx::query("DELETE FROM house WHERE name = 'first_link' AND value = $1")
                    .bind(link)
                    .execute(&mut *tx)
                    .await?;
                if claimed.rows_affected() != 1 {
                    return Err(AppError::NotFound.into());
                }
                account.insert(tx).await
            })
        })
        .await?;
        Ok(session)
    }

    async fn sign_in(&self, visit: &Visit, name: &str, password: &str) -> Answer<NewSession> {
        let folded = key(name);
        if folded.chars().count() > LONGEST_NAME {
            return Err(AppError::WrongPassword);
        }
        self.limits.attempt(Some(&folded), &visit.device, self.now())?;
        let found: Option<(i64, String)> =
            sqlx::query_as("SELECT id, password FROM account WHERE folded = $1")
                .bind(folded.as_str())
                .fetch_optional(self.store.read())
                .await
                .map_err(StoreError::from)?;
        let (id, hash) = found.unzip();
        let right = password::verify(password, hash).await?;
        let (Some(id), true) = (id, right) else {
            return Err(AppError::WrongPassword);
        };
        self.limits.success(Some(&folded), &visit.device);
        let (session, row) = self.new_session(visit, Holder::Account(UserId(id)));
        self.open_session(row, |_| Box::pin(async { Ok(()) })).await?;
        Ok(session)
    }

    async fn sign_out(&self, visit: &Visit) -> Answer<()> {
        let Some(token) = visit.session.clone() else {
            return Ok(());
        };
        self.see_through(|house| async move {
            let gone = token.clone();
            house
                .store
                .write(move |tx| {
                    Box::pin(async move {
                        sqlx::query("DELETE FROM session WHERE token = $1")
                            .bind(gone.as_str())
                            .execute(&mut *tx)
                            .await?;
                        store::notify(tx, &format!("session {gone}")).await
                    })
                })
                .await?;
            house.forget_session(&token);
            Ok(())
        })
        .await
    }

    async fn enter(&self, visit: &Visit, code: &str) -> Answer<NewSession> {
        // Counted by the device alone: a hall shares one address, and a wrong code is nobody's. Whoever throws
        // its cookie away is a new device at each try; what holds him off is the code. There are 22^12: ten
        // thousand tries a second find one of a hall's hundred cards in four hundred years, one of a million
        // in two weeks (and it must be a card that no device has entered by). A bucket for all devices that
        // nobody knows would stop nobody who hits a right code unless it stopped a right code: it would be a
        // lock that one phone could hang on the door of a whole hall.
        self.limits.attempt(None, &visit.device, self.now())?;
        let code = token::typed_code(code).ok_or(AppError::WrongCode)?;
        type Row = (i64, String, String, Option<i64>, String);
        let found: Option<Row> =
            sqlx::query_as("SELECT id, contest, role, team, name FROM person WHERE code = $1")
                .bind(code)
                .fetch_optional(self.store.read())
                .await
                .map_err(StoreError::from)?;
        let (id, contest, role, team, name) = found.ok_or(AppError::WrongCode)?;
        let role = Role::named(&role).ok_or(AppError::Internal)?;
        let person = PersonId(id);
        actor(role, person, team).ok_or(AppError::Internal)?;
        self.limits.success(None, &visit.device);

        let (mut session, row) = self.new_session(visit, Holder::Person(person));
        session.home = match role {
            Role::Contestant | Role::Reserve => "/thi".to_owned(),
            Role::Judge => "/giam-khao".to_owned(),
            Role::Secretary => format!("/hoi-thi/{contest}"),
            Role::Screen => "/man-hinh".to_owned(),
            Role::Host => "/dan-chuong-trinh".to_owned(),
        };
        let device = visit.device.clone();
        self.open_session(row, move |tx| {
            Box::pin(async move {
                // The condition decides between two devices at once, not a look before.
                let bound = sqlx::query(
                    "UPDATE person SET device = $1 WHERE id = $2 AND (device IS NULL OR device = $1)",
                )
                .bind(device)
                .bind(person.0)
                .execute(&mut *tx)
                .await?;
                if bound.rows_affected() != 1 {
                    return Err(AppError::DeviceTaken.into());
                }
                Ok(())
            })
        })
        .await?;
        if role == Role::Screen {
            self.introduce_screen(visit, &contest, person, &name).await?;
        }
        Ok(session)
    }

    async fn accounts(&self, visit: &Visit) -> Answer<Vec<Account>> {
        any_organizer(visit)?;
        let rows: Vec<(i64, String, i64)> =
            sqlx::query_as("SELECT id, name, created_at FROM account ORDER BY created_at, id")
                .fetch_all(self.store.read())
                .await
                .map_err(StoreError::from)?;
        Ok(rows
            .into_iter()
            .map(|(id, name, created_at)| Account {
                id: UserId(id),
                name,
                created_at,
            })
            .collect())
    }

    async fn add_account(&self, visit: &Visit, name: &str, password: &str) -> Answer<UserId> {
        any_organizer(visit)?;
        let account = NewAccount::of(name, password, self.now()).await?;
        let id = account.id;
        self.store
            .write(move |tx| Box::pin(async move { account.insert(tx).await }))
            .await?;
        Ok(id)
    }

    async fn change_password(&self, visit: &Visit, old: &str, new: &str) -> Answer<()> {
        let user = any_organizer(visit)?;
        let found: Option<(String, String)> =
            sqlx::query_as("SELECT folded, password FROM account WHERE id = $1")
                .bind(user.0)
                .fetch_optional(self.store.read())
                .await
                .map_err(StoreError::from)?;
        let (folded, hash) = found.ok_or(AppError::SignIn)?;
        self.limits.attempt(Some(&folded), &visit.device, self.now())?;
        if !password::verify(old, Some(hash)).await? {
            return Err(AppError::WrongPassword);
        }
        self.limits.success(Some(&folded), &visit.device);
        let hash = password::hash(new).await?;
        let mine = visit.session.clone().unwrap_or_default();
        self.see_through(move |house| async move {
            house
                .store
                .write(move |tx| {
                    Box::pin(async move {
                        sqlx::query("UPDATE account SET password = $1 WHERE id = $2")
                            .bind(hash)
                            .bind(user.0)
                            .execute(&mut *tx)
                            .await?;
                        sqlx::query("DELETE FROM session WHERE account = $1 AND token <> $2")
                            .bind(user.0)
                            .bind(mine)
                            .execute(&mut *tx)
                            .await?;
                        store::notify(tx, &format!("account {user}")).await
                    })
                })
                .await?;
            house.forget_account(user);
            Ok(())
        })
        .await
    }
}

impl House {
    /// Sets an account's password and ends its sessions, for whoever holds the database itself.
    /// `false`: nobody has that name.
    ///
    /// # Errors
    /// When the password is too short or too long.
    pub(crate) async fn set_password(&self, name: &str, password: &str) -> Answer<bool> {
        let user: Option<i64> = sqlx::query_scalar("SELECT id FROM account WHERE folded = $1")
            .bind(key(&clean(name)))
            .fetch_optional(self.store.read())
            .await
            .map_err(StoreError::from)?;
        let Some(user) = user else { return Ok(false) };
        let hash = password::hash(password).await?;
        self.store
            .write(move |tx| {
                Box::pin(async move {
                    sqlx::query("UPDATE account SET password = $1 WHERE id = $2")
                        .bind(hash)
                        .bind(user)
                        .execute(&mut *tx)
                        .await?;
                    sqlx::query("DELETE FROM session WHERE account = $1")
                        .bind(user)
                        .execute(&mut *tx)
                        .await?;
                    store::notify(tx, &format!("account {user}")).await
                })
            })
            .await?;
        self.forget_account(UserId(user));
        Ok(true)
    }
}

/// The organizer who asks, of whichever contest.
pub(super) fn any_organizer(visit: &Visit) -> Result<UserId, AppError> {
    match visit.actor {
        Actor::Organizer { user } => Ok(user),
        Actor::Public => Err(AppError::SignIn),
        _ => Err(AppError::Forbidden),
    }
}

const LONGEST_NAME: usize = 60;

/// An account about to be made.
struct NewAccount {
    id: UserId,
    name: String,
    password: String,
    now: Moment,
}

impl NewAccount {
    /// A name of 3 to 60 characters, a password of 10 to 200.
    async fn of(name: &str, password: &str, now: Moment) -> Result<Self, AppError> {
        let name = clean(name);
        if is_broken(&name) || !(3..=LONGEST_NAME).contains(&name.chars().count()) {
            return Err(AppError::BadField { field: "name".into() });
        }
        Ok(Self {
            id: UserId(token::number()),
            name,
            password: password::hash(password).await?,
            now,
        })
    }

    async fn insert(&self, tx: &mut AnyConnection) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO account (id, name, folded, password, created_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(self.id.0)
        .bind(self.name.as_str())
        .bind(key(&self.name))
        .bind(self.password.as_str())
        .bind(self.now)
        .execute(&mut *tx)
        .await?;
        // Somebody holds the house now, by whichever way he came: the link of the first start is of no more use.
        sqlx::query("DELETE FROM house WHERE name = 'first_link'")
            .execute(tx)
            .await?;
        Ok(())
    }
}

/// Whose session it is.
#[derive(Clone, Copy)]
pub(super) enum Holder {
    Account(UserId),
    Person(PersonId),
}

/// A session about to be written.
pub(super) struct SessionRow {
    token: String,
    holder: Holder,
    device: String,
    label: String,
    /// The browser's session before this one, which ends.
    old: Option<String>,
    now: Moment,
}

impl House {
    pub(super) fn new_session(&self, visit: &Visit, holder: Holder) -> (NewSession, SessionRow) {
        let secret = token::secret();
        let row = SessionRow {
            token: token::hashed(&secret),
            holder,
            device: visit.device.clone(),
            label: visit.device_label.clone(),
            old: visit.session.clone(),
            now: self.now(),
        };
        let session = NewSession {
            token: secret,
            home: "/hoi-thi".to_owned(),
        };
        (session, row)
    }

    /// Writes a session after whatever `first` has to do for it, both or neither.
    pub(super) async fn open_session<F>(&self, row: SessionRow, first: F) -> Result<(), AppError>
    where
        F: for<'c> FnOnce(&'c mut AnyConnection) -> BoxFuture<'c, Result<(), StoreError>> + Send + 'static,
    {
        self.see_through(|house| async move {
            let ended = house
                .store
                .write(move |tx| {
                    Box::pin(async move {
                        first(tx).await?;
                        row.insert(tx).await
                    })
                })
                .await?;
            for token in ended {
                house.forget_session(&token);
            }
            Ok(())
        })
        .await
    }
}

impl SessionRow {
    /// Ends the browser's session before this one, and the person's others; writes this one.
    /// Answers with the tokens of those that ended.
    async fn insert(&self, tx: &mut AnyConnection) -> Result<Vec<String>, StoreError> {
        let (account, person, length) = match self.holder {
            Holder::Account(user) => (Some(user.0), None, ACCOUNT_SESSION),
            Holder::Person(person) => (None, Some(person.0), PERSON_SESSION),
        };
        // What tells other devices that the person was taken off them stays; on this one it is over.
        let ended: Vec<String> = sqlx::query_scalar(
            "DELETE FROM session WHERE token = $1 OR (person = $2 AND moved = 0)
             OR (device = $3 AND moved = 1) RETURNING token",
        )
        .bind(self.old.as_deref().unwrap_or_default())
        .bind(person)
        .bind(self.device.as_str())
        .fetch_all(&mut *tx)
        .await?;
        for token in &ended {
            store::notify(tx, &format!("session {token}")).await?;
        }
        sqlx::query(
            "INSERT INTO session (token, account, person, device, label, created_at, ends_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(self.token.as_str())
        .bind(account)
        .bind(person)
        .bind(self.device.as_str())
        .bind(self.label.as_str())
        .bind(self.now)
        .bind(self.now + length)
        .execute(tx)
        .await?;
        Ok(ended)
    }
}
