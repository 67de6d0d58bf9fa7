//! A bounded memory: what was used lately is kept, what was not is forgotten.

use std::{
    collections::HashMap,
    fmt,
    hash::{BuildHasher, Hash, RandomState},
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Keeps between `most` and twice `most` of the entries used last. Two generations: when the young
/// one is full it becomes the old one, and whatever is not asked for again goes with it.
pub struct Recent<K, V> {
    most: usize,
    hasher: RandomState,
    generations: Mutex<Generations<K, V>>,
}

struct Generations<K, V> {
    young: HashMap<K, V>,
    old: HashMap<K, V>,
    /// Counts what was forgotten on purpose, by a part of the key's hash: so that many forgettings
    /// do not keep all the others from being remembered.
    forgotten: Vec<u64>,
}

const PARTS: usize = 1024;

/// Says when reading began: a value read before a later [`Recent::forget`] is not remembered.
#[derive(Clone, Copy, Debug)]
pub struct Since {
    part: usize,
    forgotten: u64,
}

impl<K, V> fmt::Debug for Recent<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recent")
            .field("most", &self.most)
            .finish_non_exhaustive()
    }
}

impl<K: Eq + Hash, V: Clone> Recent<K, V> {
    pub fn new(most: usize) -> Self {
        Self {
            most,
            hasher: RandomState::new(),
            generations: Mutex::new(Generations {
                young: HashMap::new(),
                old: HashMap::new(),
                forgotten: vec![0; PARTS],
            }),
        }
    }

    pub fn get(&self, key: &K) -> Option<V> {
        let mut held = self.lock();
        if let Some(value) = held.young.get(key) {
            return Some(value.clone());
        }
        let (key, value) = held.old.remove_entry(key)?;
        held.keep(self.most, key, value.clone());
        Some(value)
    }

    /// To be called before the value is read from where it is kept.
    pub fn since(&self, key: &K) -> Since {
        let part = self.part(key);
        Since {
            part,
            forgotten: self.lock().forgotten[part],
        }
    }

    /// Remembers what was read, unless it was forgotten since then: it may be stale.
    pub fn put(&self, since: Since, key: K, value: V) {
        let mut held = self.lock();
        if held.forgotten[since.part] == since.forgotten {
            held.keep(self.most, key, value);
        }
    }

    pub fn forget(&self, key: &K) {
        let part = self.part(key);
        let mut held = self.lock();
        held.forgotten[part] += 1;
        held.young.remove(key);
        held.old.remove(key);
    }

    pub fn forget_all(&self) {
        let mut held = self.lock();
        held.forgotten.iter_mut().for_each(|count| *count += 1);
        held.young.clear();
        held.old.clear();
    }

    fn part(&self, key: &K) -> usize {
        (self.hasher.hash_one(key) % PARTS as u64) as usize
    }

    fn lock(&self) -> MutexGuard<'_, Generations<K, V>> {
        self.generations.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash, V> Generations<K, V> {
    fn keep(&mut self, most: usize, key: K, value: V) {
        if self.young.len() >= most {
            self.old = std::mem::take(&mut self.young);
        }
        self.old.remove(&key);
        self.young.insert(key, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_stays_and_the_rest_goes() {
        let recent = Recent::new(10);
        for n in 0..100 {
            recent.put(recent.since(&n), n, n);
            assert_eq!(recent.get(&0), Some(0));
        }
        let kept = (0..100).filter(|n| recent.get(n).is_some()).count();
        assert!((10..=20).contains(&kept), "{kept}");
    }

    #[test]
    fn a_value_read_before_it_was_forgotten_is_not_remembered() {
        let recent = Recent::new(10);
        let since = recent.since(&1);
        recent.forget(&1);
        recent.put(since, 1, "stale");
        assert_eq!(recent.get(&1), None);
        recent.put(recent.since(&1), 1, "fresh");
        assert_eq!(recent.get(&1), Some("fresh"));
    }
}
