//! Prizes of the templates.

use crate::{
    RoundId,
    award::{AwardBy, AwardRule, Ties},
};

/// All-round prizes in their order: names and places.
pub(super) fn all_round(prizes: &[(&str, u32)]) -> Vec<AwardRule> {
    numbered(
        prizes
            .iter()
            .map(|(name, places)| (*name, AwardBy::Total, *places)),
    )
}

/// One prize for the best of each of `rounds`, numbered on behind `before`.
pub(super) fn by_round(mut before: Vec<AwardRule>, rounds: &[(&str, u32)]) -> Vec<AwardRule> {
    let next = before.len() as u32;
    let rounds = rounds.iter().map(|(name, round)| {
        (
            *name,
            AwardBy::Round {
                round: RoundId(*round),
            },
            1,
        )
    });
    before.extend(numbered(rounds).into_iter().map(|award| AwardRule {
        id: award.id + next,
        ..award
    }));
    before
}

fn numbered<'a>(prizes: impl Iterator<Item = (&'a str, AwardBy, u32)>) -> Vec<AwardRule> {
    let rule = |(id, (name, by, places)): (u32, (&str, AwardBy, u32))| AwardRule {
        id,
        name: name.into(),
        by,
        places,
        // Joint ranks are common: who is equal is honoured equally.
        ties: Ties::Joint,
    };
    (1..).zip(prizes).map(rule).collect()
}
