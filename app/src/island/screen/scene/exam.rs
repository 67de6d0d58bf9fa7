//! An exam under way: the time that is left, and how far the teams are; not a word about who is right.

use contest::{
    Moment,
    audience::{Board, BoardProgress, BoardRound, BoardRow, Running},
};
use leptos::prelude::*;

use super::Frame;
use crate::dates;
use crate::icon::{Icon, icon};
use crate::island::live::Line;
use crate::island::screen::rows::team;
use crate::words::{Locale, td_string};
use crate::words_of::number;

pub(super) fn drawn(of: Frame<'_>, board: &Board) -> AnyView {
    let locale = of.locale;
    let open = board
        .rounds
        .iter()
        .find_map(|round| Some((round, round.running.as_ref()?)));
    let Some((round, running)) = open else {
        return view! {
            <section class="s-list">
                {of.head(td_string!(locale, screen.scene_exam), ())}
                {of.empty(td_string!(locale, scene.exam_none), td_string!(locale, scene.exam_none_note))}
            </section>
        }
        .into_any();
    };
    let rows = of.paging.shown(of.page, &board.rows);
    let rows = rows.map(|(_, row)| line(row, locale)).collect_view();
    view! {
        <section class="s-list">
            {head(of, round, running)}
            <div class=format!("s-table s-exam room-{}", of.paging.room())>
                <div class="s-rows">
                    <div class="s-rows-in" role="list">{rows}</div>
                </div>
            </div>
        </section>
    }
    .into_any()
}

fn head(of: Frame<'_>, round: &BoardRound, running: &Running) -> impl IntoView + use<> {
    let locale = of.locale;
    let (time, line) = (running.clone(), of.life.line);
    let sum = td_string!(
        locale,
        board.handed_in_of,
        n = number(locale, running.handed_in.into()),
        of = number(locale, running.contestants.into())
    );
    let answered = td_string!(
        locale,
        board.answered_of,
        n = number(locale, running.answered.into()),
        of = number(
            locale,
            u64::from(running.questions) * u64::from(running.contestants)
        )
    );
    view! {
        <header class="s-head">
            <div class="s-head-words">
                <p class="s-contest">{of.view.title.clone()}</p>
                <h1 class="s-title">{round.name.clone()}</h1>
                <p class="s-sums"><span>{answered}</span> <span>{sum}</span></p>
            </div>
            {move || clock(&time, line, locale)}
        </header>
    }
}

fn clock(running: &Running, line: Line, locale: Locale) -> impl IntoView + use<> {
    let silent = line.silent.get();
    let (time, left) = left(running, line.clock());
    let words = if silent && !running.paused {
        td_string!(locale, scene.clock_silent)
    } else if running.paused {
        td_string!(locale, board.paused)
    } else if running.ends_at.is_none() {
        td_string!(locale, board.own_clock)
    } else if left.is_none() {
        td_string!(locale, board.until)
    } else {
        td_string!(locale, board.time_left)
    };
    let class = match left {
        _ if silent => "s-exam-time silent",
        _ if running.paused => "s-exam-time still",
        Some(left) if left <= 60_000 => "s-exam-time over",
        Some(left) if left <= 300_000 => "s-exam-time near",
        _ => "s-exam-time",
    };
    let time = match left {
        Some(left) if left <= 0 => Some(td_string!(locale, board.time_up).to_owned()),
        _ => time,
    };
    view! {
        <div class=class role="timer">
            <span class="s-exam-time-of">{(running.paused).then(|| icon(Icon::Pause))} {words}</span>
            {time.map(|time| view! { <b class="s-exam-clock">{time}</b> })}
        </div>
    }
}

/// What the clock shows, and the time that is left if that is known.
fn left(running: &Running, now: Option<Moment>) -> (Option<String>, Option<i64>) {
    if let Some(left) = running.paused_left {
        return (Some(dates::clock(left)), Some(left.max(1)));
    }
    let Some(ends_at) = running.ends_at else {
        return (None, None);
    };
    match now {
        Some(now) => (Some(dates::clock(ends_at - now)), Some(ends_at - now)),
        None => (Some(dates::time(ends_at)), None),
    }
}

const NONE: BoardProgress = BoardProgress {
    answered: 0,
    asked: 0,
    handed_in: 0,
    contestants: 0,
};

fn line(row: &BoardRow, locale: Locale) -> impl IntoView + use<> {
    let of = row.progress.unwrap_or(NONE);
    let all = of.contestants > 0 && of.handed_in == of.contestants;
    let class = if all { "s-row all" } else { "s-row" };
    view! {
        <div role="listitem" class=class data-team=row.team.to_string()>
            <span class="team">{team(&row.name, "", ())}</span>
            <span class="bar">
                <progress
                    max=of.asked.max(1).to_string()
                    value=of.answered.to_string()
                    aria-label=td_string!(locale, board.answered)
                ></progress>
            </span>
            <span class="count">{of.answered} "/" {of.asked}</span>
            <span class="done">
                {all.then(|| icon(Icon::Check))} {td_string!(locale, board.handed_in)} " " {of.handed_in} "/"
                {of.contestants}
            </span>
        </div>
    }
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
    fn the_time_left_is_the_houses_and_stands_in_a_pause() {
        assert_eq!(
            left(&RUNNING, Some(400_000)),
            (Some("10:00".into()), Some(600_000))
        );
        assert_eq!(
            left(&RUNNING, None),
            (Some("07:16:40".into()), None),
            "before the house has told its time"
        );
        let paused = Running {
            ends_at: None,
            paused_left: Some(61_000),
            paused: true,
            ..RUNNING
        };
        assert_eq!(left(&paused, Some(0)).0.as_deref(), Some("01:01"));
        let own = Running {
            ends_at: None,
            ..RUNNING
        };
        assert_eq!(left(&own, Some(0)), (None, None));
    }
}
