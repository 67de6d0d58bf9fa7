//! Contests and their ledgers.

use super::{Answer, Visit};
use async_trait::async_trait;
use contest::{
    Command, Contest, ContestId, Moment,
    audience::Board,
    contest::ContestPhase,
    ledger::{Broken, Entry},
    people::Details,
    template::Template,
};
use std::sync::Arc;

/// A contest, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContestLine {
    pub id: ContestId,
    pub name: String,
    pub phase: ContestPhase,
    pub place: String,
    pub starts_at: Option<Moment>,
    pub teams: u32,
}

/// Contests, the one door for every change, boards, ledgers.
#[async_trait]
pub trait Contests: Send + Sync {
    /// Those that the visitor organizes, the newest first; for the public those that have opened.
    async fn contests(&self, visit: &Visit) -> Answer<Vec<ContestLine>>;
    /// Organizers only.
    async fn create_contest(&self, visit: &Visit, details: Details, template: Template) -> Answer<ContestId>;
    /// The state for staff pages. Organizers and secretaries of this contest only.
    async fn contest(&self, visit: &Visit, id: &ContestId) -> Answer<Arc<Contest>>;
    /// The one door: decide, append, apply, publish. Answers with the ledger's new last number.
    /// Commands that carry content (prepare, mark, correct) have methods of their own in `Exams`.
    async fn execute(&self, visit: &Visit, id: &ContestId, command: Command) -> Answer<u64>;
    /// Remembers for a while, on this node, what this organizer typed and could not save.
    fn keep_draft(&self, visit: &Visit, id: &ContestId, text: String);
    /// What he typed, if it is still remembered.
    fn draft(&self, visit: &Visit, id: &ContestId) -> Option<String>;
    /// What this visitor may see of the board.
    async fn board(&self, visit: &Visit, id: &ContestId) -> Answer<Arc<Board>>;
    /// Up to `limit` entries before number `before` (`None`: the newest), the newest first. Staff only.
    async fn ledger(
        &self,
        visit: &Visit,
        id: &ContestId,
        before: Option<u64>,
        limit: u32,
    ) -> Answer<Vec<Entry>>;
    /// Walks the chain; `Ok(Ok(n))` when all n entries are sound. Organizers only.
    async fn verify(&self, visit: &Visit, id: &ContestId) -> Answer<Result<u64, Broken>>;
    /// Entry links for every role, on a demo database only; `None` elsewhere.
    async fn demo_links(&self, visit: &Visit) -> Answer<Option<Vec<(String, String)>>>;
    /// Lets simulated contestants take the demo exam at `speed` times human pace (1 to 100). Demo only.
    async fn demo_play(&self, visit: &Visit, speed: u32) -> Answer<()>;
}
