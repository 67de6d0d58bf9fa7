//! The reveal in the host's hand: the step told last, the step that comes, and what to say.

use contest::{
    hall_view::{HostReveal, StepName, StepView},
    reveal::{Picture, PictureRow, RowState},
    screen::Scene,
};
use leptos::prelude::*;

use super::Stand;
use super::pace::pace;
use crate::icon::{Icon, icon};
use crate::island::hall::ending::ending;
use crate::island::hall::wire::GO;
use crate::island::reveal_words::{Voice, hint, script, step_groups, step_title};
use crate::words::{Locale, td_string};
use crate::words_of;

pub(super) fn reveal(stand: Stand, organizer: bool, live: RwSignal<bool>) -> impl IntoView {
    let locale = stand.locale;
    let contest = stand.view.with_untracked(|view| view.contest.to_string());
    let of = Memo::new(move |_| stand.view.read().reveal.clone());
    let title = Memo::new(move |_| stand.view.read().title.clone());
    let individuals = Memo::new(move |_| stand.view.read().individuals);
    let voice = move || Voice {
        locale,
        individuals: individuals.get(),
    };
    let begun = move || of.read().as_ref().map(|of| of.begun);
    let of_this = move || {
        view! {
            <input type="hidden" name="contest" value=contest.clone() />
            <input type="hidden" name="reveal" value=begun />
        }
    };
    let (for_go, for_jump, for_end) = (of_this.clone(), of_this.clone(), of_this);
    let step = move || of.read().as_ref().map_or(0, |of| of.step);
    let last = move || of.read().as_ref().is_none_or(|of| of.next.is_none());
    let still = move || of.read().as_ref().is_some_and(|of| of.overtaken);
    // Whoever reads out what nobody sees is told so.
    let unseen = Memo::new(move |_| {
        let view = stand.view.read();
        let seen = view
            .screens
            .iter()
            .any(|screen| screen.live == Scene::Reveal && !screen.blank);
        !seen
    });
    let go = move |forward: bool, class: &'static str, drawing: Icon, words: &'static str| {
        let off = move || still() || if forward { last() } else { step() == 0 };
        let to = move || {
            if forward {
                step() + 1
            } else {
                step().saturating_sub(1)
            }
        };
        view! {
            <form method="post" action=GO class=if forward { "host-go on" } else { "host-go" }>
                {for_go()}
                <input type="hidden" name="from" value=step />
                <input type="hidden" name="to" value=to />
                <button type="submit" class=class disabled=off>{icon(drawing)}<span>{words}</span></button>
            </form>
        }
    };
    // They stay what they are from the first step to the last: the list is not drawn anew under the hand
    // that chooses.
    let jump = NodeRef::<leptos::html::Select>::new();
    // It stands at the present step, except under the hand that chooses.
    Effect::new(move |_| {
        let step = step();
        let Some(list) = jump.get() else { return };
        let hand = document().active_element();
        if !list.contains(hand.as_deref()) {
            list.set_value(&step.to_string());
        }
    });
    let names = Memo::new(move |_| of.read().as_ref().map(|of| of.names.clone()).unwrap_or_default());
    view! {
        {move || of.read().as_ref().is_some_and(|of| of.rehearsal).then(|| view! {
            <p class="host-rehearsal" role="status">{td_string!(locale, host.rehearsal)}</p>
        })}
        {move || still().then(|| view! {
            <p class="host-rehearsal" role="alert">{td_string!(locale, host.overtaken)}</p>
        })}
        {move || unseen.get().then(|| view! {
            <p class="note warning" role="status">{icon(Icon::Alert)}<span>{td_string!(locale, host.unseen)}</span></p>
        })}
        <div class="host-reveal">
            <div class="host-steps">
                {move || of.get().map(|of| steps_shown(voice(), &title.read(), &of))}
                <div class="host-buttons">
                    {go(false, "button quiet large", Icon::ArrowLeft, td_string!(locale, host.back))}
                    {go(true, "button large", Icon::ArrowRight, td_string!(locale, host.next))}
                </div>
                {pace(stand, live)}
                <div class="row end host-more">
                    <form method="post" action=GO class="row end">
                        {for_jump()}
                        <input type="hidden" name="from" value=step />
                        <div class="field">
                            <label for="den-buoc">{td_string!(locale, host.jump)}</label>
                            <select id="den-buoc" name="to" node_ref=jump>
                                {move || jumps(locale, &names.read(), untrack(step))}
                            </select>
                        </div>
                        <button type="submit" class="button quiet">{td_string!(locale, host.jump_go)}</button>
                    </form>
                    {organizer.then(move || ending(locale, for_end()))}
                </div>
            </div>
            <section class="card host-board" aria-labelledby="hoi-truong">
                <h2 id="hoi-truong">{td_string!(locale, host.board)}</h2>
                {move || of.read().as_ref().map(|of| picture(locale, &of.picture))}
            </section>
        </div>
    }
}

