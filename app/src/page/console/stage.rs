//! `/hoi-thi/{id}/san-khau/{round}`: running a stage round: panel, draw, clock, sheets, marks. For the
//! staff and the round's chief judge. `?doi=5` opens what can be seen and done for one team.

use std::collections::BTreeMap;
use std::sync::Arc;

use contest::{
    Actor, Blocker, Contest, PersonId, Points, RoundId, TeamId,
    actor::Role,
    stage::SheetState,
    stage_view::{PanelLine, PanelSheet, PanelView},
};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::parts::{act, contest_field, contest_param, field, note, param, query, reason_field};
use crate::api::judging::{RunStage, SetPanel, panel_seen, seen};
use crate::backend::{Person, house, visit};
use crate::dates;
use crate::icon::{Icon, icon};
use crate::island::stage_live::StageLive;
use crate::layout::{ErrorNote, Place, StaffLayout, paths, served};
use crate::page::judge::state;
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
            view! { <p><a class="button quiet" href=href>{icon(Icon::ArrowLeft)}{td_string!(locale, judge.title)}</a></p> }
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

    /// The fields that every act of this page has.
    fn hidden(&self, act: &'static str, team: Option<TeamId>) -> AnyView {
        // What the person sees goes with the form: nobody confirms or overwrites what he has not seen.
        let line = team.and_then(|team| self.panel.teams.iter().find(|line| line.team == team));
        let seen = line.and_then(|line| seen(line, act));
        view! {
            {seen.map(|seen| view! { <input type="hidden" name="seen" value=seen /> })}
            {contest_field(&self.panel.contest)}
            <input type="hidden" name="round" value=self.panel.round.0 />
            <input type="hidden" name="act" value=act />
            {team.map(|team| view! { <input type="hidden" name="team" value=team.0 /> })}
        }
        .into_any()
    }

    /// A form with one button.
    fn button(
        &self,
        act: &'static str,
        team: Option<TeamId>,
        drawing: Icon,
        words: String,
        kind: &'static str,
    ) -> AnyView {
        view! {
            <form method="post" action=RunStage::url()>
                {self.hidden(act, team)}
                <button type="submit" class=format!("button {kind}")>{icon(drawing)}{words}</button>
            </form>
        }
        .into_any()
    }

    /// An act that needs a reason, behind a second look. `more` are further fields.
    fn because(
        &self,
        name: &'static str,
        team: TeamId,
        drawing: Icon,
        words: String,
        more: AnyView,
    ) -> AnyView {
        let id = format!("ly-do-{name}-{team}");
        let form = view! {
            <form method="post" action=RunStage::url() class="stack">
                {self.hidden(name, Some(team))}
                {more}
                {reason_field(self.locale, id)}
                <div><button type="submit" class="button">{words.clone()}</button></div>
            </form>
        };
        act(drawing, words, false, form).into_any()
    }

    fn blockers(&self, list: &[Blocker]) -> AnyView {
        if list.is_empty() {
            return ().into_any();
        }
        let words = list
            .iter()
            .map(|b| words_of::blocker(self.locale, b, self.contest.as_deref()));
        view! { <ul class="blockers">{words.map(|words| view! { <li>{icon(Icon::Alert)}{words}</li> }).collect_view()}</ul> }
            .into_any()
    }

    /// The one large action now: call the next team, run its clock, confirm, publish.
    fn now(&self) -> AnyView {
        let (locale, panel) = (self.locale, &self.panel);
        if panel.published {
            return note("done", Icon::Check, td_string!(locale, stage.published)).into_any();
        }
        if self.chief {
            let all = td_string!(locale, stage.confirm_all).to_owned();
            return self.button("confirm", None, Icon::Check, all, "large");
        }
        let on_stage = panel.teams.iter().find(|line| line.on_stage);
        let running = panel
            .clock
            .as_ref()
            .is_some_and(|clock| clock.running_since.is_some());
        let next = panel.teams.iter().find(|line| line.run == 0 && !line.absent);
        let word = |word: &'static str| word.to_owned();
        let clock = on_stage.filter(|line| !line.stopped).map(|line| {
            let team = Some(line.team);
            let start = if line.elapsed > 0 { td_string!(locale, stage.resume) } else { td_string!(locale, stage.start) };
            view! {
                <div class="row">
                    {(!running).then(|| self.button("start", team, Icon::Play, word(start), "large"))}
                    {running.then(|| self.button("stop", team, Icon::Stop, word(td_string!(locale, stage.stop)), "large"))}
                    {running.then(|| self.button("pause", team, Icon::Pause, word(td_string!(locale, stage.pause)), "quiet"))}
                </div>
            }
        });
        let finished = on_stage.is_none_or(|line| line.stopped || line.confirmed.is_some());
        let call = next.filter(|_| finished && !running).map(|line| {
            if panel.call_blockers.is_empty() {
                let words = td_string!(locale, stage.call_next, team = line.name.as_str());
                self.button("call", Some(line.team), Icon::Megaphone, words, "large")
            } else {
                self.blockers(&panel.call_blockers)
            }
        });
        let publish = (self.organizer && next.is_none()).then(|| {
            if panel.publish_blockers.is_empty() {
                self.button(
                    "publish",
                    None,
                    Icon::Megaphone,
                    word(td_string!(locale, stage.publish)),
                    "large",
                )
            } else {
                self.blockers(&panel.publish_blockers)
            }
        });
        view! { {clock}{call}{publish} }.into_any()
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
            let off = match (line.deduction, line.waived) {
                (_, true) => td_string!(locale, stage.waived).to_owned(),
                (Some(points), _) if points > Points::ZERO => {
                    td_string!(locale, stage.deducted, points = self.points(points))
                }
                (None, _) if line.proposed > Points::ZERO => {
                    td_string!(locale, stage.proposed, points = self.points(line.proposed))
                }
                _ => String::new(),
            };
            let mark = match (&line.confirmed, &line.mark) {
                (Some(mark), _) => Some((self.points(mark.mark), true)),
                (None, Some(mark)) => Some((self.points(mark.mark), false)),
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

    /// One team: its sheets, its mark in the making, what can be done.
    fn team(&self, line: &PanelLine) -> AnyView {
        let locale = self.locale;
        let sheets = line
            .sheets
            .iter()
            .map(|sheet| self.sheet(line, sheet))
            .collect_view();
        let mark = line.confirmed.as_ref().or(line.mark.as_ref()).map(|mark| {
            let dropped = mark.sheets.iter().filter(|s| s.dropped).map(|s| {
                view! { <li class="soft">{self.judge(s.judge)}": "{td_string!(locale, stage.dropped)}</li> }
            });
            let total = if line.confirmed.is_some() {
                td_string!(locale, stage.confirmed, points = self.points(mark.mark))
            } else {
                td_string!(locale, stage.combined, points = self.points(mark.combined))
            };
            view! {
                <p><b>{total}</b>
                {(mark.deduction > Points::ZERO).then(|| format!(" · {}", td_string!(locale, stage.deducted, points = self.points(mark.deduction))))}
                </p>
                <ul>{dropped.collect_view()}</ul>
            }
        });
        let outliers = line.outliers.iter().map(|(judge, apart)| {
            let words = td_string!(
                locale,
                stage.outlier,
                judge = self.judge(*judge),
                points = self.points(*apart)
            );
            note("warning", Icon::Alert, words)
        });
        let noted = line
            .note
            .as_ref()
            .map(|text| view! { <p>{td_string!(locale, stage.noted, note = text.as_str())}</p> });
        view! {
            <section class="card stack" aria-labelledby="doi-chon">
                <h2 id="doi-chon">{td_string!(locale, stage.details, team = line.name.as_str())}</h2>
                {(line.run > 0).then(|| view! { <p class="soft">{self.progress(line)}</p> })}
                <ul class="panel-sheets">{sheets}</ul>
                {mark}
                {outliers.collect_view()}
                {noted}
                {(line.run > 0 && line.confirmed.is_none()).then(|| self.blockers(&line.blockers))}
                {self.acts(line)}
            </section>
        }
        .into_any()
    }

    fn progress(&self, line: &PanelLine) -> String {
        let of = |state: SheetState| line.sheets.iter().filter(|sheet| sheet.state == state).count();
        let all = line.sheets.len() - of(SheetState::Conflict);
        td_string!(
            self.locale,
            stage.progress,
            done = of(SheetState::HandedIn),
            all = all
        )
    }

    fn sheet(&self, line: &PanelLine, sheet: &PanelSheet) -> AnyView {
        let locale = self.locale;
        let name = self.judge(sheet.judge);
        let (kind, words) = state(locale, sheet.state);
        let marks = (!sheet.marks.is_empty()).then(|| {
            let text: Vec<String> = sheet
                .marks
                .iter()
                .map(|(_, points)| self.points(*points))
                .collect();
            view! { <span class="soft small">{text.join(" + ")}</span> }
        });
        let before = (!sheet.versions.is_empty()).then(|| self.versions(sheet));
        let asks = sheet.reopening.as_ref().map(|reason| {
            note(
                "warning",
                Icon::Undo,
                td_string!(
                    locale,
                    stage.asks,
                    judge = name.as_str(),
                    reason = reason.as_str()
                ),
            )
        });
        let judge = sheet.judge.0;
        let reopen = ((self.chief || self.organizer)
            && sheet.state == SheetState::HandedIn
            && line.confirmed.is_none())
        .then(|| {
            let more = view! { <input type="hidden" name="judge" value=judge /> }.into_any();
            let words = td_string!(locale, stage.reopen, judge = name.as_str());
            self.because("reopen", line.team, Icon::Undo, words, more)
        });
        let conflict = (self.organizer && sheet.state == SheetState::Empty).then(|| {
            let more = view! { <input type="hidden" name="judge" value=judge /> }.into_any();
            self.because(
                "conflict",
                line.team,
                Icon::Shield,
                td_string!(locale, stage.conflict).to_owned(),
                more,
            )
        });
        let total = sheet.total.map(|total| self.points(total));
        view! {
            <li class="panel-sheet">
                <div class="row between">
                    <span>{name}</span>
                    <span class=format!("sheet-state {kind}")>{words}</span>
                    <b class="number">{total}</b>
                </div>
                {marks}
                {before}
                {asks}
                {reopen}
                {conflict}
            </li>
        }
        .into_any()
    }

    /// What was handed in before each reopening beside what stands now.
    fn versions(&self, sheet: &PanelSheet) -> AnyView {
        let locale = self.locale;
        let mark = |marks: &[(u32, Points)], id: u32| {
            let found = marks.iter().find(|(of, _)| *of == id);
            found.map_or_else(|| "–".to_owned(), |(_, points)| self.points(*points))
        };
        let heads = (1..=sheet.versions.len())
            .map(|n| view! { <th scope="col" class="number">{td_string!(locale, stage.version_n, n = n)}</th> })
            .collect_view();
        let rows = self
            .panel
            .rubric
            .iter()
            .map(|criterion| {
                let then = sheet
                    .versions
                    .iter()
                    .map(|marks| view! { <td class="number">{mark(marks, criterion.id)}</td> })
                    .collect_view();
                view! {
                    <tr>
                        <th scope="row">{criterion.name.clone()}</th>
                        {then}
                        <td class="number"><b>{mark(&sheet.marks, criterion.id)}</b></td>
                    </tr>
                }
            })
            .collect_view();
        let table = view! {
            <div class="table-wrap" role="region" tabindex="0" aria-label=td_string!(locale, stage.versions)>
                <table class="table tight">
                    <thead>
                        <tr>
                            <th scope="col">{td_string!(locale, judge.criterion)}</th>
                            {heads}
                            <th scope="col" class="number">{td_string!(locale, stage.version_now)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        };
        act(Icon::Book, td_string!(locale, stage.versions), false, table).into_any()
    }

    fn acts(&self, line: &PanelLine) -> AnyView {
        let (locale, team) = (self.locale, line.team);
        let word = |word: &'static str| word.to_owned();
        let performed = line.run > 0;
        let firm = line.confirmed.is_some();
        let table = !self.chief;
        let deduct = (table && performed && !firm).then(|| {
            let (points_id, reason_id) = (format!("diem-tru-{team}"), format!("ly-do-tru-{team}"));
            let value = self.points(line.deduction.unwrap_or(line.proposed));
            let form = view! {
                <form method="post" action=RunStage::url() class="stack">
                    {self.hidden("deduct", Some(team))}
                    {field(points_id.clone(), td_string!(locale, stage.points_off), view! { <input id=points_id name="points" inputmode="decimal" required value=value autocomplete="off" /> })}
                    {field(reason_id.clone(), td_string!(locale, stage.reason_if), view! { <input id=reason_id name="reason" maxlength="500" autocomplete="off" /> })}
                    <div><button type="submit" class="button">{td_string!(locale, stage.set_deduction)}</button></div>
                </form>
            };
            let open = line.proposed > Points::ZERO && line.deduction.is_none() && !line.waived;
            act(Icon::Clock, td_string!(locale, stage.set_deduction), open, form)
        });
        let none = || ().into_any();
        view! {
            {deduct}
            {(self.chief && performed && !firm && !line.outliers.is_empty())
                .then(|| self.because("note", team, Icon::Edit, word(td_string!(locale, stage.note)), none()))}
            {(self.chief && performed && !firm && line.blockers.is_empty())
                .then(|| self.button("confirm", Some(team), Icon::Check, word(td_string!(locale, stage.confirm)), "large"))}
            {(self.chief && performed && !firm && (line.deduction.is_some() || line.proposed > Points::ZERO) && !line.waived)
                .then(|| self.because("waive", team, Icon::Shield, word(td_string!(locale, stage.waive)), none()))}
            {((self.chief || self.organizer) && firm)
                .then(|| self.because("withdraw", team, Icon::Undo, word(td_string!(locale, stage.withdraw)), none()))}
            {(table && !performed && !line.absent)
                .then(|| self.because("absent", team, Icon::Close, word(td_string!(locale, stage.mark_absent)), none()))}
            {(table && line.absent)
                .then(|| self.button("present", Some(team), Icon::Check, word(td_string!(locale, stage.mark_present)), "quiet"))}
            {(table && performed && !firm)
                .then(|| self.because("repeat", team, Icon::Undo, word(td_string!(locale, stage.repeat)), none()))}
        }
        .into_any()
    }

    /// What is settled before the first team is called: panel and draws.
    fn side(&self) -> AnyView {
        if self.chief {
            return ().into_any();
        }
        view! {
            {self.organizer.then(|| self.set_panel())}
            {super::draw::link(self.locale, &self.panel)}
            {self.papers()}
        }
        .into_any()
    }

    /// What is printed of this round.
    fn papers(&self) -> AnyView {
        let (locale, id, round) = (self.locale, &self.panel.contest, self.panel.round);
        let link = |href: String, words: &'static str| {
            view! { <li><a href=href>{icon(Icon::Printer)}" "{words}</a></li> }
        };
        view! {
            <section class="card stack">
                <h2>{td_string!(locale, paper.print)}</h2>
                <ul class="plain-list">
                    {link(paths::sheets(id, round), td_string!(locale, paper.sheets))}
                    {link(format!("{}?trang=1", paths::sheets(id, round)), td_string!(locale, paper.blank_only))}
                    {link(paths::summary(id, round), td_string!(locale, paper.summary))}
                    {link(paths::minutes(id), td_string!(locale, paper.minutes))}
                </ul>
            </section>
        }
        .into_any()
    }

    fn set_panel(&self) -> AnyView {
        let (locale, panel) = (self.locale, &self.panel);
        let begun = panel.teams.iter().any(|line| line.run > 0);
        if self.people.is_empty() {
            return note("warning", Icon::Users, td_string!(locale, stage.no_judges)).into_any();
        }
        let ticks = self.people.iter().map(|person| {
            let (id, name) = (person.id, person.name.clone());
            view! {
                <label class="choice">
                    <input type="checkbox" name="judges[]" value=id.0 checked=panel.judges.contains(&id) />
                    <span>{name}</span>
                </label>
            }
        });
        let chiefs = self.people.iter().map(|person| {
            super::parts::option(
                person.id.to_string(),
                person.name.clone(),
                panel.chief == Some(person.id),
            )
        });
        let form = view! {
            <form method="post" action=SetPanel::url() class="stack">
                {contest_field(&panel.contest)}
                <input type="hidden" name="round" value=panel.round.0 />
                <input type="hidden" name="seen" value=panel_seen(panel) />
                <fieldset class="stack"><legend>{td_string!(locale, stage.judge_of)}</legend>{ticks.collect_view()}</fieldset>
                {field("truong-ban", td_string!(locale, stage.chief), view! { <select id="truong-ban" name="chief" required>{chiefs.collect_view()}</select> })}
                {begun.then(|| reason_field(locale, "ly-do-ban"))}
                <div><button type="submit" class="button">{td_string!(locale, stage.set_panel)}</button></div>
            </form>
        };
        let words = match panel.chief {
            Some(chief) => format!(
                "{}: {} · {}",
                td_string!(locale, stage.panel),
                panel.judges.len(),
                self.judge(chief)
            ),
            None => td_string!(locale, stage.set_panel).to_owned(),
        };
        act(Icon::Users, words, panel.chief.is_none(), form).into_any()
    }
}
