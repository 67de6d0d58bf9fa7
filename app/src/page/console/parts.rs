//! What the console's pages share: reading addresses, and the small parts of forms.

use std::str::FromStr;
use std::sync::Arc;

use contest::{Actor, Contest, ContestId};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::backend::{Visit, house, visit};
use crate::error::AppError;
use crate::icon::{Icon, icon};
use crate::words::{Locale, td_string};

/// The contest in the address. Read it before the first `await`.
pub fn contest_param() -> Result<ContestId, AppError> {
    param("contest")
}

/// A part of the address; what does not read is a page that does not exist.
pub fn param<T: FromStr>(name: &str) -> Result<T, AppError> {
    use_params_map()
        .read_untracked()
        .get_str(name)
        .and_then(|text| text.parse().ok())
        .ok_or(AppError::NotFound)
}

/// A value of the query, if it is there and reads.
pub fn query<T: FromStr>(name: &str) -> Option<T> {
    use_query_map().read_untracked().get_str(name)?.parse().ok()
}

/// The way to the other pages of a list, if there are any.
pub fn pages(locale: Locale, page: u32, pages: u32, href: impl Fn(u32) -> String) -> Option<AnyView> {
    if pages < 2 {
        return None;
    }
    let to = |page: u32, words: &'static str, drawing: Icon| {
        (1..=pages).contains(&page).then(|| {
            view! { <a class="button quiet small" href=href(page)>{icon(drawing)}{words}</a> }
        })
    };
    Some(
        view! {
            <nav class="row" aria-label=td_string!(locale, console.pages)>
                {to(page.saturating_sub(1), td_string!(locale, console.page_before), Icon::ArrowLeft)}
                <span>{td_string!(locale, console.page_of, page = page, pages = pages)}</span>
                {to(page + 1, td_string!(locale, console.page_after), Icon::ArrowRight)}
            </nav>
        }
        .into_any(),
    )
}

/// A text as it stands in the query of an address.
pub fn web_form(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// All values of the query of that name.
pub fn queries(name: &str) -> Vec<String> {
    use_query_map().read_untracked().get_all(name).unwrap_or_default()
}

/// A contest for its staff, and whether the visitor may change it.
pub struct Desk {
    pub contest: Arc<Contest>,
    pub visit: Visit,
    /// Else a secretary.
    pub organizer: bool,
}

/// Opens the contest's desk.
///
/// # Errors
/// Whatever keeps the visitor out.
pub async fn desk(id: &ContestId) -> Result<Desk, AppError> {
    let visit = visit();
    let contest = house().contest(&visit, id).await?;
    let organizer =
        matches!(visit.actor_in(id), Actor::Organizer { user } if contest.organizers.contains(&user));
    Ok(Desk {
        contest,
        visit,
        organizer,
    })
}

/// The hidden field that names the contest.
pub fn contest_field(id: &ContestId) -> impl IntoView + use<> {
    view! { <input type="hidden" name="contest" value=id.to_string() /> }
}

/// A labelled field around its control, which must have the same `id`.
pub fn field(id: impl Into<String>, label: impl Into<String>, control: impl IntoView) -> impl IntoView {
    view! {
        <div class="field">
            <label for=id.into()>{label.into()}</label>
            {control}
        </div>
    }
}

/// The reason field of an act.
pub fn reason_field(locale: Locale, id: impl Into<String>) -> impl IntoView {
    let id = id.into();
    field(
        id.clone(),
        td_string!(locale, common.reason),
        view! { <input id=id name="reason" required maxlength="500" autocomplete="off" /> },
    )
}

/// The minutes of an act.
pub fn minutes_field(locale: Locale, id: impl Into<String>) -> impl IntoView {
    let id = id.into();
    field(
        id.clone(),
        td_string!(locale, field.minutes),
        view! { <input id=id name="minutes" type="number" inputmode="numeric" min="1" max="240" value="5" required /> },
    )
}

/// A choice of a select.
pub fn option(value: impl Into<String>, label: impl Into<String>, chosen: bool) -> impl IntoView {
    view! { <option value=value.into() selected=chosen>{label.into()}</option> }
}

/// A box to tick, sent as `true`.
pub fn tick(name: impl Into<String>, label: impl Into<String>, ticked: bool) -> impl IntoView {
    view! {
        <label class="choice">
            <input type="checkbox" name=name.into() value="true" checked=ticked />
            <span>{label.into()}</span>
        </label>
    }
}

/// An act behind a second look: `inside` opens below the words. It stands open while `open`.
pub fn act(drawing: Icon, words: impl Into<String>, open: bool, inside: impl IntoView) -> impl IntoView {
    view! {
        <details class="act" open=open>
            <summary>{icon(drawing)}<span>{words.into()}</span></summary>
            {inside}
        </details>
    }
}

/// A small act about one thing of a list, behind a question: a form that names the thing.
pub struct Sure<'a> {
    pub drawing: Icon,
    pub words: &'static str,
    /// It cannot be undone.
    pub danger: bool,
    /// What a screen reader says where the words stand beside many of their like.
    pub label: Option<String>,
    pub action: &'static str,
    pub contest: &'a ContestId,
    /// The field that names the thing.
    pub about: (&'static str, String),
    pub question: String,
}

impl Sure<'_> {
    pub fn view(self) -> AnyView {
        let class = if self.danger {
            "button danger small"
        } else {
            "button quiet small"
        };
        let (name, value) = self.about;
        view! {
            <details class="sure">
                <summary class=class aria-label=self.label>{icon(self.drawing)}{self.words}</summary>
                <form method="post" action=self.action>
                    {contest_field(self.contest)}
                    <input type="hidden" name=name value=value />
                    <p>{self.question}</p>
                    <button type="submit" class="button small">{self.words}</button>
                </form>
            </details>
        }
        .into_any()
    }
}

