//! Pages, one module for each address; rendered on the server only.

pub mod account;
pub mod board;
pub mod console;
pub mod demo;
pub mod entry;
pub mod exam;
pub mod explain;
pub mod home;
pub mod host;
pub mod judge;
pub mod marked;
pub mod marked_paper;
pub mod overlay;
pub mod screen;
pub mod screen_claim;
