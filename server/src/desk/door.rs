//! How a browser becomes a screen: it shows four letters, somebody types them at the console.

use app::backend::{Answer, AppError, NewSession, ScreenDoor, Visit};
use contest::command::Facts;
use contest::intake::{clean, shorten};
use contest::screen::ScreenAct;
use contest::{Actor, Command, ContestId, Millis, Moment, PersonId};
use rand::RngExt;
use sqlx::AnyConnection;

use super::accounts::Holder;
use super::{Effects, House, token};
use crate::store::{self, StoreError};

/// No vowel, so that they are no word; no `D` and no `W`, which Vietnamese keyboards change; no two that
/// look alike from afar.
const LETTERS: &[u8; 13] = b"CFHJKLMNPRTVX";
const LENGTH: usize = 4;
/// A name of a person may be longer than that of a screen.
const LONGEST_NAME: usize = 60;
/// How long letters are good for.
const GOOD_FOR: Millis = 24 * 3600 * 1000;
/// So many browsers wait at most; the ones that came first make room, and draw again.
const MOST_WAITING: i64 = 2_000;
/// The letters are drawn again while somebody else waits under them.
const DRAWS: u32 = 20;

impl House {
    /// What the browser of `visit` is, or becomes.
    pub(super) async fn open_screen_door(&self, visit: &Visit) -> Answer<ScreenDoor> {
        // At a screen's addresses everybody is the public but screens: whoever else asks means another.
        if visit.actor != Actor::Public {
            return Err(AppError::Forbidden);
        }
        if let Some(session) = self.screen_again(visit).await? {
            return Ok(ScreenDoor::Claimed { session });
        }
        let (device, since) = (visit.device.clone(), self.now() - GOOD_FOR);
        let waiting: Option<String> =
            sqlx::query_scalar("SELECT letters FROM screen_door WHERE device = $1 AND created_at > $2")
                .bind(device.as_str())
                .bind(since)
                .fetch_optional(self.store.read())
                .await
                .map_err(StoreError::from)?;
        let letters = match waiting {
            Some(letters) => letters,
            None => self.wait_under_new_letters(&device).await?,
        };
        Ok(ScreenDoor::Waiting { letters })
    }

    /// A session for the screen that the browser is, if it is one.
    async fn screen_again(&self, visit: &Visit) -> Answer<Option<NewSession>> {
        let screen: Option<i64> = sqlx::query_scalar(
            "SELECT id FROM person WHERE device = $1 AND role = 'screen'
             ORDER BY created_at DESC, id DESC LIMIT 1",
        )
        .bind(visit.device.as_str())
        .fetch_optional(self.store.read())
        .await
        .map_err(StoreError::from)?;
        let Some(screen) = screen else { return Ok(None) };
        let (mut session, row) = self.new_session(visit, Holder::Person(PersonId(screen)));
        session.home = "/man-hinh".to_owned();
        let device = visit.device.clone();
        self.open_session(row, move |tx| {
            Box::pin(async move {
                // It may have been taken away since it was read.
                let mine: Option<i64> =
                    sqlx::query_scalar("SELECT id FROM person WHERE id = $1 AND device = $2")
                        .bind(screen)
                        .bind(device)
                        .fetch_optional(tx)
                        .await?;
                mine.map(|_| ()).ok_or_else(|| AppError::NotFound.into())
            })
        })
        .await?;
        Ok(Some(session))
    }

