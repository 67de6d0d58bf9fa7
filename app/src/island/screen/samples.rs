//! Screens with everything that a hall can throw at them, for tests and for people to look at.

use contest::{
    Digest, Moment, PersonId, Points, RoundId, TeamId,
    audience::{Board, BoardProgress, BoardRound, BoardRow, Running},
    contest::ContestPhase,
    exam::ExamPhase,
    hall_view::{OrderLine, RoundName, SceneView, ScreenView, StageView, TeamCard, TurnState},
    people::Layout,
    reveal::{Holder, Picture, PictureRow, Plate, RowState},
    screen::{Language, Logo, Look, Theme},
    stage_view::ClockView,
};

/// 21/11/2026 14:03:22.
pub(super) const NOW: Moment = 1_795_244_602_000;
const UNITS: [&str; 14] = [
    "Thị trấn Tân Thành",
    "Xã Bình Mỹ",
    "Công an huyện",
    "Xã Đất Cuốc",
    "Khối Đảng – Đoàn thể",
    "Thị trấn Tân Bình",
    "Xã Thường Tân",
    "Xã Tân Mỹ",
    "Xã Lạc An",
    "Ban Chỉ huy Quân sự huyện Bắc Tân Uyên",
    "Xã Hiếu Liêm",
    "Phòng Lao động, Thương binh và Xã hội huyện",
    "Khối Chính quyền",
    "Xã Tân Định",
];
const ROUNDS: [&str; 3] = ["Trắc nghiệm", "Tiểu phẩm", "Thuyết trình"];

pub(super) fn screen(scene: SceneView, look: Look) -> ScreenView {
    ScreenView {
        contest: "dan-van-kheo".parse().expect("a name"),
        screen: PersonId(7),
        name: "Màn hình chính".into(),
        look,
        reloads: 0,
        title: "Hội thi “Dân vận khéo các cơ quan nhà nước, chính quyền các cấp” năm 2026".into(),
        hosts: vec![
            "Ban Dân vận Huyện ủy".into(),
            "Ủy ban nhân dân huyện Bắc Tân Uyên".into(),
        ],
        place: "Nhà Văn hóa huyện Bắc Tân Uyên".into(),
        starts_at: Some(NOW),
        layout: Layout::State,
        scene,
    }
}

pub(super) fn look(theme: Theme, language: Language, scale: u8) -> Look {
    Look {
        theme,
        language,
        scale,
    }
}

fn name(at: usize) -> String {
    let name = UNITS[at % UNITS.len()];
    match at / UNITS.len() {
        0 => name.into(),
        again => format!("{name} {}", again + 1),
    }
}

fn points(at: usize, round: usize) -> Points {
    Points(29_000 - 250 * (at as i64 * (round as i64 + 2) % 37))
}

pub(super) fn board(teams: usize) -> Board {
    let mut rows: Vec<BoardRow> = (0..teams)
        .map(|at| {
            let marks: Vec<Option<Points>> = (0..3)
                .map(|round| (round < 2).then(|| points(at, round)))
                .collect();
            BoardRow {
                team: TeamId(at as u32 + 1),
                name: name(at),
                unit: if at % 3 == 0 {
                    format!("Đội tuyển {}", name(at))
                } else {
                    name(at)
                },
                rank: None,
                tied: false,
                total: Some(Points(marks.iter().flatten().map(|mark| mark.0).sum())),
                marks,
                progress: None,
            }
        })
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.total));
    for at in 0..rows.len() {
        let equal = |other: usize| rows.get(other).is_some_and(|row| row.total == rows[at].total);
        let tied = equal(at + 1) || (at > 0 && equal(at - 1));
        let rank = rows
            .iter()
            .position(|row| row.total == rows[at].total)
            .unwrap_or(at) as u32
            + 1;
        (rows[at].rank, rows[at].tied) = (Some(rank), tied);
    }
    Board {
        contest: "dan-van-kheo".parse().expect("a name"),
        name: String::new(),
        hosts: vec![],
        place: String::new(),
        phase: ContestPhase::Running,
        frozen: None,
        rounds: (0..3)
            .map(|at| BoardRound {
                id: RoundId(at as u32 + 1),
                name: ROUNDS[at].into(),
                phase: None,
                marks_shown: at < 2,
                running: None,
            })
            .collect(),
        rows,
    }
}

