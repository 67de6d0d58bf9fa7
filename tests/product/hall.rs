//! The screens of the hall: how a browser becomes one, what it shows, and who leads it.

use anyhow::{Context, Result};
use contest::actor::Role;
use harness::{Engine, Hall, Visitor, on_both_engines, until};
use serde_json::{Value, json};

const EVENTS: &str = "/api/man-hinh/events";

fn says(view: &Value, text: &str) -> bool {
    view["scene"]["scene"] == "message" && view["scene"]["text"] == text
}

/// Shows a message on a screen.
async fn shows(hall: &Hall, screen: &str, text: &str) -> Result<()> {
    let fields = [("screens[0]", screen), ("scene", "message"), ("message", text)];
    hall.hall_act("show_scene", &fields).await.map(drop)
}

/// A published exam behind a freeze: 29, 23 and 17 points, with a screen on the reveal.
async fn ready_to_reveal(engine: Engine) -> Result<(Hall, Visitor, String)> {
    let mut hall = Hall::empty(engine).await?;
    hall.teams = harness::files::teams(3, 1);
    hall.creates("Hội thi công bố").await?;
    hall.has_only_the_exam().await?;
    hall.imports_teams().await?;
    hall.imports_questions().await?;
    let (screen, id) = hall.has_screen("Màn hình chính").await?;
    hall.prepares().await?;
    hall.opens().await?;
    hall.all_hand_in([17, 29, 23]).await?;
    hall.hall_act("freeze", &[]).await?;
    hall.finishes_the_exam().await?;
    hall.hall_act("show_scene", &[("all", "true"), ("scene", "reveal")])
        .await?;
    Ok((hall, screen, id))
}

