//! Exam rounds, for the staff.

use std::collections::{BTreeMap, HashMap};

use app::backend::{
    Answer, AppError, AttemptLine, AttemptRoll, AttemptSums, ExamConsole, Exams, FrozenQuestion, Gathered,
    KeyPreview, Move, NextStep, Visit, WantedAttempts,
};
use async_trait::async_trait;
use contest::command::Facts;
use contest::exam::{Exam, ExamPhase};
use contest::explain::{self, Explanation, MarkedPaper};
use contest::question::Choice;
use contest::{Blocker, Command, Contest, ContestId, PersonId, Points, Refusal, RoundId, TeamId, paper};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::handing::give_back;
use super::marks::{Amendment, Marker};
use super::papers::{deal_missing, live_bank};
use super::room::number;
use super::{Effects, House, facts};
use crate::store::StoreError;
use crate::store::rows::{ManyRows, cuts, values};

/// What a command about an exam changes in the tables, in the transaction of its entry.
pub(super) fn effects(command: &Command) -> Option<Effects> {
    let (round, person) = match command {
        Command::OpenExam { .. } => {
            return Some(Box::new(|_, after| {
                let after = after.clone();
                Box::new(move |tx| Box::pin(async move { deal_missing(tx, &after).await }))
            }));
        }
        Command::ReopenExam { round, .. } => (*round, None),
        // His time may have run out already: with more of it he goes on.
        Command::GrantTime { round, person, .. } => (*round, Some(*person)),
        _ => return None,
    };
    Some(Box::new(move |_, after| {
        give_back(after.id.clone(), round, person)
    }))
}

/// Attempts on a page of the console's list.
const PAGE: u32 = 100;

/// `$3` a team or 0, `$4` a person or 0.
macro_rules! attempts {
    ($what:literal, $from:literal, $more:literal) => {
        concat!(
            "SELECT ",
            $what,
            " FROM attempt a ",
            $from,
            " WHERE a.contest = $1 AND a.round = $2 AND ($3 = 0 OR a.team = $3) AND ($4 = 0 OR a.person = $4) ",
            $more
        )
    };
}

static COUNT: &str = attempts!("COUNT(*)", "", "");

static ATTEMPTS: &str = attempts!(
    "a.id, a.person, p.name, p.sbd, a.team, a.paper, a.started_at, a.handed_in, a.by_server, a.points, \
     h.last_seen, h.unsent, h.battery",
    "JOIN person p ON p.id = a.person LEFT JOIN presence h ON h.person = a.person",
    "ORDER BY LENGTH(p.sbd), p.sbd, a.team, p.id LIMIT $5 OFFSET $6"
);

/// By team. Whoever has not started hands nothing in, though his paper is closed with the others.
static SUMS: &str = "SELECT a.team, COUNT(*), COUNT(a.started_at), \
     CAST(SUM(CASE WHEN a.started_at IS NOT NULL AND a.handed_in IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT), \
     CAST(SUM(CASE WHEN a.started_at IS NULL AND a.handed_in IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT), \
     CAST(SUM(CASE WHEN a.handed_in IS NULL AND h.unsent > 0 THEN 1 ELSE 0 END) AS BIGINT) \
     FROM attempt a LEFT JOIN presence h ON h.person = a.person WHERE a.contest = $1 AND a.round = $2 \
     GROUP BY a.team";

static LATE: &str = "SELECT DISTINCT t.person FROM attempt t JOIN answer b ON b.attempt = t.id \
     WHERE t.contest = $1 AND t.round = $2 AND b.timing = 2";

/// By attempt: questions answered, and among them within the grace.
static ANSWERED: ManyRows = ManyRows::new(|rows| {
    format!(
        "WITH k (attempt) AS (VALUES {}), n AS (\
            SELECT b.attempt AS attempt, b.question AS question, MAX(b.revision) AS revision \
            FROM k JOIN answer b ON b.attempt = k.attempt WHERE b.timing < 2 GROUP BY b.attempt, b.question) \
         SELECT n.attempt, CAST(SUM(CASE WHEN a.choice <> 0 THEN 1 ELSE 0 END) AS BIGINT), \
         CAST(SUM(CASE WHEN a.timing = 1 THEN 1 ELSE 0 END) AS BIGINT) FROM n \
         JOIN answer a ON a.attempt = n.attempt AND a.question = n.question AND a.revision = n.revision \
         GROUP BY n.attempt",
        values(0, 1, rows)
    )
});

