//! The reveal (công bố): from the last place upward, step by step, then the prizes.
//!
//! A plan is made once, when the reveal begins: it holds what the hall has seen so far, the final
//! standings, the prizes and every step. Only the number of the step taken moves after that, so that
//! going back and forth gives the same picture, and a screen that joins in the middle shows just the
//! present step. [`Plan::picture`] holds nothing of the steps that are still to come.

use crate::{
    Contest, Points, Refusal, RoundId, TeamId,
    award::{Award, AwardBy, awards},
    exam::TeamMark,
    rules::Rules,
    standing::{Standing, advancing, standings},
};
use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A reveal under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reveal {
    /// The ledger's entry that began it: no other reveal has the same.
    pub begun: u64,
    pub plan: Plan,
    /// The step taken last: an index into [`Plan::steps`].
    pub step: u32,
}

impl Reveal {
    /// Whether everything is told.
    pub fn is_over(&self) -> bool {
        self.step as usize + 1 >= self.plan.steps.len()
    }

    /// An act that was meant for another reveal touches this one no more.
    pub(crate) fn is_the_one(&self, seen: Option<u64>) -> Result<(), Refusal> {
        match seen {
            Some(seen) if seen != self.begun => Err(Refusal::OtherReveal),
            _ => Ok(()),
        }
    }
}

/// In which order the marks are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevealBy {
    /// Team by team, all that is withheld of one at once.
    Total,
    /// Round by round, and in each team by team.
    Round,
}

/// Everything that will be told, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// On invented marks.
    pub rehearsal: bool,
    pub by: RevealBy,
    /// What the hall has seen so far.
    pub base: Vec<Standing>,
    /// The final standings.
    pub rows: Vec<Standing>,
    /// In the order of the rules.
    pub awards: Vec<Award>,
    pub steps: Vec<Step>,
}

/// One press of the host's button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// The standings as the hall knows them.
    Opening,
    /// The marks of this round are told next.
    Round { round: RoundId },
    /// These teams (equals together) step forward.
    Lift {
        round: Option<RoundId>,
        teams: Vec<TeamId>,
    },
    /// Their withheld marks, of one round or all.
    Marks {
        round: Option<RoundId>,
        teams: Vec<TeamId>,
    },
    /// They move to their place.
    Place {
        round: Option<RoundId>,
        teams: Vec<TeamId>,
    },
    /// A prize with all who hold it; an index into [`Plan::awards`].
    Plate { award: u32 },
    /// The final board.
    Final,
}

/// What a step shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "picture", rename_all = "snake_case")]
pub enum Picture {
    /// The board on the way.
    Board {
        /// The round that is being told, in a reveal by rounds.
        round: Option<RoundId>,
        rows: Vec<PictureRow>,
        /// Those whom the step is about: a screen with several pages shows theirs.
        #[serde(default)]
        teams: Vec<TeamId>,
    },
    Plate {
        plate: Plate,
    },
    /// All places, after the prizes.
    Final {
        rows: Vec<PictureRow>,
    },
}

/// One team on the board of a reveal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureRow {
    pub team: TeamId,
    pub name: String,
    pub unit: String,
    /// `None` while its place is not told.
    pub rank: Option<u32>,
    pub tied: bool,
    /// By the rounds of the rules, as far as they are told.
    pub marks: Vec<Option<Points>>,
    /// Which of `marks` this telling adds to what the hall knew; empty unless the row is [`RowState::Open`].
    #[serde(default)]
    pub news: Vec<bool>,
    pub total: Option<Points>,
    pub state: RowState,
}

/// How far the telling of a row has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowState {
    Waiting,
    /// Stepped forward; its marks are next.
    Lifted,
    /// Its marks are told; its place is next.
    Open,
    Placed,
}

