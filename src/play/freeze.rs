//! What a freeze withholds: from contestants as well as from the hall.

use super::*;
use crate::{
    contest::ContestPhase,
    freeze::{NotFinal, not_final},
    hall_view::{self, SceneView},
    reveal::RevealAct,
    screen::Scene,
};

impl Play {
    fn reveals(&mut self, act: RevealAct) -> Vec<Event> {
        self.does(ORGANIZER, Command::Reveal { act })
    }

    fn freezes(&mut self) {
        let progress = BTreeMap::from([(EXAM, self.live())]);
        self.reveals(RevealAct::Freeze { progress });
    }

    fn thaws(&mut self) {
        let reason = Some("Hết phần công bố".into());
        self.reveals(RevealAct::Unfreeze { reason });
    }

    /// Team 1 has a live mark in the exam.
    fn live(&self) -> Progress {
        let mark = TeamMark {
            team: TeamId(1),
            mark: Points(4_000),
            seconds: 60,
            members: 1,
        };
        let of = audience::TeamProgress {
            live: Some(mark),
            ..audience::TeamProgress::default()
        };
        Progress(BTreeMap::from([(TeamId(1), of)]))
    }

    /// An exam with live marks whose papers are shown after publication, open now.
    fn examined() -> Self {
        let mut rules = Template::G2.rules();
        if let RoundKind::Exam(exam) = &mut rules.rounds[0].kind {
            exam.live_marks = true;
            exam.review = true;
        }
        let mut play = Self::with(rules);
        play.teams(&["A", "B"]);
        play.open();
        play
    }

    fn publishes_exam(&mut self) {
        let reason = Some("cả hội trường đã nộp bài".into());
        self.does(ORGANIZER, Command::CloseExam { round: EXAM, reason });
        self.mark(vec![]);
        self.does(ORGANIZER, Command::PublishExam { round: EXAM });
    }

    fn corrects(&mut self, question: u16) {
        let command = Command::CorrectKey {
            round: EXAM,
            question,
            options: 4,
            correct: None,
            reason: "câu hỏi sai".into(),
            remark: Some(Marking::default()),
        };
        self.does(ORGANIZER, command);
    }
}

#[test]
fn papers_of_a_round_published_behind_a_freeze_stay_closed() {
    let mut play = Play::examined();
    play.freezes();
    let frozen = play.contest.hall.frozen.as_ref().expect("frozen");
    assert_eq!(frozen.shown, [EXAM], "its live marks were on the board");
    play.publishes_exam();
    assert!(audience::reviewed(&play.contest, EXAM).is_none());
    // Nor does the board or a tablet's pulse say that it is published, or that all is over.
    let told = |play: &Play| {
        let board = audience::board(&play.contest, &BTreeMap::new(), Audience::Public);
        let pulse = audience::pulse(&play.contest);
        assert_eq!(pulse.phase, board.rounds[0].phase);
        (board.phase, board.rounds[0].phase, pulse.review)
    };
    assert_eq!(
        told(&play),
        (ContestPhase::Running, Some(ExamPhase::Marked), false)
    );
    play.thaws();
    assert!(audience::reviewed(&play.contest, EXAM).is_some());
    // The tablets hear of it: their pulse is another one.
    assert_eq!(
        told(&play),
        (ContestPhase::Finished, Some(ExamPhase::Published), true)
    );
}

#[test]
fn a_key_corrected_behind_a_freeze_marks_no_paper_before_it_is_lifted() {
    let mut play = Play::examined();
    play.corrects(1);
    play.publishes_exam();
    play.freezes();
    let key = |play: &Play| {
        let exam = audience::reviewed(&play.contest, EXAM).expect("published before");
        exam.corrections.keys().copied().collect::<Vec<u16>>()
    };
    play.corrects(2);
    assert_eq!(key(&play), [1]);
    assert_eq!(play.exam().corrections.len(), 2, "the staff goes by the new key");
    play.thaws();
    assert_eq!(key(&play), [1, 2]);
}

