//! A contestant's page in the browser.
//!
//! The server renders all of it, as plain forms that work by themselves. This island takes the same
//! markup over in place: it saves each tap, watches the clock and follows the contest. It draws nothing
//! of its own but words, classes and `hidden`, so that nothing flickers and little is loaded: rendered by
//! views on both sides it would be 70 kB larger, and tablets in a hall share one Wi-Fi.

mod battery;
mod clock;
mod desk;
mod paint;
pub(crate) mod store;
mod stray;
mod stream;
pub(super) mod wire;

use leptos::prelude::*;

/// The cookie with the size of the letters: 0, 1 or 2.
pub const SCALE_COOKIE: &str = "co-chu";

/// Where a page of somebody leads whom the secretary has moved to another device.
pub const MOVED_AWAY: &str = "/vao?da-chuyen=1";

/// The id of the form around the questions; buttons elsewhere on the page belong to it by this name.
pub const FORM: &str = "bai";

/// Takes over the contestant's page inside it.
#[island]
pub fn ExamDesk(children: Children) -> impl IntoView {
    Effect::new(move |started: Option<()>| {
        if started.is_none() {
            desk::start();
        }
    });
    children()
}
