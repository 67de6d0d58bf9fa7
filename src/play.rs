//! Test play: a contest driven through its one door, and what must hold whatever happens.

use crate::{
    Actor, Blocker, Command, Contest, Event, Millis, Moment, PersonId, Points, Refusal, RoundId, TeamId,
    UserId,
    attempt::{Held, Timing},
    audience::{self, Audience, Progress},
    command::{Facts, Marking},
    exam::{ExamPhase, TeamMark},
    ident::Digest,
    intake::{Level, QuestionDraft},
    ledger::{self, Entry, Sealed},
    marking::{self, AttemptMark, Key, Line},
    paper::{self, Builder},
    people::Details,
    points::Rounding,
    question::{Choice, Frozen},
    rules::{
        Absent, Blueprint, Cell, Combine, ExamClock, ExamRules, Papers, RoundKind, Rules, TieBreak,
        VoidPolicy,
    },
    standing::{self, Marks, rank},
    template::Template,
};
use proptest::prelude::*;
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use std::collections::{BTreeMap, BTreeSet};

const ORGANIZER: Actor = Actor::Organizer { user: UserId(1) };
const SECRETARY: Actor = Actor::Secretary { person: PersonId(9) };
const EXAM: RoundId = RoundId(1);
const MINUTE: Millis = 60_000;

/// A contest, its clock and its ledger.
struct Play {
    contest: Contest,
    now: Moment,
    rng: ChaCha20Rng,
    ledger: Vec<Sealed>,
    facts: Facts,
}

impl Play {
    fn new(template: Template) -> Self {
        Self::with(template.rules())
    }

    fn with(rules: Rules) -> Self {
        let mut play = Play {
            contest: Contest::new("hoi-thi".parse().expect("a name")),
            now: 1_700_000_000_000,
            rng: ChaCha20Rng::from_seed([7; 32]),
            ledger: vec![],
            facts: Facts {
                contestants: 10,
                ..Facts::default()
            },
        };
        let details = Details {
            name: "Hội thi Dân vận khéo".into(),
            ..Details::default()
        };
        play.does(ORGANIZER, Command::CreateContest { details, rules });
        play
    }

    fn tries(&mut self, actor: Actor, command: Command) -> Result<Vec<Event>, Refusal> {
        let events = self
            .contest
            .decide(&actor, command, &self.facts, self.now, &mut self.rng)?;
        for event in &events {
            let entry = Entry {
                seq: self.contest.seq + 1,
                at: self.now,
                actor,
                device: "bàn thư ký".into(),
                event: event.clone(),
            };
            let sealed = entry.seal(&self.contest.head);
            ledger::follow(&mut self.contest, &sealed).expect("what was just sealed follows");
            self.ledger.push(sealed);
        }
        Ok(events)
    }

    fn does(&mut self, actor: Actor, command: Command) -> Vec<Event> {
        self.tries(actor, command).expect("allowed")
    }

    fn refusal(&mut self, actor: Actor, command: Command) -> Refusal {
        self.tries(actor, command).expect_err("refused")
    }

    fn teams(&mut self, names: &[&str]) {
        let teams = names
            .iter()
            .map(|name| ((*name).to_owned(), String::new()))
            .collect();
        self.does(ORGANIZER, Command::AddTeams { teams });
    }

    fn wait(&mut self, millis: Millis) {
        self.now += millis;
    }

    fn open(&mut self) {
        self.does(
            ORGANIZER,
            Command::PrepareExam {
                round: EXAM,
                bank: bank(40),
                contestants: 10,
            },
        );
        self.does(ORGANIZER, Command::OpenExam { round: EXAM });
    }

    fn exam(&self) -> &crate::exam::Exam {
        &self.contest.exams[&EXAM]
    }

    fn deadline(&self, person: i64) -> Moment {
        self.exam()
            .deadline(PersonId(person), None, self.now)
            .expect("open")
    }

