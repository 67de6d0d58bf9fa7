//! A screen of the hall: what it shows, drawn entirely in units of its own box, so that the same parts
//! make a wall of light and a thumbnail at the console.

pub mod awake;
pub(crate) mod face;
pub mod fit;
mod health;
mod page;
mod rows;
#[cfg(test)]
mod samples;
mod scene;
mod scene_box;
#[cfg(test)]
mod tests;
mod watch;

use contest::screen::Language;
use leptos::prelude::*;

use super::board::movement::Trail;
use super::live::Line;
use crate::words::Locale;

pub(crate) use scene::size;
pub use scene_box::SceneBox;
pub use watch::ScreenIsland;

/// What moves a screen beside its view: the stream, the rows' movements, the page of a long list.
#[derive(Clone, Copy, Debug)]
pub struct Life {
    /// Of whose clock the scenes tell the time.
    pub line: Line,
    /// Whether an island drives it: then it never scrolls.
    pub live: RwSignal<bool>,
    pub(crate) trail: RwSignal<Trail>,
    /// From 0; pages beyond the last begin again.
    pub page: RwSignal<usize>,
}

impl Life {
    /// A screen that begins at that page of a long list.
    pub fn new(line: Line, page: usize) -> Self {
        Self {
            line,
            live: RwSignal::new(false),
            trail: RwSignal::new(Trail::default()),
            page: RwSignal::new(page),
        }
    }
}

/// The words of a screen's language.
pub fn locale(language: Language) -> Locale {
    match language {
        Language::Vi => Locale::vi,
        Language::En => Locale::en,
    }
}
