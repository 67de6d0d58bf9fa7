//! A judge's sheet in the browser: every mark is saved when it is left, kept on the tablet until the
//! house has it, and sent again when the Wi-Fi is back. The form under it works without this.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use contest::Points;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, EventTarget, HtmlFormElement, HtmlInputElement, Storage};

use crate::island::exam::wire::{Failure, fetch};
use crate::words::{Locale, td_string};
use crate::words_of;

/// Unsent marks are tried again this often, and a little more, so that a hall does not knock at once.
const RETRY: Duration = Duration::from_millis(2_500);

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

/// A mark that the house does not have yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Unsent {
    revision: u32,
    points: Option<Points>,
}

struct Desk {
    locale: Locale,
    form: HtmlFormElement,
    round: String,
    team: String,
    /// `hoithi/cham/{contest}/{judge}/{round}/{team}/{run}/`
    drawer: String,
    unsent: RefCell<BTreeMap<u32, Unsent>>,
    busy: Cell<bool>,
}

#[derive(Deserialize)]
struct Kept {
    receipts: Vec<Receipt>,
}

#[derive(Deserialize)]
struct Receipt {
    k: u32,
    r: u32,
    refused: Option<crate::error::AppError>,
}

impl Desk {
    fn open(locale: Locale, form: HtmlFormElement) {
        let data = |name: &str| form.get_attribute(&format!("data-{name}")).unwrap_or_default();
        let (round, team) = (data("round"), data("team"));
        let drawer = format!(
            "hoithi/cham/{}/{}/{round}/{team}/{}/",
            data("contest"),
            data("judge"),
            data("run")
        );
        let desk = Rc::new(Self {
            locale,
            form: form.clone(),
            round,
            team,
            drawer,
            unsent: RefCell::default(),
            busy: Cell::new(false),
        });
        desk.take_back();
        for input in desk.inputs() {
            let (typed, left) = (desk.clone(), desk.clone());
            let (field, same) = (input.clone(), input.clone());
            // While typing only the total moves: nothing is rewritten under a Telex keyboard.
            on(&input, "input", move |_| typed.total());
            on(&input, "change", move |_| left.left(&field));
            let stay = desk.clone();
            on(&input, "keydown", move |event| stay.enter(&event, &same));
        }
        for button in desk.find("button.step") {
            let _ = button.remove_attribute("hidden");
            let stepper = desk.clone();
            let of = button.clone();
            on(&button, "click", move |_| stepper.step(&of));
        }
        // Marks travel by themselves; what the form sends on top is the remark.
        let sender = desk.clone();
        set_interval(move || sender.clone().send(), RETRY);
        for event in ["online", "pageshow"] {
            let sender = desk.clone();
            window_event_listener_untyped(event, move |_| sender.clone().send());
        }
        desk.total();
        desk.say();
        desk.send();
    }

    /// Marks kept on this tablet that the house did not have when the page was made.
    fn take_back(&self) {
        for input in self.inputs() {
            let (Some(criterion), Some(stored)) = (criterion(&input), self.stored(&input)) else {
                continue;
            };
            let shown = number(&input, "data-revision").unwrap_or(0) as u32;
            if stored.revision > shown {
                input.set_value(
                    &stored
                        .points
                        .map(|p| words_of::points(self.locale, p))
                        .unwrap_or_default(),
                );
                self.unsent.borrow_mut().insert(criterion, stored);
            } else {
                self.forget(criterion);
            }
        }
    }

    /// Enter goes to the next mark; it never hands anything in.
    fn enter(&self, event: &Event, input: &HtmlInputElement) {
        let Some(key) = event.dyn_ref::<web_sys::KeyboardEvent>() else {
            return;
        };
        if key.key() != "Enter" || key.is_composing() {
            return;
        }
        event.prevent_default();
        let inputs = self.inputs();
        let at = inputs
            .iter()
            .position(|other| other == input)
            .map_or(0, |at| at + 1);
        match inputs.get(at) {
            Some(next) => {
                let _ = next.focus();
            }
            None => {
                let _ = input.blur();
            }
        }
    }

