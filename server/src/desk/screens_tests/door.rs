//! Browsers that wait to become screens, and screens that are taken away.

use super::*;

on_both_engines!(
    a_browser_waits_under_its_letters_and_becomes_a_screen,
    letters_are_good_for_a_day,
    not_more_wait_than_there_is_room_for,
    whoever_guesses_letters_has_to_wait,
    a_screen_with_a_printed_code_is_told_to_the_ledger,
    a_screen_that_is_taken_away_is_a_stranger,
);

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
        .session(&super::super::token::hashed(&session.token))
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
    let token = super::super::token::hashed(&session.token);
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
