//! A contest to measure on, made through the house's own door: teams, people, bank, papers, open round.

use crate::load::Seat;
use crate::wire::{Wire, form, get};
use anyhow::{Context, Result, ensure};
use app::backend::{Contests, Exams, Imports, NewPerson, People, Questions, Upload, UploadKind, Visit};
use contest::{
    Actor, Command, ContestId, RoundId, TeamId, UserId,
    actor::Role,
    people::Details,
    rules::RoundKind,
    screen::{Scene, ScreenAct},
    stage::StageAct,
    template::Template,
};
use server::{Config, desk::House};
use std::net::SocketAddr;

const ROUND: RoundId = RoundId(1);

/// The stage round of [`stage_round`].
pub const STAGE: u32 = 1;

/// A stage round with a team on stage.
pub struct Staged {
    pub contest: ContestId,
    /// The personal codes of the judges; the first is the chief, who has no sheet of his own.
    pub judges: Vec<String>,
}

/// What was made.
pub struct Seeded {
    pub contest: ContestId,
    /// The personal codes of the contestants.
    pub codes: Vec<String>,
}

fn organizer() -> Visit {
    Visit {
        actor: Actor::Organizer { user: UserId(1) },
        contest: None,
        name: "Ban Tổ chức".into(),
        device: "bench".into(),
        device_label: "bench".into(),
        session: None,
        locale: app::words::Locale::vi,
        origin: "http://127.0.0.1".into(),
    }
}

/// An open round for `contestants` people in teams of five, each with a paper of his own.
pub async fn open_round(config: &Config, contestants: u32) -> Result<Seeded> {
    round(config, contestants, false).await
}

/// The same, whose papers count in the standings as they are handed in.
pub async fn live_round(config: &Config, contestants: u32) -> Result<Seeded> {
    round(config, contestants, true).await
}

async fn round(config: &Config, contestants: u32, live_marks: bool) -> Result<Seeded> {
    let house = House::open(config).await?;
    let visit = organizer();
    let details = Details {
        name: "Hội thi đo tải".into(),
        ..Details::default()
    };
    let contest = house.create_contest(&visit, details, Template::G2).await?;
    let mut rules = Template::G2.rules();
    if let RoundKind::Exam(exam) = &mut rules.rounds[0].kind {
        // Long enough for every measurement, and a paper a person.
        exam.duration = 4 * 3600 * 1000;
        exam.papers = contest::rules::Papers::Personal;
        exam.live_marks = live_marks;
    }
    house
        .execute(&visit, &contest, Command::SetRules { rules, reason: None })
        .await?;
    let bytes = include_bytes!("../../data/questions.xlsx").to_vec();
    let upload = Upload {
        kind: UploadKind::Questions,
        name: "questions.xlsx".into(),
        bytes,
    };
    let upload = house.upload(&visit, &contest, upload).await?;
    house.apply(&visit, &contest, &upload).await?;
    ensure!(
        house.bank_summary(&visit, &contest).await?.total == 176,
        "the whole bank is there"
    );

    let upload = Upload {
        kind: UploadKind::Teams,
        name: "teams.xlsx".into(),
        bytes: teams(contestants)?,
    };
    let upload = house.upload(&visit, &contest, upload).await?;
    house.apply(&visit, &contest, &upload).await?;
    let codes = house
        .people(&visit, &contest, Some(Role::Contestant))
        .await?
        .into_iter()
        .map(|p| p.code)
        .collect();
    house.prepare_exam(&visit, &contest, ROUND).await?;
    house
        .execute(&visit, &contest, Command::OpenExam { round: ROUND })
        .await?;
    house.close().await;
    Ok(Seeded { contest, codes })
}

/// A stage round of 14 teams and 9 judges under a chief; the first team performs.
pub async fn stage_round(config: &Config) -> Result<Staged> {
    let house = House::open(config).await?;
    let visit = organizer();
    let details = Details {
        name: "Hội thi đo tải".into(),
        ..Details::default()
    };
    let contest = house.create_contest(&visit, details, Template::G1).await?;
    let mut rules = Template::G1.rules();
    // The skits of the home case, alone.
    rules.rounds.retain(|round| round.stage().is_some());
    rules.rounds.truncate(1);
    rules.rounds[0].id = RoundId(STAGE);
    rules.tie_breaks.clear();
    rules.awards.clear();
    rules.final_leg = None;
    let teams = (1..=14).map(|n| (format!("Đội {n}"), format!("Đơn vị {n}")));
    let teams = teams.collect();
    for command in [
        Command::SetRules { rules, reason: None },
        Command::AddTeams { teams },
    ] {
        house.execute(&visit, &contest, command).await?;
    }
    for n in 1..=10 {
        let judge = NewPerson {
            role: Role::Judge,
            name: format!("Giám khảo {n}"),
            sbd: String::new(),
            team: None,
            post: String::new(),
        };
        house.add_person(&visit, &contest, judge).await?;
    }
    let people = house.people(&visit, &contest, Some(Role::Judge)).await?;
    let panel: Vec<_> = people.iter().map(|person| person.id).collect();
    let team = TeamId(1);
    for act in [
        StageAct::SetPanel {
            judges: panel[1..].to_vec(),
            chief: panel[0],
            reason: None,
        },
        StageAct::EnterOrder {
            order: (1..=14).map(TeamId).collect(),
            reason: "đo tải".into(),
        },
        StageAct::Call { team },
        StageAct::StartClock { team },
    ] {
        let round = RoundId(STAGE);
        house
            .execute(
                &visit,
                &contest,
                Command::Stage {
                    round,
                    act,
                    seen: None,
                },
            )
            .await?;
    }
    house.close().await;
    let judges = people.into_iter().map(|person| person.code).collect();
    Ok(Staged { contest, judges })
}

