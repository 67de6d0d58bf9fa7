//! The desks of the house: each authorises, decides, records and publishes for its part of the port.

mod accounts;
mod house;
mod limits;
mod password;
mod record;
pub mod session;
mod token;

pub use house::{House, OpenError, Presence};
pub use record::{Effect, Effects};
