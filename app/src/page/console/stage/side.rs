//! What is settled before the first team is called, and what is printed.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::super::parts::{act, contest_field, field, note, option, reason_field};
use super::Page;
use crate::api::judging::SetPanel;
use crate::icon::{Icon, icon};
use crate::layout::paths;
use crate::words::td_string;

impl Page {
    /// What is settled before the first team is called: panel and draws.
    pub(super) fn side(&self) -> AnyView {
        if self.chief {
            return ().into_any();
        }
        view! {
            {self.organizer.then(|| self.set_panel())}
            {super::super::draw::link(self.locale, &self.panel)}
            {self.papers()}
        }
        .into_any()
    }

    /// What is printed of this round.
    fn papers(&self) -> AnyView {
        let (locale, id, round) = (self.locale, &self.panel.contest, self.panel.round);
        let link = |href: String, words: &'static str| {
            view! { <li><a class="with-icon" href=href>{icon(Icon::Printer)}<span>{words}</span></a></li> }
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
            option(
                person.id.to_string(),
                person.name.clone(),
                panel.chief == Some(person.id),
            )
        });
        let form = view! {
            <form method="post" action=SetPanel::url() class="stack">
                {contest_field(&panel.contest)}
                <input type="hidden" name="round" value=panel.round.0 />
                <input type="hidden" name="seen" value=panel.stamp />
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
