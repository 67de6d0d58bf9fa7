//! A rehearsal of the whole home case: the organizer's steps, simulated contestants who take the exam,
//! and a secretary, judges and a chief judge who see the teams on stage through to the prizes.

mod contestant;
mod device;
mod judge;
mod on_stage;

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use app::backend::Contests;
use app::backend::{Answer, AppError, Exams, People, Person, Visit};
use app::words::{Locale, td_string};
use app::words_of;
use async_trait::async_trait;
use contest::actor::Role;
use contest::contest::ContestPhase;
use contest::exam::ExamPhase;
use contest::{Command, Contest, ContestId, Refusal, RoundId, UserId};
use tokio::task::JoinSet;

use super::desk::visit_of;
use super::home_case;
use crate::desk::{Demo, House};
use crate::import;
use crate::store::ledger;
use contestant::Simulated;
use device::{DEVICE, Pace};
use on_stage::Panel;

/// So many contestants are left to people who want to try for themselves.
const FOR_VISITORS: usize = 4;
/// How often to look whether visitors have handed in.
const LOOK_AGAIN: Duration = Duration::from_millis(500);
/// A minute, several times the grace of the demo's exam.
const MARKING_TRIES: u32 = 120;

/// What simulated contestants have learnt: the right options by the question.
type Knowledge = HashMap<String, Vec<String>>;

/// The rehearsal of a demo house.
pub(super) struct Rehearsal {
    house: Weak<House>,
    /// Where the house answers, for contestants who come by HTTP like everybody else.
    base: String,
    organizer: UserId,
    locale: Locale,
    knowledge: Arc<Knowledge>,
    playing: Arc<AtomicBool>,
}

impl Rehearsal {
    /// Sets up the home case unless the database has a contest already.
    pub(super) async fn prepare(
        house: &Arc<House>,
        addr: SocketAddr,
        locale: Locale,
    ) -> Result<Self, super::Failure> {
        let organizer = home_case::organizer(house, locale).await?;
        if ledger::ids(house.store.read()).await?.is_empty() {
            home_case::set_up(house, &visit_of(organizer, locale)).await?;
        }
        let ip = match addr.ip() {
            ip if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
            ip => ip,
        };
        Ok(Self {
            house: Arc::downgrade(house),
            base: format!("http://{}", SocketAddr::new(ip, addr.port())),
            organizer,
            locale,
            knowledge: Arc::new(learn()),
            playing: Arc::default(),
        })
    }

    fn stage(&self) -> Answer<Stage> {
        Ok(Stage {
            house: self.house.upgrade().ok_or(AppError::Internal)?,
            visit: visit_of(self.organizer, self.locale),
            base: self.base.clone(),
            knowledge: self.knowledge.clone(),
        })
    }
}

fn learn() -> Knowledge {
    let bank = import::questions(home_case::QUESTIONS).accepted.into_iter();
    bank.map(|question| {
        let right = question
            .correct
            .iter()
            .map(|i| question.options[usize::from(*i)].clone());
        let right = right.collect();
        (question.text, right)
    })
    .collect()
}

#[async_trait]
impl Demo for Rehearsal {
    async fn links(&self, origin: &str) -> Answer<Vec<(String, String)>> {
        let stage = self.stage()?;
        let (locale, contest) = (self.locale, stage.newest().await?);
        let (name, password) = (home_case::ORGANIZER, home_case::PASSWORD);
        let label = td_string!(locale, cli.demo_organizer, name = name, password = password);
        let mut links = vec![
            (label, format!("{origin}/dang-nhap")),
            (
                td_string!(locale, cli.demo_board).to_owned(),
                format!("{origin}/bang/{}", contest.id),
            ),
        ];
        for role in [Role::Secretary, Role::Judge, Role::Host, Role::Screen] {
            for person in stage.people(&contest.id, role).await? {
                let word = if contest
                    .stages
                    .values()
                    .any(|stage| stage.chief == Some(person.id))
                {
                    td_string!(locale, cli.demo_chief)
                } else {
                    words_of::role(locale, role)
                };
                let label = if person.name == word {
                    person.name
                } else {
                    td_string!(locale, cli.demo_person, role = word, name = person.name)
                };
                links.push((label, format!("{origin}/vao/{}", person.code)));
            }
        }
        let contestants = stage.people(&contest.id, Role::Contestant).await?;
        for person in contestants.into_iter().filter(is_for_visitors()) {
            let team = person.team.and_then(|team| contest.teams.get(&team));
            let team = team.map(|team| team.name.clone()).unwrap_or_default();
            let label = td_string!(
                locale,
                cli.demo_contestant,
                sbd = person.sbd,
                name = person.name,
                team = team
            );
            links.push((label, format!("{origin}/vao/{}", person.code)));
        }
        Ok(links)
    }

