//! Deadlines, pauses, extra time, reopenings, and clocks of one's own.

use super::super::hall::{Guest, Hall, ROUND, SECOND, rules};
use super::{GRACE, IN_TIME, TOO_LATE};
use crate::store::testing::on_both_engines;
use app::backend::{Contests, Exams, WantedAttempts};
use contest::audience::{Pulse, Stage, pulse};
use contest::exam::ExamPhase;
use contest::ledger::Entry;
use contest::rules::ExamClock;
use contest::{Actor, Blocker, Command, Event, Points, Refusal, TeamId};

on_both_engines!(
    late_answers_are_kept_and_count_as_the_rules_say,
    pauses_grants_and_reopenings_move_the_end,
    each_may_have_his_own_time,
    nobody_begins_after_the_time_for_coming,
    a_round_of_own_times_closes_when_all_have_handed_in,
);

async fn late_answers_are_kept_and_count_as_the_rules_say(url: String) {
    let hall = Hall::open(&url, rules(|_| {}), 4).await;
    let a = hall.add(1, &["An"]).await.remove(0);
    let b = hall.add(2, &["Bình"]).await.remove(0);
    hall.begin().await;
    let start = hall.house.now();
    hall.write(&a, 1, "rr").await;
    hall.write(&b, 1, "rr").await;
    hall.pass(62 * SECOND);
    // His time is over: it is the deadline that ends the paper, and the grace still runs.
    let first = hall.hand_in(&b).await;
    assert_eq!((first.handed_in, first.by_server), (start + 60 * SECOND, true));
    hall.pass(3 * SECOND);
    for guest in [&a, &b] {
        assert_eq!(hall.write(guest, 1, "..r").await, [GRACE]);
    }
    hall.pass_and_sweep(5_001).await;
    assert_eq!(hall.exam().await.phase, ExamPhase::Closed);
    let before = hall.slip(&b).await;
    for guest in [&a, &b] {
        assert_eq!(hall.write(guest, 1, "...r").await, [TOO_LATE]);
        // Sent again it is answered as it was.
        assert_eq!(hall.write(guest, 1, "r.rr").await, [IN_TIME, GRACE, TOO_LATE]);
        let slip = hall.slip(guest).await;
        assert_eq!((slip.answered, slip.late, slip.too_late), (3, 1, 1));
    }
    assert_eq!(hall.slip(&b).await.code, before.code);
    assert_eq!(hall.progress(1).await, (1, 3, 1));

    let (house, id) = (&hall.house, &hall.id);
    let admit = async |guest: &Guest| {
        let reason = "Mất mạng".to_owned();
        house
            .admit_late(&hall.organizer, id, ROUND, guest.person, reason)
            .await
    };
    admit(&a).await.expect("admitted");
    let slip = hall.slip(&a).await;
    assert_eq!((slip.answered, slip.too_late), (4, 0));
    hall.mark().await;
    assert_eq!(hall.team_mark(1).await, Some((Points::whole(30), 60)));
    assert_eq!(hall.team_mark(2).await, Some((Points(22_500), 60)));
    let console = hall
        .house
        .exam_console(&hall.organizer, &hall.id, ROUND)
        .await
        .expect("the console");
    let sums = console.sums;
    assert_eq!((sums.all, sums.started, sums.handed_in, sums.late), (2, 2, 2, 1));
    let line = hall.attempts(&hall.house).await.remove(1);
    assert_eq!(
        (line.answered, line.late, line.too_late, line.admitted),
        (3, 1, 1, false)
    );
    let only = WantedAttempts {
        person: Some(b.person),
        ..WantedAttempts::default()
    };
    let roll = hall.house.attempts(&hall.organizer, &hall.id, ROUND, only).await;
    let roll = roll.expect("his line");
    assert_eq!((roll.found, roll.page, roll.pages), (1, 1, 1));
    assert_eq!(roll.lines, [line]);

    // The marks stand, and the other one's router is found to have failed too: who moves is said
    // before, and the marks that follow are a fact of their own.
    let moves = house.preview_late(&hall.organizer, id, ROUND, b.person).await;
    let moves = moves.expect("a preview");
    let after = |team| {
        moves
            .iter()
            .find(|m| m.team == TeamId(team))
            .map(|m| (m.total.1, m.rank.1))
    };
    assert_eq!(after(1), Some((Some(Points::whole(30)), Some(1))));
    assert_eq!(after(2), Some((Some(Points::whole(30)), Some(1))));
    assert_eq!(
        hall.team_mark(2).await,
        Some((Points(22_500), 60)),
        "nothing is recorded"
    );
    admit(&b).await.expect("admitted");
    assert_eq!(hall.team_mark(2).await, Some((Points::whole(30), 60)));
    let seq = hall.contest().await.seq;
    assert_eq!(admit(&b).await, Ok(seq), "he is admitted");
    let (_, paper) = house
        .explain_paper(&hall.organizer, id, ROUND, b.person)
        .await
        .expect("explained");
    assert_eq!(paper.mark.points, Points::whole(4));
    hall.act(Command::PublishExam { round: ROUND }).await;
    let phase = ExamPhase::Published;
    assert_eq!(admit(&b).await, Err(Refusal::WrongPhase { phase }.into()));
    hall.house.close().await;
}

