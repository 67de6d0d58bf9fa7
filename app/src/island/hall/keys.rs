//! The keyboard and the clicker (bút trình chiếu) at the console.

use contest::hall_view::{HallDesk, HostReveal};
use leptos::ev::KeyboardEvent;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

use super::wire::{BLANK, GO, TAKE, Way};

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Press {
    On,
    Back,
    Blank,
}

/// The press that a key stands for.
pub fn press(key: &str) -> Option<Press> {
    match key {
        "PageDown" | "ArrowRight" | " " => Some(Press::On),
        "PageUp" | "ArrowLeft" => Some(Press::Back),
        "b" | "B" | "." => Some(Press::Blank),
        _ => None,
    }
}

/// What the key means now, unless somebody is typing or the key belongs to what has the focus.
pub fn meant(event: &KeyboardEvent) -> Option<Press> {
    if event.ctrl_key() || event.alt_key() || event.meta_key() || event.is_composing() || event.repeat() {
        return None;
    }
    let press = press(&event.key())?;
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    if let Some(target) = target {
        let presses = event.key() == " ";
        let arrow = event.key().starts_with("Arrow");
        match target.tag_name().as_str() {
            "TEXTAREA" | "SELECT" => return None,
            "INPUT" => match target
                .dyn_ref::<HtmlInputElement>()
                .map(HtmlInputElement::type_)
                .as_deref()
            {
                // A box takes Space, a choice of several also the arrows.
                Some("checkbox") if !presses => {}
                Some("radio") if !presses && !arrow => {}
                _ => return None,
            },
            "BUTTON" | "SUMMARY" if presses => return None,
            _ => {}
        }
    }
    Some(press)
}

/// A step of the reveal, if the key asks for one and there is one.
pub fn steps(press: Press, reveal: &HostReveal, contest: &str, way: Way) {
    let step = reveal.step;
    let to = match press {
        Press::On if reveal.next.is_some() => step + 1,
        Press::Back if step > 0 => step - 1,
        _ => return,
    };
    way.post(
        GO,
        &[
            ("contest", contest.to_owned()),
            ("reveal", reveal.begun.to_string()),
            ("from", step.to_string()),
            ("to", to.to_string()),
        ],
    );
}

/// Does what was pressed: the reveal goes first, as long as it has steps to take.
pub fn done(press: Press, desk: &HallDesk, contest: &str, way: Way) {
    let field = || ("contest", contest.to_owned());
    match (press, &desk.reveal) {
        // Also at its end: a press too many on the clicker shows nothing that was prepared for later.
        (Press::On, Some(reveal)) => steps(press, reveal, contest, way),
        (Press::On, None) => {
            let ready = desk.screens.iter().filter(|screen| screen.next.is_some());
            let mut fields = vec![field()];
            fields.extend(ready.map(|screen| ("screens[]", screen.id.to_string())));
            if fields.len() > 1 {
                way.post(TAKE, &fields);
            }
        }
        (Press::Back, Some(reveal)) => steps(press, reveal, contest, way),
        (Press::Back, _) => {}
        (Press::Blank, _) if desk.screens.is_empty() => {}
        (Press::Blank, _) => {
            let dark = desk.screens.iter().all(|screen| screen.screen.blank);
            let (all, lit) = (("all", "true".to_owned()), ("lit", dark.to_string()));
            way.post(BLANK, &[field(), all, lit]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clickers_send_what_slides_take() {
        assert_eq!(press("PageDown"), Some(Press::On));
        assert_eq!(press("PageUp"), Some(Press::Back));
        assert_eq!(
            press("."),
            Some(Press::Blank),
            "most clickers blank with a full stop"
        );
        assert_eq!(press("Enter"), None);
    }
}
