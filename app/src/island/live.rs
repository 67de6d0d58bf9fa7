//! One open stream from the house, kept alive whatever the network does.
//!
//! The house sends `view` frames (`{"hash": .., "view": ..}`), and every 5 s, to a screen of the hall every second, a
//! `beat` with its clock and the hash of the view as it should be by now. Times here are of the page's own clock,
//! which never goes back and cares nothing for what time the device believes it is.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};
use std::time::Duration;

use contest::{Millis, Moment};
use leptos::prelude::*;
use serde::Deserialize;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{EventSource, MessageEvent};

use crate::dates;
use crate::icon::{Icon, icon};
use crate::words::{Locale, td_string};

/// After so long without a word the page says that it is cut off: within ten seconds, and it looks every half one.
pub const SILENCE: Millis = 9_000;
/// While cut off, a new stream is tried this often; a little more, so that a hall does not knock at once.
const RETRY: Millis = 3_000;
/// The same for a screen of the hall, which must be right again within two seconds.
const RETRY_CLOSELY: Millis = 600;
/// A beat that a screen waits for is late after so long: it knocks long before it says that it is cut off, so that
/// after a short cut, which kills a stream without a word, it is right again as soon.
const LATE: Millis = 1_600;
/// So many streams are tried at a time, so that each has longer than until the next knock: a slow Wi-Fi would never
/// bring one through.
const TRIES: usize = 3;
/// A page that cannot read what it is sent is older than the house. It loads itself again, once it is this old.
const OUTDATED: Millis = 15_000;
/// A page that is seen again says that it is cut off only when nothing has come for so long.
const AWAKE: Millis = 2_000;
/// No beat that comes at all is later than the house's clock is set.
const SET_ANEW: Millis = 5_000;
const STEP: Duration = Duration::from_millis(500);
/// How often a screen looks whether it still hears.
const LOOK: Duration = Duration::from_millis(200);

/// The state of a stream, for what is shown.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// The page's clock, a step every half second.
    pub now: RwSignal<Millis>,
    /// When the house was heard last, by the page's clock.
    pub heard: RwSignal<Millis>,
    /// Nothing was heard for [`SILENCE`].
    pub silent: RwSignal<bool>,
    /// The house's clock less the page's, once it is known.
    pub ahead: RwSignal<Option<Millis>>,
}

impl Line {
    /// Before anything was heard.
    pub fn new() -> Self {
        Self {
            now: RwSignal::new(0),
            heard: RwSignal::new(0),
            silent: RwSignal::new(false),
            ahead: RwSignal::new(None),
        }
    }

    /// The house's clock now; it stands still while nothing is heard.
    pub fn clock(self) -> Option<Moment> {
        let at = if self.silent.get() {
            self.heard.get()
        } else {
            self.now.get()
        };
        self.ahead.get().map(|ahead| at + ahead)
    }

    /// The words of a page that has not heard the house for a while: since when what it shows may be old.
    pub fn cut_off(self, locale: Locale) -> impl IntoView {
        view! {
            <p class="note warning" role="alert" hidden=move || !self.silent.get()>
                {icon(Icon::WifiOff)}
                <span>
                    {move || {
                        let since = self.last_news().map(dates::time).unwrap_or_default();
                        td_string!(locale, console.cut_off_since, at = since)
                    }}
                </span>
            </p>
        }
    }

    /// When the house was heard last, by its own clock.
    pub fn last_news(self) -> Option<Moment> {
        self.ahead.get().map(|ahead| self.heard.get() + ahead)
    }
}

impl Default for Line {
    fn default() -> Self {
        Self::new()
    }
}

/// The page's clock: milliseconds since it was opened.
pub fn page_clock() -> Millis {
    window().performance().map_or(0, |clock| clock.now() as Millis)
}

#[derive(Deserialize)]
struct Beat {
    now: Moment,
    hash: String,
}

struct Stream {
    url: String,
    line: Line,
    /// The newest last. The first that says anything stays, alone.
    sources: RefCell<VecDeque<EventSource>>,
    opened: Cell<Millis>,
    /// Nobody sees the page.
    rests: Cell<bool>,
    /// When somebody saw it again.
    woken: Cell<Millis>,
    retry: Millis,
    patience: Millis,
    /// Of the view that is shown.
    hash: RefCell<String>,
    on_view: Closure<dyn FnMut(MessageEvent)>,
    on_beat: Closure<dyn FnMut(MessageEvent)>,
}

/// Opens the stream at `url` and keeps it open as long as somebody sees the page. `show` takes the text of a
/// `view` frame and answers with the hash in it. For effects: it needs a browser.
///
/// A browser has six connections to a house, for all its windows together: pages that lie behind others would take
/// them from the one that somebody presses a button on.
pub fn follow(url: String, line: Line, show: impl Fn(&str) -> Option<String> + 'static) {
    let stream = keep_open(url, line, RETRY + random(2_000.0), SILENCE, show);
    let look = move || {
        if document().hidden() {
            stream.rest();
        } else {
            stream.wake();
        }
    };
    look();
    window_event_listener_untyped("visibilitychange", move |_| look());
}

/// The same for a page that has its work to do also where nobody sees it, as long as the page lives.
pub fn follow_steadily(url: String, line: Line, show: impl Fn(&str) -> Option<String> + 'static) {
    keep_open(url, line, RETRY + random(2_000.0), SILENCE, show);
}

