//! The desks of the house: each authorises, decides, records and publishes for its part of the port.

mod house;
mod record;
pub mod session;

pub use house::{House, OpenError, Presence};
pub use record::{Effect, Effects};
