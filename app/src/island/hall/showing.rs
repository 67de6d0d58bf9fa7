//! Freeze (đóng băng) and reveal (công bố) at the console.

use contest::{Blocker, RoundId, TeamId, hall_view::HallDesk};
use leptos::prelude::*;

use super::Desk;
use super::ending::ending;
use super::wire::{BEGIN, FREEZE, GO, UNFREEZE};
use crate::dates;
use crate::icon::{Icon, icon};
use crate::island::reveal_words::step_title;
use crate::words::td_string;
use crate::words_of;

pub(super) fn frozen(desk: Desk) -> impl IntoView {
    let locale = desk.locale;
    let organizer = desk.around.with_value(|around| around.organizer);
    let since = Memo::new(move |_| desk.hall.read().desk.frozen);
    // Once a reveal has told everything there is nothing left to withhold, and nothing to explain.
    let told = Memo::new(move |_| {
        let hall = desk.hall.read();
        let reveal = hall.desk.reveal.as_ref();
        reveal.is_some_and(|reveal| !reveal.rehearsal && reveal.next.is_none())
    });
    view! {
        <section class="card" aria-labelledby="dong-bang">
            <h2 id="dong-bang">{td_string!(locale, hall.freeze_title)}</h2>
            {move || match since.get() {
                Some(at) => {
                    let words = td_string!(locale, hall.frozen_since, time = dates::time(at));
                    let form = organizer.then(|| view! {
                        <form method="post" action=UNFREEZE class="stack" data-once="">
                            {desk.contest_field()}
                            {(!told.get()).then(|| view! {
                                <div class="field">
                                    <label for="ly-do-mo">{td_string!(locale, hall.unfreeze_reason)}</label>
                                    <input id="ly-do-mo" name="reason" required maxlength="500" autocomplete="off" />
                                </div>
                            })}
                            <div>
                                <button type="submit" class="button danger">
                                    {icon(Icon::Eye)}{td_string!(locale, hall.unfreeze)}
                                </button>
                            </div>
                        </form>
                    });
                    view! {
                        <p class="note warning">{icon(Icon::Lock)}<span>{words}</span></p>
                        <p class="soft small">{td_string!(locale, hall.frozen_note)}</p>
                        {form}
                    }
                    .into_any()
                }
                None => {
                    let form = organizer.then(|| view! {
                        <form method="post" action=FREEZE>
                            {desk.contest_field()}
                            <button type="submit" class="button quiet">
                                {icon(Icon::Lock)}{td_string!(locale, hall.freeze)}
                            </button>
                        </form>
                    });
                    view! { <p class="soft">{td_string!(locale, hall.freeze_note)}</p> {form} }.into_any()
                }
            }}
        </section>
    }
}

pub(super) fn reveal(desk: Desk) -> impl IntoView {
    let locale = desk.locale;
    let (contest, organizer) = desk
        .around
        .with_value(|around| (around.contest.clone(), around.organizer));
    let host = format!("/hoi-thi/{contest}/dan-chuong-trinh");
    // Equal blockers are not drawn anew: a radio that was chosen stays chosen.
    let running = Memo::new(move |_| {
        let hall = desk.hall.read();
        hall.desk.reveal.as_ref().map(|reveal| {
            let next = reveal.next_name().map(|step| step_title(locale, step));
            let now = reveal.name().map(|step| step_title(locale, step));
            (
                reveal.begun,
                reveal.rehearsal,
                reveal.overtaken,
                reveal.step,
                reveal.steps,
                now,
                next,
            )
        })
    });
    let blockers = Memo::new(move |_| {
        let hall = desk.hall.read();
        let list = hall.desk.reveal_blockers.iter();
        list.map(|blocker| words(desk, &hall.desk, blocker))
            .collect::<Vec<String>>()
    });
    view! {
        <section class="card hall-reveal" class:under-way=move || running.read().is_some() aria-labelledby="cong-bo">
            <h2 id="cong-bo">{td_string!(locale, hall.reveal)}</h2>
            {move || match running.get() {
                Some((begun, rehearsal, overtaken, step, steps, now, next)) => {
                    let of_this = move || view! {
                        {desk.contest_field()}
                        <input type="hidden" name="reveal" value=begun />
                    };
                    let go = move |to: u32, quiet: bool, drawing: Icon, words: &'static str, off: bool| view! {
                        <form method="post" action=GO>
                            {of_this()}
                            <input type="hidden" name="from" value=step />
                            <input type="hidden" name="to" value=to />
                            <button type="submit" class=if quiet { "button quiet large" } else { "button large" } disabled=off>
                                {icon(drawing)}{words}
                            </button>
                        </form>
                    };
                    view! {
                        {rehearsal.then(|| view! {
                            <p class="note warning">{icon(Icon::Info)}<span>{td_string!(locale, hall.rehearsing)}</span></p>
                        })}
                        {overtaken.then(|| view! {
                            <p class="note refused" role="alert">{icon(Icon::Alert)}<span>{td_string!(locale, hall.overtaken)}</span></p>
                        })}
                        <p class="hall-step">
                            <span class="badge">{td_string!(locale, hall.step_of, n = step + 1, of = steps)}</span>
                            " " <strong>{now}</strong>
                        </p>
                        {next.clone().map(|next| view! {
                            <p class="soft hall-then">{td_string!(locale, hall.then, step = next)}</p>
                        })}
                        <div class="row hall-go">
                            {go(step.saturating_sub(1), true, Icon::ArrowLeft, td_string!(locale, host.back), overtaken || step == 0)}
                            // The one large act of the moment: the card of it, above, is gone while this is here.
                            <div class="hall-next">
                                {go(step + 1, false, Icon::ArrowRight, td_string!(locale, host.next), overtaken || next.is_none())}
                            </div>
                        </div>
                        {organizer.then(|| ending(locale, of_this()))}
                    }
                    .into_any()
                }
                None => begin(desk, organizer, blockers.get()).into_any(),
            }}
            <p>
                <a class="button quiet" href=host>{icon(Icon::Megaphone)}{td_string!(locale, hall.host_page)}</a>
            </p>
        </section>
    }
}

