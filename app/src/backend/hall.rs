//! The hall: screens that are claimed, their views, freeze and reveal, logos, the broadcast.
//!
//! Most acts are `Command::Screen` and `Command::Reveal` through `Contests::execute`; here stands what
//! needs more.

use super::{Answer, NewSession, Visit};
use async_trait::async_trait;
use contest::{
    ContestId, Digest, Moment, PersonId,
    hall_view::{HallDesk, HostView, OverlayView, ScreenView},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a browser at `/man-hinh` is.
#[derive(Clone, Debug)]
pub enum ScreenDoor {
    /// Nobody has claimed it yet: it shows these four letters, the same until it is claimed.
    Waiting { letters: String },
    /// It has been claimed: it is signed in as that screen from now on.
    Claimed { session: NewSession },
}

/// What a screen says of itself, every few seconds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScreenHealth {
    /// The hash of the view that is drawn.
    pub hash: String,
    /// The visible page, in CSS pixels.
    pub width: u32,
    pub height: u32,
    /// The longest time between two frames since the last word, in milliseconds.
    pub slowest_frame: u32,
    /// From the receipt of the last view to its drawing, in milliseconds.
    pub drawn_in: u32,
    /// Which page of a long list is shown, from 0.
    #[serde(default)]
    pub page: u32,
}

/// The last word of a screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScreenSeen {
    /// By the house's clock.
    pub at: Moment,
    pub health: ScreenHealth,
    /// Whether it draws what it should: its hash is that of its present view.
    pub current: bool,
}

/// The hall.
#[async_trait]
pub trait Halls: Send + Sync {
    /// The house's clock, for clocks that pages draw.
    fn clock(&self) -> Moment;
    /// For anybody's browser, by its device: its letters, or the session of the screen that it has become.
    async fn screen_door(&self, visit: &Visit) -> Answer<ScreenDoor>;
    /// Makes the browser with these letters a screen of the contest. Staff only.
    ///
    /// # Errors
    /// `AppError::WrongLetters` if no browser waits under these letters.
    async fn claim_screen(
        &self,
        visit: &Visit,
        contest: &ContestId,
        letters: &str,
        name: &str,
    ) -> Answer<PersonId>;
    /// Takes a screen away: its browser is a stranger again. Staff only.
    async fn remove_screen(&self, visit: &Visit, contest: &ContestId, screen: PersonId) -> Answer<u64>;
    /// What the screen that asks is to show.
    async fn screen_view(&self, visit: &Visit) -> Answer<ScreenView>;
    /// Keeps a screen's word of itself.
    async fn screen_health(&self, visit: &Visit, health: ScreenHealth) -> Answer<()>;
    /// The console of the screens, with the last word of each screen that was heard. Staff only.
    async fn hall_desk(
        &self,
        visit: &Visit,
        contest: &ContestId,
    ) -> Answer<(HallDesk, BTreeMap<PersonId, ScreenSeen>)>;
    /// The host's page. The host of this contest and its staff.
    async fn host_view(&self, visit: &Visit, contest: &ContestId) -> Answer<HostView>;
    /// The broadcast's overlay, for anybody with the address.
    async fn overlay(&self, contest: &ContestId) -> Answer<OverlayView>;
    /// From now on the public sees the standings as they are. Organizers only.
    async fn freeze(&self, visit: &Visit, contest: &ContestId) -> Answer<u64>;
    /// Takes an uploaded image (PNG, JPEG or WebP), decodes it within bounds and keeps it re-encoded. Staff only.
    ///
    /// # Errors
    /// `AppError::BadImage` for anything that is no such image; `AppError::TooLarge`.
    async fn add_logo(&self, visit: &Visit, contest: &ContestId, name: &str, file: Vec<u8>) -> Answer<u64>;
    /// A logo's image as PNG, for anybody with the address.
    async fn logo(&self, contest: &ContestId, hash: &Digest) -> Answer<Vec<u8>>;
}
