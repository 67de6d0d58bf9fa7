//! The paper: one question at a time, a plain form whose every button saves.

use contest::{
    audience::{Sitting, Stage},
    paper::{Sheet, Shown},
    question::Choice,
};
use leptos::{prelude::*, server_fn::ServerFn};

use super::Asked;
use crate::api::exam::{AnswerPlain, HandInPlain};
use crate::dates;
use crate::island::exam::FORM;
use crate::words::{Locale, td_string};

/// Everything of the paper, with the question at `asked.place` shown.
pub(super) fn writing(
    locale: Locale,
    sitting: &Sitting,
    sheet: Sheet,
    asked: Asked,
) -> impl IntoView + use<> {
    let Stage::Writing {
        attempt,
        held,
        deadline,
        paused,
        ..
    } = &sitting.stage
    else {
        return ().into_any();
    };
    let attempt = attempt.to_string();
    let choice = |place: u16| held.get(&place).map_or(Choice::BLANK, |held| held.choice);
    let left = deadline - sitting.now;
    let (paused, over) = (*paused, left <= 0 && !*paused);
    let shut = paused || over;
    let count = sheet.questions.len() as u16;
    let answered: Vec<bool> = (0..count).map(|place| !choice(place).is_blank()).collect();
    let code = sheet.code;
    let questions = (0u16..)
        .zip(sheet.questions)
        .map(|(place, shown)| question(locale, place, count, shown, choice(place), place == asked.place))
        .collect_view();
    view! {
        {head(locale, sitting, code, left)}
        <main class="exam-main" data-for="writing">
            {notices(locale, paused, over)}
            <form
                id=FORM
                class="exam-form when-free"
                method="post"
                action=AnswerPlain::url()
                autocomplete="off"
                hidden=shut
            >
                <input type="hidden" name="attempt" value=attempt.clone() />
                <input type="hidden" name="question" value=asked.place.to_string() />
                // What Enter presses: the first button of a form.
                <button
                    type="submit"
                    class="unseen"
                    name="to"
                    value=next(asked.place, count)
                    tabindex="-1"
                    aria-hidden="true"
                    data-act="turn"
                ></button>
                {questions}
                <button type="submit" class="exam-clear" name="clear" value="1" data-act="clear">
                    {td_string!(locale, exam.clear)}
                </button>
            </form>
        </main>
        {foot(locale, asked.place, count, shut)}
        {map(locale, &answered, asked.place, shut)}
        {ask(locale, attempt, &answered, asked)}
    }
    .into_any()
}

/// Who writes, on which paper, and how much time is left.
fn head(locale: Locale, sitting: &Sitting, code: u32, left: i64) -> impl IntoView + use<> {
    let who = td_string!(locale, exam.who, name = &sitting.name, sbd = &sitting.sbd);
    let what = td_string!(
        locale,
        exam.what,
        team = &sitting.team,
        code = code,
        round = &sitting.round_name
    );
    let size = |scale: &'static str, sign: &'static str, name: &'static str| {
        view! {
            <button type="button" data-act="size" data-size=scale>
                {sign} <span class="unseen">{name}</span>
            </button>
        }
    };
    view! {
        <header class="exam-head" data-for="writing">
            <div class="exam-who">
                <b>{who}</b>
                <span>{what}</span>
            </div>
            <p class="exam-offline" id="mat-mang" role="status" hidden>{td_string!(locale, exam.offline)}</p>
            <div class="exam-sizes when-live" role="group" aria-label=td_string!(locale, exam.sizes)>
                {size("0", "A−", td_string!(locale, exam.size_small))}
                {size("1", "A", td_string!(locale, exam.size_middle))}
                {size("2", "A+", td_string!(locale, exam.size_large))}
            </div>
            <div class="exam-clock">
                <small>{td_string!(locale, exam.left)}</small>
                <span id="dong-ho" role="timer" aria-live="off">{dates::clock(left)}</span>
            </div>
            <p class="unseen" id="con-phut" aria-live="polite"></p>
        </header>
    }
}

/// Why nothing can be chosen.
fn notices(locale: Locale, paused: bool, over: bool) -> impl IntoView {
    view! {
        <section class="exam-notice" id="tam-dung" role="alert" hidden=!paused>
            <h1>{td_string!(locale, exam.paused)}</h1>
            <p>{td_string!(locale, exam.paused_help)}</p>
            <p class="without-live"><a class="button" href="/thi">{td_string!(locale, exam.look_again)}</a></p>
        </section>
        <section class="exam-notice" id="het-gio" role="alert" hidden=!over>
            <h1>{td_string!(locale, exam.over)}</h1>
            <p id="het-gio-con">{td_string!(locale, exam.over_waiting)}</p>
            <p class="without-live"><a class="button" href="/thi">{td_string!(locale, exam.look_again)}</a></p>
        </section>
    }
}

