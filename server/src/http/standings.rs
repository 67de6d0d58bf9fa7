//! The standings as a workbook.

use app::error::AppError;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::answer::{Failure, json as in_json};
use super::session::Visitor;
use super::{Door, contest_id};
use crate::export::Standings;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// `?draft=1`: also what is not final, marked as a draft.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    draft: Option<String>,
}

/// `GET /api/contests/{id}/standings.xlsx`: for the staff. While they are not final, 409 with every reason.
pub(super) async fn xlsx(
    State(door): State<Door>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    Visitor(visit): Visitor,
) -> Result<Response, Failure> {
    let id = contest_id(&id)?;
    let contest = door.house.staff(&visit, &id).await?;
    let table = match Standings::of(&contest, visit.locale, asked.draft.is_some()) {
        Ok(table) => table,
        Err(why) => {
            let mut response = in_json(&json!({ "error": "not_final", "not_final": why }));
            *response.status_mut() = StatusCode::CONFLICT;
            return Ok(response);
        }
    };
    let bytes = table.xlsx().map_err(|error| {
        tracing::error!(%error, "the standings have no workbook");
        AppError::Internal
    })?;
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(XLSX));
    let name = match table.suffix() {
        "" => format!("bang-tong-hop-{id}.xlsx"),
        draft => format!("{draft}-bang-tong-hop-{id}.xlsx"),
    };
    if let Ok(saved_as) = HeaderValue::try_from(attachment(&name)) {
        headers.insert(header::CONTENT_DISPOSITION, saved_as);
    }
    Ok(response)
}

/// The header under which a browser saves an answer as `name`, whatever letters it has.
fn attachment(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    let encoded: String = name
        .bytes()
        .map(|byte| {
            if plain(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect();
    format!("attachment; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_have_any_letters() {
        assert_eq!(
            attachment("NHÁP-a.xlsx"),
            "attachment; filename*=UTF-8''NH%C3%81P-a.xlsx"
        );
    }
}
