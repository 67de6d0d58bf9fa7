//! Who was heard, and when: known at once on the node that heard it, and written down every few seconds for the
//! others and for the next start.

use std::sync::Weak;
use std::time::Duration;

use contest::{Millis, Moment, PersonId};
use dashmap::DashMap;
use sqlx::AnyConnection;

use super::House;
use crate::store::StoreError;
use crate::store::rows::{ManyRows, cuts, values};

/// How often a node writes down whom it has heard.
const ROUND: Duration = Duration::from_secs(2);
/// Somebody of whom nothing is new but that he was heard again is written at most this often.
const RARELY: Millis = 10_000;
/// The most rows of one round; the rest waits for the next.
const MOST: usize = 2_000;
/// Whoever was silent for so long is not kept in mind; the table still has him.
const FORGOTTEN: Millis = 3600 * 1000;
/// In the table: the browser does not tell.
const UNTOLD: i64 = -1;

static WRITE: ManyRows = ManyRows::new(|rows| {
    format!(
        "INSERT INTO presence (person, last_seen, unsent, battery) VALUES {} \
         ON CONFLICT (person) DO UPDATE SET last_seen = excluded.last_seen, unsent = excluded.unsent, \
         battery = excluded.battery WHERE presence.last_seen < excluded.last_seen",
        values(0, 4, rows)
    )
});

/// A device as it was heard last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Presence {
    pub last_seen: Moment,
    /// Answers that it said it had not sent yet.
    pub unsent: u32,
    /// In percent, where the browser tells it.
    pub battery: Option<u8>,
}

impl Presence {
    /// What a row has of somebody, if anything: the columns of the table.
    pub fn of_row((last_seen, unsent, battery): Columns) -> Option<Self> {
        Some(Self {
            last_seen: last_seen?,
            unsent: u32::try_from(unsent?).unwrap_or_default(),
            battery: battery.and_then(|battery| u8::try_from(battery).ok()),
        })
    }
}

/// `last_seen`, `unsent` and `battery` of a row that may be missing.
pub(super) type Columns = (Option<i64>, Option<i64>, Option<i64>);

/// What a device says of itself beside that it is there.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Said {
    pub unsent: Option<u32>,
    pub battery: Option<u8>,
}

/// Whom this node has heard, and what of it is written down.
#[derive(Debug, Default)]
pub(super) struct Attendance {
    heard: DashMap<PersonId, (Presence, Option<Presence>)>,
}

impl Attendance {
    fn hear(&self, person: PersonId, said: Said, now: Moment) {
        let new = Presence {
            last_seen: now,
            unsent: 0,
            battery: None,
        };
        let mut known = self.heard.entry(person).or_insert((new, None));
        let known = &mut known.0;
        known.last_seen = now;
        known.unsent = said.unsent.unwrap_or(known.unsent);
        known.battery = said.battery.or(known.battery);
    }

    pub fn forget(&self, person: PersonId) {
        self.heard.remove(&person);
    }

    /// Something about people may have been missed: the table is asked again.
    pub fn forget_all(&self) {
        self.heard.clear();
    }

    /// What is worth a row now, those who wait longest first.
    fn due(&self) -> Vec<(PersonId, Presence)> {
        let mut due: Vec<(Moment, PersonId, Presence)> = self
            .heard
            .iter()
            .filter_map(|one| {
                let (now, written) = *one.value();
                let written = written.unwrap_or(Presence {
                    last_seen: Moment::MIN,
                    ..now
                });
                let silent = (now.unsent, now.battery) == (written.unsent, written.battery);
                let soon = now.last_seen < written.last_seen.saturating_add(RARELY);
                let same = now.last_seen == written.last_seen;
                (!(same || silent && soon)).then_some((written.last_seen, *one.key(), now))
            })
            .collect();
        due.sort_unstable_by_key(|(written, person, _)| (*written, *person));
        due.truncate(MOST);
        due.into_iter().map(|(_, person, now)| (person, now)).collect()
    }

