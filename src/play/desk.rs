//! The desk: absent judges, confirming what is ready, overtaken pages, second persons.

use super::*;
use crate::{
    stage_view::{PanelLine, panel},
    touched::Matter,
};

const TEAM: TeamId = TeamId(1);

fn confirm(team: Option<u32>) -> StageAct {
    StageAct::Confirm {
        team: team.map(TeamId),
    }
}

fn away(who: i64) -> StageAct {
    StageAct::MarkJudgeAbsent {
        judge: PersonId(who),
        team: TEAM,
        reason: "ốm đột xuất".into(),
    }
}

fn missing(team: u32, judges: &[i64]) -> Blocker {
    Blocker::MissingSheets {
        team: TeamId(team),
        judges: judges.iter().map(|id| PersonId(*id)).collect(),
    }
}

fn deduct(points: i64, reason: Option<&str>) -> StageAct {
    StageAct::SetDeduction {
        team: TEAM,
        points: Points(points),
        reason: reason.map(Into::into),
    }
}

fn set(run: Option<u32>, revision: u32, points: i64) -> StageAct {
    StageAct::SetMark {
        team: TEAM,
        run,
        criterion: 1,
        revision,
        points: Some(Points(points)),
    }
}

/// As somebody who looked at the desk when the ledger stood at `seen`.
fn from(seen: u64, act: StageAct) -> Command {
    Command::Stage {
        round: ROUND,
        act,
        seen: Some(seen),
    }
}

fn line(play: &Play, who: Actor, team: u32) -> PanelLine {
    let view = panel(&play.contest, &who, ROUND, play.now).expect("a desk");
    let mut lines = view.teams.into_iter();
    lines.find(|line| line.team == TeamId(team)).expect("the team")
}

/// Team 1 has performed; the chief and judge 2 have handed in 8 each.
fn two_of_three() -> Play {
    let mut play = Play::ready(rules(1), 3);
    play.performs(ROUND, 1, 300);
    play.marks(ROUND, 1, 1, 5_000, 3_000);
    play.marks(ROUND, 2, 1, 5_000, 3_000);
    play
}

#[test]
fn a_silent_judge_blocks_until_his_absence_is_recorded() {
    let mut play = two_of_three();
    let blocked = Refusal::Blocked([missing(1, &[3])].into());
    for team in [Some(1), None] {
        assert_eq!(
            play.refusal(CHIEF, confirm(team)),
            blocked,
            "not begun is not absent"
        );
    }
    for actor in [CHIEF, judge(2), judge(3), Actor::Public] {
        assert_eq!(play.refusal(actor, away(3)), Refusal::NotAllowed);
    }
    let silent = StageAct::MarkJudgeAbsent {
        judge: PersonId(3),
        team: TEAM,
        reason: " ".into(),
    };
    assert_eq!(play.refusal(SECRETARY, silent), Refusal::ReasonNeeded);
    assert_eq!(
        play.refusal(SECRETARY, away(2)),
        Refusal::SheetLocked,
        "he has handed in"
    );
    play.act(SECRETARY, away(3));
    assert_eq!(
        line(&play, SECRETARY, 1).sheets[2].absent.as_deref(),
        Some("ốm đột xuất")
    );
    let back = StageAct::MarkJudgePresent {
        judge: PersonId(3),
        team: TEAM,
    };
    play.act(SECRETARY, back);
    assert_eq!(play.refusal(CHIEF, confirm(Some(1))), blocked, "taken back");
    play.act(SECRETARY, away(3));
    // His tablet finds the Wi-Fi: he was never absent.
    play.act(judge(3), set(Some(1), 1, 4_000));
    assert_eq!(play.refusal(CHIEF, confirm(Some(1))), blocked);
    play.act(SECRETARY, away(3));
    play.act(CHIEF, confirm(Some(1)));
    let mark = &play.contest.stages[&ROUND].confirmed[&TEAM];
    assert_eq!(
        (mark.sheets.len(), mark.mark),
        (2, Points::whole(8)),
        "of the rest"
    );
    assert_eq!(play.refusal(SECRETARY, away(3)), Refusal::SheetLocked);
    assert!(ledger::verify(&play.contest.id, play.ledger.clone()).is_ok());
}

