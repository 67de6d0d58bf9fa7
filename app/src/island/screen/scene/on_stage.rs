//! The team on stage and its clock, which the house owns: while nothing is heard it stands still.

use contest::{Millis, Moment, hall_view::StageView, stage_view::ClockView};
use leptos::prelude::*;

use super::{Frame, size};
use crate::dates;
use crate::icon::{Icon, icon};
use crate::island::live::Line;
use crate::words::{Locale, td_string};

pub(super) fn drawn(of: Frame<'_>, stage: Option<&StageView>) -> AnyView {
    let locale = of.locale;
    let Some(stage) = stage else {
        return view! {
            <section class="s-list">
                {of.head(td_string!(locale, screen.scene_on_stage), ())}
                {of.empty(td_string!(locale, scene.nobody), td_string!(locale, scene.nobody_note))}
            </section>
        }
        .into_any();
    };
    let turn =
        (stage.place > 0).then(|| td_string!(locale, scene.turn_of, n = stage.place, of = stage.teams));
    let unit = Some(&stage.unit).filter(|unit| !unit.is_empty() && **unit != stage.clock.name);
    let name = &stage.clock.name;
    let next = stage.next.as_ref().map(|next| {
        view! {
            <p class="s-next">
                <span class="s-next-word">{icon(Icon::ArrowRight)} {td_string!(locale, scene.next)}</span>
                <b>{next.name.clone()}</b>
            </p>
        }
    });
    let (clock, line) = (stage.clock.clone(), of.life.line);
    view! {
        <section class="s-stage">
            {of.head(stage.round_name.clone(), turn)}
            <div class="s-stage-in">
                <div class="s-stage-team">
                    <h2 class=format!("s-stage-name fit {}", size(name, [18, 30, 46, 70]))>{name.clone()}</h2>
                    {unit.map(|unit| view! { <p class="s-stage-unit">{unit.clone()}</p> })}
                </div>
                {move || face(&clock, line, locale)}
            </div>
            {next}
        </section>
    }
    .into_any()
}

fn face(clock: &ClockView, line: Line, locale: Locale) -> impl IntoView + use<> {
    let face = Face::of(clock, line.clock(), line.silent.get());
    let note = match face.state {
        State::Unknown { since } => td_string!(locale, scene.clock_since, time = dates::time(since)),
        State::Begins => td_string!(locale, scene.clock_begins).to_owned(),
        State::Calm => td_string!(locale, scene.clock_running).to_owned(),
        State::Near => td_string!(locale, scene.clock_near).to_owned(),
        State::CutOff => td_string!(locale, stage.cut_off_now).to_owned(),
        State::Over { over } => td_string!(locale, scene.clock_over, over = dates::clock(over)),
        State::Paused => td_string!(locale, scene.clock_paused).to_owned(),
        State::Stopped => td_string!(locale, scene.clock_stopped).to_owned(),
        State::Silent => td_string!(locale, scene.clock_silent).to_owned(),
    };
    let limit =
        (clock.limit > 0).then(|| td_string!(locale, scene.clock_limit, limit = dates::clock(clock.limit)));
    let drawn = match face.state {
        State::Over { .. } | State::CutOff => Some(Icon::Alert),
        State::Near => Some(Icon::Clock),
        State::Paused => Some(Icon::Pause),
        State::Stopped => Some(Icon::Stop),
        State::Silent => Some(Icon::WifiOff),
        _ => None,
    };
    let bar = face.elapsed.filter(|_| clock.limit > 0).map(|elapsed| {
        let value = elapsed.min(clock.limit).to_string();
        view! {
            <progress max=clock.limit.to_string() value=value aria-label=td_string!(locale, scene.clock)></progress>
        }
    });
    view! {
        <div class=format!("s-clock {}", face.class()) role="timer" aria-label=td_string!(locale, scene.clock)>
            <b class="s-clock-time">
                {face.elapsed.map_or_else(|| "––:––".to_owned(), |elapsed| dates::clock(elapsed - elapsed % 1000))}
            </b>
            {bar}
            <p class="s-clock-note">{drawn.map(icon)} {note}</p>
            {limit.map(|limit| view! { <p class="s-clock-limit">{limit}</p> })}
        </div>
    }
}

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
struct Face {
    elapsed: Option<Millis>,
    state: State,
}

impl Face {
    fn of(clock: &ClockView, now: Option<Moment>, silent: bool) -> Self {
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

    fn class(self) -> &'static str {
        match self.state {
            State::Near => "near",
            State::Over { .. } | State::CutOff => "over",
            State::Silent => "silent",
            State::Paused | State::Stopped | State::Begins | State::Unknown { .. } => "still",
            State::Calm => "calm",
        }
    }
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
