//! A reveal whose marks or prizes have changed since it began, and what stays of one that is over.

use super::*;

#[test]
fn a_reveal_that_marks_have_overtaken_goes_no_further() {
    let sheet = fourteen();
    for by in [RevealBy::Total, RevealBy::Round] {
        let mut play = Play::up_to_the_reveal(14, &sheet, by, |_| {});
        play.goes(3).expect("goes");
        let before = play.plan().picture(&play.contest, 3);
        // Team 2 turns out to be the best: a correction of its mark on stage.
        play.withdraws(2, 2);
        play.confirms(2, 2, 50_000);
        let overtaken = Err(Refusal::Blocked([Blocker::RevealOvertaken].into()));
        assert_eq!(play.goes(4), overtaken, "the old order is not told on");
        assert_eq!(play.goes(2), overtaken);
        assert!(not_final(&play.contest).contains(&NotFinal::RevealOvertaken));
        assert!(hall_view::host(&play.contest).reveal.expect("a reveal").overtaken);
        let board = play.board(Audience::Public);
        let desk = hall_view::desk(&play.contest, &board);
        assert!(desk.reveal.expect("a reveal").overtaken);
        assert_eq!(
            play.plan().picture(&play.contest, 3),
            before,
            "the wall stands still until somebody stops it"
        );
        // Stopped and begun again it tells the marks as they are now.
        play.reveal(ORGANIZER, RevealAct::End { reveal: None })
            .expect("stopped");
        play.begins(by);
        let last = play.plan().steps.len() as u32 - 1;
        play.goes(last).expect("to the end");
        assert!(
            play.plates().contains(&("Giải Nhất".into(), vec![2])),
            "{:?}",
            play.plates()
        );
        assert!(!not_final(&play.contest).contains(&NotFinal::RevealOvertaken));
    }
}

#[test]
fn a_reveal_is_overtaken_by_decisions_and_prizes_too() {
    let sheet = fourteen();
    let chosen = |rules: &mut Rules| {
        rules.tie_breaks = vec![TieBreak::Decision];
        let award = |rule: &AwardRule| AwardRule {
            id: 90,
            name: "Giải Cổ động viên".into(),
            by: AwardBy::Chosen,
            ..rule.clone()
        };
        rules.awards.push(award(&rules.awards[0]));
    };
    let give = |teams: &[u32]| Command::GiveAward {
        award: 90,
        teams: teams.iter().map(|team| TeamId(*team)).collect(),
        reason: "Ban tổ chức chọn".into(),
    };
    let overtaken = Err(Refusal::Blocked([Blocker::RevealOvertaken].into()));
    let mut play = Play::withheld(14, &sheet, 2, chosen);
    play.tries(ORGANIZER, give(&[5])).expect("given");
    play.begins(RevealBy::Total);
    play.tries(ORGANIZER, give(&[6])).expect("given to another");
    assert_eq!(play.goes(1), overtaken);
    play.tries(ORGANIZER, give(&[5])).expect("given back");
    assert_eq!(play.goes(1), Ok(1), "the same as before");
    play.decides(&[10, 9]).expect("decided");
    assert_eq!(play.goes(2), overtaken);

    // Neither does a freeze end with a wall that says something else than the public's board.
    play.reveal(ORGANIZER, RevealAct::End { reveal: None })
        .expect("stopped");
    play.begins(RevealBy::Total);
    play.goes(play.plan().steps.len() as u32 - 1).expect("to the end");
    play.tries(ORGANIZER, give(&[7])).expect("given to a third");
    assert_eq!(
        play.reveal(ORGANIZER, RevealAct::Unfreeze { reason: None }),
        overtaken
    );
    play.reveal(ORGANIZER, RevealAct::End { reveal: None })
        .expect("stopped");
    let reason = Some("Đã đính chính giải".into());
    play.reveal(ORGANIZER, RevealAct::Unfreeze { reason })
        .expect("lifted");
    assert!(play.plates().contains(&("Giải Cổ động viên".into(), vec![7])));
}

#[test]
fn what_was_announced_stays_after_the_reveal() {
    let mut play = Play::up_to_the_reveal(14, &fourteen(), RevealBy::Total, |_| {});
    let second = |step: &Step| matches!(step, Step::Plate { award: 1 });
    let at = play.plan().steps.iter().position(second).expect("a second prize") as u32;
    play.goes(at).expect("goes");
    let told = play.plates();
    assert_eq!(told.len(), 3, "the first prize is still to come: {told:?}");
    play.reveal(ORGANIZER, RevealAct::End { reveal: None })
        .expect("left");
    assert_eq!(play.plates(), told, "while the public sees older standings");
    // A rehearsal announces nothing and takes nothing back.
    let begin = RevealAct::Begin {
        by: RevealBy::Total,
        rehearsal: true,
    };
    play.reveal(ORGANIZER, begin).expect("rehearses");
    assert_eq!(play.plates(), told);
    play.reveal(ORGANIZER, RevealAct::End { reveal: None })
        .expect("left");
    assert_eq!(play.plates(), told);
    // What no longer holds is shown to nobody.
    play.withdraws(2, 2);
    assert_eq!(play.plates(), vec![]);
    play.confirms(2, 2, 44_500);
    assert_eq!(play.plates(), told);
    let reason = Some("Kết thúc hội thi".into());
    play.reveal(ORGANIZER, RevealAct::Unfreeze { reason })
        .expect("lifted");
    assert_eq!(play.plates().len(), 6, "everything is final");
}
