//! Marks of papers and of teams, by hand.

use super::*;

fn exam_rules(play: &Play) -> ExamRules {
    play.contest
        .rules()
        .and_then(|r| r.exam(EXAM))
        .expect("an exam")
        .clone()
}

/// G1 by hand: three members, exam out of 30 scaled from 30 questions of one point; the mean of
/// 28, 25 and an absent one is 53/3 = 17,666… -> 17,67.
#[test]
fn g1_the_mean_of_a_team_is_rounded_once_and_absence_counts_as_nothing() {
    let rules = Template::G1.rules();
    let round = rules.round(EXAM).expect("round");
    let exam = round.exam().expect("exam");
    let mut lines = vec![line(1, 1, 28, 600), line(2, 1, 25, 700)];
    lines.push(Line {
        mark: None,
        seconds: 0,
        ..line(3, 1, 0, 0)
    });
    let full = marking::full(exam, 0);
    let mark = marking::team_mark(round, exam, TeamId(1), full, &lines);
    assert_eq!((mark.mark, mark.seconds, mark.members), (Points(17_670), 1300, 3));
    let left_out = ExamRules {
        absent: Absent::LeftOut,
        ..exam.clone()
    };
    assert_eq!(
        marking::team_mark(round, &left_out, TeamId(1), full, &lines).mark,
        Points(26_500)
    );
    let best = ExamRules {
        members: Combine::Best(1),
        ..exam.clone()
    };
    assert_eq!(
        marking::team_mark(round, &best, TeamId(1), full, &lines).mark,
        Points(28_000)
    );
    let of_60 = Round {
        maximum: Points::whole(60),
        ..round.clone()
    };
    assert_eq!(
        marking::team_mark(&of_60, exam, TeamId(1), full, &lines).mark,
        Points(35_330),
        "53/3 * 2 = 35,33…"
    );
}

/// G2 by hand: points, then fewer seconds; equal on both across the cut-off is for the committee.
#[test]
fn g2_points_then_seconds_then_the_committee() {
    let mut rules = Template::G2.rules();
    rules.cut_off = Some(2);
    let mut play = Play::with(rules);
    play.teams(&["An", "Bình", "Chi", "Dũng"]);
    play.open();
    play.does(
        ORGANIZER,
        Command::CloseExam {
            round: EXAM,
            reason: Some("hết giờ".into()),
        },
    );
    let mark = |team, points, seconds| TeamMark {
        team: TeamId(team),
        mark: Points::whole(points),
        seconds,
        members: 1,
    };
    play.mark(vec![
        mark(1, 28, 900),
        mark(2, 28, 840),
        mark(3, 28, 900),
        mark(4, 25, 300),
    ]);
    let order = |play: &Play| -> Vec<(u32, u32, bool)> {
        let rows = standings(&play.contest, |r, t| play.contest.mark(r, t));
        rows.iter()
            .map(|s| (s.team.0, s.rank.expect("ranked"), s.tied))
            .collect()
    };
    assert_eq!(
        order(&play),
        [(2, 1, false), (1, 2, true), (3, 2, true), (4, 4, false)]
    );
    let blocked = play.refusal(ORGANIZER, Command::PublishExam { round: EXAM });
    assert_eq!(
        blocked,
        Refusal::Blocked(
            [Blocker::TieAtCutOff {
                teams: vec![TeamId(1), TeamId(3)]
            }]
            .into()
        )
    );
    let decision = Command::DecideTie {
        teams: vec![TeamId(3), TeamId(1)],
        reason: "câu hỏi phụ: Chi đúng".into(),
    };
    play.does(ORGANIZER, decision);
    assert_eq!(
        order(&play),
        [(2, 1, false), (3, 2, false), (1, 3, false), (4, 4, false)]
    );
    play.does(ORGANIZER, Command::PublishExam { round: EXAM });
    assert_eq!(play.contest.phase(), crate::contest::ContestPhase::Finished);
}

