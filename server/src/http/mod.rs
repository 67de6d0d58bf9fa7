//! HTTP: routes and the layers around them.

mod assets;

use app::{App, shell};
use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::routing::get;
use leptos::config::LeptosOptions;
use leptos_axum::{LeptosRoutes, generate_route_list};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::trace::TraceLayer;

use assets::Assets;

/// Every address the house answers.
pub(crate) fn router() -> Router {
    let assets = Assets::load();
    let options = LeptosOptions::builder()
        .output_name(assets.client())
        .site_pkg_dir(assets::DIR)
        .build();
    let files = assets.site_files();
    let page = {
        let options = options.clone();
        move || shell(options.clone(), files.clone())
    };

    Router::new()
        .leptos_routes_with_context(&options, generate_route_list(App), || (), page.clone())
        .route(&format!("/{}/{{name}}", assets::DIR), get(assets::serve))
        // The shell answers unknown addresses too, with its own 404 page.
        .fallback(leptos_axum::render_app_to_stream_with_context(|| (), page))
        .with_state(options)
        // The default predicate leaves SSE alone, and what is compressed already.
        .layer(CompressionLayer::new())
        .layer(header_unless_set(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header_unless_set(header::REFERRER_POLICY, "same-origin"))
        .layer(CatchPanicLayer::new())
        .layer(TraceLayer::new_for_http().make_span_with(|request: &Request| {
            // The path only: a query may hold an entry code.
            tracing::info_span!("http", method = %request.method(), path = request.uri().path())
        }))
}

fn header_unless_set(name: header::HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}
