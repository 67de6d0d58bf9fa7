//! What stands around a page: the staff's console, the plain entry pages, errors of forms.

use std::future::Future;
use std::sync::Arc;

use contest::{Contest, ContestId, RoundId};
use http::StatusCode;
use leptos::prelude::*;
use leptos::server_fn::{ServerFn, error::ServerFnUrlError};
use leptos_axum::ResponseOptions;
use leptos_meta::Title;
use leptos_router::location::RequestUrl;

use crate::api::session::{SetLanguage, SignOut};
use crate::backend::visit;
use crate::dates;
use crate::error::AppError;
use crate::icon::{Icon, icon};
use crate::words::{Locale, request_locale, td_string};
use crate::words_of;

/// Where in the console a page stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The list of contests, and making a new one.
    Contests,
    /// The visitor's own account.
    Account,
    Overview,
    Teams,
    People,
    Questions,
    Rules,
    Round(RoundId),
    Standings,
    /// Prizes and complaints.
    Awards,
    /// The standings on paper.
    Sheet,
    /// The screens of the hall, freeze and reveal.
    Screens,
    Ledger,
}

/// The staff's console around a page: header, phases of the contest, the page in `<main>` with its `h1`.
#[component]
pub fn StaffLayout(
    /// What the page is: its heading, and with the contest's name the document's title.
    #[prop(into)]
    title: String,
    /// The contest that it is about.
    #[prop(optional_no_strip, into)]
    contest: Option<Arc<Contest>>,
    place: Place,
    children: Children,
) -> impl IntoView {
    let locale = request_locale();
    let name = contest.as_ref().map(|c| c.details.name.clone());
    let full = match &name {
        Some(name) => format!("{title} · {name}"),
        None => format!("{title} · {}", td_string!(locale, site.name)),
    };
    // A secretary has this one contest and no list of them.
    let home = match (&contest, visit().actor) {
        (Some(contest), contest::Actor::Secretary { .. }) => paths::contest(&contest.id),
        _ => "/hoi-thi".to_owned(),
    };
    view! {
        <Title text=full />
        <div class="console">
            <SkipLink locale />
            <header class="console-head">
                <a class="console-brand" href=home>
                    {icon(Icon::Trophy)}
                    <span>{name.unwrap_or_else(|| td_string!(locale, site.name).into())}</span>
                </a>
                <LanguageSwitch />
                <Visitor />
            </header>
            {contest.as_ref().map(|contest| phases(locale, contest, place))}
            <main class="console-main" id="noi-dung" tabindex="-1">
                <h1>{title}</h1>
                {contest.filter(|_| place != Place::Screens).and_then(|contest| frozen(locale, &contest))}
                {children()}
            </main>
        </div>
    }
}

/// While the public sees older standings, every page of the staff says so: what it shows is the real thing.
fn frozen(locale: Locale, contest: &Contest) -> Option<impl IntoView + use<>> {
    let at = contest.hall.frozen.as_ref()?.at;
    let screens = paths::screens(&contest.id);
    let public = format!("{}?cong-khai=1", paths::board(&contest.id));
    Some(view! {
        <div class="note warning frozen-note" role="status">
            {icon(Icon::Lock)}
            <div>
                <strong>{td_string!(locale, hall.frozen_since, time = dates::time(at))}"."</strong>
                " " {td_string!(locale, hall.staff_live)} " "
                <a href=screens>{td_string!(locale, hall.title)}</a> " · "
                <a href=public>{td_string!(locale, hall.see_public)}</a>
            </div>
        </div>
    })
}

/// A narrow page in the middle: entry, sign-in, a single form.
#[component]
pub fn Plain(
    /// Its heading and the document's title.
    #[prop(into)]
    title: String,
    children: Children,
) -> impl IntoView {
    let locale = request_locale();
    view! {
        <Title text=format!("{title} · {}", td_string!(locale, site.name)) />
        <div class="plain">
            <SkipLink locale />
            <header class="plain-head">
                <a class="console-brand" href="/">{icon(Icon::Trophy)}<span>{td_string!(locale, site.name)}</span></a>
                <LanguageSwitch />
            </header>
            <main class="plain-main" id="noi-dung" tabindex="-1">
                <h1>{title}</h1>
                {children()}
            </main>
        </div>
    }
}

