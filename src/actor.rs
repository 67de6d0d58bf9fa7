//! Who acts, and who looks.

use crate::{PersonId, TeamId, UserId};
use serde::{Deserialize, Serialize};

/// Somebody as the contest knows him: the same value says who acts on it and who looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "role", rename_all = "snake_case")]
pub enum Actor {
    /// Anyone with the address.
    Public,
    /// The program itself: automatic hand-in, closing at the deadline.
    System,
    /// A member of the organizing committee (ban tổ chức), by account.
    Organizer { user: UserId },
    /// A secretary (thư ký), by personal code.
    Secretary { person: PersonId },
    /// A judge (giám khảo), by personal code.
    Judge { person: PersonId },
    /// A contestant (thí sinh), by personal code.
    Contestant { person: PersonId, team: TeamId },
    /// A screen of the hall (màn hình), by code.
    Screen { person: PersonId },
    /// The host on stage (người dẫn chương trình), by personal code.
    Host { person: PersonId },
}

impl Actor {
    /// Organizers and secretaries: they may see unpublished marks.
    pub fn is_staff(self) -> bool {
        matches!(self, Self::Organizer { .. } | Self::Secretary { .. })
    }
}

/// The roles that enter by a personal code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Contestant,
    /// Of a team, but not competing until he takes somebody's place (dự bị): nothing is dealt to him.
    Reserve,
    Judge,
    Secretary,
    Screen,
    Host,
}

impl Role {
    /// All of them, in the order in which lists show them.
    pub const ALL: [Role; 6] = [
        Role::Contestant,
        Role::Reserve,
        Role::Judge,
        Role::Secretary,
        Role::Host,
        Role::Screen,
    ];

    /// Whether whoever has it belongs to a team and has a number (số báo danh).
    pub fn in_a_team(self) -> bool {
        matches!(self, Role::Contestant | Role::Reserve)
    }

    /// The word in tables and addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Contestant => "contestant",
            Role::Reserve => "reserve",
            Role::Judge => "judge",
            Role::Secretary => "secretary",
            Role::Screen => "screen",
            Role::Host => "host",
        }
    }

    /// The role of that word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }
}
