//! A hall for tests: a house on a database of its own, a clock that stands still until it is
//! moved, a contest of teams, and their tablets.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use app::backend::{
    AppError, AttemptLine, Contests, Exams, NewPerson, Packet, People, Questions, Saved, Tablet, Visit,
    WantedAttempts,
};
use app::words::Locale;
use contest::actor::Role;
use contest::attempt::{Answer, Outcome};
use contest::audience::{Sitting, Slip, Stage};
use contest::exam::Exam;
use contest::intake::{Level, QuestionDraft};
use contest::paper::{Sheet, Shown};
use contest::people::Details;
use contest::points::Rounding;
use contest::question::Choice;
use contest::rules::{Blueprint, Cell, ExamRules, RoundKind, Rules};
use contest::template::Template;
use contest::{
    Actor, Command, Contest, ContestId, Millis, Moment, PersonId, Points, RoundId, TeamId, UserId,
};
use tokio::sync::OnceCell;

use super::House;
use crate::clock::Clock;
use crate::config::Config;

/// The round that these contests have.
pub const ROUND: RoundId = RoundId(1);
pub const SECOND: Millis = 1000;

/// Stands still until it is moved.
#[derive(Debug)]
pub struct HallClock(AtomicI64);

impl Clock for HallClock {
    fn now(&self) -> Moment {
        self.0.load(Ordering::SeqCst)
    }
}

/// A hall with one exam round.
pub struct Hall {
    pub house: Arc<House>,
    pub clock: Arc<HallClock>,
    pub id: ContestId,
    pub organizer: Visit,
}

/// A contestant with his tablet.
pub struct Guest {
    pub person: PersonId,
    pub team: TeamId,
    pub visit: Visit,
    sitting: OnceCell<(i64, Sheet)>,
}

/// 4 questions of a point in a minute, 10 s of grace, the mean of the team scaled to 30.
pub fn rules(change: impl FnOnce(&mut ExamRules)) -> Rules {
    let mut rules = Template::G1.rules();
    rules.rounds.truncate(1);
    rules.tie_breaks.clear();
    rules.awards.clear();
    rules.final_leg = None;
    if let RoundKind::Exam(exam) = &mut rules.rounds[0].kind {
        exam.blueprint = Blueprint {
            cells: vec![Cell {
                topic: None,
                level: None,
                count: 4,
            }],
        };
        exam.duration = 60 * SECOND;
        exam.grace = 10 * SECOND;
        exam.right = Points::whole(1);
        exam.rounding = Rounding::HUNDREDTH;
        change(exam);
    }
    rules
}

pub fn visit(actor: Actor, contest: Option<&ContestId>) -> Visit {
    Visit {
        actor,
        contest: contest.cloned(),
        name: String::new(),
        device: "device".into(),
        device_label: "Android, Chrome".into(),
        session: None,
        locale: Locale::vi,
        origin: "http://192.168.1.5:3000".into(),
    }
}

impl Hall {
    /// A contest of two teams by these rules, and a bank of `questions`; no contestants yet.
    pub async fn open(url: &str, rules: Rules, questions: usize) -> Self {
        let clock = Arc::new(HallClock(AtomicI64::new(1_800_000_000_000)));
        let house = Self::node(url, clock.clone()).await;
        let organizer = visit(Actor::Organizer { user: UserId(1) }, None);
        let details = Details {
            name: "Hội thi Dân vận khéo".into(),
            ..Details::default()
        };
        let id = house
            .create_contest(&organizer, details, Template::G1)
            .await
            .expect("a contest");
        let hall = Self {
            house,
            clock,
            id,
            organizer,
        };
        hall.act(Command::SetRules { rules, reason: None }).await;
        hall.act(Command::AddTeams {
            teams: vec![
                ("An Bình".into(), String::new()),
                ("Bình An".into(), String::new()),
            ],
        })
        .await;
        for n in 0..questions {
            hall.house
                .add_question(&hall.organizer, &hall.id, question(n))
                .await
                .expect("a question");
        }
        hall
    }

    /// Another node on the same database.
    pub async fn node(url: &str, clock: Arc<HallClock>) -> Arc<House> {
        House::open(&Config {
            clock,
            ..Config::local(url)
        })
        .await
        .expect("the house opens")
    }

    pub async fn act(&self, command: Command) -> u64 {
        self.try_to(command).await.expect("the command is accepted")
    }

    pub async fn try_to(&self, command: Command) -> Result<u64, AppError> {
        self.house.execute(&self.organizer, &self.id, command).await
    }

    /// Adds contestants to the team of that number.
    pub async fn add(&self, team: u32, names: &[&str]) -> Vec<Guest> {
        let mut guests = Vec::new();
        for name in names {
            let new = NewPerson {
                role: Role::Contestant,
                name: (*name).into(),
                sbd: String::new(),
                team: Some(TeamId(team)),
                post: String::new(),
            };
            let person = self
                .house
                .add_person(&self.organizer, &self.id, new)
                .await
                .expect("a person");
            guests.push(self.guest(person, TeamId(team)));
        }
        guests
    }

    pub fn guest(&self, person: PersonId, team: TeamId) -> Guest {
        Guest {
            person,
            team,
            visit: visit(Actor::Contestant { person, team }, Some(&self.id)),
            sitting: OnceCell::new(),
        }
    }

    pub async fn prepare(&self) {
        self.house
            .prepare_exam(&self.organizer, &self.id, ROUND)
            .await
            .expect("the papers are built");
    }