/// Every step by its name, under its place or its round.
fn jumps(locale: Locale, names: &[StepName], here: u32) -> impl IntoView + use<> {
    let groups = step_groups(locale, names).into_iter().map(move |group| {
        let steps = group.steps.into_iter().map(move |(n, name)| {
            let name = td_string!(locale, host.jump_step, n = n + 1, name = name);
            view! { <option value=n selected=n == here>{name}</option> }
        });
        let steps = steps.collect_view();
        match group.heading {
            Some(heading) => view! { <optgroup label=heading>{steps}</optgroup> }.into_any(),
            None => steps.into_any(),
        }
    });
    groups.collect_view()
}

fn steps_shown(voice: Voice, title: &str, of: &HostReveal) -> impl IntoView + use<> {
    let locale = voice.locale;
    let next = match &of.next {
        Some(step) => view! {
            <section class="card host-step next" aria-labelledby="buoc-toi">
                <h2 id="buoc-toi">{td_string!(locale, host.step_next)}</h2>
                <p class="host-step-name">{of.next_name().map(|step| step_title(locale, step))}</p>
                <p class="soft">{hint(voice, step)}</p>
                {read_out(voice, td_string!(locale, host.read_next), title, step)}
            </section>
        }
        .into_any(),
        None => {
            view! { <p class="note done">{icon(Icon::Check)}<span>{td_string!(locale, host.over)}</span></p> }
                .into_any()
        }
    };
    view! {
        <section class="card host-step" aria-labelledby="buoc-nay" aria-live="polite">
            <h2 id="buoc-nay">
                {td_string!(locale, host.step_now)}
                " " <span class="badge">{td_string!(locale, host.steps, n = of.step + 1, of = of.steps)}</span>
            </h2>
            <p class="host-step-name">{of.name().map(|step| step_title(locale, step))}</p>
            {read_out(voice, td_string!(locale, host.read), title, &of.now)}
        </section>
        {next}
    }
}

/// The sentences of a step in both languages.
fn read_out(voice: Voice, label: &'static str, title: &str, step: &StepView) -> impl IntoView + use<> {
    let script = |locale| script(Voice { locale, ..voice }, title, step);
    view! {
        <div class="host-script" role="group" aria-label=label>
            <p lang="vi">{script(Locale::vi)}</p>
            <p lang="en" class="soft">{script(Locale::en)}</p>
        </div>
    }
}

/// What the hall sees, in a few words.
fn picture(locale: Locale, picture: &Picture) -> AnyView {
    match picture {
        Picture::Plate { plate } => {
            let holders = plate.holders.iter().map(|holder| {
                view! {
                    <li>
                        <strong>{holder.name.clone()}</strong>
                        <span class="soft">{holder.unit.clone()}</span>
                    </li>
                }
            });
            view! {
                <p class="host-step-name">{plate.name.clone()}</p>
                <ul class="host-holders">{holders.collect_view()}</ul>
            }
            .into_any()
        }
        Picture::Board { rows, .. } | Picture::Final { rows } => {
            let rows = rows.iter().map(|row| line(locale, row));
            view! { <ol class="host-rows">{rows.collect_view()}</ol> }.into_any()
        }
    }
}

fn line(locale: Locale, row: &PictureRow) -> impl IntoView + use<> {
    let class = match row.state {
        RowState::Waiting => "waiting",
        RowState::Lifted => "lifted",
        RowState::Open => "open",
        RowState::Placed => "placed",
    };
    let total = row
        .total
        .map_or_else(|| "–".to_owned(), |total| words_of::points(locale, total));
    view! {
        <li class=class>
            <span class="host-rank">{row.rank.map_or_else(|| "–".to_owned(), |rank| rank.to_string())}</span>
            <span>{row.name.clone()}</span>
            <span class="number">{total}</span>
        </li>
    }
}
