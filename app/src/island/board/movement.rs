//! Who moved and who gained: what an eye should be able to follow from one board to the next.

use contest::{Millis, TeamId, audience::BoardRow};

/// A row says that it moved until it has stood still for so long.
const MOVED_FOR: Millis = 20_000;
/// A gain flashes once.
const GAINED_FOR: Millis = 2_500;

/// The moves and gains that are still fresh. Times are of any clock that never goes back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Trail {
    moves: Vec<Fresh<u32>>,
    gains: Vec<Fresh<()>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Fresh<T> {
    team: TeamId,
    /// For a move: the rank at which the team stood still last.
    from: T,
    until: Millis,
}

impl Trail {
    /// Takes in that the rows `before` became the rows `after`.
    pub(crate) fn follow(&mut self, before: &[BoardRow], after: &[BoardRow], now: Millis) {
        self.forget(now);
        for row in after {
            let Some(old) = before.iter().find(|old| old.team == row.team) else {
                continue;
            };
            if let (Some(from), Some(to)) = (old.rank, row.rank)
                && from != to
            {
                refresh(&mut self.moves, row.team, from, now + MOVED_FOR);
            }
            if row.total > old.total {
                refresh(&mut self.gains, row.team, (), now + GAINED_FOR);
            }
        }
    }

    /// Drops what is no longer fresh; says whether there was any.
    pub(crate) fn forget(&mut self, now: Millis) -> bool {
        let before = self.moves.len() + self.gains.len();
        self.moves.retain(|fresh| fresh.until > now);
        self.gains.retain(|fresh| fresh.until > now);
        before != self.moves.len() + self.gains.len()
    }

    /// How many places the row has climbed (below zero: fallen) since it stood still last.
    pub(crate) fn climbed(&self, row: &BoardRow) -> i64 {
        let from = self.moves.iter().find(|fresh| fresh.team == row.team);
        match (from, row.rank) {
            (Some(fresh), Some(rank)) => i64::from(fresh.from) - i64::from(rank),
            _ => 0,
        }
    }

    /// Whether the team has gained points just now.
    pub(crate) fn gained(&self, team: TeamId) -> bool {
        self.gains.iter().any(|fresh| fresh.team == team)
    }
}

/// A team that moves again while its last move is fresh keeps the place from which it set out.
fn refresh<T>(all: &mut Vec<Fresh<T>>, team: TeamId, from: T, until: Millis) {
    match all.iter_mut().find(|fresh| fresh.team == team) {
        Some(fresh) => fresh.until = until,
        None => all.push(Fresh { team, from, until }),
    }
}

/// Whether the rows stand in another order.
pub(crate) fn reordered(before: &[BoardRow], after: &[BoardRow]) -> bool {
    !before
        .iter()
        .map(|row| row.team)
        .eq(after.iter().map(|row| row.team))
}

#[cfg(test)]
mod tests {
    use super::*;
    use contest::Points;

    fn row(team: u32, rank: Option<u32>, total: Option<i64>) -> BoardRow {
        BoardRow {
            team: TeamId(team),
            name: String::new(),
            unit: String::new(),
            rank,
            tied: false,
            marks: vec![],
            total: total.map(Points::whole),
            progress: None,
        }
    }

    #[test]
    fn a_climb_counts_places_and_the_overtaken_fall() {
        let before = [
            row(1, Some(1), Some(9)),
            row(2, Some(2), Some(8)),
            row(3, Some(3), Some(7)),
        ];
        let after = [
            row(3, Some(1), Some(10)),
            row(1, Some(2), Some(9)),
            row(2, Some(3), Some(8)),
        ];
        let mut trail = Trail::default();
        trail.follow(&before, &after, 0);
        let climbed: Vec<i64> = after.iter().map(|row| trail.climbed(row)).collect();
        assert_eq!(climbed, [2, -1, -1]);
        assert!(trail.gained(TeamId(3)) && !trail.gained(TeamId(1)));
        assert!(reordered(&before, &after));
    }

    #[test]
    fn a_second_move_adds_up_and_a_return_is_no_move() {
        let mut trail = Trail::default();
        let at = |rank| [row(1, Some(rank), Some(1))];
        trail.follow(&at(5), &at(3), 0);
        trail.follow(&at(3), &at(2), 10_000);
        assert_eq!(trail.climbed(&at(2)[0]), 3);
        trail.follow(&at(2), &at(5), 11_000);
        assert_eq!(trail.climbed(&at(5)[0]), 0);
    }

    #[test]
    fn moves_and_gains_fade() {
        let mut trail = Trail::default();
        let after = [row(1, Some(1), Some(2))];
        trail.follow(&[row(1, Some(2), None)], &after, 0);
        assert!(trail.gained(TeamId(1)), "the first mark is a gain");
        assert!(trail.forget(GAINED_FOR));
        assert!(!trail.gained(TeamId(1)));
        assert_eq!(trail.climbed(&after[0]), 1);
        assert!(trail.forget(MOVED_FOR));
        assert_eq!(trail.climbed(&after[0]), 0);
        assert!(!trail.forget(MOVED_FOR));
    }

    #[test]
    fn a_first_rank_and_a_lost_mark_are_no_moves_and_no_gains() {
        let mut trail = Trail::default();
        trail.follow(&[row(1, None, None)], &[row(1, Some(1), None)], 0);
        trail.follow(&[row(1, Some(1), Some(3))], &[row(1, Some(1), Some(2))], 0);
        trail.follow(&[], &[row(2, Some(1), Some(2))], 0);
        assert_eq!(trail, Trail::default());
    }
}
