use super::*;
use contest::Refusal;
use proptest::prelude::*;
use std::collections::BTreeMap;

const CRITERIA: u32 = 3;

type Held = (u32, Option<Points>);

/// A house as the rules make it (`set_mark`): a newer revision is kept, the same again is fine, anything else
/// is told what stands. Marks above 9 are refused.
#[derive(Clone, Default)]
struct House {
    held: BTreeMap<u32, Held>,
}

impl House {
    fn save(&mut self, marks: &[MarkSent]) -> Vec<MarkReceipt> {
        let keep = |mark: &MarkSent| {
            let held = self.held.get(&mark.criterion).copied();
            let refused = match held {
                Some((revision, points)) if mark.revision <= revision => ((revision, points)
                    != (mark.revision, mark.points))
                    .then_some(Refusal::StaleMark { revision, points }),
                _ if mark.points.is_some_and(|points| points.0 > 9) => Some(Refusal::NotAllowed),
                _ => {
                    self.held.insert(mark.criterion, (mark.revision, mark.points));
                    None
                }
            };
            MarkReceipt {
                criterion: mark.criterion,
                revision: mark.revision,
                refused: refused.map(AppError::from),
            }
        };
        marks.iter().map(keep).collect()
    }
}

/// A tablet whose page may be loaded anew; its storage stays.
struct Tablet {
    marks: Marks,
    storage: BTreeMap<u32, String>,
}

impl Tablet {
    fn new() -> Self {
        Self {
            marks: Marks::of_sheet(1..=CRITERIA),
            storage: BTreeMap::new(),
        }
    }

    /// What the island does around every act.
    fn with<T>(&mut self, act: impl FnOnce(&mut Marks) -> T) -> T {
        for (key, text) in &self.storage {
            let line = super::super::Line::decode(text).expect("what was encoded");
            self.marks.absorb(*key, line);
        }
        let done = act(&mut self.marks);
        for (key, line) in self.marks.take_changed() {
            self.storage.insert(key, line.encode());
        }
        done
    }

    fn looks(&mut self, house: &House) {
        let held = house.held.clone();
        self.with(|marks| {
            for key in 1..=CRITERIA {
                marks.held(key, held.get(&key).copied());
            }
        });
    }

    fn reloads(&mut self) {
        self.marks = Marks::of_sheet(1..=CRITERIA);
        self.with(|_| ());
    }

    /// Sends what waits; what comes back may be lost.
    fn sends(&mut self, house: &mut House, heard: bool) {
        let packet = self.with(|marks| marks.packet());
        let receipts = house.save(&packet);
        if heard {
            self.with(|marks| marks.receive(&packet, &receipts));
        }
    }
}

#[derive(Clone, Debug)]
enum Step {
    Mark(u32, Option<i64>),
    Send { arrives: bool, heard: bool },
    Look,
    Reload,
    BackUp,
    Restore,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        5 => (1..=CRITERIA, prop::option::of(0..12i64)).prop_map(|(key, points)| Step::Mark(key, points)),
        5 => (any::<bool>(), any::<bool>()).prop_map(|(arrives, heard)| Step::Send { arrives, heard }),
        2 => Just(Step::Look),
        2 => Just(Step::Reload),
        1 => Just(Step::BackUp),
        1 => Just(Step::Restore),
    ];
    prop::collection::vec(step, 0..50)
}

fn play(tablet: &mut Tablet, house: &mut House, steps: &[Step], last: &mut BTreeMap<u32, Option<i64>>) {
    let mut backup = house.clone();
    for step in steps {
        match step {
            Step::Mark(key, points) => {
                tablet.with(|marks| marks.set(*key, points.map(Points), 0));
                last.insert(*key, *points);
            }
            Step::Send { arrives: true, heard } => tablet.sends(house, *heard),
            Step::Send { .. } => {}
            Step::Look => tablet.looks(house),
            Step::Reload => tablet.reloads(),
            Step::BackUp => backup = house.clone(),
            Step::Restore => *house = backup.clone(),
        }
    }
}

