//! Rows glide to their new places by a view transition, where the browser has them and nobody minds.

use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

thread_local! {
    static QUIET: Closure<dyn FnMut(JsValue)> = Closure::new(|_| ());
}

/// Makes a change of the page, gliding if that is possible.
pub(crate) fn glide(change: impl FnOnce() + 'static) {
    let document = document();
    let start = js_sys::Reflect::get(&document, &"startViewTransition".into())
        .ok()
        .and_then(|start| start.dyn_into::<js_sys::Function>().ok())
        .filter(|_| !document.hidden() && !wants_rest());
    let Some(start) = start else {
        return change();
    };
    name_rows();
    let update = Closure::once_into_js(move || {
        change();
        // By the next task the signals have reached the page; then rows are named by where they stand now.
        js_sys::Promise::new(&mut |done, _| {
            set_timeout(
                move || {
                    name_rows();
                    let _ = done.call0(&JsValue::NULL);
                },
                std::time::Duration::ZERO,
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

/// Gives each row the name by which the browser follows it.
fn name_rows() {
    let Ok(rows) = document().query_selector_all("[data-team]") else {
        return;
    };
    for row in (0..rows.length()).filter_map(|i| rows.item(i)?.dyn_into::<web_sys::HtmlElement>().ok()) {
        if let Some(team) = row.get_attribute("data-team") {
            let _ = row
                .style()
                .set_property("view-transition-name", &format!("team-{team}"));
        }
    }
}

/// `prefers-reduced-motion`.
fn wants_rest() -> bool {
    let query = window().match_media("(prefers-reduced-motion: reduce)");
    query.ok().flatten().is_some_and(|query| query.matches())
}
