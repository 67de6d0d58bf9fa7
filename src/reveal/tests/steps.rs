//! The plan and its steps: what each tells, and what the host knows of it.

use super::*;

#[test]
fn from_the_last_place_upward_with_the_prizes_between() {
    let sheet = fourteen();
    let play = Play::up_to_the_reveal(14, &sheet, RevealBy::Total, |_| {});
    let plan = play.plan();
    let kinds: Vec<String> = plan
        .steps
        .iter()
        .map(|step| match step {
            Step::Opening => "mở đầu".into(),
            Step::Place { teams, .. } => teams
                .iter()
                .map(|t| t.0.to_string())
                .collect::<Vec<_>>()
                .join("+"),
            Step::Plate { award } => plan.awards[*award as usize].rule.name.clone(),
            Step::Final => "chung cuộc".into(),
            Step::Lift { .. } | Step::Marks { .. } | Step::Round { .. } => String::new(),
        })
        .filter(|kind| !kind.is_empty())
        .collect();
    // The totals fall by half a point from team to team; teams 9 and 10 are equal. 1-2-3-8 prizes:
    // one, two, three, and the remaining eight.
    let expected = [
        "mở đầu",
        "14",
        "13",
        "12",
        "11",
        "9+10",
        "8",
        "7",
        "Giải Khuyến khích",
        "6",
        "5",
        "4",
        "Giải Ba",
        "3",
        "2",
        "Giải Nhì",
        "1",
        "Giải Nhất",
        "Tiểu phẩm xuất sắc",
        "Thuyết trình xuất sắc",
        "chung cuộc",
    ];
    assert_eq!(kinds, expected);
    let last = plan.steps.len() as u32 - 1;
    let Picture::Final { rows } = plan.picture(&play.contest, last) else {
        panic!("the last picture is the final board");
    };
    let final_rows = standings(&play.contest, |round, team| play.contest.mark(round, team));
    let seen: Vec<_> = rows.iter().map(|row| (row.team, row.rank, row.total)).collect();
    let true_rows: Vec<_> = final_rows
        .iter()
        .map(|row| (row.team, row.rank, row.total))
        .collect();
    assert_eq!(seen, true_rows);
}

#[test]
fn a_row_is_lifted_then_told_then_moved() {
    let sheet = fourteen();
    let play = Play::up_to_the_reveal(14, &sheet, RevealBy::Total, |_| {});
    let plan = play.plan();
    let row = |at: u32, team: u32| match plan.picture(&play.contest, at) {
        Picture::Board { rows, .. } => {
            let place = rows
                .iter()
                .position(|row| row.team == TeamId(team))
                .expect("on the board");
            (place, rows[place].clone())
        }
        other => panic!("not a board: {other:?}"),
    };
    let (_, waiting) = row(0, 14);
    assert_eq!(
        (waiting.state, waiting.marks[1], waiting.rank),
        (RowState::Waiting, None, None)
    );
    let (place, lifted) = row(1, 14);
    assert_eq!(
        (lifted.state, lifted.marks[1], lifted.rank),
        (RowState::Lifted, None, None)
    );
    let (same, open) = row(2, 14);
    assert_eq!(
        (open.state, open.marks[1], open.rank),
        (RowState::Open, Some(Points(38_500)), None)
    );
    assert_eq!(place, same, "it moves only with the next step");
    assert_eq!(open.news, [false, true, true], "what the hall knew is no news");
    let (place, placed) = row(3, 14);
    assert_eq!(
        (place, placed.state, placed.rank),
        (13, RowState::Placed, Some(14))
    );
}

#[test]
fn by_round_only_the_mark_of_the_round_is_news() {
    let play = Play::up_to_the_reveal(14, &fourteen(), RevealBy::Round, |_| {});
    let plan = play.plan();
    let mut rounds = BTreeSet::new();
    for (at, step) in (0..).zip(&plan.steps) {
        let Picture::Board { rows, .. } = plan.picture(&play.contest, at) else {
            continue;
        };
        let news = |row: &PictureRow| row.news.iter().filter(|news| **news).count();
        match step {
            Step::Marks {
                round: Some(round),
                teams,
            } => {
                for row in rows.iter().filter(|row| teams.contains(&row.team)) {
                    assert_eq!(news(row), 1, "{row:?}");
                    assert!(row.news[round.0 as usize - 1], "{row:?}");
                }
                rounds.insert(*round);
            }
            _ => assert!(rows.iter().all(|row| news(row) == 0), "{step:?}: {rows:?}"),
        }
    }
    assert_eq!(rounds.len(), 2, "both withheld rounds were told");
}

