//! The team on stage and its clock, which the house owns: while nothing is heard it stands still.

use contest::{hall_view::StageView, stage_view::ClockView};
use leptos::prelude::*;

use super::{Frame, size};
use crate::dates;
use crate::icon::{Icon, icon};
use crate::island::live::Line;
use crate::island::screen::face::Face;
use crate::words::{Locale, td_string};

pub(super) fn drawn(of: Frame<'_>, stage: Option<&StageView>) -> AnyView {
    let locale = of.locale;
    let Some(stage) = stage else {
        return view! {
            <section class="s-list">
                {of.head(td_string!(locale, screen.scene_on_stage), ())}
                {of.empty(td_string!(locale, scene.nobody), td_string!(locale, scene.nobody_note))}
            </section>
        }
        .into_any();
    };
    let turn =
        (stage.place > 0).then(|| td_string!(locale, scene.turn_of, n = stage.place, of = stage.teams));
    let unit = Some(&stage.unit).filter(|unit| !unit.is_empty() && **unit != stage.clock.name);
    let name = &stage.clock.name;
    let next = stage.next.as_ref().map(|next| {
        view! {
            <p class="s-next">
                <span class="s-next-word">{icon(Icon::ArrowRight)} {td_string!(locale, scene.next)}</span>
                <b>{next.name.clone()}</b>
            </p>
        }
    });
    let (clock, line) = (stage.clock.clone(), of.life.line);
    view! {
        <section class="s-stage">
            {of.head(stage.round_name.clone(), turn)}
            <div class="s-stage-in">
                <div class="s-stage-team">
                    <h2 class=format!("s-stage-name fit {}", size(name, [18, 30, 46, 70]))>{name.clone()}</h2>
                    {unit.map(|unit| view! { <p class="s-stage-unit">{unit.clone()}</p> })}
                </div>
                {move || face(&clock, line, locale)}
            </div>
            {next}
        </section>
    }
    .into_any()
}

fn face(clock: &ClockView, line: Line, locale: Locale) -> impl IntoView + use<> {
    let face = Face::of(clock, line.clock(), line.silent.get());
    let limit =
        (clock.limit > 0).then(|| td_string!(locale, scene.clock_limit, limit = dates::clock(clock.limit)));
    let bar = face.elapsed.filter(|_| clock.limit > 0).map(|elapsed| {
        let value = elapsed.min(clock.limit).to_string();
        view! {
            <progress max=clock.limit.to_string() value=value aria-label=td_string!(locale, scene.clock)></progress>
        }
    });
    view! {
        <div class=format!("s-clock {}", face.class()) role="timer" aria-label=td_string!(locale, scene.clock)>
            <b class="s-clock-time">{face.time()}</b>
            {bar}
            <p class="s-clock-note">{face.icon().map(icon)} {face.note(locale)}</p>
            {limit.map(|limit| view! { <p class="s-clock-limit">{limit}</p> })}
        </div>
    }
}