    fn step(self: &Rc<Self>, button: &Element) {
        let name = button.get_attribute("data-for").unwrap_or_default();
        let Some(input) = self.inputs().into_iter().find(|input| input.id() == name) else {
            return;
        };
        let pace = number(&input, "data-pace").unwrap_or(250);
        let most = number(&input, "data-maximum").unwrap_or(0);
        let by = if button.get_attribute("data-step").as_deref() == Some("1") {
            pace
        } else {
            -pace
        };
        let now = input.value().parse::<Points>().ok();
        // From blank the first tap gives the least or the most there is, never a jump to a step of it.
        let next = now.map_or(if by > 0 { 0 } else { most }, |points| {
            (points.0 + by).clamp(0, most)
        });
        input.set_value(&words_of::points(self.locale, Points(next)));
        self.left(&input);
    }

    /// A field was left: what stands in it is checked, kept and sent.
    fn left(self: &Rc<Self>, input: &HtmlInputElement) {
        let Some(criterion) = criterion(input) else { return };
        self.total();
        let points = match self.checked(input) {
            Ok(points) => points,
            Err(words) => {
                self.tell(criterion, "refused", &words);
                return;
            }
        };
        let shown = number(input, "data-revision").unwrap_or(0) as u32;
        let known = self.unsent.borrow().get(&criterion).copied();
        let revision = known.map_or(shown, |unsent| unsent.revision) + 1;
        let unsent = Unsent { revision, points };
        self.unsent.borrow_mut().insert(criterion, unsent);
        self.keep(criterion, unsent);
        self.tell(criterion, "saving", td_string!(self.locale, judge.field_saving));
        self.clone().send();
    }

    fn checked(&self, input: &HtmlInputElement) -> Result<Option<Points>, String> {
        let text = input.value();
        if text.trim().is_empty() {
            return Ok(None);
        }
        let field = td_string!(self.locale, field.mark);
        let fault = |words: &str| format!("{field} {words}.");
        let points: Points = text
            .parse()
            .map_err(|_| fault(td_string!(self.locale, fault.not_a_number)))?;
        let most = number(input, "data-maximum").unwrap_or(i64::MAX);
        if points.0 < 0 || points.0 > most {
            return Err(fault(td_string!(self.locale, fault.out_of_range)));
        }
        let pace = number(input, "data-pace").unwrap_or(1).max(1);
        if points.0 % pace != 0 {
            return Err(fault(td_string!(self.locale, fault.off_step)));
        }
        Ok(Some(points))
    }

