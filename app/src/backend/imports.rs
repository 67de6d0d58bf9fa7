//! Files of teams and questions: read, shown, then written all or nothing.

use super::{Answer, Visit};
use async_trait::async_trait;
use contest::{
    ContestId,
    intake::{Intake, QuestionDraft, TeamDraft},
};
use serde::{Deserialize, Serialize};

/// What kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UploadKind {
    Teams,
    Questions,
}

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum UploadBody {
    Teams { intake: Intake<TeamDraft> },
    Questions { intake: Intake<QuestionDraft> },
}

/// A file to read.
#[derive(Clone, Debug)]
pub struct Upload {
    pub kind: UploadKind,
    /// The file's name, for the reader's eyes.
    pub name: String,
    pub bytes: Vec<u8>,
}

/// What applying the file would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    pub id: String,
    pub name: String,
    pub body: UploadBody,
    /// Teams and members, or questions, that are new.
    pub new: u32,
    /// That are there already and stay as they are.
    pub unchanged: u32,
}

/// What applying it did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    pub added: u32,
    pub unchanged: u32,
}

/// Imports. Organizers of the contest only.
#[async_trait]
pub trait Imports: Send + Sync {
    /// Reads the file and keeps what was read for an hour; nothing else is written.
    async fn upload(&self, visit: &Visit, contest: &ContestId, upload: Upload) -> Answer<String>;
    async fn preview(&self, visit: &Visit, contest: &ContestId, id: &str) -> Answer<Preview>;
    /// All or nothing; refused while the file has problems. The same file twice changes nothing.
    async fn apply(&self, visit: &Visit, contest: &ContestId, id: &str) -> Answer<Applied>;
}
