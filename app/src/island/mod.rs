//! Islands: the parts of a page that live in the browser. They take plain serializable props and use
//! plain `<a>`; never the router, never the server's context.

// `#[island]` makes a public struct that nothing can document.
#![allow(missing_docs)]

pub mod board;
pub mod exam;
pub mod exam_live;
pub mod live;
pub mod print;
