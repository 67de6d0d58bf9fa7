//! A button that prints the page; without scripts the browser's own menu does.

use leptos::prelude::*;

use crate::icon::{Icon, icon};

/// Hidden until it can work.
#[island]
pub fn PrintButton(
    /// What the button says.
    words: String,
) -> impl IntoView {
    let (live, set_live) = signal(false);
    Effect::new(move |_| set_live.set(true));
    view! {
        <button
            type="button"
            class="button"
            hidden=move || !live.get()
            on:click=move |_| {
                // A browser that cannot print has a menu that says so.
                let _ = window().print();
            }
        >
            {icon(Icon::Printer)}
            {words}
        </button>
    }
}
