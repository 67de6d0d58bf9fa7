//! The product in a real browser.

mod broadcast;
mod clicker;
mod clocks;
mod cut_off;
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
mod wall;
mod walls;
mod window;
mod wire;
