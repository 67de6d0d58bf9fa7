//! `/thi`: the contestant's page. Waiting, writing and the receipt are parts of one page, of which one is
//! shown: in the browser `island/exam` goes from one to the next without asking for a new page.

mod outside;
mod writing;

use contest::{
    audience::{Sitting, Stage},
    paper::Sheet,
};
use http::{HeaderValue, header};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::backend::{house, visit};
use crate::error::AppError;
use crate::island::exam::{ExamDesk, MOVED_AWAY, SCALE_COOKIE};
use crate::layout::{failed, when_ready};
use crate::words::{Locale, request_cookie, request_locale, td_string};

/// What the address asks for: `?cau=14` shows that question, `?nop=1` asks to hand in.
#[derive(Clone, Copy)]
struct Asked {
    place: u16,
    hand_in: bool,
}

/// Waiting, writing, or the receipt: wherever the contestant stands.
#[component]
pub fn Exam() -> impl IntoView {
    let locale = request_locale();
    let visit = visit();
    let asked = use_query_map().with_untracked(|query| {
        let number: u16 = query.get("cau").and_then(|n| n.parse().ok()).unwrap_or(1);
        Asked {
            place: number.saturating_sub(1),
            hand_in: query.get("nop").is_some(),
        }
    });
    keep_private();
    when_ready(async move {
        match house().sitting(&visit).await {
            Ok(sitting) => page(locale, sitting, asked),
            Err(error) => stranger(error),
        }
    })
}

fn page(locale: Locale, sitting: Sitting, asked: Asked) -> AnyView {
    let scale = request_cookie(SCALE_COOKIE).filter(|n| ["0", "1", "2"].contains(&n.as_str()));
    let (sheet, seat) = take_sheet(sitting.clone());
    let questions = match (&sheet, &sitting.stage) {
        (Some(sheet), _) => sheet.questions.len() as u16,
        (None, Stage::Done { receipt, .. }) => receipt.questions as u16,
        (None, _) => 0,
    };
    let place = asked.place.min(questions.saturating_sub(1));
    let hand_in = asked.hand_in && sheet.is_some();
    let paper = sheet.as_ref().map(Sheet::sum);
    let face = match sitting.stage {
        Stage::Waiting => "waiting",
        Stage::Writing { .. } => "writing",
        Stage::Done { .. } => "done",
    };
    let parts = match &sitting.stage {
        Stage::Waiting => outside::waiting(locale, &sitting).into_any(),
        Stage::Writing { .. } => {
            let shown = Asked { place, hand_in };
            view! {
                {sheet.map(|sheet| writing::writing(locale, &sitting, sheet, shown))}
                {outside::receipt(locale, &sitting)}
            }
            .into_any()
        }
        Stage::Done { .. } => outside::receipt(locale, &sitting).into_any(),
    };
    view! {
        <Title text=td_string!(locale, exam.title) />
        <ExamDesk>
            <div
                class="exam"
                data-face=face
                data-scale=scale.unwrap_or_else(|| "1".to_owned())
                data-locale=locale.to_string()
                data-place=place.to_string()
                data-questions=questions.to_string()
                data-asked=hand_in.then_some("")
                data-paper=paper
                data-seat=serde_json::to_string(&seat).unwrap_or_default()
            >
                {parts}
                {outside::moved(locale)}
                {outside::signed_out(locale)}
            </div>
        </ExamDesk>
    }
    .into_any()
}

/// The paper's words, and how things stand without them: they are on the page once already.
fn take_sheet(mut sitting: Sitting) -> (Option<Sheet>, Sitting) {
    let sheet = match &mut sitting.stage {
        Stage::Writing { sheet, .. } => Some(Sheet {
            code: sheet.code,
            questions: std::mem::take(&mut sheet.questions),
        }),
        _ => None,
    };
    (sheet, sitting)
}

/// Whoever is no contestant on his own device: to the door, unless he is known otherwise.
pub(super) fn stranger(error: AppError) -> AnyView {
    match error {
        AppError::SignIn => leptos_axum::redirect("/vao"),
        AppError::Moved => leptos_axum::redirect(MOVED_AWAY),
        error => return failed(error).into_any(),
    }
    ().into_any()
}

/// No copy of the paper stays in any cache, and "back" shows it as it is now.
pub(super) fn keep_private() {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.insert_header(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}
