//! The whole story on real pages: an organizer, two contestants, and the board on the wall.

use anyhow::{Context, Result};
use contest::actor::Role;
use harness::files::{Bank, teams, teams_csv};
use harness::{Engine, Hall, PASSWORD};

use crate::driver::Driver;
use crate::window::Window;

/// Signs in by the form.
pub(crate) async fn signs_in(window: &Window) -> Result<()> {
    window.goes_to("/dang-nhap").await?;
    window.types("input[name=name]", "ban-to-chuc").await?;
    window.types("input[name=password]", PASSWORD).await?;
    window
        .presses("form[action$=sign_in] button[type=submit]")
        .await?;
    window
        .arrives("the organizer's contests", |path| path == "/hoi-thi")
        .await?;
    Ok(())
}

/// Enters by a contestant's code, as somebody does who has a printed card.
pub(crate) async fn enters(window: &Window, code: &str) -> Result<()> {
    enters_at(window, code, "/thi").await
}

/// The same by a code that leads to `page`.
pub(crate) async fn enters_at(window: &Window, code: &str, page: &str) -> Result<()> {
    window.goes_to("/vao").await?;
    window.types("input[name=code]", code).await?;
    window.presses("form[action$=enter] button[type=submit]").await?;
    window.arrives(page, |path| path == page).await?;
    Ok(())
}

/// Uploads a file on a page and says yes to the preview.
async fn imports(window: &Window, page: &str, file: &str) -> Result<()> {
    window.goes_to(page).await?;
    window.chooses_file("input[type=file]", file).await?;
    // Somewhere under a closed fold, on some pages.
    window
        .runs("document.querySelector('form[action$=upload_file]').requestSubmit()")
        .await?;
    window
        .arrives("the preview", |path| path.contains("/nhap/"))
        .await?;
    window
        .presses("form[action$=apply_import] button[type=submit]")
        .await?;
    window.arrives("the list", |path| page.starts_with(path)).await?;
    Ok(())
}

/// The one large action of the exam's page.
async fn takes_the_next_step(window: &Window, function: &str) -> Result<()> {
    let form = format!("form.primary[action$={function}] button[type=submit]:not([disabled])");
    window.presses(&form).await?;
    // The page comes back without that step.
    harness::until(function, async || {
        Ok((window.count(&form).await? == 0).then_some(()))
    })
    .await
}

