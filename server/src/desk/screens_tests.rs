//! The hall on both engines: who becomes a screen, what it shows, freeze, reveal, logos.

use std::io::Cursor;
use std::sync::Arc;

use app::backend::{Accounts, AppError, Contests, Halls, NewPerson, People, ScreenDoor, ScreenHealth, Visit};
use contest::actor::Role;
use contest::audience::Audience;
use contest::hall_view::{SceneView, ScreenView};
use contest::reveal::{Picture, RevealAct, RevealBy, RowState};
use contest::screen::{Scene, ScreenAct};
use contest::{Actor, Command, Digest, PersonId, Points, Refusal, UserId};
use image::{DynamicImage, ImageFormat};

use super::hall::{Guest, Hall, ROUND, SECOND, rules, visit};
use super::{House, showing};
use crate::hub::hash;
use crate::store::testing::on_both_engines;

on_both_engines!(
    a_browser_waits_under_its_letters_and_becomes_a_screen,
    letters_are_good_for_a_day,
    not_more_wait_than_there_is_room_for,
    whoever_guesses_letters_has_to_wait,
    a_screen_with_a_printed_code_is_told_to_the_ledger,
    a_screen_that_is_taken_away_is_a_stranger,
    a_scene_is_prepared_and_taken_and_the_blank_gives_it_back,
    the_console_knows_what_each_screen_draws,
    what_one_node_takes_the_other_shows,
    frozen_means_as_it_was,
    two_hosts_at_once_take_one_step,
    the_host_steps_and_does_nothing_else,
    a_logo_is_kept_for_its_contest_alone,
);

/// A browser that nobody knows.
fn browser(device: &str) -> Visit {
    Visit {
        device: device.into(),
        ..visit(Actor::Public, None)
    }
}

/// The letters under which it waits.
async fn letters(house: &House, browser: &Visit) -> String {
    match house.screen_door(browser).await.expect("the door opens") {
        ScreenDoor::Waiting { letters } => letters,
        ScreenDoor::Claimed { .. } => panic!("nobody has claimed it"),
    }
}

/// Claims a new browser; the visit is that of the screen it has become.
async fn screen(hall: &Hall, device: &str, name: &str) -> (PersonId, Visit) {
    let waiting = letters(&hall.house, &browser(device)).await;
    let person = hall
        .house
        .claim_screen(&hall.organizer, &hall.id, &waiting, name)
        .await
        .expect("claimed");
    let screen = Visit {
        device: device.into(),
        ..visit(Actor::Screen { person }, Some(&hall.id))
    };
    (person, screen)
}

fn shown(act: ScreenAct) -> Command {
    Command::Screen { act }
}

fn told(act: RevealAct) -> Command {
    Command::Reveal { act }
}

/// The other node, where there can be one.
async fn other_node(hall: &Hall, url: &str) -> Arc<House> {
    if url.starts_with("sqlite") {
        hall.house.clone()
    } else {
        Hall::node(url, hall.clock.clone()).await
    }
}

async fn view(house: &House, screen: &Visit) -> ScreenView {
    house.screen_view(screen).await.expect("a view")
}

