//! Whether the house can do its work: for whoever watches over it.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::{Door, answer};

/// A database that needs longer for nothing at all is not well.
const DATABASE_WITHIN: Duration = Duration::from_secs(2);

/// `GET /healthz`: 200 when the database answers, else 503.
pub(super) async fn healthz(State(door): State<Door>) -> Response {
    let asked = sqlx::query_scalar::<_, i64>("SELECT 1").fetch_one(door.house.store.read());
    let well = matches!(tokio::time::timeout(DATABASE_WITHIN, asked).await, Ok(Ok(_)));
    let status = if well {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let body = json!({
        "status": if well { "ok" } else { "database" },
        "version": env!("CARGO_PKG_VERSION"),
        "now": door.house.now(),
    });
    (status, answer::json(&body)).into_response()
}
