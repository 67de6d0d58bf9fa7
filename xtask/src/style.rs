//! The stylesheet: `style/app.css` and what it imports, in one minified file.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fs;
use std::path::Path;

use anyhow::{Result, anyhow};
use lightningcss::bundler::{Bundler, FileProvider};
use lightningcss::stylesheet::{MinifyOptions, ParserOptions, PrinterOptions};
use lightningcss::targets::{Browsers, Targets};
use lightningcss::values::url::Url;
use lightningcss::visit_types;
use lightningcss::visitor::{Visit, VisitTypes, Visitor};

/// The oldest browsers the tablets may have.
const BROWSERS: Browsers = Browsers {
    android: Some(100 << 16),
    chrome: Some(100 << 16),
    edge: Some(100 << 16),
    firefox: Some(100 << 16),
    ios_saf: Some(15 << 16 | 4 << 8),
    safari: Some(15 << 16 | 4 << 8),
    ie: None,
    opera: None,
    samsung: None,
};

/// Every file under `dir` by its path in it, with `/` between folders.
pub fn sources(dir: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut open = vec![dir.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(dir)?.to_string_lossy().replace('\\', "/");
                found.insert(name, fs::read(&path)?);
            }
        }
    }
    Ok(found)
}

/// Whether a file of `style/` is served under a name of its own.
pub fn is_asset(path: &str) -> bool {
    [".woff2", ".svg", ".ico"]
        .iter()
        .any(|extension| path.ends_with(extension))
}

/// Bundles and minifies `entry`; every `url()` to a local file becomes its hashed name.
pub fn bundle(entry: &Path, names: &BTreeMap<String, String>) -> Result<String> {
    let files = FileProvider::new();
    let mut bundler = Bundler::new(&files, None, ParserOptions::default());
    let mut sheet = bundler.bundle(entry).map_err(|error| anyhow!("{error}"))?;
    let mut urls = HashedUrls {
        names,
        unknown: Vec::new(),
    };
    let Ok(()) = sheet.visit(&mut urls);
    if !urls.unknown.is_empty() {
        return Err(anyhow!(
            "the style names files that do not exist: {}",
            urls.unknown.join(", ")
        ));
    }
    let targets = Targets::from(BROWSERS);
    sheet
        .minify(MinifyOptions {
            targets,
            ..MinifyOptions::default()
        })
        .map_err(|error| anyhow!("{error}"))?;
    let css = sheet
        .to_css(PrinterOptions {
            minify: true,
            targets,
            ..PrinterOptions::default()
        })
        .map_err(|error| anyhow!("{error}"))?;
    Ok(css.code)
}

/// Rewrites `url(fonts/x.woff2)` to `url(x-<hash>.woff2)`: stylesheet and font lie side by side.
struct HashedUrls<'a> {
    names: &'a BTreeMap<String, String>,
    unknown: Vec<String>,
}

impl<'i> Visitor<'i> for HashedUrls<'_> {
    type Error = Infallible;

    fn visit_types(&self) -> VisitTypes {
        visit_types!(URLS)
    }

    fn visit_url(&mut self, url: &mut Url<'i>) -> Result<(), Self::Error> {
        if url.url.starts_with("data:") || url.url.starts_with('#') {
            return Ok(());
        }
        let file = url.url.rsplit('/').next().unwrap_or_default();
        match self.names.get(file) {
            Some(name) => url.url = name.clone().into(),
            None => self.unknown.push(url.url.to_string()),
        }
        Ok(())
    }
}
