//! `/hoi-thi/{id}/man-hinh`: the screens of the hall, freeze and reveal. `?tim=` searches the bank for a
//! question to show, `?cau=12` takes one.

use std::collections::BTreeMap;

use contest::ContestId;
use leptos::prelude::*;

use super::parts::{contest_param, desk, note, query};
use crate::api::hall as deeds;
use crate::backend::{BankFilter, BankQuestion, ScreenSeen, Visit, house};
use crate::error::AppError;
use crate::icon::{Icon, icon};
use crate::island::hall::{Around, Hall, HallConsole, Health, Seen};
use crate::layout::{Place, StaffLayout, form_error, paths, served};
use crate::page::overlay::LANGUAGE;
use crate::words::{Locale, request_locale, td_string};
use crate::words_of;
use leptos::server_fn::ServerFn;

/// The page.
#[component]
pub fn HallPage() -> impl IntoView {
    let locale = request_locale();
    let id = contest_param();
    let search = query::<String>("tim");
    let wanted = query::<i64>("cau");
    let refused = refused();
    served(async move {
        let id = id?;
        let desk = desk(&id).await?;
        let contest = desk.contest.clone();
        let (hall, seen) = house().hall_desk(&desk.visit, &id).await?;
        let bank = match &search {
            Some(search) if desk.organizer => Some(found(&desk.visit, &id, search).await?),
            _ => None,
        };
        let question = bank
            .as_ref()
            .and_then(|bank| bank.iter().find(|question| Some(question.id) == wanted))
            .map(|question| (question.question.text.clone(), question.question.options.clone()));
        let taken = question.is_some();
        let around = Around {
            contest: id.to_string(),
            organizer: desk.organizer,
            origin: desk.visit.origin.clone(),
            now: house().clock(),
            refused: refused.map(|error| words_of::error_in(locale, &error, Some(&contest))),
            question,
            awards: contest
                .rules()
                .map(|rules| {
                    rules
                        .awards
                        .iter()
                        .map(|award| (award.id, award.name.clone()))
                        .collect()
                })
                .unwrap_or_default(),
        };
        let seen: BTreeMap<_, _> = seen.into_iter().map(|(id, seen)| (id, told(seen))).collect();
        let hall = Hall { desk: hall, seen };
        Ok(view! {
            <StaffLayout title=td_string!(locale, hall.title) contest=contest.clone() place=Place::Screens>
                {taken.then(|| note("done", Icon::Check, td_string!(locale, hall.bank_taken)))}
                <HallConsole locale=locale hall=hall around=around />
                {desk.organizer.then(|| from_bank(locale, &id, search, bank))}
                {broadcast(locale, &paths::overlay(&id), &desk.visit.origin)}
            </StaffLayout>
        }
        .into_any())
    })
}

/// The error of the last plain form of this page.
fn refused() -> Option<AppError> {
    let forms = [
        deeds::ClaimScreen::url(),
        deeds::RenameScreen::url(),
        deeds::RemoveScreen::url(),
        deeds::DressScreens::url(),
        deeds::ShowScene::url(),
        deeds::PrepareScene::url(),
        deeds::TakeScene::url(),
        deeds::BlankScreens::url(),
        deeds::ReloadScreens::url(),
        deeds::AddLogo::url(),
        deeds::RemoveLogo::url(),
        deeds::Freeze::url(),
        deeds::Unfreeze::url(),
        deeds::BeginReveal::url(),
        deeds::GoReveal::url(),
        deeds::EndReveal::url(),
    ];
    forms.into_iter().find_map(form_error)
}

fn told(seen: ScreenSeen) -> Seen {
    Seen {
        at: seen.at,
        current: seen.current,
        health: Health {
            width: seen.health.width,
            height: seen.health.height,
            slowest_frame: seen.health.slowest_frame,
            drawn_in: seen.health.drawn_in,
            page: seen.health.page,
        },
    }
}

async fn found(visit: &Visit, id: &ContestId, search: &str) -> Result<Vec<BankQuestion>, AppError> {
    let filter = BankFilter {
        search: search.to_owned(),
        ..BankFilter::default()
    };
    let (questions, _) = house().questions(visit, id, filter).await?;
    Ok(questions)
}

/// Questions of the bank to be shown on stage: their words, never their key.
fn from_bank(
    locale: Locale,
    id: &ContestId,
    search: Option<String>,
    bank: Option<Vec<BankQuestion>>,
) -> impl IntoView + use<> {
    let words = search.clone().unwrap_or_default();
    let open = bank.is_some();
    let list = bank.map(|bank| {
        if bank.is_empty() {
            return view! { <p class="empty">{td_string!(locale, hall.bank_none)}</p> }.into_any();
        }
        let lines = bank.into_iter().take(20).map(|question| {
            let fields = [("tim", words.clone()), ("cau", question.id.to_string())];
            let fields = fields.map(|(name, value)| view! { <input type="hidden" name=name value=value /> });
            view! {
                <li class="row between">
                    <span class="grows">{question.question.text}</span>
                    <form method="get" action=paths::screens(id)>
                        {fields.collect_view()}
                        <button type="submit" class="button quiet small">{td_string!(locale, hall.bank_use)}</button>
                    </form>
                </li>
            }
        });
        view! { <ul class="links">{lines.collect_view()}</ul> }.into_any()
    });
    view! {
        <details class="act" open=open id="ngan-hang">
            <summary>{icon(Icon::Book)}<span>{td_string!(locale, hall.bank)}</span></summary>
            <div class="inside stack">
                <p class="soft small">{td_string!(locale, hall.bank_note)}</p>
                <form method="get" action=paths::screens(id) class="row end" role="search">
                    <div class="field grows">
                        <label for="tim-cau">{td_string!(locale, hall.bank_search)}</label>
                        <input id="tim-cau" type="search" name="tim" value=search.unwrap_or_default() />
                    </div>
                    <button type="submit" class="button quiet">{icon(Icon::Search)}{td_string!(locale, common.search)}</button>
                </form>
                {list}
            </div>
        </details>
    }
}

/// The addresses that whoever streams the contest gives to his program, in either language.
fn broadcast(locale: Locale, path: &str, origin: &str) -> impl IntoView + use<> {
    let languages = [
        (td_string!(locale, common.vietnamese), Locale::vi),
        (td_string!(locale, common.english), Locale::en),
    ];
    let lines = languages.map(|(name, language)| {
        let address = format!("{origin}{path}?{LANGUAGE}={language}");
        view! {
            <li class="row">
                <strong>{name}</strong>
                <a href=address.clone()><code>{address.clone()}</code></a>
            </li>
        }
    });
    view! {
        <details class="act" id="phat-song">
            <summary>{icon(Icon::Screen)}<span>{td_string!(locale, hall.nav_overlay)}</span></summary>
            <div class="inside stack">
                <p class="soft small">{td_string!(locale, overlay.help)}</p>
                <ul class="links">{lines.collect_view()}</ul>
                <p class="soft small">{td_string!(locale, overlay.layers)}</p>
            </div>
        </details>
    }
}
