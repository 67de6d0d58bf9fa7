//! The server's time, on a tablet whose own clock may be wrong or be changed while it is looked at.

use contest::{Millis, Moment};

/// What the server's clock shows when the page's stopwatch (`performance.now()`) shows 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ServerClock {
    zero: f64,
    /// Not yet heard over a measured way: the first reading that is replaces it.
    guess: bool,
}

/// A reading lower than expected by more than this is another clock, not a slow network.
const SLOWEST: f64 = 3_000.0;

impl ServerClock {
    /// From a page that the server built at `now`, some moments before the stopwatch showed `page`.
    pub fn of_page(now: Moment, page: f64) -> Self {
        Self {
            zero: now as f64 - page.min(200.0),
            guess: true,
        }
    }

    /// The server said `now`, heard when the stopwatch showed `heard`. What is heard is never early,
    /// so the reading that makes the server's time latest is the best one so far.
    pub fn hear(&mut self, now: Moment, heard: f64) {
        let zero = now as f64 - heard;
        if self.guess || zero > self.zero || zero < self.zero - SLOWEST {
            *self = Self { zero, guess: false };
        }
    }

    /// The server's time when the stopwatch shows `page`.
    pub fn at(&self, page: f64) -> Moment {
        (self.zero + page) as Moment
    }
}

/// How pressing the time that is left is: the colour of the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Press {
    Calm,
    LastMinutes,
    LastMinute,
    Over,
}

impl Press {
    pub fn of(left: Millis) -> Self {
        match left {
            ..=0 => Self::Over,
            1..=60_000 => Self::LastMinute,
            60_001..=300_000 => Self::LastMinutes,
            _ => Self::Calm,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quickest_answer_tells_the_time_best() {
        let mut clock = ServerClock::of_page(100_000, 4_000.0);
        assert_eq!(clock.at(200.0), 100_000);
        clock.hear(105_000, 5_400.0);
        assert_eq!(clock.at(5_400.0), 105_000);
        clock.hear(110_000, 11_000.0);
        assert_eq!(
            clock.at(11_000.0),
            110_600,
            "a slow answer does not set the clock back"
        );
        clock.hear(115_000, 15_100.0);
        assert_eq!(clock.at(15_100.0), 115_000);
    }

    #[test]
    fn a_server_whose_clock_was_set_back_is_believed() {
        let mut clock = ServerClock::of_page(100_000, 0.0);
        clock.hear(100_100, 100.0);
        clock.hear(50_000, 1_000.0);
        assert_eq!(clock.at(1_000.0), 50_000);
    }

    #[test]
    fn a_stopwatch_that_slept_is_put_right_by_the_next_reading() {
        let mut clock = ServerClock::of_page(0, 0.0);
        clock.hear(1_000, 1_000.0);
        clock.hear(601_000, 2_000.0);
        assert_eq!(clock.at(2_000.0), 601_000);
    }

    #[test]
    fn the_last_minutes_press() {
        assert_eq!(Press::of(300_001), Press::Calm);
        assert_eq!(Press::of(300_000), Press::LastMinutes);
        assert_eq!(Press::of(60_000), Press::LastMinute);
        assert_eq!(Press::of(0), Press::Over);
    }
}
