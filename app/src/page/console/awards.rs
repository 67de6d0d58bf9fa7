//! `/hoi-thi/{id}/giai-thuong`: prizes as the rules give them, and complaints.

use contest::{Contest, ContestId, TeamId, award::AwardBy};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::parts::{act, contest_field, contest_param, desk, field, note, reason_field};
use crate::api::judging::{AnswerAppeal, FileAppeal, GiveAward};
use crate::backend::house;
use crate::dates;
use crate::icon::{Icon, icon};
use crate::layout::{ErrorNote, Place, StaffLayout, paths, served};
use crate::words::{Locale, request_locale, td_string};
use crate::words_of;

/// The page.
#[component]
pub fn AwardsPage() -> impl IntoView {
    let locale = request_locale();
    let id = contest_param();
    served(async move {
        let id = id?;
        let desk = desk(&id).await?;
        let contest = desk.contest.clone();
        let awards = house().awards(&desk.visit, &id, true).await?;
        let rows = awards.iter().map(|award| {
            let names: Vec<AnyView> = award
                .holders
                .iter()
                .map(|team| holder(locale, &contest, &id, *team))
                .collect();
            let none = names
                .is_empty()
                .then(|| view! { <span class="soft">{td_string!(locale, stage.nobody_yet)}</span> });
            let choose = (desk.organizer && award.rule.by == AwardBy::Chosen)
                .then(|| give(locale, &contest, &id, award.rule.id, &award.holders));
            view! {
                <tr>
                    <th scope="row">{award.rule.name.clone()}</th>
                    <td><ul class="holders">{names}</ul>{none}{choose}</td>
                </tr>
            }
        });
        let rows = rows.collect_view();
        let empty = awards
            .is_empty()
            .then(|| view! { <p class="empty">{td_string!(locale, stage.no_awards)}</p> });
        let appeals = appeals(locale, &contest, desk.organizer);
        Ok(view! {
            <StaffLayout title=td_string!(locale, stage.awards) contest=contest.clone() place=Place::Awards>
                <ErrorNote form=GiveAward::url() contest=contest.clone() />
                <p class="soft">{td_string!(locale, stage.provisional)}</p>
                {empty}
                <div class="table-wrap">
                    <table class="table">
                        <caption class="unseen">{td_string!(locale, stage.awards)}</caption>
                        <thead>
                            <tr>
                                <th scope="col">{td_string!(locale, stage.award)}</th>
                                <th scope="col">{td_string!(locale, stage.holders)}</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
                {appeals}
            </StaffLayout>
        }
        .into_any())
    })
}

fn holder(locale: Locale, contest: &Contest, id: &ContestId, team: TeamId) -> AnyView {
    let name = words_of::team_name(locale, team, Some(contest));
    view! { <li><a href=paths::explain(id, team)>{name}</a></li> }.into_any()
}

fn give(locale: Locale, contest: &Contest, id: &ContestId, award: u32, held: &[TeamId]) -> AnyView {
    let ticks = contest.teams.values().map(|team| {
        view! {
            <label class="choice">
                <input type="checkbox" name="teams[]" value=team.id.0 checked=held.contains(&team.id) />
                <span>{team.name.clone()}</span>
            </label>
        }
    });
    let form = view! {
        <form method="post" action=GiveAward::url() class="stack">
            {contest_field(id)}
            <input type="hidden" name="award" value=award />
            <fieldset class="ticks"><legend>{td_string!(locale, stage.holders)}</legend>{ticks.collect_view()}</fieldset>
            {reason_field(locale, format!("ly-do-giai-{award}"))}
            <div><button type="submit" class="button">{td_string!(locale, stage.choose_award)}</button></div>
        </form>
    };
    act(Icon::Trophy, td_string!(locale, stage.choose_award), false, form).into_any()
}

fn appeals(locale: Locale, contest: &Contest, organizer: bool) -> AnyView {
    let id = &contest.id;
    let list = contest.appeals.iter().map(|(number, appeal)| {
        let team = words_of::team_name(locale, appeal.team, Some(contest));
        let answered = appeal.answer.as_ref().map(|(upheld, reason)| {
            let decision = if *upheld { td_string!(locale, stage.upheld) } else { td_string!(locale, stage.rejected) };
            note(if *upheld { "done" } else { "" }, Icon::Check, format!("{decision}: {reason}"))
        });
        let answer = (organizer && appeal.answer.is_none()).then(|| {
            let chosen = format!("quyet-dinh-{number}");
            let decisions = view! {
                <select id=chosen.clone() name="upheld">
                    {super::parts::option("false", td_string!(locale, stage.rejected), true)}
                    {super::parts::option("true", td_string!(locale, stage.upheld), false)}
                </select>
            };
            let form = view! {
                <form method="post" action=AnswerAppeal::url() class="stack">
                    {contest_field(id)}
                    <input type="hidden" name="appeal" value=*number />
                    {field(chosen, td_string!(locale, stage.decision), decisions)}
                    {reason_field(locale, format!("ly-do-tra-loi-{number}"))}
                    <div><button type="submit" class="button">{td_string!(locale, stage.answer)}</button></div>
                </form>
            };
            act(Icon::Edit, td_string!(locale, stage.answer), false, form)
        });
        view! {
            <li class="card stack">
                <p><b>{team}</b>" · "<span class="soft">{dates::date_time(appeal.filed_at)}</span></p>
                <p>{appeal.text.clone()}</p>
                {answered}
                {answer}
            </li>
        }
    });
    let list = list.collect_view();
    let none = contest
        .appeals
        .is_empty()
        .then(|| view! { <p class="soft">{td_string!(locale, stage.no_appeals)}</p> });
    let teams = contest
        .teams
        .values()
        .map(|team| super::parts::option(team.id.to_string(), team.name.clone(), false));
    let form = view! {
        <form method="post" action=FileAppeal::url() class="stack">
            {contest_field(id)}
            {field("doi-khieu-nai", td_string!(locale, stage.team), view! { <select id="doi-khieu-nai" name="team">{teams.collect_view()}</select> })}
            {field("noi-dung", td_string!(locale, stage.appeal_text), view! { <textarea id="noi-dung" name="text" rows="3" required maxlength="2000"></textarea> })}
            <div><button type="submit" class="button">{icon(Icon::Edit)}{td_string!(locale, stage.file_appeal)}</button></div>
        </form>
    };
    view! {
        <section class="stack" aria-labelledby="khieu-nai">
            <h2 id="khieu-nai">{td_string!(locale, stage.appeals)}</h2>
            <ErrorNote form=FileAppeal::url() />
            <ErrorNote form=AnswerAppeal::url() />
            {none}
            <ul class="stack plain-list">{list}</ul>
            {act(Icon::Plus, td_string!(locale, stage.file_appeal), false, form)}
        </section>
    }
    .into_any()
}
