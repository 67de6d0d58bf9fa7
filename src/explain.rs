//! "Explain this total": every number back to answers, sheets and rules.

mod on_stage;

pub use on_stage::{SheetLine, SheetPart, StageLine};

use crate::{
    Contest, PersonId, Points, RoundId, TeamId,
    attempt::{Held, Timing},
    exam::Exam,
    marking::{self, AttemptMark, Key, Line, Verdict},
    paper::Paper,
    points::{Exact, Rounding},
    question::{Choice, Frozen},
    rules::{Absent, Combine, ExamRules, TieBreak},
    standing::{Standing, standings},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a team's total comes about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    pub team: TeamId,
    pub name: String,
    pub standing: Standing,
    pub rounds: Vec<RoundLine>,
    /// Of the total.
    pub rounding: Rounding,
    pub tie_breaks: Vec<TieBreak>,
    /// The teams with the same total, in their order.
    pub equals: Vec<TeamId>,
}

/// One round's part in a total.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoundLine {
    pub round: RoundId,
    pub name: String,
    pub mark: Option<Points>,
    /// In thousandths.
    pub weight: i64,
    pub exam: Option<ExamLine>,
    /// Of a confirmed mark.
    pub stage: Option<StageLine>,
    /// The team did not come to this round.
    pub absent: bool,
}

/// How the members' marks made the team's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExamLine {
    pub members: Vec<MemberLine>,
    pub combine: Combine,
    pub absent: Absent,
    /// The round's maximum if the mark was scaled to it.
    pub scaled_to: Option<Points>,
    pub rounding: Rounding,
}

/// One member's part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberLine {
    pub person: PersonId,
    pub mark: Option<AttemptMark>,
    pub seconds: i64,
    /// What a perfect paper in the place of his gives; without a paper, what any gives.
    pub full: Points,
    /// Whether the rules take this mark into the team's (best n, absent members).
    pub counts: bool,
}

/// Explains a team's total for the staff. `lines` are the listings of the marked rounds.
pub fn team(contest: &Contest, team: TeamId, lines: &BTreeMap<RoundId, Vec<Line>>) -> Option<Explanation> {
    let rules = contest.rules()?;
    let all = standings(contest, |round, team| contest.mark(round, team));
    let standing = all.iter().find(|row| row.team == team)?.clone();
    let equals = all
        .iter()
        .filter(|row| row.total.is_some() && row.total == standing.total)
        .map(|row| row.team);
    let rounds = rules.rounds.iter().map(|round| RoundLine {
        round: round.id,
        name: round.name.clone(),
        mark: contest.mark(round.id, team).map(|m| m.mark),
        weight: round.weight,
        stage: on_stage::line(contest, round.id, team),
        absent: contest
            .stages
            .get(&round.id)
            .is_some_and(|stage| stage.absent.contains(&team)),
        exam: contest.exams.get(&round.id).and_then(|exam| {
            let rules = &exam.prepared.as_ref()?.rules;
            let lines = lines.get(&round.id)?.iter().filter(|line| line.team == team);
            Some(ExamLine {
                members: members(rules, lines.collect()),
                combine: rules.members,
                absent: rules.absent,
                scaled_to: rules.scaled.then_some(round.maximum),
                rounding: rules.rounding,
            })
        }),
    });
    Some(Explanation {
        team,
        name: contest.teams.get(&team)?.name.clone(),
        rounds: rounds.collect(),
        rounding: rules.rounding,
        tie_breaks: rules.tie_breaks.clone(),
        equals: equals.collect(),
        standing,
    })
}

fn members(rules: &ExamRules, lines: Vec<&Line>) -> Vec<MemberLine> {
    let mut members: Vec<MemberLine> = lines
        .into_iter()
        .map(|line| MemberLine {
            person: line.person,
            mark: line.mark,
            seconds: line.seconds,
            full: match line.mark {
                Some(mark) => mark.full(rules),
                None => Points(rules.right.0 * i64::from(rules.blueprint.count())),
            },
            counts: line.mark.is_some() || rules.absent == Absent::Zero,
        })
        .collect();
    if let Combine::Best(n) = rules.members {
        let points = |m: &MemberLine| {
            let points = Exact::from(m.mark.map_or(Points::ZERO, |mark| mark.points));
            if rules.scaled {
                points.over(m.full.0)
            } else {
                points
            }
        };
        members.sort_by_key(|m| std::cmp::Reverse((m.counts, points(m))));
        for dropped in members.iter_mut().skip(n as usize) {
            dropped.counts = false;
        }
    }
    members
}

/// A marked paper: for "explain", and for the contestant after publication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkedPaper {
    pub code: u32,
    pub mark: AttemptMark,
    pub questions: Vec<MarkedQuestion>,
}

/// One question of a marked paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkedQuestion {
    pub text: String,
    /// As shown on the paper.
    pub options: Vec<String>,
    /// As shown; the counted choice.
    pub chosen: Choice,
    /// As shown; `None` if the question is void.
    pub right: Option<Choice>,
    pub verdict: Verdict,
    pub worth: Points,
    /// When the newest packet came; `None` if none did.
    pub timing: Option<Timing>,
    /// The key was corrected after the papers were built.
    pub corrected: bool,
    /// The legal source.
    pub source: String,
    /// Its place in the frozen bank, by which corrections name it.
    pub question: u16,
}

/// Marks `paper` question by question. `versions` are all answers of the attempt.
pub fn paper(
    exam: &Exam,
    bank: &Frozen,
    paper: &Paper,
    person: PersonId,
    versions: &[(u16, Held)],
) -> Option<MarkedPaper> {
    let rules = &exam.prepared.as_ref()?.rules;
    let key = Key::of(bank, exam);
    let counted = marking::counted(exam, person, versions);
    let chosen = |place: usize| counted.get(&(place as u16)).copied().unwrap_or_default();
    let questions = paper.items.iter().enumerate().filter_map(|(place, item)| {
        let question = bank.questions.get(usize::from(item.question))?;
        let verdict = marking::verdict(&key, paper, place, chosen(place));
        let newest = versions
            .iter()
            .filter(|(at, _)| usize::from(*at) == place)
            .max_by_key(|(_, held)| held.revision);
        Some(MarkedQuestion {
            text: question.text.clone(),
            options: item
                .options
                .iter()
                .filter_map(|o| question.options.get(usize::from(*o)).cloned())
                .collect(),
            chosen: chosen(place),
            right: key.right(item.question).map(|right| item.shuffle(right)),
            verdict,
            worth: marking::worth(rules, verdict),
            timing: newest.map(|(_, held)| held.timing),
            corrected: exam.corrections.contains_key(&item.question),
            source: question.source.clone(),
            question: item.question,
        })
    });
    Some(MarkedPaper {
        code: paper.code,
        mark: marking::mark(rules, &key, paper, chosen),
        questions: questions.collect(),
    })
}
