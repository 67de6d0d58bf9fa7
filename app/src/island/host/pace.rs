//! The automatic pace of a reveal: a step every so many seconds, until any button is pressed.

use std::time::Duration;

use contest::Millis;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::Stand;
use crate::icon::{Icon, icon};
use crate::island::hall::keys::{self, Press};
use crate::island::live::page_clock;
use crate::words::td_string;

const SECONDS: [u32; 5] = [5, 8, 12, 20, 30];
const LOOK: Duration = Duration::from_millis(250);

/// A step is due so many milliseconds after the last one was taken, whoever took it.
fn due(taken: Millis, seconds: u32, now: Millis) -> bool {
    now - taken >= Millis::from(seconds) * 1_000
}

/// Which reveal it is, and whether it goes no further.
type Told = (u64, bool);

/// Whether the pace that was set in view of `before` holds for what there is now: it is one reveal's, and
/// stops with it.
fn holds(before: Option<Told>, now: Option<Told>) -> bool {
    matches!((before, now), (Some((before, _)), Some((now, false))) if before == now)
}

/// Whether it happened in one of these.
fn within(event: &web_sys::Event, css: &str) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.closest(css).ok().flatten().is_some())
}

/// The choice of pace; only where there are scripts.
pub(super) fn pace(stand: Stand, live: RwSignal<bool>) -> impl IntoView {
    let locale = stand.locale;
    let seconds = RwSignal::new(SECONDS[1]);
    let running = RwSignal::new(false);
    let taken = StoredValue::new((0_u32, 0));
    let by_hand = StoredValue::new(false);
    // Of the step alone: what else happens in the contest does not put it off.
    let step = Memo::new(move |_| stand.view.read().reveal.as_ref().map(|reveal| reveal.step));
    Effect::new(move |before: Option<Option<u32>>| {
        let now = step.get();
        taken.set_value((now.unwrap_or(0), page_clock()));
        // Somebody has gone back, or elsewhere, with another device: he knows why.
        if let (Some(Some(before)), Some(now)) = (before, now)
            && now != before + 1
            && now != before
        {
            running.set(false);
        }
        now
    });
    let told = Memo::new(move |_| {
        let view = stand.view.read();
        view.reveal
            .as_ref()
            .map(|reveal| (reveal.begun, reveal.overtaken))
    });
    Effect::new(move |before: Option<Option<Told>>| {
        let now = told.get();
        if !holds(before.flatten(), now) {
            running.set(false);
        }
        now
    });
    // What the house refuses is not asked again and again.
    Effect::new(move |_| {
        if stand.way.refused.read().is_some() {
            running.set(false);
        }
    });
    Effect::new(move |_| {
        let timer = set_interval_with_handle(
            move || {
                if !running.get_untracked() || stand.line.silent.get_untracked() {
                    return;
                }
                let (_, at) = taken.get_value();
                if !due(at, seconds.get_untracked(), page_clock()) {
                    return;
                }
                let view = stand.view.read_untracked();
                match &view.reveal {
                    Some(reveal) if reveal.next.is_some() => {
                        // Not again before the answer has had its time.
                        taken.set_value((reveal.step, page_clock()));
                        keys::steps(Press::On, reveal, &view.contest.to_string(), stand.way);
                    }
                    _ => running.set(false),
                }
            },
            LOOK,
        );
        if let Ok(timer) = timer {
            on_cleanup(move || timer.clear());
        }
        // Whoever presses anything has the reveal in his own hand again.
        let press = window_event_listener(leptos::ev::click, move |event| {
            if within(&event, "button, a, summary, select") && !within(&event, ".host-pace") {
                running.set(false);
            }
        });
        on_cleanup(move || press.remove());
        // The button itself says what a key on it does.
        let key = window_event_listener(leptos::ev::keydown, move |event| {
            if !within(&event, ".host-pace") {
                running.set(false);
            }
        });
        on_cleanup(move || key.remove());
    });
    view! {
        <div class="host-auto row" hidden=move || !live.get()>
            <label class="unseen" for="nhip">{td_string!(locale, host.auto)}</label>
            <select
                id="nhip"
                on:pointerdown=move |_| by_hand.set_value(true)
                on:keydown=move |_| by_hand.set_value(false)
                on:change=move |event| {
                    if let Ok(chosen) = event_target_value(&event).parse() {
                        seconds.set(chosen);
                    }
                    // A clicker's keys would go on choosing; whoever chooses by keys goes on himself.
                    if by_hand.get_value() {
                        let list: web_sys::HtmlElement = event_target(&event);
                        let _ = list.blur();
                    }
                }
            >
                {SECONDS
                    .map(|n| view! {
                        <option value=n selected=n == SECONDS[1]>{td_string!(locale, host.auto_every, n = n)}</option>
                    })
                    .collect_view()}
            </select>
            <button
                type="button"
                class="button quiet host-pace"
                aria-pressed=move || running.get().to_string()
                on:click=move |_| {
                    taken.update_value(|taken| taken.1 = page_clock());
                    running.update(|on| *on = !*on);
                }
            >
                {move || icon(if running.get() { Icon::Pause } else { Icon::Play })}
                {move || if running.get() {
                    td_string!(locale, host.auto_stop)
                } else {
                    td_string!(locale, host.auto_start)
                }}
            </button>
            <span class="soft small">{td_string!(locale, host.auto_note)}</span>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::{due, holds};

    #[test]
    fn a_pace_is_one_reveals_and_ends_with_it() {
        let (rehearsal, real) = (Some((3, false)), Some((9, false)));
        assert!(holds(rehearsal, rehearsal));
        assert!(!holds(rehearsal, real), "another reveal, slept into");
        assert!(!holds(rehearsal, None));
        assert!(!holds(real, Some((9, true))), "overtaken");
    }

    #[test]
    fn a_step_is_due_when_its_time_has_passed() {
        assert!(!due(1_000, 8, 8_999));
        assert!(due(1_000, 8, 9_000));
    }
}
