//! Stage rounds: a judge's sheet without scripts, and the acts of the table and the chief judge.

use std::collections::BTreeMap;

use contest::{
    Command, PersonId, Points, RoundId, TeamId,
    draw::DrawOf,
    refusal::{Fault, Field, Refusal},
    stage::StageAct,
};
use leptos::prelude::*;

use super::{act, came_from, contest_id, contests::bad};
use crate::backend::{MarkSent, Visit, house, visit};
use crate::error::AppError;
use crate::layout::paths;

/// Keeps a judge's sheet as it stands on the page, then goes on: `to` is `nop` to look it over before
/// handing in. An old page that is sent again overwrites nothing: each mark carries the revision it was
/// made from.
#[server(prefix = "/api/fn", endpoint = "save_sheet")]
#[allow(clippy::too_many_arguments, reason = "the fields of one form")]
pub async fn save_sheet(
    round: u32,
    team: u32,
    #[server(default)] marks: BTreeMap<String, String>,
    #[server(default)] revisions: BTreeMap<String, u32>,
    #[server(default)] remark: String,
    #[server(default)] remark_revision: u32,
    #[server(default)] run: Option<u32>,
    #[server(default)] to: Option<String>,
) -> Result<(), AppError> {
    act(async move {
        let visit = visit();
        let (round, team) = (RoundId(round), TeamId(team));
        let view = house().judge_view(&visit, Some(round), Some(team)).await?;
        let sheet = view.sheet.ok_or(AppError::Refused {
            refusal: Refusal::NotAllowed,
        })?;
        let mut sent = Vec::new();
        // Everything that can stand is kept; the first that cannot is told beside its field.
        let mut wrong: Option<AppError> = None;
        for (criterion, held) in &sheet.marks {
            let key = criterion.to_string();
            let Some(text) = marks.get(&key) else { continue };
            let Ok(points) = read_points(text) else {
                wrong.get_or_insert(misplaced(*criterion, Fault::NotANumber, text));
                continue;
            };
            let made_from = revisions.get(&key).copied().unwrap_or(0);
            // What was not touched on this page is no news, whatever has become of it elsewhere.
            let shown = held.filter(|held| held.revision == made_from);
            if points == shown.and_then(|held| held.points) && (shown.is_some() || held.is_none()) {
                continue;
            }
            if held.and_then(|held| held.points) == points {
                continue;
            }
            sent.push(MarkSent {
                criterion: *criterion,
                revision: made_from + 1,
                points,
            });
        }
        if !sent.is_empty() {
            let receipts = house().save_marks(&visit, round, team, run, sent).await?;
            for receipt in receipts {
                let Some(refused) = receipt.refused else { continue };
                let text = marks
                    .get(&receipt.criterion.to_string())
                    .map_or("", String::as_str);
                wrong.get_or_insert(match refused {
                    AppError::Refused {
                        refusal: Refusal::Invalid { fault, .. },
                    } => misplaced(receipt.criterion, fault, text),
                    other => other,
                });
            }
        }
        if remark.trim() != sheet.remark {
            let text = remark;
            let act = StageAct::SetRemark {
                team,
                run,
                revision: remark_revision + 1,
                text,
            };
            house()
                .execute(
                    &visit,
                    &view.contest,
                    Command::Stage {
                        round,
                        act,
                        seen: None,
                    },
                )
                .await?;
        }
        if let Some(wrong) = wrong {
            return Err(wrong);
        }
        let look = if to.as_deref() == Some("nop") {
            "&nop=1"
        } else {
            "&luu=1"
        };
        Ok(format!("/giam-khao?phan={round}&doi={team}{look}"))
    })
    .await
}

/// Hands a judge's sheet in.
#[server(prefix = "/api/fn", endpoint = "hand_in_sheet")]
pub async fn hand_in_sheet(
    round: u32,
    team: u32,
    #[server(default)] run: Option<u32>,
) -> Result<(), AppError> {
    own(
        round,
        team,
        StageAct::HandInSheet {
            team: TeamId(team),
            run,
        },
    )
    .await
}

/// A judge asks for his sheet to be opened again.
#[server(prefix = "/api/fn", endpoint = "ask_reopening")]
pub async fn ask_reopening(round: u32, team: u32, reason: String) -> Result<(), AppError> {
    own(
        round,
        team,
        StageAct::AskReopening {
            team: TeamId(team),
            reason,
        },
    )
    .await
}