async fn pauses_grants_and_reopenings_move_the_end(url: String) {
    let hall = Hall::open(&url, rules(|_| {}), 4).await;
    let a = hall.add(1, &["An", "Bình"]).await;
    let b = hall.add(2, &["Chi"]).await.remove(0);
    hall.begin().await;
    let start = hall.house.now();
    for guest in a.iter().chain([&b]) {
        hall.write(guest, 1, "r").await;
    }
    let reason = || "Mất điện".to_owned();
    let grant = |person, seconds| Command::GrantTime {
        round: ROUND,
        person,
        millis: seconds * SECOND,
        reason: reason(),
    };
    let end = async |guest: &Guest| match hall.sitting(guest).await.stage {
        Stage::Writing { deadline, paused, .. } => ((deadline - start) / SECOND, paused),
        other => panic!("not writing: {other:?}"),
    };
    hall.pass(20 * SECOND);
    hall.act(Command::PauseExam {
        round: ROUND,
        reason: reason(),
    })
    .await;
    hall.pass_and_sweep(100 * SECOND).await;
    assert_eq!(end(&b).await, (160, true));
    assert_eq!(hall.write(&b, 2, "r").await, [IN_TIME]);
    hall.act(Command::ResumeExam { round: ROUND }).await;
    hall.pass(10 * SECOND);
    assert_eq!(end(&b).await, (160, false));
    let slip = hall.hand_in(&a[0]).await;
    hall.act(grant(a[1].person, 30)).await;
    assert_eq!(end(&a[1]).await, (190, false));
    let Pulse { clock_version, .. } = pulse(&*hall.contest().await);
    assert_eq!(clock_version, 3);

    // At 170.001 s: the common time and its grace are over, but not his.
    hall.pass_and_sweep(40_001).await;
    assert_eq!(hall.slip(&b).await.handed_in, start + 160 * SECOND);
    assert_eq!(end(&a[1]).await, (190, false));
    assert_eq!(hall.exam().await.phase, ExamPhase::Open);
    // Who ran out of time goes on when he is granted more.
    hall.act(grant(b.person, 60)).await;
    assert_eq!(end(&b).await, (220, false));
    assert_eq!(hall.write(&b, 3, "w").await, [IN_TIME]);
    assert_eq!(hall.progress(2).await, (1, 1, 0));

    hall.pass_and_sweep(60 * SECOND).await;
    assert_eq!(hall.exam().await.phase, ExamPhase::Closed);
    assert_eq!(hall.slip(&a[1]).await.handed_in, start + 190 * SECOND);
    assert_eq!(hall.slip(&b).await.handed_in, start + 220 * SECOND);
    assert_eq!(hall.progress(1).await, (2, 2, 2));

    hall.act(Command::ReopenExam {
        round: ROUND,
        millis: 60 * SECOND,
        reason: reason(),
    })
    .await;
    let reopened = (hall.house.now() - start) / SECOND;
    assert_eq!(end(&b).await.0, reopened + 60);
    // Who handed in himself is done; the others have their papers back.
    assert_eq!(hall.slip(&a[0]).await, slip);
    assert_eq!(
        (hall.progress(1).await, hall.progress(2).await),
        ((2, 2, 1), (1, 1, 0))
    );
    assert_eq!(hall.write(&a[0], 2, "w").await, [TOO_LATE]);
    assert_eq!(hall.write(&b, 4, "r").await, [IN_TIME]);
    hall.pass_and_sweep(70_001).await;
    hall.mark().await;
    // A: (1 + 1) / 2 of 4, of 30; B: 1 of 4.
    assert_eq!(hall.team_mark(1).await.map(|mark| mark.0), Some(Points(7_500)));
    assert_eq!(hall.team_mark(2).await.map(|mark| mark.0), Some(Points(7_500)));
    hall.house.close().await;
}

