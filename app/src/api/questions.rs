//! The question bank.

use contest::intake::{Level, QuestionDraft, clean};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{act, came_from, contest_id, contests::bad};
use crate::backend::{house, visit};
use crate::error::AppError;
use crate::layout::paths;

/// A question as its form sends it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionForm {
    /// What is asked.
    pub text: String,
    /// In their order; empty ones at the end do not count.
    #[serde(default)]
    pub options: Vec<String>,
    /// Places in `options`, from 0.
    #[serde(default)]
    pub correct: Vec<u8>,
    /// The topic.
    pub topic: String,
    /// [`Level::as_str`].
    pub level: String,
    /// The article of law; may be empty.
    #[serde(default)]
    pub source: String,
}

/// Adds a question.
#[server(prefix = "/api/fn", endpoint = "add_question")]
pub async fn add_question(contest: String, q: QuestionForm) -> Result<(), AppError> {
    act(async move {
        let id = contest_id(&contest)?;
        house().add_question(&visit(), &id, q.try_into()?).await?;
        Ok(paths::questions(&id))
    })
    .await
}

/// New words of a question.
#[server(prefix = "/api/fn", endpoint = "change_question")]
pub async fn change_question(contest: String, question: i64, q: QuestionForm) -> Result<(), AppError> {
    act(async move {
        let id = contest_id(&contest)?;
        house()
            .change_question(&visit(), &id, question, q.try_into()?)
            .await?;
        Ok(format!("{}#q{question}", paths::questions(&id)))
    })
    .await
}

/// Takes a question out of the bank.
#[server(prefix = "/api/fn", endpoint = "remove_question")]
pub async fn remove_question(contest: String, question: i64) -> Result<(), AppError> {
    act(async move {
        let id = contest_id(&contest)?;
        house().remove_question(&visit(), &id, question).await?;
        Ok(came_from(&paths::questions(&id)))
    })
    .await
}

impl TryFrom<QuestionForm> for QuestionDraft {
    type Error = AppError;

    fn try_from(form: QuestionForm) -> Result<Self, AppError> {
        let mut options: Vec<String> = form.options.iter().map(|option| clean(option)).collect();
        while options.last().is_some_and(String::is_empty) {
            options.pop();
        }
        let mut correct = form.correct;
        correct.sort_unstable();
        correct.dedup();
        if correct.is_empty() || correct.iter().any(|i| usize::from(*i) >= options.len()) {
            return Err(bad("correct"));
        }
        let text = clean(&form.text);
        let topic = clean(&form.topic);
        for (name, value) in [("text", &text), ("topic", &topic)] {
            if value.is_empty() {
                return Err(bad(name));
            }
        }
        Ok(Self {
            text,
            options,
            correct,
            topic,
            level: Level::parse(&form.level).ok_or_else(|| bad("level"))?,
            source: clean(&form.source),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> QuestionForm {
        QuestionForm {
            text: " Dân  biết, dân bàn? ".into(),
            options: vec!["Có".into(), "Không".into(), String::new()],
            correct: vec![1, 0, 1],
            topic: "Dân chủ".into(),
            level: "nhan_biet".into(),
            source: String::new(),
        }
    }

    #[test]
    fn a_form_becomes_a_clean_question() {
        let draft = QuestionDraft::try_from(form()).unwrap();
        assert_eq!(draft.text, "Dân biết, dân bàn?");
        assert_eq!(draft.options, ["Có", "Không"]);
        assert_eq!(draft.correct, [0, 1]);
    }

    #[test]
    fn the_right_answer_must_be_one_of_the_options() {
        for correct in [vec![], vec![2]] {
            let form = QuestionForm { correct, ..form() };
            assert_eq!(QuestionDraft::try_from(form), Err(bad("correct")));
        }
    }
}