/// An act of the table or the chief judge. `act` is the button's name; the other fields are those that
/// it needs. `seen` is the stamp of the page: nobody confirms or overwrites what he has not seen.
#[server(prefix = "/api/fn", endpoint = "run_stage")]
#[allow(clippy::too_many_arguments, reason = "the fields of a dozen small forms")]
pub async fn run_stage(
    contest: String,
    round: u32,
    act: String,
    #[server(default)] team: Option<u32>,
    #[server(default)] judge: Option<i64>,
    #[server(default)] points: Option<String>,
    #[server(default)] reason: Option<String>,
    #[server(default)] seen: Option<u64>,
) -> Result<(), AppError> {
    super::act(async move {
        let (id, round) = (contest_id(&contest)?, RoundId(round));
        let reason = reason.filter(|reason| !reason.trim().is_empty());
        let because = || reason.clone().ok_or(Refusal::ReasonNeeded);
        let the_team = || team.map(TeamId).ok_or(AppError::NotFound);
        let the_judge = || judge.map(PersonId).ok_or(AppError::NotFound);
        let act = match act.as_str() {
            "call" => StageAct::Call { team: the_team()? },
            "start" => StageAct::StartClock { team: the_team()? },
            "pause" => StageAct::PauseClock { team: the_team()? },
            "stop" => StageAct::StopClock { team: the_team()? },
            "absent" => StageAct::MarkAbsent {
                team: the_team()?,
                reason: because()?,
            },
            "present" => StageAct::MarkPresent { team: the_team()? },
            "repeat" => StageAct::Repeat {
                team: the_team()?,
                reason: because()?,
            },
            "judge_absent" => StageAct::MarkJudgeAbsent {
                judge: the_judge()?,
                team: the_team()?,
                reason: because()?,
            },
            "judge_present" => StageAct::MarkJudgePresent {
                judge: the_judge()?,
                team: the_team()?,
            },
            "deduct" => {
                let points =
                    read_points(points.as_deref().unwrap_or_default())?.ok_or_else(|| bad("points"))?;
                StageAct::SetDeduction {
                    team: the_team()?,
                    points,
                    reason,
                }
            }
            "waive" => StageAct::WaiveDeduction {
                team: the_team()?,
                reason: because()?,
            },
            "correct" => {
                let points =
                    read_points(points.as_deref().unwrap_or_default())?.ok_or_else(|| bad("points"))?;
                StageAct::CorrectDeduction {
                    team: the_team()?,
                    points,
                    reason: because()?,
                }
            }
            "agree" => {
                let points =
                    read_points(points.as_deref().unwrap_or_default())?.ok_or_else(|| bad("points"))?;
                StageAct::AgreeCorrection {
                    team: the_team()?,
                    points,
                }
            }
            "drop" => StageAct::DropCorrection {
                team: the_team()?,
                reason: because()?,
            },
            "reopen" => StageAct::ReopenSheet {
                team: the_team()?,
                judge: the_judge()?,
                reason: because()?,
            },
            "note" => StageAct::NoteSpread {
                team: the_team()?,
                note: because()?,
            },
            "confirm" => StageAct::Confirm {
                team: team.map(TeamId),
            },
            "withdraw" => StageAct::WithdrawMark {
                team: the_team()?,
                reason: because()?,
            },
            "conflict" => StageAct::DeclareConflict {
                judge: the_judge()?,
                team: the_team()?,
                reason: because()?,
            },
            "no_conflict" => StageAct::LiftConflict {
                judge: the_judge()?,
                team: the_team()?,
                reason: because()?,
            },
            "publish" => StageAct::Publish,
            _ => return Err(bad("act")),
        };
        house()
            .execute(&visit(), &id, Command::Stage { round, act, seen })
            .await?;
        Ok(came_from(&paths::stage(&id, round)))
    })
    .await
}

/// Who judges the round, and who leads them.
#[server(prefix = "/api/fn", endpoint = "set_panel")]
pub async fn set_panel(
    contest: String,
    round: u32,
    #[server(default)] judges: Vec<i64>,
    #[server(default)] chief: Option<i64>,
    #[server(default)] reason: Option<String>,
    #[server(default)] seen: Option<u64>,
) -> Result<(), AppError> {
    act(async move {
        let (id, round) = (contest_id(&contest)?, RoundId(round));
        let chief = PersonId(chief.ok_or_else(|| bad("members"))?);
        let judges = judges.into_iter().map(PersonId).collect();
        let act = StageAct::SetPanel {
            judges,
            chief,
            reason,
        };
        house()
            .execute(&visit(), &id, Command::Stage { round, act, seen })
            .await?;
        Ok(paths::stage(&id, round))
    })
    .await
}

/// Seals a draw (`seal`; anew with a reason) or opens the sealed one (`open`); `of` is `order` or `packs`.
#[server(prefix = "/api/fn", endpoint = "draw_lots")]
pub async fn draw_lots(
    contest: String,
    round: u32,
    of: String,
    step: String,
    #[server(default)] reason: Option<String>,
) -> Result<(), AppError> {
    act(async move {
        let (id, round) = (contest_id(&contest)?, RoundId(round));
        let of = if of == "packs" {
            DrawOf::Packs
        } else {
            DrawOf::Order
        };
        match step.as_str() {
            "seal" => house().seal_draw(&visit(), &id, round, of, reason).await?,
            "open" => house().open_draw(&visit(), &id, round, of).await?,
            _ => return Err(bad("act")),
        };
        Ok(came_from(&paths::draw(&id, round)))
    })
    .await
}

