//! What passes the desk of the stage, and whom it lets through.

use super::*;

on_both_engines!(
    complaints_prizes_and_clusters_pass_the_desk,
    nobody_reaches_beyond_his_part,
);

async fn complaints_prizes_and_clusters_pass_the_desk(url: String) {
    let panel = &Panel::open(&url).await;
    let (house, id) = (&panel.hall.house, &panel.hall.id);
    let cluster = Command::SetCluster {
        teams: vec![TEAM],
        cluster: "Cụm 1".into(),
    };
    panel.hall.act(cluster).await;
    let member = person(&panel.hall, Role::Contestant, "An").await;
    let leader = |team| {
        let actor = Actor::Contestant { person: member, team };
        visit(actor, Some(id))
    };
    let complain = || Command::FileAppeal {
        team: TEAM,
        text: "Đồng hồ bấm sớm".into(),
    };
    let early = house.execute(&leader(TEAM), id, complain()).await;
    assert_eq!(early, Err(Refusal::AppealsClosed.into()));

    let order = vec![TEAM, TeamId(2)];
    let reason: String = "phiếu giấy".into();
    panel
        .acts(&panel.secretary, StageAct::EnterOrder { order, reason })
        .await;
    panel.performs(TEAM, 300).await;
    for at in 0..3 {
        panel.marks(at, 5_000, 3_000).await;
    }
    panel
        .acts(&panel.judges[0], StageAct::Confirm { team: None })
        .await;
    let absent = StageAct::MarkAbsent {
        team: TeamId(2),
        reason: "không đến".into(),
    };
    panel.acts(&panel.secretary, absent).await;
    let holders = |published| async move {
        let awards = house.awards(&panel.hall.organizer, id, published).await;
        let awards = awards.expect("the prizes");
        awards.into_iter().map(|award| award.holders).collect::<Vec<_>>()
    };
    assert_eq!(holders(true).await, [vec![], vec![]], "nothing is published");
    assert_eq!(holders(false).await, [vec![TEAM], vec![]]);
    panel.acts(&panel.hall.organizer, StageAct::Publish).await;
    let give = Command::GiveAward {
        award: 2,
        teams: vec![TeamId(2)],
        reason: "trang phục đẹp".into(),
    };
    panel.hall.act(give).await;
    assert_eq!(holders(true).await, [vec![TEAM], vec![TeamId(2)]]);

    house.execute(&leader(TEAM), id, complain()).await.expect("heard");
    let other = house.execute(&leader(TeamId(2)), id, complain()).await;
    assert_eq!(other, Err(Refusal::NotAllowed.into()), "for his own team only");
    let answer = || Command::AnswerAppeal {
        appeal: 1,
        upheld: false,
        reason: "đồng hồ đúng".into(),
    };
    let own = house.execute(&leader(TEAM), id, answer()).await;
    assert_eq!(own, Err(AppError::Forbidden));
    panel.hall.act(answer()).await;
    assert!(panel.hall.contest().await.appeals[&1].answer.is_some());
    house.close().await;
}

async fn nobody_reaches_beyond_his_part(url: String) {
    let panel = Panel::performed(&url, 300).await;
    let (house, id) = (&panel.hall.house, &panel.hall.id);
    let public = visit(Actor::Public, None);
    let screen = visit(Actor::Screen { person: PersonId(5) }, Some(id));
    let foreign = visit(
        Actor::Organizer {
            user: contest::UserId(9),
        },
        None,
    );
    let elsewhere = Visit {
        contest: "mot-hoi-thi-khac".parse().ok(),
        ..panel.judges[0].clone()
    };
    let marks = || vec![sent(&(1, 1, Some(1_000)))];
    for (who, error) in [
        (&public, AppError::SignIn),
        (&screen, AppError::Forbidden),
        (&foreign, AppError::Forbidden),
        (&panel.secretary, AppError::Forbidden),
    ] {
        let saved = house.save_marks(who, ROUND, TEAM, None, marks()).await;
        assert_eq!(saved.expect_err("refused"), error);
        let view = house.judge_view(who, None, None).await;
        assert_eq!(view.expect_err("refused"), error);
    }
    // A judge of another contest is nobody here, and his own contest is not there.
    let saved = house.save_marks(&elsewhere, ROUND, TEAM, None, marks()).await;
    assert_eq!(saved.expect_err("refused"), AppError::NotFound);
    for who in [&public, &screen, &foreign, &elsewhere, &panel.judges[1]] {
        assert!(house.panel_view(who, id, ROUND).await.is_err());
        assert!(
            house
                .seal_draw(who, id, ROUND, DrawOf::Packs, None)
                .await
                .is_err()
        );
        assert!(house.open_draw(who, id, ROUND, DrawOf::Packs).await.is_err());
        assert!(house.awards(who, id, false).await.is_err());
        let call = StageAct::Call { team: TeamId(2) };
        assert!(panel.tries(who, call).await.is_err());
    }
    assert!(house.panel_view(&panel.judges[0], id, ROUND).await.is_ok());
    // A seed that somebody brings along is no draw of the house.
    let sealing = StageAct::SealDraw {
        of: DrawOf::Packs,
        commitment: Digest::of(b"mine"),
        reason: None,
    };
    let refused = panel.tries(&panel.hall.organizer, sealing).await;
    assert!(matches!(refused, Err(AppError::BadRequest { .. })));
    // Only people of this contest who are judges sit on its panel.
    let stranger = StageAct::SetPanel {
        judges: vec![panel.judge(0), PersonId(1)],
        chief: panel.judge(0),
        reason: Some("đổi người".into()),
    };
    let refused = panel.tries(&panel.hall.organizer, stranger).await;
    assert_eq!(refused, Err(AppError::NotFound));
    house.close().await;
}
