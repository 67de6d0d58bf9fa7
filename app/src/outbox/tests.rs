use super::*;
use contest::attempt;
use proptest::prelude::*;

const QUESTIONS: u16 = 3;

/// A server as the rules make it: keeps the answer with the highest revision.
#[derive(Clone, Default)]
struct Server {
    held: BTreeMap<u16, Held>,
}

impl Server {
    fn save(&mut self, answers: &[Answer]) -> Vec<Receipt> {
        let keep = |answer: &Answer| {
            let outcome = attempt::already(self.held.get(&answer.question).copied(), answer);
            let outcome = outcome.unwrap_or_else(|| {
                let timing = Timing::InTime;
                let held = Held {
                    revision: answer.revision,
                    choice: answer.choice,
                    timing,
                };
                self.held.insert(answer.question, held);
                Outcome::Saved { timing }
            });
            Receipt {
                question: answer.question,
                revision: answer.revision,
                outcome,
            }
        };
        answers.iter().map(keep).collect()
    }
}

/// Something under way between a tab and the server.
#[derive(Clone)]
enum Wire {
    Up(usize, Vec<Answer>),
    Down(usize, Vec<Answer>, Vec<Receipt>),
    Look(usize, BTreeMap<u16, Held>),
}

/// A browser with two tabs over one local storage, a network, and a server.
struct Hall {
    tabs: [Outbox; 2],
    storage: BTreeMap<u16, String>,
    wire: Vec<Wire>,
    server: Server,
    backup: Server,
    last_tap: BTreeMap<u16, Choice>,
}

#[derive(Clone, Debug)]
enum Step {
    Tap(usize, u16, u8),
    Flush(usize),
    Look(usize),
    Deliver(usize),
    Lose(usize),
    Repeat(usize),
    Reload(usize),
    BackUp,
    Restore,
}

impl Hall {
    fn new() -> Self {
        let tab = || Outbox::new(usize::from(QUESTIONS));
        Self {
            tabs: [tab(), tab()],
            storage: BTreeMap::new(),
            wire: Vec::new(),
            server: Server::default(),
            backup: Server::default(),
            last_tap: BTreeMap::new(),
        }
    }

    /// What the island does around every act: read the storage, act, write it.
    fn with(&mut self, tab: usize, act: impl FnOnce(&mut Outbox)) {
        for (place, text) in &self.storage {
            self.tabs[tab].absorb(*place, Line::decode(text).expect("what was encoded"));
        }
        act(&mut self.tabs[tab]);
        for (place, line) in self.tabs[tab].take_changed() {
            self.storage.insert(place, line.encode());
        }
    }

    fn arrive(&mut self, wire: Wire) {
        match wire {
            Wire::Up(tab, answers) => {
                let receipts = self.server.save(&answers);
                self.wire.push(Wire::Down(tab, answers, receipts));
            }
            Wire::Down(tab, answers, receipts) => self.with(tab, |outbox| {
                outbox.receive(&answers, &receipts);
            }),
            Wire::Look(tab, held) => self.with(tab, |outbox| outbox.hold(&held)),
        }
    }

    fn step(&mut self, step: Step) {
        let pick = |n: usize, wire: &[Wire]| {
            if wire.is_empty() {
                None
            } else {
                Some(n % wire.len())
            }
        };
        match step {
            Step::Tap(tab, place, choice) => {
                let choice = Choice(choice);
                self.with(tab, |outbox| outbox.tap(place, choice, 0));
                self.last_tap.insert(place, choice);
            }
            Step::Flush(tab) => {
                self.with(tab, |_| {});
                let batch = self.tabs[tab].batch();
                self.wire.push(Wire::Up(tab, batch));
            }
            Step::Look(tab) => self.wire.push(Wire::Look(tab, self.server.held.clone())),
            Step::Deliver(n) => {
                if let Some(n) = pick(n, &self.wire) {
                    let wire = self.wire.remove(n);
                    self.arrive(wire);
                }
            }
            Step::Lose(n) => {
                if let Some(n) = pick(n, &self.wire) {
                    self.wire.remove(n);
                }
            }
            Step::Repeat(n) => {
                // A network repeats packets; the browser hears an answer once.
                if let Some(Wire::Up(tab, answers)) = pick(n, &self.wire).map(|n| self.wire[n].clone()) {
                    self.wire.push(Wire::Up(tab, answers));
                }
            }
            Step::Reload(tab) => {
                self.wire.retain(|wire| match wire {
                    Wire::Down(of, ..) | Wire::Look(of, _) => *of != tab,
                    Wire::Up(..) => true,
                });
                self.tabs[tab] = Outbox::new(usize::from(QUESTIONS));
                self.with(tab, |_| {});
            }
            Step::BackUp => self.backup = self.server.clone(),
            Step::Restore => self.server = self.backup.clone(),
        }
    }

