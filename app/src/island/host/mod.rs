//! The host's page (người dẫn chương trình): what is on, who is next, and during a reveal the present and
//! the next step with the words to read out.

mod pace;
mod reveal;
mod stage;

use contest::{Moment, hall_view::HostView};
use leptos::prelude::*;
use serde::Deserialize;

use crate::island::hall::{keys, wire::Way};
use crate::island::live::{Line, follow_steadily, page_clock};
use crate::words::Locale;

#[derive(Deserialize)]
struct Frame {
    hash: String,
    view: HostView,
}

/// What every part of the page needs.
#[derive(Clone, Copy)]
struct Stand {
    locale: Locale,
    view: RwSignal<HostView>,
    way: Way,
    line: Line,
    /// The house's clock when the page was made.
    made: Moment,
}

impl Stand {
    fn clock(self) -> Moment {
        self.line.now.track();
        self.line.clock().unwrap_or_else(|| {
            self.made
                + if cfg!(feature = "hydrate") {
                    page_clock()
                } else {
                    0
                }
        })
    }
}

/// The page's live part.
#[island]
pub fn HostPage(
    /// The language of the page; the script stands in both.
    locale: Locale,
    /// As it is now.
    view: HostView,
    /// May end a reveal; the host may not.
    organizer: bool,
    /// The house's clock when the page was made.
    now: Moment,
    /// Why the last plain form was not done.
    refused: Option<String>,
) -> impl IntoView {
    let url = format!("/api/contests/{}/host/events", view.contest);
    let stand = Stand {
        locale,
        view: RwSignal::new(view),
        way: Way::new(locale, refused),
        line: Line::new(),
        made: now,
    };
    let live = RwSignal::new(false);
    Effect::new(move |_| {
        live.set(true);
        follow_steadily(url.clone(), stand.line, move |text| {
            let frame: Frame = serde_json::from_str(text).ok()?;
            if *stand.view.read_untracked() != frame.view {
                stand.view.set(frame.view);
            }
            Some(frame.hash)
        });
    });
    // The clicker in the host's hand.
    Effect::new(move |_| {
        let keys = window_event_listener(leptos::ev::keydown, move |event| {
            let Some(press) = keys::meant(&event) else { return };
            let view = stand.view.read_untracked();
            if let Some(reveal) = &view.reveal {
                event.prevent_default();
                let contest = view.contest.to_string();
                keys::steps(press, reveal, &contest, stand.way);
            }
        });
        on_cleanup(move || keys.remove());
    });
    let revealing = Memo::new(move |_| stand.view.read().reveal.is_some());
    view! {
        <div
            class="host-live"
            data-live=move || live.get().then_some("")
            data-echo=move || stand.way.echo.get().map(|_| "")
            on:submit=move |event| stand.way.submitted(&event)>
            {stand.way.troubles(stand.line)}
            {move || if revealing.get() {
                reveal::reveal(stand, organizer, live).into_any()
            } else {
                stage::stage(stand).into_any()
            }}
        </div>
    }
}
