//! The question bank of a contest.

use super::{Answer, Visit};
use async_trait::async_trait;
use contest::{
    ContestId,
    intake::{Level, QuestionDraft},
};

/// A question of the bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankQuestion {
    pub id: i64,
    pub question: QuestionDraft,
}

/// Which questions to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BankFilter {
    pub topic: Option<String>,
    pub level: Option<Level>,
    /// Words anywhere in the text, without regard to case and accents.
    pub search: String,
    /// From 0, 50 questions each.
    pub page: u32,
}

/// How many questions there are of each topic and level.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BankSummary {
    pub total: u32,
    /// Sorted by topic in Vietnamese order, then level.
    pub cells: Vec<(String, Level, u32)>,
}

/// The bank. Organizers of the contest only: it holds the key.
#[async_trait]
pub trait Questions: Send + Sync {
    /// A page of questions and the number of all that match.
    async fn questions(
        &self,
        visit: &Visit,
        contest: &ContestId,
        filter: BankFilter,
    ) -> Answer<(Vec<BankQuestion>, u32)>;
    async fn bank_summary(&self, visit: &Visit, contest: &ContestId) -> Answer<BankSummary>;
    async fn add_question(&self, visit: &Visit, contest: &ContestId, question: QuestionDraft) -> Answer<i64>;
    async fn change_question(
        &self,
        visit: &Visit,
        contest: &ContestId,
        id: i64,
        question: QuestionDraft,
    ) -> Answer<()>;
    async fn remove_question(&self, visit: &Visit, contest: &ContestId, id: i64) -> Answer<()>;
}
