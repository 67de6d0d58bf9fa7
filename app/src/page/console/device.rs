//! How a device is doing: shown beside whoever it belongs to.

use contest::Moment;
use leptos::prelude::*;

use crate::backend::{AttemptLine, Person};
use crate::dates;
use crate::icon::{Icon, icon};
use crate::words::{Locale, td_string};

/// After so long without a word a device counts as gone.
const SILENT: i64 = 30_000;
/// A battery that must be seen to, in percent.
const LOW: u8 = 20;

/// What was heard of a device.
pub struct Heard {
    pub last_seen: Option<Moment>,
    pub unsent: u32,
    pub battery: Option<u8>,
}

impl From<&Person> for Heard {
    fn from(person: &Person) -> Self {
        Self {
            last_seen: person.last_seen,
            unsent: person.unsent,
            battery: person.battery,
        }
    }
}

impl From<&AttemptLine> for Heard {
    fn from(line: &AttemptLine) -> Self {
        Self {
            last_seen: line.last_seen,
            unsent: line.unsent,
            battery: line.battery,
        }
    }
}

/// On what a person is, whether it is heard now, what it has not sent yet, and its battery.
pub fn device(locale: Locale, person: &Person, now: Moment) -> AnyView {
    match &person.device {
        None => view! { <span class="soft">{td_string!(locale, console.not_entered)}</span> }.into_any(),
        Some(label) => view! {
            <div>{label.clone()}</div>
            {heard(locale, &person.into(), now, false)}
        }
        .into_any(),
    }
}

/// The state of a device in words; that it is silent is a warning where it `matters`.
pub fn heard(locale: Locale, heard: &Heard, now: Moment, matters: bool) -> AnyView {
    let state = heard.last_seen.map(|at| {
        let (at, there) = (dates::time(at), now - at < SILENT);
        let (class, drawing, words) = match (there, matters) {
            (true, _) => (
                "soft small",
                Icon::Check,
                td_string!(locale, console.device_there).to_owned(),
            ),
            (false, true) => (
                "badge warning",
                Icon::WifiOff,
                td_string!(locale, console.silent_since, at = at),
            ),
            (false, false) => (
                "soft small",
                Icon::WifiOff,
                td_string!(locale, console.seen_at, at = at),
            ),
        };
        view! { <span class=format!("{class} with-icon")>{icon(drawing)}<span>{words}</span></span> }
    });
    let unsent = (heard.unsent > 0).then(|| {
        let words = td_string!(locale, console.n_unsent, n = heard.unsent);
        view! { <span class="badge warning">{words}</span> }
    });
    let battery = heard.battery.map(|percent| {
        let words = td_string!(locale, console.battery, percent = percent);
        let class = if percent <= LOW {
            "badge warning"
        } else {
            "soft small"
        };
        view! { <span class=class>{words}</span> }
    });
    view! { <div class="badges">{state}{unsent}{battery}</div> }.into_any()
}
