//! What an act stands on, and whether it has moved since the page was made from which somebody acts.

use crate::{
    TeamId,
    draw::DrawOf,
    stage::{Stage, StageAct, StageFact},
};
use serde::{Deserialize, Serialize};

/// A part of a stage round that somebody sees before he acts on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Matter {
    Panel,
    Order,
    Packs,
    /// A team's turn: called, its clock, its absence, a new run.
    Turn,
    /// What is handed in. Drafts are nobody's news: they would overtake everybody all the time.
    Sheets,
    Deduction,
    Note,
    /// A confirmed mark.
    Mark,
}

/// The newest entry of the ledger that moved a matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Touch {
    /// `None`: of the whole round.
    pub team: Option<TeamId>,
    pub matter: Matter,
    pub seq: u64,
}

impl Stage {
    pub(crate) fn touch(&mut self, fact: &StageFact, seq: u64) {
        for (team, matter) in fact.moves() {
            let of = |touch: &&mut Touch| touch.team == team && touch.matter == matter;
            match self.touched.iter_mut().find(of) {
                Some(touch) => touch.seq = seq,
                None => self.touched.push(Touch { team, matter, seq }),
            }
        }
    }

    /// The newest entry that moved anything of the round: what a page sends back as seen.
    pub fn stamp(&self) -> u64 {
        self.touched
            .iter()
            .map(|touch| touch.seq)
            .max()
            .unwrap_or_default()
    }

    /// Which of `matters` have moved after the entry `seen`.
    pub(crate) fn moved_since(&self, seen: u64, team: Option<TeamId>, matters: &[Matter]) -> Vec<Matter> {
        let newer =
            |touch: &&Touch| touch.team == team && touch.seq > seen && matters.contains(&touch.matter);
        self.touched
            .iter()
            .filter(newer)
            .map(|touch| touch.matter)
            .collect()
    }
}

impl StageFact {
    /// The matters that this fact moves.
    fn moves(&self) -> Vec<(Option<TeamId>, Matter)> {
        let of = |team: &TeamId, matter| vec![(Some(*team), matter)];
        match self {
            Self::PanelSet { .. } => vec![(None, Matter::Panel)],
            Self::DrawSealed { of, .. } | Self::DrawOpened { of, .. } | Self::DrawEntered { of, .. } => {
                let matter = match of {
                    DrawOf::Order => Matter::Order,
                    DrawOf::Packs => Matter::Packs,
                };
                vec![(None, matter)]
            }
            Self::OrderChanged { .. } => vec![(None, Matter::Order)],
            Self::TeamAbsent { team, .. }
            | Self::TeamReturned { team }
            | Self::Called { team }
            | Self::ClockStarted { team }
            | Self::ClockPaused { team }
            | Self::ClockStopped { team }
            | Self::Repeated { team, .. } => of(team, Matter::Turn),
            Self::ConflictDeclared { team, .. }
            | Self::ConflictLifted { team, .. }
            | Self::JudgeAbsent { team, .. }
            | Self::JudgeReturned { team, .. }
            | Self::SheetHandedIn { team, .. }
            | Self::SheetReopened { team, .. } => of(team, Matter::Sheets),
            Self::DeductionSet { team, .. } | Self::DeductionWaived { team, .. } => {
                of(team, Matter::Deduction)
            }
            Self::SpreadNoted { team, .. } => of(team, Matter::Note),
            Self::MarkWithdrawn { team, .. }
            | Self::CorrectionAsked { team, .. }
            | Self::CorrectionDropped { team, .. } => of(team, Matter::Mark),
            Self::MarksConfirmed { marks } => {
                marks.iter().map(|mark| (Some(mark.team), Matter::Mark)).collect()
            }
            Self::MarkSet { .. } | Self::RemarkSet { .. } | Self::ReopeningAsked { .. } | Self::Published => {
                vec![]
            }
        }
    }
}

/// Everything that a confirmed mark is made of.
pub(crate) const ALL_OF_A_MARK: &[Matter] = &[
    Matter::Turn,
    Matter::Sheets,
    Matter::Deduction,
    Matter::Note,
    Matter::Mark,
];

impl StageAct {
    /// The team and the matters that somebody must have seen as they stand before he does this.
    pub(crate) fn stands_on(&self) -> (Option<TeamId>, &'static [Matter]) {
        use Matter::{Deduction, Mark, Note, Order, Packs, Panel, Sheets, Turn};
        match self {
            Self::SetPanel { .. } => (None, &[Panel]),
            Self::EnterOrder { .. } | Self::ChangeOrder { .. } => (None, &[Order]),
            Self::EnterPacks { .. } => (None, &[Packs]),
            Self::MarkAbsent { team, .. } | Self::MarkPresent { team } => (Some(*team), &[Turn, Mark]),
            Self::SetDeduction { team, .. } | Self::WaiveDeduction { team, .. } => {
                (Some(*team), &[Turn, Deduction, Mark])
            }
            Self::CorrectDeduction { team, .. }
            | Self::AgreeCorrection { team, .. }
            | Self::DropCorrection { team, .. }
            | Self::WithdrawMark { team, .. } => (Some(*team), &[Mark]),
            Self::Repeat { team, .. } | Self::ReopenSheet { team, .. } => {
                (Some(*team), &[Turn, Sheets, Mark])
            }
            Self::NoteSpread { team, .. } => (Some(*team), &[Turn, Sheets, Note, Mark]),
            Self::Confirm { team: Some(team) } => (Some(*team), ALL_OF_A_MARK),
            _ => (None, &[]),
        }
    }
}
