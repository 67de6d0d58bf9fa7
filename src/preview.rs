//! Who would move: what facts would do to the standings, before they are recorded.

use crate::{
    Actor, Contest, Event, Moment, Points, TeamId,
    ledger::Entry,
    standing::{Standing, standings},
};
use serde::{Deserialize, Serialize};

/// A team before and after a correction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    pub team: TeamId,
    pub name: String,
    pub rank: (Option<u32>, Option<u32>),
    pub total: (Option<Points>, Option<Points>),
}

/// What `events` would do to the standings by all marks that there are; nothing is recorded. In the
/// order of the standings after; teams that stay where they are with the same total too.
pub fn preview(contest: &Contest, events: &[Event], at: Moment) -> Vec<Move> {
    let mut after = contest.clone();
    let mut happens = |event: &Event| {
        let entry = Entry {
            seq: after.seq + 1,
            at,
            actor: Actor::System,
            device: String::new(),
            event: event.clone(),
        };
        after.apply(&entry);
        // What waits for a second person is shown as it will be when he agrees.
        after.agreed(event)
    };
    for event in events {
        for then in happens(event) {
            happens(&then);
        }
    }
    let all = |contest: &Contest| standings(contest, |round, team| contest.mark(round, team));
    moves(contest, &all(contest), &all(&after))
}

/// The difference between two standings of the same teams.
pub fn moves(contest: &Contest, before: &[Standing], after: &[Standing]) -> Vec<Move> {
    let place = |team: TeamId| {
        let row = before.iter().find(|row| row.team == team);
        row.map_or((None, None), |row| (row.rank, row.total))
    };
    let moved = after.iter().map(|row| {
        let (rank, total) = place(row.team);
        let team = contest.teams.get(&row.team);
        Move {
            team: row.team,
            name: team.map(|team| team.name.clone()).unwrap_or_default(),
            rank: (rank, row.rank),
            total: (total, row.total),
        }
    });
    moved.collect()
}
