//! The product in a real browser.

mod driver;
mod every_page;
mod hall;
mod judging;
mod pages;
mod screens;
mod seldom;
mod story;
mod tablets;
mod window;
mod wire;
