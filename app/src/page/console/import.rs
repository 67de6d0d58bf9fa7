//! `/hoi-thi/{id}/nhap/{upload}`: what a file would do, before it does it.

use contest::intake::{MemberDraft, MemberRole, Note, Problem, QuestionDraft, TeamDraft};
use contest::rules::Competitor;
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
        let (problems, notes, content) = match preview.body {
            UploadBody::Teams { intake } => (
                intake.problems,
                intake.notes,
                teams_table(locale, intake.accepted),
            ),
            UploadBody::Questions { intake } => (
                intake.problems,
                intake.notes,
                questions_table(locale, intake.accepted),
            ),
        };
        let sound = problems.is_empty();
        let nothing_new = preview.new == 0;
        let title = td_string!(locale, console.preview_of, name = preview.name.as_str());
        let (added, kept) = (
            words_of::number(locale, preview.new.into()),
            words_of::number(locale, preview.unchanged.into()),
        );
        let individuals = contest
            .rules()
            .is_some_and(|rules| rules.competitor == Competitor::Individual);
        let counts = match (place, individuals) {
            (Place::Questions, _) => {
                td_string!(locale, console.preview_counts, added = added, kept = kept)
            }
            (_, true) => td_string!(locale, console.preview_people_counts, added = added, kept = kept),
            (_, false) => td_string!(locale, console.preview_team_counts, added = added, kept = kept),
        };
        let way_back = match place {
            Place::Questions => td_string!(locale, console.back_to_bank),
            _ => td_string!(locale, console.back_to_teams),
        };
        let applies = sound && !nothing_new;
        Ok(view! {
            <StaffLayout title=title contest=contest.clone() place=place>
                <ErrorNote form=ApplyImport::url() contest=contest.clone() />
                {if sound {
                    let counts = if nothing_new {
                        format!("{}.", td_string!(locale, console.apply_nothing))
                    } else {
                        counts
                    };
                    let words = view! { <p>{td_string!(locale, console.file_sound)} " " {counts}</p> };
                    note("done", Icon::Check, words).into_any()
                } else {
                    note(
                        "refused",
                        Icon::Alert,
                        view! { <p>{td_string!(locale, console.file_unsound, n = problems.len())}</p> },
                    )
                        .into_any()
                }}
                <div class="row">
                    {applies.then(|| view! {
                        <form method="post" action=ApplyImport::url()>
                            {contest_field(&id)}
                            <input type="hidden" name="upload" value=upload.clone() />
                            <input type="hidden" name="kind" value=kind />
                            <button type="submit" class="button large">
                                {icon(Icon::Check)}{td_string!(locale, console.apply)}
                            </button>
                        </form>
                    })}
                    <a class=if applies { "button quiet" } else { "button" } href=back>
                        {icon(Icon::ArrowLeft)}
                        {if applies {
                            td_string!(locale, common.cancel)
                        } else if sound {
                            way_back
                        } else {
                            td_string!(locale, console.other_file)
                        }}
                    </a>
                </div>
                {(!sound).then(|| problems_table(locale, problems))}
                {(!notes.is_empty()).then(|| notes_list(locale, &notes))}
                {sound.then_some(content)}
            </StaffLayout>
        }
        .into_any())
    })
}

/// What is no problem, but should be known before anything is written.
fn notes_list(locale: Locale, notes: &[Note]) -> impl IntoView + use<> {
    let items = notes
        .iter()
        .map(|note| {
            let place = Some(note.place().to_owned()).filter(|place| !place.is_empty());
            view! {
                <li>
                    {place.map(|place| view! { <span class="soft">{words_of::place(locale, &place)} ": "</span> })}
                    {words_of::note(locale, note)}
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="stack" aria-labelledby="can-biet">
            <h2 id="can-biet">{td_string!(locale, console.import_notes)}</h2>
            <ul>{items}</ul>
        </section>
    }
}

/// A table of the preview: its headings, whether each is a number's, and its rows.
fn table(
    label: &'static str,
    caption: Option<String>,
    headings: &[(&'static str, bool)],
    rows: Vec<AnyView>,
) -> AnyView {
    let headings = headings
        .iter()
        .map(|(words, number)| view! { <th scope="col" class=number.then_some("number")>{*words}</th> })
        .collect_view();
    view! {
        <div class="table-wrap tall" role="region" tabindex="0" aria-label=label>
            <table class="table">
                {caption.map(|words| view! { <caption>{words}</caption> })}
                <thead><tr>{headings}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn problems_table(locale: Locale, problems: Vec<Problem>) -> AnyView {
    let rows = problems.into_iter().map(|problem| {
        let words = words_of::problem(locale, &problem);
        let place = if problem.place.is_empty() {
            td_string!(locale, console.whole_file).to_owned()
        } else {
            words_of::place(locale, &problem.place)
        };
        view! { <tr><th scope="row" class="nowrap">{place}</th><td>{words}</td></tr> }.into_any()
    });
    table(
        td_string!(locale, console.problems),
        None,
        &[
            (td_string!(locale, console.problem_place), false),
            (td_string!(locale, console.problem_what), false),
        ],
        rows.collect(),
    )
}

fn teams_table(locale: Locale, teams: Vec<TeamDraft>) -> AnyView {
    let total = teams.len();
    let clusters = teams.iter().any(|team| team.kind.is_some());
    let rows = teams.into_iter().take(SHOWN).map(|team| {
        let members: Vec<String> = team
            .members
            .into_iter()
            .map(|member| words_of_member(locale, member))
            .collect();
        view! {
            <tr>
                <th scope="row">{team.name}</th>
                <td>{team.unit}</td>
                {clusters.then(|| view! { <td>{team.kind}</td> })}
                <td class="number">{members.len()}</td>
                <td>{members.join(", ")}</td>
            </tr>
        }
        .into_any()
    });
    let mut headings = vec![
        (td_string!(locale, console.team_name), false),
        (td_string!(locale, field.unit), false),
        (td_string!(locale, console.people_count), true),
        (td_string!(locale, field.members), false),
    ];
    if clusters {
        headings.insert(2, (td_string!(locale, console.cluster), false));
    }
    table(
        td_string!(locale, console.in_file),
        Some(td_string!(
            locale,
            console.first_of,
            n = total.min(SHOWN),
            of = total
        )),
        &headings,
        rows.collect(),
    )
}

/// `012 Lê An (dự bị)`.
fn words_of_member(locale: Locale, member: MemberDraft) -> String {
    let role = match member.role {
        MemberRole::Captain => Some(td_string!(locale, common.captain)),
        MemberRole::Reserve => Some(td_string!(locale, common.role_reserve)),
        MemberRole::Member => None,
    };
    let number = member.sbd.map(|sbd| format!("{sbd} ")).unwrap_or_default();
    let role = role
        .map(|role| format!(" ({})", role.to_lowercase()))
        .unwrap_or_default();
    format!("{number}{}{role}", member.name)
}

fn questions_table(locale: Locale, questions: Vec<QuestionDraft>) -> AnyView {
    let total = questions.len();
    let rows = questions.into_iter().take(SHOWN).map(|question| {
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
        .into_any()
    });
    table(
        td_string!(locale, console.in_file),
        Some(td_string!(
            locale,
            console.first_of,
            n = total.min(SHOWN),
            of = total
        )),
        &[
            (td_string!(locale, field.text), false),
            (td_string!(locale, field.options), true),
            (td_string!(locale, field.correct), false),
            (td_string!(locale, field.topic), false),
            (td_string!(locale, field.level), false),
        ],
        rows.collect(),
    )
}
