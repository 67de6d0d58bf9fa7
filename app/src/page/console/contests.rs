//! `/hoi-thi`: the contests one organizes; `/hoi-thi/moi`: a new one.

use contest::people::{Details, Layout};
use contest::template::Template;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::parts::field;
use crate::api::contests::CreateContest;
use crate::backend::{ContestLine, house, visit};
use crate::dates;
use crate::error::AppError;
use crate::icon::{Icon, icon};
use crate::layout::{ErrorNote, Place, StaffLayout, paths, served};
use crate::words::{Locale, request_locale, td_string};
use crate::words_of;

/// The list.
#[component]
pub fn Contests() -> impl IntoView {
    let locale = request_locale();
    served(async move {
        let visit = visit();
        if !matches!(visit.actor, contest::Actor::Organizer { .. }) {
            return Err(AppError::SignIn);
        }
        let list = house().contests(&visit).await?;
        Ok(view! {
            <StaffLayout title=td_string!(locale, console.contests) contest=None place=Place::Contests>
                <p>
                    <a class="button" href="/hoi-thi/moi">
                        {icon(Icon::Plus)}{td_string!(locale, console.new_contest)}
                    </a>
                </p>
                {if list.is_empty() {
                    view! { <p class="empty">{td_string!(locale, console.no_contests)}</p> }.into_any()
                } else {
                    table(locale, list).into_any()
                }}
            </StaffLayout>
        }
        .into_any())
    })
}

fn table(locale: Locale, list: Vec<ContestLine>) -> impl IntoView {
    view! {
        <div class="table-wrap" role="region" tabindex="0" aria-label=td_string!(locale, console.contests)>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{td_string!(locale, console.contest_name)}</th>
                        <th scope="col">{td_string!(locale, console.state)}</th>
                        <th scope="col">{td_string!(locale, console.starts_at)}</th>
                        <th scope="col">{td_string!(locale, console.place)}</th>
                        <th scope="col" class="number">{td_string!(locale, console.teams)}</th>
                    </tr>
                </thead>
                <tbody>
                    {list
                        .into_iter()
                        .map(|line| {
                            view! {
                                <tr>
                                    <th scope="row">
                                        <a class="row-link" href=paths::contest(&line.id)>{line.name}</a>
                                    </th>
                                    <td>
                                        <span class="badge">{words_of::contest_phase(locale, line.phase)}</span>
                                    </td>
                                    <td class="nowrap">{line.starts_at.map(dates::date_time)}</td>
                                    <td>{line.place}</td>
                                    <td class="number">{line.teams}</td>
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}

/// The form of a new contest.
#[component]
pub fn NewContest() -> impl IntoView {
    let locale = request_locale();
    served(async move {
        if !matches!(visit().actor, contest::Actor::Organizer { .. }) {
            return Err(AppError::SignIn);
        }
        Ok(view! {
            <StaffLayout title=td_string!(locale, console.new_contest) contest=None place=Place::Contests>
                <form method="post" action=CreateContest::url() class="stack narrow">
                    <ErrorNote form=CreateContest::url() />
                    {details_fields(locale, &Details::default())}
                    <fieldset class="templates">
                        <legend>{td_string!(locale, console.template_legend)}</legend>
                        {Template::ALL
                            .into_iter()
                            .enumerate()
                            .map(|(i, template)| template_choice(locale, template, i == 0))
                            .collect_view()}
                    </fieldset>
                    <div class="row">
                        <button type="submit" class="button large">
                            {icon(Icon::Plus)}{td_string!(locale, console.create)}
                        </button>
                        <a class="button quiet" href="/hoi-thi">{td_string!(locale, common.cancel)}</a>
                    </div>
                </form>
            </StaffLayout>
        }
        .into_any())
    })
}

/// Name, hosts, place and start of a contest.
pub fn details_fields(locale: Locale, details: &Details) -> impl IntoView + use<> {
    view! {
        {field(
            "ten",
            td_string!(locale, console.contest_name),
            view! { <input id="ten" name="name" required maxlength="300" value=details.name.clone() /> },
        )}
        {field(
            "chu-tri",
            td_string!(locale, console.hosts),
            view! {
                <textarea id="chu-tri" name="hosts" rows="3" aria-describedby="chu-tri-goi-y">
                    {details.hosts.join("\n")}
                </textarea>
                <p class="hint" id="chu-tri-goi-y">{td_string!(locale, console.hosts_hint)}</p>
            },
        )}
        <div class="fields">
            {field(
                "noi",
                td_string!(locale, console.place),
                view! { <input id="noi" name="place" maxlength="200" value=details.place.clone() /> },
            )}
            {field(
                "luc",
                td_string!(locale, console.starts_at),
                view! {
                    <input
                        id="luc"
                        name="starts_at"
                        type="datetime-local"
                        value=details.starts_at.map(dates::input_value)
                        aria-describedby="luc-goi-y"
                    />
                    // The browser writes the date in its own way, not in that of the page.
                    <p class="hint" id="luc-goi-y">{td_string!(locale, console.starts_at_hint)}</p>
                },
            )}
            {field(
                "the-thuc",
                td_string!(locale, paper.family),
                view! {
                    <select id="the-thuc" name="layout">
                        <option value="state" selected=details.layout == Layout::State>{td_string!(locale, paper.state)}</option>
                        <option value="party" selected=details.layout == Layout::Party>{td_string!(locale, paper.by_party)}</option>
                    </select>
                },
            )}
        </div>
    }
}

/// A template to choose, with what it is for.
pub fn template_choice(locale: Locale, template: Template, chosen: bool) -> impl IntoView {
    let (name, about) = template_words(locale, template);
    let rounds: Vec<String> = template
        .rules()
        .rounds
        .iter()
        .map(|round| {
            let maximum = words_of::points(locale, round.maximum);
            td_string!(
                locale,
                rules.round_line,
                name = round.name.as_str(),
                maximum = maximum
            )
        })
        .collect();
    view! {
        <label class="template">
            <input type="radio" name="template" value=template.as_str() checked=chosen required />
            <span>
                <strong>{name}</strong>
                <span class="soft">{about}</span>
                <span class="soft small">{rounds.join(" · ")}</span>
            </span>
        </label>
    }
}

/// A template's name and description.
pub fn template_words(locale: Locale, template: Template) -> (&'static str, &'static str) {
    match template {
        Template::G1 => (td_string!(locale, rules.g1), td_string!(locale, rules.g1_about)),
        Template::G2 => (td_string!(locale, rules.g2), td_string!(locale, rules.g2_about)),
        Template::G4 => (td_string!(locale, rules.g4), td_string!(locale, rules.g4_about)),
        Template::G5 => (td_string!(locale, rules.g5), td_string!(locale, rules.g5_about)),
        Template::G7 => (td_string!(locale, rules.g7), td_string!(locale, rules.g7_about)),
        Template::G8 => (td_string!(locale, rules.g8), td_string!(locale, rules.g8_about)),
        Template::G9 => (td_string!(locale, rules.g9), td_string!(locale, rules.g9_about)),
        Template::G10 => (td_string!(locale, rules.g10), td_string!(locale, rules.g10_about)),
        Template::G11 => (td_string!(locale, rules.g11), td_string!(locale, rules.g11_about)),
        Template::G12 => (td_string!(locale, rules.g12), td_string!(locale, rules.g12_about)),
        Template::G13 => (td_string!(locale, rules.g13), td_string!(locale, rules.g13_about)),
    }
}
