//! `/hoi-thi/{id}`: where the contest stands, the one next step, what is ready and what is not.

use std::sync::Arc;

use contest::{Blocker, Contest, actor::Role, exam::ExamPhase, stage::Stage};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::contests::details_fields;
use super::exam::{blockers_list, step_words};
use super::parts::{act, contest_field, contest_param, desk, field, option};
use crate::api::contests::{AddOrganizer, ChangeDetails, RemoveOrganizer};
use crate::backend::{Account, ExamConsole, HeadCount, NextStep, house};
use crate::dates;
use crate::icon::{Icon, icon};
use crate::layout::{ErrorNote, Place, StaffLayout, form_error, paths, served};
use crate::words::{Locale, request_locale, td_string};
use crate::words_of;

/// The page.
#[component]
pub fn Overview() -> impl IntoView {
    let locale = request_locale();
    let id = contest_param();
    served(async move {
        let id = id?;
        let desk = desk(&id).await?;
        let (house, visit, contest) = (house(), &desk.visit, desk.contest.clone());
        let heads = house.head_count(visit, &id).await?;
        let bank = if desk.organizer {
            Some(house.bank_summary(visit, &id).await?.total)
        } else {
            None
        };
        let next = current_round(&contest);
        let console = match next {
            Some(round) => Some(house.exam_console(visit, &id, round).await?),
            None => None,
        };
        let accounts = if desk.organizer {
            house.accounts(visit).await?
        } else {
            vec![]
        };
        let title = td_string!(locale, console.overview);
        Ok(view! {
            <StaffLayout title=title contest=contest.clone() place=Place::Overview>
                <div class="split">
                    <div class="stack">
                        {next_step(locale, &contest, console.as_ref())}
                        {checklist(locale, &contest, &heads, bank)}
                    </div>
                    <aside class="stack" aria-label=td_string!(locale, console.about)>
                        {about(locale, &contest)}
                        {desk.organizer.then(|| changes(locale, &contest, accounts))}
                    </aside>
                </div>
            </StaffLayout>
        }
        .into_any())
    })
}

/// The exam round that is next to be worked on.
fn current_round(contest: &Contest) -> Option<contest::RoundId> {
    let rules = contest.rules()?;
    let open = contest.open_exam().map(|(id, _)| id);
    open.or_else(|| {
        let mut exams = rules.rounds.iter().filter(|round| round.exam().is_some());
        exams
            .find(|round| {
                contest
                    .exam(round.id)
                    .is_some_and(|e| e.phase != ExamPhase::Published)
            })
            .map(|round| round.id)
    })
}

fn next_step(locale: Locale, contest: &Arc<Contest>, console: Option<&ExamConsole>) -> impl IntoView + use<> {
    let id = &contest.id;
    let Some(console) = console else {
        if let Some(stage) = next_stage(locale, contest) {
            return stage;
        }
        return view! {
            <section class="card next" aria-labelledby="tiep">
                <h2 id="tiep">{td_string!(locale, console.next_step)}</h2>
                <p>{td_string!(locale, console.all_published)}</p>
                <p>
                    <a class="button large" href=paths::board(id)>
                        {icon(Icon::Trophy)}{td_string!(locale, console.see_board)}
                    </a>
                </p>
            </section>
        }
        .into_any();
    };
    // While papers cannot be built the next step is whatever is missing for them.
    let missing = (console.next == NextStep::Prepare)
        .then(|| console.blockers.first())
        .flatten();
    let (href, words) = match missing {
        Some(Blocker::NoTeams) => (paths::teams(id), td_string!(locale, console.go_teams)),
        Some(Blocker::NoContestants) => (paths::people(id), td_string!(locale, console.go_people)),
        Some(Blocker::Shortage { .. }) => (paths::questions(id), td_string!(locale, console.go_bank)),
        Some(Blocker::NoBlueprint) => (paths::rules(id), td_string!(locale, console.go_rules)),
        // A round that may not be closed yet is not closed by a large button: it is looked at.
        None if console.next == NextStep::Close && !console.blockers.is_empty() => (
            paths::exam(id, console.round.id),
            td_string!(locale, console.watch_round),
        ),
        _ => (
            paths::exam(id, console.round.id),
            step_words(locale, console.next),
        ),
    };
    view! {
        <section class="card next" aria-labelledby="tiep">
            <h2 id="tiep">{td_string!(locale, console.next_step)}</h2>
            <p>
                <strong>{console.round.name.clone()}</strong>
                " "
                <span class="badge">{words_of::exam_phase(locale, console.exam.phase)}</span>
            </p>
            <p>
                <a class="button large" href=href>{words}{icon(Icon::ArrowRight)}</a>
            </p>
            {blockers_list(locale, console.next, &console.blockers, contest)}
        </section>
    }
    .into_any()
}

