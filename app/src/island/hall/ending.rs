//! The end of a reveal, behind a second look: it stands beside what is pressed all the time.

use leptos::prelude::*;

use super::wire::END;
use crate::icon::{Icon, icon};
use crate::words::{Locale, td_string};

/// `contest` is the hidden field that says which.
pub fn ending(locale: Locale, contest: impl IntoView + 'static) -> impl IntoView {
    view! {
        <details class="act reveal-end">
            <summary>{icon(Icon::Stop)}{td_string!(locale, hall.end_reveal)}</summary>
            <form method="post" action=END class="stack" data-once="">
                {contest}
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
