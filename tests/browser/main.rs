//! The product in a real browser.

mod driver;
mod pages;
mod story;
mod window;
