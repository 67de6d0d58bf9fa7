//! Whole exams through the port, on both engines; every mark is worked out by hand.

use std::collections::BTreeSet;

use app::backend::{Accounts, AppError, Contests, Exams, NextStep, People, Tablet};
use contest::attempt::{Outcome, Timing};
use contest::audience::{Pulse, Stage, pulse};
use contest::command::Facts;
use contest::exam::ExamPhase;
use contest::ledger::Entry;
use contest::marking::Verdict;
use contest::paper::{Builder, Paper};
use contest::question::Choice;
use contest::rules::{ExamClock, Papers, VoidPolicy};
use contest::{Actor, Blocker, Command, Event, Points, Refusal, TeamId};

use super::hall::{Guest, Hall, ROUND, SECOND, right, rules, visit, wrong};
use super::{facts, token};
use crate::store::testing::on_both_engines;

on_both_engines!(
    a_whole_exam_is_marked_as_by_hand,
    late_answers_are_kept_and_count_as_the_rules_say,
    pauses_grants_and_reopenings_move_the_end,
    a_correction_does_what_its_preview_said,
    the_same_seed_deals_the_same_papers,
    everybody_may_have_a_paper_of_his_own,
    two_tabs_hear_what_stands,
    another_tablet_takes_over,
    each_may_have_his_own_time,
    live_marks_follow_the_papers_handed_in,
    nothing_is_written_before_the_opening_or_on_another_paper,
    thousands_are_dealt_and_handed_in,
);

const fn saved(timing: Timing) -> Outcome {
    Outcome::Saved { timing }
}

const IN_TIME: Outcome = saved(Timing::InTime);
const GRACE: Outcome = saved(Timing::Grace);
const TOO_LATE: Outcome = saved(Timing::TooLate);

async fn next_step(hall: &Hall) -> (NextStep, Vec<Blocker>) {
    let console = hall.house.exam_console(&hall.organizer, &hall.id, ROUND).await;
    let console = console.expect("the console");
    (console.next, console.blockers)
}

