//! Ready-made rules from the gallery of real contests, to begin from and to edit.

use crate::{
    Points, RoundId,
    points::Rounding,
    rules::{
        Absent, Blueprint, Cell, Combine, Competitor, ExamClock, ExamRules, Papers, Round, RoundKind, Rules,
        StageRules, TieBreak, VoidPolicy,
    },
};
use serde::{Deserialize, Serialize};

/// A template of the rule gallery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Template {
    /// Bắc Tân Uyên 2023: exam, skit and presentation of teams, one total.
    G1,
    /// Nghệ An 2026, qualifier: 30 questions in 20 minutes, points and then fewer seconds.
    G2,
    /// Pháp luật học đường: 20 questions of 10 points, the best 15 by points and then time.
    G9,
}

const MINUTE: i64 = 60_000;

impl Template {
    /// All templates, in the order of the gallery.
    pub const ALL: [Template; 3] = [Template::G1, Template::G2, Template::G9];

    /// The gallery's name of it.
    pub fn as_str(self) -> &'static str {
        match self {
            Template::G1 => "G1",
            Template::G2 => "G2",
            Template::G9 => "G9",
        }
    }

    /// The template of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.as_str() == name)
    }

    /// The rules to begin from.
    pub fn rules(self) -> Rules {
        match self {
            Template::G1 => Rules {
                template: self.as_str().into(),
                competitor: Competitor::Team,
                rounds: vec![
                    round(
                        1,
                        "Trắc nghiệm",
                        Points::whole(30),
                        RoundKind::Exam(ExamRules {
                            scaled: true,
                            ..exam(30, 30)
                        }),
                    ),
                    round(
                        2,
                        "Tiểu phẩm",
                        Points::whole(50),
                        RoundKind::Stage(StageRules::default()),
                    ),
                    round(
                        3,
                        "Thuyết trình",
                        Points::whole(20),
                        RoundKind::Stage(StageRules::default()),
                    ),
                ],
                tie_breaks: vec![TieBreak::RoundMark { round: RoundId(2) }, TieBreak::FewerSeconds],
                rounding: Rounding::HUNDREDTH,
                cut_off: None,
                final_leg: None,
                awards: vec![],
                appeal_window: 0,
            },
            Template::G2 => individual(self, "Sơ khảo trắc nghiệm", exam(30, 20), 10),
            Template::G9 => {
                // 20 questions of 30 seconds; our clock is the paper's, not the question's.
                individual(
                    self,
                    "Trắc nghiệm",
                    ExamRules {
                        right: Points::whole(10),
                        ..exam(20, 10)
                    },
                    15,
                )
            }
        }
    }
}

fn individual(template: Template, name: &str, exam: ExamRules, cut_off: u32) -> Rules {
    let maximum = Points(exam.right.0 * i64::from(exam.blueprint.count()));
    Rules {
        template: template.as_str().into(),
        competitor: Competitor::Individual,
        rounds: vec![round(
            1,
            name,
            maximum,
            RoundKind::Exam(ExamRules {
                members: Combine::Sum,
                ..exam
            }),
        )],
        // Equal on both: an extra or buzzer question, whose outcome the committee records.
        tie_breaks: vec![TieBreak::FewerSeconds, TieBreak::Decision],
        rounding: Rounding::HUNDREDTH,
        cut_off: Some(cut_off),
        final_leg: None,
        awards: vec![],
        appeal_window: 0,
    }
}

fn round(id: u32, name: &str, maximum: Points, kind: RoundKind) -> Round {
    Round {
        id: RoundId(id),
        name: name.into(),
        weight: 1000,
        maximum,
        kind,
    }
}

fn exam(questions: u32, minutes: i64) -> ExamRules {
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
