//! The bytes of a frame.

use bytes::Bytes;
use contest::{Digest, Moment};
use serde::Serialize;

/// A view as it goes out: the whole event, built once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct View {
    /// The first half of the digest of the view's JSON: equal states have equal hashes, on every node
    /// and after a restart.
    pub(crate) hash: String,
    /// `event: view`, numbered `<seq>-<hash>`.
    pub(crate) event: Bytes,
}

impl View {
    /// The event for a view's JSON. JSON has no line ends of its own, so it is one `data` line.
    pub(crate) fn new(seq: u64, json: &[u8]) -> Self {
        let hash = hash(json);
        let mut event = Vec::with_capacity(json.len() + 128);
        event.extend_from_slice(
            format!("event: view\nid: {seq}-{hash}\ndata: {{\"hash\":\"{hash}\",\"view\":").as_bytes(),
        );
        event.extend_from_slice(json);
        event.extend_from_slice(b"}\n\n");
        Self {
            hash,
            event: event.into(),
        }
    }

    /// Whether a client whose last event had this id shows this view already.
    pub(crate) fn is_known_by(&self, last_event_id: &str) -> bool {
        last_event_id
            .split_once('-')
            .is_some_and(|(_, hash)| hash == self.hash)
    }
}

/// Names a view by its content.
pub(crate) fn hash(json: &[u8]) -> String {
    Digest::of(json).short()
}

/// `event: beat`: alive, the server's clock, and the hash of what everybody should be showing.
pub(crate) fn beat(now: Moment, hash: &str) -> Bytes {
    #[derive(Serialize)]
    struct Beat<'a> {
        now: Moment,
        hash: &'a str,
    }
    let data = serde_json::to_string(&Beat { now, hash }).unwrap_or_default();
    format!("event: beat\ndata: {data}\n\n").into()
}
