//! The console of the screens in a real browser: claimed by a phone, loaded anew, lost and found, and the
//! thumbnails.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use harness::{Engine, Hall};
use qrcode::{Color, EcLevel, QrCode};

use crate::driver::Driver;
use crate::pages::looked;
use crate::story::signs_in;
use crate::wall::{claimed, goes, last_step, rehearses, waits};
use crate::window::Window;
use crate::wire::Wire;

const PHONE: (u32, u32) = (360, 740);
/// A screen counts as lost 10 s after its last word; the console looks every second, the page draws, and
/// the machine is slow.
const LOST: Duration = Duration::from_secs(13);

async fn contest(teams: usize) -> Result<Hall> {
    let mut hall = Hall::empty(Engine::Sqlite).await?;
    hall.teams = harness::files::teams(teams, 1);
    hall.creates("Hội thi Dân vận khéo").await?;
    hall.imports_teams().await?;
    Ok(hall)
}

/// The console of the screens.
async fn stands_at(hall: &Hall, console: &Window) -> Result<()> {
    console.is_sized(1366, 768).await?;
    signs_in(console).await?;
    console
        .goes_to(&format!("/hoi-thi/{}/man-hinh", hall.contest))
        .await?;
    console.sees(".hall-desk[data-live] .screen-card").await?;
    Ok(())
}

