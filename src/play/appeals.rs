//! Complaints: when they are heard, how they are answered, and corrections that show who moves first.

use super::*;

/// An hour to complain; the second of three teams was over time and lost a point by it.
fn published() -> Play {
    let mut all = rules(1);
    all.appeal_window = 3_600_000;
    let mut play = Play::ready(all, 3);
    let order = play.contest.stages[&ROUND].order.clone();
    for team in order {
        let (seconds, points) = [(300, 5_000), (620, 5_500), (300, 4_750)][team.0 as usize - 1];
        play.performs(ROUND, team.0, seconds);
        for who in 1..=3 {
            play.marks(ROUND, who, team.0, points, 0);
        }
    }
    let off = StageAct::SetDeduction {
        team: TeamId(2),
        points: Points::whole(1),
        reason: None,
    };
    play.act(SECRETARY, off);
    play.confirms(ROUND);
    play.act(ORGANIZER, StageAct::Publish);
    play
}

fn file(team: u32) -> Command {
    Command::FileAppeal {
        team: TeamId(team),
        text: "đề nghị xem lại điểm trừ".into(),
    }
}

fn leader(team: u32) -> Actor {
    Actor::Contestant {
        person: PersonId(50),
        team: TeamId(team),
    }
}

fn correct(team: u32, points: i64) -> StageAct {
    StageAct::CorrectDeduction {
        team: TeamId(team),
        points: Points(points),
        reason: "loa hỏng, khiếu nại được chấp nhận".into(),
    }
}

#[test]
fn complaints_are_heard_within_the_window_counted_from_the_last_publication() {
    let mut all = rules(2);
    all.appeal_window = 3_600_000;
    let mut play = Play::ready(all, 1);
    assert_eq!(play.refusal(SECRETARY, file(1)), Refusal::AppealsClosed);
    play.all_mark(ROUND, 1, 5_000);
    play.confirms(ROUND);
    play.act(ORGANIZER, StageAct::Publish);
    play.wait(3_600_000);
    play.does(leader(1), file(1));
    play.wait(1);
    assert_eq!(play.refusal(leader(1), file(1)), Refusal::AppealsClosed);
    // Another round is published: complaints are heard again.
    play.all_mark(RoundId(2), 1, 4_000);
    play.confirms(RoundId(2));
    play.act_in(RoundId(2), ORGANIZER, StageAct::Publish);
    play.does(SECRETARY, file(1));

    let mut none = Play::ready(rules(1), 1);
    none.all_mark(ROUND, 1, 5_000);
    none.confirms(ROUND);
    none.act(ORGANIZER, StageAct::Publish);
    assert_eq!(
        none.refusal(leader(1), file(1)),
        Refusal::AppealsClosed,
        "no window"
    );
}

#[test]
fn a_team_complains_for_itself_and_the_organizers_answer_once_with_a_reason() {
    let mut play = published();
    assert_eq!(play.refusal(leader(2), file(1)), Refusal::NotAllowed);
    assert_eq!(play.refusal(judge(2), file(1)), Refusal::NotAllowed);
    let silent = Command::FileAppeal {
        team: TeamId(1),
        text: "  ".into(),
    };
    assert!(matches!(play.refusal(leader(1), silent), Refusal::Invalid { .. }));
    play.does(leader(1), file(1));
    let answer = |reason: &str| Command::AnswerAppeal {
        appeal: 1,
        upheld: false,
        reason: reason.into(),
    };
    for actor in [SECRETARY, CHIEF, judge(2), leader(1), Actor::Public] {
        assert_eq!(play.refusal(actor, answer("đồng hồ đúng")), Refusal::NotAllowed);
    }
    assert_eq!(play.refusal(ORGANIZER, answer(" ")), Refusal::ReasonNeeded);
    // The answer may come after the window.
    play.wait(7_200_000);
    play.does(ORGANIZER, answer("đồng hồ đúng"));
    assert_eq!(
        play.refusal(ORGANIZER, answer("đồng hồ đúng")),
        Refusal::UnknownAppeal
    );
}

