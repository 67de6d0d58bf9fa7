//! The time a team has in a stage round, and what running over it costs.

use crate::{Contest, Millis, Points, RoundId, TeamId, panel, rules::StageTime};

impl Contest {
    /// The times of `team` in a stage round as its clock shows them: thinking included, and never
    /// more than what is left of the time for all rounds together.
    pub fn stage_time(&self, round: RoundId, team: TeamId) -> Option<StageTime> {
        let rules = self.rules()?;
        let own = rules.round(round)?.stage()?.time;
        let later = |at: Millis| if at == 0 { 0 } else { at + own.thinking };
        let mut time = StageTime {
            warning: later(own.warning),
            limit: later(own.limit),
            cut_off: own.cut_off.map(later),
            thinking: own.thinking,
        };
        if let Some(all) = rules.time_in_all {
            // A limit of nothing would mean "no limit".
            let left = later((all.limit - self.taken_before(round, team)).max(1));
            if time.limit == 0 || left < time.limit {
                time.limit = left;
                time.warning = (left - 60_000).max(0);
            }
        }
        Some(time)
    }

    /// What the clock proposes to take off `team`'s mark in a stage round: by the round's own
    /// limit, and by the time for all rounds as far as this round has used it up.
    pub fn proposed(&self, round: RoundId, team: TeamId) -> Points {
        let Some(rules) = self.rules() else {
            return Points::ZERO;
        };
        let stage = self.stages.get(&round);
        let Some((stage, own)) = stage.zip(rules.round(round).and_then(|r| r.stage())) else {
            return Points::ZERO;
        };
        let taken = stage.taken(team);
        let in_all = rules.time_in_all.map_or(Points::ZERO, |all| {
            let before = self.taken_before(round, team);
            let after = before + (taken - own.time.thinking).max(0);
            // What earlier rounds have cost already is not taken off twice.
            panel::cost(all.overtime, after - all.limit) - panel::cost(all.overtime, before - all.limit)
        });
        panel::overtime(own, taken) + in_all
    }

    /// The time that `team` took in the stage rounds before `round`, in the order of the rules.
    fn taken_before(&self, round: RoundId, team: TeamId) -> Millis {
        let rounds = self.rules().into_iter().flat_map(|rules| &rules.rounds);
        rounds
            .take_while(|r| r.id != round)
            .filter_map(|r| {
                let taken = self.stages.get(&r.id)?.taken(team);
                Some((taken - r.stage()?.time.thinking).max(0))
            })
            .sum()
    }
}
