//! Everybody of the round, with paper, state and device.

use contest::{PersonId, exam::ExamPhase};
use leptos::prelude::*;

use super::super::device::heard;
use super::super::parts::pages;
use super::Page;
use crate::backend::{AttemptLine, AttemptRoll, ExamConsole, WantedAttempts};
use crate::dates;
use crate::icon::{Icon, icon};
use crate::layout::paths;
use crate::words::{Locale, td_string};
use crate::words_of;
impl Page {
    /// All contestants of the round.
    pub(super) fn attempts(
        &self,
        console: &ExamConsole,
        roll: &AttemptRoll,
        wanted: WantedAttempts,
        selected: Option<PersonId>,
    ) -> Option<AnyView> {
        if roll.lines.is_empty() {
            return None;
        }
        let locale = self.locale;
        let href = paths::exam(&self.contest.id, self.round);
        let marked = console.exam.phase >= ExamPhase::Marked;
        let questions = console
            .exam
            .prepared
            .as_ref()
            .map_or(0, |p| p.rules.blueprint.count());
        let count = roll.found;
        let rows = roll
            .lines
            .iter()
            .map(|line| self.attempt(console, line, questions, marked, selected == Some(line.person)))
            .collect_view();
        let team = wanted.team.map(|team| format!("doi={team}&")).unwrap_or_default();
        let pages = pages(locale, roll.page, roll.pages, |page| {
            format!("{href}?{team}trang={page}")
        });
        let chosen = wanted.team.map(|team| {
            view! {
                <p class="row">
                    <span class="badge">{words_of::team_name(locale, team, Some(&self.contest))}</span>
                    <a href=href>{td_string!(locale, console.all_teams)}</a>
                </p>
            }
        });
        Some(
            view! {
                {chosen}
                <div class="table-wrap tall" role="region" tabindex="0" aria-label=td_string!(locale, console.attempts)>
                    <table class="table tight">
                        <caption>{td_string!(locale, console.n_shown, n = count)}</caption>
                        <thead>
                            <tr>
                                <th scope="col">{td_string!(locale, console.sbd)}</th>
                                <th scope="col">{td_string!(locale, console.full_name)}</th>
                                <th scope="col">{td_string!(locale, console.paper)}</th>
                                <th scope="col" class="number">{td_string!(locale, console.answered)}</th>
                                <th scope="col">{td_string!(locale, console.attempt_state)}</th>
                                <th scope="col">{td_string!(locale, console.device)}</th>
                                {marked.then(|| view! { <th scope="col" class="number">{td_string!(locale, console.points)}</th> })}
                                <th scope="col"><span class="unseen">{td_string!(locale, console.acts)}</span></th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
                {pages}
            }
            .into_any(),
        )
    }

    fn attempt(
        &self,
        console: &ExamConsole,
        line: &AttemptLine,
        questions: u32,
        marked: bool,
        selected: bool,
    ) -> impl IntoView + use<> {
        let locale = self.locale;
        let id = &self.contest.id;
        let person = line.person;
        let name = line.name.clone();
        let points = match (line.points, marked) {
            (Some(points), _) => {
                let words = words_of::points(locale, points);
                let label = td_string!(
                    locale,
                    console.paper_of,
                    name = name.as_str(),
                    points = words.as_str()
                );
                view! {
                    <td class="number">
                        <a href=paths::paper(id, self.round, person) aria-label=label><strong>{words}</strong></a>
                    </td>
                }
                .into_any()
            }
            (None, true) => view! { <td class="number soft">"–"</td> }.into_any(),
            (None, false) => ().into_any(),
        };
        view! {
            <tr class:edited=selected>
                <td class="sbd">{line.sbd.clone()}</td>
                <th scope="row">
                    {line.name.clone()}
                    <div class="soft small">{words_of::team_name(locale, line.team, Some(&self.contest))}</div>
                </th>
                <td>{line.paper}</td>
                <td class="number nowrap">{line.answered} <span class="soft">" / " {questions}</span></td>
                <td>{attempt_state(locale, line, console)}</td>
                <td>{attempt_device(locale, line, console)}</td>
                {points}
                <td>
                    <a
                        class="button quiet small"
                        href=format!("{}?nguoi={person}#nguoi", paths::exam(id, self.round))
                        aria-label=td_string!(locale, console.handle_named, name = name.as_str())
                    >
                        {td_string!(locale, console.handle)}
                    </a>
                </td>
            </tr>
        }
    }
}

fn attempt_state(locale: Locale, line: &AttemptLine, console: &ExamConsole) -> impl IntoView + use<> {
    let state = match (line.started_at, line.handed_in) {
        // The house hands in for those who never came, too.
        (None, _) if console.exam.phase >= ExamPhase::Closed => {
            view! { <span class="badge">{td_string!(locale, console.absent)}</span> }.into_any()
        }
        (_, Some(at)) => {
            let words = if line.by_server {
                td_string!(locale, console.collected_at, at = dates::time(at))
            } else {
                td_string!(locale, console.handed_in_at, at = dates::time(at))
            };
            view! { <span class="badge open">{icon(Icon::Check)}{words}</span> }.into_any()
        }
        (Some(at), None) => view! {
            <span class="badge">
                {icon(Icon::Edit)}{td_string!(locale, console.writing_since, at = dates::time(at))}
            </span>
        }
        .into_any(),
        (None, None) => {
            view! { <span class="badge">{td_string!(locale, console.not_started)}</span> }.into_any()
        }
    };
    let own = (line.extra > 0).then(|| {
        view! {
            <span class="badge">
                {icon(Icon::Clock)}
                {td_string!(locale, console.plus_time, time = words_of::duration(locale, line.extra))}
            </span>
        }
    });
    let late = (line.late > 0).then(|| {
        view! { <span class="badge warning">{td_string!(locale, console.n_late, n = line.late)}</span> }
    });
    let too_late = (line.too_late > 0).then(|| {
        let (class, words) = if line.admitted {
            ("badge", td_string!(locale, console.n_admitted, n = line.too_late))
        } else {
            (
                "badge bad",
                td_string!(locale, console.n_too_late, n = line.too_late),
            )
        };
        view! { <span class=class>{words}</span> }
    });
    view! { <div class="badges">{state}{own}{late}{too_late}</div> }
}

/// A tablet that has gone silent matters while its contestant writes.
fn attempt_device(locale: Locale, line: &AttemptLine, console: &ExamConsole) -> AnyView {
    if line.last_seen.is_none() {
        return view! { <span class="soft small">{td_string!(locale, console.not_entered)}</span> }
            .into_any();
    }
    let writes = console.exam.phase == ExamPhase::Open && line.handed_in.is_none();
    heard(locale, &line.into(), console.now, writes)
}
