//! Coming in: by a personal code, by an account, by the first link.

use leptos::prelude::*;

use super::{
    act,
    session::{SCREEN_COOKIE, SESSION_COOKIE, set_cookie},
};
use crate::backend::{NewSession, house, visit};
use crate::error::AppError;

/// How long the cookie stays; the house may end the session sooner.
pub const DAYS_30: u32 = 30 * 24 * 3600;

/// By the personal code of a card.
#[server(prefix = "/api/fn", endpoint = "enter")]
pub async fn enter(code: String) -> Result<(), AppError> {
    act(async move { Ok(begin(house().enter(&visit(), &code).await?)) }).await
}

/// By an organizer's account.
#[server(prefix = "/api/fn", endpoint = "sign_in")]
pub async fn sign_in(name: String, password: String) -> Result<(), AppError> {
    act(async move { Ok(begin(house().sign_in(&visit(), &name, &password).await?)) }).await
}

/// Makes the first organizer, by the link of the first start.
#[server(prefix = "/api/fn", endpoint = "claim_first")]
pub async fn claim_first(token: String, name: String, password: String) -> Result<(), AppError> {
    act(async move {
        Ok(begin(
            house().claim_first(&visit(), &token, &name, &password).await?,
        ))
    })
    .await
}

/// Gives the browser its session, and says where to go.
pub(crate) fn begin(session: NewSession) -> String {
    set_cookie(SESSION_COOKIE, &session.token, DAYS_30);
    session.home
}

/// Makes the browser the screen that was claimed; whoever else is signed in on it stays so.
pub(crate) fn begin_screen(session: &NewSession) {
    set_cookie(SCREEN_COOKIE, &session.token, DAYS_30);
}
