//! The hub: whoever watches something gets the current view at once and every later one.
//!
//! A topic is a name and a producer of its current view. Its task builds a frame once, however many
//! watch, and shares the bytes; a burst of changes is one frame every [`PACE`], with the last state
//! always shown. A reader that is slower than that finds only the newest frame waiting for it. Topics that
//! nobody watches are dropped.

mod frame;
mod subject;
mod topic;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use app::backend::Answer;
use async_trait::async_trait;
use contest::{ContestId, Moment};
use dashmap::DashMap;
use tokio_util::sync::CancellationToken;

pub(crate) use frame::{beat, hash};
pub(crate) use subject::Subject;
pub(crate) use topic::{Subscription, Update};

use topic::Topic;

/// Frames of most topics are at least this far apart.
pub(crate) const PACE: Duration = Duration::from_millis(100);
/// How often most topics say that they are alive, what time it is and what everybody should be showing.
pub(crate) const BEAT: Duration = Duration::from_secs(5);

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
    contests: DashMap<ContestId, Watched>,
    /// Numbers the moves of all contests, so that no number comes twice.
    moves: AtomicU64,
    stop: CancellationToken,
}

/// What is watched of one contest: never nothing.
#[derive(Default)]
struct Watched {
    topics: BTreeMap<Subject, Topic>,
    /// Of the last move.
    moved: u64,
}

impl Inner {
    fn next_move(&self) -> u64 {
        self.moves.fetch_add(1, Ordering::SeqCst) + 1
    }

    fn move_on(&self, watched: &mut Watched) {
        // First the number: whoever is woken builds for it.
        watched.moved = self.next_move();
        watched.topics.values().for_each(Topic::moved);
    }
}

impl Hub {
    /// The state of `contest` or the progress in it has changed, here or on another node.
    ///
    /// Cheap: it only wakes the topics that somebody watches.
    pub fn moved(&self, contest: &ContestId) {
        if let Some(mut watched) = self.inner.contests.get_mut(contest) {
            self.inner.move_on(&mut watched);
        }
    }

    /// Something may have changed anywhere: news from other nodes were missed.
    pub fn all_moved(&self) {
        for mut watched in self.inner.contests.iter_mut() {
            self.inner.move_on(&mut watched);
        }
    }

    /// The number of the last move of a contest that somebody watches: what was computed for that
    /// number holds until there is another.
    pub(crate) fn last_move(&self, contest: &ContestId) -> Option<u64> {
        self.inner.contests.get(contest).map(|watched| watched.moved)
    }

    /// A session ended: open streams of signed-in visitors look whether it was theirs.
    pub fn revoked(&self) {
        for watched in &self.inner.contests {
            watched.topics.values().for_each(Topic::beat);
        }
    }

    /// Ends every stream and takes no new ones.
    pub fn stop(&self) {
        self.inner.stop.cancel();
        self.inner.contests.clear();
    }

    /// Watches `subject` of a contest that exists.
    pub(crate) fn subscribe(
        &self,
        contest: &ContestId,
        subject: Subject,
        producer: &Arc<dyn Producer>,
    ) -> Subscription {
        let mut watched = self
            .inner
            .contests
            .entry(contest.clone())
            .or_insert_with(|| Watched {
                topics: BTreeMap::new(),
                moved: self.inner.next_move(),
            });
        if let Some(topic) = watched.topics.get(&subject) {
            return topic.subscribe();
        }
        let (topic, work) = Topic::open(Arc::downgrade(producer), contest.clone(), subject);
        let subscription = topic.subscribe();
        if self.inner.stop.is_cancelled() {
            // Its sender is dropped here, so the stream ends at once.
            return subscription;
        }
        watched.topics.insert(subject, topic);
        drop(watched);
        let hub = Arc::downgrade(&self.inner);
        let (contest, stop) = (contest.clone(), self.inner.stop.clone());
        tokio::spawn(work.run(stop, move || forget(&hub, &contest, subject)));
        subscription
    }

    /// How many topics are kept.
    #[cfg(test)]
    fn topics(&self) -> usize {
        self.inner
            .contests
            .iter()
            .map(|watched| watched.topics.len())
            .sum()
    }
}

/// Drops a topic unless somebody came to watch it meanwhile; `subscribe` holds the same lock.
fn forget(hub: &Weak<Inner>, contest: &ContestId, subject: Subject) -> bool {
    let Some(hub) = hub.upgrade() else { return true };
    let mut forgotten = true;
    hub.contests.remove_if_mut(contest, |_, watched| {
        if watched.topics.get(&subject).is_some_and(Topic::is_watched) {
            forgotten = false;
        } else {
            watched.topics.remove(&subject);
        }
        watched.topics.is_empty()
    });
    forgotten
}

impl std::fmt::Debug for Hub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hub")
            .field("contests", &self.inner.contests.len())
            .finish()
    }
}
