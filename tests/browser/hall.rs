//! The hall in real browsers: a screen is claimed, shows what the console says, the standings are frozen,
//! revealed by the host, and opened again.

use anyhow::{Context, Result};
use contest::actor::Role;
use harness::{Engine, Hall};

use crate::driver::Driver;
use crate::pages::looked;
use crate::story::signs_in;
use crate::window::Window;

const LAPTOP: (u32, u32) = (1366, 768);
const TABLETS: [(u32, u32); 2] = [(1280, 800), (800, 1280)];
const PHONE: (u32, u32) = (360, 740);
const WALL: (u32, u32) = (1920, 1080);
const MESSAGE: &str = "Mời quý đại biểu ổn định chỗ ngồi để chuẩn bị lễ công bố";

/// The page that is shown now, at that size.
async fn at(window: &Window, name: &str, size: (u32, u32), wrong: &mut Vec<String>) -> Result<()> {
    window.is_sized(size.0, size.1).await?;
    let path = window.path().await?;
    looked(window, &path, name, size, wrong).await
}

/// A key or a clicker, with nothing in the focus.
async fn keyed(window: &Window, key: &str) -> Result<()> {
    let press =
        format!("window.dispatchEvent(new KeyboardEvent('keydown', {{ key: '{key}', cancelable: true }}))");
    window.runs(&press).await.map(drop)
}

async fn ticks(window: &Window, css: &str) -> Result<()> {
    window.sees(css).await?;
    let press = format!("const box = document.querySelector(\"{css}\"); if (!box.checked) box.click()");
    window.runs(&press).await.map(drop)
}

/// The screen's letters, typed at the console.
async fn claims(console: &Window, screen: &Window) -> Result<()> {
    screen.goes_to("/man-hinh").await?;
    let door = screen.sees(".door[data-letters]").await?;
    let letters = door.attr("data-letters").await?.context("four letters")?;
    console.types("#bon-chu", &letters).await?;
    console.types("#ten-man-hinh", "Màn hình chính").await?;
    console
        .presses("form[action$=claim_screen] button[type=submit]")
        .await?;
    console.sees(".screen-card").await?;
    screen.sees(".screen-page[data-live]").await?;
    // It has said a word of itself.
    console.sees(".screen-card:not(.lost) .badge.open").await?;
    Ok(())
}

/// Whether a phone shows any total.
async fn knows_marks(phone: &Window) -> Result<bool> {
    let script =
        "return [...document.querySelectorAll('.phone-total')].some((cell) => cell.textContent.trim())";
    Ok(phone.runs(script).await?.as_bool().unwrap_or(true))
}

