//! The head of the board: whose contest it is, what goes on now, and how long it still takes.

use contest::{
    Moment,
    audience::{Board, Running},
};
use leptos::prelude::*;

use super::scene::Scene;
use crate::dates;
use crate::island::live::Line;
use crate::words::{Locale, td_string};
use crate::words_of::number;

#[component]
pub(super) fn Head(
    board: RwSignal<Board>,
    /// Whether the rows are the staff's.
    inside: bool,
    line: Line,
    locale: Locale,
) -> impl IntoView {
    view! {
        <header class="board-head">
            <div class="board-title">
                <p class="board-hosts">{move || hosts(&board.read())}</p>
                <h1>{move || board.read().name.clone()}</h1>
            </div>
            <div class="board-now">
                {move || {
                    let board = board.read();
                    let told = told(&board, inside, locale);
                    view! {
                        <p class="board-scene">
                            <strong>{told.title}</strong>
                            {told.notes.into_iter().map(|note| view! { <span>{note}</span> }).collect_view()}
                        </p>
                    }
                }}
                {move || {
                    let board = board.read();
                    let Scene::Exam(_, running) = Scene::of(&board, inside) else { return None };
                    let now = line.clock();
                    let time = time(running, now, locale)?;
                    let stopped = line.silent.get();
                    let guess = now.is_none() && !running.paused;
                    Some(
                        view! {
                            <p class="board-time" class:stopped=running.paused || stopped class:guess=guess role="timer">
                                <span class="board-time-of">
                                    {if stopped {
                                        td_string!(locale, board.clock_stopped)
                                    } else if guess {
                                        td_string!(locale, board.until)
                                    } else {
                                        td_string!(locale, board.time_left)
                                    }}
                                </span>
                                <span class="board-clock">{time}</span>
                            </p>
                        },
                    )
                }}
            </div>
        </header>
    }
}

fn hosts(board: &Board) -> String {
    let place = Some(&board.place).filter(|place| !place.is_empty());
    let all: Vec<&str> = board.hosts.iter().chain(place).map(String::as_str).collect();
    all.join(" · ")
}

struct Told {
    title: String,
    notes: Vec<String>,
}

fn told(board: &Board, inside: bool, locale: Locale) -> Told {
    let frozen = |at| td_string!(locale, board.frozen, time = dates::time(at));
    let (title, mut notes) = match Scene::of(board, inside) {
        Scene::Frozen(at) => (td_string!(locale, board.title).to_owned(), vec![frozen(at)]),
        Scene::Waiting => (
            td_string!(locale, board.title).to_owned(),
            vec![td_string!(locale, board.waiting).into()],
        ),
        Scene::Exam(round, running) => {
            let mut notes = vec![
                td_string!(
                    locale,
                    board.handed_in_of,
                    n = number(locale, running.handed_in.into()),
                    of = number(locale, running.contestants.into())
                ),
                td_string!(
                    locale,
                    board.answered_of,
                    n = number(locale, running.answered.into()),
                    of = number(
                        locale,
                        u64::from(running.questions) * u64::from(running.contestants)
                    )
                ),
            ];
            if running.paused {
                notes.insert(0, td_string!(locale, board.paused).into());
            } else if running.ends_at.is_none() {
                notes.push(td_string!(locale, board.own_clock).into());
            }
            if let Some(at) = board.frozen.filter(|_| !inside) {
                notes.push(frozen(at));
            }
            (td_string!(locale, board.open, round = round.name.as_str()), notes)
        }
        Scene::Marking(round) => (
            td_string!(locale, board.closed, round = round.name.as_str()),
            vec![td_string!(locale, board.marking).into()],
        ),
        Scene::Published(round) => (
            td_string!(locale, board.title).to_owned(),
            vec![td_string!(locale, board.published, round = round.name.as_str())],
        ),
        Scene::Finished => (td_string!(locale, board.finished).to_owned(), vec![]),
    };
    if !matches!(Scene::of(board, inside), Scene::Exam(..)) && board.parts_equals() {
        notes.push(td_string!(locale, board.parted).into());
    }
    if let (Some(at), true) = (board.frozen, inside) {
        notes.push(td_string!(locale, hall.frozen_since, time = dates::time(at)));
    }
    Told { title, notes }
}

/// What the clock shows; before the house has told its time, when the exam ends.
fn time(running: &Running, now: Option<Moment>, locale: Locale) -> Option<String> {
    if let Some(left) = running.paused_left {
        return Some(dates::clock(left));
    }
    let ends_at = running.ends_at?;
    Some(match now {
        Some(now) if now >= ends_at => td_string!(locale, board.time_up).into(),
        Some(now) => dates::clock(ends_at - now),
        None => dates::time(ends_at),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUNNING: Running = Running {
        ends_at: Some(1_000_000),
        paused_left: None,
        paused: false,
        questions: 30,
        contestants: 70,
        answered: 1_204,
        handed_in: 3,
    };

    #[test]
    fn the_clock_counts_by_the_house_and_stands_in_a_pause() {
        let shown = |running: &Running, now| time(running, now, Locale::vi).unwrap_or_default();
        assert_eq!(shown(&RUNNING, Some(400_000)), "10:00");
        assert_eq!(shown(&RUNNING, Some(999_001)), "00:01");
        assert_eq!(shown(&RUNNING, Some(1_000_000)), "Hết giờ");
        assert_eq!(shown(&RUNNING, None), "07:16:40", "before the first beat");
        let paused = Running {
            ends_at: None,
            paused_left: Some(61_000),
            paused: true,
            ..RUNNING
        };
        assert_eq!(shown(&paused, Some(400_000)), "01:01");
        let own = Running {
            ends_at: None,
            ..RUNNING
        };
        assert_eq!(time(&own, Some(0), Locale::vi), None);
    }
}
