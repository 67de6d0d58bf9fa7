//! `/thi/bai`: a contestant's own marked paper, after publication.

use contest::{attempt::Timing, explain::MarkedQuestion, marking::Verdict};
use leptos::prelude::*;
use leptos_meta::Title;

use crate::backend::{house, visit};
use crate::error::AppError;
use crate::layout::{Plain, when_ready};
use crate::page::exam::{keep_private, stranger};
use crate::words::{Locale, request_locale, td_string};
use crate::words_of;

/// The marked paper, question by question.
#[component]
pub fn Marked() -> impl IntoView {
    let locale = request_locale();
    let visit = visit();
    keep_private();
    when_ready(async move {
        let paper = match house().review(&visit).await {
            Ok(paper) => paper,
            Err(AppError::NotFound | AppError::Refused { .. }) => {
                return view! {
                    <Plain title=td_string!(locale, exam.paper_title)>
                        <p>{td_string!(locale, exam.paper_not_yet)}</p>
                        <p><a class="button" href="/thi">{td_string!(locale, exam.paper_back)}</a></p>
                    </Plain>
                }
                .into_any();
            }
            Err(error) => return stranger(error).into_any(),
        };
        let mark = paper.mark;
        let counts = td_string!(
            locale,
            exam.paper_counts,
            right = mark.right,
            wrong = mark.wrong,
            blank = mark.blank
        );
        let questions = (1..)
            .zip(paper.questions)
            .map(|(n, asked)| question(locale, n, asked));
        view! {
            <Title text=td_string!(locale, exam.paper_title) />
            <main class="paper">
                <header class="marked-head">
                    <div>
                        <h1>{td_string!(locale, exam.paper_title)}</h1>
                        <p>{visit.name}" · "{td_string!(locale, exam.paper_code, code = paper.code)}</p>
                        <p>{counts}</p>
                    </div>
                    <p class="paper-mark">
                        <small>{td_string!(locale, exam.paper_points)}</small>
                        {words_of::points(locale, mark.points)}
                    </p>
                </header>
                <ol class="paper-list">{questions.collect_view()}</ol>
                <p><a class="button quiet" href="/thi">{td_string!(locale, exam.paper_back)}</a></p>
            </main>
        }
        .into_any()
    })
}

/// One question of a marked paper.
pub(super) fn question(locale: Locale, number: u32, question: MarkedQuestion) -> impl IntoView {
    let (class, verdict) = match question.verdict {
        Verdict::Right => ("right", td_string!(locale, exam.paper_right)),
        Verdict::Wrong => ("wrong", td_string!(locale, exam.paper_wrong)),
        Verdict::Blank => ("blank", td_string!(locale, exam.paper_blank)),
        Verdict::Void => ("void", td_string!(locale, exam.paper_void)),
    };
    let timing = match question.timing {
        Some(Timing::Grace) => Some(td_string!(locale, exam.paper_late)),
        Some(Timing::TooLate) => Some(td_string!(locale, exam.paper_too_late)),
        _ => None,
    };
    let (chosen, right) = (question.chosen, question.right);
    let options = (0u8..).zip(question.options).map(|(i, text)| {
        let (chosen, right) = (chosen.has(i), right.is_some_and(|right| right.has(i)));
        view! {
            <li class:chosen=chosen class:right=right>
                <i aria-hidden="true">{char::from(b'A' + i).to_string()}</i>
                <span>{text}</span>
                {chosen.then(|| view! { <span class="badge">{td_string!(locale, exam.paper_chosen)}</span> })}
                {right.then(|| view! { <span class="badge open">{td_string!(locale, exam.paper_key)}</span> })}
            </li>
        }
    });
    let worth = td_string!(
        locale,
        exam.paper_worth,
        points = words_of::points(locale, question.worth)
    );
    view! {
        <li class=format!("paper-question {class}")>
            <p class="paper-verdict">
                <b>{td_string!(locale, exam.number, n = number)}</b>
                <span class="paper-word">{verdict}</span>
                <span>{worth}</span>
                {timing.map(|words| view! { <span class="badge warning">{words}</span> })}
                {question.corrected.then(|| view! {
                    <span class="badge warning">{td_string!(locale, exam.paper_corrected)}</span>
                })}
            </p>
            <h2>{question.text}</h2>
            <ul>{options.collect_view()}</ul>
            {(!question.source.is_empty()).then(|| view! {
                <p class="soft">{td_string!(locale, exam.paper_source, source = question.source)}</p>
            })}
        </li>
    }
}