/// The network comes back, and the judge answers each question with what he last marked.
fn calm_down(tablet: &mut Tablet, house: &mut House, last: &BTreeMap<u32, Option<i64>>) {
    for _ in 0..6 {
        tablet.looks(house);
        for (key, points) in last {
            if tablet.marks.dispute(*key).is_some() {
                tablet.with(|marks| marks.set(*key, points.map(Points), 0));
            }
        }
        tablet.sends(house, true);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Whatever is lost, reloaded or restored: the house ends with the judge's last mark, unless it is one
    /// that it may not take.
    #[test]
    fn the_house_ends_with_the_last_mark(steps in steps()) {
        let (mut tablet, mut house) = (Tablet::new(), House::default());
        let mut last = BTreeMap::new();
        play(&mut tablet, &mut house, &steps, &mut last);
        calm_down(&mut tablet, &mut house, &last);
        for (key, points) in &last {
            if points.is_some_and(|points| points > 9) {
                prop_assert_ne!(house.held.get(key).and_then(|held| held.1).map(|points| points.0), *points);
            } else {
                // Never marked and made blank are both blank.
                prop_assert_eq!(house.held.get(key).and_then(|held| held.1).map(|points| points.0), *points, "criterion {}", key);
                prop_assert_eq!(tablet.marks.line(*key).value.map(|points| points.0), *points);
            }
            prop_assert!(!tablet.marks.waits(*key));
        }
    }

    /// A tablet that was replaced comes back with what it never sent: nothing that was marked on the new one
    /// is overwritten while nobody has been asked.
    #[test]
    fn a_tablet_that_comes_back_overwrites_nothing_unseen(before in steps(), between in steps()) {
        let (mut old, mut house) = (Tablet::new(), House::default());
        play(&mut old, &mut house, &before, &mut BTreeMap::new());
        let mut new = Tablet::new();
        new.looks(&house);
        let (mut last, calm) = (BTreeMap::new(), |step: &&Step| !matches!(step, Step::Restore));
        let between: Vec<Step> = between.iter().filter(calm).cloned().collect();
        play(&mut new, &mut house, &between, &mut last);
        calm_down(&mut new, &mut house, &last);
        let stands = house.held.clone();
        old.with(Marks::give_way);
        old.reloads();
        old.looks(&house);
        for _ in 0..3 {
            old.sends(&mut house, true);
            old.looks(&house);
        }
        // Where the house has a mark from the new tablet, or one that was seen there.
        for key in last.into_keys().filter(|key| stands.contains_key(key)) {
            // The same mark may be said once more; it is the mark that must stand.
            let mark = |held: &BTreeMap<u32, Held>| held.get(&key).map(|held| held.1);
            prop_assert_eq!(mark(&house.held), mark(&stands), "criterion {}", key);
        }
        // Asked, he may say either.
        for key in 1..=CRITERIA {
            if let Some((_, theirs)) = old.marks.dispute(key).map(|(revision, theirs)| (revision, *theirs)) {
                let mine = old.marks.line(key).value;
                prop_assert_ne!(mine, theirs);
                old.with(|marks| marks.take_theirs(key));
                prop_assert_eq!(old.marks.line(key).value, theirs);
                prop_assert!(!old.marks.waits(key));
            }
        }
    }
}

#[test]
fn blank_is_kept_apart_from_zero() {
    let (mut tablet, mut house) = (Tablet::new(), House::default());
    tablet.with(|marks| marks.set(1, Some(Points::ZERO), 0));
    tablet.sends(&mut house, true);
    assert_eq!(house.held.get(&1), Some(&(1, Some(Points::ZERO))));
    tablet.with(|marks| marks.set(1, None, 0));
    tablet.sends(&mut house, true);
    assert_eq!(house.held.get(&1), Some(&(2, None)));
}

#[test]
fn what_is_refused_is_not_sent_again_and_gives_way_to_the_next_mark() {
    let (mut tablet, mut house) = (Tablet::new(), House::default());
    tablet.with(|marks| marks.set(1, Some(Points(11)), 0));
    tablet.sends(&mut house, true);
    assert!(tablet.marks.line(1).refused);
    assert_eq!(tablet.marks.packet(), []);
    tablet.with(|marks| marks.set(1, Some(Points(7)), 0));
    tablet.sends(&mut house, true);
    assert_eq!(house.held.get(&1), Some(&(2, Some(Points(7)))));
}
