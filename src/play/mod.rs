//! Test plays: contests driven through their one door, and what must hold whatever happens.

use crate::{
    Actor, Blocker, Command, Contest, ContestId, Event, Millis, Moment, PersonId, Points, Refusal, RoundId,
    TeamId, UserId,
    attempt::{Held, Timing},
    audience::{self, Audience, Progress},
    award::{AwardBy, AwardRule, Ties, awards},
    command::{Facts, Marking},
    draw::{self, DrawOf},
    exam::{ExamPhase, TeamMark},
    explain::{self, SheetPart},
    ident::Digest,
    intake::{Level, QuestionDraft},
    ledger::{self, Entry, Sealed},
    marking::{self, AttemptMark, Key, Line},
    paper::{self, Builder},
    people::Details,
    points::Rounding,
    preview,
    question::{Choice, Frozen},
    refusal::{Fault, Field},
    rules::{
        Absent, Blueprint, Cell, Combine, Criterion, ExamClock, ExamRules, FinalLeg, MissingJudge, Overtime,
        Papers, Round, RoundKind, Rules, StageRules, StageTime, TieBreak, VoidPolicy,
    },
    stage::{SheetState, StageAct, StageFact},
    standing::{Marks, rank, standings},
    template::Template,
};
use proptest::prelude::*;
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use std::collections::{BTreeMap, BTreeSet};

mod appeals;
mod chain;
mod desk;
mod exam_clock;
mod exam_round;
mod freeze;
mod gallery;
mod marks;
mod on_stage;
mod papers;
mod prizes;
mod properties;
mod reference;
mod screens;
mod sheets;

const ORGANIZER: Actor = Actor::Organizer { user: UserId(1) };
const SECRETARY: Actor = Actor::Secretary { person: PersonId(9) };
const CHIEF: Actor = judge(1);
const EXAM: RoundId = RoundId(1);
const ROUND: RoundId = RoundId(1);
const MINUTE: Millis = 60_000;
const SEED: &str = "5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed";

const fn judge(person: i64) -> Actor {
    Actor::Judge {
        person: PersonId(person),
    }
}

/// What a play asks for: a command, or an act in the first round.
trait Wish {
    fn command(self) -> Command;
}

impl Wish for Command {
    fn command(self) -> Command {
        self
    }
}

impl Wish for StageAct {
    fn command(self) -> Command {
        Command::Stage {
            round: ROUND,
            act: self,
            seen: None,
        }
    }
}

/// A contest, its clock and its ledger.
struct Play {
    contest: Contest,
    now: Moment,
    rng: ChaCha20Rng,
    ledger: Vec<Sealed>,
    facts: Facts,
}

impl Play {
    fn new(template: Template) -> Self {
        Self::with(template.rules())
    }

    fn with(rules: Rules) -> Self {
        let mut play = Play {
            contest: Contest::new("hoi-thi".parse().expect("a name")),
            now: 1_700_000_000_000,
            rng: ChaCha20Rng::from_seed([7; 32]),
            ledger: vec![],
            facts: Facts {
                contestants: 10,
                ..Facts::default()
            },
        };
        let details = Details {
            name: "Hội thi Dân vận khéo".into(),
            ..Details::default()
        };
        play.does(ORGANIZER, Command::CreateContest { details, rules });
        play
    }

    /// With so many teams.
    fn of(rules: Rules, teams: u32) -> Self {
        let mut play = Self::with(rules);
        let teams = (1..=teams).map(|n| (format!("Đội {n}"), String::new())).collect();
        play.does(ORGANIZER, Command::AddTeams { teams });
        play
    }

    /// With a panel of three, led by judge 1, and the running order drawn.
    fn ready(rules: Rules, teams: u32) -> Self {
        let mut play = Self::of(rules, teams);
        for round in play.contest.rules().expect("rules").rounds.clone() {
            play.seat(round.id);
        }
        play
    }

