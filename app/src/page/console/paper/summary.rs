//! `/hoi-thi/{id}/san-khau/{round}/bang-diem`: bảng tổng hợp điểm of one stage round: teams down, judges
//! across.

use std::collections::BTreeMap;

use contest::{
    Contest, PersonId, Points, RoundId,
    freeze::{NotFinal, open_marks},
    stage::SheetState,
    stage_view::{PanelLine, PanelView},
};
use leptos::prelude::*;

use super::super::parts::{contest_param, desk, param};
use super::{Frame, draft_asked, heading, in_title, signatures, watermark};
use crate::backend::house;
use crate::layout::{Place, paths, served};
use crate::words::{Locale, request_locale, td_string};
use crate::words_of;

/// The page.
#[component]
pub fn SummaryPage() -> impl IntoView {
    let locale = request_locale();
    let id = contest_param();
    let round = param::<RoundId>("round");
    let draft = draft_asked();
    served(async move {
        let (id, round) = (id?, round?);
        let desk = desk(&id).await?;
        let (panel, names) = house().panel_view(&desk.visit, &id, round).await?;
        let contest = desk.contest.clone();
        // The panel signs before anything is published: what counts is that its marks are confirmed.
        let open = open_marks(&contest, round);
        let frame = Frame {
            title: td_string!(locale, paper.summary),
            place: Place::Round(round),
            here: paths::summary(&id, round),
            draft,
            back: Some(paths::stage(&id, round)),
            beside: None,
        };
        let paper = async { Ok(paper(locale, &contest, &open, &panel, &names)) };
        frame.around(locale, &contest, &open, paper).await
    })
}

fn paper(
    locale: Locale,
    contest: &Contest,
    open: &[NotFinal],
    panel: &PanelView,
    names: &BTreeMap<PersonId, String>,
) -> AnyView {
    view! {
        <article
            class="sheet-paper wide-paper"
            class:draft=!open.is_empty()
            tabindex="0"
            aria-label=td_string!(locale, paper.summary_title)
        >
            {watermark(locale, open)}
            {heading(locale, contest, false)}
            <h2 class="paper-title">{td_string!(locale, paper.summary_title)}{in_title(locale, open)}</h2>
            <p class="paper-under">{contest.details.name.clone()}</p>
            <p class="paper-under">{td_string!(locale, paper.sheet_of, round = panel.round_name.as_str())}</p>
            {table(locale, panel, names)}
            {signatures(
                &[td_string!(locale, paper.secretary), td_string!(locale, paper.chief)],
                td_string!(locale, paper.signs),
            )}
        </article>
    }
    .into_any()
}

/// The rank of each confirmed mark; equals share it.
fn ranks(panel: &PanelView) -> Vec<Option<usize>> {
    let marks: Vec<Option<Points>> = panel
        .teams
        .iter()
        .map(|line| line.confirmed.as_ref().map(|mark| mark.mark))
        .collect();
    let rank = |mark: &Option<Points>| {
        let mark = (*mark)?;
        Some(1 + marks.iter().flatten().filter(|other| **other > mark).count())
    };
    marks.iter().map(rank).collect()
}

fn table(locale: Locale, panel: &PanelView, names: &BTreeMap<PersonId, String>) -> AnyView {
    let heads = panel
        .judges
        .iter()
        .map(|judge| view! { <th scope="col">{names.get(judge).cloned().unwrap_or_default()}</th> })
        .collect_view();
    let ranks = ranks(panel);
    let rows = (1..)
        .zip(&panel.teams)
        .zip(&ranks)
        .map(|((place, line), rank)| row(locale, panel, place, line, *rank))
        .collect_view();
    let dropped = panel
        .teams
        .iter()
        .filter_map(|line| line.confirmed.as_ref().or(line.mark.as_ref()))
        .any(|mark| mark.sheets.iter().any(|sheet| sheet.dropped));
    view! {
        <table class="paper-table">
            <thead>
                <tr>
                    <th scope="col">"TT"</th>
                    <th scope="col">{td_string!(locale, paper.teams_row)}</th>
                    {heads}
                    <th scope="col">{td_string!(locale, paper.combined)}</th>
                    <th scope="col">{td_string!(locale, paper.off)}</th>
                    <th scope="col">{td_string!(locale, paper.mark)}</th>
                    <th scope="col">{td_string!(locale, paper.rank)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        {dropped.then(|| view! { <p class="paper-note">{td_string!(locale, paper.dropped_note)}</p> })}
    }
    .into_any()
}

fn row(locale: Locale, panel: &PanelView, place: u32, line: &PanelLine, rank: Option<usize>) -> AnyView {
    let points = |points: Points| words_of::points(locale, points);
    let mark = line.confirmed.as_ref().or(line.mark.as_ref());
    let cell = |judge: &PersonId| {
        let sheet = line.sheets.iter().find(|sheet| sheet.judge == *judge);
        let text = match sheet.map(|sheet| (sheet.state, sheet.total)) {
            Some((SheetState::Conflict, _)) => "×".to_owned(),
            Some((_, Some(total))) => {
                let dropped =
                    mark.is_some_and(|mark| mark.sheets.iter().any(|s| s.judge == *judge && s.dropped));
                if dropped {
                    format!("({})", points(total))
                } else {
                    points(total)
                }
            }
            _ => "–".to_owned(),
        };
        view! { <td class="number">{text}</td> }
    };
    let cells = panel.judges.iter().map(cell).collect_view();
    let last = if line.absent {
        td_string!(locale, stage.absent).to_owned()
    } else {
        match (rank, mark) {
            (Some(rank), _) => rank.to_string(),
            (None, Some(_)) => td_string!(locale, paper.provisional).to_owned(),
            _ => String::new(),
        }
    };
    view! {
        <tr>
            <td class="number">{place}</td>
            <th scope="row">{line.name.clone()}</th>
            {cells}
            <td class="number">{mark.map(|mark| points(mark.combined))}</td>
            <td class="number">{mark.map(|mark| points(mark.deduction))}</td>
            <td class="number"><b>{mark.map(|mark| points(mark.mark))}</b></td>
            <td class="number">{last}</td>
        </tr>
    }
    .into_any()
}
