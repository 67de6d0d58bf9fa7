//! The running order, and where the round stands in it.

use contest::hall_view::{OrderLine, TurnState};
use leptos::prelude::*;

use super::Frame;
use crate::icon::{Icon, icon};
use crate::island::screen::rows::team;
use crate::words::{Locale, td_string};

pub(super) fn drawn(of: Frame<'_>, round: &str, lines: &[OrderLine]) -> AnyView {
    let locale = of.locale;
    let round = round.to_owned();
    if lines.is_empty() {
        return view! {
            <section class="s-list">
                {of.head(td_string!(locale, screen.scene_order), round)}
                {of.empty(td_string!(locale, scene.order_none), "")}
            </section>
        }
        .into_any();
    }
    let rows = of.paging.shown(of.page, lines).map(|(_, line)| {
        let state = state(line.state);
        view! {
            <div role="listitem" class=format!("s-row {state}") data-team=line.team.to_string()>
                <span class="rank">{line.place}</span>
                <span class="team">{team(&line.name, &line.unit, ())}</span>
                <span class="s-state">{mark(line.state)} {word(line.state, locale)}</span>
            </div>
        }
    });
    let rows = rows.collect_view();
    view! {
        <section class="s-list">
            {of.head(td_string!(locale, screen.scene_order), round)}
            <div class=format!("s-table s-order room-{}", of.paging.room())>
                <div class="s-rows">
                    <div class="s-rows-in" role="list">{rows}</div>
                </div>
            </div>
        </section>
    }
    .into_any()
}

fn state(state: TurnState) -> &'static str {
    match state {
        TurnState::Waiting => "waits",
        TurnState::Next => "next",
        TurnState::OnStage => "now",
        TurnState::Done => "done",
        TurnState::Absent => "absent",
    }
}

fn mark(state: TurnState) -> Option<impl IntoView> {
    match state {
        TurnState::Done => Some(icon(Icon::Check)),
        TurnState::OnStage => Some(icon(Icon::Play)),
        TurnState::Next => Some(icon(Icon::ArrowRight)),
        TurnState::Absent => Some(icon(Icon::Close)),
        TurnState::Waiting => None,
    }
}

fn word(state: TurnState, locale: Locale) -> &'static str {
    match state {
        TurnState::Waiting => td_string!(locale, scene.state_waiting),
        TurnState::Next => td_string!(locale, scene.state_next),
        TurnState::OnStage => td_string!(locale, scene.state_on_stage),
        TurnState::Done => td_string!(locale, scene.state_done),
        TurnState::Absent => td_string!(locale, scene.state_absent),
    }
}
