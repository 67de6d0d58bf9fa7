//! Why something may not be done. Pages choose the words; these are the reasons.

use crate::{PersonId, Points, RoundId, TeamId, exam::ExamPhase, paper::Shortage, touched::Matter};
use serde::{Deserialize, Serialize};

/// The rules' "no".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
// A tag beside the content: a list of blockers cannot hold a tag inside.
#[serde(tag = "refusal", content = "of", rename_all = "snake_case")]
pub enum Refusal {
    /// This actor may not do that in this contest.
    #[error("not allowed")]
    NotAllowed,
    #[error("there is no such round, or it is no exam")]
    UnknownRound,
    #[error("there is no such team")]
    UnknownTeam,
    #[error("there is no such question in this round")]
    UnknownQuestion,
    /// The round is in another phase than the act needs.
    #[error("the round is {phase:?}")]
    WrongPhase { phase: ExamPhase },
    /// The step is right but something stands in its way.
    #[error("blocked: {0:?}")]
    Blocked(Box<[Blocker]>),
    #[error("a reason is needed")]
    ReasonNeeded,
    /// The contest has opened: teams and details stand.
    #[error("frozen since the contest opened")]
    Frozen,
    #[error("field {field:?} is invalid: {fault:?}")]
    Invalid { field: Field, fault: Fault },
    #[error("the last organizer stays")]
    LastOrganizer,
    /// The sheet is handed in or its mark confirmed: it must be reopened first.
    #[error("the sheet is locked")]
    SheetLocked,
    /// The house holds a newer or another mark under this revision: what it holds.
    #[error("the mark has changed: revision {revision}")]
    StaleMark { revision: u32, points: Option<Points> },
    /// The page is about an earlier performance of the team; this one counts now.
    #[error("the team performs again: {run}")]
    OtherRun { run: u32 },
    /// What this act stands on has moved since its page was made: what, and what stands now.
    #[error("overtaken: {moved:?}")]
    Overtaken {
        /// The team's name; `None` for what concerns the whole round.
        team: Option<String>,
        moved: Vec<Matter>,
        deduction: Option<Points>,
        mark: Option<Points>,
    },
    /// No sheet stands apart: there is nothing to note.
    #[error("no sheet stands apart")]
    NoSpread,
    /// Whoever has asked for a correction does not agree to it himself, and nothing else was asked.
    #[error("somebody else must agree to the correction")]
    NotTheSecond,
    /// The team has not been called on stage, or is absent.
    #[error("the team is not on stage")]
    NotOnStage,
    /// The hash of this seed is not the one that was sealed, or nothing is sealed.
    #[error("this is not the sealed draw")]
    WrongSeal,
    #[error("there is no such appeal, or it is answered")]
    UnknownAppeal,
    #[error("there is no such screen")]
    UnknownScreen,
    #[error("no reveal is under way")]
    NoReveal,
    /// The page is about a reveal that is over; another one is under way.
    #[error("another reveal is under way")]
    OtherReveal,
    /// The window for complaints is not open.
    #[error("complaints are not heard now")]
    AppealsClosed,
}

impl Refusal {
    /// Shorthand for an invalid field.
    pub fn invalid(field: Field, fault: Fault) -> Self {
        Self::Invalid { field, fault }
    }
}

/// A field of a form that can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Name,
    Unit,
    Reason,
    Weight,
    Maximum,
    Duration,
    Grace,
    Entry,
    Blueprint,
    Papers,
    Points,
    Rounding,
    Rounds,
    TieBreaks,
    Minutes,
    Choice,
    CutOff,
    Members,
    Mark,
    Rubric,
    Order,
    Text,
    Awards,
    Screen,
    Scale,
    Logo,
}

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    Empty,
    TooLong,
    OutOfRange,
    Duplicate,
    Unknown,
    /// Not a multiple of the criterion's step.
    OffStep,
    NotANumber,
}

