//! Leaving, and the language of the pages.

use http::{HeaderValue, header};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

use super::{act, came_from};
use crate::backend::{house, visit};
use crate::error::AppError;
use crate::words::{LOCALE_COOKIE, Locale};

/// The cookie that holds a session's token.
pub const SESSION_COOKIE: &str = "hoithi";

/// The cookie that holds the token of the screen that a browser is. It counts at the screen's addresses
/// alone: the same browser may be signed in as somebody else at all others.
pub const SCREEN_COOKIE: &str = "man-hinh";

/// Ends the session of this browser.
#[server(prefix = "/api/fn", endpoint = "sign_out")]
pub async fn sign_out() -> Result<(), AppError> {
    act(async {
        house().sign_out(&visit()).await?;
        set_cookie(SESSION_COOKIE, "", 0);
        Ok("/".to_owned())
    })
    .await
}

/// Remembers the language for this browser; an unknown one changes nothing.
#[server(prefix = "/api/fn", endpoint = "set_language")]
pub async fn set_language(language: String) -> Result<(), AppError> {
    act(async move {
        if let Ok(locale) = language.parse::<Locale>() {
            set_cookie(LOCALE_COOKIE, locale.as_ref(), 2 * 365 * 24 * 3600);
        }
        Ok(came_from("/"))
    })
    .await
}

/// Sets a cookie for `seconds` on the response; 0 removes it.
pub fn set_cookie(name: &str, value: &str, seconds: u32) {
    let text = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax");
    if let (Some(response), Ok(header)) = (use_context::<ResponseOptions>(), HeaderValue::try_from(text)) {
        response.append_header(header::SET_COOKIE, header);
    }
}
