//! `/dan-chuong-trinh` for the host, who entered by a code; `/hoi-thi/{id}/dan-chuong-trinh` for the staff.

use contest::{Actor, ContestId, hall_view::HostView};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use crate::api::contest_id;
use crate::api::hall::{EndReveal, GoReveal};
use crate::api::session::SignOut;
use crate::backend::{house, visit};
use crate::error::AppError;
use crate::icon::{Icon, icon};
use crate::island::host::HostPage;
use crate::layout::{LanguageSwitch, form_error, paths, served};
use crate::words::{Locale, request_locale, td_string};
use crate::words_of;

/// The host's own page.
#[component]
pub fn OwnHostPage() -> impl IntoView {
    let visit = visit();
    shown(move || match (&visit.actor, &visit.contest) {
        (Actor::Host { .. }, Some(contest)) => Ok(contest.clone()),
        _ => Err(AppError::SignIn),
    })
}

/// The same for the staff of the contest in the address.
#[component]
pub fn StaffHostPage() -> impl IntoView {
    let id = use_params_map().with_untracked(|params| params.get("id").unwrap_or_default());
    let visit = visit();
    shown(move || {
        let id = contest_id(&id)?;
        // A host has an address of his own.
        if visit.actor_in(&id).is_staff() {
            Ok(id)
        } else if visit.session.is_none() {
            Err(AppError::SignIn)
        } else {
            Err(AppError::Forbidden)
        }
    })
}

fn shown(whose: impl FnOnce() -> Result<ContestId, AppError> + Send + 'static) -> impl IntoView {
    let locale = request_locale();
    let visit = visit();
    let refused = [GoReveal::url(), EndReveal::url()]
        .into_iter()
        .find_map(form_error);
    super::exam::keep_private();
    served(async move {
        let id = whose()?;
        let view = house().host_view(&visit, &id).await?;
        let actor = visit.actor_in(&id);
        let console = actor.is_staff().then(|| paths::screens(&id));
        let organizer = matches!(actor, Actor::Organizer { .. });
        let refused = refused.map(|error| words_of::error(locale, &error));
        Ok(page(locale, view, console, organizer, refused))
    })
}

fn page(
    locale: Locale,
    view: HostView,
    console: Option<String>,
    organizer: bool,
    refused: Option<String>,
) -> impl IntoView {
    let title = td_string!(locale, host.title);
    let name = view.title.clone();
    let way_out = match console {
        Some(console) => view! {
            <a class="button quiet small" href=console>{icon(Icon::ArrowLeft)}{td_string!(locale, hall.title)}</a>
        }
        .into_any(),
        None => view! {
            <form method="post" action=SignOut::url()>
                <button type="submit" class="button quiet small">{icon(Icon::Logout)}{td_string!(locale, common.sign_out)}</button>
            </form>
        }
        .into_any(),
    };
    view! {
        <Title text=format!("{title} · {name}") />
        <div class="host">
            <header class="host-head">
                <div>
                    <p class="soft small">{title}</p>
                    <h1>{name}</h1>
                </div>
                <LanguageSwitch />
                {way_out}
            </header>
            <main id="noi-dung" tabindex="-1">
                <HostPage locale=locale view=view organizer=organizer now=house().clock() refused=refused />
            </main>
        </div>
    }
}