async fn a_whole_exam_is_marked_as_by_hand(url: String) {
    let hall = Hall::open(&url, rules(|_| {}), 4).await;
    let (step, blockers) = next_step(&hall).await;
    assert_eq!(
        (step, blockers),
        (NextStep::Prepare, vec![Blocker::NoContestants])
    );
    let a = hall.add(1, &["An", "Bình"]).await;
    let b = hall.add(2, &["Chi", "Dũng"]).await;
    assert_eq!(next_step(&hall).await, (NextStep::Prepare, vec![]));
    hall.prepare().await;
    assert_eq!(next_step(&hall).await, (NextStep::Open, vec![]));
    assert_eq!(hall.sitting(&a[0]).await.stage, Stage::Waiting);
    hall.act(Command::OpenExam { round: ROUND }).await;
    assert_eq!(hall.progress(1).await, (2, 0, 0));

    let start = hall.house.now();
    hall.paper(&a[0]).await;
    hall.paper(&b[0]).await;
    hall.pass(5 * SECOND);
    let sitting = hall.sitting(&a[1]).await;
    assert!(
        matches!(&sitting.stage, Stage::Writing { deadline, held, paused: false, .. }
        if *deadline == start + 60 * SECOND && held.is_empty())
    );
    let sent = serde_json::to_string(&sitting).expect("JSON");
    assert!(!sent.contains("correct") && !sent.contains("Điều 1"), "{sent}");

    hall.pass(5 * SECOND);
    assert_eq!(hall.write(&a[0], 1, "rrrr").await, [IN_TIME; 4]);
    assert_eq!(hall.write(&a[1], 1, "rrw").await, [IN_TIME; 3]);
    assert_eq!(hall.write(&b[0], 1, "rrrw").await, [IN_TIME; 4]);
    assert_eq!(hall.progress(1).await, (2, 7, 0));
    hall.pass(10 * SECOND);
    let slip = hall.hand_in(&a[0]).await;
    assert_eq!(
        (slip.handed_in, slip.by_server, slip.answered),
        (start + 20 * SECOND, false, 4)
    );
    assert_eq!(hall.hand_in(&a[0]).await, slip);
    assert_eq!(hall.slip(&a[0]).await, slip);
    hall.pass(10_500);
    hall.hand_in(&b[0]).await;
    assert_eq!(hall.progress(1).await, (2, 7, 1));
    let expected = Facts {
        contestants: 4,
        unfinished: 2,
        last_deadline: Some(start + 60 * SECOND),
    };
    let contest = hall.contest().await;
    assert_eq!(
        facts(&hall.house, &contest, ROUND).await.expect("facts"),
        expected
    );
    let (step, blockers) = next_step(&hall).await;
    assert_eq!(step, NextStep::Close);
    assert_eq!(
        blockers,
        [
            Blocker::TimeLeft { millis: 39_500 },
            Blocker::Unfinished { count: 2 }
        ]
    );

    // To the very end of the grace nothing happens; a millisecond later everything does.
    hall.pass_and_sweep(39_500).await;
    assert_eq!(hall.exam().await.phase, ExamPhase::Open);
    hall.pass_and_sweep(1).await;
    let slip = hall.slip(&a[1]).await;
    assert_eq!(
        (slip.handed_in, slip.by_server, slip.answered),
        (start + 60 * SECOND, true, 3)
    );
    assert_eq!(hall.exam().await.phase, ExamPhase::Closed);
    let closed = &hall
        .house
        .ledger(&hall.organizer, &hall.id, None, 1)
        .await
        .expect("the ledger")[0];
    assert!(matches!(
        closed,
        Entry {
            actor: Actor::System,
            event: Event::ExamClosed { reason: None, .. },
            ..
        }
    ));
    assert_eq!(
        (hall.progress(1).await, hall.progress(2).await),
        ((2, 7, 2), (2, 4, 2))
    );

    // A: (4 + 2) / 2 of 4, of 30. B: (3 + 0) / 2. Whoever was absent took no time.
    assert_eq!(next_step(&hall).await, (NextStep::Mark, vec![]));
    hall.mark().await;
    assert_eq!(hall.team_mark(1).await, Some((Points(22_500), 80)));
    assert_eq!(hall.team_mark(2).await, Some((Points(11_250), 31)));
    assert_eq!(next_step(&hall).await, (NextStep::Publish, vec![]));
    assert_eq!(hall.house.review(&a[1].visit).await, Err(AppError::NotFound));
    hall.act(Command::PublishExam { round: ROUND }).await;
    assert_eq!(next_step(&hall).await, (NextStep::Nothing, vec![]));

    let marked = hall.house.review(&a[1].visit).await.expect("his paper");
    assert_eq!(marked.mark.points, Points::whole(2));
    let verdicts: Vec<Verdict> = marked.questions.iter().map(|q| q.verdict).collect();
    assert_eq!(
        verdicts,
        [Verdict::Right, Verdict::Right, Verdict::Wrong, Verdict::Blank]
    );
    assert_eq!(hall.house.review(&b[1].visit).await, Err(AppError::NotFound));
    let (name, paper) = hall
        .house
        .explain_paper(&hall.organizer, &hall.id, ROUND, a[1].person)
        .await
        .expect("explained");
    assert_eq!((name.as_str(), &paper), ("Bình", &marked));
    let (why, names) = hall
        .house
        .explain(&hall.organizer, &hall.id, TeamId(1))
        .await
        .expect("explained");
    assert_eq!(why.standing.total, Some(Points(22_500)));
    assert_eq!(
        why.rounds[0].exam.as_ref().map(|exam| exam.members.len()),
        Some(2)
    );
    assert_eq!(names[&a[0].person], "An");
    let console = hall
        .house
        .exam_console(&hall.organizer, &hall.id, ROUND)
        .await
        .expect("the console");
    let points: Vec<Option<Points>> = console.attempts.iter().map(|line| line.points).collect();
    assert_eq!(
        points,
        [
            Some(Points::whole(4)),
            Some(Points::whole(2)),
            Some(Points::whole(3)),
            None
        ]
    );
    hall.house.close().await;
}

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

    hall.act(Command::AdmitLate {
        round: ROUND,
        person: a.person,
        reason: "Mất mạng".into(),
    })
    .await;
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
    let line = &console.attempts[1];
    assert_eq!(
        (line.answered, line.late, line.too_late, line.admitted),
        (3, 1, 1, false)
    );
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