async fn a_browser_waits_under_its_letters_and_becomes_a_screen(url: String) {
    let hall = Hall::open(&url, rules(|_| {}), 0).await;
    let (tv, beamer) = (browser("tv"), browser("beamer"));
    let waiting = letters(&hall.house, &tv).await;
    assert_eq!(waiting.len(), 4);
    assert_eq!(
        letters(&hall.house, &tv).await,
        waiting,
        "the same until it is claimed"
    );
    assert_ne!(letters(&hall.house, &beamer).await, waiting);
    // Whoever is signed in would be signed out by it.
    let mine = hall.house.screen_door(&hall.organizer).await;
    assert!(matches!(mine, Err(AppError::Forbidden)), "{mine:?}");

    let claim = async |who: &Visit, letters: &str, name: &str| {
        hall.house.claim_screen(who, &hall.id, letters, name).await
    };
    assert_eq!(claim(&tv, &waiting, "Màn hình").await, Err(AppError::SignIn));
    let judge = visit(Actor::Judge { person: PersonId(5) }, Some(&hall.id));
    assert_eq!(
        claim(&judge, &waiting, "Màn hình").await,
        Err(AppError::Forbidden)
    );
    assert_eq!(
        claim(&hall.organizer, "AAAA", "Màn hình").await,
        Err(AppError::WrongLetters)
    );
    let nameless = claim(&hall.organizer, &waiting, " ").await;
    assert!(matches!(nameless, Err(AppError::Refused { .. })), "{nameless:?}");
    assert_eq!(
        letters(&hall.house, &tv).await,
        waiting,
        "a refusal takes nothing"
    );

    let person = claim(&hall.organizer, &waiting.to_lowercase(), "Màn hình chính")
        .await
        .expect("claimed");
    assert_eq!(
        claim(&hall.organizer, &waiting, "Hai").await,
        Err(AppError::WrongLetters),
        "only once"
    );
    let ScreenDoor::Claimed { session } = hall.house.screen_door(&tv).await.expect("open") else {
        panic!("it was claimed");
    };
    let session = hall
        .house
        .session(&super::token::hashed(&session.token))
        .await
        .expect("signed in");
    assert_eq!(session.actor, Actor::Screen { person });
    assert_eq!(
        (session.device.as_str(), session.contest.as_ref()),
        ("tv", Some(&hall.id))
    );
    assert_eq!(hall.contest().await.hall.screens[&person].name, "Màn hình chính");
    // It comes back as itself even when its session is gone.
    let again = hall.house.screen_door(&tv).await;
    assert!(matches!(again, Ok(ScreenDoor::Claimed { .. })), "{again:?}");
}

async fn letters_are_good_for_a_day(url: String) {
    let hall = Hall::open(&url, rules(|_| {}), 0).await;
    let tv = browser("tv");
    let old = letters(&hall.house, &tv).await;
    hall.pass(24 * 3600 * SECOND);
    let claimed = hall
        .house
        .claim_screen(&hall.organizer, &hall.id, &old, "Màn hình")
        .await;
    assert_eq!(claimed, Err(AppError::WrongLetters));
    let new = letters(&hall.house, &tv).await;
    hall.house
        .claim_screen(&hall.organizer, &hall.id, &new, "Màn hình")
        .await
        .expect("claimed");
}

async fn not_more_wait_than_there_is_room_for(url: String) {
    let hall = Hall::open(&url, rules(|_| {}), 0).await;
    let first = browser("first");
    let old = letters(&hall.house, &first).await;
    let now = hall.house.now();
    hall.house
        .store
        .write(move |tx| {
            Box::pin(async move {
                for n in 0..2_000_i64 {
                    sqlx::query("INSERT INTO screen_door (device, letters, created_at) VALUES ($1, $2, $3)")
                        .bind(format!("flood {n}"))
                        .bind(format!("flood {n}"))
                        .bind(now + 1)
                        .execute(&mut *tx)
                        .await?;
                }
                Ok(())
            })
        })
        .await
        .expect("a flood");
    hall.pass(SECOND);
    letters(&hall.house, &browser("last")).await;
    let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM screen_door")
        .fetch_one(hall.house.store.read())
        .await
        .expect("counted");
    assert_eq!(count, 2_000);
    // Whoever had to make room draws again.
    let gone = hall
        .house
        .claim_screen(&hall.organizer, &hall.id, &old, "Màn hình")
        .await;
    assert_eq!(gone, Err(AppError::WrongLetters));
    letters(&hall.house, &first).await;
}

