//! The built client, style and fonts: one file with the program in a release, from disk in a debug build.
//!
//! Names carry a content hash, so a browser may keep them for ever. `manifest.json` maps logical names
//! (`client`, `tablet`, `app.css`) to hashed ones. xtask wrote `.br` and `.gz` beside what compresses well; browsers
//! offer brotli only over HTTPS and to localhost, so the hall's tablets take gzip.

use std::collections::BTreeMap;

use app::SiteFiles;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

/// The first part of the address of every built file.
pub(crate) const DIR: &str = "assets";

const MANIFEST: &str = "manifest.json";

/// `allow_missing`: `cargo check` works before anything was built.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../target/site"]
#[allow_missing = true]
struct Built;

/// Which hashed files belong to this build.
#[derive(Debug, Default)]
pub(crate) struct Assets {
    names: BTreeMap<String, String>,
}

impl Assets {
    /// Reads the manifest. Without one the pages still work, as plain HTML without style.
    pub(crate) fn load() -> Self {
        let names = Built::get(MANIFEST).and_then(|file| serde_json::from_slice(&file.data).ok());
        if names.is_none() {
            tracing::warn!("the site is not built: run `cargo xtask build`");
        }
        Self {
            names: names.unwrap_or_default(),
        }
    }

    /// The output name leptos makes `….js` and `…_bg.wasm` from.
    pub(crate) fn client(&self) -> String {
        self.names
            .get("client")
            .cloned()
            .unwrap_or_else(|| "client".to_owned())
    }

    /// What the document refers to.
    pub(crate) fn site_files(&self) -> SiteFiles {
        let url = |name: &String| format!("/{DIR}/{name}");
        let preload = [
            "be-vietnam-pro-vietnamese-400-normal.woff2",
            "be-vietnam-pro-latin-400-normal.woff2",
        ];
        SiteFiles {
            // A site built for development has one client for all.
            tablet: self
                .names
                .get("tablet")
                .cloned()
                .unwrap_or_else(|| self.client())
                .into(),
            stylesheet: self.names.get("app.css").map(url).unwrap_or_default().into(),
            preload_fonts: preload
                .iter()
                .filter_map(|font| self.names.get(*font))
                .map(url)
                .collect(),
        }
    }
}

/// `GET /assets/{name}`.
pub(crate) async fn serve(Path(name): Path<String>, request: HeaderMap) -> Response {
    let Some(content_type) = content_type(&name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let encodings = [("br", "br"), ("gzip", "gz")];
    let found = encodings
        .into_iter()
        .filter(|(encoding, _)| accepts(&request, encoding))
        .find_map(|(encoding, suffix)| Some((Built::get(&format!("{name}.{suffix}"))?, Some(encoding))))
        .or_else(|| Some((Built::get(&name)?, None)));
    let Some((file, encoding)) = found else {
        return StatusCode::NOT_FOUND.into_response();
    };

    let mut response = Response::new(Body::from(file.data));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=31536000, immutable"),
    );
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// Only what xtask makes is served; the manifest and the `.br` siblings have no address of their own.
fn content_type(name: &str) -> Option<&'static str> {
    let (_, extension) = name.rsplit_once('.')?;
    Some(match extension {
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "woff2" => "font/woff2",
        "svg" => "image/svg+xml",
        "ico" => "image/x-icon",
        _ => return None,
    })
}

/// Whether `Accept-Encoding` offers this coding with a weight above zero.
fn accepts(request: &HeaderMap, coding: &str) -> bool {
    request
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|offer| {
            let (name, weight) = offer.split_once(';').unwrap_or((offer, ""));
            let refused = weight
                .trim()
                .strip_prefix("q=")
                .is_some_and(|q| q.trim().parse() == Ok(0.0_f32));
            name.trim().eq_ignore_ascii_case(coding) && !refused
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_taken_as_offered() {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::ACCEPT_ENCODING,
            HeaderValue::from_static("gzip, br;q=0, deflate;q=0.5"),
        );
        assert!(accepts(&headers, "gzip"));
        assert!(accepts(&headers, "deflate"));
        assert!(!accepts(&headers, "br"));
    }

    #[test]
    fn only_built_kinds_have_an_address() {
        assert_eq!(content_type("client-0_bg.wasm"), Some("application/wasm"));
        assert_eq!(content_type("manifest.json"), None);
        assert_eq!(content_type("client-0_bg.wasm.br"), None);
    }
}
