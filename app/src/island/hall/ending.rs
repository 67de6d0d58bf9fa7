//! The end of a reveal, behind a second look: it stands beside what is pressed all the time.

use leptos::prelude::*;

use super::wire::END;
use crate::icon::{Icon, icon};
use crate::words::{Locale, td_string};

/// `of_this` are the hidden fields that say which, of which contest.
pub fn ending(locale: Locale, of_this: impl IntoView + 'static) -> impl IntoView {
    view! {
        <details class="act reveal-end">
            <summary>{icon(Icon::Stop)}{td_string!(locale, hall.end_reveal)}</summary>
            <form method="post" action=END class="stack" data-once="">
                {of_this}
                <p class="soft small">{td_string!(locale, hall.end_note)}</p>
                <div>
                    <button type="submit" class="button danger">
                        {icon(Icon::Stop)}{td_string!(locale, hall.end_reveal)}
                    </button>
                </div>
            </form>
        </details>
    }
}
