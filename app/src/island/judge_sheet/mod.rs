//! A judge's sheet in the browser: every mark is kept on the tablet and saved when its field is left, by the
//! same outbox as a contestant's answers, and sent again when the Wi-Fi is back. The form under it works
//! without this.

mod field;
pub mod hand_in;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use contest::{Moment, Points};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast;
use web_sys::{Event, EventTarget, HtmlElement, HtmlFormElement, HtmlTextAreaElement};

use crate::dates;
use crate::island::exam::store::Drawer;
use crate::island::exam::wire::{Failure, fetch};
use crate::outbox::{Backoff, Heard, MarkReceipt, MarkSent, Marks, Remark, Sent};
use crate::words::{Locale, td_string};
use crate::words_of;
use field::{Field, fields};

/// How often it is looked whether something has to be sent.
const TICK: Duration = Duration::from_millis(250);
/// Where the browser's session is noted, to know a tablet that comes back after another had its place.
const SESSION: &str = "phien";

/// Takes over the form inside it.
#[island]
pub fn JudgeSheet(locale: Locale, children: Children) -> impl IntoView {
    let root = NodeRef::<leptos::html::Div>::new();
    Effect::new(move |_| {
        let form = root
            .get()
            .and_then(|root| root.query_selector("form.sheet").ok().flatten());
        if let Some(form) = form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) {
            Desk::open(locale, form);
        }
    });
    view! { <div node_ref=root>{children()}</div> }
}

/// The body of `POST /api/cham/marks`.
#[derive(Serialize)]
struct Packet<'a> {
    round: u32,
    team: u32,
    run: Option<u32>,
    marks: &'a [MarkSent],
}

#[derive(Deserialize)]
struct Kept {
    receipts: Vec<MarkReceipt>,
    now: Moment,
}

/// The body of `POST /api/cham/remark`.
#[derive(Serialize)]
struct Said<'a> {
    round: u32,
    team: u32,
    run: Option<u32>,
    r: u32,
    text: &'a str,
}

#[derive(Deserialize)]
struct Done {
    now: Moment,
}

/// What is read of the judge's view: the words that the house holds.
#[derive(Deserialize)]
struct Stands {
    sheet: Option<Words>,
}

#[derive(Deserialize)]
struct Words {
    remark: String,
    remark_revision: u32,
}

struct Desk {
    locale: Locale,
    form: HtmlFormElement,
    round: u32,
    team: u32,
    /// The performance that the page shows.
    run: Option<u32>,
    fields: Vec<Field>,
    remark_field: Option<HtmlTextAreaElement>,
    marks: RefCell<Marks>,
    drawer: RefCell<Drawer>,
    remark: RefCell<Remark>,
    remark_drawer: RefCell<Drawer>,
    backoff: RefCell<Backoff>,
    /// Not before, by the page's clock.
    send_at: Cell<f64>,
    busy: Cell<bool>,
    away: Cell<bool>,
    /// Another device has the judge's session.
    moved: Cell<bool>,
    saved_at: Cell<Option<Moment>>,
    /// He wants to look the sheet over: as soon as all is saved.
    going: Cell<bool>,
}

impl Desk {
    fn open(locale: Locale, form: HtmlFormElement) {
        let data = |name: &str| form.get_attribute(&format!("data-{name}")).unwrap_or_default();
        let (round, team) = (data("round"), data("team"));
        let of = format!("{round}/{team}/{}/", data("run"));
        let owner = |room: &str| format!("hoithi/{room}/{}/{}/", data("contest"), data("judge"));
        let fields = fields(&form);
        let remark_field = form.query_selector("textarea[name=remark]").ok().flatten();
        let desk = Rc::new(Self {
            locale,
            round: round.parse().unwrap_or_default(),
            team: team.parse().unwrap_or_default(),
            run: data("run").parse().ok(),
            marks: RefCell::new(Marks::of_sheet(fields.iter().map(|field| field.criterion))),
            drawer: RefCell::new(Drawer::named(owner("cham"), of.clone())),
            remark: RefCell::new(Remark::of_sheet()),
            remark_drawer: RefCell::new(Drawer::named(owner("loi"), of)),
            remark_field: remark_field.and_then(|field| field.dyn_into().ok()),
            backoff: RefCell::default(),
            send_at: Cell::new(0.0),
            busy: Cell::new(false),
            away: Cell::new(false),
            moved: Cell::new(false),
            saved_at: Cell::new(None),
            going: Cell::new(false),
            fields,
            form: form.clone(),
        });
        desk.take_back(&data("session"));
        for at in 0..desk.fields.len() {
            desk.listen(at);
        }
        if let Some(area) = &desk.remark_field {
            let left = desk.clone();
            on(area, "change", move |_| left.said());
        }
        let submitted = desk.clone();
        on(&form, "submit", move |event| submitted.submitted(&event));
        let ticking = desk.clone();
        set_interval(move || ticking.clone().send(), TICK);
        for event in ["online", "pageshow"] {
            let soon = desk.clone();
            window_event_listener_untyped(event, move |_| soon.send_at.set(0.0));
        }
        let _ = form.set_attribute("data-alive", "");
        desk.paint();
    }

