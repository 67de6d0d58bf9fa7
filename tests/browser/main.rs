//! The product in a real browser.

mod driver;
mod judging;
mod pages;
mod story;
mod window;