    fn tries(&mut self, actor: Actor, wish: impl Wish) -> Result<Vec<Event>, Refusal> {
        let events = self
            .contest
            .decide(&actor, wish.command(), &self.facts, self.now, &mut self.rng)?;
        for event in &events {
            let entry = Entry {
                seq: self.contest.seq + 1,
                at: self.now,
                actor,
                device: "bàn thư ký".into(),
                event: event.clone(),
            };
            let sealed = entry.seal(&self.contest.head);
            ledger::follow(&mut self.contest, &sealed).expect("what was just sealed follows");
            self.ledger.push(sealed);
        }
        Ok(events)
    }

    fn does(&mut self, actor: Actor, wish: impl Wish) -> Vec<Event> {
        self.tries(actor, wish).expect("allowed")
    }

    fn refusal(&mut self, actor: Actor, wish: impl Wish) -> Refusal {
        self.tries(actor, wish).expect_err("refused")
    }

    fn teams(&mut self, names: &[&str]) {
        let teams = names
            .iter()
            .map(|name| ((*name).to_owned(), String::new()))
            .collect();
        self.does(ORGANIZER, Command::AddTeams { teams });
    }

    fn wait(&mut self, millis: Millis) {
        self.now += millis;
    }

    fn open(&mut self) {
        self.does(
            ORGANIZER,
            Command::PrepareExam {
                round: EXAM,
                bank: bank(40),
                contestants: 10,
            },
        );
        self.does(ORGANIZER, Command::OpenExam { round: EXAM });
    }

    fn exam(&self) -> &crate::exam::Exam {
        &self.contest.exams[&EXAM]
    }

    fn deadline(&self, person: i64) -> Moment {
        self.exam()
            .deadline(PersonId(person), None, self.now)
            .expect("open")
    }

    fn mark(&mut self, marks: Vec<TeamMark>) {
        self.facts.unfinished = 0;
        let marking = Marking {
            marks,
            listing: Digest::of(b"listing"),
        };
        self.does(ORGANIZER, Command::MarkExam { round: EXAM, marking });
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
                reason: None,
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

    fn act_in(&mut self, round: RoundId, actor: Actor, act: StageAct) -> Vec<Event> {
        self.does(
            actor,
            Command::Stage {
                round,
                act,
                seen: None,
            },
        )
    }

    fn act(&mut self, actor: Actor, act: StageAct) -> Vec<Event> {
        self.act_in(ROUND, actor, act)
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
                run: None,
                criterion,
                revision: 1,
                points: Some(Points(points)),
            };
            self.act_in(round, judge(who), act);
        }
        self.act_in(round, judge(who), StageAct::HandInSheet { team, run: None });
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

    /// The standings as (team, rank).
    fn order(&self) -> Vec<(u32, u32)> {
        let rows = standings(&self.contest, |r, t| self.contest.mark(r, t));
        rows.iter()
            .filter_map(|row| Some((row.team.0, row.rank?)))
            .collect()
    }
}

fn bank(n: u16) -> Frozen {
    let question = |i: u16| QuestionDraft {
        text: format!("Câu {i}"),
        options: (0..4).map(|o| format!("câu {i} phương án {o}")).collect(),
        correct: vec![(i % 4) as u8],
        topic: if i.is_multiple_of(2) {
            "Dân chủ ở cơ sở".into()
        } else {
            "Dân vận".into()
        },
        level: if i.is_multiple_of(3) {
            Level::VanDung
        } else {
            Level::NhanBiet
        },
        source: format!("Điều {i}"),
    };
    Frozen {
        questions: (0..n).map(question).collect(),
    }
}

fn line(person: i64, team: u32, points: i64, seconds: i64) -> Line {
    let mark = AttemptMark {
        points: Points::whole(points),
        ..AttemptMark::default()
    };
    Line {
        person: PersonId(person),
        team: TeamId(team),
        mark: Some(mark),
        seconds,
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
            ..StageTime::default()
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
