//! Freeze and reveal: what the hall sees at each step, and what it does not.

use super::*;
use crate::{
    Actor, Blocker, Command, Event, Moment, Refusal, UserId,
    audience::{self, Audience, Board},
    award::{AwardRule, Ties},
    command::Facts,
    exam::TeamMark,
    freeze::{NotFinal, not_final, unsettled},
    hall_view,
    ledger::Entry,
    people::{Details, Team},
    rules::TieBreak,
    screen::{Look, Scene, ScreenAct},
    standing::standings,
    template::Template,
};
use proptest::prelude::*;
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

const ORGANIZER: Actor = Actor::Organizer { user: UserId(1) };
const HOST: Actor = Actor::Host {
    person: crate::PersonId(8),
};
const SCREEN: crate::PersonId = crate::PersonId(77);

/// Marks of every team, by the rounds; zero points stand for no mark.
type Sheet = Vec<[i64; 3]>;

struct Play {
    contest: Contest,
    now: Moment,
    rng: ChaCha20Rng,
}

impl Play {
    /// A contest of as many teams as `sheet` has rows; nothing is marked yet.
    fn of(teams: usize, rules: impl FnOnce(&mut Rules)) -> Self {
        let mut play = Self {
            contest: Contest::new("hoi-thi".parse().expect("a name")),
            now: 1_000,
            rng: ChaCha20Rng::seed_from_u64(7),
        };
        let mut of_contest = Rules {
            tie_breaks: vec![],
            ..Template::G1.rules()
        };
        rules(&mut of_contest);
        play.happens(Event::ContestCreated {
            details: Details {
                name: "Hội thi Dân vận khéo".into(),
                ..Details::default()
            },
            organizer: UserId(1),
            rules: of_contest,
        });
        for id in 1..=teams as u32 {
            play.happens(Event::TeamAdded {
                team: Team {
                    id: TeamId(id),
                    name: format!("Đội {id}"),
                    unit: format!("Xã số {id}"),
                    cluster: String::new(),
                },
            });
        }
        play
    }

    fn happens(&mut self, event: Event) {
        self.now += 1_000;
        let entry = Entry {
            seq: self.contest.seq + 1,
            at: self.now,
            actor: ORGANIZER,
            device: String::new(),
            event,
        };
        // By way of its JSON, as a replay reads it.
        let wire = serde_json::to_string(&entry).expect("json");
        let back: Entry = serde_json::from_str(&wire).expect("reads back");
        assert_eq!(back, entry);
        self.contest.apply(&back);
    }

    fn tries(&mut self, actor: Actor, command: Command) -> Result<usize, Refusal> {
        let events = self
            .contest
            .decide(&actor, command, &Facts::default(), self.now, &mut self.rng)?;
        let count = events.len();
        for event in events {
            self.happens(event);
        }
        Ok(count)
    }

    fn reveal(&mut self, actor: Actor, act: RevealAct) -> Result<usize, Refusal> {
        self.tries(actor, Command::Reveal { act })
    }

    /// Publishes round `round` (1 to 3) with the marks of `sheet`.
    fn publishes(&mut self, round: u32, sheet: &Sheet) {
        let at = round as usize - 1;
        let marks: Vec<(TeamId, Points)> = (1..)
            .zip(sheet)
            .filter(|(_, marks)| marks[at] != 0)
            .map(|(id, marks)| (TeamId(id), Points(marks[at])))
            .collect();
        let id = RoundId(round);
        if self.contest.rules().expect("rules").exam(id).is_some() {
            let mark = |(team, mark): &(TeamId, Points)| TeamMark {
                team: *team,
                mark: *mark,
                seconds: 60,
                members: 5,
            };
            self.happens(Event::ExamMarked {
                round: id,
                marks: marks.iter().map(mark).collect(),
                listing: crate::Digest::default(),
            });
            self.happens(Event::ExamPublished { round: id });
        } else {
            let mark = |(team, mark): &(TeamId, Points)| crate::panel::StageMark {
                team: *team,
                mark: *mark,
                combined: *mark,
                deduction: Points::ZERO,
                sheets: vec![],
                panel: vec![],
                criteria: vec![],
            };
            for fact in [
                crate::stage::StageFact::MarksConfirmed {
                    marks: marks.iter().map(mark).collect(),
                },
                crate::stage::StageFact::Published,
            ] {
                self.happens(Event::Stage { round: id, fact });
            }
        }
    }

    fn freezes(&mut self) {
        let act = RevealAct::Freeze {
            progress: BTreeMap::new(),
        };
        self.reveal(ORGANIZER, act).expect("freezes");
    }

    /// All rounds are published, the last `held` of the three behind a freeze.
    fn withheld(teams: usize, sheet: &Sheet, held: u32, rules: impl FnOnce(&mut Rules)) -> Self {
        let mut play = Self::of(teams, rules);
        (1..=3 - held).for_each(|round| play.publishes(round, sheet));
        play.freezes();
        (4 - held..=3).for_each(|round| play.publishes(round, sheet));
        play
    }

    fn begins(&mut self, by: RevealBy) {
        let act = RevealAct::Begin { by, rehearsal: false };
        self.reveal(ORGANIZER, act).expect("begins");
    }

