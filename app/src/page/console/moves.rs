//! Who would move: the table under a preview.

use contest::{Points, preview::Move};
use leptos::prelude::*;

use super::parts::note;
use crate::icon::Icon;
use crate::words::{Locale, td_string};
use crate::words_of;

/// How many ranks and totals would change, in a sentence.
pub fn moves_sum(locale: Locale, moves: &[Move]) -> impl IntoView + use<> {
    let moved = moves.iter().filter(|m| m.rank.0 != m.rank.1).count();
    let changed = moves.iter().filter(|m| m.total.0 != m.total.1).count();
    let words = td_string!(locale, console.moves_sum, moved = moved, changed = changed);
    note(if moved > 0 { "warning" } else { "" }, Icon::Info, words)
}

/// Every team with its rank and total before and after.
pub fn moves_table(locale: Locale, moves: &[Move]) -> impl IntoView + use<> {
    let rows = moves.iter().map(|team| row(locale, team)).collect_view();
    view! {
        <div class="table-wrap tall" role="region" tabindex="0" aria-label=td_string!(locale, console.moves)>
            <table class="table">
                <caption>{td_string!(locale, console.moves)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{td_string!(locale, field.team)}</th>
                        <th scope="col" class="number">{td_string!(locale, console.rank_before)}</th>
                        <th scope="col" class="number">{td_string!(locale, console.rank_after)}</th>
                        <th scope="col" class="number">{td_string!(locale, console.total_before)}</th>
                        <th scope="col" class="number">{td_string!(locale, console.total_after)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn row(locale: Locale, team: &Move) -> impl IntoView + use<> {
    let rank = |rank: Option<u32>| rank.map_or_else(|| "–".to_owned(), |rank| rank.to_string());
    let total = |total: Option<Points>| {
        total.map_or_else(|| "–".to_owned(), |points| words_of::points(locale, points))
    };
    let moved = team.rank.0 != team.rank.1;
    view! {
        <tr class:edited=moved>
            <th scope="row">{team.name.clone()}</th>
            <td class="number">{rank(team.rank.0)}</td>
            <td class="number">
                {if moved { view! { <strong>{rank(team.rank.1)}</strong> }.into_any() } else { rank(team.rank.1).into_any() }}
            </td>
            <td class="number">{total(team.total.0)}</td>
            <td class="number">{total(team.total.1)}</td>
        </tr>
    }
}
