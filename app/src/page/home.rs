//! `/`: the front door.

use leptos::prelude::*;

use crate::island::counter::Counter;
use crate::words::{request_locale, td_string};

/// The front page.
#[component]
pub fn Home() -> impl IntoView {
    let locale = request_locale();
    view! {
        <main class="page">
            <h1>{td_string!(locale, home.greeting)}</h1>
            <Counter locale=locale start=3 />
        </main>
    }
}
