//! The last resort for words that are longer than their place: they shrink until they are whole.
//!
//! Sizes are chosen by length before (`size-0` to `size-4`), so that this is seldom needed; it needs a
//! browser, since only a browser knows how wide letters are.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement, MutationObserver, MutationObserverInit, ResizeObserver};

/// Names that would have to shrink below this part of their size are folded into two lines instead.
const LEAST: f64 = 0.5;
/// The sizes of a folded name: two lines of the first fill a row, three of the third, four of the last.
const FOLDED: [f64; 4] = [0.48, 0.4, 0.32, 0.24];
/// How often names are measured at most.
const PASSES: u32 = 4;
/// How often a text that may wrap is tried, each time a tenth smaller.
const TRIES: u32 = 14;

/// Fits everything in `root` now, and again whenever something in it or its size changes.
pub fn follow(root: &HtmlElement) {
    all(root);
    let watched = root.clone();
    let again: Closure<dyn FnMut()> = Closure::new(move || all(&watched));
    let words = MutationObserverInit::new();
    words.set_subtree(true);
    words.set_child_list(true);
    words.set_character_data(true);
    // Not `style`: that is what changes here.
    words.set_attribute_filter(&js_sys::Array::of1(&"class".into()));
    if let Ok(observer) = MutationObserver::new(again.as_ref().unchecked_ref()) {
        let _ = observer.observe_with_options(root, &words);
    }
    if let Ok(observer) = ResizeObserver::new(again.as_ref().unchecked_ref()) {
        observer.observe(root);
    }
    // Letters come later than the page.
    let watched = root.clone();
    if let Ok(fonts) = js_sys::Reflect::get(&document(), &"fonts".into())
        && let Ok(ready) = js_sys::Reflect::get(&fonts, &"ready".into())
        && let Ok(ready) = ready.dyn_into::<js_sys::Promise>()
    {
        leptos::task::spawn_local(async move {
            let _ = js_sys::futures::JsFuture::from(ready).await;
            all(&watched);
        });
    }
    // As long as the page.
    again.forget();
}

/// Fits everything in `root`: call it again after a change.
pub fn all(root: &Element) {
    lines(root);
    blocks(root);
}

/// Names of one line: all are measured at once, so that a pass lays the page out only twice. A name that
/// shrinks may get another neighbour and so another width: what is still too long is measured again. The few
/// that are folded cost a look each.
fn lines(root: &Element) {
    let names = elements(root, ".s-row .name");
    for name in &names {
        for property in ["--fit", "--fold", "--fold-line"] {
            let _ = name.style().remove_property(property);
        }
    }
    let mut open: Vec<(&HtmlElement, f64)> = names.iter().map(|name| (name, 1.0)).collect();
    for _ in 0..PASSES {
        let measured: Vec<f64> = open
            .iter()
            .map(|(name, _)| f64::from(name.client_width()) / f64::from(name.scroll_width().max(1)))
            .collect();
        open = open
            .into_iter()
            .zip(measured)
            .filter(|(_, part)| *part > 0.0 && *part < 1.0)
            .map(|((name, so_far), part)| (name, so_far * part * 0.99))
            .collect();
        for (name, part) in &open {
            let _ = HtmlElement::style(name).set_property("--fit", &format!("{part:.3}"));
        }
        let (short, long): (Vec<_>, Vec<_>) = open.into_iter().partition(|(_, part)| *part >= LEAST);
        long.iter().for_each(|(name, _)| fold(name));
        open = short;
        if open.is_empty() {
            return;
        }
    }
}

/// Lays a name in two lines or more, small enough for its row.
fn fold(name: &HtmlElement) {
    let style = name.style();
    let _ = style.set_property("--fold", "normal");
    let _ = style.set_property("--fold-line", "1.25");
    for part in FOLDED {
        let _ = style.set_property("--fit", &format!("{part}"));
        let room = name.parent_element().map_or(0, |parent| parent.client_height());
        if name.offset_height() <= room + 1 && name.scroll_width() <= name.client_width() + 1 {
            return;
        }
    }
}

/// Texts that wrap: smaller until they fit.
fn blocks(root: &Element) {
    for text in elements(root, ".fit") {
        let style = text.style();
        let _ = style.remove_property("--fit");
        let mut part = 1.0;
        for _ in 0..TRIES {
            let too_much = text.scroll_width() > text.client_width() + 1
                || text.scroll_height() > text.client_height() + 1;
            if !too_much {
                break;
            }
            part *= 0.9;
            let _ = style.set_property("--fit", &format!("{part:.3}"));
        }
    }
}

fn elements(root: &Element, css: &str) -> Vec<HtmlElement> {
    let Ok(found) = root.query_selector_all(css) else {
        return vec![];
    };
    (0..found.length())
        .filter_map(|at| found.item(at)?.dyn_into().ok())
        .collect()
}
