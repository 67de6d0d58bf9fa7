//! Judges' sheets: what may stand on them, who sees them, who confirms.

use super::*;

#[test]
fn a_sheet_takes_no_mark_above_its_maximum_or_off_its_step_and_blank_is_not_zero() {
    let mut play = Play::ready(rules(1), 2);
    let team = TeamId(1);
    let set = |revision, points: Option<i64>| StageAct::SetMark {
        team,
        run: None,
        criterion: 1,
        revision,
        points: points.map(Points),
    };
    assert_eq!(play.refusal(judge(2), set(1, Some(5_000))), Refusal::NotOnStage);
    play.performs(ROUND, 1, 300);
    assert_eq!(
        play.refusal(judge(2), set(1, Some(6_250))),
        Refusal::invalid(Field::Mark, Fault::OutOfRange)
    );
    assert_eq!(
        play.refusal(judge(2), set(1, Some(5_100))),
        Refusal::invalid(Field::Mark, Fault::OffStep)
    );
    assert_eq!(
        play.refusal(judge(4), set(1, Some(5_000))),
        Refusal::NotAllowed,
        "not of this panel"
    );
    play.act(judge(2), set(1, Some(0)));
    let Refusal::Blocked(list) = play.refusal(judge(2), StageAct::HandInSheet { team, run: None }) else {
        panic!("blocked")
    };
    assert_eq!(
        list[..],
        [Blocker::Blank { criteria: vec![2] }],
        "zero is filled in, blank is not"
    );
}

#[test]
fn a_stale_page_cannot_overwrite_and_a_repeated_packet_is_no_news() {
    let mut play = Play::ready(rules(1), 2);
    play.performs(ROUND, 1, 300);
    let set = |revision, points| StageAct::SetMark {
        team: TeamId(1),
        run: None,
        criterion: 1,
        revision,
        points: Some(Points(points)),
    };
    play.act(judge(2), set(2, 5_000));
    assert_eq!(play.act(judge(2), set(2, 5_000)), vec![]);
    let stale = Refusal::StaleMark {
        revision: 2,
        points: Some(Points(5_000)),
    };
    assert_eq!(play.refusal(judge(2), set(2, 4_000)), stale);
    assert_eq!(play.refusal(judge(2), set(1, 4_000)), stale);
    play.act(judge(2), set(3, 4_000));
}

#[test]
fn a_wide_spread_needs_a_note_and_a_reopened_sheet_keeps_what_it_was() {
    let mut play = Play::ready(rules(1), 2);
    let team = TeamId(1);
    play.performs(ROUND, 1, 300);
    play.marks(ROUND, 1, 1, 5_000, 3_000);
    play.marks(ROUND, 2, 1, 5_000, 3_000);
    play.marks(ROUND, 3, 1, 2_000, 1_000);
    let confirm = StageAct::Confirm { team: Some(team) };
    let wide = Blocker::SpreadWithoutNote {
        team,
        judges: vec![PersonId(1), PersonId(2), PersonId(3)],
    };
    assert_eq!(
        play.refusal(CHIEF, confirm.clone()),
        Refusal::Blocked([wide].into())
    );
    play.act(
        judge(3),
        StageAct::AskReopening {
            team,
            reason: "nhầm dòng".into(),
        },
    );
    let reopen = StageAct::ReopenSheet {
        team,
        judge: PersonId(3),
        reason: "nhầm dòng".into(),
    };
    assert_eq!(play.refusal(judge(2), reopen.clone()), Refusal::NotAllowed);
    play.act(CHIEF, reopen.clone());
    let sheet = play.contest.stages[&ROUND]
        .sheet(PersonId(3), team)
        .expect("a sheet");
    assert_eq!((sheet.state(), sheet.versions.len()), (SheetState::Reopened, 1));
    assert_eq!(
        sheet.versions[0],
        BTreeMap::from([(1, Points(2_000)), (2, Points(1_000))])
    );
    let missing = Blocker::MissingSheets {
        team,
        judges: vec![PersonId(3)],
    };
    assert_eq!(
        play.refusal(CHIEF, confirm.clone()),
        Refusal::Blocked([missing].into())
    );
    play.act(
        judge(3),
        StageAct::SetMark {
            team,
            run: None,
            criterion: 1,
            revision: 2,
            points: Some(Points(4_500)),
        },
    );
    play.act(
        judge(3),
        StageAct::SetMark {
            team,
            run: None,
            criterion: 2,
            revision: 2,
            points: Some(Points(2_500)),
        },
    );
    play.act(judge(3), StageAct::HandInSheet { team, run: None });
    play.act(CHIEF, confirm);
    assert_eq!(
        play.refusal(CHIEF, reopen),
        Refusal::SheetLocked,
        "a confirmed mark is withdrawn first"
    );
}

#[test]
fn a_conflicted_judge_has_no_sheet_and_two_persons_are_needed() {
    let mut play = Play::ready(rules(1), 2);
    let team = TeamId(1);
    for other in [2, 3] {
        let reason = "đơn vị công tác".into();
        play.act(
            judge(other),
            StageAct::DeclareConflict {
                judge: PersonId(other),
                team,
                reason,
            },
        );
    }
    let theirs = StageAct::DeclareConflict {
        judge: PersonId(3),
        team: TeamId(2),
        reason: "x".into(),
    };
    assert_eq!(
        play.refusal(judge(2), theirs),
        Refusal::NotAllowed,
        "each declares his own"
    );
    play.performs(ROUND, 1, 300);
    let set = StageAct::SetMark {
        team,
        run: None,
        criterion: 1,
        revision: 1,
        points: Some(Points(5_000)),
    };
    assert_eq!(play.refusal(judge(2), set), Refusal::NotAllowed);
    play.marks(ROUND, 1, 1, 5_000, 3_000);
    let alone = play.refusal(CHIEF, StageAct::Confirm { team: Some(team) });
    assert_eq!(alone, Refusal::Blocked([Blocker::SecondPersonNeeded].into()));
}