    /// What this tablet kept and the house may not have, and what the page says that the house has.
    fn take_back(&self, session: &str) {
        let before = self.drawer.borrow().word(SESSION);
        let other = before.is_some_and(|before| before != session);
        self.drawer.borrow().put(SESSION, session);
        self.change(|marks| {
            if other {
                marks.give_way();
            }
            for field in &self.fields {
                marks.held(field.criterion, field.held());
            }
        });
        let revision = self.number("input[name=remark_revision]");
        if let Some(area) = &self.remark_field {
            // He may have begun to write before this woke up.
            let (page, typed) = (area.default_value().unwrap_or_default(), area.value());
            let now = js_sys::Date::now() as Moment;
            let words = self.change_remark(|remark| {
                if other {
                    remark.give_way();
                }
                remark.is_held(revision, &page);
                if remark.asks() {
                    let kept = remark.words();
                    remark.say(&kept, now);
                }
                if typed != page {
                    remark.add(&typed, now);
                }
                remark.words()
            });
            if typed != words {
                area.set_value(&words);
            }
        }
        for field in &self.fields {
            let line = self.marks.borrow().line(field.criterion);
            if line.waits() {
                field.show(self.locale, line.value);
            }
        }
    }

    fn number(&self, selector: &str) -> u32 {
        let input = self.form.query_selector(selector).ok().flatten();
        let input = input.and_then(|input| input.dyn_into::<web_sys::HtmlInputElement>().ok());
        input
            .and_then(|input| input.value().parse().ok())
            .unwrap_or_default()
    }

    /// Changes the marks, with what other tabs have stored taken in before and the change stored after.
    fn change<T>(&self, act: impl FnOnce(&mut Marks) -> T) -> T {
        let mut marks = self.marks.borrow_mut();
        self.drawer.borrow().read(&mut *marks);
        let done = act(&mut marks);
        self.drawer.borrow_mut().write(&mut *marks);
        done
    }

    fn change_remark<T>(&self, act: impl FnOnce(&mut Remark) -> T) -> T {
        let mut remark = self.remark.borrow_mut();
        self.remark_drawer.borrow().read(&mut *remark);
        let done = act(&mut remark);
        self.remark_drawer.borrow_mut().write(&mut *remark);
        done
    }

    fn listen(self: &Rc<Self>, at: usize) {
        let field = &self.fields[at];
        // While typing only the total moves: nothing is rewritten under a Telex keyboard.
        let typed = self.clone();
        on(&field.input, "input", move |_| typed.total());
        let left = self.clone();
        on(&field.input, "change", move |_| left.left(at));
        let stay = self.clone();
        on(&field.input, "keydown", move |event| stay.enter(&event, at));
        for (button, by) in &field.steppers {
            let _ = button.remove_attribute("hidden");
            let (stepper, by) = (self.clone(), *by);
            on(button, "click", move |_| {
                stepper.fields[at].step(stepper.locale, by);
                stepper.left(at);
            });
        }
        if let Some(keep) = &field.keep {
            let keeper = self.clone();
            on(keep, "click", move |_| keeper.left(at));
        }
        if let Some(take) = &field.take {
            let taker = self.clone();
            on(take, "click", move |_| {
                let criterion = taker.fields[at].criterion;
                let theirs = taker.change(|marks| {
                    marks.take_theirs(criterion);
                    marks.line(criterion).value
                });
                taker.fields[at].show(taker.locale, theirs);
                taker.paint();
            });
        }
    }

    /// Enter goes to the next mark; it never hands anything in.
    fn enter(&self, event: &Event, at: usize) {
        let Some(key) = event.dyn_ref::<web_sys::KeyboardEvent>() else {
            return;
        };
        if key.key() != "Enter" || key.is_composing() {
            return;
        }
        event.prevent_default();
        let _ = match self.fields.get(at + 1) {
            Some(next) => next.input.focus(),
            None => self.fields[at].input.blur(),
        };
    }

    /// A field was left: what stands in it is checked, kept and sent.
    fn left(&self, at: usize) {
        let field = &self.fields[at];
        if let Ok(points) = field.checked() {
            self.change(|marks| marks.set(field.criterion, points, js_sys::Date::now() as Moment));
            self.send_at.set(0.0);
        }
        self.paint();
    }

