//! Prizes (giải) as data, and who holds them.

use crate::{
    Points, RoundId, TeamId,
    points::Rounding,
    rules::{Round, Rules},
    standing::{Marks, Standing, rank},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A prize of the thể lệ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AwardRule {
    /// Within the rules, from 1.
    pub id: u32,
    /// "Giải Nhất", "Giải tiểu phẩm hay nhất". 1 to 80 characters.
    pub name: String,
    pub by: AwardBy,
    /// How many teams may hold it.
    pub places: u32,
    pub ties: Ties,
}

/// What a prize goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum AwardBy {
    /// The total: such prizes follow each other down the standings, in the order of the rules.
    Total,
    /// The mark of one round (giải phụ by part); such prizes of one round follow each other too.
    Round { round: RoundId },
    /// The committee's choice, recorded with its reason.
    Chosen,
}

/// What happens when equals stand across the last place of a prize.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ties {
    /// All of them hold it, and the next prize keeps its places.
    Joint,
    /// All of them hold it, and use up places of the next prize.
    Consume,
}

/// A prize with its holders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Award {
    pub rule: AwardRule,
    /// How many places were left of it: equals for the prize before may have used some up. 0 in the plans
    /// of older ledgers, which do not tell.
    #[serde(default)]
    pub places: u32,
    /// In the order of the standings; equals in the order of registration.
    pub holders: Vec<TeamId>,
}

/// The holders of every prize. `standings` are by total; `chosen` is what the committee has given.
pub fn awards(rules: &Rules, standings: &[Standing], chosen: &BTreeMap<u32, Vec<TeamId>>) -> Vec<Award> {
    let mut lines: Vec<(AwardBy, Line)> = Vec::new();
    let mut awards = Vec::new();
    for rule in &rules.awards {
        let (places, holders) = match rule.by {
            AwardBy::Chosen => (rule.places, chosen.get(&rule.id).cloned().unwrap_or_default()),
            by => {
                let at = lines.iter().position(|(line, _)| *line == by).unwrap_or_else(|| {
                    lines.push((by, Line::new(&ranked(rules, standings, by))));
                    lines.len() - 1
                });
                lines[at].1.take(rule)
            }
        };
        awards.push(Award {
            rule: rule.clone(),
            places,
            holders,
        });
    }
    awards
}

fn ranked(rules: &Rules, standings: &[Standing], by: AwardBy) -> Vec<Standing> {
    let AwardBy::Round { round } = by else {
        return standings.to_vec();
    };
    let Some(at) = rules.rounds.iter().position(|r| r.id == round) else {
        return vec![];
    };
    // A round's prize goes by that round alone: its mark as it stands, whatever it weighs in the
    // total and however that is rounded, and no tie-break of the whole.
    let only = Rules {
        rounds: vec![Round {
            weight: 1000,
            ..rules.rounds[at].clone()
        }],
        rounding: Rounding { step: Points(1) },
        tie_breaks: vec![],
        ..rules.clone()
    };
    let mut rows: Vec<&Standing> = standings.iter().collect();
    rows.sort_by_key(|row| row.team);
    let rows = rows.into_iter().map(|row| Marks {
        team: row.team,
        marks: vec![row.marks.get(at).copied().flatten()],
        seconds: row.seconds,
        criteria: BTreeMap::new(),
    });
    rank(&only, &[], rows.collect())
}

/// Teams waiting for the next prize of one kind, in groups of equals.
struct Line {
    groups: Vec<Vec<TeamId>>,
    /// Places of the next prize that equals have used up already.
    owed: u32,
}

impl Line {
    fn new(standings: &[Standing]) -> Self {
        let mut groups: Vec<(u32, Vec<TeamId>)> = Vec::new();
        for row in standings {
            let Some(rank) = row.rank else { continue };
            match groups.last_mut() {
                Some((last, group)) if *last == rank => group.push(row.team),
                _ => groups.push((rank, vec![row.team])),
            }
        }
        Self {
            groups: groups.into_iter().rev().map(|(_, group)| group).collect(),
            owed: 0,
        }
    }

    /// The places that are left of the prize, and who holds it.
    fn take(&mut self, rule: &AwardRule) -> (u32, Vec<TeamId>) {
        let places = rule.places.saturating_sub(self.owed);
        self.owed = self.owed.saturating_sub(rule.places);
        let mut holders = Vec::new();
        while (holders.len() as u32) < places
            && let Some(group) = self.groups.pop()
        {
            holders.extend(group);
        }
        if rule.ties == Ties::Consume {
            self.owed += (holders.len() as u32).saturating_sub(places);
        }
        (places, holders)
    }
}
