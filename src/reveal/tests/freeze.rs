//! What the public sees while it is frozen, and what must be settled before anything is told.

use super::*;

#[test]
fn the_public_sees_what_it_saw_until_somebody_lifts_the_freeze() {
    let sheet = fourteen();
    let mut play = Play::of(14, |_| {});
    play.publishes(1, &sheet);
    let before = play.board(Audience::Public);
    play.freezes();
    play.publishes(2, &sheet);
    play.publishes(3, &sheet);
    let frozen = play.board(Audience::Public);
    assert_eq!(frozen.rows, before.rows, "the rows of the moment");
    assert!(frozen.frozen.is_some());
    assert!(!frozen.rounds[1].marks_shown && !frozen.rounds[2].marks_shown);
    let live = play.board(Audience::Staff);
    assert!(
        live.frozen.is_some(),
        "the staff is told that it sees more than the public"
    );
    assert_ne!(live.rows, frozen.rows);
    // A decision among equals moves nothing behind the freeze either.
    play.tries(
        ORGANIZER,
        Command::DecideTie {
            teams: vec![TeamId(10), TeamId(9)],
            reason: "Câu hỏi phụ".into(),
        },
    )
    .expect("decided");
    assert_eq!(play.board(Audience::Public).rows, before.rows);

    let lift = |reason: &str| RevealAct::Unfreeze {
        reason: Some(reason.into()),
    };
    assert_eq!(play.reveal(ORGANIZER, lift(" ")), Err(Refusal::ReasonNeeded));
    assert_eq!(play.reveal(HOST, lift("Tôi muốn")), Err(Refusal::NotAllowed));
    play.reveal(ORGANIZER, lift("Hội thi kết thúc")).expect("lifted");
    assert_eq!(
        play.board(Audience::Public).rows,
        play.board(Audience::Staff).rows
    );
}

#[test]
fn nothing_is_revealed_before_everything_is_settled() {
    let sheet = fourteen();
    let mut play = Play::of(14, |rules| rules.tie_breaks = vec![TieBreak::Decision]);
    play.publishes(1, &sheet);
    let begin = RevealAct::Begin {
        by: RevealBy::Total,
        rehearsal: false,
    };
    let blockers = |play: &mut Play| match play.reveal(ORGANIZER, begin.clone()) {
        Err(Refusal::Blocked(list)) => list.into_vec(),
        other => panic!("not blocked: {other:?}"),
    };
    let list = blockers(&mut play);
    assert!(list.contains(&Blocker::NotFrozen));
    let open = vec![RoundId(2), RoundId(3)];
    assert!(list.contains(&Blocker::Unpublished { rounds: open.clone() }));
    assert!(not_final(&play.contest).contains(&NotFinal::Unpublished { rounds: open }));
    play.freezes();
    play.publishes(2, &sheet);
    // Everybody is equal with the same marks: the first prize has one place, and the rules ask the
    // committee.
    let equal: Sheet = sheet
        .iter()
        .map(|marks| [marks[0], marks[1], 80_000 - marks[0] - marks[1]])
        .collect();
    play.publishes(3, &equal);
    let list = blockers(&mut play);
    assert!(
        matches!(list[..], [Blocker::TiedForPrize { award: 1, ref teams }] if teams.len() == 14),
        "{list:?}"
    );
    let order: Vec<TeamId> = (1..=14).map(TeamId).collect();
    play.tries(
        ORGANIZER,
        Command::DecideTie {
            teams: order,
            reason: "Bốc thăm".into(),
        },
    )
    .expect("decided");
    play.reveal(ORGANIZER, begin).expect("begins");
    assert!(not_final(&play.contest).contains(&NotFinal::Revealing));
}

#[test]
fn a_mark_that_is_open_again_is_not_final() {
    let sheet = fourteen();
    let mut play = Play::withheld(14, &sheet, 1, |_| {});
    let order = crate::stage::StageFact::DrawEntered {
        of: crate::draw::DrawOf::Order,
        order: (1..=14).map(TeamId).collect(),
        packs: vec![],
        reason: "Bốc thăm trên sân khấu".into(),
    };
    play.happens(Event::Stage {
        round: RoundId(3),
        fact: order,
    });
    assert_eq!(unsettled(&play.contest), vec![]);
    play.withdraws(3, 4);
    let open = (RoundId(3), vec![TeamId(4)]);
    let (round, teams) = open.clone();
    assert_eq!(
        unsettled(&play.contest),
        vec![NotFinal::Incomplete { round, teams }]
    );
    let (round, teams) = open.clone();
    assert_eq!(play.begin_blockers(), vec![Blocker::Incomplete { round, teams }]);
    play.confirms(3, 4, 14_000);
    let asked = crate::stage::StageFact::CorrectionAsked {
        team: TeamId(4),
        points: Points(1_000),
        reason: "Quá giờ".into(),
        by: ORGANIZER,
    };
    let (round, teams) = open.clone();
    play.happens(Event::Stage { round, fact: asked });
    assert_eq!(
        not_final(&play.contest),
        vec![
            NotFinal::CorrectionWaiting {
                round,
                teams: teams.clone()
            },
            NotFinal::Frozen
        ]
    );
    assert_eq!(
        play.begin_blockers(),
        vec![Blocker::CorrectionWaiting { round, teams }]
    );
    let dropped = crate::stage::StageFact::CorrectionDropped {
        team: TeamId(4),
        reason: "Đồng hồ đúng".into(),
    };
    play.happens(Event::Stage { round, fact: dropped });
    play.begins(RevealBy::Total);
}