static TOO_LATE: ManyRows = ManyRows::new(|rows| {
    format!(
        "WITH k (attempt) AS (VALUES {}) SELECT b.attempt, COUNT(DISTINCT b.question) FROM k \
         JOIN answer b ON b.attempt = k.attempt WHERE b.timing = 2 GROUP BY b.attempt",
        values(0, 1, rows)
    )
});

#[async_trait]
impl Exams for House {
    async fn exam_console(&self, visit: &Visit, id: &ContestId, round: RoundId) -> Answer<ExamConsole> {
        let contest = self.staff(visit, id).await?;
        let exam = contest.exam(round).ok_or(Refusal::UnknownRound)?.into_owned();
        let rules = contest.rules().and_then(|rules| rules.round(round));
        let rules = rules.ok_or(Refusal::UnknownRound)?.clone();
        let facts = facts(self, &contest, round).await?;
        let (next, blockers) = self.next_step(&contest, round, &exam, &facts).await?;
        let (sums, gathered) = self.attempt_sums(id, round, &exam).await?;
        Ok(ExamConsole {
            round: rules,
            now: self.now(),
            next,
            blockers,
            progress: self.progress(id, round).await?,
            sums,
            gathered,
            last_deadline: facts.last_deadline,
            exam,
        })
    }

    async fn attempts(
        &self,
        visit: &Visit,
        id: &ContestId,
        round: RoundId,
        wanted: WantedAttempts,
    ) -> Answer<AttemptRoll> {
        let contest = self.staff(visit, id).await?;
        let exam = contest.exam(round).ok_or(Refusal::UnknownRound)?;
        Ok(self.attempt_roll(id, round, &exam, wanted).await?)
    }

    async fn prepare_exam(&self, visit: &Visit, id: &ContestId, round: RoundId) -> Answer<u64> {
        self.prepare(visit, id, round).await
    }

    async fn mark_exam(&self, visit: &Visit, id: &ContestId, round: RoundId) -> Answer<u64> {
        self.organizer(visit, id).await?;
        self.mark_round(&visit.actor_in(id), &visit.device_label, id, round)
            .await
    }

    async fn frozen_questions(
        &self,
        visit: &Visit,
        id: &ContestId,
        round: RoundId,
    ) -> Answer<Vec<FrozenQuestion>> {
        // The key: no secretary needs it.
        let contest = self.organizer(visit, id).await?;
        self.frozen_bank(contest, round).await
    }

    async fn preview_key(
        &self,
        visit: &Visit,
        id: &ContestId,
        round: RoundId,
        question: u16,
        correct: Option<Choice>,
    ) -> Answer<KeyPreview> {
        let contest = self.organizer(visit, id).await?;
        self.preview(contest, round, question, correct).await
    }

    async fn correct_key(
        &self,
        visit: &Visit,
        id: &ContestId,
        round: RoundId,
        question: u16,
        correct: Option<Choice>,
        reason: String,
    ) -> Answer<u64> {
        self.organizer(visit, id).await?;
        let amendment = Amendment::Key { question, correct };
        self.amend(visit, id, round, amendment, reason).await
    }

    async fn preview_late(
        &self,
        visit: &Visit,
        id: &ContestId,
        round: RoundId,
        person: PersonId,
    ) -> Answer<Vec<Move>> {
        let contest = self.organizer(visit, id).await?;
        let marker = Marker::of(self, contest, round).await?;
        self.moves(marker, Amendment::Late { person }).await
    }

    async fn admit_late(
        &self,
        visit: &Visit,
        id: &ContestId,
        round: RoundId,
        person: PersonId,
        reason: String,
    ) -> Answer<u64> {
        self.organizer(visit, id).await?;
        if !self.is_contestant(id, person).await? {
            return Err(AppError::NotFound);
        }
        self.amend(visit, id, round, Amendment::Late { person }, reason)
            .await
    }

