//! `/hoi-thi/{id}/phan-thi/{round}/dap-an`: correcting the key of a round, after a look at who would move.

use std::sync::Arc;

use contest::{Contest, RoundId, exam::ExamPhase, question::Choice};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::moves::{moves_sum, moves_table};
use super::parts::{contest_field, contest_param, desk, note, param, queries, query, reason_field};
use crate::api::exams::{CorrectKey, choice_named, choice_word, letter};
use crate::backend::{FrozenQuestion, KeyPreview, house};
use crate::error::AppError;
use crate::icon::{Icon, icon};
use crate::layout::{ErrorNote, Place, StaffLayout, paths, served};
use crate::words::{Locale, request_locale, td_string};
use crate::words_of;

/// The page. `?cau=7` opens a question; `?cau=7&pa=A&pa=C` or `&pa=void` shows what that key would do.
#[component]
pub fn Corrections() -> impl IntoView {
    let locale = request_locale();
    let id = contest_param();
    let round = param::<RoundId>("round");
    let question = query::<u16>("cau");
    let picked = queries("pa");
    let search = query::<String>("tim").unwrap_or_default();
    served(async move {
        let (id, round) = (id?, round?);
        let desk = desk(&id).await?;
        if !desk.organizer {
            return Err(AppError::Forbidden);
        }
        let contest = desk.contest.clone();
        let questions = house().frozen_questions(&desk.visit, &id, round).await?;
        let open = question.and_then(|n| questions.iter().find(|q| q.question == n).cloned());
        let choice = picked_choice(&picked);
        let preview = match (&open, choice) {
            (Some(open), Some(choice)) => {
                let preview = house()
                    .preview_key(&desk.visit, &id, round, open.question, choice)
                    .await?;
                Some((choice, preview))
            }
            _ => None,
        };
        let name = words_of::round_name(locale, round, Some(&contest));
        let title = td_string!(locale, console.corrections_of, name = name);
        let here = paths::corrections(&id, round);
        let body = match (open, preview) {
            (Some(open), Some((choice, preview))) => {
                confirm(locale, &contest, round, open, choice, preview).into_any()
            }
            (Some(open), None) => choosing(locale, &here, open, !picked.is_empty()).into_any(),
            (None, _) => list(locale, &here, questions, &search).into_any(),
        };
        Ok(view! {
            <StaffLayout title=title contest=contest.clone() place=Place::Round(round)>
                <p>
                    <a href=paths::exam(&id, round)>{td_string!(locale, console.back_to_exam)}</a>
                </p>
                {body}
            </StaffLayout>
        }
        .into_any())
    })
}

/// The key that was picked: void alone, or some options.
fn picked_choice(picked: &[String]) -> Option<Option<Choice>> {
    match picked {
        [] => None,
        [only] => choice_named(only),
        many => choice_named(&many.concat()).filter(|_| !many.iter().any(|word| word == "void")),
    }
}

/// A key as people read it.
fn key_words(locale: Locale, choice: Option<Choice>) -> String {
    match choice {
        None => td_string!(locale, console.void).to_owned(),
        Some(_) => choice_word(choice)
            .chars()
            .map(String::from)
            .collect::<Vec<_>>()
            .join(", "),
    }
}

