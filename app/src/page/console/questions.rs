//! `/hoi-thi/{id}/cau-hoi`: the question bank.

use std::collections::BTreeMap;

use contest::{
    ContestId,
    intake::{Level, MOST_OPTIONS, QuestionDraft},
};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::parts::{
    Sure, UploadForm, act, contest_field, contest_param, desk, field, imported, option, query, save_or_back,
};
use crate::api::exams::letter;
use crate::api::imports::UploadFile;
use crate::api::questions::{AddQuestion, ChangeQuestion, RemoveQuestion};
use crate::backend::{BankFilter, BankQuestion, BankSummary, house};
use crate::icon::{Icon, icon};
use crate::layout::{ErrorNote, Place, StaffLayout, form_error, paths, served};
use crate::words::{Locale, request_locale, td_string};
use crate::words_of;

/// Questions on a page of the list.
const PAGE: u32 = 50;

/// The page: `?chu-de=`, `?muc=`, `?tim=` and `?trang=` choose questions, `?sua=7` opens one for editing.
#[component]
pub fn Questions() -> impl IntoView {
    let locale = request_locale();
    let id = contest_param();
    let filter = BankFilter {
        topic: query::<String>("chu-de").filter(|topic| !topic.is_empty()),
        level: query::<String>("muc").and_then(|word| Level::parse(&word)),
        search: query("tim").unwrap_or_default(),
        page: query::<u32>("trang").unwrap_or(1).max(1) - 1,
    };
    let editing = query::<i64>("sua");
    served(async move {
        let id = id?;
        let desk = desk(&id).await?;
        let contest = desk.contest.clone();
        let summary = house().bank_summary(&desk.visit, &id).await?;
        let (questions, found) = house().questions(&desk.visit, &id, filter.clone()).await?;
        let edited = questions.iter().find(|q| Some(q.id) == editing).cloned();
        let topics = topics(&summary);
        Ok(view! {
            <StaffLayout title=td_string!(locale, console.questions) contest=contest.clone() place=Place::Questions>
                {imported(locale)}
                <ErrorNote form=RemoveQuestion::url() />
                <datalist id="chu-de-co">
                    {topics.iter().map(|topic| view! { <option value=topic.clone()></option> }).collect_view()}
                </datalist>
                <div class="split wide-aside">
                    <div class="stack">
                        {edited.map(|q| changing(locale, &id, q))}
                        {chooser(locale, &filter, &topics)}
                        {list(locale, &id, questions, found, &filter)}
                    </div>
                    <aside class="stack" aria-label=td_string!(locale, console.bank)>
                        {summary_table(locale, &id, &summary)}
                        {act(
                            Icon::Upload,
                            td_string!(locale, console.import_questions),
                            summary.total == 0 || form_error(UploadFile::url()).is_some(),
                            view! {
                                <div class="inside">
                                    <p class="soft small">{td_string!(locale, console.import_questions_hint)}</p>
                                    <UploadForm locale contest=id.clone() kind="questions" />
                                </div>
                            },
                        )}
                        {act(
                            Icon::Plus,
                            td_string!(locale, console.add_question),
                            form_error(AddQuestion::url()).is_some(),
                            view! {
                                <form method="post" action=AddQuestion::url()>
                                    <ErrorNote form=AddQuestion::url() />
                                    {contest_field(&id)}
                                    {question_fields(locale, "them", None)}
                                    <div>
                                        <button type="submit" class="button">
                                            {icon(Icon::Plus)}{td_string!(locale, common.add)}
                                        </button>
                                    </div>
                                </form>
                            },
                        )}
                    </aside>
                </div>
            </StaffLayout>
        }
        .into_any())
    })
}

/// The topics of the bank, once each, in its order.
pub fn topics(summary: &BankSummary) -> Vec<String> {
    let mut topics: Vec<String> = Vec::new();
    for (topic, ..) in &summary.cells {
        if topics.last() != Some(topic) {
            topics.push(topic.clone());
        }
    }
    topics
}

