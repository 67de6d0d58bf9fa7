//! From the tables' answers to marks: every attempt by the frozen key and its corrections.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use app::backend::{AppError, FrozenQuestion, KeyPreview, Move, Visit};
use contest::attempt::{Held, Timing};
use contest::command::{Facts, Marking};
use contest::exam::{Exam, ExamPhase, Prepared};
use contest::marking::{self, AttemptMark, Key, Line};
use contest::paper::Paper;
use contest::preview;
use contest::question::{Choice, Frozen};
use contest::standing::standings;
use contest::{Actor, Command, Contest, ContestId, Digest, PersonId, Refusal, RoundId, TeamId};
use sqlx::{Any, AnyConnection, Row};

use super::room::number;
use super::{Effects, House, facts};
use crate::store::rows::{ManyRows, cuts, values};
use crate::store::{StoreError, content};

/// Attempts whose answers are in memory at the same time.
const PAGE: i64 = 256;
/// How often a marking is made anew because the contest moved meanwhile.
const TRIES: u32 = 5;

/// Marks the attempts of one round.
#[derive(Clone, Debug)]
pub(super) struct Marker {
    contest: Arc<Contest>,
    round: RoundId,
    bank: Arc<Frozen>,
    key: Arc<Key>,
}

/// An attempt with its mark.
#[derive(Clone, Debug)]
pub(super) struct MarkedAttempt {
    pub attempt: i64,
    pub line: Line,
}

impl Marker {
    /// For a round that has papers, by the key as `contest` has it.
    pub async fn of(house: &House, contest: Arc<Contest>, round: RoundId) -> Result<Self, AppError> {
        let (exam, prepared) = with_papers(&contest, round)?;
        let bank = house.frozen(&prepared.bank).await?;
        Ok(Self {
            key: Arc::new(Key::of(&bank, exam)),
            bank,
            contest: contest.clone(),
            round,
        })
    }

    /// The same round as `contest` would have it: with another key.
    fn by(&self, contest: Contest) -> Self {
        let key = contest
            .exams
            .get(&self.round)
            .map_or_else(|| self.key.clone(), |exam| Arc::new(Key::of(&self.bank, exam)));
        Self {
            contest: Arc::new(contest),
            bank: self.bank.clone(),
            round: self.round,
            key,
        }
    }

    /// The round, and what its papers were built from.
    pub fn exam(&self) -> Result<(&Exam, &Prepared), AppError> {
        Ok(with_papers(&self.contest, self.round)?)
    }

    /// The mark that these answers earn.
    pub fn mark(
        &self,
        person: PersonId,
        paper: &Paper,
        versions: &[(u16, Held)],
    ) -> Result<AttemptMark, AppError> {
        let (exam, prepared) = self.exam()?;
        let counted = marking::counted(exam, person, versions);
        let answer = |place: usize| {
            let place = u16::try_from(place).unwrap_or(u16::MAX);
            counted.get(&place).copied().unwrap_or_default()
        };
        Ok(marking::mark(&prepared.rules, &self.key, paper, answer))
    }
}

/// The round with what its papers were built from.
pub(super) fn with_papers(contest: &Contest, round: RoundId) -> Result<(&Exam, &Prepared), Refusal> {
    let draft = Refusal::WrongPhase {
        phase: ExamPhase::Draft,
    };
    contest.exam(round).ok_or(Refusal::UnknownRound)?;
    let exam = contest.exams.get(&round).ok_or(draft.clone())?;
    Ok((exam, exam.prepared.as_ref().ok_or(draft)?))
}

static VERSIONS_OF: ManyRows = ManyRows::new(|rows| {
    format!(
        "WITH k (attempt) AS (VALUES {}) \
         SELECT a.attempt, a.question, a.revision, a.choice, a.timing FROM k \
         JOIN answer a ON a.attempt = k.attempt",
        values(0, 1, rows)
    )
});

