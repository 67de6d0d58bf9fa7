//! `/hoi-thi/{id}/bien-ban`: the minutes as far as the ledger knows them; what only people know is dotted.

use contest::{
    Contest, ContestId, Event,
    actor::Role,
    award::Award,
    draw::{Draw, DrawOf},
    freeze::{NotFinal, not_final},
    ledger::Entry,
    stage::{Stage, StageFact},
    standing::{Standing, standings},
};
use leptos::prelude::*;

use super::super::ledger::Names;
use super::super::parts::{Desk, contest_param, desk};
use super::{Frame, draft_asked, heading, in_title, signatures, watermark};
use crate::backend::house;
use crate::dates;
use crate::error::AppError;
use crate::layout::{Place, paths, served};
use crate::words::{Locale, request_locale, td_string};
use crate::words_of;

/// Entries asked for at once.
const PAGE: u32 = 500;

/// The page.
#[component]
pub fn MinutesPage() -> impl IntoView {
    let locale = request_locale();
    let id = contest_param();
    let draft = draft_asked();
    served(async move {
        let desk = desk(&id?).await?;
        let open = not_final(&desk.contest);
        let frame = Frame {
            title: td_string!(locale, paper.minutes),
            place: Place::Standings,
            here: paths::minutes(&desk.contest.id),
            draft,
            back: None,
            beside: None,
        };
        let paper = paper(locale, &desk, &open);
        frame.around(locale, &desk.contest, &open, paper).await
    })
}

async fn paper(locale: Locale, desk: &Desk, open: &[NotFinal]) -> Result<AnyView, AppError> {
    let contest = &*desk.contest;
    let names = Names::of(locale, contest, desk).await?;
    let secretaries = house()
        .people(&desk.visit, &contest.id, Some(Role::Secretary))
        .await?;
    let secretaries: Vec<String> = secretaries.into_iter().map(|person| person.name).collect();
    let incidents = incidents(desk, &contest.id).await?;
    let awards = house().awards(&desk.visit, &contest.id, true).await?;
    let rows = standings(contest, |round, team| {
        contest.mark(round, team).filter(|_| contest.is_published(round))
    });
    let page = Minutes {
        locale,
        contest,
        names: &names,
    };
    Ok(view! {
        <article class="sheet-paper stack" class:draft=!open.is_empty()>
            {watermark(locale, open)}
            {heading(locale, contest, true)}
            <h2 class="paper-title">{td_string!(locale, paper.minutes_title)}{in_title(locale, open)}</h2>
            <p class="paper-under">{td_string!(locale, paper.about, name = contest.details.name.as_str())}</p>
            {page.time_and_place()}
            {page.present(&secretaries)}
            {page.course(&incidents)}
            {page.results(&rows)}
            {page.prizes(&awards)}
            <h3>{td_string!(locale, paper.opinions)}</h3>
            <p>"………………………………………………………………………………………………………"</p>
            <p>{td_string!(locale, paper.closing)}</p>
            {signatures(
                &[td_string!(locale, paper.secretary), td_string!(locale, paper.chair)],
                td_string!(locale, paper.signs),
            )}
        </article>
    }
    .into_any())
}

/// Whatever did not go as planned, the oldest first.
async fn incidents(desk: &Desk, id: &ContestId) -> Result<Vec<Entry>, AppError> {
    let mut found = Vec::new();
    let mut before = None;
    loop {
        let entries = house().ledger(&desk.visit, id, before, PAGE).await?;
        let Some(last) = entries.last().map(|entry| entry.seq) else {
            break;
        };
        found.extend(entries.into_iter().filter(|entry| is_incident(&entry.event)));
        if last <= 1 {
            break;
        }
        before = Some(last);
    }
    found.reverse();
    Ok(found)
}

fn is_incident(event: &Event) -> bool {
    match event {
        Event::ExamPaused { .. }
        | Event::TimeGranted { .. }
        | Event::LateAdmitted { .. }
        | Event::ExamReopened { .. }
        | Event::KeyCorrected { .. }
        | Event::TieDecided { .. }
        | Event::PlaceShared { .. }
        | Event::AppealFiled { .. }
        | Event::AppealAnswered { .. } => true,
        Event::Stage { fact, .. } => matches!(
            fact,
            StageFact::DrawSealed { reason: Some(_), .. }
                | StageFact::DrawEntered { .. }
                | StageFact::OrderChanged { .. }
                | StageFact::ConflictDeclared { .. }
                | StageFact::TeamAbsent { .. }
                | StageFact::JudgeAbsent { .. }
                | StageFact::Repeated { .. }
                | StageFact::DeductionSet { .. }
                | StageFact::DeductionWaived { .. }
                | StageFact::CorrectionAsked { .. }
                | StageFact::CorrectionDropped { .. }
                | StageFact::SheetReopened { .. }
                | StageFact::SpreadNoted { .. }
                | StageFact::MarkWithdrawn { .. }
        ),
        _ => false,
    }
}

struct Minutes<'a> {
    locale: Locale,
    contest: &'a Contest,
    names: &'a Names<'a>,
}

