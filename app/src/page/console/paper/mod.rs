//! What is printed and signed by hand even when marks are digital: sheets, summary, minutes. A4, in the two
//! families of layout; one paper never mixes them.

pub mod minutes;
pub mod sheets;
pub mod summary;

use contest::Contest;
use leptos::prelude::*;

use super::parts::query;
use crate::dates;
use crate::island::print::PrintButton;
use crate::words::{Locale, td_string};

/// Which authority's layout a paper follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// Nghị định 30/2020/NĐ-CP.
    State,
    /// Hướng dẫn 36-HD/VPTW.
    Party,
}

impl Family {
    /// As the address says (`?the-thuc=dang`).
    pub(super) fn asked() -> Self {
        match query::<String>("the-thuc").as_deref() {
            Some("dang") => Self::Party,
            _ => Self::State,
        }
    }
}

/// The head of a paper: who issues it, under which authority, where and when.
pub(super) fn heading(locale: Locale, contest: &Contest, family: Family) -> AnyView {
    let details = &contest.details;
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
    let (class, right) = match family {
        Family::State => (
            "paper-head state",
            view! {
                <p class="paper-nation">{td_string!(locale, paper.nation)}</p>
                <p class="paper-motto">{td_string!(locale, paper.motto)}</p>
            }
            .into_any(),
        ),
        Family::Party => (
            "paper-head party",
            view! { <p class="paper-motto">{td_string!(locale, paper.party)}</p> }.into_any(),
        ),
    };
    let star = (family == Family::Party).then(|| view! { <p>"*"</p> });
    view! {
        <header class=class>
            <div>
                <p>{superior}</p>
                <p class="paper-issuer">{td_string!(locale, paper.issuer)}</p>
                {star}
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

/// Above a paper on the screen: print it, and in which layout. `here` is the page's own address.
pub(super) fn tools(locale: Locale, here: &str, family: Family) -> AnyView {
    let link = |of: Family, word: &'static str, address: String| {
        view! { <a class="button quiet small" href=address aria-current=(of == family).then_some("true")>{word}</a> }
    };
    let join = if here.contains('?') { '&' } else { '?' };
    view! {
        <div class="row toolbar">
            <PrintButton words=td_string!(locale, paper.print).to_owned() />
            <span class="soft">{td_string!(locale, paper.family)}</span>
            {link(Family::State, td_string!(locale, paper.state), here.to_owned())}
            {link(Family::Party, td_string!(locale, paper.by_party), format!("{here}{join}the-thuc=dang"))}
        </div>
    }
    .into_any()
}
