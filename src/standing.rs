//! The standings (bảng xếp hạng): one total, ordered tie-breaks, joint ranks.

use crate::{
    Contest, Points, RoundId, TeamId,
    exam::TeamMark,
    points::Exact,
    rules::{Rules, TieBreak},
};
use serde::{Deserialize, Serialize};
use std::{cmp::Ordering, collections::BTreeMap};

/// One row of the standings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    pub team: TeamId,
    /// From 1; equals share it, and the next rank leaves the gap (1, 1, 3). `None` without any mark.
    pub rank: Option<u32>,
    /// Whether another row has the same rank.
    pub tied: bool,
    /// A mark for each round of the rules, unweighted; blank is not zero.
    pub marks: Vec<Option<Points>>,
    /// Seconds over all exams with a mark.
    pub seconds: i64,
    /// Weighted and rounded; `None` without any mark.
    pub total: Option<Points>,
}

/// What a team brings to the ranking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marks {
    pub team: TeamId,
    /// By the rounds of the rules.
    pub marks: Vec<Option<Points>>,
    pub seconds: i64,
    /// Mean marks on single criteria, for the tie-breaks that ask for them.
    pub criteria: BTreeMap<(RoundId, u32), Points>,
}

/// The standings from the marks that `mark` gives for a round and team. With a final leg, those
/// who went on are ranked by it and stand before the others.
pub fn standings(contest: &Contest, mark: impl Fn(RoundId, TeamId) -> Option<TeamMark>) -> Vec<Standing> {
    let Some(rules) = contest.rules() else {
        return vec![];
    };
    let rows: Vec<Marks> = contest
        .teams
        .keys()
        .map(|team| row(contest, rules, *team, &mark))
        .collect();
    let Some(leg) = rules.final_leg else {
        return rank(rules, &contest.tie_decisions, rows);
    };
    let Some(at) = rules.rounds.iter().position(|r| r.id == leg.from) else {
        return rank(rules, &contest.tie_decisions, rows);
    };
    let going = advancing(contest, &mark);
    let blank = |row: &Marks, hide: &dyn Fn(usize) -> bool| Marks {
        marks: row
            .marks
            .iter()
            .enumerate()
            .map(|(i, m)| m.filter(|_| !hide(i)))
            .collect(),
        ..row.clone()
    };
    let (first, second): (Vec<&Marks>, Vec<&Marks>) = rows.iter().partition(|row| going.contains(&row.team));
    let final_begun = first
        .iter()
        .any(|row| row.marks[at..].iter().any(Option::is_some));
    let early = |row: &&Marks| blank(row, &|i| i >= at);
    if !final_begun {
        return rank(
            rules,
            &contest.tie_decisions,
            rows.iter().collect::<Vec<_>>().iter().map(early).collect(),
        );
    }
    let late = first.iter().map(|row| {
        if leg.carry {
            (*row).clone()
        } else {
            blank(row, &|i| i < at)
        }
    });
    let mut all = rank(rules, &contest.tie_decisions, late.collect());
    let before = all.len() as u32;
    let mut rest = rank(rules, &contest.tie_decisions, second.iter().map(early).collect());
    rest.iter_mut()
        .for_each(|row| row.rank = row.rank.map(|rank| rank + before));
    all.extend(rest);
    // What was blanked for the ranking is still a mark that the team has.
    for standing in &mut all {
        if let Some(row) = rows.iter().find(|row| row.team == standing.team) {
            standing.marks.clone_from(&row.marks);
        }
    }
    all
}

/// The teams that go on to the final leg by the rounds before it: the best of all, or of each
/// cluster. Equals across the line all go on until the committee decides.
pub fn advancing(contest: &Contest, mark: impl Fn(RoundId, TeamId) -> Option<TeamMark>) -> Vec<TeamId> {
    let Some((rules, leg)) = contest.rules().and_then(|rules| Some((rules, rules.final_leg?))) else {
        return vec![];
    };
    let at = rules
        .rounds
        .iter()
        .position(|r| r.id == leg.from)
        .unwrap_or(rules.rounds.len());
    let mut clusters: BTreeMap<&str, Vec<Marks>> = BTreeMap::new();
    for (id, team) in &contest.teams {
        let mut row = row(contest, rules, *id, &mark);
        row.marks.iter_mut().skip(at).for_each(|mark| *mark = None);
        clusters
            .entry(if leg.per_cluster { &team.cluster } else { "" })
            .or_default()
            .push(row);
    }
    let ranked = clusters
        .into_values()
        .map(|rows| rank(rules, &contest.tie_decisions, rows));
    let best = |rows: Vec<Standing>| {
        rows.into_iter()
            .filter(|row| row.rank.is_some_and(|rank| rank <= leg.teams))
    };
    let mut teams: Vec<TeamId> = ranked.flat_map(best).map(|row| row.team).collect();
    teams.sort_unstable();
    teams
}