async fn whoever_guesses_letters_has_to_wait(url: String) {
    let hall = Hall::open(&url, rules(|_| {}), 0).await;
    let waiting = letters(&hall.house, &browser("tv")).await;
    let claim = async |letters: &str| {
        hall.house
            .claim_screen(&hall.organizer, &hall.id, letters, "Màn hình")
            .await
    };
    let wrong = if waiting == "CCCC" { "FFFF" } else { "CCCC" };
    for _ in 0..5 {
        assert_eq!(claim(wrong).await, Err(AppError::WrongLetters));
    }
    let limited = claim(&waiting).await;
    assert!(matches!(limited, Err(AppError::Limited { .. })), "{limited:?}");
    hall.pass(3 * SECOND);
    claim(&waiting).await.expect("a patient one is let in");
    let next = letters(&hall.house, &browser("beamer")).await;
    claim(&next).await.expect("and is not held back any more");
}

async fn a_screen_with_a_printed_code_is_told_to_the_ledger(url: String) {
    let hall = Hall::open(&url, rules(|_| {}), 0).await;
    let new = NewPerson {
        role: Role::Screen,
        name: "Màn hình sân khấu".into(),
        sbd: String::new(),
        team: None,
        post: String::new(),
    };
    let person = hall
        .house
        .add_person(&hall.organizer, &hall.id, new)
        .await
        .expect("added");
    assert!(hall.contest().await.hall.screens.is_empty());
    let people = hall
        .house
        .people(&hall.organizer, &hall.id, Some(Role::Screen))
        .await
        .expect("listed");
    let tv = browser("tv");
    let session = hall.house.enter(&tv, &people[0].code).await.expect("entered");
    assert_eq!(session.home, "/man-hinh");
    let known = &hall.contest().await.hall.screens;
    assert_eq!(known[&person].name, "Màn hình sân khấu");
    let seq = hall.contest().await.seq;
    hall.house
        .enter(&tv, &people[0].code)
        .await
        .expect("entered again");
    assert_eq!(hall.contest().await.seq, seq, "it is known");
    // Who is removed from the people is no screen either.
    hall.house
        .remove_person(&hall.organizer, &hall.id, person)
        .await
        .expect("removed");
    assert!(hall.contest().await.hall.screens.is_empty());
}

async fn a_screen_that_is_taken_away_is_a_stranger(url: String) {
    let hall = Hall::open(&url, rules(|_| {}), 0).await;
    let (person, _) = screen(&hall, "tv", "Màn hình").await;
    let tv = browser("tv");
    let ScreenDoor::Claimed { session } = hall.house.screen_door(&tv).await.expect("open") else {
        panic!("it is a screen");
    };
    let token = super::token::hashed(&session.token);
    assert!(hall.house.session(&token).await.is_some());
    hall.house
        .remove_screen(&hall.organizer, &hall.id, person)
        .await
        .expect("removed");
    assert!(hall.house.session(&token).await.is_none());
    assert!(hall.contest().await.hall.screens.is_empty());
    letters(&hall.house, &tv).await;
    hall.house
        .remove_screen(&hall.organizer, &hall.id, person)
        .await
        .expect("nothing is left to do");

    // The plain commands do not go around the door.
    for act in [
        ScreenAct::Add {
            screen: PersonId(7),
            name: "Giả".into(),
        },
        ScreenAct::Remove { screen: PersonId(7) },
    ] {
        let refused = hall.try_to(shown(act)).await;
        assert!(matches!(refused, Err(AppError::BadRequest { .. })), "{refused:?}");
    }
}

