//! `/phu-de/{id}`: the broadcast's overlay, for a streaming program's browser source of 1920 by 1080.
//! `?lop=doi,dong-ho,top` chooses what is drawn.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::api::contest_id;
use crate::backend::house;
use crate::island::overlay::{Layers, Overlay};
use crate::layout::served;
use crate::words::{request_locale, td_string};

/// The overlay of the contest in the address.
#[component]
pub fn OverlayPage() -> impl IntoView {
    let locale = request_locale();
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
