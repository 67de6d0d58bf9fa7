//! Drawing lots and the turns on stage.

use super::*;

#[test]
fn a_drawn_order_is_sealed_before_and_checked_after() {
    let mut play = Play::of(rules(1), 5);
    let open = |seed: &str| StageAct::OpenDraw {
        of: DrawOf::Order,
        seed: seed.into(),
    };
    assert_eq!(
        play.refusal(SECRETARY, open(SEED)),
        Refusal::WrongSeal,
        "nothing is sealed yet"
    );
    play.act(
        SECRETARY,
        StageAct::SealDraw {
            of: DrawOf::Order,
            commitment: draw::commitment(SEED),
            reason: None,
        },
    );
    assert_eq!(
        play.refusal(SECRETARY, open(&"00".repeat(32))),
        Refusal::WrongSeal,
        "another seed"
    );
    play.act(SECRETARY, open(SEED));
    let teams: Vec<TeamId> = (1..=5).map(TeamId).collect();
    let id: ContestId = play.contest.id.clone();
    assert_eq!(
        play.contest.stages[&ROUND].order,
        draw::order(SEED, &id, ROUND, &teams)
    );
    for actor in [
        judge(2),
        Actor::Public,
        Actor::Contestant {
            person: PersonId(4),
            team: TeamId(1),
        },
    ] {
        assert_eq!(play.refusal(actor, open(SEED)), Refusal::NotAllowed);
    }
}

#[test]
fn paper_lots_are_typed_in_whole_and_the_past_is_not_reordered() {
    let mut play = Play::ready(rules(1), 3);
    let enter = |order: &[u32]| StageAct::EnterOrder {
        order: order.iter().map(|n| TeamId(*n)).collect(),
        reason: "bốc thăm bằng phiếu giấy".into(),
    };
    assert!(matches!(
        play.refusal(SECRETARY, enter(&[1, 2])),
        Refusal::Invalid {
            fault: Fault::OutOfRange,
            ..
        }
    ));
    assert!(matches!(
        play.refusal(SECRETARY, enter(&[1, 2, 2])),
        Refusal::Invalid {
            fault: Fault::Duplicate,
            ..
        }
    ));
    play.act(SECRETARY, enter(&[3, 1, 2]));
    play.performs(ROUND, 3, 60);
    let change = |order: &[u32]| StageAct::ChangeOrder {
        order: order.iter().map(|n| TeamId(*n)).collect(),
        reason: "đội 1 xin đổi".into(),
    };
    assert!(matches!(
        play.refusal(SECRETARY, change(&[1, 3, 2])),
        Refusal::Invalid {
            field: Field::Order,
            ..
        }
    ));
    play.act(SECRETARY, change(&[3, 2, 1]));
    assert_eq!(
        play.refusal(SECRETARY, enter(&[1, 2, 3])),
        Refusal::Frozen,
        "no new draw once a team was called"
    );
}

/// By hand: (8 + 9 + 8,5) / 3 = 8,5; over by 20 s: 1 off; 7,5.
#[test]
fn overtime_is_proposed_confirmed_and_may_be_waived() {
    let mut play = Play::ready(rules(1), 2);
    let team = TeamId(1);
    play.performs(ROUND, 1, 620);
    play.marks(ROUND, 1, 1, 5_000, 3_000);
    play.marks(ROUND, 2, 1, 5_000, 4_000);
    play.marks(ROUND, 3, 1, 5_500, 3_000);
    let confirm = StageAct::Confirm { team: Some(team) };
    let open = Blocker::DeductionOpen {
        team,
        proposed: Points::whole(1),
    };
    assert_eq!(
        play.refusal(CHIEF, confirm.clone()),
        Refusal::Blocked([open].into())
    );
    let deduct = |points, reason: Option<&str>| StageAct::SetDeduction {
        team,
        points: Points(points),
        reason: reason.map(Into::into),
    };
    assert_eq!(
        play.refusal(SECRETARY, deduct(500, None)),
        Refusal::ReasonNeeded,
        "another number needs a reason"
    );
    play.act(SECRETARY, deduct(1_000, None));
    assert_eq!(
        play.act(SECRETARY, deduct(1_000, None)),
        vec![],
        "no double deduction"
    );
    assert_eq!(
        play.refusal(
            SECRETARY,
            StageAct::WaiveDeduction {
                team,
                reason: "loa hỏng".into()
            }
        ),
        Refusal::NotAllowed
    );
    assert_eq!(
        play.refusal(judge(2), confirm.clone()),
        Refusal::NotAllowed,
        "only the chief judge confirms"
    );
    play.act(CHIEF, confirm);
    assert_eq!(
        play.contest.mark(ROUND, team).map(|m| m.mark),
        Some(Points(7_500))
    );
    play.act(
        CHIEF,
        StageAct::WithdrawMark {
            team,
            reason: "xét lại lỗi loa".into(),
        },
    );
    assert_eq!(play.contest.mark(ROUND, team), None);
    play.act(
        CHIEF,
        StageAct::WaiveDeduction {
            team,
            reason: "loa hỏng".into(),
        },
    );
    play.confirms(ROUND);
    assert_eq!(
        play.contest.mark(ROUND, team).map(|m| m.mark),
        Some(Points(8_500))
    );
}

