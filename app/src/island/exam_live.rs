//! Keeps the console of an exam round fresh: fetches the page again when something has happened and puts
//! its live parts (`data-live`) in the place of the old ones, unless somebody is writing in them.

use std::cell::Cell;
use std::rc::Rc;

use contest::Millis;
use js_sys::futures::JsFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;
use wasm_bindgen::JsCast;
use web_sys::{Document, DomParser, Element, HtmlElement, Response, SupportedType};

use crate::dates;
use crate::island::live::{Line, follow, page_clock};
use crate::words::Locale;

/// The page is fetched at most this often.
const REST: Millis = 2_000;

/// A page is not older than this, even if nothing is heard.
const STALE: Millis = 15_000;

/// Shows nothing while all is well; says so when the house is not heard.
#[island]
pub fn ExamLive(
    /// The language of the page.
    locale: Locale,
    /// The stream that tells when to look again.
    source: String,
) -> impl IntoView {
    let line = Line::new();
    Effect::new(move |_| {
        let fresher = Rc::new(Fresher::default());
        let told = fresher.clone();
        follow(source.clone(), line, move |text| {
            told.want();
            serde_json::from_str::<Frame>(text).ok().map(|frame| frame.hash)
        });
        // Whatever was missed while the stream was away is on the page after the next news.
        Effect::new(move |_| {
            line.now.track();
            fresher.step();
            tick(line);
        });
    });
    line.cut_off(locale)
}

#[derive(Deserialize)]
struct Frame {
    hash: String,
}

/// Fetches the page again when it is wanted, one at a time, with a rest between.
#[derive(Default)]
pub(super) struct Fresher {
    wanted: Cell<bool>,
    busy: Rc<Cell<bool>>,
    last: Cell<Millis>,
}

impl Fresher {
    /// Something has happened: the page is old.
    pub(super) fn want(&self) {
        self.wanted.set(true);
    }

    pub(super) fn step(&self) {
        // Silence is no news: whoever has gone is seen by looking.
        if page_clock() - self.last.get() > STALE {
            self.want();
        }
        if !self.wanted.get() || self.busy.get() || page_clock() - self.last.get() < REST {
            return;
        }
        // Before the answer: what happens meanwhile wants another look.
        self.wanted.set(false);
        self.busy.set(true);
        self.last.set(page_clock());
        let busy = self.busy.clone();
        spawn_local(async move {
            if let Some(page) = fetched().await {
                put(&page);
            }
            busy.set(false);
        });
    }
}

/// This page as the house renders it now; `None` when it cannot be had.
async fn fetched() -> Option<Document> {
    let here = window().location().href().ok()?;
    // The words after `#` are not sent, and an error of a form is told once.
    let answer = JsFuture::from(window().fetch_with_str(&here)).await.ok()?;
    let answer: Response = answer.dyn_into().ok()?;
    if !answer.ok() {
        return None;
    }
    let text = JsFuture::from(answer.text().ok()?).await.ok()?;
    let text = text.as_string()?;
    DomParser::new()
        .ok()?
        .parse_from_string(&text, SupportedType::TextHtml)
        .ok()
}

/// Puts the live parts of `page` in the place of those shown.
fn put(page: &Document) {
    let shown = document();
    let Ok(parts) = shown.query_selector_all("[data-live]") else {
        return;
    };
    for i in 0..parts.length() {
        let Some(old) = parts.item(i).and_then(|node| node.dyn_into::<Element>().ok()) else {
            continue;
        };
        let name = old.get_attribute("data-live").unwrap_or_default();
        let new = page
            .query_selector(&format!("[data-live=\"{name}\"]"))
            .ok()
            .flatten();
        let Some(new) = new else { continue };
        let html = new.inner_html();
        if html == old.inner_html() || held(&shown, &old) {
            continue;
        }
        let scrolled = scrolls(&old);
        let focus = focus_in(&shown, &old);
        old.set_inner_html(&html);
        for (wrap, top) in wraps(&old).iter().zip(scrolled) {
            wrap.set_scroll_top(top);
        }
        if let Some(selector) = focus
            && let Ok(Some(element)) = old.query_selector(&selector)
            && let Ok(element) = element.dyn_into::<HtmlElement>()
        {
            let _ = element.focus();
        }
    }
}

/// Whether somebody has opened an act in this part or stands in one of its fields.
fn held(shown: &Document, part: &Element) -> bool {
    let open = part.query_selector("details[open]").ok().flatten().is_some();
    let writing = shown.active_element().is_some_and(|element| {
        part.contains(Some(&element))
            && matches!(element.tag_name().as_str(), "INPUT" | "SELECT" | "TEXTAREA")
    });
    open || writing
}

/// How to find the link that has the focus once the part is new.
fn focus_in(shown: &Document, part: &Element) -> Option<String> {
    let element = shown
        .active_element()
        .filter(|element| part.contains(Some(element)))?;
    let href = element.get_attribute("href")?;
    // Our own addresses have neither quotes nor backslashes.
    (!href.contains(['"', '\\'])).then(|| format!("[href=\"{href}\"]"))
}

fn wraps(part: &Element) -> Vec<Element> {
    let Ok(list) = part.query_selector_all(".table-wrap") else {
        return vec![];
    };
    (0..list.length())
        .filter_map(|i| list.item(i)?.dyn_into().ok())
        .collect()
}

fn scrolls(part: &Element) -> Vec<i32> {
    wraps(part).iter().map(Element::scroll_top).collect()
}

/// Moves the clock of the round. It stands still while the house is not heard.
fn tick(line: Line) {
    let Ok(Some(clock)) = document().query_selector("[data-clock]") else {
        return;
    };
    let number = |name: &str| {
        clock
            .get_attribute(name)
            .and_then(|text| text.parse::<i64>().ok())
    };
    let (Some(ends), Some(made)) = (number("data-ends"), number("data-now")) else {
        return;
    };
    // Until the first beat the page's own making is the best witness of the house's clock.
    let now = line.clock().unwrap_or_else(|| made + page_clock());
    let left = dates::clock(ends - now);
    if clock.text_content().as_deref() != Some(&left) {
        clock.set_text_content(Some(&left));
    }
}
