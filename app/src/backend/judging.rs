//! Stage rounds: judges' tablets, the table, the chief judge, draws, prizes.
//!
//! Most acts are `Command::Stage` through `Contests::execute`; here stands what needs more.

use super::{Answer, MarkReceipt, MarkSent, Move, Visit};
use async_trait::async_trait;
use contest::{
    ContestId, PersonId, RoundId, TeamId,
    award::Award,
    draw::DrawOf,
    stage::StageAct,
    stage_view::{JudgeView, PanelView},
};
use std::collections::BTreeMap;

/// Judging.
#[async_trait]
pub trait Judging: Send + Sync {
    /// The judge's own view. Judges of any contest, each of his own only.
    async fn judge_view(
        &self,
        visit: &Visit,
        round: Option<RoundId>,
        team: Option<TeamId>,
    ) -> Answer<JudgeView>;
    /// Keeps a judge's marks, durable when it returns; each is answered for itself. `run` is
    /// the performance that his page shows.
    async fn save_marks(
        &self,
        visit: &Visit,
        round: RoundId,
        team: TeamId,
        run: Option<u32>,
        marks: Vec<MarkSent>,
    ) -> Answer<Vec<MarkReceipt>>;
    /// The desk of the table and of the round's chief judge, with the judges' names.
    async fn panel_view(
        &self,
        visit: &Visit,
        contest: &ContestId,
        round: RoundId,
    ) -> Answer<(PanelView, BTreeMap<PersonId, String>)>;
    /// Draws a seed, keeps it, records its hash; anew only with a reason. Organizers and secretaries.
    async fn seal_draw(
        &self,
        visit: &Visit,
        contest: &ContestId,
        round: RoundId,
        of: DrawOf,
        reason: Option<String>,
    ) -> Answer<u64>;
    /// Gives the sealed seed out and records what it draws.
    async fn open_draw(&self, visit: &Visit, contest: &ContestId, round: RoundId, of: DrawOf) -> Answer<u64>;
    /// Who would move if that were done now, by all marks that there are; nothing is recorded. Staff of
    /// the contest, and only what they may do themselves.
    async fn preview_stage(
        &self,
        visit: &Visit,
        contest: &ContestId,
        round: RoundId,
        act: StageAct,
    ) -> Answer<Vec<Move>>;
    /// The prizes by what is published (`published_only`) or by all that is confirmed. Staff only.
    async fn awards(&self, visit: &Visit, contest: &ContestId, published_only: bool) -> Answer<Vec<Award>>;
}