    fn written(&self, rows: &[(PersonId, Presence)], now: Moment) {
        for (person, presence) in rows {
            if let Some(mut known) = self.heard.get_mut(person) {
                known.1 = Some(*presence);
            }
        }
        self.heard
            .retain(|_, (heard, _)| heard.last_seen > now - FORGOTTEN);
    }
}

impl House {
    /// Somebody's device was heard.
    pub(super) fn hear(&self, person: PersonId, said: Said) {
        self.attendance.hear(person, said, self.now());
    }

    /// Somebody's device is there: it holds a stream open, or asked for something.
    pub(crate) fn saw(&self, person: PersonId) {
        self.hear(person, Said::default());
    }

    /// How somebody was heard last, on this node or, as `written` says, on any.
    pub(super) fn presence(&self, person: PersonId, written: Columns) -> Option<Presence> {
        let here = self.attendance.heard.get(&person).map(|known| known.0);
        let written = Presence::of_row(written);
        here.into_iter()
            .chain(written)
            .max_by_key(|heard| heard.last_seen)
    }

    /// Writes down whom this node has heard, for the others.
    pub(super) async fn write_attendance(&self) -> Result<(), StoreError> {
        let due = self.attendance.due();
        if due.is_empty() {
            return Ok(());
        }
        let mut rows = due.clone();
        // All nodes go in the same direction.
        rows.sort_unstable_by_key(|(person, _)| *person);
        self.store
            .write(move |tx| Box::pin(async move { write(tx, &rows).await }))
            .await?;
        self.attendance.written(&due, self.now());
        Ok(())
    }
}

async fn write(tx: &mut AnyConnection, rows: &[(PersonId, Presence)]) -> Result<(), StoreError> {
    for piece in cuts(rows.len()) {
        let mut query = sqlx::query(WRITE.of(piece.len()));
        for (person, presence) in &rows[piece] {
            query = query
                .bind(person.0)
                .bind(presence.last_seen)
                .bind(i64::from(presence.unsent))
                .bind(presence.battery.map_or(UNTOLD, i64::from));
        }
        query.execute(&mut *tx).await?;
    }
    Ok(())
}

/// Nothing is known of the device of somebody who has none any more.
pub(super) async fn forget(tx: &mut AnyConnection, person: PersonId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM presence WHERE person = $1")
        .bind(person.0)
        .execute(tx)
        .await?;
    Ok(())
}

/// Writes the attendance down for as long as the house stands.
pub(super) fn keep(house: Weak<House>) {
    tokio::spawn(async move {
        let mut round = tokio::time::interval(ROUND);
        round.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            round.tick().await;
            let Some(house) = house.upgrade() else { break };
            match house.write_attendance().await {
                Ok(()) => {}
                Err(StoreError::Stopped) => break,
                // Written with the next round: it is only older than it could be.
                Err(error) => tracing::warn!(%error, "who was heard is not written down"),
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    const AN: PersonId = PersonId(1);

    #[test]
    fn a_row_is_written_when_something_is_new_or_after_a_while() {
        let attendance = Attendance::default();
        let unsent = |n| Said {
            unsent: Some(n),
            battery: Some(80),
        };
        attendance.hear(AN, unsent(0), 1_000);
        let first = attendance.due();
        assert_eq!(first.len(), 1);
        attendance.written(&first, 1_000);
        assert_eq!(attendance.due(), []);
        attendance.hear(AN, Said::default(), 1_000 + RARELY - 1);
        assert_eq!(attendance.due(), [], "only that he was heard again, and soon");
        attendance.hear(AN, unsent(3), 1_000 + RARELY - 1);
        let heard = Presence {
            last_seen: 1_000 + RARELY - 1,
            unsent: 3,
            battery: Some(80),
        };
        assert_eq!(attendance.due(), [(AN, heard)]);
        attendance.written(&attendance.due(), 2_000);
        attendance.hear(AN, Said::default(), 1_000 + 2 * RARELY);
        assert_eq!(attendance.due().len(), 1, "after a while");
        attendance.written(&attendance.due(), 1_000 + 2 * RARELY + FORGOTTEN);
        assert!(attendance.heard.is_empty());
    }
}