    /// The first round is published, the rest behind a freeze; then the reveal begins.
    fn up_to_the_reveal(teams: usize, sheet: &Sheet, by: RevealBy, rules: impl FnOnce(&mut Rules)) -> Self {
        let mut play = Self::withheld(teams, sheet, 2, rules);
        play.begins(by);
        play
    }

    fn rows(&self) -> Vec<Standing> {
        standings(&self.contest, |round, team| self.contest.mark(round, team))
    }

    fn decides(&mut self, teams: &[u32]) -> Result<usize, Refusal> {
        let command = Command::DecideTie {
            teams: teams.iter().map(|team| TeamId(*team)).collect(),
            reason: "Câu hỏi phụ".into(),
        };
        self.tries(ORGANIZER, command)
    }

    fn shares(&mut self, teams: &[u32], reason: &str) -> Result<usize, Refusal> {
        let command = Command::SharePlace {
            teams: teams.iter().map(|team| TeamId(*team)).collect(),
            reason: reason.into(),
        };
        self.tries(ORGANIZER, command)
    }

    /// Whoever registered last is the better of equals.
    fn decides_every_tie(&mut self) {
        let rows = self.rows();
        for group in rows
            .chunk_by(|a, b| a.rank == b.rank)
            .filter(|group| group[0].tied)
        {
            let teams: Vec<u32> = group.iter().rev().map(|row| row.team.0).collect();
            self.decides(&teams).expect("decided");
        }
    }

    fn goes(&mut self, to: u32) -> Result<usize, Refusal> {
        let from = self.contest.hall.reveal.as_ref().expect("a reveal").step;
        self.reveal(
            HOST,
            RevealAct::Go {
                reveal: None,
                from,
                to,
            },
        )
    }

    fn begin_blockers(&mut self) -> Vec<Blocker> {
        let begin = RevealAct::Begin {
            by: RevealBy::Total,
            rehearsal: false,
        };
        match self.reveal(ORGANIZER, begin) {
            Err(Refusal::Blocked(list)) => list.into_vec(),
            other => panic!("not blocked: {other:?}"),
        }
    }

    /// The mark of a team in a stage round is taken back, and confirmed again as `mark`.
    fn withdraws(&mut self, round: u32, team: u32) {
        let fact = crate::stage::StageFact::MarkWithdrawn {
            team: TeamId(team),
            reason: "Cộng sai phiếu".into(),
        };
        let round = RoundId(round);
        self.happens(Event::Stage { round, fact });
    }

    fn confirms(&mut self, round: u32, team: u32, mark: i64) {
        let mark = crate::panel::StageMark {
            team: TeamId(team),
            mark: Points(mark),
            combined: Points(mark),
            deduction: Points::ZERO,
            sheets: vec![],
            criteria: vec![],
            panel: vec![],
        };
        let fact = crate::stage::StageFact::MarksConfirmed { marks: vec![mark] };
        let round = RoundId(round);
        self.happens(Event::Stage { round, fact });
    }

    fn plates(&self) -> Vec<(String, Vec<u32>)> {
        let board = self.board(Audience::Public);
        let hall_view::SceneView::Prizes { plates } = hall_view::scene(&self.contest, &board, &Scene::Prizes)
        else {
            panic!("prizes");
        };
        let of = |plate: Plate| {
            (
                plate.name,
                plate.holders.iter().map(|holder| holder.team.0).collect(),
            )
        };
        plates.into_iter().map(of).collect()
    }

    fn plan(&self) -> Plan {
        self.contest.hall.reveal.as_ref().expect("a reveal").plan.clone()
    }

    fn board(&self, audience: Audience) -> Board {
        audience::board(&self.contest, &BTreeMap::new(), audience)
    }
}

/// Fourteen teams whose marks are all different, and a tie of 9 and 10 on the total.
fn fourteen() -> Sheet {
    (1..=14)
        .map(|n: i64| {
            let third = if n == 10 { 13_000 } else { 15_000 - n * 250 };
            [20_000 + n * 250, 45_500 - n * 500, third]
        })
        .collect()
}

fn bytes(picture: &Picture) -> String {
    serde_json::to_string(picture).expect("json")
}

#[test]
fn the_public_sees_what_it_saw_until_somebody_lifts_the_freeze() {
    let sheet = fourteen();
    let mut play = Play::of(14, |_| {});
    play.publishes(1, &sheet);
    let before = play.board(Audience::Public);
    play.freezes();
    play.publishes(2, &sheet);
    play.publishes(3, &sheet);
    let frozen = play.board(Audience::Public);
    assert_eq!(frozen.rows, before.rows, "the rows of the moment");
    assert!(frozen.frozen.is_some());
    assert!(!frozen.rounds[1].marks_shown && !frozen.rounds[2].marks_shown);
    let live = play.board(Audience::Staff);
    assert!(
        live.frozen.is_some(),
        "the staff is told that it sees more than the public"
    );
    assert_ne!(live.rows, frozen.rows);
    // A decision among equals moves nothing behind the freeze either.
    play.tries(
        ORGANIZER,
        Command::DecideTie {
            teams: vec![TeamId(10), TeamId(9)],
            reason: "Câu hỏi phụ".into(),
        },
    )
    .expect("decided");
    assert_eq!(play.board(Audience::Public).rows, before.rows);

    let lift = |reason: &str| RevealAct::Unfreeze {
        reason: Some(reason.into()),
    };
    assert_eq!(play.reveal(ORGANIZER, lift(" ")), Err(Refusal::ReasonNeeded));
    assert_eq!(play.reveal(HOST, lift("Tôi muốn")), Err(Refusal::NotAllowed));
    play.reveal(ORGANIZER, lift("Hội thi kết thúc")).expect("lifted");
    assert_eq!(
        play.board(Audience::Public).rows,
        play.board(Audience::Staff).rows
    );
}

