//! HTTP: routes and the layers around them.
//!
//! Three kinds of routes, each with the layers it needs and no more: pages and server functions (leptos),
//! the tablet's hot path (nothing but a bound on the body), and the other machine routes.

mod answer;
mod assets;
mod board;
mod device_label;
mod guard;
mod hall;
mod health;
mod judging;
mod live;
pub(crate) mod serve;
mod session;
mod standings;
mod stream;
mod tablet;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use app::backend::{Backend, Visit};
use app::error::AppError;
use app::{App, shell};
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRef, Request};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use contest::ContestId;
use leptos::config::LeptosOptions;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{LeptosRoutes, generate_route_list};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;

use assets::Assets;

use crate::desk::House;
use crate::hub::Producer;

/// A packet of a tablet: an outbox that waited for an hour has a few hundred answers.
const PACKET: usize = 64 * 1024;
const MACHINE_ANSWERS_WITHIN: Duration = Duration::from_secs(15);

/// What every handler needs: the house, and how visitors reach it.
#[derive(Clone)]
pub(crate) struct Door(Arc<Entrance>);

/// The inside of a [`Door`].
pub(crate) struct Entrance {
    house: Arc<House>,
    /// The same house, as pages see it.
    backend: Arc<dyn Backend>,
    /// The same house, as the hub sees it.
    producer: Arc<dyn Producer>,
    addr: SocketAddr,
    public_url: Option<String>,
    leptos: LeptosOptions,
}

impl std::ops::Deref for Door {
    type Target = Entrance;

    fn deref(&self) -> &Entrance {
        &self.0
    }
}

impl FromRef<Door> for LeptosOptions {
    fn from_ref(door: &Door) -> Self {
        door.leptos.clone()
    }
}

/// An address that the house answers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RouteInfo {
    pub method: String,
    /// With `{name}` for what varies.
    pub path: String,
    pub kind: RouteKind,
}

/// What stands behind an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RouteKind {
    /// HTML for people.
    Page,
    /// What forms and islands post to.
    Function,
    /// JSON, events, files.
    Machine,
}

/// A machine route: the router and [`routes`] are both made from these.
struct Served {
    method: Method,
    path: &'static str,
    handler: MethodRouter<Door>,
}