on_both_engines! {
    async fn a_screen_comes_back_to_its_scene(engine: Engine) -> Result<()> {
        let mut hall = Hall::with_contest(engine).await?;
        let stranger = hall.passer_by()?;
        assert_eq!(stranger.get("/api/man-hinh").await?.status, 400, "its page first");
        assert_eq!(stranger.get(EVENTS).await?.status, 401);
        let (mut browser, id) = hall.has_screen("Màn hình chính").await?;
        let mut stream = browser.stream(EVENTS).await?;
        assert_eq!(stream.view().await?["scene"]["scene"], "waiting");
        shows(&hall, &id, "Chào mừng").await?;
        stream.view_where(|view| says(view, "Chào mừng")).await?;

        // Its session is lost, the browser's name is not.
        let device = browser.cookies()?;
        let device = device.split("; ").find(|cookie| cookie.starts_with("thiet-bi=")).context("a device")?;
        let restarted = Visitor::with_cookies(hall.base(), device)?;
        let told: Value = restarted.get("/api/man-hinh").await?.ok()?.json()?;
        assert_eq!(told, json!({"claimed": true}));
        assert!(says(&restarted.stream(EVENTS).await?.view().await?, "Chào mừng"));
        browser = restarted;

        // The house goes and comes: the first bytes are what is to be seen now.
        let before = browser.stream(EVENTS).await?.next().await?.context("an event")?;
        hall.restarts().await?;
        browser = browser.at(hall.base());
        shows(&hall, &id, "Mời các đội").await?;
        let request = browser.request(reqwest::Method::GET, EVENTS)
            .header("accept", "text/event-stream")
            .header("last-event-id", before.id.unwrap_or_default());
        let mut again = harness::stream::Stream::of(request.send().await?)?;
        let first = again.next().await?.context("an event")?;
        assert_eq!(first.name, "view");
        assert!(says(&first.data["view"], "Mời các đội"), "{first:?}");
        let beat = again.next().await?.context("an event")?;
        assert_eq!((beat.name.as_str(), &beat.data["hash"]), ("beat", &first.data["hash"]));

        // The laptop of the organizer may feed the beamer: he stays who he is at all other addresses.
        let laptop = hall.organizer.clone();
        laptop.page("/man-hinh").await?;
        let told: Value = laptop.get("/api/man-hinh").await?.ok()?.json()?;
        let letters = told["letters"].as_str().context("letters")?;
        hall.hall_act("claim_screen", &[("letters", letters), ("name", "Máy chiếu")]).await?;
        let told: Value = laptop.get("/api/man-hinh").await?.ok()?.json()?;
        assert_eq!(told, json!({"claimed": true}));
        assert_eq!(laptop.stream(EVENTS).await?.view().await?["name"], "Máy chiếu");
        shows(&hall, &id, "Vẫn là ban tổ chức").await?;

        // Taken away, it is a stranger with letters again.
        hall.hall_act("remove_screen", &[("screen", &id)]).await?;
        again.end().await?;
        let told: Value = browser.get("/api/man-hinh").await?.ok()?.json()?;
        assert_eq!(told["letters"].as_str().map(str::len), Some(4), "{told}");
        Ok(())
    }

    async fn screens_show_their_own_or_all_the_same(engine: Engine) -> Result<()> {
        let hall = Hall::with_contest(engine).await?;
        let (left, one) = hall.has_screen("Trái").await?;
        let (right, two) = hall.has_screen("Phải").await?;
        let (mut left, mut right) = (left.stream(EVENTS).await?, right.stream(EVENTS).await?);
        let console = format!("/api/contests/{}/hall/events", hall.contest);
        let mut console = hall.organizer.stream(&console).await?;
        shows(&hall, &one, "Một").await?;
        shows(&hall, &two, "Hai").await?;
        left.view_where(|view| says(view, "Một")).await?;
        right.view_where(|view| says(view, "Hai")).await?;

        let prepared = [("all", "true"), ("scene", "message"), ("message", "Tất cả")];
        hall.hall_act("prepare_scene", &prepared).await?;
        console.view_where(|view| {
            let screens = view["desk"]["screens"].as_array();
            screens.is_some_and(|screens| screens.len() == 2 && screens.iter().all(|screen| {
                screen["next"]["text"] == "Tất cả" && screen["view"]["scene"]["text"] != "Tất cả"
            }))
        }).await?;
        hall.hall_act("take_scene", &[("all", "true")]).await?;
        for stream in [&mut left, &mut right] {
            stream.view_where(|view| says(view, "Tất cả")).await?;
        }
        hall.hall_act("blank_screens", &[("screens[0]", &one)]).await?;
        left.view_where(|view| view["scene"]["scene"] == "blank").await?;
        hall.hall_act("blank_screens", &[("screens[0]", &one), ("lit", "true")]).await?;
        left.view_where(|view| says(view, "Tất cả")).await?;
        hall.hall_act("reload_screens", &[("all", "true")]).await?;
        for stream in [&mut left, &mut right] {
            stream.view_where(|view| view["reloads"] == 1).await?;
        }
        // No byte ever told the screens of what was only prepared for them.
        let sent = String::from_utf8(left.bytes)?;
        let first_blank = sent.find("\"blank\"").context("it was blank")?;
        assert_eq!(sent[..first_blank].matches("Tất cả").count(), 1, "shown once, when it was taken");
        Ok(())
    }

    async fn the_console_hears_what_screens_say_of_themselves(engine: Engine) -> Result<()> {
        let hall = Hall::with_contest(engine).await?;
        let (browser, id) = hall.has_screen("Màn hình").await?;
        let first = browser.stream(EVENTS).await?.next().await?.context("an event")?;
        let console = format!("/api/contests/{}/hall/events", hall.contest);
        let mut console = hall.organizer.stream(&console).await?;
        assert_eq!(console.view().await?["seen"], json!({}));
        let word = json!({
            "hash": first.data["hash"], "width": 1920, "height": 1080, "slowest_frame": 18, "drawn_in": 30,
        });
        browser.post("/api/man-hinh/health", &word).await?.ok()?;
        let view = console.view_where(|view| view["seen"][&id]["health"]["width"] == 1920).await?;
        assert_eq!(view["seen"][&id]["current"], true);
        assert!(view["seen"][&id]["at"].as_i64().is_some_and(|at| at <= hall.now()));
        // From another page it is not heard.
        let foreign = browser.request_from("http://x.test", reqwest::Method::POST, "/api/man-hinh/health");
        assert_eq!(browser.send(foreign.json(&word)).await?.status, 403);
        assert_eq!(hall.passer_by()?.post("/api/man-hinh/health", &word).await?.status, 401);
        let large = json!({"hash": "x".repeat(100_000), "width": 1, "height": 1, "slowest_frame": 1, "drawn_in": 1});
        assert_eq!(browser.post("/api/man-hinh/health", &large).await?.status, 413);
        Ok(())
    }

    async fn frozen_standings_stay_as_they_were(engine: Engine) -> Result<()> {
        let hall = Hall::with_open_exam(engine).await?;
        let mut tablets = hall.contestants().await?;
        for tablet in &mut tablets {
            hall.answers_paper(tablet, 21, 9).await?;
            tablet.hands_in().await?;
        }
        let secretary = hall.secretary().await?;
        let not_hers = secretary.call("freeze", &[("contest", &hall.contest)]).await?;
        assert_eq!(not_hers.status, 403);
        hall.hall_act("freeze", &[]).await?;
        hall.closes("").await?;
        let before = hall.board().await?;
        let mut screen = hall.board_stream().await?;
        assert_eq!(screen.view().await?, before);
        hall.marks().await?;
        hall.publishes().await?;
        // The names of the phases are no marks.
        let told = |board: &Value| (board["rows"].clone(), board["frozen"].clone(), board["rounds"][0]["marks_shown"].clone());
        let board = hall.board().await?;
        assert_eq!(told(&board), told(&before));
        assert_eq!(board["rounds"][0]["marks_shown"], false);
        screen.view_where(|view| *view == board).await?;
        assert!(!String::from_utf8_lossy(&screen.bytes).contains("21000"));
        let live = hall.board_of(&secretary).await?;
        assert!(live["rows"].to_string().contains("21000"), "staff see the live ones");
        assert!(live["frozen"].is_i64(), "and that they are not the public's");

        let silent = hall.organizer.call("unfreeze", &[("contest", &*hall.contest)]).await?;
        assert_eq!(silent.status, 422, "unfreezing wants a reason");
        hall.hall_act("unfreeze", &[("reason", "Kết thúc hội thi")]).await?;
        screen.view_where(|view| view["rows"].to_string().contains("21000") && view["frozen"].is_null()).await?;
        Ok(())
    }

    async fn the_host_leads_through_the_reveal(engine: Engine) -> Result<()> {
        let (hall, screen, _) = ready_to_reveal(engine).await?;
        let pass = hall.invites(Role::Host, "Người dẫn Thu Hà").await?;
        let (host, entered) = harness::Tablet::tries(hall.base(), &pass.code).await?;
        assert_eq!(entered.ok()?.location.as_deref(), Some("/dan-chuong-trinh"));
        let path = format!("/api/contests/{}/host/events", hall.contest);
        let mut page = host.stream(&path).await?;
        assert!(page.view().await?["reveal"].is_null());
        assert_eq!(host.call("begin_reveal", &[("contest", &*hall.contest), ("by", "total")]).await?.status, 403);
        hall.hall_act("begin_reveal", &[("by", "total")]).await?;
        let begun = page.view_where(|view| view["reveal"]["step"] == 0).await?;
        let last = begun["reveal"]["steps"].as_u64().context("steps")? - 1;
        let mut shown = screen.stream(EVENTS).await?;
        let go = async |from: u64, to: u64| -> Result<Value> {
            let (from, to) = (from.to_string(), to.to_string());
            host.act("go_reveal", &[("contest", &hall.contest), ("from", &from), ("to", &to)]).await?;
            // Whoever joins now sees this step and no other.
            screen.stream(EVENTS).await?.view().await
        };
        let mut pictures = vec![shown.view().await?];
        for step in 0..last {
            let joined = go(step, step + 1).await?;
            shown.view_where(|view| *view == joined).await?;
            pictures.push(joined);
        }
        assert_eq!(pictures[pictures.len() - 1]["scene"]["picture"]["picture"], "final");
        for step in (0..last).rev() {
            assert_eq!(go(step + 1, step).await?, pictures[usize::try_from(step)?], "back at {step}");
        }
        assert_eq!(go(0, last).await?, pictures[pictures.len() - 1], "and forth again, in one jump");
        // Two on the button at once: the later one has pressed for a step that is gone.
        go(last, 0).await?;
        let pressed = (0..8).map(|_| go(0, 1));
        for picture in futures::future::join_all(pressed).await {
            assert_eq!(picture?, pictures[1]);
        }
        // The public and the phones have heard nothing of it all.
        assert!(!hall.board().await?["rows"].to_string().contains("29000"));
        let too_soon = hall.organizer.call("unfreeze", &[("contest", &*hall.contest)]).await?;
        assert_eq!(too_soon.status, 409, "not before everything is told");
        go(1, last).await?;
        hall.hall_act("unfreeze", &[]).await?;
        hall.board_becomes("the final standings", |board| board["rows"].to_string().contains("29000")).await?;
        Ok(())
    }
}

