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
pub(crate) mod logos;
mod marks;
mod order;
pub mod papers;
mod password;
mod people;
mod presence;
#[cfg(test)]
mod presence_tests;
mod progress;
mod questions;
mod recent;
mod record;
mod roll;
mod room;
mod roster;
#[cfg(test)]
mod roster_tests;
pub(crate) mod screens;
#[cfg(test)]
mod screens_tests;
pub mod session;
pub(crate) mod showing;
mod sweeper;
mod tablet;
#[cfg(test)]
mod tests;
pub(crate) mod token;

pub use demo::Demo;
pub use house::{House, OpenError};
pub use progress::facts;
pub use record::{Effect, Effects};
