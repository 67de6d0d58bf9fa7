//! `/hoi-thi/{id}/phan-thi/{round}`: running an exam round.

mod roll;

use std::sync::Arc;

use contest::{
    Blocker, Contest, Moment, PersonId, Points, RoundId, TeamId,
    exam::ExamPhase,
    rules::{ExamClock, ExamRules, Papers},
};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::moves::{moves_sum, moves_table};
use super::parts::{
    act, contest_field, contest_param, desk, minutes_field, note, param, query, reason_field,
};
use crate::api::exams::{
    AdmitLate, CloseExam, GrantTime, MarkExam, OpenExam, PauseExam, PrepareExam, PublishExam, ReopenExam,
    ResumeExam,
};
use crate::api::people::ReleaseDevice;
use crate::backend::{AttemptLine, ExamConsole, Move, NextStep, WantedAttempts, house};
use crate::dates;
use crate::icon::{Icon, icon};
use crate::island::exam_live::ExamLive;
use crate::layout::{ErrorNote, Place, StaffLayout, form_error, paths, served};
use crate::words::{Locale, request_locale, td_string};
use crate::words_of;

/// The page. `?nguoi=12` opens what can be done for one contestant, `?doi=3` shows one team,
/// `?trang=2` a later page of the list.
#[component]
pub fn ExamPage() -> impl IntoView {
    let locale = request_locale();
    let id = contest_param();
    let round = param::<RoundId>("round");
    let person = query("nguoi").map(PersonId);
    let wanted = WantedAttempts {
        team: query("doi").map(TeamId),
        person: None,
        page: query("trang").unwrap_or(1),
    };
    served(async move {
        let (id, round) = (id?, round?);
        let desk = desk(&id).await?;
        let contest = desk.contest.clone();
        let console = house().exam_console(&desk.visit, &id, round).await?;
        let page = Page {
            locale,
            contest: contest.clone(),
            organizer: desk.organizer,
            round,
        };
        let roll = house().attempts(&desk.visit, &id, round, wanted).await?;
        let selected = match person {
            Some(_) => {
                let one = WantedAttempts {
                    person,
                    ..WantedAttempts::default()
                };
                house().attempts(&desk.visit, &id, round, one).await?.lines.pop()
            }
            None => None,
        };
        // Once there are marks, letting late answers count moves somebody perhaps.
        let moves = match &selected {
            Some(line) if desk.organizer && console.exam.phase == ExamPhase::Marked && may_admit(line) => {
                Some(house().preview_late(&desk.visit, &id, round, line.person).await?)
            }
            _ => None,
        };
        let title = console.round.name.clone();
        Ok(view! {
            <StaffLayout title=title contest=contest.clone() place=Place::Round(round)>
                <ExamLive
                    locale=locale
                    source=format!("/api/contests/{id}/staff/events")
                />
                {page.steps(console.exam.phase)}
                <div class="split exam">
                    <div class="stack">
                        <div data-live="trang-thai" class="stack">{page.state(&console)}</div>
                        <div data-live="thi-sinh" class="stack">{page.attempts(&console, &roll, wanted, person)}</div>
                    </div>
                    <aside class="stack" aria-label=td_string!(locale, console.acts)>
                        {selected.map(|line| page.person(&console, line, moves))}
                        <div data-live="viec" class="stack">{page.acts(&console)}</div>
                        <div data-live="doi" class="stack">{page.teams(&console)}</div>
                    </aside>
                </div>
            </StaffLayout>
        }
        .into_any())
    })
}

/// What every part of the page needs to know.
struct Page {
    locale: Locale,
    contest: Arc<Contest>,
    organizer: bool,
    round: RoundId,
}

impl Page {
    fn hidden(&self) -> impl IntoView + use<> {
        view! {
            {contest_field(&self.contest.id)}
            <input type="hidden" name="round" value=self.round.0 />
        }
    }