/// The running order typed in: from paper lots before the first team is called, a change afterwards
/// (and, as the rules have it, wherever the machine has drawn).
/// `places[team]` is the team's place, from 1.
#[server(prefix = "/api/fn", endpoint = "enter_order")]
pub async fn enter_order(
    contest: String,
    round: u32,
    places: BTreeMap<String, u32>,
    reason: String,
    #[server(default)] seen: Option<u64>,
) -> Result<(), AppError> {
    act(async move {
        let (id, round) = (contest_id(&contest)?, RoundId(round));
        let mut lots: Vec<(u32, TeamId)> = Vec::new();
        for (team, place) in places {
            lots.push((place, team.parse().map_err(|_| AppError::NotFound)?));
        }
        lots.sort_unstable();
        if lots.windows(2).any(|pair| pair[0].0 == pair[1].0) {
            return Err(Refusal::invalid(Field::Order, Fault::Duplicate).into());
        }
        let order: Vec<TeamId> = lots.into_iter().map(|(_, team)| team).collect();
        let visit = visit();
        let (panel, _) = house().panel_view(&visit, &id, round).await?;
        let begun = panel.teams.iter().any(|line| line.run > 0);
        let act = if begun {
            StageAct::ChangeOrder { order, reason }
        } else {
            StageAct::EnterOrder { order, reason }
        };
        house()
            .execute(&visit, &id, Command::Stage { round, act, seen })
            .await?;
        Ok(came_from(&paths::draw(&id, round)))
    })
    .await
}

/// The packs typed in from paper lots: `packs[team]` is the pack's number.
#[server(prefix = "/api/fn", endpoint = "enter_packs")]
pub async fn enter_packs(
    contest: String,
    round: u32,
    packs: BTreeMap<String, u32>,
    reason: String,
    #[server(default)] seen: Option<u64>,
) -> Result<(), AppError> {
    act(async move {
        let (id, round) = (contest_id(&contest)?, RoundId(round));
        let mut list = Vec::new();
        for (team, pack) in packs {
            list.push((team.parse().map_err(|_| AppError::NotFound)?, pack));
        }
        let act = StageAct::EnterPacks { packs: list, reason };
        house()
            .execute(&visit(), &id, Command::Stage { round, act, seen })
            .await?;
        Ok(came_from(&paths::draw(&id, round)))
    })
    .await
}

/// A prize by the committee's choice.
#[server(prefix = "/api/fn", endpoint = "give_award")]
pub async fn give_award(
    contest: String,
    award: u32,
    #[server(default)] teams: Vec<u32>,
    reason: String,
) -> Result<(), AppError> {
    act(async move {
        let id = contest_id(&contest)?;
        let teams = teams.into_iter().map(TeamId).collect();
        house()
            .execute(&visit(), &id, Command::GiveAward { award, teams, reason })
            .await?;
        Ok(paths::awards(&id))
    })
    .await
}

/// Writes a complaint of a team down.
#[server(prefix = "/api/fn", endpoint = "file_appeal")]
pub async fn file_appeal(contest: String, team: u32, text: String) -> Result<(), AppError> {
    act(async move {
        let id = contest_id(&contest)?;
        let team = TeamId(team);
        house()
            .execute(&visit(), &id, Command::FileAppeal { team, text })
            .await?;
        Ok(came_from(&paths::awards(&id)))
    })
    .await
}

/// The committee's answer to a complaint.
#[server(prefix = "/api/fn", endpoint = "answer_appeal")]
pub async fn answer_appeal(
    contest: String,
    appeal: u32,
    upheld: bool,
    reason: String,
) -> Result<(), AppError> {
    act(async move {
        let id = contest_id(&contest)?;
        house()
            .execute(
                &visit(),
                &id,
                Command::AnswerAppeal {
                    appeal,
                    upheld,
                    reason,
                },
            )
            .await?;
        Ok(paths::awards(&id))
    })
    .await
}

/// A judge's act on his own sheet.
async fn own(round: u32, team: u32, deed: StageAct) -> Result<(), AppError> {
    act(async move {
        let visit: Visit = visit();
        let id = visit.contest.clone().ok_or(AppError::SignIn)?;
        let round = RoundId(round);
        house()
            .execute(
                &visit,
                &id,
                Command::Stage {
                    round,
                    act: deed,
                    seen: None,
                },
            )
            .await?;
        Ok(format!("/giam-khao?phan={round}&doi={team}"))
    })
    .await
}

/// A mark that cannot stand, told beside its field with what was typed there.
fn misplaced(criterion: u32, fault: Fault, text: &str) -> AppError {
    AppError::Misplaced {
        place: format!("marks[{criterion}]"),
        fault,
        text: text.chars().take(20).collect(),
    }
}

/// `8,5` or `8.5`; nothing is blank.
fn read_points(text: &str) -> Result<Option<Points>, AppError> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    text.parse()
        .map(Some)
        .map_err(|_| Refusal::invalid(Field::Mark, Fault::NotANumber).into())
}
