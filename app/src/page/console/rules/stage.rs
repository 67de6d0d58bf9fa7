//! A round on stage: its clock, what overtime costs, how sheets combine.

use leptos::prelude::*;

use super::super::parts::tick;
use super::fields::{Fields, choices};
use super::rubric;
use crate::api::rules::RoundForm;
use crate::words::td_string;

/// The fields of the stage round at place `i` of the form.
pub(super) fn fields(fields: &Fields, i: usize, round: &RoundForm) -> AnyView {
    let (locale, stage) = (fields.locale, &round.stage);
    let name = |field: &str| format!("rounds[{i}][stage][{field}]");
    let judges = choices([
        ("mean", td_string!(locale, rules.judges_mean)),
        ("trimmed", td_string!(locale, rules.judges_trimmed)),
        ("sum", td_string!(locale, rules.judges_sum)),
    ]);
    let missing = choices([
        ("rest", td_string!(locale, rules.missing_rest)),
        ("block", td_string!(locale, rules.missing_block)),
    ]);
    view! {
        {rubric::fields(fields, i, round)}
        <fieldset>
            <legend>{td_string!(locale, rules.time)}</legend>
            <p class="soft small">{td_string!(locale, rules.time_hint)}</p>
            <div class="fields">
                {fields.text(name("limit"), td_string!(locale, rules.limit), &stage.limit)}
                {fields.text(name("warning"), td_string!(locale, rules.warning), &stage.warning)}
                {fields.text(name("cut_off"), td_string!(locale, rules.stop_at), &stage.cut_off)}
                {fields.text(name("thinking"), td_string!(locale, rules.thinking), &stage.thinking)}
            </div>
            {overtime(
                fields,
                |field| name(field),
                [&stage.overtime, &stage.overtime_by, &stage.overtime_points, &stage.overtime_most],
            )}
        </fieldset>
        <fieldset>
            <legend>{td_string!(locale, rules.panel)}</legend>
            <div class="fields">
                {fields.select(name("judges"), td_string!(locale, rules.judges), &stage.judges, &judges)}
                {fields.hinted(
                    name("trimmed_from"),
                    td_string!(locale, rules.trimmed_from),
                    &stage.trimmed_from,
                    td_string!(locale, rules.trimmed_hint),
                )}
                {fields.select(name("missing"), td_string!(locale, rules.missing), &stage.missing, &missing)}
                {fields.rounding(format!("rounds[{i}][rounding]"), td_string!(locale, rules.rounding), &round.rounding)}
                {fields.hinted(
                    name("spread"),
                    td_string!(locale, rules.spread),
                    &fields.decimal(&stage.spread),
                    td_string!(locale, rules.spread_hint),
                )}
                {fields.hinted(
                    name("packs"),
                    td_string!(locale, rules.packs),
                    &stage.packs,
                    td_string!(locale, rules.packs_hint),
                )}
            </div>
            <div class="ticks">
                {tick(name("show_confirmed"), td_string!(locale, rules.show_confirmed), stage.show_confirmed)}
            </div>
        </fieldset>
    }
    .into_any()
}

/// What overtime costs: kind, seconds over, points each time, points at most.
pub(super) fn overtime(fields: &Fields, name: impl Fn(&str) -> String, texts: [&str; 4]) -> AnyView {
    let locale = fields.locale;
    let [kind, by, points, most] = texts;
    let kinds = choices([
        ("free", td_string!(locale, rules.overtime_free)),
        ("once", td_string!(locale, rules.overtime_once)),
        ("per_minute", td_string!(locale, rules.overtime_per_minute)),
    ]);
    view! {
        <div class="fields">
            {fields.select(name("overtime"), td_string!(locale, rules.overtime), kind, &kinds)}
            {fields.points(name("overtime_points"), td_string!(locale, rules.overtime_points), points)}
            {fields.hinted(
                name("overtime_by"),
                td_string!(locale, rules.overtime_by),
                by,
                td_string!(locale, rules.overtime_by_hint),
            )}
            {fields.hinted(
                name("overtime_most"),
                td_string!(locale, rules.overtime_most),
                &fields.decimal(most),
                td_string!(locale, rules.overtime_most_hint),
            )}
        </div>
    }
    .into_any()
}