impl Minutes<'_> {
    fn team(&self, team: contest::TeamId) -> String {
        words_of::team_name(self.locale, team, Some(self.contest))
    }

    /// The stage rounds that are under way, with their names.
    fn stages(&self) -> impl Iterator<Item = (&str, &Stage)> {
        let rounds = self.contest.rules().into_iter().flat_map(|rules| &rules.rounds);
        rounds.filter_map(|round| Some((round.name.as_str(), self.contest.stages.get(&round.id)?.as_ref())))
    }

    fn time_and_place(&self) -> AnyView {
        let (locale, details) = (self.locale, &self.contest.details);
        let began = details.starts_at.map_or_else(
            || td_string!(locale, paper.began_blank).to_owned(),
            |at| td_string!(locale, paper.began, at = dates::date_time(at)),
        );
        let place = if details.place.is_empty() {
            td_string!(locale, paper.place_blank).to_owned()
        } else {
            td_string!(locale, paper.held_at, place = details.place.as_str())
        };
        view! { <h3>{td_string!(locale, paper.time_place)}</h3><p>{began}</p><p>{place}</p> }.into_any()
    }

    fn present(&self, secretaries: &[String]) -> AnyView {
        let locale = self.locale;
        let panels = self.stages().map(|(round, stage)| {
            let judges: Vec<String> = stage.judges.iter().map(|judge| self.names.person(*judge)).collect();
            let chief = stage
                .chief
                .map(|chief| td_string!(locale, paper.chief_of, name = self.names.person(chief)));
            view! { <p>{td_string!(locale, paper.panel_of, round = round, names = judges.join(", "))}" "{chief}</p> }
        });
        let teams: Vec<String> = self
            .contest
            .teams
            .values()
            .map(|team| team.name.clone())
            .collect();
        view! {
            <h3>{td_string!(locale, paper.present)}</h3>
            {panels.collect_view()}
            {(!secretaries.is_empty()).then(|| view! { <p>{td_string!(locale, paper.secretaries, names = secretaries.join(", "))}</p> })}
            <p>{td_string!(locale, paper.teams_of, n = teams.len(), names = teams.join(", "))}</p>
        }
        .into_any()
    }

    fn course(&self, incidents: &[Entry]) -> AnyView {
        let locale = self.locale;
        let orders = self.stages().filter(|(_, stage)| !stage.order.is_empty()).map(|(round, stage)| {
            let how = match stage.draws.get(&DrawOf::Order) {
                Some(Draw::Opened { commitment, .. }) => {
                    td_string!(locale, paper.by_machine, hash = commitment.to_string())
                }
                _ => td_string!(locale, paper.by_paper).to_owned(),
            };
            let names: Vec<String> = stage.order.iter().map(|team| self.team(*team)).collect();
            view! { <p class="paper-long">{td_string!(locale, paper.order_of, round = round, how = how, names = names.join("; "))}</p> }
        });
        let list = incidents
            .iter()
            .map(|entry| {
                let (about, reason) = self.names.sentence(&entry.event);
                let reason = reason.map(|reason| format!(" ({}: {reason})", td_string!(locale, common.reason)));
                view! { <li>{dates::date_time(entry.at)}": "{words_of::event(locale, &entry.event)}" · "{about}{reason}</li> }
            })
            .collect_view();
        view! {
            <h3>{td_string!(locale, paper.course)}</h3>
            {orders.collect_view()}
            {if incidents.is_empty() {
                view! { <p>{td_string!(locale, paper.no_incidents)}</p> }.into_any()
            } else {
                view! { <p>{td_string!(locale, paper.incidents)}</p><ul>{list}</ul> }.into_any()
            }}
        }
        .into_any()
    }

    fn results(&self, rows: &[Standing]) -> AnyView {
        let locale = self.locale;
        let rounds = self
            .contest
            .rules()
            .map(|rules| rules.rounds.clone())
            .unwrap_or_default();
        let points = |points: Option<contest::Points>| {
            points.map_or_else(|| "–".to_owned(), |points| words_of::points(locale, points))
        };
        let heads = rounds
            .iter()
            .map(|round| view! { <th scope="col">{round.name.clone()}</th> })
            .collect_view();
        let lines = rows
            .iter()
            .map(|row| {
                let marks = row.marks.iter().map(|mark| view! { <td class="number">{points(*mark)}</td> }).collect_view();
                view! {
                    <tr>
                        <td class="number">{row.rank.map_or_else(|| "–".to_owned(), |rank| rank.to_string())}</td>
                        <th scope="row">{self.team(row.team)}</th>
                        {marks}
                        <td class="number"><b>{points(row.total)}</b></td>
                    </tr>
                }
            })
            .collect_view();
        view! {
            <h3>{td_string!(locale, paper.results)}</h3>
            <table class="paper-table">
                <thead>
                    <tr>
                        <th scope="col">{td_string!(locale, paper.rank)}</th>
                        <th scope="col">{td_string!(locale, paper.teams_row)}</th>
                        {heads}
                        <th scope="col">{td_string!(locale, console.total)}</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        }
        .into_any()
    }

    fn prizes(&self, awards: &[Award]) -> AnyView {
        let locale = self.locale;
        let lines = awards
            .iter()
            .map(|award| {
                let holders: Vec<String> = award.holders.iter().map(|team| self.team(*team)).collect();
                let holders = if holders.is_empty() {
                    "……………".to_owned()
                } else {
                    holders.join(", ")
                };
                view! { <li>{award.rule.name.clone()}": "{holders}</li> }
            })
            .collect_view();
        view! { <h3>{td_string!(locale, paper.prizes)}</h3><ul>{lines}</ul> }.into_any()
    }
}
