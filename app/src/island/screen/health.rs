//! How a screen is: what it draws, how large, how smoothly. It tells the house every few seconds.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use serde::Serialize;
use wasm_bindgen::JsValue;

use crate::island::exam::wire::{Failure, fetch};

/// So many marks stay on the page's timeline.
const MARKS: usize = 100;
const EVERY: Duration = Duration::from_secs(5);
const ADDRESS: &str = "/api/man-hinh/health";

/// What the house reads as a `ScreenHealth`.
#[derive(Serialize)]
struct Word {
    hash: String,
    width: u32,
    height: u32,
    slowest_frame: u32,
    drawn_in: u32,
    page: u32,
}

/// Watches over the drawing. Times are of the page's own clock.
#[derive(Default)]
pub(super) struct Health {
    /// Of the view that is drawn.
    hash: RefCell<String>,
    /// When the newest view came.
    heard: Cell<f64>,
    drawn_in: Cell<f64>,
    last_frame: Cell<f64>,
    slowest: Cell<f64>,
    page: Cell<u32>,
    /// The names on the page's timeline, the oldest first.
    marks: RefCell<VecDeque<String>>,
}

impl Health {
    /// Begins to watch, as long as the page lives.
    pub(super) fn watch() -> Rc<Self> {
        let health = Rc::new(Self::default());
        frames(health.clone());
        let told = health.clone();
        set_interval(move || told.clone().tells(), EVERY);
        health
    }

    /// A view has come.
    pub(super) fn hears(&self, hash: &str) {
        self.heard.set(clock());
        mark(&self.marks, format!("view {hash}"));
    }

    /// The page holds that view now; with the next frame it is drawn.
    pub(super) fn draws(self: &Rc<Self>, hash: String) {
        let health = self.clone();
        let heard = self.heard.get();
        request_animation_frame(move || {
            // What comes after the frame's own work has seen it painted.
            set_timeout(
                move || {
                    health.drawn_in.set(clock() - heard);
                    mark(&health.marks, format!("drawn {hash}"));
                    let first = health.hash.replace(hash).is_empty();
                    if first {
                        health.tells();
                    }
                },
                Duration::ZERO,
            );
        });
    }

    /// That page of a long list is shown now: the console's thumbnail turns with it.
    pub(super) fn turns(self: &Rc<Self>, page: usize) {
        let page = page as u32;
        // Before the first view is drawn there is nothing to tell of.
        if self.page.replace(page) != page && !self.hash.borrow().is_empty() {
            self.clone().tells();
        }
    }

    fn tells(self: Rc<Self>) {
        let size = |of: Result<JsValue, JsValue>| of.ok().and_then(|n| n.as_f64()).unwrap_or(0.0) as u32;
        let word = Word {
            hash: self.hash.borrow().clone(),
            width: size(window().inner_width()),
            height: size(window().inner_height()),
            slowest_frame: self.slowest.replace(0.0) as u32,
            drawn_in: self.drawn_in.get() as u32,
            page: self.page.get(),
        };
        leptos::task::spawn_local(async move {
            // Whoever is no screen any more goes back to the door.
            let Ok(text) = serde_json::to_string(&word) else {
                return;
            };
            if let Err(Failure::Moved | Failure::SignedOut) = fetch(ADDRESS, Some(text)).await {
                let _ = window().location().reload();
            }
        });
    }
}

/// Measures the time between frames, one after the other.
fn frames(health: Rc<Health>) {
    request_animation_frame(move || {
        let now = clock();
        let last = health.last_frame.replace(now);
        // A page that nobody sees draws nothing.
        if last > 0.0 && !document().hidden() && now - last > health.slowest.get() {
            health.slowest.set(now - last);
        }
        frames(health);
    });
}

fn clock() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}

/// For whoever measures: the newest marks `view <hash>` and `drawn <hash>` of the page's timeline, which is
/// bounded by hand: a screen lives for days.
fn mark(marks: &RefCell<VecDeque<String>>, name: String) {
    let Some(timeline) = window().performance() else {
        return;
    };
    let mut marks = marks.borrow_mut();
    if marks.len() == MARKS
        && let Some(oldest) = marks.pop_front()
    {
        timeline.clear_marks_with_mark_name(&oldest);
    }
    let _ = timeline.mark(&name);
    marks.push_back(name);
}