    fn mark(&mut self, marks: Vec<TeamMark>) {
        self.facts.unfinished = 0;
        let marking = Marking {
            marks,
            listing: Digest::of(b"listing"),
        };
        self.does(ORGANIZER, Command::MarkExam { round: EXAM, marking });
    }
}

fn bank(n: u16) -> Frozen {
    let question = |i: u16| QuestionDraft {
        text: format!("Câu {i}"),
        options: (0..4).map(|o| format!("câu {i} phương án {o}")).collect(),
        correct: vec![(i % 4) as u8],
        topic: if i.is_multiple_of(2) {
            "Dân chủ ở cơ sở".into()
        } else {
            "Dân vận".into()
        },
        level: if i.is_multiple_of(3) {
            Level::VanDung
        } else {
            Level::NhanBiet
        },
        source: format!("Điều {i}"),
    };
    Frozen {
        questions: (0..n).map(question).collect(),
    }
}

fn line(person: i64, team: u32, points: i64, seconds: i64) -> Line {
    let mark = AttemptMark {
        points: Points::whole(points),
        ..AttemptMark::default()
    };
    Line {
        person: PersonId(person),
        team: TeamId(team),
        mark: Some(mark),
        seconds,
    }
}

fn exam_rules(play: &Play) -> ExamRules {
    play.contest
        .rules()
        .and_then(|r| r.exam(EXAM))
        .expect("an exam")
        .clone()
}

#[test]
fn only_the_organizers_of_this_contest_decide() {
    let mut play = Play::new(Template::G1);
    let stranger = Actor::Organizer { user: UserId(2) };
    let judge = Actor::Judge { person: PersonId(5) };
    let contestant = Actor::Contestant {
        person: PersonId(6),
        team: TeamId(1),
    };
    for actor in [
        stranger,
        judge,
        contestant,
        SECRETARY,
        Actor::Public,
        Actor::Screen { person: PersonId(7) },
    ] {
        let teams = vec![("Xã Bình Mỹ".into(), String::new())];
        assert_eq!(
            play.refusal(actor, Command::AddTeams { teams }),
            Refusal::NotAllowed,
            "{actor:?}"
        );
    }
    play.does(ORGANIZER, Command::AddOrganizer { user: UserId(2) });
    play.does(stranger, Command::RemoveOrganizer { user: UserId(1) });
    assert_eq!(
        play.refusal(stranger, Command::RemoveOrganizer { user: UserId(2) }),
        Refusal::LastOrganizer
    );
}

#[test]
fn teams_are_told_apart_by_letters_and_tones_but_not_by_the_place_of_the_tone() {
    let mut play = Play::new(Template::G1);
    play.teams(&["Xã Tân Định", "Xã Tân Đinh", "Xã Hoà Bình", "xã  Hòa Bình"]);
    let names: Vec<_> = play.contest.teams.values().map(|t| t.name.as_str()).collect();
    assert_eq!(names, ["Xã Tân Định", "Xã Tân Đinh", "Xã Hoà Bình"]);
    let twice = vec![("Xã Tân Định".into(), String::new())];
    assert_eq!(
        play.does(ORGANIZER, Command::AddTeams { teams: twice }),
        vec![],
        "the same file twice changes nothing"
    );
}

