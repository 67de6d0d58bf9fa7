//! Templates that are an exam and nothing else.

use crate::{
    Points, RoundId,
    points::Rounding,
    rules::{
        Absent, Blueprint, Cell, Combine, Competitor, ExamClock, ExamRules, Papers, Round, RoundKind, Rules,
        TieBreak, VoidPolicy,
    },
};

pub(super) const MINUTE: i64 = 60_000;

/// G2: 70 people, 30 questions, 20 minutes, the best ten.
pub(super) fn qualifier() -> Rules {
    individual("Sơ khảo trắc nghiệm", exam(30, 20), 10)
}

/// G9: 20 questions of 30 seconds; our clock is the paper's, not the question's.
pub(super) fn school_law() -> Rules {
    individual(
        "Trắc nghiệm",
        ExamRules {
            right: Points::whole(10),
            ..exam(20, 10)
        },
        15,
    )
}

fn individual(name: &str, exam: ExamRules, cut_off: u32) -> Rules {
    let maximum = Points(exam.right.0 * i64::from(exam.blueprint.count()));
    let kind = RoundKind::Exam(ExamRules {
        members: Combine::Sum,
        ..exam
    });
    Rules {
        competitor: Competitor::Individual,
        // Equal on both: an extra or buzzer question, whose outcome the committee records.
        tie_breaks: vec![TieBreak::FewerSeconds, TieBreak::Decision],
        cut_off: Some(cut_off),
        ..of_rounds(vec![round(1, name, maximum, kind)])
    }
}

/// Teams, joint ranks, two decimals, no prizes yet.
pub(super) fn of_rounds(rounds: Vec<Round>) -> Rules {
    Rules {
        template: String::new(),
        competitor: Competitor::Team,
        rounds,
        tie_breaks: vec![],
        rounding: Rounding::HUNDREDTH,
        cut_off: None,
        sole_winner: false,
        time_in_all: None,
        final_leg: None,
        awards: vec![],
        appeal_window: 0,
    }
}

pub(super) fn round(id: u32, name: &str, maximum: Points, kind: RoundKind) -> Round {
    Round {
        id: RoundId(id),
        name: name.into(),
        weight: 1000,
        maximum,
        kind,
    }
}

/// One point a question, four variants of the same questions, the mean of a team's members.
pub(super) fn exam(questions: u32, minutes: i64) -> ExamRules {
    ExamRules {
        blueprint: Blueprint {
            cells: vec![Cell {
                topic: None,
                level: None,
                count: questions,
            }],
        },
        duration: minutes * MINUTE,
        clock: ExamClock::Common,
        entry: None,
        grace: 30_000,
        papers: Papers::Variants(4),
        same_questions: true,
        shuffle_questions: true,
        shuffle_options: true,
        right: Points::whole(1),
        wrong: Points::ZERO,
        members: Combine::Mean,
        absent: Absent::Zero,
        scaled: false,
        rounding: Rounding::HUNDREDTH,
        void: VoidPolicy::PointsToAll,
        live_marks: false,
        review: true,
    }
}

/// A knowledge round of teams, scaled so that a perfect paper gives `maximum`.
pub(super) fn knowledge(id: u32, name: &str, maximum: i64, questions: u32, minutes: i64) -> Round {
    let exam = ExamRules {
        scaled: true,
        ..exam(questions, minutes)
    };
    round(id, name, Points::whole(maximum), RoundKind::Exam(exam))
}
