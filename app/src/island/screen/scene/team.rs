//! One team: who they are, and their marks as published.

use contest::hall_view::TeamCard;
use leptos::prelude::*;

use super::{Frame, size, star};
use crate::dates;
use crate::icon::{Icon, icon};
use crate::words::td_string;
use crate::words_of::points;

pub(super) fn drawn(of: Frame<'_>, team: Option<&TeamCard>) -> AnyView {
    let locale = of.locale;
    let Some(card) = team else {
        return of.empty(td_string!(locale, scene.team_none), "").into_any();
    };
    let row = &card.row;
    let unit = Some(&row.unit).filter(|unit| !unit.is_empty() && **unit != row.name);
    let told = card.rounds.iter().zip(&row.marks);
    let tiles = told.filter_map(|(round, mark)| {
        let mark = (*mark)?;
        Some(view! {
            <li>
                <span class="s-tile-name">{round.name.clone()}</span>
                <b class="s-tile-mark">{points(locale, mark)}</b>
            </li>
        })
    });
    let tiles: Vec<_> = tiles.collect();
    let many = tiles.len() + 1;
    let total = row.total.map(|total| {
        view! {
            <li class="total">
                <span class="s-tile-name">{td_string!(locale, board.total)}</span>
                <b class="s-tile-mark">{points(locale, total)}</b>
            </li>
        }
    });
    let frozen = card.frozen.map(|at| {
        view! {
            <p class="s-frozen">
                {icon(Icon::Lock)} <span>{td_string!(locale, scene.team_frozen, time = dates::hour(at))}</span>
            </p>
        }
    });
    let rank = row.rank.map(|rank| {
        view! {
            <p class="s-team-rank">
                {td_string!(locale, scene.team_rank, n = rank)}
                {row.tied.then(|| view! { <span class="tied">{td_string!(locale, board.tied)}</span> })}
            </p>
        }
    });
    let marks = if many == 1 && row.total.is_none() {
        view! { <p class="s-empty-note">{td_string!(locale, scene.team_no_marks)}</p> }.into_any()
    } else {
        view! { <ul class=format!("s-tiles tiles-{many}")>{tiles} {total}</ul> }.into_any()
    };
    view! {
        <section class="s-team">
            <p class="s-contest">{of.view.title.clone()}</p>
            {star()}
            <h1 class=format!("s-team-name fit {}", size(&row.name, [18, 30, 46, 70]))>{row.name.clone()}</h1>
            {unit.map(|unit| view! { <p class="s-team-unit">{unit.clone()}</p> })}
            {rank} {frozen} {marks}
        </section>
    }
    .into_any()
}