#[test]
fn an_absent_team_is_not_waited_for_and_a_repeated_performance_starts_clean() {
    let mut play = Play::ready(rules(1), 2);
    play.act(
        SECRETARY,
        StageAct::MarkAbsent {
            team: TeamId(2),
            reason: "xe hỏng".into(),
        },
    );
    let call = StageAct::Call { team: TeamId(2) };
    assert_eq!(play.refusal(SECRETARY, call), Refusal::NotOnStage);
    play.all_mark(ROUND, 1, 5_000);
    play.act(
        SECRETARY,
        StageAct::Repeat {
            team: TeamId(1),
            reason: "mất điện giữa chừng".into(),
        },
    );
    assert_eq!(
        play.contest.stages[&ROUND].sheet_state(PersonId(1), TeamId(1)),
        SheetState::Empty
    );
    play.all_mark(ROUND, 1, 4_000);
    play.confirms(ROUND);
    assert_eq!(
        play.contest.mark(ROUND, TeamId(1)).map(|m| m.mark),
        Some(Points(4_000))
    );
    play.act(ORGANIZER, StageAct::Publish);
    assert_eq!(play.order(), [(1, 1)]);
}

/// Two teams swap before the first call: the seal and the seed that drew the order stay to be seen.
#[test]
fn a_swap_after_the_machine_has_drawn_is_a_change_and_no_other_draw() {
    let mut play = Play::ready(rules(1), 3);
    let opened = play.contest.stages[&ROUND].draws[&DrawOf::Order].clone();
    assert!(matches!(opened, draw::Draw::Opened { .. }));
    let mut order = play.contest.stages[&ROUND].order.clone();
    order.swap(0, 2);
    let swap = StageAct::EnterOrder {
        order: order.clone(),
        reason: "hai đội xin đổi".into(),
    };
    let events = play.act(SECRETARY, swap);
    assert!(matches!(
        &events[..],
        [Event::Stage {
            fact: StageFact::OrderChanged { .. },
            ..
        }]
    ));
    let stage = &play.contest.stages[&ROUND];
    assert_eq!((&stage.order, &stage.draws[&DrawOf::Order]), (&order, &opened));
}

/// Nobody draws until he likes what he has drawn: another seal needs a reason, which stays.
#[test]
fn lots_are_drawn_again_only_with_a_reason() {
    let mut play = Play::ready(rules(1), 3);
    let seed = "00".repeat(32);
    let seal = |reason: Option<&str>| StageAct::SealDraw {
        of: DrawOf::Order,
        commitment: draw::commitment(&seed),
        reason: reason.map(str::to_owned),
    };
    assert_eq!(play.refusal(SECRETARY, seal(None)), Refusal::ReasonNeeded);
    assert_eq!(play.refusal(SECRETARY, seal(Some(" "))), Refusal::ReasonNeeded);
    let events = play.act(SECRETARY, seal(Some("thêm một đội")));
    assert!(matches!(
        &events[..],
        [Event::Stage {
            fact: StageFact::DrawSealed { reason: Some(_), .. },
            ..
        }]
    ));
    assert_eq!(play.act(SECRETARY, seal(None)), vec![], "it is sealed");
    let of = DrawOf::Order;
    play.act(
        SECRETARY,
        StageAct::OpenDraw {
            of,
            seed: seed.clone(),
        },
    );
    assert!(ledger::verify(&play.contest.id, play.ledger.clone()).is_ok());
}

/// Packs typed in after the machine has drawn them: the seal stays to be seen here too.
#[test]
fn a_pack_is_changed_without_hiding_what_was_drawn() {
    let mut play = Play::ready(rules(1), 2);
    play.draws(ROUND, DrawOf::Packs);
    let packs = |one: u32| StageAct::EnterPacks {
        packs: vec![(TeamId(1), one), (TeamId(2), 3)],
        reason: "gói bị lộ".into(),
    };
    let StageAct::EnterPacks {
        reason: _,
        packs: list,
    } = packs(1)
    else {
        unreachable!()
    };
    let silent = StageAct::EnterPacks {
        packs: list,
        reason: " ".into(),
    };
    assert_eq!(play.refusal(SECRETARY, silent), Refusal::ReasonNeeded);
    play.act(SECRETARY, packs(1));
    let stage = &play.contest.stages[&ROUND];
    assert_eq!(stage.packs, [(TeamId(1), 1), (TeamId(2), 3)].into());
    assert!(matches!(stage.draws[&DrawOf::Packs], draw::Draw::Opened { .. }));
}
