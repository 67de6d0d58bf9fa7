//! The hall: its screens, its host, the broadcast, freeze.

use std::collections::BTreeMap;

use app::backend::{Answer, AppError, Halls, ScreenDoor, ScreenHealth, ScreenSeen, Visit};
use async_trait::async_trait;
use contest::command::Facts;
use contest::hall_view::{self, HallDesk, HostView, OverlayView, ScreenView};
use contest::reveal::RevealAct;
use contest::{Actor, Command, ContestId, Digest, Moment, PersonId};

use super::{House, health, showing};

#[async_trait]
impl Halls for House {
    fn clock(&self) -> Moment {
        self.now()
    }

    async fn screen_door(&self, visit: &Visit) -> Answer<ScreenDoor> {
        self.open_screen_door(visit).await
    }

    async fn claim_screen(
        &self,
        visit: &Visit,
        contest: &ContestId,
        letters: &str,
        name: &str,
    ) -> Answer<PersonId> {
        self.claim(visit, contest, letters, name).await
    }

    async fn remove_screen(&self, visit: &Visit, contest: &ContestId, screen: PersonId) -> Answer<u64> {
        self.dismiss(visit, contest, screen).await
    }

    async fn screen_view(&self, visit: &Visit) -> Answer<ScreenView> {
        let (contest, screen) = screen_of(visit)?;
        let (contest, board) = self.shown(contest).await?;
        let view = showing::view_of(&contest, &board, screen);
        self.is_shown(screen, &view)?;
        Ok(view)
    }

    async fn screen_health(&self, visit: &Visit, told: ScreenHealth) -> Answer<()> {
        let (contest, screen) = screen_of(visit)?;
        let current = self.draws_what_it_should(contest, screen, &told.hash).await?;
        let (contest, at) = (contest.clone(), self.now());
        self.store
            .write(move |tx| {
                Box::pin(async move { health::keep(tx, &contest, screen, at, &told, current).await })
            })
            .await?;
        Ok(())
    }

    async fn hall_desk(
        &self,
        visit: &Visit,
        contest: &ContestId,
    ) -> Answer<(HallDesk, BTreeMap<PersonId, ScreenSeen>)> {
        self.staff(visit, contest).await?;
        let (_, desk, seen) = self.hall_console(contest).await?;
        Ok((desk, seen))
    }

    async fn host_view(&self, visit: &Visit, contest: &ContestId) -> Answer<HostView> {
        self.may_host(visit, contest).await?;
        Ok(hall_view::host(&*self.load(contest).await?))
    }

    async fn overlay(&self, contest: &ContestId) -> Answer<OverlayView> {
        let (contest, board) = self.shown(contest).await?;
        Ok(hall_view::overlay(&contest, &board))
    }

    async fn freeze(&self, visit: &Visit, contest: &ContestId) -> Answer<u64> {
        let state = self.organizer(visit, contest).await?;
        let progress = self.progress_of_all(&state).await?;
        let act = RevealAct::Freeze { progress };
        let after = self
            .record(
                &visit.actor_in(contest),
                &visit.device_label,
                contest,
                &Facts::default(),
                Command::Reveal { act },
                None,
            )
            .await?;
        Ok(after.seq)
    }

    async fn add_logo(&self, visit: &Visit, contest: &ContestId, name: &str, file: Vec<u8>) -> Answer<u64> {
        self.take_logo(visit, contest, name, file).await
    }

    async fn logo(&self, contest: &ContestId, hash: &Digest) -> Answer<Vec<u8>> {
        self.logo_png(contest, hash).await
    }
}

impl House {
    /// The console of the screens with their last words, and the ledger's last number.
    pub(crate) async fn hall_console(
        &self,
        id: &ContestId,
    ) -> Answer<(u64, HallDesk, BTreeMap<PersonId, ScreenSeen>)> {
        let (contest, board) = self.shown(id).await?;
        let seen = health::of_contest(self.store.read(), id).await?;
        Ok((contest.seq, hall_view::desk(&contest, &board), seen))
    }

    /// Whether the visitor may read the host's page: its host, and the staff.
    ///
    /// # Errors
    /// As [`Self::staff`].
    pub(crate) async fn may_host(&self, visit: &Visit, contest: &ContestId) -> Answer<()> {
        match visit.actor_in(contest) {
            Actor::Host { .. } => Ok(()),
            _ => self.staff(visit, contest).await.map(|_| ()),
        }
    }
}

/// The contest and the person of the screen that asks; nobody else has business at a screen's routes.
pub(crate) fn screen_of(visit: &Visit) -> Result<(&ContestId, PersonId), AppError> {
    match (visit.actor, &visit.contest) {
        (Actor::Screen { person }, Some(contest)) => Ok((contest, person)),
        (Actor::Public, _) => Err(AppError::SignIn),
        _ => Err(AppError::Forbidden),
    }
}