fn exam(teams: usize) -> Board {
    let mut board = board(teams);
    for (at, row) in board.rows.iter_mut().enumerate() {
        row.progress = Some(BoardProgress {
            answered: (150 - at as u32 * 9 % 140).min(150),
            asked: 150,
            handed_in: if at < 2 { 5 } else { at as u32 % 4 },
            contestants: 5,
        });
    }
    board.rounds[0].phase = Some(ExamPhase::Open);
    board.rounds[0].name = "Phần thi kiến thức chung".into();
    board.rounds[0].running = Some(Running {
        ends_at: None,
        paused_left: Some(754_000),
        paused: true,
        questions: 30,
        contestants: 70,
        answered: 1_204,
        handed_in: 13,
    });
    board
}

pub(super) fn order(teams: usize) -> Vec<OrderLine> {
    (0..teams)
        .map(|at| OrderLine {
            place: at as u32 + 1,
            team: TeamId(at as u32 + 1),
            name: name(at),
            unit: if at % 3 == 0 {
                format!("Đội tuyển {}", name(at))
            } else {
                String::new()
            },
            state: match at {
                2 => TurnState::Absent,
                0..5 => TurnState::Done,
                5 => TurnState::OnStage,
                6 => TurnState::Next,
                _ => TurnState::Waiting,
            },
        })
        .collect()
}

pub(super) fn stage(name: &str, before: i64, running: bool) -> StageView {
    StageView {
        round: RoundId(2),
        round_name: "Tiểu phẩm tuyên truyền".into(),
        unit: "Ủy ban nhân dân xã Thường Tân".into(),
        place: 6,
        teams: 14,
        next: Some(holder(4)),
        clock: ClockView {
            team: TeamId(6),
            name: name.into(),
            running_since: running.then_some(NOW),
            before,
            thinking: 0,
            stopped: before > 0 && !running,
            warning: 540_000,
            limit: 600_000,
            cut_off: None,
        },
    }
}

fn holder(at: usize) -> Holder {
    Holder {
        team: TeamId(at as u32 + 1),
        name: name(at),
        unit: if at.is_multiple_of(2) {
            format!("Đội tuyển {}", name(at))
        } else {
            String::new()
        },
    }
}

fn plate(name: &str, place: Option<u32>, round: Option<u32>, holders: std::ops::Range<usize>) -> Plate {
    Plate {
        name: name.into(),
        round: round.map(RoundId),
        place,
        holders: holders.map(holder).collect(),
    }
}

fn plates() -> Vec<Plate> {
    vec![
        plate("Giải Nhất", Some(0), None, 0..1),
        plate("Giải Nhì", Some(1), None, 1..3),
        plate("Giải Ba", Some(2), None, 3..6),
        plate("Giải Khuyến khích", Some(3), None, 6..10),
        plate("Giải Tiểu phẩm xuất sắc nhất", None, Some(2), 10..11),
        plate("Giải Diễn viên được yêu thích nhất", None, None, 11..12),
    ]
}

