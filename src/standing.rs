//! The standings (bảng xếp hạng): one total, ordered tie-breaks, joint ranks.

use crate::{
    Contest, Points, RoundId, TeamId,
    exam::TeamMark,
    points::Exact,
    rules::{Rules, TieBreak},
};
use serde::{Deserialize, Serialize};
use std::{
    cmp::{Ordering, Reverse},
    collections::BTreeMap,
};

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

/// The order among equals as the committee decided it, and what it was about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TieDecision {
    /// Best first.
    pub teams: Vec<TeamId>,
    pub stake: Stake,
    /// The rounds in which they had marks when it was decided: it rests on these.
    pub rounds: Vec<RoundId>,
    /// The same of the decision that took it back: these teams share their place.
    pub taken_back: Option<Vec<RoundId>>,
}

impl TieDecision {
    /// Whether it counts for whoever sees the marks that `mark` shows. To those who do not see all that it
    /// rests on it would give away that the teams are equal in the rest too; so would its taking back.
    fn counts(&self, contest: &Contest, mark: &impl Fn(RoundId, TeamId) -> Option<TeamMark>) -> bool {
        let hidden = |round, team| contest.mark(round, team).is_some() && mark(round, team).is_none();
        // Marks that were taken back, or a round that is held anew: it rests on nothing that anybody could see.
        let gone = |round| !self.teams.iter().any(|team| contest.mark(round, *team).is_some());
        let seen = |rounds: &[RoundId]| {
            let hidden = |round: &RoundId| self.teams.iter().any(|team| hidden(*round, *team));
            !rounds.iter().any(|round| hidden(round) || gone(*round))
        };
        seen(&self.rounds) && !self.taken_back.as_deref().is_some_and(seen)
    }
}

/// What a decision among equals is about: who goes on says nothing of who wins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stake {
    /// Whatever the two meet in: as older ledgers have it.
    #[default]
    Everything,
    /// The rounds before the final leg, and who goes on to it.
    Advance,
    /// The contest as a whole, or its final.
    Total,
}

impl Stake {
    /// What was decided about this or about everything, as far as `mark` shows what it rests on.
    fn of<'a>(
        self,
        contest: &'a Contest,
        mark: &impl Fn(RoundId, TeamId) -> Option<TeamMark>,
    ) -> Vec<&'a [TeamId]> {
        let counts = |decision: &&TieDecision| [self, Self::Everything].contains(&decision.stake);
        let decisions = contest.tie_decisions.iter().filter(counts);
        decisions
            .filter(|decision| decision.counts(contest, mark))
            .map(|decision| decision.teams.as_slice())
            .collect()
    }

    pub(crate) fn is_everything(&self) -> bool {
        *self == Self::Everything
    }
}

/// What a decision made now is about.
pub fn stake(contest: &Contest) -> Stake {
    match Legs::of(contest, &|round, team| contest.mark(round, team)) {
        Some(legs) if !legs.begun => Stake::Advance,
        _ => Stake::Total,
    }
}

/// The rows of a contest with a final leg.
struct Legs {
    /// The place of the leg's first round in the rules.
    at: usize,
    /// The earlier total counts on.
    carry: bool,
    /// Those who have gone on.
    first: Vec<Marks>,
    second: Vec<Marks>,
    /// The final has a mark.
    begun: bool,
}

impl Legs {
    fn of(contest: &Contest, mark: &impl Fn(RoundId, TeamId) -> Option<TeamMark>) -> Option<Self> {
        let rules = contest.rules()?;
        let leg = rules.final_leg?;
        let at = rules.rounds.iter().position(|r| r.id == leg.from)?;
        let going = advancing(contest, mark);
        let (first, second): (Vec<Marks>, Vec<Marks>) =
            rows(contest, rules, mark).partition(|row| going.contains(&row.team));
        let begun = first
            .iter()
            .any(|row| row.marks[at..].iter().any(Option::is_some));
        Some(Self {
            at,
            carry: leg.carry,
            first,
            second,
            begun,
        })
    }