/// One question. Those that are not shown are disabled too, so that a plain form sends one answer.
fn question(
    locale: Locale,
    place: u16,
    count: u16,
    shown: Shown,
    choice: Choice,
    here: bool,
) -> impl IntoView + use<> {
    let kind = if shown.many { "checkbox" } else { "radio" };
    // A name of its own for every question: radio buttons of one name turn each other off.
    let name = if here {
        "choice[]".to_owned()
    } else {
        format!("choice-{place}")
    };
    let options = (0u8..).zip(shown.options).map(|(i, text)| {
        view! {
            <label class="option">
                <input type=kind name=name.clone() value=i.to_string() checked=choice.has(i) />
                <span class="option-face">
                    <i aria-hidden="true">{char::from(b'A' + i).to_string()}</i>
                    <span>{text}</span>
                </span>
            </label>
        }
    });
    let many = shown
        .many
        .then(|| view! { <span class="exam-many">{td_string!(locale, exam.many)}</span> });
    view! {
        <fieldset class="exam-question" data-place=place.to_string() hidden=!here disabled=!here>
            <legend>
                <span class="exam-number">
                    {td_string!(locale, exam.number, n = place + 1)}" "
                    <small>{td_string!(locale, exam.of, n = count)}</small>
                </span>
                <h1 class="exam-text">{shown.text}</h1>
                {many}
            </legend>
            {options.collect_view()}
        </fieldset>
    }
}

/// Previous, flag, whether all is saved, next.
fn foot(locale: Locale, place: u16, count: u16, shut: bool) -> impl IntoView {
    let words = if place + 1 < count {
        td_string!(locale, exam.save_next)
    } else {
        td_string!(locale, exam.save_hand_in)
    };
    view! {
        <footer class="exam-foot when-free" data-for="writing" hidden=shut>
            <button
                type="submit"
                form=FORM
                class="exam-back"
                name="to"
                value=place.saturating_sub(1).to_string()
                disabled=place == 0
                data-act="back"
            >
                <span aria-hidden="true">"‹ "</span>
                {td_string!(locale, exam.previous)}
            </button>
            <button type="button" class="exam-flag when-live" aria-pressed="false" data-act="flag">
                {td_string!(locale, exam.flag)}
            </button>
            <p class="exam-state" role="status">
                <span id="luu">{td_string!(locale, exam.plain_state)}</span>
                <small id="luu-truoc" hidden></small>
                <small id="khong-luu-tam" hidden>{td_string!(locale, exam.forgetful)}</small>
            </p>
            <button type="submit" form=FORM class="exam-next" name="to" value=next(place, count) data-act="next">
                <span id="sau">{words}</span>
                <span aria-hidden="true">" ›"</span>
            </button>
        </footer>
    }
}

/// All questions at a glance, and the way to hand in.
fn map(locale: Locale, answered: &[bool], place: u16, shut: bool) -> impl IntoView + use<> {
    let done = answered.iter().filter(|done| **done).count();
    let cells = (0u16..).zip(answered).map(|(n, done)| {
        let mut name = td_string!(locale, exam.number, n = n + 1);
        if *done {
            name = format!("{name}, {}", td_string!(locale, exam.cell_done));
        }
        view! {
            <button
                type="submit"
                form=FORM
                class=if *done { "cell done" } else { "cell" }
                name="to"
                value=n.to_string()
                data-to=n.to_string()
                aria-label=name
                aria-current=if n == place { "step" } else { "false" }
            >
                {n + 1}
            </button>
        }
    });
    view! {
        <nav class="exam-map when-free" data-for="writing" aria-label=td_string!(locale, exam.map) hidden=shut>
            <h2 id="da-lam">{td_string!(locale, exam.answered, n = done, of = answered.len())}</h2>
            <div class="exam-cells">{cells.collect_view()}</div>
            <ul class="exam-key" aria-hidden="true">
                <li><i class="cell done">"1"</i>{td_string!(locale, exam.cell_done)}</li>
                <li class="when-live"><i class="cell done unsent">"2"</i>{td_string!(locale, exam.cell_unsent)}</li>
                <li class="when-live"><i class="cell flag">"3"</i>{td_string!(locale, exam.cell_flag)}</li>
            </ul>
            <button type="submit" form=FORM class="exam-hand-in" name="to" value="nop" data-act="ask">
                {td_string!(locale, exam.hand_in)}
            </button>
        </nav>
    }
}

/// The one question before handing in, with what is blank.
fn ask(locale: Locale, attempt: String, answered: &[bool], asked: Asked) -> impl IntoView + use<> {
    let blank = answered.iter().filter(|done| !**done).count();
    let words = match blank {
        0 => td_string!(locale, exam.no_blanks, n = answered.len()),
        n => td_string!(locale, exam.blanks, n = n),
    };
    let cells = (0u16..).zip(answered).map(|(n, done)| {
        view! {
            <a
                class="cell"
                href=format!("/thi?cau={}", n + 1)
                data-to=n.to_string()
                aria-label=td_string!(locale, exam.number, n = n + 1)
                hidden=*done
            >
                {n + 1}
            </a>
        }
    });
    view! {
        <dialog class="exam-ask" data-for="writing" open=asked.hand_in aria-labelledby="hoi-nop">
            <h2 id="hoi-nop">{td_string!(locale, exam.ask)}</h2>
            <p id="con-trong">{words}</p>
            <div class="exam-cells">{cells.collect_view()}</div>
            <p>{td_string!(locale, exam.ask_final)}</p>
            <p class="exam-ask-progress" id="dang-nop" role="status"></p>
            <form method="post" action=HandInPlain::url()>
                <input type="hidden" name="attempt" value=attempt />
                <a class="exam-ask-no" href=format!("/thi?cau={}", asked.place + 1) data-act="stay">
                    {td_string!(locale, exam.ask_no)}
                </a>
                <button type="submit" class="exam-ask-yes" data-act="hand-in">
                    {td_string!(locale, exam.ask_yes)}
                </button>
            </form>
        </dialog>
    }
}

/// Where the page after `place` is.
fn next(place: u16, count: u16) -> String {
    if place + 1 < count {
        (place + 1).to_string()
    } else {
        "nop".to_owned()
    }
}
