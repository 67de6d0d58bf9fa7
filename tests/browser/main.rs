//! The product in a real browser.

mod driver;
mod every_page;
mod hall;
mod judging;
mod pages;
mod phones;
mod screens;
mod seldom;
mod story;
mod tablets;
mod trouble;
mod window;
mod wire;
