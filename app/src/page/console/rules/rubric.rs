//! The rubric of a round as a table of fields, with room for more lines.

use contest::{Points, template::Rubric};
use leptos::prelude::*;

use super::fields::Fields;
use crate::api::rules::{CriterionForm, RoundForm};
use crate::words::{Locale, td_string};
use crate::words_of;

/// Empty lines below those that are there.
const SPARE: usize = 3;

fn usual_words(locale: Locale, rubric: Rubric) -> &'static str {
    match rubric {
        Rubric::Skit => td_string!(locale, rules.usual_skit),
        Rubric::Presentation => td_string!(locale, rules.usual_presentation),
        Rubric::Greeting => td_string!(locale, rules.usual_greeting),
        Rubric::Situation => td_string!(locale, rules.usual_situation),
        Rubric::Talent => td_string!(locale, rules.usual_talent),
    }
}

/// The lines of the round at place `i` of the form.
pub(super) fn fields(fields: &Fields, i: usize, round: &RoundForm) -> AnyView {
    let locale = fields.locale;
    let spare = vec![CriterionForm::default(); SPARE];
    let rows = round
        .rubric
        .iter()
        .chain(&spare)
        .enumerate()
        .map(|(n, line)| row(fields, i, n, line))
        .collect_view();
    let total: Points = round
        .rubric
        .iter()
        .filter_map(|line| line.maximum.parse::<Points>().ok())
        .sum();
    let total_words = words_of::points(locale, total);
    // Under a mean a perfect team has the rubric's sum: it should be the round's maximum.
    let apart = round.stage.judges != "sum"
        && total > Points::ZERO
        && round
            .maximum
            .parse::<Points>()
            .is_ok_and(|maximum| maximum != total);
    let mut usual = vec![(String::new(), td_string!(locale, rules.usual_keep).to_owned())];
    usual.extend(
        Rubric::ALL.map(|rubric| (rubric.as_str().to_owned(), usual_words(locale, rubric).to_owned())),
    );
    let legend = td_string!(locale, rules.rubric);
    view! {
        <fieldset>
            <legend>{legend}</legend>
            {fields.wrong_with(&format!("rounds[{i}][rubric]"), legend)}
            <div class="table-wrap rubric-fields" role="region" tabindex="0" aria-label=legend>
                <table class="table tight">
                    <caption>{td_string!(locale, rules.rubric_total, total = total_words.clone())}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{td_string!(locale, rules.order)}</th>
                            <th scope="col">{td_string!(locale, judge.criterion)}</th>
                            <th scope="col">{td_string!(locale, field.maximum)}</th>
                            <th scope="col">{td_string!(locale, rules.step)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {apart.then(|| view! {
                <p class="note warning">{td_string!(locale, rules.rubric_apart, total = total_words)}</p>
            })}
            <p class="soft small">{td_string!(locale, rules.rubric_hint)}</p>
            <div class="fields">
                {fields.select(
                    format!("rounds[{i}][stage][usual]"),
                    td_string!(locale, rules.usual),
                    &round.stage.usual,
                    &usual,
                )}
            </div>
        </fieldset>
    }
    .into_any()
}

fn row(fields: &Fields, i: usize, n: usize, line: &CriterionForm) -> AnyView {
    let locale = fields.locale;
    let name = |field: &str| format!("rounds[{i}][rubric][{n}][{field}]");
    let label = |of: &str| td_string!(locale, rules.line_field, field = of, n = n + 1);
    view! {
        <tr>
            <td>
                <input type="hidden" name=name("id") value=line.id />
                {fields.cell(name("order"), label(td_string!(locale, rules.order)), &line.order, "numeric")}
            </td>
            <td class="wide">{fields.cell(name("name"), label(td_string!(locale, judge.criterion)), &line.name, "text")}</td>
            <td>{fields.cell(name("maximum"), label(td_string!(locale, field.maximum)), &line.maximum, "decimal")}</td>
            <td>{fields.cell(name("step"), label(td_string!(locale, rules.step)), &line.step, "decimal")}</td>
        </tr>
    }
    .into_any()
}
