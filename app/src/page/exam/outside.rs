//! Before and after writing: waiting, the receipt, and the notice that another device has taken over.

use contest::audience::{Sitting, Stage};
use leptos::prelude::*;

use crate::dates;
use crate::words::{Locale, td_string};

/// Until the round opens. Without scripts the page asks again by itself.
pub(super) fn waiting(locale: Locale, sitting: &Sitting) -> impl IntoView + use<> {
    view! {
        <main class="exam-outside" data-for="waiting">
            {whose(locale, sitting)}
            <section class="exam-card">
                <h1>{td_string!(locale, exam.waiting)}</h1>
                <p>{td_string!(locale, exam.waiting_help)}</p>
                <div class="exam-pulse when-live" role="status">
                    <p id="da-ket-noi">{td_string!(locale, exam.connected)}</p>
                    <p id="cho-ket-noi" class="away" hidden>{td_string!(locale, exam.waiting_offline)}</p>
                </div>
                <p class="without-live"><a class="button" href="/thi">{td_string!(locale, exam.look_again)}</a></p>
                <noscript><meta http-equiv="refresh" content="5" /></noscript>
            </section>
        </main>
    }
}

/// The receipt. On the page of somebody who still writes it is hidden and empty.
pub(super) fn receipt(locale: Locale, sitting: &Sitting) -> impl IntoView + use<> {
    let (slip, review) = match &sitting.stage {
        Stage::Done { receipt, review, .. } => (Some(receipt.clone()), *review),
        _ => (None, false),
    };
    let by_server = slip.as_ref().is_some_and(|slip| slip.by_server);
    let (late, too_late) = slip.as_ref().map_or((0, 0), |slip| (slip.late, slip.too_late));
    let writing = slip.is_none();
    let time = slip.as_ref().map(|slip| dates::date_time_seconds(slip.handed_in));
    let count = slip
        .as_ref()
        .map(|slip| td_string!(locale, exam.n_of, n = slip.answered, of = slip.questions));
    view! {
        <main class="exam-outside" data-for="done" hidden=writing>
            {whose(locale, sitting)}
            <section class="exam-card" aria-live="polite">
                <svg class="exam-tick" viewBox="0 0 24 24" aria-hidden="true"><path d="m5 12.5 4.5 4.5L19 7" /></svg>
                <h1 id="da-nop" hidden=by_server>{td_string!(locale, exam.done)}</h1>
                <h1 id="da-thu" hidden=!by_server>{td_string!(locale, exam.done_by_server)}</h1>
                <dl class="exam-slip">
                    <div class="exam-slip-code">
                        <dt>{td_string!(locale, exam.slip_code)}</dt>
                        <dd id="ma-bien-nhan">{slip.map(|slip| slip.code)}</dd>
                    </div>
                    <div>
                        <dt>
                            <span id="nop-hay-nop" hidden=by_server>{td_string!(locale, exam.slip_time)}</span>
                            <span id="nop-hay-thu" hidden=!by_server>{td_string!(locale, exam.slip_collected)}</span>
                        </dt>
                        <dd id="nop-luc">{time}</dd>
                    </div>
                    <div>
                        <dt>{td_string!(locale, exam.slip_answered)}</dt>
                        <dd id="so-cau">{count}</dd>
                    </div>
                </dl>
                <p class="exam-warning" id="tre" hidden=late == 0>{td_string!(locale, exam.late, n = late)}</p>
                <p class="exam-warning" id="qua-tre" hidden=too_late == 0>
                    {td_string!(locale, exam.too_late, n = too_late)}
                </p>
                <p class="exam-warning" id="con-gui" role="status" hidden></p>
                <p id="xem-bai" hidden=!review>
                    <a class="button large" href="/thi/bai">{td_string!(locale, exam.review)}</a>
                </p>
                <p id="cho-cong-bo" hidden=review>{td_string!(locale, exam.done_help)}</p>
            </section>
        </main>
    }
}

/// Only scripts show it: without them the next page asks for the code.
pub(super) fn moved(locale: Locale) -> impl IntoView {
    view! {
        <main class="exam-outside" data-for="moved" hidden>
            <section class="exam-card" role="alert">
                <h1>{td_string!(locale, exam.moved)}</h1>
                <p>{td_string!(locale, exam.moved_help)}</p>
                <p class="exam-warning" id="chuyen-con" hidden></p>
                <p><a class="button large" href="/vao">{td_string!(locale, exam.enter_again)}</a></p>
            </section>
        </main>
    }
}

/// The house does not know this tablet's session: it has run out, or a backup from before he entered was
/// restored.
pub(super) fn signed_out(locale: Locale) -> impl IntoView {
    view! {
        <main class="exam-outside" data-for="signed-out" hidden>
            <section class="exam-card" role="alert">
                <h1>{td_string!(locale, exam.signed_out)}</h1>
                <p>{td_string!(locale, exam.signed_out_help)}</p>
                <p class="exam-warning" id="ra-con" hidden></p>
                <p><a class="button large" href="/vao">{td_string!(locale, exam.enter_again)}</a></p>
            </section>
        </main>
    }
}

/// Whose page it is.
fn whose(locale: Locale, sitting: &Sitting) -> impl IntoView + use<> {
    let Sitting {
        contest_name,
        name,
        sbd,
        team,
        round_name,
        ..
    } = sitting;
    let round = (!round_name.is_empty()).then(|| round_name.clone());
    view! {
        <header class="exam-whose">
            <p>{contest_name.clone()}</p>
            <b>{name.clone()}</b>
            <p>{td_string!(locale, exam.sbd_team, sbd = sbd, team = team)}</p>
            {round.map(|round| view! { <p>{round}</p> })}
        </header>
    }
}
