//! A large contest on stage: what one decision costs, what reading the whole ledger costs.

use contest::{
    Actor, Command, Contest, PersonId, Points, RoundId, TeamId, UserId,
    command::Facts,
    draw::{self, DrawOf},
    ledger::{Entry, Sealed, follow, replay},
    people::Details,
    rules::{Criterion, Round, RoundKind, Rules, StageRules},
    stage::StageAct,
    template::Template,
};
use rand::rngs::ThreadRng;
use std::time::{Duration, Instant};

const TEAMS: u32 = 35;
const ROUNDS: u32 = 6;
const JUDGES: i64 = 9;
const CRITERIA: u32 = 9;
const ORGANIZER: Actor = Actor::Organizer { user: UserId(1) };
const SECRETARY: Actor = Actor::Secretary {
    person: PersonId(100),
};

/// A contest that grows command by command, as the house makes it grow.
struct Growing {
    contest: Contest,
    now: i64,
    rng: ThreadRng,
    ledger: Vec<Sealed>,
}

impl Growing {
    fn does(&mut self, actor: Actor, command: Command) {
        self.now += 1000;
        let (after, sealed) = decide(&self.contest, actor, command, self.now, &mut self.rng);
        self.contest = after;
        self.ledger.extend(sealed);
    }

    fn act(&mut self, round: u32, actor: Actor, act: StageAct) {
        let round = RoundId(round);
        self.does(
            actor,
            Command::Stage {
                round,
                act,
                seen: None,
            },
        );
    }
}

/// What the house does between a command and the database: decide, seal, apply to a state that
/// others may be reading.
fn decide(
    before: &Contest,
    actor: Actor,
    command: Command,
    now: i64,
    rng: &mut ThreadRng,
) -> (Contest, Vec<Sealed>) {
    let events = before
        .decide(&actor, command, &Facts::default(), now, rng)
        .expect("allowed");
    let mut after = before.clone();
    let mut chain = Vec::with_capacity(events.len());
    for event in events {
        let entry = Entry {
            seq: after.seq + 1,
            at: now,
            actor,
            device: "Android, Chrome".into(),
            event,
        };
        let sealed = entry.seal(&after.head);
        follow(&mut after, &sealed).expect("what was just sealed follows");
        chain.push(sealed);
    }
    (after, chain)
}

fn judge(person: i64) -> Actor {
    let person = PersonId(person);
    Actor::Judge { person }
}

fn rules() -> Rules {
    let criterion = |id| Criterion {
        id,
        name: format!("Tiêu chí {id}"),
        maximum: Points::whole(10),
        step: Points(250),
    };
    let round = |id| Round {
        id: RoundId(id),
        name: format!("Phần thi {id}"),
        weight: 1000,
        maximum: Points::whole(i64::from(CRITERIA) * 10),
        kind: RoundKind::Stage(StageRules {
            rubric: (1..=CRITERIA).map(criterion).collect(),
            spread: None,
            ..StageRules::default()
        }),
    };
    Rules {
        rounds: (1..=ROUNDS).map(round).collect(),
        tie_breaks: vec![],
        awards: vec![],
        ..Template::G1.rules()
    }
}

/// Everything but the last team's last sheet is marked and handed in.
fn grown() -> Growing {
    let mut it = Growing {
        contest: Contest::new("do-tai".parse().expect("a name")),
        now: 1_790_000_000_000,
        rng: rand::rng(),
        ledger: Vec::new(),
    };
    let details = Details {
        name: "Hội thi đo tải".into(),
        ..Details::default()
    };
    let rules = rules();
    it.does(ORGANIZER, Command::CreateContest { details, rules });
    let teams = (1..=TEAMS).map(|n| (format!("Đội {n}"), format!("Đơn vị {n}")));
    let teams = teams.collect();
    it.does(ORGANIZER, Command::AddTeams { teams });
    for round in 1..=ROUNDS {
        let panel = StageAct::SetPanel {
            judges: (1..=JUDGES).map(PersonId).collect(),
            chief: PersonId(1),
            reason: None,
        };
        it.act(round, ORGANIZER, panel);
        let (of, seed) = (DrawOf::Order, format!("{round:064}"));
        let commitment = draw::commitment(&seed);
        it.act(
            round,
            SECRETARY,
            StageAct::SealDraw {
                of,
                commitment,
                reason: None,
            },
        );
        it.act(round, SECRETARY, StageAct::OpenDraw { of, seed });
        for team in (1..=TEAMS).map(TeamId) {
            it.act(round, SECRETARY, StageAct::Call { team });
            it.act(round, SECRETARY, StageAct::StartClock { team });
            it.act(round, SECRETARY, StageAct::StopClock { team });
            for who in 1..=JUDGES {
                for criterion in 1..=CRITERIA {
                    let points = Some(Points(
                        250 * (i64::from(team.0) + who + i64::from(criterion)) % 10_000,
                    ));
                    let act = StageAct::SetMark {
                        team,
                        run: None,
                        criterion,
                        revision: 1,
                        points,
                    };
                    it.act(round, judge(who), act);
                }
                if (round, team.0, who) != (ROUNDS, TEAMS, JUDGES) {
                    it.act(round, judge(who), StageAct::HandInSheet { team, run: None });
                }
            }
            if (round, team.0) != (ROUNDS, TEAMS) {
                it.act(round, judge(1), StageAct::Confirm { team: Some(team) });
            }
        }
    }
    it
}

/// The mean of a thousand marks, each decided on the state that the last one left; the best of five.
pub fn decide_one() -> Duration {
    const MARKS: u32 = 1000;
    let mut it = grown();
    let mut revision = 1;
    let runs = (0..5).map(|_| {
        let started = Instant::now();
        for _ in 0..MARKS {
            revision += 1;
            let act = StageAct::SetMark {
                team: TeamId(TEAMS),
                run: None,
                criterion: 1 + revision % CRITERIA,
                revision,
                points: Some(Points::whole(i64::from(revision % 10))),
            };
            it.act(ROUNDS, judge(JUDGES), act);
        }
        started.elapsed() / MARKS
    });
    runs.min().unwrap_or_default()
}

/// Reading the whole ledger of that contest; the best of five. Answers also how many entries it has.
pub fn replay_all() -> (Duration, usize) {
    let it = grown();
    let runs = (0..5).map(|_| {
        let ledger = it.ledger.clone();
        let started = Instant::now();
        let contest = replay(&it.contest.id, ledger).expect("sound");
        let elapsed = started.elapsed();
        assert_eq!(contest, it.contest);
        elapsed
    });
    (runs.min().unwrap_or_default(), it.ledger.len())
}