    /// By the rounds before the final.
    fn early(&self, row: &Marks) -> Marks {
        let mut row = row.clone();
        row.marks[self.at..].fill(None);
        row
    }

    fn late(&self, row: &Marks) -> Marks {
        let mut row = row.clone();
        if !self.carry {
            row.marks[..self.at].fill(None);
        }
        row
    }
}

fn rows<'a>(
    contest: &'a Contest,
    rules: &'a Rules,
    mark: &'a impl Fn(RoundId, TeamId) -> Option<TeamMark>,
) -> impl Iterator<Item = Marks> + 'a {
    contest
        .teams
        .keys()
        .map(move |team| row(contest, rules, *team, mark))
}

/// The standings from the marks that `mark` gives for a round and team. With a final leg, those
/// who went on are ranked by it and stand before the others.
pub fn standings(contest: &Contest, mark: impl Fn(RoundId, TeamId) -> Option<TeamMark>) -> Vec<Standing> {
    let Some(rules) = contest.rules() else {
        return vec![];
    };
    let Some(legs) = Legs::of(contest, &mark) else {
        let rows = rows(contest, rules, &mark).collect();
        return rank(rules, &Stake::Total.of(contest, &mark), rows);
    };
    if !legs.begun {
        let rows = rows(contest, rules, &mark).map(|row| legs.early(&row)).collect();
        return rank(rules, &Stake::Advance.of(contest, &mark), rows);
    }
    let late = legs.first.iter().map(|row| legs.late(row)).collect();
    let mut all = rank(rules, &Stake::Total.of(contest, &mark), late);
    let before = all.len() as u32;
    // Those who did not go on have nothing further to be decided about.
    let decisions = contest.tie_decisions.iter();
    let decisions = decisions.filter(|decision| decision.counts(contest, &mark));
    let decisions: Vec<&[TeamId]> = decisions.map(|d| d.teams.as_slice()).collect();
    let early = legs.second.iter().map(|row| legs.early(row)).collect();
    let mut rest = rank(rules, &decisions, early);
    rest.iter_mut()
        .for_each(|row| row.rank = row.rank.map(|rank| rank + before));
    all.extend(rest);
    // What was blanked for the ranking is still a mark that the team has.
    for standing in &mut all {
        let rows = legs.first.iter().chain(&legs.second);
        if let Some(row) = rows.into_iter().find(|row| row.team == standing.team) {
            standing.marks.clone_from(&row.marks);
        }
    }
    all
}

/// The teams that stand equal as far as the committee has to decide, or has decided: by everything
/// that comes before its decision in the rules, by all marks that there are. In the order of the
/// standings.
pub fn equals(contest: &Contest) -> Vec<Vec<TeamId>> {
    let mut undecided = contest.clone();
    // Who goes on is not asked again.
    undecided.finalists = Some(advancing(contest, |round, team| contest.mark(round, team)));
    if let Some(rules) = &mut undecided.rules
        && let Some(at) = rules.tie_breaks.iter().position(|by| *by == TieBreak::Decision)
    {
        rules.tie_breaks.truncate(at);
    }
    let rows = standings(&undecided, |round, team| contest.mark(round, team));
    let tied: Vec<&Standing> = rows.iter().filter(|row| row.tied).collect();
    let groups = tied.chunk_by(|a, b| a.rank == b.rank);
    groups
        .map(|group| group.iter().map(|row| row.team).collect())
        .collect()
}

