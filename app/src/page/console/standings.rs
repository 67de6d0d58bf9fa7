//! `/hoi-thi/{id}/tong-hop`: the standings as the staff sees them, with every mark, and ties to decide.

use std::collections::BTreeMap;
use std::sync::Arc;

use contest::{
    Contest, TeamId,
    audience::{Board, BoardRow},
    exam::ExamPhase,
    rules::TieBreak,
    standing::{equals, parted_by},
};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::parts::{act, contest_field, contest_param, desk, note};
use crate::api::contests::{DecideTie, SharePlace};
use crate::backend::house;
use crate::icon::{Icon, icon};
use crate::layout::{ErrorNote, Place, StaffLayout, form_error, paths, served};
use crate::words::{Locale, request_locale, td_string};
use crate::words_of;

/// The page.
#[component]
pub fn Standings() -> impl IntoView {
    let locale = request_locale();
    let id = contest_param();
    served(async move {
        let id = id?;
        let desk = desk(&id).await?;
        let contest = desk.contest.clone();
        let board = house().board(&desk.visit, &id).await?;
        let hidden = board
            .rounds
            .iter()
            .any(|round| round.marks_shown && round.phase.is_some_and(|phase| phase != ExamPhase::Published));
        Ok(view! {
            <StaffLayout title=td_string!(locale, console.standing) contest=contest.clone() place=Place::Standings>
                {hidden.then(|| note("warning", Icon::Lock, td_string!(locale, console.unpublished)))}
                {contest.other_finalists().map(|teams| {
                    let teams = words_of::team_names(locale, &teams, Some(&contest));
                    note("warning", Icon::Info, td_string!(locale, console.finalists_kept, teams = teams))
                })}
                {table(locale, &contest, &board)}
                {desk.organizer.then(|| ties(locale, &contest, &board))}
            </StaffLayout>
        }
        .into_any())
    })
}

