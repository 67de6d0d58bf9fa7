//! Rounds on stage through the port, on both engines; every mark is worked out by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use app::backend::{AppError, Contests, Judging, MarkReceipt, MarkSent, NewPerson, People, Visit};
use contest::actor::Role;
use contest::award::{AwardBy, AwardRule, Ties};
use contest::draw::{self, Draw, DrawOf};
use contest::ledger::{self as chain, Broken, Entry, Why};
use contest::refusal::{Fault, Field};
use contest::rules::{Criterion, MissingJudge, Overtime, Round, RoundKind, Rules, StageRules, StageTime};
use contest::stage::{Performance, SheetState, StageAct, StageFact};
use contest::standing::standings;
use contest::template::Template;
use contest::{Actor, Blocker, Command, Contest, Digest, Event, PersonId, Points, Refusal, TeamId};

use super::House;
use super::hall::{Hall, ROUND, SECOND, visit};
use crate::store::testing::on_both_engines;
use crate::store::{content, ledger};

on_both_engines!(
    a_draw_is_sealed_before_it_is_opened,
    a_draw_that_was_tampered_with_is_found,
    marks_are_answered_one_by_one,
    a_reopened_sheet_keeps_what_it_was,
    conflicts_have_no_sheet_and_two_persons_are_needed,
    complaints_prizes_and_clusters_pass_the_desk,
    nobody_reaches_beyond_his_part,
    all_hands_at_once,
);

const TEAM: TeamId = TeamId(1);
/// Of the performance that counts now.
const HAND_IN: StageAct = StageAct::HandInSheet {
    team: TEAM,
    run: None,
};

/// 6 points for content and 4 for acting, ten minutes, one point off from 15 s over.
fn rules() -> Rules {
    let criterion = |id, name: &str, maximum| Criterion {
        id,
        name: name.into(),
        maximum: Points::whole(maximum),
        step: Points(250),
    };
    let stage = StageRules {
        rubric: vec![criterion(1, "Nội dung", 6), criterion(2, "Diễn xuất", 4)],
        time: StageTime {
            warning: 540 * SECOND,
            limit: 600 * SECOND,
            ..StageTime::default()
        },
        overtime: Overtime::Once {
            by: 15 * SECOND,
            points: Points::whole(1),
        },
        missing: MissingJudge::Block,
        packs: 3,
        ..StageRules::default()
    };
    let award = |id, name: &str, by| AwardRule {
        id,
        name: name.into(),
        by,
        places: 1,
        ties: Ties::Joint,
    };
    Rules {
        rounds: vec![Round {
            id: ROUND,
            name: "Tiểu phẩm".into(),
            weight: 1000,
            maximum: Points::whole(10),
            kind: RoundKind::Stage(stage),
        }],
        tie_breaks: vec![],
        awards: vec![
            award(1, "Giải Nhất", AwardBy::Total),
            award(2, "Giải phong cách", AwardBy::Chosen),
        ],
        final_leg: None,
        appeal_window: 3600 * SECOND,
        ..Template::G1.rules()
    }
}

/// A hall with a stage: three judges of whom the first is the chief, and a secretary.
struct Panel {
    hall: Hall,
    judges: Vec<Visit>,
    secretary: Visit,
}

impl Panel {
    async fn open(url: &str) -> Self {
        let hall = Hall::open(url, rules(), 0).await;
        let mut judges = Vec::new();
        for name in ["Hạnh", "Phúc", "Lộc"] {
            let person = person(&hall, Role::Judge, name).await;
            judges.push(visit(Actor::Judge { person }, Some(&hall.id)));
        }
        let person = person(&hall, Role::Secretary, "Thư").await;
        let secretary = visit(Actor::Secretary { person }, Some(&hall.id));
        let panel = Self {
            hall,
            judges,
            secretary,
        };
        let set = StageAct::SetPanel {
            judges: (0..3).map(|at| panel.judge(at)).collect(),
            chief: panel.judge(0),
            reason: None,
        };
        panel.acts(&panel.hall.organizer, set).await;
        panel
    }

    /// The running order typed in as it is, and the first team has performed for so long.
    async fn performed(url: &str, seconds: i64) -> Self {
        let panel = Self::open(url).await;
        let order = panel.hall.contest().await.teams.keys().copied().collect();
        let reason = "bốc thăm bằng phiếu giấy".into();
        panel
            .acts(&panel.secretary, StageAct::EnterOrder { order, reason })
            .await;
        panel.performs(TEAM, seconds).await;
        panel
    }

    async fn performs(&self, team: TeamId, seconds: i64) {
        self.acts(&self.secretary, StageAct::Call { team }).await;
        self.acts(&self.secretary, StageAct::StartClock { team }).await;
        self.hall.pass(seconds * SECOND);
        self.acts(&self.secretary, StageAct::StopClock { team }).await;
    }

    fn judge(&self, at: usize) -> PersonId {
        match self.judges[at].actor {
            Actor::Judge { person } => person,
            _ => unreachable!("they are judges"),
        }
    }