/// One thing in the way, with the names that the console knows.
fn words(desk: Desk, hall: &HallDesk, blocker: &Blocker) -> String {
    let locale = desk.locale;
    let rounds_of = |rounds: &[RoundId]| {
        let named = hall.rounds.iter().filter(|of| rounds.contains(&of.id));
        named.map(|of| of.name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let teams_of = |teams: &[TeamId]| {
        let named = hall.teams.iter().filter(|of| teams.contains(&of.team));
        named.map(|of| of.name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let awards_of = |awards: &[u32]| {
        desk.around.with_value(|around| {
            let named = around.awards.iter().filter(|(id, _)| awards.contains(id));
            named
                .map(|(_, name)| name.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        })
    };
    match blocker {
        Blocker::Unpublished { rounds } => {
            td_string!(locale, blocker.unpublished, rounds = rounds_of(rounds))
        }
        Blocker::Incomplete { round, teams } => td_string!(
            locale,
            blocker.incomplete,
            round = rounds_of(&[*round]),
            teams = teams_of(teams)
        ),
        Blocker::CorrectionWaiting { round, teams } => td_string!(
            locale,
            blocker.correction_waiting,
            round = rounds_of(&[*round]),
            teams = teams_of(teams)
        ),
        Blocker::PrizesNotGiven { awards } => {
            td_string!(locale, blocker.prizes_not_given, awards = awards_of(awards))
        }
        Blocker::TiedForPrize { award, teams } => td_string!(
            locale,
            blocker.tied_for_prize,
            award = awards_of(&[*award]),
            teams = teams_of(teams)
        ),
        other => words_of::blocker(locale, other, None),
    }
}

/// What stands in the way, and the two ways of beginning.
fn begin(desk: Desk, organizer: bool, blockers: Vec<String>) -> impl IntoView {
    let locale = desk.locale;
    let clear = blockers.is_empty();
    let form = move |rehearsal: bool| {
        let (id, words, class) = if rehearsal {
            ("thu", td_string!(locale, hall.rehearse), "button quiet")
        } else {
            ("that", td_string!(locale, hall.begin), "button danger")
        };
        let by = |value: &'static str, words: &'static str, chosen: bool| {
            view! {
                <label class="choice">
                    <input type="radio" name="by" value=value checked=chosen />
                    <span>{words}</span>
                </label>
            }
        };
        view! {
            <form method="post" action=BEGIN class="stack" id=format!("cong-bo-{id}")>
                {desk.contest_field()}
                {rehearsal.then(|| view! { <input type="hidden" name="rehearsal" value="true" /> })}
                <fieldset class="row">
                    <legend class="unseen">{td_string!(locale, hall.reveal_by)}</legend>
                    {by("total", td_string!(locale, hall.reveal_by_total), true)}
                    {by("round", td_string!(locale, hall.reveal_by_round), false)}
                </fieldset>
                <div><button type="submit" class=class disabled=!rehearsal && !clear>{icon(Icon::Play)}{words}</button></div>
            </form>
        }
    };
    let blocked = (!clear).then(|| {
        let list = blockers.into_iter().map(|words| view! { <li>{words}</li> });
        view! {
            <div class="note">
                {icon(Icon::Info)}
                <div>
                    <p>{td_string!(locale, hall.blocked)}</p>
                    <ul>{list.collect_view()}</ul>
                </div>
            </div>
        }
    });
    view! {
        <p class="soft">{td_string!(locale, hall.reveal_note)}</p>
        {blocked}
        {organizer.then(|| view! {
            {form(false)}
            <h3>{td_string!(locale, hall.rehearse_title)}</h3>
            <p class="soft small">{td_string!(locale, hall.rehearse_note)}</p>
            {form(true)}
        })}
    }
}
