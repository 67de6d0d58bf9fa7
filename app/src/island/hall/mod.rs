//! The console of the screens: what each shows, what it will show next, freeze and reveal. Complete as it
//! is rendered; in a browser it follows the house by one stream, and its forms are sent without leaving it.

mod chooser;
pub mod ending;
pub(crate) mod keys;
mod logos;
mod primary;
mod screens;
mod showing;
pub mod wire;

use contest::Moment;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::island::live::{Line, follow, page_clock};
use crate::words::{Locale, td_string};
use wire::Way;
pub use wire::{Hall, Health, Seen};

#[derive(Deserialize)]
struct Frame {
    hash: String,
    view: Hall,
}

/// What the console knows beside the hall itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Around {
    pub contest: String,
    /// May freeze and begin a reveal; a secretary may not.
    pub organizer: bool,
    /// Scheme and host of the house.
    pub origin: String,
    /// The house's clock when the page was made.
    pub now: Moment,
    /// Why the last plain form was not done.
    pub refused: Option<String>,
    /// A question taken from the bank, with its options: without its key.
    pub question: Option<(String, Vec<String>)>,
    /// The prizes by their numbers.
    pub awards: Vec<(u32, String)>,
}

/// What every part of the console needs.
#[derive(Clone, Copy)]
struct Desk {
    locale: Locale,
    hall: RwSignal<Hall>,
    around: StoredValue<Around>,
    way: Way,
    line: Line,
}

impl Desk {
    fn contest(self) -> String {
        self.around.with_value(|around| around.contest.clone())
    }

    /// The hidden field that names the contest.
    fn contest_field(self) -> impl IntoView {
        view! { <input type="hidden" name="contest" value=self.contest() /> }
    }

    /// The house's clock. On the server, and until the first beat, the page's own making is the best witness.
    fn clock(self) -> Moment {
        self.line.now.track();
        self.line.clock().unwrap_or_else(|| {
            let since = if cfg!(feature = "hydrate") {
                page_clock()
            } else {
                0
            };
            self.around.with_value(|around| around.now) + since
        })
    }
}

/// The console.
#[island]
pub fn HallConsole(
    /// The language of the page.
    locale: Locale,
    /// As it is now.
    hall: Hall,
    around: Around,
) -> impl IntoView {
    let desk = Desk {
        locale,
        way: Way::new(locale, around.refused.clone()),
        hall: RwSignal::new(hall),
        line: Line::new(),
        around: StoredValue::new(around),
    };
    // What is under way stands above everything else.
    let revealing = Memo::new(move |_| desk.hall.read().desk.reveal.is_some());
    let live = RwSignal::new(false);
    Effect::new(move |_| {
        live.set(true);
        let url = format!("/api/contests/{}/hall/events", desk.contest());
        follow(url, desk.line, move |text| {
            let frame: Frame = serde_json::from_str(text).ok()?;
            if *desk.hall.read_untracked() != frame.view {
                desk.hall.set(frame.view);
            }
            Some(frame.hash)
        });
        window_event_listener(leptos::ev::keydown, move |event| {
            if let Some(press) = keys::meant(&event) {
                event.prevent_default();
                keys::done(press, &desk.hall.read_untracked().desk, &desk.contest(), desk.way);
            }
        });
    });
    view! {
        <div
            class="hall-desk"
            data-live=move || live.get().then_some("")
            data-echo=move || desk.way.echo.get().map(|_| "")
            on:submit=move |event| desk.way.submitted(&event)>
            {desk.way.troubles(desk.line)}
            {primary::primary(desk)}
            {move || revealing.get().then(|| showing::reveal(desk))}
            <div class="hall-split">
                <div class="stack">
                    {screens::screens(desk)}
                    <div class="columns">
                        {showing::frozen(desk)}
                        {move || (!revealing.get()).then(|| showing::reveal(desk))}
                        {logos::logos(desk)}
                        {help(locale)}
                    </div>
                </div>
                {chooser::chooser(desk)}
            </div>
        </div>
    }
}

fn help(locale: Locale) -> impl IntoView {
    let key = |keys: &'static str, does: &'static str| {
        view! { <dt>{keys}</dt><dd>{does}</dd> }
    };
    view! {
        <section class="card hall-keys" aria-labelledby="phim">
            <h2 id="phim">{td_string!(locale, hall.keys)}</h2>
            <dl class="facts">
                {key("PageDown · → · Space", td_string!(locale, hall.key_on))}
                {key("PageUp · ←", td_string!(locale, hall.key_back))}
                {key("B · .", td_string!(locale, hall.key_blank))}
            </dl>
            <p class="soft small">{td_string!(locale, hall.keys_note)}</p>
        </section>
    }
}
