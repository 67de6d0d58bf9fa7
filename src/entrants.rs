//! Who takes part in a round: everybody, or those who have gone on to the final leg.

use crate::{
    Blocker, Contest, Event, RoundId, TeamId,
    rules::TieBreak,
    standing::{self, Stake},
};
use std::collections::BTreeMap;

impl Contest {
    /// Whether `round` belongs to the final leg.
    pub fn is_final(&self, round: RoundId) -> bool {
        let Some((rules, leg)) = self.rules().and_then(|rules| Some((rules, rules.final_leg?))) else {
            return false;
        };
        let place = |id| rules.rounds.iter().position(|r| r.id == id);
        place(leg.from)
            .zip(place(round))
            .is_some_and(|(from, at)| at >= from)
    }

    /// The teams that take part in `round`, in the order of registration.
    pub fn entrants(&self, round: RoundId) -> Vec<TeamId> {
        if self.is_final(round) {
            standing::advancing(self, |round, team| self.mark(round, team))
        } else {
            self.teams.keys().copied().collect()
        }
    }

    /// Who would take part in the final leg by the present marks, where that is not who does.
    pub fn other_finalists(&self) -> Option<Vec<TeamId>> {
        let fixed = self.finalists.as_ref()?;
        let mut open = self.clone();
        open.finalists = None;
        let now = standing::advancing(&open, |round, team| self.mark(round, team));
        (now != *fixed).then_some(now)
    }

    /// The entry that says who takes part in the final leg, if the beginning of `round` begins it.
    pub(crate) fn final_begins(&self, round: RoundId) -> Vec<Event> {
        if !self.is_final(round) || self.finalists.is_some() {
            return vec![];
        }
        let teams = self.entrants(round);
        vec![Event::FinalistsFixed { teams }]
    }

    /// Those of `equal` who are in the cluster of the first of `teams`, where each cluster sends its
    /// best to a final that has not begun.
    pub(crate) fn of_one_cluster(&self, equal: &[TeamId], teams: &[TeamId]) -> Vec<TeamId> {
        let leg = self.rules().and_then(|rules| rules.final_leg);
        if leg.is_none_or(|leg| !leg.per_cluster) || standing::stake(self) != Stake::Advance {
            return vec![];
        }
        let cluster = |team: &TeamId| self.teams.get(team).map(|team| team.cluster.as_str());
        let one = teams.first().and_then(cluster);
        equal
            .iter()
            .copied()
            .filter(|team| cluster(team) == one)
            .collect()
    }

    /// What stands in the way of knowing who takes part in `round`: an earlier round that is not
    /// published, or equals across the line whom the rules leave to the committee.
    pub fn entry_blockers(&self, round: RoundId) -> Vec<Blocker> {
        let Some((rules, leg)) = self.rules().and_then(|rules| Some((rules, rules.final_leg?))) else {
            return vec![];
        };
        if !self.is_final(round) {
            return vec![];
        }
        let earlier = rules.rounds.iter().map(|r| r.id).take_while(|id| *id != leg.from);
        let rounds: Vec<RoundId> = earlier.filter(|id| !self.is_published(*id)).collect();
        if !rounds.is_empty() {
            return vec![Blocker::EarlierRounds { rounds }];
        }
        if !rules.tie_breaks.contains(&TieBreak::Decision) {
            return vec![];
        }
        let mut clusters: BTreeMap<&str, Vec<TeamId>> = BTreeMap::new();
        for team in self.entrants(round) {
            let cluster = self.teams.get(&team).map_or("", |team| team.cluster.as_str());
            let cluster = if leg.per_cluster { cluster } else { "" };
            clusters.entry(cluster).or_default().push(team);
        }
        // More than have a place: those who share the last rank among them stand across the line.
        let full = clusters
            .into_values()
            .filter(|teams| teams.len() as u32 > leg.teams);
        full.map(|teams| Blocker::TieAtCutOff {
            teams: self.last_equals(&teams, leg.from),
        })
        .collect()
    }

    /// Those of `teams` who are equal on the last place by the rounds before `from`.
    fn last_equals(&self, teams: &[TeamId], from: RoundId) -> Vec<TeamId> {
        let rounds = self.rules().into_iter().flat_map(|rules| &rules.rounds);
        let early: Vec<RoundId> = rounds.map(|r| r.id).take_while(|id| *id != from).collect();
        let counts = |round, team| early.contains(&round) && teams.contains(&team);
        let rows = standing::standings(self, |round, team| {
            self.mark(round, team).filter(|_| counts(round, team))
        });
        let last = rows.iter().filter_map(|row| row.rank).max();
        rows.iter()
            .filter(|row| row.rank.is_some() && row.rank == last)
            .map(|row| row.team)
            .collect()
    }
}
