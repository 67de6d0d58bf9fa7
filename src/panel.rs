//! How the judges' sheets make a team's mark.

use crate::{
    Millis, PersonId, Points, TeamId,
    points::{Exact, Rounding},
    rules::{Judges, Overtime, StageRules},
};
use serde::{Deserialize, Serialize};

/// One judge's total in the making of a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    pub judge: PersonId,
    pub total: Points,
    /// Dropped as the highest or the lowest.
    pub dropped: bool,
}

/// A team's mark in a stage round, with everything it was made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageMark {
    pub team: TeamId,
    /// What stands in the standings, unweighted: combined, less the deduction, not below zero.
    pub mark: Points,
    /// The judges' sheets together, rounded.
    pub combined: Points,
    /// Taken off, zero or more.
    pub deduction: Points,
    pub sheets: Vec<Counted>,
    /// Who sat on the panel then, also without a sheet; under a sum each of them counts. Older
    /// entries do not say it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub panel: Vec<PersonId>,
    /// The judges' mean on each criterion as [`criterion`] has it; for tie-breaks. A list, since
    /// numbers as keys do not come back from JSON inside a tagged event.
    #[serde(default)]
    pub criteria: Vec<(u32, Points)>,
}

impl StageMark {
    /// The same sheets with another deduction.
    pub fn with_deduction(&self, deduction: Points) -> Self {
        Self {
            mark: (self.combined - deduction).max(Points::ZERO),
            deduction,
            ..self.clone()
        }
    }
}

/// Combines the judges' totals. `expected` is how many judges sit for this team; under a sum a
/// missing one counts as the mean of the others. No totals, no mark.
pub fn combine(
    rules: &StageRules,
    expected: u32,
    totals: &[(PersonId, Points)],
) -> Option<(Exact, Vec<Counted>)> {
    if totals.is_empty() {
        return None;
    }
    let mut sheets: Vec<Counted> = totals
        .iter()
        .map(|(judge, total)| Counted {
            judge: *judge,
            total: *total,
            dropped: false,
        })
        .collect();
    // By total and then by judge, so that of two equal sheets always the same one is named as
    // dropped: for the mark it is one whichever goes.
    sheets.sort_by_key(|sheet| (sheet.total, sheet.judge));
    if let Judges::Trimmed { from } = rules.judges
        && sheets.len() >= from.max(3) as usize
    {
        let last = sheets.len() - 1;
        sheets[0].dropped = true;
        sheets[last].dropped = true;
    }
    let kept = sheets.iter().filter(|sheet| !sheet.dropped);
    let (sum, count) = kept.fold((Points::ZERO, 0i64), |(sum, count), sheet| {
        (sum + sheet.total, count + 1)
    });
    let exact = match rules.judges {
        Judges::Mean | Judges::Trimmed { .. } => Exact::from(sum).over(count),
        Judges::Sum => Exact::from(sum)
            .times(i64::from(expected.max(sheets.len() as u32)))
            .over(count),
    };
    sheets.sort_by_key(|sheet| sheet.judge);
    Some((exact, sheets))
}

/// The team's mark: combined, rounded, less the deduction.
pub fn mark(
    rules: &StageRules,
    team: TeamId,
    expected: u32,
    totals: &[(PersonId, Points)],
    deduction: Points,
) -> Option<StageMark> {
    let (exact, sheets) = combine(rules, expected, totals)?;
    let combined = rules.rounding.round(exact);
    Some(StageMark {
        team,
        mark: (combined - deduction).max(Points::ZERO),
        combined,
        deduction,
        sheets,
        panel: vec![],
        criteria: vec![],
    })
}

/// The judges' mean on one criterion, to a thousandth, from all their sheets. Where the rules trim,
/// the highest and the lowest of *these* points go, not the points of the sheets that are dropped for
/// their total: of two equal totals it is nobody's number that says whose points part two teams.
pub fn criterion(judges: Judges, mut points: Vec<Points>) -> Option<Points> {
    points.sort_unstable();
    if let Judges::Trimmed { from } = judges
        && points.len() >= from.max(3) as usize
    {
        points.pop();
        points.remove(0);
    }
    let count = points.len() as i64;
    let sum: Points = points.into_iter().sum();
    (count > 0).then(|| Rounding { step: Points(1) }.round(Exact::from(sum).over(count)))
}