async fn each_may_have_his_own_time(url: String) {
    let rules = rules(|exam| exam.clock = ExamClock::Own);
    let hall = Hall::open(&url, rules, 4).await;
    let a = hall.add(1, &["An", "Bình"]).await;
    let b = hall.add(2, &["Chi"]).await.remove(0);
    hall.begin().await;
    let start = hall.house.now();
    hall.write(&a[0], 1, "rr").await;
    hall.pass_and_sweep(40 * SECOND).await;
    hall.write(&a[1], 1, "rrr").await;
    hall.pass_and_sweep(30_001).await;
    assert_eq!(hall.slip(&a[0]).await.handed_in, start + 60 * SECOND);
    assert!(
        matches!(hall.sitting(&a[1]).await.stage, Stage::Writing { deadline, .. }
        if deadline == start + 100 * SECOND)
    );
    hall.pass_and_sweep(40 * SECOND).await;
    assert_eq!(hall.slip(&a[1]).await.handed_in, start + 100 * SECOND);
    assert_eq!(hall.progress(1).await, (2, 5, 2));
    // One may still come: the round stays open until the committee closes it.
    assert_eq!(hall.exam().await.phase, ExamPhase::Open);
    let refused = hall
        .try_to(Command::CloseExam {
            round: ROUND,
            reason: None,
        })
        .await;
    let unfinished = vec![Blocker::Unfinished { count: 1 }];
    assert_eq!(refused, Err(Refusal::Blocked(unfinished.into()).into()));
    hall.act(Command::CloseExam {
        round: ROUND,
        reason: Some("Hết ngày thi".into()),
    })
    .await;
    assert_eq!(hall.sitting(&b).await.stage, Stage::Waiting);
    hall.pass_and_sweep(10_001).await;
    hall.mark().await;
    assert_eq!(hall.team_mark(1).await, Some((Points(18_750), 120)));
    assert_eq!(hall.team_mark(2).await, Some((Points::ZERO, 0)));
    hall.house.close().await;
}