#[test]
fn nothing_is_revealed_before_everything_is_settled() {
    let sheet = fourteen();
    let mut play = Play::of(14, |rules| rules.tie_breaks = vec![TieBreak::Decision]);
    play.publishes(1, &sheet);
    let begin = RevealAct::Begin {
        by: RevealBy::Total,
        rehearsal: false,
    };
    let blockers = |play: &mut Play| match play.reveal(ORGANIZER, begin.clone()) {
        Err(Refusal::Blocked(list)) => list.into_vec(),
        other => panic!("not blocked: {other:?}"),
    };
    let list = blockers(&mut play);
    assert!(list.contains(&Blocker::NotFrozen));
    let open = vec![RoundId(2), RoundId(3)];
    assert!(list.contains(&Blocker::Unpublished { rounds: open.clone() }));
    assert!(not_final(&play.contest).contains(&NotFinal::Unpublished { rounds: open }));
    play.freezes();
    play.publishes(2, &sheet);
    // Everybody is equal with the same marks: the first prize has one place, and the rules ask the
    // committee.
    let equal: Sheet = sheet
        .iter()
        .map(|marks| [marks[0], marks[1], 80_000 - marks[0] - marks[1]])
        .collect();
    play.publishes(3, &equal);
    let list = blockers(&mut play);
    assert!(
        matches!(list[..], [Blocker::TiedForPrize { award: 1, ref teams }] if teams.len() == 14),
        "{list:?}"
    );
    let order: Vec<TeamId> = (1..=14).map(TeamId).collect();
    play.tries(
        ORGANIZER,
        Command::DecideTie {
            teams: order,
            reason: "Bốc thăm".into(),
        },
    )
    .expect("decided");
    play.reveal(ORGANIZER, begin).expect("begins");
    assert!(not_final(&play.contest).contains(&NotFinal::Revealing));
}

#[test]
fn from_the_last_place_upward_with_the_prizes_between() {
    let sheet = fourteen();
    let play = Play::up_to_the_reveal(14, &sheet, RevealBy::Total, |_| {});
    let plan = play.plan();
    let kinds: Vec<String> = plan
        .steps
        .iter()
        .map(|step| match step {
            Step::Opening => "mở đầu".into(),
            Step::Place { teams, .. } => teams
                .iter()
                .map(|t| t.0.to_string())
                .collect::<Vec<_>>()
                .join("+"),
            Step::Plate { award } => plan.awards[*award as usize].rule.name.clone(),
            Step::Final => "chung cuộc".into(),
            Step::Lift { .. } | Step::Marks { .. } | Step::Round { .. } => String::new(),
        })
        .filter(|kind| !kind.is_empty())
        .collect();
    // The totals fall by half a point from team to team; teams 9 and 10 are equal. 1-2-3-8 prizes:
    // one, two, three, and the remaining eight.
    let expected = [
        "mở đầu",
        "14",
        "13",
        "12",
        "11",
        "9+10",
        "8",
        "7",
        "Giải Khuyến khích",
        "6",
        "5",
        "4",
        "Giải Ba",
        "3",
        "2",
        "Giải Nhì",
        "1",
        "Giải Nhất",
        "Tiểu phẩm xuất sắc",
        "Thuyết trình xuất sắc",
        "chung cuộc",
    ];
    assert_eq!(kinds, expected);
    let last = plan.steps.len() as u32 - 1;
    let Picture::Final { rows } = plan.picture(&play.contest, last) else {
        panic!("the last picture is the final board");
    };
    let final_rows = standings(&play.contest, |round, team| play.contest.mark(round, team));
    let seen: Vec<_> = rows.iter().map(|row| (row.team, row.rank, row.total)).collect();
    let true_rows: Vec<_> = final_rows
        .iter()
        .map(|row| (row.team, row.rank, row.total))
        .collect();
    assert_eq!(seen, true_rows);
}

