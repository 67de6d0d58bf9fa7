//! `/hoi-thi/{id}/the/{role}`: cards with code and QR, to print and cut.

use contest::{TeamId, actor::Role};
use leptos::prelude::*;

use super::parts::{contest_param, desk, pages, query, web_form};
use crate::backend::{Card, Wanted, house};
use crate::error::AppError;
use crate::icon::{Icon, icon};
use crate::island::print::PrintButton;
use crate::layout::{Place, StaffLayout, paths, served};
use crate::words::{Locale, request_locale, td_string};
use crate::words_of;

/// The page. `?doi=3` shows the cards of one team, `?tim=012` those found by name or number, `?trang=2` the next
/// page of them.
#[component]
pub fn Cards() -> impl IntoView {
    let locale = request_locale();
    let id = contest_param();
    let role =
        super::parts::param::<String>("role").and_then(|word| Role::named(&word).ok_or(AppError::NotFound));
    let (team, search, page) = (query("doi").map(TeamId), query::<String>("tim"), query("trang"));
    served(async move {
        let (id, role) = (id?, role?);
        let desk = desk(&id).await?;
        let contest = desk.contest.clone();
        let wanted = Wanted {
            role,
            team,
            search: search.unwrap_or_default(),
            page: page.unwrap_or(1),
        };
        let found = format!(
            "{}?doi={}&tim={}",
            paths::cards(&id, role),
            team.map(|team| team.to_string()).unwrap_or_default(),
            web_form(&wanted.search)
        );
        let sheet = house().cards(&desk.visit, &id, wanted).await?;
        let pages = pages(locale, sheet.page, sheet.pages, |page| {
            format!("{found}&trang={page}")
        });
        let cards = sheet.cards;
        let name = contest.details.name.clone();
        let title = td_string!(
            locale,
            console.cards_of,
            role = words_of::role(locale, role).to_lowercase()
        );
        Ok(view! {
            <StaffLayout title=title contest=contest.clone() place=Place::People>
                <div class="row toolbar">
                    <PrintButton words=td_string!(locale, console.print).to_owned() />
                    <a class="button quiet" href=format!("{}?vai={}", paths::people(&id), role.as_str())>
                        {icon(Icon::ArrowLeft)}{td_string!(locale, common.back)}
                    </a>
                    <p class="soft">{td_string!(locale, console.cards_hint)}</p>
                    {pages}
                </div>
                {if cards.is_empty() {
                    view! { <p class="empty">{td_string!(locale, console.nobody)}</p> }.into_any()
                } else {
                    let cards = cards.into_iter().map(|card| drawn(locale, &name, role, card)).collect_view();
                    view! { <ul class="cards">{cards}</ul> }.into_any()
                }}
            </StaffLayout>
        }
        .into_any())
    })
}

fn drawn(locale: Locale, contest: &str, role: Role, card: Card) -> impl IntoView + use<> {
    let person = card.person;
    view! {
        <li class="entry-card">
            <p class="entry-contest">{contest.to_owned()}</p>
            <div class="entry-qr" role="img" aria-label=td_string!(locale, console.qr) inner_html=card.qr></div>
            <div class="entry-words">
                <p class="entry-role">{words_of::role(locale, role)}</p>
                <p class="entry-name">{person.name}</p>
                {(!person.sbd.is_empty()).then(|| view! {
                    <p class="entry-sbd">{td_string!(locale, console.sbd)} " " <strong>{person.sbd}</strong></p>
                })}
                {(!card.team_name.is_empty()).then(|| view! { <p>{card.team_name}</p> })}
            </div>
            <div class="entry-code">
                <p><strong>{person.code}</strong></p>
                <p>{card.url}</p>
            </div>
        </li>
    }
}
