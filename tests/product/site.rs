//! Pages, and the files behind them.

use anyhow::{Context, Result};
use harness::{Engine, Hall};
use regex::Regex;

#[tokio::test]
async fn the_front_page_speaks_the_chosen_language() -> Result<()> {
    let hall = Hall::empty(Engine::Sqlite).await?;
    let browser = reqwest::Client::new();

    let answer = browser.get(hall.url("/")).send().await?;
    assert_eq!(answer.status(), 200);
    assert!(answer.text().await?.contains(r#"<html lang="vi""#));

    let english = browser
        .get(hall.url("/"))
        .header("Cookie", "ngon-ngu=en")
        .send()
        .await?;
    assert!(english.text().await?.contains(r#"<html lang="en""#));
    Ok(())
}

#[tokio::test]
async fn scripts_need_the_nonce_of_their_own_page() -> Result<()> {
    let hall = Hall::empty(Engine::Sqlite).await?;
    let answer = reqwest::get(hall.url("/")).await?;
    let policy = answer.headers()["content-security-policy"].to_str()?.to_owned();
    let page = answer.text().await?;
    let nonce = Regex::new("'nonce-([^']+)'")?
        .captures(&policy)
        .context("a nonce")?[1]
        .to_owned();
    for script in Regex::new("<script[^>]*>")?.find_iter(&page) {
        assert!(script.as_str().contains(&nonce), "{}", script.as_str());
    }
    Ok(())
}

#[tokio::test]
async fn an_unknown_address_is_a_404_page() -> Result<()> {
    let hall = Hall::empty(Engine::Sqlite).await?;
    for path in ["/khong-co", "/assets/khong-co.js", "/assets/manifest.json"] {
        assert_eq!(reqwest::get(hall.url(path)).await?.status(), 404, "{path}");
    }
    Ok(())
}

#[tokio::test]
async fn built_files_are_compressed_typed_and_kept_for_ever() -> Result<()> {
    let hall = Hall::empty(Engine::Sqlite).await?;
    let page = reqwest::get(hall.url("/")).await?.text().await?;
    let links = Regex::new(r#"href="?(/assets/[^"\s>]+)"#)?;
    let files: Vec<String> = links
        .captures_iter(&page)
        .map(|found| found[1].to_owned())
        .collect();
    for (extension, kind) in [
        ("css", "text/css; charset=utf-8"),
        ("wasm", "application/wasm"),
        ("js", "text/javascript; charset=utf-8"),
    ] {
        let file = files.iter().find(|file| file.ends_with(&format!(".{extension}")));
        let file = file.with_context(|| format!("a .{extension} file; is the site built?"))?;
        for encoding in ["br", "gzip"] {
            let answer = reqwest::Client::new()
                .get(hall.url(file))
                .header("Accept-Encoding", encoding)
                .send()
                .await?;
            assert_eq!(answer.status(), 200, "{file}");
            assert_eq!(answer.headers()["content-type"], kind);
            assert_eq!(answer.headers()["content-encoding"], encoding);
            assert!(answer.headers()["cache-control"].to_str()?.contains("immutable"));
        }
    }
    Ok(())
}
