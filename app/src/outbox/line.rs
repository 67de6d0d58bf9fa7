//! One item's newest state on a tablet.

use contest::{Moment, Points, question::Choice};

/// What can be kept and sent: a choice, a mark, a remark. Its default is blank.
pub trait Kept: Clone + Default + PartialEq {
    /// As it stands in local storage.
    fn written(&self) -> String;
    /// Reads [`written`](Self::written)'s words; `None` for anything else.
    fn read(text: &str) -> Option<Self>;
}

impl Kept for Choice {
    fn written(&self) -> String {
        self.0.to_string()
    }
    fn read(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }
}

/// A mark; blank is not zero.
impl Kept for Option<Points> {
    fn written(&self) -> String {
        self.map(|points| points.0.to_string()).unwrap_or_default()
    }
    fn read(text: &str) -> Option<Self> {
        match text {
            "" => Some(None),
            text => text.parse().ok().map(|points| Some(Points(points))),
        }
    }
}

/// A remark.
impl Kept for String {
    fn written(&self) -> String {
        self.clone()
    }
    fn read(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
}

/// What a tablet knows of one item. Revision 0: never touched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Line<V> {
    pub revision: u32,
    pub value: V,
    /// When it was chosen, by the tablet's clock.
    pub at: Moment,
    /// The server has said that it holds exactly this.
    pub sent: bool,
    /// From before this person was moved to another device: it gives way to anything that the server has
    /// got from there since, or is asked about.
    pub yields: bool,
    /// The server will never take it.
    pub refused: bool,
}

impl<V: Kept> Line<V> {
    /// As it stands in local storage.
    pub fn encode(&self) -> String {
        let state = u8::from(self.sent) + 2 * u8::from(self.yields) + 4 * u8::from(self.refused);
        format!("{} {} {state} {}", self.revision, self.at, self.value.written())
    }

    /// Reads [`encode`](Self::encode)'s words; `None` for anything else.
    pub fn decode(text: &str) -> Option<Self> {
        let mut words = text.splitn(4, ' ');
        let (revision, at) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        let state: u8 = words.next()?.parse().ok()?;
        Some(Self {
            revision,
            at,
            value: V::read(words.next()?)?,
            sent: state & 1 != 0,
            yields: state & 2 != 0,
            refused: state & 4 != 0,
        })
    }

    /// Has to be sent.
    pub fn waits(&self) -> bool {
        self.revision > 0 && !self.sent && !self.refused
    }
}