fn row(
    contest: &Contest,
    rules: &Rules,
    team: TeamId,
    mark: &impl Fn(RoundId, TeamId) -> Option<TeamMark>,
) -> Marks {
    let found: Vec<Option<TeamMark>> = rules.rounds.iter().map(|round| mark(round.id, team)).collect();
    let asked = rules.tie_breaks.iter().filter_map(|by| match by {
        TieBreak::Criterion { round, criterion } => Some((*round, *criterion)),
        _ => None,
    });
    // A criterion counts only where the round's mark itself is visible.
    let criteria = asked.filter_map(|(round, criterion)| {
        mark(round, team)?;
        let confirmed = contest.stages.get(&round)?.confirmed.get(&team)?;
        Some((
            (round, criterion),
            confirmed.criteria.iter().find(|(id, _)| *id == criterion)?.1,
        ))
    });
    Marks {
        team,
        criteria: criteria.collect(),
        seconds: found.iter().flatten().map(|m| m.seconds).sum(),
        marks: found.into_iter().map(|m| m.map(|m| m.mark)).collect(),
    }
}

/// Ranks `rows` by total and then by the tie-breaks in their order. Rows without any mark come
/// last, without a rank, in their given order.
pub fn rank(rules: &Rules, decisions: &[Vec<TeamId>], rows: Vec<Marks>) -> Vec<Standing> {
    let mut rows: Vec<(Option<Points>, Marks)> =
        rows.into_iter().map(|row| (total(rules, &row), row)).collect();
    let order = |a: &(Option<Points>, Marks), b: &(Option<Points>, Marks)| {
        b.0.cmp(&a.0).then_with(|| match a.0 {
            Some(_) => part(rules, decisions, &a.1, &b.1),
            None => Ordering::Equal,
        })
    };
    // A stable sort: what no criterion parts keeps the order of registration.
    rows.sort_by(order);
    let mut standings: Vec<Standing> = Vec::with_capacity(rows.len());
    for (i, row) in rows.iter().enumerate() {
        let joint = i > 0 && row.0.is_some() && order(&rows[i - 1], row) == Ordering::Equal;
        let rank = match row.0 {
            None => None,
            Some(_) if joint => standings[i - 1].rank,
            Some(_) => Some(i as u32 + 1),
        };
        if joint {
            standings[i - 1].tied = true;
        }
        standings.push(Standing {
            team: row.1.team,
            rank,
            tied: joint,
            marks: row.1.marks.clone(),
            seconds: row.1.seconds,
            total: row.0,
        });
    }
    standings
}

/// The weighted total, rounded once at the end.
pub fn total(rules: &Rules, row: &Marks) -> Option<Points> {
    let weighted = rules
        .rounds
        .iter()
        .zip(&row.marks)
        .filter_map(|(round, mark)| Some(mark.as_ref()?.0 * round.weight));
    let mut any = false;
    let sum: i64 = weighted.inspect(|_| any = true).sum();
    any.then(|| rules.rounding.round(Exact::from(Points(sum)).over(1000)))
}

/// The tie-breaks in their order; `Equal` if none parts the two.
fn part(rules: &Rules, decisions: &[Vec<TeamId>], a: &Marks, b: &Marks) -> Ordering {
    rules.tie_breaks.iter().fold(Ordering::Equal, |so_far, by| {
        so_far.then_with(|| part_by(*by, rules, decisions, a, b))
    })
}

/// What one tie-break says of two rows: the better one is less.
fn part_by(by: TieBreak, rules: &Rules, decisions: &[Vec<TeamId>], a: &Marks, b: &Marks) -> Ordering {
    match by {
        TieBreak::FewerSeconds => a.seconds.cmp(&b.seconds),
        TieBreak::RoundMark { round } => {
            let at = rules.rounds.iter().position(|r| r.id == round);
            let mark = |row: &Marks| at.and_then(|i| row.marks.get(i).copied().flatten());
            mark(b).cmp(&mark(a))
        }
        TieBreak::Criterion { round, criterion } => {
            let mark = |row: &Marks| row.criteria.get(&(round, criterion)).copied();
            mark(b).cmp(&mark(a))
        }
        TieBreak::Decision => decided(decisions, a.team, b.team),
    }
}

/// The tie-break that parts two teams with equal totals, by all marks that there are; `None` where
/// none does and they share a rank.
pub fn parted_by(contest: &Contest, a: TeamId, b: TeamId) -> Option<TieBreak> {
    let rules = contest.rules()?;
    let row = |team| row(contest, rules, team, &|round, team| contest.mark(round, team));
    let (a, b) = (row(a), row(b));
    let mut breaks = rules.tie_breaks.iter().copied();
    breaks.find(|by| part_by(*by, rules, &contest.tie_decisions, &a, &b) != Ordering::Equal)
}

/// What the committee's latest decision that names both says.
fn decided(decisions: &[Vec<TeamId>], a: TeamId, b: TeamId) -> Ordering {
    let places = decisions.iter().rev().find_map(|order| {
        let place = |team| order.iter().position(|t| *t == team);
        Some((place(a)?, place(b)?))
    });
    places.map_or(Ordering::Equal, |(a, b)| a.cmp(&b))
}

/// The teams that share one rank across the line after `cut` places; empty if the line is clear.
pub fn tied_across(standings: &[Standing], cut: u32) -> Vec<TeamId> {
    let cut = cut as usize;
    let (Some(inside), Some(outside)) = (
        cut.checked_sub(1).and_then(|i| standings.get(i)),
        standings.get(cut),
    ) else {
        return vec![];
    };
    if inside.rank.is_none() || inside.rank != outside.rank {
        return vec![];
    }
    standings
        .iter()
        .filter(|row| row.rank == inside.rank)
        .map(|row| row.team)
        .collect()
}
