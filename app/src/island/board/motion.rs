//! What moves, so that an eye can follow it: rows glide to their new places, one picture fades into another.
//!
//! Rows are moved by a transform that the browser's compositor animates by itself. A view transition would copy
//! each of them into a picture first: with the processor slowed four times that alone took a frame of 100 to
//! 300 ms, and it stops the page while it does. One picture into another is a view transition, of the whole page.

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DomRect, HtmlElement};

/// How long rows are on their way, and how: `--slow` and `--ease` of the tokens, which scripts cannot use.
const ON_THE_WAY: Duration = Duration::from_millis(700);
const EASE: &str = "cubic-bezier(0.2, 0.8, 0.2, 1)";

/// What the browser calls the way of a row.
const WAY: &str = "way";

/// Teams and where they were.
type Places = HashMap<String, DomRect>;

thread_local! {
    static QUIET: Closure<dyn FnMut(JsValue)> = Closure::new(|_| ());
    /// Where the rows were when they were seen last, until the next frame lets them come from there.
    static LEFT: RefCell<Option<Places>> = const { RefCell::new(None) };
}

/// What the eye is to follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Motion {
    /// Rows on their way to other places.
    Rows,
    /// One picture that becomes another.
    Picture,
}

/// Makes a change of the page, gliding if that is possible and nobody minds.
pub(crate) fn glide(motion: Motion, change: impl FnOnce() + 'static) {
    if document().hidden() || wants_rest() {
        return change();
    }
    match motion {
        Motion::Rows => {
            // Of two changes before a frame the eye has seen only what was before the first.
            if LEFT.with_borrow(Option::is_none) {
                LEFT.set(Some(
                    rows().into_iter().map(|(team, _, place)| (team, place)).collect(),
                ));
                // By the next frame the signals have reached the page, and it is not drawn yet.
                request_animation_frame(|| move_rows(&LEFT.take().unwrap_or_default()));
            }
            change();
        }
        Motion::Picture => fade(change),
    }
}

/// The rows that are seen.
fn rows() -> Vec<(String, HtmlElement, DomRect)> {
    let Ok(rows) = document().query_selector_all("[data-team]") else {
        return vec![];
    };
    (0..rows.length())
        .filter_map(|at| {
            let row: HtmlElement = rows.item(at)?.dyn_into().ok()?;
            let place = row.get_bounding_client_rect();
            (place.height() > 0.0).then_some((row.get_attribute("data-team")?, row, place))
        })
        .collect()
}

/// Lets every row come from where its team was, on its way or not; one that comes from nowhere appears.
fn move_rows(before: &Places) {
    // Where they belong is seen when none is on its way.
    for (_, row, _) in rows() {
        stop(&row);
    }
    for (team, row, place) in rows() {
        let begins = match before.get(&team) {
            Some(old) => {
                let (x, y) = (old.x() - place.x(), old.y() - place.y());
                if x.abs() < 1.0 && y.abs() < 1.0 {
                    continue;
                }
                ("transform", format!("translate({x}px, {y}px)"))
            }
            None => ("opacity", "0".to_owned()),
        };
        animate(&row, begins);
    }
}

/// Ends the ways of a row.
fn stop(row: &HtmlElement) {
    let call = |of: &JsValue, name: &str| {
        let function = js_sys::Reflect::get(of, &name.into()).ok()?;
        function.dyn_into::<js_sys::Function>().ok()?.call0(of).ok()
    };
    let Some(ways) = call(row, "getAnimations") else {
        return;
    };
    for way in js_sys::Array::from(&ways).iter() {
        // What else moves on a row goes on.
        if js_sys::Reflect::get(&way, &"id".into()).is_ok_and(|id| id == WAY) {
            call(&way, "cancel");
        }
    }
}

/// From there to how it is.
fn animate(row: &HtmlElement, (property, begins): (&str, String)) {
    let set = |object: &js_sys::Object, key: &str, value: JsValue| {
        let _ = js_sys::Reflect::set(object, &key.into(), &value);
    };
    let from = js_sys::Object::new();
    set(&from, property, begins.into());
    let how = js_sys::Object::new();
    set(&how, "duration", (ON_THE_WAY.as_millis() as f64).into());
    set(&how, "easing", EASE.into());
    set(&how, "id", WAY.into());
    if let Ok(animate) = js_sys::Reflect::get(row, &"animate".into())
        && let Ok(animate) = animate.dyn_into::<js_sys::Function>()
    {
        let _ = animate.call2(row, &js_sys::Array::of1(&from), &how);
    }
}

/// By a view transition, where the browser has them.
fn fade(change: impl FnOnce() + 'static) {
    let document = document();
    let start = js_sys::Reflect::get(&document, &"startViewTransition".into());
    let Some(start) = start
        .ok()
        .and_then(|start| start.dyn_into::<js_sys::Function>().ok())
    else {
        return change();
    };
    let update = Closure::once_into_js(move || {
        change();
        // By the next task the signals have reached the page.
        js_sys::Promise::new(&mut |done, _| {
            set_timeout(
                move || {
                    let _ = done.call0(&JsValue::NULL);
                },
                Duration::ZERO,
            );
        })
    });
    let Ok(transition) = start.call1(&document, &update) else {
        return;
    };
    // A transition that gives way to the next one says so by a failed promise; that is no error.
    if let Ok(ready) = js_sys::Reflect::get(&transition, &"ready".into())
        && let Ok(ready) = ready.dyn_into::<js_sys::Promise>()
    {
        QUIET.with(|quiet| drop(ready.catch(quiet)));
    }
}

/// `prefers-reduced-motion`.
fn wants_rest() -> bool {
    let query = window().match_media("(prefers-reduced-motion: reduce)");
    query.ok().flatten().is_some_and(|query| query.matches())
}