    /// The network comes back: each tab looks and sends until nothing waits.
    fn calm_down(&mut self) {
        while !self.wire.is_empty() {
            self.step(Step::Deliver(0));
        }
        for round in 0.. {
            assert!(round < 10, "tablet and server do not come to rest");
            for tab in [0, 1] {
                self.step(Step::Look(tab));
                self.step(Step::Deliver(0));
                self.step(Step::Flush(tab));
                self.step(Step::Deliver(0));
                self.step(Step::Deliver(0));
            }
            if self.tabs.iter().all(|tab| tab.unsent() == 0) {
                break;
            }
        }
    }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let tab = || 0..2usize;
    let step = prop_oneof![
        4 => (tab(), 0..QUESTIONS, 0..4u8).prop_map(|(tab, place, choice)| Step::Tap(tab, place, choice)),
        4 => tab().prop_map(Step::Flush),
        2 => tab().prop_map(Step::Look),
        6 => (0..9usize).prop_map(Step::Deliver),
        2 => (0..9usize).prop_map(Step::Lose),
        2 => (0..9usize).prop_map(Step::Repeat),
        1 => tab().prop_map(Step::Reload),
        1 => Just(Step::BackUp),
        1 => Just(Step::Restore),
    ];
    proptest::collection::vec(step, 0..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn whatever_happens_the_server_ends_with_the_last_tap(steps in steps()) {
        let mut hall = Hall::new();
        for step in steps {
            hall.step(step);
        }
        hall.calm_down();
        for (place, choice) in &hall.last_tap {
            let held = hall.server.held.get(place).map_or(Choice::BLANK, |held| held.choice);
            prop_assert_eq!(held, *choice, "question {}", place);
            for tab in &hall.tabs {
                prop_assert_eq!(tab.choice(*place), *choice, "question {}", place);
                prop_assert!(!tab.waits(*place));
            }
        }
    }

    #[test]
    fn without_storage_one_tab_loses_nothing(steps in steps()) {
        let mut hall = Hall::new();
        for step in steps {
            let step = match step {
                Step::Tap(_, place, choice) => Step::Tap(0, place, choice),
                Step::Flush(_) => Step::Flush(0),
                Step::Look(_) => Step::Look(0),
                Step::Reload(_) => continue,
                other => other,
            };
            hall.step(step);
            hall.storage.clear();
        }
        hall.calm_down();
        for (place, choice) in &hall.last_tap {
            let held = hall.server.held.get(place).map_or(Choice::BLANK, |held| held.choice);
            prop_assert_eq!(held, *choice, "question {}", place);
        }
    }

    #[test]
    fn a_line_survives_storage(
        revision in any::<u32>(), choice in any::<u8>(), at in any::<i64>(), sent: bool, yields: bool,
        points in any::<Option<i64>>(), remark in any::<String>(), refused: bool,
    ) {
        let line = Line { revision, value: Choice(choice), at, sent, yields, refused };
        prop_assert_eq!(Line::decode(&line.encode()), Some(line));
        let line = Line { revision, value: points.map(contest::Points), at, sent, yields, refused };
        prop_assert_eq!(Line::decode(&line.encode()), Some(line));
        let line = Line { revision, value: remark, at, sent, yields, refused };
        prop_assert_eq!(Line::decode(&line.encode()), Some(line));
    }

    #[test]
    fn waits_stay_in_bounds(failures in 0..100u32, random in -1.0..2.0f64) {
        let mut backoff = Backoff { failures };
        let wait = backoff.next(random);
        prop_assert!((200..=Backoff::LONGEST).contains(&wait));
    }
}

fn held(revision: u32, choice: Choice) -> BTreeMap<u16, Held> {
    BTreeMap::from([(
        0,
        Held {
            revision,
            choice,
            timing: Timing::InTime,
        },
    )])
}

#[test]
fn a_tap_here_goes_on_top_of_what_another_tablet_sent_under_the_same_number() {
    let mut outbox = Outbox::new(1);
    outbox.tap(0, Choice::only(0), 5);
    let sent = outbox.batch();
    let outcome = Outcome::Superseded {
        revision: 4,
        choice: Choice::only(1),
    };
    outbox.receive(
        &sent,
        &[Receipt {
            question: 0,
            revision: 1,
            outcome,
        }],
    );
    let again = Answer {
        question: 0,
        revision: 5,
        choice: Choice::only(0),
        chosen_at: 5,
    };
    assert_eq!(outbox.batch(), [again]);
}

#[test]
fn what_waited_on_a_tablet_that_was_replaced_gives_way_to_the_newer_tablet() {
    let mut outbox = Outbox::new(1);
    outbox.tap(0, Choice::only(0), 5);
    outbox.give_way();
    outbox.hold(&held(1, Choice::only(3)));
    assert_eq!((outbox.choice(0), outbox.unsent()), (Choice::only(3), 0));
}

#[test]
fn what_waited_on_a_tablet_that_was_replaced_is_sent_where_the_server_has_nothing_newer() {
    let mut outbox = Outbox::new(1);
    outbox.tap(0, Choice::only(0), 5);
    outbox.tap(0, Choice::only(1), 6);
    outbox.give_way();
    outbox.hold(&held(1, Choice::only(0)));
    assert_eq!(
        outbox.batch().first().map(|a| (a.revision, a.choice)),
        Some((2, Choice::only(1)))
    );
}

#[test]
fn the_same_choice_again_is_no_news() {
    let mut outbox = Outbox::new(2);
    outbox.tap(1, Choice::only(2), 1);
    outbox.tap(1, Choice::only(2), 2);
    assert_eq!(outbox.line(1).revision, 1);
    assert_eq!(outbox.blanks(), [0]);
    assert_eq!(outbox.take_changed().len(), 1);
    assert_eq!(outbox.take_changed(), []);
}

#[test]
fn a_place_that_is_not_on_the_paper_is_nobodys() {
    let mut outbox = Outbox::new(1);
    outbox.tap(7, Choice::only(0), 1);
    outbox.absorb(
        7,
        Line {
            revision: 3,
            ..Line::default()
        },
    );
    assert_eq!(outbox, Outbox::new(1));
}

#[test]
fn a_long_outage_goes_in_bounded_packets() {
    let mut outbox = Outbox::new(120);
    for place in 0..120 {
        outbox.tap(place, Choice::only(0), 0);
    }
    assert_eq!((outbox.batch().len(), outbox.unsent()), (BATCH, 120));
}
