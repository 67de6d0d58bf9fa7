//! The stage clock, owned by the server, on every device; and news of the round: whatever is marked
//! `data-live` on the page is fetched anew when the ledger has moved.

use std::rc::Rc;

use contest::{Millis, Moment, stage_view::ClockView, stage_view::StagePulse};
use leptos::prelude::*;
use serde::Deserialize;

use crate::dates;
use crate::icon::{Icon, icon};
use crate::island::exam_live::Fresher;
use crate::island::live::{Line, follow, page_clock};
use crate::words::{Locale, td_string};

#[derive(Deserialize)]
struct Frame {
    hash: String,
    view: StagePulse,
}

/// The clock of the team on stage, and the badge when the house is not heard.
#[island]
pub fn StageLive(
    /// The language of the page.
    locale: Locale,
    /// The stream of [`StagePulse`]s.
    source: String,
    /// The house's clock when the page was made.
    now: Moment,
    /// The clock as the page was made.
    clock: Option<ClockView>,
) -> impl IntoView {
    let line = Line::new();
    let clock = RwSignal::new(clock);
    Effect::new(move |_| {
        let fresher = Rc::new(Fresher::default());
        let told = fresher.clone();
        follow(source.clone(), line, move |text| {
            let frame: Frame = serde_json::from_str(text).ok()?;
            clock.set(frame.view.clock);
            told.want();
            Some(frame.hash)
        });
        Effect::new(move |_| {
            line.now.track();
            fresher.step();
        });
    });
    // On the server, and until the first beat, the page's own making is the best witness.
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
    let elapsed = move |clock: &ClockView| -> Millis {
        clock.before + clock.running_since.map_or(0, |since| (time() - since).max(0))
    };
    view! {
        <div class="stage-clock" role="timer" aria-label=td_string!(locale, stage.clock)>
            {move || {
                let Some(clock) = clock.get() else {
                    return view! { <span class="soft">{td_string!(locale, stage.nobody)}</span> }.into_any();
                };
                let elapsed = elapsed(&clock);
                let press = press(&clock, elapsed);
                let over = elapsed - clock.limit;
                let cut = clock.is_cut_off(elapsed);
                let note = if cut {
                    td_string!(locale, stage.cut_off_now).to_owned()
                } else if clock.limit > 0 && over > 0 {
                    td_string!(locale, stage.over, over = dates::clock(over))
                } else if clock.limit > 0 {
                    td_string!(locale, stage.limit, limit = dates::clock(clock.limit))
                } else {
                    String::new()
                };
                view! {
                    <span class="stage-clock-team">{clock.name}</span>
                    <b class=format!("stage-clock-time {press}")>{dates::clock(elapsed)}</b>
                    <span class="stage-clock-note">{cut.then(|| icon(Icon::Alert))}{note}</span>
                }
                .into_any()
            }}
            {line.cut_off(locale)}
        </div>
    }
}

/// How pressing it is: calm, near the limit, over it.
fn press(clock: &ClockView, elapsed: Millis) -> &'static str {
    if clock.limit > 0 && elapsed > clock.limit || clock.is_cut_off(elapsed) {
        "over"
    } else if clock.warning > 0 && elapsed >= clock.warning {
        "near"
    } else {
        "calm"
    }
}