/// The teams that go on to the final leg by the rounds before it: the best of all, or of each
/// cluster. Equals across the line all go on until the committee decides.
/// Once the final has begun they are who they were then.
pub fn advancing(contest: &Contest, mark: impl Fn(RoundId, TeamId) -> Option<TeamMark>) -> Vec<TeamId> {
    if let Some(finalists) = &contest.finalists {
        return finalists.clone();
    }
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
        .map(|rows| rank(rules, &Stake::Advance.of(contest, &mark), rows));
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
pub fn rank(rules: &Rules, decisions: &[&[TeamId]], rows: Vec<Marks>) -> Vec<Standing> {
    let mut rows: Vec<(Option<Points>, Marks)> =
        rows.into_iter().map(|row| (total(rules, &row), row)).collect();
    // Stable sorts: what no criterion parts keeps the order of registration.
    rows.sort_by_key(|row| Reverse(row.0));
    let mut groups: Vec<&mut [(Option<Points>, Marks)]> = rows.chunk_by_mut(|a, b| a.0 == b.0).collect();
    for by in &rules.tie_breaks {
        let parted = groups.into_iter().flat_map(|group| match group {
            [(Some(_), _), _, ..] => split(*by, rules, decisions, group),
            _ => vec![group],
        });
        groups = parted.collect();
    }
    let mut standings: Vec<Standing> = Vec::new();
    for group in groups {
        let first = standings.len() as u32 + 1;
        let tied = group.len() > 1;
        standings.extend(group.iter_mut().map(|(total, row)| Standing {
            team: row.team,
            rank: total.map(|_| first),
            tied: tied && total.is_some(),
            marks: std::mem::take(&mut row.marks),
            seconds: row.seconds,
            total: *total,
        }));
    }
    standings
}

/// Parts a group of equals by one tie-break: the better come first, who stay equal stay together. The
/// committee's newest decision that names all of them parts them all; one that names only some of
/// them says nothing of their places among the others.
fn split<'a>(
    by: TieBreak,
    rules: &Rules,
    decisions: &[&[TeamId]],
    group: &'a mut [(Option<Points>, Marks)],
) -> Vec<&'a mut [(Option<Points>, Marks)]> {
    if by == TieBreak::Decision {
        let place = |order: &[TeamId], team| order.iter().position(|t| *t == team);
        let names_all = |order: &&&[TeamId]| group.iter().all(|row| place(order, row.1.team).is_some());
        return match decisions.iter().rev().find(names_all) {
            None => vec![group],
            Some(order) => {
                group.sort_by_key(|row| place(order, row.1.team));
                group.chunks_mut(1).collect()
            }
        };
    }
    group.sort_by(|a, b| part_by(by, rules, &a.1, &b.1));
    group
        .chunk_by_mut(|a, b| part_by(by, rules, &a.1, &b.1).is_eq())
        .collect()
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

/// What one tie-break says of two rows: the better one is less.
fn part_by(by: TieBreak, rules: &Rules, a: &Marks, b: &Marks) -> Ordering {
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
        // Of all equals at once: `split` asks for it.
        TieBreak::Decision => Ordering::Equal,
    }
}

/// The tie-break that parts two teams with equal totals, by all marks that there are; `None` where
/// none does and they share a rank.
pub fn parted_by(contest: &Contest, a: TeamId, b: TeamId) -> Option<TieBreak> {
    let rules = contest.rules()?;
    let mark = |round, team| contest.mark(round, team);
    let decisions = stake(contest).of(contest, &mark);
    let mut rows: Vec<(Option<Points>, Marks)> = rows(contest, rules, &mark)
        .map(|row| (total(rules, &row), row))
        .collect();
    let equal = rows.iter().find(|row| row.1.team == a)?.0?;
    rows.retain(|row| row.0 == Some(equal));
    let mut group = rows.as_mut_slice();
    for by in &rules.tie_breaks {
        let has = |group: &[(Option<Points>, Marks)], team| group.iter().any(|row| row.1.team == team);
        let mut parts = split(*by, rules, &decisions, group).into_iter();
        group = parts.find(|part| has(part, a))?;
        if !has(group, b) {
            return Some(*by);
        }
    }
    None
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