/// Two rounds on stage, told when they are published; equals are the committee's to part.
fn withheld() -> Rules {
    let mut all = rules(2);
    all.tie_breaks = vec![TieBreak::Decision];
    for round in &mut all.rounds {
        if let RoundKind::Stage(stage) = &mut round.kind {
            stage.show_confirmed = false;
        }
    }
    all
}

/// Two teams equal in both rounds, of which the first is published.
fn equal_in_both() -> Play {
    let mut play = Play::ready(withheld(), 2);
    for round in [ROUND, RoundId(2)] {
        play.all_mark(round, 1, 5_000);
        play.all_mark(round, 2, 5_000);
        play.confirms(round);
    }
    play.act(ORGANIZER, StageAct::Publish);
    play
}

/// The public's board as (team, rank).
fn public(play: &Play) -> Vec<(u32, Option<u32>)> {
    let board = audience::board(&play.contest, &BTreeMap::new(), Audience::Public);
    board.rows.iter().map(|row| (row.team.0, row.rank)).collect()
}

#[test]
fn a_decision_among_equals_is_told_with_the_last_round_that_it_rests_on() {
    let mut play = equal_in_both();
    let equal = [(1, Some(1)), (2, Some(1))];
    assert_eq!(public(&play), equal);
    let decide = Command::DecideTie {
        teams: vec![TeamId(2), TeamId(1)],
        reason: "câu hỏi phụ".into(),
    };
    play.does(ORGANIZER, decide);
    assert_eq!(play.order(), [(2, 1), (1, 2)], "the staff goes by it");
    assert_eq!(public(&play), equal, "the second round is not published");
    play.freezes();
    play.act_in(RoundId(2), ORGANIZER, StageAct::Publish);
    assert_eq!(public(&play), equal);
    play.thaws();
    assert_eq!(public(&play), [(2, Some(1)), (1, Some(2))]);
    // From its ledger a contest is the same.
    let again = ledger::replay(&play.contest.id, play.ledger.clone()).expect("replays");
    assert_eq!(again, play.contest);
}

/// A round that the decision rests on loses its marks again before anybody has seen them: that they were equal in it
/// stays a secret.
#[test]
fn a_decision_tells_nothing_of_marks_that_were_taken_back() {
    let mut play = equal_in_both();
    let equal = [(1, Some(1)), (2, Some(1))];
    let decide = Command::DecideTie {
        teams: vec![TeamId(2), TeamId(1)],
        reason: "câu hỏi phụ".into(),
    };
    play.does(ORGANIZER, decide);
    for team in [1, 2] {
        play.act_in(
            RoundId(2),
            ORGANIZER,
            StageAct::WithdrawMark {
                team: TeamId(team),
                reason: "chấm nhầm".into(),
            },
        );
        assert_eq!(public(&play), equal, "after {team}");
    }
}

/// Once told, the decision stays told, whatever else is marked.
#[test]
fn a_decision_on_what_everybody_knows_is_told_at_once() {
    let mut play = Play::ready(withheld(), 2);
    play.all_mark(ROUND, 1, 5_000);
    play.all_mark(ROUND, 2, 5_000);
    play.confirms(ROUND);
    play.act(ORGANIZER, StageAct::Publish);
    let decide = Command::DecideTie {
        teams: vec![TeamId(2), TeamId(1)],
        reason: "câu hỏi phụ".into(),
    };
    play.does(ORGANIZER, decide);
    let parted = [(2, Some(1)), (1, Some(2))];
    assert_eq!(public(&play), parted);
    for team in [1, 2] {
        play.all_mark(RoundId(2), team, 4_000);
    }
    play.confirms(RoundId(2));
    assert_eq!(public(&play), parted);
    // Taken back in view of the second round: with it that is told, and not before.
    let share = Command::SharePlace {
        teams: vec![TeamId(1), TeamId(2)],
        reason: "thống nhất đồng hạng".into(),
    };
    play.does(ORGANIZER, share);
    assert_eq!(play.order(), [(1, 1), (2, 1)]);
    assert_eq!(public(&play), parted);
    play.act_in(RoundId(2), ORGANIZER, StageAct::Publish);
    assert_eq!(public(&play), [(1, Some(1)), (2, Some(1))]);
}

