//! Templates with rounds on stage. The split of a maximum into criteria is common practice where
//! no published rule was at hand: a beginning to edit.

use super::{
    exams::{MINUTE, knowledge, of_rounds, round},
    prizes::{all_round, by_round},
};
use crate::{
    Points, RoundId,
    points::Rounding,
    rules::{
        Competitor, Criterion, FinalLeg, Judges, Overtime, Round, RoundKind, Rules, StageRules, StageTime,
        TieBreak, TimeInAll,
    },
};

const QUARTER: Points = Points(250);
const HALF: Points = Points(500);
const DAY: i64 = 24 * 60 * MINUTE;

/// A stage round whose criteria are given as (name, thousandths of a point).
fn stage(id: u32, name: &str, criteria: &[(&str, i64)], rules: StageRules) -> Round {
    let step = if rules.rounding.step == HALF {
        HALF
    } else {
        QUARTER
    };
    let criterion = |(id, (name, maximum)): (u32, &(&str, i64))| Criterion {
        id,
        name: (*name).into(),
        maximum: Points(*maximum),
        step,
    };
    let rubric: Vec<Criterion> = (1..).zip(criteria).map(criterion).collect();
    let maximum = rubric.iter().map(|criterion| criterion.maximum).sum();
    let spread = rules.spread.or(Some(Points(maximum_fifth(maximum))));
    round(
        id,
        name,
        maximum,
        RoundKind::Stage(StageRules {
            rubric,
            spread,
            ..rules
        }),
    )
}

/// More than 2 on a scale of 10 is a wide spread (usual).
fn maximum_fifth(maximum: Points) -> i64 {
    maximum.0 / 5
}

/// A limit in minutes, a warning one minute before it.
fn minutes(limit: i64) -> StageTime {
    StageTime {
        warning: (limit - 1).max(0) * MINUTE,
        limit: limit * MINUTE,
        cut_off: None,
        thinking: 0,
    }
}

fn timed(limit: i64) -> StageRules {
    StageRules {
        time: minutes(limit),
        ..StageRules::default()
    }
}

/// One point off for each minute begun, five at most.
const POINT_A_MINUTE: Overtime = Overtime::PerMinute {
    points: Points::whole(1),
    at_most: Points::whole(5),
};

fn a_point_a_minute(limit: i64) -> StageRules {
    StageRules {
        overtime: POINT_A_MINUTE,
        ..timed(limit)
    }
}

const SKIT_50: [(&str, i64); 5] = [
    ("Nội dung, thông điệp", 15_000),
    ("Xử lý tình huống", 12_500),
    ("Diễn xuất", 10_000),
    ("Dàn dựng, trang phục, đạo cụ", 7_500),
    ("Thời gian, kỷ luật", 5_000),
];
const PRESENTATION_20: [(&str, i64); 5] = [
    ("Nội dung", 8_000),
    ("Bố cục, lập luận", 4_000),
    ("Phong cách trình bày", 4_000),
    ("Trả lời câu hỏi", 2_000),
    ("Thời gian", 2_000),
];
const GREETING_20: [(&str, i64); 4] = [
    ("Nội dung", 8_000),
    ("Sáng tạo", 6_000),
    ("Phong cách", 4_000),
    ("Thời gian", 2_000),
];
const SITUATION_20: [(&str, i64); 3] = [
    ("Đúng quy định, chủ trương", 8_000),
    ("Cách vận động, thuyết phục", 8_000),
    ("Trình bày", 4_000),
];

/// G1.
pub(super) fn home_case() -> Rules {
    Rules {
        tie_breaks: vec![TieBreak::RoundMark { round: RoundId(2) }, TieBreak::FewerSeconds],
        awards: by_round(
            all_round(&[
                ("Giải Nhất", 1),
                ("Giải Nhì", 2),
                ("Giải Ba", 3),
                ("Giải Khuyến khích", 8),
            ]),
            &[("Tiểu phẩm xuất sắc", 2), ("Thuyết trình xuất sắc", 3)],
        ),
        appeal_window: DAY,
        ..of_rounds(vec![
            knowledge(1, "Trắc nghiệm", 30, 30, 30),
            stage(2, "Tiểu phẩm", &SKIT_50, timed(12)),
            stage(3, "Thuyết trình", &PRESENTATION_20, timed(7)),
        ])
    }
}