/// A prize and its holders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plate {
    pub name: String,
    /// For the prize of one round.
    pub round: Option<RoundId>,
    /// 0 is the first all-round prize of the rules; `None` for prizes by round and by choice.
    pub place: Option<u32>,
    pub holders: Vec<Holder>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    pub team: TeamId,
    pub name: String,
    pub unit: String,
}

impl Plan {
    /// The plan for the real marks: `base` is what the hall has seen.
    pub fn real(contest: &Contest, by: RevealBy, base: Vec<Standing>, rows: Vec<Standing>) -> Option<Self> {
        let rules = contest.rules()?;
        let awards = awards(rules, &rows, &contest.given);
        Some(Self::made(rules, false, by, base, rows, awards))
    }

    /// A plan on invented marks, to practise on: the marks of the last round are withheld, or all if
    /// there is only one.
    pub fn rehearsal(contest: &Contest, by: RevealBy, rng: &mut impl Rng) -> Option<Self> {
        let rules = contest.rules()?;
        let mut below = |most: i64| rng.random_range(0..most.max(1));
        // In quarter points, between half of the maximum and all of it.
        let mut invented: BTreeMap<(RoundId, TeamId), Points> = BTreeMap::new();
        for team in contest.teams.keys() {
            for round in &rules.rounds {
                let quarters = (round.maximum.0 / 250).max(2);
                let mark = quarters / 2 + below(quarters - quarters / 2 + 1);
                invented.insert((round.id, *team), Points(mark * 250));
            }
        }
        // Nothing that the committee has decided or confirmed shines through.
        let mut empty = contest.clone();
        empty.tie_decisions.clear();
        empty.stages.clear();
        let mark = |round, team| invented.get(&(round, team)).map(|mark| plain_mark(team, *mark));
        let going = advancing(&empty, mark);
        let all =
            |round, team| mark(round, team).filter(|_| going.contains(&team) || !in_final(rules, round));
        let last = rules.rounds.last().map(|round| round.id);
        let base = standings(&empty, |round, team| {
            all(round, team).filter(|_| Some(round) != last)
        });
        let rows = standings(&empty, all);
        // Who is chosen for a side prize is invented too.
        let chosen = rules
            .awards
            .iter()
            .filter(|award| award.by == AwardBy::Chosen)
            .map(|award| {
                let at = below(rows.len() as i64) as usize;
                (award.id, rows.get(at).map(|row| row.team).into_iter().collect())
            });
        let chosen = chosen.collect();
        let awards = awards(rules, &rows, &chosen);
        Some(Self::made(rules, true, by, base, rows, awards))
    }

    fn made(
        rules: &Rules,
        rehearsal: bool,
        by: RevealBy,
        base: Vec<Standing>,
        rows: Vec<Standing>,
        awards: Vec<Award>,
    ) -> Self {
        let mut steps = vec![Step::Opening];
        match by {
            RevealBy::Total => total_steps(&rows, &awards, &mut steps),
            RevealBy::Round => round_steps(rules, &base, &rows, &awards, &mut steps),
        }
        let rest = (0..)
            .zip(&awards)
            .filter(|(_, award)| award.rule.by != AwardBy::Total);
        steps.extend(
            rest.filter(|(_, award)| !award.holders.is_empty())
                .map(|(at, _)| Step::Plate { award: at }),
        );
        steps.push(Step::Final);
        Self {
            rehearsal,
            by,
            base,
            rows,
            awards,
            steps,
        }
    }

    /// The step of that number; beyond the last it is the last.
    pub fn step(&self, at: u32) -> &Step {
        let last = self.steps.len().saturating_sub(1);
        self.steps.get((at as usize).min(last)).unwrap_or(&Step::Opening)
    }

