//! `/man-hinh/nhan/{letters}`: where the QR on a waiting screen leads a member of the staff.

use contest::{Actor, ContestId};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_params_map;

use crate::api::hall::ClaimScreen;
use crate::backend::{house, visit};
use crate::error::AppError;
use crate::icon::{Icon, icon};
use crate::layout::{ErrorNote, Plain, served};
use crate::words::{request_locale, td_string};

/// Chooses the contest, names the screen, and claims it.
#[component]
pub fn ScreenClaim() -> impl IntoView {
    let locale = request_locale();
    let letters = use_params_map().with_untracked(|params| params.get("letters").unwrap_or_default());
    let letters: String = letters
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(8)
        .collect();
    let letters = letters.to_ascii_uppercase();
    let visit = visit();
    served(async move {
        let contests: Vec<(ContestId, String)> = match (&visit.actor, &visit.contest) {
            (Actor::Organizer { .. }, _) => {
                let lines = house().contests(&visit).await?;
                lines.into_iter().map(|line| (line.id, line.name)).collect()
            }
            (Actor::Secretary { .. }, Some(id)) => {
                let contest = house().contest(&visit, id).await?;
                vec![(id.clone(), contest.details.name.clone())]
            }
            (_, _) if visit.session.is_some() => return Err(AppError::Forbidden),
            _ => return Err(AppError::SignIn),
        };
        let title = td_string!(locale, hall.claim_title, letters = letters.as_str());
        let first = contests.first().map(|(id, _)| id.clone());
        let count = match &first {
            Some(id) => house().hall_desk(&visit, id).await?.0.screens.len(),
            None => 0,
        };
        let form = if contests.is_empty() {
            view! { <p class="empty">{td_string!(locale, hall.claim_none)}</p> }.into_any()
        } else {
            let contests = contests
                .into_iter()
                .map(|(id, name)| view! { <option value=id.to_string()>{name}</option> });
            view! {
                <form method="post" action=ClaimScreen::url() class="stack">
                    <ErrorNote form=ClaimScreen::url() />
                    <input type="hidden" name="letters" value=letters.clone() />
                    <p class="entry-shown">{letters}</p>
                    <div class="field">
                        <label for="hoi-thi">{td_string!(locale, hall.claim_contest)}</label>
                        <select id="hoi-thi" name="contest" required>{contests.collect_view()}</select>
                    </div>
                    <div class="field">
                        <label for="ten">{td_string!(locale, hall.name)}</label>
                        <input
                            id="ten"
                            name="name"
                            required
                            maxlength="60"
                            autocomplete="off"
                            value=td_string!(locale, hall.name_of, n = count + 1)
                        />
                    </div>
                    <button type="submit" class="button large">{icon(Icon::Check)}{td_string!(locale, hall.claim_to)}</button>
                </form>
            }
            .into_any()
        };
        Ok(view! { <Plain title=title>{form}</Plain> })
    })
}
