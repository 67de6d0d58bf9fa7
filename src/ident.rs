//! Names of things, and of time.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A point in time: milliseconds since 1970-01-01 UTC, by the server's clock.
pub type Moment = i64;
/// A length of time in milliseconds.
pub type Millis = i64;

/// A contest's short name in addresses: 4 to 32 of `a-z`, `0-9` and `-`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ContestId(String);

impl ContestId {
    /// The name as it stands in an address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A text that is no contest's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a contest is named by 4 to 32 of a-z, 0-9 and '-'")]
pub struct NotAContestId;

impl TryFrom<String> for ContestId {
    type Error = NotAContestId;
    fn try_from(text: String) -> Result<Self, NotAContestId> {
        let fits = (4..=32).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if fits { Ok(Self(text)) } else { Err(NotAContestId) }
    }
}

impl FromStr for ContestId {
    type Err = NotAContestId;
    fn from_str(text: &str) -> Result<Self, NotAContestId> {
        text.to_owned().try_into()
    }
}

impl From<ContestId> for String {
    fn from(id: ContestId) -> String {
        id.0
    }
}

impl fmt::Display for ContestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident, $inner:ty) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $inner);
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
        impl FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

number_id!(
    /// A team within its contest, counted from 1 in the order of registration.
    TeamId, u32
);
number_id!(
    /// A round within its contest, counted from 1 in the order of the rules.
    RoundId, u32
);
number_id!(
    /// Somebody who enters by a personal code: contestant, judge, secretary, screen.
    /// Below 2^53, so that a browser can hold it exactly.
    PersonId, i64
);
number_id!(
    /// An organizer's account. Below 2^53.
    UserId, i64
);

/// SHA-256 of some content, in lower-case hexadecimal.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest(pub String);

impl Digest {
    /// The digest of `content`.
    pub fn of(content: &[u8]) -> Self {
        use sha2::Digest as _;
        Self(hex(&sha2::Sha256::digest(content)))
    }

    /// Its first half: enough to tell one view of a contest from another.
    pub fn short(mut self) -> String {
        self.0.truncate(16);
        self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `bytes` as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    use fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}
