//! What somebody wants to happen.

use crate::{
    Digest, Millis, PersonId, RoundId, TeamId, UserId,
    exam::TeamMark,
    people::Details,
    question::{Choice, Frozen},
    reveal::RevealAct,
    rules::Rules,
    screen::ScreenAct,
    stage::StageAct,
};
use serde::{Deserialize, Serialize};

/// A wish; [`Contest::decide`](crate::Contest::decide) answers with facts or a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    CreateContest {
        details: Details,
        rules: Rules,
    },
    ChangeDetails {
        details: Details,
    },
    AddOrganizer {
        user: UserId,
    },
    RemoveOrganizer {
        user: UserId,
    },
    /// Teams by name; those already registered (same folded name) are left as they are.
    AddTeams {
        teams: Vec<(String, String)>,
    },
    /// Teams from a file, as [`NewTeam`]s: new ones come with their cluster, and those registered without
    /// one are put into it; a cluster that a team has already stays.
    EnrolTeams {
        teams: Vec<NewTeam>,
    },
    ChangeTeam {
        team: TeamId,
        name: String,
        unit: String,
    },
    RemoveTeam {
        team: TeamId,
    },
    SetRules {
        rules: Rules,
        reason: Option<String>,
    },
    /// Freezes `bank` and builds the papers for `contestants` people.
    PrepareExam {
        round: RoundId,
        bank: Frozen,
        contestants: u32,
    },
    OpenExam {
        round: RoundId,
    },
    PauseExam {
        round: RoundId,
        reason: String,
    },
    ResumeExam {
        round: RoundId,
    },
    GrantTime {
        round: RoundId,
        person: PersonId,
        millis: Millis,
        reason: String,
    },
    /// `remark` holds the new marks when the round is already marked.
    AdmitLate {
        round: RoundId,
        person: PersonId,
        reason: String,
        remark: Option<Marking>,
    },
    CloseExam {
        round: RoundId,
        reason: Option<String>,
    },
    ReopenExam {
        round: RoundId,
        millis: Millis,
        reason: String,
    },
    /// `remark` holds the new marks when the round is already marked.
    CorrectKey {
        round: RoundId,
        question: u16,
        options: u8,
        correct: Option<Choice>,
        reason: String,
        remark: Option<Marking>,
    },
    MarkExam {
        round: RoundId,
        marking: Marking,
    },
    PublishExam {
        round: RoundId,
    },
    DecideTie {
        teams: Vec<TeamId>,
        reason: String,
    },
    /// These equals, all of them, share their place.
    SharePlace {
        teams: Vec<TeamId>,
        reason: String,
    },
    /// Puts teams into a cluster; an empty name takes them out.
    SetCluster {
        teams: Vec<TeamId>,
        cluster: String,
    },
    Stage {
        round: RoundId,
        act: StageAct,
        /// The ledger's last number on the page from which somebody acts: what has moved since and bears on the
        /// act, refuses it. `None` where nothing was shown.
        seen: Option<u64>,
    },
    Screen {
        act: ScreenAct,
    },
    Reveal {
        act: RevealAct,
    },
    GiveAward {
        award: u32,
        teams: Vec<TeamId>,
        reason: String,
    },
    FileAppeal {
        team: TeamId,
        text: String,
    },
    AnswerAppeal {
        appeal: u32,
        upheld: bool,
        reason: String,
    },
}

/// A team as a file has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewTeam {
    pub name: String,
    pub unit: String,
    /// Empty without clusters.
    pub cluster: String,
}

/// Marks as the attempts give them, with the content that lists them all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marking {
    pub marks: Vec<TeamMark>,
    pub listing: Digest,
}

/// What the tables say at the moment of a decision, for rules that depend on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Contestants registered in the contest.
    pub contestants: u32,
    /// Attempts of the round that are not handed in yet.
    pub unfinished: u32,
    /// The latest deadline among unfinished attempts of the round.
    pub last_deadline: Option<crate::Moment>,
    /// A question that the papers of the prepared round were built from has been edited or removed.
    #[serde(default)]
    pub bank_changed: bool,
}
