//! The standings: the total with the marks of every round, or one round.

use contest::{RoundId, audience::Board};
use leptos::prelude::*;

use super::Frame;
use crate::dates;
use crate::icon::{Icon, icon};
use crate::island::screen::page::no_marks;
use crate::island::screen::rows::Rows;
use crate::words::td_string;

pub(super) fn drawn(of: Frame<'_>, board: &Board, round: Option<RoundId>) -> AnyView {
    let locale = of.locale;
    let name = round.and_then(|round| board.rounds.iter().find(|other| other.id == round));
    let title = name.map_or_else(
        || td_string!(locale, board.title).to_owned(),
        |round| format!("{} · {}", td_string!(locale, board.title), round.name),
    );
    let frozen = board.frozen.map(|at| {
        view! {
            <p class="s-frozen">
                {icon(Icon::Lock)} <span>{td_string!(locale, scene.frozen, time = dates::hour(at))}</span>
            </p>
        }
    });
    let head = of.head(title, frozen);
    if board.rows.is_empty() {
        return view! { <section class="s-list">{head} {of.empty(td_string!(locale, board.no_teams), "")}</section> }
            .into_any();
    }
    if no_marks(board) {
        return view! { <section class="s-list">{head} {of.empty(td_string!(locale, scene.no_marks), "")}</section> }
            .into_any();
    }
    // Of one round alone the mark is the total.
    let rounds = match round {
        Some(_) => vec![],
        None => board.rounds.iter().map(|round| round.name.clone()).collect(),
    };
    let rows = Rows {
        rounds,
        rows: &board.rows,
        told: None,
        trail: &of.life.trail.read(),
        paging: of.paging,
        page: of.page,
        locale,
    };
    view! { <section class="s-list">{head} {rows.drawn()} {of.parted(board.parts_equals())}</section> }
        .into_any()
}
