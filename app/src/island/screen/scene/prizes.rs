//! All prizes that are announced.

use contest::reveal::{Holder, Plate};
use leptos::prelude::*;

use super::Frame;
use crate::words::td_string;

/// Holders side by side in one line.
const ABREAST: usize = 2;
/// The most lines of a page, at a scale of 100 %.
const MOST: usize = 10;

/// A line of the list: a prize's name stands before the first of its holders.
pub(crate) struct Line<'a> {
    prize: Option<&'a str>,
    holders: &'a [Holder],
}

/// The most lines of a page at a scale.
pub(crate) fn most(scale: u8) -> usize {
    (MOST * 100 / usize::from(scale.clamp(70, 150))).max(4)
}

/// The plates as lines.
pub(crate) fn lines(plates: &[Plate]) -> Vec<Line<'_>> {
    plates.iter().flat_map(plate_lines).collect()
}

fn plate_lines(plate: &Plate) -> Vec<Line<'_>> {
    if plate.holders.is_empty() {
        return vec![Line {
            prize: Some(&plate.name),
            holders: &[],
        }];
    }
    let chunks = plate.holders.chunks(ABREAST).enumerate();
    chunks
        .map(|(at, holders)| Line {
            prize: (at == 0).then_some(plate.name.as_str()),
            holders,
        })
        .collect()
}

pub(super) fn drawn(of: Frame<'_>, plates: &[Plate]) -> AnyView {
    let locale = of.locale;
    let head = of.head(td_string!(locale, screen.scene_prizes), ());
    if plates.is_empty() {
        return view! { <section class="s-list">{head} {of.empty(td_string!(locale, scene.prizes_none), "")}</section> }
            .into_any();
    }
    let lines = lines(plates);
    let rows = of.paging.shown(of.page, &lines).map(|(_, line)| {
        let begins = if line.prize.is_some() { " begins" } else { "" };
        let names = line.holders.iter().map(|holder| {
            let unit = Some(&holder.unit).filter(|unit| !unit.is_empty() && **unit != holder.name);
            view! {
                <span class="s-holder">
                    <b class="name">{holder.name.clone()}</b>
                    {unit.map(|unit| view! { <span class="unit">{unit.clone()}</span> })}
                </span>
            }
        });
        let none = line
            .holders
            .is_empty()
            .then(|| view! { <span class="unit">{td_string!(locale, scene.no_holder)}</span> });
        view! {
            <div role="listitem" class=format!("s-row{begins}")>
                <span class="s-prize"><b class="name">{line.prize.unwrap_or_default().to_owned()}</b></span>
                {names.collect_view()}
                {none}
            </div>
        }
    });
    let rows = rows.collect_view();
    view! {
        <section class="s-list">
            {head}
            <div class=format!("s-table s-prizes room-{}", of.paging.room())>
                <div class="s-rows">
                    <div class="s-rows-in" role="list">{rows}</div>
                </div>
            </div>
        </section>
    }
    .into_any()
}
