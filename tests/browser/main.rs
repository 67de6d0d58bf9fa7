//! The product in a real browser.

mod broadcast;
mod clocks;
mod cut_off;
mod driver;
mod every_page;
mod hall;
mod judging;
mod pages;
mod screens;
mod seldom;
mod story;
mod tablets;
mod wall;
mod walls;
mod window;
mod wire;
