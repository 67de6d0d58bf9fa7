//! What has happened: the facts of the ledger. Old ones must always replay: add, never change.

use crate::{
    Digest, Millis, PersonId, RoundId, TeamId, UserId,
    exam::{Prepared, TeamMark},
    people::{Details, Team},
    question::Choice,
    reveal::RevealFact,
    rules::Rules,
    screen::ScreenFact,
    stage::StageFact,
    standing::Stake,
};
use serde::{Deserialize, Serialize};

/// One fact. Time, actor and device stand beside it in the [`Entry`](crate::ledger::Entry).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    ContestCreated {
        details: Details,
        organizer: UserId,
        rules: Rules,
    },
    DetailsChanged {
        details: Details,
    },
    OrganizerAdded {
        user: UserId,
    },
    OrganizerRemoved {
        user: UserId,
    },
    TeamAdded {
        team: Team,
    },
    TeamChanged {
        team: Team,
    },
    TeamRemoved {
        team: TeamId,
    },
    /// After the opening only with a reason.
    RulesSet {
        rules: Rules,
        reason: Option<String>,
    },
    ExamPrepared {
        round: RoundId,
        prepared: Prepared,
    },
    ExamOpened {
        round: RoundId,
    },
    ExamPaused {
        round: RoundId,
        reason: String,
    },
    ExamResumed {
        round: RoundId,
    },
    /// Extra time or a late start.
    TimeGranted {
        round: RoundId,
        person: PersonId,
        millis: Millis,
        reason: String,
    },
    /// Packets after the grace count for this contestant.
    LateAdmitted {
        round: RoundId,
        person: PersonId,
        reason: String,
    },
    /// `reason` when time was left.
    ExamClosed {
        round: RoundId,
        reason: Option<String>,
    },
    /// With so much time for everybody.
    ExamReopened {
        round: RoundId,
        millis: Millis,
        reason: String,
    },
    /// `None` declares the question void. `question` is its place in the frozen bank.
    KeyCorrected {
        round: RoundId,
        question: u16,
        correct: Option<Choice>,
        reason: String,
    },
    ExamMarked {
        round: RoundId,
        marks: Vec<TeamMark>,
        listing: Digest,
    },
    ExamPublished {
        round: RoundId,
    },
    /// Something about the screens of the hall.
    Screen {
        fact: ScreenFact,
    },
    /// Freeze or reveal.
    Reveal {
        fact: RevealFact,
    },
    /// The order among equals, best first, as an extra question or a draw decided it.
    TieDecided {
        teams: Vec<TeamId>,
        reason: String,
        #[serde(default, skip_serializing_if = "Stake::is_everything")]
        stake: Stake,
    },
    /// The final leg begins, and these take part in it.
    FinalistsFixed {
        teams: Vec<TeamId>,
    },
    /// The committee decided that these equals share their place.
    PlaceShared {
        teams: Vec<TeamId>,
        reason: String,
    },
    /// What happened in a stage round.
    Stage {
        round: RoundId,
        fact: StageFact,
    },
    /// A prize by the committee's choice; the latest stands.
    AwardGiven {
        award: u32,
        teams: Vec<TeamId>,
        reason: String,
    },
    AppealFiled {
        appeal: u32,
        team: TeamId,
        text: String,
    },
    AppealAnswered {
        appeal: u32,
        upheld: bool,
        reason: String,
    },
}

impl Event {
    /// The event's name in the ledger (`exam_opened`).
    pub fn name(&self) -> &'static str {
        match self {
            Event::ContestCreated { .. } => "contest_created",
            Event::DetailsChanged { .. } => "details_changed",
            Event::OrganizerAdded { .. } => "organizer_added",
            Event::OrganizerRemoved { .. } => "organizer_removed",
            Event::TeamAdded { .. } => "team_added",
            Event::TeamChanged { .. } => "team_changed",
            Event::TeamRemoved { .. } => "team_removed",
            Event::RulesSet { .. } => "rules_set",
            Event::ExamPrepared { .. } => "exam_prepared",
            Event::ExamOpened { .. } => "exam_opened",
            Event::ExamPaused { .. } => "exam_paused",
            Event::ExamResumed { .. } => "exam_resumed",
            Event::TimeGranted { .. } => "time_granted",
            Event::LateAdmitted { .. } => "late_admitted",
            Event::ExamClosed { .. } => "exam_closed",
            Event::ExamReopened { .. } => "exam_reopened",
            Event::KeyCorrected { .. } => "key_corrected",
            Event::ExamMarked { .. } => "exam_marked",
            Event::ExamPublished { .. } => "exam_published",
            Event::TieDecided { .. } => "tie_decided",
            Event::FinalistsFixed { .. } => "finalists_fixed",
            Event::PlaceShared { .. } => "place_shared",
            Event::Stage { fact, .. } => fact.name(),
            Event::Screen { fact } => fact.name(),
            Event::Reveal { fact } => fact.name(),
            Event::AwardGiven { .. } => "award_given",
            Event::AppealFiled { .. } => "appeal_filed",
            Event::AppealAnswered { .. } => "appeal_answered",
        }
    }
}