impl Play {
    /// Two rounds are marked, `points` by team in each; the second is published behind a freeze.
    fn withheld(rules: Rules, points: &[i64]) -> Self {
        let mut play = Self::ready(rules, points.len() as u32);
        for round in [ROUND, RoundId(2)] {
            for (team, points) in (1..).zip(points) {
                play.all_mark(round, team, *points);
            }
            play.confirms(round);
            if round != ROUND {
                play.freezes();
            }
            play.act_in(round, ORGANIZER, StageAct::Publish);
        }
        play
    }

    fn begins(&mut self) {
        let by = crate::reveal::RevealBy::Total;
        self.reveals(RevealAct::Begin { by, rehearsal: false });
    }

    fn tells_all(&mut self) {
        let reveal = self.contest.hall.reveal.as_ref().expect("a reveal");
        let (from, to) = (reveal.step, reveal.plan.steps.len() as u32 - 1);
        self.reveals(RevealAct::Go {
            reveal: None,
            from,
            to,
        });
    }

    fn scene(&self, scene: &Scene) -> SceneView {
        let board = audience::board(&self.contest, &BTreeMap::new(), Audience::Public);
        hall_view::scene(&self.contest, &board, scene)
    }

    /// Whether the reveal's scene shows anything.
    fn pictured(&self) -> bool {
        match self.scene(&Scene::Reveal) {
            SceneView::Reveal { picture, .. } => picture.is_some(),
            other => panic!("not a reveal: {other:?}"),
        }
    }
}

#[test]
fn the_final_board_that_a_correction_has_overtaken_leaves_the_wall_once_the_freeze_is_lifted() {
    let mut play = Play::withheld(withheld(), &[5_000, 4_000]);
    play.begins();
    play.tells_all();
    let withdraw = StageAct::WithdrawMark {
        team: TeamId(1),
        reason: "cộng sai phiếu".into(),
    };
    play.act(CHIEF, withdraw.clone());
    assert!(play.pictured(), "in the middle the wall stands still");
    play.confirms(ROUND);
    play.reveals(RevealAct::Unfreeze { reason: None });
    assert!(play.pictured());
    play.act(CHIEF, withdraw);
    assert!(!play.pictured(), "the public's board says something else");
    play.reveals(RevealAct::End { reveal: None });
    let by = crate::reveal::RevealBy::Total;
    play.reveals(RevealAct::Begin { by, rehearsal: true });
    assert!(play.pictured(), "what is invented is overtaken by nothing");
}

/// The hall has heard the winner in the reveal; his card still stands at the freeze.
#[test]
fn a_teams_card_has_no_rank_while_the_standings_are_frozen() {
    let mut play = Play::withheld(withheld(), &[5_000, 4_000]);
    let card = |play: &Play| match play.scene(&Scene::Team { team: TeamId(2) }) {
        SceneView::Team { team: Some(card) } => card,
        other => panic!("no card: {other:?}"),
    };
    let frozen = play.contest.hall.frozen.as_ref().expect("frozen").at;
    let of = card(&play);
    assert_eq!((of.frozen, of.row.rank, of.row.tied), (Some(frozen), None, false));
    assert_eq!(
        of.row.marks,
        [Some(Points(4_000)), None],
        "the marks of that moment"
    );
    play.thaws();
    let of = card(&play);
    assert_eq!((of.frozen, of.row.rank), (None, Some(2)));
}

impl Play {
    fn begin_blockers(&mut self) -> Vec<Blocker> {
        let by = crate::reveal::RevealBy::Total;
        let act = RevealAct::Begin { by, rehearsal: false };
        match self.tries(ORGANIZER, Command::Reveal { act }) {
            Err(Refusal::Blocked(list)) => list.into_vec(),
            other => panic!("not blocked: {other:?}"),
        }
    }
}