impl Served {
    fn get<H, T>(path: &'static str, handler: H) -> Self
    where
        H: axum::handler::Handler<T, Door>,
        T: 'static,
    {
        Self {
            method: Method::GET,
            path,
            handler: get(handler),
        }
    }

    fn post<H, T>(path: &'static str, handler: H) -> Self
    where
        H: axum::handler::Handler<T, Door>,
        T: 'static,
    {
        Self {
            method: Method::POST,
            path,
            handler: post(handler),
        }
    }
}

/// The routes of contestants' and judges' tablets and of screens.
fn tablet_routes() -> Vec<Served> {
    vec![
        Served::get("/api/thi", tablet::sitting),
        Served::post("/api/thi/answers", tablet::answers),
        Served::post("/api/thi/hand-in", tablet::hand_in),
        Served::get("/api/cham", judging::sheet),
        Served::post("/api/cham/marks", judging::marks),
        Served::post("/api/cham/remark", judging::remark),
        Served::post("/api/cham/hand-in", judging::hand_in),
        Served::post("/api/man-hinh/health", hall::screen_health),
    ]
}

/// Streams: no time limit, no compression.
fn stream_routes() -> Vec<Served> {
    vec![
        Served::get("/api/contests/{id}/board/events", live::board_events),
        Served::get("/api/contests/{id}/phones/events", live::phone_events),
        Served::get("/api/contests/{id}/staff/events", live::staff_events),
        Served::get("/api/thi/events", live::tablet_events),
        Served::get("/api/cham/events", live::stage_events),
        Served::get("/api/man-hinh/events", hall::screen_events),
        Served::get("/api/contests/{id}/hall/events", hall::hall_events),
        Served::get("/api/contests/{id}/host/events", hall::host_events),
        Served::get("/api/contests/{id}/overlay/events", hall::overlay_events),
    ]
}

/// Everything else that no person reads.
fn plain_routes() -> Vec<Served> {
    vec![
        Served::get("/healthz", health::healthz),
        Served::get("/api/contests/{id}/board.json", board::board_json),
        Served::get("/api/contests/{id}/stage/{round}", judging::panel),
        Served::get("/api/man-hinh", hall::door),
        Served::get("/api/contests/{id}/overlay.json", hall::overlay_json),
        Served::get("/api/contests/{id}/logos/{hash}", hall::logo),
        Served::get("/api/contests/{id}/qr.svg", hall::qr),
        Served::get("/api/contests/{id}/standings.xlsx", standings::xlsx),
        Served::get("/assets/{name}", assets::serve),
    ]
}

fn router_of(routes: Vec<Served>) -> Router<Door> {
    routes.into_iter().fold(Router::new(), |router, route| {
        router.route(route.path, route.handler)
    })
}

/// Every address that the house answers. What is not in this list is the 404 page.
pub fn routes() -> Vec<RouteInfo> {
    let machine = [tablet_routes(), stream_routes(), plain_routes()];
    let machine = machine.into_iter().flatten().map(|route| RouteInfo {
        method: route.method.to_string(),
        path: route.path.to_owned(),
        kind: RouteKind::Machine,
    });
    let functions = leptos::server_fn::axum::server_fn_paths().map(|(path, method)| RouteInfo {
        method: method.to_string(),
        path: path.to_owned(),
        kind: RouteKind::Function,
    });
    let listings = generate_route_list(App);
    let pages = listings.iter().flat_map(|page| {
        page.methods().map(|method| RouteInfo {
            method: format!("{method:?}").to_uppercase(),
            path: page.path().to_owned(),
            kind: RouteKind::Page,
        })
    });
    let mut all: Vec<_> = pages.chain(functions).chain(machine).collect();
    all.sort();
    all.dedup();
    all
}

/// Everything, ready to be served.
pub(crate) fn router(house: Arc<House>, addr: SocketAddr, public_url: Option<String>) -> Router {
    let assets = Assets::load();
    let leptos = LeptosOptions::builder()
        .output_name(assets.client())
        .site_pkg_dir(assets::DIR)
        .build();
    let door = Door(Arc::new(Entrance {
        backend: house.clone(),
        producer: house.clone(),
        house,
        addr,
        public_url,
        leptos,
    }));
    let machine =
        router_of(plain_routes())
            .layer(CompressionLayer::new())
            .layer(TimeoutLayer::with_status_code(
                StatusCode::SERVICE_UNAVAILABLE,
                MACHINE_ANSWERS_WITHIN,
            ));
    let tablet = router_of(tablet_routes())
        .layer(map_response(tablet::told_in_json))
        .layer(DefaultBodyLimit::max(PACKET));
    let router = machine
        .merge(router_of(stream_routes()))
        .layer(map_response(|response: Response| async {
            guard::secured(response)
        }))
        .merge(tablet)
        .merge(pages(&door, &assets));
    router
        .layer(CatchPanicLayer::new())
        .layer(from_fn(guard::asked_again))
        .with_state(door)
}

/// Pages and server functions, with the visit and the house in their context.
fn pages(door: &Door, assets: &Assets) -> Router<Door> {
    let page = {
        let (options, files) = (door.leptos.clone(), assets.site_files());
        move || shell(options.clone(), files.clone())
    };
    let context = {
        let backend = door.backend.clone();
        move || {
            provide_context(backend.clone());
            let parts = use_context::<Parts>();
            if let Some(visit) = parts.and_then(|parts| parts.extensions.get::<Visit>().cloned()) {
                provide_context(visit);
            }
        }
    };
    Router::new()
        .leptos_routes_with_context(door, generate_route_list(App), context.clone(), page.clone())
        // The shell answers unknown addresses too, with its own 404 page.
        .fallback(leptos_axum::render_app_to_stream_with_context(context, page))
        .layer(from_fn_with_state(door.clone(), session::attach))
        .layer(from_fn_with_state(door.clone(), guard::guard))
        // The default predicate leaves small answers alone, and what is compressed already.
        .layer(CompressionLayer::new())
        .layer(
            TraceLayer::new_for_http().make_span_with(|request: &Request<Body>| {
                // The path only, and not of entry: a code opens a person's door.
                let path = request.uri().path();
                let path = if path.starts_with("/vao/") {
                    "/vao/…"
                } else {
                    path
                };
                tracing::info_span!("http", method = %request.method(), path)
            }),
        )
}

/// The contest named in an address.
fn contest_id(text: &str) -> Result<ContestId, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_is_listed_once() {
        let routes = routes();
        let has = |method: &str, path: &str| routes.iter().any(|r| r.method == method && r.path == path);
        assert!(has("GET", "/"));
        assert!(has("POST", "/api/thi/answers"));
        assert!(has("GET", "/api/contests/{id}/board/events"));
        let mut addresses: Vec<_> = routes.iter().map(|r| (&r.method, &r.path)).collect();
        let all = addresses.len();
        addresses.dedup();
        assert_eq!(addresses.len(), all);
    }

    #[test]
    fn functions_have_fixed_names() {
        for route in routes().iter().filter(|r| r.kind == RouteKind::Function) {
            let name = route.path.strip_prefix("/api/fn/").unwrap_or_default();
            assert!(!name.is_empty(), "{} has no place under /api/fn", route.path);
            assert!(
                !name.chars().any(|c| c.is_ascii_digit()),
                "{} ends in a hash",
                route.path
            );
            assert_eq!(route.method, "POST", "{}", route.path);
        }
    }
}
