//! The mechanism that answers and marks share: lines by key, and what becomes of them when the server
//! speaks.

use contest::Moment;

use super::line::{Kept, Line};

/// What to do when the server holds something else than what waits here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Conflict {
    /// The last word on this tablet goes on top: an answer is one person's, and he sees what he taps.
    #[default]
    Mine,
    /// Nothing is overwritten before somebody has been asked.
    Ask,
}

/// What the server said about a line that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard<V> {
    /// It holds exactly what was sent.
    Kept,
    /// It holds this instead.
    Holds { revision: u32, value: V },
    /// It will never take it.
    Refused,
}

/// What waits on the wire: a key with its revision, value and time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent<K, V> {
    pub key: K,
    pub revision: u32,
    pub value: V,
    pub at: Moment,
}

/// Lines by key, in the order of the keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines<K, V> {
    lines: Vec<(K, Line<V>)>,
    /// Keys whose line is not stored yet as it is here.
    changed: Vec<K>,
    conflict: Conflict,
    /// What the server holds where somebody has to be asked.
    disputes: Vec<(K, u32, V)>,
}

impl<K: Copy + Ord, V: Kept> Lines<K, V> {
    /// Empty lines for these keys.
    pub fn of(keys: impl IntoIterator<Item = K>, conflict: Conflict) -> Self {
        let mut lines: Vec<(K, Line<V>)> = keys.into_iter().map(|key| (key, Line::default())).collect();
        lines.sort_unstable_by_key(|(key, _)| *key);
        Self {
            lines,
            changed: Vec::new(),
            conflict,
            disputes: Vec::new(),
        }
    }

    fn at(&self, key: K) -> Option<usize> {
        self.lines.binary_search_by_key(&key, |(key, _)| *key).ok()
    }

