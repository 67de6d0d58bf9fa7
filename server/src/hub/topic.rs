//! One topic: its task, and the subscriptions to it.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Weak};
use std::time::Duration;

use bytes::Bytes;
use contest::ContestId;
use futures::FutureExt;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::frame::{View, beat};
use super::{Producer, Subject};

/// How long to wait after a view could not be built; what was shown stays meanwhile.
const RETRY: Duration = Duration::from_secs(1);

/// What a topic shows now. The numbers grow, so that a reader sees what is new to it.
#[derive(Clone, Debug, Default)]
struct Shown {
    view: Option<Arc<View>>,
    view_number: u64,
    beat: Bytes,
    beat_number: u64,
}

/// What the task was asked for so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Asked {
    moves: u64,
    beats: u64,
}

/// The hub's end of a topic.
pub(super) struct Topic {
    asked: watch::Sender<Asked>,
    shown: watch::Sender<Shown>,
    /// The moves that what is shown knows of. Only those who have just come listen to it.
    built: watch::Sender<u64>,
}

impl Topic {
    /// A new topic and its work.
    pub(super) fn open(producer: Weak<dyn Producer>, contest: ContestId, subject: Subject) -> (Self, Work) {
        let topic = Self {
            asked: watch::Sender::default(),
            shown: watch::Sender::default(),
            built: watch::Sender::default(),
        };
        let work = Work {
            asked: topic.asked.subscribe(),
            shown: topic.shown.clone(),
            built: topic.built.clone(),
            producer,
            contest,
            subject,
        };
        (topic, work)
    }

    /// The view may have changed.
    pub(super) fn moved(&self) {
        self.asked.send_modify(|asked| asked.moves += 1);
    }

    /// Every reader is to look up once.
    pub(super) fn beat(&self) {
        self.asked.send_modify(|asked| asked.beats += 1);
    }

    pub(super) fn subscribe(&self) -> Subscription {
        let mut shown = self.shown.subscribe();
        shown.mark_changed();
        Subscription {
            shown,
            news: Some(News {
                built: self.built.subscribe(),
                moves: self.asked.borrow().moves,
            }),
            view_number: 0,
            beat_number: 0,
        }
    }

    pub(super) fn is_watched(&self) -> bool {
        self.shown.receiver_count() > 0
    }
}

/// What keeps a topic going.
pub(super) struct Work {
    asked: watch::Receiver<Asked>,
    shown: watch::Sender<Shown>,
    built: watch::Sender<u64>,
    producer: Weak<dyn Producer>,
    contest: ContestId,
    subject: Subject,
}

impl Work {
    /// Builds and beats until `stop`, or until nobody watches and `forget` agrees.
    pub(super) async fn run(mut self, stop: CancellationToken, forget: impl Fn() -> bool) {
        let mut done = None;
        let mut ready_at = Instant::now();
        let mut beat_at = ready_at + self.subject.beat();
        let mut look_at = self.subject.look().map(|look| ready_at + look);
        loop {
            // Moves without end leave no time to wait in which it would be heard.
            if beat_at <= Instant::now() {
                let Some(producer) = self.producer.upgrade() else {
                    return;
                };
                self.beat(&*producer);
                beat_at = Instant::now() + self.subject.beat();
            }
            let asked = *self.asked.borrow_and_update();
            let due = done != Some(asked) || look_at.is_some_and(|at| at <= Instant::now());
            if due && ready_at <= Instant::now() {
                let Some(producer) = self.producer.upgrade() else {
                    return;
                };
                let began = Instant::now();
                let building = self.build(&*producer);
                tokio::pin!(building);
                let built = loop {
                    tokio::select! {
                        built = &mut building => break built,
                        () = sleep_until(beat_at) => {
                            self.beat(&*producer);
                            beat_at = Instant::now() + self.subject.beat();
                        }
                    }
                };
                // Where no view could be built, what was shown stays, for newcomers too.
                self.built.send_replace(asked.moves);
                if built {
                    if done.is_some_and(|done: Asked| done.beats != asked.beats) {
                        self.beat(&*producer);
                    }
                    done = Some(asked);
                    look_at = self.subject.look().map(|look| began + look);
                    ready_at = began + self.subject.pace();
                } else {
                    ready_at = began + RETRY;
                }
                continue;
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.shown.closed() => if forget() { return },
                changed = self.asked.changed() => if changed.is_err() { return },
                () = sleep_until(ready_at), if due => {}
                () = sleep_until(look_at.unwrap_or(ready_at)), if look_at.is_some() && !due => {}
                () = sleep_until(beat_at) => {}
            }
        }
    }

    /// Shows the view as it is now, if it is another than before. `false`: it could not be built.
    async fn build(&self, producer: &dyn Producer) -> bool {
        let product = AssertUnwindSafe(producer.produce(&self.contest, self.subject)).catch_unwind();
        match product.await {
            Ok(Ok((seq, json))) => {
                let view = View::new(seq, &json);
                let known = |shown: &Shown| shown.view.as_ref().is_some_and(|old| old.hash == view.hash);
                if !known(&self.shown.borrow()) {
                    self.shown.send_modify(|shown| {
                        shown.view = Some(Arc::new(view));
                        shown.view_number += 1;
                    });
                }
                true
            }
            Ok(Err(error)) => {
                tracing::error!(contest = %self.contest, subject = ?self.subject, %error, "no view");
                false
            }
            Err(_) => {
                tracing::error!(contest = %self.contest, subject = ?self.subject, "building a view panicked");
                false
            }
        }
    }

    fn beat(&self, producer: &dyn Producer) {
        self.shown.send_modify(|shown| {
            let hash = shown.view.as_ref().map_or("", |view| &view.hash);
            shown.beat = beat(producer.now(), hash);
            shown.beat_number += 1;
        });
    }
}

/// What a reader is to hear next.
#[derive(Clone, Debug)]
pub(crate) enum Update {
    View(Arc<View>),
    Beat(Bytes),
}

/// A place at a topic. Whoever comes late to [`Subscription::next`] finds only the newest view.
#[derive(Debug)]
pub(crate) struct Subscription {
    shown: watch::Receiver<Shown>,
    /// Until the first view.
    news: Option<News>,
    view_number: u64,
    beat_number: u64,
}

/// What a newcomer waits for: a view that knows of everything that had moved when he came. What others
/// have been shown a moment ago, and is about to be replaced, is no current view.
#[derive(Debug)]
struct News {
    built: watch::Receiver<u64>,
    moves: u64,
}

impl Subscription {
    /// The current view at first, then whatever is new; `None` when the house stops.
    pub(crate) async fn next(&mut self) -> Option<Update> {
        if let Some(news) = &mut self.news {
            let moves = news.moves;
            news.built.wait_for(|built| *built >= moves).await.ok()?;
            self.news = None;
        }
        loop {
            self.shown.changed().await.ok()?;
            let shown = self.shown.borrow_and_update();
            if shown.view_number > self.view_number {
                self.view_number = shown.view_number;
                // A beat that fell together with the view is told by the view.
                self.beat_number = shown.beat_number;
                return shown.view.clone().map(Update::View);
            }
            if shown.beat_number > self.beat_number && shown.view.is_some() {
                self.beat_number = shown.beat_number;
                return Some(Update::Beat(shown.beat.clone()));
            }
        }
    }
}
