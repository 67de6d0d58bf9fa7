//! The face of hoithi: pages, islands and the words on them.
//!
//! Pages, the router and the shell are compiled for the server only (`ssr`); islands for both sides.
//! What is shared must not name `leptos_router`: its hooks panic inside an island.

// A page is one deeply nested type.
#![recursion_limit = "256"]

#[cfg(feature = "ssr")]
pub mod backend;
pub mod dates;
pub mod error;
pub mod icon;
pub mod island;
#[cfg(feature = "ssr")]
pub mod numerals;
pub mod outbox;
pub mod words;
pub mod words_of;

#[cfg(feature = "ssr")]
pub mod api;
#[cfg(feature = "ssr")]
pub mod layout;

#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
mod shell;

#[cfg(feature = "ssr")]
pub use shell::{App, SiteFiles, shell};
