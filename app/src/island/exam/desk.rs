//! What the exam page does by itself: saving, asking, watching the clock.
//!
//! One tick drives everything that waits for its time, so that nothing has to be cancelled.

use contest::{
    Millis, Moment,
    audience::{Pulse, Slip},
    exam::ExamPhase,
    question::Choice,
};
use leptos::{
    prelude::{document, set_interval, window, window_event_listener_untyped},
    task::spawn_local,
};
use std::{cell::RefCell, time::Duration};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DomParser, Element, HtmlDocument, KeyboardEvent, SupportedType};

use super::{
    SCALE_COOKIE, battery,
    clock::ServerClock,
    paint,
    store::Drawer,
    stray::Stray,
    stream::{Heard, Stream},
    wire::{Failure, Receipts, Seat, SeatStage, fetch},
};
use crate::{
    outbox::{Backoff, Outbox, Packet},
    words::Locale,
};

/// Without a word from the server for so long, the page says that it is offline.
const SILENCE: f64 = 10_000.0;
/// An answer under way for less than this is not worth a word.
const SLOW: f64 = 1_500.0;
const TICK: Duration = Duration::from_millis(250);

/// Which face the page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    Waiting,
    Writing,
    Done,
    /// Another device has the contestant's session.
    Moved,
    /// The house does not know this tablet's session any more: he has to enter again.
    SignedOut,
}

impl Face {
    /// Nothing more comes from here, nor goes.
    fn is_out(self) -> bool {
        matches!(self, Self::Moved | Self::SignedOut)
    }
}

/// Whether options may be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    Free,
    Paused,
    /// The time has run out; the server has not handed the paper in yet.
    Over,
}

/// How far handing in has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandIn {
    No,
    /// He is asked, once.
    Asked,
    /// He wants to: what is unsent goes first.
    Sending,
}

/// The state of the page. Times are by the page's stopwatch, in milliseconds.
pub struct Desk {
    pub locale: Locale,
    /// The element that everything stands in.
    pub root: Element,
    pub face: Face,
    pub outbox: Outbox,
    /// How many questions the paper has.
    pub questions: u16,
    /// The question shown.
    pub place: u16,
    pub flags: Vec<u16>,
    pub left: Millis,
    pub paused: bool,
    pub hand_in: HandIn,
    /// Something has been waiting for its receipt for a while.
    pub slow: bool,
    pub offline: bool,
    pub saved_at: Option<Moment>,
    pub receipt: Option<Slip>,
    pub review: bool,
    attempt: i64,
    round: Option<u32>,
    clock_version: u32,
    deadline: Moment,
    /// When the server last said how much time is left: in a pause the clock stands there.
    told_at: Moment,
    clock: ServerClock,
    pub drawer: Drawer,
    /// What waits of other papers.
    strays: Vec<Stray>,
    stream: Stream,
    pulse: Option<Pulse>,
    hash: String,
    /// The server's last word on whatever way, the stream's last word, and when that was last opened.
    heard_at: f64,
    streamed_at: f64,
    opened_at: f64,
    backoff: Backoff,
    /// A request with answers, or with the hand-in, is under way.
    sending: bool,
    send_at: f64,
    asking: bool,
    /// The page itself has to be asked for: it lacks the words of what comes next.
    whole: bool,
    /// When to ask how things stand.
    ask_at: Option<f64>,
    waiting_since: Option<f64>,
}

thread_local! {
    static DESK: RefCell<Option<Desk>> = const { RefCell::new(None) };
}

/// Does something at the desk, then shows what has changed.
fn at_desk<T>(act: impl FnOnce(&mut Desk) -> T) -> Option<T> {
    DESK.with_borrow_mut(|desk| {
        let desk = desk.as_mut()?;
        let done = act(desk);
        paint::paint(desk);
        Some(done)
    })
}