async fn a_scene_is_prepared_and_taken_and_the_blank_gives_it_back(url: String) {
    let hall = Hall::open(&url, rules(|_| {}), 0).await;
    let (one, left) = screen(&hall, "left", "Trái").await;
    let (two, right) = screen(&hall, "right", "Phải").await;
    assert_eq!(view(&hall.house, &left).await.scene, SceneView::Waiting);
    let message = |text: &str| Scene::Message { text: text.into() };
    let says = |text: &str| SceneView::Message { text: text.into() };

    hall.act(shown(ScreenAct::Show {
        screens: vec![one],
        scene: message("Một"),
    }))
    .await;
    assert_eq!(view(&hall.house, &left).await.scene, says("Một"));
    assert_eq!(
        view(&hall.house, &right).await.scene,
        SceneView::Waiting,
        "each its own scene"
    );

    hall.act(shown(ScreenAct::Prepare {
        screens: vec![one, two],
        scene: message("Hai"),
    }))
    .await;
    assert_eq!(
        view(&hall.house, &left).await.scene,
        says("Một"),
        "nobody sees it yet"
    );
    let (desk, _) = hall
        .house
        .hall_desk(&hall.organizer, &hall.id)
        .await
        .expect("the console");
    assert!(desk.screens.iter().all(|screen| screen.next == Some(says("Hai"))));
    hall.act(shown(ScreenAct::Take {
        screens: vec![one, two],
    }))
    .await;
    for screen in [&left, &right] {
        assert_eq!(view(&hall.house, screen).await.scene, says("Hai"));
    }

    hall.act(shown(ScreenAct::Blank {
        screens: vec![one],
        blank: true,
    }))
    .await;
    assert_eq!(view(&hall.house, &left).await.scene, SceneView::Blank);
    hall.act(shown(ScreenAct::Blank {
        screens: vec![one],
        blank: false,
    }))
    .await;
    assert_eq!(view(&hall.house, &left).await.scene, says("Hai"));
    hall.act(shown(ScreenAct::Reload { screens: vec![two] })).await;
    assert_eq!(
        (
            view(&hall.house, &left).await.reloads,
            view(&hall.house, &right).await.reloads
        ),
        (0, 1)
    );

    // A secretary runs the hall; a screen of another contest sees nothing of this one.
    let secretary = visit(Actor::Secretary { person: PersonId(3) }, Some(&hall.id));
    let act = ScreenAct::Show {
        screens: vec![two],
        scene: Scene::Hosts,
    };
    hall.house
        .execute(&secretary, &hall.id, shown(act))
        .await
        .expect("shown");
    assert_eq!(
        hall.house.screen_view(&hall.organizer).await,
        Err(AppError::Forbidden)
    );
    assert_eq!(hall.house.screen_view(&browser("x")).await, Err(AppError::SignIn));

    // The name follows into the list of people.
    hall.act(shown(ScreenAct::Rename {
        screen: two,
        name: "Cánh phải".into(),
    }))
    .await;
    let people = hall
        .house
        .people(&hall.organizer, &hall.id, Some(Role::Screen))
        .await
        .expect("listed");
    assert!(
        people
            .iter()
            .any(|person| person.id == two && person.name == "Cánh phải")
    );
}

fn health(hash: &str) -> ScreenHealth {
    ScreenHealth {
        hash: hash.into(),
        width: 1920,
        height: 1080,
        slowest_frame: 17,
        drawn_in: 24,
    }
}

async fn the_console_knows_what_each_screen_draws(url: String) {
    let hall = Hall::open(&url, rules(|_| {}), 0).await;
    let other = other_node(&hall, &url).await;
    let (tv, left) = screen(&hall, "left", "Trái").await;
    let drawn = async || hash(&showing::json(&view(&hall.house, &left).await).expect("JSON"));
    let seen = async |house: &House| {
        let desk = house.hall_desk(&hall.organizer, &hall.id).await;
        desk.expect("the console").1.get(&tv).cloned()
    };
    assert_eq!(seen(&hall.house).await, None, "it has said nothing");
    let before = drawn().await;
    // It judges by what it knows: it must have heard of the screen.
    while view(&other, &left).await.name.is_empty() {
        tokio::task::yield_now().await;
    }
    other.screen_health(&left, health(&before)).await.expect("kept");
    let known = seen(&hall.house).await.expect("heard, at whichever node");
    assert!(known.current);
    assert_eq!((known.at, known.health), (hall.house.now(), health(&before)));

    let scene = Scene::Message { text: "Mới".into() };
    hall.act(shown(ScreenAct::Show {
        screens: vec![tv],
        scene,
    }))
    .await;
    hall.house
        .screen_health(&left, health(&before))
        .await
        .expect("kept");
    assert!(
        seen(&hall.house).await.is_some_and(|seen| seen.current),
        "a moment behind"
    );
    hall.pass(6 * SECOND);
    hall.house
        .screen_health(&left, health(&before))
        .await
        .expect("kept");
    let behind = seen(&other).await.expect("heard");
    assert!(!behind.current, "it draws what nobody told it to");
    assert_eq!(behind.at, hall.house.now());
    hall.house
        .screen_health(&left, health(&drawn().await))
        .await
        .expect("kept");
    assert!(seen(&hall.house).await.is_some_and(|seen| seen.current));

    let long = hall.house.screen_health(&left, health(&"x".repeat(65))).await;
    assert_eq!(long, Err(AppError::BadField { field: "hash".into() }));
    let stranger = hall.house.screen_health(&hall.organizer, health("")).await;
    assert_eq!(stranger, Err(AppError::Forbidden));
}

