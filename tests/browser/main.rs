//! The product in a real browser.

mod driver;
mod hall;
mod pages;
mod story;
mod window;
