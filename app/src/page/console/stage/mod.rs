//! `/hoi-thi/{id}/san-khau/{round}`: running a stage round: panel, draw, clock, sheets, marks. For the
//! staff and the round's chief judge. `?doi=5` opens what can be seen and done for one team.

mod now;
mod side;
mod team;

use std::collections::BTreeMap;
use std::sync::Arc;

use contest::{
    Actor, Blocker, Contest, PersonId, Points, RoundId, TeamId,
    actor::Role,
    stage::SheetState,
    stage_view::{PanelLine, PanelView},
};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::parts::{act, contest_field, contest_param, note, param, query, reason_field};
use crate::api::judging::{RunStage, SetPanel};
use crate::backend::{Person, house, visit};
use crate::dates;
use crate::icon::{Icon, icon};
use crate::island::stage_live::StageLive;
use crate::layout::{ErrorNote, Place, StaffLayout, paths, served};
use crate::words::{Locale, request_locale, td_string};
use crate::words_of;

/// The page.
#[component]
pub fn StagePage() -> impl IntoView {
    let locale = request_locale();
    let id = contest_param();
    let round = param::<RoundId>("round");
    let team = query("doi").map(TeamId);
    served(async move {
        let (id, round) = (id?, round?);
        let visit = visit();
        let (panel, names) = house().panel_view(&visit, &id, round).await?;
        let actor = visit.actor_in(&id);
        // The chief judge sees his desk, not the rest of the console.
        let contest = match actor {
            Actor::Judge { .. } => None,
            _ => Some(house().contest(&visit, &id).await?),
        };
        let people = match actor {
            Actor::Judge { .. } => vec![],
            _ => house().people(&visit, &id, Some(Role::Judge)).await?,
        };
        let page = Page {
            locale,
            organizer: matches!(actor, Actor::Organizer { .. }),
            chief: matches!(actor, Actor::Judge { .. }),
            actor,
            contest: contest.clone(),
            panel,
            names,
            people,
        };
        Ok(page.view(contest, team))
    })
}

struct Page {
    locale: Locale,
    organizer: bool,
    chief: bool,
    actor: Actor,
    contest: Option<Arc<Contest>>,
    panel: PanelView,
    names: BTreeMap<PersonId, String>,
    people: Vec<Person>,
}

impl Page {
    fn view(&self, contest: Option<Arc<Contest>>, team: Option<TeamId>) -> AnyView {
        let (locale, panel) = (self.locale, &self.panel);
        let chosen = team.or(panel.clock.as_ref().map(|clock| clock.team));
        let line = chosen.and_then(|team| panel.teams.iter().find(|line| line.team == team));
        let errors = [RunStage::url(), SetPanel::url()]
            .map(|form| view! { <ErrorNote form=form contest=self.contest.clone() /> })
            .collect_view();
        let back = self.chief.then(|| {
            let href = format!("/giam-khao?phan={}", panel.round);
            view! { <p><a class="button quiet" href=href>{icon(Icon::ArrowLeft)}{td_string!(locale, judge.back_to_sheets)}</a></p> }
        });
        let (now, detail) = (self.now(), line.map(|line| self.team(line)));
        let (table, side) = (self.teams(chosen), self.side());
        let source = format!("/api/cham/events?contest={}", panel.contest);
        let (made, clock, round) = (panel.now, panel.clock.clone(), panel.round);
        view! {
            <StaffLayout title=panel.round_name.clone() contest=contest place=Place::Round(round)>
                {back}
                {errors}
                <div class="split stage">
                    <div class="stack">
                        <section class="card stage-now">
                            <StageLive
                                locale=locale
                                source=source
                                now=made
                                clock=clock
                            />
                            <div data-live="viec" class="stack">{now}</div>
                        </section>
                        <div data-live="cac-doi">{table}</div>
                    </div>
                    <aside class="stack" aria-label=td_string!(locale, stage.acts)>
                        <div data-live="doi" class="stack">
                            {match detail {
                                Some(detail) => detail,
                                None => view! { <p class="card soft">{td_string!(locale, stage.choose)}</p> }.into_any(),
                            }}
                        </div>
                        {side}
                    </aside>
                </div>
            </StaffLayout>
        }
        .into_any()
    }

    fn judge(&self, id: PersonId) -> String {
        self.names.get(&id).cloned().unwrap_or_else(|| id.to_string())
    }

    fn points(&self, points: Points) -> String {
        words_of::points(self.locale, points)
    }

    /// The fields that every act of this page has. What the person sees goes along: nobody confirms or
    /// overwrites what he has not seen.
    fn fields(&self, act: &'static str, team: Option<TeamId>, judge: Option<PersonId>) -> AnyView {
        view! {
            {contest_field(&self.panel.contest)}
            <input type="hidden" name="round" value=self.panel.round.0 />
            <input type="hidden" name="act" value=act />
            <input type="hidden" name="seen" value=self.panel.stamp />
            {team.map(|team| view! { <input type="hidden" name="team" value=team.0 /> })}
            {judge.map(|judge| view! { <input type="hidden" name="judge" value=judge.0 /> })}
        }
        .into_any()
    }

    /// A form of these fields with one button.
    fn form(&self, fields: AnyView, drawing: Icon, words: String, kind: &'static str) -> AnyView {
        view! {
            <form method="post" action=RunStage::url()>
                {fields}
                <button type="submit" class=format!("button {kind}")>{icon(drawing)}{words}</button>
            </form>
        }
        .into_any()
    }

