//! The product in a real browser.

mod clicker;
mod driver;
mod every_page;
mod hall;
mod hall_desk;
mod host;
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
