//! The broadcast's overlay: a transparent page over the picture of a streaming program.

use contest::{
    Moment,
    audience::BoardRow,
    hall_view::{OverlayView, StageView},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::live::{Line, follow_steadily, page_clock};
use super::screen::{face::Face, fit, size};
use crate::icon::{Icon, icon};
use crate::words::{Locale, td_string};
use crate::words_of;

/// The most lines of the first five places; with equals across the line there may be more of them.
const MOST: usize = 8;
/// Names longer than these step down in size, so that they stay within two lines.
const LONG: [usize; 4] = [42, 96, 130, 180];

#[derive(Deserialize)]
struct Frame {
    hash: String,
    view: OverlayView,
}

/// What is drawn; chosen in the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layers {
    /// The lower third: team and unit.
    pub team: bool,
    pub clock: bool,
    pub top: bool,
}

impl Layers {
    /// `doi,dong-ho,top`; all of them when nothing is named.
    pub fn named(list: &str) -> Self {
        let has = |word: &str| list.split(',').any(|part| part.trim() == word);
        let none = list.trim().is_empty();
        Self {
            team: none || has("doi"),
            clock: none || has("dong-ho"),
            top: none || has("top"),
        }
    }
}

/// The overlay of a contest.
#[island]
pub fn Overlay(
    locale: Locale,
    /// As it is now.
    view: OverlayView,
    /// Whose it is.
    contest: String,
    layers: Layers,
    /// The house's clock when the page was made.
    now: Moment,
) -> impl IntoView {
    let line = Line::new();
    let view = RwSignal::new(view);
    let live = RwSignal::new(false);
    let root = NodeRef::<leptos::html::Div>::new();
    Effect::new(move |_| {
        let Some(root) = root.get() else { return };
        live.set(true);
        fit::follow(&root);
        let contest = contest.clone();
        follow_steadily(
            format!("/api/contests/{contest}/overlay/events"),
            line,
            move |text| {
                let frame: Frame = serde_json::from_str(text).ok()?;
                view.set(frame.view);
                Some(frame.hash)
            },
        );
    });
    let time = move || {
        line.now.track();
        line.clock().unwrap_or_else(|| {
            now + if cfg!(feature = "hydrate") {
                page_clock()
            } else {
                0
            }
        })
    };
    let stage = Memo::new(move |_| view.read().stage.clone());
    let top = Memo::new(move |_| (view.read().top.clone(), view.read().frozen));
    view! {
        // A picture that goes out to everybody shows nothing rather than something stale.
        <div
            class="overlay"
            node_ref=root
            lang=locale.to_string()
            data-live=move || live.get().then_some("")
            class:silent=move || line.silent.get()
        >
            {layers.top.then(|| view! { {move || top_five(locale, &top.read())} })}
            <div class="overlay-low">
                {layers.team.then(|| view! { {move || stage.read().as_ref().map(lower_third)} })}
                {layers
                    .clock
                    .then(|| view! { {move || stage.read().as_ref().map(|stage| clock(locale, stage, time()))} })}
            </div>
        </div>
    }
}

fn lower_third(stage: &StageView) -> impl IntoView + use<> {
    let name = &stage.clock.name;
    let unit = Some(&stage.unit).filter(|unit| !unit.is_empty() && *unit != name);
    view! {
        <div class="overlay-team">
            <p class="overlay-round">{stage.round_name.clone()}</p>
            <p class=format!("overlay-name {}", size(name, LONG))>{name.clone()}</p>
            {unit.map(|unit| view! { <p class=format!("overlay-unit {}", size(unit, LONG))>{unit.clone()}</p> })}
        </div>
    }
}

fn clock(locale: Locale, stage: &StageView, now: Moment) -> impl IntoView + use<> {
    let face = Face::of(&stage.clock, Some(now), false);
    // While all is well the time says enough.
    let note = (face.class() != "calm").then(
        || view! { <p class="overlay-note">{face.icon().map(icon)} <span>{face.note(locale)}</span></p> },
    );
    view! {
        <div class=format!("overlay-clock {}", face.class()) role="timer" aria-label=td_string!(locale, scene.clock)>
            <b class="overlay-time">{face.time()}</b>
            {note}
        </div>
    }
}

