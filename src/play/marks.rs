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
    let mark = marking::team_mark(round, exam, TeamId(1), &lines);
    assert_eq!((mark.mark, mark.seconds, mark.members), (Points(17_670), 1300, 3));
    let left_out = ExamRules {
        absent: Absent::LeftOut,
        ..exam.clone()
    };
    assert_eq!(
        marking::team_mark(round, &left_out, TeamId(1), &lines).mark,
        Points(26_500)
    );
    let best = ExamRules {
        members: Combine::Best(1),
        ..exam.clone()
    };
    assert_eq!(
        marking::team_mark(round, &best, TeamId(1), &lines).mark,
        Points(28_000)
    );
    let of_60 = Round {
        maximum: Points::whole(60),
        ..round.clone()
    };
    assert_eq!(
        marking::team_mark(&of_60, exam, TeamId(1), &lines).mark,
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
    let of = |right, blank| AttemptMark {
        right,
        blank,
        ..AttemptMark::default()
    };
    assert_eq!(
        (of(12, 7).full(&left_out), of(12, 8).full(&left_out)),
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

/// A correction names its question by its place in the frozen bank: in another bank that is another
/// question. The same bank frozen again (a late contestant) keeps what was corrected.
#[test]
fn corrections_do_not_outlive_the_bank_that_they_correct() {
    let mut play = Play::new(Template::G1);
    play.teams(&["A"]);
    let prepare = |bank| Command::PrepareExam {
        round: EXAM,
        bank,
        contestants: 10,
    };
    play.does(ORGANIZER, prepare(bank(40)));
    let void = Command::CorrectKey {
        round: EXAM,
        question: 12,
        options: 4,
        correct: None,
        reason: "câu hỏi sai".into(),
        remark: None,
    };
    play.does(ORGANIZER, void);
    play.does(ORGANIZER, prepare(bank(40)));
    assert_eq!(play.exam().corrections.get(&12), Some(&None));
    let mut without = bank(40);
    without.questions.remove(3);
    play.does(ORGANIZER, prepare(without));
    assert!(play.exam().corrections.is_empty());
}

/// By hand: 4 questions of a point, scaled to 12. One is void and left out. It stood on the first
/// member's paper (3 of 3 right), not on the second's (3 of 4 right): (12 + 9) / 2.
#[test]
fn a_void_question_lowers_only_the_papers_that_it_stands_on() {
    let mut play = Play::new(Template::G1);
    play.teams(&["A"]);
    play.open();
    let mut exam = play.exam().clone();
    exam.corrections = [(7, None), (8, None)].into();
    let round = Round {
        maximum: Points::whole(12),
        ..play.contest.rules().expect("rules").rounds[0].clone()
    };
    let rules = &mut exam.prepared.as_mut().expect("prepared").rules;
    rules.blueprint = Blueprint {
        cells: vec![Cell {
            topic: None,
            level: None,
            count: 4,
        }],
    };
    rules.right = Points::whole(1);
    rules.scaled = true;
    rules.void = VoidPolicy::LeaveOut;
    rules.members = Combine::Mean;
    let paper = |person, right: u32, blank| Line {
        mark: Some(AttemptMark {
            points: Points::whole(right.into()),
            right,
            wrong: 0,
            blank,
        }),
        ..line(person, 1, 0, 60)
    };
    let lines = [paper(1, 3, 0), paper(2, 3, 1)];
    let mark = |exam: &crate::exam::Exam| marking::team_marks(&round, exam, &lines)[0].mark;
    assert_eq!(mark(&exam), Points(10_500));
    exam.prepared.as_mut().expect("prepared").rules.members = Combine::Sum;
    assert_eq!(mark(&exam), Points(10_500), "of a perfect team of two");
    exam.prepared.as_mut().expect("prepared").rules.members = Combine::Best(1);
    assert_eq!(mark(&exam), Points::whole(12), "3 of 3 is better than 3 of 4");
    exam.prepared.as_mut().expect("prepared").rules.scaled = false;
    exam.prepared.as_mut().expect("prepared").rules.members = Combine::Sum;
    assert_eq!(mark(&exam), Points::whole(6), "the sum of the members, unscaled");
}