#[test]
fn where_the_rules_wait_for_everybody_an_absent_judge_blocks_still() {
    let mut all = rules(1);
    let missing_judge = MissingJudge::Block;
    all.rounds[0].kind = RoundKind::Stage(StageRules {
        missing: missing_judge,
        ..skit()
    });
    let mut play = Play::ready(all, 1);
    play.performs(ROUND, 1, 300);
    play.marks(ROUND, 1, 1, 5_000, 3_000);
    play.marks(ROUND, 2, 1, 5_000, 3_000);
    play.act(SECRETARY, away(3));
    assert_eq!(
        play.refusal(CHIEF, confirm(None)),
        Refusal::Blocked([missing(1, &[3])].into())
    );
}

#[test]
fn all_together_are_confirmed_as_far_as_they_are_ready() {
    let mut play = Play::ready(rules(1), 3);
    assert_eq!(
        play.refusal(CHIEF, confirm(None)),
        Refusal::NotOnStage,
        "nobody has performed"
    );
    play.performs(ROUND, 1, 300);
    play.marks(ROUND, 2, 1, 5_000, 3_000);
    play.all_mark(ROUND, 2, 5_000);
    assert_eq!(play.act(CHIEF, confirm(None)).len(), 1);
    let stage = &play.contest.stages[&ROUND];
    assert_eq!(stage.confirmed.keys().collect::<Vec<_>>(), [&TeamId(2)]);
    assert_eq!(
        play.refusal(CHIEF, confirm(None)),
        Refusal::Blocked([missing(1, &[1, 3])].into()),
        "none is ready, and why"
    );
    // A team that did not come after all is nobody's to confirm.
    for who in [1, 3] {
        play.marks(ROUND, who, 1, 5_000, 3_000);
    }
    let gone = StageAct::MarkAbsent {
        team: TEAM,
        reason: "bỏ cuộc".into(),
    };
    play.act(SECRETARY, gone);
    assert_eq!(play.refusal(CHIEF, confirm(Some(1))), Refusal::NotOnStage);
    assert_eq!(
        play.refusal(SECRETARY, StageAct::StartClock { team: TeamId(2) }),
        Refusal::SheetLocked,
        "the clock of a confirmed performance stands"
    );
}

#[test]
fn a_confirmed_performance_is_not_repeated_before_its_mark_is_withdrawn() {
    let mut play = Play::ready(rules(1), 1);
    play.all_mark(ROUND, 1, 5_000);
    play.confirms(ROUND);
    let repeat = StageAct::Repeat {
        team: TEAM,
        reason: "mất điện".into(),
    };
    for actor in [SECRETARY, ORGANIZER] {
        assert_eq!(play.refusal(actor, repeat.clone()), Refusal::SheetLocked);
    }
    let reason = "mất điện".into();
    play.act(CHIEF, StageAct::WithdrawMark { team: TEAM, reason });
    play.act(SECRETARY, repeat);
}

/// 11 minutes of 10: one point off.
#[test]
fn overtime_after_the_deduction_was_settled_is_asked_for_again() {
    for early_waiver in [false, true] {
        let mut play = Play::ready(rules(1), 1);
        play.act(SECRETARY, StageAct::Call { team: TEAM });
        play.act(SECRETARY, StageAct::StartClock { team: TEAM });
        play.wait(240_000);
        play.act(SECRETARY, StageAct::PauseClock { team: TEAM });
        if early_waiver {
            let reason = "loa hỏng".into();
            play.act(CHIEF, StageAct::WaiveDeduction { team: TEAM, reason });
        } else {
            play.act(SECRETARY, deduct(0, None));
        }
        play.act(SECRETARY, StageAct::StartClock { team: TEAM });
        play.wait(420_000);
        play.act(SECRETARY, StageAct::StopClock { team: TEAM });
        for who in 1..=3 {
            play.marks(ROUND, who, 1, 5_000, 3_000);
        }
        let open = Blocker::DeductionOpen {
            team: TEAM,
            proposed: Points::whole(1),
        };
        assert_eq!(
            play.refusal(CHIEF, confirm(None)),
            Refusal::Blocked([open].into())
        );
        assert_eq!(play.refusal(SECRETARY, deduct(0, None)), Refusal::ReasonNeeded);
        if early_waiver {
            let reason = "loa hỏng".into();
            play.act(CHIEF, StageAct::WaiveDeduction { team: TEAM, reason });
        } else {
            play.act(SECRETARY, deduct(0, Some("đồng hồ bấm muộn")));
        }
        play.act(CHIEF, confirm(None));
        let mark = play.contest.mark(ROUND, TEAM).map(|mark| mark.mark);
        assert_eq!(mark, Some(Points::whole(8)));
    }
}

