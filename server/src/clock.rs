//! The one clock of the house. Whoever needs the time asks it, so that tests and rehearsals can move it.

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use contest::{Millis, Moment};

/// Tells the time.
pub trait Clock: fmt::Debug + Send + Sync {
    /// Milliseconds since 1970-01-01 UTC.
    fn now(&self) -> Moment;
}

/// The time of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .ok()
            .and_then(|since| Moment::try_from(since.as_millis()).ok())
            .unwrap_or_default()
    }
}

/// The time of this machine, moved: a rehearsal need not wait for a deadline.
#[derive(Debug, Default)]
pub struct ShiftedClock {
    offset: AtomicI64,
}

impl ShiftedClock {
    /// Moves the clock on by so much, or back.
    pub fn advance(&self, by: Millis) {
        self.offset.fetch_add(by, Ordering::SeqCst);
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Moment {
        SystemClock.now() + self.offset.load(Ordering::SeqCst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shifted_clock_goes_on_from_where_it_was_put() {
        let clock = ShiftedClock::default();
        let before = SystemClock.now();
        clock.advance(3_600_000);
        assert!(clock.now() >= before + 3_600_000);
    }
}