/// Takes a keyboard past the navigation.
#[component]
fn SkipLink(locale: Locale) -> impl IntoView {
    view! { <a class="skip" href="#noi-dung">{td_string!(locale, common.skip)}</a> }
}

/// Two buttons, one a language; plain form.
#[component]
pub fn LanguageSwitch() -> impl IntoView {
    let locale = request_locale();
    let button = |of: Locale, short: &'static str, name: &'static str| {
        view! {
            <button
                type="submit"
                name="language"
                value=of.to_string()
                lang=of.to_string()
                class="language"
                aria-label=format!("{short} – {name}")
                aria-pressed=if of == locale { "true" } else { "false" }
            >
                {short}
            </button>
        }
    };
    view! {
        <form
            method="post"
            action=SetLanguage::url()
            class="languages"
            aria-label=td_string!(locale, common.language)
        >
            {button(Locale::vi, "VI", td_string!(locale, common.vietnamese))}
            {button(Locale::en, "EN", td_string!(locale, common.english))}
        </form>
    }
}

/// Who is signed in, and the way out.
#[component]
fn Visitor() -> impl IntoView {
    let locale = request_locale();
    let visit = visit();
    visit.session.is_some().then(|| {
        let organizer = matches!(visit.actor, contest::Actor::Organizer { .. });
        let name = if organizer {
            view! { <a class="visitor-name" href="/tai-khoan">{icon(Icon::User)}<span>{visit.name}</span></a> }.into_any()
        } else {
            view! { <span class="visitor-name">{icon(Icon::User)}<span>{visit.name}</span></span> }.into_any()
        };
        view! {
            <div class="visitor">
                {name}
                <form method="post" action=SignOut::url()>
                    <button type="submit" class="button quiet small">
                        {icon(Icon::Logout)}{td_string!(locale, common.sign_out)}
                    </button>
                </form>
            </div>
        }
    })
}

/// The four phases of a contest, and the pages of the phase one is in.
fn phases(locale: Locale, contest: &Contest, place: Place) -> impl IntoView + use<> {
    let id = &contest.id;
    let organizer = matches!(visit().actor_in(id), contest::Actor::Organizer { .. });
    let rounds: Vec<(RoundId, String, String)> = contest
        .rules()
        .into_iter()
        .flat_map(|rules| &rules.rounds)
        .map(|round| {
            let page = if round.exam().is_some() {
                paths::exam
            } else {
                paths::stage
            };
            (round.id, round.name.clone(), page(id, round.id))
        })
        .collect();
    let link = |label: String, href: String, here: bool| {
        view! { <li><a href=href aria-current=here.then_some("page")>{label}</a></li> }
    };
    let in_rounds = matches!(place, Place::Round(_));
    let in_standings = matches!(place, Place::Standings | Place::Awards | Place::Sheet);
    let in_hall = place == Place::Screens;
    let step = |n: u8, label: &'static str, href: Option<String>, here: bool| {
        view! {
            <li class="phase" class:here=here>
                <a href=href aria-current=here.then_some("step")>
                    <span class="phase-number" aria-hidden="true">{n}</span>
                    <span class="phase-word">{label}</span>
                </a>
            </li>
        }
    };
    let pages = if in_rounds {
        rounds
            .iter()
            .map(|(round, name, page)| link(name.clone(), page.clone(), place == Place::Round(*round)))
            .collect_view()
            .into_any()
    } else if in_standings {
        view! {
            {link(td_string!(locale, console.standing).to_owned(), paths::standings(id), place == Place::Standings)}
            {link(td_string!(locale, stage.awards).to_owned(), paths::awards(id), place == Place::Awards)}
            {link(td_string!(locale, hall.nav_sheet).to_owned(), paths::sheet(id), place == Place::Sheet)}
        }
        .into_any()
    } else if in_hall {
        view! {
            {link(td_string!(locale, hall.title).to_owned(), paths::screens(id), place == Place::Screens)}
            {link(td_string!(locale, host.title).to_owned(), paths::host(id), false)}
            {link(td_string!(locale, hall.nav_public).to_owned(), paths::board(id), false)}
            {link(td_string!(locale, hall.nav_overlay).to_owned(), paths::overlay(id), false)}
        }
        .into_any()
    } else {
        let word = |word: &'static str| word.to_owned();
        view! {
            {link(word(td_string!(locale, console.overview)), paths::contest(id), place == Place::Overview)}
            {link(word(td_string!(locale, console.teams)), paths::teams(id), place == Place::Teams)}
            {link(word(td_string!(locale, console.people)), paths::people(id), place == Place::People)}
            {organizer.then(|| link(
                word(td_string!(locale, console.questions)),
                paths::questions(id),
                place == Place::Questions,
            ))}
            {link(word(td_string!(locale, console.rules)), paths::rules(id), place == Place::Rules)}
            {link(word(td_string!(locale, console.ledger)), paths::ledger(id), place == Place::Ledger)}
        }
        .into_any()
    };
    let first = rounds.first().map(|(_, _, page)| page.clone());
    view! {
        <nav class="phases" aria-label=td_string!(locale, console.phases)>
            <ol class="phase-steps">
                {step(1, td_string!(locale, console.prepare), Some(paths::contest(id)), !in_rounds && !in_standings && !in_hall)}
                {step(2, td_string!(locale, console.rounds), first, in_rounds)}
                {step(3, td_string!(locale, console.standing), Some(paths::standings(id)), in_standings)}
                {step(4, td_string!(locale, console.publish), Some(paths::screens(id)), in_hall)}
            </ol>
            <ul class="phase-pages">{pages}</ul>
        </nav>
    }
}