async fn a_correction_does_what_its_preview_said(url: String) {
    let rules = rules(|exam| exam.void = VoidPolicy::PointsToAll);
    let hall = Hall::open(&url, rules, 4).await;
    let a = hall.add(1, &["An"]).await.remove(0);
    let b = hall.add(2, &["Bình"]).await.remove(0);
    hall.begin().await;
    hall.write(&a, 1, "rrrr").await;
    hall.write(&b, 1, "rrrw").await;
    hall.hand_in(&a).await;
    hall.hand_in(&b).await;
    // Everybody is done: no reason is needed to close before the time.
    hall.act(Command::CloseExam {
        round: ROUND,
        reason: None,
    })
    .await;
    hall.mark().await;
    assert_eq!(
        hall.team_mark(1).await.map(|mark| mark.0),
        Some(Points::whole(30))
    );
    assert_eq!(hall.team_mark(2).await.map(|mark| mark.0), Some(Points(22_500)));

    // The option that B chose was right after all, and the other one wrong.
    let (_, paper) = hall
        .house
        .explain_paper(&hall.organizer, &hall.id, ROUND, b.person)
        .await
        .expect("explained");
    let missed = paper.questions.last().expect("4 questions");
    let chosen = &missed.options[usize::from(missed.chosen.list()[0])];
    let bank = hall
        .house
        .frozen_questions(&hall.organizer, &hall.id, ROUND)
        .await
        .expect("the bank");
    assert!(
        bank.iter()
            .all(|question| question.used && question.correction.is_none())
    );
    let draft = &bank[usize::from(missed.question)].draft;
    let place = draft
        .options
        .iter()
        .position(|text| text == chosen)
        .expect("his option");
    let steps = [
        (
            Some(Choice::only(place as u8)),
            [Points(22_500), Points::whole(30)],
        ),
        (None, [Points::whole(30); 2]),
    ];
    for (correct, marks) in steps {
        let preview = hall
            .house
            .preview_key(&hall.organizer, &hall.id, ROUND, missed.question, correct)
            .await
            .expect("a preview");
        let before = hall
            .house
            .board(&hall.organizer, &hall.id)
            .await
            .expect("the board");
        hall.house
            .correct_key(
                &hall.organizer,
                &hall.id,
                ROUND,
                missed.question,
                correct,
                "Nghị định mới".into(),
            )
            .await
            .expect("corrected");
        let after = hall
            .house
            .board(&hall.organizer, &hall.id)
            .await
            .expect("the board");
        let total = |team: u32| {
            after
                .rows
                .iter()
                .find(|row| row.team == TeamId(team))
                .and_then(|r| r.total)
        };
        assert_eq!([total(1), total(2)], marks.map(Some));
        assert_eq!(preview.moves.len(), 2);
        for (moved, row) in preview.moves.iter().zip(&after.rows) {
            assert_eq!(
                (moved.team, moved.rank.1, moved.total.1),
                (row.team, row.rank, row.total)
            );
            let was = before
                .rows
                .iter()
                .find(|old| old.team == row.team)
                .expect("the team");
            assert_eq!((moved.rank.0, moved.total.0), (was.rank, was.total));
        }
        if hall.exam().await.phase == ExamPhase::Marked {
            hall.act(Command::PublishExam { round: ROUND }).await;
        }
    }
    assert_eq!(hall.exam().await.phase, ExamPhase::Published);
    let reviewed = hall.house.review(&b.visit).await.expect("his paper");
    let question = reviewed.questions.last().expect("4 questions");
    assert_eq!((question.verdict, question.corrected), (Verdict::Void, true));
    assert_eq!(reviewed.mark.points, Points::whole(4));
    let refused = hall
        .house
        .correct_key(&hall.organizer, &hall.id, ROUND, 99, None, "x".into())
        .await;
    assert_eq!(refused, Err(Refusal::UnknownQuestion.into()));
    let verified = hall
        .house
        .verify(&hall.organizer, &hall.id)
        .await
        .expect("walked");
    assert_eq!(verified, Ok(hall.contest().await.seq));
    hall.house.close().await;
}