/// Chooses the right or a wrong option of the question that is shown, and goes on.
pub(crate) async fn answers(window: &Window, bank: &Bank, right: bool) -> Result<()> {
    let shown = "fieldset.exam-question:not([hidden])";
    let text = window.sees(&format!("{shown} .exam-text")).await?.text().await?;
    let known = bank
        .0
        .iter()
        .find(|known| known.text == text)
        .context("of the bank")?;
    let options = window
        .runs(&format!(
            "return [...document.querySelectorAll('{shown} .option-face > span')].map((o) => o.textContent)"
        ))
        .await?;
    let options = options.as_array().context("options")?;
    // Wrong is one option that is not right, right is all of them.
    let wanted: Vec<&String> = known
        .options
        .iter()
        .enumerate()
        .filter(|(at, _)| known.rights().any(|known| known == *at) == right)
        .map(|(_, text)| text)
        .take(if right { known.rights().count() } else { 1 })
        .collect();
    for option in wanted {
        let at = options
            .iter()
            .position(|shown| shown.as_str() == Some(option))
            .context("such an option")?;
        window
            .presses(&format!("{shown} label.option:nth-of-type({})", at + 1))
            .await?;
    }
    window.presses("button.exam-next").await?;
    window
        .reads(&format!("{shown} .exam-text"), |now| now != text)
        .await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_round_from_the_first_file_to_the_last_mark() -> Result<()> {
    let driver = Driver::start().await?;
    let mut hall = Hall::empty(Engine::Sqlite).await?;
    hall.teams = teams(2, 1);
    let (teams_file, questions_file) = (
        hall.database.folder().join("doi.csv"),
        hall.database.folder().join("cau.csv"),
    );
    std::fs::write(&teams_file, teams_csv(&hall.teams))?;
    std::fs::write(&questions_file, hall.bank.csv())?;

    // The organizer makes a contest out of two files.
    let organizer = driver.window(&hall).await?;
    organizer.is_sized(1366, 768).await?;
    signs_in(&organizer).await?;
    organizer.goes_to("/hoi-thi/moi").await?;
    organizer
        .types("input[name=name]", "Hội thi Dân vận khéo")
        .await?;
    organizer
        .runs("document.querySelector('input[name=template][value=G1]').checked = true")
        .await?;
    organizer
        .presses("form[action$=create_contest] button[type=submit]")
        .await?;
    let home = organizer
        .arrives("the new contest", |path| {
            path.starts_with("/hoi-thi/") && path != "/hoi-thi/moi"
        })
        .await?;
    hall.contest = home.trim_start_matches("/hoi-thi/").to_owned();
    imports(
        &organizer,
        &format!("{home}/doi"),
        &teams_file.display().to_string(),
    )
    .await?;
    imports(
        &organizer,
        &format!("{home}/cau-hoi"),
        &questions_file.display().to_string(),
    )
    .await?;
    organizer.goes_to(&format!("{home}/phan-thi/1")).await?;
    takes_the_next_step(&organizer, "prepare_exam").await?;
    organizer.is_drawn("story-organizer-prepared-1366x768").await?;

    // The wall and the tablets wait.
    let wall = driver.window(&hall).await?;
    wall.is_sized(1920, 1080).await?;
    wall.goes_to(&format!("/bang/{}?cong-khai=1", hall.contest))
        .await?;
    wall.sees(".board[data-live]").await?;
    let passes = hall.passes_of(Role::Contestant).await?;
    let (one, two) = (driver.window(&hall).await?, driver.window(&hall).await?);
    for (window, pass) in [(&one, &passes[0]), (&two, &passes[1])] {
        window.is_sized(1280, 800).await?;
        enters(window, &pass.code).await?;
        window.sees("main[data-for=waiting]").await?;
        window.sees(".exam[data-live]").await?;
    }

    // The paper is on both tables without anybody touching the page.
    takes_the_next_step(&organizer, "open_exam").await?;
    for window in [&one, &two] {
        window
            .sees("main[data-for=writing] fieldset.exam-question")
            .await?;
        window.sees(".exam[data-live]").await?;
    }
    for _ in 0..3 {
        answers(&one, &hall.bank, true).await?;
    }
    one.reads("#luu", |text| text.contains("Đã lưu")).await?;
    hall.board_becomes("three answers", |board| {
        board["rounds"][0]["running"]["answered"] == 3
    })
    .await?;
    wall.reads(".board", |text| text.contains("Đội xã 1") && text.contains('3'))
        .await?;

    // The second loses the Wi-Fi and goes on; nothing of it reaches the house.
    answers(&two, &hall.bank, true).await?;
    hall.board_becomes("four answers", |board| {
        board["rounds"][0]["running"]["answered"] == 4
    })
    .await?;
    two.is_offline(true).await?;
    for right in [true, false, true] {
        answers(&two, &hall.bank, right).await?;
    }
    two.reads("#luu", |text| text.contains('3') && text.contains("chưa gửi"))
        .await?;
    two.is_drawn("story-offline-1280x800").await?;
    assert_eq!(hall.board().await?["rounds"][0]["running"]["answered"], 4);
    // It comes back, and everything is there.
    two.is_offline(false).await?;
    hall.board_becomes("seven answers", |board| {
        board["rounds"][0]["running"]["answered"] == 7
    })
    .await?;
    two.reads("#luu", |text| text.contains("Đã lưu")).await?;

    // One hands in; for the other the time ends.
    one.presses("button.exam-hand-in").await?;
    one.presses("button.exam-ask-yes").await?;
    one.reads("#ma-bien-nhan", |code| code.len() == 8).await?;
    one.is_drawn("story-receipt-1280x800").await?;
    hall.board_becomes("one handed in", |board| {
        board["rounds"][0]["running"]["handed_in"] == 1
    })
    .await?;
    hall.passes(32);
    two.reads("#ma-bien-nhan", |code| code.len() == 8).await?;

    // The marks come to the wall when they are published, not before.
    let exam = format!("{home}/phan-thi/1");
    harness::until("the round to be closed", async || {
        if hall.board().await?["rounds"][0]["phase"] == "closed" {
            return Ok(Some(()));
        }
        Ok(hall.exam("close_exam", &[]).await.is_ok().then_some(()))
    })
    .await?;
    organizer.goes_to(&exam).await?;
    takes_the_next_step(&organizer, "mark_exam").await?;
    let before = wall.body().await?;
    takes_the_next_step(&organizer, "publish_exam").await?;
    hall.board_becomes("published", |board| board["rows"][0]["total"] == 3000)
        .await?;
    wall.reads(".board", |text| {
        text != before && text.contains("Tổng") && text.matches('3').count() >= 2
    })
    .await?;
    wall.is_drawn("story-published-1920x1080").await?;
    for window in [organizer, wall, one, two] {
        window.closes().await?;
    }
    Ok(())
}

/// The same answers without WebAssembly: every page is a form.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tablet_without_webassembly_takes_the_exam() -> Result<()> {
    let driver = Driver::start().await?;
    let hall = Hall::with_open_exam(Engine::Sqlite).await?;
    let window = driver.window_with(&hall, &["--js-flags=--jitless"]).await?;
    window.is_sized(800, 1280).await?;
    enters(&window, &hall.passes_of(Role::Contestant).await?[0].code).await?;
    assert_eq!(window.runs("return typeof WebAssembly").await?, "undefined");
    takes_the_exam_by_forms(&hall, &window, "plain").await?;
    window.closes().await
}