    /// Where the round stands among its phases.
    fn steps(&self, now: ExamPhase) -> impl IntoView + use<> {
        let locale = self.locale;
        let phases = [
            ExamPhase::Draft,
            ExamPhase::Prepared,
            ExamPhase::Open,
            ExamPhase::Closed,
            ExamPhase::Marked,
            ExamPhase::Published,
        ];
        let steps = phases
            .map(|phase| {
                view! {
                    <li class:here=phase == now class:past=phase < now aria-current=(phase == now).then_some("step")>
                        {(phase < now).then(|| icon(Icon::Check))}
                        {match phase {
                            ExamPhase::Draft => td_string!(locale, console.step_draft),
                            phase => words_of::exam_phase(locale, phase),
                        }}
                    </li>
                }
            })
            .collect_view();
        view! {
            <ol class="exam-steps" data-live="buoc" aria-label=td_string!(locale, console.exam_steps)>{steps}</ol>
        }
    }

    /// The clock, how far all are, and the one next step with what is in its way.
    fn state(&self, console: &ExamConsole) -> impl IntoView + use<> {
        let locale = self.locale;
        let exam = &console.exam;
        let open = exam.phase == ExamPhase::Open;
        view! {
            <section class="card exam-now" aria-labelledby="bay-gio">
                <h2 id="bay-gio" class="unseen">{td_string!(locale, console.now)}</h2>
                {open.then(|| self.clock(console))}
                {(exam.phase > ExamPhase::Draft).then(|| self.sums(console))}
                {(exam.phase == ExamPhase::Draft).then(|| summary(locale, console))}
                {self.next(console)}
            </section>
            {[
                PrepareExam::url(), OpenExam::url(), MarkExam::url(), PublishExam::url(), ResumeExam::url(),
            ]
                .map(|form| view! { <ErrorNote form=form contest=self.contest.clone() /> })
                .collect_view()}
        }
    }

    fn clock(&self, console: &ExamConsole) -> impl IntoView + use<> {
        let locale = self.locale;
        let (ends, paused) = (ends_at(console), console.exam.paused_at.is_some());
        let left = ends.map(|end| end - console.now);
        let words = match (paused, console.exam.prepared.as_ref().map(|p| p.rules.clock)) {
            (true, _) => td_string!(locale, console.clock_paused),
            (false, Some(ExamClock::Own)) => td_string!(locale, console.clock_last),
            (false, _) => td_string!(locale, console.clock_left),
        };
        view! {
            <div class="exam-clock" class:paused=paused>
                <span class="soft">{words}</span>
                <time
                    class="exam-clock-time"
                    data-clock=""
                    data-now=console.now
                    data-ends=ends.filter(|_| !paused)
                >
                    {left.map_or_else(|| "--:--".to_owned(), dates::clock)}
                </time>
                <span class="soft small">
                    {ends
                        .filter(|_| !paused)
                        .map(|end| td_string!(locale, console.ends_at, at = dates::time(end)))}
                </span>
            </div>
        }
    }