static WRITE: ManyRows = ManyRows::new(|rows| {
    format!(
        "WITH v (id, points, right_, wrong, blank, seconds) AS (VALUES {}) \
         UPDATE attempt SET points = v.points, right_ = v.right_, wrong = v.wrong, blank = v.blank, \
         seconds = v.seconds FROM v WHERE attempt.id = v.id",
        values(0, 6, rows)
    )
});

/// All answers of these attempts: by attempt, every revision at its place.
pub(super) async fn versions_of(
    from: &mut AnyConnection,
    attempts: &[i64],
) -> Result<HashMap<i64, Vec<(u16, Held)>>, StoreError> {
    let mut found: HashMap<i64, Vec<(u16, Held)>> = HashMap::with_capacity(attempts.len());
    for piece in cuts(attempts.len()) {
        let mut query = sqlx::query(VERSIONS_OF.of(piece.len()));
        for attempt in &attempts[piece] {
            query = query.bind(*attempt);
        }
        for row in query.fetch_all(&mut *from).await? {
            let held = Held {
                revision: number(&row, 2)?,
                choice: Choice(number(&row, 3)?),
                timing: Timing::from_code(row.try_get(4)?),
            };
            found
                .entry(row.try_get(0)?)
                .or_default()
                .push((number(&row, 1)?, held));
        }
    }
    Ok(found)
}

/// Writes the marks into their attempts.
pub(super) async fn write(tx: &mut AnyConnection, marked: &[MarkedAttempt]) -> Result<(), StoreError> {
    for piece in cuts(marked.len()) {
        let mut query = sqlx::query(WRITE.of(piece.len()));
        for one in &marked[piece] {
            query = bind_mark(query.bind(one.attempt), one.line.mark.as_ref(), one.line.seconds);
        }
        query.execute(&mut *tx).await?;
    }
    Ok(())
}

type Query<'q> = sqlx::query::Query<'q, Any, sqlx::any::AnyArguments>;

/// Points, right, wrong, blank, seconds; nothing for one who never opened his paper.
pub(super) fn bind_mark<'q>(query: Query<'q>, mark: Option<&AttemptMark>, seconds: i64) -> Query<'q> {
    query
        .bind(mark.map(|m| m.points.0))
        .bind(mark.map(|m| i64::from(m.right)))
        .bind(mark.map(|m| i64::from(m.wrong)))
        .bind(mark.map(|m| i64::from(m.blank)))
        .bind(mark.map(|_| seconds))
}

impl House {
    /// Marks every attempt of the round, a page of them at a time.
    pub(super) async fn mark_all(&self, marker: &Marker) -> Result<Vec<MarkedAttempt>, AppError> {
        let (exam, prepared) = marker.exam()?;
        let mut from = self.store.read().acquire().await.map_err(StoreError::from)?;
        let mut marked: Vec<MarkedAttempt> = Vec::new();
        let mut after = i64::MIN;
        loop {
            let rows = sqlx::query(
                "SELECT id, person, team, paper, started_at, handed_in FROM attempt \
                 WHERE contest = $1 AND round = $2 AND person > $3 ORDER BY person LIMIT $4",
            )
            .bind(marker.contest.id.as_str())
            .bind(i64::from(marker.round.0))
            .bind(after)
            .bind(PAGE)
            .fetch_all(&mut *from)
            .await
            .map_err(StoreError::from)?;
            let read = || -> Result<Vec<_>, StoreError> {
                rows.iter()
                    .map(|row| {
                        let started: Option<i64> = row.try_get(4)?;
                        let handed_in: Option<i64> = row.try_get(5)?;
                        Ok((
                            row.try_get::<i64, _>(0)?,
                            PersonId(row.try_get(1)?),
                            TeamId(number(row, 2)?),
                            number::<u32>(row, 3)?,
                            started,
                            handed_in,
                        ))
                    })
                    .collect()
            };
            let page = read()?;
            let Some(last) = page.last() else { break };
            after = last.1.0;
            let attempts: Vec<i64> = page.iter().map(|row| row.0).collect();
            let codes: Vec<u32> = page.iter().map(|row| row.3).collect();
            let answers = versions_of(&mut from, &attempts).await?;
            let papers = self
                .papers(&marker.contest.id, marker.round, prepared, &codes)
                .await?;
            for ((attempt, person, team, _, started, handed_in), paper) in page.into_iter().zip(papers) {
                let versions = answers.get(&attempt).map_or(&[][..], Vec::as_slice);
                let mark = match started {
                    Some(_) => Some(marker.mark(person, &paper, versions)?),
                    None => None,
                };
                let seconds = match (started, handed_in) {
                    (Some(started), Some(handed_in)) => exam.seconds(started, handed_in),
                    _ => 0,
                };
                let line = Line {
                    person,
                    team,
                    mark,
                    seconds,
                };
                marked.push(MarkedAttempt { attempt, line });
            }
        }
        Ok(marked)
    }

