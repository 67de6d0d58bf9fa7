//! What is printed and signed by hand even when marks are digital: sheets, summaries, standings, minutes. A4, in the two
//! families of layout; one paper never mixes them. What is not final is refused, or is a draft that says so across its
//! face: whoever asks chooses, with `?nhap=1`.

pub mod minutes;
pub mod sheets;
pub mod standings;
pub mod summary;

use std::sync::Arc;

use contest::{Contest, freeze::NotFinal, people::Layout};
use leptos::prelude::*;

use super::parts::{note, query};
use crate::dates;
use crate::error::AppError;
use crate::icon::{Icon, icon};
use crate::island::print::PrintButton;
use crate::layout::{Place, StaffLayout, paths};
use crate::words::{Locale, td_string};
use crate::words_of;

/// The head of a paper: who issues it, under which authority, where and when; `numbered` if it is filed under a number.
pub(super) fn heading(locale: Locale, contest: &Contest, numbered: bool) -> AnyView {
    let details = &contest.details;
    let layout = details.layout;
    let superior = details.hosts.first().cloned().unwrap_or_default().to_uppercase();
    let date = match details.starts_at {
        Some(at) => {
            let (day, month, year) = dates::on_paper(at);
            let place = if details.place.is_empty() {
                "……………"
            } else {
                details.place.as_str()
            };
            td_string!(
                locale,
                paper.date,
                place = place,
                day = day,
                month = month,
                year = year
            )
        }
        None => td_string!(locale, paper.no_date).to_owned(),
    };
    let (class, right) = match layout {
        Layout::State => (
            "paper-head state",
            view! {
                <p class="paper-nation">{td_string!(locale, paper.nation)}</p>
                <p class="paper-motto">{td_string!(locale, paper.motto)}</p>
            }
            .into_any(),
        ),
        Layout::Party => (
            "paper-head party",
            view! { <p class="paper-motto">{td_string!(locale, paper.party)}</p> }.into_any(),
        ),
    };
    let star = (layout == Layout::Party).then(|| view! { <p>"*"</p> });
    let number = match layout {
        Layout::State => td_string!(locale, paper.number),
        Layout::Party => td_string!(locale, paper.number_party),
    };
    view! {
        <header class=class>
            <div>
                <p>{superior}</p>
                <p class="paper-issuer">{td_string!(locale, paper.issuer)}</p>
                {star}
                {numbered.then(|| view! { <p class="paper-number">{number}</p> })}
            </div>
            <div>
                {right}
                <p class="paper-date">{date}</p>
            </div>
        </header>
    }
    .into_any()
}

/// Room to sign, side by side.
pub(super) fn signatures(who: &[&'static str], signs: &'static str) -> AnyView {
    let places = who
        .iter()
        .map(|who| view! { <div><p class="paper-signer">{*who}</p><p class="paper-signs">{signs}</p></div> })
        .collect_view();
    view! { <footer class="paper-signatures">{places}</footer> }.into_any()
}

/// Above a paper on the screen: print it, and in which layout it is, with the way to change that.
pub(super) fn tools(locale: Locale, contest: &Contest) -> AnyView {
    let layout = match contest.details.layout {
        Layout::State => td_string!(locale, paper.state),
        Layout::Party => td_string!(locale, paper.by_party),
    };
    view! {
        <div class="row toolbar">
            <PrintButton words=td_string!(locale, paper.print).to_owned() />
            <span class="soft">{td_string!(locale, paper.family)} ": " {layout}</span>
            <a class="button quiet small" href=paths::contest(&contest.id)>{td_string!(locale, paper.change_family)}</a>
        </div>
    }
    .into_any()
}

/// Whether a draft will do.
fn draft_asked() -> bool {
    query::<String>("nhap").is_some()
}

/// The frame of a paper that is only signed once nothing in it is open any more.
struct Frame {
    title: &'static str,
    place: Place,
    /// The page's own address.
    here: String,
    /// A draft will do.
    draft: bool,
    /// The way back, on the screen.
    back: Option<String>,
    /// What else there is to take.
    beside: Option<AnyView>,
}

impl Frame {
    /// The page: the `paper`, or why there is none yet. Of a draft it says what keeps it from being final.
    async fn around(
        self,
        locale: Locale,
        contest: &Arc<Contest>,
        open: &[NotFinal],
        paper: impl Future<Output = Result<AnyView, AppError>>,
    ) -> Result<AnyView, AppError> {
        let inside = if open.is_empty() || self.draft {
            let paper = paper.await?;
            view! {
                {tools(locale, contest)}
                {self.beside.map(|beside| view! { <p class="screen-only">{beside}</p> })}
                {why_draft(locale, contest, open)}
                {paper}
            }
            .into_any()
        } else {
            refused(locale, contest, open, &self.here, self.beside)
        };
        let back = self.back.map(|back| {
            view! {
                <div class="row screen-only">
                    <a class="button quiet" href=back>{icon(Icon::ArrowLeft)}{td_string!(locale, common.back)}</a>
                </div>
            }
        });
        Ok(view! {
            <StaffLayout title=self.title contest=contest.clone() place=self.place>
                {back}
                {inside}
            </StaffLayout>
        }
        .into_any())
    }
}

/// Why there is no paper to sign yet, and the way to a draft of the paper at `here`; `more` beside it.
fn refused(
    locale: Locale,
    contest: &Contest,
    open: &[NotFinal],
    here: &str,
    more: Option<AnyView>,
) -> AnyView {
    view! {
        <section class="card next screen-only" aria-labelledby="chua-in">
            <h2 id="chua-in">{td_string!(locale, sheet.refused)}</h2>
            <p>{td_string!(locale, sheet.refused_note)}</p>
            {reasons(locale, contest, open)}
            <p class="soft small">{td_string!(locale, sheet.draft_note)}</p>
            <div class="row">
                <a class="button" href=format!("{here}?nhap=1")>{icon(Icon::Eye)}{td_string!(locale, sheet.as_draft)}</a>
                {more}
            </div>
        </section>
    }
    .into_any()
}

/// Above a draft on the screen: why it is one.
fn why_draft(locale: Locale, contest: &Contest, open: &[NotFinal]) -> Option<AnyView> {
    (!open.is_empty()).then(|| {
        let why = view! { <p>{td_string!(locale, sheet.why_draft)}</p> {reasons(locale, contest, open)} };
        note("warning", Icon::Alert, why).into_any()
    })
}

/// Across the face of a draft.
fn watermark(locale: Locale, open: &[NotFinal]) -> Option<AnyView> {
    let words = td_string!(locale, sheet.draft);
    (!open.is_empty())
        .then(|| view! { <div class="paper-draft" aria-hidden="true" data-words=words></div> }.into_any())
}

/// Behind the title of a draft, for whoever does not see the watermark.
fn in_title(locale: Locale, open: &[NotFinal]) -> Option<String> {
    (!open.is_empty()).then(|| format!(" ({})", td_string!(locale, sheet.draft)))
}

fn reasons(locale: Locale, contest: &Contest, open: &[NotFinal]) -> impl IntoView + use<> {
    let lines = open
        .iter()
        .map(|why| view! { <li>{words_of::not_final(locale, why, contest)}</li> });
    view! { <ul class="reasons">{lines.collect_view()}</ul> }
}