/// Takes the page over.
pub fn start() {
    let Some(root) = document().query_selector(".exam").ok().flatten() else {
        return;
    };
    let Some(seat) = seat_of(&root) else {
        return;
    };
    let page = stopwatch();
    let number = |name| root.get_attribute(name).and_then(|n| n.parse().ok());
    let mut desk = Desk {
        locale: root
            .get_attribute("data-locale")
            .and_then(|l| l.parse().ok())
            .unwrap_or(Locale::vi),
        face: Face::Waiting,
        outbox: Outbox::default(),
        questions: 0,
        place: number("data-place").unwrap_or(0),
        flags: Vec::new(),
        left: 0,
        paused: false,
        hand_in: if root.has_attribute("data-asked") {
            HandIn::Asked
        } else {
            HandIn::No
        },
        slow: false,
        offline: false,
        saved_at: None,
        receipt: None,
        review: false,
        attempt: 0,
        round: None,
        clock_version: 0,
        deadline: 0,
        told_at: 0,
        clock: ServerClock::of_page(seat.now, page),
        drawer: Drawer::default(),
        strays: Vec::new(),
        stream: Stream::new("/api/thi/events", |heard| {
            at_desk(|desk| desk.hear(heard));
        }),
        pulse: None,
        hash: String::new(),
        heard_at: page,
        streamed_at: page,
        opened_at: page,
        backoff: Backoff::default(),
        sending: false,
        send_at: 0.0,
        asking: false,
        whole: false,
        ask_at: None,
        waiting_since: None,
        root,
    };
    let early = paint::chosen_early(&desk);
    desk.settle(seat, true);
    if let Some(early) = early {
        desk.choose(early);
    }
    desk.stream.open();
    let _ = desk.root.set_attribute("data-live", "");
    DESK.set(Some(desk));
    listen();
    at_desk(Desk::tick);
}

fn listen() {
    set_interval(
        || {
            at_desk(Desk::tick);
        },
        TICK,
    );
    for name in ["online", "pageshow", "visibilitychange"] {
        // Whichever it is, the network may be back, or hours may have gone by.
        window_event_listener_untyped(name, |_| {
            at_desk(|desk| {
                (desk.send_at, desk.ask_at) = (0.0, Some(stopwatch() + jitter(500.0)));
                desk.tick();
            });
        });
    }
    // Another tab of this browser has written something.
    window_event_listener_untyped("storage", |_| {
        at_desk(|desk| desk.change(|_| ()));
    });
    window_event_listener_untyped("change", |event| {
        at_desk(|desk| {
            if event
                .target()
                .is_some_and(|target| target.has_type::<web_sys::HtmlInputElement>())
            {
                desk.choose(paint::chosen_on_page(desk));
            }
        });
    });
    // Enter in the form turns the page; nothing but the dialog's own button hands in.
    window_event_listener_untyped("submit", |event| {
        event.prevent_default();
        at_desk(|desk| {
            if desk.hand_in == HandIn::No {
                desk.go(desk.place + 1)
            }
        });
    });
    window_event_listener_untyped("click", |event| {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        // Nothing else may be painted now: a click on an option is told to the page before its change is.
        if let Some(button) = target.and_then(|t| t.closest("[data-to], [data-act]").ok().flatten()) {
            event.prevent_default();
            at_desk(|desk| desk.press(&button));
        }
    });
    window_event_listener_untyped("keydown", |event| {
        at_desk(|desk| desk.key(event.unchecked_ref()));
    });
}

impl Desk {
    /// Whether options may be chosen.
    pub fn lock(&self) -> Lock {
        match self.left {
            _ if self.paused => Lock::Paused,
            ..=0 => Lock::Over,
            _ => Lock::Free,
        }
    }

