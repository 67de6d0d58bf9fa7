//! The thể lệ as data: rounds, weights, how marks combine, ties, rounding.

use crate::{
    Millis, Points, RoundId,
    award::AwardRule,
    points::{Exact, Rounding},
    question::Level,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The rules of one contest. Frozen when its first round opens; a later change is a fact with a
/// reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// The rule gallery's name of the template these began from (`G1`).
    pub template: String,
    /// Who is ranked.
    pub competitor: Competitor,
    /// In the order in which they are held.
    pub rounds: Vec<Round>,
    /// Applied in this order to equal totals; what is equal after the last shares a joint rank.
    pub tie_breaks: Vec<TieBreak>,
    /// Of the total.
    pub rounding: Rounding,
    /// How many go on to the next stage ("top 15"); a tie across this line must be decided.
    pub cut_off: Option<u32>,
    /// There is one first place: equals for it are parted by the committee (an extra question)
    /// before the last round is published.
    #[serde(default, skip_serializing_if = "is_false")]
    pub sole_winner: bool,
    /// The running time that a team has over all its stage rounds together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_in_all: Option<TimeInAll>,
    /// Later rounds among the best only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub final_leg: Option<FinalLeg>,
    /// In the order in which they follow each other; see [`AwardRule`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub awards: Vec<AwardRule>,
    /// How long after the last publication a complaint is heard; 0 hears none.
    #[serde(default)]
    pub appeal_window: Millis,
}

fn is_false(value: &bool) -> bool {
    !*value
}

/// One time for all stage rounds of a team ("33 minutes in all"); parts of it have no limit of
/// their own unless their rules say so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeInAll {
    pub limit: Millis,
    /// What running over it costs, in the round in which it happens.
    pub overtime: Overtime,
}

/// The last rounds, held among those who go on (vòng chung kết).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FinalLeg {
    /// The first round of it; all that follow belong to it too.
    pub from: RoundId,
    /// How many go on: of all, or of each cluster.
    pub teams: u32,
    pub per_cluster: bool,
    /// The earlier total counts on.
    pub carry: bool,
}

/// Who is ranked: teams, or each person (registered as a team of one).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Competitor {
    Team,
    Individual,
}

/// One part of the contest (phần thi).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    pub id: RoundId,
    /// As the board shows it. 1 to 60 characters.
    pub name: String,
    /// The factor of this round's mark in the total, in thousandths; 1000 counts it once.
    pub weight: i64,
    /// The highest mark a team can have in it.
    pub maximum: Points,
    pub kind: RoundKind,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RoundKind {
    /// Multiple choice on tablets (trắc nghiệm).
    Exam(ExamRules),
    /// Marked by judges (tiểu phẩm, thuyết trình, ...).
    Stage(StageRules),
}

/// The rules of a round on stage. Every field has a default, so that old entries replay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StageRules {
    /// What the judges mark (bảng tiêu chí). Empty until the committee has settled it.
    pub rubric: Vec<Criterion>,
    pub time: StageTime,
    pub overtime: Overtime,
    /// How the judges' sheets make the team's mark.
    pub judges: Judges,
    pub missing: MissingJudge,
    /// Of the judges' combined mark, before deductions.
    pub rounding: Rounding,
    /// Whether the hall sees a team's mark as soon as the chief judge has confirmed it; else when
    /// the round is published.
    pub show_confirmed: bool,
    /// A judge whose total is further than this from the mean of the others is a case for the
    /// chief judge; `None` never warns.
    pub spread: Option<Points>,
    /// How many question packs or situations there are to draw from; 0 for none.
    pub packs: u32,
}

/// One line of a rubric (tiêu chí).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    /// Within its round, from 1.
    pub id: u32,
    /// 1 to 120 characters.
    pub name: String,
    /// At least one step.
    pub maximum: Points,
    /// Marks are multiples of it: 0,25 or 0,5 usually.
    pub step: Points,
}

/// The clock of a performance, in running time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageTime {
    /// When the team is warned; 0 for no warning.
    pub warning: Millis,
    /// The time it has; 0 for no limit.
    pub limit: Millis,
    /// When it is stopped, if ever.
    pub cut_off: Option<Millis>,
    /// Time to think after the clock has started, before the performance counts; 0 for none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub thinking: Millis,
}

fn is_zero(value: &Millis) -> bool {
    *value == 0
}

/// What overtime costs. The clock proposes it, the secretary confirms it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Overtime {
    #[default]
    Free,
    /// `points` off, once, when over the limit by at least `by`.
    Once { by: Millis, points: Points },
    /// `points` off for each minute begun, never more than `at_most`.
    PerMinute { points: Points, at_most: Points },
}

/// How the judges' totals are combined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Judges {
    #[default]
    Mean,
    Sum,
    /// The mean without the highest and the lowest when at least `from` judges (3 or more) have
    /// marked; the plain mean with fewer.
    Trimmed {
        from: u32,
    },
}

/// What a sheet that is not there (an absent judge, a declared conflict) means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingJudge {
    /// The others are combined. Under [`Judges::Sum`] the missing sheet counts as their mean, so
    /// that nobody loses by another's conflict.
    #[default]
    Rest,
    /// The round cannot be confirmed without it, a declared conflict excepted.
    Block,
}

