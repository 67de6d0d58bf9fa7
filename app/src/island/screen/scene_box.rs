//! The box that a screen is drawn in.

use contest::hall_view::{SceneView, ScreenView};
use leptos::prelude::*;

use super::{Life, locale, page, scene};
use crate::dates;
use crate::icon::{Icon, icon};
use crate::island::live::Line;
use crate::words::{Locale, td_string};

/// A screen as it is drawn: it fills the box that it is put in, whatever its size.
///
/// Give it a size (`width` and `height`, or a width and an aspect ratio) from outside; nothing in it
/// depends on the window. Without `life` it stands still.
#[component]
pub fn SceneBox(
    /// What the screen was sent.
    #[prop(into)]
    view: Signal<ScreenView>,
    /// What moves it.
    #[prop(optional)]
    life: Option<Life>,
    /// Scheme and host of the house, for the address that people type.
    #[prop(optional, into)]
    origin: String,
) -> impl IntoView {
    let life = life.unwrap_or_else(|| Life::new(Line::new(), 0));
    let class = move || {
        let look = view.read().look;
        // Styles know every fifth percent.
        let scale = u32::from(look.scale.clamp(70, 150)).div_ceil(5) * 5;
        let theme = look.theme.as_str();
        let bare = bare(&view.read().scene);
        let live = if life.live.get() { " live" } else { "" };
        format!("screen theme-{theme} scale-{scale} {bare}{live}")
    };
    let lang = move || view.read().look.language.as_str();
    view! {
        <div class=class lang=lang>
            <div class="screen-in">
                {move || lost(life.line, locale(view.read().look.language))}
                {move || scene::drawn(&view.read(), life, &origin)}
                {move || foot(&view.read(), life)}
            </div>
        </div>
    }
}

fn bare(scene: &SceneView) -> &'static str {
    match scene {
        SceneView::Blank => "is-blank",
        _ => "is-lit",
    }
}

/// The badge of a screen that is cut off: it moves what is drawn aside, so that it hides nothing.
fn lost(line: Line, locale: Locale) -> Option<impl IntoView> {
    line.silent.get().then(|| {
        let since = line.last_news().map(dates::time);
        view! {
            <p class="screen-lost" role="alert">
                {icon(Icon::WifiOff)} <strong>{td_string!(locale, scene.lost)}</strong>
                {since.map(|time| view! { <span>{td_string!(locale, scene.lost_note, time = time)}</span> })}
            </p>
        }
    })
}

/// Below everything: which page of a long list this is.
fn foot(view: &ScreenView, life: Life) -> Option<impl IntoView + use<>> {
    let locale = locale(view.look.language);
    let pages = page::paging(view).pages;
    (pages > 1).then(|| {
        let at = shown(view, life);
        let dots = (0..pages).map(|n| view! { <i class:on=n == at></i> });
        view! {
            <p class="screen-pages">
                <span>{td_string!(locale, common.page_of, n = at + 1, of = pages)}</span>
                <span class="screen-dots" aria-hidden="true">{dots.collect_view()}</span>
            </p>
        }
    })
}

/// The page that is shown.
pub(super) fn shown(view: &ScreenView, life: Life) -> usize {
    page::asked(view).unwrap_or_else(|| life.page.get() % page::paging(view).pages)
}
