//! `/hoi-thi/{id}/nguoi`: who enters by a code, and on which device.

use std::sync::Arc;

use contest::{Contest, PersonId, TeamId, actor::Role};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::parts::{act, contest_field, contest_param, desk, field, option, query};
use crate::api::people::{AddPerson, ChangePerson, ReleaseDevice, RemovePerson};
use crate::backend::{Person, house};
use crate::dates;
use crate::icon::{Icon, icon};
use crate::layout::{ErrorNote, Place, StaffLayout, form_error, paths, served};
use crate::words::{Locale, request_locale, td_string};
use crate::words_of;

/// The page. `?vai=judge` shows judges, `?doi=3` the members of team 3, `?sua=12` opens somebody for editing.
#[component]
pub fn People() -> impl IntoView {
    let locale = request_locale();
    let id = contest_param();
    let role = query::<String>("vai")
        .and_then(|word| Role::named(&word))
        .unwrap_or(Role::Contestant);
    let team = query("doi").map(TeamId);
    let editing = query("sua").map(PersonId);
    let search = query::<String>("tim").unwrap_or_default();
    served(async move {
        let id = id?;
        let desk = desk(&id).await?;
        let contest = desk.contest.clone();
        let everybody = house().people(&desk.visit, &id, None).await?;
        let counts = Role::ALL.map(|role| (role, everybody.iter().filter(|p| p.role == role).count()));
        let edited = everybody
            .iter()
            .find(|person| Some(person.id) == editing && desk.organizer)
            .cloned();
        let wanted = contest::intake::key(&search);
        let shown: Vec<Person> = everybody
            .into_iter()
            .filter(|person| person.role == role && (team.is_none() || person.team == team))
            .filter(|person| {
                wanted.is_empty()
                    || person.sbd == search.trim()
                    || contest::intake::key(&person.name).contains(&wanted)
            })
            .collect();
        Ok(view! {
            <StaffLayout title=td_string!(locale, console.people) contest=contest.clone() place=Place::People>
                {tabs(locale, &contest, role, &counts)}
                <ErrorNote form=ReleaseDevice::url() />
                <ErrorNote form=RemovePerson::url() contest=contest.clone() />
                <div class=if desk.organizer { "split" } else { "stack" }>
                    <div class="stack">
                        {filter(locale, &contest, role, team, &search)}
                        {table(locale, &contest, role, shown, desk.organizer)}
                    </div>
                    {desk.organizer.then(|| view! {
                        <aside class="stack" aria-label=td_string!(locale, console.add_person)>
                            {edited.map(|person| changing(locale, &contest, person))}
                            {adding(locale, &contest, role, team)}
                            <p>
                                <a class="button quiet" href=paths::cards(&contest.id, role)>
                                    {icon(Icon::Printer)}
                                    {td_string!(
                                        locale,
                                        console.cards_of,
                                        role = words_of::role(locale, role).to_lowercase()
                                    )}
                                </a>
                            </p>
                        </aside>
                    })}
                </div>
            </StaffLayout>
        }
        .into_any())
    })
}