#[test]
fn a_row_is_lifted_then_told_then_moved() {
    let sheet = fourteen();
    let play = Play::up_to_the_reveal(14, &sheet, RevealBy::Total, |_| {});
    let plan = play.plan();
    let row = |at: u32, team: u32| match plan.picture(&play.contest, at) {
        Picture::Board { rows, .. } => {
            let place = rows
                .iter()
                .position(|row| row.team == TeamId(team))
                .expect("on the board");
            (place, rows[place].clone())
        }
        other => panic!("not a board: {other:?}"),
    };
    let (_, waiting) = row(0, 14);
    assert_eq!(
        (waiting.state, waiting.marks[1], waiting.rank),
        (RowState::Waiting, None, None)
    );
    let (place, lifted) = row(1, 14);
    assert_eq!(
        (lifted.state, lifted.marks[1], lifted.rank),
        (RowState::Lifted, None, None)
    );
    let (same, open) = row(2, 14);
    assert_eq!(
        (open.state, open.marks[1], open.rank),
        (RowState::Open, Some(Points(38_500)), None)
    );
    assert_eq!(place, same, "it moves only with the next step");
    let (place, placed) = row(3, 14);
    assert_eq!(
        (place, placed.state, placed.rank),
        (13, RowState::Placed, Some(14))
    );
}

#[test]
fn two_hands_at_once_take_one_step() {
    let mut play = Play::up_to_the_reveal(14, &fourteen(), RevealBy::Total, |_| {});
    let next = RevealAct::Go {
        reveal: None,
        from: 0,
        to: 1,
    };
    assert_eq!(play.reveal(HOST, next.clone()), Ok(1));
    assert_eq!(
        play.reveal(ORGANIZER, next),
        Ok(0),
        "late by a step: nothing moves"
    );
    assert_eq!(play.contest.hall.reveal.as_ref().expect("a reveal").step, 1);
    let beyond = RevealAct::Go {
        reveal: None,
        from: 1,
        to: 10_000,
    };
    assert!(matches!(play.reveal(HOST, beyond), Err(Refusal::Invalid { .. })));
    assert_eq!(
        play.reveal(
            HOST,
            RevealAct::Go {
                reveal: None,
                from: 1,
                to: 0
            }
        ),
        Ok(1),
        "back"
    );
    assert_eq!(play.reveal(HOST, RevealAct::End), Err(Refusal::NotAllowed));
    // The freeze is not lifted in the middle of it.
    let lift = RevealAct::Unfreeze {
        reason: Some("Vội".into()),
    };
    assert_eq!(
        play.reveal(ORGANIZER, lift),
        Err(Refusal::Blocked([Blocker::Revealing].into()))
    );
    let last = play.plan().steps.len() as u32 - 1;
    play.reveal(
        HOST,
        RevealAct::Go {
            reveal: None,
            from: 0,
            to: last,
        },
    )
    .expect("jumps");
    assert_eq!(
        play.reveal(ORGANIZER, RevealAct::Unfreeze { reason: None }),
        Ok(1)
    );
    assert_eq!(not_final(&play.contest), vec![]);
}

#[test]
fn a_rehearsal_touches_nothing_and_invents_everything() {
    let sheet = fourteen();
    let mut play = Play::of(14, |_| {});
    play.publishes(1, &sheet);
    let (public, staff) = (play.board(Audience::Public), play.board(Audience::Staff));
    let begin = RevealAct::Begin {
        by: RevealBy::Total,
        rehearsal: true,
    };
    play.reveal(ORGANIZER, begin).expect("begins without a freeze");
    let plan = play.plan();
    assert!(plan.rehearsal);
    let add = ScreenAct::Add {
        screen: SCREEN,
        name: "Màn hình chính".into(),
    };
    play.tries(ORGANIZER, Command::Screen { act: add })
        .expect("added");
    for step in 0..plan.steps.len() as u32 {
        play.reveal(
            ORGANIZER,
            RevealAct::Go {
                reveal: None,
                from: step.saturating_sub(1),
                to: step,
            },
        )
        .expect("goes");
        assert_eq!(play.board(Audience::Public), public);
        assert_eq!(play.board(Audience::Staff), staff);
        assert_eq!(
            hall_view::scene(&play.contest, &public, &Scene::Prizes),
            hall_view::SceneView::Prizes { plates: vec![] },
            "invented prizes are nobody's"
        );
    }
}

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
fn a_reveal_that_marks_have_overtaken_goes_no_further() {
    let sheet = fourteen();
    for by in [RevealBy::Total, RevealBy::Round] {
        let mut play = Play::up_to_the_reveal(14, &sheet, by, |_| {});
        play.goes(3).expect("goes");
        let before = play.plan().picture(&play.contest, 3);
        // Team 2 turns out to be the best: a correction of its mark on stage.
        play.withdraws(2, 2);
        play.confirms(2, 2, 50_000);
        let overtaken = Err(Refusal::Blocked([Blocker::RevealOvertaken].into()));
        assert_eq!(play.goes(4), overtaken, "the old order is not told on");
        assert_eq!(play.goes(2), overtaken);
        assert!(not_final(&play.contest).contains(&NotFinal::RevealOvertaken));
        assert!(hall_view::host(&play.contest).reveal.expect("a reveal").overtaken);
        let board = play.board(Audience::Public);
        let desk = hall_view::desk(&play.contest, &board);
        assert!(desk.reveal.expect("a reveal").overtaken);
        assert_eq!(
            play.plan().picture(&play.contest, 3),
            before,
            "the wall stands still until somebody stops it"
        );
        // Stopped and begun again it tells the marks as they are now.
        play.reveal(ORGANIZER, RevealAct::End).expect("stopped");
        play.begins(by);
        let last = play.plan().steps.len() as u32 - 1;
        play.goes(last).expect("to the end");
        assert!(
            play.plates().contains(&("Giải Nhất".into(), vec![2])),
            "{:?}",
            play.plates()
        );
        assert!(!not_final(&play.contest).contains(&NotFinal::RevealOvertaken));
    }
}