/// The stage round that is next to be worked on: what it lacks, or its desk.
fn next_stage(locale: Locale, contest: &Contest) -> Option<AnyView> {
    let id = &contest.id;
    let mut rounds = contest.rules()?.rounds.iter();
    let (round, stage) = rounds.find_map(|round| {
        let stage = contest.stage(round.id).filter(|stage| !stage.published)?;
        Some((round, stage))
    })?;
    let (href, words) = if stage.chief.is_none() {
        (paths::stage(id, round.id), td_string!(locale, console.go_panel))
    } else if stage.order.is_empty() {
        (paths::draw(id, round.id), td_string!(locale, console.go_draw))
    } else {
        (paths::stage(id, round.id), td_string!(locale, console.go_stage))
    };
    Some(
        view! {
            <section class="card next" aria-labelledby="tiep">
                <h2 id="tiep">{td_string!(locale, console.next_step)}</h2>
                <p>
                    <strong>{round.name.clone()}</strong>
                    " "
                    <span class="badge">{stage_words(locale, &stage)}</span>
                </p>
                <p>
                    <a class="button large" href=href>{words}{icon(Icon::ArrowRight)}</a>
                </p>
            </section>
        }
        .into_any(),
    )
}

/// How far a stage round is.
fn stage_words(locale: Locale, stage: &Stage) -> &'static str {
    if stage.published {
        td_string!(locale, common.phase_published)
    } else if !stage.performances.is_empty() {
        td_string!(locale, console.stage_running)
    } else if stage.chief.is_none() {
        td_string!(locale, console.stage_no_panel)
    } else if stage.order.is_empty() {
        td_string!(locale, console.stage_no_order)
    } else {
        td_string!(locale, console.stage_ready)
    }
}

fn checklist(
    locale: Locale,
    contest: &Arc<Contest>,
    heads: &HeadCount,
    bank: Option<u32>,
) -> impl IntoView + use<> {
    let id = &contest.id;
    let count = |role: Role| u64::from(heads.of(role));
    let teams = contest.teams.len() as u64;
    let line = |done: bool, href: String, what: String, state: String| {
        view! {
            <li class="check" class:done=done>
                {icon(if done { Icon::Check } else { Icon::Alert })}
                <a href=href>{what}</a>
                <span class="soft">{state}</span>
            </li>
        }
    };
    let rules = contest.rules();
    let rounds = rules.map_or(0, |rules| rules.rounds.len());
    let staged = rules
        .into_iter()
        .flat_map(|rules| &rules.rounds)
        .any(|round| round.stage().is_some());
    let each = rules
        .into_iter()
        .flat_map(|rules| &rules.rounds)
        .map(|round| match contest.stage(round.id) {
            Some(stage) => line(
                stage.chief.is_some() && !stage.order.is_empty(),
                paths::stage(id, round.id),
                round.name.clone(),
                stage_words(locale, &stage).to_owned(),
            ),
            None => {
                let phase = contest.exam(round.id).map(|exam| exam.phase).unwrap_or_default();
                line(
                    phase != ExamPhase::Draft,
                    paths::exam(id, round.id),
                    round.name.clone(),
                    words_of::exam_phase(locale, phase).to_owned(),
                )
            }
        })
        .collect_view();
    let people = |role: Role, name: &'static str, words: String| {
        let href = format!("{}?vai={}", paths::people(id), role.as_str());
        line(count(role) > 0, href, name.to_owned(), words)
    };
    let many = |n: u64| words_of::number(locale, n);
    view! {
        <section class="card" aria-labelledby="viec">
            <h2 id="viec">{td_string!(locale, console.checklist)}</h2>
            <ul class="checks">
                {line(
                    teams > 0,
                    paths::teams(id),
                    td_string!(locale, console.teams).to_owned(),
                    td_string!(locale, console.n_teams, n = many(teams)),
                )}
                {line(
                    count(Role::Contestant) > 0,
                    paths::people(id),
                    td_string!(locale, console.people).to_owned(),
                    td_string!(locale, console.n_people, n = many(count(Role::Contestant))),
                )}
                {bank.map(|total| line(
                    total > 0,
                    paths::questions(id),
                    td_string!(locale, console.questions).to_owned(),
                    td_string!(locale, console.n_questions, n = many(total.into())),
                ))}
                {line(
                    rounds > 0,
                    paths::rules(id),
                    td_string!(locale, console.rules).to_owned(),
                    td_string!(locale, console.n_rounds, n = rounds),
                )}
                {staged.then(|| people(
                    Role::Judge,
                    td_string!(locale, console.judges),
                    td_string!(locale, console.n_judges, n = many(count(Role::Judge))),
                ))}
                {people(
                    Role::Secretary,
                    td_string!(locale, console.secretaries),
                    td_string!(locale, console.n_secretaries, n = many(count(Role::Secretary))),
                )}
                {line(
                    count(Role::Screen) > 0,
                    paths::screens(id),
                    td_string!(locale, hall.title).to_owned(),
                    td_string!(locale, console.n_screens, n = many(count(Role::Screen))),
                )}
                {each}
            </ul>
        </section>
    }
}