async fn what_one_node_takes_the_other_shows(url: String) {
    let hall = Hall::open(&url, rules(|_| {}), 0).await;
    let other = other_node(&hall, &url).await;
    // It waits at one node and is claimed at the other.
    let tv = browser("tv");
    let waiting = letters(&other, &tv).await;
    let person = hall
        .house
        .claim_screen(&hall.organizer, &hall.id, &waiting, "Màn hình")
        .await
        .expect("claimed");
    assert!(matches!(
        other.screen_door(&tv).await,
        Ok(ScreenDoor::Claimed { .. })
    ));
    let screen = visit(Actor::Screen { person }, Some(&hall.id));
    let scene = Scene::Message {
        text: "Từ nút kia".into(),
    };
    hall.act(shown(ScreenAct::Prepare {
        screens: vec![person],
        scene,
    }))
    .await;
    let organizer = hall.organizer.clone();
    while view(&other, &screen).await.name.is_empty() {
        tokio::task::yield_now().await;
    }
    other
        .execute(
            &organizer,
            &hall.id,
            shown(ScreenAct::Take {
                screens: vec![person],
            }),
        )
        .await
        .expect("taken");
    hall.heard(|contest| contest.hall.screens[&person].next.is_none())
        .await;
    assert_eq!(view(&hall.house, &screen).await, view(&other, &screen).await);
    assert_eq!(
        view(&hall.house, &screen).await.scene,
        SceneView::Message {
            text: "Từ nút kia".into()
        }
    );
}

/// Two teams that have written: 22,5 and 7,5 points of 30.
async fn written(hall: &Hall) -> [Guest; 2] {
    let a = hall.add(1, &["An"]).await.remove(0);
    let b = hall.add(2, &["Bình"]).await.remove(0);
    hall.begin().await;
    hall.write(&a, 1, "rrrw").await;
    hall.write(&b, 1, "rwww").await;
    [a, b]
}

async fn is_published(hall: &Hall) {
    let close = Command::CloseExam {
        round: ROUND,
        reason: None,
    };
    hall.act(close).await;
    hall.mark().await;
    hall.act(Command::PublishExam { round: ROUND }).await;
}