fn list(locale: Locale, here: &str, questions: Vec<FrozenQuestion>, search: &str) -> impl IntoView + use<> {
    let wanted = contest::intake::key(search);
    let rows = questions
        .into_iter()
        .filter(|q| wanted.is_empty() || contest::intake::key(&q.draft.text).contains(&wanted))
        .map(|q| {
            let number = u32::from(q.question) + 1;
            let key = key_words(locale, Some(Choice::of(&q.draft.correct)));
            view! {
                <tr>
                    <td class="number">{number}</td>
                    <th scope="row">{q.draft.text}</th>
                    <td>
                        {q.correction.is_some().then(|| view! { <s class="soft">{key.clone()}</s> " " })}
                        <strong>{q.correction.map_or(key.clone(), |choice| key_words(locale, choice))}</strong>
                    </td>
                    <td>
                        {(!q.used).then(|| view! {
                            <span class="badge">{td_string!(locale, console.unused)}</span>
                        })}
                    </td>
                    <td>
                        <a
                            class="button quiet small"
                            href=format!("{here}?cau={}", q.question)
                            aria-label=td_string!(locale, console.correct_n, n = number)
                        >
                            {icon(Icon::Edit)}{td_string!(locale, console.correct)}
                        </a>
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        {note("", Icon::Info, td_string!(locale, console.corrections_hint))}
        <form method="get" class="row" role="search">
            <div class="inline-field grow">
                <label class="unseen" for="tim-cau">{td_string!(locale, console.search_question)}</label>
                <input
                    id="tim-cau"
                    type="search"
                    name="tim"
                    value=search.to_owned()
                    placeholder=td_string!(locale, console.search_question)
                />
            </div>
            <button type="submit" class="button quiet">{icon(Icon::Search)}{td_string!(locale, common.search)}</button>
        </form>
        <div class="table-wrap tall" role="region" tabindex="0" aria-label=td_string!(locale, console.questions)>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col" class="number">{td_string!(locale, console.no)}</th>
                        <th scope="col">{td_string!(locale, field.text)}</th>
                        <th scope="col">{td_string!(locale, field.correct)}</th>
                        <th scope="col"><span class="unseen">{td_string!(locale, console.state)}</span></th>
                        <th scope="col"><span class="unseen">{td_string!(locale, console.acts)}</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// Step one: the new key.
fn choosing(locale: Locale, here: &str, question: FrozenQuestion, unreadable: bool) -> impl IntoView + use<> {
    let now = match question.correction {
        Some(choice) => choice,
        None => Some(Choice::of(&question.draft.correct)),
    };
    let options = (0u8..)
        .zip(&question.draft.options)
        .map(|(i, text)| {
            let key = letter(i).to_string();
            view! {
                <label class="choice">
                    <input
                        type="checkbox"
                        name="pa"
                        value=key.clone()
                        checked=now.is_some_and(|choice| choice.has(i))
                    />
                    <span><strong>{key} ". "</strong>{text.clone()}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <section class="card" aria-labelledby="cau">
            <h2 id="cau">{td_string!(locale, console.question_n, n = u32::from(question.question) + 1)}</h2>
            <p class="bank-text">{question.draft.text.clone()}</p>
            <p class="soft">
                {td_string!(locale, console.key_now, key = key_words(locale, now))}
            </p>
            {unreadable.then(|| note("refused", Icon::Alert, td_string!(locale, console.pick_key)))}
            <form method="get" action=here.to_owned() class="stack">
                <input type="hidden" name="cau" value=question.question />
                <fieldset>
                    <legend>{td_string!(locale, console.new_key)}</legend>
                    {options}
                </fieldset>
                <div class="row">
                    <button type="submit" class="button">
                        {icon(Icon::Eye)}{td_string!(locale, console.preview_key)}
                    </button>
                    <a class="button quiet" href=here.to_owned()>{td_string!(locale, common.cancel)}</a>
                </div>
            </form>
            <form method="get" action=here.to_owned()>
                <input type="hidden" name="cau" value=question.question />
                <input type="hidden" name="pa" value="void" />
                <button type="submit" class="button danger">
                    {icon(Icon::Trash)}{td_string!(locale, console.preview_void)}
                </button>
            </form>
        </section>
    }
}

/// Step two: who would move, and the reason.
fn confirm(
    locale: Locale,
    contest: &Arc<Contest>,
    round: RoundId,
    question: FrozenQuestion,
    choice: Option<Choice>,
    preview: KeyPreview,
) -> impl IntoView + use<> {
    let id = &contest.id;
    let marked = contest
        .exam(round)
        .is_some_and(|exam| exam.phase >= ExamPhase::Marked);
    let number = u32::from(question.question) + 1;
    view! {
        <section class="card" aria-labelledby="cau">
            <h2 id="cau">
                {td_string!(locale, console.question_n, n = number)} ": "
                {td_string!(locale, console.becomes, key = key_words(locale, choice))}
            </h2>
            <p class="bank-text">{question.draft.text.clone()}</p>
            {if marked {
                moves_sum(locale, &preview.moves).into_any()
            } else {
                note("", Icon::Info, td_string!(locale, console.not_marked_yet)).into_any()
            }}
            <form method="post" action=CorrectKey::url() class="stack">
                <ErrorNote form=CorrectKey::url() contest=contest.clone() />
                {contest_field(id)}
                <input type="hidden" name="round" value=round.0 />
                <input type="hidden" name="question" value=question.question />
                <input type="hidden" name="choice" value=choice_word(choice) />
                {reason_field(locale, "ly-do-sua")}
                <div class="row">
                    <button type="submit" class="button large">
                        {icon(Icon::Check)}{td_string!(locale, console.record_correction)}
                    </button>
                    <a
                        class="button quiet"
                        href=format!("{}?cau={}", paths::corrections(id, round), question.question)
                    >
                        {td_string!(locale, common.back)}
                    </a>
                </div>
            </form>
        </section>
        {(marked && !preview.moves.is_empty()).then(|| moves_table(locale, &preview.moves))}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_picked_by_letters_or_declared_void() {
        let words = |list: &[&str]| list.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
        assert_eq!(picked_choice(&[]), None);
        assert_eq!(picked_choice(&words(&["void"])), Some(None));
        assert_eq!(
            picked_choice(&words(&["A", "C"])),
            Some(Some(Choice::of(&[0, 2])))
        );
        assert_eq!(picked_choice(&words(&["A", "void"])), None);
        assert_eq!(picked_choice(&words(&["Z"])), None);
    }
}
