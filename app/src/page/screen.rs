//! `/man-hinh`: a screen of the hall. A browser that nobody has claimed shows its four letters; a screen
//! shows its scene, and so it does after every restart.

use contest::{Actor, hall_view::ScreenView};
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use qrcode::{Color, EcLevel, QrCode};

use crate::api::entry::begin_screen;
use crate::backend::{ScreenDoor, Visit, house, visit};
use crate::island::screen::ScreenIsland;
use crate::layout::{failed, when_ready};
use crate::words::{Locale, request_locale, td_string};

/// Asks every second whether somebody has claimed the screen.
const ASK: &str = "(function ask(){var d=document.querySelector('.door');\
    fetch('/api/man-hinh',{cache:'no-store'}).then(function(r){return r.ok?r.json():{}}).then(function(a){\
    if(a.claimed||(a.letters&&a.letters!==d.dataset.letters))location.reload()}).catch(function(){})\
    .finally(function(){setTimeout(ask,1000)})})()";
/// Where no island wakes up (no WASM), the page looks again by itself, at the next page of a long list. A browser that
/// knows WASM gets longer to fetch it.
const LOOK_AGAIN: &str = "setTimeout(function(){if(document.querySelector('.screen-page[data-live]'))return;\
    var n=Number(new URLSearchParams(location.search).get('trang')||0);\
    location.replace('/man-hinh?trang='+(n+1))},window.WebAssembly?30000:10000)";
/// The quiet zone that a QR code needs around it, in modules.
const QUIET: usize = 4;

/// The door, or the scene.
#[component]
pub fn ScreenPage() -> impl IntoView {
    let (locale, visit) = (request_locale(), visit());
    let page = use_query_map().with_untracked(|query| {
        let page = query.get_str("trang").and_then(|text| text.parse::<u32>().ok());
        page.unwrap_or(0) % 10_000
    });
    super::exam::keep_private();
    when_ready(async move {
        if matches!(visit.actor, Actor::Screen { .. }) {
            return match house().screen_view(&visit).await {
                Ok(view) => screen(view, visit.origin, page).into_any(),
                Err(error) => failed(error).into_any(),
            };
        }
        match house().screen_door(&visit).await {
            Ok(ScreenDoor::Waiting { letters }) => door(locale, &visit, letters).into_any(),
            Ok(ScreenDoor::Claimed { session }) => {
                begin_screen(&session);
                leptos_axum::redirect("/man-hinh");
                ().into_any()
            }
            Err(error) => failed(error).into_any(),
        }
    })
}

fn screen(view: ScreenView, origin: String, page: u32) -> impl IntoView {
    let nonce = use_nonce();
    view! {
        <Title text=format!("{} · {}", view.name, view.title) />
        <noscript>
            <meta http-equiv="refresh" content=format!("10;url=/man-hinh?trang={}", page + 1) />
        </noscript>
        <main class="screen-main">
            <ScreenIsland view=view origin=origin page=page />
        </main>
        <script nonce=nonce inner_html=LOOK_AGAIN></script>
    }
}

fn door(locale: Locale, visit: &Visit, letters: String) -> impl IntoView + use<> {
    let nonce = use_nonce();
    let address = format!("{}/man-hinh/nhan/{letters}", visit.origin);
    let spoken = td_string!(locale, scene.door_letters, letters = letters.clone());
    let big = letters
        .chars()
        .map(|letter| view! { <b>{letter.to_string()}</b> });
    view! {
        <Title text=format!("{letters} · {}", td_string!(locale, site.name)) />
        <noscript>
            <meta http-equiv="refresh" content="5" />
        </noscript>
        <main class="screen-main">
            <div class="screen theme-dark scale-100">
                <section class="door screen-in" data-letters=letters.clone()>
                    <div class="door-words">
                        <h1>{td_string!(locale, scene.door_title)}</h1>
                        <p class="door-letters" role="img" aria-label=spoken>{big.collect_view()}</p>
                        <p class="door-how">{td_string!(locale, scene.door_type)}</p>
                    </div>
                    <div class="door-code">
                        {qr(&address, locale)}
                        <p class="door-how">{td_string!(locale, scene.door_scan)}</p>
                    </div>
                </section>
            </div>
        </main>
        <script nonce=nonce inner_html=ASK></script>
    }
}

/// The address as a QR code, drawn by the page itself.
fn qr(address: &str, locale: Locale) -> Option<impl IntoView + use<>> {
    let code = QrCode::with_error_correction_level(address, EcLevel::M).ok()?;
    let side = code.width();
    let dark = code.to_colors();
    let mut path = String::new();
    for (at, color) in dark.iter().enumerate() {
        if *color == Color::Dark {
            let (x, y) = (at % side + QUIET, at / side + QUIET);
            path.push_str(&format!("M{x} {y}h1v1h-1z"));
        }
    }
    let whole = side + 2 * QUIET;
    let label = td_string!(locale, scene.qr_of, address = address.to_owned());
    Some(view! {
        <svg class="s-qr" viewBox=format!("0 0 {whole} {whole}") role="img" aria-label=label shape-rendering="crispEdges">
            <path class="s-qr-ground" d=format!("M0 0h{whole}v{whole}h-{whole}z") />
            <path d=path />
        </svg>
    })
}
