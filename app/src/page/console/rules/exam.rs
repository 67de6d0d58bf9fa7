//! A multiple-choice round: its time, papers and marking.

use leptos::prelude::*;

use super::super::parts::tick;
use super::blueprint::blueprint;
use super::fields::{Fields, choices};
use crate::api::rules::RoundForm;
use crate::backend::BankSummary;
use crate::words::td_string;

/// The fields of the exam at place `i` of the form.
pub(super) fn fields(fields: &Fields, i: usize, round: &RoundForm, bank: &BankSummary) -> AnyView {
    let locale = fields.locale;
    let name = |field: &str| format!("rounds[{i}][{field}]");
    let clock = choices([
        ("common", td_string!(locale, rules.clock_common)),
        ("own", td_string!(locale, rules.clock_own)),
    ]);
    let papers = choices([
        ("variants", td_string!(locale, rules.papers_variants)),
        ("personal", td_string!(locale, rules.papers_personal)),
    ]);
    let members = choices([
        ("mean", td_string!(locale, rules.members_mean)),
        ("sum", td_string!(locale, rules.members_sum)),
        ("best", td_string!(locale, rules.members_best)),
    ]);
    let absent = choices([
        ("zero", td_string!(locale, rules.absent_zero)),
        ("left_out", td_string!(locale, rules.absent_left_out)),
    ]);
    let void = choices([
        ("points_to_all", td_string!(locale, rules.void_points)),
        ("leave_out", td_string!(locale, rules.void_leave_out)),
    ]);
    view! {
        <fieldset>
            <legend>{td_string!(locale, rules.time)}</legend>
            <div class="fields">
                {fields.number(name("minutes"), td_string!(locale, rules.minutes), &round.minutes)}
                {fields.number(name("seconds"), td_string!(locale, rules.seconds), &round.seconds)}
                {fields.select(name("clock"), td_string!(locale, rules.clock), &round.clock, &clock)}
                {fields.number(name("entry"), td_string!(locale, rules.entry), &round.entry)}
                {fields.number(name("grace"), td_string!(locale, rules.grace), &round.grace)}
            </div>
            <p class="hint">{td_string!(locale, rules.entry_hint)}</p>
        </fieldset>
        {blueprint(fields, i, round, bank)}
        <fieldset>
            <legend>{td_string!(locale, rules.papers_legend)}</legend>
            <div class="fields">
                {fields.select(name("papers"), td_string!(locale, rules.papers), &round.papers, &papers)}
                {fields.number(name("variants"), td_string!(locale, rules.variants), &round.variants)}
            </div>
            <div class="ticks">
                {tick(name("same_questions"), td_string!(locale, rules.same_questions), round.same_questions)}
                {tick(name("shuffle_questions"), td_string!(locale, rules.shuffle_questions), round.shuffle_questions)}
                {tick(name("shuffle_options"), td_string!(locale, rules.shuffle_options), round.shuffle_options)}
            </div>
        </fieldset>
        <fieldset>
            <legend>{td_string!(locale, rules.marking)}</legend>
            <div class="fields">
                {fields.points(name("right"), td_string!(locale, rules.right), &round.right)}
                {fields.points(name("wrong"), td_string!(locale, rules.wrong), &round.wrong)}
                {fields.select(name("members"), td_string!(locale, rules.members), &round.members, &members)}
                {fields.number(name("best"), td_string!(locale, rules.best), &round.best)}
                {fields.select(name("absent"), td_string!(locale, rules.absent), &round.absent, &absent)}
                {fields.rounding(name("rounding"), td_string!(locale, rules.rounding), &round.rounding)}
                {fields.select(name("void"), td_string!(locale, rules.void), &round.void, &void)}
            </div>
            <div class="ticks">
                {tick(name("scaled"), td_string!(locale, rules.scaled), round.scaled)}
                {tick(name("live_marks"), td_string!(locale, rules.live_marks), round.live_marks)}
                {tick(name("review"), td_string!(locale, rules.review), round.review)}
            </div>
        </fieldset>
    }
    .into_any()
}
