//! Files for people to keep.

mod standings;

pub(crate) use standings::Standings;