/// A contest of one exam: four papers handed in and marked, nothing published.
async fn marked() -> Result<Hall> {
    let mut hall = Hall::empty(Engine::Sqlite).await?;
    hall.teams = harness::files::teams(4, 1);
    hall.creates("Hội thi Dân vận khéo").await?;
    let template = [
        ("contest", &*hall.contest),
        ("template", "G2"),
        ("reason", "Theo thể lệ"),
    ];
    hall.organizer.act("choose_template", &template).await?;
    hall.imports_teams().await?;
    hall.imports_questions().await?;
    hall.prepares().await?;
    hall.opens().await?;
    hall.all_hand_in([12, 25, 18, 7]).await?;
    hall.closes("Tất cả đã nộp bài").await?;
    hall.marks().await?;
    Ok(hall)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_hall_sees_what_the_console_and_the_host_let_it_see() -> Result<()> {
    let driver = Driver::start().await?;
    let hall = marked().await?;
    let mut wrong = Vec::new();
    let (console, screen) = (driver.window(&hall).await?, driver.window(&hall).await?);
    screen.is_sized(WALL.0, WALL.1).await?;
    console.is_sized(LAPTOP.0, LAPTOP.1).await?;
    signs_in(&console).await?;
    let home = format!("/hoi-thi/{}", hall.contest);
    console.goes_to(&format!("{home}/man-hinh")).await?;
    console.sees(".hall-desk[data-live]").await?;
    at(&console, "hall-empty", LAPTOP, &mut wrong).await?;
    claims(&console, &screen).await?;

    // Prepared at the console alone, then taken.
    ticks(&console, ".hall-all input").await?;
    ticks(&console, "#canh input[value=message]").await?;
    console.types("#canh-tin", MESSAGE).await?;
    console
        .presses("#canh button[type=submit]:not([formaction])")
        .await?;
    console.sees(".screen-thumb.next .s-message-text").await?;
    assert_eq!(
        screen.count(".s-message").await?,
        0,
        "nobody sees what is prepared"
    );
    at(&console, "hall-prepared", LAPTOP, &mut wrong).await?;
    console
        .presses(".hall-next form[action$=take_scene] button")
        .await?;
    screen.reads(".s-message-text", |text| text == MESSAGE).await?;

    // A clicker blanks all and lights them again; while somebody types it is only a letter.
    keyed(&console, "b").await?;
    screen.sees(".screen.is-blank").await?;
    console.sees(".screen-card .screen.is-blank").await?;
    console.hears_again().await?;
    keyed(&console, ".").await?;
    screen.sees(".screen.is-lit").await?;

    // Frozen, then published behind it: the public sees nothing of it.
    console.presses("form[action$='/freeze'] button").await?;
    console.sees("form[action$=unfreeze]").await?;
    hall.publishes().await?;
    let phone = driver.window(&hall).await?;
    phone.is_sized(PHONE.0, PHONE.1).await?;
    phone.goes_to(&format!("/bang/{}?doi=2", hall.contest)).await?;
    phone.sees(".phone[data-live] .phone-row.own").await?;
    assert!(!knows_marks(&phone).await?, "frozen");
    at(&phone, "phone-frozen", PHONE, &mut wrong).await?;
    let staff = driver.window(&hall).await?;
    staff.is_sized(LAPTOP.0, LAPTOP.1).await?;
    signs_in(&staff).await?;
    staff.goes_to(&format!("{home}/tong-hop")).await?;
    staff.sees(".frozen-note").await?;
    at(&staff, "standings-frozen", LAPTOP, &mut wrong).await?;
    staff.goes_to(&format!("{home}/bang-tong-hop")).await?;
    staff.sees(".reasons").await?;
    assert_eq!(
        staff.count(".sheet-paper").await?,
        0,
        "no paper to sign while frozen"
    );
    at(&staff, "sheet-refused", LAPTOP, &mut wrong).await?;
    staff.goes_to(&format!("{home}/bang-tong-hop?nhap=1")).await?;
    staff.sees(".sheet-paper .paper-draft").await?;
    at(&staff, "sheet-draft", LAPTOP, &mut wrong).await?;

    // The reveal: begun at the console, led by the host.
    ticks(&console, "#canh input[value=reveal]").await?;
    console.presses("#canh button[formaction$=show_scene]").await?;
    console.presses("#cong-bo-that button:not([disabled])").await?;
    console.sees("form[action$=go_reveal]").await?;
    screen.sees(".s-reveal").await?;
    let pass = hall.invites(Role::Host, "Nguyễn Thị Hồng Hạnh").await?;
    let host = driver.window(&hall).await?;
    host.is_sized(TABLETS[0].0, TABLETS[0].1).await?;
    host.goes_to("/vao").await?;
    host.types("input[name=code]", &pass.code).await?;
    host.presses("form[action$=enter] button[type=submit]").await?;
    host.arrives("the host's page", |path| path == "/dan-chuong-trinh")
        .await?;
    host.sees(".host-live[data-live] .host-step.next").await?;
    let step = |n: usize| move |text: &str| text.contains(&format!("{n}/14"));
    host.presses(".host-go.on button").await?;
    host.reads(".host-step .badge", step(2)).await?;
    screen.sees(".s-reveal .lifted").await?;
    assert_eq!(
        screen.count(".s-reveal .open").await?,
        0,
        "its mark is the next step's"
    );
    // The clicker at the console goes on from there, and back.
    console
        .reads("section[aria-labelledby=cong-bo] .badge", step(2))
        .await?;
    keyed(&console, "PageDown").await?;
    host.reads(".host-step .badge", step(3)).await?;
    console
        .reads("section[aria-labelledby=cong-bo] .badge", step(3))
        .await?;
    keyed(&console, "PageUp").await?;
    host.reads(".host-step .badge", step(2)).await?;
    for size in TABLETS {
        at(&host, "host-reveal", size, &mut wrong).await?;
    }
    at(&console, "hall-reveal", LAPTOP, &mut wrong).await?;
    assert!(
        !knows_marks(&phone).await?,
        "what screens are told, phones are not"
    );

    // To the end by a jump; then the public may see it.
    host.runs("document.querySelector('#den-buoc').value = '13'")
        .await?;
    host.presses(".host-more form[action$=go_reveal] button").await?;
    host.reads(".host-step .badge", step(14)).await?;
    screen.sees(".s-final-head").await?;
    assert!(!knows_marks(&phone).await?, "still frozen");
    // A second press on the large button only leads to where it is done deliberately.
    console.presses(".hall-next a[href='#dong-bang']").await?;
    assert!(!knows_marks(&phone).await?, "still frozen");
    console.presses("form[action$=unfreeze] button").await?;
    console.presses(".reveal-end summary").await?;
    console.presses("form[action$=end_reveal] button").await?;
    console.sees("#cong-bo-thu").await?;
    phone
        .reads(".phone-row:first-child .phone-total", |text| text == "25")
        .await?;
    at(&phone, "phone-open", PHONE, &mut wrong).await?;
    staff.goes_to(&format!("{home}/bang-tong-hop")).await?;
    staff.sees(".sheet-paper:not(.draft)").await?;
    at(&staff, "sheet-final", LAPTOP, &mut wrong).await?;

    let overlay = driver.window(&hall).await?;
    overlay.is_sized(WALL.0, WALL.1).await?;
    overlay.goes_to(&format!("/phu-de/{}", hall.contest)).await?;
    overlay.sees(".overlay[data-live] .overlay-top").await?;
    overlay.is_drawn("overlay-1920x1080").await?;

    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for window in [console, screen, phone, staff, host, overlay] {
        window.closes().await?;
    }
    Ok(())
}
