//! The host's page in a real browser: steps by name, and the automatic pace.

use anyhow::{Context, Result, ensure};
use harness::{Engine, Hall, until};

use crate::driver::Driver;
use crate::pages::looked;
use crate::story::signs_in;
use crate::window::{Stroke, Window};

const TABLETS: [(u32, u32); 2] = [(1280, 800), (800, 1280)];
/// The shortest pace, in seconds.
const PACE: u64 = 5;

/// A rehearsal with four teams.
async fn rehearsing() -> Result<Hall> {
    let mut hall = Hall::empty(Engine::Sqlite).await?;
    hall.teams = harness::files::teams(4, 1);
    hall.creates("Hội thi Dân vận khéo").await?;
    hall.imports_teams().await?;
    hall.hall_act("begin_reveal", &[("by", "total"), ("rehearsal", "true")])
        .await?;
    Ok(hall)
}

/// The staff's page of the host.
async fn leads(hall: &Hall, window: &Window) -> Result<()> {
    window.is_sized(TABLETS[0].0, TABLETS[0].1).await?;
    signs_in(window).await?;
    window
        .goes_to(&format!("/hoi-thi/{}/dan-chuong-trinh", hall.contest))
        .await?;
    window.sees(".host-live[data-live] .host-step.next").await?;
    Ok(())
}

/// Waits until the page stands at step `n`, from 1.
async fn stands_at(window: &Window, n: usize) -> Result<()> {
    let badge = format!("{n}/");
    window
        .reads(".host-step .badge", |text| text.contains(&format!(" {badge}")))
        .await?;
    window.hears_again().await
}

/// The step that stands in the list.
async fn chosen(window: &Window) -> Result<usize> {
    let at = window
        .runs("return Number(document.querySelector('#den-buoc').value)")
        .await?;
    Ok(at.as_u64().context("a number")? as usize + 1)
}