#[test]
fn what_is_about_the_first_performance_does_not_land_on_the_second() {
    let mut play = two_of_three();
    let reason = "mất điện".into();
    play.act(SECRETARY, StageAct::Repeat { team: TEAM, reason });
    let other = Refusal::OtherRun { run: 2 };
    let remark = |run| StageAct::SetRemark {
        team: TEAM,
        run,
        revision: 1,
        text: "hay".into(),
    };
    let hand_in = |run| StageAct::HandInSheet { team: TEAM, run };
    for act in [set(Some(1), 1, 5_000), remark(Some(1)), hand_in(Some(1))] {
        assert_eq!(play.refusal(judge(3), act), other);
    }
    play.act(judge(3), set(Some(2), 1, 5_000));
    play.act(judge(3), remark(Some(2)));
}

/// Every act that rests on what its page shows: what makes its page old, and of which matter it is told.
#[test]
fn an_overtaken_page_changes_nothing_and_is_told_what_moved() {
    let reason = || "đã xem lại".to_owned();
    let repeat = || StageAct::Repeat {
        team: TEAM,
        reason: reason(),
    };
    let withdraw = || StageAct::WithdrawMark {
        team: TEAM,
        reason: reason(),
    };
    let reopen = |who| StageAct::ReopenSheet {
        team: TEAM,
        judge: PersonId(who),
        reason: reason(),
    };
    let waive = || StageAct::WaiveDeduction {
        team: TEAM,
        reason: reason(),
    };
    let note = || StageAct::NoteSpread {
        team: TEAM,
        note: reason(),
    };
    let absent = || StageAct::MarkAbsent {
        team: TEAM,
        reason: reason(),
    };
    let drawn = two_of_three().contest.stages[&ROUND].order.clone();
    let later: Vec<usize> = (0..3).filter(|place| drawn[*place] != TEAM).collect();
    let mut swapped = drawn.clone();
    swapped.swap(later[0], later[1]);
    let order = |order: &[TeamId]| StageAct::ChangeOrder {
        order: order.to_vec(),
        reason: reason(),
    };
    let packs = |n| StageAct::EnterPacks {
        packs: (1..=3).map(|team| (TeamId(team), n)).collect(),
        reason: reason(),
    };
    let panel = |chief| StageAct::SetPanel {
        judges: [1, 2, 3].map(PersonId).to_vec(),
        chief: PersonId(chief),
        reason: Some(reason()),
    };
    let correct = |points| StageAct::CorrectDeduction {
        team: TEAM,
        points: Points(points),
        reason: reason(),
    };
    let clock = || StageAct::StartClock { team: TEAM };
    let whole = deduct(500, Some("dùng đạo cụ quá cỡ"));
    let cases: Vec<(Actor, StageAct, Actor, StageAct, Matter)> = vec![
        (
            CHIEF,
            confirm(Some(1)),
            SECRETARY,
            whole.clone(),
            Matter::Deduction,
        ),
        (CHIEF, confirm(None), SECRETARY, whole.clone(), Matter::Deduction),
        (CHIEF, confirm(Some(1)), CHIEF, reopen(3), Matter::Sheets),
        (CHIEF, confirm(None), CHIEF, note(), Matter::Note),
        (
            SECRETARY,
            deduct(250, Some("quá giờ")),
            SECRETARY,
            whole.clone(),
            Matter::Deduction,
        ),
        (
            SECRETARY,
            deduct(250, Some("quá giờ")),
            SECRETARY,
            clock(),
            Matter::Turn,
        ),
        (
            SECRETARY,
            deduct(250, Some("quá giờ")),
            CHIEF,
            confirm(Some(1)),
            Matter::Mark,
        ),
        (CHIEF, waive(), SECRETARY, whole.clone(), Matter::Deduction),
        (CHIEF, note(), CHIEF, reopen(3), Matter::Sheets),
        (SECRETARY, repeat(), CHIEF, confirm(Some(1)), Matter::Mark),
        (CHIEF, reopen(2), CHIEF, reopen(3), Matter::Sheets),
        (SECRETARY, absent(), CHIEF, confirm(Some(1)), Matter::Mark),
        (
            SECRETARY,
            order(&drawn),
            SECRETARY,
            order(&swapped),
            Matter::Order,
        ),
        (SECRETARY, packs(1), SECRETARY, packs(2), Matter::Packs),
        (ORGANIZER, panel(2), ORGANIZER, panel(3), Matter::Panel),
        (ORGANIZER, correct(250), ORGANIZER, withdraw(), Matter::Mark),
        (ORGANIZER, withdraw(), ORGANIZER, correct(250), Matter::Mark),
    ];
    for (who, act, first, before, moved) in cases {
        let mut play = two_of_three();
        // Sheets that stand apart, with a note already.
        play.marks(ROUND, 3, 1, 2_000, 1_000);
        play.act(
            CHIEF,
            StageAct::NoteSpread {
                team: TEAM,
                note: "đã hội ý".into(),
            },
        );
        if matches!(
            act,
            StageAct::WithdrawMark { .. } | StageAct::CorrectDeduction { .. }
        ) {
            play.act(CHIEF, confirm(Some(1)));
        }
        let seen = play.contest.seq;
        assert!(!play.act(first, before.clone()).is_empty(), "{before:?} is news");
        let stands = play.contest.clone();
        let told = play.refusal(who, from(seen, act.clone()));
        let Refusal::Overtaken { moved: list, .. } = &told else {
            panic!("{act:?} after {before:?}: {told:?}")
        };
        assert_eq!(list[..], [moved], "{act:?} after {before:?}");
        assert_eq!(play.contest, stands, "nothing is written");
        // Nobody who may not is told anything.
        assert_eq!(play.refusal(judge(2), from(seen, act)), Refusal::NotAllowed);
    }
}

