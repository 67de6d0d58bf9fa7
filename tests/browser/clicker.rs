//! Keys at the console and on the host's page: a clicker leads, whoever types only types.

use anyhow::{Context, Result, ensure};
use harness::{Engine, Hall};

use crate::driver::Driver;
use crate::story::signs_in;
use crate::window::{Stroke, Window};

const ON: Stroke = Stroke::of("PageDown");
const BACK: Stroke = Stroke::of("PageUp");
const BLANK: [Stroke; 2] = [Stroke::of("b"), Stroke::of(".")];

/// A contest with a screen that shows a message and has another ready.
async fn with_a_screen() -> Result<(Hall, harness::Visitor)> {
    let mut hall = Hall::empty(Engine::Sqlite).await?;
    hall.teams = harness::files::teams(4, 1);
    hall.creates("Hội thi Dân vận khéo").await?;
    hall.imports_teams().await?;
    let (screen, _) = hall.has_screen("Màn hình chính").await?;
    Ok((hall, screen))
}

/// Signs in and goes to that page of the contest.
async fn stands_before(hall: &Hall, window: &Window, page: &str, css: &str) -> Result<()> {
    window.is_sized(1366, 768).await?;
    signs_in(window).await?;
    window
        .goes_to(&format!("/hoi-thi/{}/{page}", hall.contest))
        .await?;
    window.sees(css).await?;
    window.minds_acts().await
}

/// Nothing has the focus.
async fn lets_go(window: &Window) -> Result<()> {
    window.runs("document.activeElement.blur()").await.map(drop)
}

