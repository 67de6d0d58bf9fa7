//! What can be watched.

use std::time::Duration;

use contest::PersonId;
use contest::audience::Audience;
use contest::screen::Language;

use super::{BEAT, PACE};

/// What can be watched of a contest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Subject {
    /// The leaderboard, as an audience may see it.
    Board(Audience),
    /// The public's board as its phones draw it: drawn here once for all of them, and sent only when what
    /// they show has changed.
    Phones(Language),
    /// What concerns all tablets at once.
    Pulse,
    /// "Look again", for the exam console.
    Staff,
    /// "Look again" and the clock, for all devices of a stage round.
    Stage,
    /// What one screen of the hall shows.
    Screen(PersonId),
    /// The console of the screens.
    Hall,
    /// The host's page.
    Host,
    /// The overlay of the broadcast.
    Overlay,
}

impl Subject {
    /// How far apart its frames are at least. A panel has few devices and its pulse few bytes, and the
    /// chief judge waits for both a frame and his view.
    pub(super) fn pace(self) -> Duration {
        match self {
            Self::Stage => PACE / 2,
            _ => PACE,
        }
    }

    /// How often it says that it is alive. A whole hall looks at a screen, which must be right again within two seconds
    /// of a cut however short: it has to notice by itself that its stream is dead.
    pub(super) fn beat(self) -> Duration {
        match self {
            Self::Screen(_) => BEAT / 5,
            _ => BEAT,
        }
    }

    /// Whether only some may see it who may lose that right while their session lives.
    pub(crate) fn is_of_some(self) -> bool {
        matches!(
            self,
            Self::Board(Audience::Staff) | Self::Staff | Self::Stage | Self::Hall | Self::Host
        )
    }

    /// How often it is looked at again though nothing has moved: what screens say of themselves moves no
    /// contest, and is said to whichever node they reach.
    pub(super) fn look(self) -> Option<Duration> {
        match self {
            Self::Hall => Some(Duration::from_secs(1)),
            _ => None,
        }
    }
}
