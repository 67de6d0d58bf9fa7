//! What the screens of the hall show.

use super::*;

#[test]
fn a_screen_comes_back_to_its_scene_and_what_was_prepared_is_taken() {
    let mut play = Play::of(3, |_| {});
    let screen = |play: &mut Play, act| play.tries(ORGANIZER, Command::Screen { act });
    let all = || vec![SCREEN, crate::PersonId(78)];
    for (id, name) in [(SCREEN, "Trái"), (crate::PersonId(78), "Phải")] {
        let add = ScreenAct::Add {
            screen: id,
            name: name.into(),
        };
        assert_eq!(screen(&mut play, add), Ok(1));
    }
    let show = |scene| ScreenAct::Show {
        screens: all(),
        scene,
    };
    assert_eq!(screen(&mut play, show(Scene::Join)), Ok(1));
    assert_eq!(screen(&mut play, show(Scene::Join)), Ok(0), "it is so already");
    let unknown = Scene::Team { team: TeamId(9) };
    assert_eq!(screen(&mut play, show(unknown)), Err(Refusal::UnknownTeam));
    let prepare = ScreenAct::Prepare {
        screens: vec![SCREEN],
        scene: Scene::OnStage,
    };
    screen(&mut play, prepare).expect("prepared");
    let board = play.board(Audience::Public);
    let shown = |play: &Play, id| {
        hall_view::screen(&play.contest, &board, id)
            .expect("a screen")
            .scene
    };
    assert_eq!(
        shown(&play, SCREEN),
        hall_view::SceneView::Join,
        "nobody sees it yet"
    );
    screen(&mut play, ScreenAct::Take { screens: all() }).expect("taken");
    assert_eq!(
        shown(&play, SCREEN),
        hall_view::SceneView::OnStage { stage: None }
    );
    assert_eq!(shown(&play, crate::PersonId(78)), hall_view::SceneView::Join);
    let blank = |blank| ScreenAct::Blank {
        screens: all(),
        blank,
    };
    screen(&mut play, blank(true)).expect("dark");
    assert_eq!(shown(&play, SCREEN), hall_view::SceneView::Blank);
    screen(&mut play, blank(false)).expect("lit");
    assert_eq!(
        shown(&play, SCREEN),
        hall_view::SceneView::OnStage { stage: None }
    );
    let dress = ScreenAct::Dress {
        screens: all(),
        look: Look {
            scale: 20,
            ..Look::default()
        },
    };
    assert!(matches!(screen(&mut play, dress), Err(Refusal::Invalid { .. })));
    let remove = ScreenAct::Remove { screen: SCREEN };
    assert_eq!(
        play.tries(HOST, Command::Screen { act: remove }),
        Err(Refusal::NotAllowed)
    );
}

#[test]
fn the_host_knows_what_is_dark_and_what_comes_next() {
    let mut play = Play::of(3, |_| {});
    let screen = |play: &mut Play, act| play.tries(ORGANIZER, Command::Screen { act }).expect("done");
    let screens = || vec![SCREEN];
    let name = "Trái".to_owned();
    screen(
        &mut play,
        ScreenAct::Add {
            screen: SCREEN,
            name: name.clone(),
        },
    );
    screen(
        &mut play,
        ScreenAct::Show {
            screens: screens(),
            scene: Scene::Join,
        },
    );
    screen(
        &mut play,
        ScreenAct::Prepare {
            screens: screens(),
            scene: Scene::Prizes,
        },
    );
    screen(
        &mut play,
        ScreenAct::Blank {
            screens: screens(),
            blank: true,
        },
    );
    let of = hall_view::HostScreen {
        name,
        live: Scene::Join,
        blank: true,
        next: Some(Scene::Prizes),
    };
    assert_eq!(hall_view::host(&play.contest).screens, vec![of]);
}

/// The standings as a screen has them that ranks by that round alone.
fn ranked_by(play: &Play, round: u32) -> Board {
    let round = Some(RoundId(round));
    let scene = Scene::Standings { round };
    match hall_view::scene(&play.contest, &play.board(Audience::Public), &scene) {
        hall_view::SceneView::Standings { board, round: of } => {
            assert_eq!(of, round);
            board
        }
        other => panic!("no standings: {other:?}"),
    }
}

#[test]
fn a_screen_that_ranks_by_a_round_is_sent_no_other_mark_and_no_total() {
    let sheet: Sheet = vec![[20_011, 30_022, 12_044], [21_011, 29_022, 12_044]];
    let mut play = Play::withheld(2, &sheet, 1, |_| {});
    let sent = |play: &Play, round| serde_json::to_string(&ranked_by(play, round)).expect("json");
    let told = |text: &str, marks: &[i64]| marks.iter().any(|mark| text.contains(&mark.to_string()));
    let second = sent(&play, 2);
    assert!(told(&second, &[30_022]) && told(&second, &[29_022]), "{second}");
    // The other rounds, and the totals with and without the one that is withheld.
    let others = [20_011, 21_011, 12_044, 50_033, 62_077];
    assert!(!told(&second, &others), "{second}");
    // A round that is withheld ranks nobody.
    for row in ranked_by(&play, 3).rows {
        assert_eq!((row.rank, row.total, row.marks), (None, None, vec![None]));
    }
    let reason = Some("Kết thúc hội thi".into());
    play.reveal(ORGANIZER, RevealAct::Unfreeze { reason })
        .expect("lifted");
    assert!(!told(&sent(&play, 2), &others));
    let third = ranked_by(&play, 3).rows;
    assert!(
        third.iter().all(|row| row.rank == Some(1) && row.tied),
        "{third:?}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whoever has more in that round stands before whoever has less, equals share a place, and who has
    /// no mark in it has none, whatever the totals are.
    #[test]
    fn standings_by_a_round_are_of_that_round_alone(sheet in sheets(1..16), by in 1u32..=3) {
        let mut play = Play::of(sheet.len(), |_| {});
        (1..=3).for_each(|round| play.publishes(round, &sheet));
        let board = ranked_by(&play, by);
        let ids: Vec<RoundId> = board.rounds.iter().map(|round| round.id).collect();
        prop_assert_eq!(ids, vec![RoundId(by)]);
        prop_assert_eq!(board.rows.len(), sheet.len());
        let mark = |team: TeamId| Some(sheet[team.0 as usize - 1][by as usize - 1]).filter(|mark| *mark != 0);
        let all: Vec<i64> = board.rows.iter().filter_map(|row| mark(row.team)).collect();
        for row in &board.rows {
            let own = mark(row.team);
            prop_assert_eq!(&row.marks, &vec![own.map(Points)]);
            prop_assert_eq!(row.total, own.map(Points), "shown as the total is the round's own mark");
            let before = |own: i64| 1 + all.iter().filter(|other| **other > own).count() as u32;
            prop_assert_eq!(row.rank, own.map(before));
            let equals = all.iter().filter(|other| Some(**other) == own).count();
            prop_assert_eq!(row.tied, equals > 1);
        }
        let ranks: Vec<Option<u32>> = board.rows.iter().map(|row| row.rank).collect();
        prop_assert!(ranks.is_sorted_by_key(|rank| rank.unwrap_or(u32::MAX)), "{:?}", ranks);
    }
}