#[test]
fn drafts_overtake_nobody_and_twice_is_once() {
    let mut play = two_of_three();
    let seen = play.contest.seq;
    play.act(judge(3), set(None, 1, 5_000));
    let off = deduct(500, Some("dùng đạo cụ quá cỡ"));
    play.does(SECRETARY, from(seen, off.clone()));
    assert_eq!(
        play.does(SECRETARY, from(seen, off)),
        vec![],
        "a button pressed twice"
    );
    // What moved for another team is no news for this one.
    play.performs(ROUND, 2, 300);
    let seen = seen + 2;
    play.does(SECRETARY, from(seen, deduct(250, Some("đã đo lại"))));
}

#[test]
fn the_spread_is_noted_of_the_sheets_that_it_is_about() {
    let mut play = Play::ready(rules(1), 2);
    let note = StageAct::NoteSpread {
        team: TEAM,
        note: "đã hội ý".into(),
    };
    play.performs(ROUND, 1, 300);
    play.marks(ROUND, 2, 1, 5_000, 3_000);
    play.marks(ROUND, 3, 1, 2_000, 1_000);
    let own = Refusal::Blocked([missing(1, &[1])].into());
    assert_eq!(
        play.refusal(CHIEF, note.clone()),
        own,
        "he has not handed in his own"
    );
    play.marks(ROUND, 1, 1, 5_000, 3_000);
    play.act(CHIEF, note.clone());
    // Now another stands apart: (8; 3; 3).
    let reason: String = "nhầm dòng".into();
    let reopen = StageAct::ReopenSheet {
        team: TEAM,
        judge: PersonId(2),
        reason,
    };
    play.act(CHIEF, reopen);
    play.act(judge(2), set(None, 2, 0));
    play.act(
        judge(2),
        StageAct::HandInSheet {
            team: TEAM,
            run: None,
        },
    );
    let Refusal::Blocked(list) = play.refusal(CHIEF, confirm(Some(1))) else {
        panic!("blocked")
    };
    assert!(
        matches!(list[..], [Blocker::SpreadWithoutNote { .. }]),
        "{list:?}"
    );
    play.act(CHIEF, note.clone());
    play.act(CHIEF, confirm(Some(1)));

    let mut alike = Play::ready(rules(1), 1);
    alike.performs(ROUND, 1, 300);
    for who in 1..=3 {
        alike.marks(ROUND, who, 1, 5_000, 3_000);
    }
    assert_eq!(alike.refusal(CHIEF, note), Refusal::NoSpread);
}