    async fn explain(
        &self,
        visit: &Visit,
        id: &ContestId,
        team: TeamId,
    ) -> Answer<(Explanation, BTreeMap<PersonId, String>)> {
        let contest = self.staff(visit, id).await?;
        let listings = self.listings(&contest).await?;
        let explanation = explain::team(&contest, team, &listings).ok_or(AppError::NotFound)?;
        let rows = sqlx::query(
            "SELECT id, name FROM person WHERE contest = $1 \
             AND (role = 'contestant' AND team = $2 OR role = 'judge')",
        )
        .bind(id.as_str())
        .bind(i64::from(team.0))
        .fetch_all(self.store.read())
        .await
        .map_err(StoreError::from)?;
        let names = rows
            .iter()
            .map(|row| Ok((PersonId(row.try_get(0)?), row.try_get(1)?)))
            .collect::<Result<_, StoreError>>()?;
        Ok((explanation, names))
    }

    async fn explain_paper(
        &self,
        visit: &Visit,
        id: &ContestId,
        round: RoundId,
        person: PersonId,
    ) -> Answer<(String, MarkedPaper)> {
        let contest = self.staff(visit, id).await?;
        let exam = contest.exam(round).ok_or(Refusal::UnknownRound)?;
        if exam.phase < ExamPhase::Marked {
            return Err(Refusal::WrongPhase { phase: exam.phase }.into());
        }
        let sitter = match self.sitter(&contest, person).await {
            Err(AppError::SignIn) => return Err(AppError::NotFound),
            sitter => sitter?,
        };
        let seat = sitter.in_round(round).ok_or(AppError::NotFound)?;
        Ok((sitter.name.clone(), self.marked_paper(&exam, seat).await?))
    }
}

impl House {
    /// The one large action of the console's page, and what stands in its way.
    async fn next_step(
        &self,
        contest: &Contest,
        round: RoundId,
        exam: &Exam,
        facts: &Facts,
    ) -> Answer<(NextStep, Vec<Blocker>)> {
        Ok(match exam.phase {
            ExamPhase::Draft => (NextStep::Prepare, self.lacking(contest, round, facts).await?),
            ExamPhase::Prepared => {
                let blockers = contest.open_blockers(round, facts);
                if blockers.contains(&Blocker::NotPrepared) || facts.bank_changed {
                    // The rules or the bank have changed since: the papers must be built anew.
                    let mut list = self.lacking(contest, round, facts).await?;
                    list.extend(facts.bank_changed.then_some(Blocker::BankChanged));
                    (NextStep::Prepare, list)
                } else {
                    (NextStep::Open, blockers)
                }
            }
            ExamPhase::Open => (NextStep::Close, contest.close_blockers(round, facts, self.now())),
            ExamPhase::Closed => (NextStep::Mark, contest.mark_blockers(round, facts)),
            ExamPhase::Marked => (NextStep::Publish, contest.publish_blockers(round)),
            ExamPhase::Published => (NextStep::Nothing, vec![]),
        })
    }

    /// What is lacking to prepare the round.
    async fn lacking(&self, contest: &Contest, round: RoundId, facts: &Facts) -> Answer<Vec<Blocker>> {
        let rules = contest.rules().and_then(|rules| rules.exam(round));
        let rules = rules.ok_or(Refusal::UnknownRound)?;
        let bank = live_bank(self.store.read(), &contest.id).await?;
        let short = paper::shortages(&rules.blueprint, &bank);
        Ok(contest.prepare_blockers(round, facts, short))
    }

    async fn attempt_sums(
        &self,
        id: &ContestId,
        round: RoundId,
        exam: &Exam,
    ) -> Result<(AttemptSums, BTreeMap<TeamId, Gathered>), StoreError> {
        let ask = |statement: &'static str| sqlx::query(statement).bind(id.as_str()).bind(i64::from(round.0));
        let mut sums = AttemptSums::default();
        let mut by_team = BTreeMap::new();
        for row in ask(SUMS).fetch_all(self.store.read()).await? {
            let of = Gathered {
                handed_in: number(&row, 3)?,
                absent: number(&row, 4)?,
            };
            sums.all += number::<u32>(&row, 1)?;
            sums.started += number::<u32>(&row, 2)?;
            sums.handed_in += of.handed_in;
            sums.absent += of.absent;
            sums.unsent += number::<u32>(&row, 5)?;
            by_team.insert(TeamId(number(&row, 0)?), of);
        }
        if exam.opened_at.is_some() {
            for row in ask(LATE).fetch_all(self.store.read()).await? {
                sums.late += u32::from(!exam.admitted.contains(&PersonId(row.try_get(0)?)));
            }
        }
        Ok((sums, by_team))
    }

