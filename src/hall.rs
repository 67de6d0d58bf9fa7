//! What the hall sees, as the ledger tells it: screens, logos, freeze and reveal.

use crate::{
    Moment, PersonId, RoundId,
    exam::{Exam, ExamPhase},
    freeze::Freeze,
    reveal::{Reveal, RevealFact},
    screen::{Logo, Screen, ScreenFact},
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The hall folded from its events.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Hall {
    pub screens: BTreeMap<PersonId, Screen>,
    /// In the order in which they were uploaded.
    pub logos: Vec<Logo>,
    /// While the public sees older standings.
    pub frozen: Option<Freeze>,
    pub reveal: Option<Reveal>,
    /// The last reveal of the real marks, as far as it had come when it was left.
    pub announced: Option<Reveal>,
}

impl Hall {
    /// Folds one fact about the screens in.
    pub(crate) fn apply_screen(&mut self, fact: &ScreenFact) {
        match fact {
            ScreenFact::Added { screen, name } => {
                self.screens.entry(*screen).or_default().name.clone_from(name);
            }
            ScreenFact::Renamed { screen, name } => {
                self.each(&[*screen], |screen| screen.name.clone_from(name));
            }
            ScreenFact::Removed { screen } => {
                self.screens.remove(screen);
            }
            ScreenFact::Dressed { screens, look } => self.each(screens, |screen| screen.look = *look),
            ScreenFact::Shown { screens, scene } => self.each(screens, |screen| {
                screen.live.clone_from(scene);
                screen.blank = false;
            }),
            ScreenFact::Prepared { screens, scene } => {
                self.each(screens, |screen| screen.next = Some(scene.clone()));
            }
            ScreenFact::Taken { screens } => self.each(screens, |screen| {
                if let Some(next) = screen.next.take() {
                    screen.live = next;
                    screen.blank = false;
                }
            }),
            ScreenFact::Blanked { screens, blank } => self.each(screens, |screen| screen.blank = *blank),
            ScreenFact::Reloaded { screens } => self.each(screens, |screen| screen.reloads += 1),
            ScreenFact::LogoAdded { logo } => self.logos.push(logo.clone()),
            ScreenFact::LogoRemoved { hash } => self.logos.retain(|logo| logo.hash != *hash),
        }
    }

    /// Folds one fact about freeze and reveal in, the ledger's entry `seq`. `exams` and the rounds that are `published`
    /// are as they stand at that moment.
    pub(crate) fn apply_reveal(
        &mut self,
        fact: &RevealFact,
        at: Moment,
        seq: u64,
        exams: &BTreeMap<RoundId, Exam>,
        published: impl FnOnce() -> BTreeSet<RoundId>,
    ) {
        match fact {
            RevealFact::Frozen { rows, shown } => {
                self.frozen = Some(Freeze {
                    at,
                    rows: rows.clone(),
                    shown: shown.clone(),
                    published: published(),
                    withholds: false,
                    keys: exams
                        .iter()
                        .filter(|(_, exam)| exam.phase == ExamPhase::Published)
                        .map(|(round, exam)| (*round, exam.corrections.clone()))
                        .collect(),
                });
            }
            RevealFact::Unfrozen { .. } => self.frozen = None,
            RevealFact::Begun { plan } => {
                if !plan.rehearsal {
                    self.announced = None;
                }
                self.reveal = Some(Reveal {
                    begun: seq,
                    plan: plan.clone(),
                    step: 0,
                });
            }
            RevealFact::Moved { to } => {
                if let Some(reveal) = &mut self.reveal {
                    reveal.step = *to;
                }
            }
            RevealFact::Ended => {
                let left = self.reveal.take();
                self.announced = left
                    .filter(|reveal| !reveal.plan.rehearsal)
                    .or(self.announced.take());
            }
        }
    }

    /// The reveal of the real marks, if one is under way.
    pub fn real_reveal(&self) -> Option<&Reveal> {
        self.reveal.as_ref().filter(|reveal| !reveal.plan.rehearsal)
    }

    fn each(&mut self, screens: &[PersonId], change: impl Fn(&mut Screen)) {
        for id in screens {
            if let Some(screen) = self.screens.get_mut(id) {
                change(screen);
            }
        }
    }
}
