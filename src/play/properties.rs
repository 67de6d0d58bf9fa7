//! What holds for any rules and any marks, against slow and obvious references.

use super::*;

fn some_rules() -> impl Strategy<Value = Rules> {
    let breaks = proptest::sample::subsequence(
        vec![
            TieBreak::FewerSeconds,
            TieBreak::RoundMark { round: RoundId(2) },
            TieBreak::Decision,
        ],
        0..=3,
    );
    (
        breaks,
        prop::collection::vec(0i64..3000, 3),
        prop::sample::select(vec![10i64, 250, 500]),
    )
        .prop_map(|(tie_breaks, weights, step)| {
            let mut rules = Template::G1.rules();
            rules.tie_breaks = tie_breaks;
            rules.rounding = Rounding { step: Points(step) };
            for (round, weight) in rules.rounds.iter_mut().zip(weights) {
                round.weight = weight;
            }
            rules
        })
}

fn some_marks() -> impl Strategy<Value = Vec<Marks>> {
    let mark = prop::option::of((0i64..8).prop_map(|n| Points(n * 250)));
    let row = (prop::collection::vec(mark, 3), 0i64..3);
    prop::collection::vec(row, 1..12).prop_map(|rows| {
        let with_team = (1u32..).zip(rows);
        with_team
            .map(|(team, (marks, seconds))| Marks {
                team: TeamId(team),
                marks,
                seconds,
                criteria: BTreeMap::new(),
            })
            .collect()
    })
}

proptest! {
    /// Ranking agrees with a slow, obvious reference: my rank is one more than the number of those
    /// who are better than me, compared with whole fractions.
    #[test]
    fn a_rank_is_one_more_than_the_number_of_the_better(rules in some_rules(), rows in some_marks()) {
        let value = |row: &Marks| -> Option<i128> {
            let present: Vec<i128> = rules.rounds.iter().zip(&row.marks)
                .filter_map(|(round, mark)| mark.map(|m| i128::from(m.0) * i128::from(round.weight))).collect();
            let (sum, step) = (present.iter().sum::<i128>(), i128::from(rules.rounding.step.0) * 1000);
            (!present.is_empty()).then(|| (2 * sum + step).div_euclid(2 * step))
        };
        let better = |a: &Marks, b: &Marks| -> bool {
            if value(a) != value(b) { return value(a) > value(b); }
            for by in &rules.tie_breaks {
                match by {
                    TieBreak::FewerSeconds if a.seconds != b.seconds => return a.seconds < b.seconds,
                    TieBreak::RoundMark { .. } if a.marks[1] != b.marks[1] => return a.marks[1] > b.marks[1],
                    _ => {}
                }
            }
            false
        };
        for standing in rank(&rules, &[], rows.clone()) {
            let me = rows.iter().find(|row| row.team == standing.team).expect("mine");
            let expected = value(me).map(|_| 1 + rows.iter().filter(|row| better(row, me)).count() as u32);
            prop_assert_eq!(standing.rank, expected);
        }
    }

    #[test]
    fn the_order_of_registration_changes_no_rank(rules in some_rules(), rows in some_marks(), seed in any::<u64>()) {
        let by_team = |rows: Vec<Marks>| -> BTreeMap<TeamId, (Option<u32>, bool)> {
            rank(&rules, &[], rows).into_iter().map(|s| (s.team, (s.rank, s.tied))).collect()
        };
        let mut mixed = rows.clone();
        paper::mix(&mut mixed, &mut ChaCha20Rng::seed_from_u64(seed));
        prop_assert_eq!(by_team(rows), by_team(mixed));
    }

    #[test]
    fn raising_a_mark_never_lowers_a_total_or_a_rank(rules in some_rules(), rows in some_marks(), round in 0usize..3, up in 1i64..2000) {
        let mut raised = rows.clone();
        prop_assume!(rows[0].marks[round].is_some());
        raised[0].marks[round] = raised[0].marks[round].map(|m| m + Points(up));
        let of = |rows: Vec<Marks>| rank(&rules, &[], rows).into_iter().find(|s| s.team == TeamId(1)).expect("team 1");
        let (before, after) = (of(rows), of(raised));
        prop_assert!(after.total >= before.total);
        prop_assert!(after.rank <= before.rank);
    }

    /// Of all versions of an answer that count, the newest revision does, whatever came first.
    #[test]
    fn the_newest_counted_revision_stands(versions in prop::collection::btree_map(1u32..20, (0u8..4, 0i64..3), 1..8), turn in any::<u64>()) {
        let mut play = Play::new(Template::G2);
        play.teams(&["A"]);
        play.open();
        let held = |(revision, (choice, timing)): (&u32, &(u8, i64))| (0u16, Held {
            revision: *revision, choice: Choice::only(*choice), timing: Timing::from_code(*timing),
        });
        let mut arrived: Vec<_> = versions.iter().map(held).collect();
        paper::mix(&mut arrived, &mut ChaCha20Rng::seed_from_u64(turn));
        let newest = versions.iter().rev().find(|(_, (_, timing))| *timing < 2).map(|(_, (choice, _))| Choice::only(*choice));
        let counted = marking::counted(play.exam(), PersonId(1), &arrived);
        prop_assert_eq!(counted.get(&0).copied(), newest);
    }
}