/// On two nodes one hall: letters, scenes, words of screens, steps.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_are_one_hall() -> Result<()> {
    if Engine::Postgres.left_out() {
        return Ok(());
    }
    let (mut hall, screen, id) = ready_to_reveal(Engine::Postgres).await?;
    let second = hall.another_node().await?;
    let (here, there) = (screen.clone(), screen.at(&second));
    let mut streams = [here.stream(EVENTS).await?, there.stream(EVENTS).await?];
    let organizers = [hall.organizer.clone(), hall.organizer.at(&second)];
    shows(&hall, &id, "Từ nút này").await?;
    streams[1].view_where(|view| says(view, "Từ nút này")).await?;
    let fields = [("contest", &*hall.contest), ("all", "true"), ("scene", "reveal")];
    organizers[1].act("show_scene", &fields).await?;
    streams[0]
        .view_where(|view| view["scene"]["scene"] == "reveal")
        .await?;

    // What a screen says at one is read at the other.
    let console = format!("/api/contests/{}/hall/events", hall.contest);
    let mut console = organizers[0].stream(&console).await?;
    let hash = there
        .stream(EVENTS)
        .await?
        .next()
        .await?
        .context("an event")?
        .data["hash"]
        .clone();
    let word = json!({"hash": hash, "width": 1024, "height": 768, "slowest_frame": 18, "drawn_in": 30});
    there.post("/api/man-hinh/health", &word).await?.ok()?;
    console
        .view_where(|view| view["seen"][&id]["current"] == true)
        .await?;

    hall.hall_act("begin_reveal", &[("by", "total")]).await?;
    for step in 0..4 {
        let (from, to) = (step.to_string(), (step + 1).to_string());
        let fields = [("contest", &*hall.contest), ("from", &from), ("to", &to)];
        let pressed = organizers
            .iter()
            .map(|organizer| organizer.act("go_reveal", &fields));
        for answer in futures::future::join_all(pressed).await {
            answer?;
        }
    }
    until("both to show the fourth step", async || {
        let one = here.stream(EVENTS).await?.view().await?;
        let two = there.stream(EVENTS).await?.view().await?;
        Ok((one == two).then_some(()))
    })
    .await?;
    let moved: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM entry WHERE contest = $1 AND body LIKE '%\"moved\"%'")
            .bind(&hall.contest)
            .fetch_one(&mut hall.database.connect().await?)
            .await?;
    assert_eq!(moved, 4, "each step once");
    Ok(())
}