/// One thing that stands in the way of the next step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "blocker", rename_all = "snake_case")]
pub enum Blocker {
    NoTeams,
    NoContestants,
    NoBlueprint,
    /// The bank has not enough questions for the blueprint.
    Shortage {
        shortage: Shortage,
    },
    NotPrepared,
    /// These are equal; an order of others, or of some of them only, decides nothing.
    NotAllEquals {
        teams: Vec<TeamId>,
    },
    /// The lots of the final were drawn for other teams than those who go on now.
    OtherFinalists {
        teams: Vec<TeamId>,
    },
    /// The round has begun: it stays what it is.
    RoundBegun {
        round: RoundId,
    },
    /// Points stand on sheets of the round that the new rubric could not have given.
    SheetsStand {
        round: RoundId,
    },
    /// Marks of the round are confirmed: how they are made stays as it is.
    MarksStand {
        round: RoundId,
    },
    /// These judges' sheets do not fit the rubric as it is now.
    SheetOutdated {
        team: TeamId,
        judges: Vec<PersonId>,
    },
    /// The bank was corrected since: the papers still go by its old questions and key.
    BankChanged,
    /// Another exam of this contest is open.
    OtherExamOpen {
        round: RoundId,
    },
    Paused,
    /// So many attempts are not handed in.
    Unfinished {
        count: u32,
    },
    /// Time is left for some: close early only with a reason.
    TimeLeft {
        millis: crate::Millis,
    },
    /// These are equal across the cut-off line and the rules ask the committee to decide.
    TieAtCutOff {
        teams: Vec<TeamId>,
    },
    /// The round has no judges or no chief judge.
    NoPanel,
    NoRubric,
    NoOrder,
    ClockRunning {
        team: TeamId,
    },
    /// These judges have not handed in their sheet for the team.
    MissingSheets {
        team: TeamId,
        judges: Vec<PersonId>,
    },
    /// These stand far from the others, and no note of the discussion is there.
    SpreadWithoutNote {
        team: TeamId,
        judges: Vec<PersonId>,
    },
    /// The clock proposes a deduction that nobody has confirmed.
    DeductionOpen {
        team: TeamId,
        proposed: Points,
    },
    /// These criteria of the sheet are blank.
    Blank {
        criteria: Vec<u32>,
    },
    /// The one who confirms would confirm only his own marks.
    SecondPersonNeeded,
    /// Who takes part is known once these rounds are published.
    EarlierRounds {
        rounds: Vec<RoundId>,
    },
    /// These are equal for the first place, and the rules want one winner.
    TieForFirst {
        teams: Vec<TeamId>,
    },
    /// The round still waits for these teams.
    Unconfirmed {
        teams: Vec<TeamId>,
    },
    /// The public sees the live standings: there is nothing to reveal.
    NotFrozen,
    /// These rounds are not published.
    Unpublished {
        rounds: Vec<RoundId>,
    },
    /// These are equal across the last place of a prize, and the committee has yet to decide.
    TiedForPrize {
        award: u32,
        teams: Vec<TeamId>,
    },
    /// A reveal is under way.
    Revealing,
    /// The round is published, but these have no confirmed mark in it (any more).
    Incomplete {
        round: RoundId,
        teams: Vec<TeamId>,
    },
    /// A correction of these confirmed marks waits for a second person.
    CorrectionWaiting {
        round: RoundId,
        teams: Vec<TeamId>,
    },
    /// It is recorded neither to whom these prizes go nor that nobody gets them.
    PrizesNotGiven {
        awards: Vec<u32>,
    },
    /// Marks or prizes are others than those that the reveal tells.
    RevealOvertaken,
    /// The standings are frozen or a reveal is under way: both know marks by the place of their round.
    RoundsFixed,
    /// So many complaints are not answered: what they ask for is decided before prizes are announced.
    OpenAppeals {
        count: u32,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_travel() {
        let list = [
            Refusal::NotAllowed,
            Refusal::WrongPhase {
                phase: ExamPhase::Open,
            },
            Refusal::Blocked([Blocker::NoTeams, Blocker::Unfinished { count: 3 }].into()),
            Refusal::invalid(Field::Name, Fault::Empty),
            Refusal::StaleMark {
                revision: 2,
                points: None,
            },
        ];
        for refusal in list {
            let text = serde_json::to_string(&refusal).unwrap();
            assert_eq!(serde_json::from_str::<Refusal>(&text).unwrap(), refusal, "{text}");
        }
    }
}
