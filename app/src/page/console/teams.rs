//! `/hoi-thi/{id}/doi`: the teams.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use contest::{Contest, TeamId, intake::LONGEST_CLUSTER, people::Team};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::parts::{Sure, UploadForm, act, contest_field, contest_param, desk, field, imported, note, query};
use crate::api::imports::UploadFile;
use crate::api::teams::{AddTeams, ChangeTeam, RemoveTeam};
use crate::backend::house;
use crate::icon::{Icon, icon};
use crate::layout::{ErrorNote, Place, StaffLayout, form_error, paths, served};
use crate::words::{Locale, request_locale, td_string};

/// The page. `?sua=3` opens team 3 for editing.
#[component]
pub fn Teams() -> impl IntoView {
    let locale = request_locale();
    let id = contest_param();
    let editing = query("sua").map(TeamId);
    served(async move {
        let id = id?;
        let desk = desk(&id).await?;
        let contest = desk.contest.clone();
        let members = house().head_count(&desk.visit, &id).await?.teams;
        let frozen = contest.opened_at.is_some();
        let organizer = desk.organizer;
        Ok(view! {
            <StaffLayout title=td_string!(locale, console.teams) contest=contest.clone() place=Place::Teams>
                {imported(locale)}
                <ErrorNote form=ChangeTeam::url() contest=contest.clone() />
                <ErrorNote form=RemoveTeam::url() contest=contest.clone() />
                <div class=if organizer { "split" } else { "stack" }>
                    {table(locale, &contest, &members, organizer, editing)}
                    {organizer.then(|| view! {
                        <aside class="stack" aria-label=td_string!(locale, console.add_teams)>
                            {if frozen {
                                note("", Icon::Lock, td_string!(locale, console.teams_frozen)).into_any()
                            } else {
                                adding(locale, &contest).into_any()
                            }}
                        </aside>
                    })}
                </div>
            </StaffLayout>
        }
        .into_any())
    })
}

