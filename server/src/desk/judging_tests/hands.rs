//! All hands at once, on two nodes.

use super::*;

on_both_engines!(all_hands_at_once,);

/// Marks that every judge gives every team at last, by judge and criterion.
fn final_mark(at: usize, team: TeamId, criterion: u32) -> i64 {
    250 * (at as i64 + i64::from(team.0) + i64::from(criterion))
}

/// Two judges and the chief, two hands at the table; each of them on two nodes where there are two.
async fn all_hands_at_once(url: String) {
    let panel = &Panel::open(&url).await;
    let hall = &panel.hall;
    let more = (3..=4).map(|n| (format!("Đội {n}"), String::new())).collect();
    hall.act(Command::AddTeams { teams: more }).await;
    let other = if url.starts_with("sqlite") {
        hall.house.clone()
    } else {
        Hall::node(&url, hall.clock.clone()).await
    };
    let nodes = [&*hall.house, &*other];
    let [one, two] = nodes;
    one.seal_draw(&panel.secretary, &hall.id, ROUND, DrawOf::Order, None)
        .await
        .expect("sealed");
    // The other node opens it, once it has heard.
    let there = Hall {
        house: other.clone(),
        clock: hall.clock.clone(),
        id: hall.id.clone(),
        organizer: hall.organizer.clone(),
    };
    there
        .heard(|contest| {
            let stage = contest.stage(ROUND);
            stage.is_some_and(|stage| stage.draws.contains_key(&DrawOf::Order))
        })
        .await;
    two.open_draw(&panel.secretary, &hall.id, ROUND, DrawOf::Order)
        .await
        .expect("opened");
    let order = two.load(&hall.id).await.expect("known").stages[&ROUND]
        .order
        .clone();
    assert_eq!(order.len(), 4);

    for (turn, team) in order.iter().copied().enumerate() {
        let table = |act| act_at(nodes[turn % 2], hall, &panel.secretary, act);
        table(StageAct::Call { team }).await.expect("called");
        table(StageAct::StartClock { team }).await.expect("started");
        hall.pass(700 * SECOND);
        table(StageAct::StopClock { team }).await.expect("stopped");

        let judges = panel.judges.iter().enumerate().map(|(at, who)| async move {
            for revision in 1..=3 {
                // A packet is sent again while the first is still on its way, to the other node.
                let points = |criterion| match revision {
                    3 => Some(final_mark(at, team, criterion)),
                    _ => Some(0),
                };
                let marks: Vec<MarkSent> = [1, 2]
                    .iter()
                    .map(|criterion| sent(&(*criterion, revision, points(*criterion))))
                    .collect();
                let (first, second) = tokio::join!(
                    one.save_marks(who, ROUND, team, None, marks.clone()),
                    two.save_marks(who, ROUND, team, None, marks),
                );
                let receipts = [first.expect("answered"), second.expect("answered")].concat();
                assert!(
                    receipts.iter().all(|receipt| receipt.refused.is_none()),
                    "{receipts:?}"
                );
            }
            let hand_in = || StageAct::HandInSheet { team, run: None };
            let (first, second) = tokio::join!(
                act_at(one, hall, who, hand_in()),
                act_at(two, hall, who, hand_in()),
            );
            first.and(second).expect("handed in");
        });
        let deduct = |house| async move {
            let act = StageAct::SetDeduction {
                team,
                points: Points::whole(1),
                reason: None,
            };
            act_at(house, hall, &panel.secretary, act).await
        };
        let confirm = |house| async move {
            // He presses until nothing is in his way any more; what is, he is told.
            loop {
                let act = StageAct::Confirm { team: Some(team) };
                match act_at(house, hall, &panel.judges[0], act).await {
                    Err(AppError::Refused {
                        refusal: Refusal::Blocked(_),
                    }) => tokio::task::yield_now().await,
                    other => break other,
                }
            }
        };
        let (_, first, second, confirmed, twice) = tokio::join!(
            futures::future::join_all(judges),
            deduct(one),
            deduct(two),
            confirm(one),
            confirm(two),
        );
        // One hand may come after the confirmation, which locks; it never deducts twice.
        let locked = AppError::from(Refusal::SheetLocked);
        assert!(first.is_ok() || second.is_ok());
        for hand in [first, second] {
            assert!(hand.is_ok() || hand == Err(locked.clone()), "{hand:?}");
        }
        confirmed.and(twice).expect("confirmed");
    }

    let written = entries(hall).await;
    let mut once = BTreeSet::new();
    for fact in facts_of(&written) {
        let key = match fact {
            StageFact::MarkSet {
                team,
                judge,
                criterion,
                revision,
                ..
            } => format!("mark {team} {judge} {criterion} {revision}"),
            StageFact::SheetHandedIn { team, judge } => format!("sheet {team} {judge}"),
            StageFact::DeductionSet { team, .. } => format!("deduction {team}"),
            StageFact::MarksConfirmed { marks } => format!("confirmed {}", marks[0].team),
            _ => continue,
        };
        assert!(once.insert(key), "recorded twice: {fact:?}");
    }
    let kept = |kind: &str| once.iter().filter(|key| key.starts_with(kind)).count();
    assert_eq!(
        (kept("mark"), kept("sheet"), kept("deduction"), kept("confirmed")),
        (4 * 3 * 2 * 3, 4 * 3, 4, 4)
    );

    let sealed = ledger::tail(one.store.read(), &hall.id, 0)
        .await
        .expect("the ledger");
    let replayed = chain::verify(&hall.id, sealed).expect("sound");
    while two.load(&hall.id).await.expect("known").seq < replayed.seq {
        tokio::task::yield_now().await;
    }
    let bytes = |contest: &Contest| {
        let rows = standings(contest, |round, team| contest.mark(round, team));
        serde_json::to_vec(&(rows, contest)).expect("JSON")
    };
    for node in nodes {
        let contest = node.load(&hall.id).await.expect("known");
        assert_eq!(bytes(&contest), bytes(&replayed));
    }
    for team in order {
        // The mean of three sheets of two criteria, to a hundredth, less one point.
        let sum: i64 = (0..3)
            .map(|at| final_mark(at, team, 1) + final_mark(at, team, 2))
            .sum();
        let mark = replayed.mark(ROUND, team).expect("confirmed").mark;
        assert_eq!(mark, Points(sum / 3 - 1_000), "the sums are multiples of three");
    }
    if !url.starts_with("sqlite") {
        two.close().await;
    }
    one.close().await;
}