async fn frozen_means_as_it_was(url: String) {
    let hall = Hall::open(&url, rules(|exam| exam.live_marks = true), 4).await;
    let [a, b] = written(&hall).await;
    hall.hand_in(&a).await;
    let board = async |audience: Audience| {
        let contest = hall.contest().await;
        hall.house.board_for(&contest, audience).await.expect("a board")
    };
    let totals = async |audience: Audience| {
        let board = board(audience).await;
        board
            .rows
            .iter()
            .map(|row| (row.team.0, row.rank, row.total))
            .collect::<Vec<_>>()
    };
    let before = totals(Audience::Public).await;
    assert_eq!(
        before[0],
        (1, Some(1), Some(Points(22_500))),
        "live marks are shown"
    );

    let secretary = visit(Actor::Secretary { person: PersonId(3) }, Some(&hall.id));
    assert_eq!(
        hall.house.freeze(&secretary, &hall.id).await,
        Err(AppError::Forbidden)
    );
    let stale = RevealAct::Freeze {
        progress: Default::default(),
    };
    let around = hall.try_to(told(stale)).await;
    assert!(matches!(around, Err(AppError::BadRequest { .. })), "{around:?}");
    hall.house
        .freeze(&hall.organizer, &hall.id)
        .await
        .expect("frozen");
    let seq = hall.contest().await.seq;
    assert_eq!(
        hall.house.freeze(&hall.organizer, &hall.id).await,
        Ok(seq),
        "it is so already"
    );
    let frozen = board(Audience::Public).await;
    assert_eq!(frozen.frozen, Some(hall.house.now()));

    hall.pass(SECOND);
    hall.hand_in(&b).await;
    is_published(&hall).await;
    assert_eq!(
        totals(Audience::Public).await,
        before,
        "the public sees them as they were"
    );
    assert_eq!(
        totals(Audience::Staff).await[1],
        (2, Some(2), Some(Points(7_500)))
    );
    let (overlay, desk) = (
        hall.house.overlay(&hall.id).await.expect("the overlay"),
        hall.house
            .hall_desk(&hall.organizer, &hall.id)
            .await
            .expect("the console")
            .0,
    );
    assert!(overlay.frozen && overlay.top.iter().all(|row| row.total != Some(Points(7_500))));
    assert_eq!(desk.frozen, frozen.frozen);

    let unfreeze = |reason: Option<&str>| RevealAct::Unfreeze {
        reason: reason.map(str::to_owned),
    };
    assert_eq!(
        hall.try_to(told(unfreeze(None))).await,
        Err(Refusal::ReasonNeeded.into())
    );
    hall.act(told(unfreeze(Some("Kết thúc hội thi")))).await;
    assert_eq!(totals(Audience::Public).await, totals(Audience::Staff).await);
}

/// A contest that reveals its standings, with one screen on the reveal.
async fn revealing(hall: &Hall) -> Visit {
    let (person, tv) = screen(hall, "tv", "Màn hình").await;
    let [a, b] = written(hall).await;
    hall.hand_in(&a).await;
    hall.hand_in(&b).await;
    hall.house
        .freeze(&hall.organizer, &hall.id)
        .await
        .expect("frozen");
    is_published(hall).await;
    hall.act(shown(ScreenAct::Show {
        screens: vec![person],
        scene: Scene::Reveal,
    }))
    .await;
    hall.act(told(RevealAct::Begin {
        by: RevealBy::Total,
        rehearsal: false,
    }))
    .await;
    tv
}

async fn two_hosts_at_once_take_one_step(url: String) {
    let hall = Hall::open(&url, rules(|_| {}), 4).await;
    let other = other_node(&hall, &url).await;
    let tv = revealing(&hall).await;
    let host = visit(Actor::Host { person: PersonId(4) }, Some(&hall.id));
    let steps = hall
        .house
        .host_view(&host, &hall.id)
        .await
        .expect("the page")
        .reveal
        .expect("a reveal")
        .steps;
    assert_eq!(steps, 8, "opening, three for each of two teams, the final board");
    for from in 0..steps - 1 {
        let go = told(RevealAct::Go {
            reveal: None,
            from,
            to: from + 1,
        });
        let (one, two) = tokio::join!(
            hall.house.execute(&host, &hall.id, go.clone()),
            other.execute(&hall.organizer, &hall.id, go.clone()),
        );
        one.expect("taken, or taken already");
        two.expect("taken, or taken already");
        for house in [&hall.house, &other] {
            let late = house.execute(&host, &hall.id, go.clone()).await;
            late.expect("too late is no error");
        }
        let contest = hall.contest().await;
        assert_eq!(
            contest.hall.reveal.as_ref().map(|reveal| reveal.step),
            Some(from + 1)
        );
    }
    let entries = hall
        .house
        .ledger(&hall.organizer, &hall.id, None, 200)
        .await
        .expect("the ledger");
    let moves = entries
        .iter()
        .filter(|entry| entry.event.name() == "reveal_moved")
        .count();
    assert_eq!(moves, 7, "each step is in the ledger once");
    let SceneView::Reveal {
        picture: Some(Picture::Final { rows }),
        ..
    } = view(&hall.house, &tv).await.scene
    else {
        panic!("everything is told");
    };
    assert!(rows.iter().all(|row| row.state == RowState::Placed));
}

