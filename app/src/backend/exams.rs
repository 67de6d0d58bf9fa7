//! Running an exam round: papers, the hall's progress, marking, corrections, explanations.

use super::{Answer, Visit};
use async_trait::async_trait;
use contest::{
    Blocker, ContestId, Millis, Moment, PersonId, Points, RoundId, TeamId,
    audience::Progress,
    exam::Exam,
    explain::{Explanation, MarkedPaper},
    intake::QuestionDraft,
    question::Choice,
    rules::Round,
};
use std::collections::BTreeMap;

/// What the page of an exam round shows the staff.
#[derive(Clone, Debug)]
pub struct ExamConsole {
    pub round: Round,
    pub exam: Exam,
    pub now: Moment,
    /// The step that comes next, and what blocks it.
    pub next: NextStep,
    pub blockers: Vec<Blocker>,
    pub progress: Progress,
    pub sums: AttemptSums,
    /// The same of the papers that are in, by team.
    pub gathered: BTreeMap<TeamId, Gathered>,
    /// When the last of those who have not handed in runs out of time.
    pub last_deadline: Option<Moment>,
}

/// How many contestants of the round are how far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AttemptSums {
    pub all: u32,
    pub started: u32,
    /// Of those who have started.
    pub handed_in: u32,
    /// Whose time is over without their having started: their papers are closed, and handed in by nobody.
    pub absent: u32,
    /// Who still write, on tablets that hold something back.
    pub unsent: u32,
    /// Who have answers that came too late and that nobody has admitted.
    pub late: u32,
}

/// The papers of one team that are no longer out; counted as in [`AttemptSums`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gathered {
    pub handed_in: u32,
    pub absent: u32,
}

/// Which attempts a page of their list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WantedAttempts {
    pub team: Option<TeamId>,
    pub person: Option<PersonId>,
    /// From 1.
    pub page: u32,
}

/// A page of the attempts, by number (SBD). Empty before the papers are built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptRoll {
    pub lines: Vec<AttemptLine>,
    /// How many there are on all pages.
    pub found: u32,
    /// The page shown, which is one that exists.
    pub page: u32,
    pub pages: u32,
}

/// The one large action of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextStep {
    Prepare,
    Open,
    Close,
    Mark,
    Publish,
    Nothing,
}

/// One contestant in an exam round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptLine {
    pub person: PersonId,
    pub name: String,
    pub sbd: String,
    pub team: TeamId,
    pub paper: u32,
    pub started_at: Option<Moment>,
    pub deadline: Option<Moment>,
    pub handed_in: Option<Moment>,
    pub by_server: bool,
    pub answered: u32,
    /// Answers within the grace, and after it.
    pub late: u32,
    pub too_late: u32,
    pub admitted: bool,
    /// Extra time granted, in all.
    pub extra: Millis,
    pub last_seen: Option<Moment>,
    pub unsent: u32,
    /// In percent, where the browser tells it.
    pub battery: Option<u8>,
    /// Once marked; organizers and secretaries only see it.
    pub points: Option<Points>,
}

/// A question of the frozen bank, for corrections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrozenQuestion {
    pub question: u16,
    pub draft: QuestionDraft,
    /// The correction in force: `Some(None)` is void.
    pub correction: Option<Option<Choice>>,
    /// On how many papers it stands.
    pub used: bool,
}

/// Who would move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPreview {
    pub question: FrozenQuestion,
    /// In the order of the standings after; teams that stay where they are with the same total too.
    pub moves: Vec<super::Move>,
}

/// Exam rounds. Staff of the contest; changes for organizers.
#[async_trait]
pub trait Exams: Send + Sync {
    async fn exam_console(&self, visit: &Visit, contest: &ContestId, round: RoundId) -> Answer<ExamConsole>;
    /// A page of the round's attempts; never more than a page is held.
    async fn attempts(
        &self,
        visit: &Visit,
        contest: &ContestId,
        round: RoundId,
        wanted: WantedAttempts,
    ) -> Answer<AttemptRoll>;
    /// Freezes the bank, draws the seed, builds every paper and deals them.
    async fn prepare_exam(&self, visit: &Visit, contest: &ContestId, round: RoundId) -> Answer<u64>;
    /// Marks every attempt by the frozen key and its corrections.
    async fn mark_exam(&self, visit: &Visit, contest: &ContestId, round: RoundId) -> Answer<u64>;
    async fn frozen_questions(
        &self,
        visit: &Visit,
        contest: &ContestId,
        round: RoundId,
    ) -> Answer<Vec<FrozenQuestion>>;
    /// `correct: None` asks what declaring it void would do.
    async fn preview_key(
        &self,
        visit: &Visit,
        contest: &ContestId,
        round: RoundId,
        question: u16,
        correct: Option<Choice>,
    ) -> Answer<KeyPreview>;
    /// Records the correction with its reason and, where the round is marked, the new marks.
    async fn correct_key(
        &self,
        visit: &Visit,
        contest: &ContestId,
        round: RoundId,
        question: u16,
        correct: Option<Choice>,
        reason: String,
    ) -> Answer<u64>;
    /// Who would move if the late packets of `person` counted.
    async fn preview_late(
        &self,
        visit: &Visit,
        contest: &ContestId,
        round: RoundId,
        person: PersonId,
    ) -> Answer<Vec<super::Move>>;
    /// Lets the late packets of `person` count; where the round is marked, with the new marks.
    async fn admit_late(
        &self,
        visit: &Visit,
        contest: &ContestId,
        round: RoundId,
        person: PersonId,
        reason: String,
    ) -> Answer<u64>;
    /// "Explain this total", with the names of the members.
    async fn explain(
        &self,
        visit: &Visit,
        contest: &ContestId,
        team: TeamId,
    ) -> Answer<(Explanation, BTreeMap<PersonId, String>)>;
    /// A contestant's marked paper, with his name; only once the round is marked.
    async fn explain_paper(
        &self,
        visit: &Visit,
        contest: &ContestId,
        round: RoundId,
        person: PersonId,
    ) -> Answer<(String, MarkedPaper)>;
}
