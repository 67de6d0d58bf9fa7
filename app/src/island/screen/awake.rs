//! What a browser must be told to be a screen: stay awake, hide the pointer, fill the wall.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, KeyboardEvent};

/// A pointer that rests so long is hidden.
const REST: Duration = Duration::from_secs(3);

thread_local! {
    static QUIET: Closure<dyn FnMut(JsValue)> = Closure::new(|_| ());
}

/// Keeps the device awake, hides the resting pointer, and goes to the full screen on a click or on `F`.
pub fn keep(root: &HtmlElement) {
    stay_awake();
    // The lock ends whenever the page is hidden.
    window_event_listener_untyped("visibilitychange", |_| stay_awake());
    let _ = root.set_attribute("data-idle", "");
    let moves = Rc::new(Cell::new(0_u32));
    let idle = root.clone();
    window_event_listener_untyped("pointermove", move |_| {
        let _ = idle.remove_attribute("data-idle");
        moves.set(moves.get().wrapping_add(1));
        let (moves, idle, at) = (moves.clone(), idle.clone(), moves.get());
        set_timeout(
            move || {
                if moves.get() == at {
                    let _ = idle.set_attribute("data-idle", "");
                }
            },
            REST,
        );
    });
    window_event_listener_untyped("click", |_| fill());
    window_event_listener_untyped("keydown", |event| {
        let key = event.dyn_ref::<KeyboardEvent>().map(KeyboardEvent::key);
        if matches!(key.as_deref(), Some("f" | "F")) {
            fill();
        }
    });
}

/// `navigator.wakeLock.request("screen")`, where there is such a thing (not over plain HTTP).
fn stay_awake() {
    if document().hidden() {
        return;
    }
    if let Ok(lock) = Reflect::get(&window().navigator(), &"wakeLock".into()) {
        call(&lock, "request", &["screen".into()]);
    }
}

/// The full screen, and back from it.
fn fill() {
    let document = document();
    let full = Reflect::get(&document, &"fullscreenElement".into());
    if full.is_ok_and(|element| element.is_truthy()) {
        call(&document, "exitFullscreen", &[]);
    } else if let Some(root) = document.document_element() {
        call(&root, "requestFullscreen", &[]);
    }
}

/// Calls what not every browser has; what it promises may fail quietly.
fn call(on: &JsValue, name: &str, args: &[JsValue]) {
    let Ok(Ok(function)) = Reflect::get(on, &name.into()).map(JsCast::dyn_into::<Function>) else {
        return;
    };
    let promised = function.apply(on, &args.iter().cloned().collect::<js_sys::Array>());
    if let Ok(Ok(promise)) = promised.map(JsCast::dyn_into::<Promise>) {
        QUIET.with(|quiet| drop(promise.catch(quiet)));
    }
}
