//! Walls that are hard to fill: logos of every shape, the standings of one round, and thirty-five teams with names as
//! long as they are on real lists.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use contest::actor::Role;
use harness::{Engine, Hall, picture, until};

use crate::clocks::{draws_order, performs};
use crate::driver::Driver;
use crate::wall::{
    LONG_NAMES, LOOKS, MEASURE, claimed, dresses, glided, goes, last_step, looked, looked_in, minds_gliding,
    rehearses, settled, shows, wrong_by,
};
use crate::window::Window;

/// Width, height, and whose it is.
const LOGOS: [(u32, u32, &str); 7] = [
    (2_400, 120, "Ban Dân vận Tỉnh ủy Bình Dương"),
    (150, 1_500, "Đảng ủy Khối các cơ quan"),
    (6, 6, "Huyện Đoàn"),
    (400, 400, "Hội Liên hiệp Phụ nữ"),
    (
        900,
        300,
        "Công ty trách nhiệm hữu hạn một thành viên Cấp thoát nước và Môi trường Bắc Tân Uyên – Phú Giáo",
    ),
    (64, 80, "Hội Nông dân"),
    (1_200, 1_000, "Ngân hàng Chính sách xã hội"),
];

/// What is wrong with how logos are shown: missing, out of shape, cut, or over words.
const LOGOS_MEASURED: &str = "
    const wrong = [];
    const whole = document.querySelector('.screen').getBoundingClientRect();
    const inside = (box, of) => box.left >= of.left - 1 && box.right <= of.right + 1
        && box.top >= of.top - 1 && box.bottom <= of.bottom + 1;
    const drawn = [...document.querySelectorAll('.s-logo img')].map((image) => {
        const box = image.getBoundingClientRect();
        const name = image.closest('li').textContent.trim().slice(0, 30);
        if (!image.complete || !image.naturalWidth) wrong.push(`the logo of ${name} is not there`);
        const natural = image.naturalWidth / image.naturalHeight;
        const fit = getComputedStyle(image).objectFit;
        const shape = box.width / box.height;
        if (!['contain', 'scale-down'].includes(fit) && Math.abs(shape / natural - 1) > 0.02) {
            wrong.push(`the logo of ${name} is out of shape: ${shape} for ${natural}`);
        }
        // What is painted of it, in the middle of its box.
        const width = Math.min(box.width, box.height * natural), height = width / natural;
        const left = box.left + (box.width - width) / 2, top = box.top + (box.height - height) / 2;
        const ink = { left, top, right: left + width, bottom: top + height };
        if (width < 4 || height < 4) wrong.push(`the logo of ${name} is nothing: ${width}x${height}`);
        for (let of = image.parentElement; of; of = of.parentElement) {
            const clips = getComputedStyle(of);
            const edge = of.getBoundingClientRect();
            if ((clips.overflow !== 'visible' || of.matches('.s-logo')) && !inside(ink, edge)) {
                wrong.push(`the logo of ${name} is cut by ${of.className}`);
            }
        }
        if (!inside(ink, whole)) wrong.push(`the logo of ${name} leaves the screen`);
        return [name, image.parentElement.getBoundingClientRect()];
    });
    for (const [name, card] of drawn) {
        const beside = drawn.find(([, other]) =>
            Math.abs(other.top - card.top) < card.height / 2 && Math.abs(other.bottom - card.bottom) > 1);
        if (beside) wrong.push(`the logos of ${name} and ${beside[0]} are not of one height`);
    }
    const words = document.createTreeWalker(document.querySelector('.screen'), NodeFilter.SHOW_TEXT);
    for (let node = words.nextNode(); node; node = words.nextNode()) {
        if (!node.data.trim()) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        for (const box of range.getClientRects()) {
            for (const [name, card] of drawn) {
                if (box.left < card.right - 1 && card.left < box.right - 1
                    && box.top < card.bottom - 1 && card.top < box.bottom - 1) {
                    wrong.push(`the logo of ${name} lies over \"${node.data.slice(0, 30)}\"`);
                }
            }
        }
    }
    return wrong.slice(0, 12);";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn logos_of_every_shape_are_whole_on_every_wall() -> Result<()> {
    let driver = Driver::start().await?;
    let hall = Hall::with_contest(Engine::Sqlite).await?;
    let colours = [[178, 24, 43], [33, 102, 172], [27, 120, 55], [230, 130, 20]];
    for ((width, height, name), colour) in LOGOS.into_iter().zip(colours.into_iter().cycle()) {
        let fields = [("contest", &*hall.contest), ("name", name)];
        let file = picture::logo(width, height, colour)?;
        hall.organizer
            .upload("add_logo", &fields, "logo.png", file)
            .await?
            .ok()?;
    }
    let window = driver.window(&hall).await?;
    window.is_sized(1920, 1080).await?;
    claimed(&hall, &window, "Màn hình chính").await?;
    shows(&hall, "hosts", &[]).await?;
    window.sees(".s-logos").await?;
    until("every logo to have come", async || {
        let script = "const all = [...document.querySelectorAll('.s-logo img')];
                      return all.filter((image) => image.complete && image.naturalWidth).length;";
        Ok((window.runs(script).await? == LOGOS.len()).then_some(()))
    })
    .await?;
    let mut wrong = Vec::new();
    for look in LOOKS {
        dresses(&hall, look).await?;
        looked_in(&window, "logos", look, ".s-logos", MEASURE, &mut wrong).await?;
        looked_in(&window, "logos", look, ".s-logos", LOGOS_MEASURED, &mut wrong).await?;
    }
    window.closes().await?;
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

