//! `/hoi-thi/{id}/bang-tong-hop`: the standings on paper, A4 landscape. While they are not final the page says why
//! instead; `?nhap=1` asks for a draft, which says so across the paper.

use contest::{
    Contest, ContestId, Points, TeamId,
    award::{Award, AwardBy, awards},
    freeze::{NotFinal, not_final},
    standing::{Standing, standings},
};
use leptos::prelude::*;

use super::super::parts::{contest_param, desk};
use super::{Frame, draft_asked, heading, in_title, signatures, watermark};
use crate::icon::{Icon, icon};
use crate::layout::{Place, paths, served};
use crate::words::{Locale, request_locale, td_string};
use crate::words_of;

/// The page.
#[component]
pub fn StandingsPaper() -> impl IntoView {
    let locale = request_locale();
    let id = contest_param();
    let draft = draft_asked();
    served(async move {
        let contest = desk(&id?).await?.contest;
        let open = not_final(&contest);
        let frame = Frame {
            title: td_string!(locale, sheet.title),
            place: Place::Sheet,
            here: paths::sheet(&contest.id),
            draft,
            back: None,
            beside: Some(workbook(locale, &contest.id, !open.is_empty())),
        };
        let paper = async { Ok(paper(locale, &contest, &open).into_any()) };
        frame.around(locale, &contest, &open, paper).await
    })
}

/// The same as a workbook.
fn workbook(locale: Locale, id: &ContestId, draft: bool) -> AnyView {
    let (address, words) = if draft {
        let address = format!("{}?draft=1", paths::workbook(id));
        (address, td_string!(locale, sheet.workbook_draft))
    } else {
        (paths::workbook(id), td_string!(locale, sheet.workbook))
    };
    view! { <a class="button quiet" href=address download="">{icon(Icon::Download)}{words}</a> }.into_any()
}

fn paper(locale: Locale, contest: &Contest, open: &[NotFinal]) -> impl IntoView + use<> {
    let rows = standings(contest, |round, team| contest.mark(round, team));
    let rules = contest.rules();
    let rounds = rules.map_or(&[][..], |rules| &rules.rounds);
    let prizes = rules.map_or(vec![], |rules| awards(rules, &rows, &contest.given));
    let draft = !open.is_empty();
    let heads = rounds
        .iter()
        .map(|round| view! { <th scope="col" class="number">{round.name.clone()}</th> });
    let lines = (1..)
        .zip(&rows)
        .map(|(n, row)| line(locale, contest, n, row, &prizes))
        .collect_view();
    view! {
        <article class="sheet-paper landscape" class:draft=draft lang=locale.to_string()>
            {watermark(locale, open)}
            {heading(locale, contest, false)}
            <h2 class="paper-title">{td_string!(locale, sheet.heading)}{in_title(locale, open)}</h2>
            <p class="paper-under">{contest.details.name.clone()}</p>
            <table class="paper-table">
                <thead>
                    <tr>
                        <th scope="col">{td_string!(locale, sheet.order)}</th>
                        <th scope="col">{td_string!(locale, sheet.team)}</th>
                        <th scope="col">{td_string!(locale, sheet.unit)}</th>
                        {heads.collect_view()}
                        <th scope="col" class="number">{td_string!(locale, sheet.total)}</th>
                        <th scope="col" class="number">{td_string!(locale, sheet.rank)}</th>
                        <th scope="col">{td_string!(locale, sheet.prize)}</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
            {other_prizes(locale, contest, &prizes)}
            {signatures(
                &[
                    td_string!(locale, sheet.secretary),
                    td_string!(locale, sheet.chief),
                    td_string!(locale, sheet.chair),
                ],
                td_string!(locale, paper.signs),
            )}
        </article>
    }
}

fn line(
    locale: Locale,
    contest: &Contest,
    n: u32,
    row: &Standing,
    prizes: &[Award],
) -> Option<impl IntoView + use<>> {
    let team = contest.teams.get(&row.team)?;
    let points = |points: Option<Points>| {
        points.map_or_else(
            || td_string!(locale, sheet.no_mark).to_owned(),
            |points| words_of::points(locale, points),
        )
    };
    let marks = row
        .marks
        .iter()
        .map(|mark| view! { <td class="number">{points(*mark)}</td> })
        .collect_view();
    let held = prizes
        .iter()
        .filter(|award| award.rule.by == AwardBy::Total && award.holders.contains(&row.team));
    let held: Vec<&str> = held.map(|award| award.rule.name.as_str()).collect();
    Some(view! {
        <tr>
            <td class="number">{n}</td>
            <th scope="row">{team.name.clone()}</th>
            <td>{team.unit.clone()}</td>
            {marks}
            <td class="number"><strong>{points(row.total)}</strong></td>
            <td class="number">
                {row.rank.map_or_else(|| td_string!(locale, sheet.no_mark).to_owned(), |rank| rank.to_string())}
                {row.tied.then(|| view! { <small>" " {td_string!(locale, sheet.tied)}</small> })}
            </td>
            <td>{held.join(", ")}</td>
        </tr>
    })
}

/// Prizes by round and by choice stand below the table.
fn other_prizes(locale: Locale, contest: &Contest, prizes: &[Award]) -> Option<impl IntoView + use<>> {
    let names = |teams: &[TeamId]| -> String {
        let names = teams.iter().filter_map(|team| contest.teams.get(team));
        let names: Vec<&str> = names.map(|team| team.name.as_str()).collect();
        names.join(", ")
    };
    let others = prizes
        .iter()
        .filter(|award| award.rule.by != AwardBy::Total && !award.holders.is_empty());
    let lines: Vec<String> = others
        .map(|award| {
            let (prize, teams) = (award.rule.name.as_str(), names(&award.holders));
            td_string!(locale, sheet.prize_line, prize = prize, teams = teams)
        })
        .collect();
    (!lines.is_empty()).then(|| {
        let lines = lines.into_iter().map(|line| view! { <li>{line}</li> });
        view! {
            <p><strong>{td_string!(locale, sheet.other_prizes)}</strong></p>
            <ul>{lines.collect_view()}</ul>
        }
    })
}