fn table(
    locale: Locale,
    contest: &Arc<Contest>,
    members: &BTreeMap<TeamId, u32>,
    organizer: bool,
    editing: Option<TeamId>,
) -> AnyView {
    if contest.teams.is_empty() {
        return view! { <p class="empty">{td_string!(locale, console.no_teams)}</p> }.into_any();
    }
    let rows = contest
        .teams
        .values()
        .map(|team| {
            let count = members.get(&team.id).copied().unwrap_or(0);
            if organizer && editing == Some(team.id) {
                edited(locale, contest, team, count).into_any()
            } else {
                shown(locale, contest, team, count, organizer).into_any()
            }
        })
        .collect_view();
    view! {
        <div class="table-wrap tall" role="region" tabindex="0" aria-label=td_string!(locale, console.teams)>
            <table class="table">
                <caption>{td_string!(locale, console.n_teams, n = contest.teams.len())}</caption>
                <thead>
                    <tr>
                        <th scope="col" class="number">{td_string!(locale, console.no)}</th>
                        <th scope="col">{td_string!(locale, console.team_name)}</th>
                        <th scope="col">{td_string!(locale, field.unit)}</th>
                        <th scope="col" class="number">{td_string!(locale, common.role_contestant)}</th>
                        {organizer.then(|| view! { <th scope="col"><span class="unseen">{td_string!(locale, console.acts)}</span></th> })}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn shown(
    locale: Locale,
    contest: &Arc<Contest>,
    team: &Team,
    members: u32,
    organizer: bool,
) -> impl IntoView + use<> {
    let id = contest.id.clone();
    let (number, name) = (team.id, team.name.clone());
    let frozen = contest.opened_at.is_some();
    let cluster = Some(team.cluster.clone()).filter(|cluster| !cluster.is_empty());
    view! {
        <tr id=format!("t{number}")>
            <td class="number">{number.0}</td>
            <th scope="row">
                {team.name.clone()}
                {cluster.map(|cluster| view! { <div class="soft small">{cluster}</div> })}
            </th>
            <td>{team.unit.clone()}</td>
            <td class="number">
                <a
                    href=format!("{}?vai=contestant&doi={number}", paths::people(&id))
                    aria-label=td_string!(locale, console.members_of, n = members, name = name.as_str())
                >
                    {members}
                </a>
            </td>
            {organizer.then(|| view! {
                <td>
                    <div class="acts">
                        <a
                            class="button quiet small"
                            href=format!("?sua={number}#t{number}")
                            aria-label=td_string!(locale, console.edit_named, name = name.as_str())
                        >
                            {icon(Icon::Edit)}{td_string!(locale, common.edit)}
                        </a>
                        {(!frozen).then(|| {
                            Sure {
                                drawing: Icon::Trash,
                                words: td_string!(locale, common.remove),
                                danger: true,
                                label: Some(td_string!(locale, console.remove_named, name = name.as_str())),
                                action: RemoveTeam::url(),
                                contest: &id,
                                about: ("team", number.to_string()),
                                question: td_string!(locale, console.sure_remove, name = name.as_str()),
                            }
                            .view()
                        })}
                    </div>
                </td>
            })}
        </tr>
    }
}

fn edited(locale: Locale, contest: &Arc<Contest>, team: &Team, members: u32) -> impl IntoView + use<> {
    let (id, number) = (contest.id.clone(), team.id);
    let (frozen, cluster) = (contest.opened_at.is_some(), team.cluster.clone());
    let known: BTreeSet<&str> = contest.teams.values().map(|team| &*team.cluster).collect();
    let clusters = known.into_iter().filter(|cluster| !cluster.is_empty());
    let clusters = clusters
        .map(|cluster| view! { <option value=cluster.to_owned()></option> })
        .collect_view();
    // A form cannot stand around the cells of a row: its fields name it instead.
    view! {
        <tr id=format!("t{number}") class="edited">
            <td class="number">{number.0}</td>
            <th scope="row" class="inline-field">
                <input
                    form="sua"
                    name="name"
                    required
                    maxlength="120"
                    autofocus
                    aria-label=td_string!(locale, console.team_name)
                    value=team.name.clone()
                />
                {if frozen {
                    (!cluster.is_empty()).then(|| view! { <div class="soft small">{cluster}</div> }).into_any()
                } else {
                    view! {
                        <input
                            form="sua"
                            name="cluster"
                            maxlength=LONGEST_CLUSTER.to_string()
                            list="cac-khoi"
                            placeholder=td_string!(locale, console.cluster)
                            aria-label=td_string!(locale, console.cluster)
                            value=cluster
                        />
                        <datalist id="cac-khoi">{clusters}</datalist>
                    }
                    .into_any()
                }}
            </th>
            <td class="inline-field">
                <input
                    form="sua"
                    name="unit"
                    maxlength="160"
                    aria-label=td_string!(locale, field.unit)
                    value=team.unit.clone()
                />
            </td>
            <td class="number">{members}</td>
            <td>
                <form id="sua" method="post" action=ChangeTeam::url() class="acts">
                    {contest_field(&id)}
                    <input type="hidden" name="team" value=number.0 />
                    <button type="submit" class="button small">{td_string!(locale, common.save)}</button>
                    <a class="button quiet small" href=paths::teams(&id)>{td_string!(locale, common.cancel)}</a>
                </form>
            </td>
        </tr>
    }
}

fn adding(locale: Locale, contest: &Arc<Contest>) -> impl IntoView + use<> {
    let id = contest.id.clone();
    let empty = contest.teams.is_empty();
    let typed = form_error(AddTeams::url()).is_some();
    view! {
        {act(
            Icon::Upload,
            td_string!(locale, console.import_teams),
            empty || form_error(UploadFile::url()).is_some(),
            view! {
                <div class="inside">
                    <p class="soft small">{td_string!(locale, console.import_teams_hint)}</p>
                    <UploadForm locale contest=id.clone() kind="teams" />
                </div>
            },
        )}
        {act(
            Icon::Plus,
            td_string!(locale, console.add_teams),
            typed,
            view! {
                <form method="post" action=AddTeams::url()>
                    <ErrorNote form=AddTeams::url() contest=contest.clone() />
                    {contest_field(&id)}
                    {field(
                        "cac-doi",
                        td_string!(locale, console.team_lines),
                        view! {
                            <textarea id="cac-doi" name="lines" rows="6" required aria-describedby="cac-doi-y">
                            </textarea>
                            <p class="hint" id="cac-doi-y">{td_string!(locale, console.team_lines_hint)}</p>
                        },
                    )}
                    <div>
                        <button type="submit" class="button">{icon(Icon::Plus)}{td_string!(locale, common.add)}</button>
                    </div>
                </form>
            },
        )}
    }
}