async fn the_same_seed_deals_the_same_papers(url: String) {
    let rules = rules(|exam| exam.papers = Papers::Variants(3));
    let hall = Hall::open(&url, rules, 9).await;
    let mut guests = hall.add(1, &["An", "Bình"]).await;
    guests.extend(hall.add(2, &["Chi", "Dũng"]).await);
    hall.prepare().await;
    let first = hall.exam().await.prepared.expect("prepared");
    hall.prepare().await;
    let prepared = hall.exam().await.prepared.expect("prepared");
    assert_ne!(first.seed, prepared.seed);

    let bank = hall.house.frozen(&prepared.bank).await.expect("the bank");
    assert_eq!(bank.questions.len(), 9);
    let builder = Builder::new(&bank, &prepared.rules, &prepared.seed);
    let kept: Vec<String> = sqlx::query_scalar("SELECT body FROM paper ORDER BY code")
        .fetch_all(hall.house.store.read())
        .await
        .expect("papers");
    let kept: Vec<Paper> = kept
        .iter()
        .map(|body| serde_json::from_str(body).expect("a paper"))
        .collect();
    assert_eq!(kept, (0..3).map(|index| builder.paper(index)).collect::<Vec<_>>());

    // Whoever comes after the preparation sits behind the others; neighbours differ.
    guests.extend(hall.add(2, &["Giang"]).await);
    assert_eq!(hall.progress(2).await, (3, 0, 0));
    hall.act(Command::OpenExam { round: ROUND }).await;
    guests.extend(hall.add(1, &["Hà"]).await);
    assert_eq!(hall.progress(1).await, (3, 0, 0));
    let mut codes = Vec::new();
    for guest in &guests {
        let (_, sheet) = hall.paper(guest).await;
        codes.push(sheet.code);
        assert_eq!(sheet, &kept[sheet.code as usize - 101].sheet(&bank));
    }
    assert_eq!(codes, [101, 102, 103, 101, 102, 103]);
    hall.house.close().await;
}

async fn everybody_may_have_a_paper_of_his_own(url: String) {
    let rules = rules(|exam| {
        exam.papers = Papers::Personal;
        exam.same_questions = false;
    });
    let hall = Hall::open(&url, rules, 12).await;
    let mut guests = hall.add(1, &["An", "Bình", "Chi"]).await;
    hall.prepare().await;
    guests.extend(hall.add(2, &["Dũng", "Giang"]).await);
    hall.act(Command::OpenExam { round: ROUND }).await;
    let mut codes = BTreeSet::new();
    let mut papers = BTreeSet::new();
    for guest in &guests {
        let (_, sheet) = hall.paper(guest).await;
        codes.insert(sheet.code);
        papers.insert(serde_json::to_string(&sheet.questions).expect("JSON"));
        hall.write(guest, 1, "rrrw").await;
        hall.hand_in(guest).await;
    }
    assert_eq!(codes, (10_001..=10_005).collect());
    assert_eq!(papers.len(), 5);
    hall.act(Command::CloseExam {
        round: ROUND,
        reason: None,
    })
    .await;
    hall.mark().await;
    assert_eq!(hall.team_mark(1).await, Some((Points(22_500), 0)));
    assert_eq!(hall.team_mark(2).await, Some((Points(22_500), 0)));
    hall.house.close().await;
}

