//! The public's page on a phone: drawn by the house, put in place by a few lines of script.

use anyhow::{Result, ensure};
use harness::{Engine, Hall, until};

use crate::driver::Driver;
use crate::window::Window;
use crate::wire::Wire;

const PHONE: (u32, u32) = (360, 740);

/// Fourteen teams write; nobody has handed in.
async fn writing() -> Result<Hall> {
    let mut hall = Hall::empty(Engine::Sqlite).await?;
    hall.teams = harness::files::teams(14, 1);
    hall.creates("Hội thi “Dân vận khéo các cơ quan nhà nước, chính quyền các cấp” năm 2026")
        .await?;
    hall.has_only_the_exam_with(&[]).await?;
    hall.imports_teams().await?;
    hall.imports_questions().await?;
    hall.prepares().await?;
    hall.opens().await?;
    Ok(hall)
}

/// Whether one's own team is in sight, whole.
async fn sees_own(window: &Window) -> Result<bool> {
    let seen = window
        .runs(
            "const box = document.querySelector('.phone-row.own')?.getBoundingClientRect();
             return !!box && box.top >= 0 && box.bottom <= innerHeight;",
        )
        .await?;
    Ok(seen == true)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_phone_follows_and_keeps_its_team_in_sight() -> Result<()> {
    let driver = Driver::start().await?;
    let hall = writing().await?;
    let wire = Wire::to(hall.base()).await?;
    let phone = driver.window_at(wire.base()).await?;
    phone.is_sized(PHONE.0, PHONE.1).await?;
    phone.goes_to(&format!("/bang/{}?doi=1", hall.contest)).await?;
    phone.sees(".phone[data-live] .phone-row.own").await?;
    phone
        .runs("window.sameDocument = true; performance.clearMarks(); return null")
        .await?;
    // Each team has a right answer more than the one before.
    hall.all_hand_in(10..24).await?;
    hall.finishes_the_exam().await?;
    phone
        .reads(".phone-row:first-child .phone-total", |text| text == "23")
        .await?;
    // Marked as before.
    phone.sees(".phone-row.own[data-team='1']").await?;
    ensure!(
        phone.runs("return window.sameDocument").await? == true,
        "nothing is loaded anew"
    );
    until("it says when it has drawn", async || {
        let marks = phone
            .runs("return performance.getEntriesByType('mark').filter((mark) => mark.name.startsWith('drawn ')).length")
            .await?;
        Ok((marks == 1).then_some(()))
    })
    .await?;

    // It is the last of fourteen; wherever the page is scrolled to, it is there.
    let long = phone
        .runs("return document.documentElement.scrollHeight > 1.2 * innerHeight")
        .await?;
    ensure!(long == true, "the list is longer than the phone");
    for place in ["0", "300", "document.documentElement.scrollHeight"] {
        phone.runs(&format!("scrollTo(0, {place})")).await?;
        ensure!(sees_own(&phone).await?, "scrolled to {place}");
    }
    phone.runs("scrollTo(0, 0)").await?;
    phone.is_drawn("phone-own-360x740").await?;

    // Cut off, it says so; the news of meanwhile is there with the network.
    wire.is_cut(true);
    phone.sees("#mat:not([hidden])").await?;
    hall.hall_act("freeze", &[]).await?;
    wire.is_cut(false);
    phone.sees("#bang .note.warning").await?;
    ensure!(
        phone.count("#mat:not([hidden])").await? == 0,
        "it has heard the house again"
    );
    ensure!(sees_own(&phone).await?, "still marked");
    phone.closes().await
}