async fn texts(window: &Window, css: &str, of: &str) -> Result<Vec<String>> {
    let script = format!("return [...document.querySelectorAll('{css}')].map((one) => one.{of})");
    Ok(serde_json::from_value(window.runs(&script).await?)?)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_host_jumps_to_a_step_by_its_name() -> Result<()> {
    let driver = Driver::start().await?;
    let hall = rehearsing().await?;
    let host = driver.window(&hall).await?;
    leads(&hall, &host).await?;
    let names = texts(&host, "#den-buoc option", "textContent").await?;
    ensure!(names[0] == "1. Mở đầu", "{names:?}");
    ensure!(
        names.last().is_some_and(|name| name.ends_with("Bảng chung cuộc")),
        "{names:?}"
    );
    for team in &hall.teams {
        for what in ["Gọi tên", "Điểm của", "Thứ hạng của"] {
            let step = format!("{what} {}", team.name);
            ensure!(
                names.iter().any(|name| name.ends_with(&step)),
                "{step}: {names:?}"
            );
        }
    }
    let prize = |name: &&String| name.contains("Giải Nhất: ");
    ensure!(names.iter().filter(prize).count() == 1, "{names:?}");
    let places = texts(&host, "#den-buoc optgroup", "label").await?;
    ensure!(
        places.first().is_some_and(|place| place == "Hạng 4"),
        "{places:?}"
    );
    ensure!(places.last().is_some_and(|place| place == "Hạng 1"), "{places:?}");

    // To the second of them who is told: what stands there is the name that was chosen.
    let to = names
        .iter()
        .position(|name| name.contains("Thứ hạng của"))
        .context("such a step")?;
    host.runs(&format!(
        "const list = document.querySelector('#den-buoc'); list.value = '{to}'"
    ))
    .await?;
    host.presses(".host-more form[action$=go_reveal] button").await?;
    stands_at(&host, to + 1).await?;
    let (_, name) = names[to].split_once(". ").context("number and name")?;
    host.reads(".host-step:not(.next) .host-step-name", |text| text == name)
        .await?;
    // The list goes along, whatever was chosen in it before.
    host.presses(".host-go.on button").await?;
    stands_at(&host, to + 2).await?;
    ensure!(chosen(&host).await? == to + 2);
    let mut wrong = Vec::new();
    for size in TABLETS {
        host.is_sized(size.0, size.1).await?;
        looked(&host, "the host's page", "host-names", size, &mut wrong).await?;
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    host.closes().await
}

/// Whether the pace runs.
async fn runs(host: &Window, is: bool) -> Result<()> {
    host.sees(&format!(".host-pace[aria-pressed={is}]"))
        .await
        .map(drop)
}

/// The page has looked at its clock for longer than a pace, and stands where it stood.
async fn rests_at(host: &Window, n: usize) -> Result<()> {
    host.runs(&format!(
        "window.rested = false;
         const until = performance.now() + {};
         const look = setInterval(() => {{ if (performance.now() > until) {{ window.rested = true; clearInterval(look); }} }}, 100);",
        (PACE + 1) * 1_000
    ))
    .await?;
    until("the page to have rested", async || {
        Ok(host
            .runs("return window.rested")
            .await?
            .as_bool()
            .filter(|rested| *rested))
    })
    .await?;
    ensure!(chosen(host).await? == n, "it has gone on");
    stands_at(host, n).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_pace_takes_steps_until_somebody_presses_anything() -> Result<()> {
    let driver = Driver::start().await?;
    let hall = rehearsing().await?;
    let host = driver.window(&hall).await?;
    leads(&hall, &host).await?;
    host.minds_acts().await?;
    host.runs(&format!(
        "const pace = document.querySelector('#nhip');
         pace.value = '{PACE}';
         pace.dispatchEvent(new Event('change', {{ bubbles: true }}));"
    ))
    .await?;
    host.presses(".host-pace").await?;
    runs(&host, true).await?;
    // Two steps by itself, each once.
    stands_at(&host, 3).await?;
    assert_eq!(host.acts().await?, ["go_reveal"; 2]);
    // Back: in the host's own hand again.
    host.presses(".host-go:not(.on) button").await?;
    stands_at(&host, 2).await?;
    runs(&host, false).await?;
    rests_at(&host, 2).await?;
    assert_eq!(host.acts().await?, ["go_reveal"; 3]);

    // At the end it stops by itself.
    let last = texts(&host, "#den-buoc option", "value").await?.len();
    host.runs(&format!(
        "document.querySelector('#den-buoc').value = '{}'",
        last - 2
    ))
    .await?;
    host.presses(".host-more form[action$=go_reveal] button").await?;
    stands_at(&host, last - 1).await?;
    host.presses(".host-pace").await?;
    runs(&host, true).await?;
    stands_at(&host, last).await?;
    runs(&host, false).await?;

    // The organizer ends the reveal: there is nothing left that could go on.
    host.presses(".host-go:not(.on) button").await?;
    stands_at(&host, last - 1).await?;
    host.presses(".host-pace").await?;
    runs(&host, true).await?;
    // With another device: here nothing is pressed.
    hall.hall_act("end_reveal", &[]).await?;
    host.sees(".host-stage").await?;
    hall.hall_act("begin_reveal", &[("by", "total"), ("rehearsal", "true")])
        .await?;
    rests_at(&host, 1).await?;
    runs(&host, false).await?;

    // Somebody goes back with another device: he knows why.
    host.presses(".host-pace").await?;
    runs(&host, true).await?;
    stands_at(&host, 2).await?;
    hall.hall_act("go_reveal", &[("from", "1"), ("to", "0")]).await?;
    rests_at(&host, 1).await?;
    runs(&host, false).await?;

    // With keys alone: the button is what it says, a list goes on being chosen from.
    host.runs("document.querySelector('.host-pace').focus()").await?;
    host.strikes(Stroke::of(" ")).await?;
    runs(&host, true).await?;
    host.strikes(Stroke::of(" ")).await?;
    runs(&host, false).await?;
    let chosen = host
        .runs(
            "const pace = document.querySelector('#nhip');
             pace.focus();
             pace.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
             pace.dispatchEvent(new Event('change', { bubbles: true }));
             return document.activeElement === pace",
        )
        .await?;
    ensure!(chosen == true, "it keeps the focus");
    host.closes().await
}