    fn sums(&self, console: &ExamConsole) -> impl IntoView + use<> {
        let locale = self.locale;
        let sums = console.sums;
        let sum = |n: u32, of: Option<u32>, words: &'static str, alarm: bool| {
            view! {
                <div class="sum" class:alarm={alarm && n > 0}>
                    <dt>{words}</dt>
                    <dd>{n} {of.map(|of| view! { <span class="soft">" / " {of}</span> })}</dd>
                </div>
            }
        };
        view! {
            <dl class="sums">
                {sum(sums.started, Some(sums.all), td_string!(locale, console.started), false)}
                {sum(sums.handed_in, Some(sums.all), td_string!(locale, console.handed_in), false)}
                {(sums.absent > 0).then(|| sum(sums.absent, None, td_string!(locale, console.absent), false))}
                {sum(sums.unsent, None, td_string!(locale, console.with_unsent), true)}
                {sum(sums.late, None, td_string!(locale, console.with_late), true)}
            </dl>
        }
    }

    /// The one large action.
    fn next(&self, console: &ExamConsole) -> impl IntoView + use<> {
        let locale = self.locale;
        let hidden = self.hidden();
        let blocked = !console.blockers.is_empty();
        let words = step_words(locale, console.next);
        let post = |action: &'static str, drawing: Icon| {
            view! {
                <form method="post" action=action class="primary">
                    {hidden}
                    <button type="submit" class="button large" disabled=blocked>{icon(drawing)}{words}</button>
                </form>
            }
            .into_any()
        };
        let action = match console.next {
            _ if !self.organizer => {
                view! { <p class="soft">{td_string!(locale, console.organizer_next)}</p> }.into_any()
            }
            NextStep::Prepare => post(PrepareExam::url(), Icon::Book),
            NextStep::Open => post(OpenExam::url(), Icon::Play),
            NextStep::Close if blocked => self.close_early(),
            NextStep::Close => post(CloseExam::url(), Icon::Stop),
            NextStep::Mark => post(MarkExam::url(), Icon::Check),
            NextStep::Publish => post(PublishExam::url(), Icon::Megaphone),
            NextStep::Nothing => view! {
                <p>
                    <a class="button large" href=paths::board(&self.contest.id)>
                        {icon(Icon::Trophy)}{td_string!(locale, console.see_board)}
                    </a>
                </p>
            }
            .into_any(),
        };
        view! {
            {action}
            {blockers_list(locale, console.next, &console.blockers, &self.contest)}
        }
    }

    /// Closing while something stands against it: with a reason.
    fn close_early(&self) -> AnyView {
        let locale = self.locale;
        act(
            Icon::Stop,
            td_string!(locale, console.close_early),
            form_error(CloseExam::url()).is_some(),
            view! {
                <form method="post" action=CloseExam::url()>
                    <ErrorNote form=CloseExam::url() contest=self.contest.clone() />
                    {self.hidden()}
                    <p>{td_string!(locale, console.close_early_hint)}</p>
                    {reason_field(locale, "ly-do-dong")}
                    <div>
                        <button type="submit" class="button">{icon(Icon::Stop)}{td_string!(locale, console.step_close)}</button>
                    </div>
                </form>
            },
        )
        .into_any()
    }

    /// What else can be done to the round now.
    fn acts(&self, console: &ExamConsole) -> impl IntoView + use<> {
        let locale = self.locale;
        let id = &self.contest.id;
        let phase = console.exam.phase;
        let paused = console.exam.paused_at.is_some();
        let open = phase == ExamPhase::Open;
        let after = phase >= ExamPhase::Prepared;
        view! {
            {(open && !paused).then(|| act(
                Icon::Pause,
                td_string!(locale, console.pause),
                form_error(PauseExam::url()).is_some(),
                view! {
                    <form method="post" action=PauseExam::url()>
                        <ErrorNote form=PauseExam::url() contest=self.contest.clone() />
                        {self.hidden()}
                        <p>{td_string!(locale, console.pause_hint)}</p>
                        {reason_field(locale, "ly-do-dung")}
                        <div>
                            <button type="submit" class="button">{icon(Icon::Pause)}{td_string!(locale, console.pause)}</button>
                        </div>
                    </form>
                },
            ))}
            {(open && paused).then(|| view! {
                <form method="post" action=ResumeExam::url()>
                    {self.hidden()}
                    <button type="submit" class="button large wide">
                        {icon(Icon::Play)}{td_string!(locale, console.resume)}
                    </button>
                </form>
            })}
            {(self.organizer && phase == ExamPhase::Prepared).then(|| act(
                Icon::Undo,
                td_string!(locale, console.prepare_again),
                false,
                view! {
                    <form method="post" action=PrepareExam::url()>
                        {self.hidden()}
                        <p>{td_string!(locale, console.prepare_again_hint)}</p>
                        <div>
                            <button type="submit" class="button">{td_string!(locale, console.prepare_again)}</button>
                        </div>
                    </form>
                },
            ))}
            {(self.organizer && matches!(phase, ExamPhase::Closed | ExamPhase::Marked)).then(|| act(
                Icon::Undo,
                td_string!(locale, console.reopen),
                form_error(ReopenExam::url()).is_some(),
                view! {
                    <form method="post" action=ReopenExam::url()>
                        <ErrorNote form=ReopenExam::url() contest=self.contest.clone() />
                        {self.hidden()}
                        <p>{td_string!(locale, console.reopen_hint)}</p>
                        {minutes_field(locale, "phut-mo-lai")}
                        {reason_field(locale, "ly-do-mo-lai")}
                        <div>
                            <button type="submit" class="button">{icon(Icon::Undo)}{td_string!(locale, console.reopen)}</button>
                        </div>
                    </form>
                },
            ))}
            {(self.organizer && phase == ExamPhase::Marked).then(|| act(
                Icon::Check,
                td_string!(locale, console.mark_again),
                false,
                view! {
                    <form method="post" action=MarkExam::url()>
                        {self.hidden()}
                        <p>{td_string!(locale, console.mark_again_hint)}</p>
                        <div><button type="submit" class="button">{td_string!(locale, console.mark_again)}</button></div>
                    </form>
                },
            ))}
            <ul class="links">
                {(self.organizer && after).then(|| view! {
                    <li>
                        <a href=paths::corrections(id, self.round)>
                            {icon(Icon::Edit)}{td_string!(locale, console.corrections)}
                        </a>
                    </li>
                })}
                {(phase >= ExamPhase::Marked).then(|| view! {
                    <li><a href=paths::standings(id)>{icon(Icon::Trophy)}{td_string!(locale, console.standing)}</a></li>
                })}
                <li><a href=paths::people(id)>{icon(Icon::Device)}{td_string!(locale, console.people)}</a></li>
                <li><a href=paths::board(id)>{icon(Icon::Screen)}{td_string!(locale, console.open_board)}</a></li>
            </ul>
        }
    }

    /// How far each team is.
    fn teams(&self, console: &ExamConsole) -> Option<AnyView> {
        let locale = self.locale;
        let questions = console.exam.prepared.as_ref()?.rules.blueprint.count();
        let href = paths::exam(&self.contest.id, self.round);
        let rows = self
            .contest
            .teams
            .values()
            .map(|team| {
                let progress = console.progress.0.get(&team.id).copied().unwrap_or_default();
                let asked = progress.contestants * questions;
                let gathered = console.gathered.get(&team.id).copied().unwrap_or_default();
                view! {
                    <li class="team-progress">
                        <a href=format!("{href}?doi={}", team.id)>{team.name.clone()}</a>
                        <span class="soft small number">
                            {td_string!(
                                locale, console.n_handed_in, n = gathered.handed_in, of = progress.contestants
                            )}
                            {(gathered.absent > 0).then(|| {
                                td_string!(locale, console.n_absent, n = gathered.absent)
                            })}
                        </span>
                        <progress
                            max=asked.max(1)
                            value=progress.answered
                            aria-label=td_string!(
                                locale,
                                console.answered_of,
                                name = team.name.as_str(),
                                n = progress.answered,
                                of = asked
                            )
                        ></progress>
                    </li>
                }
            })
            .collect_view();
        Some(
            view! {
                <section class="card" aria-labelledby="tung-doi">
                    <h2 id="tung-doi">{td_string!(locale, console.by_team)}</h2>
                    <ul class="team-progresses">{rows}</ul>
                </section>
            }
            .into_any(),
        )
    }

    /// What can be done for one contestant; `moves` are what admitting his late answers would change.
    fn person(
        &self,
        console: &ExamConsole,
        line: AttemptLine,
        moves: Option<Vec<Move>>,
    ) -> impl IntoView + use<> {
        let locale = self.locale;
        let id = &self.contest.id;
        let phase = console.exam.phase;
        let person = line.person;
        let may_grant = matches!(phase, ExamPhase::Prepared | ExamPhase::Open)
            && line.handed_in.is_none_or(|_| line.by_server);
        let may_admit = self.organizer
            && matches!(phase, ExamPhase::Open | ExamPhase::Closed | ExamPhase::Marked)
            && may_admit(&line);
        let hidden = || {
            view! {
                {self.hidden()}
                <input type="hidden" name="person" value=person.0 />
            }
        };
        view! {
            <section class="card person" id="nguoi" aria-labelledby="nguoi-ten">
                <div class="row between">
                    <h2 id="nguoi-ten">{line.sbd.clone()} " " {line.name.clone()}</h2>
                    <a
                        class="button quiet small"
                        href=paths::exam(id, self.round)
                        aria-label=td_string!(locale, console.close_panel)
                    >
                        {icon(Icon::Close)}
                    </a>
                </div>
                <dl class="facts">
                    <dt>{td_string!(locale, console.started_at)}</dt>
                    <dd>{line.started_at.map_or_else(|| "–".into(), dates::time)}</dd>
                    <dt>{td_string!(locale, console.deadline)}</dt>
                    <dd>{line.deadline.map_or_else(|| "–".into(), dates::time)}</dd>
                    <dt>{td_string!(locale, console.extra)}</dt>
                    <dd>{words_of::duration(locale, line.extra)}</dd>
                    <dt>{td_string!(locale, console.late_answers)}</dt>
                    <dd>{td_string!(locale, console.late_counts, late = line.late, too_late = line.too_late)}</dd>
                </dl>
                <ErrorNote form=GrantTime::url() contest=self.contest.clone() />
                <ErrorNote form=AdmitLate::url() contest=self.contest.clone() />
                <ErrorNote form=ReleaseDevice::url() />
                {may_grant.then(|| act(
                    Icon::Clock,
                    td_string!(locale, console.grant),
                    true,
                    view! {
                        <form method="post" action=GrantTime::url()>
                            {hidden()}
                            {minutes_field(locale, "phut-bu")}
                            {reason_field(locale, "ly-do-bu")}
                            <div>
                                <button type="submit" class="button">{icon(Icon::Clock)}{td_string!(locale, console.grant)}</button>
                            </div>
                        </form>
                    },
                ))}
                {may_admit.then(|| act(
                    Icon::Check,
                    td_string!(locale, console.admit),
                    false,
                    view! {
                        <form method="post" action=AdmitLate::url()>
                            {hidden()}
                            <p>{td_string!(locale, console.admit_hint, n = line.too_late)}</p>
                            {moves.map(|moves| view! { {moves_sum(locale, &moves)} {moves_table(locale, &moves)} })}
                            {reason_field(locale, "ly-do-nhan")}
                            <div>
                                <button type="submit" class="button">{icon(Icon::Check)}{td_string!(locale, console.admit)}</button>
                            </div>
                        </form>
                    },
                ))}
                {act(
                    Icon::Device,
                    td_string!(locale, console.release),
                    false,
                    view! {
                        <form method="post" action=ReleaseDevice::url()>
                            {contest_field(id)}
                            <input type="hidden" name="person_id" value=person.0 />
                            <p>{td_string!(locale, console.sure_release, name = line.name.as_str())}</p>
                            <div><button type="submit" class="button">{td_string!(locale, console.release)}</button></div>
                        </form>
                    },
                )}
                {line.points.is_some().then(|| view! {
                    <p>
                        <a class="button quiet" href=paths::paper(id, self.round, person)>
                            {icon(Icon::Eye)}{td_string!(locale, console.see_paper)}
                        </a>
                    </p>
                })}
            </section>
        }
    }
}