    async fn tries(&self, who: &Visit, act: StageAct) -> Result<u64, AppError> {
        act_at(&self.hall.house, &self.hall, who, act).await
    }

    async fn acts(&self, who: &Visit, act: StageAct) -> u64 {
        self.tries(who, act).await.expect("allowed")
    }

    async fn refusal(&self, who: &Visit, act: StageAct) -> Refusal {
        match self.tries(who, act).await {
            Err(AppError::Refused { refusal }) => refusal,
            other => panic!("not refused: {other:?}"),
        }
    }

    /// Sends a packet of (criterion, revision, thousandths of a point).
    async fn sends(&self, at: usize, marks: &[(u32, u32, Option<i64>)]) -> Vec<MarkReceipt> {
        let marks = marks.iter().map(sent).collect();
        let saved = self
            .hall
            .house
            .save_marks(&self.judges[at], ROUND, TEAM, None, marks)
            .await;
        saved.expect("answered")
    }

    /// A whole sheet, handed in.
    async fn marks(&self, at: usize, content: i64, acting: i64) {
        let receipts = self
            .sends(at, &[(1, 1, Some(content)), (2, 1, Some(acting))])
            .await;
        assert!(receipts.iter().all(|receipt| receipt.refused.is_none()));
        self.acts(&self.judges[at], HAND_IN).await;
    }

    async fn performance(&self) -> Arc<Performance> {
        self.hall.contest().await.stages[&ROUND].performances[&TEAM].clone()
    }

    async fn verdict(&self) -> Result<u64, Broken> {
        let (organizer, id) = (&self.hall.organizer, &self.hall.id);
        self.hall.house.verify(organizer, id).await.expect("verified")
    }
}

fn sent(mark: &(u32, u32, Option<i64>)) -> MarkSent {
    MarkSent {
        criterion: mark.0,
        revision: mark.1,
        points: mark.2.map(Points),
    }
}

async fn act_at(house: &House, hall: &Hall, who: &Visit, act: StageAct) -> Result<u64, AppError> {
    let command = Command::Stage {
        round: ROUND,
        act,
        seen: None,
    };
    house.execute(who, &hall.id, command).await
}

async fn person(hall: &Hall, role: Role, name: &str) -> PersonId {
    let new = NewPerson {
        role,
        name: name.into(),
        sbd: String::new(),
        team: (role == Role::Contestant).then_some(TEAM),
        post: String::new(),
    };
    let added = hall.house.add_person(&hall.organizer, &hall.id, new).await;
    added.expect("a person")
}

async fn entries(hall: &Hall) -> Vec<Entry> {
    let sealed = ledger::tail(hall.house.store.read(), &hall.id, 0).await;
    let sealed = sealed.expect("the ledger");
    let read = |body: &str| serde_json::from_str(body).expect("an entry");
    sealed.iter().map(|sealed| read(&sealed.body)).collect()
}

fn facts_of(entries: &[Entry]) -> impl Iterator<Item = &StageFact> {
    entries.iter().filter_map(|entry| match &entry.event {
        Event::Stage { fact, .. } => Some(fact),
        _ => None,
    })
}

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

async fn marks_are_answered_one_by_one(url: String) {
    let panel = Panel::performed(&url, 300).await;
    // One good, one above the maximum, one off the step, one of no criterion, one after the good one.
    let receipts = panel
        .sends(
            1,
            &[
                (1, 1, Some(4_750)),
                (2, 1, Some(4_250)),
                (2, 2, Some(100)),
                (7, 1, Some(1_000)),
                (1, 2, Some(5_000)),
            ],
        )
        .await;
    let invalid = |field, fault| Some(AppError::from(Refusal::invalid(field, fault)));
    let refused: Vec<Option<AppError>> = receipts.into_iter().map(|receipt| receipt.refused).collect();
    assert_eq!(
        refused,
        [
            None,
            invalid(Field::Mark, Fault::OutOfRange),
            invalid(Field::Mark, Fault::OffStep),
            invalid(Field::Rubric, Fault::Unknown),
            None,
        ]
    );
    let before = panel.hall.contest().await.seq;
    // The receipts were lost, the same packet comes again; and an old page sends what it has.
    let receipts = panel
        .sends(
            1,
            &[(1, 2, Some(5_000)), (1, 2, Some(3_000)), (1, 1, Some(4_750))],
        )
        .await;
    let stale = Some(AppError::from(Refusal::StaleMark {
        revision: 2,
        points: Some(Points(5_000)),
    }));
    let refused: Vec<Option<AppError>> = receipts.into_iter().map(|receipt| receipt.refused).collect();
    assert_eq!(refused, [None, stale.clone(), stale]);
    assert_eq!(
        panel.hall.contest().await.seq,
        before,
        "nothing was recorded twice"
    );

    let me = &panel.judges[1];
    let blank = panel.refusal(me, HAND_IN).await;
    let blanks = Blocker::Blank { criteria: vec![2] };
    assert_eq!(blank, Refusal::Blocked(Box::new([blanks])), "blank is not zero");
    let view = panel.hall.house.judge_view(me, None, None).await.expect("mine");
    let sheet = view.sheet.expect("of the team on stage");
    assert_eq!(
        (sheet.team, sheet.state, sheet.total),
        (TEAM, SheetState::Draft, Points(5_000))
    );
    panel.sends(1, &[(2, 3, Some(0))]).await;
    let remark = |revision, text: &str| StageAct::SetRemark {
        team: TEAM,
        run: None,
        revision,
        text: text.into(),
    };
    panel.acts(me, remark(1, "Diễn tốt")).await;
    panel.acts(me, remark(1, "Diễn tốt")).await;
    assert_eq!(
        panel.refusal(me, remark(1, "Khác")).await,
        Refusal::StaleMark {
            revision: 1,
            points: None
        }
    );
    panel.acts(me, HAND_IN).await;
    panel.acts(me, HAND_IN).await;
    let receipts = panel.sends(1, &[(1, 2, Some(5_000)), (1, 3, Some(6_000))]).await;
    let refused: Vec<Option<AppError>> = receipts.into_iter().map(|receipt| receipt.refused).collect();
    assert_eq!(refused, [None, Some(Refusal::SheetLocked.into())]);
    // Nothing of it is in what another judge is sent, nor the chief before his own is handed in.
    for other in [&panel.judges[0], &panel.judges[2]] {
        let view = panel.hall.house.judge_view(other, None, None).await.expect("his");
        let bytes = serde_json::to_string(&view).expect("JSON");
        // As a number of its own: ids are long and drawn by lot.
        let mut numbers = bytes.split(|c: char| !c.is_ascii_digit());
        assert!(numbers.all(|number| number != "5000"), "{bytes}");
    }
    let desk = panel
        .hall
        .house
        .panel_view(&panel.judges[0], &panel.hall.id, ROUND);
    let bytes = serde_json::to_string(&desk.await.expect("the chief's").0).expect("JSON");
    let mut numbers = bytes.split(|c: char| !c.is_ascii_digit());
    assert!(numbers.all(|number| number != "5000"), "{bytes}");
    panel.hall.house.close().await;
}

