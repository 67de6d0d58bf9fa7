//! The last resort for words that are longer than their place: they shrink until they are whole, and stand in
//! several lines where they are larger so.
//!
//! Sizes are chosen by length before (`size-0` to `size-4`), so that this is seldom needed; it needs a
//! browser, since only a browser knows how wide letters are.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement, MutationObserver, MutationObserverInit, ResizeObserver};

/// A name that would have to shrink below this part of its size stands in several lines instead, if it is larger so.
const LEAST: f64 = 0.8;
/// The most lines of a name.
const MOST_LINES: u32 = 4;
/// What lines of a name lose where words do not break just there.
const RAGGED: f64 = 0.9;
/// How often names are measured, and texts that may wrap are tried: each time a tenth smaller.
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
    names(root);
    blocks(root);
}

/// Names in rows, and the contest's own. All are measured at once, and all that are still too long again, so that a pass lays the page out
/// only twice.
fn names(root: &Element) {
    let names = elements(root, ".s-row .name, .s-contest");
    names.iter().for_each(is_as_made);
    let mut open: Vec<_> = names.iter().filter_map(Long::of).collect();
    for _ in 0..TRIES {
        open.iter().for_each(Long::is_laid);
        open.retain_mut(|name| !name.fits());
        if open.is_empty() {
            return;
        }
        open.iter_mut().for_each(Long::shrinks);
    }
}

/// A name that is longer than its place.
struct Long<'a> {
    name: &'a HtmlElement,
    /// Where it stands with what is beside it.
    team: Option<HtmlElement>,
    /// How large it can be in one line.
    alone: f64,
    lines: u32,
    part: f64,
    /// The height that there is for it.
    room: f64,
}

impl<'a> Long<'a> {
    /// Measures a name as it is made; `None` when it is whole.
    fn of(name: &'a HtmlElement) -> Option<Self> {
        let (width, whole) = (f64::from(name.client_width()), f64::from(name.scroll_width()));
        if width == 0.0 || whole <= width {
            return None;
        }
        let alone = width / whole * 0.99;
        let in_one_line = Self {
            name,
            team: None,
            alone,
            lines: 1,
            part: alone,
            room: 0.0,
        };
        let Some(row) = closest(name, ".s-row") else {
            return Some(in_one_line);
        };
        let line = f64::from(name.offset_height());
        let team = closest(name, ".team");
        // A unit below a prize's holder stays; one beside a team's name gives way.
        let beside = match &team {
            Some(_) => 0,
            None => name.parent_element().map_or(0, |of| of.client_height()) - name.offset_height(),
        };
        let room = f64::from(row.client_height() - beside.max(0));
        let in_lines = |lines: u32| {
            let n = f64::from(lines);
            (alone * n * RAGGED).min(room / (line * n)).min(1.0)
        };
        let best = (2..=MOST_LINES).max_by(|one, other| in_lines(*one).total_cmp(&in_lines(*other)))?;
        let (lines, part) = if alone >= LEAST || alone >= in_lines(best) {
            (1, alone)
        } else {
            (best, in_lines(best))
        };
        Some(Self {
            team,
            lines,
            part,
            room,
            ..in_one_line
        })
    }

    fn is_laid(&self) {
        let fit = format!("{:.3}", self.part);
        let _ = HtmlElement::style(self.name).set_property("--fit", &fit);
        let at = self.team.as_ref().unwrap_or(self.name).style();
        for (property, folded) in FOLDED {
            let _ = match self.lines {
                1 => at.remove_property(property).map(drop),
                _ => at.set_property(property, folded),
            };
        }
    }

    fn fits(&self) -> bool {
        self.name.scroll_width() <= self.name.client_width()
            && (self.lines == 1 || f64::from(self.name.offset_height()) <= self.room + 0.5)
    }

    fn shrinks(&mut self) {
        self.part *= 0.92;
        if self.lines > 1 && self.part < self.alone {
            (self.lines, self.part) = (1, self.alone);
        }
    }
}

/// What a name in several lines needs of the style sheet, told to its team where it has one.
const FOLDED: [(&str, &str); 3] = [("--fold", "normal"), ("--high", "auto"), ("--beside", "none")];

fn is_as_made(name: &HtmlElement) {
    let _ = name.style().remove_property("--fit");
    let team = closest(name, ".team");
    let at = team.as_ref().unwrap_or(name).style();
    for (property, _) in FOLDED {
        let _ = at.remove_property(property);
    }
}

fn closest(name: &HtmlElement, css: &str) -> Option<HtmlElement> {
    name.closest(css).ok()??.dyn_into().ok()
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