    /// All keys.
    pub fn keys(&self) -> impl Iterator<Item = K> + '_ {
        self.lines.iter().map(|(key, _)| *key)
    }

    /// What is known of `key`.
    pub fn line(&self, key: K) -> Line<V> {
        self.at(key)
            .map(|at| self.lines[at].1.clone())
            .unwrap_or_default()
    }

    /// Whether the newest value of `key` has no receipt yet.
    pub fn waits(&self, key: K) -> bool {
        self.line(key).waits()
    }

    /// How many lines have no receipt yet.
    pub fn unsent(&self) -> u32 {
        self.lines.iter().filter(|(_, line)| line.waits()).count() as u32
    }

    /// What the server holds instead of what waits here, if somebody has to be asked.
    pub fn dispute(&self, key: K) -> Option<(u32, &V)> {
        let found = self.disputes.iter().find(|(of, ..)| *of == key);
        found.map(|(_, revision, value)| (*revision, value))
    }

    /// A new value. The same again is no news, unless it answers a question.
    pub fn set(&mut self, key: K, value: V, at: Moment) {
        let line = self.line(key);
        let asked = self.dispute(key).map(|(revision, _)| revision);
        if line.value != value || asked.is_some() || line.refused {
            self.disputes.retain(|(of, ..)| *of != key);
            let revision = line.revision.max(asked.unwrap_or(0)) + 1;
            let new = Line {
                revision,
                value,
                at,
                ..Line::default()
            };
            self.put(key, new);
        }
    }

    /// The answer to a question: what the server holds stands.
    pub fn take_theirs(&mut self, key: K) {
        if let Some(at) = self.disputes.iter().position(|(of, ..)| *of == key) {
            let (_, revision, value) = self.disputes.remove(at);
            self.adopt(key, revision, value);
        }
    }

    /// Takes in a line from storage: from before a reload, or from another tab.
    pub fn absorb(&mut self, key: K, stored: Line<V>) {
        let Some(at) = self.at(key) else { return };
        let mine = &self.lines[at].1;
        let newer = stored.revision > mine.revision;
        // Equal numbers: both tabs counted on from the same line; what is stored was written last.
        if newer || stored.revision == mine.revision && stored != *mine {
            self.lines[at].1 = stored;
            self.changed.retain(|changed| *changed != key);
            self.disputes.retain(|(of, ..)| *of != key);
        }
    }

    /// Takes in that the server holds this of `key`; `None`: it has lost it, or has never had it.
    pub fn held(&mut self, key: K, held: Option<(u32, V)>) {
        match held {
            Some((revision, value)) => self.compare(key, revision, value),
            None => self.resend(key),
        }
    }

    /// What to send now, in the order of the keys. What is asked about stays.
    pub fn waiting(&self) -> impl Iterator<Item = Sent<K, V>> + '_ {
        let waiting = self
            .lines
            .iter()
            .filter(|(key, line)| line.waits() && self.dispute(*key).is_none());
        waiting.map(|(key, line)| Sent {
            key: *key,
            revision: line.revision,
            value: line.value.clone(),
            at: line.at,
        })
    }

    /// Takes in what became of `revision` of `key`. `sent` is what was sent under it, if it is still known.
    pub fn hear(&mut self, key: K, revision: u32, sent: Option<&V>, heard: Heard<V>) {
        let line = self.line(key);
        let newest = sent.is_some_and(|sent| revision == line.revision && *sent == line.value);
        match heard {
            Heard::Kept if newest => self.put(key, Line { sent: true, ..line }),
            Heard::Refused if newest => self.put(
                key,
                Line {
                    refused: true,
                    ..line
                },
            ),
            // An old packet's receipt may come when a newer value is long kept.
            Heard::Holds { revision, value } if revision >= line.revision => {
                self.compare(key, revision, value);
            }
            _ => {}
        }
    }

    /// This person now works on another device: see [`Line::yields`].
    pub fn give_way(&mut self) {
        for key in self.keys().collect::<Vec<K>>() {
            let line = self.line(key);
            if line.revision > 0 {
                self.put(key, Line { yields: true, ..line });
            }
        }
    }

    /// The lines to store, each named once.
    pub fn take_changed(&mut self) -> Vec<(K, Line<V>)> {
        let changed = std::mem::take(&mut self.changed);
        changed.into_iter().map(|key| (key, self.line(key))).collect()
    }

    /// What to do about a line when the server holds `value` under `revision`.
    fn compare(&mut self, key: K, revision: u32, value: V) {
        let line = self.line(key);
        self.disputes.retain(|(of, ..)| *of != key);
        // It would go on top of what came from the other device since.
        let on_top = line.waits() || line.revision > revision;
        if line.refused {
            self.adopt(key, revision, value);
        } else if self.conflict == Conflict::Ask && line.yields && on_top && line.value != value {
            self.disputes.push((key, revision, value));
        } else if line.revision > revision {
            // The newest value has not arrived; or it had, and the server was restored from a backup.
            self.resend(key);
        } else if line.value == value || !line.waits() || line.yields {
            self.adopt(key, revision, value);
        } else if self.conflict == Conflict::Ask {
            self.disputes.push((key, revision, value));
        } else {
            // The last word on this tablet is another than the server's: it goes on top.
            self.put(
                key,
                Line {
                    revision: revision + 1,
                    ..line
                },
            );
        }
    }

    /// What the server holds is what stands here.
    fn adopt(&mut self, key: K, revision: u32, value: V) {
        let line = self.line(key);
        let at = if line.value == value { line.at } else { 0 };
        let new = Line {
            revision,
            value,
            at,
            sent: true,
            ..Line::default()
        };
        self.put(key, new);
    }

    fn resend(&mut self, key: K) {
        let line = self.line(key);
        if line.revision > 0 && line.sent {
            self.put(key, Line { sent: false, ..line });
        }
    }

    fn put(&mut self, key: K, new: Line<V>) {
        let Some(at) = self.at(key).filter(|at| self.lines[*at].1 != new) else {
            return;
        };
        self.lines[at].1 = new;
        if !self.changed.contains(&key) {
            self.changed.push(key);
        }
    }
}