/// The error of the last post to `form` (the `url()` of a server function), if this page was shown for it.
pub fn form_error(form: &str) -> Option<AppError> {
    let url = use_context::<RequestUrl>()?.parse().ok()?;
    let query = url.search_params();
    (query.get_str("__path")? == form)
        .then(|| ServerFnUrlError::<AppError>::decode_err(query.get_str("__err").unwrap_or_default()))
}

/// Inside a form: why it was not done, if it was not. `form` is the form's action.
#[component]
pub fn ErrorNote(
    form: &'static str,
    /// Lends the names of its rounds and teams to the words.
    #[prop(optional_no_strip, into)]
    contest: Option<Arc<Contest>>,
) -> impl IntoView {
    form_error(form).map(|error| Note(words_of::error_in(request_locale(), &error, contest.as_deref())))
}

#[allow(non_snake_case)]
fn Note(words: String) -> impl IntoView {
    view! { <p class="note refused" role="alert">{icon(Icon::Alert)}<span>{words}</span></p> }
}

/// A page that asks the house: rendered when `page` is done. The route must have `ssr=SsrMode::Async`, so
/// that the page is whole without scripts and may still set its status.
pub fn when_ready<V: IntoView + Send + 'static>(
    page: impl Future<Output = V> + Send + 'static,
) -> impl IntoView {
    Suspend::new(page)
}

/// A page that the house may refuse: the error's own page and status then.
pub fn served<V: IntoView + Send + 'static>(
    page: impl Future<Output = Result<V, AppError>> + Send + 'static,
) -> impl IntoView {
    when_ready(async move {
        match page.await {
            Ok(view) => view.into_any(),
            Err(error) => failed(error).into_any(),
        }
    })
}

/// The page of an error: its status and words; whoever is not signed in is sent to the sign-in page.
pub fn failed(error: AppError) -> impl IntoView {
    let locale = request_locale();
    if let Some(response) = use_context::<ResponseOptions>()
        && let Ok(status) = StatusCode::from_u16(error.status())
    {
        response.set_status(status);
    }
    let sign_in = matches!(error, AppError::SignIn);
    if sign_in {
        leptos_axum::redirect("/dang-nhap");
    }
    view! {
        <Plain title=td_string!(locale, common.failed_title)>
            <p class="note refused" role="alert">{icon(Icon::Alert)}<span>{words_of::error(locale, &error)}</span></p>
            <p>
                {if sign_in {
                    view! { <a class="button" href="/dang-nhap">{td_string!(locale, common.sign_in)}</a> }
                } else {
                    view! { <a class="button" href="/">{td_string!(locale, common.home)}</a> }
                }}
            </p>
        </Plain>
    }
}