    fn press(&mut self, button: &Element) {
        if let Some(place) = button.get_attribute("data-to").and_then(|to| to.parse().ok()) {
            self.go(place);
        }
        match button.get_attribute("data-act").as_deref() {
            Some("back") => self.go(self.place.saturating_sub(1)),
            // Enter: it never asks to hand in.
            Some("turn") => self.go(self.place + 1),
            Some("next") if self.place + 1 < self.questions => self.go(self.place + 1),
            Some("next" | "ask") => self.hand_in = HandIn::Asked,
            Some("stay") => self.hand_in = HandIn::No,
            Some("hand-in") => {
                self.hand_in = HandIn::Sending;
                self.send_at = 0.0;
                self.tick();
            }
            Some("clear") => self.choose(Choice::BLANK),
            Some("flag") => self.flag(),
            Some("size") => self.resize(&button.get_attribute("data-size").unwrap_or_default()),
            _ => {}
        }
    }

    /// A to H and 1 to 8 choose, left and right turn the page. Nothing hands the paper in.
    fn key(&mut self, event: &KeyboardEvent) {
        let modified = event.ctrl_key() || event.alt_key() || event.meta_key() || event.is_composing();
        let key = event.key();
        if key == "Escape" {
            self.hand_in = HandIn::No;
        }
        if modified || self.face != Face::Writing || self.hand_in != HandIn::No {
            return;
        }
        match key.as_str() {
            "ArrowRight" => self.go(self.place + 1),
            "ArrowLeft" => self.go(self.place.saturating_sub(1)),
            _ => {
                let option = match key.as_bytes() {
                    [letter @ (b'a'..=b'h' | b'A'..=b'H')] => (letter | 0x20) - b'a',
                    [digit @ b'1'..=b'8'] => digit - b'1',
                    _ => return,
                };
                let (options, many) = paint::options_on_page(self);
                if u16::from(option) < options {
                    let tapped = Choice::only(option);
                    let now = self.outbox.choice(self.place);
                    self.choose(if many { Choice(now.0 ^ tapped.0) } else { tapped });
                }
            }
        }
        // Arrows would also choose among radio buttons.
        event.prevent_default();
    }

    /// The contestant has chosen.
    fn choose(&mut self, choice: Choice) {
        if self.face == Face::Writing && self.lock() == Lock::Free {
            let place = self.place;
            self.change(|outbox| outbox.tap(place, choice, js_sys::Date::now() as Moment));
            self.send_at = 0.0;
            self.send();
        }
    }