    async fn wait_under_new_letters(&self, device: &str) -> Answer<String> {
        for _ in 0..DRAWS {
            let (letters, now) = (draw(), self.now());
            let (wanted, device) = (letters.clone(), device.to_owned());
            let written = self.store.write(move |tx| {
                Box::pin(async move {
                    make_room(tx, now).await?;
                    wait(tx, &device, &wanted, now).await
                })
            });
            match written.await {
                Ok(()) => return Ok(letters),
                Err(StoreError::Taken(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(AppError::Internal)
    }

    /// Makes the browser that waits under `letters` a screen of the contest.
    pub(super) async fn claim(
        &self,
        visit: &Visit,
        contest: &ContestId,
        letters: &str,
        name: &str,
    ) -> Answer<PersonId> {
        self.staff(visit, contest).await?;
        let actor = visit.actor_in(contest);
        // A name that no account can have: these tries are counted for themselves.
        let who = format!("\0screen {actor:?}");
        self.limits.attempt(Some(&who), &visit.device, self.now())?;
        let letters = typed(letters).ok_or(AppError::WrongLetters)?;
        let screen = PersonId(token::number());
        let (name, since, now) = (clean(name), self.now() - GOOD_FOR, self.now());
        let act = ScreenAct::Add {
            screen,
            name: name.clone(),
        };
        let effects: Effects = Box::new(move |_, after| {
            let (contest, name, letters) = (after.id.clone(), name.clone(), letters.clone());
            Box::new(move |tx| {
                Box::pin(async move {
                    let device: Option<String> = sqlx::query_scalar(
                        "DELETE FROM screen_door WHERE letters = $1 AND created_at > $2 RETURNING device",
                    )
                    .bind(letters)
                    .bind(since)
                    .fetch_optional(&mut *tx)
                    .await?;
                    let device = device.ok_or(AppError::WrongLetters)?;
                    enrol(tx, &contest, screen, &name, &device, now).await
                })
            })
        });
        self.record(
            &actor,
            &visit.device_label,
            contest,
            &Facts::default(),
            Command::Screen { act },
            Some(effects),
        )
        .await?;
        self.limits.success(Some(&who), &visit.device);
        Ok(screen)
    }

    /// Tells the ledger of a screen that came in by a printed code, unless it knows it.
    pub(super) async fn introduce_screen(
        &self,
        visit: &Visit,
        contest: &str,
        screen: PersonId,
        name: &str,
    ) -> Answer<()> {
        let contest: ContestId = contest.parse().map_err(|_| AppError::Internal)?;
        if self.load(&contest).await?.hall.screens.contains_key(&screen) {
            return Ok(());
        }
        let name = shorten(name, LONGEST_NAME);
        self.record(
            &Actor::System,
            &visit.device_label,
            &contest,
            &Facts::default(),
            Command::Screen {
                act: ScreenAct::Add { screen, name },
            },
            None,
        )
        .await?;
        Ok(())
    }

    /// Takes a screen away, with everything that it could come back by.
    pub(super) async fn dismiss(&self, visit: &Visit, contest: &ContestId, screen: PersonId) -> Answer<u64> {
        self.staff(visit, contest).await?;
        let effects: Effects = Box::new(move |_, after| {
            let contest = after.id.clone();
            Box::new(move |tx| Box::pin(async move { forget(tx, &contest, screen).await }))
        });
        let (actor, device, id) = (
            visit.actor_in(contest),
            visit.device_label.clone(),
            contest.clone(),
        );
        self.see_through(move |house| async move {
            let act = ScreenAct::Remove { screen };
            let after = house
                .record(
                    &actor,
                    &device,
                    &id,
                    &Facts::default(),
                    Command::Screen { act },
                    Some(effects),
                )
                .await?;
            house.forget_person(screen);
            house.showing.forget(screen);
            Ok(after.seq)
        })
        .await
    }
}

/// Four letters.
fn draw() -> String {
    let mut rng = rand::rng();
    (0..LENGTH)
        .map(|_| char::from(LETTERS[rng.random_range(0..LETTERS.len())]))
        .collect()
}

/// Letters as somebody typed them, in any case and with blanks. `None` if none can be meant.
fn typed(text: &str) -> Option<String> {
    let letters: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| c.to_ascii_uppercase())
        .take(LENGTH + 1)
        .collect();
    let known = |letter: u8| LETTERS.contains(&letter);
    (letters.len() == LENGTH && letters.bytes().all(known)).then_some(letters)
}

/// Forgets letters that are too old, and the oldest if too many wait.
async fn make_room(tx: &mut AnyConnection, now: Moment) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM screen_door WHERE created_at <= $1")
        .bind(now - GOOD_FOR)
        .execute(&mut *tx)
        .await?;
    sqlx::query(
        "DELETE FROM screen_door WHERE device IN (
             SELECT device FROM screen_door ORDER BY created_at DESC, device LIMIT $1 OFFSET $2)",
    )
    .bind(MOST_WAITING)
    .bind(MOST_WAITING - 1)
    .execute(tx)
    .await?;
    Ok(())
}

async fn wait(tx: &mut AnyConnection, device: &str, letters: &str, now: Moment) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO screen_door (device, letters, created_at) VALUES ($1, $2, $3)
         ON CONFLICT (device) DO UPDATE SET letters = excluded.letters, created_at = excluded.created_at",
    )
    .bind(device)
    .bind(letters)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// Writes a screen with its browser. The code is there for the day when the browser loses its cookies.
async fn enrol(
    tx: &mut AnyConnection,
    contest: &ContestId,
    screen: PersonId,
    name: &str,
    device: &str,
    now: Moment,
) -> Result<(), StoreError> {
    // The browser is one screen at a time.
    sqlx::query("UPDATE person SET device = NULL WHERE device = $1 AND role = 'screen'")
        .bind(device)
        .execute(&mut *tx)
        .await?;
    sqlx::query(
        "INSERT INTO person (id, contest, role, name, sbd, team, post, code, device, created_at)
         VALUES ($1, $2, 'screen', $3, '', NULL, '', $4, $5, $6)",
    )
    .bind(screen.0)
    .bind(contest.as_str())
    .bind(name)
    .bind(token::code())
    .bind(device)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// Gives the person of a screen the screen's name.
pub(super) async fn rename(
    tx: &mut AnyConnection,
    contest: &ContestId,
    screen: PersonId,
    name: Option<String>,
) -> Result<(), StoreError> {
    let Some(name) = name else { return Ok(()) };
    sqlx::query("UPDATE person SET name = $1 WHERE id = $2 AND contest = $3 AND role = 'screen'")
        .bind(name)
        .bind(screen.0)
        .bind(contest.as_str())
        .execute(tx)
        .await?;
    Ok(())
}

/// Removes what the tables know of a screen.
pub(super) async fn forget(
    tx: &mut AnyConnection,
    contest: &ContestId,
    screen: PersonId,
) -> Result<(), StoreError> {
    for text in [
        "DELETE FROM session WHERE person IN (
             SELECT id FROM person WHERE id = $1 AND contest = $2 AND role = 'screen')",
        "DELETE FROM person WHERE id = $1 AND contest = $2 AND role = 'screen'",
        "DELETE FROM screen_seen WHERE person = $1 AND contest = $2",
    ] {
        sqlx::query(text)
            .bind(screen.0)
            .bind(contest.as_str())
            .execute(&mut *tx)
            .await?;
    }
    store::notify(tx, &format!("person {screen}")).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_understood_however_they_are_typed() {
        for _ in 0..200 {
            let letters = draw();
            assert_eq!(typed(&letters.to_lowercase()).as_ref(), Some(&letters));
            assert_eq!(
                typed(&format!(" {}-{} ", &letters[..2], &letters[2..])),
                Some(letters)
            );
        }
        for text in ["", "CFH", "CFHJK", "ĐFHJ", "AFHJ", "CFH0"] {
            assert_eq!(typed(text), None, "{text}");
        }
    }
}
