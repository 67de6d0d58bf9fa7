//! `/hoi-thi/{id}/san-khau/{round}/phieu`: phiếu chấm điểm on paper, those handed in or, `?trang=1`, empty
//! ones for every judge and team.

use contest::{
    Contest, Points, RoundId,
    rules::Criterion,
    stage::SheetState,
    stage_view::{PanelLine, PanelSheet},
};
use leptos::prelude::*;

use super::super::parts::{contest_param, desk, param, query};
use super::{heading, signatures, tools};
use crate::backend::house;
use crate::icon::{Icon, icon};
use crate::layout::{Place, StaffLayout, paths, served};
use crate::numerals::in_words;
use crate::words::{Locale, request_locale, td_string};
use crate::words_of;

/// The page.
#[component]
pub fn SheetsPage() -> impl IntoView {
    let locale = request_locale();
    let id = contest_param();
    let round = param::<RoundId>("round");
    let empty = query::<u8>("trang").is_some();
    served(async move {
        let (id, round) = (id?, round?);
        let desk = desk(&id).await?;
        let (panel, names) = house().panel_view(&desk.visit, &id, round).await?;
        let contest = desk.contest.clone();
        let mut papers: Vec<AnyView> = Vec::new();
        for (place, line) in (1..).zip(&panel.teams).filter(|(_, line)| !line.absent) {
            for sheet in &line.sheets {
                let shown = if empty {
                    sheet.state != SheetState::Conflict
                } else {
                    sheet.state == SheetState::HandedIn
                };
                if shown {
                    let paper = Paper {
                        locale,
                        contest: &contest,
                        round: &panel.round_name,
                        rubric: &panel.rubric,
                        judge: names.get(&sheet.judge).cloned().unwrap_or_default(),
                        sheet: (!empty).then_some(sheet),
                    };
                    papers.push(paper.view(place, line));
                }
            }
        }
        let here = paths::sheets(&id, round);
        let (other, word) = if empty {
            (here, td_string!(locale, paper.filled))
        } else {
            (format!("{here}?trang=1"), td_string!(locale, paper.blank_only))
        };
        let none = papers
            .is_empty()
            .then(|| view! { <p class="empty">{td_string!(locale, paper.none_filled)}</p> });
        Ok(view! {
            <StaffLayout title=td_string!(locale, paper.sheets) contest=contest.clone() place=Place::Round(round)>
                <div class="row screen-only">
                    <a class="button quiet" href=paths::stage(&id, round)>{icon(Icon::ArrowLeft)}{td_string!(locale, common.back)}</a>
                    <a class="button quiet" href=other>{word}</a>
                </div>
                {tools(locale, &contest)}
                {none}
                {papers}
            </StaffLayout>
        }
        .into_any())
    })
}

struct Paper<'a> {
    locale: Locale,
    contest: &'a Contest,
    round: &'a str,
    rubric: &'a [Criterion],
    judge: String,
    /// Empty for one to fill in by hand.
    sheet: Option<&'a PanelSheet>,
}

impl Paper<'_> {
    fn view(&self, place: u32, line: &PanelLine) -> AnyView {
        let locale = self.locale;
        let points = |points: Points| words_of::points(locale, points);
        let mark = |id: u32| {
            let (_, points) = self.sheet?.marks.iter().find(|(of, _)| *of == id)?;
            Some(*points)
        };
        let row = |(n, criterion): (usize, &Criterion)| {
            view! {
                <tr>
                    <td class="number">{n}</td>
                    <td>{criterion.name.clone()}</td>
                    <td class="number">{points(criterion.maximum)}</td>
                    <td class="number"><b>{mark(criterion.id).map(points)}</b></td>
                </tr>
            }
        };
        let rows = (1..).zip(self.rubric).map(row).collect_view();
        let most: Points = self.rubric.iter().map(|criterion| criterion.maximum).sum();
        let total = self.sheet.and_then(|sheet| sheet.total);
        let words = match total {
            Some(total) => td_string!(locale, paper.points_words, words = in_words(total)),
            None => "………………………………………………".to_owned(),
        };
        let remark = self
            .sheet
            .map(|sheet| sheet.remark.clone())
            .filter(|remark| !remark.is_empty())
            .unwrap_or_else(|| "………………………………………………………………………………………".to_owned());
        view! {
            <article class="sheet-paper new-page">
                {heading(locale, self.contest, false)}
                <h2 class="paper-title">{td_string!(locale, paper.sheet_title)}</h2>
                <p class="paper-under">{self.contest.details.name.clone()}</p>
                <p>{td_string!(locale, paper.sheet_of, round = self.round)}</p>
                <p>{td_string!(locale, paper.team_order, team = line.name.as_str(), place = place)}</p>
                {(!line.unit.is_empty()).then(|| view! { <p>{td_string!(locale, paper.unit, unit = line.unit.as_str())}</p> })}
                <p>{td_string!(locale, paper.judge, name = self.judge.as_str())}</p>
                <table class="paper-table">
                    <thead>
                        <tr>
                            <th scope="col">"TT"</th>
                            <th scope="col">{td_string!(locale, judge.criterion)}</th>
                            <th scope="col">{td_string!(locale, judge.maximum)}</th>
                            <th scope="col">{td_string!(locale, judge.mark)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                    <tfoot>
                        <tr>
                            <th scope="row" colspan="2">{td_string!(locale, judge.total)}</th>
                            <td class="number">{points(most)}</td>
                            <td class="number"><b>{total.map(points)}</b></td>
                        </tr>
                    </tfoot>
                </table>
                <p>{td_string!(locale, paper.in_words)}": "<i>{words}</i></p>
                <p>{td_string!(locale, paper.deduction)}": "{line.deduction.filter(|_| self.sheet.is_some() && !line.waived).map_or_else(|| "…………".to_owned(), points)}</p>
                <p>{td_string!(locale, paper.remark)}": "{remark}</p>
                {signatures(&[td_string!(locale, paper.judge_signs)], td_string!(locale, paper.signs))}
                <p class="paper-name">{self.judge.clone()}</p>
            </article>
        }
        .into_any()
    }
}
