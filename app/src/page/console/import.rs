//! `/hoi-thi/{id}/nhap/{upload}`: what a file would do, before it does it.

use contest::intake::{Problem, QuestionDraft, TeamDraft};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::parts::{contest_field, contest_param, desk, note, param};
use crate::api::exams::letter;
use crate::api::imports::ApplyImport;
use crate::backend::{UploadBody, house};
use crate::icon::{Icon, icon};
use crate::layout::{ErrorNote, Place, StaffLayout, paths, served};
use crate::words::{Locale, request_locale, td_string};
use crate::words_of;

/// How much of a sound file the preview lists.
const SHOWN: usize = 200;

/// The page.
#[component]
pub fn ImportPreview() -> impl IntoView {
    let locale = request_locale();
    let id = contest_param();
    let upload = param::<String>("upload");
    served(async move {
        let (id, upload) = (id?, upload?);
        let desk = desk(&id).await?;
        let contest = desk.contest.clone();
        let preview = house().preview(&desk.visit, &id, &upload).await?;
        let (kind, place, back) = match &preview.body {
            UploadBody::Teams { .. } => ("teams", Place::Teams, paths::teams(&id)),
            UploadBody::Questions { .. } => ("questions", Place::Questions, paths::questions(&id)),
        };
        let (problems, content) = match preview.body {
            UploadBody::Teams { intake } => (intake.problems, teams_table(locale, intake.accepted)),
            UploadBody::Questions { intake } => (intake.problems, questions_table(locale, intake.accepted)),
        };
        let sound = problems.is_empty();
        let nothing_new = preview.new == 0;
        let title = td_string!(locale, console.preview_of, name = preview.name.as_str());
        let counts = td_string!(
            locale,
            console.preview_counts,
            added = words_of::number(locale, preview.new.into()),
            kept = words_of::number(locale, preview.unchanged.into())
        );
        Ok(view! {
            <StaffLayout title=title contest=contest.clone() place=place>
                <ErrorNote form=ApplyImport::url() contest=contest.clone() />
                {if sound {
                    note("done", Icon::Check, view! { <p>{td_string!(locale, console.file_sound)} " " {counts}</p> })
                        .into_any()
                } else {
                    note(
                        "refused",
                        Icon::Alert,
                        view! { <p>{td_string!(locale, console.file_unsound, n = problems.len())}</p> },
                    )
                        .into_any()
                }}
                <div class="row">
                    {sound.then(|| view! {
                        <form method="post" action=ApplyImport::url()>
                            {contest_field(&id)}
                            <input type="hidden" name="upload" value=upload.clone() />
                            <input type="hidden" name="kind" value=kind />
                            <button type="submit" class="button large">
                                {icon(Icon::Check)}
                                {if nothing_new {
                                    td_string!(locale, console.apply_nothing)
                                } else {
                                    td_string!(locale, console.apply)
                                }}
                            </button>
                        </form>
                    })}
                    <a class=if sound { "button quiet" } else { "button" } href=back>
                        {icon(Icon::ArrowLeft)}
                        {if sound {
                            td_string!(locale, common.cancel)
                        } else {
                            td_string!(locale, console.other_file)
                        }}
                    </a>
                </div>
                {(!sound).then(|| problems_table(locale, problems))}
                {sound.then_some(content)}
            </StaffLayout>
        }
        .into_any())
    })
}

fn problems_table(locale: Locale, problems: Vec<Problem>) -> impl IntoView {
    let rows = problems
        .into_iter()
        .map(|problem| {
            let words = words_of::problem(locale, &problem);
            let place = if problem.place.is_empty() {
                td_string!(locale, console.whole_file).to_owned()
            } else {
                problem.place
            };
            view! { <tr><th scope="row" class="nowrap">{place}</th><td>{words}</td></tr> }
        })
        .collect_view();
    view! {
        <div class="table-wrap tall" role="region" tabindex="0" aria-label=td_string!(locale, console.problems)>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{td_string!(locale, console.problem_place)}</th>
                        <th scope="col">{td_string!(locale, console.problem_what)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn teams_table(locale: Locale, teams: Vec<TeamDraft>) -> AnyView {
    let total = teams.len();
    let rows = teams
        .into_iter()
        .take(SHOWN)
        .map(|team| {
            let members: Vec<String> = team
                .members
                .into_iter()
                .map(|member| match member.sbd {
                    Some(sbd) => format!("{sbd} {}", member.name),
                    None => member.name,
                })
                .collect();
            view! {
                <tr>
                    <th scope="row">{team.name}</th>
                    <td>{team.unit}</td>
                    <td class="number">{members.len()}</td>
                    <td>{members.join(", ")}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="table-wrap tall" role="region" tabindex="0" aria-label=td_string!(locale, console.in_file)>
            <table class="table">
                <caption>{td_string!(locale, console.first_of, n = total.min(SHOWN), of = total)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{td_string!(locale, console.team_name)}</th>
                        <th scope="col">{td_string!(locale, field.unit)}</th>
                        <th scope="col" class="number">{td_string!(locale, console.people_count)}</th>
                        <th scope="col">{td_string!(locale, field.members)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn questions_table(locale: Locale, questions: Vec<QuestionDraft>) -> AnyView {
    let total = questions.len();
    let rows = questions
        .into_iter()
        .take(SHOWN)
        .map(|question| {
            let right: Vec<String> = question
                .correct
                .iter()
                .map(|i| {
                    let text = question.options.get(usize::from(*i)).map_or("", String::as_str);
                    format!("{}. {text}", letter(*i))
                })
                .collect();
            view! {
                <tr>
                    <th scope="row">{question.text}</th>
                    <td class="number">{question.options.len()}</td>
                    <td>{right.join("; ")}</td>
                    <td>{question.topic}</td>
                    <td class="nowrap">{words_of::level(locale, question.level)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="table-wrap tall" role="region" tabindex="0" aria-label=td_string!(locale, console.in_file)>
            <table class="table">
                <caption>{td_string!(locale, console.first_of, n = total.min(SHOWN), of = total)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{td_string!(locale, field.text)}</th>
                        <th scope="col" class="number">{td_string!(locale, field.options)}</th>
                        <th scope="col">{td_string!(locale, field.correct)}</th>
                        <th scope="col">{td_string!(locale, field.topic)}</th>
                        <th scope="col">{td_string!(locale, field.level)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
