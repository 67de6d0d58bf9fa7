//! The rows of the board.

use contest::{
    Points,
    audience::{Board, BoardProgress, BoardRow},
};
use leptos::either::Either;
use leptos::prelude::*;

use super::{movement::Trail, paging::Paging};
use crate::words::{Locale, td_string};
use crate::words_of::points;

/// Names longer than these step down in size, so that they stay whole.
const LONG: usize = 26;
const LONGER: usize = 40;

#[component]
pub(super) fn Table(
    board: RwSignal<Board>,
    trail: RwSignal<Trail>,
    paging: Memo<Paging>,
    page: RwSignal<usize>,
    locale: Locale,
) -> impl IntoView {
    move || {
        let board = board.read();
        if board.rows.is_empty() {
            return Either::Left(view! { <p class="board-empty">{td_string!(locale, board.no_teams)}</p> });
        }
        let trail = trail.read();
        let paging = paging.get();
        let page = page.get() % paging.pages;
        let columns = Columns::of(&board);
        let rows = board.rows.iter().enumerate().map(|(i, row)| {
            let off = paging.page_of(i) != page;
            columns.row(row, &board, &trail, off, locale)
        });
        Either::Right(view! {
            <table class=columns.class(paging) role="table" aria-label=td_string!(locale, board.title)>
                <thead role="rowgroup">
                    {columns.head(&board, false, locale)}
                    // A very wide wall has the rows in two columns, and so needs their head twice.
                    {columns.head(&board, true, locale)}
                </thead>
                <tbody role="rowgroup">{rows.collect_view()}</tbody>
            </table>
        })
    }
}

/// Which columns there are. While an exam is open its progress takes the place of the marks.
struct Columns {
    ranks: bool,
    progress: bool,
    /// By round, to how many places after the comma all marks of its column are written.
    places: Vec<usize>,
    total: usize,
}

impl Columns {
    fn of(board: &Board) -> Self {
        let ranks = board.rows.iter().any(|row| row.rank.is_some());
        let progress = board.rows.iter().any(|row| row.progress.is_some());
        let column = |i: usize| {
            board
                .rows
                .iter()
                .filter_map(move |row| row.marks.get(i).copied().flatten())
        };
        Self {
            ranks,
            progress,
            places: (0..board.rounds.len()).map(|i| places(column(i))).collect(),
            total: places(board.rows.iter().filter_map(|row| row.total)),
        }
    }

    fn class(&self, paging: Paging) -> String {
        let kind = if self.progress { "progress" } else { "marks" };
        let ranks = if self.ranks { "ranked" } else { "unranked" };
        let many = if self.places.len() > 4 { " many" } else { "" };
        format!("board-table {kind} {ranks} room-{}{many}", paging.room())
    }

    fn head(&self, board: &Board, second: bool, locale: Locale) -> impl IntoView + use<> {
        let marks = (!self.progress).then(|| {
            let rounds = board.rounds.iter().map(|round| {
                view! { <th role="columnheader" class="mark"><span>{round.name.clone()}</span></th> }
            });
            rounds.collect_view()
        });
        let progress = self.progress.then(|| {
            view! {
                <th role="columnheader" class="bar">{td_string!(locale, board.answered)}</th>
                <th role="columnheader" class="done">{td_string!(locale, board.handed_in)}</th>
            }
        });
        view! {
            <tr role="row" class:second=second aria-hidden=second.then_some("true")>
                {self.ranks.then(|| view! { <th role="columnheader" class="rank">{td_string!(locale, board.rank)}</th> })}
                <th role="columnheader" class="team">{td_string!(locale, board.team)}</th>
                {marks}
                {progress}
                {self
                    .with_total()
                    .then(|| view! { <th role="columnheader" class="total">{td_string!(locale, board.total)}</th> })}
            </tr>
        }
    }

    /// A total of nothing is no column while the exam is what matters.
    fn with_total(&self) -> bool {
        self.ranks || !self.progress
    }

    fn row(
        &self,
        row: &BoardRow,
        board: &Board,
        trail: &Trail,
        off: bool,
        locale: Locale,
    ) -> impl IntoView + use<> {
        let rank = self.ranks.then(|| {
            let rank = row.rank.map_or_else(|| "–".to_owned(), |rank| rank.to_string());
            view! { <td role="cell" class="rank">{rank}</td> }
        });
        let marks = (!self.progress).then(|| {
            let cells = row.marks.iter().zip(&board.rounds).zip(&self.places);
            let cells = cells.map(|((mark, round), places)| {
                let name = round.name.clone();
                view! { <td role="cell" class="mark" data-label=name>{mark_words(*mark, *places, locale)}</td> }
            });
            cells.collect_view()
        });
        let total = self.with_total().then(|| {
            view! { <td role="cell" class="total">{mark_words(row.total, self.total, locale)}</td> }
        });
        let place = row
            .rank
            .filter(|rank| *rank <= 3)
            .map_or_else(String::new, |rank| format!(" place-{rank}"));
        let gained = if trail.gained(row.team) { " gained" } else { "" };
        let off = if off { " off" } else { "" };
        view! {
            <tr role="row" class=format!("row{place}{gained}{off}") data-team=row.team.to_string()>
                {rank}
                <th role="rowheader" class="team" scope="row">
                    {name(row)}
                    {row.tied.then(|| view! { <span class="tied">{td_string!(locale, board.tied)}</span> })}
                    {moved(trail.climbed(row), locale)}
                </th>
                {marks}
                {self.progress.then(|| progress(row.progress.unwrap_or(NO_PROGRESS), locale))}
                {total}
            </tr>
        }
    }
}

