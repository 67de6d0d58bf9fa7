//! The contest of a demo: Bắc Tân Uyên 2023, with people of our own invention.

use app::backend::{Accounts, AppError, Contests, Imports, NewPerson, People, Upload, UploadKind, Visit};
use app::words::{Locale, td_string};
use contest::actor::Role;
use contest::people::{Details, Layout};
use contest::rules::{Blueprint, Cell, ExamRules, Round, RoundKind, Rules};
use contest::stage::StageAct;
use contest::template::Template;
use contest::{Command, ContestId, PersonId, UserId};

use super::desk::visit_of;
use crate::desk::House;

/// The organizer of a demo. Everybody may know: `hoithi demo` never serves a real contest.
pub(super) const ORGANIZER: &str = "bantochuc";
pub(super) const PASSWORD: &str = "danvankheo";

const TEAMS: &[u8] = include_bytes!("../../../data/teams-bac-tan-uyen-2023.xlsx");
/// Also what simulated contestants have learnt.
pub(super) const QUESTIONS: &[u8] = include_bytes!("../../../data/questions.xlsx");

const NAME: &str = "Hội thi “Dân vận khéo các cơ quan Nhà nước, chính quyền các cấp” năm 2023";
const HOST: &str = "Huyện ủy Bắc Tân Uyên";
const PLACE: &str = "Hội trường huyện Bắc Tân Uyên";
const JUDGES: u32 = 5;
/// Short enough to be watched to the end.
const EXAM_QUESTIONS: u32 = 10;
const EXAM_MILLIS: i64 = 10 * 60_000;
/// Papers that nobody handed in are taken in after it.
const GRACE_MILLIS: i64 = 5_000;

/// The organizer's account, made if it is missing.
pub(super) async fn organizer(house: &House, locale: Locale) -> Result<UserId, AppError> {
    // Nobody has the number 0: this visit may see to accounts, and to no contest.
    let nobody = visit_of(UserId(0), locale);
    let accounts = house.accounts(&nobody).await?;
    match accounts.iter().find(|account| account.name == ORGANIZER) {
        Some(account) => Ok(account.id),
        None => house.add_account(&nobody, ORGANIZER, PASSWORD).await,
    }
}

/// Sets up the contest: 14 teams with their members, the question bank, a short exam, judges, a
/// secretary, a host and a screen.
pub(super) async fn set_up(house: &House, visit: &Visit) -> Result<ContestId, AppError> {
    let details = Details {
        name: NAME.to_owned(),
        hosts: vec![HOST.to_owned()],
        place: PLACE.to_owned(),
        starts_at: Some(house.now()),
        layout: Layout::default(),
    };
    let id = house.create_contest(visit, details, Template::G1).await?;
    let rules = short(Template::G1.rules());
    house
        .execute(visit, &id, Command::SetRules { rules, reason: None })
        .await?;
    for (kind, name, bytes) in [
        (UploadKind::Teams, "teams-bac-tan-uyen-2023.xlsx", TEAMS),
        (UploadKind::Questions, "questions.xlsx", QUESTIONS),
    ] {
        let upload = Upload {
            kind,
            name: name.to_owned(),
            bytes: bytes.to_vec(),
        };
        let upload = house.upload(visit, &id, upload).await?;
        house.apply(visit, &id, &upload).await?;
    }
    let lang = visit.locale;
    let judges = (1..=JUDGES).map(|n| (Role::Judge, td_string!(lang, cli.demo_judge_name, n = n)));
    let others = [
        (
            Role::Secretary,
            td_string!(lang, cli.demo_secretary_name).to_owned(),
        ),
        (Role::Host, td_string!(lang, cli.demo_host_name).to_owned()),
        (Role::Screen, td_string!(lang, cli.demo_screen_name).to_owned()),
    ];
    for (role, name) in judges.chain(others) {
        let person = NewPerson {
            role,
            name,
            sbd: String::new(),
            team: None,
            post: String::new(),
        };
        house.add_person(visit, &id, person).await?;
    }
    seat_panel(house, visit, &id).await?;
    Ok(id)
}

/// All judges in every stage round, led by the first; the last does not mark the team of his own unit.
async fn seat_panel(house: &House, visit: &Visit, id: &ContestId) -> Result<(), AppError> {
    let judges: Vec<PersonId> = house
        .people(visit, id, Some(Role::Judge))
        .await?
        .iter()
        .map(|judge| judge.id)
        .collect();
    let contest = house.load(id).await?;
    let (Some(chief), Some(last)) = (judges.first(), judges.last()) else {
        return Ok(());
    };
    let own = contest.teams.keys().next().copied();
    let rounds = contest.rules().into_iter().flat_map(|rules| &rules.rounds);
    for round in rounds.filter(|round| round.stage().is_some()) {
        let mut acts = vec![StageAct::SetPanel {
            judges: judges.clone(),
            chief: *chief,
            reason: None,
        }];
        acts.extend(own.map(|team| StageAct::DeclareConflict {
            judge: *last,
            team,
            reason: td_string!(visit.locale, cli.demo_conflict).to_owned(),
        }));
        for act in acts {
            let round = round.id;
            house
                .execute(
                    visit,
                    id,
                    Command::Stage {
                        round,
                        act,
                        seen: None,
                    },
                )
                .await?;
        }
    }
    Ok(())
}

/// The same rules with a short exam, whose marks move the board as papers are handed in.
fn short(rules: Rules) -> Rules {
    let shorten = |round: Round| Round {
        kind: match round.kind {
            RoundKind::Exam(exam) => RoundKind::Exam(ExamRules {
                blueprint: Blueprint {
                    cells: vec![Cell {
                        topic: None,
                        level: None,
                        count: EXAM_QUESTIONS,
                    }],
                },
                duration: EXAM_MILLIS,
                grace: GRACE_MILLIS,
                live_marks: true,
                ..exam
            }),
            other => other,
        },
        ..round
    };
    Rules {
        rounds: rules.rounds.into_iter().map(shorten).collect(),
        ..rules
    }
}
