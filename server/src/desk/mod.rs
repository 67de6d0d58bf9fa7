//! The desks of the house: each authorises, decides, records and publishes for its part of the port.

mod accounts;
mod cards;
mod contests;
mod demo;
mod house;
mod limits;
mod order;
mod password;
mod people;
mod record;
mod roster;
pub mod session;
mod token;

pub use demo::Demo;
pub use house::{House, OpenError, Presence};
pub use record::{Effect, Effects};
