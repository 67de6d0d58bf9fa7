//! What screens show, what the console knows of them, and their logos.

use super::*;

on_both_engines!(
    a_scene_is_prepared_and_taken_and_the_blank_gives_it_back,
    the_console_knows_what_each_screen_draws,
    what_one_node_takes_the_other_shows,
    a_logo_is_kept_for_its_contest_alone,
);

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
        page: 2,
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
