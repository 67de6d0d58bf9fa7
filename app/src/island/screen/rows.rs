//! Ranked rows: the standings, and the board of a reveal on its way.

use contest::{
    audience::BoardRow,
    reveal::{PictureRow, RowState},
};
use leptos::prelude::*;

use crate::island::board::movement::Trail;
use crate::island::board::paging::Paging;
use crate::island::board::table::{moved, places, written};
use crate::words::{Locale, td_string};

/// Names longer than these step down in size, so that they stay whole.
const LONG: usize = 26;
const LONGER: usize = 40;
const LONG_HEAD: usize = 11;

/// A board of ranked rows.
pub(super) struct Rows<'a> {
    pub(super) rounds: Vec<String>,
    pub(super) rows: &'a [BoardRow],
    /// In a reveal: the same rows, with how far the telling of each has come.
    pub(super) told: Option<&'a [PictureRow]>,
    pub(super) trail: &'a Trail,
    pub(super) paging: Paging,
    pub(super) page: usize,
    pub(super) locale: Locale,
}

impl Rows<'_> {
    pub(super) fn drawn(&self) -> impl IntoView + use<> {
        let locale = self.locale;
        let column = |at: usize| {
            let marks = self.rows.iter();
            marks.filter_map(move |row| row.marks.get(at).copied().flatten())
        };
        let precise: Vec<usize> = (0..self.rounds.len()).map(|at| places(column(at))).collect();
        let total = places(self.rows.iter().filter_map(|row| row.total));
        let rows = self.paging.shown(self.page, self.rows).map(|(at, row)| {
            let told = self.told.and_then(|told| told.get(at));
            self.row(row, told, &precise, total)
        });
        let many = if self.rounds.len() > 3 { " many" } else { "" };
        // Their heads take two lines.
        let tall = self.rounds.iter().any(|round| round.chars().count() > LONG_HEAD);
        let tall = if tall { " tall" } else { "" };
        let class = format!(
            "s-table s-ranked room-{} marks-{}{many}{tall}",
            self.paging.room(),
            self.rounds.len().min(8)
        );
        let rows = rows.collect_view();
        view! {
            <div class=class role="table" aria-label=td_string!(locale, board.title)>
                <div class="s-heads" role="rowgroup">{self.head(false)} {self.head(true)}</div>
                <div class="s-rows" role="rowgroup">
                    <div class="s-rows-in" role="presentation">{rows}</div>
                </div>
            </div>
        }
    }

    /// A very wide wall has the rows in two columns, and so needs their head twice.
    fn head(&self, second: bool) -> impl IntoView + use<> {
        let locale = self.locale;
        let rounds = self.rounds.iter().map(|round| {
            view! { <span role="columnheader" class="mark">{round.clone()}</span> }
        });
        view! {
            <div class="s-head-row" class:second=second role="row" aria-hidden=second.then_some("true")>
                <span role="columnheader" class="rank">{td_string!(locale, board.rank)}</span>
                <span role="columnheader" class="team">{td_string!(locale, board.team)}</span>
                {rounds.collect_view()}
                <span role="columnheader" class="total">{td_string!(locale, board.total)}</span>
            </div>
        }
    }

    fn row(
        &self,
        row: &BoardRow,
        told: Option<&PictureRow>,
        precise: &[usize],
        total: usize,
    ) -> impl IntoView + use<> {
        let locale = self.locale;
        let mark = |mark: Option<contest::Points>, places: usize| {
            mark.map_or_else(|| "–".to_owned(), |mark| written(mark, places, locale))
        };
        let news = |at: usize| told.is_some_and(|told| told.news.get(at) == Some(&true));
        let marks = (0..).zip(&row.marks).zip(precise).map(|((at, of), places)| {
            let (none, news) = (of.is_none(), news(at));
            view! { <span role="cell" class="mark" class:none=none class:news=news>{mark(*of, *places)}</span> }
        });
        let state = told.map(|told| told.state);
        let place = match row.rank {
            Some(rank @ 1..=3) if state.is_none_or(|state| state == RowState::Placed) => {
                format!(" place-{rank}")
            }
            _ => String::new(),
        };
        let told = match state {
            Some(RowState::Lifted) => " lifted",
            Some(RowState::Open) => " lifted open",
            Some(RowState::Placed) => " placed",
            Some(RowState::Waiting) => " waiting",
            None => "",
        };
        let gained = if self.trail.gained(row.team) {
            " gained"
        } else {
            ""
        };
        let climbed = if state.is_some() {
            0
        } else {
            self.trail.climbed(row)
        };
        view! {
            <div role="row" class=format!("s-row{place}{told}{gained}") data-team=row.team.to_string()>
                <span role="cell" class="rank">
                    {row.rank.map_or_else(|| "–".to_owned(), |rank| rank.to_string())}
                </span>
                <span role="rowheader" class="team">
                    {team(
                        &row.name,
                        &row.unit,
                        (
                            row.tied.then(|| view! { <span class="tied">{td_string!(locale, board.tied)}</span> }),
                            moved(climbed, locale),
                        ),
                    )}
                </span>
                {marks.collect_view()}
                <span role="cell" class="total" class:none=row.total.is_none()>{mark(row.total, total)}</span>
            </div>
        }
    }
}

/// A team's name with what stands behind it, and its unit where that says more and there is room.
pub(super) fn team(name: &str, unit: &str, badges: impl IntoView + 'static) -> AnyView {
    let says_more = !unit.is_empty() && unit != name;
    let size = match name.chars().count() {
        n if n > LONGER => "name longer",
        n if n > LONG => "name long",
        _ => "name",
    };
    view! {
        <span class="who"><span class=size>{name.to_owned()}</span> {badges.into_any()}</span>
        {says_more.then(|| view! { <span class="unit">{unit.to_owned()}</span> })}
    }
    .into_any()
}
