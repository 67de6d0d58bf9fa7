//! Freeze and reveal, and the host who leads it.

use super::*;

on_both_engines!(
    frozen_means_as_it_was,
    two_hosts_at_once_take_one_step,
    the_host_steps_and_does_nothing_else,
);

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
        told(RevealAct::End { reveal: None }),
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
