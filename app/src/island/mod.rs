//! Islands: the parts of a page that live in the browser. They take plain serializable props and use
//! plain `<a>`; never the router, never the server's context.

// `#[island]` makes a public struct that nothing can document.
#![allow(missing_docs)]

#[cfg(not(feature = "tablet"))]
pub mod board;
pub mod exam;
#[cfg(not(feature = "tablet"))]
pub mod exam_live;
#[cfg(not(feature = "tablet"))]
pub mod hall;
#[cfg(not(feature = "tablet"))]
pub mod host;
#[cfg(not(feature = "tablet"))]
pub mod judge_sheet;
#[cfg(not(feature = "tablet"))]
pub mod live;
#[cfg(not(feature = "tablet"))]
pub mod overlay;
#[cfg(not(feature = "tablet"))]
pub mod print;
#[cfg(not(feature = "tablet"))]
pub mod reveal_words;
#[cfg(not(feature = "tablet"))]
pub mod screen;
#[cfg(not(feature = "tablet"))]
pub mod stage_live;