async fn the_host_steps_and_does_nothing_else(url: String) {
    let hall = Hall::open(&url, rules(|_| {}), 4).await;
    let tv = revealing(&hall).await;
    let host = visit(Actor::Host { person: PersonId(4) }, Some(&hall.id));
    let reveal = hall
        .house
        .host_view(&host, &hall.id)
        .await
        .expect("the page")
        .reveal
        .expect("a reveal");
    assert!(reveal.next.is_some());
    let SceneView::Reveal {
        picture: Some(Picture::Board { rows, .. }),
        ..
    } = view(&hall.house, &tv).await.scene
    else {
        panic!("the opening is a board");
    };
    assert!(
        rows.iter().all(|row| row.total.is_none() && row.rank.is_none()),
        "nothing is told yet"
    );
    hall.house
        .execute(
            &host,
            &hall.id,
            told(RevealAct::Go {
                reveal: None,
                from: 0,
                to: 2,
            }),
        )
        .await
        .expect("a jump");
    let not_allowed = [
        told(RevealAct::End),
        told(RevealAct::Unfreeze {
            reason: Some("Vì tôi muốn".into()),
        }),
        shown(ScreenAct::Show {
            screens: vec![],
            scene: Scene::Hosts,
        }),
    ];
    for command in not_allowed {
        assert_eq!(
            hall.house.execute(&host, &hall.id, command).await,
            Err(AppError::Forbidden)
        );
    }
    for who in [
        visit(Actor::Judge { person: PersonId(5) }, Some(&hall.id)),
        tv,
        visit(Actor::Organizer { user: UserId(2) }, None),
    ] {
        let go = told(RevealAct::Go {
            reveal: None,
            from: 2,
            to: 3,
        });
        assert_eq!(
            hall.house.execute(&who, &hall.id, go).await,
            Err(AppError::Forbidden)
        );
        assert_eq!(
            hall.house.host_view(&who, &hall.id).await.err(),
            Some(AppError::Forbidden)
        );
    }
}

async fn a_logo_is_kept_for_its_contest_alone(url: String) {
    let hall = Hall::open(&url, rules(|_| {}), 0).await;
    let mut file = Cursor::new(Vec::new());
    DynamicImage::new_rgba8(900, 300)
        .write_to(&mut file, ImageFormat::WebP)
        .expect("an image");
    let add = async |file: Vec<u8>| {
        hall.house
            .add_logo(&hall.organizer, &hall.id, "Ban Dân vận", file)
            .await
    };
    let seq = add(file.clone().into_inner()).await.expect("added");
    assert_eq!(add(file.into_inner()).await, Ok(seq), "twice is once");
    assert_eq!(add(b"<svg/>".to_vec()).await, Err(AppError::BadImage));
    let logo = hall.contest().await.hall.logos[0].clone();
    assert_eq!(
        (logo.name.as_str(), logo.width, logo.height),
        ("Ban Dân vận", 800, 266)
    );
    let png = hall.house.logo(&hall.id, &logo.hash).await.expect("served");
    assert_eq!(image::guess_format(&png).ok(), Some(ImageFormat::Png));

    let details = contest::people::Details {
        name: "Hội thi khác".into(),
        ..Default::default()
    };
    let next = hall
        .house
        .create_contest(&hall.organizer, details, contest::template::Template::G1)
        .await
        .expect("another");
    assert_eq!(
        hall.house.logo(&next, &logo.hash).await.err(),
        Some(AppError::NotFound)
    );
    let unknown = hall.house.logo(&hall.id, &Digest::of(b"x")).await;
    assert_eq!(unknown.err(), Some(AppError::NotFound));
    hall.act(shown(ScreenAct::RemoveLogo {
        hash: logo.hash.clone(),
    }))
    .await;
    assert_eq!(
        hall.house.logo(&hall.id, &logo.hash).await.err(),
        Some(AppError::NotFound)
    );
}