async fn two_tabs_hear_what_stands(url: String) {
    let hall = Hall::open(&url, rules(|_| {}), 4).await;
    let a = hall.add(1, &["An"]).await.remove(0);
    hall.begin().await;
    let (_, sheet) = hall.paper(&a).await;
    let (good, bad) = (right(&sheet.questions[0]), wrong(&sheet.questions[0]));
    let outcome = |saved: app::backend::Saved| saved.receipts[0].outcome;
    assert_eq!(
        outcome(hall.send(&a, &[(0, 1, good)]).await.expect("saved")),
        IN_TIME
    );
    let stands = Outcome::Superseded {
        revision: 1,
        choice: good,
    };
    assert_eq!(
        outcome(hall.send(&a, &[(0, 1, bad)]).await.expect("told")),
        stands
    );
    // It knows better now, and insists.
    assert_eq!(
        outcome(hall.send(&a, &[(0, 2, bad)]).await.expect("saved")),
        IN_TIME
    );
    let stands = Outcome::Superseded {
        revision: 2,
        choice: bad,
    };
    assert_eq!(
        outcome(hall.send(&a, &[(0, 1, good)]).await.expect("told")),
        stands
    );
    match hall.sitting(&a).await.stage {
        Stage::Writing { held, .. } => assert_eq!(held[&0].choice, bad),
        other => panic!("not writing: {other:?}"),
    }
    // Of two packets at the same moment one stands, and both are told the same.
    let taps = [[(1, 1, good)], [(1, 1, bad)]];
    let (one, two) = tokio::join!(hall.send(&a, &taps[0]), hall.send(&a, &taps[1]));
    let both = [outcome(one.expect("saved")), outcome(two.expect("saved"))];
    assert_eq!(
        both.iter().filter(|outcome| **outcome == IN_TIME).count(),
        1,
        "{both:?}"
    );
    assert_eq!(hall.progress(1).await, (1, 2, 0));
    hall.house.close().await;
}