#[test]
fn a_round_goes_its_way_step_by_step_and_says_what_blocks_it() {
    let mut play = Play::new(Template::G2);
    let prepare = |n| Command::PrepareExam {
        round: EXAM,
        bank: bank(n),
        contestants: 10,
    };
    assert!(
        matches!(play.refusal(ORGANIZER, prepare(40)), Refusal::Blocked(b) if b[..] == [Blocker::NoTeams])
    );
    play.teams(&["A", "B"]);
    let Refusal::Blocked(list) = play.refusal(ORGANIZER, prepare(12)) else {
        panic!("blocked")
    };
    assert!(
        matches!(&list[..], [Blocker::Shortage { shortage }] if shortage.wanted == 30 && shortage.found == 12)
    );
    assert_eq!(
        play.refusal(ORGANIZER, Command::OpenExam { round: EXAM }),
        Refusal::WrongPhase {
            phase: ExamPhase::Draft
        }
    );
    play.does(ORGANIZER, prepare(40));

    let mut rules = play.contest.rules().expect("rules").clone();
    if let RoundKind::Exam(exam) = &mut rules.rounds[0].kind {
        exam.duration = 10 * MINUTE;
    }
    play.does(
        ORGANIZER,
        Command::SetRules {
            rules: rules.clone(),
            reason: None,
        },
    );
    let stale = play.refusal(ORGANIZER, Command::OpenExam { round: EXAM });
    assert!(
        matches!(stale, Refusal::Blocked(b) if b.contains(&Blocker::NotPrepared)),
        "papers follow the rules"
    );
    play.does(ORGANIZER, prepare(40));
    play.does(ORGANIZER, Command::OpenExam { round: EXAM });

    rules.rounds[0].weight = 2000;
    assert_eq!(
        play.refusal(ORGANIZER, Command::SetRules { rules, reason: None }),
        Refusal::ReasonNeeded
    );
    let late = vec![("C".into(), String::new())];
    assert_eq!(
        play.refusal(ORGANIZER, Command::AddTeams { teams: late }),
        Refusal::Frozen
    );

    play.facts.unfinished = 3;
    play.facts.last_deadline = Some(play.deadline(1));
    let Refusal::Blocked(list) = play.refusal(
        ORGANIZER,
        Command::CloseExam {
            round: EXAM,
            reason: None,
        },
    ) else {
        panic!("blocked")
    };
    assert_eq!(
        list[..],
        [
            Blocker::TimeLeft {
                millis: 10 * MINUTE + 30_000
            },
            Blocker::Unfinished { count: 3 }
        ]
    );
    assert_eq!(
        play.refusal(
            ORGANIZER,
            Command::CloseExam {
                round: EXAM,
                reason: Some("  ".into())
            }
        ),
        Refusal::ReasonNeeded
    );
    play.does(
        ORGANIZER,
        Command::CloseExam {
            round: EXAM,
            reason: Some("cả hội trường đã nộp bài".into()),
        },
    );
    let marking = Marking::default();
    let blocked = play.refusal(ORGANIZER, Command::MarkExam { round: EXAM, marking });
    assert!(matches!(blocked, Refusal::Blocked(b) if b[..] == [Blocker::Unfinished { count: 3 }]));
}

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
    let of_60 = crate::rules::Round {
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
        let rows = standing::standings(&play.contest, |r, t| play.contest.mark(r, t));
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

#[test]
fn an_altered_a_missing_and_a_foreign_entry_are_named() {
    let mut play = Play::new(Template::G1);
    play.teams(&["A", "B", "C"]);
    let id = play.contest.id.clone();
    assert_eq!(ledger::replay(&id, play.ledger.clone()), Ok(play.contest.clone()));
    let mut altered = play.ledger.clone();
    altered[2].body = altered[2].body.replace("\"B\"", "\"Đ\"");
    assert_eq!(ledger::replay(&id, altered).expect_err("broken").seq, 3);
    let mut missing = play.ledger.clone();
    missing.remove(1);
    assert_eq!(ledger::replay(&id, missing).expect_err("broken").seq, 2);
    let other = "khac".parse().expect("a name");
    assert_eq!(
        ledger::replay(&other, play.ledger.clone())
            .expect_err("broken")
            .seq,
        1
    );
}

#[test]
fn overlapping_cells_are_filled_whenever_they_can_be() {
    // Level cells first would starve the topic cell without moving questions between cells.
    let cells = vec![
        Cell {
            topic: None,
            level: Some(Level::VanDung),
            count: 2,
        },
        Cell {
            topic: Some("Dân vận".into()),
            level: None,
            count: 3,
        },
    ];
    let blueprint = Blueprint { cells };
    // Of 6 questions: 0, 3 are van_dung; 1, 3, 5 are "Dân vận".
    let short = paper::shortages(&blueprint, &bank(6));
    assert_eq!(
        (short.len(), short[0].wanted - short[0].found),
        (1, 1),
        "five wanted of four usable: {short:?}"
    );
    assert_eq!(
        paper::shortages(&blueprint, &bank(7)),
        vec![],
        "0 and 6 for the level, 1 3 5 for the topic"
    );
}

/// The same seed gives the same paper for ever: this paper was printed by the first version.
#[test]
fn the_same_seed_gives_the_same_paper_for_ever() {
    let rules = match &Template::G9.rules().rounds[0].kind {
        RoundKind::Exam(exam) => exam.clone(),
        RoundKind::Stage(_) => panic!("an exam"),
    };
    let seed = "00".repeat(32);
    let bank = bank(40);
    let paper = Builder::new(&bank, &rules, &seed).paper(1);
    insta::assert_json_snapshot!(paper);
}

fn some_rules() -> impl Strategy<Value = Rules> {
    let breaks = proptest::sample::subsequence(
        vec![
            TieBreak::FewerSeconds,
            TieBreak::RoundMark { round: RoundId(2) },
            TieBreak::Decision,
        ],
        0..=3,
    );
    (
        breaks,
        prop::collection::vec(0i64..3000, 3),
        prop::sample::select(vec![10i64, 250, 500]),
    )
        .prop_map(|(tie_breaks, weights, step)| {
            let mut rules = Template::G1.rules();
            rules.tie_breaks = tie_breaks;
            rules.rounding = Rounding { step: Points(step) };
            for (round, weight) in rules.rounds.iter_mut().zip(weights) {
                round.weight = weight;
            }
            rules
        })
}

fn some_marks() -> impl Strategy<Value = Vec<Marks>> {
    let mark = prop::option::of((0i64..8).prop_map(|n| Points(n * 250)));
    let row = (prop::collection::vec(mark, 3), 0i64..3);
    prop::collection::vec(row, 1..12).prop_map(|rows| {
        let with_team = (1u32..).zip(rows);
        with_team
            .map(|(team, (marks, seconds))| Marks {
                team: TeamId(team),
                marks,
                seconds,
                criteria: BTreeMap::new(),
            })
            .collect()
    })
}

proptest! {
    /// Ranking agrees with a slow, obvious reference: my rank is one more than the number of those
    /// who are better than me, compared with whole fractions.
    #[test]
    fn a_rank_is_one_more_than_the_number_of_the_better(rules in some_rules(), rows in some_marks()) {
        let value = |row: &Marks| -> Option<i128> {
            let present: Vec<i128> = rules.rounds.iter().zip(&row.marks)
                .filter_map(|(round, mark)| mark.map(|m| i128::from(m.0) * i128::from(round.weight))).collect();
            let (sum, step) = (present.iter().sum::<i128>(), i128::from(rules.rounding.step.0) * 1000);
            (!present.is_empty()).then(|| (2 * sum + step).div_euclid(2 * step))
        };
        let better = |a: &Marks, b: &Marks| -> bool {
            if value(a) != value(b) { return value(a) > value(b); }
            for by in &rules.tie_breaks {
                match by {
                    TieBreak::FewerSeconds if a.seconds != b.seconds => return a.seconds < b.seconds,
                    TieBreak::RoundMark { .. } if a.marks[1] != b.marks[1] => return a.marks[1] > b.marks[1],
                    _ => {}
                }
            }
            false
        };
        for standing in rank(&rules, &[], rows.clone()) {
            let me = rows.iter().find(|row| row.team == standing.team).expect("mine");
            let expected = value(me).map(|_| 1 + rows.iter().filter(|row| better(row, me)).count() as u32);
            prop_assert_eq!(standing.rank, expected);
        }
    }

    #[test]
    fn the_order_of_registration_changes_no_rank(rules in some_rules(), rows in some_marks(), seed in any::<u64>()) {
        let by_team = |rows: Vec<Marks>| -> BTreeMap<TeamId, (Option<u32>, bool)> {
            rank(&rules, &[], rows).into_iter().map(|s| (s.team, (s.rank, s.tied))).collect()
        };
        let mut mixed = rows.clone();
        paper::mix(&mut mixed, &mut ChaCha20Rng::seed_from_u64(seed));
        prop_assert_eq!(by_team(rows), by_team(mixed));
    }

    #[test]
    fn raising_a_mark_never_lowers_a_total_or_a_rank(rules in some_rules(), rows in some_marks(), round in 0usize..3, up in 1i64..2000) {
        let mut raised = rows.clone();
        prop_assume!(rows[0].marks[round].is_some());
        raised[0].marks[round] = raised[0].marks[round].map(|m| m + Points(up));
        let of = |rows: Vec<Marks>| rank(&rules, &[], rows).into_iter().find(|s| s.team == TeamId(1)).expect("team 1");
        let (before, after) = (of(rows), of(raised));
        prop_assert!(after.total >= before.total);
        prop_assert!(after.rank <= before.rank);
    }

    #[test]
    fn every_paper_has_what_the_blueprint_asks_and_its_options_all_once(
        seed in any::<[u8; 32]>(), index in 0u32..2000, same in any::<bool>(), personal in any::<bool>(),
    ) {
        let bank = bank(60);
        let mut rules = match &Template::G9.rules().rounds[0].kind { RoundKind::Exam(e) => e.clone(), RoundKind::Stage(_) => unreachable!() };
        rules.same_questions = same;
        rules.papers = if personal { Papers::Personal } else { Papers::Variants(99) };
        rules.blueprint = Blueprint { cells: vec![
            Cell { topic: Some("Dân vận".into()), level: Some(Level::NhanBiet), count: 5 },
            Cell { topic: None, level: Some(Level::VanDung), count: 4 },
            Cell { topic: Some("Dân chủ ở cơ sở".into()), level: None, count: 6 },
        ] };
        let seed = crate::ident::hex(&seed);
        let paper = Builder::new(&bank, &rules, &seed).paper(index);
        prop_assert_eq!(&paper, &Builder::new(&bank, &rules, &seed).paper(index));
        let questions: BTreeSet<u16> = paper.items.iter().map(|item| item.question).collect();
        prop_assert_eq!((questions.len(), paper.items.len()), (15, 15));
        let of = |topic: &str, level: Option<Level>| questions.iter().filter(|q| {
            let question = &bank.questions[usize::from(**q)];
            question.topic == topic && level.is_none_or(|l| l == question.level)
        }).count();
        prop_assert!(of("Dân vận", Some(Level::NhanBiet)) >= 5);
        prop_assert!(of("Dân chủ ở cơ sở", None) >= 6);
        for item in &paper.items {
            let mut options = item.options.clone();
            options.sort_unstable();
            prop_assert_eq!(options, vec![0, 1, 2, 3]);
            for bits in 0..16u8 {
                prop_assert_eq!(item.unshuffle(item.shuffle(Choice(bits))), Choice(bits));
            }
        }
    }

    /// Of all versions of an answer that count, the newest revision does, whatever came first.
    #[test]
    fn the_newest_counted_revision_stands(versions in prop::collection::btree_map(1u32..20, (0u8..4, 0i64..3), 1..8), turn in any::<u64>()) {
        let mut play = Play::new(Template::G2);
        play.teams(&["A"]);
        play.open();
        let held = |(revision, (choice, timing)): (&u32, &(u8, i64))| (0u16, Held {
            revision: *revision, choice: Choice::only(*choice), timing: Timing::from_code(*timing),
        });
        let mut arrived: Vec<_> = versions.iter().map(held).collect();
        paper::mix(&mut arrived, &mut ChaCha20Rng::seed_from_u64(turn));
        let newest = versions.iter().rev().find(|(_, (_, timing))| *timing < 2).map(|(_, (choice, _))| Choice::only(*choice));
        let counted = marking::counted(play.exam(), PersonId(1), &arrived);
        prop_assert_eq!(counted.get(&0).copied(), newest);
    }
}