/// What ends a form that changes something: saving, and the way back.
pub fn save_or_back(locale: Locale, back: String) -> impl IntoView {
    view! {
        <div class="row">
            <button type="submit" class="button">{td_string!(locale, common.save)}</button>
            <a class="button quiet" href=back>{td_string!(locale, common.cancel)}</a>
        </div>
    }
}

/// Words set apart with a drawing before them; `kind` is a class of `.note`.
pub fn note(kind: &'static str, drawing: Icon, words: impl IntoView) -> impl IntoView {
    view! { <div class=format!("note {kind}")>{icon(drawing)}<div>{words}</div></div> }
}

/// The uploading form of one kind of file.
#[component]
pub fn UploadForm(locale: Locale, contest: ContestId, kind: &'static str) -> impl IntoView {
    use crate::api::imports::UploadFile;
    use crate::layout::ErrorNote;
    use leptos::server_fn::ServerFn;
    let id = format!("tep-{kind}");
    view! {
        <form method="post" action=UploadFile::url() enctype="multipart/form-data" class="stack">
            <ErrorNote form=UploadFile::url() />
            {contest_field(&contest)}
            <input type="hidden" name="kind" value=kind />
            {field(
                id.clone(),
                td_string!(locale, console.file_label),
                view! { <input id=id type="file" name="file" required accept=".xlsx,.csv,.txt" /> },
            )}
            <p class="soft small">{td_string!(locale, console.file_hint)}</p>
            <div>
                <button type="submit" class="button">
                    {icon(Icon::Upload)}{td_string!(locale, console.read_file)}
                </button>
            </div>
        </form>
    }
}

/// What the last import did, from the query that it left in the address.
pub fn imported(locale: Locale) -> Option<AnyView> {
    let (added, kept) = (query::<u32>("them")?, query::<u32>("giu")?);
    let words = td_string!(locale, console.imported, added = added, kept = kept);
    Some(note("done", Icon::Check, view! { <p role="status">{words}</p> }).into_any())
}
