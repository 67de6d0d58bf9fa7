//! `/hoi-thi/{id}/the-le`: the rules as a form. What is wrong stands beside its field, and what was typed is
//! still there.

mod awards;
mod blueprint;
mod exam;
mod fields;
mod ranking;
mod round;
mod rubric;
mod stage;

use std::sync::Arc;

use contest::{Contest, template::Template};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::contests::{template_choice, template_words};
use super::parts::{act, contest_field, contest_param, desk, note, query};
use crate::api::rules::{ChooseTemplate, RoundForm, RulesForm, SetRules};
use crate::backend::{BankSummary, house};
use crate::icon::{Icon, icon};
use crate::layout::{ErrorNote, Place, StaffLayout, form_error, paths, served};
use crate::words::{Locale, request_locale, td_string};
use fields::Fields;

/// The page.
#[component]
pub fn RulesPage() -> impl IntoView {
    let locale = request_locale();
    let id = contest_param();
    let saved = query::<u8>("luu").is_some();
    served(async move {
        let id = id?;
        let desk = desk(&id).await?;
        let contest = desk.contest.clone();
        let bank = if desk.organizer {
            house().bank_summary(&desk.visit, &id).await?
        } else {
            BankSummary::default()
        };
        let Some(rules) = contest.rules().cloned() else {
            return Err(crate::error::AppError::NotFound);
        };
        let (name, _) =
            Template::named(&rules.template).map_or(("", ""), |template| template_words(locale, template));
        let error = form_error(SetRules::url());
        let draft = error
            .as_ref()
            .and_then(|_| house().draft(&desk.visit, &id))
            .and_then(|text| serde_json::from_str::<RulesForm>(&text).ok());
        let now = RulesForm::from(&rules);
        let draft = draft.map(RulesForm::without_empty_ends);
        let fields = Fields::new(locale, error.as_ref(), draft.is_some().then_some(&now));
        let drafted = draft.is_some();
        let form = draft.unwrap_or(now);
        // New ones stand behind those that are saved.
        let there = form.rounds.iter().take_while(|round| round.id != 0).count();
        let cards = (0..)
            .zip(&form.rounds[..there])
            .map(|(i, form)| round::card(&fields, i, form, &bank))
            .collect_view();
        let new = form.rounds.get(there).cloned().unwrap_or_else(RoundForm::default);
        let names: Vec<_> = rules
            .rounds
            .iter()
            .map(|round| (round.id, round.name.clone()))
            .collect();
        let body = view! {
            {cards}
            {round::new(&fields, there, &new)}
            {ranking::card(&fields, &form, &rules)}
            {awards::card(&fields, &form, &names)}
            {desk.organizer.then(|| view! {
                <div class="save-bar">
                    {contest.opened_at.is_some().then(|| fields.text(
                        "reason".into(),
                        td_string!(locale, common.reason),
                        &form.reason,
                    ))}
                    <button type="submit" class="button large">
                        {icon(Icon::Check)}{td_string!(locale, rules.save)}
                    </button>
                </div>
            })}
        };
        Ok(view! {
            <StaffLayout title=td_string!(locale, console.rules) contest=contest.clone() place=Place::Rules>
                {(saved && error.is_none()).then(|| note(
                    "done",
                    Icon::Check,
                    view! { <p role="status">{td_string!(locale, rules.saved)}</p> },
                ))}
                {contest.opened_at.is_some().then(|| note("warning", Icon::Lock, td_string!(locale, rules.opened)))}
                <div class="row between">
                    <p class="soft">{td_string!(locale, rules.from_template, name = name)}</p>
                    {desk.organizer.then(|| templates(locale, &contest))}
                </div>
                <form method="post" action=SetRules::url() class="stack" novalidate>
                    <ErrorNote form=SetRules::url() contest=contest.clone() />
                    {drafted.then(|| note("warning", Icon::Edit, view! {
                        <p>{td_string!(locale, rules.draft)}</p>
                        <p><a href=paths::rules(&id)>{td_string!(locale, rules.drop_draft)}</a></p>
                    }))}
                    {contest_field(&id)}
                    <input type="hidden" name="seq" value=contest.seq />
                    // A secretary reads them.
                    <fieldset disabled=!desk.organizer>
                        <legend class="unseen">{td_string!(locale, console.rules)}</legend>
                        {body}
                    </fieldset>
                </form>
            </StaffLayout>
        }
        .into_any())
    })
}

fn templates(locale: Locale, contest: &Arc<Contest>) -> impl IntoView + use<> {
    let id = contest.id.clone();
    let opened = contest.opened_at.is_some();
    let now = contest
        .rules()
        .map(|rules| rules.template.clone())
        .unwrap_or_default();
    let contest = contest.clone();
    act(
        Icon::Rules,
        td_string!(locale, rules.other_template),
        form_error(ChooseTemplate::url()).is_some(),
        view! {
            <form method="post" action=ChooseTemplate::url()>
                <ErrorNote form=ChooseTemplate::url() contest=contest />
                {contest_field(&id)}
                <p>{td_string!(locale, rules.template_warning)}</p>
                <fieldset class="templates">
                    <legend>{td_string!(locale, console.template_legend)}</legend>
                    {Template::ALL
                        .map(|template| template_choice(locale, template, template.as_str() == now))
                        .collect_view()}
                </fieldset>
                {opened.then(|| super::parts::reason_field(locale, "ly-do-mau"))}
                <div>
                    <button type="submit" class="button">{td_string!(locale, rules.use_template)}</button>
                </div>
            </form>
        },
    )
}
