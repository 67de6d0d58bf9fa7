//! `/bang/{id}`: the standings for everybody with the address. Staff, and whoever asks for it with
//! `?cong-khai=1`, get the live leaderboard of a wall; everybody else the light page for phones.

mod phone;

use contest::audience::Board;
use http::Uri;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::api::contest_id;
use crate::backend::{Visit, house, visit};
use crate::island::board::LiveBoard;
use crate::layout::served;
use crate::words::{Locale, request_locale, td_string};

pub use phone::rows_of_phones;

/// Asks for what the hall sees, whoever asks, as the leaderboard of a wall.
const PUBLIC: &str = "cong-khai";

/// Where no island wakes up (no WASM), the page looks again by itself.
const LOOK_AGAIN: &str =
    "setTimeout(function(){document.querySelector('.board[data-live]')||location.reload()},10000)";

/// Whether the page at that address is the one for phones, which has no island and loads no client.
pub fn is_for_phones(uri: &Uri, visit: &Visit) -> bool {
    let wall = uri.query().unwrap_or_default().split('&');
    let wall = wall
        .into_iter()
        .any(|pair| pair.split('=').next() == Some(PUBLIC));
    uri.path().starts_with("/bang/") && !wall && !visit.actor.is_staff()
}

/// The board of the contest in the address.
#[component]
pub fn BoardPage() -> impl IntoView {
    let locale = request_locale();
    let id = use_params_map().with_untracked(|params| params.get("id").unwrap_or_default());
    let public = use_query_map().with_untracked(|query| query.get(PUBLIC).is_some());
    let own = use_query_map().with_untracked(|query| query.get("doi"));
    let (house, visit) = (house(), visit());
    let phone = !public && !visit.actor.is_staff();
    served(async move {
        let id = contest_id(&id)?;
        let visit = if public { visit.as_public() } else { visit };
        let board = house.board(&visit, &id).await?;
        if phone {
            return Ok(phone::phone(locale, &board, own).into_any());
        }
        let staff = house.contest(&visit, &id).await.is_ok();
        Ok(wall(locale, &board, staff, public).into_any())
    })
}

fn wall(locale: Locale, board: &Board, staff: bool, public: bool) -> impl IntoView + use<> {
    let nonce = use_nonce();
    view! {
        <Title text=format!("{} · {}", td_string!(locale, board.title), board.name) />
        <noscript>
            <meta http-equiv="refresh" content="10" />
        </noscript>
        <main>
            <LiveBoard board=board.clone() staff=staff public=public locale=locale />
        </main>
        <script nonce=nonce inner_html=LOOK_AGAIN></script>
    }
}