    async fn play(&self, speed: u32) -> Answer<()> {
        let stage = self.stage()?;
        if self.playing.swap(true, Ordering::SeqCst) {
            return Err(AppError::Stale);
        }
        let (playing, locale) = (self.playing.clone(), self.locale);
        tell!("{}", td_string!(locale, cli.play_begins, speed = speed));
        tokio::spawn(async move {
            match stage.perform(speed).await {
                Ok(()) => tell!("{}", td_string!(locale, cli.play_ended)),
                Err(error) => {
                    let why = words_of::error(locale, &error);
                    tell!("{}", td_string!(locale, cli.play_failed, why = why));
                }
            }
            playing.store(false, Ordering::SeqCst);
        });
        Ok(())
    }
}

/// Picks the first contestants of different teams: theirs are the links that a demo shows.
fn is_for_visitors() -> impl FnMut(&Person) -> bool {
    let mut teams = Vec::new();
    move |person| {
        let new = teams.len() < FOR_VISITORS && !teams.contains(&person.team);
        if new {
            teams.push(person.team);
        }
        new
    }
}

/// One performance.
struct Stage {
    house: Arc<House>,
    visit: Visit,
    base: String,
    knowledge: Arc<Knowledge>,
}

impl Stage {
    async fn newest(&self) -> Answer<Arc<Contest>> {
        let mut newest: Option<Arc<Contest>> = None;
        for id in ledger::ids(self.house.store.read()).await? {
            let contest = self.house.load(&id).await?;
            if newest
                .as_ref()
                .is_none_or(|old| old.created_at < contest.created_at)
            {
                newest = Some(contest);
            }
        }
        newest.ok_or(AppError::NotFound)
    }

    async fn people(&self, id: &ContestId, role: Role) -> Answer<Vec<Person>> {
        self.house.people(&self.visit, id, Some(role)).await
    }

    /// What is left of the newest contest; after one that is over, all of a new one.
    async fn perform(&self, speed: u32) -> Answer<()> {
        let mut contest = self.newest().await?;
        if contest.phase() == ContestPhase::Finished {
            let id = home_case::set_up(&self.house, &self.visit).await?;
            contest = self.house.load(&id).await?;
        }
        let id = &contest.id;
        self.hold_exam(id, speed).await?;
        let contest = self.house.load(id).await?;
        let rounds = contest.rules().into_iter().flat_map(|rules| &rules.rounds);
        let rounds = rounds.filter(|round| round.stage().is_some() && !contest.is_published(round.id));
        let rounds: Vec<RoundId> = rounds.map(|round| round.id).collect();
        let panel = Panel::enters(self, id, Pace::new(speed)).await?;
        panel.plays(self, rounds).await
    }

    /// The exam from where it stands to its published marks.
    async fn hold_exam(&self, id: &ContestId, speed: u32) -> Answer<()> {
        let contest = self.house.load(id).await?;
        let (round, phase) = exam_of(&contest).ok_or(AppError::NotFound)?;
        if phase == ExamPhase::Draft {
            self.house.prepare_exam(&self.visit, id, round).await?;
        }
        if phase < ExamPhase::Open {
            self.execute(id, Command::OpenExam { round }).await?;
        }
        if phase <= ExamPhase::Open {
            self.let_them_write(id, speed).await?;
            self.wait_for_visitors(id, round).await?;
            let reason = Some(td_string!(self.visit.locale, cli.play_reason).to_owned());
            match self.execute(id, Command::CloseExam { round, reason }).await {
                // The time ran out meanwhile and the house has closed it.
                Err(AppError::Refused { .. }) | Ok(()) => {}
                Err(error) => return Err(error),
            }
        }
        if phase < ExamPhase::Published {
            self.mark(id, round).await?;
            self.execute(id, Command::PublishExam { round }).await?;
        }
        Ok(())
    }

    async fn execute(&self, id: &ContestId, command: Command) -> Answer<()> {
        self.house.execute(&self.visit, id, command).await?;
        Ok(())
    }

