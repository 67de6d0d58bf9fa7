//! Shows the desk's state on the page that the server has rendered: words, classes, `hidden`. What is
//! shown already is not touched, so painting may be repeated at will.
//!
//! The names of elements are those of `page/exam`.

use contest::question::Choice;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement, HtmlInputElement};

use super::{
    clock::Press,
    desk::{Desk, Face, HandIn, Lock},
};
use crate::{dates, words::td_string};

/// Shows everything.
pub fn paint(desk: &Desk) {
    let face = match desk.face {
        Face::Waiting => "waiting",
        Face::Writing => "writing",
        Face::Done => "done",
        Face::Moved => "moved",
        Face::SignedOut => "signed-out",
    };
    set(&desk.root, "data-face", face);
    for part in all(desk, "[data-for]") {
        let shown = part.get_attribute("data-for").as_deref() == Some(face);
        hide(&part, !shown);
    }
    with(desk, "#mat-mang", |it| hide(it, !desk.offline));
    match desk.face {
        Face::Waiting => {
            with(desk, "#da-ket-noi", |it| hide(it, desk.offline));
            with(desk, "#cho-ket-noi", |it| hide(it, !desk.offline));
        }
        Face::Writing => writing(desk),
        Face::Done => receipt(desk),
        Face::Moved => {
            let unsent = desk.unsent();
            note(
                desk,
                "#chuyen-con",
                (unsent > 0).then(|| td_string!(desk.locale, exam.moved_unsent, n = unsent)),
            );
        }
        Face::SignedOut => {
            let unsent = desk.unsent();
            note(
                desk,
                "#ra-con",
                (unsent > 0).then(|| td_string!(desk.locale, exam.signed_out_unsent, n = unsent)),
            );
        }
    }
    if desk.face != Face::Writing {
        dialog(desk, false);
    }
}

/// What is chosen on the page for the question shown.
pub fn chosen_on_page(desk: &Desk) -> Choice {
    let inputs = inputs(desk).into_iter().filter(HtmlInputElement::checked);
    let options: Vec<u8> = inputs.filter_map(|input| input.value().parse().ok()).collect();
    Choice::of(&options)
}

/// The same, if it is not as the server rendered it: chosen while the page was still loading.
pub fn chosen_early(desk: &Desk) -> Option<Choice> {
    let touched = inputs(desk)
        .iter()
        .any(|input| input.checked() != input.default_checked());
    touched.then(|| chosen_on_page(desk))
}

/// How many options the question shown has, and whether several may be chosen.
pub fn options_on_page(desk: &Desk) -> (u16, bool) {
    let inputs = inputs(desk);
    (
        inputs.len() as u16,
        inputs.first().is_some_and(|input| input.type_() == "checkbox"),
    )
}

/// Whether the question before handing in stands on the page.
pub fn is_asking(desk: &Desk) -> bool {
    the_dialog(desk).is_some_and(|dialog| dialog.open())
}

