//! A sample island that shows the way words, props and signals go together.

use leptos::prelude::*;

use crate::words::{Locale, td_string};

/// Counts presses; `data-live` appears once the browser has taken over.
#[island]
pub fn Counter(
    /// The language of the page.
    locale: Locale,
    /// The first number shown.
    start: u32,
) -> impl IntoView {
    let (count, set_count) = signal(start);
    let (live, set_live) = signal(false);
    Effect::new(move |_| set_live.set(true));
    view! {
        <p class="counter" data-live=move || live.get().then_some("")>
            <output>{move || td_string!(locale, home.clicked, n = count.get())}</output>
            <button type="button" class="button" on:click=move |_| set_count.update(|n| *n += 1)>
                {td_string!(locale, home.click)}
            </button>
        </p>
    }
}