    /// Marks the round and records the marks with their listing.
    pub(super) async fn mark_round(
        &self,
        actor: &Actor,
        device: &str,
        id: &ContestId,
        round: RoundId,
    ) -> Result<u64, AppError> {
        for _ in 0..TRIES {
            let contest = self.load(id).await?;
            let facts = facts(self, &contest, round).await?;
            let marker = Marker::of(self, contest, round).await?;
            let remark = Remark::of(self, marker).await?;
            let command = Command::MarkExam {
                round,
                marking: remark.marking.clone(),
            };
            match self
                .record(actor, device, id, &facts, command, Some(remark.effects()))
                .await
            {
                Ok(contest) => return Ok(contest.seq),
                // A correction or a late admission came between: these marks know nothing of it.
                Err(AppError::Stale) => {}
                Err(error) => return Err(error),
            }
        }
        Err(AppError::Stale)
    }

    /// What a correction would do to the standings as the staff sees them.
    pub(super) async fn preview(
        &self,
        contest: Arc<Contest>,
        round: RoundId,
        question: u16,
        correct: Option<Choice>,
    ) -> Result<KeyPreview, AppError> {
        let marker = Marker::of(self, contest.clone(), round).await?;
        let shown = self
            .frozen_question(&contest, &marker, question)
            .await?
            .ok_or(Refusal::UnknownQuestion)?;
        if !possible(&marker.bank, question, correct) {
            return Err(Refusal::invalid(
                contest::refusal::Field::Choice,
                contest::refusal::Fault::OutOfRange,
            )
            .into());
        }
        let moves = self.moves(marker, Amendment::Key { question, correct }).await?;
        Ok(KeyPreview {
            question: shown,
            moves,
        })
    }

    /// What an amendment would do to the standings as the staff sees them.
    pub(super) async fn moves(&self, marker: Marker, amendment: Amendment) -> Result<Vec<Move>, AppError> {
        let (contest, round) = (marker.contest.clone(), marker.round);
        let before = standings(&contest, |round, team| contest.mark(round, team));
        let marked = marker.exam()?.0.phase >= ExamPhase::Marked;
        let after = if marked {
            let remark = Remark::of(self, marker.by(amendment.made(&contest, round))).await?;
            let mut altered = Contest::clone(&remark.marker.contest);
            if let Some(exam) = altered.exams.get_mut(&round) {
                let marks = remark.marking.marks.iter();
                exam.marks = marks.map(|mark| (mark.team, *mark)).collect();
            }
            standings(&altered, |round, team| altered.mark(round, team))
        } else {
            // Not marked yet: nobody has a place to lose.
            before.clone()
        };
        Ok(preview::moves(&contest, &before, &after))
    }

