//! One simulated judge: watches the stage, marks while the team performs, hands in when it is over.

use app::backend::MarkSent;
use contest::stage::SheetState;
use contest::stage_view::{JudgeView, OwnSheet};
use contest::{Digest, Points, RoundId};
use rand::RngExt;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::device::{Device, GaveUp, Pace};

/// His paper is never perfect: the best teams come near it, the weakest have this much less.
const BEST: f64 = 0.97;
const WEAKEST: f64 = 0.30;

/// A judge with a tablet of his own.
pub(super) struct SimulatedJudge {
    pub(super) device: Device,
    pub(super) pace: Pace,
}

impl SimulatedJudge {
    /// Marks whoever is on stage until the contest is over.
    pub(super) async fn judges(self, over: CancellationToken) -> Result<(), GaveUp> {
        // Some are strict.
        let eye = rand::rng().random_range(-0.04..0.04);
        while !over.is_cancelled() {
            let view: JudgeView = self.device.reads("/api/cham").await?;
            match (view.round, view.sheet) {
                (Some(round), Some(sheet)) if is_open(sheet.state) => self.marks(round, &sheet, eye).await?,
                _ => self.pace.looks_again(3.0).await,
            }
        }
        Ok(())
    }

    async fn marks(&self, round: RoundId, sheet: &OwnSheet, eye: f64) -> Result<(), GaveUp> {
        let path = format!("/api/cham?round={round}&team={}", sheet.team);
        let view: JudgeView = self.device.reads(&path).await?;
        // Now and then somebody sees it quite differently: then the chief judge has to ask.
        let odd = if rand::rng().random_bool(0.03) { -0.35 } else { 0.0 };
        let quality = quality(round, sheet) + eye + odd;
        for criterion in &view.rubric {
            self.pace.pauses(3.0, 9.0).await;
            let share = (quality + rand::rng().random_range(-0.05..0.05)).clamp(0.0, 1.0);
            let steps = (criterion.maximum.0 as f64 * share / criterion.step.0 as f64).round() as i64;
            let held = sheet.marks.iter().find(|(id, _)| *id == criterion.id);
            let revision = held.and_then(|(_, held)| *held).map_or(0, |held| held.revision);
            let mark = MarkSent {
                criterion: criterion.id,
                revision: revision + 1,
                points: Some(Points(steps * criterion.step.0).min(criterion.maximum)),
            };
            let packet = json!({ "round": round, "team": sheet.team, "marks": [mark] });
            self.device.posts("/api/cham/marks", &packet).await?;
        }
        // He hands in when the performance is over.
        loop {
            let view: JudgeView = self.device.reads(&path).await?;
            let performing = view.clock.filter(|clock| clock.team == sheet.team);
            if performing.is_none_or(|clock| clock.stopped) {
                break;
            }
            self.pace.looks_again(3.0).await;
        }
        self.pace.pauses(3.0, 10.0).await;
        let packet = json!({ "round": round, "team": sheet.team });
        self.device.posts("/api/cham/hand-in", &packet).await?;
        Ok(())
    }
}

fn is_open(state: SheetState) -> bool {
    matches!(
        state,
        SheetState::Empty | SheetState::Draft | SheetState::Reopened
    )
}

/// What the team is worth in this round: the same for all judges, whatever they make of it.
fn quality(round: RoundId, sheet: &OwnSheet) -> f64 {
    let drawn = Digest::of(format!("{round} {} {}", sheet.team, sheet.name).as_bytes());
    let part = u32::from_str_radix(&drawn.0[..6], 16).unwrap_or(0);
    BEST - WEAKEST * f64::from(part) / f64::from(0x00ff_ffff_u32)
}
