//! The product in a real browser.

mod clicker;
mod driver;
mod every_page;
mod hall;
mod hall_desk;
mod host;
mod judging;
mod pages;
mod screens;
mod seldom;
mod story;
mod tablets;
mod window;
mod wire;
