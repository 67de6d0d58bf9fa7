//! `/demo`: every role of a demo with the link by which it enters, and the rehearsal.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use qrcode::{Color, EcLevel, QrCode};

use crate::api::demo::DemoPlay;
use crate::backend::{house, visit};
use crate::error::AppError;
use crate::icon::{Icon, icon};
use crate::layout::{ErrorNote, LanguageSwitch, served};
use crate::words::{Locale, request_locale, td_string};

/// How much faster than people the simulated contestants can be.
const SPEEDS: [u32; 5] = [1, 5, 20, 60, 200];
const SPEED: u32 = 20;
/// The quiet zone that a QR code needs around it, in modules.
const QUIET: usize = 4;

/// The page; on any other database than a demo's there is none.
#[component]
pub fn DemoPage() -> impl IntoView {
    let locale = request_locale();
    let playing = use_query_map().with_untracked(|query| query.get("dang-dien").is_some());
    let (house, visit) = (house(), visit());
    served(async move {
        let links = house.demo_links(&visit).await?.ok_or(AppError::NotFound)?;
        let board = links
            .iter()
            .map(|(_, url)| url)
            .find(|url| url.contains("/bang/"))
            .cloned();
        let links = links
            .into_iter()
            .map(|(name, url)| role(locale, name, url))
            .collect_view();
        Ok(view! {
            <Title text=format!("{} · {}", td_string!(locale, demo.title), td_string!(locale, site.name)) />
            <div class="home">
                <header class="home-head">
                    <a class="console-brand" href="/">{icon(Icon::Trophy)}<span>{td_string!(locale, site.name)}</span></a>
                    <LanguageSwitch />
                </header>
                <main class="demo-main">
                    <div class="home-lead">
                        <h1>{td_string!(locale, demo.title)}</h1>
                        <p>{td_string!(locale, demo.lead)}</p>
                    </div>
                    <div class="columns">
                        {tour(locale)}
                        {rehearsal(locale, playing, board)}
                    </div>
                    <section class="stack">
                        <h2>{td_string!(locale, demo.roles)}</h2>
                        <p class="soft">{td_string!(locale, demo.same_browser)}</p>
                        <ul class="demo-roles">{links}</ul>
                    </section>
                </main>
            </div>
        })
    })
}

fn tour(locale: Locale) -> impl IntoView {
    let steps = [
        td_string!(locale, demo.tour_1),
        td_string!(locale, demo.tour_2),
        td_string!(locale, demo.tour_3),
        td_string!(locale, demo.tour_4),
        td_string!(locale, demo.tour_5),
    ];
    view! {
        <section class="card">
            <h2>{td_string!(locale, demo.tour_title)}</h2>
            <ol class="demo-tour">{steps.map(|step| view! { <li>{step}</li> }).collect_view()}</ol>
        </section>
    }
}

fn rehearsal(locale: Locale, playing: bool, board: Option<String>) -> impl IntoView {
    let speeds = SPEEDS.map(|speed| {
        let words = match speed {
            1 => td_string!(locale, demo.speed_1).to_owned(),
            n => td_string!(locale, demo.speed_n, n = n),
        };
        view! { <option value=speed.to_string() selected=speed == SPEED>{words}</option> }
    });
    let board = board.map(|url| {
        view! {
            <a class="button quiet" href=format!("{url}?cong-khai=1") target="_blank" rel="noopener">
                {icon(Icon::Screen)} {td_string!(locale, demo.board)}
            </a>
        }
    });
    view! {
        <section class="card">
            <h2>{td_string!(locale, demo.play_title)}</h2>
            <p>{td_string!(locale, demo.play_help)}</p>
            {playing.then(|| view! {
                <p class="note done" role="status">{icon(Icon::Check)}<span>{td_string!(locale, demo.playing)}</span></p>
            })}
            <form method="post" action=DemoPlay::url() class="stack">
                <ErrorNote form=DemoPlay::url() />
                <div class="field">
                    <label for="toc-do">{td_string!(locale, demo.speed)}</label>
                    <select id="toc-do" name="speed">{speeds.collect_view()}</select>
                </div>
                <button type="submit" class="button large">{icon(Icon::Play)}{td_string!(locale, demo.play)}</button>
            </form>
            <div class="row">{board}</div>
        </section>
    }
}

fn role(locale: Locale, name: String, url: String) -> impl IntoView {
    let label = td_string!(locale, demo.qr, name = name.as_str());
    let drawing = qr(&url).map(|(side, path)| {
        view! {
            <svg class="qr" viewBox=format!("0 0 {side} {side}") role="img" aria-label=label>
                <path d=path />
            </svg>
        }
    });
    view! {
        <li class="card">
            {drawing}
            <h3>{name}</h3>
            <a class="button quiet" href=url>{td_string!(locale, demo.open)}{icon(Icon::ArrowRight)}</a>
        </li>
    }
}

/// A QR code as the side of its square and a path of its dark modules; `None` for a text too long for one.
fn qr(text: &str) -> Option<(usize, String)> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let dark = code
        .to_colors()
        .into_iter()
        .enumerate()
        .filter(|(_, color)| *color == Color::Dark);
    let path = dark.map(|(i, _)| format!("M{} {}h1v1h-1z", i % width + QUIET, i / width + QUIET));
    Some((width + 2 * QUIET, path.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_quiet_zone() {
        let (side, path) = qr("http://192.168.1.5:3000/vao/ABCD-EFGH-JKLM").expect("short enough");
        assert!(side >= 21 + 2 * QUIET);
        assert!(
            path.starts_with(&format!("M{QUIET} {QUIET}h1")),
            "the corner mark begins inside it"
        );
        assert_eq!(qr(&"x".repeat(5_000)), None);
    }
}
