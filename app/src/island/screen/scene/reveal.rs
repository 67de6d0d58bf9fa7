//! The reveal: the board on its way, a prize, the final board.

use contest::{
    audience::{BoardRow, parts_equals},
    hall_view::RoundName,
    people::Layout,
    reveal::{Picture, PictureRow, Plate},
};
use leptos::prelude::*;

use super::{Frame, size, star};
use crate::dates;
use crate::island::screen::rows::Rows;
use crate::words::td_string;

pub(super) fn drawn(
    of: Frame<'_>,
    rehearsal: bool,
    rounds: &[RoundName],
    picture: Option<&Picture>,
) -> impl IntoView + use<> {
    let locale = of.locale;
    let shown = match picture {
        None => of
            .empty(td_string!(locale, scene.reveal_none), of.view.title.clone())
            .into_any(),
        Some(Picture::Board { round, rows, .. }) => {
            let round = round.and_then(|round| rounds.iter().find(|other| other.id == round));
            let title = round.map_or_else(
                || td_string!(locale, screen.scene_reveal).to_owned(),
                |round| td_string!(locale, scene.reveal_of, round = round.name.clone()),
            );
            view! {
                {of.head(title, ())}
                {table(of, rounds, rows)}
            }
            .into_any()
        }
        Some(Picture::Plate { plate }) => prize(of, rounds, plate).into_any(),
        Some(Picture::Final { rows }) => {
            let when = of.view.starts_at.map(dates::date);
            let where_and_when = [
                Some(of.view.place.clone()).filter(|place| !place.is_empty()),
                when,
            ];
            let where_and_when: Vec<String> = where_and_when.into_iter().flatten().collect();
            view! {
                <header class="s-final-head">
                    <div class="s-final-hosts">{of.hosts()}</div>
                    <div class="s-nation" lang="vi">
                        {match of.view.layout {
                            Layout::State => view! {
                                <p>{td_string!(locale, paper.nation)}</p>
                                <p class="s-motto">{td_string!(locale, paper.motto)}</p>
                            }
                            .into_any(),
                            Layout::Party => view! { <p>{td_string!(locale, paper.party)}</p> }.into_any(),
                        }}
                    </div>
                    <p class=format!("s-final-of {}", size(&of.view.title, [60, 90, 130, 180]))>{of.view.title.clone()}</p>
                    <h1>{td_string!(locale, scene.final_title)}</h1>
                    <p class="s-final-at">{where_and_when.join(", ")}</p>
                </header>
                {table(of, rounds, rows)}
                {of.parted(parts_equals(rows.iter().map(|row| (row.total, row.rank))))}
            }
            .into_any()
        }
    };
    view! {
        <section class="s-list s-reveal" class:rehearsed=rehearsal>
            {shown}
            {rehearsal
                .then(|| {
                    view! {
                        <p class="s-rehearsal">
                            <strong>{td_string!(locale, scene.rehearsal)}</strong>
                            <span>{td_string!(locale, scene.rehearsal_note)}</span>
                        </p>
                        <div class="s-watermark" aria-hidden="true" data-words=td_string!(locale, scene.rehearsal)></div>
                    }
                })}
        </section>
    }
}

fn table(of: Frame<'_>, rounds: &[RoundName], told: &[PictureRow]) -> impl IntoView + use<> {
    let rows: Vec<BoardRow> = told.iter().map(as_row).collect();
    Rows {
        rounds: rounds.iter().map(|round| round.name.clone()).collect(),
        rows: &rows,
        told: Some(told),
        trail: &of.life.trail.read(),
        paging: of.paging,
        page: of.page,
        locale: of.locale,
    }
    .drawn()
}

/// The same row in the words of the board.
pub(in crate::island::screen) fn as_row(row: &PictureRow) -> BoardRow {
    BoardRow {
        team: row.team,
        name: row.name.clone(),
        unit: row.unit.clone(),
        rank: row.rank,
        tied: row.tied,
        marks: row.marks.clone(),
        total: row.total,
        progress: None,
    }
}

/// A prize with all who hold it.
fn prize(of: Frame<'_>, rounds: &[RoundName], plate: &Plate) -> impl IntoView + use<> {
    let locale = of.locale;
    let round = plate
        .round
        .and_then(|round| rounds.iter().find(|other| other.id == round));
    let class = match plate.place {
        Some(0) => "s-plate first",
        _ => "s-plate",
    };
    let many = plate.holders.len();
    let longest = plate
        .holders
        .iter()
        .map(|holder| holder.name.chars().count())
        .max()
        .unwrap_or(0);
    let crowd = match many {
        0 | 1 if longest <= 20 => "crowd-1",
        0..=2 if longest <= 28 => "crowd-2",
        0..=3 => "crowd-3",
        4..=6 => "crowd-6",
        _ => "crowd-9",
    };
    let holders = plate.holders.iter().map(|holder| {
        let unit = Some(&holder.unit).filter(|unit| !unit.is_empty() && **unit != holder.name);
        view! {
            <li>
                <b class="s-holder">{holder.name.clone()}</b>
                {unit.map(|unit| view! { <span class="s-holder-unit">{unit.clone()}</span> })}
            </li>
        }
    });
    view! {
        <div class=class>
            <p class="s-contest">{of.view.title.clone()}</p>
            {star()}
            <h1 class=format!("s-plate-name {}", size(&plate.name, [16, 26, 40, 60]))>{plate.name.clone()}</h1>
            {round.map(|round| view! { <p class="s-plate-round">{round.name.clone()}</p> })}
            {(many > 1).then(|| view! { <p class="s-plate-joint">{td_string!(locale, scene.joint)}</p> })}
            <ul class=format!("s-holders fit {crowd}")>{holders.collect_view()}</ul>
            {(many == 0).then(|| view! { <p class="s-empty-note">{td_string!(locale, scene.no_holder)}</p> })}
        </div>
    }
}