/// The same for one of the few screens that a whole hall looks at: it knocks so often that it is right
/// again within two seconds of the network's return.
pub fn follow_closely(url: String, line: Line, show: impl Fn(&str) -> Option<String> + 'static) {
    let stream = keep_open(url, line, RETRY_CLOSELY + random(200.0), LATE, show);
    set_interval(move || stream.looks(), LOOK);
}

/// How far the house's clock is ahead of the page's, by what was known and what a beat says. A beat that comes late says
/// too little, so the most that one has said holds: a clock on a wall never steps back. It gives way a little with
/// every beat, for a page whose clock runs fast, and at once where the house's clock was set.
fn agreed(known: Option<Millis>, heard: Millis) -> Millis {
    match known {
        Some(known) if (known - heard).abs() < SET_ANEW => heard.max(known - 1),
        _ => heard,
    }
}

fn random(most: f64) -> Millis {
    (js_sys::Math::random() * most) as Millis
}

fn keep_open(
    url: String,
    line: Line,
    retry: Millis,
    patience: Millis,
    show: impl Fn(&str) -> Option<String> + 'static,
) -> Rc<Stream> {
    let stream = Rc::new_cyclic(|weak: &Weak<Stream>| {
        let (viewer, beater) = (weak.clone(), weak.clone());
        Stream {
            url,
            line,
            sources: RefCell::default(),
            opened: Cell::new(0),
            rests: Cell::new(false),
            woken: Cell::new(0),
            retry,
            patience,
            hash: RefCell::default(),
            on_view: Closure::new(move |event: MessageEvent| {
                if let (Some(stream), Some(text)) = (viewer.upgrade(), event.data().as_string()) {
                    stream.hear_of(&event);
                    match show(&text) {
                        Some(hash) => drop(stream.hash.replace(hash)),
                        None if page_clock() > OUTDATED => drop(window().location().reload()),
                        None => {}
                    }
                }
            }),
            on_beat: Closure::new(move |event: MessageEvent| {
                let beat = event.data().as_string();
                let beat = beat.and_then(|text| serde_json::from_str::<Beat>(&text).ok());
                if let (Some(stream), Some(beat)) = (beater.upgrade(), beat) {
                    stream.hear_of(&event);
                    let heard = beat.now - line.now.get_untracked();
                    line.ahead.update(|ahead| *ahead = Some(agreed(*ahead, heard)));
                    if beat.hash != *stream.hash.borrow() {
                        stream.open();
                    }
                }
            }),
        }
    });
    stream.hear();
    stream.open();
    let step = stream.clone();
    set_interval(move || step.step(), STEP);
    // What has woken up or is back on the network does not wait for its turn.
    for event in ["online", "pageshow"] {
        let stream = stream.clone();
        window_event_listener_untyped(event, move |_| {
            stream.open();
        });
    }
    stream
}

impl Stream {
    fn open(&self) {
        if self.rests.get() {
            return;
        }
        let mut sources = self.sources.borrow_mut();
        if sources.len() == TRIES
            && let Some(oldest) = sources.pop_front()
        {
            oldest.close();
        }
        self.opened.set(page_clock());
        let Ok(source) = EventSource::new(&self.url) else {
            return;
        };
        for (name, listener) in [("view", &self.on_view), ("beat", &self.on_beat)] {
            // Fails on no browser: both arguments are sound.
            let _ = source.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
        }
        sources.push_back(source);
    }

    /// Something has come by one of the streams.
    fn hear_of(&self, event: &MessageEvent) {
        self.hear();
        let by = event.target();
        self.sources.borrow_mut().retain(|source| {
            let is = by.as_ref() == Some(source.as_ref());
            if !is {
                source.close();
            }
            is
        });
    }

    fn hear(&self) {
        let now = page_clock();
        self.line.now.set(now);
        self.line.heard.set(now);
        if self.line.silent.get_untracked() {
            self.line.silent.set(false);
        }
    }

    fn rest(&self) {
        self.rests.set(true);
        self.sources.take().iter().for_each(EventSource::close);
    }

    fn wake(&self) {
        if self.rests.take() {
            self.woken.set(page_clock());
            self.open();
        }
    }

    fn step(&self) {
        if self.rests.get() {
            return;
        }
        self.line.now.set(page_clock());
        self.looks();
    }

    /// Says that nothing is heard, and does something about it.
    fn looks(&self) {
        let now = page_clock();
        let unheard = now - self.line.heard.get_untracked();
        // Who has just woken has not been listening: the answer to the first knock is waited for.
        let silent = unheard > SILENCE && now - self.woken.get() > AWAKE;
        if silent != self.line.silent.get_untracked() {
            self.line.silent.set(silent);
        }
        // A new stream when there is none, or none that says anything: a browser gives up for good when the answer is
        // an error, and a dead Wi-Fi says nothing at all.
        let given_up = self
            .sources
            .borrow()
            .iter()
            .all(|source| source.ready_state() == EventSource::CLOSED);
        if (unheard > self.patience || given_up) && now - self.opened.get() > self.retry {
            self.open();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::agreed;

    #[test]
    fn a_late_beat_sets_no_clock_back() {
        let first = agreed(None, 1_000);
        assert_eq!(first, 1_000);
        assert_eq!(agreed(Some(first), 400), 999, "600 ms late");
        assert_eq!(agreed(Some(999), 1_020), 1_020, "the quickest so far");
        assert_eq!(
            agreed(Some(1_020), -8_980),
            -8_980,
            "the house's clock was set back"
        );
        assert_eq!(agreed(Some(1_020), 11_020), 11_020, "and forward");
    }
}
