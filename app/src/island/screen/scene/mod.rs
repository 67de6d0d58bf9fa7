//! The scenes. Each is a function of what the screen was sent.

mod exam;
pub(super) mod hosts;
mod join;
mod message;
mod on_stage;
mod order;
pub(super) mod prizes;
mod question;
mod reveal;
mod standings;
mod team;
mod waiting;

use contest::hall_view::{SceneView, ScreenView};
use leptos::prelude::*;

use super::{Life, page, scene_box::shown};
use crate::island::board::paging::Paging;
use crate::words::{Locale, td_string};
pub(super) use reveal::as_row;

/// What every scene is drawn with.
#[derive(Clone, Copy)]
struct Frame<'a> {
    view: &'a ScreenView,
    life: Life,
    locale: Locale,
    paging: Paging,
    page: usize,
}

/// The scene of a screen.
pub(super) fn drawn(view: &ScreenView, life: Life, origin: &str) -> AnyView {
    let of = Frame {
        view,
        life,
        locale: super::locale(view.look.language),
        paging: page::paging(view),
        page: shown(view, life),
    };
    match &view.scene {
        SceneView::Blank => ().into_any(),
        SceneView::Waiting => waiting::drawn(of).into_any(),
        SceneView::Join => join::drawn(of, origin).into_any(),
        SceneView::Order {
            round_name, lines, ..
        } => order::drawn(of, round_name, lines).into_any(),
        SceneView::OnStage { stage } => on_stage::drawn(of, stage.as_ref()).into_any(),
        SceneView::Exam { board } => exam::drawn(of, board).into_any(),
        SceneView::Standings { board, round } => standings::drawn(of, board, *round).into_any(),
        SceneView::Team { team } => team::drawn(of, team.as_ref()).into_any(),
        SceneView::Question {
            text,
            options,
            answer,
        } => question::drawn(of, text, options, *answer).into_any(),
        SceneView::Message { text } => message::drawn(of, text).into_any(),
        SceneView::Hosts { logos } => hosts::drawn(of, logos).into_any(),
        SceneView::Reveal {
            rehearsal,
            rounds,
            picture,
        } => reveal::drawn(of, *rehearsal, rounds, picture.as_ref()).into_any(),
        SceneView::Prizes { plates } => prizes::drawn(of, plates).into_any(),
    }
}

impl Frame<'_> {
    /// The head of a scene: whose contest this is, what is shown, and beside it what matters now.
    fn head(self, title: impl Into<String>, beside: impl IntoView + 'static) -> AnyView {
        let title = title.into();
        view! {
            <header class="s-head titled">
                <p class="s-contest">{self.view.title.clone()}</p>
                <h1 class="s-title">{title}</h1>
                <div class="s-beside">{beside.into_any()}</div>
            </header>
        }
        .into_any()
    }

    /// What a scene says that has nothing to show yet.
    fn empty(self, words: impl Into<String>, note: impl Into<String>) -> AnyView {
        let (words, note) = (words.into(), note.into());
        view! {
            <div class="s-empty">
                {star()} <p class="s-empty-words">{words}</p>
                {(!note.is_empty()).then(|| view! { <p class="s-empty-note">{note}</p> })}
            </div>
        }
        .into_any()
    }

    /// Below ranked rows: why two with the same total do not share a place.
    fn parted(self, parted: bool) -> Option<impl IntoView> {
        parted.then(|| view! { <p class="s-parted">{td_string!(self.locale, board.parted)}</p> })
    }

    fn hosts(self) -> Option<impl IntoView + use<>> {
        let hosts = self.view.hosts.join(" · ");
        (!hosts.is_empty()).then(|| view! { <p class="s-hosts">{hosts}</p> })
    }
}

/// The five-pointed star.
fn star() -> impl IntoView {
    view! {
        <svg class="s-star" viewBox="0 0 24 24" aria-hidden="true">
            <path d="M12 1.6l2.46 7.3 7.7.07-6.19 4.58 2.31 7.35L12 16.43 5.72 20.9l2.31-7.35-6.19-4.58 7.7-.07z" />
        </svg>
    }
}

/// A class by how much there is to read, so that it stays as large as it can: 0 is the largest.
pub(crate) fn size(text: &str, steps: [usize; 4]) -> String {
    // A line that is begun costs as much as half a line of letters.
    let lines = text.lines().count().saturating_sub(1);
    let long = text.chars().count() + lines * steps[0] / 2;
    let step = steps.iter().filter(|step| long > **step).count();
    format!("size-{step}")
}