    /// The remark was left.
    fn said(&self) {
        if let Some(area) = &self.remark_field {
            self.says(area, &area.value());
            self.send_at.set(0.0);
            self.paint();
        }
    }

    /// The house holds other words than those that wait here: both come into the field, unless he is writing in it.
    fn settle_remark(&self) {
        let Some(area) = &self.remark_field else { return };
        let writing = document()
            .active_element()
            .is_some_and(|active| active == ***area);
        if self.remark.borrow().asks() && !writing {
            self.says(area, &area.value());
            self.paint();
        }
    }

    fn says(&self, area: &HtmlTextAreaElement, words: &str) {
        let stands = self.change_remark(|remark| remark.say(words, js_sys::Date::now() as Moment));
        if area.value() != stands {
            area.set_value(&stands);
        }
    }

    /// The form itself is for browsers without this; here everything is saved already, or soon.
    fn submitted(&self, event: &Event) {
        event.prevent_default();
        if let Some(wrong) = self.fields.iter().find(|field| field.checked().is_err()) {
            let _ = wrong.input.focus();
            self.paint();
            return;
        }
        let by = js_sys::Reflect::get(event, &"submitter".into()).ok();
        let by = by.and_then(|button| button.dyn_into::<HtmlElement>().ok());
        let value = by.and_then(|button| button.get_attribute("value"));
        self.going.set(value.as_deref() == Some("nop"));
        self.send_at.set(0.0);
        self.paint();
    }

