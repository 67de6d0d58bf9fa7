//! A multiple-choice round as the form's fields.

use contest::{
    Points,
    intake::Level,
    refusal::Fault,
    rules::{Absent, Blueprint, Cell, Combine, ExamClock, ExamRules, Papers, VoidPolicy},
    template::Template,
};
use serde::{Deserialize, Serialize};

use super::{RoundForm, place::wrong, read, read_or, rounding};
use crate::error::AppError;

/// So many questions of a topic and level; empty texts take any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CellForm {
    pub topic: String,
    pub level: String,
    pub count: String,
}

impl RoundForm {
    /// The form's exam; `place` is its place in the form.
    ///
    /// # Errors
    /// Names the first field that cannot be read.
    pub(super) fn exam(&self, place: &str, old: Option<&ExamRules>) -> Result<ExamRules, AppError> {
        // A new round: the form shows only its name, mark and kind; the rest is the plainest exam.
        if self.clock.is_empty() {
            return match old {
                Some(old) => Ok(old.clone()),
                None => Template::G2
                    .rules()
                    .rounds
                    .iter()
                    .find_map(|round| round.exam().cloned())
                    .ok_or(AppError::Internal),
            };
        }
        let at = |name: &str| format!("{place}[{name}]");
        let mut cells = Vec::new();
        for (n, cell) in self.cells.iter().enumerate() {
            let count = read_or(&cell.count, 0, || at(&format!("cells][{n}][count")))?;
            if count == 0 {
                continue;
            }
            let level = match cell.level.as_str() {
                "" => None,
                word => Some(Level::parse(word).ok_or_else(|| wrong(at("level"), Fault::Unknown))?),
            };
            let topic = Some(cell.topic.clone()).filter(|topic| !topic.is_empty());
            cells.push(Cell { topic, level, count });
        }
        let (minutes, seconds) = (
            read_or::<u32>(&self.minutes, 0, || at("minutes"))?,
            read_or::<u32>(&self.seconds, 0, || at("seconds"))?,
        );
        Ok(ExamRules {
            blueprint: Blueprint { cells },
            duration: (i64::from(minutes) * 60 + i64::from(seconds)) * 1000,
            clock: match self.clock.as_str() {
                "common" => ExamClock::Common,
                "own" => ExamClock::Own,
                _ => return Err(wrong(at("clock"), Fault::Unknown)),
            },
            // A common clock has one opening for all.
            entry: Some(self.entry.trim())
                .filter(|minutes| self.clock == "own" && !minutes.is_empty())
                .map(|minutes| Ok::<_, AppError>(i64::from(read::<u32>(minutes, || at("entry"))?) * 60_000))
                .transpose()?,
            grace: i64::from(read_or::<u32>(&self.grace, 0, || at("grace"))?) * 1000,
            papers: match self.papers.as_str() {
                "variants" => Papers::Variants(read(&self.variants, || at("variants"))?),
                "personal" => Papers::Personal,
                _ => return Err(wrong(at("papers"), Fault::Unknown)),
            },
            same_questions: self.same_questions,
            shuffle_questions: self.shuffle_questions,
            shuffle_options: self.shuffle_options,
            right: read(&self.right, || at("right"))?,
            wrong: read_or(&self.wrong, Points::ZERO, || at("wrong"))?,
            members: match self.members.as_str() {
                "sum" => Combine::Sum,
                "mean" => Combine::Mean,
                "best" => Combine::Best(read(&self.best, || at("best"))?),
                _ => return Err(wrong(at("members"), Fault::Unknown)),
            },
            absent: match self.absent.as_str() {
                "zero" => Absent::Zero,
                "left_out" => Absent::LeftOut,
                _ => return Err(wrong(at("absent"), Fault::Unknown)),
            },
            scaled: self.scaled,
            rounding: rounding(&self.rounding, || at("rounding"))?,
            void: match self.void.as_str() {
                "points_to_all" => VoidPolicy::PointsToAll,
                "leave_out" => VoidPolicy::LeaveOut,
                _ => return Err(wrong(at("void"), Fault::Unknown)),
            },
            live_marks: self.live_marks,
            review: self.review,
        })
    }

    /// The same with an exam's fields filled in.
    pub(super) fn with_exam(self, exam: &ExamRules) -> Self {
        Self {
            kind: "exam".into(),
            minutes: (exam.duration / 60_000).to_string(),
            seconds: (exam.duration / 1000 % 60).to_string(),
            clock: match exam.clock {
                ExamClock::Common => "common",
                ExamClock::Own => "own",
            }
            .into(),
            entry: exam
                .entry
                .map(|entry| (entry / 60_000).to_string())
                .unwrap_or_default(),
            grace: (exam.grace / 1000).to_string(),
            papers: match exam.papers {
                Papers::Variants(_) => "variants",
                Papers::Personal => "personal",
            }
            .into(),
            variants: match exam.papers {
                Papers::Variants(n) => n.to_string(),
                Papers::Personal => "4".into(),
            },
            same_questions: exam.same_questions,
            shuffle_questions: exam.shuffle_questions,
            shuffle_options: exam.shuffle_options,
            right: exam.right.to_string(),
            wrong: exam.wrong.to_string(),
            members: match exam.members {
                Combine::Sum => "sum",
                Combine::Mean => "mean",
                Combine::Best(_) => "best",
            }
            .into(),
            best: match exam.members {
                Combine::Best(n) => n.to_string(),
                _ => "3".into(),
            },
            absent: match exam.absent {
                Absent::Zero => "zero",
                Absent::LeftOut => "left_out",
            }
            .into(),
            scaled: exam.scaled,
            rounding: exam.rounding.step.to_string(),
            void: match exam.void {
                VoidPolicy::PointsToAll => "points_to_all",
                VoidPolicy::LeaveOut => "leave_out",
            }
            .into(),
            live_marks: exam.live_marks,
            review: exam.review,
            cells: exam
                .blueprint
                .cells
                .iter()
                .map(|cell| CellForm {
                    topic: cell.topic.clone().unwrap_or_default(),
                    level: cell.level.map(Level::as_str).unwrap_or_default().into(),
                    count: cell.count.to_string(),
                })
                .collect(),
            ..self
        }
    }
}