/// The codes of `count` screens.
pub async fn screens(config: &Config, contest: &ContestId, count: usize) -> Result<Vec<String>> {
    let house = House::open(config).await?;
    let visit = organizer();
    for n in 1..=count {
        let screen = NewPerson {
            role: Role::Screen,
            name: format!("Màn hình {n}"),
            sbd: String::new(),
            team: None,
            post: String::new(),
        };
        house.add_person(&visit, contest, screen).await?;
    }
    let people = house.people(&visit, contest, Some(Role::Screen)).await?;
    house.close().await;
    Ok(people.into_iter().map(|person| person.code).collect())
}

/// Lets every screen that has come in show one of the scenes, in turn.
pub async fn show(config: &Config, contest: &ContestId, scenes: &[Scene]) -> Result<()> {
    let house = House::open(config).await?;
    let visit = organizer();
    let screens: Vec<_> = house
        .contest(&visit, contest)
        .await?
        .hall
        .screens
        .keys()
        .copied()
        .collect();
    for (n, scene) in scenes.iter().enumerate() {
        let act = ScreenAct::Show {
            screens: screens.iter().copied().skip(n).step_by(scenes.len()).collect(),
            scene: scene.clone(),
        };
        house.execute(&visit, contest, Command::Screen { act }).await?;
    }
    house.close().await;
    Ok(())
}

fn teams(contestants: u32) -> Result<Vec<u8>> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in ["Đội thi", "Đơn vị", "Họ và tên"].into_iter().enumerate() {
        sheet.write(0, column as u16, name)?;
    }
    for i in 0..contestants {
        sheet.write(i + 1, 0, format!("Đội {}", i / 5 + 1))?;
        sheet.write(i + 1, 1, format!("Đơn vị {}", i / 5 + 1))?;
        sheet.write(i + 1, 2, format!("Thí sinh {}", i + 1))?;
    }
    Ok(book.save_to_buffer()?)
}

/// Lets everybody in by his code, over HTTP; `open` also opens each paper.
pub async fn enter(addr: SocketAddr, codes: &[String], open: bool) -> Result<Vec<Seat>> {
    let mut tasks = Vec::new();
    for codes in codes.chunks(codes.len().div_ceil(8)) {
        let codes = codes.to_vec();
        tasks.push(tokio::spawn(async move {
            let mut wire = Wire::to(addr).await?;
            let mut seats = Vec::new();
            for code in codes {
                let reply = wire
                    .ask(&form(addr, "/api/fn/enter", &format!("code={code}")))
                    .await?;
                ensure!(
                    reply.location.as_deref() == Some("/thi"),
                    "{}: {:?}",
                    reply.status,
                    reply.location
                );
                let cookie = reply.cookies.join("; ");
                let (attempt, questions) = if open {
                    sitting(&mut wire, &cookie).await?
                } else {
                    (0, 0)
                };
                seats.push(Seat {
                    cookie,
                    attempt,
                    questions,
                });
            }
            anyhow::Ok(seats)
        }));
    }
    let mut seats = Vec::new();
    for task in tasks {
        seats.extend(task.await??);
    }
    Ok(seats)
}

/// Opens a contestant's paper: his attempt and how many questions it has.
pub async fn sitting(wire: &mut Wire, cookie: &str) -> Result<(i64, u16)> {
    let reply = wire.ask(&get("/api/thi", cookie)).await?;
    let sitting: serde_json::Value = serde_json::from_slice(&reply.body)?;
    let attempt = sitting["stage"]["attempt"].as_i64().context("he is writing")?;
    let questions = sitting["stage"]["sheet"]["questions"]
        .as_array()
        .context("a paper")?
        .len();
    Ok((attempt, u16::try_from(questions)?))
}
