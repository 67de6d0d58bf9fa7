//! A tablet's local storage: the lines of an outbox, and flags.
//!
//! A browser may have none, or a full one. Then everything stays in memory, and the page says so.

use std::fmt::Display;
use std::str::FromStr;

use contest::question::Choice;
use leptos::prelude::window;
use web_sys::Storage;

use crate::outbox::{Kept, Line, Lines};

/// Where the lines of one attempt, or of one sheet, are kept.
#[derive(Default)]
pub struct Drawer {
    /// `hoithi/{contest}/{person}/`
    owner: String,
    /// `{attempt}/`, and while the paper is known `{its sum}/`: attempt 1 of a new demo database is
    /// another paper.
    attempt: String,
    /// Nothing is read any more once something could not be written: it would be older.
    pub broken: bool,
}

impl Drawer {
    /// The drawer for one contestant's attempt.
    pub fn of(contest: &str, person: i64, attempt: i64, paper: &str) -> Self {
        let mut attempt = format!("{attempt}/");
        if !paper.is_empty() {
            attempt.push_str(paper);
            attempt.push('/');
        }
        Self {
            owner: format!("hoithi/{contest}/{person}/"),
            attempt,
            broken: false,
        }
    }

    /// The drawer for something else of one person's, `of` ends with a stroke.
    #[cfg(not(feature = "tablet"))]
    pub fn named(owner: String, of: String) -> Self {
        Self {
            owner,
            attempt: of,
            broken: false,
        }
    }

    /// Takes in what is stored.
    pub fn read<K: Copy + Ord + FromStr, V: Kept>(&self, outbox: &mut Lines<K, V>) {
        for (key, text) in self.entries() {
            let place = key
                .strip_prefix(&self.attempt)
                .and_then(|rest| rest.rsplit('/').next()?.parse().ok());
            if let (Some(place), Some(line)) = (place, Line::decode(&text)) {
                outbox.absorb(place, line);
            }
        }
    }

    /// Stores what has changed.
    pub fn write<K: Copy + Ord + Display, V: Kept>(&mut self, outbox: &mut Lines<K, V>) {
        for (place, line) in outbox.take_changed() {
            self.broken |= !self.put(&place.to_string(), &line.encode());
        }
    }

    /// Forgets what the server has; what is unsent is never dropped. `all`: this attempt's lines too.
    pub fn tidy(&self, all: bool) {
        for (key, text) in self.entries() {
            let ours = key.starts_with(&self.attempt);
            let sent = Line::<Choice>::decode(&text).is_none_or(|line| line.sent);
            if sent && (all || !ours) {
                let _ = storage().map(|s| s.remove_item(&format!("{}{key}", self.owner)));
            }
        }
    }

    /// The papers of this contestant of which something is stored elsewhere than here: attempt, sum, and how
    /// many questions reach to the last line.
    pub fn papers(&self) -> Vec<(i64, String, usize)> {
        let mut papers: Vec<(i64, String, usize)> = Vec::new();
        for (key, _) in self.entries() {
            let mut parts = key.split('/');
            let (Some(attempt), Some(sum), Some(place), None) =
                (parts.next(), parts.next(), parts.next(), parts.next())
            else {
                continue;
            };
            let (Ok(attempt), Ok(place)) = (attempt.parse(), place.parse::<u16>()) else {
                continue;
            };
            if key.starts_with(&self.attempt) {
                continue;
            }
            let questions = usize::from(place) + 1;
            match papers.iter_mut().find(|(a, s, _)| *a == attempt && s == sum) {
                Some((.., most)) => *most = questions.max(*most),
                None => papers.push((attempt, sum.to_owned(), questions)),
            }
        }
        papers
    }

    /// Questions to look at again.
    pub fn flags(&self) -> Vec<u16> {
        let key = format!("{}{}co", self.owner, self.attempt);
        let text = storage()
            .and_then(|s| s.get_item(&key).ok().flatten())
            .unwrap_or_default();
        text.split(' ').filter_map(|place| place.parse().ok()).collect()
    }

    pub fn keep_flags(&self, flags: &[u16]) {
        let text: Vec<String> = flags.iter().map(u16::to_string).collect();
        self.put("co", &text.join(" "));
    }

    /// A word of one's own beside the lines.
    #[cfg(not(feature = "tablet"))]
    pub fn word(&self, key: &str) -> Option<String> {
        storage()?
            .get_item(&format!("{}{}{key}", self.owner, self.attempt))
            .ok()?
    }

    pub fn put(&self, key: &str, value: &str) -> bool {
        let key = format!("{}{}{key}", self.owner, self.attempt);
        storage().is_some_and(|s| s.set_item(&key, value).is_ok())
    }

    /// What is stored of this contestant, keys without the owner.
    fn entries(&self) -> Vec<(String, String)> {
        let Some(storage) = storage().filter(|_| !self.broken) else {
            return Vec::new();
        };
        let keys = (0..storage.length().unwrap_or(0)).filter_map(|i| storage.key(i).ok().flatten());
        keys.filter_map(|key| {
            let text = storage.get_item(&key).ok().flatten()?;
            Some((key.strip_prefix(&self.owner)?.to_owned(), text))
        })
        .collect()
    }
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}
