//! `/hoi-thi/{id}/phan-thi/{round}/bai/{person}`: a contestant's marked paper, for the staff.

use contest::{PersonId, RoundId};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::exam::keep_private;
use super::marked::question;
use crate::api::contest_id;
use crate::backend::{house, visit};
use crate::error::AppError;
use crate::icon::{Icon, icon};
use crate::layout::{Place, StaffLayout, paths, served};
use crate::words::{request_locale, td_string};
use crate::words_of::points;

/// Every question with what was chosen, what was right, and what it gave.
#[component]
pub fn MarkedPaperPage() -> impl IntoView {
    let locale = request_locale();
    let (id, round, person) = use_params_map().with_untracked(|params| {
        let text = |name| params.get(name).unwrap_or_default();
        (text("id"), text("round"), text("person"))
    });
    let (house, visit) = (house(), visit());
    keep_private();
    served(async move {
        let id = contest_id(&id)?;
        let round = round.parse::<RoundId>().map_err(|_| AppError::NotFound)?;
        let person = person.parse::<PersonId>().map_err(|_| AppError::NotFound)?;
        let contest = house.contest(&visit, &id).await?;
        let (name, paper) = house.explain_paper(&visit, &id, round, person).await?;
        let people = house.people(&visit, &id, None).await?;
        let team = people.into_iter().find(|p| p.id == person).and_then(|p| p.team);
        let mark = paper.mark;
        let lead = td_string!(
            locale,
            explain.paper_lead,
            code = paper.code,
            right = mark.right,
            wrong = mark.wrong,
            blank = mark.blank,
            points = points(locale, mark.points)
        );
        let questions = (1..)
            .zip(paper.questions)
            .map(|(n, asked)| question(locale, n, asked))
            .collect_view();
        let back = team.map(|team| {
            let href = paths::explain(&id, team);
            view! { <p><a class="button quiet" href=href>{icon(Icon::ArrowLeft)}{td_string!(locale, explain.back_to_team)}</a></p> }
        });
        let title = td_string!(locale, explain.paper_title, name = name.as_str());
        Ok(view! {
            <StaffLayout title=title contest=contest place=Place::Round(round)>
                <p class="explain-lead">{lead}</p>
                {back}
                <ol class="paper-list">{questions}</ol>
            </StaffLayout>
        })
    })
}
