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
    const OWN: &str = "phone-row own";
    assert!(!page.contains(OWN));

    // Chosen once, by the address; remembered after that, until it is given up.
    assert!(phone.page(&format!("{board}?doi=1")).await?.contains(OWN));
    assert!(phone.page(&board).await?.contains(OWN));
    assert!(!phone.page(&format!("{board}?doi=")).await?.contains(OWN));
    assert!(!phone.page(&board).await?.contains(OWN));
    // What names no team of the contest marks nothing.
    assert!(!phone.page(&format!("{board}?doi=999")).await?.contains(OWN));

    // The wall's leaderboard stays at the address of its own.
    assert!(
        phone
            .page(&format!("{board}?cong-khai=1"))
            .await?
            .contains("leptos-island")
    );
    Ok(())
}

/// Drawn once for all of them, in both languages, and sent only when what they show has changed.
#[tokio::test]
async fn phones_are_sent_what_they_draw() -> Result<()> {
    let hall = Hall::with_open_exam(Engine::Sqlite).await?;
    let phone = hall.passer_by()?;
    let page = phone.page(&format!("/bang/{}", hall.contest)).await?;
    let events = format!("/api/contests/{}/phones/events", hall.contest);
    let mut stream = phone.stream(&events).await?;
    let first = stream.next().await?.context("the rows")?;
    let (rows, hash) = (&first.data["view"], &first.data["hash"]);
    let rows = rows.as_str().context("rows that are drawn")?;
    assert!(
        page.contains(rows),
        "the page holds what the stream sends: {rows}"
    );
    // It names what it shows as the stream does, so that a phone knows when it is behind, whichever node gave it.
    let hash = hash.as_str().context("a name")?;
    assert!(page.contains(&format!("data-hash=\"{hash}\"")), "{hash}: {page}");
    let english = phone.stream(&format!("{events}?lang=en")).await?.view().await?;
    assert_ne!(english, first.data["view"], "each in the language of its page");

    // Papers that come in move the walls' bars and no phone; the close moves both.
    let mut wall = hall.board_stream().await?;
    wall.view().await?;
    for mut tablet in hall.contestants().await? {
        hall.answers_paper(&mut tablet, 20, 10).await?;
        tablet.hands_in().await?;
    }
    wall.view_where(|board| {
        let running = &board["rounds"][0]["running"];
        running["handed_in"] == running["contestants"]
    })
    .await?;
    hall.closes("").await?;
    let closed = stream.view().await?;
    let closed = closed.as_str().context("rows that are drawn")?;
    let now = phone.page(&format!("/bang/{}", hall.contest)).await?;
    assert!(now.contains(closed), "nothing came between: {closed}");
    Ok(())
}

/// What is published behind a freeze is, to the public, still to come.
#[tokio::test]
async fn a_frozen_board_is_never_called_final() -> Result<()> {
    let mut hall = Hall::empty(Engine::Sqlite).await?;
    hall.teams = harness::files::teams(3, 1);
    hall.creates("Hội thi Dân vận khéo").await?;
    hall.has_only_the_exam_with(&[]).await?;
    hall.imports_teams().await?;
    hall.imports_questions().await?;
    hall.prepares().await?;
    hall.opens().await?;
    hall.all_hand_in([20, 25, 28]).await?;
    hall.hall_act("freeze", &[]).await?;
    hall.finishes_the_exam().await?;
    const FINAL: &str = "Kết quả chung cuộc";
    const FROZEN: &str = "Bảng điểm giữ nguyên từ";
    let board = hall.board().await?;
    assert_eq!(board["phase"], "running", "{board}");
    assert_eq!(board["rounds"][0]["phase"], "marked", "{board}");
    let public = hall.passer_by()?;
    let wall = format!("/bang/{}?cong-khai=1", hall.contest);
    let page = public.page(&wall).await?;
    assert!(page.contains(FROZEN) && !page.contains(FINAL), "{page}");
    let inside = hall.organizer.page(&format!("/bang/{}", hall.contest)).await?;
    assert!(
        inside.contains(FINAL) && inside.contains("Công chúng đang thấy bảng điểm lúc"),
        "{inside}"
    );
    hall.hall_act("unfreeze", &[("reason", "Đã công bố xong")])
        .await?;
    assert!(public.page(&wall).await?.contains(FINAL));
    assert_eq!(hall.board().await?["phase"], "finished");
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
