//! The hub: whoever watches something gets the current view at once and every later one.
//!
//! A topic is a name and a producer of its current view. Its task builds a frame once, however many
//! watch, and shares the bytes; a burst of changes is one frame every [`PACE`], with the last state
//! always shown. A reader that is slower than that finds only the newest frame waiting for it. Topics that
//! nobody watches are dropped.

mod frame;
mod topic;

#[cfg(test)]
mod tests;

use std::sync::{Arc, Weak};
use std::time::Duration;

use app::backend::Answer;
use async_trait::async_trait;
use contest::audience::Audience;
use contest::{ContestId, Moment};
use dashmap::DashMap;
use tokio_util::sync::CancellationToken;

pub(crate) use frame::{beat, hash};
pub(crate) use topic::{Subscription, Update};

use topic::Topic;

/// Frames of most topics are at least this far apart.
pub(crate) const PACE: Duration = Duration::from_millis(100);
/// How often a topic says that it is alive, what time it is and what everybody should be showing.
pub(crate) const BEAT: Duration = Duration::from_secs(5);

/// What can be watched of a contest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// The leaderboard, as an audience may see it.
    Board(Audience),
    /// What concerns all tablets at once.
    Pulse,
    /// "Look again", for the exam console.
    Staff,
    /// "Look again" and the clock, for all devices of a stage round.
    Stage,
}

impl Subject {
    const COUNT: usize = 5;

    fn index(self) -> usize {
        match self {
            Self::Board(Audience::Public) => 0,
            Self::Board(Audience::Staff) => 1,
            Self::Pulse => 2,
            Self::Staff => 3,
            Self::Stage => 4,
        }
    }

    /// How far apart its frames are at least. A panel has few devices and its pulse few bytes, and the
    /// chief judge waits for both a frame and his view.
    fn pace(self) -> Duration {
        match self {
            Self::Stage => PACE / 2,
            _ => PACE,
        }
    }
}

/// Builds the views. The house does; tests have their own.
#[async_trait]
pub(crate) trait Producer: Send + Sync + 'static {
    /// The view of `subject` as it is now: the ledger's last number and the view's JSON.
    async fn produce(&self, contest: &ContestId, subject: Subject) -> Answer<(u64, Vec<u8>)>;
    /// The house's clock.
    fn now(&self) -> Moment;
}

/// All topics of this node. Clones are the same hub.
#[derive(Clone, Default)]
pub struct Hub {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    topics: DashMap<ContestId, [Option<Topic>; Subject::COUNT]>,
    stop: CancellationToken,
}

impl Hub {
    /// The state of `contest` or the progress in it has changed, here or on another node.
    ///
    /// Cheap: it only wakes the topics that somebody watches.
    pub fn moved(&self, contest: &ContestId) {
        if let Some(topics) = self.inner.topics.get(contest) {
            topics.iter().flatten().for_each(Topic::moved);
        }
    }

    /// Something may have changed anywhere: news from other nodes were missed.
    pub fn all_moved(&self) {
        for topics in &self.inner.topics {
            topics.iter().flatten().for_each(Topic::moved);
        }
    }

    /// A session ended: open streams of signed-in visitors look whether it was theirs.
    pub fn revoked(&self) {
        for topics in &self.inner.topics {
            topics.iter().flatten().for_each(Topic::beat);
        }
    }

    /// Ends every stream and takes no new ones.
    pub fn stop(&self) {
        self.inner.stop.cancel();
        self.inner.topics.clear();
    }

    /// Watches `subject` of a contest that exists.
    pub(crate) fn subscribe(
        &self,
        contest: &ContestId,
        subject: Subject,
        producer: &Arc<dyn Producer>,
    ) -> Subscription {
        let mut topics = self.inner.topics.entry(contest.clone()).or_default();
        let slot = &mut topics[subject.index()];
        if let Some(topic) = slot {
            return topic.subscribe();
        }
        let (topic, work) = Topic::open(Arc::downgrade(producer), contest.clone(), subject);
        let subscription = topic.subscribe();
        if self.inner.stop.is_cancelled() {
            // Its sender is dropped here, so the stream ends at once.
            return subscription;
        }
        *slot = Some(topic);
        drop(topics);
        let hub = Arc::downgrade(&self.inner);
        let (contest, stop) = (contest.clone(), self.inner.stop.clone());
        tokio::spawn(work.run(stop, move || forget(&hub, &contest, subject)));
        subscription
    }

    /// How many topics are kept.
    #[cfg(test)]
    fn topics(&self) -> usize {
        self.inner
            .topics
            .iter()
            .map(|topics| topics.iter().flatten().count())
            .sum()
    }
}

/// Drops a topic unless somebody came to watch it meanwhile; `subscribe` holds the same lock.
fn forget(hub: &Weak<Inner>, contest: &ContestId, subject: Subject) -> bool {
    let Some(hub) = hub.upgrade() else { return true };
    let mut forgotten = true;
    hub.topics.remove_if_mut(contest, |_, topics| {
        let slot = &mut topics[subject.index()];
        if slot.as_ref().is_some_and(Topic::is_watched) {
            forgotten = false;
        } else {
            *slot = None;
        }
        topics.iter().all(Option::is_none)
    });
    forgotten
}

impl std::fmt::Debug for Hub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hub")
            .field("contests", &self.inner.topics.len())
            .finish()
    }
}
