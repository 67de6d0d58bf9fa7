//! Work of many callers done together: while one bundle is under way, the next one gathers.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

/// A place where work waits to be done in bundles.
pub struct Bundles<T, R> {
    most: usize,
    waiting: Mutex<Waiting<T, R>>,
}

struct Waiting<T, R> {
    items: Vec<(T, oneshot::Sender<R>)>,
    /// Somebody takes bundles until nothing waits.
    worked: bool,
}

/// What becomes of one's item.
pub struct Ticket<R> {
    pub answer: oneshot::Receiver<R>,
    /// Nobody is at work: whoever holds this must see to it that bundles are taken.
    pub must_work: bool,
}

impl<T, R> fmt::Debug for Bundles<T, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bundles")
            .field("most", &self.most)
            .finish_non_exhaustive()
    }
}

impl<T, R> Bundles<T, R> {
    /// Bundles of at most so many.
    pub fn of(most: usize) -> Self {
        Self {
            most,
            waiting: Mutex::new(Waiting {
                items: Vec::new(),
                worked: false,
            }),
        }
    }

    pub fn add(&self, item: T) -> Ticket<R> {
        let (tell, answer) = oneshot::channel();
        let mut waiting = self.lock();
        waiting.items.push((item, tell));
        Ticket {
            answer,
            must_work: !std::mem::replace(&mut waiting.worked, true),
        }
    }

    /// Begins to work: for whoever was told to.
    pub fn shift(&self) -> Shift<'_, T, R> {
        Shift {
            bundles: self,
            ended: false,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting<T, R>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody at work. If he falls over, the next to add something is told to go on.
pub struct Shift<'b, T, R> {
    bundles: &'b Bundles<T, R>,
    ended: bool,
}

impl<T, R> Shift<'_, T, R> {
    /// The next bundle, in the order of arrival. `None`: nothing waits, and whoever adds next must
    /// see to the work again.
    pub fn take(&mut self) -> Option<Vec<(T, oneshot::Sender<R>)>> {
        let mut waiting = self.bundles.lock();
        if waiting.items.is_empty() {
            waiting.worked = false;
            self.ended = true;
            return None;
        }
        let length = waiting.items.len().min(self.bundles.most);
        Some(waiting.items.drain(..length).collect())
    }
}

impl<T, R> Drop for Shift<'_, T, R> {
    fn drop(&mut self) {
        if !self.ended {
            self.bundles.lock().worked = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_works_for_all_who_wait() {
        let bundles: Bundles<u32, u32> = Bundles::of(2);
        let tickets: Vec<Ticket<u32>> = (0..3).map(|n| bundles.add(n)).collect();
        let workers = tickets.iter().filter(|ticket| ticket.must_work).count();
        assert_eq!(workers, 1);
        let mut shift = bundles.shift();
        while let Some(bundle) = shift.take() {
            assert!(bundle.len() <= 2);
            for (item, tell) in bundle {
                tell.send(item * 10).expect("somebody waits");
            }
        }
        for (n, ticket) in (0..).zip(tickets) {
            assert_eq!(ticket.answer.blocking_recv(), Ok(n * 10));
        }
        assert!(bundles.add(7).must_work);
        // He falls over before he has taken anything.
        drop(bundles.shift());
        assert!(bundles.add(8).must_work);
    }
}
