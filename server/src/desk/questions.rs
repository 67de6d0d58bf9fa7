//! The question bank of a contest. It holds the key: organizers only.

use std::collections::{BTreeMap, BTreeSet};

use app::backend::{Answer, AppError, BankFilter, BankQuestion, BankSummary, Questions, Visit};
use async_trait::async_trait;
use contest::intake::{
    FEWEST_OPTIONS, LONGEST_NAME, LONGEST_OPTION, LONGEST_SOURCE, LONGEST_TEXT, Level, MOST_OPTIONS,
    QuestionDraft, clean, fold, is_broken, key,
};
use contest::{ContestId, Moment};
use sqlx::AnyConnection;

use super::papers::live_bank;
use super::{House, order};
use crate::store::StoreError;

/// Questions on a page.
const PAGE: usize = 50;

#[async_trait]
impl Questions for House {
    async fn questions(
        &self,
        visit: &Visit,
        contest: &ContestId,
        filter: BankFilter,
    ) -> Answer<(Vec<BankQuestion>, u32)> {
        self.organizer(visit, contest).await?;
        let rows: Vec<QuestionRow> = sqlx::query_as(
            "SELECT id, text, options, correct, topic, level, source FROM question
             WHERE contest = $1 AND ($2 = '' OR topic = $2) AND ($3 = '' OR level = $3) ORDER BY id",
        )
        .bind(contest.as_str())
        .bind(filter.topic.as_deref().unwrap_or_default())
        .bind(filter.level.map(Level::as_str).unwrap_or_default())
        .fetch_all(self.store.read())
        .await
        .map_err(StoreError::from)?;
        let wanted = fold(&filter.search);
        let mut found = Vec::new();
        let mut count = 0;
        let first = (filter.page as usize).saturating_mul(PAGE);
        for row in rows {
            if !wanted.is_empty() && !fold(&row.1).contains(&wanted) {
                continue;
            }
            if (first..first.saturating_add(PAGE)).contains(&count) {
                found.push(question(row)?);
            }
            count += 1;
        }
        Ok((found, u32::try_from(count).unwrap_or(u32::MAX)))
    }

    async fn bank_summary(&self, visit: &Visit, contest: &ContestId) -> Answer<BankSummary> {
        self.organizer(visit, contest).await?;
        let rows: Vec<(String, String, i64)> = sqlx::query_as(
            "SELECT topic, level, COUNT(*) FROM question WHERE contest = $1 GROUP BY topic, level",
        )
        .bind(contest.as_str())
        .fetch_all(self.store.read())
        .await
        .map_err(StoreError::from)?;
        let mut summary = BankSummary::default();
        for (topic, word, count) in rows {
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            summary.total += count;
            summary.cells.push((topic, level(&word)?, count));
        }
        summary
            .cells
            .sort_by(|a, b| order::words(&a.0, &b.0).then_with(|| a.1.cmp(&b.1)));
        Ok(summary)
    }

    async fn add_question(&self, visit: &Visit, contest: &ContestId, question: QuestionDraft) -> Answer<i64> {
        self.organizer(visit, contest).await?;
        let row = Row::of(question)?;
        let (contest, now) = (contest.clone(), self.now());
        Ok(self
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let id = last(tx, &contest).await? + 1;
                    match row.insert(tx, &contest, id, now).await? {
                        true => Ok(id),
                        false => Err(StoreError::Taken("question_text_taken".into())),
                    }
                })
            })
            .await?)
    }

    async fn change_question(
        &self,
        visit: &Visit,
        contest: &ContestId,
        id: i64,
        question: QuestionDraft,
    ) -> Answer<()> {
        self.organizer(visit, contest).await?;
        let row = Row::of(question)?;
        let contest = contest.clone();
        self.store
            .write(move |tx| Box::pin(async move { row.update(tx, &contest, id).await }))
            .await?;
        Ok(())
    }

    async fn remove_question(&self, visit: &Visit, contest: &ContestId, id: i64) -> Answer<()> {
        self.organizer(visit, contest).await?;
        let contest = contest.clone();
        self.store
            .write(move |tx| {
                Box::pin(async move {
                    let removed = sqlx::query("DELETE FROM question WHERE contest = $1 AND id = $2")
                        .bind(contest.as_str())
                        .bind(id)
                        .execute(tx)
                        .await?;
                    if removed.rows_affected() == 0 {
                        return Err(AppError::NotFound.into());
                    }
                    Ok(())
                })
            })
            .await?;
        Ok(())
    }
}

type QuestionRow = (i64, String, String, String, String, String, String);

fn question(
    (id, text, options, correct, topic, word, source): QuestionRow,
) -> Result<BankQuestion, StoreError> {
    Ok(BankQuestion {
        id,
        question: QuestionDraft {
            text,
            options: serde_json::from_str(&options)
                .map_err(|_| StoreError::Unreadable("question.options"))?,
            correct: serde_json::from_str(&correct)
                .map_err(|_| StoreError::Unreadable("question.correct"))?,
            topic,
            level: level(&word)?,
            source,
        },
    })
}

fn level(word: &str) -> Result<Level, StoreError> {
    Level::ALL
        .into_iter()
        .find(|level| level.as_str() == word)
        .ok_or(StoreError::Unreadable("question.level"))
}

