//! `/phu-de/{id}`: the broadcast's overlay, for a streaming program's browser source of 1920 by 1080.
//! `?lop=doi,dong-ho,top` chooses what is drawn, `?lang=en` the language.

use http::request::Parts;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::api::contest_id;
use crate::backend::house;
use crate::island::overlay::{Layers, Overlay};
use crate::layout::served;
use crate::words::{Locale, request_locale, td_string};

/// What in the address chooses the language.
pub const LANGUAGE: &str = "lang";

/// Whether that is the address of an overlay, which lies over another picture.
pub fn is_overlay(path: &str) -> bool {
    path.starts_with("/phu-de/")
}

/// The language of an overlay: what its address says, since a streaming program has cookies of its own and no page
/// to choose by; else as of any page.
pub fn overlay_locale() -> Locale {
    let parts = use_context::<Parts>();
    let query = parts.as_ref().and_then(|parts| parts.uri.query());
    query.and_then(asked_in).unwrap_or_else(request_locale)
}

fn asked_in(query: &str) -> Option<Locale> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(name, _)| *name == LANGUAGE)?.1.parse().ok()
}

/// The overlay of the contest in the address.
#[component]
pub fn OverlayPage() -> impl IntoView {
    let locale = overlay_locale();
    let id = use_params_map().with_untracked(|params| params.get("id").unwrap_or_default());
    let layers =
        use_query_map().with_untracked(|query| Layers::named(query.get_str("lop").unwrap_or_default()));
    served(async move {
        let id = contest_id(&id)?;
        let view = house().overlay(&id).await?;
        let title = format!("{} · {}", td_string!(locale, overlay.title), view.title);
        let now = house().clock();
        Ok(view! {
            <Title text=title />
            <main>
                <Overlay locale=locale view=view contest=id.to_string() layers=layers now=now />
            </main>
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_chooses_the_language() {
        assert_eq!(asked_in("lop=top&lang=en"), Some(Locale::en));
        assert_eq!(asked_in("lang=vi"), Some(Locale::vi));
        assert_eq!(asked_in("lang=xx"), None);
        assert_eq!(asked_in("lop=top"), None);
    }
}
