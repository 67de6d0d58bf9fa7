//! The host's page outside a reveal: who is on stage with the clock, who is next, and the running order.

use contest::{
    Millis,
    hall_view::{OrderLine, TurnState},
    stage_view::ClockView,
};
use leptos::prelude::*;

use super::Stand;
use crate::dates;
use crate::words::{Locale, td_string};
use crate::words_of;

pub(super) fn stage(stand: Stand) -> impl IntoView {
    let locale = stand.locale;
    let on = Memo::new(move |_| stand.view.read().stage.clone());
    let order = Memo::new(move |_| {
        (
            stand.view.read().round_name.clone(),
            stand.view.read().order.clone(),
        )
    });
    let screens = Memo::new(move |_| stand.view.read().screens.clone());
    let next = Memo::new(move |_| {
        let view = stand.view.read();
        let line = view.order.iter().find(|line| line.state == TurnState::Next);
        line.map(|line| (line.name.clone(), line.unit.clone()))
    });
    let time = move || {
        let on = on.read();
        let clock = &on.as_ref()?.clock;
        let elapsed = elapsed(clock, stand.clock());
        Some(view! {
            <b class=format!("host-clock {}", press(clock, elapsed)) role="timer">{dates::clock(elapsed)}</b>
            {(clock.limit > 0).then(|| view! {
                <span class="soft">{td_string!(locale, stage.limit, limit = dates::clock(clock.limit))}</span>
            })}
        })
    };
    view! {
        <div class="host-stage">
            <div class="host-steps">
                <section class="card host-on" aria-labelledby="tren-san-khau">
                    <h2 id="tren-san-khau">{td_string!(locale, host.on_stage)}</h2>
                    {move || match on.get() {
                        Some(stage) => view! {
                            <p class="host-team">{stage.clock.name.clone()}</p>
                            <p class="host-unit">{stage.unit.clone()}</p>
                            <p class="soft">
                                {stage.round_name.clone()} " · "
                                {td_string!(locale, host.turn, n = stage.place, of = stage.teams)}
                            </p>
                        }
                        .into_any(),
                        None => view! { <p class="soft">{td_string!(locale, host.nobody)}</p> }.into_any(),
                    }}
                    <p class="host-time">{time}</p>
                </section>
                <section class="card host-next" aria-labelledby="doi-tiep">
                    <h2 id="doi-tiep">{td_string!(locale, host.next_team)}</h2>
                    {move || match next.get() {
                        Some((name, unit)) => view! {
                            <p class="host-team">{name}</p>
                            <p class="host-unit">{unit}</p>
                        }
                        .into_any(),
                        None => view! { <p class="soft">{td_string!(locale, host.no_next)}</p> }.into_any(),
                    }}
                </section>
                <section class="card" aria-labelledby="dang-chieu">
                    <h2 id="dang-chieu">{td_string!(locale, host.on_now)}</h2>
                    {move || {
                        let screens = screens.get();
                        if screens.is_empty() {
                            return view! { <p class="soft">{td_string!(locale, host.no_screens)}</p> }.into_any();
                        }
                        let lines = screens.into_iter().map(|screen| {
                            let shown = if screen.blank {
                                td_string!(locale, host.dark)
                            } else {
                                words_of::scene(locale, &screen.live)
                            };
                            let next = screen.next.map(|next| {
                                let scene = words_of::scene(locale, &next);
                                view! { <span class="soft">" · " {td_string!(locale, host.then_scene, scene = scene)}</span> }
                            });
                            view! { <li>{screen.name} ": " <strong>{shown}</strong> {next}</li> }
                        });
                        view! { <ul class="host-screens">{lines.collect_view()}</ul> }.into_any()
                    }}
                </section>
            </div>
            <section class="card host-board" aria-labelledby="thu-tu">
                <h2 id="thu-tu">{td_string!(locale, host.order)}</h2>
                {move || {
                    let (round, lines) = order.get();
                    if lines.is_empty() {
                        return view! { <p class="empty">{td_string!(locale, host.no_order)}</p> }.into_any();
                    }
                    let lines = lines.iter().map(|of| line(locale, of));
                    view! { <p class="soft">{round}</p> <ol class="host-rows">{lines.collect_view()}</ol> }.into_any()
                }}
            </section>
        </div>
    }
}

fn line(locale: Locale, of: &OrderLine) -> impl IntoView + use<> {
    let (class, words) = match of.state {
        TurnState::Waiting => ("waiting", td_string!(locale, host.state_waiting)),
        TurnState::Next => ("open", td_string!(locale, host.state_next)),
        TurnState::OnStage => ("lifted", td_string!(locale, host.state_on_stage)),
        TurnState::Done => ("placed", td_string!(locale, host.state_done)),
        TurnState::Absent => ("placed", td_string!(locale, host.state_absent)),
    };
    view! {
        <li class=class>
            <span class="host-rank">{of.place}</span>
            <span>{of.name.clone()} <small class="soft">{of.unit.clone()}</small></span>
            <span class="small nowrap">{words}</span>
        </li>
    }
}

fn elapsed(clock: &ClockView, now: Millis) -> Millis {
    clock.before + clock.running_since.map_or(0, |since| (now - since).max(0))
}

/// How pressing it is: calm, near the limit, over it.
fn press(clock: &ClockView, elapsed: Millis) -> &'static str {
    if clock.limit > 0 && elapsed > clock.limit {
        "over"
    } else if clock.warning > 0 && elapsed >= clock.warning {
        "near"
    } else {
        "calm"
    }
}
