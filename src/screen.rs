//! The screens of the hall (màn hình): what each shows, what it will show next, and how it looks.
//!
//! A screen is somebody who entered by a code, with the role of a screen; here stands only what the
//! committee has decided about it.

use crate::{Digest, PersonId, RoundId, TeamId};
use serde::{Deserialize, Serialize};

/// One screen as the ledger tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Screen {
    /// "Màn hình chính". 1 to 60 characters.
    pub name: String,
    pub look: Look,
    /// What it shows.
    pub live: Scene,
    /// What was prepared and waits to be taken.
    pub next: Option<Scene>,
    /// Dark, whatever the scene; the scene comes back when the blank is lifted.
    pub blank: bool,
    /// Counts the times that it was told to load itself again.
    pub reloads: u32,
}

/// How a screen looks, whatever it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    pub theme: Theme,
    pub language: Language,
    /// Size of what is drawn, in percent: 70 to 150.
    pub scale: u8,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            theme: Theme::Dark,
            language: Language::Vi,
            scale: 100,
        }
    }
}

/// The light that a screen hangs in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// A darkened hall.
    #[default]
    Dark,
    /// Daylight: dark letters on a light ground.
    Bright,
    /// A LED wall: true black, no thin lines.
    Led,
}

impl Theme {
    pub const ALL: [Theme; 3] = [Theme::Dark, Theme::Bright, Theme::Led];

    /// The word in forms and style sheets.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Bright => "bright",
            Self::Led => "led",
        }
    }

    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.as_str() == word)
    }
}

/// The language of a screen: the hall's, not that of whoever started the browser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    #[default]
    Vi,
    En,
}

impl Language {
    /// The language of that tag.
    pub fn named(tag: &str) -> Option<Self> {
        match tag {
            "vi" => Some(Self::Vi),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Vi => "vi",
            Self::En => "en",
        }
    }
}

/// What a screen shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "scene", rename_all = "snake_case")]
pub enum Scene {
    /// Title, hosts, place and time of the contest.
    #[default]
    Waiting,
    /// The address of the public page, as a QR.
    Join,
    /// The running order of a stage round; `None`: of the one under way.
    Order {
        round: Option<RoundId>,
    },
    /// The team on stage with the clock.
    OnStage,
    /// How far the teams are in the exam, without a word about who is right.
    Exam,
    /// The standings: the total, or one round.
    Standings {
        round: Option<RoundId>,
    },
    /// One team with its marks as published.
    Team {
        team: TeamId,
    },
    /// A question for the stage. The answer is here only once it may be shown.
    Question {
        text: String,
        options: Vec<String>,
        answer: Option<u8>,
    },
    Message {
        text: String,
    },
    /// The hosts' and sponsors' logos.
    Hosts,
    /// The step of the reveal that is taken.
    Reveal,
    /// The prizes that are announced.
    Prizes,
}

/// An uploaded image of a host or sponsor. The content is kept by its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logo {
    /// Of the re-encoded image.
    pub hash: Digest,
    /// Whose it is. 1 to 120 characters.
    pub name: String,
    /// In pixels.
    pub width: u32,
    pub height: u32,
}

/// What somebody wants of the screens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScreenAct {
    /// A browser has been claimed and is a screen of this contest now.
    Add {
        screen: PersonId,
        name: String,
    },
    Rename {
        screen: PersonId,
        name: String,
    },
    Remove {
        screen: PersonId,
    },
    Dress {
        screens: Vec<PersonId>,
        look: Look,
    },
    /// Shows a scene at once. A blank screen is lit by it.
    Show {
        screens: Vec<PersonId>,
        scene: Scene,
    },
    /// Puts a scene ready; nobody sees it yet.
    Prepare {
        screens: Vec<PersonId>,
        scene: Scene,
    },
    /// Shows what was put ready.
    Take {
        screens: Vec<PersonId>,
    },
    Blank {
        screens: Vec<PersonId>,
        blank: bool,
    },
    Reload {
        screens: Vec<PersonId>,
    },
    AddLogo {
        logo: Logo,
    },
    RemoveLogo {
        hash: Digest,
    },
}

/// What has happened to the screens. Old ones must always replay: add, never change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum ScreenFact {
    Added { screen: PersonId, name: String },
    Renamed { screen: PersonId, name: String },
    Removed { screen: PersonId },
    Dressed { screens: Vec<PersonId>, look: Look },
    Shown { screens: Vec<PersonId>, scene: Scene },
    Prepared { screens: Vec<PersonId>, scene: Scene },
    Taken { screens: Vec<PersonId> },
    Blanked { screens: Vec<PersonId>, blank: bool },
    Reloaded { screens: Vec<PersonId> },
    LogoAdded { logo: Logo },
    LogoRemoved { hash: Digest },
}

impl ScreenFact {
    /// The fact's name in the ledger (`screen_shown`).
    pub fn name(&self) -> &'static str {
        match self {
            Self::Added { .. } => "screen_added",
            Self::Renamed { .. } => "screen_renamed",
            Self::Removed { .. } => "screen_removed",
            Self::Dressed { .. } => "screen_dressed",
            Self::Shown { .. } => "screen_shown",
            Self::Prepared { .. } => "screen_prepared",
            Self::Taken { .. } => "screen_taken",
            Self::Blanked { .. } => "screen_blanked",
            Self::Reloaded { .. } => "screen_reloaded",
            Self::LogoAdded { .. } => "logo_added",
            Self::LogoRemoved { .. } => "logo_removed",
        }
    }
}
