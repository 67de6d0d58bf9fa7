//! Judges' sheets: marks, handing in, reopening, and judges who stand apart.

use super::*;

on_both_engines!(
    marks_are_answered_one_by_one,
    a_reopened_sheet_keeps_what_it_was,
    conflicts_have_no_sheet_and_two_persons_are_needed,
);

async fn marks_are_answered_one_by_one(url: String) {
    let panel = Panel::performed(&url, 300).await;
    // One good, one above the maximum, one off the step, one of no criterion, one after the good one.
    let receipts = panel
        .sends(
            1,
            &[
                (1, 1, Some(4_750)),
                (2, 1, Some(4_250)),
                (2, 2, Some(100)),
                (7, 1, Some(1_000)),
                (1, 2, Some(5_000)),
            ],
        )
        .await;
    let invalid = |field, fault| Some(AppError::from(Refusal::invalid(field, fault)));
    let refused: Vec<Option<AppError>> = receipts.into_iter().map(|receipt| receipt.refused).collect();
    assert_eq!(
        refused,
        [
            None,
            invalid(Field::Mark, Fault::OutOfRange),
            invalid(Field::Mark, Fault::OffStep),
            invalid(Field::Rubric, Fault::Unknown),
            None,
        ]
    );
    let before = panel.hall.contest().await.seq;
    // The receipts were lost, the same packet comes again; and an old page sends what it has.
    let receipts = panel
        .sends(
            1,
            &[(1, 2, Some(5_000)), (1, 2, Some(3_000)), (1, 1, Some(4_750))],
        )
        .await;
    let stale = Some(AppError::from(Refusal::StaleMark {
        revision: 2,
        points: Some(Points(5_000)),
    }));
    let refused: Vec<Option<AppError>> = receipts.into_iter().map(|receipt| receipt.refused).collect();
    assert_eq!(refused, [None, stale.clone(), stale]);
    assert_eq!(
        panel.hall.contest().await.seq,
        before,
        "nothing was recorded twice"
    );

    let me = &panel.judges[1];
    let blank = panel.refusal(me, HAND_IN).await;
    let blanks = Blocker::Blank { criteria: vec![2] };
    assert_eq!(blank, Refusal::Blocked(Box::new([blanks])), "blank is not zero");
    let view = panel.hall.house.judge_view(me, None, None).await.expect("mine");
    let sheet = view.sheet.expect("of the team on stage");
    assert_eq!(
        (sheet.team, sheet.state, sheet.total),
        (TEAM, SheetState::Draft, Points(5_000))
    );
    panel.sends(1, &[(2, 3, Some(0))]).await;
    let remark = |revision, text: &str| StageAct::SetRemark {
        team: TEAM,
        run: None,
        revision,
        text: text.into(),
    };
    panel.acts(me, remark(1, "Diễn tốt")).await;
    panel.acts(me, remark(1, "Diễn tốt")).await;
    assert_eq!(
        panel.refusal(me, remark(1, "Khác")).await,
        Refusal::StaleMark {
            revision: 1,
            points: None
        }
    );
    panel.acts(me, HAND_IN).await;
    panel.acts(me, HAND_IN).await;
    let receipts = panel.sends(1, &[(1, 2, Some(5_000)), (1, 3, Some(6_000))]).await;
    let refused: Vec<Option<AppError>> = receipts.into_iter().map(|receipt| receipt.refused).collect();
    assert_eq!(refused, [None, Some(Refusal::SheetLocked.into())]);
    // Nothing of it is in what another judge is sent, nor the chief before his own is handed in.
    for other in [&panel.judges[0], &panel.judges[2]] {
        let view = panel.hall.house.judge_view(other, None, None).await.expect("his");
        let bytes = serde_json::to_string(&view).expect("JSON");
        // As a number of its own: ids are long and drawn by lot.
        let mut numbers = bytes.split(|c: char| !c.is_ascii_digit());
        assert!(numbers.all(|number| number != "5000"), "{bytes}");
    }
    let desk = panel
        .hall
        .house
        .panel_view(&panel.judges[0], &panel.hall.id, ROUND);
    let bytes = serde_json::to_string(&desk.await.expect("the chief's").0).expect("JSON");
    let mut numbers = bytes.split(|c: char| !c.is_ascii_digit());
    assert!(numbers.all(|number| number != "5000"), "{bytes}");
    panel.hall.house.close().await;
}

async fn a_reopened_sheet_keeps_what_it_was(url: String) {
    let panel = Panel::performed(&url, 300).await;
    panel.marks(1, 5_000, 3_000).await;
    let (chief, me, judge) = (&panel.judges[0], &panel.judges[1], panel.judge(1));
    let ask = StageAct::AskReopening {
        team: TEAM,
        reason: "cộng nhầm".into(),
    };
    panel.acts(me, ask).await;
    let reopen = || StageAct::ReopenSheet {
        team: TEAM,
        judge,
        reason: "được sửa".into(),
    };
    assert_eq!(panel.refusal(me, reopen()).await, Refusal::NotAllowed);
    assert_eq!(
        panel.refusal(&panel.secretary, reopen()).await,
        Refusal::NotAllowed
    );
    panel.acts(chief, reopen()).await;
    let state = |performance: &Performance| performance.sheets[&judge].state();
    assert_eq!(state(&*panel.performance().await), SheetState::Reopened);
    panel.sends(1, &[(1, 2, Some(5_500))]).await;
    panel.acts(me, HAND_IN).await;
    let performance = panel.performance().await;
    let sheet = &performance.sheets[&judge];
    assert_eq!(sheet.total(), Points(8_500));
    let before = BTreeMap::from([(1, Points(5_000)), (2, Points(3_000))]);
    assert_eq!(sheet.versions, [before]);
    assert!(panel.verdict().await.is_ok());
    panel.hall.house.close().await;
}

async fn conflicts_have_no_sheet_and_two_persons_are_needed(url: String) {
    let panel = Panel::performed(&url, 300).await;
    let chief = &panel.judges[0];
    for at in [1, 2] {
        let conflict = StageAct::DeclareConflict {
            judge: panel.judge(at),
            team: TEAM,
            reason: "đơn vị của mình".into(),
        };
        panel.acts(&panel.judges[at], conflict).await;
        let receipts = panel.sends(at, &[(1, 1, Some(5_000))]).await;
        assert_eq!(receipts[0].refused, Some(Refusal::NotAllowed.into()));
    }
    let view = panel
        .hall
        .house
        .judge_view(&panel.judges[1], None, Some(TEAM))
        .await;
    assert_eq!(view.expect("his list").sheet, None);
    panel.marks(0, 5_000, 3_000).await;
    let confirm = || StageAct::Confirm { team: Some(TEAM) };
    assert_eq!(
        panel.refusal(chief, confirm()).await,
        Refusal::Blocked(Box::new([Blocker::SecondPersonNeeded]))
    );
    let lift = StageAct::LiftConflict {
        judge: panel.judge(1),
        team: TEAM,
        reason: "khai nhầm".into(),
    };
    panel.acts(&panel.hall.organizer, lift).await;
    panel.marks(1, 6_000, 4_000).await;
    panel.acts(chief, confirm()).await;
    let mark = panel.hall.contest().await.mark(ROUND, TEAM);
    assert_eq!(mark.expect("confirmed").mark, Points::whole(9), "of 8 and 10");
    panel.hall.house.close().await;
}
