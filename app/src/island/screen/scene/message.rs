//! A message to the hall.

use leptos::prelude::*;

use super::{Frame, size};
use crate::words::td_string;

pub(super) fn drawn(of: Frame<'_>, text: &str) -> AnyView {
    let text = text.trim();
    if text.is_empty() {
        return of.empty(td_string!(of.locale, scene.message_none), "").into_any();
    }
    view! {
        <section class="s-message">
            <p class="s-contest">{of.view.title.clone()}</p>
            <p class=format!("s-message-text fit {}", size(text, [40, 90, 180, 300]))>{text.to_owned()}</p>
        </section>
    }
    .into_any()
}
