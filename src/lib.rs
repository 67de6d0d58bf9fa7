//! The rules of a "Dân vận khéo" contest, pure: no I/O, no clock, no entropy, no async.
//!
//! A contest is an append-only [`ledger`] of [`event`]s. [`Contest::decide`] turns a
//! [`Command`](command::Command) into events or a [`Refusal`], [`Contest::apply`] folds them,
//! and [`audience`] shows each viewer what that viewer may see. Everything compiles for the
//! server and for the browser; the caller passes the time (`now`) and the randomness in.

pub mod actor;
pub mod attempt;
pub mod audience;
pub mod award;
pub mod command;
mod confirm;
pub mod contest;
mod decide;
mod decide_exam;
mod decide_hall;
mod decide_rules;
mod decide_stage;
pub mod draw;
mod entrants;
pub mod event;
pub mod exam;
pub mod explain;
pub mod freeze;
pub mod hall;
pub mod hall_view;
pub mod ident;
pub mod intake;
pub mod ledger;
pub mod marking;
pub mod panel;
pub mod paper;
pub mod people;
#[cfg(test)]
mod play;
pub mod points;
pub mod preview;
pub mod question;
pub mod refusal;
pub mod reveal;
pub mod rules;
pub mod screen;
pub mod stage;
mod stage_time;
pub mod stage_view;
pub mod standing;
pub mod template;
pub mod touched;

pub use actor::Actor;
pub use command::Command;
pub use contest::Contest;
pub use event::Event;
pub use ident::{ContestId, Digest, Millis, Moment, PersonId, RoundId, TeamId, UserId};
pub use points::Points;
pub use refusal::{Blocker, Refusal};