/// G9 by hand: 20 questions of 10 points, no negative marks, best 15 by points and then time.
#[test]
fn g9_ten_points_a_question_and_nothing_off_for_a_wrong_one() {
    let mut play = Play::new(Template::G9);
    play.teams(&["Nguyễn Văn An"]);
    play.open();
    let bank = bank(40);
    let exam = play.exam().clone();
    let prepared = exam.prepared.as_ref().expect("prepared");
    let paper = Builder::new(&bank, &prepared.rules, &prepared.seed).paper(0);
    let key = Key::of(&bank, &exam);
    // 12 right, 3 wrong, 5 blank.
    let answer = |place: usize| {
        let item = &paper.items[place];
        let right = item.shuffle(key.right(item.question).expect("not void"));
        match place {
            0..12 => right,
            12..15 => Choice::only((right.list()[0] + 1) % 4),
            _ => Choice::BLANK,
        }
    };
    let mark = marking::mark(&prepared.rules, &key, &paper, answer);
    assert_eq!(
        mark,
        AttemptMark {
            points: Points::whole(120),
            right: 12,
            wrong: 3,
            blank: 5
        }
    );
    let negative = ExamRules {
        wrong: Points(2_500),
        ..prepared.rules.clone()
    };
    assert_eq!(
        marking::mark(&negative, &key, &paper, answer).points,
        Points(112_500)
    );
}

#[test]
fn a_corrected_key_and_a_void_question_change_marks_by_the_rule() {
    let mut play = Play::new(Template::G9);
    play.teams(&["A"]);
    play.open();
    let correct = |question, correct| Command::CorrectKey {
        round: EXAM,
        question,
        options: 4,
        correct,
        reason: "luật đã sửa".into(),
        remark: None,
    };
    play.does(ORGANIZER, correct(0, Some(Choice::only(2))));
    play.does(ORGANIZER, correct(1, None));
    assert_eq!(
        play.refusal(ORGANIZER, correct(40, None)),
        Refusal::UnknownQuestion
    );
    assert!(matches!(
        play.refusal(ORGANIZER, correct(2, Some(Choice::only(4)))),
        Refusal::Invalid { .. }
    ));
    let bank = bank(40);
    let key = Key::of(&bank, play.exam());
    assert_eq!(
        (key.right(0), key.right(1), key.right(2)),
        (Some(Choice::only(2)), None, Some(Choice::only(2)))
    );
    let rules = exam_rules(&play);
    assert_eq!(marking::worth(&rules, marking::Verdict::Void), Points::whole(10));
    let left_out = ExamRules {
        void: VoidPolicy::LeaveOut,
        ..rules
    };
    assert_eq!(marking::worth(&left_out, marking::Verdict::Void), Points::ZERO);
    assert_eq!(
        (marking::full(&left_out, 1), marking::full(&left_out, 0)),
        (Points::whole(190), Points::whole(200))
    );
}

#[test]
fn blank_is_not_zero_on_the_board_and_unpublished_marks_are_absent() {
    let mut play = Play::new(Template::G1);
    play.teams(&["A", "B"]);
    play.open();
    play.does(
        ORGANIZER,
        Command::CloseExam {
            round: EXAM,
            reason: Some("hết giờ".into()),
        },
    );
    play.mark(vec![TeamMark {
        team: TeamId(1),
        mark: Points(13_370),
        seconds: 1,
        members: 1,
    }]);
    let none: BTreeMap<RoundId, Progress> = BTreeMap::new();
    let json = |play: &Play, audience| {
        serde_json::to_string(&audience::board(&play.contest, &none, audience)).expect("json")
    };
    assert!(!json(&play, Audience::Public).contains("13370"));
    assert!(json(&play, Audience::Staff).contains("13370"));
    play.does(ORGANIZER, Command::PublishExam { round: EXAM });
    assert!(json(&play, Audience::Public).contains("13370"));
    let board = audience::board(&play.contest, &none, Audience::Public);
    assert_eq!(board.rows[1].total, None, "team B has no mark, not zero");
    assert_eq!(board.rows[1].rank, None);
}