#[test]
fn a_reveal_is_overtaken_by_decisions_and_prizes_too() {
    let sheet = fourteen();
    let chosen = |rules: &mut Rules| {
        rules.tie_breaks = vec![TieBreak::Decision];
        let award = |rule: &AwardRule| AwardRule {
            id: 90,
            name: "Giải Cổ động viên".into(),
            by: AwardBy::Chosen,
            ..rule.clone()
        };
        rules.awards.push(award(&rules.awards[0]));
    };
    let give = |teams: &[u32]| Command::GiveAward {
        award: 90,
        teams: teams.iter().map(|team| TeamId(*team)).collect(),
        reason: "Ban tổ chức chọn".into(),
    };
    let overtaken = Err(Refusal::Blocked([Blocker::RevealOvertaken].into()));
    let mut play = Play::withheld(14, &sheet, 2, chosen);
    play.tries(ORGANIZER, give(&[5])).expect("given");
    play.begins(RevealBy::Total);
    play.tries(ORGANIZER, give(&[6])).expect("given to another");
    assert_eq!(play.goes(1), overtaken);
    play.tries(ORGANIZER, give(&[5])).expect("given back");
    assert_eq!(play.goes(1), Ok(1), "the same as before");
    play.decides(&[10, 9]).expect("decided");
    assert_eq!(play.goes(2), overtaken);

    // Neither does a freeze end with a wall that says something else than the public's board.
    play.reveal(ORGANIZER, RevealAct::End).expect("stopped");
    play.begins(RevealBy::Total);
    play.goes(play.plan().steps.len() as u32 - 1).expect("to the end");
    play.tries(ORGANIZER, give(&[7])).expect("given to a third");
    assert_eq!(
        play.reveal(ORGANIZER, RevealAct::Unfreeze { reason: None }),
        overtaken
    );
    play.reveal(ORGANIZER, RevealAct::End).expect("stopped");
    let reason = Some("Đã đính chính giải".into());
    play.reveal(ORGANIZER, RevealAct::Unfreeze { reason })
        .expect("lifted");
    assert!(play.plates().contains(&("Giải Cổ động viên".into(), vec![7])));
}

#[test]
fn a_mark_that_is_open_again_is_not_final() {
    let sheet = fourteen();
    let mut play = Play::withheld(14, &sheet, 1, |_| {});
    let order = crate::stage::StageFact::DrawEntered {
        of: crate::draw::DrawOf::Order,
        order: (1..=14).map(TeamId).collect(),
        packs: vec![],
        reason: "Bốc thăm trên sân khấu".into(),
    };
    play.happens(Event::Stage {
        round: RoundId(3),
        fact: order,
    });
    assert_eq!(unsettled(&play.contest), vec![]);
    play.withdraws(3, 4);
    let open = (RoundId(3), vec![TeamId(4)]);
    let (round, teams) = open.clone();
    assert_eq!(
        unsettled(&play.contest),
        vec![NotFinal::Incomplete { round, teams }]
    );
    let (round, teams) = open.clone();
    assert_eq!(play.begin_blockers(), vec![Blocker::Incomplete { round, teams }]);
    play.confirms(3, 4, 14_000);
    let asked = crate::stage::StageFact::CorrectionAsked {
        team: TeamId(4),
        points: Points(1_000),
        reason: "Quá giờ".into(),
        by: ORGANIZER,
    };
    let (round, teams) = open.clone();
    play.happens(Event::Stage { round, fact: asked });
    assert_eq!(
        not_final(&play.contest),
        vec![
            NotFinal::CorrectionWaiting {
                round,
                teams: teams.clone()
            },
            NotFinal::Frozen
        ]
    );
    assert_eq!(
        play.begin_blockers(),
        vec![Blocker::CorrectionWaiting { round, teams }]
    );
    let dropped = crate::stage::StageFact::CorrectionDropped {
        team: TeamId(4),
        reason: "Đồng hồ đúng".into(),
    };
    play.happens(Event::Stage { round, fact: dropped });
    play.begins(RevealBy::Total);
}

#[test]
fn a_side_prize_is_given_or_expressly_not() {
    let sheet = fourteen();
    let mut play = Play::withheld(14, &sheet, 2, |rules| {
        let rule = rules.awards[0].clone();
        rules.awards.extend([90, 91].map(|id| AwardRule {
            id,
            by: AwardBy::Chosen,
            ..rule.clone()
        }));
    });
    assert_eq!(
        play.begin_blockers(),
        vec![Blocker::PrizesNotGiven { awards: vec![90, 91] }]
    );
    let give = |award: u32, teams: Vec<TeamId>| Command::GiveAward {
        award,
        teams,
        reason: "Ban tổ chức quyết định".into(),
    };
    play.tries(ORGANIZER, give(90, vec![TeamId(3)])).expect("given");
    assert_eq!(
        play.begin_blockers(),
        vec![Blocker::PrizesNotGiven { awards: vec![91] }]
    );
    assert_eq!(
        play.tries(ORGANIZER, give(91, vec![])),
        Ok(1),
        "to nobody, on record"
    );
    play.begins(RevealBy::Total);
}

