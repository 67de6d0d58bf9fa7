//! How totals are made and ranked, and who goes on.

use contest::rules::{Rules, TieBreak};
use leptos::prelude::*;

use super::super::parts::tick;
use super::fields::{Fields, choices};
use crate::api::rules::{RulesForm, tie_word};
use crate::words::td_string;

/// The card. What can be chosen from comes from the rules that are saved.
pub(super) fn card(fields: &Fields, form: &RulesForm, rules: &Rules) -> AnyView {
    let locale = fields.locale;
    let competitors = choices([
        ("team", td_string!(locale, rules.teams)),
        ("individual", td_string!(locale, rules.individuals)),
    ]);
    let mut ties = choices([
        ("", td_string!(locale, rules.no_tie)),
        ("seconds", td_string!(locale, rules.tie_seconds)),
        ("decision", td_string!(locale, rules.tie_decision)),
    ]);
    for round in &rules.rounds {
        let by = TieBreak::RoundMark { round: round.id };
        ties.push((
            tie_word(&by),
            td_string!(locale, rules.tie_round, name = round.name.as_str()),
        ));
        for line in round.stage().into_iter().flat_map(|stage| &stage.rubric) {
            let by = TieBreak::Criterion {
                round: round.id,
                criterion: line.id,
            };
            let words = td_string!(
                locale,
                rules.tie_criterion,
                name = round.name.as_str(),
                criterion = line.name.as_str()
            );
            ties.push((tie_word(&by), words));
        }
    }
    // One more than there are, so that one can be added.
    let list = (0..=form.ties.len())
        .map(|i| {
            let chosen = form.ties.get(i).map(String::as_str).unwrap_or_default();
            fields.select(
                format!("ties[{i}]"),
                &td_string!(locale, rules.tie_n, n = i + 1),
                chosen,
                &ties,
            )
        })
        .collect_view();
    let mut from = vec![(String::new(), td_string!(locale, rules.no_final).to_owned())];
    from.extend(
        rules
            .rounds
            .iter()
            .skip(1)
            .map(|round| (round.id.to_string(), round.name.clone())),
    );
    view! {
        <section class="card" aria-labelledby="xep-hang">
            <h2 id="xep-hang">{td_string!(locale, rules.ranking)}</h2>
            <div class="fields">
                {fields.select("competitor".into(), td_string!(locale, rules.competitor), &form.competitor, &competitors)}
                {fields.rounding("rounding".into(), td_string!(locale, rules.total_rounding), &form.rounding)}
                {fields.hinted(
                    "cut_off".into(),
                    td_string!(locale, rules.cut_off),
                    &form.cut_off,
                    td_string!(locale, rules.cut_off_hint),
                )}
            </div>
            <fieldset>
                <legend>{td_string!(locale, rules.ties)}</legend>
                <div class="fields">{list}</div>
            </fieldset>
            {fields.wrong_with("sole_winner", td_string!(locale, rules.ties))}
            <div class="ticks">
                {tick("sole_winner", td_string!(locale, rules.sole_winner), form.sole_winner)}
            </div>
            <fieldset>
                <legend>{td_string!(locale, rules.time_in_all)}</legend>
                <div class="fields">
                    {fields.hinted(
                        "all_limit".into(),
                        td_string!(locale, rules.limit),
                        &form.all_limit,
                        td_string!(locale, rules.time_in_all_hint),
                    )}
                </div>
                {super::stage::overtime(
                    fields,
                    |field| format!("all_{field}"),
                    [&form.all_overtime, &form.all_overtime_by, &form.all_overtime_points, &form.all_overtime_most],
                )}
            </fieldset>
            <fieldset>
                <legend>{td_string!(locale, rules.final_leg)}</legend>
                <p class="soft small">{td_string!(locale, rules.final_hint)}</p>
                <div class="fields">
                    {fields.select("final_from".into(), td_string!(locale, rules.final_from), &form.final_from, &from)}
                    {fields.number("final_teams".into(), td_string!(locale, rules.final_teams), &form.final_teams)}
                </div>
                <div class="ticks">
                    {tick("final_per_cluster", td_string!(locale, rules.final_per_cluster), form.final_per_cluster)}
                    {tick("final_carry", td_string!(locale, rules.final_carry), form.final_carry)}
                </div>
            </fieldset>
        </section>
    }
    .into_any()
}