fn writing(desk: &Desk) {
    let locale = desk.locale;
    let lock = desk.lock();
    let (free, unsent) = (lock == Lock::Free, desk.outbox.unsent());

    // The clock.
    let press = match Press::of(desk.left) {
        Press::Calm => "calm",
        Press::LastMinutes => "minutes",
        Press::LastMinute => "minute",
        Press::Over => "over",
    };
    with(desk, ".exam-clock", |it| set(it, "data-press", press));
    say(desk, "#dong-ho", &dates::clock(desk.left));
    // A screen reader speaks when this changes: once a minute.
    let minutes = (desk.left + 59_999) / 60_000;
    say(
        desk,
        "#con-phut",
        &td_string!(locale, exam.minutes_left, n = minutes),
    );

    // The question, or why there is none.
    with(desk, "#tam-dung", |it| hide(it, lock != Lock::Paused));
    with(desk, "#het-gio", |it| hide(it, lock != Lock::Over));
    let rest = match unsent {
        0 => td_string!(locale, exam.over_waiting).to_owned(),
        n => td_string!(locale, exam.over_sending, n = n),
    };
    say(desk, "#het-gio-con", &rest);
    for part in all(desk, ".when-free") {
        hide(&part, !free);
    }
    for (place, question) in (0u16..).zip(all(desk, ".exam-question")) {
        let shown = place == desk.place;
        hide(&question, !shown);
        turn(&question, "disabled", !shown);
    }
    let choice = desk.outbox.choice(desk.place);
    for (i, input) in (0u8..).zip(inputs(desk)) {
        if input.checked() != choice.has(i) {
            input.set_checked(choice.has(i));
        }
    }

    // Below it.
    with(desk, ".exam-clear", |it| {
        set(it, "data-blank", if choice.is_blank() { "yes" } else { "no" })
    });
    with(desk, ".exam-back", |it| turn(it, "disabled", desk.place == 0));
    let last = desk.place + 1 >= desk.questions;
    say(
        desk,
        "#sau",
        if last {
            td_string!(locale, exam.hand_in)
        } else {
            td_string!(locale, exam.next)
        },
    );
    let flagged = desk.flags.contains(&desk.place);
    with(desk, ".exam-flag", |it| {
        set(it, "aria-pressed", if flagged { "true" } else { "false" })
    });
    let scale = desk.root.get_attribute("data-scale");
    for button in all(desk, "[data-size]") {
        let on = button.get_attribute("data-size") == scale;
        set(&button, "aria-pressed", if on { "true" } else { "false" });
    }
    state(desk, unsent);

    // All questions.
    let blanks = desk.outbox.blanks();
    let answered = usize::from(desk.questions) - blanks.len();
    say(
        desk,
        "#da-lam",
        &td_string!(locale, exam.answered, n = answered, of = desk.questions),
    );
    for (place, cell) in (0u16..).zip(all(desk, ".exam-map button[data-to]")) {
        paint_cell(desk, place, &cell);
    }

    // Before handing in.
    let words = match blanks.len() {
        0 => td_string!(locale, exam.no_blanks, n = desk.questions),
        n => td_string!(locale, exam.blanks, n = n),
    };
    say(desk, "#con-trong", &words);
    for (place, cell) in (0u16..).zip(all(desk, ".exam-ask [data-to]")) {
        hide(&cell, !blanks.contains(&place));
    }
    let progress = match unsent {
        _ if desk.hand_in != HandIn::Sending => String::new(),
        n if desk.slow || desk.offline => td_string!(locale, exam.hand_in_stuck, n = n),
        0 => td_string!(locale, exam.hand_in_sending).to_owned(),
        n => td_string!(locale, exam.hand_in_unsent, n = n),
    };
    say(desk, "#dang-nop", &progress);
    with(desk, ".exam-ask-yes", |it| {
        turn(it, "disabled", desk.hand_in == HandIn::Sending)
    });
    dialog(desk, free && desk.hand_in != HandIn::No);
}

/// Whether all is saved, in words.
fn state(desk: &Desk, unsent: u32) {
    let locale = desk.locale;
    let saved = desk
        .saved_at
        .map(|at| td_string!(locale, exam.saved, time = dates::time(at)));
    let stuck = unsent > 0 && desk.slow;
    let (kind, words, more) = if stuck {
        ("unsent", td_string!(locale, exam.unsent, n = unsent), saved)
    } else if unsent > 0 {
        ("saving", td_string!(locale, exam.saving).to_owned(), None)
    } else {
        let nothing_yet = || td_string!(locale, exam.saves_itself).to_owned();
        ("saved", saved.unwrap_or_else(nothing_yet), None)
    };
    with(desk, ".exam-state", |it| set(it, "data-state", kind));
    say(desk, "#luu", &words);
    note(desk, "#luu-truoc", more);
    with(desk, "#khong-luu-tam", |it| hide(it, !desk.drawer.broken));
}

fn paint_cell(desk: &Desk, place: u16, cell: &Element) {
    let locale = desk.locale;
    let states = [
        (
            !desk.outbox.choice(place).is_blank(),
            " done",
            td_string!(locale, exam.cell_done),
        ),
        (
            desk.slow && desk.outbox.waits(place),
            " unsent",
            td_string!(locale, exam.cell_unsent),
        ),
        (
            desk.flags.contains(&place),
            " flag",
            td_string!(locale, exam.cell_flag),
        ),
    ];
    let (mut class, mut name) = ("cell".to_owned(), td_string!(locale, exam.number, n = place + 1));
    for (_, short, word) in states.into_iter().filter(|(is, ..)| *is) {
        class.push_str(short);
        name.push_str(", ");
        name.push_str(word);
    }
    set(cell, "class", &class);
    set(cell, "aria-label", &name);
    set(
        cell,
        "aria-current",
        if place == desk.place { "step" } else { "false" },
    );
}

