//! Whole exams and their marks, worked out by hand.

use super::super::facts;
use super::super::hall::{Hall, ROUND, SECOND, rules, visit};
use super::{GRACE, IN_TIME, next_step};
use crate::store::testing::on_both_engines;
use app::backend::{AppError, Contests, Exams, NextStep, Tablet};
use contest::audience::Stage;
use contest::command::Facts;
use contest::exam::ExamPhase;
use contest::ledger::Entry;
use contest::marking::Verdict;
use contest::question::Choice;
use contest::rules::{Papers, VoidPolicy};
use contest::{Actor, Blocker, Command, Event, Points, Refusal, TeamId};

on_both_engines!(
    a_whole_exam_is_marked_as_by_hand,
    a_correction_does_what_its_preview_said,
    live_marks_follow_the_papers_handed_in,
    live_marks_follow_what_comes_within_the_grace,
);

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
        bank_changed: false,
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
    let lines = hall.attempts(&hall.house).await;
    let points: Vec<Option<Points>> = lines.iter().map(|line| line.points).collect();
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

async fn live_marks_follow_what_comes_within_the_grace(url: String) {
    let hall = Hall::open(&url, rules(|exam| exam.live_marks = true), 4).await;
    let a = hall.add(1, &["An"]).await.remove(0);
    hall.begin().await;
    hall.write(&a, 1, "rrww").await;
    let live = async || {
        let progress = hall.house.progress(&hall.id, ROUND).await.expect("progress");
        progress.0[&TeamId(1)].live.map(|live| live.mark)
    };
    // The deadline ends his paper, and the board shows its mark.
    hall.pass(62 * SECOND);
    assert!(hall.hand_in(&a).await.by_server);
    assert_eq!(live().await, Some(Points::whole(15)));
    // What had been on its way counts, and no question is answered that was not before.
    assert_eq!(hall.write(&a, 2, "..rr").await, [GRACE, GRACE]);
    assert_eq!(live().await, Some(Points::whole(30)));
    assert_eq!(hall.write(&a, 3, "...w").await, [GRACE]);
    assert_eq!(live().await, Some(Points(22_500)));
    hall.pass_and_sweep(10 * SECOND).await;
    hall.mark().await;
    assert_eq!(hall.team_mark(1).await.map(|mark| mark.0), Some(Points(22_500)));
    hall.house.close().await;
}
