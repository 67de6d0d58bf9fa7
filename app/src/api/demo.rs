//! The rehearsal of a demo.

use leptos::prelude::*;

use super::act;
use crate::backend::{house, visit};
use crate::error::AppError;

/// The page of the demo, once a rehearsal has begun.
pub const PLAYING: &str = "/demo?dang-dien=1";

/// Lets simulated contestants take the exam.
#[server(prefix = "/api/fn", endpoint = "demo_play")]
pub async fn demo_play(speed: u32) -> Result<(), AppError> {
    act(async move {
        house().demo_play(&visit(), speed).await?;
        Ok(PLAYING.to_owned())
    })
    .await
}