    fn button(
        &self,
        act: &'static str,
        team: Option<TeamId>,
        drawing: Icon,
        words: String,
        kind: &'static str,
    ) -> AnyView {
        self.form(self.fields(act, team, None), drawing, words, kind)
    }

    /// An act that needs a reason, behind a second look; on a sheet it is about its judge.
    fn because(
        &self,
        name: &'static str,
        team: TeamId,
        judge: Option<PersonId>,
        drawing: Icon,
        words: String,
    ) -> AnyView {
        let whose = judge.map(|judge| format!("-{judge}")).unwrap_or_default();
        let form = view! {
            <form method="post" action=RunStage::url() class="stack">
                {self.fields(name, Some(team), judge)}
                {reason_field(self.locale, format!("ly-do-{name}-{team}{whose}"))}
                <div><button type="submit" class="button">{words.clone()}</button></div>
            </form>
        };
        act(drawing, words, false, form).into_any()
    }

    fn blockers(&self, list: &[Blocker]) -> AnyView {
        if list.is_empty() {
            return ().into_any();
        }
        // The chief judge's page has no contest; the panel's lines have the names.
        let name = |team: &TeamId| {
            let line = self.panel.teams.iter().find(|line| line.team == *team);
            line.map_or_else(
                || words_of::team_name(self.locale, *team, self.contest.as_deref()),
                |line| line.name.clone(),
            )
        };
        let words = list
            .iter()
            .map(|b| words_of::blocker_naming(self.locale, b, self.contest.as_deref(), &name));
        view! { <ul class="blockers">{words.map(|words| view! { <li>{icon(Icon::Alert)}<span>{words}</span></li> }).collect_view()}</ul> }
            .into_any()
    }

    fn teams(&self, chosen: Option<TeamId>) -> AnyView {
        let locale = self.locale;
        let (id, round) = (&self.panel.contest, self.panel.round);
        let row = |(place, line): (usize, &PanelLine)| {
            let href = format!("{}?doi={}", paths::stage(id, round), line.team);
            let handed_in = line
                .sheets
                .iter()
                .filter(|s| s.state == SheetState::HandedIn)
                .count();
            let asked = line
                .sheets
                .iter()
                .filter(|s| s.state != SheetState::Conflict)
                .count();
            let again = line
                .blockers
                .iter()
                .any(|b| matches!(b, Blocker::DeductionOpen { .. }));
            let off = match (line.deduction, line.waived) {
                _ if again => td_string!(locale, stage.proposed, points = self.points(line.proposed)),
                (_, true) => td_string!(locale, stage.waived).to_owned(),
                (Some(points), _) if points > Points::ZERO => {
                    td_string!(locale, stage.deducted, points = self.points(points))
                }
                _ => String::new(),
            };
            let mark = match (&line.confirmed, &line.mark) {
                (Some(mark), _) => Some((words_of::points_aligned(locale, mark.mark), true)),
                (None, Some(mark)) => Some((words_of::points_aligned(locale, mark.mark), false)),
                _ => None,
            };
            let state = if line.absent {
                ("off", td_string!(locale, stage.absent))
            } else if line.confirmed.is_some() {
                ("done", td_string!(locale, judge.confirmed))
            } else if line.on_stage {
                ("now", td_string!(locale, judge.on_stage))
            } else if line.run > 0 {
                ("draft", td_string!(locale, judge.state_draft))
            } else {
                ("empty", td_string!(locale, judge.state_empty))
            };
            view! {
                <tr class:edited=chosen == Some(line.team)>
                    <td class="number">{place}</td>
                    <th scope="row"><a class="row-link" href=href>{line.name.clone()}</a></th>
                    <td>{line.pack.map(|n| td_string!(locale, stage.pack, n = n))}</td>
                    <td class="number">{(line.run > 0).then(|| dates::clock(line.elapsed))}</td>
                    <td class="number">{format!("{handed_in}/{asked}")}</td>
                    <td>{off}</td>
                    <td class="number">
                        {mark.map(|(text, firm)| if firm { view! { <b>{text}</b> }.into_any() } else { view! { <span class="soft">{text}</span> }.into_any() })}
                    </td>
                    <td><span class=format!("sheet-state {}", state.0)>{state.1}</span></td>
                </tr>
            }
        };
        let rows = (1..).zip(&self.panel.teams).map(row).collect_view();
        view! {
            <div class="table-wrap" tabindex="0" role="region" aria-label=td_string!(locale, stage.order)>
                <table class="table tight">
                    <caption class="unseen">{td_string!(locale, stage.order)}</caption>
                    <thead>
                        <tr>
                            <th scope="col" class="number">"#"</th>
                            <th scope="col">{td_string!(locale, stage.team)}</th>
                            <th scope="col">{td_string!(locale, stage.packs)}</th>
                            <th scope="col" class="number">{td_string!(locale, stage.time)}</th>
                            <th scope="col" class="number">{td_string!(locale, stage.sheets)}</th>
                            <th scope="col">{td_string!(locale, stage.deduction)}</th>
                            <th scope="col" class="number">{td_string!(locale, stage.mark)}</th>
                            <th scope="col">{td_string!(locale, stage.state)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    }
}
