//! What a demo can do beyond a real contest. The command line installs it.

use app::backend::Answer;
use async_trait::async_trait;

/// A rehearsal with invented people.
#[async_trait]
pub trait Demo: Send + Sync {
    /// What each entry link is for, and the link, as a browser knows it that came by `origin`.
    async fn links(&self, origin: &str) -> Answer<Vec<(String, String)>>;
    /// Plays what is left of the contest, or all of a new one, at `speed` times human pace.
    async fn play(&self, speed: u32) -> Answer<()>;
}