#[test]
fn a_side_prize_is_given_or_expressly_not() {
    let sheet = fourteen();
    let mut play = Play::withheld(14, &sheet, 2, |rules| {
        let rule = rules.awards[0].clone();
        rules.awards.extend([90, 91].map(|id| AwardRule {
            id,
            by: AwardBy::Chosen,
            ..rule.clone()
        }));
    });
    assert_eq!(
        play.begin_blockers(),
        vec![Blocker::PrizesNotGiven { awards: vec![90, 91] }]
    );
    let give = |award: u32, teams: Vec<TeamId>| Command::GiveAward {
        award,
        teams,
        reason: "Ban tổ chức quyết định".into(),
    };
    play.tries(ORGANIZER, give(90, vec![TeamId(3)])).expect("given");
    assert_eq!(
        play.begin_blockers(),
        vec![Blocker::PrizesNotGiven { awards: vec![91] }]
    );
    assert_eq!(
        play.tries(ORGANIZER, give(91, vec![])),
        Ok(1),
        "to nobody, on record"
    );
    play.begins(RevealBy::Total);
}

#[test]
fn equals_may_share_a_prize_by_decision() {
    let sheet: Sheet = vec![[9_000; 3], [9_000; 3], [6_000; 3]];
    let of = |sole: bool| {
        Play::withheld(3, &sheet, 2, |rules| {
            rules.tie_breaks = vec![TieBreak::Decision];
            rules.awards.retain(|award| award.by == AwardBy::Total);
            rules.sole_winner = sole;
        })
    };
    let mut play = of(false);
    assert!(
        matches!(
            play.begin_blockers()[..],
            [Blocker::TiedForPrize { award: 1, .. }]
        ),
        "the rules ask the committee"
    );
    assert_eq!(play.shares(&[1, 2], " "), Err(Refusal::ReasonNeeded));
    let equal = vec![TeamId(1), TeamId(2)];
    for (wrong, teams) in [
        (&[1][..], equal.clone()),
        (&[1, 3], equal.clone()),
        (&[1, 2, 3], equal.clone()),
        (&[3], vec![]),
        (&[9], vec![]),
    ] {
        let blocker = Blocker::NotAllEquals { teams };
        assert_eq!(
            play.shares(wrong, "Đồng giải"),
            Err(Refusal::Blocked([blocker].into())),
            "{wrong:?}"
        );
    }
    assert!(matches!(
        play.shares(&[], "Đồng giải"),
        Err(Refusal::Invalid { .. })
    ));
    assert_eq!(play.shares(&[2, 1], "Đồng giải Nhất"), Ok(1));
    assert_eq!(play.shares(&[1, 2], "Đồng giải Nhất"), Ok(0), "it is so already");
    play.begins(RevealBy::Total);
    play.goes(play.plan().steps.len() as u32 - 1).expect("to the end");
    assert!(play.plates().contains(&("Giải Nhất".into(), vec![1, 2])));
    play.reveal(ORGANIZER, RevealAct::Unfreeze { reason: None })
        .expect("lifted");
    assert_eq!(not_final(&play.contest), vec![], "and it may be signed");

    // The newest decision holds, whichever way it goes.
    play.decides(&[2, 1]).expect("an order after all");
    assert_eq!(play.rows()[0].team, TeamId(2));
    play.shares(&[1, 2], "Thống nhất đồng giải")
        .expect("shared again");
    assert_eq!(play.rows()[0].rank, play.rows()[1].rank);

    let mut sole = of(true);
    let first = Blocker::TieForFirst {
        teams: vec![TeamId(1), TeamId(2)],
    };
    assert_eq!(
        sole.shares(&[1, 2], "Đồng giải"),
        Err(Refusal::Blocked([first].into()))
    );
}
