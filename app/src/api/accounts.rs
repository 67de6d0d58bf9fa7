//! Organizers' accounts.

use leptos::prelude::*;

use super::act;
use crate::backend::{house, visit};
use crate::error::AppError;

/// Adds an organizer's account.
#[server(prefix = "/api/fn", endpoint = "add_account")]
pub async fn add_account(name: String, password: String) -> Result<(), AppError> {
    act(async move {
        house().add_account(&visit(), &name, &password).await?;
        Ok("/tai-khoan?xong=them".to_owned())
    })
    .await
}

/// Changes the visitor's own password.
#[server(prefix = "/api/fn", endpoint = "change_password")]
pub async fn change_password(old: String, new: String) -> Result<(), AppError> {
    act(async move {
        house().change_password(&visit(), &old, &new).await?;
        Ok("/tai-khoan?xong=doi".to_owned())
    })
    .await
}
