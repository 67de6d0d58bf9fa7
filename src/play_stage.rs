//! Test play of stage rounds: two judges, a chief, a secretary, from draw to published prizes.

use crate::{
    Actor, Blocker, Command, Contest, ContestId, Event, Moment, PersonId, Points, Refusal, RoundId, TeamId,
    UserId,
    audience::{self, Audience},
    award::{AwardBy, AwardRule, Ties, awards},
    command::Facts,
    draw::{self, DrawOf},
    ledger::{self, Entry, Sealed},
    people::Details,
    refusal::{Fault, Field},
    rules::{
        Criterion, FinalLeg, MissingJudge, Overtime, Round, RoundKind, Rules, StageRules, StageTime, TieBreak,
    },
    stage::{SheetState, StageAct, StageFact},
    standing::{advancing, standings},
    template::Template,
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use std::collections::BTreeMap;

const ORGANIZER: Actor = Actor::Organizer { user: UserId(1) };
const SECRETARY: Actor = Actor::Secretary { person: PersonId(9) };
const CHIEF: Actor = Actor::Judge { person: PersonId(1) };
const ROUND: RoundId = RoundId(1);
const SEED: &str = "5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed";

fn judge(person: i64) -> Actor {
    Actor::Judge {
        person: PersonId(person),
    }
}

fn skit() -> StageRules {
    let criterion = |id, name: &str, maximum| Criterion {
        id,
        name: name.into(),
        maximum: Points::whole(maximum),
        step: Points(250),
    };
    StageRules {
        rubric: vec![criterion(1, "Nội dung", 6), criterion(2, "Diễn xuất", 4)],
        time: StageTime {
            warning: 540_000,
            limit: 600_000,
            cut_off: None,
        },
        overtime: Overtime::Once {
            by: 15_000,
            points: Points::whole(1),
        },
        spread: Some(Points::whole(2)),
        packs: 3,
        ..StageRules::default()
    }
}

fn rules(rounds: u32) -> Rules {
    let round = |id| Round {
        id: RoundId(id),
        name: format!("Phần thi {id}"),
        weight: 1000,
        maximum: Points::whole(10),
        kind: RoundKind::Stage(skit()),
    };
    Rules {
        rounds: (1..=rounds).map(round).collect(),
        tie_breaks: vec![],
        awards: vec![],
        appeal_window: 0,
        ..Template::G1.rules()
    }
}

struct Play {
    contest: Contest,
    now: Moment,
    rng: ChaCha20Rng,
    ledger: Vec<Sealed>,
}

impl Play {
    fn new(rules: Rules, teams: u32) -> Self {
        let mut play = Play {
            contest: Contest::new("san-khau".parse().expect("a name")),
            now: 1_700_000_000_000,
            rng: ChaCha20Rng::from_seed([9; 32]),
            ledger: vec![],
        };
        let details = Details {
            name: "Hội thi".into(),
            ..Details::default()
        };
        play.does(ORGANIZER, Command::CreateContest { details, rules });
        let teams = (1..=teams).map(|n| (format!("Đội {n}"), String::new())).collect();
        play.does(ORGANIZER, Command::AddTeams { teams });
        play
    }

    /// With a panel of three, led by judge 1, and the running order drawn.
    fn ready(rules: Rules, teams: u32) -> Self {
        let mut play = Self::new(rules, teams);
        for round in play.contest.rules().expect("rules").rounds.clone() {
            play.seat(round.id);
        }
        play
    }

    fn seat(&mut self, round: RoundId) {
        let judges = vec![PersonId(1), PersonId(2), PersonId(3)];
        self.act_in(
            round,
            ORGANIZER,
            StageAct::SetPanel {
                judges,
                chief: PersonId(1),
                reason: None,
            },
        );
        let commitment = draw::commitment(SEED);
        self.act_in(
            round,
            SECRETARY,
            StageAct::SealDraw {
                of: DrawOf::Order,
                commitment,
            },
        );
        self.act_in(
            round,
            SECRETARY,
            StageAct::OpenDraw {
                of: DrawOf::Order,
                seed: SEED.into(),
            },
        );
    }

    fn tries(&mut self, actor: Actor, command: Command) -> Result<Vec<Event>, Refusal> {
        let events = self
            .contest
            .decide(&actor, command, &Facts::default(), self.now, &mut self.rng)?;
        for event in &events {
            let entry = Entry {
                seq: self.contest.seq + 1,
                at: self.now,
                actor,
                device: String::new(),
                event: event.clone(),
            };
            let sealed = entry.seal(&self.contest.head);
            ledger::follow(&mut self.contest, &sealed).expect("what was just sealed follows");
            self.ledger.push(sealed);
        }
        Ok(events)
    }

    fn does(&mut self, actor: Actor, command: Command) -> Vec<Event> {
        self.tries(actor, command).expect("allowed")
    }

    fn act_in(&mut self, round: RoundId, actor: Actor, act: StageAct) -> Vec<Event> {
        self.does(actor, Command::Stage { round, act })
    }

    fn act(&mut self, actor: Actor, act: StageAct) -> Vec<Event> {
        self.act_in(ROUND, actor, act)
    }

    fn refusal(&mut self, actor: Actor, act: StageAct) -> Refusal {
        self.tries(actor, Command::Stage { round: ROUND, act })
            .expect_err("refused")
    }

    fn performs(&mut self, round: RoundId, team: u32, seconds: i64) {
        let team = TeamId(team);
        self.act_in(round, SECRETARY, StageAct::Call { team });
        self.act_in(round, SECRETARY, StageAct::StartClock { team });
        self.now += seconds * 1000;
        self.act_in(round, SECRETARY, StageAct::StopClock { team });
    }

    fn marks(&mut self, round: RoundId, who: i64, team: u32, content: i64, acting: i64) {
        let team = TeamId(team);
        for (criterion, points) in [(1, content), (2, acting)] {
            let act = StageAct::SetMark {
                team,
                criterion,
                revision: 1,
                points: Some(Points(points)),
            };
            self.act_in(round, judge(who), act);
        }
        self.act_in(round, judge(who), StageAct::HandInSheet { team });
    }

    /// All three judges give `points` in whole on content, nothing apart.
    fn all_mark(&mut self, round: RoundId, team: u32, points: i64) {
        self.performs(round, team, 300);
        for who in 1..=3 {
            self.marks(round, who, team, points, 0);
        }
    }

    fn confirms(&mut self, round: RoundId) {
        self.act_in(round, CHIEF, StageAct::Confirm { team: None });
    }

    fn order(&self) -> Vec<(u32, u32)> {
        let rows = standings(&self.contest, |r, t| self.contest.mark(r, t));
        rows.iter()
            .filter_map(|row| Some((row.team.0, row.rank?)))
            .collect()
    }
}

#[test]
fn a_drawn_order_is_sealed_before_and_checked_after() {
    let mut play = Play::new(rules(1), 5);
    let open = |seed: &str| StageAct::OpenDraw {
        of: DrawOf::Order,
        seed: seed.into(),
    };
    assert_eq!(
        play.refusal(SECRETARY, open(SEED)),
        Refusal::WrongSeal,
        "nothing is sealed yet"
    );
    play.act(
        SECRETARY,
        StageAct::SealDraw {
            of: DrawOf::Order,
            commitment: draw::commitment(SEED),
        },
    );
    assert_eq!(
        play.refusal(SECRETARY, open(&"00".repeat(32))),
        Refusal::WrongSeal,
        "another seed"
    );
    play.act(SECRETARY, open(SEED));
    let teams: Vec<TeamId> = (1..=5).map(TeamId).collect();
    let id: ContestId = play.contest.id.clone();
    assert_eq!(
        play.contest.stages[&ROUND].order,
        draw::order(SEED, &id, ROUND, &teams)
    );
    for actor in [
        judge(2),
        Actor::Public,
        Actor::Contestant {
            person: PersonId(4),
            team: TeamId(1),
        },
    ] {
        assert_eq!(play.refusal(actor, open(SEED)), Refusal::NotAllowed);
    }
}

#[test]
fn a_draw_that_does_not_follow_from_its_seed_is_found_even_in_a_sound_chain() {
    let mut play = Play::ready(rules(1), 5);
    let packs = DrawOf::Packs;
    let commitment = draw::commitment(SEED);
    play.act(
        SECRETARY,
        StageAct::SealDraw {
            of: packs,
            commitment,
        },
    );
    let seed = SEED.to_owned();
    play.act(SECRETARY, StageAct::OpenDraw { of: packs, seed });
    let id = play.contest.id.clone();
    assert_eq!(
        ledger::verify(&id, play.ledger.clone()).as_ref(),
        Ok(&play.contest)
    );

    // Whoever has the file can write the chain anew behind what he changed.
    let forged = |change: &dyn Fn(&mut StageFact)| {
        let mut contest = Contest::new(id.clone());
        let forge = |sealed: &Sealed| {
            let mut entry: Entry = serde_json::from_str(&sealed.body).expect("an entry");
            if let Event::Stage { fact, .. } = &mut entry.event {
                change(fact);
            }
            let sealed = entry.seal(&contest.head);
            ledger::follow(&mut contest, &sealed).expect("chained");
            sealed
        };
        let chain: Vec<Sealed> = play.ledger.iter().map(forge).collect();
        assert!(ledger::replay(&id, chain.clone()).is_ok());
        ledger::verify(&id, chain).map(|contest| contest.seq)
    };
    let opened = |fact: &StageFact, which| matches!(fact, StageFact::DrawOpened { of, .. } if *of == which);
    let at = |which| {
        let is = |sealed: &&Sealed| {
            let entry: Entry = serde_json::from_str(&sealed.body).expect("an entry");
            matches!(&entry.event, Event::Stage { fact, .. } if opened(fact, which))
        };
        play.ledger.iter().find(is).expect("drawn").seq
    };
    let broken = |which| {
        let why = ledger::Why::Draw;
        Err(ledger::Broken { seq: at(which), why })
    };
    assert_eq!(forged(&|_| {}), Ok(play.contest.seq));
    let turned = forged(&|fact| {
        if let StageFact::DrawOpened { order, .. } = fact {
            order.reverse();
        }
    });
    assert_eq!(turned, broken(DrawOf::Order));
    let repacked = forged(&|fact| {
        if let StageFact::DrawOpened { packs, .. } = fact {
            packs.iter_mut().for_each(|(_, pack)| *pack = 1);
        }
    });
    assert_eq!(repacked, broken(DrawOf::Packs));
    // A seed chosen afterwards, with the draw that it does give: the seal is another.
    let chosen = "00".repeat(32);
    let teams: Vec<TeamId> = (1..=5).map(TeamId).collect();
    let other = forged(&|fact| {
        if let StageFact::DrawOpened {
            seed,
            order,
            of: DrawOf::Order,
            ..
        } = fact
        {
            seed.clone_from(&chosen);
            *order = draw::order(&chosen, &id, ROUND, &teams);
        }
    });
    assert_eq!(other, broken(DrawOf::Order));
}

#[test]
fn paper_lots_are_typed_in_whole_and_the_past_is_not_reordered() {
    let mut play = Play::ready(rules(1), 3);
    let enter = |order: &[u32]| StageAct::EnterOrder {
        order: order.iter().map(|n| TeamId(*n)).collect(),
        reason: "bốc thăm bằng phiếu giấy".into(),
    };
    assert!(matches!(
        play.refusal(SECRETARY, enter(&[1, 2])),
        Refusal::Invalid {
            fault: Fault::OutOfRange,
            ..
        }
    ));
    assert!(matches!(
        play.refusal(SECRETARY, enter(&[1, 2, 2])),
        Refusal::Invalid {
            fault: Fault::Duplicate,
            ..
        }
    ));
    play.act(SECRETARY, enter(&[3, 1, 2]));
    play.performs(ROUND, 3, 60);
    let change = |order: &[u32]| StageAct::ChangeOrder {
        order: order.iter().map(|n| TeamId(*n)).collect(),
        reason: "đội 1 xin đổi".into(),
    };
    assert!(matches!(
        play.refusal(SECRETARY, change(&[1, 3, 2])),
        Refusal::Invalid {
            field: Field::Order,
            ..
        }
    ));
    play.act(SECRETARY, change(&[3, 2, 1]));
    assert_eq!(
        play.refusal(SECRETARY, enter(&[1, 2, 3])),
        Refusal::Frozen,
        "no new draw once a team was called"
    );
}

#[test]
fn a_sheet_takes_no_mark_above_its_maximum_or_off_its_step_and_blank_is_not_zero() {
    let mut play = Play::ready(rules(1), 2);
    let team = TeamId(1);
    let set = |revision, points: Option<i64>| StageAct::SetMark {
        team,
        criterion: 1,
        revision,
        points: points.map(Points),
    };
    assert_eq!(play.refusal(judge(2), set(1, Some(5_000))), Refusal::NotOnStage);
    play.performs(ROUND, 1, 300);
    assert_eq!(
        play.refusal(judge(2), set(1, Some(6_250))),
        Refusal::invalid(Field::Mark, Fault::OutOfRange)
    );
    assert_eq!(
        play.refusal(judge(2), set(1, Some(5_100))),
        Refusal::invalid(Field::Mark, Fault::OffStep)
    );
    assert_eq!(
        play.refusal(judge(4), set(1, Some(5_000))),
        Refusal::NotAllowed,
        "not of this panel"
    );
    play.act(judge(2), set(1, Some(0)));
    let Refusal::Blocked(list) = play.refusal(judge(2), StageAct::HandInSheet { team }) else {
        panic!("blocked")
    };
    assert_eq!(
        list[..],
        [Blocker::Blank { criteria: vec![2] }],
        "zero is filled in, blank is not"
    );
}

#[test]
fn a_stale_page_cannot_overwrite_and_a_repeated_packet_is_no_news() {
    let mut play = Play::ready(rules(1), 2);
    play.performs(ROUND, 1, 300);
    let set = |revision, points| StageAct::SetMark {
        team: TeamId(1),
        criterion: 1,
        revision,
        points: Some(Points(points)),
    };
    play.act(judge(2), set(2, 5_000));
    assert_eq!(play.act(judge(2), set(2, 5_000)), vec![]);
    let stale = Refusal::StaleMark {
        revision: 2,
        points: Some(Points(5_000)),
    };
    assert_eq!(play.refusal(judge(2), set(2, 4_000)), stale);
    assert_eq!(play.refusal(judge(2), set(1, 4_000)), stale);
    play.act(judge(2), set(3, 4_000));
}

/// By hand: (8 + 9 + 8,5) / 3 = 8,5; over by 20 s: 1 off; 7,5.
#[test]
fn overtime_is_proposed_confirmed_and_may_be_waived() {
    let mut play = Play::ready(rules(1), 2);
    let team = TeamId(1);
    play.performs(ROUND, 1, 620);
    play.marks(ROUND, 1, 1, 5_000, 3_000);
    play.marks(ROUND, 2, 1, 5_000, 4_000);
    play.marks(ROUND, 3, 1, 5_500, 3_000);
    let confirm = StageAct::Confirm { team: Some(team) };
    let open = Blocker::DeductionOpen {
        team,
        proposed: Points::whole(1),
    };
    assert_eq!(
        play.refusal(CHIEF, confirm.clone()),
        Refusal::Blocked([open].into())
    );
    let deduct = |points, reason: Option<&str>| StageAct::SetDeduction {
        team,
        points: Points(points),
        reason: reason.map(Into::into),
    };
    assert_eq!(
        play.refusal(SECRETARY, deduct(500, None)),
        Refusal::ReasonNeeded,
        "another number needs a reason"
    );
    play.act(SECRETARY, deduct(1_000, None));
    assert_eq!(
        play.act(SECRETARY, deduct(1_000, None)),
        vec![],
        "no double deduction"
    );
    assert_eq!(
        play.refusal(
            SECRETARY,
            StageAct::WaiveDeduction {
                team,
                reason: "loa hỏng".into()
            }
        ),
        Refusal::NotAllowed
    );
    assert_eq!(
        play.refusal(judge(2), confirm.clone()),
        Refusal::NotAllowed,
        "only the chief judge confirms"
    );
    play.act(CHIEF, confirm);
    assert_eq!(
        play.contest.mark(ROUND, team).map(|m| m.mark),
        Some(Points(7_500))
    );
    play.act(
        CHIEF,
        StageAct::WithdrawMark {
            team,
            reason: "xét lại lỗi loa".into(),
        },
    );
    assert_eq!(play.contest.mark(ROUND, team), None);
    play.act(
        CHIEF,
        StageAct::WaiveDeduction {
            team,
            reason: "loa hỏng".into(),
        },
    );
    play.confirms(ROUND);
    assert_eq!(
        play.contest.mark(ROUND, team).map(|m| m.mark),
        Some(Points(8_500))
    );
}

#[test]
fn a_wide_spread_needs_a_note_and_a_reopened_sheet_keeps_what_it_was() {
    let mut play = Play::ready(rules(1), 2);
    let team = TeamId(1);
    play.performs(ROUND, 1, 300);
    play.marks(ROUND, 1, 1, 5_000, 3_000);
    play.marks(ROUND, 2, 1, 5_000, 3_000);
    play.marks(ROUND, 3, 1, 2_000, 1_000);
    let confirm = StageAct::Confirm { team: Some(team) };
    let wide = Blocker::SpreadWithoutNote {
        team,
        judges: vec![PersonId(1), PersonId(2), PersonId(3)],
    };
    assert_eq!(
        play.refusal(CHIEF, confirm.clone()),
        Refusal::Blocked([wide].into())
    );
    play.act(
        judge(3),
        StageAct::AskReopening {
            team,
            reason: "nhầm dòng".into(),
        },
    );
    let reopen = StageAct::ReopenSheet {
        team,
        judge: PersonId(3),
        reason: "nhầm dòng".into(),
    };
    assert_eq!(play.refusal(judge(2), reopen.clone()), Refusal::NotAllowed);
    play.act(CHIEF, reopen.clone());
    let sheet = play.contest.stages[&ROUND]
        .sheet(PersonId(3), team)
        .expect("a sheet");
    assert_eq!((sheet.state(), sheet.versions.len()), (SheetState::Reopened, 1));
    assert_eq!(
        sheet.versions[0],
        BTreeMap::from([(1, Points(2_000)), (2, Points(1_000))])
    );
    let missing = Blocker::MissingSheets {
        team,
        judges: vec![PersonId(3)],
    };
    assert_eq!(
        play.refusal(CHIEF, confirm.clone()),
        Refusal::Blocked([missing].into())
    );
    play.act(
        judge(3),
        StageAct::SetMark {
            team,
            criterion: 1,
            revision: 2,
            points: Some(Points(4_500)),
        },
    );
    play.act(
        judge(3),
        StageAct::SetMark {
            team,
            criterion: 2,
            revision: 2,
            points: Some(Points(2_500)),
        },
    );
    play.act(judge(3), StageAct::HandInSheet { team });
    play.act(CHIEF, confirm);
    assert_eq!(
        play.refusal(CHIEF, reopen),
        Refusal::SheetLocked,
        "a confirmed mark is withdrawn first"
    );
}

#[test]
fn a_conflicted_judge_has_no_sheet_and_two_persons_are_needed() {
    let mut play = Play::ready(rules(1), 2);
    let team = TeamId(1);
    for other in [2, 3] {
        let reason = "đơn vị công tác".into();
        play.act(
            judge(other),
            StageAct::DeclareConflict {
                judge: PersonId(other),
                team,
                reason,
            },
        );
    }
    let theirs = StageAct::DeclareConflict {
        judge: PersonId(3),
        team: TeamId(2),
        reason: "x".into(),
    };
    assert_eq!(
        play.refusal(judge(2), theirs),
        Refusal::NotAllowed,
        "each declares his own"
    );
    play.performs(ROUND, 1, 300);
    let set = StageAct::SetMark {
        team,
        criterion: 1,
        revision: 1,
        points: Some(Points(5_000)),
    };
    assert_eq!(play.refusal(judge(2), set), Refusal::NotAllowed);
    play.marks(ROUND, 1, 1, 5_000, 3_000);
    let alone = play.refusal(CHIEF, StageAct::Confirm { team: Some(team) });
    assert_eq!(alone, Refusal::Blocked([Blocker::SecondPersonNeeded].into()));
}

#[test]
fn an_absent_team_is_not_waited_for_and_a_repeated_performance_starts_clean() {
    let mut play = Play::ready(rules(1), 2);
    play.act(
        SECRETARY,
        StageAct::MarkAbsent {
            team: TeamId(2),
            reason: "xe hỏng".into(),
        },
    );
    let call = StageAct::Call { team: TeamId(2) };
    assert_eq!(play.refusal(SECRETARY, call), Refusal::NotOnStage);
    play.all_mark(ROUND, 1, 5_000);
    play.act(
        SECRETARY,
        StageAct::Repeat {
            team: TeamId(1),
            reason: "mất điện giữa chừng".into(),
        },
    );
    assert_eq!(
        play.contest.stages[&ROUND].sheet_state(PersonId(1), TeamId(1)),
        SheetState::Empty
    );
    play.all_mark(ROUND, 1, 4_000);
    play.confirms(ROUND);
    assert_eq!(
        play.contest.mark(ROUND, TeamId(1)).map(|m| m.mark),
        Some(Points(4_000))
    );
    play.act(ORGANIZER, StageAct::Publish);
    assert_eq!(play.order(), [(1, 1)]);
}

#[test]
fn the_hall_sees_only_what_the_chief_has_confirmed() {
    let mut play = Play::ready(rules(1), 2);
    play.all_mark(ROUND, 1, 5_750);
    let json = |play: &Play, who| {
        serde_json::to_string(&audience::board(&play.contest, &BTreeMap::new(), who)).expect("json")
    };
    assert!(
        !json(&play, Audience::Staff).contains("5750"),
        "not even the staff's board before it is confirmed"
    );
    play.confirms(ROUND);
    assert!(json(&play, Audience::Public).contains("5750"));
}

#[test]
fn a_missing_judge_blocks_only_where_the_rules_say_so() {
    for (missing, blocked) in [(MissingJudge::Rest, false), (MissingJudge::Block, true)] {
        let mut all = rules(1);
        all.rounds[0].kind = RoundKind::Stage(StageRules { missing, ..skit() });
        let mut play = Play::ready(all, 1);
        play.performs(ROUND, 1, 300);
        play.marks(ROUND, 1, 1, 5_000, 3_000);
        play.marks(ROUND, 2, 1, 5_000, 3_000);
        let confirm = Command::Stage {
            round: ROUND,
            act: StageAct::Confirm { team: None },
        };
        assert_eq!(play.tries(CHIEF, confirm).is_err(), blocked, "{missing:?}");
    }
}

/// G10 by hand: marks 6, 5, 5, 4, 4, 4, 3 of seven teams; one first, joint second, joint third, and
/// a prize for the part; the places that equals use up are gone.
#[test]
fn prizes_follow_the_standings_and_equals_share_them() {
    let mut all = rules(2);
    let award = |id, name: &str, by, places, ties| AwardRule {
        id,
        name: name.into(),
        by,
        places,
        ties,
    };
    all.awards = vec![
        award(1, "Giải Nhất", AwardBy::Total, 1, Ties::Joint),
        award(2, "Giải Nhì", AwardBy::Total, 1, Ties::Joint),
        award(3, "Giải Ba", AwardBy::Total, 2, Ties::Consume),
        award(4, "Giải Khuyến khích", AwardBy::Total, 2, Ties::Joint),
        award(
            5,
            "Phần thi 2 xuất sắc",
            AwardBy::Round { round: RoundId(2) },
            1,
            Ties::Joint,
        ),
        award(6, "Đội trẻ triển vọng", AwardBy::Chosen, 1, Ties::Joint),
    ];
    let mut play = Play::ready(all.clone(), 7);
    for (team, points) in (1..).zip([6_000, 5_000, 5_000, 4_000, 4_000, 4_000, 3_000]) {
        play.all_mark(ROUND, team, points);
    }
    play.confirms(ROUND);
    play.does(
        ORGANIZER,
        Command::GiveAward {
            award: 6,
            teams: vec![TeamId(7)],
            reason: "bình chọn của ban".into(),
        },
    );
    assert!(
        play.tries(
            ORGANIZER,
            Command::GiveAward {
                award: 1,
                teams: vec![TeamId(7)],
                reason: "x".into()
            }
        )
        .is_err()
    );
    let rows = standings(&play.contest, |r, t| play.contest.mark(r, t));
    let held: Vec<Vec<u32>> = awards(&all, &rows, &play.contest.given)
        .iter()
        .map(|a| a.holders.iter().map(|t| t.0).collect())
        .collect();
    assert_eq!(
        held,
        [vec![1], vec![2, 3], vec![4, 5, 6], vec![7], vec![], vec![7]]
    );
}

/// G12 by hand: two clusters of three, the best of each to the final; the final alone decides.
#[test]
fn the_best_of_each_cluster_meet_in_a_final_that_decides() {
    let mut all = rules(2);
    all.final_leg = Some(FinalLeg {
        from: RoundId(2),
        teams: 1,
        per_cluster: true,
        carry: false,
    });
    let mut play = Play::new(all, 6);
    let teams = |from: u32| (from..from + 3).map(TeamId).collect::<Vec<_>>();
    play.does(
        ORGANIZER,
        Command::SetCluster {
            teams: teams(1),
            cluster: "Cụm 1".into(),
        },
    );
    play.does(
        ORGANIZER,
        Command::SetCluster {
            teams: teams(4),
            cluster: "Cụm 2".into(),
        },
    );
    play.seat(ROUND);
    play.seat(RoundId(2));
    for (team, points) in (1..).zip([6_000, 5_000, 4_000, 3_000, 2_000, 1_000]) {
        play.all_mark(ROUND, team, points);
    }
    play.confirms(ROUND);
    assert_eq!(
        advancing(&play.contest, |r, t| play.contest.mark(r, t)),
        [TeamId(1), TeamId(4)]
    );
    play.all_mark(RoundId(2), 1, 2_000);
    play.all_mark(RoundId(2), 4, 3_000);
    play.confirms(RoundId(2));
    assert_eq!(play.order(), [(4, 1), (1, 2), (2, 3), (3, 4), (5, 5), (6, 6)]);
}

#[test]
fn equal_totals_are_parted_by_a_criterion_where_the_rules_say_so() {
    let mut all = rules(1);
    all.tie_breaks = vec![TieBreak::Criterion {
        round: ROUND,
        criterion: 2,
    }];
    let mut play = Play::ready(all, 2);
    for (team, content, acting) in [(1, 5_000, 2_000), (2, 4_000, 3_000)] {
        play.performs(ROUND, team, 300);
        for who in 1..=3 {
            play.marks(ROUND, who, team, content, acting);
        }
    }
    play.confirms(ROUND);
    assert_eq!(play.order(), [(2, 1), (1, 2)]);
}

#[test]
fn a_complaint_is_heard_within_its_window_and_answered_once() {
    let mut all = rules(1);
    all.appeal_window = 3_600_000;
    let mut play = Play::ready(all, 1);
    let file = |team| Command::FileAppeal {
        team: TeamId(team),
        text: "đề nghị xem lại điểm trừ".into(),
    };
    assert_eq!(
        play.tries(SECRETARY, file(1)).expect_err("refused"),
        Refusal::AppealsClosed
    );
    play.all_mark(ROUND, 1, 5_000);
    play.confirms(ROUND);
    play.act(ORGANIZER, StageAct::Publish);
    let leader = |team| Actor::Contestant {
        person: PersonId(50),
        team: TeamId(team),
    };
    assert_eq!(
        play.tries(leader(2), file(1)).expect_err("refused"),
        Refusal::NotAllowed
    );
    play.does(leader(1), file(1));
    let answer = || Command::AnswerAppeal {
        appeal: 1,
        upheld: false,
        reason: "đồng hồ đúng".into(),
    };
    assert_eq!(
        play.tries(SECRETARY, answer()).expect_err("refused"),
        Refusal::NotAllowed
    );
    play.does(ORGANIZER, answer());
    assert_eq!(
        play.tries(ORGANIZER, answer()).expect_err("refused"),
        Refusal::UnknownAppeal
    );
    play.now += 3_600_001;
    assert_eq!(
        play.tries(SECRETARY, file(1)).expect_err("refused"),
        Refusal::AppealsClosed
    );
}

#[test]
fn replaying_the_ledger_gives_the_same_contest_byte_for_byte() {
    let mut play = Play::ready(rules(2), 4);
    for team in 1..=4 {
        play.all_mark(ROUND, team, i64::from(team) * 1_000);
    }
    play.confirms(ROUND);
    let again = ledger::replay(&play.contest.id, play.ledger.clone()).expect("sound");
    let bytes =
        |contest: &Contest| serde_json::to_vec(&standings(contest, |r, t| contest.mark(r, t))).expect("json");
    assert_eq!(again, play.contest);
    let whole = |contest: &Contest| serde_json::to_vec(contest).expect("json");
    assert_eq!(whole(&again), whole(&play.contest));
    assert_eq!(bytes(&again), bytes(&play.contest));
}

#[test]
fn a_judge_is_sent_nothing_of_anothers_sheet_and_the_chief_only_after_his_own() {
    use crate::stage_view::{judge as judge_view, panel};
    let mut play = Play::ready(rules(1), 2);
    play.performs(ROUND, 1, 300);
    play.marks(ROUND, 2, 1, 4_750, 3_250);
    let marked = |json: &str| json.contains("4750") || json.contains("3250") || json.contains("8000");
    let view = judge_view(&play.contest, PersonId(3), None, None, play.now);
    assert!(!marked(&serde_json::to_string(&view).expect("json")));
    let chief = |play: &Play| {
        serde_json::to_string(&panel(&play.contest, &CHIEF, ROUND, play.now).expect("his desk"))
            .expect("json")
    };
    assert!(!marked(&chief(&play)), "he has not handed in his own");
    assert!(
        panel(&play.contest, &judge(2), ROUND, play.now).is_none(),
        "a judge has no panel's desk"
    );
    assert!(
        panel(
            &play.contest,
            &Actor::Organizer { user: UserId(2) },
            ROUND,
            play.now
        )
        .is_none()
    );
    play.marks(ROUND, 1, 1, 5_000, 3_000);
    assert!(marked(&chief(&play)));
}