#[test]
fn equals_may_share_a_prize_by_decision() {
    let sheet: Sheet = vec![[9_000; 3], [9_000; 3], [6_000; 3]];
    let of = |sole: bool| {
        Play::withheld(3, &sheet, 2, |rules| {
            rules.tie_breaks = vec![TieBreak::Decision];
            rules.awards.retain(|award| award.by == AwardBy::Total);
            rules.sole_winner = sole;
        })
    };
    let mut play = of(false);
    assert!(
        matches!(
            play.begin_blockers()[..],
            [Blocker::TiedForPrize { award: 1, .. }]
        ),
        "the rules ask the committee"
    );
    assert_eq!(play.shares(&[1, 2], " "), Err(Refusal::ReasonNeeded));
    let equal = vec![TeamId(1), TeamId(2)];
    for (wrong, teams) in [
        (&[1][..], equal.clone()),
        (&[1, 3], equal.clone()),
        (&[1, 2, 3], equal.clone()),
        (&[3], vec![]),
        (&[9], vec![]),
    ] {
        let blocker = Blocker::NotAllEquals { teams };
        assert_eq!(
            play.shares(wrong, "Đồng giải"),
            Err(Refusal::Blocked([blocker].into())),
            "{wrong:?}"
        );
    }
    assert!(matches!(
        play.shares(&[], "Đồng giải"),
        Err(Refusal::Invalid { .. })
    ));
    assert_eq!(play.shares(&[2, 1], "Đồng giải Nhất"), Ok(1));
    assert_eq!(play.shares(&[1, 2], "Đồng giải Nhất"), Ok(0), "it is so already");
    play.begins(RevealBy::Total);
    play.goes(play.plan().steps.len() as u32 - 1).expect("to the end");
    assert!(play.plates().contains(&("Giải Nhất".into(), vec![1, 2])));
    play.reveal(ORGANIZER, RevealAct::Unfreeze { reason: None })
        .expect("lifted");
    assert_eq!(not_final(&play.contest), vec![], "and it may be signed");

    // The newest decision holds, whichever way it goes.
    play.decides(&[2, 1]).expect("an order after all");
    assert_eq!(play.rows()[0].team, TeamId(2));
    play.shares(&[1, 2], "Thống nhất đồng giải")
        .expect("shared again");
    assert_eq!(play.rows()[0].rank, play.rows()[1].rank);

    let mut sole = of(true);
    let first = Blocker::TieForFirst {
        teams: vec![TeamId(1), TeamId(2)],
    };
    assert_eq!(
        sole.shares(&[1, 2], "Đồng giải"),
        Err(Refusal::Blocked([first].into()))
    );
}

#[test]
fn a_late_decision_is_not_given_away_where_nothing_was_withheld() {
    let sheet: Sheet = vec![[9_000; 3], [9_000; 3], [6_000; 3]];
    let mut play = Play::withheld(3, &sheet, 0, |rules| rules.tie_breaks = vec![TieBreak::Decision]);
    let seen = play.board(Audience::Public);
    play.decides(&[2, 1]).expect("decided behind the freeze");
    play.begins(RevealBy::Round);
    let Picture::Board { rows, .. } = play.plan().picture(&play.contest, 0) else {
        panic!("a board");
    };
    let shown: Vec<_> = rows.iter().map(|row| (row.team, row.rank, row.total)).collect();
    let known: Vec<_> = seen
        .rows
        .iter()
        .map(|row| (row.team, row.rank, row.total))
        .collect();
    assert_eq!(shown, known);
}

#[test]
fn totals_on_the_way_go_by_the_final_leg() {
    // Two of four go on, and in the final everybody begins anew.
    let sheet: Sheet = vec![
        [20_000, 30_000, 12_000],
        [20_000, 28_000, 14_000],
        [10_000, 20_000, 0],
        [10_000, 18_000, 0],
    ];
    for carry in [false, true] {
        let play = Play::up_to_the_reveal(4, &sheet, RevealBy::Round, |rules| {
            rules.final_leg = Some(crate::rules::FinalLeg {
                from: RoundId(3),
                teams: 2,
                per_cluster: false,
                carry,
            });
        });
        let plan = play.plan();
        let last = plan
            .steps
            .iter()
            .rposition(|step| matches!(step, Step::Place { .. }))
            .expect("places");
        let rows = |at: usize| match plan.picture(&play.contest, at as u32) {
            Picture::Board { rows, .. } => rows,
            other => panic!("not a board: {other:?}"),
        };
        // With the last mark on the board, before it moves, the totals are those of the end.
        let totals = |rows: Vec<PictureRow>| -> BTreeMap<TeamId, Option<Points>> {
            rows.into_iter().map(|row| (row.team, row.total)).collect()
        };
        assert_eq!(
            totals(rows(last - 1)),
            totals(rows(last)),
            "carry {carry}: no jump"
        );
        // The first mark of the final is told: a finalist stands before all who did not go on.
        let first = plan
            .steps
            .iter()
            .position(|step| {
                matches!(
                    step,
                    Step::Place {
                        round: Some(RoundId(3)),
                        ..
                    }
                )
            })
            .expect("a place");
        let told = rows(first);
        let leads = told.iter().find(|row| row.rank == Some(1)).expect("a first");
        assert!(leads.team.0 <= 2, "carry {carry}: {told:?}");
        if !carry {
            assert_eq!((leads.team, leads.total), (TeamId(1), Some(Points(12_000))));
        }
        for row in told.iter().filter(|row| row.team.0 > 2) {
            assert!(row.rank > Some(2), "carry {carry}: {told:?}");
        }
    }
}

