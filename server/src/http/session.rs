//! Who asks: the cookies of a request become a [`Visit`].

use std::sync::Arc;

use app::backend::Visit;
use app::words::{Locale, locale_from_cookies};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use contest::Actor;
use contest::ident::hex;
use rand::RngExt;

use super::{Door, device_label::device_label, guard};
use crate::desk::session::Session;
use crate::desk::token::hashed;

/// Holds the token of a session.
pub(super) const SESSION_COOKIE: &str = "hoithi";
/// Holds that of a screen. A cookie of its own, so that the laptop of an organizer can feed the beamer too.
const SCREEN_COOKIE: &str = app::api::session::SCREEN_COOKIE;
/// Names a browser, so that a person can be bound to one.
const DEVICE_COOKIE: &str = "thiet-bi";
const DEVICE_SECONDS: u32 = 2 * 365 * 24 * 3600;
/// A token is 32 hexadecimal digits or base64 of 32 bytes; whatever is longer is not ours.
const LONGEST_TOKEN: usize = 128;

/// The cookies of a request that concern us.
struct Cookies<'a> {
    session: Option<&'a str>,
    screen: Option<&'a str>,
    device: Option<&'a str>,
    locale: Locale,
}

impl<'a> Cookies<'a> {
    fn of(headers: &'a HeaderMap) -> Self {
        let lines = headers.get_all(header::COOKIE).iter();
        let mut cookies = Self {
            session: None,
            screen: None,
            device: None,
            locale: Locale::vi,
        };
        for line in lines.filter_map(|line| line.to_str().ok()) {
            for (name, value) in line.split(';').filter_map(|pair| pair.trim().split_once('=')) {
                let slot = match name {
                    SESSION_COOKIE => &mut cookies.session,
                    SCREEN_COOKIE => &mut cookies.screen,
                    DEVICE_COOKIE => &mut cookies.device,
                    _ => continue,
                };
                if !value.is_empty() && value.len() <= LONGEST_TOKEN {
                    *slot = Some(value);
                }
            }
            if line.contains(app::words::LOCALE_COOKIE) {
                cookies.locale = locale_from_cookies(line);
            }
        }
        cookies
    }
}

/// Whether a request carries a session at all; it need not be a living one.
pub(super) fn has_session(headers: &HeaderMap) -> bool {
    let cookies = Cookies::of(headers);
    cookies.session.or(cookies.screen).is_some()
}

/// Whether the browser has been given a name.
pub(super) fn has_device(headers: &HeaderMap) -> bool {
    Cookies::of(headers).device.is_some()
}