/// Puts questions in that are not there yet; answers with how many were not.
///
/// # Errors
/// [`StoreError::Conflict`] when another node was faster.
pub(super) async fn insert_new(
    tx: &mut AnyConnection,
    contest: &ContestId,
    questions: Vec<QuestionDraft>,
    now: Moment,
) -> Result<u32, StoreError> {
    let mut id = last(tx, contest).await?;
    let mut added = 0;
    for question in questions {
        if Row::of(question)?.insert(tx, contest, id + 1, now).await? {
            id += 1;
            added += 1;
        }
    }
    Ok(added)
}

/// The questions that are there: by their folded text, what answers they have.
pub(super) async fn known(
    house: &House,
    contest: &ContestId,
) -> Result<BTreeMap<String, Answers>, StoreError> {
    let bank = live_bank(house.store.read(), contest).await?;
    let known = bank
        .questions
        .iter()
        .map(|question| (question.key(), answers(question)));
    Ok(known.collect())
}

/// The options of a question, folded, and whether each is right; in whatever order they stand.
pub(super) type Answers = BTreeMap<String, bool>;

/// What a question asks to choose from, and what of it is right.
pub(super) fn answers(question: &QuestionDraft) -> Answers {
    let right = |place: usize| question.correct.iter().any(|i| usize::from(*i) == place);
    let options = question.options.iter().enumerate();
    options
        .map(|(place, option)| (key(option), right(place)))
        .collect()
}

/// The last number given.
async fn last(tx: &mut AnyConnection, contest: &ContestId) -> Result<i64, StoreError> {
    Ok(
        sqlx::query_scalar("SELECT COALESCE(MAX(id), 0) FROM question WHERE contest = $1")
            .bind(contest.as_str())
            .fetch_one(tx)
            .await?,
    )
}

/// A question made sound.
struct Row {
    question: QuestionDraft,
    options: String,
    correct: String,
}

impl Row {
    fn of(question: QuestionDraft) -> Result<Self, AppError> {
        let mut correct = question.correct;
        correct.sort_unstable();
        correct.dedup();
        let question = QuestionDraft {
            text: sound("text", &question.text, 1, LONGEST_TEXT)?,
            options: question
                .options
                .iter()
                .map(|option| sound("options", option, 1, LONGEST_OPTION))
                .collect::<Result<_, _>>()?,
            correct,
            topic: sound("topic", &question.topic, 1, LONGEST_NAME)?,
            level: question.level,
            source: sound("source", &question.source, 0, LONGEST_SOURCE)?,
        };
        let different: BTreeSet<String> = question.options.iter().map(|option| key(option)).collect();
        if !(FEWEST_OPTIONS..=MOST_OPTIONS).contains(&question.options.len())
            || different.len() < question.options.len()
        {
            return Err(bad("options"));
        }
        if question.correct.is_empty()
            || question
                .correct
                .iter()
                .any(|i| usize::from(*i) >= question.options.len())
        {
            return Err(bad("correct"));
        }
        let json = |value: Result<String, serde_json::Error>| value.map_err(|_| AppError::Internal);
        Ok(Self {
            options: json(serde_json::to_string(&question.options))?,
            correct: json(serde_json::to_string(&question.correct))?,
            question,
        })
    }

    /// Whether it was new.
    async fn insert(
        &self,
        tx: &mut AnyConnection,
        contest: &ContestId,
        id: i64,
        now: Moment,
    ) -> Result<bool, StoreError> {
        let written = sqlx::query(
            "INSERT INTO question
                 (contest, id, text, folded, options, correct, topic, level, source, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             ON CONFLICT (contest, folded) DO NOTHING",
        )
        .bind(contest.as_str())
        .bind(id)
        .bind(self.question.text.as_str())
        .bind(self.question.key())
        .bind(self.options.as_str())
        .bind(self.correct.as_str())
        .bind(self.question.topic.as_str())
        .bind(self.question.level.as_str())
        .bind(self.question.source.as_str())
        .bind(now)
        .execute(tx)
        .await
        .map_err(|error| match StoreError::from(error) {
            // Another node gave out the same number.
            StoreError::Taken(name) if name == "question_pkey" => StoreError::Conflict,
            other => other,
        })?;
        Ok(written.rows_affected() > 0)
    }

    async fn update(&self, tx: &mut AnyConnection, contest: &ContestId, id: i64) -> Result<(), StoreError> {
        let written = sqlx::query(
            "UPDATE question SET text = $1, folded = $2, options = $3, correct = $4, topic = $5,
                 level = $6, source = $7
             WHERE contest = $8 AND id = $9",
        )
        .bind(self.question.text.as_str())
        .bind(self.question.key())
        .bind(self.options.as_str())
        .bind(self.correct.as_str())
        .bind(self.question.topic.as_str())
        .bind(self.question.level.as_str())
        .bind(self.question.source.as_str())
        .bind(contest.as_str())
        .bind(id)
        .execute(tx)
        .await?;
        if written.rows_affected() == 0 {
            return Err(AppError::NotFound.into());
        }
        Ok(())
    }
}

fn sound(field: &str, text: &str, fewest: usize, most: usize) -> Result<String, AppError> {
    let text = clean(text);
    if is_broken(&text) || !(fewest..=most).contains(&text.chars().count()) {
        return Err(bad(field));
    }
    Ok(text)
}

fn bad(field: &str) -> AppError {
    AppError::BadField { field: field.into() }
}