const NO_PROGRESS: BoardProgress = BoardProgress {
    answered: 0,
    asked: 0,
    handed_in: 0,
    contestants: 0,
};

fn name(row: &BoardRow) -> impl IntoView + use<> {
    let unit = (!row.unit.is_empty() && row.unit != row.name).then(|| row.unit.clone());
    let size = match row.name.chars().count() {
        n if n > LONGER => "name longer",
        n if n > LONG => "name long",
        _ => "name",
    };
    view! {
        <span class=size>{row.name.clone()}</span>
        {unit.map(|unit| view! { <span class="unit">{unit}</span> })}
    }
}

pub(crate) fn moved(climbed: i64, locale: Locale) -> Option<impl IntoView> {
    if climbed == 0 {
        return None;
    }
    let (class, path, words) = if climbed > 0 {
        (
            "moved up",
            "M8 2 15 14H1z",
            td_string!(locale, board.moved_up, n = climbed),
        )
    } else {
        (
            "moved down",
            "M8 14 1 2h14z",
            td_string!(locale, board.moved_down, n = -climbed),
        )
    };
    Some(view! {
        <span class=class>
            <svg viewBox="0 0 16 16" aria-hidden="true"><path d=path /></svg>
            <span aria-hidden="true">{climbed.abs()}</span>
            <span class="unseen">{words}</span>
        </span>
    })
}

fn progress(of: BoardProgress, locale: Locale) -> impl IntoView {
    let all_in = of.contestants > 0 && of.handed_in == of.contestants;
    view! {
        <td role="cell" class="bar">
            <progress max=of.asked.max(1) value=of.answered aria-label=td_string!(locale, board.answered)></progress>
            <span>{of.answered} "/" {of.asked}</span>
        </td>
        <td role="cell" class=if all_in { "done all" } else { "done" } data-label=td_string!(locale, board.handed_in)>
            {all_in.then(|| view! { <svg viewBox="0 0 16 16" aria-hidden="true"><path d="m2 8 4 4 8-9" /></svg> })}
            <span>{of.handed_in} "/" {of.contestants}</span>
        </td>
    }
}

/// A mark, or the dash that is no zero.
fn mark_words(mark: Option<Points>, places: usize, locale: Locale) -> impl IntoView {
    match mark {
        Some(mark) => Either::Left(written(mark, places, locale)),
        None => Either::Right(view! {
            <span class="none" aria-hidden="true">"–"</span>
            <span class="unseen">{td_string!(locale, board.no_mark)}</span>
        }),
    }
}

/// The most places after the comma that any of `points` needs.
pub(crate) fn places(points: impl Iterator<Item = Points>) -> usize {
    let needs = points.map(|points| match points.0 % 1000 {
        0 => 0,
        rest if rest % 100 == 0 => 1,
        rest if rest % 10 == 0 => 2,
        _ => 3,
    });
    needs.max().unwrap_or(0)
}

/// Points with exactly so many places, so that a column stands in line.
pub(crate) fn written(value: Points, places: usize, locale: Locale) -> String {
    let mut text = points(locale, value);
    let comma = match locale {
        Locale::vi => ',',
        Locale::en => '.',
    };
    let has = match value.0 % 1000 {
        0 => None,
        _ => text.rsplit_once(comma).map(|(_, rest)| rest.len()),
    };
    if has.is_none() && places > 0 {
        text.push(comma);
    }
    text.extend(std::iter::repeat_n('0', places.saturating_sub(has.unwrap_or(0))));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_stands_in_line() {
        let column = [Points(28_500), Points(46_250), Points(27_000)];
        assert_eq!(places(column.into_iter()), 2);
        let shown: Vec<String> = column.iter().map(|mark| written(*mark, 2, Locale::vi)).collect();
        assert_eq!(shown, ["28,50", "46,25", "27,00"]);
        assert_eq!(written(Points::whole(1_200), 1, Locale::en), "1,200.0");
        assert_eq!(written(Points::whole(1_200), 0, Locale::vi), "1.200");
        assert_eq!(places([].into_iter()), 0);
    }
}
