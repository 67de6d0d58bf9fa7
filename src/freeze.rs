//! Freezing (đóng băng): from a moment on the public sees the standings as they were.

use crate::{
    Contest, Moment, RoundId, TeamId,
    award::{AwardBy, awards},
    rules::TieBreak,
    standing::{Standing, standings},
};
use serde::{Deserialize, Serialize};

/// The standings that the public goes on seeing. They are kept as they were, not computed again:
/// nothing that is decided later can shine through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Freeze {
    pub at: Moment,
    pub rows: Vec<Standing>,
    /// The rounds whose marks were visible.
    pub shown: Vec<RoundId>,
}

/// Why the standings are not final.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "not_final", rename_all = "snake_case")]
pub enum NotFinal {
    /// The public sees older ones.
    Frozen,
    /// These rounds are not published: not all held, marked, confirmed.
    Unpublished { rounds: Vec<RoundId> },
    /// These are equal across the last place of a prize, and the rules ask the committee to decide.
    TiedForPrize { award: u32, teams: Vec<TeamId> },
    /// So many complaints are not answered.
    OpenAppeals { count: u32 },
    /// A reveal has not told everything yet.
    Revealing,
}

/// What keeps the standings from being final; empty when they may be signed, exported and printed.
pub fn not_final(contest: &Contest) -> Vec<NotFinal> {
    let mut list = unsettled(contest);
    if contest.hall.frozen.is_some() {
        list.push(NotFinal::Frozen);
    }
    if contest.hall.real_reveal().is_some_and(|reveal| !reveal.is_over()) {
        list.push(NotFinal::Revealing);
    }
    let open = contest
        .appeals
        .values()
        .filter(|appeal| appeal.answer.is_none())
        .count();
    if open > 0 {
        list.push(NotFinal::OpenAppeals { count: open as u32 });
    }
    list
}

/// What keeps prizes from being announced: rounds without published marks, and ties that the
/// committee has yet to decide.
pub fn unsettled(contest: &Contest) -> Vec<NotFinal> {
    let Some(rules) = contest.rules() else {
        return vec![];
    };
    let mut list = Vec::new();
    let rounds: Vec<RoundId> = rules
        .rounds
        .iter()
        .map(|round| round.id)
        .filter(|round| !contest.is_published(*round))
        .collect();
    if !rounds.is_empty() {
        list.push(NotFinal::Unpublished { rounds });
    }
    if rules.tie_breaks.contains(&TieBreak::Decision) {
        let rows = standings(contest, |round, team| contest.mark(round, team));
        let by_total = awards(rules, &rows, &contest.given).into_iter().filter(|award| {
            award.rule.by == AwardBy::Total && award.holders.len() as u32 > award.rule.places
        });
        list.extend(by_total.map(|award| {
            let rank = |team: &TeamId| rows.iter().find(|row| row.team == *team).and_then(|row| row.rank);
            let last = award.holders.last().and_then(rank);
            NotFinal::TiedForPrize {
                award: award.rule.id,
                teams: award
                    .holders
                    .into_iter()
                    .filter(|team| rank(team) == last)
                    .collect(),
            }
        }));
    }
    list
}
