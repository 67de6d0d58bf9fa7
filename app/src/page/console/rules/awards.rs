//! The prizes as a table of fields, and how long complaints are heard.

use contest::RoundId;
use leptos::prelude::*;

use super::fields::{Fields, choices};
use crate::api::rules::{AwardForm, RulesForm};
use crate::words::td_string;

/// Empty lines below those that are there.
const SPARE: usize = 3;

/// The card of prizes and complaints. `rounds` are those that are saved.
pub(super) fn card(fields: &Fields, form: &RulesForm, rounds: &[(RoundId, String)]) -> AnyView {
    let locale = fields.locale;
    let mut by = choices([
        ("total", td_string!(locale, rules.award_total)),
        ("chosen", td_string!(locale, rules.award_chosen)),
    ]);
    by.extend(rounds.iter().map(|(round, name)| {
        let words = td_string!(locale, rules.award_round, name = name.as_str());
        (format!("round-{round}"), words)
    }));
    let spare = vec![
        AwardForm {
            by: "total".into(),
            ..AwardForm::default()
        };
        SPARE
    ];
    let rows = form
        .awards
        .iter()
        .chain(&spare)
        .enumerate()
        .map(|(n, award)| row(fields, n, award, &by))
        .collect_view();
    let title = td_string!(locale, stage.awards);
    view! {
        <section class="card" aria-labelledby="co-cau-giai">
            <h2 id="co-cau-giai">{title}</h2>
            <p class="soft small">{td_string!(locale, rules.awards_hint)}</p>
            <div class="table-wrap rubric-fields" role="region" tabindex="0" aria-label=title>
                <table class="table tight">
                    <caption class="unseen">{title}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{td_string!(locale, rules.order)}</th>
                            <th scope="col">{td_string!(locale, rules.award_name)}</th>
                            <th scope="col">{td_string!(locale, rules.award_by)}</th>
                            <th scope="col">{td_string!(locale, rules.places)}</th>
                            <th scope="col">{td_string!(locale, rules.award_ties)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <div class="fields">
                {fields.hinted(
                    "appeal_hours".into(),
                    td_string!(locale, rules.appeal_hours),
                    &form.appeal_hours,
                    td_string!(locale, rules.appeal_hint),
                )}
            </div>
        </section>
    }
    .into_any()
}

fn row(fields: &Fields, n: usize, award: &AwardForm, by: &[(String, String)]) -> AnyView {
    let locale = fields.locale;
    let name = |field: &str| format!("awards[{n}][{field}]");
    let label = |of: &str| td_string!(locale, rules.line_field, field = of, n = n + 1);
    let ties = choices([
        ("joint", td_string!(locale, rules.ties_joint)),
        ("consume", td_string!(locale, rules.ties_consume)),
    ]);
    view! {
        <tr>
            <td>
                <input type="hidden" name=name("id") value=award.id />
                {fields.cell(name("order"), label(td_string!(locale, rules.order)), &award.order, "numeric")}
            </td>
            <td class="wide">{fields.cell(name("name"), label(td_string!(locale, rules.award_name)), &award.name, "text")}</td>
            <td>{fields.cell_select(name("by"), label(td_string!(locale, rules.award_by)), &award.by, by)}</td>
            <td>{fields.cell(name("places"), label(td_string!(locale, rules.places)), &award.places, "numeric")}</td>
            <td>{fields.cell_select(name("ties"), label(td_string!(locale, rules.award_ties)), &award.ties, &ties)}</td>
        </tr>
    }
    .into_any()
}
