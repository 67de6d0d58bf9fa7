//! Prizes, the final leg and tie-breaks.

use super::*;

/// G10 by hand: marks 6, 5, 5, 4, 4, 4, 3 of seven teams; one first, joint second, joint third, and
/// a prize for the part; the places that equals use up are gone.
#[test]
fn prizes_follow_the_standings_and_equals_share_them() {
    let mut all = rules(2);
    let award = |id, name: &str, by, places, ties| AwardRule {
        id,
        name: name.into(),
        by,
        places,
        ties,
    };
    all.awards = vec![
        award(1, "Giải Nhất", AwardBy::Total, 1, Ties::Joint),
        award(2, "Giải Nhì", AwardBy::Total, 1, Ties::Joint),
        award(3, "Giải Ba", AwardBy::Total, 2, Ties::Consume),
        award(4, "Giải Khuyến khích", AwardBy::Total, 2, Ties::Joint),
        award(
            5,
            "Phần thi 2 xuất sắc",
            AwardBy::Round { round: RoundId(2) },
            1,
            Ties::Joint,
        ),
        award(6, "Đội trẻ triển vọng", AwardBy::Chosen, 1, Ties::Joint),
    ];
    let mut play = Play::ready(all.clone(), 7);
    for (team, points) in (1..).zip([6_000, 5_000, 5_000, 4_000, 4_000, 4_000, 3_000]) {
        play.all_mark(ROUND, team, points);
    }
    play.confirms(ROUND);
    play.does(
        ORGANIZER,
        Command::GiveAward {
            award: 6,
            teams: vec![TeamId(7)],
            reason: "bình chọn của ban".into(),
        },
    );
    assert!(
        play.tries(
            ORGANIZER,
            Command::GiveAward {
                award: 1,
                teams: vec![TeamId(7)],
                reason: "x".into()
            }
        )
        .is_err()
    );
    let rows = standings(&play.contest, |r, t| play.contest.mark(r, t));
    let held: Vec<Vec<u32>> = awards(&all, &rows, &play.contest.given)
        .iter()
        .map(|a| a.holders.iter().map(|t| t.0).collect())
        .collect();
    assert_eq!(
        held,
        [vec![1], vec![2, 3], vec![4, 5, 6], vec![7], vec![], vec![7]]
    );
}

/// G12 by hand: two clusters of three, the best of each to the final; the final alone decides.
#[test]
fn the_best_of_each_cluster_meet_in_a_final_that_decides() {
    let mut all = rules(2);
    all.final_leg = Some(FinalLeg {
        from: RoundId(2),
        teams: 1,
        per_cluster: true,
        carry: false,
    });
    let mut play = Play::of(all, 6);
    let teams = |from: u32| (from..from + 3).map(TeamId).collect::<Vec<_>>();
    play.does(
        ORGANIZER,
        Command::SetCluster {
            teams: teams(1),
            cluster: "Cụm 1".into(),
        },
    );
    play.does(
        ORGANIZER,
        Command::SetCluster {
            teams: teams(4),
            cluster: "Cụm 2".into(),
        },
    );
    play.seat(ROUND);
    for (team, points) in (1..).zip([6_000, 5_000, 4_000, 3_000, 2_000, 1_000]) {
        play.all_mark(ROUND, team, points);
    }
    play.confirms(ROUND);
    let seal = StageAct::SealDraw {
        of: DrawOf::Order,
        commitment: draw::commitment(SEED),
        reason: None,
    };
    let open = StageAct::OpenDraw {
        of: DrawOf::Order,
        seed: SEED.into(),
    };
    play.act_in(RoundId(2), SECRETARY, seal);
    let early = Command::Stage {
        round: RoundId(2),
        act: open.clone(),
        seen: None,
    };
    let earlier = Blocker::EarlierRounds { rounds: vec![ROUND] };
    assert_eq!(play.refusal(SECRETARY, early), Refusal::Blocked([earlier].into()));
    play.act(ORGANIZER, StageAct::Publish);
    assert_eq!(play.contest.entrants(RoundId(2)), [TeamId(1), TeamId(4)]);
    play.seat(RoundId(2));
    let mut drawn = play.contest.stages[&RoundId(2)].order.clone();
    drawn.sort_unstable();
    assert_eq!(
        drawn,
        [TeamId(1), TeamId(4)],
        "the lots of a final are its own teams'"
    );
    let id = play.contest.id.clone();
    assert!(ledger::verify(&id, play.ledger.clone()).is_ok());
    play.all_mark(RoundId(2), 1, 2_000);
    play.all_mark(RoundId(2), 4, 3_000);
    play.confirms(RoundId(2));
    assert_eq!(play.order(), [(4, 1), (1, 2), (2, 3), (3, 4), (5, 5), (6, 6)]);
    play.act_in(RoundId(2), ORGANIZER, StageAct::Publish);
}

