//! The one door for every change to a contest: decide, append, apply, publish.

use std::fmt;
use std::sync::{Arc, RwLock};

use app::backend::AppError;
use contest::command::Facts;
use contest::ledger::{Entry, Sealed, follow, replay};
use contest::{Actor, Command, Contest, ContestId, Event, Refusal};
use dashmap::DashMap;
use futures::future::BoxFuture;
use sqlx::AnyConnection;
use tokio::sync::Mutex;

use super::House;
use crate::store::{self, Engine, StoreError, ledger};

/// What else a decision changes, in the same transaction.
pub type Effect =
    Box<dyn for<'c> FnOnce(&'c mut AnyConnection) -> BoxFuture<'c, Result<(), StoreError>> + Send>;

/// Makes the [`Effect`] of the events, knowing the state after them. It is asked again if another
/// node was faster and the decision had to be made anew; and also when there is nothing to record.
pub type Effects = Box<dyn Fn(&[Event], &Contest) -> Effect + Send + Sync>;

/// How often a decision is made anew before the caller is told to look again.
const TRIES: u32 = 20;

/// The contests that this node remembers.
#[derive(Default)]
pub(super) struct Shelf {
    contests: DashMap<ContestId, Arc<Slot>>,
}

/// One remembered contest.
#[derive(Default)]
struct Slot {
    /// One change at a time on this node; between nodes the ledger's key decides.
    turn: Mutex<()>,
    /// One reader at a time looks at the ledger; the others wait for what he finds.
    reading: Mutex<()>,
    state: RwLock<State>,
}

#[derive(Default)]
struct State {
    contest: Option<Arc<Contest>>,
    /// How often it was said that another node may have added to it.
    doubts: u64,
    /// So many of them were looked into: a doubt that comes while somebody reads is about what he has not read.
    cleared: u64,
}

impl State {
    fn is_doubtful(&self) -> bool {
        self.cleared < self.doubts
    }
}

impl fmt::Debug for Shelf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shelf")
            .field("contests", &self.contests.len())
            .finish()
    }
}

impl Shelf {
    /// What is remembered of `id` will be checked against the ledger before it is used again.
    pub(super) fn doubt(&self, id: &ContestId) {
        if let Some(slot) = self.contests.get(id) {
            slot.doubt();
        }
    }

    pub(super) fn doubt_all(&self) {
        for slot in &self.contests {
            slot.doubt();
        }
    }

    /// The place of a contest, made if need be: doubts that come while it is read for the first time find it.
    fn slot(&self, id: &ContestId) -> Arc<Slot> {
        let known = self.contests.get(id).map(|slot| slot.clone());
        known.unwrap_or_else(|| self.contests.entry(id.clone()).or_default().clone())
    }
}

impl Slot {
    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self
            .state
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        change(&mut state)
    }

    fn doubt(&self) {
        self.change(|state| state.doubts += 1);
    }

    /// What is remembered, unless it is doubtful.
    fn known(&self) -> Option<Arc<Contest>> {
        let state = self
            .state
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        state.contest.clone().filter(|_| !state.is_doubtful())
    }

    fn is_of_nothing(&self) -> bool {
        self.change(|state| state.contest.as_ref().is_none_or(|contest| contest.seq == 0))
    }

    /// Takes `contest` in unless something later is there already.
    fn put(&self, contest: &Arc<Contest>) {
        self.change(|state| {
            if state.contest.as_ref().is_none_or(|old| old.seq < contest.seq) {
                state.contest = Some(contest.clone());
            }
        });
    }
}

