//! What a house must be told before it opens.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use crate::clock::{Clock, SystemClock};

/// The settings of one node.
#[derive(Clone, Debug)]
pub struct Config {
    /// `sqlite://FILE` or `postgres://...`.
    pub database: String,
    /// What the database is for; a database of the other kind is refused.
    pub kind: Kind,
    /// Address and port to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Scheme and host under which visitors know the house, where a proxy stands before it
    /// (`https://hoithi.example.vn`). `None`: whatever their browser asked for.
    pub public_url: Option<String>,
    /// The house's clock; tests and rehearsals move it.
    pub clock: Arc<dyn Clock>,
}

impl Config {
    /// A house with this database that only this machine can reach, on a free port.
    pub fn local(database: impl Into<String>) -> Self {
        Self {
            database: database.into(),
            kind: Kind::Real,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            public_url: None,
            clock: Arc::new(SystemClock),
        }
    }
}

/// What a database is for. It is written into the database on its first start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A contest that counts.
    Real,
    /// A rehearsal: entry links and simulated contestants at `/demo`.
    Demo,
}

impl Kind {
    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Real => "real",
            Self::Demo => "demo",
        }
    }

    /// The kind of that word.
    pub fn named(word: &str) -> Option<Self> {
        [Self::Real, Self::Demo]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }
}