/// By hand: 5 - 0 = 5; 5,5 - 1 = 4,5; 4,75. Without the deduction team 2 has 5,5 and goes from the
/// third place to the first.
#[test]
fn a_correction_shows_who_moves_before_it_is_recorded() {
    let mut play = published();
    assert_eq!(play.order(), [(1, 1), (3, 2), (2, 3)]);
    for actor in [SECRETARY, judge(2), leader(2), Actor::Public] {
        assert_eq!(play.refusal(actor, correct(2, 0)), Refusal::NotAllowed);
    }
    let before = play.contest.clone();
    let events = play
        .contest
        .decide(
            &ORGANIZER,
            correct(2, 0).command(),
            &play.facts,
            play.now,
            &mut play.rng,
        )
        .expect("allowed");
    let told = preview::preview(&play.contest, &events, play.now);
    assert_eq!(play.contest, before, "a preview records nothing");
    let told: Vec<_> = told.iter().map(|m| (m.team.0, m.rank, m.total)).collect();
    let points = |from: i64, to: i64| (Some(Points(from)), Some(Points(to)));
    assert_eq!(
        told,
        [
            (2, (Some(3), Some(1)), points(4_500, 5_500)),
            (1, (Some(1), Some(2)), points(5_000, 5_000)),
            (3, (Some(2), Some(3)), points(4_750, 4_750)),
        ]
    );
    play.act(ORGANIZER, correct(2, 0));
    assert_eq!(play.order(), [(1, 1), (3, 2), (2, 3)], "one person moves nobody");
    let agree = StageAct::AgreeCorrection {
        team: TeamId(2),
        points: Points::ZERO,
    };
    play.act(CHIEF, agree);
    assert_eq!(play.order(), [(2, 1), (1, 2), (3, 3)], "as it was shown");
    assert_eq!(play.act(ORGANIZER, correct(2, 0)), vec![], "twice is once");
    // What was, is in the ledger still; the explanation tells why.
    let told = explain::team(&play.contest, TeamId(2), &BTreeMap::new()).expect("told");
    let stage = told.rounds[0].stage.as_ref().expect("a mark");
    assert_eq!(
        (stage.proposed, stage.deduction),
        (Points::whole(1), Points::ZERO)
    );
    assert_eq!(
        stage.off_reason.as_deref(),
        Some("loa hỏng, khiếu nại được chấp nhận")
    );
    assert!(ledger::verify(&play.contest.id, play.ledger.clone()).is_ok());
}

#[test]
fn a_withdrawn_mark_is_corrected_by_its_judge_and_confirmed_anew() {
    let mut play = published();
    let withdraw = StageAct::WithdrawMark {
        team: TeamId(3),
        reason: "giám khảo 3 ghi nhầm dòng".into(),
    };
    let events = play
        .contest
        .decide(
            &ORGANIZER,
            withdraw.clone().command(),
            &play.facts,
            play.now,
            &mut play.rng,
        )
        .expect("allowed");
    let told = preview::preview(&play.contest, &events, play.now);
    let third = told.iter().find(|m| m.team == TeamId(3)).expect("there");
    assert_eq!((third.rank.1, third.total.1), (None, None), "blank, not zero");
    play.act(ORGANIZER, withdraw);
    let not_confirmed = Blocker::Unconfirmed {
        teams: vec![TeamId(3)],
    };
    assert_eq!(
        play.refusal(ORGANIZER, correct(3, 500)),
        Refusal::Blocked([not_confirmed].into())
    );
    let team = TeamId(3);
    let reason: String = "ghi nhầm dòng".into();
    play.act(
        CHIEF,
        StageAct::ReopenSheet {
            team,
            judge: PersonId(3),
            reason,
        },
    );
    // (4,75 + 4,75 + 6) : 3 = 5,1666… → 5,17.
    let set = StageAct::SetMark {
        team,
        run: None,
        criterion: 1,
        revision: 2,
        points: Some(Points(6_000)),
    };
    play.act(judge(3), set);
    play.act(judge(3), StageAct::HandInSheet { team, run: None });
    play.confirms(ROUND);
    assert_eq!(
        play.contest.mark(ROUND, team).map(|m| m.mark),
        Some(Points(5_170))
    );
    assert_eq!(play.order(), [(3, 1), (1, 2), (2, 3)]);
}
