//! The blueprint of an exam: so many questions of each topic and level.

use std::collections::BTreeMap;

use contest::intake::Level;
use leptos::prelude::*;

use super::super::questions::short;
use super::fields::Fields;
use crate::api::rules::{CellForm, RoundForm};
use crate::backend::BankSummary;
use crate::words::td_string;
use crate::words_of;

/// The blueprint: a row for each topic, a column for each level, and "any" of both.
pub(super) fn blueprint(fields: &Fields, i: usize, round: &RoundForm, bank: &BankSummary) -> AnyView {
    let locale = fields.locale;
    let mut topics = vec![String::new()];
    topics.extend(super::super::questions::topics(bank));
    // Topics that the blueprint names and the bank has not must not vanish unseen.
    for cell in &round.cells {
        if !topics.contains(&cell.topic) {
            topics.push(cell.topic.clone());
        }
    }
    let levels: Vec<Option<Level>> = [None].into_iter().chain(Level::ALL.map(Some)).collect();
    let mut there: BTreeMap<(String, Option<Level>), u32> = BTreeMap::new();
    for (topic, level, count) in &bank.cells {
        for topic in [topic.clone(), String::new()] {
            for level in [Some(*level), None] {
                *there.entry((topic.clone(), level)).or_default() += count;
            }
        }
    }
    let total: u32 = round
        .cells
        .iter()
        .filter_map(|cell| cell.count.parse::<u32>().ok())
        .sum();
    let word = |level: Option<Level>| level.map(Level::as_str).unwrap_or_default();
    // A cell may stand twice in rules made elsewhere: the second has no place in the grid.
    let count = |topic: &str, level: Option<Level>| -> String {
        let of = |cell: &&CellForm| cell.topic == topic && cell.level == word(level);
        let sum: u32 = round
            .cells
            .iter()
            .filter(of)
            .filter_map(|cell| cell.count.parse::<u32>().ok())
            .sum();
        if sum == 0 { String::new() } else { sum.to_string() }
    };
    let mut place = 0;
    let rows = topics
        .iter()
        .map(|topic| {
            let label = if topic.is_empty() {
                td_string!(locale, rules.any_topic).to_owned()
            } else {
                topic.clone()
            };
            let cells = levels
                .iter()
                .map(|level| {
                    let name = |field: &str| format!("rounds[{i}][cells][{place}][{field}]");
                    let available = there.get(&(topic.clone(), *level)).copied().unwrap_or(0);
                    let level_word = level.map_or_else(
                        || td_string!(locale, rules.any_level),
                        |l| words_of::level(locale, l),
                    );
                    let view = view! {
                        <td class="number">
                            <input type="hidden" name=name("topic") value=topic.clone() />
                            <input type="hidden" name=name("level") value=word(*level) />
                            {fields.cell(name("count"), format!("{label}, {level_word}"), &count(topic, *level), "numeric")}
                            <span class="soft small">"/ " {available}</span>
                        </td>
                    };
                    place += 1;
                    view
                })
                .collect_view();
            view! { <tr><th scope="row">{label.clone()}</th>{cells}</tr> }
        })
        .collect_view();
    let heads = levels
        .iter()
        .map(|level| match level {
            None => {
                view! { <th scope="col" class="number">{td_string!(locale, rules.any_level)}</th> }.into_any()
            }
            Some(level) => view! {
                <th scope="col" class="number">
                    <abbr title=words_of::level(locale, *level)>{short(*level)}</abbr>
                </th>
            }
            .into_any(),
        })
        .collect_view();
    view! {
        <fieldset>
            <legend>{td_string!(locale, rules.blueprint)}</legend>
            {fields.wrong_with(&format!("rounds[{i}][blueprint]"), td_string!(locale, rules.blueprint))}
            <p class="soft small">{td_string!(locale, rules.blueprint_hint)}</p>
            <div
                class="table-wrap blueprint"
                role="region"
                tabindex="0"
                aria-label=td_string!(locale, rules.blueprint)
            >
                <table class="table tight">
                    <caption>{td_string!(locale, rules.blueprint_total, n = total)}</caption>
                    <thead>
                        <tr><th scope="col">{td_string!(locale, field.topic)}</th>{heads}</tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </fieldset>
    }
    .into_any()
}