/// The squares of a QR code as the door's page draws them.
fn drawn(address: &str) -> Result<String> {
    const QUIET: usize = 4;
    let code = QrCode::with_error_correction_level(address, EcLevel::M)?;
    let side = code.width();
    let dark = code.to_colors().into_iter().enumerate();
    let dark = dark.filter(|(_, color)| *color == Color::Dark);
    Ok(dark
        .map(|(at, _)| format!("M{} {}h1v1h-1z", at % side + QUIET, at / side + QUIET))
        .collect())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_phone_claims_the_screen_whose_code_it_scans() -> Result<()> {
    let driver = Driver::start().await?;
    let hall = contest(4).await?;
    let (screen, phone) = (driver.window(&hall).await?, driver.window(&hall).await?);
    screen.is_sized(1920, 1080).await?;
    let letters = waits(&screen).await?;
    let page = format!("/man-hinh/nhan/{letters}");
    let code = screen
        .runs("return document.querySelector('.s-qr path:last-child').getAttribute('d')")
        .await?;
    assert_eq!(
        code,
        drawn(&format!("{}{page}", hall.base()))?,
        "it leads to the page"
    );

    // A stranger's phone claims nothing.
    phone.is_sized(PHONE.0, PHONE.1).await?;
    phone.goes_to(&page).await?;
    ensure!(
        phone.count("form[action$=claim_screen]").await? == 0,
        "a stranger"
    );
    signs_in(&phone).await?;
    phone.goes_to(&page).await?;
    phone.reads(".entry-shown", |text| text == letters).await?;
    let mut wrong = Vec::new();
    looked(&phone, &page, "screen-claim", PHONE, &mut wrong).await?;
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    phone.types("#ten", "Cánh trái").await?;
    phone
        .presses("form[action$=claim_screen] button[type=submit]")
        .await?;
    let console = format!("/hoi-thi/{}/man-hinh", hall.contest);
    phone.arrives("the console", |path| path == console).await?;
    phone
        .reads(".screen-card .screen-card-head strong", |text| {
            text == "Cánh trái"
        })
        .await?;
    screen.sees(".screen-page[data-live] .s-waiting").await?;

    // Scanned once more, from a picture, say: nobody waits there any more.
    phone.goes_to(&page).await?;
    phone
        .presses("form[action$=claim_screen] button[type=submit]")
        .await?;
    phone.sees(".note.refused, .error, [role=alert]").await?;
    ensure!(phone.path().await? == page, "it says so where it was pressed");
    for window in [screen, phone] {
        window.closes().await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_screen_that_is_loaded_anew_comes_back_to_its_scene() -> Result<()> {
    let driver = Driver::start().await?;
    let hall = contest(4).await?;
    let (screen, console) = (driver.window(&hall).await?, driver.window(&hall).await?);
    claimed(&hall, &screen, "Màn hình chính").await?;
    let message = [("all", "true"), ("scene", "message"), ("message", "Xin chào")];
    hall.hall_act("show_scene", &message).await?;
    screen.reads(".s-message-text", |text| text == "Xin chào").await?;
    // By whoever stands before it.
    for _ in 0..2 {
        screen.runs("window.old = true; location.reload()").await?;
        screen.is_anew().await?;
        screen.sees(".screen-page[data-live] .s-message-text").await?;
    }
    // By the console, once for each press.
    stands_at(&hall, &console).await?;
    for greeting in ["Chào buổi sáng", "Chào buổi chiều"] {
        screen.runs("window.old = true").await?;
        console.presses("form[action$=reload_screens] button").await?;
        screen.is_anew().await?;
        screen.sees(".screen-page[data-live] .s-message-text").await?;
        // What it is sent next it shows: it does not load itself again and again.
        screen.runs("window.still = true").await?;
        let message = [("all", "true"), ("scene", "message"), ("message", greeting)];
        hall.hall_act("show_scene", &message).await?;
        screen.reads(".s-message-text", |text| text == greeting).await?;
        ensure!(screen.runs("return window.still").await? == true);
    }
    // Dark and loaded anew it stays dark.
    hall.hall_act("blank_screens", &[("all", "true")]).await?;
    screen.sees(".screen.is-blank").await?;
    screen.runs("window.old = true; location.reload()").await?;
    screen.is_anew().await?;
    screen.sees(".screen-page[data-live] .screen.is-blank").await?;
    for window in [screen, console] {
        window.closes().await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_screen_that_says_nothing_is_lost_until_it_speaks() -> Result<()> {
    let driver = Driver::start().await?;
    let hall = contest(4).await?;
    let wire = Wire::to(hall.base()).await?;
    let (screen, console) = (driver.window_at(wire.base()).await?, driver.window(&hall).await?);
    claimed(&hall, &screen, "Màn hình chính").await?;
    stands_at(&hall, &console).await?;
    let (live, lost) = (
        ".screen-card:not(.lost) .badge.open",
        ".screen-card.lost .badge.bad",
    );
    console.sees(live).await?;

    wire.is_cut(true);
    let cut = Instant::now();
    console.sees(lost).await?;
    ensure!(cut.elapsed() < LOST, "after {:?}", cut.elapsed());
    console.is_drawn("hall-lost-1366x768").await?;
    wire.is_cut(false);
    console.sees(live).await?;

    // Switched off.
    screen.closes().await?;
    let off = Instant::now();
    console.sees(lost).await?;
    ensure!(off.elapsed() < LOST, "after {:?}", off.elapsed());
    console.closes().await
}

/// What stands in the rows there.
async fn rows(window: &Window, within: &str) -> Result<String> {
    let script = format!("return document.querySelector('{within} .s-rows').textContent");
    let text = window.runs(&script).await?;
    Ok(text.as_str().context("rows")?.to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thumbnail_turns_its_pages_with_its_screen() -> Result<()> {
    let driver = Driver::start().await?;
    let hall = contest(20).await?;
    let (screen, console) = (driver.window(&hall).await?, driver.window(&hall).await?);
    screen.is_sized(1920, 1080).await?;
    claimed(&hall, &screen, "Màn hình chính").await?;
    stands_at(&hall, &console).await?;
    // The final board of a rehearsal, on two pages.
    rehearses(&hall).await?;
    goes(&hall, 0, last_step(&hall).await?).await?;
    for page in [1, 2, 1] {
        let pages = |text: &str| text.contains(&format!("{page}/2"));
        screen.reads(".screen-pages", pages).await?;
        console.reads(".screen-glass .screen-pages", pages).await?;
        assert_eq!(
            rows(&console, ".screen-glass").await?,
            rows(&screen, ".screen-page").await?
        );
    }
    for window in [screen, console] {
        window.closes().await?;
    }
    Ok(())
}

/// A thumbnail is a whole screen in a box: in boxes within boxes a browser may measure it thousands of times.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thumbnails_do_not_hold_up_the_console() -> Result<()> {
    let driver = Driver::start().await?;
    let hall = contest(14).await?;
    let mut screens = Vec::new();
    for name in ["Cánh trái", "Cánh phải", "Sảnh"] {
        screens.push(hall.has_screen(name).await?);
    }
    let console = driver.window(&hall).await?;
    stands_at(&hall, &console).await?;
    rehearses(&hall).await?;
    hall.hall_act("prepare_scene", &[("all", "true"), ("scene", "order")])
        .await?;
    let last = last_step(&hall).await?;
    let mut slow = Vec::new();
    for (from, to, css) in [
        (0, 0, ".s-reveal"),
        (0, 2, ".s-reveal .open"),
        (2, last, ".s-final-head"),
    ] {
        if from != to {
            goes(&hall, from, to).await?;
        }
        console.sees(&format!(".screen-card.ready {css}")).await?;
        slow.extend(
            console
                .is_slow_to_lay_out()
                .await?
                .map(|slow| format!("step {to}: {slow}")),
        );
    }
    ensure!(slow.is_empty(), "{}", slow.join("\n"));
    console.closes().await
}
