//! The desks of the house: each authorises, decides, records and publishes for its part of the port.

mod accounts;
mod bundle;
pub(crate) mod cards;
mod contests;
mod demo;
mod door;
mod drafts;
mod enrolment;
mod exams;
#[cfg(test)]
mod exams_tests;
#[cfg(test)]
mod hall;
mod handing;
mod health;
mod house;
mod imports;
mod judging;
#[cfg(test)]
mod judging_tests;
mod limits;
mod marks;
mod order;
pub mod papers;
mod password;
mod people;
mod progress;
mod questions;
mod recent;
mod record;
mod room;
mod roster;
pub(crate) mod screens;
pub mod session;
pub(crate) mod showing;
mod sweeper;
mod tablet;
#[cfg(test)]
mod tests;
pub(crate) mod token;

pub use demo::Demo;
pub use house::{House, OpenError, Presence};
pub use progress::facts;
pub use record::{Effect, Effects};