fn prize(id: u32, by: AwardBy, places: u32, ties: Ties) -> AwardRule {
    AwardRule {
        id,
        name: format!("Giải {id}"),
        by,
        places,
        ties,
    }
}

#[test]
fn nothing_is_final_while_a_side_prize_is_neither_given_nor_expressly_not() {
    let mut all = withheld();
    all.awards = vec![prize(7, AwardBy::Chosen, 1, Ties::Joint)];
    let mut play = Play::withheld(all, &[5_000, 4_000]);
    play.thaws();
    assert_eq!(
        not_final(&play.contest),
        [NotFinal::PrizesNotGiven { awards: vec![7] }]
    );
    assert_eq!(play.scene(&Scene::Prizes), SceneView::Prizes { plates: vec![] });
    let nobody = Command::GiveAward {
        award: 7,
        teams: vec![],
        reason: "không đội nào đạt".into(),
    };
    play.does(ORGANIZER, nobody);
    assert_eq!(not_final(&play.contest), []);
}

#[test]
fn a_reveal_waits_for_the_answer_to_every_complaint() {
    let mut all = withheld();
    all.appeal_window = 3_600_000;
    let mut play = Play::withheld(all, &[5_000, 4_000]);
    let complaint = Command::FileAppeal {
        team: TeamId(2),
        text: "đề nghị xem lại điểm".into(),
    };
    play.does(SECRETARY, complaint.clone());
    assert_eq!(play.begin_blockers(), [Blocker::OpenAppeals { count: 1 }]);
    let answer = Command::AnswerAppeal {
        appeal: 1,
        upheld: false,
        reason: "đã đối chiếu phiếu".into(),
    };
    play.does(ORGANIZER, answer);
    play.begins();
    // One that comes in the middle keeps the standings from being final, not the hall waiting.
    play.does(SECRETARY, complaint);
    play.tells_all();
    assert!(not_final(&play.contest).contains(&NotFinal::OpenAppeals { count: 1 }));
}

/// The first prize is shared and leaves the second one place, which two more equals reach for.
#[test]
fn equals_across_the_places_that_are_left_of_a_prize_are_put_to_the_committee() {
    let mut all = withheld();
    all.awards = vec![
        prize(1, AwardBy::Total, 1, Ties::Consume),
        prize(2, AwardBy::Total, 2, Ties::Consume),
        prize(3, AwardBy::Total, 1, Ties::Consume),
    ];
    let mut play = Play::withheld(all.clone(), &[5_000, 5_000, 4_000, 4_000, 3_000]);
    let share = |teams: [u32; 2]| Command::SharePlace {
        teams: teams.map(TeamId).to_vec(),
        reason: "thống nhất đồng giải".into(),
    };
    play.does(ORGANIZER, share([1, 2]));
    let second = vec![TeamId(3), TeamId(4)];
    assert_eq!(
        play.begin_blockers(),
        [Blocker::TiedForPrize {
            award: 2,
            teams: second
        }]
    );
    play.does(ORGANIZER, share([3, 4]));
    play.begins();
    let rows = standings(&play.contest, |r, t| play.contest.mark(r, t));
    let given = awards(&all, &rows, &play.contest.given);
    let places: Vec<(u32, usize)> = given.iter().map(|a| (a.places, a.holders.len())).collect();
    assert_eq!(places, [(1, 2), (1, 2), (0, 0)]);
    // The plan of an older ledger does not tell them, and holds all the same.
    let plan = &play.contest.hall.reveal.as_ref().expect("a reveal").plan;
    let mut old = serde_json::to_value(plan).expect("json");
    for award in old["awards"].as_array_mut().expect("a list") {
        award
            .as_object_mut()
            .expect("an award")
            .remove("places")
            .expect("told");
    }
    let old: crate::reveal::Plan = serde_json::from_value(old).expect("reads");
    assert!(old.follows_from(&play.contest));
}