    /// What the hall sees when step `at` is taken, and nothing that comes later.
    pub fn picture(&self, contest: &Contest, at: u32) -> Picture {
        match self.step(at) {
            Step::Plate { award } => match self.awards.get(*award as usize) {
                Some(award) => Picture::Plate {
                    plate: self.plate(contest, award),
                },
                None => Picture::Final { rows: vec![] },
            },
            Step::Final => Picture::Final {
                rows: self
                    .rows
                    .iter()
                    .filter_map(|row| picture_row(contest, row, RowState::Placed))
                    .collect(),
            },
            step => {
                let (round, teams) = match step {
                    Step::Round { round } => (Some(*round), vec![]),
                    Step::Lift { round, teams }
                    | Step::Marks { round, teams }
                    | Step::Place { round, teams } => (*round, teams.clone()),
                    _ => (None, vec![]),
                };
                Picture::Board {
                    round,
                    rows: match self.by {
                        RevealBy::Total => self.by_total(contest, at),
                        RevealBy::Round => self.by_round(contest, at),
                    },
                    teams,
                }
            }
        }
    }

    /// The prizes that are told when step `at` is taken, in the order of the rules.
    pub fn plates(&self, contest: &Contest, at: u32) -> Vec<Plate> {
        let mut told: Vec<u32> = self
            .taken(at)
            .iter()
            .filter_map(|step| match step {
                Step::Plate { award } => Some(*award),
                _ => None,
            })
            .collect();
        told.sort_unstable();
        let told = told
            .into_iter()
            .filter_map(|award| self.awards.get(award as usize));
        told.map(|award| self.plate(contest, award)).collect()
    }

    /// A prize with the names of its holders.
    pub fn plate(&self, contest: &Contest, award: &Award) -> Plate {
        plate(contest, &self.awards, award)
    }

    /// Whether the standings and the prizes that follow from the ledger now are those of the plan. What
    /// was invented follows from nothing.
    pub fn follows_from(&self, contest: &Contest) -> bool {
        let Some(rules) = contest.rules().filter(|_| !self.rehearsal) else {
            return self.rehearsal;
        };
        let rows = standings(contest, |round, team| contest.mark(round, team));
        // How many places were left of a prize older plans do not tell; who holds it they do.
        let same = |(now, told): (&Award, &Award)| (&now.rule, &now.holders) == (&told.rule, &told.holders);
        let now = awards(rules, &rows, &contest.given);
        rows == self.rows && now.len() == self.awards.len() && now.iter().zip(&self.awards).all(same)
    }

    fn taken(&self, at: u32) -> &[Step] {
        &self.steps[..self.steps.len().min(at as usize + 1)]
    }

    fn by_total(&self, contest: &Contest, at: u32) -> Vec<PictureRow> {
        let taken = self.taken(at);
        let placed: BTreeSet<TeamId> = teams_of(taken, |step| matches!(step, Step::Place { .. }));
        let open: BTreeSet<TeamId> = teams_of(taken, |step| matches!(step, Step::Marks { .. }));
        let lifted: BTreeSet<TeamId> = teams_of(taken, |step| matches!(step, Step::Lift { .. }));
        let told = |team: TeamId| self.rows.iter().find(|row| row.team == team);
        // Those without any mark have no place to be told.
        let unranked = |row: &&Standing| told(row.team).is_none_or(|told| told.rank.is_none());
        let waiting = self
            .base
            .iter()
            .filter(|row| !placed.contains(&row.team) && !unranked(row));
        let waiting = waiting.filter_map(|row| {
            let blank = |row: &Standing| Standing {
                // Its place among those who are still to come says nothing any more.
                rank: None,
                tied: false,
                ..row.clone()
            };
            if open.contains(&row.team) {
                let told = told(row.team)?;
                let known = row.marks.iter().chain(std::iter::repeat(&None));
                Some(PictureRow {
                    news: told
                        .marks
                        .iter()
                        .zip(known)
                        .map(|(now, then)| now != then)
                        .collect(),
                    ..picture_row(contest, &blank(told), RowState::Open)?
                })
            } else if lifted.contains(&row.team) {
                picture_row(contest, &blank(row), RowState::Lifted)
            } else {
                picture_row(contest, &blank(row), RowState::Waiting)
            }
        });
        let placed = self.rows.iter().filter(|row| placed.contains(&row.team));
        let placed = placed.filter_map(|row| picture_row(contest, row, RowState::Placed));
        let none = self.base.iter().filter(unranked);
        let none = none.filter_map(|row| picture_row(contest, row, RowState::Waiting));
        waiting.chain(placed).chain(none).collect()
    }

