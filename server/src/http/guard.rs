//! What every request must pass, and what every answer carries.

use std::time::Duration;

use app::error::AppError;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use http_body_util::Limited;
use leptos::server_fn::error::ServerFnUrlError;
use rand::RngExt;

use super::{Door, answer::Failure, session};
use crate::lan::lan_urls;

/// A form or a packet of answers.
const BODY: usize = 256 * 1024;
/// A file somebody uploads, with the form around it.
const UPLOAD: usize = 10 * 1024 * 1024;
/// Where server functions are.
const FUNCTIONS: &str = "/api/fn/";
/// Server functions whose names begin so take files.
const UPLOAD_PREFIXES: [&str; 2] = ["/api/fn/upload", "/api/fn/add_logo"];
/// Whoever sends more than this after he was told that it is too much is cut off.
const DRAIN: usize = 64 * 1024 * 1024;

const ANSWER_WITHIN: Duration = Duration::from_secs(30);
/// Over a bad Wi-Fi, ten megabytes take their time.
const UPLOAD_WITHIN: Duration = Duration::from_secs(300);

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Scheme and host as the visitor's browser knows this house.
pub(super) fn own_origin(door: &Door, headers: &HeaderMap) -> String {
    if let Some(url) = &door.public_url {
        return url.clone();
    }
    match host(headers) {
        // What is printed and drawn here is for other machines: the laptop's own name would lead them to themselves.
        Some(host) if is_this_machine(host) => {
            let lan = lan_urls(door.addr).into_iter().next();
            lan.unwrap_or_else(|| format!("http://{host}"))
        }
        Some(host) => format!("http://{host}"),
        None => format!("http://{}", door.addr),
    }
}

/// Whether a `Host` is what a browser calls the machine that it runs on.
fn is_this_machine(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    name.eq_ignore_ascii_case("localhost") || name == "[::1]" || name.starts_with("127.")
}

/// The `Host` header, if it looks like one: it goes into links and printed cards.
fn host(headers: &HeaderMap) -> Option<&str> {
    let host = headers.get(header::HOST)?.to_str().ok()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    (!host.is_empty() && host.len() <= 255 && host.chars().all(plain)).then_some(host)
}

/// Whether a request that changes something comes from a page of ours.
///
/// Browsers send `Origin` with every such request; very old ones only `Referer`. A program that sends
/// neither is let in only as the public: no browser can be made to look like that and carry a session.
fn is_ours(door: &Door, headers: &HeaderMap) -> bool {
    let ours = |origin: &str| {
        door.public_url.as_deref() == Some(origin)
            || origin.split_once("://").is_some_and(|(scheme, authority)| {
                matches!(scheme, "http" | "https") && Some(authority) == host(headers)
            })
    };
    let text = |name| {
        headers
            .get(name)
            .map(|value: &HeaderValue| value.to_str().unwrap_or(""))
    };
    if let Some(origin) = text(header::ORIGIN) {
        return ours(origin);
    }
    if let Some(site) = text(SEC_FETCH_SITE) {
        return matches!(site, "same-origin" | "none");
    }
    if let Some(referer) = text(header::REFERER) {
        let end = referer
            .find("://")
            .and_then(|at| referer[at + 3..].find('/').map(|path| at + 3 + path));
        return ours(&referer[..end.unwrap_or(referer.len())]);
    }
    !session::has_session(headers)
}

/// The check of [`is_ours`] for a request, as an error.
pub(super) fn check_origin(door: &Door, headers: &HeaderMap) -> Result<(), AppError> {
    if is_ours(door, headers) {
        Ok(())
    } else {
        Err(AppError::Forbidden)
    }
}