/// Frozen rows and the plan of a reveal hold marks by the place of their round.
#[test]
fn the_list_of_rounds_stays_while_the_standings_are_frozen_or_a_reveal_is_under_way() {
    let mut play = Play::withheld(withheld(), &[5_000, 4_000]);
    let old = play.contest.rules().expect("rules").clone();
    let set = |rules: &Rules| Command::SetRules {
        rules: rules.clone(),
        reason: Some("ban tổ chức thống nhất".into()),
    };
    let mut turned = old.clone();
    turned.rounds.reverse();
    let mut more = old.clone();
    more.rounds.insert(
        0,
        Round {
            id: RoundId(3),
            name: "Màn chào hỏi".into(),
            ..old.rounds[0].clone()
        },
    );
    let mut named = old.clone();
    named.rounds[0].name = "Tiểu phẩm".into();
    let fixed = Refusal::Blocked([Blocker::RoundsFixed].into());
    let refused = |play: &mut Play| {
        for rules in [&turned, &more] {
            assert_eq!(play.refusal(ORGANIZER, set(rules)), fixed);
        }
    };
    refused(&mut play);
    play.does(ORGANIZER, set(&named));
    play.thaws();
    let by = crate::reveal::RevealBy::Round;
    play.reveals(RevealAct::Begin { by, rehearsal: true });
    refused(&mut play);
    play.reveals(RevealAct::End { reveal: None });
    play.does(ORGANIZER, set(&more));
}

/// A tablet that slept through the end of a rehearsal wakes in the real reveal.
#[test]
fn whoever_acts_on_another_reveal_tells_nothing_of_this_one() {
    let mut play = Play::withheld(withheld(), &[5_000, 4_000]);
    let begun = |play: &Play| hall_view::host(&play.contest).reveal.expect("a reveal").begun;
    let by = crate::reveal::RevealBy::Total;
    play.reveals(RevealAct::Begin { by, rehearsal: true });
    let rehearsal = begun(&play);
    assert_eq!(rehearsal, play.contest.seq, "the entry that began it");
    let go = |reveal| Command::Reveal {
        act: RevealAct::Go {
            reveal,
            from: 0,
            to: 1,
        },
    };
    play.does(ORGANIZER, go(Some(rehearsal)));
    play.reveals(RevealAct::End { reveal: None });
    play.begins();
    assert_eq!(play.refusal(ORGANIZER, go(Some(rehearsal))), Refusal::OtherReveal);
    let end = |reveal| Command::Reveal {
        act: RevealAct::End { reveal },
    };
    assert_eq!(
        play.refusal(ORGANIZER, end(Some(rehearsal))),
        Refusal::OtherReveal
    );
    let real = begun(&play);
    assert_eq!(play.does(ORGANIZER, go(Some(real))).len(), 1);
    // A plain form of an older page does not say.
    assert_eq!(play.does(ORGANIZER, go(None)), [], "late by a step");
    assert_eq!(play.does(ORGANIZER, end(Some(real))).len(), 1);
    assert_eq!(play.does(ORGANIZER, end(Some(rehearsal))), [], "over already");
}

#[test]
fn the_time_for_complaints_begins_when_everybody_sees_the_marks() {
    let mut all = withheld();
    all.appeal_window = 60 * MINUTE;
    let complaint = Command::FileAppeal {
        team: TeamId(2),
        text: "đề nghị xem lại điểm".into(),
    };
    let mut play = Play::withheld(all.clone(), &[5_000, 4_000]);
    play.wait(90 * MINUTE);
    // Heard as soon as the hall is told, which is before the freeze is lifted.
    play.does(SECRETARY, complaint.clone());
    play.thaws();
    play.wait(60 * MINUTE);
    play.does(SECRETARY, complaint.clone());
    play.wait(1);
    assert_eq!(play.refusal(SECRETARY, complaint.clone()), Refusal::AppealsClosed);
    // A freeze behind which nothing was published gives no more time.
    play.freezes();
    assert_eq!(play.refusal(SECRETARY, complaint.clone()), Refusal::AppealsClosed);
    play.thaws();
    assert_eq!(play.refusal(SECRETARY, complaint), Refusal::AppealsClosed);
}
