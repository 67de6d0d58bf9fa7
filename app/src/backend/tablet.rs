//! A contestant's tablet.

use super::{Answer, Visit};
use async_trait::async_trait;
use contest::{
    audience::{Sitting, Slip},
    explain::MarkedPaper,
};

pub use crate::outbox::{Packet, Saved};

/// The contestant's own attempt. Contestants only, and only on the one device bound to them.
#[async_trait]
pub trait Tablet: Send + Sync {
    /// Opens the paper on the first call after the round opened.
    async fn sitting(&self, visit: &Visit) -> Answer<Sitting>;
    /// Durable when it returns. Refused as a whole only if the attempt is not his or a question
    /// or option does not exist; late answers are kept and flagged.
    async fn save(&self, visit: &Visit, packet: Packet) -> Answer<Saved>;
    /// Handing in twice gives the same slip.
    async fn hand_in(&self, visit: &Visit, attempt: i64) -> Answer<Slip>;
    /// His marked paper, after publication, if the rules allow it.
    async fn review(&self, visit: &Visit) -> Answer<MarkedPaper>;
}
