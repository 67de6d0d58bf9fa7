//! Handing in over a Wi-Fi that comes and goes: the press is kept, shown as not sent, and sent again until the
//! house has answered. The form under it works without this.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Serialize;
use wasm_bindgen::JsCast;
use web_sys::{HtmlButtonElement, HtmlFormElement, HtmlInputElement};

use super::{TICK, on};
use crate::icon::{Icon, icon};
use crate::island::exam::wire::{Failure, fetch};
use crate::outbox::Backoff;
use crate::words::{Locale, td_string};

/// Takes over the form inside it.
#[island]
pub fn HandIn(locale: Locale, children: Children) -> impl IntoView {
    let root = NodeRef::<leptos::html::Div>::new();
    let state = RwSignal::new(State::Still);
    Effect::new(move |_| {
        let form = root
            .get()
            .and_then(|root| root.query_selector("form").ok().flatten());
        if let Some(form) = form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) {
            Press::waits(form, state);
        }
    });
    view! {
        <div node_ref=root class="stack">
            <p class="note" role="status" data-hand-in="" hidden=move || state.get() != State::Sending>
                {icon(Icon::Clock)}<span>{td_string!(locale, judge.hand_in_sending)}</span>
            </p>
            <p class="note warning" role="alert" hidden=move || state.get() != State::Away>
                {icon(Icon::WifiOff)}<span>{td_string!(locale, judge.hand_in_waits)}</span>
            </p>
            {children()}
        </div>
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Not pressed.
    Still,
    Sending,
    /// The house is not reached.
    Away,
}

/// The body of `POST /api/cham/hand-in`.
#[derive(Serialize)]
struct Packet {
    round: u32,
    team: u32,
    run: Option<u32>,
}

/// The button, pressed once.
struct Press {
    form: HtmlFormElement,
    state: RwSignal<State>,
    busy: Cell<bool>,
    /// Not before, by the page's clock.
    send_at: Cell<f64>,
    backoff: RefCell<Backoff>,
}

impl Press {
    fn waits(form: HtmlFormElement, state: RwSignal<State>) {
        let press = Rc::new(Self {
            form: form.clone(),
            state,
            busy: Cell::new(false),
            send_at: Cell::new(0.0),
            backoff: RefCell::default(),
        });
        let soon = press.clone();
        window_event_listener_untyped("online", move |_| soon.send_at.set(0.0));
        let _ = form.set_attribute("data-alive", "");
        on(&form, "submit", move |event| {
            event.prevent_default();
            if press.state.get_untracked() == State::Still {
                press.state.set(State::Sending);
                press.rests(true);
                let ticking = press.clone();
                set_interval(move || ticking.clone().send(), TICK);
            }
        });
    }

    fn rests(&self, disabled: bool) {
        let button = self.form.query_selector("button").ok().flatten();
        if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlButtonElement>().ok()) {
            button.set_disabled(disabled);
        }
    }

    fn number(&self, name: &str) -> Option<u32> {
        let input = self.form.query_selector(&format!("input[name={name}]"));
        let input = input.ok()??.dyn_into::<HtmlInputElement>().ok()?;
        input.value().parse().ok()
    }

    fn send(self: Rc<Self>) {
        if self.busy.get() || js_sys::Date::now() < self.send_at.get() {
            return;
        }
        let (Some(round), Some(team)) = (self.number("round"), self.number("team")) else {
            return;
        };
        let run = self.number("run");
        self.busy.set(true);
        spawn_local(async move {
            let body = serde_json::to_string(&Packet { round, team, run }).unwrap_or_default();
            match fetch("/api/cham/hand-in", Some(body)).await {
                // The page is left, so it stays busy.
                Ok(_) => {
                    let page = format!("/giam-khao?phan={round}&doi={team}");
                    let _ = window().location().set_href(&page);
                }
                Err(Failure::Away) => {
                    self.state.set(State::Away);
                    let wait = self.backoff.borrow_mut().next(js_sys::Math::random());
                    self.send_at.set(js_sys::Date::now() + wait as f64);
                    self.busy.set(false);
                }
                // The house has said no: as a form it is told why.
                Err(_) => {
                    let _ = self.form.submit();
                }
            }
        });
    }
}