    /// Shows another question.
    fn go(&mut self, place: u16) {
        self.place = place.min(self.questions.saturating_sub(1));
        self.hand_in = HandIn::No;
        if let Ok(history) = window().history() {
            let url = format!("/thi?cau={}", self.place + 1);
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&url));
        }
        window().scroll_to_with_x_and_y(0.0, 0.0);
    }

    /// Marks the question shown for another look, or takes the mark off.
    fn flag(&mut self) {
        match self.flags.iter().position(|flag| *flag == self.place) {
            Some(found) => drop(self.flags.swap_remove(found)),
            None => self.flags.push(self.place),
        }
        self.drawer.keep_flags(&self.flags);
    }

    /// Changes the size of the letters, for good on this tablet: in a cookie, so that the server renders
    /// the next page in that size at once.
    fn resize(&self, scale: &str) {
        let _ = self.root.set_attribute("data-scale", scale);
        let document: HtmlDocument = document().unchecked_into();
        let _ = document.set_cookie(&format!(
            "{SCALE_COOKIE}={scale}; Path=/; Max-Age=63072000; SameSite=Lax"
        ));
    }

    fn tick(&mut self) {
        let page = stopwatch();
        if self.face.is_out() {
            return;
        }
        if self.face == Face::Writing {
            let now = if self.paused {
                self.told_at
            } else {
                self.clock.at(page)
            };
            // A begun second counts.
            self.left = ((self.deadline - now).max(0) + 999) / 1000 * 1000;
        }
        let unsent = self.outbox.unsent();
        self.waiting_since = match self.waiting_since {
            _ if unsent == 0 => None,
            None => Some(page),
            since => since,
        };
        self.slow = self.waiting_since.is_some_and(|since| page - since > SLOW);
        self.offline = page - self.heard_at > SILENCE;
        if page - self.streamed_at > SILENCE && page - self.opened_at > SILENCE / 2.0 {
            self.opened_at = page + jitter(1_000.0);
            self.stream.open();
            self.ask_at.get_or_insert(page);
        }
        if self.face == Face::Writing && self.lock() == Lock::Over && unsent == 0 {
            self.ask_at.get_or_insert(page + 1_000.0 + jitter(2_000.0));
        }
        if self.hand_in != HandIn::No && !paint::is_asking(self) {
            // Closed by the tablet's own back button.
            self.hand_in = HandIn::No;
        }
        if self.send_at <= page {
            self.send();
        }
        if !self.asking && self.ask_at.is_some_and(|at| at <= page) {
            self.ask();
        }
    }

    /// Sends what is unsent; with nothing unsent, the hand-in that was asked for.
    fn send(&mut self) {
        self.change(|_| ());
        let (attempt, answers) = (self.attempt, self.outbox.batch());
        if self.sending || self.face.is_out() {
            return;
        }
        if !answers.is_empty() {
            self.sending = true;
            spawn_local(send_packet(Packet {
                attempt,
                answers,
                unsent: self.unsent(),
                ..Packet::default()
            }));
        } else if self.hand_in == HandIn::Sending {
            self.sending = true;
            spawn_local(send_hand_in(attempt));
        } else if let Some(stray) = self.strays.first() {
            self.sending = true;
            spawn_local(send_stray(stray.packet()));
        }
    }

    /// How many answers of this contestant have no receipt yet, of whatever paper.
    pub fn unsent(&self) -> u32 {
        self.outbox.unsent() + self.strays.iter().map(Stray::unsent).sum::<u32>()
    }

    /// A request with answers, or the hand-in, has come back.
    fn sent(&mut self, failure: Option<Failure>) {
        self.sending = false;
        match failure {
            None => {
                self.backoff.reset();
                self.send_at = 0.0;
                self.heard_at = stopwatch();
            }
            Some(Failure::Moved) => self.give_way(),
            Some(Failure::SignedOut) => self.sign_out(),
            Some(failure) => {
                self.send_at = stopwatch() + self.backoff.next(js_sys::Math::random()) as f64;
                if failure == Failure::Refused {
                    self.ask_at.get_or_insert(0.0);
                }
            }
        }
    }

    /// Asks how things stand: for the whole page while there is no paper on it.
    fn ask(&mut self) {
        (self.asking, self.ask_at) = (true, None);
        let whole = self.whole || self.face == Face::Waiting;
        spawn_local(async move {
            let answer = fetch(if whole { "/thi" } else { "/api/thi" }, None).await;
            at_desk(|desk| {
                desk.asking = false;
                match answer {
                    Ok(text) if whole => desk.take_page(&text),
                    Ok(text) => match serde_json::from_str(&text) {
                        Ok(seat) => desk.settle(seat, false),
                        Err(_) => desk.ask_later(),
                    },
                    Err(Failure::Moved) => desk.give_way(),
                    Err(Failure::SignedOut) => desk.sign_out(),
                    Err(_) => desk.ask_later(),
                }
            });
        });
    }

    fn ask_later(&mut self) {
        self.ask_at.get_or_insert(stopwatch() + 2_000.0 + jitter(3_000.0));
    }

    /// Puts the page's new content where the old one was.
    fn take_page(&mut self, text: &str) {
        let page =
            DomParser::new().and_then(|parser| parser.parse_from_string(text, SupportedType::TextHtml));
        let new = page
            .ok()
            .and_then(|page| page.query_selector(".exam").ok().flatten());
        let Some((new, seat)) = new.and_then(|new| seat_of(&new).map(|seat| (new, seat))) else {
            return self.ask_later();
        };
        self.whole = false;
        if seat.stage.stage != "waiting" || self.face != Face::Waiting {
            self.root.set_inner_html(&new.inner_html());
            for name in ["data-paper", "data-questions"] {
                let _ = self
                    .root
                    .set_attribute(name, &new.get_attribute(name).unwrap_or_default());
            }
        }
        self.settle(seat, true);
    }

    /// Takes in how things stand. `fresh`: a page that is new to this desk.
    fn settle(&mut self, seat: Seat, fresh: bool) {
        let Seat {
            contest,
            person,
            round,
            stage,
            now,
            clock_version,
        } = seat;
        let SeatStage {
            stage,
            attempt,
            held,
            deadline,
            paused,
            receipt,
            review,
        } = stage;
        if !fresh {
            self.heard_at = stopwatch();
            self.clock.hear(now, self.heard_at);
        }
        if attempt != self.attempt && !fresh {
            // Another round's paper: this page does not have its words.
            (self.whole, self.ask_at) = (true, Some(0.0));
            return;
        }
        self.face = match stage.as_str() {
            "writing" => Face::Writing,
            "done" => Face::Done,
            _ => Face::Waiting,
        };
        (self.round, self.clock_version, self.deadline, self.told_at) = (round, clock_version, deadline, now);
        (self.paused, self.receipt, self.review) = (paused, receipt, review);
        if fresh {
            let attribute = |name| self.root.get_attribute(name).unwrap_or_default();
            self.attempt = attempt;
            self.questions = attribute("data-questions").parse().unwrap_or(0);
            self.place = self.place.min(self.questions.saturating_sub(1));
            // Only a paper on the page has lines of its own; all that is stored otherwise is left to send.
            (self.drawer, self.outbox) = if self.face == Face::Writing {
                let paper = attribute("data-paper");
                let outbox = Outbox::new(usize::from(self.questions));
                (Drawer::of(&contest, person, attempt, &paper), outbox)
            } else {
                (Drawer::of(&contest, person, 0, ""), Outbox::default())
            };
            self.strays = Stray::all(&contest, person, &self.drawer);
            self.flags = self.drawer.flags();
        }
        let writing = self.face == Face::Writing;
        self.change(|outbox| {
            if writing {
                outbox.hold(&held.into_iter().collect());
            }
        });
        if self.face == Face::Done {
            self.hand_in = HandIn::No;
        }
        if attempt != 0 && (fresh || self.face == Face::Done) {
            self.drawer.tidy(self.face == Face::Done);
        }
        let page = stopwatch();
        self.left = ((deadline - if paused { now } else { self.clock.at(page) }).max(0) + 999) / 1000 * 1000;
    }

    fn hear(&mut self, heard: Heard) {
        let page = stopwatch();
        if page - self.streamed_at > SILENCE {
            (self.send_at, self.ask_at) = (0.0, Some(page + jitter(1_000.0)));
        }
        (self.heard_at, self.streamed_at) = (page, page);
        if let Some(now) = heard.now {
            self.clock.hear(now, page);
        }
        match heard.view {
            Some(pulse) => {
                self.hash = heard.hash;
                if self.pulse.as_ref() != Some(&pulse) && !self.agrees(&pulse) {
                    // A whole hall hears this at once. Opening is what everybody waits for.
                    let spread = if self.face == Face::Waiting {
                        800.0
                    } else {
                        2_500.0
                    };
                    self.ask_at = Some(page + jitter(spread));
                }
                self.pulse = Some(pulse);
            }
            None if self.hash != heard.hash && page - self.opened_at > SILENCE / 2.0 => {
                self.opened_at = page;
                self.stream.open();
            }
            None => {}
        }
    }

    /// Whether there is nothing to learn from `pulse`.
    fn agrees(&self, pulse: &Pulse) -> bool {
        let open = pulse.phase == Some(ExamPhase::Open);
        pulse.round.map(|round| round.0) == self.round
            && pulse.clock_version == self.clock_version
            && match self.face {
                Face::Waiting => !open,
                Face::Writing => open && self.paused == pulse.paused,
                Face::Done => self.review || !pulse.review,
                Face::Moved | Face::SignedOut => true,
            }
    }

    /// The contestant has moved to another device.
    fn give_way(&mut self) {
        self.change(Outbox::give_way);
        self.face = Face::Moved;
        self.stream.close();
    }

    /// The house does not know this tablet. What it keeps is sent when he has entered again.
    fn sign_out(&mut self) {
        self.face = Face::SignedOut;
        self.stream.close();
    }

    /// Changes the outbox, with what other tabs have stored taken in before and the change stored after.
    fn change<T>(&mut self, act: impl FnOnce(&mut Outbox) -> T) -> T {
        self.drawer.read(&mut self.outbox);
        let done = act(&mut self.outbox);
        self.drawer.write(&mut self.outbox);
        done
    }
}