/// G4: a drawn paper of two situations of 20 each, then 100 points: the mean to 0,5, 15 seconds
/// over cost 5 once. A tie for the first place: an extra question.
pub(super) fn situations_and_hundred() -> Rules {
    let half = |limit| StageRules {
        rounding: Rounding { step: HALF },
        ..timed(limit)
    };
    let situations = [("Tình huống 1", 20_000), ("Tình huống 2", 20_000)];
    let hundred = [
        ("Nội dung", 40_000),
        ("Bố cục, lập luận", 20_000),
        ("Phong cách trình bày", 20_000),
        ("Trả lời câu hỏi", 10_000),
        ("Thời gian", 10_000),
    ];
    let overtime = Overtime::Once {
        by: 15_000,
        points: Points::whole(5),
    };
    Rules {
        tie_breaks: vec![TieBreak::Decision],
        sole_winner: true,
        awards: all_round(&[("Giải Nhất", 1), ("Giải Nhì", 3), ("Giải Ba", 6)]),
        ..of_rounds(vec![
            stage(
                1,
                "Xử lý tình huống",
                &situations,
                StageRules {
                    packs: 10,
                    ..half(10)
                },
            ),
            stage(2, "Thuyết trình", &hundred, StageRules { overtime, ..half(10) }),
        ])
    }
}

/// G5: introduction of 5 minutes, a point a minute over; a drawn pack of 5 questions and a
/// situation; a skit.
pub(super) fn mediators() -> Rules {
    let pack = [
        ("Câu hỏi 1", 2_000),
        ("Câu hỏi 2", 2_000),
        ("Câu hỏi 3", 2_000),
        ("Câu hỏi 4", 2_000),
        ("Câu hỏi 5", 2_000),
        ("Tình huống", 20_000),
    ];
    Rules {
        tie_breaks: vec![TieBreak::RoundMark { round: RoundId(3) }],
        awards: all_round(&[
            ("Giải Nhất", 1),
            ("Giải Nhì", 2),
            ("Giải Ba", 3),
            ("Giải Khuyến khích", 4),
        ]),
        ..of_rounds(vec![
            stage(1, "Giới thiệu", &GREETING_20, a_point_a_minute(5)),
            right_or_wrong(
                stage(
                    2,
                    "Kiến thức và tình huống",
                    &pack,
                    StageRules {
                        packs: 10,
                        time: StageTime {
                            thinking: MINUTE,
                            ..minutes(5)
                        },
                        ..StageRules::default()
                    },
                ),
                5,
            ),
            stage(3, "Tiểu phẩm", &SKIT_50, a_point_a_minute(12)),
        ])
    }
}

/// The first `questions` criteria of a round are questions: a judge gives all of the points or none.
fn right_or_wrong(mut round: Round, questions: usize) -> Round {
    if let RoundKind::Stage(stage) = &mut round.kind {
        for criterion in stage.rubric.iter_mut().take(questions) {
            criterion.step = criterion.maximum;
        }
    }
    round
}

/// G7: greeting of 7 minutes, knowledge and situation of 7, presentation of 5; 1-2-3-4 prizes.
pub(super) fn secretaries() -> Rules {
    let knowledge = [("Kiến thức", 20_000), ("Xử lý tình huống", 20_000)];
    let presentation = [
        ("Nội dung", 16_000),
        ("Bố cục, lập luận", 8_000),
        ("Trình bày", 12_000),
        ("Thời gian", 4_000),
    ];
    Rules {
        competitor: Competitor::Individual,
        tie_breaks: vec![TieBreak::RoundMark { round: RoundId(3) }],
        awards: all_round(&[
            ("Giải Nhất", 1),
            ("Giải Nhì", 2),
            ("Giải Ba", 3),
            ("Giải Khuyến khích", 4),
        ]),
        ..of_rounds(vec![
            stage(1, "Chào hỏi", &GREETING_20, timed(7)),
            stage(
                2,
                "Kiến thức và tình huống",
                &knowledge,
                StageRules {
                    packs: 13,
                    ..timed(7)
                },
            ),
            stage(3, "Thuyết trình", &presentation, timed(5)),
        ])
    }
}

