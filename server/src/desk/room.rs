//! The exam room: what this node remembers of papers and seats, so that saving an answer reads
//! nothing from the database.

use std::sync::Arc;

use app::backend::AppError;
use contest::exam::Prepared;
use contest::paper::Paper;
use contest::question::Frozen;
use contest::{Contest, ContestId, Digest, Moment, PersonId, RoundId, TeamId};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::House;
use super::progress::LiveMarks;
use super::recent::Recent;
use crate::store::rows::{ManyRows, cuts, values};
use crate::store::{Store, StoreError, Tally, content};

/// Contestants, papers and banks that a node remembers of each generation: some 50 MB at the most.
const SITTERS: usize = 50_000;
const PAPERS: usize = 8_192;
const BANKS: usize = 8;

/// The memory of the exam room.
#[derive(Debug)]
pub(super) struct Room {
    sitters: Recent<PersonId, Arc<Sitter>>,
    /// By the seed of the preparation, which is never used twice, and the paper's code.
    papers: Recent<(String, u32), Arc<Paper>>,
    banks: Recent<Digest, Arc<Frozen>>,
    pub live: LiveMarks,
}

impl Default for Room {
    fn default() -> Self {
        Self {
            sitters: Recent::new(SITTERS),
            papers: Recent::new(PAPERS),
            banks: Recent::new(BANKS),
            live: Recent::new(BANKS),
        }
    }
}

/// A contestant as the exam room knows him.
#[derive(Clone, Debug)]
pub(super) struct Sitter {
    /// The ledger's last number when this was read: with every later entry it is read again.
    seq: u64,
    pub name: String,
    pub sbd: String,
    pub team: Option<TeamId>,
    /// One for each round that has papers.
    seats: Vec<Arc<Seat>>,
}

/// A contestant's attempt in one round.
#[derive(Clone, Debug)]
pub(super) struct Seat {
    pub attempt: i64,
    pub person: PersonId,
    pub tally: Arc<Tally>,
    pub paper: u32,
    pub started: Option<Moment>,
    pub handed_in: Option<Moment>,
    pub by_server: bool,
}

impl Sitter {
    pub fn in_round(&self, round: RoundId) -> Option<&Arc<Seat>> {
        self.seats.iter().find(|seat| seat.tally.round == round)
    }

    pub fn of_attempt(&self, attempt: i64) -> Option<&Arc<Seat>> {
        self.seats.iter().find(|seat| seat.attempt == attempt)
    }
}

impl Room {
    /// Something about the person's seats has changed.
    pub fn forget(&self, person: PersonId) {
        self.sitters.forget(&person);
    }

    /// The attempt has begun: at this moment, or it is not known when.
    pub fn begun(&self, person: PersonId, attempt: i64, at: Option<Moment>) {
        let known = self.sitters.get(&person);
        self.sitters.forget(&person);
        let (Some(sitter), Some(at)) = (known, at) else {
            return;
        };
        let since = self.sitters.since(&person);
        let mut sitter = Sitter::clone(&sitter);
        for seat in sitter.seats.iter_mut().filter(|seat| seat.attempt == attempt) {
            *seat = Arc::new(Seat {
                started: Some(at),
                ..Seat::clone(seat)
            });
        }
        self.sitters.put(since, person, Arc::new(sitter));
    }

    /// Anything may have changed.
    pub fn forget_all(&self) {
        self.sitters.forget_all();
    }
}

static PAPERS_OF: ManyRows = ManyRows::new(|rows| {
    format!(
        "WITH k (code) AS (VALUES {}) SELECT p.code, p.body FROM k \
         JOIN paper p ON p.contest = $1 AND p.round = $2 AND p.code = k.code",
        values(2, 1, rows)
    )
});

impl House {
    /// The contestant, remembered or read.
    pub(super) async fn sitter(&self, contest: &Contest, person: PersonId) -> Result<Arc<Sitter>, AppError> {
        if let Some(sitter) = self.room.sitters.get(&person)
            && sitter.seq == contest.seq
        {
            return Ok(sitter);
        }
        let since = self.room.sitters.since(&person);
        let sitter = Arc::new(read_sitter(&self.store, contest, person).await?);
        self.room.sitters.put(since, person, sitter.clone());
        Ok(sitter)
    }

