//! The port: what the face asks of the house. The house implements it; nothing here knows how.
//!
//! Every method authorises `visit` for itself, first. One trait for each desk of the house.

mod accounts;
mod contests;
mod exams;
mod hall;
mod imports;
mod judging;
mod people;
mod questions;
mod tablet;

pub use accounts::{Account, Accounts, NewSession};
pub use contests::{ContestLine, Contests};
pub use exams::{
    AttemptLine, AttemptRoll, AttemptSums, ExamConsole, Exams, FrozenQuestion, Gathered, KeyPreview,
    NextStep, WantedAttempts,
};
pub use hall::{Halls, ScreenDoor, ScreenHealth, ScreenSeen};
pub use imports::{Applied, Imports, Preview, Upload, UploadBody, UploadKind};
pub use judging::Judging;
pub use people::{Card, CardSheet, HeadCount, NewPerson, People, Person, Roll, Wanted};
pub use questions::{BankFilter, BankQuestion, BankSummary, Questions};
pub use tablet::{Packet, Saved, Tablet};

pub use crate::outbox::{MarkReceipt, MarkSent};
use crate::words::Locale;
use contest::{Actor, ContestId};
use std::sync::Arc;

pub use crate::error::AppError;
pub use contest::preview::Move;

/// What the house answers.
pub type Answer<T> = Result<T, AppError>;

/// The whole house, as pages and server functions find it in their context (`Arc<dyn Backend>`).
pub trait Backend:
    Accounts + Contests + People + Questions + Imports + Exams + Tablet + Judging + Halls
{
}
impl<T: Accounts + Contests + People + Questions + Imports + Exams + Tablet + Judging + Halls> Backend for T {}

/// The house of the request being answered.
pub fn house() -> Arc<dyn Backend> {
    leptos::prelude::expect_context()
}

/// Who asks: in the context of every page and server function.
#[derive(Clone, Debug)]
pub struct Visit {
    /// As the session says; [`Actor::Public`] without one.
    pub actor: Actor,
    /// The contest that a personal code belongs to; `None` for organizers and the public.
    pub contest: Option<ContestId>,
    /// The person's or account's name; empty for the public.
    pub name: String,
    /// The device cookie's value, hashed; stable for one browser. Never empty.
    pub device: String,
    /// What the browser says it is, shortened ("Android, Chrome"); for lists of devices.
    pub device_label: String,
    /// The session's token, hashed; `None` without a session.
    pub session: Option<String>,
    pub locale: Locale,
    /// Scheme and host as the visitor's browser knows this house (`http://192.168.1.5:3000`).
    pub origin: String,
}

impl Visit {
    /// The same visitor, asking for what anybody may see.
    pub fn as_public(self) -> Self {
        Self {
            actor: Actor::Public,
            contest: None,
            session: None,
            ..self
        }
    }

    /// The visitor as `contest` knows him: whoever entered by another contest's code is the public
    /// there. Every decision and every view of a contest takes this, never `actor` itself.
    pub fn actor_in(&self, contest: &ContestId) -> Actor {
        match self.actor {
            Actor::Organizer { .. } | Actor::Public | Actor::System => self.actor,
            _ if self.contest.as_ref() == Some(contest) => self.actor,
            _ => Actor::Public,
        }
    }
}

/// Who asks, in the request being answered.
pub fn visit() -> Visit {
    leptos::prelude::expect_context()
}