#[test]
fn two_hands_at_once_take_one_step() {
    let mut play = Play::up_to_the_reveal(14, &fourteen(), RevealBy::Total, |_| {});
    let next = RevealAct::Go {
        reveal: None,
        from: 0,
        to: 1,
    };
    assert_eq!(play.reveal(HOST, next.clone()), Ok(1));
    assert_eq!(
        play.reveal(ORGANIZER, next),
        Ok(0),
        "late by a step: nothing moves"
    );
    assert_eq!(play.contest.hall.reveal.as_ref().expect("a reveal").step, 1);
    let beyond = RevealAct::Go {
        reveal: None,
        from: 1,
        to: 10_000,
    };
    assert!(matches!(play.reveal(HOST, beyond), Err(Refusal::Invalid { .. })));
    assert_eq!(
        play.reveal(
            HOST,
            RevealAct::Go {
                reveal: None,
                from: 1,
                to: 0
            }
        ),
        Ok(1),
        "back"
    );
    assert_eq!(
        play.reveal(HOST, RevealAct::End { reveal: None }),
        Err(Refusal::NotAllowed)
    );
    // The freeze is not lifted in the middle of it.
    let lift = RevealAct::Unfreeze {
        reason: Some("Vội".into()),
    };
    assert_eq!(
        play.reveal(ORGANIZER, lift),
        Err(Refusal::Blocked([Blocker::Revealing].into()))
    );
    let last = play.plan().steps.len() as u32 - 1;
    play.reveal(
        HOST,
        RevealAct::Go {
            reveal: None,
            from: 0,
            to: last,
        },
    )
    .expect("jumps");
    assert_eq!(
        play.reveal(ORGANIZER, RevealAct::Unfreeze { reason: None }),
        Ok(1)
    );
    assert_eq!(not_final(&play.contest), vec![]);
}

#[test]
fn the_host_has_the_names_of_all_steps_at_every_step() {
    let host = |play: &Play| hall_view::host(&play.contest).reveal.expect("a reveal");
    let tie = vec!["Đội 9".to_owned(), "Đội 10".to_owned()];
    let mut play = Play::up_to_the_reveal(14, &fourteen(), RevealBy::Total, |_| {});
    let names = host(&play).names;
    let place = StepName::Place {
        rank: Some(9),
        teams: tie.clone(),
    };
    assert!(names.contains(&place), "equals by their common place: {names:?}");
    let prize = StepName::Plate {
        prize: "Giải Nhất".into(),
        teams: vec!["Đội 1".into()],
    };
    assert!(names.contains(&prize), "{names:?}");
    let opening = host(&play);
    assert_eq!(opening.names.len(), opening.steps as usize);
    for at in 1..opening.steps {
        play.goes(at).expect("a step");
        let of = host(&play);
        assert_eq!(of.names, names, "they stay what they are");
        assert_eq!(of.name(), names.get(at as usize));
        assert_eq!(of.next_name(), names.get(at as usize + 1));
    }

    let play = Play::up_to_the_reveal(14, &fourteen(), RevealBy::Round, |_| {});
    let names = host(&play).names;
    let ranked = |name: &&StepName| matches!(name, StepName::Lift { rank, .. } | StepName::Marks { rank, .. } | StepName::Place { rank, .. } if rank.is_some());
    assert!(
        !names.iter().any(|name| ranked(&name)),
        "a round tells no place: {names:?}"
    );
    assert_eq!(
        names[1],
        StepName::Round {
            name: "Tiểu phẩm".into()
        }
    );
}

#[test]
fn a_rehearsal_touches_nothing_and_invents_everything() {
    let sheet = fourteen();
    let mut play = Play::of(14, |_| {});
    play.publishes(1, &sheet);
    let (public, staff) = (play.board(Audience::Public), play.board(Audience::Staff));
    let begin = RevealAct::Begin {
        by: RevealBy::Total,
        rehearsal: true,
    };
    play.reveal(ORGANIZER, begin).expect("begins without a freeze");
    let plan = play.plan();
    assert!(plan.rehearsal);
    let add = ScreenAct::Add {
        screen: SCREEN,
        name: "Màn hình chính".into(),
    };
    play.tries(ORGANIZER, Command::Screen { act: add })
        .expect("added");
    for step in 0..plan.steps.len() as u32 {
        play.reveal(
            ORGANIZER,
            RevealAct::Go {
                reveal: None,
                from: step.saturating_sub(1),
                to: step,
            },
        )
        .expect("goes");
        assert_eq!(play.board(Audience::Public), public);
        assert_eq!(play.board(Audience::Staff), staff);
        assert_eq!(
            hall_view::scene(&play.contest, &public, &Scene::Prizes),
            hall_view::SceneView::Prizes { plates: vec![] },
            "invented prizes are nobody's"
        );
    }
}