fn summary_table(locale: Locale, id: &ContestId, summary: &BankSummary) -> impl IntoView + use<> {
    let counts: BTreeMap<(&str, Level), u32> = summary
        .cells
        .iter()
        .map(|(topic, level, count)| ((topic.as_str(), *level), *count))
        .collect();
    let here = paths::questions(id);
    let rows = topics(summary)
        .into_iter()
        .map(|topic| {
            let sum: u32 = Level::ALL
                .iter()
                .filter_map(|level| counts.get(&(topic.as_str(), *level)))
                .sum();
            let cells = Level::ALL
                .map(|level| {
                    let count = counts.get(&(topic.as_str(), level)).copied().unwrap_or(0);
                    let href = format!("{here}?chu-de={}&muc={}", escaped(&topic), level.as_str());
                    view! {
                        <td class="number">
                            {(count > 0).then(|| view! { <a href=href>{count}</a> })}
                        </td>
                    }
                })
                .collect_view();
            view! {
                <tr>
                    <th scope="row"><a href=format!("{here}?chu-de={}", escaped(&topic))>{topic.clone()}</a></th>
                    {cells}
                    <td class="number"><strong>{sum}</strong></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="card" aria-labelledby="ngan-hang">
            <h2 id="ngan-hang">
                {td_string!(locale, console.bank_total, n = words_of::number(locale, summary.total.into()))}
            </h2>
            <div class="table-wrap" role="region" tabindex="0" aria-label=td_string!(locale, console.by_topic)>
                <table class="table tight">
                    <thead>
                        <tr>
                            <th scope="col">{td_string!(locale, field.topic)}</th>
                            {Level::ALL
                                .map(|level| view! {
                                    <th scope="col" class="number">
                                        <abbr title=words_of::level(locale, level)>{short(level)}</abbr>
                                    </th>
                                })
                                .collect_view()}
                            <th scope="col" class="number">{td_string!(locale, console.sum)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <p class="soft small">
                {Level::ALL
                    .map(|level| format!("{} {}", short(level), words_of::level(locale, level)))
                    .join(" · ")}
            </p>
        </section>
    }
}

/// A level where there is room for two or three letters; the same in both languages, as files have it.
pub fn short(level: Level) -> &'static str {
    match level {
        Level::NhanBiet => "NB",
        Level::ThongHieu => "TH",
        Level::VanDung => "VD",
        Level::VanDungCao => "VDC",
    }
}

fn escaped(text: &str) -> String {
    leptos_router::location::Url::escape(text)
}

fn chooser(locale: Locale, filter: &BankFilter, topics: &[String]) -> impl IntoView + use<> {
    let topics = topics
        .iter()
        .map(|topic| option(topic.clone(), topic.clone(), filter.topic.as_ref() == Some(topic)))
        .collect_view();
    let levels = Level::ALL
        .map(|level| {
            option(
                level.as_str(),
                words_of::level(locale, level),
                filter.level == Some(level),
            )
        })
        .collect_view();
    view! {
        <form method="get" class="row" role="search">
            <div class="inline-field">
                <label class="unseen" for="loc-chu-de">{td_string!(locale, field.topic)}</label>
                <select id="loc-chu-de" name="chu-de">
                    {option("", td_string!(locale, console.all_topics), filter.topic.is_none())}
                    {topics}
                </select>
            </div>
            <div class="inline-field">
                <label class="unseen" for="loc-muc">{td_string!(locale, field.level)}</label>
                <select id="loc-muc" name="muc">
                    {option("", td_string!(locale, console.all_levels), filter.level.is_none())}
                    {levels}
                </select>
            </div>
            <div class="inline-field grow">
                <label class="unseen" for="loc-tim">{td_string!(locale, console.search_question)}</label>
                <input
                    id="loc-tim"
                    type="search"
                    name="tim"
                    value=filter.search.clone()
                    placeholder=td_string!(locale, console.search_question)
                />
            </div>
            <button type="submit" class="button quiet">{icon(Icon::Search)}{td_string!(locale, common.search)}</button>
        </form>
    }
}

fn list(
    locale: Locale,
    id: &ContestId,
    questions: Vec<BankQuestion>,
    found: u32,
    filter: &BankFilter,
) -> AnyView {
    if questions.is_empty() {
        return view! { <p class="empty">{td_string!(locale, console.no_questions)}</p> }.into_any();
    }
    let first = filter.page * PAGE;
    let shown = format!("{}–{}", first + 1, first + questions.len() as u32);
    let items = (first + 1..)
        .zip(questions)
        .map(|(place, q)| item(locale, id, place, q, filter))
        .collect_view();
    let pages = found.div_ceil(PAGE);
    let to = |page: u32| format!("?{}trang={}", address(filter), page + 1);
    view! {
        <p class="soft" role="status">
            {td_string!(locale, console.shown_of, shown = shown, n = words_of::number(locale, found.into()))}
        </p>
        <ol class="bank">{items}</ol>
        {(pages > 1).then(|| view! {
            <nav class="row" aria-label=td_string!(locale, console.pages)>
                {(filter.page > 0).then(|| view! {
                    <a class="button quiet" href=to(filter.page - 1)>
                        {icon(Icon::ArrowLeft)}{td_string!(locale, common.previous)}
                    </a>
                })}
                <span>{td_string!(locale, common.page_of, n = filter.page + 1, of = pages)}</span>
                {(filter.page + 1 < pages).then(|| view! {
                    <a class="button quiet" href=to(filter.page + 1)>
                        {td_string!(locale, common.next)}{icon(Icon::ArrowRight)}
                    </a>
                })}
            </nav>
        })}
    }
    .into_any()
}

/// The filter as the beginning of a query.
fn address(filter: &BankFilter) -> String {
    let mut text = String::new();
    if let Some(topic) = &filter.topic {
        text += &format!("chu-de={}&", escaped(topic));
    }
    if let Some(level) = filter.level {
        text += &format!("muc={}&", level.as_str());
    }
    if !filter.search.is_empty() {
        text += &format!("tim={}&", escaped(&filter.search));
    }
    text
}

fn item(
    locale: Locale,
    id: &ContestId,
    place: u32,
    question: BankQuestion,
    filter: &BankFilter,
) -> impl IntoView + use<> {
    let BankQuestion { id: number, question } = question;
    let edit = format!("?{}trang={}&sua={number}", address(filter), filter.page + 1);
    let id = id.clone();
    view! {
        <li class="card bank-item" id=format!("q{number}")>
            <p class="bank-text"><strong>{place} ". "</strong>{question.text.clone()}</p>
            {options_list(locale, &question)}
            <div class="row between">
                <p class="soft small">
                    {question.topic} " · " {words_of::level(locale, question.level)}
                    {(!question.source.is_empty()).then(|| format!(" · {}", question.source))}
                </p>
                <div class="acts row">
                    <a
                        class="button quiet small"
                        href=edit
                        aria-label=td_string!(locale, console.edit_question_n, n = place)
                    >
                        {icon(Icon::Edit)}{td_string!(locale, common.edit)}
                    </a>
                    {Sure {
                        drawing: Icon::Trash,
                        words: td_string!(locale, common.remove),
                        danger: true,
                        label: Some(td_string!(locale, console.remove_question_n, n = place)),
                        action: RemoveQuestion::url(),
                        contest: &id,
                        about: ("question", number.to_string()),
                        question: td_string!(locale, console.sure_remove_question).to_owned(),
                    }
                    .view()}
                </div>
            </div>
        </li>
    }
}

/// The options of a question, the right ones marked by icon and word.
pub fn options_list(locale: Locale, question: &QuestionDraft) -> impl IntoView + use<> {
    let options = (0u8..)
        .zip(&question.options)
        .map(|(i, text)| {
            let right = question.correct.contains(&i);
            view! {
                <li class:right=right>
                    <span class="letter">{letter(i).to_string()}</span>
                    <span>{text.clone()}</span>
                    {right.then(|| view! {
                        <span class="badge open">{icon(Icon::Check)}{td_string!(locale, field.correct)}</span>
                    })}
                </li>
            }
        })
        .collect_view();
    view! { <ul class="bank-options">{options}</ul> }
}

fn changing(locale: Locale, id: &ContestId, question: BankQuestion) -> impl IntoView + use<> {
    let number = question.id;
    let back = format!("{}#q{number}", paths::questions(id));
    view! {
        <section class="card edited" aria-labelledby="sua-cau">
            <h2 id="sua-cau">{td_string!(locale, console.edit_question)}</h2>
            <form method="post" action=ChangeQuestion::url() class="stack">
                <ErrorNote form=ChangeQuestion::url() />
                {contest_field(id)}
                <input type="hidden" name="question" value=number />
                {question_fields(locale, "sua", Some(&question.question))}
                {save_or_back(locale, back)}
            </form>
        </section>
    }
}

fn question_fields(
    locale: Locale,
    prefix: &'static str,
    old: Option<&QuestionDraft>,
) -> impl IntoView + use<> {
    let of = |name: &str| format!("{prefix}-{name}");
    let text = old.map(|q| q.text.clone()).unwrap_or_default();
    let options = (0..MOST_OPTIONS as u8)
        .map(|i| {
            let value = old
                .and_then(|q| q.options.get(usize::from(i)).cloned())
                .unwrap_or_default();
            let right = old.is_some_and(|q| q.correct.contains(&i));
            let name = letter(i);
            view! {
                <div class="option-field inline-field">
                    <label for=of(&format!("pa-{i}"))>{name.to_string()}</label>
                    <input
                        id=of(&format!("pa-{i}"))
                        name=format!("q[options][{i}]")
                        maxlength="1000"
                        required=i < 2
                        value=value
                        autocomplete="off"
                    />
                    <label class="choice">
                        <input
                            type="checkbox"
                            name="q[correct][]"
                            value=i
                            checked=right
                            aria-label=td_string!(locale, console.right_option, letter = name.to_string())
                        />
                        <span aria-hidden="true">{td_string!(locale, console.right)}</span>
                    </label>
                </div>
            }
        })
        .collect_view();
    let levels = Level::ALL
        .map(|level| {
            option(
                level.as_str(),
                words_of::level(locale, level),
                old.is_some_and(|q| q.level == level),
            )
        })
        .collect_view();
    view! {
        {field(
            of("noi-dung"),
            td_string!(locale, field.text),
            view! {
                <textarea id=of("noi-dung") name="q[text]" rows="3" required maxlength="2000">{text}</textarea>
            },
        )}
        <fieldset>
            <legend>{td_string!(locale, field.options)}</legend>
            {options}
        </fieldset>
        <div class="fields">
            {field(
                of("chu-de"),
                td_string!(locale, field.topic),
                view! {
                    <input
                        id=of("chu-de")
                        name="q[topic]"
                        required
                        maxlength="200"
                        list="chu-de-co"
                        value=old.map(|q| q.topic.clone()).unwrap_or_default()
                    />
                },
            )}
            {field(
                of("muc"),
                td_string!(locale, field.level),
                view! { <select id=of("muc") name="q[level]" required>{levels}</select> },
            )}
        </div>
        {field(
            of("can-cu"),
            td_string!(locale, field.source),
            view! {
                <input
                    id=of("can-cu")
                    name="q[source]"
                    maxlength="1000"
                    value=old.map(|q| q.source.clone()).unwrap_or_default()
                />
            },
        )}
    }
}
