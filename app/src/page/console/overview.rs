//! `/hoi-thi/{id}`: where the contest stands, the one next step, what is ready and what is not.

use std::sync::Arc;

use contest::{Blocker, Contest, actor::Role, exam::ExamPhase};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::contests::details_fields;
use super::exam::{blockers_list, step_words};
use super::parts::{act, contest_field, contest_param, desk, field, option};
use crate::api::contests::{AddOrganizer, ChangeDetails, RemoveOrganizer};
use crate::backend::{Account, ExamConsole, NextStep, house};
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
        let count = |role: Role| u64::from(heads.of(role));
        let (contestants, secretaries) = (count(Role::Contestant), count(Role::Secretary));
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
                        {checklist(locale, &contest, contestants, secretaries, bank)}
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

fn checklist(
    locale: Locale,
    contest: &Arc<Contest>,
    contestants: u64,
    secretaries: u64,
    bank: Option<u32>,
) -> impl IntoView + use<> {
    let id = &contest.id;
    let teams = contest.teams.len() as u64;
    let line = |done: bool, href: String, what: &'static str, state: String| {
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
    let papers = rules
        .into_iter()
        .flat_map(|rules| &rules.rounds)
        .filter(|round| round.exam().is_some())
        .map(|round| {
            let phase = contest.exam(round.id).map(|exam| exam.phase).unwrap_or_default();
            view! {
                <li class="check" class:done=phase != ExamPhase::Draft>
                    {icon(if phase == ExamPhase::Draft { Icon::Alert } else { Icon::Check })}
                    <a href=paths::exam(id, round.id)>{round.name.clone()}</a>
                    <span class="soft">{words_of::exam_phase(locale, phase)}</span>
                </li>
            }
        })
        .collect_view();
    let many = |n: u64| words_of::number(locale, n);
    view! {
        <section class="card" aria-labelledby="viec">
            <h2 id="viec">{td_string!(locale, console.checklist)}</h2>
            <ul class="checks">
                {line(
                    teams > 0,
                    paths::teams(id),
                    td_string!(locale, console.teams),
                    td_string!(locale, console.n_teams, n = many(teams)),
                )}
                {line(
                    contestants > 0,
                    paths::people(id),
                    td_string!(locale, console.people),
                    td_string!(
                        locale, console.n_people, n = many(contestants), m = many(secretaries)
                    ),
                )}
                {bank.map(|total| line(
                    total > 0,
                    paths::questions(id),
                    td_string!(locale, console.questions),
                    td_string!(locale, console.n_questions, n = many(total.into())),
                ))}
                {line(
                    rounds > 0,
                    paths::rules(id),
                    td_string!(locale, console.rules),
                    td_string!(locale, console.n_rounds, n = rounds),
                )}
                {papers}
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
                <dd>{details.starts_at.map(dates::date_time)}</dd>
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