/// Addresses of the pages.
pub mod paths {
    use super::{ContestId, RoundId};
    use contest::{PersonId, TeamId, actor::Role};

    pub fn contest(id: &ContestId) -> String {
        format!("/hoi-thi/{id}")
    }
    pub fn teams(id: &ContestId) -> String {
        format!("/hoi-thi/{id}/doi")
    }
    pub fn people(id: &ContestId) -> String {
        format!("/hoi-thi/{id}/nguoi")
    }
    pub fn cards(id: &ContestId, role: Role) -> String {
        format!("/hoi-thi/{id}/the/{}", role.as_str())
    }
    pub fn questions(id: &ContestId) -> String {
        format!("/hoi-thi/{id}/cau-hoi")
    }
    pub fn import(id: &ContestId, upload: &str) -> String {
        format!("/hoi-thi/{id}/nhap/{upload}")
    }
    pub fn rules(id: &ContestId) -> String {
        format!("/hoi-thi/{id}/the-le")
    }
    pub fn exam(id: &ContestId, round: RoundId) -> String {
        format!("/hoi-thi/{id}/phan-thi/{round}")
    }
    pub fn stage(id: &ContestId, round: RoundId) -> String {
        format!("/hoi-thi/{id}/san-khau/{round}")
    }
    /// The draws of a stage round, also as a slip to print.
    pub fn draw(id: &ContestId, round: RoundId) -> String {
        format!("{}/boc-tham", stage(id, round))
    }
    /// Its sheets on paper.
    pub fn sheets(id: &ContestId, round: RoundId) -> String {
        format!("{}/phieu", stage(id, round))
    }
    /// Its marks on paper.
    pub fn summary(id: &ContestId, round: RoundId) -> String {
        format!("{}/bang-diem", stage(id, round))
    }
    /// The minutes on paper.
    pub fn minutes(id: &ContestId) -> String {
        format!("/hoi-thi/{id}/bien-ban")
    }
    pub fn awards(id: &ContestId) -> String {
        format!("/hoi-thi/{id}/giai-thuong")
    }
    pub fn corrections(id: &ContestId, round: RoundId) -> String {
        format!("/hoi-thi/{id}/phan-thi/{round}/dap-an")
    }
    /// A contestant's marked paper.
    pub fn paper(id: &ContestId, round: RoundId, person: PersonId) -> String {
        format!("/hoi-thi/{id}/phan-thi/{round}/bai/{person}")
    }
    pub fn explain(id: &ContestId, team: TeamId) -> String {
        format!("/hoi-thi/{id}/giai-trinh/{team}")
    }
    pub fn standings(id: &ContestId) -> String {
        format!("/hoi-thi/{id}/tong-hop")
    }
    /// The console of the hall's screens.
    pub fn screens(id: &ContestId) -> String {
        format!("/hoi-thi/{id}/man-hinh")
    }
    /// The host's page for the staff; a host himself has `/dan-chuong-trinh`.
    pub fn host(id: &ContestId) -> String {
        format!("/hoi-thi/{id}/dan-chuong-trinh")
    }
    /// The standings on paper.
    pub fn sheet(id: &ContestId) -> String {
        format!("/hoi-thi/{id}/bang-tong-hop")
    }
    /// The standings as a workbook.
    pub fn workbook(id: &ContestId) -> String {
        format!("/api/contests/{id}/standings.xlsx")
    }
    /// The broadcast's overlay.
    pub fn overlay(id: &ContestId) -> String {
        format!("/phu-de/{id}")
    }
    pub fn ledger(id: &ContestId) -> String {
        format!("/hoi-thi/{id}/nhat-ky")
    }
    pub fn board(id: &ContestId) -> String {
        format!("/bang/{id}")
    }
}