/// The end of the common time; with own times the latest end of those who still write.
fn ends_at(console: &ExamConsole) -> Option<Moment> {
    let rules = &console.exam.prepared.as_ref()?.rules;
    match rules.clock {
        // Nobody has this id: the time of one without a grant.
        ExamClock::Common => console.exam.deadline(PersonId(0), None, console.now),
        ExamClock::Own => console.last_deadline,
    }
}

/// What the papers will be, before they are built.
fn summary(locale: Locale, console: &ExamConsole) -> Option<AnyView> {
    let rules: &ExamRules = console.round.exam()?;
    let papers = match rules.papers {
        Papers::Variants(n) => td_string!(locale, console.n_variants, n = n),
        Papers::Personal => td_string!(locale, console.personal_papers).to_owned(),
    };
    let right = words_of::points(locale, rules.right);
    let most = Points(rules.right.0 * i64::from(rules.blueprint.count()));
    Some(
        view! {
            <dl class="facts">
                <dt>{td_string!(locale, console.questions)}</dt>
                <dd>{rules.blueprint.count()}</dd>
                <dt>{td_string!(locale, field.duration)}</dt>
                <dd>{words_of::duration(locale, rules.duration)}</dd>
                <dt>{td_string!(locale, console.paper)}</dt>
                <dd>{papers}</dd>
                <dt>{td_string!(locale, field.points)}</dt>
                <dd>{td_string!(locale, console.points_each, each = right, most = words_of::points(locale, most))}</dd>
            </dl>
        }
        .into_any(),
    )
}