impl House {
    /// The contest as it stands.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn load(&self, id: &ContestId) -> Result<Arc<Contest>, AppError> {
        let slot = self.shelf.slot(id);
        let contest = match slot.known() {
            Some(contest) => contest,
            None => self.reread(id, &slot).await?,
        };
        if contest.seq == 0 {
            // Names that somebody made up are not remembered.
            self.shelf.contests.remove_if(id, |_, slot| slot.is_of_nothing());
            return Err(AppError::NotFound);
        }
        Ok(contest)
    }

    /// Looks into every doubt there is about what is remembered.
    async fn reread(&self, id: &ContestId, slot: &Slot) -> Result<Arc<Contest>, AppError> {
        let _reading = slot.reading.lock().await;
        if let Some(contest) = slot.known() {
            return Ok(contest);
        }
        let (known, doubts) = slot.change(|state| (state.contest.clone(), state.doubts));
        let contest = self.beyond(id, known).await?;
        slot.put(&contest);
        slot.change(|state| state.cleared = doubts);
        Ok(contest)
    }

    /// Reads what the ledger has beyond what is known.
    async fn beyond(&self, id: &ContestId, known: Option<Arc<Contest>>) -> Result<Arc<Contest>, AppError> {
        let tail = ledger::tail(self.store.read(), id, known.as_ref().map_or(0, |c| c.seq)).await?;
        match known {
            Some(contest) if tail.is_empty() => Ok(contest),
            Some(contest) => {
                let mut contest = Contest::clone(&contest);
                for sealed in &tail {
                    follow(&mut contest, sealed).map_err(broken)?;
                }
                Ok(Arc::new(contest))
            }
            None => Ok(Arc::new(replay(id, tail).map_err(broken)?)),
        }
    }

    /// Lets `actor` do `command`: decides, appends the facts and the `effects` in one transaction,
    /// applies them, wakes the screens. Answers with the state after. If another node was faster it
    /// looks again and decides anew. It is seen through even if the caller stops waiting.
    ///
    /// # Errors
    /// The refusal; [`AppError::NotFound`]; what the store says.
    pub async fn record(
        &self,
        actor: &Actor,
        device: &str,
        id: &ContestId,
        facts: &Facts,
        command: Command,
        effects: Option<Effects>,
    ) -> Result<Arc<Contest>, AppError> {
        let wish = Wish {
            actor: *actor,
            device: device.to_owned(),
            id: id.clone(),
            facts: *facts,
            commands: vec![command],
            alone: true,
            effects,
        };
        let (contest, _) = self
            .see_through(|house| async move { house.fulfil(wish).await })
            .await?;
        Ok(contest)
    }

    /// As [`Self::record`], for several commands in one transaction. Each is answered for itself, in
    /// their order: a refused one loses nothing but itself.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; what the store says. Then nothing is recorded.
    pub async fn record_each(
        &self,
        actor: &Actor,
        device: &str,
        id: &ContestId,
        commands: Vec<Command>,
    ) -> Result<Vec<Result<(), Refusal>>, AppError> {
        let wish = Wish {
            actor: *actor,
            device: device.to_owned(),
            id: id.clone(),
            facts: Facts::default(),
            commands,
            alone: false,
            effects: None,
        };
        let (_, answers) = self
            .see_through(|house| async move { house.fulfil(wish).await })
            .await?;
        Ok(answers)
    }

    async fn fulfil(&self, wish: Wish) -> Result<(Arc<Contest>, Vec<Result<(), Refusal>>), AppError> {
        let creates = matches!(wish.commands[..], [Command::CreateContest { .. }]);
        if !creates {
            // Nothing is remembered of names that nobody ever created.
            self.load(&wish.id).await?;
        }
        let slot = self.shelf.slot(&wish.id);
        let _turn = slot.turn.lock().await;
        // Only where there may be other nodes is there anything that this one has not heard yet.
        let mut sure = self.store.engine() == Engine::Sqlite;
        for _ in 0..TRIES {
            let before = match slot.known() {
                Some(contest) => contest,
                None => self.reread(&wish.id, &slot).await?,
            };
            let decided = self.decide(&before, &wish);
            if !sure && !decided.as_ref().is_ok_and(Decided::all_moves) {
                // A no, or nothing to do, may come of what another node has just done: before it is
                // told, the ledger is looked at once.
                sure = true;
                slot.doubt();
                continue;
            }
            let Decided {
                answers,
                events,
                sealed,
                after,
            } = decided?;
            let effect = wish.effects.as_ref().map(|effects| effects(&events, &after));
            if sealed.is_empty() && effect.is_none() {
                return Ok((before, answers));
            }
            match self.append(&wish.id, sealed, effect).await {
                Ok(()) => {
                    let after = Arc::new(after);
                    slot.put(&after);
                    self.broom.watch(&wish.id);
                    self.hub.moved(&wish.id);
                    return Ok((after, answers));
                }
                // Another node's entry, or a commit of which nobody knows how it went.
                Err(StoreError::Conflict) => slot.doubt(),
                Err(error) => {
                    slot.doubt();
                    return Err(error.into());
                }
            }
        }
        Err(AppError::Stale)
    }

    fn decide(&self, before: &Contest, wish: &Wish) -> Result<Decided, AppError> {
        let at = self.now();
        // Cheap: what does not move is shared.
        let mut after = before.clone();
        let (mut answers, mut events, mut sealed) = (Vec::new(), Vec::new(), Vec::new());
        for command in &wish.commands {
            match after.decide(&wish.actor, command.clone(), &wish.facts, at, &mut rand::rng()) {
                Ok(facts) => {
                    for event in facts {
                        let entry = Entry {
                            seq: after.seq + 1,
                            at,
                            actor: wish.actor,
                            device: wish.device.clone(),
                            event,
                        };
                        let link = entry.seal(&after.head);
                        // By the same way that a replay goes, so that both always tell the same.
                        follow(&mut after, &link).map_err(broken)?;
                        events.push(entry.event);
                        sealed.push(link);
                    }
                    answers.push(Ok(()));
                }
                Err(refusal) if wish.alone => return Err(refusal.into()),
                Err(refusal) => answers.push(Err(refusal)),
            }
        }
        Ok(Decided {
            answers,
            events,
            sealed,
            after,
        })
    }

    async fn append(
        &self,
        id: &ContestId,
        sealed: Vec<Sealed>,
        effect: Option<Effect>,
    ) -> Result<(), StoreError> {
        let id = id.clone();
        self.store
            .write(move |tx| {
                Box::pin(async move {
                    ledger::append(tx, &id, &sealed).await?;
                    if let Some(effect) = effect {
                        effect(tx).await?;
                    }
                    store::notify(tx, &format!("contest {id}")).await
                })
            })
            .await
    }
}

/// What somebody asked for, kept for as many tries as it takes.
struct Wish {
    actor: Actor,
    device: String,
    id: ContestId,
    facts: Facts,
    commands: Vec<Command>,
    /// One command, and its refusal is the whole answer.
    alone: bool,
    effects: Option<Effects>,
}

/// What follows from a wish as things stand.
struct Decided {
    /// One for each command.
    answers: Vec<Result<(), Refusal>>,
    events: Vec<Event>,
    sealed: Vec<Sealed>,
    after: Contest,
}

impl Decided {
    /// No command is refused, and there is something to record.
    fn all_moves(&self) -> bool {
        !self.sealed.is_empty() && self.answers.iter().all(Result::is_ok)
    }
}

fn broken(broken: contest::ledger::Broken) -> AppError {
    tracing::error!(%broken, "a ledger is broken");
    AppError::Internal
}
