//! What is to be done now: the one large action, and what the whole round waits for.

use contest::{stage::SheetState, stage_view::PanelLine};
use leptos::prelude::*;

use super::{Page, note};
use crate::icon::{Icon, icon};
use crate::layout::paths;
use crate::words::td_string;

impl Page {
    /// The one large action now: call the next team, run its clock, confirm, publish.
    pub(super) fn now(&self) -> AnyView {
        let (locale, panel) = (self.locale, &self.panel);
        let waits = self.waits();
        if panel.published {
            let done = note("done", Icon::Check, td_string!(locale, stage.published));
            return view! { {done}{waits} }.into_any();
        }
        if self.chief {
            return view! { {self.confirm_all()}{waits} }.into_any();
        }
        let on_stage = panel.teams.iter().find(|line| line.on_stage);
        let running = panel
            .clock
            .as_ref()
            .is_some_and(|clock| clock.running_since.is_some());
        let next = panel.teams.iter().find(|line| awaits_its_turn(line));
        let word = |word: &'static str| word.to_owned();
        let open = |line: &&PanelLine| line.confirmed.is_none() && !line.absent;
        let clock = on_stage.filter(open).map(|line| {
            let team = Some(line.team);
            let start = if line.elapsed > 0 { td_string!(locale, stage.resume) } else { td_string!(locale, stage.start) };
            // Stopped by mistake it goes on, but that is not what is proposed.
            let kind = if line.stopped { "quiet" } else { "large" };
            view! {
                <div class="row">
                    {(!running).then(|| self.button("start", team, Icon::Play, word(start), kind))}
                    {running.then(|| self.button("stop", team, Icon::Stop, word(td_string!(locale, stage.stop)), "large"))}
                    {running.then(|| self.button("pause", team, Icon::Pause, word(td_string!(locale, stage.pause)), "quiet"))}
                </div>
            }
        });
        let finished = on_stage.is_none_or(|line| line.stopped || line.absent || line.confirmed.is_some());
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
        view! { {clock}{call}{publish}{waits} }.into_any()
    }

    /// The chief judge's button, as long as there is something that can be confirmed, and what holds up the rest.
    fn confirm_all(&self) -> AnyView {
        let locale = self.locale;
        let open = |line: &&PanelLine| line.run > 0 && line.confirmed.is_none() && !line.absent;
        let (ready, held): (Vec<_>, Vec<_>) = self
            .panel
            .teams
            .iter()
            .filter(open)
            .partition(|line| line.blockers.is_empty());
        let ready = ready.iter().filter(|line| line.mark.is_some()).count();
        let button = (ready > 0).then(|| {
            let words = td_string!(locale, stage.confirm_ready, n = ready);
            self.button("confirm", None, Icon::Check, words, "large")
        });
        let held = (!held.is_empty()).then(|| {
            let lines = held.iter().map(|line| {
                view! { <li>{self.link(line)}{self.blockers(&line.blockers)}</li> }
            });
            view! {
                <section class="stack" aria-labelledby="con-vuong">
                    <h2 id="con-vuong">{td_string!(locale, stage.held_up)}</h2>
                    <ul class="plain-list stack">{lines.collect_view()}</ul>
                </section>
            }
        });
        view! { {button}{held} }.into_any()
    }

    /// Who asks for something, in the whole round: reopened sheets, corrected marks.
    fn waits(&self) -> AnyView {
        let locale = self.locale;
        let asked = self.panel.teams.iter().flat_map(|line| {
            line.sheets.iter().filter_map(move |sheet| {
                let reason = sheet.reopening.as_ref()?;
                let words = td_string!(
                    locale,
                    stage.asks,
                    judge = self.judge(sheet.judge),
                    reason = reason.as_str()
                );
                Some(view! { <li class="with-icon">{icon(Icon::Undo)}<span>{self.link(line)}" · "{words}</span></li> })
            })
        });
        let asked: Vec<_> = asked.collect();
        let corrections: Vec<_> = self
            .panel
            .teams
            .iter()
            .filter_map(|line| {
                let asked = line.correction.as_ref()?;
                let words = td_string!(
                    locale,
                    stage.correction_waits,
                    points = self.points(asked.points),
                    reason = asked.reason.as_str()
                );
                Some(view! { <li class="with-icon">{icon(Icon::Edit)}<span>{self.link(line)}" · "{words}</span></li> })
            })
            .collect();
        view! {
            {(!asked.is_empty()).then(|| view! {
                <section class="stack" aria-labelledby="xin-mo-lai">
                    <h2 id="xin-mo-lai">{td_string!(locale, stage.requests)}</h2>
                    <ul class="plain-list">{asked}</ul>
                </section>
            })}
            {(!corrections.is_empty()).then(|| view! {
                <section class="stack" aria-labelledby="sua-diem-cho">
                    <h2 id="sua-diem-cho">{td_string!(locale, stage.corrections_wait)}</h2>
                    <ul class="plain-list">{corrections}</ul>
                </section>
            })}
        }
        .into_any()
    }

    fn link(&self, line: &PanelLine) -> impl IntoView + use<> {
        let stage = paths::stage(&self.panel.contest, self.panel.round);
        view! { <a href=format!("{stage}?doi={}", line.team)>{line.name.clone()}</a> }
    }
}

/// Not called yet, or called away before it began, or to perform again.
fn awaits_its_turn(line: &PanelLine) -> bool {
    let begun = line.elapsed > 0
        || line.stopped
        || line
            .sheets
            .iter()
            .any(|sheet| sheet.state == SheetState::HandedIn);
    !line.absent && !line.on_stage && line.confirmed.is_none() && !begun
}
