//! Whoever enters by a personal code, and on which device.

use super::{Answer, Visit};
use async_trait::async_trait;
use contest::{ContestId, Moment, PersonId, TeamId, actor::Role};
use std::collections::BTreeMap;

/// A person, as the staff sees him.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    pub role: Role,
    pub name: String,
    /// Số báo danh; empty for others than contestants.
    pub sbd: String,
    pub team: Option<TeamId>,
    /// Chức vụ; may be empty.
    pub post: String,
    /// The personal code as printed (`ABCD-EFGH-JKLM`).
    pub code: String,
    /// The device bound to the person, if he has entered: its label.
    pub device: Option<String>,
    /// When that device was last heard, on this or another node.
    pub last_seen: Option<Moment>,
    /// Answers that the tablet said it had not sent yet.
    pub unsent: u32,
    /// In percent, where the browser tells it.
    pub battery: Option<u8>,
}

/// Which people a page of the list shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub role: Role,
    pub team: Option<TeamId>,
    /// A part of the name, accents or not, or the whole number (SBD); empty finds everybody.
    pub search: String,
    /// From 1.
    pub page: u32,
}

/// A page of the list of people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roll {
    pub people: Vec<Person>,
    /// How many there are on all pages.
    pub found: u32,
    /// The page shown, which is one that exists.
    pub page: u32,
    pub pages: u32,
    pub now: Moment,
}

/// How many people there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeadCount {
    pub roles: BTreeMap<Role, u32>,
    /// Contestants in each team that has any.
    pub teams: BTreeMap<TeamId, u32>,
}

impl HeadCount {
    /// Those of one role.
    pub fn of(&self, role: Role) -> u32 {
        self.roles.get(&role).copied().unwrap_or_default()
    }
}

/// Somebody to add, or the new words about somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPerson {
    pub role: Role,
    pub name: String,
    /// Empty: the house gives the next free number to a contestant.
    pub sbd: String,
    pub team: Option<TeamId>,
    pub post: String,
}

/// A printed card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    pub person: Person,
    pub team_name: String,
    /// `{origin}/vao/CODE`.
    pub url: String,
    /// A black-on-white SVG without script or style.
    pub qr: String,
}

/// The cards of a page of the list of people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardSheet {
    pub cards: Vec<Card>,
    /// The page shown, which is one that exists.
    pub page: u32,
    pub pages: u32,
}

/// People and their devices. All for the staff of the contest; changes for organizers.
#[async_trait]
pub trait People: Send + Sync {
    /// Sorted as Vietnamese lists are: by team and number for contestants, by given name for others.
    async fn people(&self, visit: &Visit, contest: &ContestId, role: Option<Role>) -> Answer<Vec<Person>>;
    /// A page of that list; never more than a page is held.
    async fn roll(&self, visit: &Visit, contest: &ContestId, wanted: Wanted) -> Answer<Roll>;
    async fn head_count(&self, visit: &Visit, contest: &ContestId) -> Answer<HeadCount>;
    async fn person(&self, visit: &Visit, contest: &ContestId, id: PersonId) -> Answer<Person>;
    async fn add_person(&self, visit: &Visit, contest: &ContestId, new: NewPerson) -> Answer<PersonId>;
    async fn change_person(
        &self,
        visit: &Visit,
        contest: &ContestId,
        id: PersonId,
        new: NewPerson,
    ) -> Answer<()>;
    /// Refused once the person has an attempt.
    async fn remove_person(&self, visit: &Visit, contest: &ContestId, id: PersonId) -> Answer<()>;
    /// The cards of a page of that list.
    async fn cards(&self, visit: &Visit, contest: &ContestId, wanted: Wanted) -> Answer<CardSheet>;
    /// Ends the person's sessions at once; the next device to enter the code is his. Secretaries too.
    async fn release_device(&self, visit: &Visit, contest: &ContestId, id: PersonId) -> Answer<()>;
}