async fn send_packet(mut packet: Packet) {
    packet.battery = battery::percent().await;
    let body = serde_json::to_string(&packet).unwrap_or_default();
    let answer = fetch("/api/thi/answers", Some(body)).await;
    let answer = answer.and_then(|text| serde_json::from_str::<Receipts>(&text).map_err(|_| Failure::Away));
    at_desk(|desk| {
        desk.sent(answer.as_ref().err().copied());
        let Ok(receipts) = answer else {
            return;
        };
        let too_late = desk.change(|outbox| outbox.receive(&packet.answers, &receipts.list()));
        desk.clock.hear(receipts.now, stopwatch());
        if too_late {
            desk.ask_at.get_or_insert(0.0);
        }
        desk.saved_at = Some(receipts.now);
        desk.tick();
    });
}

/// As [`send_packet`], of a paper that is not on the page.
async fn send_stray(mut packet: Packet) {
    packet.battery = battery::percent().await;
    let body = serde_json::to_string(&packet).unwrap_or_default();
    let answer = fetch("/api/thi/answers", Some(body)).await;
    let answer = answer.and_then(|text| serde_json::from_str::<Receipts>(&text).map_err(|_| Failure::Away));
    at_desk(|desk| {
        // No paper of his, or not this one: it stays where it is, and is in nobody's way.
        let refused = answer.as_ref().err() == Some(&Failure::Refused);
        desk.sent(answer.as_ref().err().copied().filter(|_| !refused));
        let mut strays = desk.strays.iter_mut();
        if let (Ok(receipts), Some(stray)) = (answer, strays.find(|stray| stray.sent(&packet))) {
            stray.change(|outbox| outbox.receive(&packet.answers, &receipts.list()));
        }
        desk.strays
            .retain(|stray| stray.unsent() > 0 && !(refused && stray.sent(&packet)));
        if packet.attempt == desk.attempt && desk.strays.is_empty() {
            // The receipt says how many of them came too late.
            desk.ask_at.get_or_insert(0.0);
        }
    });
}

async fn send_hand_in(attempt: i64) {
    let answer = fetch("/api/thi/hand-in", Some(format!("{{\"attempt\":{attempt}}}"))).await;
    let answer = answer.and_then(|text| serde_json::from_str::<Slip>(&text).map_err(|_| Failure::Away));
    at_desk(|desk| {
        desk.sent(answer.as_ref().err().copied());
        if let Ok(receipt) = answer {
            (desk.face, desk.hand_in) = (Face::Done, HandIn::No);
            (desk.receipt, desk.review) = (Some(receipt), false);
            desk.drawer.tidy(true);
        }
    });
}

/// How things stand, as the page says.
fn seat_of(root: &Element) -> Option<Seat> {
    serde_json::from_str(&root.get_attribute("data-seat")?).ok()
}

/// Milliseconds since the page was asked for; no clock change moves it.
fn stopwatch() -> f64 {
    window()
        .performance()
        .map_or(0.0, |performance| performance.now())
}

fn jitter(most: f64) -> f64 {
    js_sys::Math::random() * most
}