    async fn attempt_roll(
        &self,
        id: &ContestId,
        round: RoundId,
        exam: &Exam,
        wanted: WantedAttempts,
    ) -> Result<AttemptRoll, StoreError> {
        let ask = |statement: &'static str| {
            sqlx::query(statement)
                .bind(id.as_str())
                .bind(i64::from(round.0))
                .bind(wanted.team.map_or(0, |team| i64::from(team.0)))
                .bind(wanted.person.map_or(0, |person| person.0))
        };
        let found: u32 = number(&ask(COUNT).fetch_one(self.store.read()).await?, 0)?;
        let pages = found.div_ceil(PAGE).max(1);
        let page = wanted.page.clamp(1, pages);
        let rows = ask(ATTEMPTS)
            .bind(i64::from(PAGE))
            .bind(i64::from((page - 1) * PAGE))
            .fetch_all(self.store.read())
            .await?;
        let attempts = rows.iter().map(|row| Ok(row.try_get(0)?));
        let attempts: Vec<i64> = attempts.collect::<Result<_, StoreError>>()?;
        let mut answered: HashMap<i64, (u32, u32)> = HashMap::new();
        let mut too_late: HashMap<i64, u32> = HashMap::new();
        for row in self.of_attempts(&ANSWERED, &attempts).await? {
            answered.insert(row.try_get(0)?, (number(&row, 1)?, number(&row, 2)?));
        }
        for row in self.of_attempts(&TOO_LATE, &attempts).await? {
            too_late.insert(row.try_get(0)?, number(&row, 1)?);
        }
        let now = self.now();
        let lines = rows.iter().map(|row| {
            let attempt: i64 = row.try_get(0)?;
            let person = PersonId(row.try_get(1)?);
            let started_at = row.try_get(6)?;
            let (answered, late) = answered.get(&attempt).copied().unwrap_or_default();
            let heard = self.presence(person, (row.try_get(10)?, row.try_get(11)?, row.try_get(12)?));
            let points: Option<i64> = row.try_get(9)?;
            Ok(AttemptLine {
                person,
                name: row.try_get(2)?,
                sbd: row.try_get(3)?,
                team: TeamId(number(row, 4)?),
                paper: number(row, 5)?,
                started_at,
                deadline: exam.deadline(person, started_at, now),
                handed_in: row.try_get(7)?,
                by_server: row.try_get::<i64, _>(8)? != 0,
                answered,
                late,
                too_late: too_late.get(&attempt).copied().unwrap_or_default(),
                admitted: exam.admitted.contains(&person),
                extra: exam
                    .extra
                    .get(&person)
                    .map_or(0, |grants| grants.iter().map(|(_, millis)| millis).sum()),
                last_seen: heard.map(|heard| heard.last_seen),
                unsent: heard.map_or(0, |heard| heard.unsent),
                battery: heard.and_then(|heard| heard.battery),
                points: points.filter(|_| exam.phase >= ExamPhase::Marked).map(Points),
            })
        });
        Ok(AttemptRoll {
            lines: lines.collect::<Result<_, StoreError>>()?,
            found,
            page,
            pages,
        })
    }

    /// What `statement` says of these attempts.
    async fn of_attempts(
        &self,
        statement: &'static ManyRows,
        attempts: &[i64],
    ) -> Result<Vec<AnyRow>, StoreError> {
        let mut rows = Vec::new();
        for piece in cuts(attempts.len()) {
            let mut query = sqlx::query(statement.of(piece.len()));
            for attempt in &attempts[piece] {
                query = query.bind(*attempt);
            }
            rows.extend(query.fetch_all(self.store.read()).await?);
        }
        Ok(rows)
    }
}
