//! Files of teams and questions.

use leptos::prelude::*;
use leptos::server_fn::codec::{MultipartData, MultipartFormData};

use super::{act, contest_id, contests::bad};
use crate::backend::{Upload, UploadKind, house, visit};
use crate::error::AppError;
use crate::layout::paths;

/// No file is read beyond this; the house has a bound of its own below it and words for it.
const MOST_BYTES: usize = 16 << 20;

/// Reads a file and goes on to its preview. Fields, in this order: `contest`, `kind`, `file`.
#[server(prefix = "/api/fn", endpoint = "upload_file", input = MultipartFormData)]
pub async fn upload_file(data: MultipartData) -> Result<(), AppError> {
    act(async move {
        let (contest, upload) = received(data).await?;
        let id = contest_id(&contest)?;
        let upload = house().upload(&visit(), &id, upload).await?;
        Ok(paths::import(&id, &upload))
    })
    .await
}

/// Writes what a file holds, all or nothing.
#[server(prefix = "/api/fn", endpoint = "apply_import")]
pub async fn apply_import(contest: String, upload: String, kind: UploadKind) -> Result<(), AppError> {
    act(async move {
        let id = contest_id(&contest)?;
        let applied = house().apply(&visit(), &id, &upload).await?;
        let page = match kind {
            UploadKind::Teams => paths::teams(&id),
            UploadKind::Questions => paths::questions(&id),
        };
        Ok(format!("{page}?them={}&giu={}", applied.added, applied.unchanged))
    })
    .await
}

async fn received(data: MultipartData) -> Result<(String, Upload), AppError> {
    let unread = |_| AppError::BadRequest {
        detail: "multipart".into(),
    };
    let mut parts = data.into_inner().ok_or(AppError::Internal)?;
    let (mut contest, mut kind) = (None, None);
    while let Some(mut part) = parts.next_field().await.map_err(unread)? {
        let field = part.name().unwrap_or_default().to_owned();
        let name = part.file_name().unwrap_or_default().to_owned();
        let (mut bytes, mut size) = (Vec::new(), 0);
        while let Some(chunk) = part.chunk().await.map_err(unread)? {
            // Read to its end all the same: a browser that still sends does not hear why it is refused.
            size += chunk.len();
            if size <= MOST_BYTES {
                bytes.extend_from_slice(&chunk);
            }
        }
        if size > MOST_BYTES {
            return Err(AppError::TooLarge);
        }
        match field.as_str() {
            "contest" => contest = String::from_utf8(bytes).ok(),
            "kind" => {
                kind = match bytes.as_slice() {
                    b"teams" => Some(UploadKind::Teams),
                    b"questions" => Some(UploadKind::Questions),
                    _ => None,
                }
            }
            "file" => {
                let contest = contest.ok_or_else(|| bad("contest"))?;
                let kind = kind.ok_or_else(|| bad("kind"))?;
                return Ok((contest, Upload { kind, name, bytes }));
            }
            _ => {}
        }
    }
    Err(bad("file"))
}
