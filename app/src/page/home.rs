//! `/`: the front door.

use contest::Actor;
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;

use crate::api::entry::Enter;
use crate::backend::{ContestLine, Visit, house, visit};
use crate::dates;
use crate::icon::{Icon, icon};
use crate::layout::{ErrorNote, LanguageSwitch, paths, served};
use crate::words::{Locale, request_locale, td_string};
use crate::words_of::{contest_phase, number};

/// The front page: the field for a code, the way to the desk, and the contests that anyone may follow.
#[component]
pub fn Home() -> impl IntoView {
    let locale = request_locale();
    let (house, visit) = (house(), visit());
    served(async move {
        let contests = house.contests(&visit).await?;
        let list = contests
            .into_iter()
            .map(|line| contest(locale, line))
            .collect::<Vec<_>>();
        let empty = list
            .is_empty()
            .then(|| view! { <p class="soft">{td_string!(locale, home.none)}</p> });
        Ok(view! {
            <Title text=td_string!(locale, home.title) />
            <div class="home">
                <header class="home-head">
                    <span class="console-brand">{icon(Icon::Trophy)}<span>{td_string!(locale, site.name)}</span></span>
                    <LanguageSwitch />
                </header>
                <main class="home-main">
                    <div class="home-lead">
                        <h1>{td_string!(locale, home.title)}</h1>
                        <p>{td_string!(locale, home.lead)}</p>
                    </div>
                    {door(locale, &visit)}
                    <section class="home-contests">
                        <h2>{td_string!(locale, home.contests)}</h2>
                        {empty}
                        <ul>{list}</ul>
                    </section>
                </main>
            </div>
        })
    })
}

/// Where whoever is known goes on, and everybody else comes in.
fn door(locale: Locale, visit: &Visit) -> impl IntoView + use<> {
    let at_home = match visit.actor {
        Actor::Contestant { .. } => Some(("/thi".to_owned(), td_string!(locale, home.to_exam))),
        Actor::Judge { .. } => Some(("/giam-khao".to_owned(), td_string!(locale, home.to_judge))),
        Actor::Organizer { .. } => Some(("/hoi-thi".to_owned(), td_string!(locale, home.to_console))),
        Actor::Secretary { .. } => {
            let contest = visit
                .contest
                .as_ref()
                .map_or_else(|| "/hoi-thi".to_owned(), paths::contest);
            Some((contest, td_string!(locale, home.to_console)))
        }
        _ => None,
    };
    match at_home {
        Some((href, words)) => view! {
            <section class="card home-door">
                <h2>{td_string!(locale, home.continue_title, name = visit.name.as_str())}</h2>
                <a class="button large" href=href>{words}{icon(Icon::ArrowRight)}</a>
            </section>
        }
        .into_any(),
        None => view! {
            <section class="card home-door">
                <h2>{td_string!(locale, home.enter_title)}</h2>
                <form method="post" action=Enter::url() class="stack" autocomplete="off">
                    <ErrorNote form=Enter::url() />
                    <div class="field">
                        <label for="ma">{td_string!(locale, home.code)}</label>
                        // A keyboard for addresses: on tablets it neither corrects nor puts marks on letters.
                        <input
                            id="ma"
                            name="code"
                            class="home-code"
                            inputmode="email"
                            autocapitalize="characters"
                            autocomplete="off"
                            autocorrect="off"
                            spellcheck="false"
                            maxlength="40"
                            required
                            aria-describedby="ma-giup"
                        />
                        <p class="hint" id="ma-giup">{td_string!(locale, home.code_help)}</p>
                    </div>
                    <button type="submit" class="button large">{td_string!(locale, home.enter)}</button>
                </form>
                <p><a href="/dang-nhap">{td_string!(locale, home.sign_in)}</a></p>
            </section>
        }
        .into_any(),
    }
}

fn contest(locale: Locale, line: ContestLine) -> impl IntoView {
    let day = line.starts_at.map(dates::date);
    let teams =
        (line.teams > 0).then(|| td_string!(locale, home.teams, n = number(locale, line.teams.into())));
    let place = Some(line.place).filter(|place| !place.is_empty());
    let facts: Vec<String> = [day, place, teams].into_iter().flatten().collect();
    view! {
        <li class="card">
            <h3>{line.name}</h3>
            <p class="soft">{facts.join(" · ")}</p>
            <div class="row between">
                <span class="badge">{contest_phase(locale, line.phase)}</span>
                <a class="button quiet" href=paths::board(&line.id)>{icon(Icon::Screen)}{td_string!(locale, home.board)}</a>
            </div>
        </li>
    }
}