    /// Sends everything unsent, one packet at a time.
    fn send(self: Rc<Self>) {
        if self.busy.get() || self.unsent.borrow().is_empty() {
            return;
        }
        self.busy.set(true);
        let marks: Vec<String> = self
            .unsent
            .borrow()
            .iter()
            .map(|(criterion, unsent)| {
                let points = unsent
                    .points
                    .map_or("null".to_owned(), |points| points.0.to_string());
                format!(r#"{{"k":{criterion},"r":{},"p":{points}}}"#, unsent.revision)
            })
            .collect();
        let body = format!(
            r#"{{"round":{},"team":{},"marks":[{}]}}"#,
            self.round,
            self.team,
            marks.join(",")
        );
        spawn_local(async move {
            let answer = fetch("/api/cham/marks", Some(body)).await;
            self.busy.set(false);
            match answer.map(|text| serde_json::from_str::<Kept>(&text)) {
                Ok(Ok(kept)) => kept.receipts.into_iter().for_each(|receipt| self.heard(receipt)),
                Err(Failure::Moved) => self.elsewhere(),
                _ => {
                    let unsent: Vec<u32> = self.unsent.borrow().keys().copied().collect();
                    for criterion in unsent {
                        self.tell(criterion, "unsent", td_string!(self.locale, judge.field_unsent));
                    }
                }
            }
            self.say();
        });
    }

    fn heard(&self, receipt: Receipt) {
        let current = self.unsent.borrow().get(&receipt.k).copied();
        // He has changed it again meanwhile: that one is on its way.
        if current.is_none_or(|unsent| unsent.revision != receipt.r) {
            return;
        }
        self.unsent.borrow_mut().remove(&receipt.k);
        self.forget(receipt.k);
        let input = self
            .inputs()
            .into_iter()
            .find(|input| criterion(input) == Some(receipt.k));
        let Some(input) = input else { return };
        match receipt.refused {
            None => {
                self.made_from(&input, receipt.r);
                self.tell(receipt.k, "saved", td_string!(self.locale, judge.field_saved));
            }
            Some(error) => {
                if let crate::error::AppError::Refused {
                    refusal: contest::Refusal::StaleMark { revision, points },
                } = &error
                {
                    self.made_from(&input, *revision);
                    input.set_value(
                        &points
                            .map(|p| words_of::points(self.locale, p))
                            .unwrap_or_default(),
                    );
                    self.total();
                }
                self.tell(receipt.k, "refused", &words_of::error(self.locale, &error));
            }
        }
    }

    /// The field and the form under it now stand on that revision.
    fn made_from(&self, input: &HtmlInputElement, revision: u32) {
        let text = revision.to_string();
        let _ = input.set_attribute("data-revision", &text);
        let hidden = criterion(input).and_then(|id| {
            self.form
                .query_selector(&format!("input[name=\"revisions[{id}]\"]"))
                .ok()
                .flatten()
        });
        if let Some(hidden) = hidden.and_then(|hidden| hidden.dyn_into::<HtmlInputElement>().ok()) {
            hidden.set_value(&text);
        }
    }

    /// The session ended: the secretary gave the place to another tablet.
    fn elsewhere(&self) {
        if let Ok(Some(state)) = self.form.query_selector("[data-save-state]") {
            state.set_text_content(Some(td_string!(self.locale, error.sign_in)));
        }
    }

    fn tell(&self, criterion: u32, kind: &str, words: &str) {
        if let Ok(Some(state)) = self
            .form
            .query_selector(&format!("#tieu-chi-{criterion}-tinh-trang"))
        {
            state.set_class_name(&format!("mark-state {kind}"));
            state.set_text_content(Some(words));
        }
    }

    fn say(&self) {
        let unsent = self.unsent.borrow().len();
        let words = if unsent == 0 {
            td_string!(self.locale, judge.all_saved).to_owned()
        } else {
            td_string!(self.locale, judge.unsent, n = unsent)
        };
        if let Ok(Some(state)) = self.form.query_selector("[data-save-state]") {
            state.set_text_content(Some(&words));
        }
    }

    fn total(&self) {
        let total: Points = self
            .inputs()
            .iter()
            .filter_map(|input| input.value().parse::<Points>().ok())
            .sum();
        if let Ok(Some(shown)) = self.form.query_selector("[data-total]") {
            shown.set_text_content(Some(&words_of::points(self.locale, total)));
        }
    }

    fn find(&self, selector: &str) -> Vec<Element> {
        let Ok(list) = self.form.query_selector_all(selector) else {
            return vec![];
        };
        (0..list.length())
            .filter_map(|i| list.item(i)?.dyn_into().ok())
            .collect()
    }

    fn inputs(&self) -> Vec<HtmlInputElement> {
        self.find("input.mark-input")
            .into_iter()
            .filter_map(|input| input.dyn_into().ok())
            .collect()
    }

    fn stored(&self, input: &HtmlInputElement) -> Option<Unsent> {
        let text = storage()?
            .get_item(&format!("{}{}", self.drawer, criterion(input)?))
            .ok()??;
        let (revision, points) = text.split_once(' ')?;
        let points = if points.is_empty() {
            None
        } else {
            Some(points.parse().ok()?)
        };
        Some(Unsent {
            revision: revision.parse().ok()?,
            points,
        })
    }

    fn keep(&self, criterion: u32, unsent: Unsent) {
        let points = unsent.points.map(|points| points.to_string()).unwrap_or_default();
        let key = format!("{}{criterion}", self.drawer);
        // A full storage only means that a reload would lose it; it is on its way all the same.
        let _ = storage().map(|storage| storage.set_item(&key, &format!("{} {points}", unsent.revision)));
    }

    fn forget(&self, criterion: u32) {
        let _ = storage().map(|storage| storage.remove_item(&format!("{}{criterion}", self.drawer)));
    }
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

fn criterion(input: &HtmlInputElement) -> Option<u32> {
    number(input, "data-criterion").map(|id| id as u32)
}

fn number(input: &HtmlInputElement, name: &str) -> Option<i64> {
    input.get_attribute(name)?.parse().ok()
}

/// Listens for the life of the page.
fn on(element: &EventTarget, event: &'static str, act: impl Fn(Event) + 'static) {
    let listener = wasm_bindgen::closure::Closure::<dyn Fn(Event)>::new(act);
    let _ = element.add_event_listener_with_callback(event, listener.as_ref().unchecked_ref());
    listener.forget();
}