    /// Records an amendment; where marks or live marks stand, with the marks that follow from it.
    pub(super) async fn amend(
        &self,
        visit: &Visit,
        id: &ContestId,
        round: RoundId,
        amendment: Amendment,
        reason: String,
    ) -> Result<u64, AppError> {
        for _ in 0..TRIES {
            let contest = self.load(id).await?;
            let marker = Marker::of(self, contest.clone(), round).await?;
            let (exam, prepared) = marker.exam()?;
            let marked = exam.phase >= ExamPhase::Marked;
            let live = prepared.rules.live_marks && exam.phase >= ExamPhase::Open;
            let remark = if marked || live {
                let altered = amendment.made(&contest, round);
                Some(Remark::of(self, marker.by(altered)).await?)
            } else {
                None
            };
            let marking = remark.as_ref().filter(|_| marked).map(|r| r.marking.clone());
            let command = amendment.command(&marker, reason.clone(), marking);
            let effects = remark.map(Remark::effects);
            match self
                .record(
                    &visit.actor_in(id),
                    &visit.device_label,
                    id,
                    &Facts::default(),
                    command,
                    effects,
                )
                .await
            {
                Ok(contest) => return Ok(contest.seq),
                Err(AppError::Stale) => {}
                Err(error) => return Err(error),
            }
        }
        Err(AppError::Stale)
    }

    /// The questions of the frozen bank, for corrections.
    pub(super) async fn frozen_bank(
        &self,
        contest: Arc<Contest>,
        round: RoundId,
    ) -> Result<Vec<FrozenQuestion>, AppError> {
        let marker = Marker::of(self, contest, round).await?;
        let used = self.used(&marker).await?;
        let (exam, _) = marker.exam()?;
        let questions = (0..)
            .zip(&marker.bank.questions)
            .map(|(place, draft)| FrozenQuestion {
                question: place,
                draft: draft.clone(),
                correction: exam.corrections.get(&place).copied(),
                used: used[usize::from(place)],
            });
        Ok(questions.collect())
    }

    async fn frozen_question(
        &self,
        contest: &Arc<Contest>,
        marker: &Marker,
        question: u16,
    ) -> Result<Option<FrozenQuestion>, AppError> {
        let all = self.frozen_bank(contest.clone(), marker.round).await?;
        Ok(all.into_iter().nth(usize::from(question)))
    }

    /// Which questions of the frozen bank stand on a paper at all.
    async fn used(&self, marker: &Marker) -> Result<Vec<bool>, AppError> {
        let (_, prepared) = marker.exam()?;
        let mut used = vec![false; marker.bank.questions.len()];
        // Where all papers have the same questions, one of them tells.
        let most = if prepared.rules.same_questions { 1 } else { PAGE };
        let mut after = 0;
        loop {
            let rows = sqlx::query(
                "SELECT code, body FROM paper WHERE contest = $1 AND round = $2 AND code > $3 \
                 ORDER BY code LIMIT $4",
            )
            .bind(marker.contest.id.as_str())
            .bind(i64::from(marker.round.0))
            .bind(after)
            .bind(most)
            .fetch_all(self.store.read())
            .await
            .map_err(StoreError::from)?;
            for row in &rows {
                after = row.try_get(0).map_err(StoreError::from)?;
                let body: &str = row.try_get(1).map_err(StoreError::from)?;
                let paper: Paper =
                    serde_json::from_str(body).map_err(|_| StoreError::Unreadable("paper.body"))?;
                for item in &paper.items {
                    if let Some(seen) = used.get_mut(usize::from(item.question)) {
                        *seen = true;
                    }
                }
            }
            let done = prepared.rules.same_questions || used.iter().all(|seen| *seen);
            if done || (rows.len() as i64) < most {
                return Ok(used);
            }
        }
    }

    /// The listing behind the marks of each marked round.
    pub(super) async fn listings(&self, contest: &Contest) -> Result<BTreeMap<RoundId, Vec<Line>>, AppError> {
        let mut listings = BTreeMap::new();
        for (round, exam) in &contest.exams {
            if let Some(digest) = &exam.listing {
                let body = content::get(self.store.read(), digest)
                    .await?
                    .ok_or(StoreError::Unreadable("content"))?;
                let lines =
                    serde_json::from_str(&body).map_err(|_| StoreError::Unreadable("content.body"))?;
                listings.insert(*round, lines);
            }
        }
        Ok(listings)
    }
}