fn about(locale: Locale, contest: &Contest) -> impl IntoView + use<> {
    let details = &contest.details;
    view! {
        <section class="card" aria-labelledby="ve">
            <h2 id="ve">{td_string!(locale, console.about)}</h2>
            <dl class="facts">
                <dt>{td_string!(locale, console.state)}</dt>
                <dd>{words_of::contest_phase(locale, contest.phase())}</dd>
                <dt>{td_string!(locale, console.hosts)}</dt>
                <dd>{details.hosts.iter().map(|host| view! { <div>{host.clone()}</div> }).collect_view()}</dd>
                <dt>{td_string!(locale, console.place)}</dt>
                <dd>{details.place.clone()}</dd>
                <dt>{td_string!(locale, console.starts_at)}</dt>
                <dd>
                    {match details.starts_at {
                        Some(at) => view! { {dates::date_time(at)} }.into_any(),
                        None => view! { <span class="soft">{td_string!(locale, console.not_set)}</span> }.into_any(),
                    }}
                </dd>
            </dl>
            <ul class="links">
                <li><a href=paths::board(&contest.id)>{icon(Icon::Screen)}{td_string!(locale, console.open_board)}</a></li>
                {Role::ALL
                    .into_iter()
                    .map(|role| {
                        let words = td_string!(
                            locale, console.cards_of, role = words_of::role(locale, role).to_lowercase()
                        );
                        view! { <li><a href=paths::cards(&contest.id, role)>{icon(Icon::Printer)}{words}</a></li> }
                    })
                    .collect_view()}
            </ul>
        </section>
    }
}

fn changes(locale: Locale, contest: &Arc<Contest>, accounts: Vec<Account>) -> impl IntoView + use<> {
    let id = &contest.id;
    let (inside, outside): (Vec<Account>, Vec<Account>) = accounts
        .into_iter()
        .partition(|account| contest.organizers.contains(&account.id));
    let single = inside.len() == 1;
    let members = inside
        .into_iter()
        .map(|account| {
            let id = id.clone();
            view! {
                <li class="row between">
                    <span class="row">{icon(Icon::User)}{account.name.clone()}</span>
                    {(!single).then(|| view! {
                        <form method="post" action=RemoveOrganizer::url()>
                            {contest_field(&id)}
                            <input type="hidden" name="user" value=account.id.0 />
                            <button
                                type="submit"
                                class="button danger small"
                                aria-label=td_string!(locale, console.remove_named, name = account.name)
                            >
                                {td_string!(locale, common.remove)}
                            </button>
                        </form>
                    })}
                </li>
            }
        })
        .collect_view();
    let organizers_open =
        form_error(AddOrganizer::url()).is_some() || form_error(RemoveOrganizer::url()).is_some();
    view! {
        {act(
            Icon::Edit,
            td_string!(locale, console.edit_details),
            form_error(ChangeDetails::url()).is_some(),
            view! {
                <form method="post" action=ChangeDetails::url()>
                    <ErrorNote form=ChangeDetails::url() />
                    {contest_field(id)}
                    {details_fields(locale, &contest.details)}
                    <div><button type="submit" class="button">{td_string!(locale, common.save)}</button></div>
                </form>
            },
        )}
        {act(
            Icon::Users,
            td_string!(locale, console.committee),
            organizers_open,
            view! {
                <div class="inside">
                    <ErrorNote form=RemoveOrganizer::url() />
                    <ul class="links">{members}</ul>
                    {if outside.is_empty() {
                        view! {
                            <p class="soft small">
                                {td_string!(locale, console.no_other_accounts)} " "
                                <a href="/tai-khoan">{td_string!(locale, console.accounts)}</a>
                            </p>
                        }
                            .into_any()
                    } else {
                        view! {
                            <form method="post" action=AddOrganizer::url() class="stack">
                                <ErrorNote form=AddOrganizer::url() />
                                {contest_field(id)}
                                {field(
                                    "them-btc",
                                    td_string!(locale, console.add_organizer),
                                    view! {
                                        <select id="them-btc" name="user" required>
                                            {outside
                                                .into_iter()
                                                .map(|account| option(account.id.to_string(), account.name, false))
                                                .collect_view()}
                                        </select>
                                    },
                                )}
                                <div>
                                    <button type="submit" class="button">
                                        {icon(Icon::Plus)}{td_string!(locale, common.add)}
                                    </button>
                                </div>
                            </form>
                        }
                            .into_any()
                    }}
                </div>
            },
        )}
    }
}