/// Thirty-five teams, each third with a name as long as on real lists, and units as long.
async fn thirty_five_teams() -> Result<Hall> {
    let mut hall = Hall::empty(Engine::Sqlite).await?;
    hall.teams = harness::files::teams(35, 1);
    for (team, name) in hall.teams.iter_mut().step_by(3).zip(LONG_NAMES) {
        name.clone_into(&mut team.name);
        team.unit = format!("Đảng bộ {name}");
    }
    hall.creates("Hội thi “Dân vận khéo các cơ quan nhà nước, chính quyền các cấp” năm 2026")
        .await?;
    hall.imports_teams().await?;
    hall.imports_questions().await?;
    Ok(hall)
}

/// Looks at a long list in every size and look, each time at another of its pages.
async fn pages_looked(
    hall: &Hall,
    window: &Window,
    name: &str,
    css: &str,
    wrong: &mut Vec<String>,
) -> Result<()> {
    for (page, look) in LOOKS.into_iter().enumerate() {
        dresses(hall, look).await?;
        window.goes_to(&format!("/man-hinh?trang={page}")).await?;
        window.sees(".screen-page[data-live] .screen-pages").await?;
        looked_in(window, name, look, css, MEASURE, wrong).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thirty_five_teams_are_whole_on_every_wall() -> Result<()> {
    let driver = Driver::start().await?;
    let hall = thirty_five_teams().await?;
    hall.prepares().await?;
    hall.opens().await?;
    let mut tablets = hall.contestants().await?;
    let rights = (0..35_u16).map(|n| if n % 9 == 4 { 20 } else { 1 + (n * 11) % 29 });
    let rights: Vec<u16> = rights.collect();
    // Some have all of it, some a part, some nothing.
    for (n, (tablet, right)) in tablets.iter_mut().zip(&rights).enumerate() {
        match n % 5 {
            0 => {
                hall.answers_paper(tablet, *right, 30 - right).await?;
                tablet.hands_in().await?;
            }
            4 => {}
            _ => hall.answers_paper(tablet, *right, 0).await?,
        }
    }
    let window = driver.window(&hall).await?;
    window.is_sized(1920, 1080).await?;
    claimed(&hall, &window, "Màn hình chính").await?;
    // Turning pages would catch rows on their way while they are measured.
    window.minds_motion().await?;
    let mut wrong = Vec::new();
    shows(&hall, "exam", &[]).await?;
    pages_looked(&hall, &window, "exam-35", ".s-exam", &mut wrong).await?;

    for (n, (tablet, right)) in tablets.iter_mut().zip(&rights).enumerate() {
        if n % 5 != 0 {
            hall.answers_paper(tablet, *right, 30 - right).await?;
            tablet.hands_in().await?;
        }
    }
    hall.finishes_the_exam().await?;
    shows(&hall, "standings", &[]).await?;
    pages_looked(&hall, &window, "standings-35", ".s-ranked", &mut wrong).await?;
    shows(&hall, "standings", &[("round", "1")]).await?;
    pages_looked(&hall, &window, "round-35", ".s-ranked.marks-0", &mut wrong).await?;

    // Team 16 has a long name and stands somewhere in the middle of it all.
    performs(&hall, "16").await?;
    shows(&hall, "order", &[]).await?;
    pages_looked(&hall, &window, "order-35", ".s-order", &mut wrong).await?;

    rehearses(&hall).await?;
    let mut at = 0;
    // From the bottom up: pages of the board one after the other, before, while and after a team is told.
    for step in [1, 41, 80] {
        goes(&hall, at, step).await?;
        at = step;
        window.sees(".s-reveal .s-row").await?;
        looked(
            &hall,
            &window,
            &format!("reveal-35-{step}"),
            ".s-reveal .s-row",
            &mut wrong,
        )
        .await?;
    }
    let last = last_step(&hall).await?;
    goes(&hall, at, last).await?;
    window.sees(".s-final-head").await?;
    pages_looked(&hall, &window, "final-35", ".s-final-head", &mut wrong).await?;
    window.closes().await?;
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

/// The standings of one round, with equals and long names, on one page.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_standings_of_one_round_are_whole_on_every_wall() -> Result<()> {
    let driver = Driver::start().await?;
    let mut hall = Hall::empty(Engine::Sqlite).await?;
    hall.teams = harness::files::teams(14, 1);
    for (team, name) in hall.teams.iter_mut().skip(1).step_by(2).zip(LONG_NAMES) {
        name.clone_into(&mut team.name);
    }
    hall.creates("Hội thi Dân vận khéo huyện Bắc Tân Uyên").await?;
    hall.imports_teams().await?;
    hall.imports_questions().await?;
    hall.prepares().await?;
    hall.opens().await?;
    let right = [16_u16, 24, 18, 24, 24, 19, 20, 30, 21, 22, 23, 25, 26, 29];
    hall.all_hand_in(right).await?;
    hall.finishes_the_exam().await?;
    let window = driver.window(&hall).await?;
    window.is_sized(1920, 1080).await?;
    claimed(&hall, &window, "Màn hình chính").await?;
    let round = hall.board().await?["rounds"][0]["name"]
        .as_str()
        .context("a round")?
        .to_owned();
    shows(&hall, "standings", &[("round", "1")]).await?;
    window
        .reads(".s-title", |text| text.ends_with(&format!("· {round}")))
        .await?;
    ensure!(
        window.count(".s-row .mark").await? == 0,
        "of one round the mark is the total"
    );
    ensure!(
        window.count(".s-row .tied").await? == 3,
        "equals are shown as equals"
    );
    let mut wrong = Vec::new();
    looked(&hall, &window, "round", ".s-ranked.marks-0", &mut wrong).await?;
    window.closes().await?;
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

/// Notes every page that is shown: what its foot says, and its teams.
const NOTES: &str = "
    window.pages = [];
    const look = () => {
        const foot = document.querySelector('.screen-pages')?.textContent.trim();
        const dot = [...document.querySelectorAll('.screen-dots i')].findIndex((dot) => dot.className === 'on');
        const teams = [...document.querySelectorAll('.s-row')].map((row) => row.dataset.team);
        const last = window.pages.at(-1);
        if (last?.teams.join() !== teams.join())
            window.pages.push({ foot, dot, teams, at: performance.now() });
    };
    look();
    const all = { subtree: true, childList: true, attributes: true, characterData: true };
    new MutationObserver(look).observe(document.body, all);";

/// Waits until it has turned through all pages and begun again, and looks whether every team was there once.
async fn turns_every_page(window: &Window, count: usize) -> Result<()> {
    for turned in 1..=count {
        until("the page to turn", async || {
            let pages = window.runs("return window.pages.length").await?;
            Ok(pages.as_u64().filter(|pages| *pages > turned as u64))
        })
        .await?;
    }
    let pages = window.runs("return window.pages").await?;
    let pages = pages.as_array().context("pages")?;
    let teams = |page: &serde_json::Value| -> Vec<String> {
        let teams = page["teams"].as_array().map(Vec::as_slice).unwrap_or_default();
        teams.iter().map(ToString::to_string).collect()
    };
    let mut once = BTreeSet::new();
    let first = pages[0]["dot"].as_u64().context("a page")? as usize;
    for (turned, page) in pages.iter().take(count).enumerate() {
        let at = (first + turned) % count;
        ensure!(
            page["foot"].as_str() == Some(&*format!("Trang {}/{count}", at + 1)) && page["dot"] == at,
            "{page}"
        );
        for team in teams(page) {
            ensure!(once.insert(team.clone()), "{team} is shown twice: {pages:?}");
        }
    }
    ensure!(once.len() == 35, "{} teams in a full turn: {pages:?}", once.len());
    ensure!(
        teams(&pages[count]) == teams(&pages[0]),
        "then it begins again: {pages:?}"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_list_turns_its_pages_by_itself() -> Result<()> {
    let driver = Driver::start().await?;
    let hall = thirty_five_teams().await?;
    hall.prepares().await?;
    hall.opens().await?;
    let (lively, calm) = (driver.window(&hall).await?, driver.window(&hall).await?);
    const LIVELY: &str = "Màn hình 1";
    for (window, name) in [(&lively, LIVELY), (&calm, "Màn hình 2")] {
        window.is_sized(1920, 1080).await?;
        claimed(&hall, window, name).await?;
    }
    // Whoever minds motion sees every page too; nothing glides.
    calm.minds_motion().await?;
    minds_gliding(&calm).await?;
    // The order turns too, as long as nobody is on stage.
    let secretary = draws_order(&hall).await?;
    for pass in hall.passes_of(Role::Screen).await? {
        let screen = pass.person.to_string();
        let scene = if pass.name == LIVELY { "order" } else { "exam" };
        let fields = [("screens[0]", &*screen), ("scene", scene)];
        hall.hall_act("show_scene", &fields).await?;
    }
    for (window, css) in [(&lively, ".s-order .s-row"), (&calm, ".s-exam .s-row")] {
        settled(window, css).await?;
        window.runs(NOTES).await?;
    }
    tokio::try_join!(turns_every_page(&lively, 3), turns_every_page(&calm, 3))?;
    ensure!(glided(&calm).await? == 0, "it glides");
    let mut wrong = Vec::new();
    settled(&calm, ".s-exam .s-row").await?;
    wrong_by(&calm, MEASURE, "after a full turn", &mut wrong).await?;

    // Whoever performs has his page shown. It stays to be read when he has left, then turning goes on from there.
    let last = lively
        .runs("return window.pages.findLast((page) => page.dot === 2).teams.at(-1)")
        .await?;
    let last = last.as_str().context("the last team")?.to_owned();
    let runs = async |act: &str| {
        let run = [
            ("contest", &*hall.contest),
            ("round", "2"),
            ("act", act),
            ("team", &*last),
            ("reason", "Xe hỏng dọc đường"),
        ];
        secretary.act("run_stage", &run).await
    };
    runs("call").await?;
    lively.sees(&format!(".s-row.now[data-team='{last}']")).await?;
    lively
        .runs("window.pages.length = 0; window.left = performance.now()")
        .await?;
    runs("absent").await?;
    until("the page to turn", async || {
        let turned = "return window.pages.find((page) => page.dot !== 2)?.at - window.left";
        let stayed = lively.runs(turned).await?.as_f64();
        Ok(stayed)
    })
    .await
    .and_then(|stayed| {
        ensure!(stayed > 8_000.0, "its page stayed {stayed} ms");
        Ok(())
    })?;
    lively.closes().await?;
    calm.closes().await?;
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}