    /// Marks as soon as the house has taken in the papers that nobody handed in.
    async fn mark(&self, id: &ContestId, round: RoundId) -> Answer<()> {
        for _ in 0..MARKING_TRIES {
            match self.house.mark_exam(&self.visit, id, round).await {
                Err(AppError::Refused {
                    refusal: Refusal::Blocked(_),
                }) => tokio::time::sleep(LOOK_AGAIN).await,
                other => return other.map(drop),
            }
        }
        self.house.mark_exam(&self.visit, id, round).await.map(drop)
    }

    /// Everybody but the visitors enters and takes the exam; returns when all have handed in.
    async fn let_them_write(&self, id: &ContestId, speed: u32) -> Answer<()> {
        let mut for_visitors = is_for_visitors();
        let mut writing = JoinSet::new();
        for person in self.people(id, Role::Contestant).await? {
            if for_visitors(&person) {
                continue;
            }
            // Of an earlier run that was broken off; a person's tablet is left alone.
            if person.device.as_deref() == Some(DEVICE) {
                self.house.release_device(&self.visit, id, person.id).await?;
            }
            let simulated = Simulated::new(self.base.clone(), person.code, speed, self.knowledge.clone());
            writing.spawn(simulated.take_exam());
        }
        while let Some(ended) = writing.join_next().await {
            match ended {
                Ok(Ok(())) => {}
                Ok(Err(error)) => {
                    tracing::warn!(error = format!("{error:#}"), "a simulated contestant gave up")
                }
                Err(error) => tracing::error!(%error, "a simulated contestant"),
            }
        }
        Ok(())
    }

    /// Visitors who have begun to write may go on to the end of their time.
    async fn wait_for_visitors(&self, id: &ContestId, round: RoundId) -> Answer<()> {
        loop {
            let console = self.house.exam_console(&self.visit, id, round).await?;
            // Whose time is up hands in, or the house does it for him.
            let writing = console.sums.started > console.sums.handed_in;
            if !writing || console.exam.phase != ExamPhase::Open {
                return Ok(());
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }
}

/// The first exam of a contest, and how far it is.
fn exam_of(contest: &Contest) -> Option<(RoundId, ExamPhase)> {
    let round = contest
        .rules()?
        .rounds
        .iter()
        .find(|round| round.exam().is_some())?;
    Some((round.id, contest.exam(round.id)?.phase))
}

#[cfg(test)]
mod tests {
    use app::backend::Judging;
    use contest::audience::Audience;

    use super::*;
    use crate::config::Kind;
    use crate::{Config, Site};

    /// The whole house: seeded, played over HTTP, marked, published.
    #[tokio::test]
    async fn a_rehearsal_ends_with_a_full_board() {
        let folder = tempfile::tempdir().unwrap();
        let database = format!("sqlite://{}", folder.path().join("demo.db").display());
        let config = Config {
            kind: Kind::Demo,
            ..Config::local(database)
        };
        let site = Site::build(config).await.unwrap();
        let (house, stop) = (site.house().clone(), site.stop_token());
        let rehearsal = Rehearsal::prepare(&house, site.addr(), Locale::vi).await.unwrap();
        let serving = tokio::spawn(site.run_until_stopped());

        let links = rehearsal.links("http://hall").await.unwrap();
        assert_eq!(links.len(), 2 + 1 + 5 + 1 + 1 + FOR_VISITORS);
        assert!(links.iter().all(|(_, link)| link.starts_with("http://hall/")));

        let stage = rehearsal.stage().unwrap();
        stage.perform(1000).await.unwrap();

        let contest = stage.newest().await.unwrap();
        assert_eq!(contest.phase(), ContestPhase::Finished);
        let board = house.board_for(&contest, Audience::Public).await.unwrap();
        assert_eq!(board.rows.len(), 14);
        assert!(board.rows.iter().all(|row| row.marks.iter().all(Option::is_some)));
        assert!(
            board.rows[0].total > board.rows[13].total,
            "they are not all equal"
        );
        for held in contest.stages.values() {
            assert_eq!((held.order.len(), held.confirmed.len()), (14, 14));
            // Five judges, but none marks his own unit.
            assert!(held.confirmed.values().all(|mark| mark.sheets.len() >= 4));
            assert!(
                held.confirmed
                    .values()
                    .any(|mark| mark.deduction > contest::Points::ZERO)
            );
        }
        let awards = house.awards(&stage.visit, &contest.id, true).await.unwrap();
        assert!(
            awards.iter().all(|award| !award.holders.is_empty()),
            "every prize has its holders"
        );
        assert!(awards.len() >= 6);
        stop.cancel();
        serving.await.unwrap();
    }
}
