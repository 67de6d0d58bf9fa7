//! Draws: sealed, opened, and found when somebody tampers with them.

use super::*;
use crate::store::testing::{deaf_from_now_on, on_postgres};

on_both_engines!(
    a_draw_is_sealed_before_it_is_opened,
    a_draw_that_was_tampered_with_is_found,
);

async fn a_draw_is_sealed_before_it_is_opened(url: String) {
    let panel = Panel::open(&url).await;
    let (house, id) = (&panel.hall.house, &panel.hall.id);
    let of = DrawOf::Order;
    let early = house.open_draw(&panel.secretary, id, ROUND, of).await;
    assert_eq!(early, Err(Refusal::WrongSeal.into()), "nothing is sealed yet");
    // Two hands at once seal one seed.
    let (one, two) = tokio::join!(
        house.seal_draw(&panel.secretary, id, ROUND, of, None),
        house.seal_draw(&panel.hall.organizer, id, ROUND, of, None),
    );
    assert_eq!(one.expect("sealed"), two.expect("sealed"));
    let contest = panel.hall.contest().await;
    let Some(Draw::Sealed { commitment }) = contest.stages[&ROUND].draws.get(&of) else {
        panic!("it is sealed");
    };
    let seed = content::get(house.store.read(), commitment).await;
    let seed = seed.expect("read").expect("the seed is kept");
    assert_eq!((seed.len(), &draw::commitment(&seed)), (64, commitment));
    let view = house.panel_view(&panel.secretary, id, ROUND).await;
    let (view, names) = view.expect("the desk");
    let shown = serde_json::to_string(&(&view, entries(&panel.hall).await)).expect("JSON");
    assert!(!shown.contains(&seed), "nobody is told before it is opened");
    assert_eq!(
        names.values().collect::<BTreeSet<_>>(),
        BTreeSet::from([&"Hạnh".to_owned(), &"Lộc".to_owned(), &"Phúc".to_owned()])
    );

    let seq = house.open_draw(&panel.secretary, id, ROUND, of).await;
    let seq = seq.expect("opened");
    let again = house.open_draw(&panel.hall.organizer, id, ROUND, of).await;
    assert_eq!(again, Ok(seq), "opened twice it is opened once");
    let contest = panel.hall.contest().await;
    let teams: Vec<TeamId> = contest.teams.keys().copied().collect();
    assert_eq!(
        contest.stages[&ROUND].order,
        draw::order(&seed, id, ROUND, &teams)
    );
    house
        .seal_draw(&panel.secretary, id, ROUND, DrawOf::Packs, None)
        .await
        .expect("sealed");
    house
        .open_draw(&panel.secretary, id, ROUND, DrawOf::Packs)
        .await
        .expect("opened");
    assert_eq!(panel.hall.contest().await.stages[&ROUND].packs.len(), 2);
    assert_eq!(panel.verdict().await, Ok(seq + 2));
    house.close().await;
}

async fn a_draw_that_was_tampered_with_is_found(url: String) {
    let panel = Panel::open(&url).await;
    let (house, id) = (&panel.hall.house, &panel.hall.id);
    let of = DrawOf::Order;
    house
        .seal_draw(&panel.secretary, id, ROUND, of, None)
        .await
        .expect("sealed");
    let seq = house.open_draw(&panel.secretary, id, ROUND, of).await;
    let seq = seq.expect("opened");
    assert_eq!(panel.verdict().await, Ok(seq));
    // Whoever has the database turns the order round and chains the entries anew.
    let mut forged = Contest::new(id.clone());
    let mut rows = Vec::new();
    for mut entry in entries(&panel.hall).await {
        if let Event::Stage { fact, .. } = &mut entry.event
            && let StageFact::DrawOpened { order, .. } = fact
        {
            order.reverse();
        }
        let sealed = entry.seal(&forged.head);
        chain::follow(&mut forged, &sealed).expect("a sound chain");
        rows.push(sealed);
    }
    house
        .store
        .write(move |tx| {
            Box::pin(async move {
                for sealed in rows {
                    let seq = i64::try_from(sealed.seq).expect("a small number");
                    sqlx::query("UPDATE entry SET body = $1, hash = $2 WHERE seq = $3")
                        .bind(sealed.body)
                        .bind(sealed.hash.0)
                        .bind(seq)
                        .execute(&mut *tx)
                        .await?;
                }
                Ok(())
            })
        })
        .await
        .expect("forged");
    let why = Why::Draw;
    assert_eq!(panel.verdict().await, Err(Broken { seq, why }));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draw_sealed_at_another_node_is_opened_at_a_deaf_one() {
    on_postgres(async |url: String| {
        let panel = Panel::open(&url).await;
        let (house, id) = (&panel.hall.house, &panel.hall.id);
        let deaf = Hall::node(&url, panel.hall.clock.clone()).await;
        // It knows the contest as it was before the draw, and then hears nothing more.
        deaf.load(id).await.expect("known");
        deaf_from_now_on(&url, [&house.store, &deaf.store]).await;
        let of = DrawOf::Order;
        let seals = async |reason: Option<&str>| {
            house
                .seal_draw(&panel.secretary, id, ROUND, of, reason.map(str::to_owned))
                .await
                .expect("sealed")
        };
        let sealed = seals(None).await;
        let opened = deaf.open_draw(&panel.secretary, id, ROUND, of).await;
        assert_eq!(opened, Ok(sealed + 1));
        // To be drawn once more: what the deaf one has opened itself is not the last word.
        house
            .execute(
                &panel.hall.organizer,
                id,
                Command::AddTeams {
                    teams: vec![("Chiến Thắng".into(), String::new())],
                },
            )
            .await
            .expect("a third team");
        let again = seals(Some("Thêm một đội")).await;
        let opened = deaf.open_draw(&panel.secretary, id, ROUND, of).await;
        assert_eq!(opened, Ok(again + 1));
        let order = deaf.load(id).await.expect("known").stages[&ROUND].order.clone();
        assert_eq!(order.len(), 3, "{order:?}");
        assert_eq!(panel.verdict().await, Ok(again + 1));
        deaf.close().await;
        house.close().await;
    })
    .await;
}
