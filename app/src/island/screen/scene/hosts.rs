//! The hosts and sponsors: their logos, or at least their names.

use contest::screen::Logo;
use leptos::prelude::*;

use super::{Frame, size, star};
use crate::words::td_string;
use crate::words_of;

/// The most logos of a page.
pub(crate) const MOST: usize = 12;

pub(super) fn drawn(of: Frame<'_>, logos: &[Logo]) -> AnyView {
    let locale = of.locale;
    if logos.is_empty() {
        let hosts = &of.view.hosts;
        if hosts.is_empty() {
            return of.empty(td_string!(locale, scene.hosts_none), "").into_any();
        }
        let hosts = hosts.iter().map(|host| view! { <li>{host.clone()}</li> });
        return view! {
            <section class="s-host-names">
                {star()} <h1 class="s-title">{words_of::scene(locale, &contest::screen::Scene::Hosts)}</h1>
                <ul>{hosts.collect_view()}</ul>
            </section>
        }
        .into_any();
    }
    let shown = logos
        .iter()
        .enumerate()
        .filter(|(at, _)| of.paging.page_of(*at) == of.page);
    let shown: Vec<&Logo> = shown.map(|(_, logo)| logo).collect();
    let columns = match shown.len() {
        1 => 1,
        2 | 4 => 2,
        3 | 5 | 6 | 9 => 3,
        _ => 4,
    };
    let cards = shown.iter().map(|logo| {
        let src = format!("/api/contests/{}/logos/{}", of.view.contest, logo.hash);
        view! {
            <li>
                <span class="s-logo">
                    <img src=src alt="" width=logo.width.to_string() height=logo.height.to_string() />
                </span>
                <span class=format!("s-logo-name {}", size(&logo.name, [36, 60, 90, 130]))>{logo.name.clone()}</span>
            </li>
        }
    });
    let (lines, last) = (shown.len().div_ceil(columns), shown.len() % columns);
    view! {
        <section class="s-logos">
            {of.head(words_of::scene(locale, &contest::screen::Scene::Hosts), ())}
            <ul class=format!("columns-{columns} lines-{lines} last-{last}")>{cards.collect_view()}</ul>
        </section>
    }
    .into_any()
}
