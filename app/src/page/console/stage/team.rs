//! One team at the desk: its sheets, its mark in the making, and what can be done for it.

use contest::{
    Blocker, Points,
    stage::{Correction, SheetState},
    stage_view::{PanelLine, PanelSheet},
};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::super::parts::{act, field, note};
use super::Page;
use crate::api::judging::RunStage;
use crate::icon::Icon;
use crate::page::judge::state;
use crate::words::td_string;

impl Page {
    /// One team: its sheets, its mark in the making, what can be done.
    pub(super) fn team(&self, line: &PanelLine) -> AnyView {
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
        let firm = line.confirmed.is_some();
        let because =
            |name, drawing, words: String| self.because(name, line.team, Some(sheet.judge), drawing, words);
        let reopen =
            ((self.chief || self.organizer) && sheet.state == SheetState::HandedIn && !firm).then(|| {
                let words = td_string!(locale, stage.reopen, judge = name.as_str());
                because("reopen", Icon::Undo, words)
            });
        let conflict = (self.organizer && sheet.state == SheetState::Empty).then(|| {
            because(
                "conflict",
                Icon::Shield,
                td_string!(locale, stage.conflict).to_owned(),
            )
        });
        let no_conflict = (self.organizer && sheet.state == SheetState::Conflict).then(|| {
            because(
                "no_conflict",
                Icon::Undo,
                td_string!(locale, stage.no_conflict).to_owned(),
            )
        });
        let waits = !matches!(sheet.state, SheetState::HandedIn | SheetState::Conflict);
        let may = !self.chief && line.run > 0 && !firm && waits;
        let away = sheet.absent.as_ref().map(|reason| {
            let words = td_string!(locale, stage.judge_away, reason = reason.as_str());
            note("warning", Icon::Info, words)
        });
        let absence = may.then(|| match &sheet.absent {
            None => because(
                "judge_absent",
                Icon::Close,
                td_string!(locale, stage.judge_absent).to_owned(),
            ),
            Some(_) => {
                let words = td_string!(locale, stage.judge_present).to_owned();
                let fields = self.fields("judge_present", Some(line.team), Some(sheet.judge));
                self.form(fields, Icon::Check, words, "quiet")
            }
        });
        let total = sheet.total.map(|total| self.points(total));
        view! {
            <li class="panel-sheet">
                <div class="panel-sheet-head">
                    <span>{name}</span>
                    <span class=format!("sheet-state {kind}")>{words}</span>
                    <b class="number">{total}</b>
                </div>
                {marks}
                {before}
                {asks}
                {away}
                {reopen}
                {absence}
                {conflict}
                {no_conflict}
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
            // What was settled before the clock went on is no answer to what it proposes now.
            let again = line.blockers.iter().any(|b| matches!(b, Blocker::DeductionOpen { .. }));
            let settled = line.deduction.filter(|_| !again);
            let value = self.points(settled.unwrap_or(line.proposed));
            let form = view! {
                <form method="post" action=RunStage::url() class="stack">
                    {self.fields("deduct", Some(team), None)}
                    {field(points_id.clone(), td_string!(locale, stage.points_off), view! { <input id=points_id name="points" inputmode="decimal" required value=value autocomplete="off" /> })}
                    {field(reason_id.clone(), td_string!(locale, stage.reason_if), view! { <input id=reason_id name="reason" maxlength="500" autocomplete="off" /> })}
                    <div><button type="submit" class="button">{td_string!(locale, stage.set_deduction)}</button></div>
                </form>
            };
            act(Icon::Clock, td_string!(locale, stage.set_deduction), again, form)
        });
        let because =
            |name, drawing, words: &'static str| self.because(name, team, None, drawing, word(words));
        let callable =
            table && !line.on_stage && !line.absent && !firm && self.panel.call_blockers.is_empty();
        view! {
            {line.correction.as_ref().map(|asked| self.correction(line, asked))}
            {(callable && !self.panel.published)
                .then(|| self.button("call", Some(team), Icon::Megaphone, word(td_string!(locale, stage.call)), "quiet"))}
            {deduct}
            {(self.chief && performed && !firm && !line.outliers.is_empty())
                .then(|| because("note", Icon::Edit, td_string!(locale, stage.note)))}
            {(self.chief && performed && !firm && !line.absent && line.blockers.is_empty())
                .then(|| self.button("confirm", Some(team), Icon::Check, word(td_string!(locale, stage.confirm)), "large"))}
            {(self.chief && performed && !firm && (line.deduction.is_some() || line.proposed > Points::ZERO) && !line.waived)
                .then(|| because("waive", Icon::Shield, td_string!(locale, stage.waive)))}
            {((self.chief || self.organizer) && firm)
                .then(|| because("withdraw", Icon::Undo, td_string!(locale, stage.withdraw)))}
            {(table && !line.absent && !firm)
                .then(|| because("absent", Icon::Close, td_string!(locale, stage.mark_absent)))}
            {(table && line.absent)
                .then(|| self.button("present", Some(team), Icon::Check, word(td_string!(locale, stage.mark_present)), "quiet"))}
            {(table && performed && !firm)
                .then(|| because("repeat", Icon::Undo, td_string!(locale, stage.repeat)))}
        }
        .into_any()
    }

    /// A correction that somebody has asked for: a second person agrees, or it is dropped.
    fn correction(&self, line: &PanelLine, asked: &Correction) -> AnyView {
        let (locale, points) = (self.locale, self.points(asked.points));
        let words = td_string!(
            locale,
            stage.correction_waits,
            points = points.as_str(),
            reason = asked.reason.as_str()
        );
        let may = self.chief || self.organizer;
        let agree = (may && asked.by != self.actor).then(|| {
            let fields = view! {
                {self.fields("agree", Some(line.team), None)}
                <input type="hidden" name="points" value=asked.points.to_string() />
            };
            let words = td_string!(locale, stage.agree_correction, points = points.as_str());
            self.form(fields.into_any(), Icon::Check, words, "large")
        });
        let drop = may.then(|| {
            let words = td_string!(locale, stage.drop_correction).to_owned();
            self.because("drop", line.team, None, Icon::Close, words)
        });
        view! {
            {note("warning", Icon::Edit, words)}
            <p class="soft">{td_string!(locale, stage.correction_second)}</p>
            {agree}
            {drop}
        }
        .into_any()
    }
}