async fn another_tablet_takes_over(url: String) {
    let hall = Hall::open(&url, rules(|_| {}), 4).await;
    let a = hall.add(1, &["An"]).await.remove(0);
    hall.begin().await;
    let code = hall
        .house
        .people(&hall.organizer, &hall.id, None)
        .await
        .expect("people")[0]
        .code
        .clone();
    let tablet = |device: &str| app::backend::Visit {
        device: device.into(),
        ..visit(Actor::Public, None)
    };
    let enter = async |device: &str| {
        let session = hall.house.enter(&tablet(device), &code).await?;
        let hash = token::hashed(&session.token);
        Ok::<_, AppError>((hash.clone(), hall.house.session(&hash).await))
    };
    let (old, session) = enter("the first").await.expect("entered");
    assert_eq!(session.expect("a session").actor, a.visit.actor);
    hall.write(&a, 1, "rw").await;
    assert_eq!(enter("the second").await.err(), Some(AppError::DeviceTaken));

    hall.house
        .release_device(&hall.organizer, &hall.id, a.person)
        .await
        .expect("released");
    assert_eq!(hall.house.session(&old).await, None);
    let (_, session) = enter("the second").await.expect("entered");
    let session = session.expect("a session");
    let second = hall.guest(a.person, a.team);
    assert_eq!(
        (session.actor, session.device.as_str()),
        (second.visit.actor, "the second")
    );
    match hall.sitting(&second).await.stage {
        Stage::Writing { attempt, held, .. } => {
            assert_eq!(attempt, hall.paper(&a).await.0);
            assert_eq!(held.len(), 2);
        }
        other => panic!("not writing: {other:?}"),
    }
    assert_eq!(hall.write(&second, 2, "r").await, [IN_TIME]);
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

async fn live_marks_follow_the_papers_handed_in(url: String) {
    let rules = rules(|exam| {
        exam.live_marks = true;
        // The same question at the same place for both.
        exam.papers = Papers::Variants(1);
    });
    let hall = Hall::open(&url, rules, 4).await;
    let a = hall.add(1, &["An", "Bình"]).await;
    let b = hall.add(2, &["Chi"]).await.remove(0);
    hall.begin().await;
    let live = async |team: u32| {
        let progress = hall.house.progress(&hall.id, ROUND).await.expect("progress");
        progress.0[&TeamId(team)].live.map(|live| live.mark)
    };
    for guest in a.iter().chain([&b]) {
        hall.write(guest, 1, "rrrw").await;
    }
    assert_eq!((live(1).await, live(2).await), (None, None));
    hall.hand_in(&a[0]).await;
    assert_eq!((live(1).await, live(2).await), (Some(Points(22_500)), None));
    // A void question counts for everybody, at once.
    let bank = hall
        .house
        .frozen_questions(&hall.organizer, &hall.id, ROUND)
        .await
        .expect("the bank");
    let wrong = {
        let (_, sheet) = hall.paper(&a[0]).await;
        let text = &sheet.questions[3].text;
        bank.iter()
            .find(|question| question.draft.text == *text)
            .expect("the question")
            .question
    };
    hall.house
        .correct_key(
            &hall.organizer,
            &hall.id,
            ROUND,
            wrong,
            None,
            "Câu hỏi sai".into(),
        )
        .await
        .expect("corrected");
    assert_eq!(live(1).await, Some(Points::whole(30)));
    hall.write(&a[1], 2, "-").await;
    hall.hand_in(&a[1]).await;
    assert_eq!(live(1).await, Some(Points(26_250)));
    let board = hall
        .house
        .board(&visit(Actor::Public, None), &hall.id)
        .await
        .expect("the board");
    assert_eq!(board.rows[0].total, Some(Points(26_250)));
    hall.house.close().await;
}

async fn nothing_is_written_before_the_opening_or_on_another_paper(url: String) {
    let hall = Hall::open(&url, rules(|_| {}), 4).await;
    let a = hall.add(1, &["An"]).await.remove(0);
    let b = hall.add(2, &["Bình"]).await.remove(0);
    hall.prepare().await;
    let attempt: i64 = sqlx::query_scalar("SELECT id FROM attempt WHERE person = $1")
        .bind(a.person.0)
        .fetch_one(hall.house.store.read())
        .await
        .expect("dealt");
    let early = hall.house.save(&a.visit, attempt, vec![], 0).await;
    let phase = ExamPhase::Prepared;
    assert_eq!(early, Err(Refusal::WrongPhase { phase }.into()));
    hall.act(Command::OpenExam { round: ROUND }).await;
    hall.paper(&b).await;
    assert_eq!(
        hall.house.save(&b.visit, attempt, vec![], 0).await,
        Err(AppError::Forbidden)
    );
    assert_eq!(
        hall.house.hand_in(&b.visit, attempt).await,
        Err(AppError::Forbidden)
    );
    assert_eq!(
        hall.house.sitting(&hall.organizer).await,
        Err(AppError::Forbidden)
    );
    assert_eq!(
        hall.house.sitting(&visit(Actor::Public, None)).await,
        Err(AppError::SignIn)
    );
    for bad in [
        (4, 1, Choice::only(0)),
        (0, 1, Choice::only(4)),
        (0, 0, Choice::only(0)),
    ] {
        let refused = hall.send(&b, &[(1, 1, Choice::only(0)), bad]).await;
        assert!(matches!(refused, Err(AppError::BadRequest { .. })), "{refused:?}");
    }
    // Refused as a whole: nothing of it was kept.
    assert_eq!(hall.progress(2).await, (1, 0, 0));
    hall.house.close().await;
}

async fn thousands_are_dealt_and_handed_in(url: String) {
    let rules = rules(|exam| exam.papers = Papers::Personal);
    let hall = Hall::open(&url, rules, 20).await;
    let id = hall.id.clone();
    hall.house
        .store
        .write(move |tx| {
            Box::pin(async move {
                for n in 0..1500i64 {
                    sqlx::query(
                        "INSERT INTO person (id, contest, role, name, sbd, team, post, code, created_at) \
                         VALUES ($1, $2, 'contestant', 'Thí sinh', $3, $4, '', $3, 0)",
                    )
                    .bind(n + 1)
                    .bind(id.as_str())
                    .bind(format!("{n:05}"))
                    .bind(n % 2 + 1)
                    .execute(&mut *tx)
                    .await?;
                }
                Ok(())
            })
        })
        .await
        .expect("contestants");
    hall.begin().await;
    assert_eq!(hall.progress(1).await, (750, 0, 0));
    let one = hall.guest(contest::PersonId(1), TeamId(1));
    hall.write(&one, 1, "rrrr").await;
    hall.pass_and_sweep(70_001).await;
    assert_eq!(hall.progress(1).await, (750, 4, 750));
    assert_eq!(hall.exam().await.phase, ExamPhase::Closed);
    hall.mark().await;
    // 4 of 4 in one of 750 papers, of 30: 0.04.
    assert_eq!(hall.team_mark(1).await, Some((Points(40), 60)));
    hall.house.close().await;
}

mod two_nodes {
    use super::*;

    /// Only PostgreSQL serves several nodes.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn hold_one_exam() {
        crate::store::testing::on_postgres(hold_one_exam_on).await;
    }

    async fn hold_one_exam_on(url: String) {
        let hall = Hall::open(&url, rules(|_| {}), 4).await;
        let other = Hall {
            house: Hall::node(&url, hall.clock.clone()).await,
            clock: hall.clock.clone(),
            id: hall.id.clone(),
            organizer: hall.organizer.clone(),
        };
        let a = hall.add(1, &["An", "Bình"]).await;
        hall.begin().await;
        other.heard(|contest| contest.open_exam().is_some()).await;
        assert_eq!(hall.write(&a[0], 1, "rr").await, [IN_TIME; 2]);
        assert_eq!(other.write(&a[0], 1, "rrr").await, [IN_TIME; 3]);
        // The same packet to both at the same moment.
        let (one, two) = tokio::join!(hall.write(&a[1], 1, "rrrw"), other.write(&a[1], 1, "rrrw"));
        assert_eq!((one, two), (vec![IN_TIME; 4], vec![IN_TIME; 4]));
        assert_eq!(hall.progress(1).await, (2, 7, 0));
        // Handed in at one node: the other keeps what still comes, but too late, news or not.
        let slip = other.hand_in(&a[0]).await;
        assert_eq!(hall.write(&a[0], 2, "w").await, [TOO_LATE]);
        assert_eq!(hall.hand_in(&a[0]).await, other.slip(&a[0]).await);
        assert_eq!(other.slip(&a[0]).await.code, slip.code);
        hall.pass(70_001);
        let (one, two) = tokio::join!(hall.house.sweep(&hall.id), other.house.sweep(&hall.id));
        one.expect("swept");
        two.expect("swept");
        assert_eq!(hall.progress(1).await, (2, 7, 2));
        assert_eq!(hall.exam().await.phase, ExamPhase::Closed);
        hall.mark().await;
        assert_eq!(hall.team_mark(1).await, Some((Points(22_500), 60)));
        hall.house.close().await;
        other.house.close().await;
    }
}