/// G8: 100 = knowledge 50, talent 20, grace 30; the best six go on to a situation round.
pub(super) fn best_six() -> Rules {
    let talent = [
        ("Nội dung", 8_000),
        ("Kỹ thuật thể hiện", 8_000),
        ("Sáng tạo", 4_000),
    ];
    let grace = [("Trang phục", 10_000), ("Phong thái", 10_000), ("Ứng xử", 10_000)];
    Rules {
        final_leg: Some(FinalLeg {
            from: RoundId(4),
            teams: 6,
            per_cluster: false,
            carry: true,
        }),
        tie_breaks: vec![
            TieBreak::RoundMark { round: RoundId(4) },
            TieBreak::RoundMark { round: RoundId(1) },
            TieBreak::Decision,
        ],
        awards: all_round(&[("Giải Nhất", 1), ("Giải Nhì", 2), ("Giải Ba", 3)]),
        ..of_rounds(vec![
            knowledge(1, "Kiến thức", 50, 25, 30),
            stage(2, "Năng khiếu", &talent, timed(5)),
            stage(3, "Duyên dáng", &grace, timed(5)),
            stage(
                4,
                "Xử lý tình huống",
                &SITUATION_20,
                StageRules { packs: 6, ..timed(5) },
            ),
        ])
    }
}

/// G10: two days, joint all-round prizes, a prize for each part, encouragement prizes.
pub(super) fn two_days() -> Rules {
    Rules {
        awards: by_round(
            all_round(&[
                ("Giải Nhất", 1),
                ("Giải Nhì", 2),
                ("Giải Ba", 3),
                ("Giải Khuyến khích", 4),
            ]),
            &[
                ("Chào hỏi xuất sắc", 1),
                ("Kiến thức xuất sắc", 2),
                ("Tiểu phẩm xuất sắc", 3),
            ],
        ),
        ..of_rounds(vec![
            stage(1, "Chào hỏi", &GREETING_20, timed(5)),
            knowledge(2, "Kiến thức", 30, 30, 20),
            stage(
                3,
                "Tiểu phẩm",
                &SKIT_50,
                StageRules {
                    judges: Judges::Trimmed { from: 5 },
                    ..timed(12)
                },
            ),
        ])
    }
}

/// G11: greeting, knowledge, situation; 1-2-3, five encouragement prizes, two side prizes.
pub(super) fn side_prizes() -> Rules {
    Rules {
        tie_breaks: vec![TieBreak::RoundMark { round: RoundId(3) }],
        awards: by_round(
            all_round(&[
                ("Giải Nhất", 1),
                ("Giải Nhì", 2),
                ("Giải Ba", 3),
                ("Giải Khuyến khích", 5),
            ]),
            &[("Chào hỏi hay nhất", 1), ("Xử lý tình huống hay nhất", 3)],
        ),
        ..of_rounds(vec![
            stage(1, "Chào hỏi", &GREETING_20, timed(5)),
            knowledge(2, "Kiến thức", 30, 20, 15),
            stage(
                3,
                "Xử lý tình huống",
                &SITUATION_20,
                StageRules {
                    packs: 21,
                    ..timed(7)
                },
            ),
        ])
    }
}

/// G12: four clusters, first and second of each to a final that alone decides.
pub(super) fn clusters() -> Rules {
    Rules {
        final_leg: Some(FinalLeg {
            from: RoundId(3),
            teams: 2,
            per_cluster: true,
            carry: false,
        }),
        tie_breaks: vec![TieBreak::RoundMark { round: RoundId(2) }, TieBreak::Decision],
        awards: all_round(&[
            ("Giải Nhất", 1),
            ("Giải Nhì", 2),
            ("Giải Ba", 2),
            ("Giải Khuyến khích", 3),
        ]),
        ..of_rounds(vec![
            stage(1, "Chào hỏi", &GREETING_20, timed(5)),
            stage(2, "Tiểu phẩm", &SKIT_50, timed(12)),
            stage(3, "Chung kết: tiểu phẩm", &SKIT_50, timed(12)),
        ])
    }
}

/// G13: six teams, four parts, 33 minutes in all for a team, two parts by draw.
pub(super) fn four_parts() -> Rules {
    let knowledge = [("Nội dung", 10_000), ("Thể hiện", 10_000)];
    let untimed = |packs| StageRules {
        packs,
        ..StageRules::default()
    };
    Rules {
        time_in_all: Some(TimeInAll {
            limit: 33 * MINUTE,
            overtime: POINT_A_MINUTE,
        }),
        tie_breaks: vec![TieBreak::RoundMark { round: RoundId(4) }],
        awards: all_round(&[
            ("Giải Nhất", 1),
            ("Giải Nhì", 1),
            ("Giải Ba", 1),
            ("Giải Khuyến khích", 3),
        ]),
        ..of_rounds(vec![
            stage(1, "Chào hỏi", &GREETING_20, untimed(0)),
            stage(2, "Hiểu biết", &knowledge, untimed(6)),
            stage(3, "Xử lý tình huống", &SITUATION_20, untimed(6)),
            stage(4, "Tiểu phẩm", &SKIT_50, untimed(0)),
        ])
    }
}