fn changes_something(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// For pages and server functions: origin, size, time, and the headers of the answer.
pub(super) async fn guard(State(door): State<Door>, request: Request, next: Next) -> Response {
    if changes_something(request.method()) && !is_ours(&door, request.headers()) {
        tracing::warn!(path = request.uri().path(), "refused: from another origin");
        return secured(Failure(AppError::Forbidden).into_response());
    }
    let path = request.uri().path();
    let is_upload = UPLOAD_PREFIXES.iter().any(|prefix| path.starts_with(prefix));
    let (most, within) = if is_upload {
        (UPLOAD, UPLOAD_WITHIN)
    } else {
        (BODY, ANSWER_WITHIN)
    };
    if announced(request.headers()).is_some_and(|length| length > most as u64) {
        return secured(too_large(request).await);
    }
    let request = request.map(|body| Body::new(Limited::new(body, most)));
    let is_function = request.uri().path().starts_with(FUNCTIONS);
    let response = match tokio::time::timeout(within, next.run(request)).await {
        Ok(response) if is_function => with_own_status(response).await,
        Ok(response) => response,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    };
    secured(response)
}

/// A page that could not be answered asks again by itself, without a script: nobody climbs up to a projector.
/// Each after another while, so that a hall that was turned away does not come back in step. Files do not: whoever
/// wants one asks for it.
pub(super) async fn asked_again(request: Request, next: Next) -> Response {
    let is_page = request.method() == Method::GET && !request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    if is_page && response.status().is_server_error() {
        let seconds: u16 = rand::rng().random_range(4..=8);
        response
            .headers_mut()
            .insert(header::REFRESH, HeaderValue::from(seconds));
    }
    response
}

/// A server function whose arguments could not be read answers with the right error, but always with 500.
async fn with_own_status(response: Response) -> Response {
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(body) = axum::body::to_bytes(body, BODY).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let told: Option<AppError> = serde_json::from_slice(&body).ok();
    if let Some(status) = told.and_then(|error| StatusCode::from_u16(error.status()).ok()) {
        parts.status = status;
    }
    Response::from_parts(parts, Body::from(body))
}

fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Says that it is too much, to a form by way of its own page. The body is read and dropped first: a
/// browser that is still sending would show a broken connection instead of the answer.
async fn too_large(request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let drain = async {
        let mut body = body.into_data_stream();
        let mut seen = 0;
        while let Some(Ok(bytes)) = body.next().await {
            seen += bytes.len();
            if seen > DRAIN {
                break;
            }
        }
    };
    // Whoever is too slow is answered all the same.
    let _ = tokio::time::timeout(ANSWER_WITHIN, drain).await;
    let text = |name| {
        parts
            .headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    let is_form = text(header::ACCEPT).is_some_and(|accept| accept.contains("text/html"));
    let back = text(header::REFERER).filter(|_| is_form).and_then(|page| {
        ServerFnUrlError::new(parts.uri.path(), AppError::TooLarge)
            .to_url(page)
            .ok()
    });
    match back.and_then(|page| HeaderValue::try_from(String::from(page)).ok()) {
        Some(page) => (StatusCode::SEE_OTHER, [(header::LOCATION, page)]).into_response(),
        None => Failure(AppError::TooLarge).into_response(),
    }
}

/// Adds what every answer carries, unless it says otherwise itself.
pub(super) fn secured(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.entry(name).or_insert(value);
    }
    response
}

/// The pages have a policy of their own, with a nonce.
const ALWAYS: [(HeaderName, HeaderValue); 7] = [
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
    ),
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(
            "camera=(), geolocation=(), microphone=(), payment=(), usb=(), screen-wake-lock=(self)",
        ),
    ),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_laptop_is_known_by_the_names_it_has_for_itself() {
        for own in [
            "localhost",
            "LOCALHOST:3000",
            "127.0.0.1:3000",
            "[::1]:3000",
            "[::1]",
        ] {
            assert!(is_this_machine(own), "{own}");
        }
        for other in ["192.168.1.5:3000", "hoithi.vn", "localhost.vn"] {
            assert!(!is_this_machine(other), "{other}");
        }
    }
}