/// And with scripts switched off altogether, on questions with two right answers.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tablet_without_scripts_takes_the_exam() -> Result<()> {
    let driver = Driver::start().await?;
    let mut hall = Hall::empty(Engine::Sqlite).await?;
    hall.bank = Bank::of(40).with_two_right();
    hall.creates("Hội thi Dân vận khéo").await?;
    hall.imports_teams().await?;
    hall.imports_questions().await?;
    hall.prepares().await?;
    hall.opens().await?;
    let window = driver.window(&hall).await?;
    window.is_sized(800, 1280).await?;
    window.has_no_scripts().await?;
    let pass = hall.passes_of(Role::Contestant).await?[0].clone();
    enters(&window, &pass.code).await?;
    takes_the_exam_by_forms(&hall, &window, "scriptless").await?;
    window.closes().await?;
    // What the forms have sent counts: two of thirty right, and the other of his team stayed away.
    hall.closes("Hết giờ").await?;
    hall.passes(32);
    harness::until("all to be handed in and marked", async || {
        Ok(hall.marks().await.is_ok().then_some(()))
    })
    .await?;
    hall.publishes().await?;
    let team = pass.team.context("a team")?;
    hall.board_becomes("published", |board| {
        let rows = board["rows"].as_array().map(Vec::as_slice).unwrap_or_default();
        rows.iter().any(|row| row["team"] == team && row["total"] == 1000)
    })
    .await?;
    Ok(())
}

/// Two right answers and a wrong one, and the paper is handed in, on pages where nothing comes alive.
async fn takes_the_exam_by_forms(hall: &Hall, window: &Window, name: &str) -> Result<()> {
    for right in [true, true, false] {
        answers(window, &hall.bank, right).await?;
    }
    assert_eq!(
        window.count(".exam[data-live]").await?,
        0,
        "nothing has come alive"
    );
    hall.board_becomes("three answers", |board| {
        board["rounds"][0]["running"]["answered"] == 3
    })
    .await?;
    window.is_drawn(&format!("{name}-800x1280")).await?;
    window.presses("button.exam-hand-in").await?;
    window.presses("button.exam-ask-yes").await?;
    window.reads("#ma-bien-nhan", |code| code.len() == 8).await?;
    hall.board_becomes("handed in", |board| {
        board["rounds"][0]["running"]["handed_in"] == 1
    })
    .await?;
    Ok(())
}