fn receipt(desk: &Desk) {
    let locale = desk.locale;
    if let Some(slip) = &desk.receipt {
        with(desk, "#da-nop", |it| hide(it, slip.by_server));
        with(desk, "#da-thu", |it| hide(it, !slip.by_server));
        with(desk, "#nop-hay-nop", |it| hide(it, slip.by_server));
        with(desk, "#nop-hay-thu", |it| hide(it, !slip.by_server));
        say(desk, "#ma-bien-nhan", &slip.code);
        say(desk, "#nop-luc", &dates::date_time_seconds(slip.handed_in));
        say(
            desk,
            "#so-cau",
            &td_string!(locale, exam.n_of, n = slip.answered, of = slip.questions),
        );
        note(
            desk,
            "#tre",
            (slip.late > 0).then(|| td_string!(locale, exam.late, n = slip.late)),
        );
        note(
            desk,
            "#qua-tre",
            (slip.too_late > 0).then(|| td_string!(locale, exam.too_late, n = slip.too_late)),
        );
    }
    with(desk, "#xem-bai", |it| hide(it, !desk.review));
    with(desk, "#cho-cong-bo", |it| hide(it, desk.review));
    let unsent = desk.unsent();
    note(
        desk,
        "#con-gui",
        (unsent > 0).then(|| td_string!(locale, exam.done_unsent, n = unsent)),
    );
}

/// Opens the dialog over the page, or closes it. The server may have opened it as part of the page.
fn dialog(desk: &Desk, asked: bool) {
    let Some(dialog) = the_dialog(desk) else {
        return;
    };
    let modal = dialog.has_attribute("data-modal");
    if asked && !modal {
        dialog.close();
        let _ = dialog.show_modal();
        let _ = dialog.set_attribute("data-modal", "");
    } else if !asked && (modal || dialog.open()) {
        dialog.close();
        let _ = dialog.remove_attribute("data-modal");
    }
}

fn the_dialog(desk: &Desk) -> Option<HtmlDialogElement> {
    desk.root.query_selector(".exam-ask").ok()??.dyn_into().ok()
}

/// The inputs of the question shown.
fn inputs(desk: &Desk) -> Vec<HtmlInputElement> {
    let selector = format!(".exam-question[data-place=\"{}\"] input", desk.place);
    all(desk, &selector)
        .into_iter()
        .filter_map(|input| input.dyn_into().ok())
        .collect()
}

fn all(desk: &Desk, selector: &str) -> Vec<Element> {
    let Ok(nodes) = desk.root.query_selector_all(selector) else {
        return Vec::new();
    };
    (0..nodes.length())
        .filter_map(|i| nodes.item(i)?.dyn_into().ok())
        .collect()
}

fn with(desk: &Desk, selector: &str, act: impl FnOnce(&Element)) {
    if let Ok(Some(element)) = desk.root.query_selector(selector) {
        act(&element);
    }
}

fn say(desk: &Desk, selector: &str, words: &str) {
    with(desk, selector, |it| {
        if it.text_content().as_deref() != Some(words) {
            it.set_text_content(Some(words));
        }
    });
}

/// A remark that is only there when there is something to say.
fn note(desk: &Desk, selector: &str, words: Option<String>) {
    with(desk, selector, |it| hide(it, words.is_none()));
    if let Some(words) = words {
        say(desk, selector, &words);
    }
}

fn hide(element: &Element, hidden: bool) {
    turn(element, "hidden", hidden);
}

/// A boolean attribute.
fn turn(element: &Element, name: &str, on: bool) {
    if element.has_attribute(name) != on {
        let _ = element.toggle_attribute_with_force(name, on);
    }
}

fn set(element: &Element, name: &str, value: &str) {
    if element.get_attribute(name).as_deref() != Some(value) {
        let _ = element.set_attribute(name, value);
    }
}
