//! One criterion of the sheet: its input, its steppers, and what is said of it.

use std::cell::RefCell;

use contest::{Points, refusal::Fault};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlFormElement, HtmlInputElement};

use super::html;
use crate::outbox::Marks;
use crate::words::{Locale, td_string};
use crate::words_of;

pub(super) struct Field {
    pub criterion: u32,
    pub input: HtmlInputElement,
    /// With the direction each goes.
    pub steppers: Vec<(HtmlElement, i64)>,
    /// Keeps what stands here over what the house holds.
    pub keep: Option<HtmlElement>,
    /// Takes what the house holds.
    pub take: Option<HtmlElement>,
    /// Why the house did not take the last mark.
    pub refusal: RefCell<Option<String>>,
    maximum: i64,
    pace: i64,
    state: Option<Element>,
    ask: Option<HtmlElement>,
}

/// The fields of the sheet, in the order of the page.
pub(super) fn fields(form: &HtmlFormElement) -> Vec<Field> {
    let Ok(rows) = form.query_selector_all(".mark-row") else {
        return vec![];
    };
    (0..rows.length())
        .filter_map(|i| field(&rows.item(i)?.dyn_into().ok()?))
        .collect()
}

fn field(row: &Element) -> Option<Field> {
    let find = |selector: &str| row.query_selector(selector).ok().flatten();
    let input: HtmlInputElement = find("input.mark-input")?.dyn_into().ok()?;
    let number = |name: &str| input.get_attribute(name)?.parse::<i64>().ok();
    let stepper = |by: i64| Some((html(find(&format!("[data-step=\"{by}\"]"))?)?, by));
    Some(Field {
        criterion: number("data-criterion")? as u32,
        steppers: [-1, 1].into_iter().filter_map(stepper).collect(),
        keep: find("[data-keep]").and_then(html),
        take: find("[data-take]").and_then(html),
        ask: find(".mark-ask").and_then(html),
        state: find(".mark-state"),
        maximum: number("data-maximum").unwrap_or(0),
        pace: number("data-pace").unwrap_or(1).max(1),
        refusal: RefCell::new(None),
        input,
    })
}

impl Field {
    /// What the page says that the house holds.
    pub(super) fn held(&self) -> Option<(u32, Option<Points>)> {
        let revision: u32 = self.input.get_attribute("data-revision")?.parse().ok()?;
        let held = self.input.get_attribute("data-held").unwrap_or_default();
        (revision > 0).then(|| (revision, held.parse().ok().map(Points)))
    }

    /// What stands in it, if it could be handed in. Blank is blank.
    pub(super) fn checked(&self) -> Result<Option<Points>, Fault> {
        let text = self.input.value();
        if text.trim().is_empty() {
            return Ok(None);
        }
        let points: Points = text.parse().map_err(|_| Fault::NotANumber)?;
        if !(0..=self.maximum).contains(&points.0) {
            Err(Fault::OutOfRange)
        } else if points.0 % self.pace != 0 {
            Err(Fault::OffStep)
        } else {
            Ok(Some(points))
        }
    }

    pub(super) fn show(&self, locale: Locale, points: Option<Points>) {
        let text = points.map(|points| words_of::points(locale, points));
        self.input.set_value(&text.unwrap_or_default());
    }

    /// From blank the first tap gives the least or the most there is, never a jump to a step of it. From
    /// between two steps it goes to the nearest that way.
    pub(super) fn step(&self, locale: Locale, by: i64) {
        let now = self.input.value().parse::<Points>().ok();
        let next = now.map_or(if by > 0 { 0 } else { self.maximum }, |points| {
            let whole = points.0.div_euclid(self.pace) * self.pace;
            let next = match (points.0 == whole, by > 0) {
                (_, true) => whole + self.pace,
                (true, false) => whole - self.pace,
                (false, false) => whole,
            };
            next.clamp(0, self.maximum)
        });
        self.show(locale, Some(Points(next)));
    }

    /// The form under it, too, stands on that revision.
    pub(super) fn made_from(&self, form: &HtmlFormElement, revision: u32) {
        let hidden = form.query_selector(&format!("input[name=\"revisions[{}]\"]", self.criterion));
        if let Some(hidden) = hidden
            .ok()
            .flatten()
            .and_then(|hidden| hidden.dyn_into::<HtmlInputElement>().ok())
        {
            hidden.set_value(&revision.to_string());
        }
    }

    pub(super) fn paint(&self, locale: Locale, marks: &Marks, away: bool) {
        let line = marks.line(self.criterion);
        let dispute = marks.dispute(self.criterion).map(|(_, theirs)| *theirs);
        let (kind, words) = if let Err(wrong) = self.checked() {
            let (most, pace) = (Points(self.maximum), Points(self.pace));
            let text = self.input.value();
            ("refused", words_of::mark_fault(locale, wrong, &text, most, pace))
        } else if let Some(theirs) = dispute {
            let theirs = theirs.map_or(td_string!(locale, judge.blank).to_owned(), |p| {
                words_of::points(locale, p)
            });
            (
                "refused",
                td_string!(locale, judge.field_disputed, points = theirs),
            )
        } else if line.refused {
            let words = self.refusal.borrow().clone();
            (
                "refused",
                words.unwrap_or_else(|| td_string!(locale, judge.field_refused).to_owned()),
            )
        } else if line.waits() && away {
            ("unsent", td_string!(locale, judge.field_unsent).to_owned())
        } else if line.waits() {
            ("saving", td_string!(locale, judge.field_saving).to_owned())
        } else if line.revision > 0 && line.sent {
            ("saved", td_string!(locale, judge.field_saved).to_owned())
        } else {
            ("", String::new())
        };
        if let Some(state) = &self.state {
            state.set_class_name(&format!("mark-state {kind}"));
            if state.text_content().as_deref() != Some(&words) {
                state.set_text_content(Some(&words));
            }
        }
        let _ = if kind == "refused" {
            self.input.set_attribute("aria-invalid", "true")
        } else {
            self.input.remove_attribute("aria-invalid")
        };
        if let Some(ask) = &self.ask {
            ask.set_hidden(dispute.is_none() || self.checked().is_err());
        }
    }
}
