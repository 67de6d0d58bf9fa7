//! Choosing a scene with what it is of, for the screens that are ticked: to be prepared, or shown at once.

use contest::screen::{Language, Scene, Theme};
use leptos::prelude::*;

use super::Desk;
use super::screens::{language_word, theme_word};
use super::wire::{BLANK, DRESS, PREPARE, RELOAD, SHOW, TAKE};
use crate::icon::{Icon, icon};
use crate::words::td_string;
use crate::words_of;

/// The scenes by the words that forms send for them.
const SCENES: [(&str, Scene); 12] = [
    ("waiting", Scene::Waiting),
    ("join", Scene::Join),
    ("order", Scene::Order { round: None }),
    ("on_stage", Scene::OnStage),
    ("exam", Scene::Exam),
    ("standings", Scene::Standings { round: None }),
    (
        "team",
        Scene::Team {
            team: contest::TeamId(0),
        },
    ),
    (
        "question",
        Scene::Question {
            text: String::new(),
            options: Vec::new(),
            answer: None,
        },
    ),
    ("message", Scene::Message { text: String::new() }),
    ("hosts", Scene::Hosts),
    ("reveal", Scene::Reveal),
    ("prizes", Scene::Prizes),
];

pub(super) fn chooser(desk: Desk) -> impl IntoView {
    let locale = desk.locale;
    let question = desk.around.with_value(|around| around.question.clone());
    let chosen = if question.is_some() { "question" } else { "waiting" };
    let scenes = SCENES.map(|(word, scene)| {
        view! {
            <label class="scene-choice">
                <input type="radio" name="scene" value=word checked=word == chosen />
                <span>{words_of::scene(locale, &scene)}</span>
            </label>
        }
    });
    view! {
        <form method="post" action=PREPARE class="card chooser" id="canh">
            <h2>{td_string!(locale, hall.choose)}</h2>
            {desk.contest_field()}
            <fieldset class="scene-choices">
                <legend class="unseen">{td_string!(locale, hall.scene)}</legend>
                {scenes.collect_view()}
            </fieldset>
            {of_round(desk, "for-order", "order_round", td_string!(locale, hall.current_round))}
            {of_round(desk, "for-standings", "round", td_string!(locale, hall.by_total))}
            <div class="field for-team">
                <label for="canh-doi">{td_string!(locale, field.team)}</label>
                <select id="canh-doi" name="team">
                    {move || {
                        let hall = desk.hall.read();
                        let teams = hall.desk.teams.iter();
                        teams.map(|of| view! { <option value=of.team.0>{of.name.clone()}</option> }).collect_view()
                    }}
                </select>
            </div>
            {asking(desk, question)}
            <div class="field for-message">
                <label for="canh-tin">{td_string!(locale, hall.message)}</label>
                <textarea id="canh-tin" name="message" rows="3" maxlength="300"></textarea>
            </div>
            <div class="row">
                <button type="submit" class="button quiet">{icon(Icon::Clock)}{td_string!(locale, hall.prepare)}</button>
                <button type="submit" class="button quiet" formaction=SHOW>
                    {icon(Icon::Play)}{td_string!(locale, hall.show)}
                </button>
            </div>
            <p class="soft small">{td_string!(locale, hall.choose_note)}</p>
            <details class="act">
                <summary>{icon(Icon::Screen)}<span>{td_string!(locale, hall.group)}</span></summary>
                <div class="inside stack">
                    <div class="row">
                        <button type="submit" class="button quiet small" formaction=TAKE>{td_string!(locale, hall.take)}</button>
                        <button type="submit" class="button quiet small" formaction=BLANK>{td_string!(locale, hall.blank)}</button>
                        <button type="submit" class="button quiet small" formaction=BLANK name="lit" value="true">
                            {td_string!(locale, hall.light)}
                        </button>
                        <button type="submit" class="button quiet small" formaction=RELOAD>
                            {td_string!(locale, hall.reload)}
                        </button>
                    </div>
                    {dress(desk)}
                </div>
            </details>
        </form>
    }
}

/// A choice of round; `none` is what an empty one means.
fn of_round(desk: Desk, class: &'static str, name: &'static str, none: &'static str) -> impl IntoView {
    let id = format!("canh-{name}");
    view! {
        <div class=format!("field {class}")>
            <label for=id.clone()>{td_string!(desk.locale, field.round)}</label>
            <select id=id name=name>
                <option value="">{none}</option>
                {move || {
                    let hall = desk.hall.read();
                    let rounds = hall.desk.rounds.iter();
                    rounds.map(|of| view! { <option value=of.id.0>{of.name.clone()}</option> }).collect_view()
                }}
            </select>
        </div>
    }
}

/// A question for the stage. Its answer is sent to no screen before it is chosen here.
fn asking(desk: Desk, question: Option<(String, Vec<String>)>) -> impl IntoView {
    let locale = desk.locale;
    let (text, options) = question.unwrap_or_default();
    let letters = ["A", "B", "C", "D", "E", "F", "G", "H"];
    let letters = letters.map(|letter| view! { <option value=letter>{letter}</option> });
    view! {
        <div class="stack for-question">
            <div class="field">
                <label for="canh-cau">{td_string!(locale, hall.question)}</label>
                <textarea id="canh-cau" name="question" rows="3" maxlength="600">{text}</textarea>
            </div>
            <div class="field">
                <label for="canh-pa">{td_string!(locale, hall.options)}</label>
                <textarea id="canh-pa" name="options" rows="4">{options.join("\n")}</textarea>
            </div>
            <div class="field">
                <label for="canh-da">{td_string!(locale, hall.answer)}</label>
                // The answer of this question is not the next one's.
                <select id="canh-da" name="answer" data-once="">
                    <option value="">{td_string!(locale, hall.no_answer)}</option>
                    {letters.collect_view()}
                </select>
            </div>
        </div>
    }
}

/// How the ticked screens look; what is left open stays as it is.
fn dress(desk: Desk) -> impl IntoView {
    let locale = desk.locale;
    let keep = move || view! { <option value="">{td_string!(locale, hall.keep)}</option> };
    let themes =
        Theme::ALL.map(|theme| view! { <option value=theme.as_str()>{theme_word(locale, theme)}</option> });
    let languages = [Language::Vi, Language::En]
        .map(|language| view! { <option value=language.as_str()>{language_word(locale, language)}</option> });
    let scales = [70, 80, 90, 100, 110, 120, 135, 150]
        .map(|scale| view! { <option value=scale>{format!("{scale} %")}</option> });
    view! {
        <div class="row end">
            <div class="field">
                <label for="chung-nen">{td_string!(locale, hall.theme)}</label>
                <select id="chung-nen" name="theme">{keep()}{themes.collect_view()}</select>
            </div>
            <div class="field">
                <label for="chung-tieng">{td_string!(locale, common.language)}</label>
                <select id="chung-tieng" name="language">{keep()}{languages.collect_view()}</select>
            </div>
            <div class="field">
                <label for="chung-co">{td_string!(locale, hall.scale)}</label>
                <select id="chung-co" name="scale">{keep()}{scales.collect_view()}</select>
            </div>
            <button type="submit" class="button quiet small" formaction=DRESS>{td_string!(locale, common.save)}</button>
        </div>
    }
}