#[test]
fn equal_totals_are_parted_by_a_criterion_where_the_rules_say_so() {
    let mut all = rules(1);
    all.tie_breaks = vec![TieBreak::Criterion {
        round: ROUND,
        criterion: 2,
    }];
    let mut play = Play::ready(all, 2);
    for (team, content, acting) in [(1, 5_000, 2_000), (2, 4_000, 3_000)] {
        play.performs(ROUND, team, 300);
        for who in 1..=3 {
            play.marks(ROUND, who, team, content, acting);
        }
    }
    play.confirms(ROUND);
    assert_eq!(play.order(), [(2, 1), (1, 2)]);
}

/// A skit out of 100 that weighs half, or nothing: 88,02 is more than 88,01 all the same.
#[test]
fn a_prize_for_a_part_goes_by_its_own_mark_whatever_it_weighs() {
    for weight in [1000, 500, 0] {
        let mut all = rules(1);
        all.rounds[0].weight = weight;
        all.rounding = Rounding { step: Points(500) };
        all.awards = vec![AwardRule {
            id: 1,
            name: "Giải tiểu phẩm".into(),
            by: AwardBy::Round { round: ROUND },
            places: 1,
            ties: Ties::Joint,
        }];
        let mut play = Play::ready(all.clone(), 3);
        play.all_mark(ROUND, 1, 3_500);
        play.performs(ROUND, 2, 300);
        // A mean of 3,58: a hair above, and the same total once it is halved and rounded.
        for (who, points) in [(1, 3_500), (2, 3_500), (3, 3_750)] {
            play.marks(ROUND, who, 2, points, 0);
        }
        play.confirms(ROUND);
        let rows = standings(&play.contest, |r, t| play.contest.mark(r, t));
        let given = awards(&all, &rows, &play.contest.given);
        assert_eq!(given[0].holders, [TeamId(2)], "at weight {weight}");
    }
}

/// Five judges, trimmed; three with equal totals at the top. Which of them is dropped for his total
/// is a matter of names, so the points on the criterion are trimmed by themselves.
#[test]
fn who_a_judge_is_parts_no_equals() {
    let order = |seats: [i64; 5]| {
        let mut all = rules(1);
        all.tie_breaks = vec![TieBreak::Criterion {
            round: ROUND,
            criterion: 2,
        }];
        if let RoundKind::Stage(stage) = &mut all.rounds[0].kind {
            stage.judges = crate::rules::Judges::Trimmed { from: 5 };
            stage.spread = None;
        }
        let mut play = Play::ready(all, 2);
        let panel = StageAct::SetPanel {
            judges: (1..=5).map(PersonId).collect(),
            chief: PersonId(1),
            reason: None,
        };
        play.act(ORGANIZER, panel);
        let first = [(5, 3), (6, 2), (4, 4), (4, 3), (3, 3)];
        let second = [(5, 3), (5, 3), (5, 3), (4, 3), (3, 3)];
        for (team, sheets) in [(1, first), (2, second)] {
            play.performs(ROUND, team, 300);
            for (seat, (content, acting)) in seats.into_iter().zip(sheets) {
                play.marks(ROUND, seat, team, content * 1000, acting * 1000);
            }
        }
        play.confirms(ROUND);
        play.order()
    };
    let expected = [(1, 1), (2, 1)];
    assert_eq!(order([1, 2, 3, 4, 5]), expected);
    assert_eq!(order([5, 3, 1, 2, 4]), expected);
    assert_eq!(order([1, 5, 2, 3, 4]), expected);
}

