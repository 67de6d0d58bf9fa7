//! Rounds on stage through the port, on both engines; every mark is worked out by hand.

mod draws;
mod hands;
mod rights;
mod sheets;

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
