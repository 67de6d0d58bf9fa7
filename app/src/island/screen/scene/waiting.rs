//! Before it begins: whose contest it is, where, and when.

use leptos::prelude::*;

use super::{Frame, size, star};
use crate::dates;
use crate::words::td_string;

pub(super) fn drawn(of: Frame<'_>) -> impl IntoView + use<> {
    let (view, locale) = (of.view, of.locale);
    let opening = view.starts_at.map(|at| {
        let (time, date) = (dates::hour(at), dates::date(at));
        td_string!(locale, scene.starts_at, time = time, date = date)
    });
    let place = (!view.place.is_empty()).then(|| view.place.clone());
    let facts = [opening, place].into_iter().flatten();
    view! {
        <section class="s-waiting">
            {of.hosts()} {star()}
            <h1 class=format!("s-name fit {}", size(&view.title, [36, 64, 100, 150]))>{view.title.clone()}</h1>
            <hr class="s-rule" />
            <p class="s-welcome">{td_string!(locale, scene.welcome)}</p>
            <p class="s-facts">{facts.map(|fact| view! { <span>{fact}</span> }).collect_view()}</p>
        </section>
    }
}
