//! From answers to marks, exactly and by the frozen key with its corrections.

use crate::{
    PersonId, Points, TeamId,
    attempt::Held,
    exam::{Exam, TeamMark},
    paper::Paper,
    points::Exact,
    question::{Choice, Frozen},
    rules::{Absent, ExamRules, Round, VoidPolicy},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The right options of every question of the frozen bank; `None` where it is declared void.
#[derive(Clone, Debug)]
pub struct Key(Vec<Option<Choice>>);

impl Key {
    /// The bank's own key with the corrections of the ledger.
    pub fn of(bank: &Frozen, exam: &Exam) -> Self {
        let own = bank
            .questions
            .iter()
            .map(|question| Some(Choice::of(&question.correct)));
        let mut key: Vec<_> = own.collect();
        for (question, correct) in &exam.corrections {
            if let Some(place) = key.get_mut(usize::from(*question)) {
                *place = *correct;
            }
        }
        Self(key)
    }

    /// The right options of the bank's question; `None` if void.
    pub fn right(&self, question: u16) -> Option<Choice> {
        self.0.get(usize::from(question)).copied().flatten()
    }
}

/// How one question of one paper was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Right,
    Wrong,
    Blank,
    /// Declared void.
    Void,
}

/// The mark of one attempt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptMark {
    pub points: Points,
    pub right: u32,
    pub wrong: u32,
    pub blank: u32,
}

impl AttemptMark {
    /// What a perfect paper in the place of this one gives. Of the questions left out as void only
    /// those that stood on it lower it.
    pub fn full(&self, rules: &ExamRules) -> Points {
        let questions = match rules.void {
            VoidPolicy::PointsToAll => rules.blueprint.count(),
            VoidPolicy::LeaveOut => self.right + self.wrong + self.blank,
        };
        Points(rules.right.0 * i64::from(questions))
    }
}

/// What one verdict is worth.
pub fn worth(rules: &ExamRules, verdict: Verdict) -> Points {
    match (verdict, rules.void) {
        (Verdict::Right, _) | (Verdict::Void, VoidPolicy::PointsToAll) => rules.right,
        (Verdict::Wrong, _) => -rules.wrong,
        (Verdict::Blank, _) | (Verdict::Void, VoidPolicy::LeaveOut) => Points::ZERO,
    }
}

/// The verdict on `shown` at place `place` of `paper`.
pub fn verdict(key: &Key, paper: &Paper, place: usize, shown: Choice) -> Verdict {
    let Some(item) = paper.items.get(place) else {
        return Verdict::Void;
    };
    match key.right(item.question) {
        None => Verdict::Void,
        Some(_) if shown.is_blank() => Verdict::Blank,
        Some(right) if item.unshuffle(shown) == right => Verdict::Right,
        Some(_) => Verdict::Wrong,
    }
}

/// Marks an attempt: `answer` gives the counted choice at a place of the paper.
pub fn mark(rules: &ExamRules, key: &Key, paper: &Paper, answer: impl Fn(usize) -> Choice) -> AttemptMark {
    let mut mark = AttemptMark::default();
    for place in 0..paper.items.len() {
        let verdict = verdict(key, paper, place, answer(place));
        mark.points += worth(rules, verdict);
        match verdict {
            Verdict::Right => mark.right += 1,
            Verdict::Wrong => mark.wrong += 1,
            Verdict::Blank => mark.blank += 1,
            Verdict::Void => {}
        }
    }
    mark
}

/// The counted choices of an attempt by place: late ones only if `exam` counts them for `person`.
pub fn counted(exam: &Exam, person: PersonId, versions: &[(u16, Held)]) -> BTreeMap<u16, Choice> {
    let mut newest: BTreeMap<u16, Held> = BTreeMap::new();
    for (place, held) in versions
        .iter()
        .filter(|(_, held)| exam.counts(person, held.timing))
    {
        let slot = newest.entry(*place).or_insert(*held);
        if held.revision > slot.revision {
            *slot = *held;
        }
    }
    newest
        .into_iter()
        .map(|(place, held)| (place, held.choice))
        .collect()
}

/// A line of the listing behind the marks of a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub person: PersonId,
    pub team: TeamId,
    /// `None` for one who never opened his paper.
    pub mark: Option<AttemptMark>,
    pub seconds: i64,
}

/// A team's mark from its members' lines. Where the rules scale, each member's points are scaled by
/// what a perfect paper in his place gives: papers may have different questions, and not all of
/// them hold the one that is void.
pub fn team_mark(round: &Round, rules: &ExamRules, team: TeamId, lines: &[Line]) -> TeamMark {
    let counted: Vec<&Line> = lines
        .iter()
        .filter(|l| l.mark.is_some() || rules.absent == Absent::Zero)
        .collect();
    let points = counted.iter().map(|line| match line.mark {
        None => Exact::from(Points::ZERO),
        Some(mark) if rules.scaled => Exact::from(mark.points)
            .times(round.maximum.0)
            .over(mark.full(rules).0),
        Some(mark) => Exact::from(mark.points),
    });
    let mut mark = rules.members.combine(points.collect());
    if rules.scaled {
        mark = mark.over(i64::from(rules.members.factor(counted.len() as u32)));
    }
    TeamMark {
        team,
        mark: rules.rounding.round(mark),
        seconds: counted.iter().map(|l| l.seconds).sum(),
        members: counted.len() as u32,
    }
}

/// The marks of all teams from the lines of a round, by team. Lines may come in any order.
pub fn team_marks(round: &Round, exam: &Exam, lines: &[Line]) -> Vec<TeamMark> {
    let Some(prepared) = &exam.prepared else {
        return vec![];
    };
    let mut by_team: BTreeMap<TeamId, Vec<Line>> = BTreeMap::new();
    for line in lines {
        by_team.entry(line.team).or_default().push(line.clone());
    }
    by_team
        .iter()
        .map(|(team, lines)| team_mark(round, &prepared.rules, *team, lines))
        .collect()
}
