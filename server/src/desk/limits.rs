//! How often somebody may try: counted by what he tries and by his device, never by his address,
//! which a whole hall shares.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use app::backend::AppError;
use contest::{Millis, Moment};

/// Attempts that are free.
const FREE: u32 = 5;
/// Failures are forgotten after so long without another.
const FORGET: Millis = 15 * 60_000;
/// More are not counted at once; then the oldest go.
const COUNTED: usize = 50_000;

/// The longest wait: for a name, so that nobody locks its owner out by trying; for a device.
const LONGEST_FOR_NAME: Millis = 60_000;
const LONGEST_FOR_DEVICE: Millis = 10 * 60_000;

/// What was tried lately without success.
#[derive(Debug, Default)]
pub(super) struct Limits {
    tries: Mutex<HashMap<Key, Tries>>,
}

/// Whose attempts are counted together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Name(String),
    Device(String),
}

#[derive(Clone, Copy, Debug)]
struct Tries {
    count: u32,
    last: Moment,
}

impl Key {
    fn longest(&self) -> Millis {
        match self {
            Self::Name(_) => LONGEST_FOR_NAME,
            Self::Device(_) => LONGEST_FOR_DEVICE,
        }
    }
}

impl Tries {
    /// When the next attempt may be made: 2, 4, 8, ... seconds after the last, once the free ones are used.
    fn next(self, longest: Millis) -> Moment {
        match self.count.checked_sub(FREE) {
            None => self.last,
            Some(over) => self.last + (2_000 << over.min(10)).min(longest),
        }
    }
}

impl Limits {
    /// Counts an attempt at `name` from `device` before it is made, so that many at once count too.
    ///
    /// # Errors
    /// [`AppError::Limited`] when it is too early; such an attempt is not counted.
    pub(super) fn attempt(&self, name: Option<&str>, device: &str, now: Moment) -> Result<(), AppError> {
        let keys = keys(name, device);
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = keys
            .iter()
            .filter_map(|key| {
                let tried = tries.get(key).filter(|tried| now - tried.last < FORGET)?;
                Some(tried.next(key.longest()) - now)
            })
            .max()
            .unwrap_or_default();
        if wait > 0 {
            return Err(AppError::Limited {
                seconds: u32::try_from((wait + 999) / 1000).unwrap_or(u32::MAX),
            });
        }
        if tries.len() >= COUNTED {
            make_room(&mut tries, now);
        }
        for key in keys {
            let tried = tries.entry(key).or_insert(Tries { count: 0, last: now });
            if now - tried.last >= FORGET {
                tried.count = 0;
            }
            tried.count = tried.count.saturating_add(1);
            tried.last = now;
        }
        Ok(())
    }

    /// It was a success: nothing stands against the next.
    pub(super) fn success(&self, name: Option<&str>, device: &str) {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        for key in keys(name, device) {
            tries.remove(&key);
        }
    }
}

fn keys(name: Option<&str>, device: &str) -> Vec<Key> {
    let name = name.map(|name| Key::Name(name.to_owned()));
    name.into_iter().chain([Key::Device(device.to_owned())]).collect()
}

/// Forgets what is old; if that is not enough, the older half.
fn make_room(tries: &mut HashMap<Key, Tries>, now: Moment) {
    tries.retain(|_, tried| now - tried.last < FORGET);
    if tries.len() >= COUNTED {
        let mut times: Vec<Moment> = tries.values().map(|tried| tried.last).collect();
        let (_, middle, _) = times.select_nth_unstable(COUNTED / 2);
        let middle = *middle;
        tries.retain(|_, tried| tried.last > middle);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(limits: &Limits, name: &str, device: &str, now: Moment) -> Option<u32> {
        match limits.attempt(Some(name), device, now) {
            Ok(()) => None,
            Err(AppError::Limited { seconds }) => Some(seconds),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn the_sixth_attempt_waits_and_the_wait_grows() {
        let limits = Limits::default();
        for _ in 0..5 {
            assert_eq!(seconds(&limits, "hoa", "a", 0), None);
        }
        assert_eq!(seconds(&limits, "hoa", "b", 0), Some(2));
        assert_eq!(seconds(&limits, "lan", "a", 0), Some(2));
        assert_eq!(seconds(&limits, "hoa", "b", 2_000), None);
        assert_eq!(seconds(&limits, "hoa", "c", 2_000), Some(4));
        assert_eq!(seconds(&limits, "lan", "c", 2_000), None);
    }

    #[test]
    fn a_name_is_never_locked_for_long_and_success_clears_it() {
        let limits = Limits::default();
        let mut now = 0;
        for i in 0..50 {
            assert_eq!(seconds(&limits, "hoa", &format!("device {i}"), now), None);
            now += LONGEST_FOR_NAME;
        }
        assert!(seconds(&limits, "hoa", "mine", now - LONGEST_FOR_NAME).is_some_and(|wait| wait <= 60));
        limits.success(Some("hoa"), "mine");
        assert_eq!(seconds(&limits, "hoa", "mine", now - LONGEST_FOR_NAME), None);
    }

    #[test]
    fn the_count_is_bounded() {
        let limits = Limits::default();
        for i in 0..(2 * COUNTED as i64) {
            let _ = limits.attempt(None, &i.to_string(), i / 1000);
        }
        assert!(limits.tries.lock().unwrap().len() <= COUNTED);
    }
}