    fn by_round(&self, contest: &Contest, at: u32) -> Vec<PictureRow> {
        let Some(rules) = contest.rules() else {
            return vec![];
        };
        let taken = self.taken(at);
        // By team and round: how far each withheld mark has come.
        let mut told: BTreeMap<(TeamId, RoundId), RowState> = BTreeMap::new();
        for step in taken {
            let (round, teams, state) = match step {
                Step::Lift { round, teams } => (round, teams, RowState::Lifted),
                Step::Marks { round, teams } => (round, teams, RowState::Open),
                Step::Place { round, teams } => (round, teams, RowState::Placed),
                _ => continue,
            };
            let Some(round) = round else { continue };
            told.extend(teams.iter().map(|team| ((*team, *round), state)));
        }
        let last = taken.iter().rev().find_map(|step| match step {
            Step::Round { round } => Some(*round),
            _ => None,
        });
        let (base, all) = (by_team(&self.base), by_team(&self.rows));
        // The mark as far as it `counts`: what the hall knew, and what was told since.
        let mark = |round: RoundId, team: TeamId, counts: &dyn Fn(RowState) -> bool| {
            let rows = match told.get(&(team, round)) {
                Some(state) if counts(*state) => &all,
                _ => &base,
            };
            let at = rules.rounds.iter().position(|of| of.id == round)?;
            rows.get(&team)?.marks.get(at).copied()?
        };
        let untold = |step: &Step| !matches!(step, Step::Plate { .. } | Step::Final);
        let order: Vec<Standing> = if told.values().all(|state| *state != RowState::Placed) {
            // As the hall knows them, whatever was decided since.
            self.base.clone()
        } else if self.steps.iter().skip(taken.len()).any(untold) {
            on_the_way(contest, rules, |round, team| {
                mark(round, team, &|state| state == RowState::Placed)
            })
        } else {
            self.rows.clone()
        };
        let shown = |round, team| mark(round, team, &|state| state >= RowState::Open);
        let totals: BTreeMap<TeamId, Option<Points>> = on_the_way(contest, rules, shown)
            .into_iter()
            .map(|row| (row.team, row.total))
            .collect();
        let rows = order.into_iter().filter_map(|row| {
            let marks = rules.rounds.iter().map(|round| shown(round.id, row.team));
            let row = Standing {
                marks: marks.collect(),
                total: totals.get(&row.team).copied().flatten(),
                ..row
            };
            let state = last.and_then(|round| told.get(&(row.team, round)).copied());
            let mut shown = picture_row(contest, &row, state.unwrap_or(RowState::Waiting))?;
            if shown.state == RowState::Open {
                shown.news = rules.rounds.iter().map(|round| Some(round.id) == last).collect();
            }
            Some(shown)
        });
        rows.collect()
    }
}

/// The standings from the marks that are told so far. Tie-breaks are for the end: on the way equals share
/// a place, in the order of registration.
fn on_the_way(
    contest: &Contest,
    rules: &Rules,
    mark: impl Fn(RoundId, TeamId) -> Option<Points>,
) -> Vec<Standing> {
    let mark = |round, team| mark(round, team).map(|mark| plain_mark(team, mark));
    let mut rows = standings(contest, mark);
    // Those of the final, once it has a mark, are no equals of the others.
    let going = advancing(contest, mark);
    let finals = |team: TeamId| {
        rules
            .rounds
            .iter()
            .any(|round| in_final(rules, round.id) && mark(round.id, team).is_some())
    };
    let begun = going.iter().any(|team| finals(*team));
    let key = |row: &Standing| (row.total, begun && going.contains(&row.team));
    for group in rows.chunk_by_mut(|a, b| key(a) == key(b)) {
        let rank = group[0].rank;
        let tied = rank.is_some() && group.len() > 1;
        group.sort_by_key(|row| row.team);
        group
            .iter_mut()
            .for_each(|row| (row.rank, row.tied) = (rank, tied));
    }
    rows
}