    /// The papers of these codes, in their order.
    pub(super) async fn papers(
        &self,
        contest: &ContestId,
        round: RoundId,
        prepared: &Prepared,
        codes: &[u32],
    ) -> Result<Vec<Arc<Paper>>, StoreError> {
        let known = |code: u32| self.room.papers.get(&(prepared.seed.clone(), code));
        let mut papers: Vec<Option<Arc<Paper>>> = codes.iter().map(|code| known(*code)).collect();
        let mut missing: Vec<u32> = codes
            .iter()
            .zip(&papers)
            .filter_map(|(code, paper)| paper.is_none().then_some(*code))
            .collect();
        missing.sort_unstable();
        missing.dedup();
        for piece in cuts(missing.len()) {
            let mut query = sqlx::query(PAPERS_OF.of(piece.len()))
                .bind(contest.as_str())
                .bind(i64::from(round.0));
            for code in &missing[piece] {
                query = query.bind(i64::from(*code));
            }
            for row in query.fetch_all(self.store.read()).await? {
                let code = number::<u32>(&row, 0)?;
                let paper: Paper = serde_json::from_str(row.try_get(1)?)
                    .map_err(|_| StoreError::Unreadable("paper.body"))?;
                let paper = Arc::new(paper);
                let memory = &self.room.papers;
                let key = (prepared.seed.clone(), code);
                memory.put(memory.since(&key), key, paper.clone());
                for (slot, _) in papers.iter_mut().zip(codes).filter(|(_, c)| **c == code) {
                    *slot = Some(paper.clone());
                }
            }
        }
        papers
            .into_iter()
            .map(|paper| paper.ok_or(StoreError::Unreadable("attempt.paper")))
            .collect()
    }

    pub(super) async fn paper(&self, seat: &Seat, prepared: &Prepared) -> Result<Arc<Paper>, StoreError> {
        let Tally { contest, round, .. } = &*seat.tally;
        let mut papers = self.papers(contest, *round, prepared, &[seat.paper]).await?;
        papers.pop().ok_or(StoreError::Unreadable("attempt.paper"))
    }

    /// The bank as the round froze it. It holds the key.
    pub(super) async fn frozen(&self, digest: &Digest) -> Result<Arc<Frozen>, StoreError> {
        if let Some(bank) = self.room.banks.get(digest) {
            return Ok(bank);
        }
        let body = content::get(self.store.read(), digest)
            .await?
            .ok_or(StoreError::Unreadable("content"))?;
        let bank: Frozen = serde_json::from_str(&body).map_err(|_| StoreError::Unreadable("content.body"))?;
        let bank = Arc::new(bank);
        let memory = &self.room.banks;
        memory.put(memory.since(digest), digest.clone(), bank.clone());
        Ok(bank)
    }
}

/// A number of a table in the rules' own width.
pub(super) fn number<T: TryFrom<i64>>(row: &AnyRow, column: usize) -> Result<T, StoreError> {
    T::try_from(row.try_get::<i64, _>(column)?).map_err(|_| StoreError::Unreadable("number"))
}

async fn read_sitter(store: &Store, contest: &Contest, person: PersonId) -> Result<Sitter, AppError> {
    let rows = sqlx::query(
        "SELECT p.name, p.sbd, p.team, a.id, a.round, a.team, a.paper, a.started_at, a.handed_in, a.by_server \
         FROM person p LEFT JOIN attempt a ON a.person = p.id \
         WHERE p.id = $1 AND p.contest = $2 ORDER BY a.round",
    )
    .bind(person.0)
    .bind(contest.id.as_str())
    .fetch_all(store.read())
    .await
    .map_err(StoreError::from)?;
    // His card was taken back.
    let first = rows.first().ok_or(AppError::SignIn)?;
    let sitter = || -> Result<Sitter, StoreError> {
        let seats = rows
            .iter()
            .map(|row| {
                let Some(attempt) = row.try_get::<Option<i64>, _>(3)? else {
                    return Ok(None);
                };
                let tally = Tally {
                    contest: contest.id.clone(),
                    round: RoundId(number(row, 4)?),
                    team: TeamId(number(row, 5)?),
                };
                Ok::<_, StoreError>(Some(Arc::new(Seat {
                    attempt,
                    person,
                    tally: Arc::new(tally),
                    paper: number(row, 6)?,
                    started: row.try_get(7)?,
                    handed_in: row.try_get(8)?,
                    by_server: row.try_get::<i64, _>(9)? != 0,
                })))
            })
            .filter_map(Result::transpose)
            .collect::<Result<_, _>>()?;
        let team: Option<i64> = first.try_get(2)?;
        Ok(Sitter {
            seq: contest.seq,
            name: first.try_get(0)?,
            sbd: first.try_get(1)?,
            team: team.and_then(|team| u32::try_from(team).ok()).map(TeamId),
            seats,
        })
    };
    Ok(sitter()?)
}
