//! `/hoi-thi/{id}/nguoi`: who enters by a code, and on which device.

use std::sync::Arc;

use contest::{Contest, Moment, PersonId, TeamId, actor::Role};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::device::device;
use super::parts::{
    Sure, act, contest_field, contest_param, desk, field, option, pages, query, save_or_back, web_form,
};
use crate::api::people::{AddPerson, ChangePerson, ReleaseDevice, RemovePerson};
use crate::backend::{HeadCount, Person, Roll, Wanted, house};
use crate::icon::{Icon, icon};
use crate::island::exam_live::ExamLive;
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
    let page = query("trang").unwrap_or(1);
    served(async move {
        let id = id?;
        let desk = desk(&id).await?;
        let contest = desk.contest.clone();
        let heads = house().head_count(&desk.visit, &id).await?;
        let edited = match editing.filter(|_| desk.organizer) {
            Some(person) => Some(house().person(&desk.visit, &id, person).await?),
            None => None,
        };
        let wanted = Wanted {
            role,
            team,
            search,
            page,
        };
        let roll = house().roll(&desk.visit, &id, wanted.clone()).await?;
        Ok(view! {
            <StaffLayout title=td_string!(locale, console.people) contest=contest.clone() place=Place::People>
                <ExamLive locale=locale source=format!("/api/contests/{id}/staff/events") />
                {tabs(locale, &contest, role, &heads)}
                <ErrorNote form=ReleaseDevice::url() />
                <ErrorNote form=RemovePerson::url() contest=contest.clone() />
                <div class=if desk.organizer { "split" } else { "stack" }>
                    <div class="stack">
                        {filter(locale, &contest, &wanted)}
                        <div data-live="nguoi" class="stack">
                            {table(locale, &contest, &wanted, &roll, desk.organizer)}
                        </div>
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

fn tabs(locale: Locale, contest: &Contest, here: Role, heads: &HeadCount) -> impl IntoView + use<> {
    let tabs = Role::ALL
        .into_iter()
        .map(|role| {
            view! {
                <li>
                    <a
                        href=format!("{}?vai={}", paths::people(&contest.id), role.as_str())
                        aria-current=(role == here).then_some("page")
                    >
                        {words_of::role(locale, role)}
                        <span class="badge">{words_of::number(locale, heads.of(role).into())}</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="tabs" aria-label=td_string!(locale, field.role)><ul>{tabs}</ul></nav>
    }
}

fn filter(locale: Locale, contest: &Contest, wanted: &Wanted) -> impl IntoView + use<> {
    let Wanted {
        role, team, search, ..
    } = wanted.clone();
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
                    value=search
                    placeholder=td_string!(locale, console.search_person)
                />
            </div>
            <button type="submit" class="button quiet">{icon(Icon::Search)}{td_string!(locale, common.search)}</button>
        </form>
    }
}

fn table(locale: Locale, contest: &Arc<Contest>, wanted: &Wanted, roll: &Roll, organizer: bool) -> AnyView {
    let role = wanted.role;
    if roll.people.is_empty() {
        return view! { <p class="empty">{td_string!(locale, console.nobody)}</p> }.into_any();
    }
    let contestant = role.in_a_team();
    let count = roll.found;
    let rows = roll
        .people
        .iter()
        .cloned()
        .map(|person| row(locale, contest, person, roll.now, organizer))
        .collect_view();
    let team = wanted.team.map(|team| team.to_string()).unwrap_or_default();
    // As a browser would write the fields of the form above.
    let search = web_form(&wanted.search);
    let pages = pages(locale, roll.page, roll.pages, |page| {
        let role = role.as_str();
        format!(
            "{}?vai={role}&doi={team}&tim={search}&trang={page}",
            paths::people(&contest.id)
        )
    });
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
        {pages}
    }
    .into_any()
}

fn row(
    locale: Locale,
    contest: &Arc<Contest>,
    person: Person,
    now: Moment,
    organizer: bool,
) -> impl IntoView + use<> {
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
            <td>{device(locale, &person, now)}</td>
            <td>
                <div class="acts">
                    {has_device.then(|| {
                        Sure {
                            drawing: Icon::Device,
                            words: td_string!(locale, console.release),
                            danger: false,
                            label: Some(td_string!(locale, console.release_named, name = name.as_str())),
                            action: ReleaseDevice::url(),
                            contest: &id,
                            about: ("person_id", number.to_string()),
                            question: td_string!(locale, console.sure_release, name = name.as_str()),
                        }
                        .view()
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
                {save_or_back(locale, back)}
            </form>
            {Sure {
                drawing: Icon::Trash,
                words: td_string!(locale, common.remove),
                danger: true,
                label: None,
                action: RemovePerson::url(),
                contest: &id,
                about: ("person_id", number.to_string()),
                question: td_string!(locale, console.sure_remove, name = person.name.as_str()),
            }
            .view()}
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