fn tabs(locale: Locale, contest: &Contest, here: Role, counts: &[(Role, usize)]) -> impl IntoView + use<> {
    let tabs = counts
        .iter()
        .map(|(role, count)| {
            view! {
                <li>
                    <a
                        href=format!("{}?vai={}", paths::people(&contest.id), role.as_str())
                        aria-current=(*role == here).then_some("page")
                    >
                        {words_of::role(locale, *role)}
                        <span class="badge">{*count}</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="tabs" aria-label=td_string!(locale, field.role)><ul>{tabs}</ul></nav>
    }
}

fn filter(
    locale: Locale,
    contest: &Contest,
    role: Role,
    team: Option<TeamId>,
    search: &str,
) -> impl IntoView + use<> {
    let teams = role.in_a_team().then(|| {
        view! {
            <div class="inline-field">
                <label class="unseen" for="loc-doi">{td_string!(locale, field.team)}</label>
                <select id="loc-doi" name="doi">
                    {option("", td_string!(locale, console.all_teams), team.is_none())}
                    {contest
                        .teams
                        .values()
                        .map(|t| option(t.id.to_string(), t.name.clone(), team == Some(t.id)))
                        .collect_view()}
                </select>
            </div>
        }
    });
    view! {
        <form method="get" class="row" role="search">
            <input type="hidden" name="vai" value=role.as_str() />
            {teams}
            <div class="inline-field">
                <label class="unseen" for="loc-tim">{td_string!(locale, console.search_person)}</label>
                <input
                    id="loc-tim"
                    type="search"
                    name="tim"
                    value=search.to_owned()
                    placeholder=td_string!(locale, console.search_person)
                />
            </div>
            <button type="submit" class="button quiet">{icon(Icon::Search)}{td_string!(locale, common.search)}</button>
        </form>
    }
}

fn table(
    locale: Locale,
    contest: &Arc<Contest>,
    role: Role,
    people: Vec<Person>,
    organizer: bool,
) -> AnyView {
    if people.is_empty() {
        return view! { <p class="empty">{td_string!(locale, console.nobody)}</p> }.into_any();
    }
    let contestant = role.in_a_team();
    let count = people.len();
    let rows = people
        .into_iter()
        .map(|person| row(locale, contest, person, organizer))
        .collect_view();
    view! {
        <div class="table-wrap tall" role="region" tabindex="0" aria-label=words_of::role(locale, role)>
            <table class="table">
                <caption>{td_string!(locale, console.n_shown, n = count)}</caption>
                <thead>
                    <tr>
                        {contestant.then(|| view! { <th scope="col">{td_string!(locale, console.sbd)}</th> })}
                        <th scope="col">{td_string!(locale, console.full_name)}</th>
                        {contestant.then(|| view! { <th scope="col">{td_string!(locale, field.team)}</th> })}
                        <th scope="col">{td_string!(locale, console.code)}</th>
                        <th scope="col">{td_string!(locale, console.device)}</th>
                        <th scope="col"><span class="unseen">{td_string!(locale, console.acts)}</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(locale: Locale, contest: &Arc<Contest>, person: Person, organizer: bool) -> impl IntoView + use<> {
    let id = contest.id.clone();
    let number = person.id;
    let name = person.name.clone();
    let contestant = person.role.in_a_team();
    let team = person
        .team
        .map(|team| words_of::team_name(locale, team, Some(contest)));
    let has_device = person.device.is_some();
    let edit = format!("?vai={}&sua={number}", person.role.as_str());
    view! {
        <tr id=format!("p{number}")>
            {contestant.then(|| view! { <td class="sbd">{person.sbd.clone()}</td> })}
            <th scope="row">
                {person.name.clone()}
                {(!person.post.is_empty()).then(|| view! { <div class="soft small">{person.post.clone()}</div> })}
            </th>
            {contestant.then(|| view! { <td>{team}</td> })}
            <td class="nowrap"><code>{person.code.clone()}</code></td>
            <td>{device(locale, &person)}</td>
            <td>
                <div class="acts">
                    {has_device.then(|| view! {
                        <details class="sure">
                            <summary
                                class="button quiet small"
                                aria-label=td_string!(locale, console.release_named, name = name.as_str())
                            >
                                {icon(Icon::Device)}{td_string!(locale, console.release)}
                            </summary>
                            <form method="post" action=ReleaseDevice::url()>
                                {contest_field(&id)}
                                <input type="hidden" name="person_id" value=number.0 />
                                <p>{td_string!(locale, console.sure_release, name = name.as_str())}</p>
                                <button type="submit" class="button small">
                                    {td_string!(locale, console.release)}
                                </button>
                            </form>
                        </details>
                    })}
                    {organizer.then(|| view! {
                        <a
                            class="button quiet small"
                            href=edit
                            aria-label=td_string!(locale, console.edit_named, name = name.as_str())
                        >
                            {icon(Icon::Edit)}{td_string!(locale, common.edit)}
                        </a>
                    })}
                </div>
            </td>
        </tr>
    }
}

/// On what a person is, when it was last heard and what it has not sent yet.
pub fn device(locale: Locale, person: &Person) -> impl IntoView + use<> {
    let Some(label) = person.device.clone() else {
        return view! { <span class="soft">{td_string!(locale, console.not_entered)}</span> }.into_any();
    };
    let seen = person
        .last_seen
        .map(|at| td_string!(locale, console.seen_at, at = dates::time(at)));
    view! {
        <div>{label}</div>
        <div class="soft small">{seen}</div>
        {(person.unsent > 0).then(|| view! {
            <span class="badge warning">
                {icon(Icon::WifiOff)}{td_string!(locale, console.n_unsent, n = person.unsent)}
            </span>
        })}
    }
    .into_any()
}

fn adding(locale: Locale, contest: &Arc<Contest>, role: Role, team: Option<TeamId>) -> impl IntoView + use<> {
    let id = contest.id.clone();
    let fields = person_fields(locale, contest, "them", role, None, team);
    act(
        Icon::Plus,
        td_string!(locale, console.add_person),
        form_error(AddPerson::url()).is_some(),
        view! {
            <form method="post" action=AddPerson::url()>
                <ErrorNote form=AddPerson::url() />
                {contest_field(&id)}
                {fields}
                <div>
                    <button type="submit" class="button">{icon(Icon::Plus)}{td_string!(locale, common.add)}</button>
                </div>
            </form>
        },
    )
}

fn changing(locale: Locale, contest: &Arc<Contest>, person: Person) -> impl IntoView + use<> {
    let id = contest.id.clone();
    let number = person.id.0;
    let fields = person_fields(locale, contest, "sua", person.role, Some(&person), person.team);
    let back = format!("{}?vai={}", paths::people(&id), person.role.as_str());
    view! {
        <section class="card" aria-labelledby="sua-ai">
            <h2 id="sua-ai">{td_string!(locale, console.edit_named, name = person.name.as_str())}</h2>
            <form method="post" action=ChangePerson::url() class="stack">
                <ErrorNote form=ChangePerson::url() />
                {contest_field(&id)}
                <input type="hidden" name="person_id" value=number />
                {fields}
                <div class="row">
                    <button type="submit" class="button">{td_string!(locale, common.save)}</button>
                    <a class="button quiet" href=back>{td_string!(locale, common.cancel)}</a>
                </div>
            </form>
            <details class="sure">
                <summary class="button danger small">{icon(Icon::Trash)}{td_string!(locale, common.remove)}</summary>
                <form method="post" action=RemovePerson::url()>
                    {contest_field(&id)}
                    <input type="hidden" name="person_id" value=number />
                    <p>{td_string!(locale, console.sure_remove, name = person.name.as_str())}</p>
                    <button type="submit" class="button small">{td_string!(locale, common.remove)}</button>
                </form>
            </details>
        </section>
    }
}

fn person_fields(
    locale: Locale,
    contest: &Contest,
    prefix: &'static str,
    role: Role,
    old: Option<&Person>,
    team: Option<TeamId>,
) -> impl IntoView + use<> {
    let of = |name: &str| format!("{prefix}-{name}");
    let contestant = role.in_a_team();
    let (name, sbd, post) = old.map_or_else(Default::default, |p| {
        (p.name.clone(), p.sbd.clone(), p.post.clone())
    });
    let teams = contest
        .teams
        .values()
        .map(|t| option(t.id.to_string(), t.name.clone(), team == Some(t.id)))
        .collect_view();
    view! {
        {if contestant && old.is_some() {
            field(
                of("vai"),
                td_string!(locale, field.role),
                view! {
                    <select id=of("vai") name="role">
                        {[Role::Contestant, Role::Reserve]
                            .map(|one| option(one.as_str(), words_of::role(locale, one), one == role))
                            .collect_view()}
                    </select>
                },
            )
            .into_any()
        } else {
            view! { <input type="hidden" name="role" value=role.as_str() /> }.into_any()
        }}
        {field(
            of("ten"),
            td_string!(locale, console.full_name),
            view! { <input id=of("ten") name="name" required maxlength="200" value=name autocomplete="off" /> },
        )}
        {contestant.then(|| view! {
            {field(
                of("doi"),
                td_string!(locale, field.team),
                view! {
                    <select id=of("doi") name="team" required>
                        {option("", td_string!(locale, console.choose_team), team.is_none())}
                        {teams}
                    </select>
                },
            )}
            {field(
                of("sbd"),
                td_string!(locale, field.sbd),
                view! {
                    <input
                        id=of("sbd")
                        name="sbd"
                        maxlength="20"
                        value=sbd
                        autocomplete="off"
                        aria-describedby=of("sbd-y")
                    />
                    <p class="hint" id=of("sbd-y")>{td_string!(locale, console.sbd_hint)}</p>
                },
            )}
        })}
        {field(
            of("chuc"),
            td_string!(locale, field.post),
            view! { <input id=of("chuc") name="post" maxlength="200" value=post autocomplete="off" /> },
        )}
    }
}