#[test]
fn a_rehearsal_knows_the_final_leg() {
    let mut play = Play::of(6, |rules| {
        rules.final_leg = Some(crate::rules::FinalLeg {
            from: RoundId(3),
            teams: 2,
            per_cluster: false,
            carry: false,
        });
    });
    let begin = RevealAct::Begin {
        by: RevealBy::Round,
        rehearsal: true,
    };
    play.reveal(ORGANIZER, begin).expect("begins");
    let plan = play.plan();
    let finalists: Vec<&Standing> = plan.rows.iter().filter(|row| row.marks[2].is_some()).collect();
    assert!((2..6).contains(&finalists.len()), "{:?}", plan.rows);
    assert_eq!(finalists[0].total, finalists[0].marks[2], "nothing is carried on");
    assert!(
        plan.rows[..finalists.len()]
            .iter()
            .all(|row| row.marks[2].is_some())
    );
}

#[test]
fn what_was_announced_stays_after_the_reveal() {
    let mut play = Play::up_to_the_reveal(14, &fourteen(), RevealBy::Total, |_| {});
    let second = |step: &Step| matches!(step, Step::Plate { award: 1 });
    let at = play.plan().steps.iter().position(second).expect("a second prize") as u32;
    play.goes(at).expect("goes");
    let told = play.plates();
    assert_eq!(told.len(), 3, "the first prize is still to come: {told:?}");
    play.reveal(ORGANIZER, RevealAct::End).expect("left");
    assert_eq!(play.plates(), told, "while the public sees older standings");
    // A rehearsal announces nothing and takes nothing back.
    let begin = RevealAct::Begin {
        by: RevealBy::Total,
        rehearsal: true,
    };
    play.reveal(ORGANIZER, begin).expect("rehearses");
    assert_eq!(play.plates(), told);
    play.reveal(ORGANIZER, RevealAct::End).expect("left");
    assert_eq!(play.plates(), told);
    // What no longer holds is shown to nobody.
    play.withdraws(2, 2);
    assert_eq!(play.plates(), vec![]);
    play.confirms(2, 2, 44_500);
    assert_eq!(play.plates(), told);
    let reason = Some("Kết thúc hội thi".into());
    play.reveal(ORGANIZER, RevealAct::Unfreeze { reason })
        .expect("lifted");
    assert_eq!(play.plates().len(), 6, "everything is final");
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

/// The same plan with everything changed that step `at` does not tell: marks, totals and the order
/// of those still to come, the holders of prizes not announced.
fn censored(play: &Play, plan: &Plan, at: u32) -> Plan {
    let taken = &plan.steps[..=at as usize];
    let told = |team: TeamId, round: RoundId| {
        taken.iter().any(|step| match step {
            Step::Marks { round: of, teams } => teams.contains(&team) && of.is_none_or(|of| of == round),
            _ => false,
        })
    };
    let rounds: Vec<RoundId> = play
        .contest
        .rules()
        .expect("rules")
        .rounds
        .iter()
        .map(|r| r.id)
        .collect();
    let mut other = plan.clone();
    // In a reveal by rounds the places are told with the last of the withheld marks: before that, and
    // before anything is told, the order of the end is nobody's to know.
    let places = |step: &Step| matches!(step, Step::Place { .. });
    let ordered = taken.iter().any(places) && !plan.steps[taken.len()..].iter().any(places);
    let placed = |team: TeamId| match plan.by {
        RevealBy::Round => ordered,
        RevealBy::Total => taken
            .iter()
            .any(|step| matches!(step, Step::Place { round: None, teams } if teams.contains(&team))),
    };
    for row in &mut other.rows {
        let mut whole = true;
        for (i, round) in rounds.iter().enumerate() {
            let base = plan
                .base
                .iter()
                .find(|base| base.team == row.team)
                .expect("a base row");
            if !told(row.team, *round) && base.marks[i].is_none() {
                whole &= row.marks[i].is_none();
                row.marks[i] = row.marks[i].map(|mark| Points(mark.0 + 777_000));
            }
        }
        if !whole {
            row.total = row.total.map(|total| Points(total.0 + 999_000));
        }
        if !placed(row.team) {
            row.rank = row.rank.map(|rank| rank + 100);
            row.tied = !row.tied;
        }
    }
    // Those still to come, in another order before those who have their place.
    let (mut rest, done): (Vec<Standing>, Vec<Standing>) =
        other.rows.into_iter().partition(|row| !placed(row.team));
    rest.reverse();
    other.rows = rest.into_iter().chain(done).collect();
    for (i, award) in (0..).zip(&mut other.awards) {
        let announced = taken
            .iter()
            .any(|step| matches!(step, Step::Plate { award } if *award == i));
        if !announced {
            award.holders = vec![TeamId(1)];
        }
    }
    other
}

fn sheets(teams: std::ops::Range<usize>) -> impl Strategy<Value = Sheet> {
    // Few different values, so that ties are common; zero for a team that did not come.
    let mark = prop_oneof![1 => Just(0), 9 => (1i64..12).prop_map(|n| n * 250)];
    prop::collection::vec([mark.clone(), mark.clone(), mark], teams)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// What a step shows does not depend on anything that is told later.
    #[test]
    fn no_picture_knows_what_is_still_to_come(
        sheet in sheets(2..16),
        by in prop_oneof![Just(RevealBy::Total), Just(RevealBy::Round)],
        held in 0u32..4,
    ) {
        let mut play = Play::withheld(sheet.len(), &sheet, held, |rules| {
            rules.tie_breaks = vec![TieBreak::Decision];
        });
        play.decides_every_tie();
        play.begins(by);
        let plan = play.plan();
        for at in 0..plan.steps.len() as u32 {
            if matches!(plan.step(at), Step::Final) {
                break;
            }
            let other = censored(&play, &plan, at);
            prop_assert_eq!(
                bytes(&plan.picture(&play.contest, at)),
                bytes(&other.picture(&play.contest, at)),
                "step {} of {:?}", at, &plan.steps
            );
            let plates = |plan: &Plan| serde_json::to_string(&plan.plates(&play.contest, at)).expect("json");
            prop_assert_eq!(plates(&plan), plates(&other));
        }
    }

    /// Every team with a mark has its place told once, the last first, equals together; every prize
    /// that has holders is announced once, and an all-round prize not before its holders have their
    /// places; the last picture is the standings.
    #[test]
    fn everybody_is_told_once_and_prizes_follow(
        sheet in sheets(2..16),
        by in prop_oneof![Just(RevealBy::Total), Just(RevealBy::Round)],
        ties in prop_oneof![Just(Ties::Joint), Just(Ties::Consume)],
    ) {
        let play = Play::up_to_the_reveal(sheet.len(), &sheet, by, |rules| {
            rules.awards.iter_mut().for_each(|award: &mut AwardRule| award.ties = ties);
        });
        let plan = play.plan();
        let ranked: Vec<TeamId> = plan.rows.iter().filter(|row| row.rank.is_some()).map(|row| row.team).collect();
        if by == RevealBy::Total {
            let placed: Vec<TeamId> = plan.steps.iter().filter_map(|step| match step {
                Step::Place { teams, .. } => Some(teams.clone()),
                _ => None,
            }).flatten().collect();
            let mut sorted = placed.clone();
            sorted.sort_unstable();
            sorted.dedup();
            prop_assert_eq!(sorted.len(), placed.len(), "nobody twice");
            prop_assert_eq!(placed.len(), ranked.len());
            let rank = |team: &TeamId| plan.rows.iter().find(|row| row.team == *team).and_then(|row| row.rank);
            prop_assert!(placed.windows(2).all(|pair| rank(&pair[0]) >= rank(&pair[1])));
            for (at, step) in plan.steps.iter().enumerate() {
                let Step::Plate { award } = step else { continue };
                let award = &plan.awards[*award as usize];
                if award.rule.by == AwardBy::Total {
                    let before = teams_of(&plan.steps[..at], |step| matches!(step, Step::Place { .. }));
                    prop_assert!(award.holders.iter().all(|team| before.contains(team)));
                }
            }
        }
        let mut announced: Vec<u32> = plan.steps.iter().filter_map(|step| match step {
            Step::Plate { award } => Some(*award),
            _ => None,
        }).collect();
        let count = announced.len();
        announced.sort_unstable();
        announced.dedup();
        prop_assert_eq!(count, announced.len());
        let held = (0..).zip(&plan.awards).filter(|(_, award)| !award.holders.is_empty());
        prop_assert_eq!(announced, held.map(|(at, _)| at).collect::<Vec<u32>>());
        let boards: Vec<Picture> = (0..plan.steps.len() as u32)
            .filter(|at| !matches!(plan.step(*at), Step::Plate { .. } | Step::Final))
            .map(|at| plan.picture(&play.contest, at))
            .collect();
        // Nobody is lost on the way, and the last board before the end stands as the standings do.
        for picture in &boards {
            let Picture::Board { rows, .. } = picture else { panic!("a board") };
            prop_assert_eq!(rows.len(), plan.rows.len());
        }
        // Where nothing was withheld the board stays what the hall knew, and the end tells the places.
        let moved = plan.steps.iter().any(|step| matches!(step, Step::Place { .. }));
        if let Some(Picture::Board { rows, .. }) = boards.last().filter(|_| moved) {
            let seen: Vec<_> = rows.iter().filter(|row| row.rank.is_some()).map(|row| (row.team, row.rank, row.total)).collect();
            let truth: Vec<_> = plan.rows.iter().filter(|row| row.rank.is_some()).map(|row| (row.team, row.rank, row.total)).collect();
            prop_assert_eq!(seen, truth);
        }
    }
}
