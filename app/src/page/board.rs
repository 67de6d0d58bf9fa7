//! `/bang/{id}`: the live leaderboard, for the wall, the phone and everybody with the address.

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::api::contest_id;
use crate::backend::{house, visit};
use crate::island::board::LiveBoard;
use crate::layout::served;
use crate::words::{request_locale, td_string};

/// Asks for what the hall sees, whoever asks.
const PUBLIC: &str = "cong-khai";

/// Where no island wakes up (no WASM), the page looks again by itself.
const LOOK_AGAIN: &str =
    "setTimeout(function(){document.querySelector('.board[data-live]')||location.reload()},10000)";

/// The board of the contest in the address.
#[component]
pub fn BoardPage() -> impl IntoView {
    let locale = request_locale();
    let id = use_params_map().with_untracked(|params| params.get("id").unwrap_or_default());
    let public = use_query_map().with_untracked(|query| query.get(PUBLIC).is_some());
    let (house, visit, nonce) = (house(), visit(), use_nonce());
    served(async move {
        let id = contest_id(&id)?;
        let visit = if public { visit.as_public() } else { visit };
        let board = house.board(&visit, &id).await?;
        let staff = house.contest(&visit, &id).await.is_ok();
        Ok(view! {
            <Title text=format!("{} · {}", td_string!(locale, board.title), board.name) />
            <noscript>
                <meta http-equiv="refresh" content="10" />
            </noscript>
            <main>
                <LiveBoard board=(*board).clone() staff=staff public=public locale=locale />
            </main>
            <script nonce=nonce inner_html=LOOK_AGAIN></script>
        })
    })
}
