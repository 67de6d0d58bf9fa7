//! What the face of a stage clock shows. The house owns the clock: while nothing is heard it stands still.

use contest::{Millis, Moment, stage_view::ClockView};

use crate::dates;
use crate::icon::Icon;
use crate::words::{Locale, td_string};

/// How pressing it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// It runs, and the house has not told its time yet.
    Unknown {
        since: Moment,
    },
    Begins,
    Calm,
    Near,
    Over {
        over: Millis,
    },
    /// It still runs at the time at which it is stopped.
    CutOff,
    Paused,
    Stopped,
    /// It ran when the house was heard last.
    Silent,
}

/// What the clock shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Face {
    /// `None` while it runs and the house has not told its time yet.
    pub(crate) elapsed: Option<Millis>,
    state: State,
}

impl Face {
    pub(crate) fn of(clock: &ClockView, now: Option<Moment>, silent: bool) -> Self {
        let running = clock
            .running_since
            .map(|since| now.map(|now| (now - since).max(0)));
        let elapsed = match running {
            None => Some(clock.before),
            Some(run) => run.map(|run| clock.before + run),
        };
        let state = match (elapsed, clock.running_since) {
            (None, since) => State::Unknown {
                since: since.unwrap_or_default(),
            },
            (Some(_), Some(_)) if silent => State::Silent,
            (Some(elapsed), _) if clock.is_cut_off(elapsed) => State::CutOff,
            (Some(elapsed), _) if clock.limit > 0 && elapsed > clock.limit => State::Over {
                over: elapsed - clock.limit,
            },
            (Some(_), None) if clock.stopped => State::Stopped,
            (Some(0), None) => State::Begins,
            (Some(_), None) => State::Paused,
            (Some(elapsed), Some(_)) if clock.warning > 0 && elapsed >= clock.warning => State::Near,
            _ => State::Calm,
        };
        Self { elapsed, state }
    }

    pub(crate) fn time(self) -> String {
        self.elapsed.map_or_else(|| "––:––".to_owned(), counted)
    }

    /// What it means, in a word.
    pub(crate) fn note(self, locale: Locale) -> String {
        match self.state {
            State::Unknown { since } => td_string!(locale, scene.clock_since, time = dates::time(since)),
            State::Begins => td_string!(locale, scene.clock_begins).to_owned(),
            State::Calm => td_string!(locale, scene.clock_running).to_owned(),
            State::Near => td_string!(locale, scene.clock_near).to_owned(),
            State::CutOff => td_string!(locale, stage.cut_off_now).to_owned(),
            State::Over { over } => td_string!(locale, scene.clock_over, over = counted(over)),
            State::Paused => td_string!(locale, scene.clock_paused).to_owned(),
            State::Stopped => td_string!(locale, scene.clock_stopped).to_owned(),
            State::Silent => td_string!(locale, scene.clock_silent).to_owned(),
        }
    }

    pub(crate) fn icon(self) -> Option<Icon> {
        match self.state {
            State::Over { .. } | State::CutOff => Some(Icon::Alert),
            State::Near => Some(Icon::Clock),
            State::Paused => Some(Icon::Pause),
            State::Stopped => Some(Icon::Stop),
            State::Silent => Some(Icon::WifiOff),
            State::Unknown { .. } | State::Begins | State::Calm => None,
        }
    }

    pub(crate) fn class(self) -> &'static str {
        match self.state {
            State::Near => "near",
            State::Over { .. } | State::CutOff => "over",
            State::Silent => "silent",
            State::Paused | State::Stopped | State::Begins | State::Unknown { .. } => "still",
            State::Calm => "calm",
        }
    }
}

/// Whole seconds, as a stop watch has them: only what is over is counted.
fn counted(elapsed: Millis) -> String {
    dates::clock(elapsed - elapsed % 1000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use contest::TeamId;

    const CLOCK: ClockView = ClockView {
        team: TeamId(1),
        name: String::new(),
        running_since: Some(1_000_000),
        before: 60_000,
        stopped: false,
        warning: 540_000,
        limit: 600_000,
        cut_off: None,
        thinking: 0,
    };

    #[test]
    fn the_clock_warns_and_then_counts_the_overtime() {
        let at = |after: Millis| Face::of(&CLOCK, Some(1_000_000 + after), false);
        assert_eq!((at(0).elapsed, at(0).state), (Some(60_000), State::Calm));
        assert_eq!(at(480_000).state, State::Near);
        assert_eq!(at(540_000).state, State::Near, "the last moment is in time");
        assert_eq!(at(552_000).state, State::Over { over: 12_000 });
    }

    #[test]
    fn at_the_cut_off_it_says_to_stop_as_long_as_it_runs() {
        let clock = ClockView {
            cut_off: Some(660_000),
            ..CLOCK
        };
        let at = |after: Millis| Face::of(&clock, Some(1_000_000 + after), false).state;
        assert_eq!(at(599_000), State::Over { over: 59_000 });
        assert_eq!(at(600_000), State::CutOff);
        let stopped = ClockView {
            running_since: None,
            before: 665_000,
            stopped: true,
            ..clock.clone()
        };
        assert_eq!(
            Face::of(&stopped, None, false).state,
            State::Over { over: 65_000 },
            "stopped, it tells the overtime"
        );
    }

    #[test]
    fn a_clock_that_is_not_heard_does_not_pretend() {
        let silent = Face::of(&CLOCK, Some(1_120_000), true);
        assert_eq!(silent.state, State::Silent);
        assert_eq!(
            Face::of(&CLOCK, None, false).state,
            State::Unknown { since: 1_000_000 }
        );
        let still = ClockView {
            running_since: None,
            ..CLOCK
        };
        assert_eq!(
            Face::of(&still, None, true).state,
            State::Paused,
            "a pause is a pause"
        );
        let stopped = ClockView {
            stopped: true,
            ..still.clone()
        };
        assert_eq!(Face::of(&stopped, Some(0), false).state, State::Stopped);
        let fresh = ClockView { before: 0, ..still };
        assert_eq!(Face::of(&fresh, Some(0), false).state, State::Begins);
    }
}
