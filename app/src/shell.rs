//! The document around every page, and the table of routes.

use std::sync::Arc;

use http::{HeaderValue, header, request::Parts, status::StatusCode};
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{SsrMode, path};

use crate::backend::Visit;
use crate::layout::Plain;
use crate::page;
use crate::words::{request_locale, td_string};

/// A gold star on red. In the document itself, so that no browser asks for another file.
const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect \
    width='32' height='32' rx='7' fill='%23b3121d'/%3E%3Cpath fill='%23ffcf4a' d='M16 6l2.9 6.6 7.1.7-5.4 4.7 \
    1.6 7-6.2-3.6L9.8 25l1.6-7L6 13.3l7.1-.7z'/%3E%3C/svg%3E";

/// Addresses of the built files a document refers to; they carry content hashes.
#[derive(Debug, Clone, Default)]
pub struct SiteFiles {
    /// The one stylesheet.
    pub stylesheet: Arc<str>,
    /// The hashed name of the client that has only the contestant's island.
    pub tablet: Arc<str>,
    /// Fonts that every page needs at once.
    pub preload_fonts: Arc<[String]>,
}

/// The whole document. `options.output_name` must be the hashed name of the client.
pub fn shell(mut options: LeptosOptions, files: SiteFiles) -> impl IntoView {
    // The broadcast lays it over its picture.
    let see_through = use_context::<Parts>().is_some_and(|parts| page::overlay::is_overlay(parts.uri.path()));
    let locale = if see_through {
        page::overlay::overlay_locale()
    } else {
        request_locale()
    };
    if use_context::<Parts>().is_some_and(|parts| is_small(parts.uri.path())) {
        options.output_name = files.tablet.clone();
    }
    set_content_security_policy();
    let plain = match (use_context::<Parts>(), use_context::<Visit>()) {
        (Some(parts), Some(visit)) => page::board::is_for_phones(&parts.uri, &visit),
        _ => false,
    };
    let fonts = if plain { &[][..] } else { &files.preload_fonts[..] };
    view! {
        <!DOCTYPE html>
        <html lang=locale.to_string() class=see_through.then_some("see-through")>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                {fonts
                    .iter()
                    .map(|font| {
                        let font = font.clone();
                        view! { <link rel="preload" href=font r#as="font" r#type="font/woff2" crossorigin="" /> }
                    })
                    .collect_view()}
                <link rel="icon" href=ICON />
                <link rel="stylesheet" href=files.stylesheet.to_string() />
                {(!plain).then(|| view! { <HydrationScripts options=options islands=true /> })}
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// Whether the page at `path` has no other island than the contestant's: those on his way from the card
/// to the receipt, which so never load what only the hall's screens and desks need.
fn is_small(path: &str) -> bool {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    matches!(first, "" | "vao" | "thi" | "dang-nhap" | "khoi-tao")
}

/// All pages by address.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let locale = request_locale();
    view! {
        // Names that people typed stand in titles; leptos_meta writes them down as they are.
        <Title formatter=escaped text=td_string!(locale, site.name) />
        <Router>
            <Routes fallback=NotFound>
                <Route path=path!("/") view=page::home::Home ssr=SsrMode::Async />
                <Route path=path!("/demo") view=page::demo::DemoPage ssr=SsrMode::Async />
                <Route path=path!("/hoi-thi/:id/giai-trinh/:team") view=page::explain::ExplainPage ssr=SsrMode::Async />
                <page::console::ConsoleRoutes />
                <Route
                    path=path!("/hoi-thi/:id/phan-thi/:round/bai/:person")
                    view=page::marked_paper::MarkedPaperPage
                    ssr=SsrMode::Async
                />
                <Route path=path!("/man-hinh") view=page::screen::ScreenPage ssr=SsrMode::Async />
                <Route path=path!("/bang/:id") view=page::board::BoardPage ssr=SsrMode::Async />
                <Route path=path!("/phu-de/:id") view=page::overlay::OverlayPage ssr=SsrMode::Async />
                <Route path=path!("/man-hinh/nhan/:letters") view=page::screen_claim::ScreenClaim ssr=SsrMode::Async />
                <Route path=path!("/dan-chuong-trinh") view=page::host::OwnHostPage ssr=SsrMode::Async />
                <Route path=path!("/hoi-thi/:id/dan-chuong-trinh") view=page::host::StaffHostPage ssr=SsrMode::Async />
                <Route path=path!("/vao") view=page::entry::Entry />
                <Route path=path!("/vao/:code") view=page::entry::EntryByCard />
                <Route path=path!("/dang-nhap") view=page::account::SignInPage />
                <Route path=path!("/khoi-tao/:token") view=page::account::FirstAccount ssr=SsrMode::Async />
                <Route path=path!("/tai-khoan") view=page::account::Accounts ssr=SsrMode::Async />
                <Route path=path!("/thi") view=page::exam::Exam ssr=SsrMode::Async />
                <Route path=path!("/thi/bai") view=page::marked::Marked ssr=SsrMode::Async />
                <Route path=path!("/giam-khao") view=page::judge::JudgePage ssr=SsrMode::Async />
            </Routes>
        </Router>
    }
}

/// A title's words as HTML.
fn escaped(text: String) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// What an unknown address shows, with status 404.
#[component]
fn NotFound() -> impl IntoView {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(StatusCode::NOT_FOUND);
    }
    let locale = request_locale();
    view! {
        <Plain title=td_string!(locale, error.not_found_title)>
            <p>{td_string!(locale, error.not_found_help)}</p>
            <div class="row">
                <a class="button" href="/">{td_string!(locale, error.go_home)}</a>
                <a class="button quiet" href="/vao">{td_string!(locale, home.enter_title)}</a>
            </div>
        </Plain>
    }
}

/// Scripts run only with this response's nonce; nothing is loaded from elsewhere.
fn set_content_security_policy() {
    let (Some(response), Some(nonce)) = (use_context::<ResponseOptions>(), use_nonce()) else {
        return;
    };
    let policy = format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'"
    );
    if let Ok(value) = HeaderValue::try_from(policy) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, value);
    }
}