async fn a_reopened_sheet_keeps_what_it_was(url: String) {
    let panel = Panel::performed(&url, 300).await;
    panel.marks(1, 5_000, 3_000).await;
    let (chief, me, judge) = (&panel.judges[0], &panel.judges[1], panel.judge(1));
    let ask = StageAct::AskReopening {
        team: TEAM,
        reason: "cộng nhầm".into(),
    };
    panel.acts(me, ask).await;
    let reopen = || StageAct::ReopenSheet {
        team: TEAM,
        judge,
        reason: "được sửa".into(),
    };
    assert_eq!(panel.refusal(me, reopen()).await, Refusal::NotAllowed);
    assert_eq!(
        panel.refusal(&panel.secretary, reopen()).await,
        Refusal::NotAllowed
    );
    panel.acts(chief, reopen()).await;
    let state = |performance: &Performance| performance.sheets[&judge].state();
    assert_eq!(state(&*panel.performance().await), SheetState::Reopened);
    panel.sends(1, &[(1, 2, Some(5_500))]).await;
    panel.acts(me, HAND_IN).await;
    let performance = panel.performance().await;
    let sheet = &performance.sheets[&judge];
    assert_eq!(sheet.total(), Points(8_500));
    let before = BTreeMap::from([(1, Points(5_000)), (2, Points(3_000))]);
    assert_eq!(sheet.versions, [before]);
    assert!(panel.verdict().await.is_ok());
    panel.hall.house.close().await;
}

async fn conflicts_have_no_sheet_and_two_persons_are_needed(url: String) {
    let panel = Panel::performed(&url, 300).await;
    let chief = &panel.judges[0];
    for at in [1, 2] {
        let conflict = StageAct::DeclareConflict {
            judge: panel.judge(at),
            team: TEAM,
            reason: "đơn vị của mình".into(),
        };
        panel.acts(&panel.judges[at], conflict).await;
        let receipts = panel.sends(at, &[(1, 1, Some(5_000))]).await;
        assert_eq!(receipts[0].refused, Some(Refusal::NotAllowed.into()));
    }
    let view = panel
        .hall
        .house
        .judge_view(&panel.judges[1], None, Some(TEAM))
        .await;
    assert_eq!(view.expect("his list").sheet, None);
    panel.marks(0, 5_000, 3_000).await;
    let confirm = || StageAct::Confirm { team: Some(TEAM) };
    assert_eq!(
        panel.refusal(chief, confirm()).await,
        Refusal::Blocked(Box::new([Blocker::SecondPersonNeeded]))
    );
    let lift = StageAct::LiftConflict {
        judge: panel.judge(1),
        team: TEAM,
        reason: "khai nhầm".into(),
    };
    panel.acts(&panel.hall.organizer, lift).await;
    panel.marks(1, 6_000, 4_000).await;
    panel.acts(chief, confirm()).await;
    let mark = panel.hall.contest().await.mark(ROUND, TEAM);
    assert_eq!(mark.expect("confirmed").mark, Points::whole(9), "of 8 and 10");
    panel.hall.house.close().await;
}

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
