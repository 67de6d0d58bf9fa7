//! What the public opens on a phone: light, without scripts of ours to wait for, one's own team marked.

use anyhow::{Context, Result};
use harness::{Engine, Hall};

#[tokio::test]
async fn the_publics_page_is_light_and_remembers_ones_team() -> Result<()> {
    let hall = Hall::with_open_exam(Engine::Sqlite).await?;
    let phone = hall.passer_by()?;
    let board = format!("/bang/{}", hall.contest);
    let page = phone.page(&board).await?;
    assert!(page.contains("phone-row"), "{page}");
    assert!(
        !page.contains(".wasm") && !page.contains("leptos-island"),
        "no client is loaded"
    );
    assert!(!page.contains("rel=\"preload\""), "no font is fetched ahead");
    assert!(page.len() < 20_000, "{} bytes before compression", page.len());
    assert!(!page.contains("phone-own"));

    // It names what it shows as the stream does, so that a phone knows when it is behind, whichever node gave it.
    let told = hall.board_stream().await?.next().await?.context("a view")?;
    let hash = told.data["hash"].as_str().context("its name")?;
    assert!(page.contains(&format!("data-hash=\"{hash}\"")), "{hash}: {page}");

    // Chosen once, by the address; remembered after that, until it is given up.
    assert!(phone.page(&format!("{board}?doi=1")).await?.contains("phone-own"));
    assert!(phone.page(&board).await?.contains("phone-own"));
    assert!(!phone.page(&format!("{board}?doi=")).await?.contains("phone-own"));
    assert!(!phone.page(&board).await?.contains("phone-own"));
    // What names no team of the contest marks nothing.
    assert!(
        !phone
            .page(&format!("{board}?doi=999"))
            .await?
            .contains("phone-own")
    );

    // The wall's leaderboard stays at the address of its own.
    assert!(
        phone
            .page(&format!("{board}?cong-khai=1"))
            .await?
            .contains("leptos-island")
    );
    Ok(())
}

#[tokio::test]
async fn paper_and_page_say_why_the_standings_are_not_final() -> Result<()> {
    let hall = Hall::with_open_exam(Engine::Sqlite).await?;
    let sheet = format!("/hoi-thi/{}/bang-tong-hop", hall.contest);
    let refused = hall.organizer.page(&sheet).await?;
    assert!(
        refused.contains("class=\"reasons\"") && !refused.contains("paper-table"),
        "{refused}"
    );
    let draft = hall.organizer.page(&format!("{sheet}?nhap=1")).await?;
    assert!(
        draft.contains("paper-table") && draft.contains("paper-draft"),
        "a draft says so across the paper"
    );

    hall.organizer
        .act("freeze", &[("contest", &*hall.contest)])
        .await?;
    let frozen = hall.organizer.page(&sheet).await?;
    assert!(frozen.contains("frozen-note"), "every page of the staff says it");
    // Thawing is deliberate: it takes a reason.
    let thaw = [("contest", &*hall.contest)];
    assert!(hall.organizer.act("unfreeze", &thaw).await.is_err());
    let thaw = [("contest", &*hall.contest), ("reason", "Đóng băng nhầm")];
    hall.organizer.act("unfreeze", &thaw).await?;
    assert!(!hall.organizer.page(&sheet).await?.contains("frozen-note"));
    Ok(())
}
