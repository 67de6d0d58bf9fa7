//! What is printed and signed by hand even when marks are digital: sheets, summaries, standings, minutes. A4, in the two
//! families of layout; one paper never mixes them.

pub mod minutes;
pub mod sheets;
pub mod standings;
pub mod summary;

use contest::{Contest, people::Layout};
use leptos::prelude::*;

use crate::dates;
use crate::island::print::PrintButton;
use crate::layout::paths;
use crate::words::{Locale, td_string};

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
