//! `/hoi-thi/{id}/giai-thuong`: prizes as the rules give them, and complaints.

use contest::{Contest, ContestId, TeamId, award::AwardBy};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::appeals;
use super::parts::{act, contest_field, contest_param, desk, reason_field};
use crate::api::judging::GiveAward;
use crate::backend::house;
use crate::icon::Icon;
use crate::layout::{ErrorNote, Place, StaffLayout, paths, served};
use crate::words::{Locale, request_locale, td_string};
use crate::words_of;

/// The page.
#[component]
pub fn AwardsPage() -> impl IntoView {
    let locale = request_locale();
    let (id, asked) = (contest_param(), appeals::Asked::in_query());
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
        let appeals = appeals::appeals(locale, &contest, desk.organizer);
        let correction = appeals::correction(locale, &desk, asked).await;
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
                {correction}
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
