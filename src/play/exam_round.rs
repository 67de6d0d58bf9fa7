//! An exam round: who decides, and what each step needs.

use super::*;

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

/// Two exams in one contest, the papers of both built beforehand.
#[test]
fn the_round_that_was_sat_stays_the_contestants_until_the_next_opens() {
    let mut rules = Template::G2.rules();
    let second = RoundId(2);
    rules.rounds.truncate(1);
    rules.rounds.push(Round {
        id: second,
        name: "Vòng 2".into(),
        ..rules.rounds[0].clone()
    });
    let mut play = Play::with(rules);
    play.teams(&["A", "B"]);
    let current = |play: &Play| {
        let pulse = audience::pulse(&play.contest);
        (pulse.round, pulse.phase)
    };
    assert_eq!(current(&play), (None, None));
    for round in [EXAM, second] {
        play.does(
            ORGANIZER,
            Command::PrepareExam {
                round,
                bank: bank(40),
                contestants: 10,
            },
        );
    }
    assert_eq!(current(&play), (Some(EXAM), Some(ExamPhase::Prepared)));
    play.does(ORGANIZER, Command::OpenExam { round: EXAM });
    play.wait(60 * MINUTE);
    play.does(
        ORGANIZER,
        Command::CloseExam {
            round: EXAM,
            reason: None,
        },
    );
    assert_eq!(
        current(&play),
        (Some(EXAM), Some(ExamPhase::Closed)),
        "his receipt, not the next round's waiting"
    );
    play.mark(vec![]);
    play.does(ORGANIZER, Command::PublishExam { round: EXAM });
    assert_eq!(current(&play), (Some(EXAM), Some(ExamPhase::Published)));
    play.does(ORGANIZER, Command::OpenExam { round: second });
    assert_eq!(current(&play), (Some(second), Some(ExamPhase::Open)));
}