/// Who is told which judges stand apart.
#[test]
fn outliers_are_for_the_chief_who_has_handed_in_and_for_organizers() {
    let mut play = Play::ready(rules(1), 2);
    play.performs(ROUND, 1, 300);
    play.marks(ROUND, 2, 1, 5_000, 3_000);
    play.marks(ROUND, 3, 1, 2_000, 1_000);
    let spread = |line: &PanelLine| {
        let of = |b: &Blocker| matches!(b, Blocker::SpreadWithoutNote { .. });
        line.blockers.iter().any(of)
    };
    let told = |play: &Play, who| {
        let line = line(play, who, 1);
        (!line.outliers.is_empty(), spread(&line))
    };
    assert_eq!(told(&play, CHIEF), (false, false), "he still marks");
    assert_eq!(told(&play, ORGANIZER), (true, false));
    assert_eq!(told(&play, SECRETARY), (false, false));
    let Refusal::Blocked(list) = play.refusal(CHIEF, confirm(Some(1))) else {
        panic!("blocked")
    };
    assert_eq!(list[..], [missing(1, &[1])], "nor by a refusal");
    play.marks(ROUND, 1, 1, 5_000, 3_000);
    assert_eq!(told(&play, CHIEF), (true, true));
    assert_eq!(told(&play, ORGANIZER), (true, true));
    assert_eq!(told(&play, SECRETARY), (false, true), "that, but not who");
    let named = line(&play, SECRETARY, 1).blockers;
    let nobody = Blocker::SpreadWithoutNote {
        team: TEAM,
        judges: vec![],
    };
    assert_eq!(named, [nobody]);
}

#[test]
fn a_correction_stands_only_when_a_second_person_agrees() {
    let mut play = Play::ready(rules(1), 1);
    play.performs(ROUND, 1, 620);
    for who in 1..=3 {
        play.marks(ROUND, who, 1, 5_000, 3_000);
    }
    play.act(SECRETARY, deduct(1_000, None));
    play.act(CHIEF, confirm(None));
    play.act(ORGANIZER, StageAct::Publish);
    let correct = |points| StageAct::CorrectDeduction {
        team: TEAM,
        points: Points(points),
        reason: "loa hỏng".into(),
    };
    let agree = |points| StageAct::AgreeCorrection {
        team: TEAM,
        points: Points(points),
    };
    let mark = |play: &Play| play.contest.mark(ROUND, TEAM).map(|mark| mark.mark);
    play.act(ORGANIZER, correct(0));
    assert_eq!(play.act(ORGANIZER, correct(0)), vec![], "twice is once");
    assert_eq!(mark(&play), Some(Points::whole(7)), "the mark stands meanwhile");
    assert_eq!(play.refusal(ORGANIZER, agree(0)), Refusal::NotTheSecond);
    assert_eq!(
        play.refusal(CHIEF, agree(500)),
        Refusal::NotTheSecond,
        "nobody asked for that"
    );
    for actor in [SECRETARY, judge(2), Actor::Public] {
        assert_eq!(play.refusal(actor, agree(0)), Refusal::NotAllowed);
    }
    let drop = StageAct::DropCorrection {
        team: TEAM,
        reason: "xem lại".into(),
    };
    play.act(CHIEF, drop);
    assert_eq!(play.act(CHIEF, agree(0)), vec![]);
    play.act(CHIEF, correct(0));
    assert_eq!(play.refusal(CHIEF, agree(0)), Refusal::NotTheSecond);
    play.act(ORGANIZER, agree(0));
    assert_eq!(mark(&play), Some(Points::whole(8)));
    assert!(play.contest.stages[&ROUND].corrections.is_empty());
    assert!(ledger::verify(&play.contest.id, play.ledger.clone()).is_ok());
}

/// A ledger from before: its facts know neither proposals nor what a note is about.
#[test]
fn older_facts_are_read_as_they_were() {
    let old = [
        r#"{"fact":"deduction_set","team":1,"points":1000,"reason":null}"#,
        r#"{"fact":"deduction_waived","team":1,"reason":"x"}"#,
        r#"{"fact":"spread_noted","team":1,"note":"x"}"#,
    ];
    let mut stage = crate::stage::Stage::default();
    for text in old {
        let fact: StageFact = serde_json::from_str(text).expect("still read");
        stage.apply(&fact, 0, 1);
    }
    let performance = &stage.performances[&TEAM];
    assert!(performance.answers(Points::whole(3)) && performance.notes(&[]));
}
