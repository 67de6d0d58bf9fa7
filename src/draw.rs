//! Drawing lots (bốc thăm) so that anybody can check it afterwards.
//!
//! The house draws a seed and seals it: the ledger records the seed's hash before anything is
//! known. Opening records the seed itself. Whoever has both can see that the seed was not chosen
//! afterwards, and can shuffle again: the teams in the order of registration, by Fisher and Yates
//! over ChaCha20 keyed with `SHA-256("hoithi draw\n" + purpose + "\n" + seed)`.

use crate::{ContestId, Digest, RoundId, TeamId, paper::mix};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use serde::{Deserialize, Serialize};
use sha2::Digest as _;

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DrawOf {
    /// The running order.
    Order,
    /// A question pack or situation for each team.
    Packs,
}

/// How a draw stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Draw {
    /// The hash of the seed is recorded, the seed is still secret.
    Sealed { commitment: Digest },
    /// Drawn by machine.
    Opened { commitment: Digest, seed: String },
    /// Typed in from paper lots.
    Entered,
}

/// The hash that seals `seed` (64 hexadecimal digits).
pub fn commitment(seed: &str) -> Digest {
    Digest::of(seed.as_bytes())
}

fn stream(seed: &str, contest: &ContestId, round: RoundId, of: DrawOf) -> ChaCha20Rng {
    let purpose = match of {
        DrawOf::Order => "order",
        DrawOf::Packs => "packs",
    };
    let key = format!("hoithi draw\n{contest} {round} {purpose}\n{seed}");
    ChaCha20Rng::from_seed(sha2::Sha256::digest(key).into())
}

/// The running order of `teams` (in the order of registration) that `seed` gives.
pub fn order(seed: &str, contest: &ContestId, round: RoundId, teams: &[TeamId]) -> Vec<TeamId> {
    let mut order = teams.to_vec();
    mix(&mut order, &mut stream(seed, contest, round, DrawOf::Order));
    order
}

/// The pack (from 1) of each of `teams`. No pack comes a second time before all have come once.
pub fn packs(
    seed: &str,
    contest: &ContestId,
    round: RoundId,
    teams: &[TeamId],
    packs: u32,
) -> Vec<(TeamId, u32)> {
    let mut rng = stream(seed, contest, round, DrawOf::Packs);
    let mut left: Vec<u32> = Vec::new();
    let mut draw = || {
        if left.is_empty() {
            left = (1..=packs.max(1)).collect();
            mix(&mut left, &mut rng);
        }
        left.pop().unwrap_or(1)
    };
    teams.iter().map(|team| (*team, draw())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn contest() -> ContestId {
        "btu-2023".parse().expect("a name")
    }

    fn teams() -> Vec<TeamId> {
        (1..=14).map(TeamId).collect()
    }

    #[test]
    fn the_same_seed_gives_the_same_order_for_ever() {
        let order = order(&"ab".repeat(32), &contest(), RoundId(2), &teams());
        insta::assert_compact_json_snapshot!(order);
    }

    #[test]
    fn every_team_once_and_no_pack_twice_before_all_once() {
        for n in 0..200 {
            let seed = format!("{n:064}");
            let mut drawn = order(&seed, &contest(), RoundId(2), &teams());
            drawn.sort_unstable();
            assert_eq!(drawn, teams());
            let mut uses: BTreeMap<u32, u32> = BTreeMap::new();
            for (_, pack) in packs(&seed, &contest(), RoundId(2), &teams(), 5) {
                *uses.entry(pack).or_default() += 1;
            }
            assert!(uses.values().all(|n| (2..=3).contains(n)), "{uses:?}");
        }
    }

    /// Over many seeds each team comes first about equally often: within five standard deviations.
    #[test]
    fn no_team_is_favoured() {
        let mut first: BTreeMap<TeamId, i64> = BTreeMap::new();
        for n in 0..14_000 {
            *first
                .entry(order(&format!("{n:064}"), &contest(), RoundId(2), &teams())[0])
                .or_default() += 1;
        }
        assert!(first.values().all(|n| (n - 1000).abs() < 155), "{first:?}");
    }
}
