//! Units, teams and the committee's words about a contest.

use crate::{Moment, TeamId};
use serde::{Deserialize, Serialize};

/// What the committee says of the contest itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// The full name, as the banner has it. 1 to 300 characters.
    pub name: String,
    /// The host bodies (đơn vị tổ chức), the superior first.
    pub hosts: Vec<String>,
    /// Where it is held; may be empty.
    pub place: String,
    /// When it begins, if that is settled.
    pub starts_at: Option<Moment>,
    /// How its papers are laid out.
    #[serde(default, skip_serializing_if = "Layout::is_state")]
    pub layout: Layout,
}

/// Which authority's layout the papers of a contest follow. One paper never mixes them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// Nghị định 30/2020/NĐ-CP.
    #[default]
    State,
    /// Hướng dẫn 36-HD/VPTW.
    Party,
}

impl Layout {
    /// Entries of the ledger that say nothing of it mean the State's.
    fn is_state(&self) -> bool {
        *self == Self::State
    }
}

/// A team (đội thi). An individual who competes for himself is a team of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    pub id: TeamId,
    /// As the board shows it. Unique within the contest when folded.
    pub name: String,
    /// The unit (đơn vị) that sends it; often the same words.
    pub unit: String,
    /// The cluster (cụm, bảng) it competes in; empty without clusters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cluster: String,
}
