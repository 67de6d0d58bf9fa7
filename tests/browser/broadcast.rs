//! The overlay of the broadcast, in a streaming program's browser: whole at its sizes, see-through, readable, in the
//! language and with the layers that its address names, and silent when it knows nothing.

use anyhow::{Context, Result, ensure};
use harness::{Engine, Hall, until};

use crate::clocks::{performs, told_of_stage};
use crate::driver::Driver;
use crate::story::signs_in;
use crate::wall::{LONG_NAMES, MEASURE, settled, wrong_by};
use crate::window::Window;
use crate::wire::Wire;

const SIZES: [(u32, u32); 2] = [(1920, 1080), (1280, 720)];
const UNIT: &str = "Đảng bộ Sở Nông nghiệp và Môi trường, Sở Công Thương, Sở Văn hóa, Thể thao và Du lịch tỉnh \
                    Bà Rịa – Vũng Tàu và các đơn vị sự nghiệp trực thuộc";

/// What is wrong with where the parts stand: outside the picture, over each other, or with a ground behind them.
const PARTS: &str = "
    const wrong = [];
    const parts = [...document.querySelectorAll('.overlay-team, .overlay-clock, .overlay-top')];
    const boxes = parts.map((part) => [part.className, part.getBoundingClientRect()]);
    for (const [name, box] of boxes) {
        if (box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight) {
            wrong.push(`${name} leaves the picture`);
        }
        if (box.width < 1 || box.height < 1) wrong.push(`${name} is nothing`);
    }
    for (const [at, [name, box]] of boxes.entries()) {
        for (const [other, of] of boxes.slice(at + 1)) {
            if (box.left < of.right && of.left < box.right && box.top < of.bottom && of.top < box.bottom) {
                wrong.push(`${name} lies over ${other}`);
            }
        }
    }
    for (let box = document.querySelector('.overlay'); box; box = box.parentElement) {
        const { backgroundColor, backgroundImage } = getComputedStyle(box);
        if (backgroundColor !== 'rgba(0, 0, 0, 0)' || backgroundImage !== 'none') {
            wrong.push(`${box.tagName} is not see-through: ${backgroundColor} ${backgroundImage}`);
        }
    }
    for (const part of parts) {
        const ground = getComputedStyle(part).backgroundColor;
        if (!ground.startsWith('rgb(')) wrong.push(`${part.className} has no ground of its own: ${ground}`);
    }
    return wrong;";

/// Seven teams with the longest names, an exam whose marks are published with equals across the fifth place, and one
/// of the teams on stage.
async fn under_way() -> Result<Hall> {
    let mut hall = Hall::empty(Engine::Sqlite).await?;
    hall.teams = harness::files::teams(7, 1);
    for (team, name) in hall.teams.iter_mut().zip(LONG_NAMES) {
        name.clone_into(&mut team.name);
    }
    UNIT.clone_into(&mut hall.teams[2].unit);
    hall.creates("Hội thi Dân vận khéo").await?;
    hall.imports_teams().await?;
    hall.imports_questions().await?;
    hall.prepares().await?;
    hall.opens().await?;
    hall.all_hand_in([28, 29, 27, 26, 20, 20, 20]).await?;
    hall.finishes_the_exam().await?;
    performs(&hall, "3").await?;
    Ok(hall)
}

