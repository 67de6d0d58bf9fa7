//! One round of the rules, of either kind, and a new one.

use leptos::prelude::*;

use super::super::parts::act;
use super::fields::{Fields, choices};
use super::{exam, stage};
use crate::api::rules::RoundForm;
use crate::backend::BankSummary;
use crate::icon::Icon;
use crate::words::td_string;

/// The card of the round at place `i` of the form.
pub(super) fn card(fields: &Fields, i: usize, round: &RoundForm, bank: &BankSummary) -> AnyView {
    let locale = fields.locale;
    let name = |field: &str| format!("rounds[{i}][{field}]");
    let heading = format!("ten-phan-{i}");
    let exam = round.kind == "exam" || (round.kind.is_empty() && !round.clock.is_empty());
    let (kind, word) = if exam {
        ("exam", td_string!(locale, rules.exam))
    } else {
        ("stage", td_string!(locale, rules.stage))
    };
    let kept = choices([
        (kind, td_string!(locale, rules.keep)),
        ("", td_string!(locale, rules.drop_round)),
    ]);
    view! {
        <section class="card round" aria-labelledby=heading.clone()>
            <h2 id=heading.clone()>{round.name.clone()}" "<span class="badge">{word}</span></h2>
            <input type="hidden" name=name("id") value=round.id />
            <div class="fields">
                {fields.text(name("name"), td_string!(locale, rules.round_name), &round.name)}
                {fields.number(name("order"), td_string!(locale, rules.order), &round.order)}
                {fields.points(name("maximum"), td_string!(locale, field.maximum), &round.maximum)}
                {fields.points(name("weight"), td_string!(locale, field.weight), &round.weight)}
                {fields.select(name("kind"), td_string!(locale, rules.kept), &round.kind, &kept)}
            </div>
            {if exam { exam::fields(fields, i, round, bank) } else { stage::fields(fields, i, round) }}
        </section>
    }
    .into_any()
}

/// The fields of a round that is not there yet.
pub(super) fn new(fields: &Fields, i: usize, round: &RoundForm) -> AnyView {
    let locale = fields.locale;
    let name = |field: &str| format!("rounds[{i}][{field}]");
    let kinds = choices([
        ("", td_string!(locale, rules.no_round)),
        ("exam", td_string!(locale, rules.exam)),
        ("stage", td_string!(locale, rules.stage)),
    ]);
    let or = |text: &String, otherwise: &str| {
        if text.is_empty() {
            otherwise.to_owned()
        } else {
            text.clone()
        }
    };
    act(
        Icon::Plus,
        td_string!(locale, rules.add_round),
        !round.kind.is_empty(),
        view! {
            <div class="inside">
                <input type="hidden" name=name("id") value="0" />
                <div class="fields">
                    {fields.select(name("kind"), td_string!(locale, rules.kind), &round.kind, &kinds)}
                    {fields.text(name("name"), td_string!(locale, rules.round_name), &round.name)}
                    {fields.points(name("maximum"), td_string!(locale, field.maximum), &or(&round.maximum, "10"))}
                    {fields.points(name("weight"), td_string!(locale, field.weight), &or(&round.weight, "1"))}
                </div>
                <p class="soft small">{td_string!(locale, rules.add_round_hint)}</p>
            </div>
        },
    )
    .into_any()
}