pub(super) fn picture_rows(teams: usize, placed: usize, next: RowState) -> Vec<PictureRow> {
    let board = board(teams);
    board
        .rows
        .into_iter()
        .enumerate()
        .map(|(at, row)| {
            let state = match at + placed {
                sum if sum >= teams => RowState::Placed,
                sum if sum + 1 == teams => next,
                _ => RowState::Waiting,
            };
            let told = state >= RowState::Open;
            PictureRow {
                team: row.team,
                name: row.name,
                unit: row.unit,
                rank: row.rank.filter(|_| state == RowState::Placed),
                tied: row.tied && state == RowState::Placed,
                marks: vec![row.marks[0], row.marks[1], Some(Points(27_250)).filter(|_| told)],
                news: if state == RowState::Open {
                    vec![false, false, true]
                } else {
                    vec![]
                },
                total: row
                    .total
                    .map(|total| Points(total.0 + if told { 27_250 } else { 0 })),
                state,
            }
        })
        .collect()
}

fn rounds() -> Vec<RoundName> {
    let name = |at: usize| RoundName {
        id: RoundId(at as u32 + 1),
        name: ROUNDS[at].into(),
    };
    (0..3).map(name).collect()
}

fn reveal(rehearsal: bool, picture: Option<Picture>) -> SceneView {
    SceneView::Reveal {
        rehearsal,
        rounds: rounds(),
        picture,
    }
}