#[test]
fn the_hall_sees_only_what_the_chief_has_confirmed() {
    let mut play = Play::ready(rules(1), 2);
    play.all_mark(ROUND, 1, 5_750);
    let json = |play: &Play, who| {
        serde_json::to_string(&audience::board(&play.contest, &BTreeMap::new(), who)).expect("json")
    };
    assert!(
        !json(&play, Audience::Staff).contains("5750"),
        "not even the staff's board before it is confirmed"
    );
    play.confirms(ROUND);
    assert!(json(&play, Audience::Public).contains("5750"));
}

#[test]
fn a_judge_is_sent_nothing_of_anothers_sheet_and_the_chief_only_after_his_own() {
    use crate::stage_view::{judge as judge_view, panel};
    let mut play = Play::ready(rules(1), 2);
    play.performs(ROUND, 1, 300);
    play.marks(ROUND, 2, 1, 4_750, 3_250);
    let marked = |json: &str| json.contains("4750") || json.contains("3250") || json.contains("8000");
    let view = judge_view(&play.contest, PersonId(3), None, None, play.now);
    assert!(!marked(&serde_json::to_string(&view).expect("json")));
    let chief = |play: &Play| {
        serde_json::to_string(&panel(&play.contest, &CHIEF, ROUND, play.now).expect("his desk"))
            .expect("json")
    };
    assert!(!marked(&chief(&play)), "he has not handed in his own");
    assert!(
        panel(&play.contest, &judge(2), ROUND, play.now).is_none(),
        "a judge has no panel's desk"
    );
    assert!(
        panel(
            &play.contest,
            &Actor::Organizer { user: UserId(2) },
            ROUND,
            play.now
        )
        .is_none()
    );
    play.marks(ROUND, 1, 1, 5_000, 3_000);
    assert!(marked(&chief(&play)));
}

/// What stands on sheets, and what was made of them, does not slip away under other rules.
#[test]
fn rules_do_not_change_under_the_sheets_of_a_round_that_has_begun() {
    let mut play = Play::ready(rules(2), 2);
    let set = |play: &mut Play, change: &dyn Fn(&mut Rules)| {
        let mut rules = play.contest.rules().expect("rules").clone();
        change(&mut rules);
        let reason = Some("ban tổ chức thống nhất".into());
        play.tries(ORGANIZER, Command::SetRules { rules, reason })
    };
    fn skit_of(rules: &mut Rules) -> &mut StageRules {
        let RoundKind::Stage(stage) = &mut rules.rounds[0].kind else {
            panic!("a stage")
        };
        stage
    }
    let blocked = |blocker: Blocker| Err(Refusal::Blocked([blocker].into()));
    play.performs(ROUND, 1, 300);
    let begun = Blocker::RoundBegun { round: ROUND };
    assert_eq!(
        set(&mut play, &|rules| {
            rules.rounds.remove(0);
        }),
        blocked(begun.clone())
    );
    let exam = Template::G1.rules().rounds[0].kind.clone();
    assert_eq!(
        set(&mut play, &|rules| rules.rounds[0].kind = exam.clone()),
        blocked(begun)
    );
    // Nothing is written yet: the rubric may still be settled.
    set(&mut play, &|rules| {
        skit_of(rules).rubric[0].maximum = Points::whole(8)
    })
    .expect("settled");
    play.marks(ROUND, 1, 1, 8_000, 4_000);
    let stands = Blocker::SheetsStand { round: ROUND };
    for change in [
        (&|rules: &mut Rules| skit_of(rules).rubric[0].maximum = Points::whole(5)) as &dyn Fn(&mut Rules),
        &|rules: &mut Rules| skit_of(rules).rubric[0].step = Points(3_000),
        &|rules: &mut Rules| drop(skit_of(rules).rubric.pop()),
    ] {
        assert_eq!(set(&mut play, change), blocked(stands.clone()));
    }
    // A criterion more: the sheet that is handed in is not whole any more.
    let more = Criterion {
        id: 3,
        name: "Sáng tạo".into(),
        maximum: Points::whole(1),
        step: Points(250),
    };
    set(&mut play, &|rules| skit_of(rules).rubric.push(more.clone())).expect("added");
    let confirm = StageAct::Confirm {
        team: Some(TeamId(1)),
    };
    let Refusal::Blocked(list) = play.refusal(CHIEF, confirm.clone()) else {
        panic!("blocked")
    };
    let judges = vec![PersonId(1)];
    assert!(
        list.contains(&Blocker::SheetOutdated {
            team: TeamId(1),
            judges
        }),
        "{list:?}"
    );
    set(&mut play, &|rules| drop(skit_of(rules).rubric.pop())).expect("taken back");
    play.marks(ROUND, 2, 1, 8_000, 4_000);
    play.marks(ROUND, 3, 1, 7_000, 4_000);
    play.act(CHIEF, confirm);
    let made = Blocker::MarksStand { round: ROUND };
    assert_eq!(
        set(&mut play, &|rules| skit_of(rules).judges =
            crate::rules::Judges::Sum),
        blocked(made.clone())
    );
    assert_eq!(
        set(&mut play, &|rules| skit_of(rules).rubric.push(more.clone())),
        blocked(made)
    );
    set(&mut play, &|rules| {
        skit_of(rules).rubric[0].name = "Nội dung, chủ đề".into()
    })
    .expect("a better name");
    set(&mut play, &|rules| rules.rounds[0].weight = 2_000).expect("weights with a reason");
}