fn by_team(rows: &[Standing]) -> BTreeMap<TeamId, &Standing> {
    rows.iter().map(|row| (row.team, row)).collect()
}

/// Whether a round belongs to the final leg.
fn in_final(rules: &Rules, round: RoundId) -> bool {
    let at = |id: RoundId| rules.rounds.iter().position(|of| of.id == id);
    rules.final_leg.is_some_and(|leg| at(round) >= at(leg.from))
}

/// A mark of which nothing else is told.
fn plain_mark(team: TeamId, mark: Points) -> TeamMark {
    TeamMark {
        team,
        mark,
        seconds: 0,
        members: 0,
    }
}

/// The plates of all prizes that have holders, for standings that are no secret.
pub fn all_plates(contest: &Contest) -> Vec<Plate> {
    let Some(rules) = contest.rules() else {
        return vec![];
    };
    let rows = standings(contest, |round, team| contest.mark(round, team));
    let all = awards(rules, &rows, &contest.given);
    let held = all.iter().filter(|award| !award.holders.is_empty());
    held.map(|award| plate(contest, &all, award)).collect()
}

fn plate(contest: &Contest, all: &[Award], award: &Award) -> Plate {
    let mut all_round = all.iter().filter(|other| other.rule.by == AwardBy::Total);
    let place = all_round.position(|other| other.rule.id == award.rule.id);
    Plate {
        name: award.rule.name.clone(),
        round: match award.rule.by {
            AwardBy::Round { round } => Some(round),
            _ => None,
        },
        place: place.map(|place| place as u32),
        holders: award
            .holders
            .iter()
            .filter_map(|team| holder(contest, *team))
            .collect(),
    }
}

/// A team by name.
pub fn holder(contest: &Contest, team: TeamId) -> Option<Holder> {
    let of = contest.teams.get(&team)?;
    Some(Holder {
        team,
        name: of.name.clone(),
        unit: of.unit.clone(),
    })
}

fn picture_row(contest: &Contest, row: &Standing, state: RowState) -> Option<PictureRow> {
    let team = contest.teams.get(&row.team)?;
    Some(PictureRow {
        team: row.team,
        name: team.name.clone(),
        unit: team.unit.clone(),
        rank: row.rank,
        tied: row.tied,
        marks: row.marks.clone(),
        news: vec![],
        total: row.total,
        state,
    })
}

fn teams_of(steps: &[Step], wanted: impl Fn(&Step) -> bool) -> BTreeSet<TeamId> {
    let teams = steps
        .iter()
        .filter(|step| wanted(step))
        .filter_map(|step| match step {
            Step::Lift { teams, .. } | Step::Marks { teams, .. } | Step::Place { teams, .. } => Some(teams),
            _ => None,
        });
    teams.flatten().copied().collect()
}

/// Groups of equals, the last first.
fn from_the_last<K: Ord + Copy>(rows: impl Iterator<Item = (K, TeamId)>) -> Vec<Vec<TeamId>> {
    let mut groups: BTreeMap<K, Vec<TeamId>> = BTreeMap::new();
    for (key, team) in rows {
        groups.entry(key).or_default().push(team);
    }
    groups.into_values().collect()
}

fn lift(steps: &mut Vec<Step>, round: Option<RoundId>, teams: &[TeamId]) {
    let teams = || teams.to_vec();
    steps.push(Step::Lift {
        round,
        teams: teams(),
    });
    steps.push(Step::Marks {
        round,
        teams: teams(),
    });
    steps.push(Step::Place {
        round,
        teams: teams(),
    });
}

