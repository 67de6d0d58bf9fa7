//! What this node has shown lately, so that many screens cost little.

use std::sync::Arc;

use app::backend::{Answer, AppError};
use contest::audience::{Audience, Board};
use contest::hall_view::{self, SceneView, ScreenView};
use contest::{Contest, ContestId, Millis, Moment, PersonId};
use dashmap::DashMap;
use tokio::sync::Mutex;

use super::House;
use super::recent::Recent;
use crate::hub::hash;

/// So many contests are shown at once at most; others are computed anew.
const CONTESTS: usize = 64;
/// A screen that draws what was due so short a time ago is not behind.
const BEHIND: Millis = 5_000;

/// A contest as it is shown: the state, and the public's board of that state.
type Shown = (Arc<Contest>, Arc<Board>);

/// What is shown as of a number of the hub's moves; one at a time computes it.
type Slot = Mutex<Option<(u64, Shown)>>;

/// What this node remembers of its showing.
#[derive(Debug)]
pub(super) struct Showing {
    /// By contest, for one number of the hub's moves.
    boards: Recent<ContestId, Arc<Slot>>,
    /// The hashes of the views that each screen was to show lately.
    due: DashMap<PersonId, Vec<Due>>,
}

/// A view that a screen was to show.
#[derive(Debug)]
struct Due {
    hash: String,
    /// When another came.
    until: Option<Moment>,
}

impl Default for Showing {
    fn default() -> Self {
        Self {
            boards: Recent::new(CONTESTS),
            due: DashMap::new(),
        }
    }
}

impl Showing {
    /// From `now` on the screen is to show the view of that hash.
    fn is_due(&self, screen: PersonId, hash: &str, now: Moment) {
        let mut due = self.due.entry(screen).or_default();
        due.retain(|due| due.until.is_none_or(|until| now - until < BEHIND));
        let last = due.last_mut().filter(|last| last.until.is_none());
        if last.as_ref().is_some_and(|last| last.hash == hash) {
            return;
        }
        if let Some(last) = last {
            last.until = Some(now);
        }
        due.push(Due {
            hash: hash.to_owned(),
            until: None,
        });
    }

    /// Whether the screen was to show the view of that hash lately.
    fn was_due(&self, screen: PersonId, hash: &str) -> bool {
        let due = self.due.get(&screen);
        due.is_some_and(|due| due.iter().any(|due| due.hash == hash))
    }

    pub(super) fn forget(&self, screen: PersonId) {
        self.due.remove(&screen);
    }
}

impl House {
    /// The contest as it stands with the public's board. As long as somebody watches it, the board is
    /// computed once for each move and not for each screen.
    pub(crate) async fn shown(&self, id: &ContestId) -> Answer<Shown> {
        if self.hub.last_move(id).is_none() {
            return self.compute(id).await;
        }
        let memory = &self.showing.boards;
        let slot = memory.get(id).unwrap_or_else(|| {
            let slot = Arc::default();
            memory.put(memory.since(id), id.clone(), Arc::clone(&slot));
            slot
        });
        let mut held = slot.lock().await;
        // Read before the state is: what moves meanwhile has a later number.
        let moved = self.hub.last_move(id);
        if let (Some((of, shown)), Some(moved)) = (&*held, moved)
            && *of == moved
        {
            return Ok(shown.clone());
        }
        let shown = self.compute(id).await?;
        *held = moved.map(|moved| (moved, shown.clone()));
        Ok(shown)
    }

    async fn compute(&self, id: &ContestId) -> Answer<Shown> {
        let contest = self.load(id).await?;
        let board = self.board_for(&contest, Audience::Public).await?;
        Ok((contest, board))
    }

    /// A view that a screen is given with its page is due, as one is that its stream brings.
    pub(super) fn is_shown(&self, screen: PersonId, view: &ScreenView) -> Answer<()> {
        self.showing.is_due(screen, &hash(&json(view)?), self.now());
        Ok(())
    }

    /// What a screen is to show, as it goes out.
    pub(crate) async fn screen_json(&self, id: &ContestId, screen: PersonId) -> Answer<(u64, Vec<u8>)> {
        let (contest, board) = self.shown(id).await?;
        let json = json(&view_of(&contest, &board, screen))?;
        self.showing.is_due(screen, &hash(&json), self.now());
        Ok((contest.seq, json))
    }

    /// Whether a screen that draws the view of that hash draws what it should.
    pub(super) async fn draws_what_it_should(
        &self,
        id: &ContestId,
        screen: PersonId,
        drawn: &str,
    ) -> Answer<bool> {
        self.screen_json(id, screen).await?;
        Ok(self.showing.was_due(screen, drawn))
    }
}

/// What a screen shows; one that the ledger does not know waits.
pub(super) fn view_of(contest: &Contest, board: &Board, screen: PersonId) -> ScreenView {
    hall_view::screen(contest, board, screen).unwrap_or_else(|| ScreenView {
        contest: contest.id.clone(),
        screen,
        name: String::new(),
        look: contest::screen::Look::default(),
        reloads: 0,
        title: contest.details.name.clone(),
        hosts: contest.details.hosts.clone(),
        place: contest.details.place.clone(),
        starts_at: contest.details.starts_at,
        layout: contest.details.layout,
        scene: SceneView::Waiting,
    })
}

/// A view as it goes out.
pub(crate) fn json(view: &impl serde::Serialize) -> Answer<Vec<u8>> {
    serde_json::to_vec(view).map_err(|error| {
        tracing::error!(%error, "a view has no JSON form");
        AppError::Internal
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screen_may_be_behind_for_a_moment() {
        let (showing, screen) = (Showing::default(), PersonId(1));
        showing.is_due(screen, "a", 0);
        showing.is_due(screen, "b", 1_000);
        showing.is_due(screen, "b", 2_000);
        assert!(showing.was_due(screen, "a") && showing.was_due(screen, "b"));
        showing.is_due(screen, "b", 1_000 + BEHIND);
        assert!(!showing.was_due(screen, "a"), "it has had time enough");
        assert!(showing.was_due(screen, "b"));
        showing.is_due(screen, "a", 9_000);
        assert!(showing.was_due(screen, "a"), "what comes back is due again");
    }
}