    /// Everything unsent, one packet at a time; then on to the last look, if he wants to.
    fn send(self: Rc<Self>) {
        if self.busy.get() || self.moved.get() || js_sys::Date::now() < self.send_at.get() {
            return;
        }
        self.settle_remark();
        if self.marks.borrow().unsent() + self.remark.borrow().unsent() == 0 {
            self.go_on();
            return;
        }
        let packet = self.change(|marks| marks.packet());
        let remark = self.change_remark(|remark| remark.to_send());
        if packet.is_empty() && remark.is_none() {
            self.go_on();
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            let heard = if packet.is_empty() {
                Ok(())
            } else {
                self.send_marks(&packet).await
            };
            let heard = match (heard, remark) {
                (Ok(()), Some(remark)) => self.send_remark(&remark).await,
                (heard, _) => heard,
            };
            self.busy.set(false);
            self.away.set(heard == Err(Failure::Away));
            match heard {
                Ok(()) => self.backoff.borrow_mut().reset(),
                Err(Failure::Moved | Failure::SignedOut) => {
                    self.moved.set(true);
                    self.change(Marks::give_way);
                    self.change_remark(Remark::give_way);
                }
                Err(_) => {
                    let wait = self.backoff.borrow_mut().next(js_sys::Math::random());
                    self.send_at.set(js_sys::Date::now() + wait as f64);
                }
            }
            self.paint();
        });
    }

    async fn send_marks(&self, marks: &[MarkSent]) -> Result<(), Failure> {
        let packet = Packet {
            round: self.round,
            team: self.team,
            run: self.run,
            marks,
        };
        let body = serde_json::to_string(&packet).unwrap_or_default();
        let text = fetch("/api/cham/marks", Some(body)).await?;
        let kept: Kept = serde_json::from_str(&text).map_err(|_| Failure::Away)?;
        self.change(|outbox| outbox.receive(marks, &kept.receipts));
        for receipt in &kept.receipts {
            if let Some(field) = self
                .fields
                .iter()
                .find(|field| field.criterion == receipt.criterion)
            {
                field.refusal.replace(
                    receipt
                        .refused
                        .as_ref()
                        .map(|error| words_of::error(self.locale, error)),
                );
                field.made_from(&self.form, self.marks.borrow().line(receipt.criterion).revision);
            }
        }
        self.saved_at.set(Some(kept.now));
        Ok(())
    }

    async fn send_remark(&self, sent: &Sent<u32, String>) -> Result<(), Failure> {
        let said = Said {
            round: self.round,
            team: self.team,
            run: self.run,
            r: sent.revision,
            text: &sent.value,
        };
        let body = serde_json::to_string(&said).unwrap_or_default();
        let heard = match fetch("/api/cham/remark", Some(body)).await {
            Ok(text) => {
                let done: Done = serde_json::from_str(&text).map_err(|_| Failure::Away)?;
                self.saved_at.set(Some(done.now));
                Heard::Kept
            }
            // Written under this number elsewhere, or the sheet is locked meanwhile.
            Err(Failure::Refused) => match self.words_that_stand().await? {
                Some(words) if words.remark_revision >= sent.revision => Heard::Holds {
                    revision: words.remark_revision,
                    value: words.remark,
                },
                _ => Heard::Refused,
            },
            Err(failure) => return Err(failure),
        };
        let revision = self.change_remark(|remark| {
            remark.hears(sent, heard);
            remark.revision()
        });
        let hidden = self.form.query_selector("input[name=remark_revision]");
        if let Some(hidden) = hidden.ok().flatten()
            && let Ok(hidden) = hidden.dyn_into::<web_sys::HtmlInputElement>()
        {
            hidden.set_value(&revision.to_string());
        }
        Ok(())
    }

    async fn words_that_stand(&self) -> Result<Option<Words>, Failure> {
        let address = format!("/api/cham?round={}&team={}", self.round, self.team);
        let text = fetch(&address, None).await?;
        let stands: Stands = serde_json::from_str(&text).map_err(|_| Failure::Away)?;
        Ok(stands.sheet)
    }

    /// How many marks the house has not taken, or holds another of.
    fn not_taken(&self) -> usize {
        let marks = self.marks.borrow();
        let not_taken =
            |field: &&Field| marks.line(field.criterion).refused || marks.dispute(field.criterion).is_some();
        self.fields.iter().filter(not_taken).count()
    }

    /// All is saved: to the last look before handing in.
    fn go_on(&self) {
        let remark = self.remark.borrow();
        if !self.going.get() || self.not_taken() > 0 || remark.asks() || remark.is_refused() {
            return;
        }
        drop(remark);
        self.going.set(false);
        let page = format!("/giam-khao?phan={}&doi={}&nop=1", self.round, self.team);
        let _ = window().location().set_href(&page);
    }

    fn paint(&self) {
        let marks = self.marks.borrow();
        for field in &self.fields {
            field.paint(self.locale, &marks, self.away.get());
        }
        let unsent = marks.unsent() + self.remark.borrow().unsent();
        let wrong = self
            .fields
            .iter()
            .filter(|field| field.checked().is_err())
            .count();
        let not_taken = self.not_taken();
        let remark_refused = self.remark.borrow().is_refused();
        let words = if self.moved.get() {
            td_string!(self.locale, error.sign_in).to_owned()
        } else if wrong > 0 {
            td_string!(self.locale, judge.wrong_left, n = wrong)
        } else if not_taken > 0 {
            td_string!(self.locale, judge.refused_left, n = not_taken)
        } else if remark_refused {
            td_string!(self.locale, judge.remark_refused).to_owned()
        } else if unsent > 0 && self.away.get() {
            td_string!(self.locale, judge.unsent, n = unsent)
        } else if unsent > 0 {
            td_string!(self.locale, judge.field_saving).to_owned()
        } else {
            self.saved()
        };
        if let Ok(Some(state)) = self.form.query_selector("[data-save-state]") {
            let kind = if wrong + not_taken > 0 || remark_refused || self.moved.get() {
                "refused"
            } else if unsent > 0 {
                "unsent"
            } else {
                "saved"
            };
            let class = format!("save-state {kind}");
            if state.class_name() != class {
                state.set_class_name(&class);
            }
            if state.text_content().as_deref() != Some(&words) {
                state.set_text_content(Some(&words));
            }
        }
        drop(marks);
        self.total();
    }

    /// What is said when nothing waits: what is saved, and how much is still blank.
    fn saved(&self) -> String {
        let blank = self.fields.len() - self.counted().count();
        if blank == self.fields.len() && self.remark.borrow().words().is_empty() {
            return td_string!(self.locale, judge.none_yet).to_owned();
        }
        let saved = match self.saved_at.get() {
            Some(at) => td_string!(self.locale, judge.all_saved_at, at = dates::time(at)),
            None => td_string!(self.locale, judge.all_saved).to_owned(),
        };
        if blank == 0 {
            return saved;
        }
        format!("{saved} · {}", td_string!(self.locale, judge.left, n = blank))
    }

    /// The marks that could be handed in.
    fn counted(&self) -> impl Iterator<Item = Points> + '_ {
        self.fields
            .iter()
            .filter_map(|field| field.checked().ok().flatten())
    }

    /// A mark that is refused does not count; without any mark there is no total, not one of 0.
    fn total(&self) {
        let total = match self.counted().next() {
            Some(_) => words_of::points(self.locale, self.counted().sum()),
            None => "–".to_owned(),
        };
        if let Ok(Some(shown)) = self.form.query_selector("[data-total]") {
            shown.set_text_content(Some(&total));
        }
    }
}

/// Listens for the life of the page.
fn on(element: &EventTarget, event: &'static str, act: impl Fn(Event) + 'static) {
    let listener = wasm_bindgen::closure::Closure::<dyn Fn(Event)>::new(act);
    let _ = element.add_event_listener_with_callback(event, listener.as_ref().unchecked_ref());
    listener.forget();
}

/// The element as what it is; a page of ours has it.
fn html(element: web_sys::Element) -> Option<HtmlElement> {
    element.dyn_into().ok()
}