fn decide(order: &[u32]) -> Command {
    Command::DecideTie {
        teams: order.iter().map(|n| TeamId(*n)).collect(),
        reason: "câu hỏi phụ".into(),
    }
}

/// One mark on content for each team, and the rules leave equals to the committee.
fn decided_by_the_committee(points: &[i64]) -> Play {
    let mut all = rules(1);
    all.tie_breaks = vec![TieBreak::Decision];
    let mut play = Play::ready(all, points.len() as u32);
    for (team, points) in (1..).zip(points) {
        play.all_mark(ROUND, team, *points);
    }
    play.confirms(ROUND);
    play
}

#[test]
fn a_decision_names_all_equals_and_a_later_one_replaces_it() {
    let mut play = decided_by_the_committee(&[5_000, 5_000, 5_000, 4_000]);
    let equal = Blocker::NotAllEquals {
        teams: vec![TeamId(1), TeamId(2), TeamId(3)],
    };
    for some in [&[3, 1][..], &[1, 2, 3, 4], &[3, 4]] {
        assert_eq!(
            play.refusal(ORGANIZER, decide(some)),
            Refusal::Blocked([equal.clone()].into())
        );
    }
    play.does(ORGANIZER, decide(&[1, 2, 3]));
    assert_eq!(play.order(), [(1, 1), (2, 2), (3, 3), (4, 4)]);
    play.does(ORGANIZER, decide(&[3, 1, 2]));
    assert_eq!(
        play.order(),
        [(3, 1), (1, 2), (2, 3), (4, 4)],
        "mistyped, and put right"
    );
}

/// Older ledgers may hold decisions that contradict each other, or name some of the equals only.
#[test]
fn decisions_in_a_circle_part_nobody_at_random() {
    let mut play = decided_by_the_committee(&[5_000; 8]);
    let team = |n: &u32| TeamId(*n);
    for order in [&[1, 2, 3][..], &[3, 1], &[2, 4], &[4, 1], &[8, 7, 6, 5]] {
        let event = Event::TieDecided {
            teams: order.iter().map(team).collect(),
            reason: "x".into(),
            stake: Default::default(),
        };
        let entry = Entry {
            seq: play.contest.seq + 1,
            at: play.now,
            actor: ORGANIZER,
            device: String::new(),
            event,
        };
        play.contest.apply(&entry);
    }
    let joint: Vec<(u32, u32)> = (1..=8).map(|team| (team, 1)).collect();
    assert_eq!(play.order(), joint);
}

fn final_of_two() -> Play {
    let mut all = rules(2);
    all.tie_breaks = vec![TieBreak::Decision];
    all.final_leg = Some(FinalLeg {
        from: RoundId(2),
        teams: 2,
        per_cluster: false,
        carry: false,
    });
    let mut play = Play::of(all, 4);
    play.seat(ROUND);
    play
}

/// Who goes on says nothing of who wins.
#[test]
fn a_decision_about_the_final_places_does_not_part_the_finalists_later() {
    let mut play = final_of_two();
    for (team, points) in [(1, 5_000), (2, 5_000), (3, 5_000), (4, 1_000)] {
        play.all_mark(ROUND, team, points);
    }
    play.confirms(ROUND);
    play.act(ORGANIZER, StageAct::Publish);
    play.does(ORGANIZER, decide(&[1, 2, 3]));
    assert_eq!(play.contest.entrants(RoundId(2)), [TeamId(1), TeamId(2)]);
    play.seat(RoundId(2));
    for team in [1, 2] {
        play.all_mark(RoundId(2), team, 4_000);
    }
    play.confirms(RoundId(2));
    assert_eq!(
        play.order(),
        [(1, 1), (2, 1), (3, 3), (4, 4)],
        "first place is not decided"
    );
    play.does(ORGANIZER, decide(&[2, 1]));
    assert_eq!(play.order(), [(2, 1), (1, 2), (3, 3), (4, 4)]);
}