/// Everything that is no command, whatever has the focus.
async fn holds_keys(window: &Window) -> Result<()> {
    for key in [
        ON,
        BACK,
        BLANK[0],
        BLANK[1],
        Stroke::of(" "),
        Stroke::of("ArrowRight"),
    ] {
        for held in [Stroke::ALT, Stroke::CTRL, Stroke::SYSTEM] {
            window.strikes(key.with(held)).await?;
        }
        window.strikes(key.again()).await?;
    }
    // While an input method composes, keys are its own.
    window
        .runs(
            "for (const key of ['b', '.', ' ', 'PageDown'])
                 dispatchEvent(new KeyboardEvent('keydown', { key, isComposing: true, cancelable: true }))",
        )
        .await
        .map(drop)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clicker_leads_the_console_and_typing_does_not() -> Result<()> {
    let driver = Driver::start().await?;
    let (hall, _screen) = with_a_screen().await?;
    let message = [("all", "true"), ("scene", "message"), ("message", "Xin chào")];
    hall.hall_act("prepare_scene", &message).await?;
    let console = driver.window(&hall).await?;
    stands_before(
        &hall,
        &console,
        "man-hinh",
        ".hall-desk[data-live] .screen-card.ready",
    )
    .await?;

    // In every box that takes text, keys write.
    console.presses("#canh input[value=message]").await?;
    for field in ["#canh-tin", "#bon-chu", "#ten-man-hinh"] {
        console.types(field, "b. b").await?;
        for key in [ON, BACK, Stroke::of(" "), BLANK[0], BLANK[1]] {
            console.strikes(key).await?;
        }
        let written = console
            .runs(&format!("return document.querySelector('{field}').value"))
            .await?;
        // A clicker's keys move what is typed next; of the letters none is lost.
        let mut letters: Vec<char> = written.as_str().context("a text")?.chars().collect();
        letters.sort_unstable();
        assert_eq!(letters, [' ', ' ', '.', '.', 'b', 'b', 'b'], "{field}: {written}");
        // Telex and the like hold what is written until the word is done.
        console.composes("Mờ").await?;
        console.strikes(BLANK[0]).await?;
        console.strikes(ON).await?;
    }
    holds_keys(&console).await?;
    lets_go(&console).await?;
    holds_keys(&console).await?;

    // What follows is done, and it is all that is done: acts go out in the order of the keys.
    console.strikes(ON).await?;
    console.sees(".screen-card:not(.ready) .s-message-text").await?;
    assert_eq!(console.acts().await?, ["take_scene"]);
    for key in BLANK {
        console.strikes(key).await?;
        let dark = if key.is(BLANK[0]) { ".is-blank" } else { ".is-lit" };
        console.sees(&format!(".screen-card .screen{dark}")).await?;
        console.hears_again().await?;
    }
    assert_eq!(
        console.acts().await?,
        ["take_scene", "blank_screens", "blank_screens"]
    );

    // With the focus on a button a clicker still leads, and Space presses the button.
    hall.hall_act("begin_reveal", &[("by", "total"), ("rehearsal", "true")])
        .await?;
    console.sees(".hall-next form[action$=go_reveal] button").await?;
    console
        .runs("document.querySelector('.hall-next form[action$=go_reveal] button').focus()")
        .await?;
    let at = |n: usize| move |text: &str| text.contains(&format!(" {n}/"));
    let badge = "section[aria-labelledby=cong-bo] .badge";
    console.strikes(ON).await?;
    console.reads(badge, at(2)).await?;
    console.strikes(BACK).await?;
    console.reads(badge, at(1)).await?;
    console.hears_again().await?;
    console
        .runs("document.querySelector('.hall-next form[action$=go_reveal] button').focus()")
        .await?;
    console.strikes(Stroke::of(" ")).await?;
    console.reads(badge, at(2)).await?;
    assert_eq!(console.acts().await?[3..], ["go_reveal"; 3]);
    // The other half of a double click, and a clicker that bounces, take no second step.
    console.hears_again().await?;
    console
        .runs(
            "for (let n = 0; n < 2; n += 1)
                 dispatchEvent(new KeyboardEvent('keydown', { key: 'PageDown', cancelable: true }))",
        )
        .await?;
    console.reads(badge, at(3)).await?;
    console.hears_again().await?;
    assert_eq!(console.acts().await?[3..], ["go_reveal"; 4]);
    console.closes().await
}

/// Two buttons pressed one right after the other are no double click of one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn quick_presses_on_two_screens_are_two_acts() -> Result<()> {
    let driver = Driver::start().await?;
    let (hall, _screen) = with_a_screen().await?;
    let _other = hall.has_screen("Sảnh").await?;
    let console = driver.window(&hall).await?;
    stands_before(
        &hall,
        &console,
        "man-hinh",
        ".hall-desk[data-live] .screen-card + .screen-card",
    )
    .await?;
    let presses = "document.querySelectorAll('.screen-card form[action$=blank_screens] button')
        .forEach((button) => { button.click(); button.click(); })";
    console.runs(presses).await?;
    harness::until("both to be dark", async || {
        let dark = console.count(".screen-card .screen.is-blank").await?;
        Ok((dark == 2).then_some(()))
    })
    .await?;
    console.hears_again().await?;
    assert_eq!(console.acts().await?, ["blank_screens"; 2]);
    // Dark, and at once lit again: by buttons that say which.
    console
        .runs("document.querySelector('.hall-all input').click()")
        .await?;
    console
        .runs(
            "document.querySelector('#canh details').open = true;
             const acts = document.querySelectorAll('#canh [formaction$=blank_screens]');
             acts[0].click();
             acts[1].click();",
        )
        .await?;
    harness::until("both to be lit", async || {
        let lit = console.count(".screen-card .screen.is-lit").await?;
        Ok((lit == 2).then_some(()))
    })
    .await?;
    assert_eq!(console.acts().await?, ["blank_screens"; 4]);
    console.closes().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clicker_leads_the_host_and_nothing_else_does() -> Result<()> {
    let driver = Driver::start().await?;
    let (hall, _screen) = with_a_screen().await?;
    hall.hall_act("begin_reveal", &[("by", "total"), ("rehearsal", "true")])
        .await?;
    let host = driver.window(&hall).await?;
    stands_before(
        &hall,
        &host,
        "dan-chuong-trinh",
        ".host-live[data-live] .host-step.next",
    )
    .await?;
    holds_keys(&host).await?;
    // Keys that choose in a list choose in it; a host has no screens to darken.
    host.runs("document.querySelector('#den-buoc').focus()").await?;
    for key in [ON, BACK, Stroke::of("ArrowRight")] {
        host.strikes(key).await?;
    }
    lets_go(&host).await?;
    for key in BLANK {
        host.strikes(key).await?;
    }
    // Before the first step there is no way back.
    host.strikes(BACK).await?;
    let at = |n: usize| move |text: &str| text.contains(&format!(" {n}/"));
    host.strikes(ON).await?;
    host.reads(".host-step .badge", at(2)).await?;
    assert_eq!(host.acts().await?, ["go_reveal"]);
    for (key, n) in [
        (Stroke::of(" "), 3),
        (Stroke::of("ArrowRight"), 4),
        (BACK, 3),
        (Stroke::of("ArrowLeft"), 2),
    ] {
        host.hears_again().await?;
        host.strikes(key).await?;
        host.reads(".host-step .badge", at(n)).await?;
    }
    assert_eq!(host.acts().await?, ["go_reveal"; 5]);
    // The last step is the last.
    let last = host.count("#den-buoc option").await?;
    host.runs(&format!(
        "document.querySelector('#den-buoc').value = '{}'",
        last - 1
    ))
    .await?;
    host.presses(".host-more form[action$=go_reveal] button").await?;
    host.reads(".host-step .badge", at(last)).await?;
    host.hears_again().await?;
    host.strikes(ON).await?;
    host.strikes(BACK).await?;
    host.reads(".host-step .badge", at(last - 1)).await?;
    ensure!(host.acts().await? == ["go_reveal"; 7], "{:?}", host.acts().await?);
    host.closes().await
}
