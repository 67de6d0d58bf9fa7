//! Test plays of freeze and reveal: what the hall sees at each step, and what it does not.

use super::*;
use crate::{
    Actor, Blocker, Command, Event, Moment, Refusal, UserId,
    audience::{self, Audience, Board},
    award::{AwardRule, Ties},
    command::Facts,
    exam::TeamMark,
    freeze::{NotFinal, not_final, unsettled},
    hall_view::{self, StepName, StepView},
    ledger::Entry,
    people::{Details, Team},
    rules::TieBreak,
    screen::{Look, Scene, ScreenAct},
    standing::standings,
    template::Template,
};
use proptest::prelude::*;
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

mod freeze;
mod overtaken;
mod properties;
mod screens;
mod steps;

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

fn sheets(teams: std::ops::Range<usize>) -> impl Strategy<Value = Sheet> {
    // Few different values, so that ties are common; zero for a team that did not come.
    let mark = prop_oneof![1 => Just(0), 9 => (1i64..12).prop_map(|n| n * 250)];
    prop::collection::vec([mark.clone(), mark.clone(), mark], teams)
}