/// A mark of the preliminary is withdrawn while the final runs: nobody leaves the stage for it.
#[test]
fn finalists_stay_finalists_once_the_final_has_begun() {
    let mut play = final_of_two();
    for (team, points) in [(1, 5_000), (2, 4_000), (3, 3_000), (4, 1_000)] {
        play.all_mark(ROUND, team, points);
    }
    play.confirms(ROUND);
    play.act(ORGANIZER, StageAct::Publish);
    play.seat(RoundId(2));
    let withdraw = |team| StageAct::WithdrawMark {
        team: TeamId(team),
        reason: "nhầm phiếu".into(),
    };
    // After the draw and before the first call: other teams go on, and lots are drawn again.
    play.act(ORGANIZER, withdraw(2));
    let call = Command::Stage {
        round: RoundId(2),
        seen: None,
        act: StageAct::Call { team: TeamId(1) },
    };
    let others = Blocker::OtherFinalists {
        teams: vec![TeamId(1), TeamId(3)],
    };
    assert_eq!(
        play.refusal(SECRETARY, call.clone()),
        Refusal::Blocked([others].into())
    );
    play.confirms(ROUND);
    let events = play.does(SECRETARY, call);
    let finalists = vec![TeamId(1), TeamId(2)];
    assert_eq!(
        events[0],
        Event::FinalistsFixed {
            teams: finalists.clone()
        }
    );
    // Now it is too late for that.
    play.act(ORGANIZER, withdraw(2));
    assert_eq!(play.contest.entrants(RoundId(2)), finalists);
    for (team, points) in [(1, 4_000), (2, 5_000)] {
        play.all_mark(RoundId(2), team, points);
    }
    play.confirms(RoundId(2));
    assert_eq!(play.order(), [(2, 1), (1, 2), (3, 3), (4, 4)]);
    assert!(ledger::verify(&play.contest.id, play.ledger.clone()).is_ok());
}

/// Under a sum a judge's conflict counts as the mean of the others; a later panel says nothing of it.
#[test]
fn a_sum_is_explained_by_the_panel_of_its_time() {
    let mut all = rules(1);
    if let RoundKind::Stage(stage) = &mut all.rounds[0].kind {
        stage.judges = crate::rules::Judges::Sum;
    }
    let mut play = Play::ready(all, 1);
    let conflict = StageAct::DeclareConflict {
        judge: PersonId(3),
        team: TeamId(1),
        reason: "đơn vị mình".into(),
    };
    play.act(ORGANIZER, conflict);
    play.performs(ROUND, 1, 300);
    play.marks(ROUND, 1, 1, 5_000, 2_000);
    play.marks(ROUND, 2, 1, 5_000, 3_000);
    play.confirms(ROUND);
    let line = |play: &Play| {
        let told = explain::team(&play.contest, TeamId(1), &BTreeMap::new()).expect("explained");
        told.rounds[0].stage.clone().expect("on stage")
    };
    let before = line(&play);
    assert_eq!(
        (before.mark, before.expected()),
        (Points(22_500), 3),
        "(7 + 8) : 2 × 3"
    );
    let panel = StageAct::SetPanel {
        judges: (1..=5).map(PersonId).collect(),
        chief: PersonId(1),
        reason: Some("mời thêm".into()),
    };
    play.act(ORGANIZER, panel);
    assert_eq!(line(&play), before);
    assert_eq!(Rounding::HUNDREDTH.round(before.exact()), before.combined);
}