fn possible(bank: &Frozen, question: u16, correct: Option<Choice>) -> bool {
    let options = bank
        .questions
        .get(usize::from(question))
        .map_or(0, |draft| draft.options.len());
    correct.is_none_or(|c| !c.is_blank() && c.list().iter().all(|i| usize::from(*i) < options))
}

/// What changes the marks of papers that are handed in already.
#[derive(Clone, Copy, Debug)]
pub(super) enum Amendment {
    /// Another key; `None` declares the question void.
    Key { question: u16, correct: Option<Choice> },
    /// The packets of this contestant count that came after the grace.
    Late { person: PersonId },
}

impl Amendment {
    /// The contest as it would be with it, the marks not made anew yet.
    fn made(self, contest: &Contest, round: RoundId) -> Contest {
        let mut altered = contest.clone();
        if let Some(exam) = altered.exams.get_mut(&round) {
            match self {
                Self::Key { question, correct } => {
                    exam.corrections.insert(question, correct);
                }
                Self::Late { person } => {
                    exam.admitted.insert(person);
                }
            }
        }
        altered
    }

    fn command(self, marker: &Marker, reason: String, remark: Option<Marking>) -> Command {
        let round = marker.round;
        match self {
            Self::Key { question, correct } => {
                let draft = marker.bank.questions.get(usize::from(question));
                Command::CorrectKey {
                    round,
                    question,
                    options: draft.map_or(0, |draft| draft.options.len() as u8),
                    correct,
                    reason,
                    remark,
                }
            }
            Self::Late { person } => Command::AdmitLate {
                round,
                person,
                reason,
                remark,
            },
        }
    }
}

/// A whole round marked anew, ready to be recorded.
struct Remark {
    marker: Marker,
    marked: Arc<Vec<MarkedAttempt>>,
    listing: Arc<String>,
    marking: Marking,
}

impl Remark {
    async fn of(house: &House, marker: Marker) -> Result<Self, AppError> {
        let marked = house.mark_all(&marker).await?;
        let lines: Vec<Line> = marked.iter().map(|one| one.line.clone()).collect();
        let (exam, _) = marker.exam()?;
        let rules = marker.contest.rules().ok_or(AppError::NotFound)?;
        let round = rules.round(marker.round).ok_or(Refusal::UnknownRound)?;
        let marks = marking::team_marks(round, exam, &lines);
        let listing = serde_json::to_string(&lines).map_err(|_| AppError::Internal)?;
        Ok(Self {
            marking: Marking {
                marks,
                listing: Digest::of(listing.as_bytes()),
            },
            marked: Arc::new(marked),
            listing: Arc::new(listing),
            marker,
        })
    }

    /// Writes the marks and their listing, unless the round is no longer what they were made from.
    fn effects(self) -> Effects {
        let Self {
            marker,
            marked,
            listing,
            marking,
        } = self;
        Box::new(move |_, after| {
            let current = after.exams.get(&marker.round);
            let listed = current.is_some_and(|exam| exam.listing.as_ref() == Some(&marking.listing));
            let stale = !current
                .zip(marker.exam().ok())
                .is_some_and(|(now, (then, _))| same_ground(now, then));
            let (marked, listing) = (marked.clone(), listing.clone());
            Box::new(move |tx| {
                Box::pin(async move {
                    if stale {
                        return Err(StoreError::Conflict);
                    }
                    if listed {
                        content::put(tx, &listing).await?;
                    }
                    write(tx, &marked).await
                })
            })
        })
    }
}

/// Whether two states of a round give every attempt the same mark.
fn same_ground(a: &Exam, b: &Exam) -> bool {
    a.prepared == b.prepared
        && a.corrections == b.corrections
        && a.admitted == b.admitted
        && a.opened_at == b.opened_at
        && a.closed_at == b.closed_at
        && a.stops == b.stops
}