/// The judges who stand further from the mean of the others than `spread`, with their distance
/// rounded to hundredths.
pub fn outliers(spread: Points, totals: &[(PersonId, Points)]) -> Vec<(PersonId, Points)> {
    if totals.len() < 2 {
        return vec![];
    }
    let others = totals.len() as i64 - 1;
    let sum: Points = totals.iter().map(|(_, total)| *total).sum();
    let far = totals.iter().filter_map(|(judge, total)| {
        // |total - (sum - total) / others| > spread, kept whole by multiplying with `others`.
        let apart = (total.0 * others - (sum.0 - total.0)).abs();
        let distance = Rounding::HUNDREDTH.round(Exact::from(Points(apart)).over(others));
        (apart > spread.0 * others).then_some((*judge, distance))
    });
    far.collect()
}

/// What a performance of `elapsed` running time costs under the round's own limit.
pub fn overtime(rules: &StageRules, elapsed: Millis) -> Points {
    if rules.time.limit == 0 {
        return Points::ZERO;
    }
    cost(rules.overtime, elapsed - rules.time.thinking - rules.time.limit)
}

/// What being `over` the limit by so much costs.
pub fn cost(overtime: Overtime, over: Millis) -> Points {
    if over <= 0 {
        return Points::ZERO;
    }
    match overtime {
        Overtime::Free => Points::ZERO,
        Overtime::Once { by, points } => {
            if over >= by {
                points
            } else {
                Points::ZERO
            }
        }
        Overtime::PerMinute { points, at_most } => Points(points.0 * ((over + 59_999) / 60_000)).min(at_most),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::points::Rounding;
    use crate::rules::StageTime;
    use proptest::prelude::*;

    fn rules(judges: Judges, step: i64) -> StageRules {
        StageRules {
            judges,
            rounding: Rounding { step: Points(step) },
            ..StageRules::default()
        }
    }

    fn totals(points: &[i64]) -> Vec<(PersonId, Points)> {
        (1..)
            .zip(points)
            .map(|(judge, points)| (PersonId(judge), Points(*points)))
            .collect()
    }

    /// G4 by hand: the mean of 86, 88,5 and 90 is 88,1666…, rounded to 0,5: 88; 15 s over: 83.
    #[test]
    fn g4_the_mean_rounded_to_a_half_and_five_off_once() {
        let rules = StageRules {
            time: StageTime {
                limit: 600_000,
                ..StageTime::default()
            },
            overtime: Overtime::Once {
                by: 15_000,
                points: Points::whole(5),
            },
            ..rules(Judges::Mean, 500)
        };
        assert_eq!(overtime(&rules, 614_999), Points::ZERO);
        assert_eq!(overtime(&rules, 615_000), Points::whole(5));
        let off = overtime(&rules, 900_000);
        let mark = mark(&rules, TeamId(1), 3, &totals(&[86_000, 88_500, 90_000]), off).expect("a mark");
        assert_eq!(
            (mark.combined, mark.deduction, mark.mark),
            (Points::whole(88), Points::whole(5), Points::whole(83))
        );
    }

    /// G5 by hand: one point for each minute begun, at most 5.
    #[test]
    fn g5_a_point_a_minute_begun_with_a_floor() {
        let rules = StageRules {
            time: StageTime {
                limit: 300_000,
                ..StageTime::default()
            },
            overtime: Overtime::PerMinute {
                points: Points::whole(1),
                at_most: Points::whole(5),
            },
            ..StageRules::default()
        };
        let off = |seconds: i64| overtime(&rules, seconds * 1000);
        assert_eq!(
            (off(300), off(301), off(360), off(361), off(3600)),
            (
                Points::ZERO,
                Points::whole(1),
                Points::whole(1),
                Points::whole(2),
                Points::whole(5)
            )
        );
    }

    #[test]
    fn a_trimmed_mean_drops_one_at_each_end_from_five_judges_on() {
        let five = mark(
            &rules(Judges::Trimmed { from: 5 }, 10),
            TeamId(1),
            5,
            &totals(&[70_000, 80_000, 80_000, 83_000, 99_000]),
            Points::ZERO,
        );
        let five = five.expect("a mark");
        assert_eq!(five.mark, Points(81_000));
        assert_eq!(
            five.sheets
                .iter()
                .filter(|s| s.dropped)
                .map(|s| s.judge.0)
                .collect::<Vec<_>>(),
            [1, 5]
        );
        let four = mark(
            &rules(Judges::Trimmed { from: 5 }, 10),
            TeamId(1),
            5,
            &totals(&[70_000, 80_000, 80_000, 90_000]),
            Points::ZERO,
        );
        assert_eq!(four.expect("a mark").mark, Points(80_000));
    }

    #[test]
    fn nobody_loses_by_another_judges_conflict_under_a_sum() {
        let sum = |expected, points: &[i64]| {
            mark(
                &rules(Judges::Sum, 10),
                TeamId(1),
                expected,
                &totals(points),
                Points::ZERO,
            )
            .map(|m| m.mark)
        };
        assert_eq!(sum(3, &[8_000, 9_000, 7_000]), Some(Points(24_000)));
        assert_eq!(sum(3, &[8_000, 9_000]), Some(Points(25_500)));
        assert_eq!(sum(3, &[]), None, "blank is not zero");
    }

    #[test]
    fn a_judge_apart_from_the_others_is_named() {
        assert_eq!(
            outliers(Points::whole(2), &totals(&[8_000, 8_000, 5_500])),
            [(PersonId(3), Points(2_500))]
        );
        assert_eq!(outliers(Points::whole(2), &totals(&[8_000, 8_000, 6_000])), []);
        assert_eq!(outliers(Points::whole(2), &totals(&[8_000])), []);
    }

    proptest! {
        #[test]
        fn the_order_of_judges_changes_nothing(points in prop::collection::vec(0i64..100_000, 1..9), turn in any::<u64>(), trimmed in any::<bool>()) {
            use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
            let rules = rules(if trimmed { Judges::Trimmed { from: 5 } } else { Judges::Mean }, 10);
            let straight = totals(&points);
            let mut mixed = straight.clone();
            crate::paper::mix(&mut mixed, &mut ChaCha20Rng::seed_from_u64(turn));
            prop_assert_eq!(mark(&rules, TeamId(1), 9, &straight, Points::ZERO), mark(&rules, TeamId(1), 9, &mixed, Points::ZERO));
        }

        #[test]
        fn raising_a_mark_never_lowers_the_teams(points in prop::collection::vec(0i64..100_000, 1..9), which in 0usize..9, up in 1i64..5000, kind in 0u8..3) {
            let judges = [Judges::Mean, Judges::Sum, Judges::Trimmed { from: 5 }][usize::from(kind)];
            let before = totals(&points);
            let mut after = before.clone();
            let at = which % after.len();
            after[at].1 += Points(up);
            let of = |t: &[(PersonId, Points)]| mark(&rules(judges, 250), TeamId(1), 9, t, Points(500)).map(|m| m.mark);
            prop_assert!(of(&after) >= of(&before));
        }

        /// Agrees with a slow, obvious reference in whole fractions.
        #[test]
        fn combining_agrees_with_fractions(points in prop::collection::vec(0i64..100_000, 1..9), step in prop::sample::select(vec![10i64, 250, 500]), trimmed in any::<bool>()) {
            let judges = if trimmed { Judges::Trimmed { from: 5 } } else { Judges::Mean };
            let mut kept = points.clone();
            kept.sort_unstable();
            if trimmed && kept.len() >= 5 {
                kept.remove(0);
                kept.pop();
            }
            let (sum, n) = (kept.iter().sum::<i64>(), kept.len() as i64);
            // The multiple of `step` nearest to sum/n, the upper one when both are as near.
            let nearest = (0..=100_000 / step + 1).map(|k| k * step).min_by_key(|m| ((m * n - sum).abs(), -m));
            let mark = mark(&rules(judges, step), TeamId(1), 9, &totals(&points), Points::ZERO).map(|m| m.mark.0);
            prop_assert_eq!(mark, nearest);
        }
    }
}
