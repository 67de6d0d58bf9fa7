//! One simulated contestant: a tablet that speaks HTTP, and a person who thinks.

use std::sync::Arc;
use std::time::Duration;

use contest::attempt::Answer;
use contest::audience::{Sitting, Stage};
use contest::paper::{Sheet, Shown};
use contest::question::Choice;
use rand::{Rng, RngExt};
use serde_json::json;

use super::Knowledge;
use super::device::{Device, GaveUp, Pace, TRIES};

pub(super) struct Simulated {
    base: String,
    code: String,
    pace: Pace,
    knowledge: Arc<Knowledge>,
}

/// What he will do: after a while, choose.
struct Step {
    after: Duration,
    answer: Answer,
}

impl Simulated {
    pub(super) fn new(base: String, code: String, speed: u32, knowledge: Arc<Knowledge>) -> Self {
        Self {
            base,
            code,
            pace: Pace::new(speed),
            knowledge,
        }
    }

    /// Enters, answers, hands in.
    pub(super) async fn take_exam(self) -> Result<(), GaveUp> {
        let tablet = Device::new(&self.base)?;
        self.pace.pauses(0.0, 8.0).await;
        if !tablet.enters(&self.code).await? {
            return Ok(());
        }
        let Some((attempt, sheet)) = self.open_paper(&tablet).await? else {
            return Ok(());
        };
        let (steps, checking) = self.plan(&sheet);
        for mut step in steps {
            tokio::time::sleep(step.after).await;
            // Milliseconds by this "tablet's" clock; evidence only.
            step.answer.chosen_at = now();
            let packet = json!({ "attempt": attempt, "answers": [step.answer], "unsent": 0 });
            let saved = tablet.posts("/api/thi/answers", &packet).await?;
            if saved.status().is_client_error() {
                // Closed over his head.
                return Ok(());
            }
        }
        tokio::time::sleep(checking).await;
        tablet
            .posts("/api/thi/hand-in", &json!({ "attempt": attempt }))
            .await?;
        Ok(())
    }

    /// His attempt and paper; `None` when he is done already.
    async fn open_paper(&self, tablet: &Device) -> Result<Option<(i64, Sheet)>, GaveUp> {
        for _ in 0..TRIES {
            match tablet.reads::<Sitting>("/api/thi").await?.stage {
                Stage::Writing { attempt, sheet, .. } => return Ok(Some((attempt, sheet))),
                Stage::Done { .. } => return Ok(None),
                Stage::Waiting => self.pace.pauses(1.0, 3.0).await,
            }
        }
        Err(GaveUp::NoPaper)
    }

    /// Draws the whole exam beforehand: his pace, what he knows, what he leaves blank, where he
    /// changes his mind. The second is how long he looks over the paper at the end.
    fn plan(&self, sheet: &Sheet) -> (Vec<Step>, Duration) {
        let mut rng = rand::rng();
        let pace = rng.random_range(0.6..1.5);
        let skill = rng.random_range(0.45..0.97);
        let mut steps = Vec::new();
        let mut doubts = Vec::new();
        for (place, question) in (0_u16..).zip(&sheet.questions) {
            let reading = question.text.chars().count() as f64 / 22.0;
            let after = self.pace.real(pace * (reading + rng.random_range(3.0..14.0)));
            if rng.random_bool(0.04) {
                // Left blank: the time goes by all the same.
                doubts.push((place, after));
                continue;
            }
            let choice = self.choose(question, skill, &mut rng);
            steps.push(step(place, 1, choice, after));
            if rng.random_bool(0.08) {
                let after = self.pace.real(pace * rng.random_range(1.0..5.0));
                steps.push(step(place, 2, self.choose(question, skill, &mut rng), after));
            }
        }
        // Some come back to what they had left.
        for (place, after) in doubts {
            if rng.random_bool(0.5)
                && let Some(question) = sheet.questions.get(usize::from(place))
            {
                steps.push(step(place, 1, self.choose(question, skill, &mut rng), after));
            }
        }
        (steps, self.pace.real(rng.random_range(2.0..15.0)))
    }

    fn choose(&self, question: &Shown, skill: f64, rng: &mut impl Rng) -> Choice {
        let right = self
            .knowledge
            .get(&question.text)
            .filter(|_| rng.random_bool(skill));
        let known = right.map(|right| {
            let places = (0_u8..)
                .zip(&question.options)
                .filter(|(_, option)| right.contains(option));
            Choice::of(&places.map(|(place, _)| place).collect::<Vec<_>>())
        });
        known.filter(|choice| !choice.is_blank()).unwrap_or_else(|| {
            let options = u8::try_from(question.options.len()).unwrap_or(1).max(1);
            Choice::only(rng.random_range(0..options))
        })
    }
}

fn step(question: u16, revision: u32, choice: Choice, after: Duration) -> Step {
    Step {
        after,
        answer: Answer {
            question,
            revision,
            choice,
            chosen_at: 0,
        },
    }
}

fn now() -> i64 {
    use crate::clock::Clock;
    crate::clock::SystemClock.now()
}