/// The cookie of a screen that a machine route lets in, as its page sets it.
pub(super) fn screen_cookie(token: &str, secure: bool) -> Option<HeaderValue> {
    let secure = if secure { "; Secure" } else { "" };
    let seconds = app::api::entry::DAYS_30;
    let cookie =
        format!("{SCREEN_COOKIE}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::try_from(cookie).ok()
}

/// A token's hash with its living session, if it comes from the device that it began on.
type Found = Option<(String, Arc<Session>)>;

async fn session_of(door: &Door, token: Option<&str>, device: &str) -> Found {
    let token = hashed(token?);
    let session = door.house.session(&token).await?;
    (session.device == device).then_some((token, session))
}

/// Whether what is asked for there concerns the browser as a screen, whoever else is signed in on it.
fn is_of_screens(path: &str) -> bool {
    matches!(path, "/man-hinh" | "/api/man-hinh") || path.starts_with("/api/man-hinh/")
}

/// The session of the screen that a browser is; one that came in by a printed code has it as everybody has.
async fn screen_of(door: &Door, cookies: &Cookies<'_>, device: &str) -> Found {
    if let Some(found) = session_of(door, cookies.screen, device).await {
        return Some(found);
    }
    let found = session_of(door, cookies.session, device).await;
    found.filter(|(_, session)| matches!(session.actor, Actor::Screen { .. }))
}

/// The visit of a request; the second is a device cookie to set, where the browser had none.
async fn visit_of(door: &Door, headers: &HeaderMap, path: &str) -> (Visit, Option<String>) {
    let cookies = Cookies::of(headers);
    let (device, new) = match cookies.device {
        Some(token) => (hashed(token), None),
        None => {
            let token = hex(&rand::rng().random::<[u8; 16]>());
            (hashed(&token), Some(token))
        }
    };
    let found = if is_of_screens(path) {
        screen_of(door, &cookies, &device).await
    } else {
        session_of(door, cookies.session, &device).await
    };
    let (token, session) = found.unzip();
    let visit = Visit {
        actor: session.as_ref().map_or(Actor::Public, |session| session.actor),
        contest: session.as_ref().and_then(|session| session.contest.clone()),
        name: session
            .as_ref()
            .map(|session| session.name.clone())
            .unwrap_or_default(),
        device,
        device_label: device_label(headers),
        session: token,
        locale: cookies.locale,
        origin: guard::own_origin(door, headers),
    };
    (visit, new)
}

/// For pages and server functions: leaves the [`Visit`] in the request, and a device cookie in the answer.
pub(super) async fn attach(State(door): State<Door>, mut request: Request, next: Next) -> Response {
    let (visit, new_device) = visit_of(&door, request.headers(), request.uri().path()).await;
    let secure = visit.origin.starts_with("https:");
    request.extensions_mut().insert(visit);
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if let Some(token) = new_device {
        let cookie =
            format!("{DEVICE_COOKIE}={token}; Path=/; Max-Age={DEVICE_SECONDS}; HttpOnly; SameSite=Lax");
        if let Ok(cookie) = HeaderValue::try_from(cookie) {
            headers.append(header::SET_COOKIE, cookie);
        }
    }
    if secure {
        over_https_only(headers);
    }
    response
}

/// Marks every cookie of an answer that goes out by https.
fn over_https_only(headers: &mut HeaderMap) {
    if let header::Entry::Occupied(mut cookies) = headers.entry(header::SET_COOKIE) {
        for cookie in cookies.iter_mut() {
            let marked = [cookie.as_bytes(), b"; Secure"].concat();
            if let Ok(marked) = HeaderValue::from_bytes(&marked) {
                *cookie = marked;
            }
        }
    }
}

/// The visit, for machine routes: they never set a cookie.
pub(super) struct Visitor(pub(super) Visit);

impl FromRequestParts<Door> for Visitor {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, door: &Door) -> Result<Self, Self::Rejection> {
        let (visit, _) = visit_of(door, &parts.headers, parts.uri.path()).await;
        Ok(Self(visit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=b; hoithi=abc; x"));
        headers.append(
            header::COOKIE,
            HeaderValue::from_static("ngon-ngu=en; thiet-bi=d"),
        );
        let cookies = Cookies::of(&headers);
        assert_eq!((cookies.session, cookies.device), (Some("abc"), Some("d")));
        assert_eq!(cookies.locale, Locale::en);
    }

    #[test]
    fn a_huge_or_empty_token_is_none() {
        let mut headers = HeaderMap::new();
        let huge = format!("hoithi={}; thiet-bi=", "x".repeat(LONGEST_TOKEN + 1));
        headers.append(header::COOKIE, HeaderValue::try_from(huge).unwrap());
        let cookies = Cookies::of(&headers);
        assert_eq!((cookies.session, cookies.device), (None, None));
    }

    #[test]
    fn cookies_over_https_are_marked() {
        let mut headers = HeaderMap::new();
        headers.append(header::SET_COOKIE, HeaderValue::from_static("a=1; Path=/"));
        headers.append(header::SET_COOKIE, HeaderValue::from_static("b=2"));
        over_https_only(&mut headers);
        let marked: Vec<_> = headers.get_all(header::SET_COOKIE).iter().collect();
        assert_eq!(marked, ["a=1; Path=/; Secure", "b=2; Secure"]);
    }
}