/// Looks at the overlay at that address in every size.
async fn looked(window: &Window, name: &str, query: &str, css: &str, wrong: &mut Vec<String>) -> Result<()> {
    for (width, height) in SIZES {
        window.is_sized(width, height).await?;
        settled(window, css).await?;
        let place = format!("{name} {query} {width}x{height}");
        wrong_by(window, MEASURE, &place, wrong).await?;
        wrong_by(window, PARTS, &place, wrong).await?;
        window
            .is_drawn(&format!("overlay-{name}-{width}x{height}"))
            .await?;
    }
    for violation in window.violations_on_a_wall().await? {
        wrong.push(format!("{name} {query}: {violation}"));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broadcast_shows_the_team_its_time_and_the_first_five() -> Result<()> {
    let driver = Driver::start().await?;
    let hall = under_way().await?;
    let window = driver.window(&hall).await?;
    let overlay = format!("/phu-de/{}", hall.contest);
    let stage = told_of_stage(&hall).await?;
    let of = |field: &str| stage["clock"][field].as_i64().context("a time of the rules");
    let (since, warning, limit) = (of("running_since")?, of("warning")?, of("limit")?);
    let mut wrong = Vec::new();
    let times = [
        ("calm", 0, "", ""),
        ("near", warning, "Sắp hết giờ", "Time is nearly up"),
        ("over", limit + 1_000, "Quá giờ", "Over time"),
    ];
    for (press, from, vi, en) in times {
        let missing = since + from - hall.now();
        hall.passes_seconds(missing.max(0).div_euclid(1000) + 1);
        for (language, words) in [("vi", vi), ("en", en)] {
            let query = format!("?lang={language}");
            window.goes_to(&format!("{overlay}{query}")).await?;
            let css = format!(".overlay[data-live][lang={language}] .overlay-clock.{press}");
            window.sees(&css).await?;
            ensure!(window.count(&format!("html[lang={language}]")).await? == 1);
            if !words.is_empty() {
                window.reads(".overlay-note", |text| text.contains(words)).await?;
            }
            looked(&window, &format!("{press}-{language}"), &query, &css, &mut wrong).await?;
        }
    }
    // Who is on stage, of which unit, whole; and all of the first five places, with the equals.
    window
        .reads(".overlay-name", |text| text == LONG_NAMES[2])
        .await?;
    window.reads(".overlay-unit", |text| text == UNIT).await?;
    window.reads(".overlay-top h1", |text| text == "Top five").await?;
    ensure!(
        window.count(".overlay-top li").await? == 7,
        "equals stand across the line"
    );

    hall.hall_act("freeze", &[]).await?;
    for (language, words) in [("vi", "đóng băng"), ("en", "frozen")] {
        let query = format!("?lang={language}");
        window.goes_to(&format!("{overlay}{query}")).await?;
        window
            .reads(".overlay-frozen", |text| text.contains(words))
            .await?;
        looked(
            &window,
            &format!("frozen-{language}"),
            &query,
            ".overlay[data-live] .overlay-frozen",
            &mut wrong,
        )
        .await?;
    }

    // Every choice of layers, and nothing else.
    const LAYERS: [(&str, &str); 3] = [
        ("doi", ".overlay-team"),
        ("dong-ho", ".overlay-clock"),
        ("top", ".overlay-top"),
    ];
    for chosen in 1..1_u32 << LAYERS.len() {
        let is_chosen = |at: usize| chosen & (1 << at) != 0;
        let all = LAYERS.iter().enumerate();
        let list: Vec<&str> = all
            .filter(|(at, _)| is_chosen(*at))
            .map(|(_, (name, _))| *name)
            .collect();
        let query = format!("?lop={}&lang=en", list.join(","));
        window.goes_to(&format!("{overlay}{query}")).await?;
        window.sees(".overlay[data-live][lang=en]").await?;
        for (at, (name, css)) in LAYERS.into_iter().enumerate() {
            let there = window.count(css).await? == 1;
            ensure!(there == is_chosen(at), "{query}: {name} {there}");
        }
        let name = format!("layers-{}", list.join("-"));
        looked(&window, &name, &query, ".overlay[data-live]", &mut wrong).await?;
    }

    // The console offers the addresses.
    let console = driver.window(&hall).await?;
    console.is_sized(1366, 768).await?;
    signs_in(&console).await?;
    console
        .goes_to(&format!("/hoi-thi/{}/man-hinh", hall.contest))
        .await?;
    console.presses("#phat-song summary").await?;
    let english = console.sees("#phat-song a[href$='?lang=en']").await?;
    let address = english.attr("href").await?.context("an address")?;
    ensure!(
        address == format!("{}{overlay}?lang=en", hall.base()),
        "{address}"
    );
    ensure!(english.text().await? == address, "it can be read and copied");
    for violation in console.violations().await? {
        wrong.push(format!("console: {violation}"));
    }
    english.scroll_into_view().await?;
    console.is_drawn("console-broadcast-1366x768").await?;
    console.closes().await?;
    window.closes().await?;
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broadcast_that_is_cut_off_shows_nothing_and_comes_back() -> Result<()> {
    let driver = Driver::start().await?;
    let hall = Hall::with_contest(Engine::Sqlite).await?;
    performs(&hall, "1").await?;
    let wire = Wire::to(hall.base()).await?;
    let window = driver.window_at(wire.base()).await?;
    window.is_sized(1920, 1080).await?;
    window.goes_to(&format!("/phu-de/{}", hall.contest)).await?;
    window.sees(".overlay[data-live] .overlay-team").await?;
    // All that could be seen: words that are shown, and boxes with a ground.
    const SEEN: &str = "
        return [...document.querySelectorAll('.overlay, .overlay *')].filter((part) => {
            const { visibility, backgroundColor } = getComputedStyle(part);
            const words = [...part.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
            return visibility === 'visible' && (words || backgroundColor !== 'rgba(0, 0, 0, 0)');
        }).length;";
    ensure!(
        window.runs(SEEN).await? != 0,
        "while it hears the house there is something"
    );
    wire.is_cut(true);
    window.sees(".overlay.silent").await?;
    ensure!(
        window.runs(SEEN).await? == 0,
        "nothing that may be stale goes out"
    );
    window.is_drawn("overlay-silent-1920x1080").await?;
    wire.is_cut(false);
    until("the overlay to come back", async || {
        let seen = window.runs(SEEN).await?;
        Ok((seen != 0).then_some(()))
    })
    .await?;
    window.sees(".overlay:not(.silent) .overlay-team").await?;
    window.closes().await
}