impl StageRules {
    /// Whether a judge may give so many points for the criterion.
    pub fn takes(&self, criterion: u32, points: Points) -> bool {
        let rule = self.rubric.iter().find(|c| c.id == criterion);
        rule.is_some_and(|c| (0..=c.maximum.0).contains(&points.0) && points.0 % c.step.0.max(1) == 0)
    }

    /// Whether a sheet with these points is whole and has none that may not be given.
    pub fn fits(&self, filled: &BTreeMap<u32, Points>) -> bool {
        filled.len() == self.rubric.len() && filled.iter().all(|(id, points)| self.takes(*id, *points))
    }
}

impl Default for StageRules {
    fn default() -> Self {
        Self {
            rubric: vec![],
            time: StageTime::default(),
            overtime: Overtime::Free,
            judges: Judges::Mean,
            missing: MissingJudge::Rest,
            rounding: Rounding::HUNDREDTH,
            show_confirmed: true,
            spread: None,
            packs: 0,
        }
    }
}

/// The rules of a multiple-choice exam.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExamRules {
    /// Which questions a paper has (ma trận đề).
    pub blueprint: Blueprint,
    pub duration: Millis,
    pub clock: ExamClock,
    /// With clocks of their own: how long after the opening a contestant may still begin; `None` as
    /// long as the round is open. Time that does not count, as in a pause, lengthens it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<Millis>,
    /// How long after the deadline a packet still counts, flagged. 0 to 10 minutes.
    pub grace: Millis,
    pub papers: Papers,
    /// Each paper has the same questions, in its own order; else each draws its own.
    pub same_questions: bool,
    pub shuffle_questions: bool,
    pub shuffle_options: bool,
    /// For a right answer.
    pub right: Points,
    /// Taken off for a wrong answer; zero for no negative marks. Blank takes nothing off.
    pub wrong: Points,
    pub members: Combine,
    /// What a member who never opened the paper is for the team's mark.
    pub absent: Absent,
    /// Whether the combined mark is scaled so that a perfect paper gives [`Round::maximum`].
    pub scaled: bool,
    /// Of the team's mark.
    pub rounding: Rounding,
    pub void: VoidPolicy,
    /// Whether the board shows marks as papers are handed in.
    pub live_marks: bool,
    /// Whether contestants see their paper with the right answers after publication.
    pub review: bool,
}

/// Which questions a paper has: so many of each topic and level.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blueprint {
    pub cells: Vec<Cell>,
}

impl Blueprint {
    /// The number of questions on a paper.
    pub fn count(&self) -> u32 {
        self.cells.iter().map(|cell| cell.count).sum()
    }
}

/// `count` questions of a topic and level; `None` takes any.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    pub topic: Option<String>,
    pub level: Option<Level>,
    pub count: u32,
}

/// When a contestant's time starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExamClock {
    /// For all when the round opens.
    Common,
    /// For each when he first opens his paper.
    Own,
}

/// How many different papers there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "count", rename_all = "snake_case")]
pub enum Papers {
    /// So many common variants (1 to 99), dealt round by seat.
    Variants(u32),
    /// One a contestant.
    Personal,
}

/// How the members' marks make the team's mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "count", rename_all = "snake_case")]
pub enum Combine {
    Sum,
    Mean,
    /// The sum of the best n (1 to 100).
    Best(u32),
}

impl Combine {
    /// `marks` of the members who count, in any order.
    pub fn combine(self, mut marks: Vec<Exact>) -> Exact {
        let n = marks.len() as i64;
        if let Combine::Best(best) = self {
            marks.sort_unstable_by(|a, b| b.cmp(a));
            marks.truncate(best as usize);
        }
        let sum: Exact = marks.into_iter().sum();
        match self {
            Combine::Sum | Combine::Best(_) => sum,
            Combine::Mean => sum.over(n),
        }
    }

    /// How many perfect papers make a perfect team of `members`.
    pub fn factor(self, members: u32) -> u32 {
        match self {
            Combine::Sum => members,
            Combine::Mean => 1,
            Combine::Best(n) => n,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Absent {
    /// Counts with no points.
    Zero,
    /// Does not count at all.
    LeftOut,
}

/// What becomes of a question that is declared void.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VoidPolicy {
    /// Everybody has it right.
    PointsToAll,
    /// Nobody is marked on it.
    LeaveOut,
}

/// One criterion to part equal totals (tiêu chí phụ).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum TieBreak {
    /// Fewer seconds over all exams.
    FewerSeconds,
    /// The higher mark in that round.
    RoundMark { round: RoundId },
    /// The higher mean of the judges on one criterion of a stage round.
    Criterion { round: RoundId, criterion: u32 },
    /// The order the committee decided and recorded (extra question, draw).
    Decision,
}

impl Rules {
    /// The round of that id.
    pub fn round(&self, id: RoundId) -> Option<&Round> {
        self.rounds.iter().find(|round| round.id == id)
    }

    /// The exam rules of that round, if it is an exam.
    pub fn exam(&self, id: RoundId) -> Option<&ExamRules> {
        self.round(id)?.exam()
    }
}

impl Round {
    pub fn exam(&self) -> Option<&ExamRules> {
        match &self.kind {
            RoundKind::Exam(exam) => Some(exam),
            RoundKind::Stage(_) => None,
        }
    }

    pub fn stage(&self) -> Option<&StageRules> {
        match &self.kind {
            RoundKind::Exam(_) => None,
            RoundKind::Stage(stage) => Some(stage),
        }
    }
}