    /// Prepares the round and opens it.
    pub async fn begin(&self) {
        self.prepare().await;
        self.act(Command::OpenExam { round: ROUND }).await;
    }

    pub fn pass(&self, time: Millis) {
        self.clock.0.fetch_add(time, Ordering::SeqCst);
    }

    /// Lets time pass and the sweeper look.
    pub async fn pass_and_sweep(&self, time: Millis) {
        self.pass(time);
        self.house.sweep(&self.id).await.expect("swept");
    }

    pub async fn contest(&self) -> Arc<Contest> {
        self.house.load(&self.id).await.expect("the contest")
    }

    /// Waits until this node knows what another has done.
    pub async fn heard(&self, knows: impl Fn(&Contest) -> bool) {
        while !knows(&*self.contest().await) {
            tokio::task::yield_now().await;
        }
    }

    pub async fn exam(&self) -> Exam {
        self.contest().await.exams[&ROUND].clone()
    }

    pub async fn mark(&self) {
        self.house
            .mark_exam(&self.organizer, &self.id, ROUND)
            .await
            .expect("marked");
    }

    pub async fn sitting(&self, guest: &Guest) -> Sitting {
        self.house.sitting(&guest.visit).await.expect("a sitting")
    }

    /// The contestant's attempt and paper; opens it at the first call.
    pub async fn paper<'g>(&self, guest: &'g Guest) -> &'g (i64, Sheet) {
        guest
            .sitting
            .get_or_init(|| async {
                match self.sitting(guest).await.stage {
                    Stage::Writing { attempt, sheet, .. } => (attempt, sheet),
                    other => panic!("no paper: {other:?}"),
                }
            })
            .await
    }

    /// Sends the answers: revision and option for each place.
    pub async fn send(&self, guest: &Guest, answers: &[(u16, u32, Choice)]) -> Result<Saved, AppError> {
        let (attempt, _) = self.paper(guest).await;
        let answers = answers.iter().map(|(question, revision, choice)| Answer {
            question: *question,
            revision: *revision,
            choice: *choice,
            chosen_at: self.house.now(),
        });
        let packet = Packet {
            attempt: *attempt,
            answers: answers.collect(),
            ..Packet::default()
        };
        self.house.save(&guest.visit, packet).await
    }

    /// Answers the first questions of his paper: `r` rightly, `w` wrongly, `-` leaves it blank.
    pub async fn write(&self, guest: &Guest, revision: u32, pattern: &str) -> Vec<Outcome> {
        let (_, sheet) = self.paper(guest).await;
        let answers: Vec<(u16, u32, Choice)> = (0..)
            .zip(pattern.chars())
            .filter(|(_, how)| *how != '.')
            .map(|(place, how)| {
                let shown = &sheet.questions[usize::from(place)];
                let choice = match how {
                    'r' => right(shown),
                    'w' => wrong(shown),
                    _ => Choice::BLANK,
                };
                (place, revision, choice)
            })
            .collect();
        let saved = self.send(guest, &answers).await.expect("saved");
        saved.receipts.iter().map(|receipt| receipt.outcome).collect()
    }

    pub async fn hand_in(&self, guest: &Guest) -> Slip {
        let (attempt, _) = self.paper(guest).await;
        self.house
            .hand_in(&guest.visit, *attempt)
            .await
            .expect("handed in")
    }

    /// The receipt of one who is done.
    pub async fn slip(&self, guest: &Guest) -> Slip {
        match self.sitting(guest).await.stage {
            Stage::Done { receipt, .. } => receipt,
            other => panic!("not done: {other:?}"),
        }
    }

    /// Contestants, answers and papers handed in of a team.
    pub async fn progress(&self, team: u32) -> (u32, u32, u32) {
        let progress = self.house.progress(&self.id, ROUND).await.expect("progress");
        let team = progress.0.get(&TeamId(team)).copied().unwrap_or_default();
        (team.contestants, team.answered, team.handed_in)
    }

    /// The first page of the attempts, as the staff sees them.
    pub async fn attempts(&self, house: &House) -> Vec<AttemptLine> {
        let wanted = WantedAttempts::default();
        let roll = house.attempts(&self.organizer, &self.id, ROUND, wanted).await;
        roll.expect("the attempts").lines
    }

    /// The team's mark by the ledger.
    pub async fn team_mark(&self, team: u32) -> Option<(Points, i64)> {
        let contest = self.contest().await;
        contest
            .mark(ROUND, TeamId(team))
            .map(|mark| (mark.mark, mark.seconds))
    }
}

/// Question number `n` of the bank; the right option is the one that says so.
pub fn question(n: usize) -> QuestionDraft {
    let right = n % 4;
    QuestionDraft {
        text: format!("Câu hỏi số {n}"),
        options: (0..4)
            .map(|o| {
                if o == right {
                    format!("Đúng {n}")
                } else {
                    format!("Sai {n} {o}")
                }
            })
            .collect(),
        correct: vec![right as u8],
        topic: "Dân vận".into(),
        level: Level::NhanBiet,
        source: "Điều 1".into(),
    }
}

/// The right option as shown.
pub fn right(shown: &Shown) -> Choice {
    option(shown, |text| text.starts_with("Đúng"))
}

/// A wrong one.
pub fn wrong(shown: &Shown) -> Choice {
    option(shown, |text| text.starts_with("Sai"))
}

fn option(shown: &Shown, is: impl Fn(&str) -> bool) -> Choice {
    let at = shown
        .options
        .iter()
        .position(|text| is(text))
        .expect("such an option");
    Choice::only(at as u8)
}