fn total_steps(rows: &[Standing], awards: &[Award], steps: &mut Vec<Step>) {
    let ranked = rows
        .iter()
        .filter_map(|row| Some((std::cmp::Reverse(row.rank?), row.team)));
    let mut told: BTreeSet<TeamId> = BTreeSet::new();
    let mut announced: BTreeSet<u32> = BTreeSet::new();
    for group in from_the_last(ranked) {
        lift(steps, None, &group);
        told.extend(&group);
        // A prize is announced when the last of its holders has his place; the lower prize first.
        let mut complete: Vec<u32> = (0..)
            .zip(awards)
            .filter(|(at, award)| {
                award.rule.by == AwardBy::Total
                    && !award.holders.is_empty()
                    && !announced.contains(at)
                    && award.holders.iter().all(|team| told.contains(team))
            })
            .map(|(at, _)| at)
            .collect();
        complete.reverse();
        announced.extend(&complete);
        steps.extend(complete.into_iter().map(|award| Step::Plate { award }));
    }
}

fn round_steps(rules: &Rules, base: &[Standing], rows: &[Standing], awards: &[Award], steps: &mut Vec<Step>) {
    for (i, round) in rules.rounds.iter().enumerate() {
        let known = |team: TeamId| {
            let row = base.iter().find(|row| row.team == team);
            row.and_then(|row| row.marks.get(i).copied().flatten())
        };
        let withheld = rows.iter().filter_map(|row| {
            let mark = row.marks.get(i).copied().flatten()?;
            (known(row.team) != Some(mark)).then_some((mark, row.team))
        });
        let groups = from_the_last(withheld);
        if groups.is_empty() {
            continue;
        }
        steps.push(Step::Round { round: round.id });
        for group in groups {
            lift(steps, Some(round.id), &group);
        }
    }
    let all_round = (0..)
        .zip(awards)
        .filter(|(_, award)| award.rule.by == AwardBy::Total);
    let mut plates: Vec<u32> = all_round
        .filter(|(_, award)| !award.holders.is_empty())
        .map(|(at, _)| at)
        .collect();
    plates.reverse();
    steps.extend(plates.into_iter().map(|award| Step::Plate { award }));
}

/// What somebody wants of freeze and reveal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RevealAct {
    /// `progress` of an exam whose live marks the public sees.
    Freeze {
        progress: BTreeMap<RoundId, crate::audience::Progress>,
    },
    /// With a reason unless a reveal has told everything.
    Unfreeze {
        reason: Option<String>,
    },
    Begin {
        by: RevealBy,
        rehearsal: bool,
    },
    /// From the step that the asker saw: whoever is late by a step moves nothing.
    Go {
        /// The reveal that the asker saw ([`Reveal::begun`]), where he says it: another one is not told.
        reveal: Option<u64>,
        from: u32,
        to: u32,
    },
    /// Leaves the reveal; what was told stays untold to the public until the freeze is lifted.
    End {
        /// As in [`RevealAct::Go`]: a page that was left open ends no reveal that began since.
        reveal: Option<u64>,
    },
}

/// What has happened to freeze and reveal. Old ones must always replay: add, never change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum RevealFact {
    Frozen {
        rows: Vec<Standing>,
        shown: Vec<RoundId>,
    },
    Unfrozen {
        reason: Option<String>,
    },
    Begun {
        plan: Plan,
    },
    Moved {
        to: u32,
    },
    Ended,
}

impl RevealFact {
    /// The fact's name in the ledger (`reveal_begun`).
    pub fn name(&self) -> &'static str {
        match self {
            Self::Frozen { .. } => "standings_frozen",
            Self::Unfrozen { .. } => "standings_unfrozen",
            Self::Begun { .. } => "reveal_begun",
            Self::Moved { .. } => "reveal_moved",
            Self::Ended => "reveal_ended",
        }
    }
}

#[cfg(test)]
mod tests;