/// What stands in one line of the first five places.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place<'a> {
    Team(&'a BoardRow),
    /// So many equals that there is no room for their names; none of them is preferred.
    Equals {
        rank: u32,
        teams: usize,
    },
}

/// The lines of the first places. Of equals all are named or none.
fn places(rows: &[BoardRow]) -> Vec<Place<'_>> {
    let mut groups: Vec<Vec<&BoardRow>> = Vec::new();
    for row in rows {
        match groups.last_mut() {
            Some(group) if group[0].rank == row.rank => group.push(row),
            _ => groups.push(vec![row]),
        }
    }
    let mut lines = rows.len();
    let mut named = groups.len();
    while lines > MOST && named > 0 {
        named -= 1;
        lines -= groups[named].len() - 1;
    }
    let lines = groups
        .iter()
        .enumerate()
        .flat_map(|(at, group)| match group[0].rank {
            Some(rank) if at >= named && group.len() > 1 => vec![Place::Equals {
                rank,
                teams: group.len(),
            }],
            _ => group.iter().copied().map(Place::Team).collect(),
        });
    lines.collect()
}

fn top_five(locale: Locale, (rows, frozen): &(Vec<BoardRow>, bool)) -> Option<impl IntoView + use<>> {
    if rows.is_empty() {
        return None;
    }
    let lines = places(rows).into_iter().map(|place| match place {
        Place::Team(row) => view! {
            <li>
                <span class="overlay-rank">{row.rank}</span>
                <span class="overlay-row-name">{row.name.clone()}</span>
                <span class="overlay-points">{row.total.map(|total| words_of::points(locale, total))}</span>
            </li>
        }
        .into_any(),
        Place::Equals { rank, teams } => view! {
            <li>
                <span class="overlay-rank">{rank}</span>
                <span class="overlay-row-name">{td_string!(locale, overlay.equals, n = teams)}</span>
            </li>
        }
        .into_any(),
    });
    let lines = lines.collect_view();
    Some(view! {
        <section class="overlay-top">
            <h1>{td_string!(locale, overlay.top)}</h1>
            {frozen
                .then(|| {
                    view! {
                        <p class="overlay-frozen">
                            {icon(Icon::Lock)} <span>{td_string!(locale, overlay.frozen)}</span>
                        </p>
                    }
                })} <ol class="fit">{lines}</ol>
        </section>
    })
}

#[cfg(test)]
mod tests {
    use contest::TeamId;

    use super::*;

    #[test]
    fn the_address_chooses_the_layers() {
        let all = Layers::named("");
        assert!(all.team && all.clock && all.top);
        let some = Layers::named("doi, top");
        assert!(some.team && !some.clock && some.top);
    }

    #[test]
    fn of_equals_all_are_named_or_none() {
        let rows = |ranks: &[u32]| -> Vec<BoardRow> {
            let row = |(team, rank): (u32, &u32)| BoardRow {
                team: TeamId(team),
                name: String::new(),
                unit: String::new(),
                rank: Some(*rank),
                tied: false,
                marks: vec![],
                total: None,
                progress: None,
            };
            (1..).zip(ranks).map(row).collect()
        };
        let told = |ranks: &[u32]| -> Vec<(u32, usize)> {
            let rows = rows(ranks);
            let told = places(&rows).into_iter().map(|place| match place {
                Place::Team(row) => (row.rank.unwrap_or_default(), 1),
                Place::Equals { rank, teams } => (rank, teams),
            });
            told.collect()
        };
        assert_eq!(told(&[1, 2, 2, 4, 5]), [(1, 1), (2, 1), (2, 1), (4, 1), (5, 1)]);
        assert_eq!(
            told(&[1, 2, 3, 4, 4, 4, 4, 4]).len(),
            8,
            "as many as there is room for"
        );
        let crowd = [&[1, 2, 3, 3][..], &[5; 6]].concat();
        assert_eq!(told(&crowd), [(1, 1), (2, 1), (3, 1), (3, 1), (5, 6)]);
        assert_eq!(told(&[1; 35]), [(1, 35)]);
        assert_eq!(told(&[]), []);
    }
}
