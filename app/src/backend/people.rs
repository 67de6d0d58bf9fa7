//! Whoever enters by a personal code, and on which device.

use super::{Answer, Visit};
use async_trait::async_trait;
use contest::{ContestId, Moment, PersonId, TeamId, actor::Role};

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

/// People and their devices. All for the staff of the contest; changes for organizers.
#[async_trait]
pub trait People: Send + Sync {
    /// Sorted as Vietnamese lists are: by team and number for contestants, by given name for others.
    async fn people(&self, visit: &Visit, contest: &ContestId, role: Option<Role>) -> Answer<Vec<Person>>;
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
    async fn cards(&self, visit: &Visit, contest: &ContestId, role: Role) -> Answer<Vec<Card>>;
    /// Ends the person's sessions at once; the next device to enter the code is his. Secretaries too.
    async fn release_device(&self, visit: &Visit, contest: &ContestId, id: PersonId) -> Answer<()>;
}
