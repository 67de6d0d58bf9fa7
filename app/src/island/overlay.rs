//! The broadcast's overlay: a transparent page over the picture of a streaming program.

use contest::{
    Millis, Moment,
    hall_view::{OverlayView, StageView},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::dates;
use crate::island::live::{Line, follow, page_clock};
use crate::words::{Locale, td_string};
use crate::words_of;

#[derive(Deserialize)]
struct Frame {
    hash: String,
    view: OverlayView,
}

/// What is drawn; chosen in the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layers {
    /// The lower third: team and unit.
    pub team: bool,
    pub clock: bool,
    pub top: bool,
}

impl Layers {
    /// `doi,dong-ho,top`; all of them when nothing is named.
    pub fn named(list: &str) -> Self {
        let has = |word: &str| list.split(',').any(|part| part.trim() == word);
        let none = list.trim().is_empty();
        Self {
            team: none || has("doi"),
            clock: none || has("dong-ho"),
            top: none || has("top"),
        }
    }
}

/// The overlay of a contest.
#[island]
pub fn Overlay(
    locale: Locale,
    /// As it is now.
    view: OverlayView,
    /// Whose it is.
    contest: String,
    layers: Layers,
    /// The house's clock when the page was made.
    now: Moment,
) -> impl IntoView {
    let line = Line::new();
    let view = RwSignal::new(view);
    let live = RwSignal::new(false);
    Effect::new(move |_| {
        live.set(true);
        follow(
            format!("/api/contests/{contest}/overlay/events"),
            line,
            move |text| {
                let frame: Frame = serde_json::from_str(text).ok()?;
                view.set(frame.view);
                Some(frame.hash)
            },
        );
    });
    let time = move || {
        line.now.track();
        line.clock().unwrap_or_else(|| {
            now + if cfg!(feature = "hydrate") {
                page_clock()
            } else {
                0
            }
        })
    };
    let stage = Memo::new(move |_| view.read().stage.clone());
    let top = Memo::new(move |_| (view.read().top.clone(), view.read().frozen));
    view! {
        // A picture that goes out to everybody shows nothing rather than something stale.
        <div
            class="overlay"
            lang=locale.to_string()
            data-live=move || live.get().then_some("")
            class:silent=move || line.silent.get()
        >
            {layers.top.then(|| view! { {move || top_five(locale, &top.read())} })}
            <div class="overlay-low">
                {layers.team.then(|| view! { {move || stage.read().as_ref().map(lower_third)} })}
                {layers
                    .clock
                    .then(|| view! { {move || stage.read().as_ref().map(|stage| clock(stage, time()))} })}
            </div>
        </div>
    }
}

fn lower_third(stage: &StageView) -> impl IntoView + use<> {
    view! {
        <div class="overlay-team">
            <p class="overlay-round">{stage.round_name.clone()}</p>
            <p class="overlay-name">{stage.clock.name.clone()}</p>
            <p class="overlay-unit">{stage.unit.clone()}</p>
        </div>
    }
}

fn clock(stage: &StageView, now: Millis) -> impl IntoView + use<> {
    let clock = &stage.clock;
    let elapsed = clock.before + clock.running_since.map_or(0, |since| (now - since).max(0));
    let press = if clock.limit > 0 && elapsed > clock.limit {
        "over"
    } else if clock.warning > 0 && elapsed >= clock.warning {
        "near"
    } else {
        "calm"
    };
    view! {
        <p class=format!("overlay-clock {press}") role="timer">{dates::clock(elapsed)}</p>
    }
}

fn top_five(
    locale: Locale,
    (rows, frozen): &(Vec<contest::audience::BoardRow>, bool),
) -> Option<impl IntoView + use<>> {
    if rows.is_empty() {
        return None;
    }
    let lines = rows.iter().map(|row| {
        view! {
            <li>
                <span class="overlay-rank">{row.rank}</span>
                <span class="overlay-row-name">{row.name.clone()}</span>
                <span class="overlay-points">{row.total.map(|total| words_of::points(locale, total))}</span>
            </li>
        }
    });
    Some(view! {
        <section class="overlay-top">
            <h1>{td_string!(locale, overlay.top)}</h1>
            {frozen.then(|| view! { <p class="overlay-frozen">{td_string!(locale, overlay.frozen)}</p> })}
            <ol>{lines.collect_view()}</ol>
        </section>
    })
}

#[cfg(test)]
mod tests {
    use super::Layers;

    #[test]
    fn the_address_chooses_the_layers() {
        let all = Layers::named("");
        assert!(all.team && all.clock && all.top);
        let some = Layers::named("doi, top");
        assert!(some.team && !some.clock && some.top);
    }
}
