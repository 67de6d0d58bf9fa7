//! The product in a real browser.

mod driver;
mod pages;
mod screens;
mod story;
mod window;
mod wire;
