//! A contestant's page when something goes wrong around it: reloads, second devices, two tabs, wrong clocks, a
//! restored house, a paper left behind by the round before.

use anyhow::{Context, Result, ensure};
use contest::actor::Role;
use contest::attempt::Timing;
use harness::{Engine, Hall, until};

use crate::driver::Driver;
use crate::story::{answers, enters};
use crate::window::Window;
use crate::wire::Wire;

/// What carries answers, and nothing else.
const ANSWERS: &str = "/api/thi/answers";

/// All answers that the house holds: attempt, question, revision, timing.
async fn rows(hall: &Hall) -> Result<Vec<(i64, i64, i64, i64)>> {
    let text = "SELECT attempt, question, revision, timing FROM answer ORDER BY attempt, question, revision";
    Ok(sqlx::query_as(text)
        .fetch_all(&mut hall.database.connect().await?)
        .await?)
}

/// Waits until the house holds so many answers.
async fn holds(hall: &Hall, count: usize) -> Result<Vec<(i64, i64, i64, i64)>> {
    until("the answers to arrive", async || {
        Ok(Some(rows(hall).await?).filter(|rows| rows.len() == count))
    })
    .await
}

/// Opens the page again, and waits until it is alive.
async fn reloads(window: &Window) -> Result<()> {
    window.goes_to("/thi").await?;
    window.sees(".exam[data-live]").await.map(drop)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_tapped_survives_a_reload() -> Result<()> {
    let driver = Driver::start().await?;
    let hall = Hall::with_open_exam(Engine::Sqlite).await?;
    let tablet = driver.window(&hall).await?;
    enters(&tablet, &hall.passes_of(Role::Contestant).await?[0].code).await?;
    tablet.sees(".exam[data-live]").await?;
    tablet.loses(ANSWERS).await?;
    for _ in 0..2 {
        answers(&tablet, &hall.bank, true).await?;
    }
    reloads(&tablet).await?;
    tablet
        .reads("#luu", |text| text.contains('2') && text.contains("chưa gửi"))
        .await?;
    tablet.reads("#da-lam", |text| text.contains('2')).await?;
    let through = rows(&hall).await?;
    ensure!(through.is_empty(), "nothing can have come through: {through:?}");
    tablet.loses_nothing().await?;
    holds(&hall, 2).await?;
    tablet.reads("#luu", |text| text.contains("Đã lưu")).await?;
    tablet.closes().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tablet_that_was_moved_away_says_so_and_keeps_what_it_has() -> Result<()> {
    let driver = Driver::start().await?;
    let hall = Hall::with_open_exam(Engine::Sqlite).await?;
    let secretary = hall.secretary().await?;
    let (old, new) = (driver.window(&hall).await?, driver.window(&hall).await?);
    let pass = hall.passes_of(Role::Contestant).await?[0].clone();
    enters(&old, &pass.code).await?;
    old.sees(".exam[data-live]").await?;
    answers(&old, &hall.bank, true).await?;
    holds(&hall, 1).await?;
    old.loses(ANSWERS).await?;
    answers(&old, &hall.bank, true).await?;
    let person = pass.person.to_string();
    let fields = [("contest", &*hall.contest), ("person_id", &*person)];
    secretary.act("release_device", &fields).await?;
    let words = old.sees("main[data-for=moved]").await?.text().await?;
    ensure!(words.contains("chuyển sang thiết bị khác"), "{words}");
    ensure!(words.contains("Còn 1 câu"), "{words}");
    old.is_drawn("tablet-moved").await?;

    enters(&new, &pass.code).await?;
    new.reads("#da-lam", |text| text.contains('1')).await?;
    // The first does not write any more, whatever it hears.
    old.loses_nothing().await?;
    new.presses("nav.exam-map [data-to='2']").await?;
    answers(&new, &hall.bank, true).await?;
    holds(&hall, 2).await?;
    old.sees("main[data-for=moved]").await?;
    for window in [old, new] {
        window.closes().await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tablet_that_the_house_does_not_know_asks_for_the_code_and_goes_on() -> Result<()> {
    let driver = Driver::start().await?;
    let hall = Hall::with_open_exam(Engine::Sqlite).await?;
    let tablet = driver.window(&hall).await?;
    let code = hall.passes_of(Role::Contestant).await?[0].code.clone();
    enters(&tablet, &code).await?;
    tablet.sees(".exam[data-live]").await?;
    answers(&tablet, &hall.bank, true).await?;
    holds(&hall, 1).await?;
    tablet.loses(ANSWERS).await?;
    answers(&tablet, &hall.bank, true).await?;
    // As after a backup from before he entered; what he had answered until then is gone too.
    let mut past = hall.database.connect().await?;
    for text in [
        "DELETE FROM session",
        "UPDATE person SET device = NULL",
        "DELETE FROM answer",
    ] {
        sqlx::query(text).execute(&mut past).await?;
    }
    let words = tablet.sees("main[data-for=signed-out]").await?.text().await?;
    ensure!(words.contains("nhập lại mã trên thẻ"), "{words}");
    ensure!(!words.contains("thiết bị khác"), "nobody has moved him: {words}");
    ensure!(words.contains("Còn 1 câu"), "{words}");
    tablet.is_sized(1280, 800).await?;
    tablet.is_drawn("tablet-signed-out-1280x800").await?;
    ensure!(tablet.violations().await?.is_empty());

    tablet.loses_nothing().await?;
    enters(&tablet, &code).await?;
    let rows = holds(&hall, 2).await?;
    ensure!(rows.iter().all(|row| row.3 == Timing::InTime.code()), "{rows:?}");
    tablet.closes().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_tabs_are_one_paper() -> Result<()> {
    let driver = Driver::start().await?;
    let hall = Hall::with_open_exam(Engine::Sqlite).await?;
    let tablet = driver.window(&hall).await?;
    enters(&tablet, &hall.passes_of(Role::Contestant).await?[0].code).await?;
    tablet.sees(".exam[data-live]").await?;
    answers(&tablet, &hall.bank, true).await?;
    tablet.opens_tab().await?;
    reloads(&tablet).await?;
    tablet.reads("#da-lam", |text| text.contains('1')).await?;
    // Another choice for the first question, and the second one.
    answers(&tablet, &hall.bank, false).await?;
    answers(&tablet, &hall.bank, true).await?;
    let rows = holds(&hall, 3).await?;
    let places: Vec<(i64, i64)> = rows.iter().map(|row| (row.1, row.2)).collect();
    assert_eq!(places, [(0, 1), (0, 2), (1, 1)]);
    // The first tab shows what the second has done, and counts on from there.
    tablet.turns_to_tab(0).await?;
    tablet.reads("#da-lam", |text| text.contains('2')).await?;
    tablet.presses("nav.exam-map [data-to='0']").await?;
    answers(&tablet, &hall.bank, true).await?;
    let rows = holds(&hall, 4).await?;
    ensure!(rows.iter().any(|row| (row.1, row.2) == (0, 3)), "{rows:?}");
    tablet.closes().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tablet_whose_clock_is_a_day_off_shows_the_time_of_the_house() -> Result<()> {
    let driver = Driver::start().await?;
    let hall = Hall::with_open_exam(Engine::Sqlite).await?;
    for (n, day) in [(0, 1i64), (1, -1)] {
        let tablet = driver.window(&hall).await?;
        tablet.has_a_clock_wrong_by(day * 24 * 3600 * 1000).await?;
        enters(&tablet, &hall.passes_of(Role::Contestant).await?[n].code).await?;
        tablet.sees(".exam[data-live]").await?;
        let left = tablet.reads("#dong-ho", |text| !text.is_empty()).await?;
        let minutes: i64 = left.split(':').next().context("minutes")?.trim().parse()?;
        ensure!((20..=30).contains(&minutes), "{left} of 30 minutes");
        answers(&tablet, &hall.bank, true).await?;
        let rows = holds(&hall, n + 1).await?;
        ensure!(rows.iter().all(|row| row.3 == Timing::InTime.code()), "{rows:?}");
        tablet.reads("#luu", |text| text.contains("Đã lưu")).await?;
        tablet.closes().await?;
    }
    Ok(())
}

/// Two exams, the papers of both built; a tablet that could not send before the end of the first.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_left_of_one_round_is_sent_on_the_page_of_the_next() -> Result<()> {
    let driver = Driver::start().await?;
    let hall = Hall::with_contest(Engine::Sqlite).await?;
    let next = hall.has_two_exams().await?;
    let act = async |function: &str, round: &str| {
        let fields = [("contest", &*hall.contest), ("round", round), ("reason", "")];
        hall.organizer.act(function, &fields).await
    };
    for round in ["1", &*next] {
        act("prepare_exam", round).await?;
    }
    act("open_exam", "1").await?;
    let tablet = driver.window(&hall).await?;
    enters(&tablet, &hall.passes_of(Role::Contestant).await?[0].code).await?;
    tablet.sees(".exam[data-live]").await?;
    answers(&tablet, &hall.bank, true).await?;
    let first = holds(&hall, 1).await?[0].0;
    tablet.loses(ANSWERS).await?;
    for _ in 0..2 {
        answers(&tablet, &hall.bank, true).await?;
    }
    hall.passes(32);
    // His receipt, though another round is ready; and after a reload he is still told of what waits.
    tablet.reads("#ma-bien-nhan", |code| code.len() == 8).await?;
    reloads(&tablet).await?;
    tablet.reads("#con-gui", |text| text.contains('2')).await?;
    until("the first round to be closed", async || {
        Ok((hall.board().await?["rounds"][0]["phase"] == "closed").then_some(()))
    })
    .await?;
    act("open_exam", &next).await?;
    tablet
        .sees("main[data-for=writing] fieldset.exam-question")
        .await?;
    ensure!(rows(&hall).await?.len() == 1, "nothing has come through yet");
    tablet.loses_nothing().await?;
    let rows = holds(&hall, 3).await?;
    let late: Vec<(i64, i64)> = rows.iter().map(|row| (row.0, row.3)).collect();
    assert_eq!(
        late,
        [
            (first, Timing::InTime.code()),
            (first, Timing::TooLate.code()),
            (first, Timing::TooLate.code()),
        ],
        "kept and flagged"
    );
    answers(&tablet, &hall.bank, true).await?;
    let rows = holds(&hall, 4).await?;
    ensure!(
        rows.iter()
            .any(|row| row.0 != first && row.3 == Timing::InTime.code())
    );
    tablet.closes().await
}

/// The public's boards say when they hear nothing, and stop saying so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_board_that_hears_nothing_says_so() -> Result<()> {
    let driver = Driver::start().await?;
    let hall = Hall::with_open_exam(Engine::Sqlite).await?;
    let wire = Wire::to(hall.base()).await?;
    let (wall, phone) = (
        driver.window_at(wire.base()).await?,
        driver.window_at(wire.base()).await?,
    );
    wall.is_sized(1920, 1080).await?;
    wall.goes_to(&format!("/bang/{}?cong-khai=1", hall.contest))
        .await?;
    wall.sees(".board[data-live]").await?;
    phone.is_sized(360, 740).await?;
    phone.goes_to(&format!("/bang/{}", hall.contest)).await?;
    phone.sees(".phone[data-live]").await?;
    for (window, badge) in [(&wall, ".board-cut"), (&phone, "#mat")] {
        ensure!(!window.shows(badge).await?, "{badge} is there for nothing");
    }
    wire.is_cut(true);
    wall.sees(".board-cut").await?;
    phone.sees("#mat").await?;
    wall.is_drawn("board-offline-1920x1080").await?;
    phone.is_drawn("board-offline-360x740").await?;
    wire.is_cut(false);
    for (window, badge) in [(&wall, ".board-cut"), (&phone, "#mat")] {
        until("the badge to go", async || {
            Ok((!window.shows(badge).await?).then_some(()))
        })
        .await?;
    }
    for window in [wall, phone] {
        window.closes().await?;
    }
    Ok(())
}
