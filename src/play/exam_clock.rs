//! The clock of an exam: pauses, grants, reopening, late packets.

use super::*;

#[test]
fn a_power_cut_a_late_start_and_a_reopening_move_the_deadline_and_nothing_else_does() {
    let mut play = Play::new(Template::G2);
    play.teams(&["A"]);
    play.open();
    let opened = play.now;
    assert_eq!(play.deadline(1), opened + 20 * MINUTE);

    play.wait(5 * MINUTE);
    play.does(
        SECRETARY,
        Command::PauseExam {
            round: EXAM,
            reason: "mất điện".into(),
        },
    );
    play.wait(7 * MINUTE);
    assert_eq!(
        play.deadline(1),
        opened + 27 * MINUTE,
        "it moves on while the hall is dark"
    );
    let again = Command::PauseExam {
        round: EXAM,
        reason: "mất điện".into(),
    };
    assert_eq!(play.does(SECRETARY, again), vec![], "paused twice is paused once");
    play.does(SECRETARY, Command::ResumeExam { round: EXAM });
    play.wait(MINUTE);
    assert_eq!(play.deadline(1), opened + 27 * MINUTE);

    let grant = |minutes| Command::GrantTime {
        round: EXAM,
        person: PersonId(2),
        millis: minutes * MINUTE,
        reason: "máy hỏng".into(),
    };
    play.does(SECRETARY, grant(3));
    play.does(SECRETARY, grant(2));
    assert_eq!(
        (play.deadline(1), play.deadline(2)),
        (opened + 27 * MINUTE, opened + 32 * MINUTE)
    );

    play.now = opened + 40 * MINUTE;
    play.does(
        ORGANIZER,
        Command::CloseExam {
            round: EXAM,
            reason: Some("hết giờ".into()),
        },
    );
    play.wait(10 * MINUTE);
    let reopened = play.now;
    let reopen = Command::ReopenExam {
        round: EXAM,
        millis: 6 * MINUTE,
        reason: "mạng hỏng cả buổi".into(),
    };
    play.does(ORGANIZER, reopen);
    assert_eq!(
        (play.deadline(1), play.deadline(2)),
        (reopened + 6 * MINUTE, reopened + 6 * MINUTE)
    );
    play.wait(MINUTE);
    play.does(SECRETARY, grant(1));
    assert_eq!(
        (play.deadline(1), play.deadline(2)),
        (reopened + 6 * MINUTE, reopened + 7 * MINUTE)
    );
}

#[test]
fn closing_early_gives_the_rest_back_on_reopening() {
    let mut play = Play::new(Template::G2);
    play.teams(&["A"]);
    play.open();
    let opened = play.now;
    play.wait(4 * MINUTE);
    play.does(
        ORGANIZER,
        Command::CloseExam {
            round: EXAM,
            reason: Some("bấm nhầm".into()),
        },
    );
    assert_eq!(play.deadline(1), opened + 4 * MINUTE);
    play.wait(2 * MINUTE);
    play.does(
        ORGANIZER,
        Command::ReopenExam {
            round: EXAM,
            millis: MINUTE,
            reason: "đóng nhầm".into(),
        },
    );
    assert_eq!(play.deadline(1), opened + 22 * MINUTE);
}

#[test]
fn each_packet_is_judged_by_the_servers_clock() {
    let mut play = Play::new(Template::G2);
    play.teams(&["A"]);
    play.open();
    let end = play.deadline(1);
    let exam = play.exam();
    let judge = |handed_in, at| exam.timing(PersonId(1), Some(end - 1000), handed_in, at);
    assert_eq!(judge(None, end), Timing::InTime);
    assert_eq!(judge(None, end + 30_000), Timing::Grace);
    assert_eq!(judge(None, end + 30_001), Timing::TooLate);
    assert_eq!(
        judge(Some(end - 5_000), end - 4_000),
        Timing::TooLate,
        "handed in is handed in"
    );
    assert_eq!(
        judge(Some(end), end + 1_000),
        Timing::Grace,
        "the server's own hand-in is at the deadline"
    );
    assert!(exam.counts(PersonId(1), Timing::Grace) && !exam.counts(PersonId(1), Timing::TooLate));
    play.does(
        ORGANIZER,
        Command::AdmitLate {
            round: EXAM,
            person: PersonId(1),
            reason: "mất mạng do ban tổ chức".into(),
            remark: None,
        },
    );
    assert!(play.exam().counts(PersonId(1), Timing::TooLate));
}

#[test]
fn seconds_leave_the_power_cut_out_and_begin_with_the_round() {
    let mut play = Play::new(Template::G2);
    play.teams(&["A"]);
    play.open();
    let opened = play.now;
    play.wait(MINUTE);
    play.does(
        SECRETARY,
        Command::PauseExam {
            round: EXAM,
            reason: "mất điện".into(),
        },
    );
    play.wait(MINUTE);
    play.does(SECRETARY, Command::ResumeExam { round: EXAM });
    let exam = play.exam();
    assert_eq!(exam.seconds(opened + 90_000, opened + 5 * MINUTE), 240);
    assert_eq!(
        exam.seconds(opened, opened + 5 * MINUTE + 1),
        241,
        "a begun second counts"
    );
}

#[test]
fn own_clocks_run_from_the_first_look_at_the_paper() {
    let mut rules = Template::G2.rules();
    if let RoundKind::Exam(exam) = &mut rules.rounds[0].kind {
        exam.clock = ExamClock::Own;
    }
    let mut play = Play::with(rules);
    play.teams(&["A"]);
    play.open();
    let started = play.now + 3 * MINUTE;
    let exam = play.exam();
    assert_eq!(exam.deadline(PersonId(1), None, play.now), None);
    assert_eq!(
        exam.deadline(PersonId(1), Some(started), play.now),
        Some(started + 20 * MINUTE)
    );
    assert_eq!(exam.seconds(started, started + 61_000), 61);
}