fn table(locale: Locale, contest: &Contest, board: &Board) -> AnyView {
    if board.rows.is_empty() {
        return view! { <p class="empty">{td_string!(locale, console.no_teams)}</p> }.into_any();
    }
    let points = |points: Option<contest::Points>| {
        points.map_or_else(|| "–".to_owned(), |points| words_of::points(locale, points))
    };
    let heads = board
        .rounds
        .iter()
        .map(|round| {
            let phase = round.phase.map(|phase| words_of::exam_phase(locale, phase));
            view! {
                <th scope="col" class="number">
                    {round.name.clone()}
                    {phase.map(|phase| view! { <div class="small">{phase}</div> })}
                </th>
            }
        })
        .collect_view();
    let rows = board
        .rows
        .iter()
        .map(|row| {
            let marks = row
                .marks
                .iter()
                .map(|mark| view! { <td class="number">{points(*mark)}</td> })
                .collect_view();
            let label = td_string!(locale, console.explain_of, name = row.name.as_str());
            view! {
                <tr>
                    <td class="rank">
                        <strong>{row.rank.map_or_else(|| "–".to_owned(), |rank| rank.to_string())}</strong>
                        {row.tied.then(|| view! {
                            " " <span class="badge warning">{td_string!(locale, console.tied)}</span>
                        })}
                    </td>
                    <th scope="row">{row.name.clone()}</th>
                    {marks}
                    <td class="number"><strong>{points(row.total)}</strong></td>
                    <td>
                        {row.total.is_some().then(|| view! {
                            <a
                                class="button quiet small"
                                href=paths::explain(&contest.id, row.team)
                                aria-label=label
                            >
                                {icon(Icon::Eye)}{td_string!(locale, console.explain)}
                            </a>
                        })}
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="table-wrap" role="region" tabindex="0" aria-label=td_string!(locale, console.standing)>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col" class="rank">{td_string!(locale, console.rank)}</th>
                        <th scope="col">{td_string!(locale, field.team)}</th>
                        {heads}
                        <th scope="col" class="number">{td_string!(locale, console.total)}</th>
                        <th scope="col"><span class="unseen">{td_string!(locale, console.acts)}</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// A form for each group of equals.
fn ties(locale: Locale, contest: &Arc<Contest>, board: &Board) -> impl IntoView + use<> {
    let mut groups: BTreeMap<u32, Vec<&BoardRow>> = BTreeMap::new();
    for row in board.rows.iter().filter(|row| row.tied) {
        if let Some(rank) = row.rank {
            groups.entry(rank).or_default().push(row);
        }
    }
    let by_decision = contest
        .rules()
        .is_some_and(|rules| rules.tie_breaks.contains(&TieBreak::Decision));
    // What was decided may be decided anew: an order is soon mistyped.
    let decided: Vec<Vec<&BoardRow>> = equals(contest)
        .into_iter()
        .filter(|teams| parted_by(contest, teams[0], teams[1]) == Some(TieBreak::Decision))
        .map(|teams| {
            board
                .rows
                .iter()
                .filter(|row| teams.contains(&row.team))
                .collect()
        })
        .collect();
    if groups.is_empty() && decided.is_empty() {
        return ().into_any();
    }
    if !by_decision {
        return note("", Icon::Info, td_string!(locale, console.ties_stay)).into_any();
    }
    let failed = form_error(DecideTie::url()).is_some() || form_error(SharePlace::url()).is_some();
    let forms = groups
        .into_iter()
        .map(|(rank, rows)| tie_form(locale, contest, rank, &rows, false, failed))
        .collect_view();
    let again = decided
        .into_iter()
        .filter_map(|rows| {
            Some(tie_form(
                locale,
                contest,
                rows.first()?.rank?,
                &rows,
                true,
                failed,
            ))
        })
        .collect_view();
    view! {
        <section class="stack" aria-labelledby="bang-nhau">
            <h2 id="bang-nhau">{td_string!(locale, console.ties)}</h2>
            <ErrorNote form=DecideTie::url() contest=contest.clone() />
            <ErrorNote form=SharePlace::url() contest=contest.clone() />
            {forms}
            {again}
        </section>
    }
    .into_any()
}

fn tie_form(
    locale: Locale,
    contest: &Arc<Contest>,
    rank: u32,
    rows: &[&BoardRow],
    decided: bool,
    open: bool,
) -> impl IntoView + use<> {
    let count = rows.len();
    let fields = rows
        .iter()
        .enumerate()
        .map(|(i, row)| {
            let id = format!("thu-tu-{}", row.team);
            view! {
                <div class="row tie-row inline-field">
                    <input type="hidden" name=format!("team[{i}]") value=row.team.0 />
                    <input
                        id=id.clone()
                        type="number"
                        inputmode="numeric"
                        min="1"
                        max=count
                        required
                        name=format!("place[{i}]")
                        value=decided.then_some(i + 1)
                    />
                    <label for=id>{row.name.clone()}</label>
                </div>
            }
        })
        .collect_view();
    act(
        Icon::Flag,
        if decided {
            td_string!(locale, console.tie_again, n = count, rank = rank)
        } else {
            td_string!(locale, console.tie_at, n = count, rank = rank)
        },
        open,
        view! {
            <form method="post" action=DecideTie::url()>
                {contest_field(&contest.id)}
                <p>{td_string!(locale, console.tie_hint)}</p>
                {fields}
                {super::parts::reason_field(locale, format!("ly-do-hang-{rank}"))}
                <div>
                    <button type="submit" class="button">{icon(Icon::Check)}{td_string!(locale, console.record_order)}</button>
                </div>
            </form>
            {share_form(locale, contest, rank, rows)}
        },
    )
}

/// The other answer to a tie: nobody of them is better. Not for the first place where the rules want one
/// winner.
fn share_form(locale: Locale, contest: &Contest, rank: u32, rows: &[&BoardRow]) -> Option<AnyView> {
    let sole = contest.rules().is_some_and(|rules| rules.sole_winner);
    let teams: Vec<TeamId> = rows.iter().map(|row| row.team).collect();
    if contest.shares_place(&teams) && rows.iter().all(|row| row.rank == Some(rank)) {
        return Some(view! { <p class="soft">{td_string!(locale, console.shared)}</p> }.into_any());
    }
    (!sole || rank > 1).then(|| {
        let teams = teams
            .iter()
            .enumerate()
            .map(|(i, team)| view! { <input type="hidden" name=format!("teams[{i}]") value=team.0 /> })
            .collect_view();
        view! {
            <form method="post" action=SharePlace::url()>
                {contest_field(&contest.id)}
                {teams}
                <p>{td_string!(locale, console.share_hint)}</p>
                {super::parts::reason_field(locale, format!("ly-do-dong-hang-{rank}"))}
                <div>
                    <button type="submit" class="button quiet">{icon(Icon::Check)}{td_string!(locale, console.record_shared)}</button>
                </div>
            </form>
        }
        .into_any()
    })
}