#[test]
fn a_late_decision_is_not_given_away_where_nothing_was_withheld() {
    let sheet: Sheet = vec![[9_000; 3], [9_000; 3], [6_000; 3]];
    let mut play = Play::withheld(3, &sheet, 0, |rules| rules.tie_breaks = vec![TieBreak::Decision]);
    let seen = play.board(Audience::Public);
    play.decides(&[2, 1]).expect("decided behind the freeze");
    play.begins(RevealBy::Round);
    let Picture::Board { rows, .. } = play.plan().picture(&play.contest, 0) else {
        panic!("a board");
    };
    let shown: Vec<_> = rows.iter().map(|row| (row.team, row.rank, row.total)).collect();
    let known: Vec<_> = seen
        .rows
        .iter()
        .map(|row| (row.team, row.rank, row.total))
        .collect();
    assert_eq!(shown, known);
}

#[test]
fn totals_on_the_way_go_by_the_final_leg() {
    // Two of four go on, and in the final everybody begins anew.
    let sheet: Sheet = vec![
        [20_000, 30_000, 12_000],
        [20_000, 28_000, 14_000],
        [10_000, 20_000, 0],
        [10_000, 18_000, 0],
    ];
    for carry in [false, true] {
        let play = Play::up_to_the_reveal(4, &sheet, RevealBy::Round, |rules| {
            rules.final_leg = Some(crate::rules::FinalLeg {
                from: RoundId(3),
                teams: 2,
                per_cluster: false,
                carry,
            });
        });
        let plan = play.plan();
        let last = plan
            .steps
            .iter()
            .rposition(|step| matches!(step, Step::Place { .. }))
            .expect("places");
        let rows = |at: usize| match plan.picture(&play.contest, at as u32) {
            Picture::Board { rows, .. } => rows,
            other => panic!("not a board: {other:?}"),
        };
        // With the last mark on the board, before it moves, the totals are those of the end.
        let totals = |rows: Vec<PictureRow>| -> BTreeMap<TeamId, Option<Points>> {
            rows.into_iter().map(|row| (row.team, row.total)).collect()
        };
        assert_eq!(
            totals(rows(last - 1)),
            totals(rows(last)),
            "carry {carry}: no jump"
        );
        // The first mark of the final is told: a finalist stands before all who did not go on.
        let first = plan
            .steps
            .iter()
            .position(|step| {
                matches!(
                    step,
                    Step::Place {
                        round: Some(RoundId(3)),
                        ..
                    }
                )
            })
            .expect("a place");
        let told = rows(first);
        let leads = told.iter().find(|row| row.rank == Some(1)).expect("a first");
        assert!(leads.team.0 <= 2, "carry {carry}: {told:?}");
        if !carry {
            assert_eq!((leads.team, leads.total), (TeamId(1), Some(Points(12_000))));
        }
        for row in told.iter().filter(|row| row.team.0 > 2) {
            assert!(row.rank > Some(2), "carry {carry}: {told:?}");
        }
    }
}

#[test]
fn a_rehearsal_knows_the_final_leg() {
    let mut play = Play::of(6, |rules| {
        rules.final_leg = Some(crate::rules::FinalLeg {
            from: RoundId(3),
            teams: 2,
            per_cluster: false,
            carry: false,
        });
    });
    let begin = RevealAct::Begin {
        by: RevealBy::Round,
        rehearsal: true,
    };
    play.reveal(ORGANIZER, begin).expect("begins");
    let plan = play.plan();
    let finalists: Vec<&Standing> = plan.rows.iter().filter(|row| row.marks[2].is_some()).collect();
    assert!((2..6).contains(&finalists.len()), "{:?}", plan.rows);
    assert_eq!(finalists[0].total, finalists[0].marks[2], "nothing is carried on");
    assert!(
        plan.rows[..finalists.len()]
            .iter()
            .all(|row| row.marks[2].is_some())
    );
}

/// What is read out at a step of one round is that round's alone; the board behind it goes by what is told
/// so far.
#[test]
fn a_step_of_a_round_reads_out_no_other_mark_no_place_and_no_total() {
    let mut play = Play::up_to_the_reveal(14, &fourteen(), RevealBy::Round, |_| {});
    let mut round = String::new();
    let mut told = 0;
    for at in 1..play.plan().steps.len() as u32 {
        play.goes(at).expect("a step");
        let reveal = hall_view::host(&play.contest).reveal.expect("a reveal");
        match reveal.now {
            StepView::Round { name } => round = name,
            StepView::Marks { round: of, teams } | StepView::Place { round: of, teams } => {
                assert_eq!(of.as_ref(), Some(&round));
                for team in teams {
                    let rounds: Vec<&String> = team.marks.iter().map(|(round, _)| round).collect();
                    assert_eq!(rounds, [&round], "step {at}");
                    assert_eq!((team.total, team.rank), (None, None), "step {at}");
                    told += 1;
                }
            }
            _ => {}
        }
    }
    assert_eq!(
        told,
        2 * 2 * 14,
        "two rounds were withheld, each team is told twice in each"
    );
}