/// Every scene in every state that looks different, by a name for its picture.
pub(super) fn all() -> Vec<(&'static str, SceneView)> {
    let frozen = Board {
        frozen: Some(NOW),
        ..board(14)
    };
    let bare = Board {
        rows: vec![],
        ..board(0)
    };
    let mut unmarked = board(14);
    for row in &mut unmarked.rows {
        (row.rank, row.tied, row.total, row.marks) = (None, false, None, vec![None; 3]);
    }
    let one = Board {
        rounds: vec![board(1).rounds[1].clone()],
        ..board(14)
    };
    let options = || -> Vec<String> {
        [
            "Lắng nghe ý kiến của Nhân dân",
            "Nói đi đôi với làm",
            "Trọng dân, gần dân, hiểu dân",
            "Cả ba phương án trên",
        ]
        .map(Into::into)
        .into()
    };
    let long = vec![
        "Tuyên truyền, vận động Nhân dân thực hiện chủ trương, đường lối của Đảng, chính sách, pháp luật của Nhà nước".into(),
        "Tham mưu cho cấp ủy về công tác dân vận của hệ thống chính trị ở địa phương".into(),
        "Phối hợp với Mặt trận Tổ quốc và các tổ chức chính trị – xã hội chăm lo đời sống Nhân dân".into(),
        "Tất cả các nhiệm vụ nêu trên, theo quy chế công tác dân vận của hệ thống chính trị".into(),
    ];
    let question = |text: &str, options: Vec<String>, answer| SceneView::Question {
        text: text.into(),
        options,
        answer,
    };
    let logo = |at: usize| Logo {
        hash: Digest::of(&[at as u8]),
        name: name(at),
        width: 400,
        height: 300,
    };
    let card = |row: BoardRow| SceneView::Team {
        team: Some(TeamCard {
            frozen: None,
            row,
            rounds: rounds(),
        }),
    };
    let mut unranked = board(14).rows.swap_remove(1);
    unranked.rank = None;
    let team_frozen = SceneView::Team {
        team: Some(TeamCard {
            frozen: Some(NOW),
            row: unranked,
            rounds: rounds(),
        }),
    };
    let board_step = |teams, placed, next| {
        Some(Picture::Board {
            round: None,
            rows: picture_rows(teams, placed, next),
            teams: vec![],
        })
    };
    let final_rows = picture_rows(14, 14, RowState::Placed);
    vec![
        ("blank", SceneView::Blank),
        ("waiting", SceneView::Waiting),
        ("join", SceneView::Join),
        ("order", SceneView::Order { round: Some(RoundId(2)), round_name: ROUNDS[1].into(), lines: order(14) }),
        ("order-none", SceneView::Order { round: None, round_name: String::new(), lines: vec![] }),
        ("order-35", SceneView::Order { round: Some(RoundId(2)), round_name: ROUNDS[1].into(), lines: order(35) }),
        ("stage-none", SceneView::OnStage { stage: None }),
        ("stage-begins", SceneView::OnStage { stage: Some(stage("Xã Thường Tân", 0, false)) }),
        ("stage-over", SceneView::OnStage { stage: Some(stage("Phòng Lao động, Thương binh và Xã hội huyện", 612_000, false)) }),
        ("exam", SceneView::Exam { board: exam(14) }),
        ("exam-none", SceneView::Exam { board: board(3) }),
        ("exam-35", SceneView::Exam { board: exam(35) }),
        ("standings", SceneView::Standings { board: board(14), round: None }),
        ("standings-frozen", SceneView::Standings { board: frozen, round: None }),
        ("standings-round", SceneView::Standings { board: one, round: Some(RoundId(2)) }),
        ("standings-35", SceneView::Standings { board: board(35), round: None }),
        ("standings-4", SceneView::Standings { board: board(4), round: None }),
        ("standings-bare", SceneView::Standings { board: bare, round: None }),
        ("standings-unmarked", SceneView::Standings { board: unmarked.clone(), round: None }),
        ("team", card(board(14).rows.swap_remove(1))),
        ("team-unmarked", card(unmarked.rows.swap_remove(9))),
        ("team-frozen", team_frozen),
        ("team-none", SceneView::Team { team: None }),
        ("question", question("Phẩm chất nào sau đây cần có ở người làm công tác dân vận?", options(), None)),
        ("question-answer", question("Phẩm chất nào sau đây cần có ở người làm công tác dân vận?", options(), Some(3))),
        ("question-long", question("Theo bài báo “Dân vận” của Chủ tịch Hồ Chí Minh đăng trên báo Sự thật ngày 15 tháng 10 năm 1949, nhiệm vụ nào dưới đây là nhiệm vụ của người phụ trách dân vận ở cơ sở?", long, Some(0))),
        ("message", SceneView::Message { text: "Hội thi nghỉ giải lao 15 phút".into() }),
        ("message-long", SceneView::Message { text: "Kính mời quý đại biểu dùng tiệc trà tại sảnh chính.\nCác đội thi tập trung ở cánh gà sân khấu trước 14 giờ 30 phút để điểm danh, kiểm tra âm thanh và nhận thứ tự bốc thăm phần thi xử lý tình huống.".into() }),
        ("message-none", SceneView::Message { text: " ".into() }),
        ("hosts-names", SceneView::Hosts { logos: vec![] }),
        ("hosts-5", SceneView::Hosts { logos: (0..5).map(logo).collect() }),
        ("hosts-20", SceneView::Hosts { logos: (0..20).map(logo).collect() }),
        ("reveal-none", reveal(false, None)),
        ("reveal-lifted", reveal(false, board_step(14, 4, RowState::Lifted))),
        ("reveal-open", reveal(true, board_step(14, 4, RowState::Open))),
        ("reveal-35", reveal(false, board_step(35, 9, RowState::Open))),
        ("plate-first", reveal(false, Some(Picture::Plate { plate: plate("Giải Nhất", Some(0), None, 0..1) }))),
        ("plate-joint", reveal(true, Some(Picture::Plate { plate: plate("Giải Nhì", Some(1), None, 4..7) }))),
        ("plate-many", reveal(false, Some(Picture::Plate { plate: plate("Giải Khuyến khích", Some(3), None, 4..13) }))),
        ("plate-round", reveal(false, Some(Picture::Plate { plate: plate("Giải Tiểu phẩm xuất sắc nhất", None, Some(2), 9..10) }))),
        ("final", reveal(false, Some(Picture::Final { rows: final_rows.clone() }))),
        ("final-rehearsed", reveal(true, Some(Picture::Final { rows: final_rows }))),
        ("prizes", SceneView::Prizes { plates: plates() }),
        ("prizes-none", SceneView::Prizes { plates: vec![] }),
    ]
}