/// Whether there are late answers that do not count yet.
fn may_admit(line: &AttemptLine) -> bool {
    line.too_late > 0 && !line.admitted
}

/// What the large button says.
pub fn step_words(locale: Locale, step: NextStep) -> &'static str {
    match step {
        NextStep::Prepare => td_string!(locale, console.step_prepare),
        NextStep::Open => td_string!(locale, console.step_open),
        NextStep::Close => td_string!(locale, console.step_close),
        NextStep::Mark => td_string!(locale, console.step_mark),
        NextStep::Publish => td_string!(locale, console.step_publish),
        NextStep::Nothing => td_string!(locale, console.see_board),
    }
}

/// What is in the way, and where to mend it.
pub fn blockers_list(
    locale: Locale,
    next: NextStep,
    blockers: &[Blocker],
    contest: &Arc<Contest>,
) -> Option<AnyView> {
    if blockers.is_empty() {
        return None;
    }
    let id = &contest.id;
    let items = blockers
        .iter()
        .map(|blocker| {
            let words = words_of::blocker(locale, blocker, Some(contest));
            let mend = match blocker {
                Blocker::NoTeams => Some(paths::teams(id)),
                Blocker::NoContestants => Some(paths::people(id)),
                Blocker::NoBlueprint => Some(paths::rules(id)),
                Blocker::Shortage { .. } => Some(paths::questions(id)),
                Blocker::OtherExamOpen { round } => Some(paths::exam(id, *round)),
                Blocker::TieAtCutOff { .. } => Some(paths::standings(id)),
                // Mended on the page itself, or by what a stage round has pages for.
                _ => None,
            };
            let mend = mend.map(|href| view! { " " <a href=href>{td_string!(locale, console.mend)}</a> });
            view! { <li>{words}{mend}</li> }
        })
        .collect_view();
    // That an exam runs on is no trouble.
    let (kind, drawing, words) = if next == NextStep::Close {
        ("", Icon::Info, td_string!(locale, console.not_yet))
    } else {
        ("warning", Icon::Alert, td_string!(locale, console.blocked))
    };
    Some(
        note(
            kind,
            drawing,
            view! {
                <p><strong>{words}</strong></p>
                <ul class="blockers">{items}</ul>
            },
        )
        .into_any(),
    )
}