async fn nobody_begins_after_the_time_for_coming(url: String) {
    let rules = rules(|exam| {
        exam.clock = ExamClock::Own;
        exam.entry = Some(120 * SECOND);
    });
    let hall = Hall::open(&url, rules, 4).await;
    let a = hall.add(1, &["An", "Bình"]).await;
    let b = hall.add(2, &["Chi", "Dũng"]).await;
    hall.begin().await;
    let start = hall.house.now();
    hall.write(&a[0], 1, "rrrr").await;
    hall.pass_and_sweep(71 * SECOND).await;
    assert_eq!(hall.slip(&a[0]).await.handed_in, start + 60 * SECOND);
    // Standing still does not count: half a minute more for those who are on their way.
    let reason = || "Mất điện".to_owned();
    hall.act(Command::PauseExam {
        round: ROUND,
        reason: reason(),
    })
    .await;
    hall.pass_and_sweep(30 * SECOND).await;
    assert_eq!(hall.sitting(&a[1]).await.stage, Stage::Waiting);
    hall.act(Command::ResumeExam { round: ROUND }).await;
    hall.pass_and_sweep(149 * SECOND - 101 * SECOND).await;
    hall.write(&a[1], 1, "rr").await;
    hall.pass_and_sweep(SECOND).await;
    let early = hall
        .try_to(Command::CloseExam {
            round: ROUND,
            reason: None,
        })
        .await;
    let blockers = vec![
        // The last one began at 149 s, and his packets have 10 s of grace.
        Blocker::TimeLeft { millis: 69 * SECOND },
        Blocker::Unfinished { count: 3 },
    ];
    assert_eq!(early, Err(Refusal::Blocked(blockers.into()).into()));
    // Two have not come in time; extra time to write lets nobody in.
    hall.act(Command::GrantTime {
        round: ROUND,
        person: b[0].person,
        millis: 600 * SECOND,
        reason: reason(),
    })
    .await;
    assert_eq!(hall.sitting(&b[0]).await.stage, Stage::Waiting);
    hall.pass_and_sweep(10_001).await;
    for absent in &b {
        let slip = hall.slip(absent).await;
        assert_eq!(
            (slip.handed_in, slip.by_server, slip.answered),
            (start + 150 * SECOND, true, 0)
        );
    }
    assert_eq!(hall.exam().await.phase, ExamPhase::Open);
    hall.pass_and_sweep(59 * SECOND).await;
    assert_eq!(hall.slip(&a[1]).await.handed_in, start + 209 * SECOND);
    assert_eq!(hall.exam().await.phase, ExamPhase::Closed);
    assert!(closed_by_the_house(&hall).await);

    // A reopening lets everybody in again, for as long as it says.
    hall.act(Command::ReopenExam {
        round: ROUND,
        millis: 30 * SECOND,
        reason: reason(),
    })
    .await;
    hall.pass(29 * SECOND);
    hall.write(&b[0], 1, "r").await;
    hall.pass(SECOND);
    assert_eq!(hall.sitting(&b[1]).await.stage, Stage::Waiting);
    hall.house.close().await;
}

async fn a_round_of_own_times_closes_when_all_have_handed_in(url: String) {
    let hall = Hall::open(&url, rules(|exam| exam.clock = ExamClock::Own), 4).await;
    let a = hall.add(1, &["An"]).await.remove(0);
    let b = hall.add(2, &["Bình"]).await.remove(0);
    hall.begin().await;
    hall.write(&a, 1, "rrrr").await;
    hall.hand_in(&a).await;
    hall.pass_and_sweep(3600 * SECOND).await;
    assert_eq!(hall.exam().await.phase, ExamPhase::Open, "one has not come yet");
    hall.write(&b, 1, "rrrw").await;
    hall.hand_in(&b).await;
    hall.pass_and_sweep(61 * SECOND).await;
    assert_eq!(hall.exam().await.phase, ExamPhase::Closed);
    assert!(closed_by_the_house(&hall).await);
    hall.mark().await;
    assert_eq!(hall.team_mark(2).await.map(|mark| mark.0), Some(Points(22_500)));
    hall.house.close().await;
}

/// Whether the last entry is the round's end, written by the house itself and without a reason.
async fn closed_by_the_house(hall: &Hall) -> bool {
    let last = hall.house.ledger(&hall.organizer, &hall.id, None, 1).await;
    matches!(
        &last.expect("the ledger")[0],
        Entry {
            actor: Actor::System,
            event: Event::ExamClosed { reason: None, .. },
            ..
        }
    )
}
