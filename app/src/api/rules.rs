//! The thể lệ: a template, or a form over everything that can be set.

use contest::{
    Command, Points, RoundId,
    intake::Level,
    points::Rounding,
    rules::{
        Absent, Blueprint, Cell, Combine, Competitor, ExamClock, ExamRules, Papers, Round, RoundKind, Rules,
        StageRules, TieBreak, VoidPolicy,
    },
    template::Template,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::str::FromStr;

use super::{act, contest_id, contests::bad};
use crate::backend::{house, visit};
use crate::error::AppError;
use crate::layout::paths;

/// Replaces the rules by a template's.
#[server(prefix = "/api/fn", endpoint = "choose_template")]
pub async fn choose_template(
    contest: String,
    template: String,
    #[server(default)] reason: String,
) -> Result<(), AppError> {
    act(async move {
        let id = contest_id(&contest)?;
        let rules = Template::named(&template).ok_or_else(|| bad("template"))?.rules();
        let reason = Some(reason);
        house()
            .execute(&visit(), &id, Command::SetRules { rules, reason })
            .await?;
        Ok(paths::rules(&id))
    })
    .await
}

/// Sets the rules as edited. `seq` is the ledger's number that the form was made from; the rest is a
/// [`RulesForm`].
#[server(prefix = "/api/fn", endpoint = "set_rules")]
#[allow(clippy::too_many_arguments)]
pub async fn set_rules(
    contest: String,
    seq: u64,
    competitor: String,
    rounding: String,
    #[server(default)] cut_off: String,
    #[server(default)] ties: Vec<String>,
    #[server(default)] rounds: Vec<RoundForm>,
    #[server(default)] reason: String,
) -> Result<(), AppError> {
    act(async move {
        let id = contest_id(&contest)?;
        let (house, visit) = (house(), visit());
        let state = house.contest(&visit, &id).await?;
        // The form holds all rules at once: it must not undo what somebody else has set meanwhile.
        if state.seq != seq {
            return Err(AppError::Stale);
        }
        let form = RulesForm {
            competitor,
            rounding,
            cut_off,
            ties,
            rounds,
        };
        let rules = form.over(state.rules().ok_or(AppError::NotFound)?)?;
        let reason = Some(reason);
        house
            .execute(&visit, &id, Command::SetRules { rules, reason })
            .await?;
        Ok(format!("{}?luu=1", paths::rules(&id)))
    })
    .await
}

/// All rules as the form's fields, texts as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RulesForm {
    /// `team` or `individual`.
    pub competitor: String,
    /// The step that totals are rounded to.
    pub rounding: String,
    /// Empty: none.
    pub cut_off: String,
    /// [`tie_word`]s in their order; empty ones do not count.
    pub ties: Vec<String>,
    /// The rounds, new ones included.
    pub rounds: Vec<RoundForm>,
}

/// A round as the form's fields. Of a round that is no exam only the first ones count.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RoundForm {
    /// 0 for a new round.
    pub id: u32,
    /// Its place; equal places keep the order of the form.
    pub order: String,
    /// `exam`, `stage`; empty: there is no such round.
    pub kind: String,
    pub name: String,
    pub weight: String,
    pub maximum: String,
    pub minutes: String,
    pub seconds: String,
    /// `common` or `own`.
    pub clock: String,
    /// In minutes; empty for no limit.
    pub entry: String,
    /// In seconds.
    pub grace: String,
    /// `variants` or `personal`.
    pub papers: String,
    pub variants: String,
    pub same_questions: bool,
    pub shuffle_questions: bool,
    pub shuffle_options: bool,
    pub right: String,
    pub wrong: String,
    /// `sum`, `mean` or `best`.
    pub members: String,
    pub best: String,
    /// `zero` or `left_out`.
    pub absent: String,
    pub scaled: bool,
    pub rounding: String,
    /// `points_to_all` or `leave_out`.
    pub void: String,
    pub live_marks: bool,
    pub review: bool,
    pub cells: Vec<CellForm>,
}

/// So many questions of a topic and level; empty texts take any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CellForm {
    pub topic: String,
    pub level: String,
    pub count: String,
}

/// A tie-break in forms: `seconds`, `decision`, `round-2`, `criterion-2-5`.
pub fn tie_word(by: &TieBreak) -> String {
    match by {
        TieBreak::FewerSeconds => "seconds".into(),
        TieBreak::Decision => "decision".into(),
        TieBreak::RoundMark { round } => format!("round-{round}"),
        TieBreak::Criterion { round, criterion } => format!("criterion-{round}-{criterion}"),
    }
}

fn tie_named(word: &str) -> Option<TieBreak> {
    match word {
        "seconds" => Some(TieBreak::FewerSeconds),
        "decision" => Some(TieBreak::Decision),
        _ => match word.strip_prefix("criterion-") {
            Some(rest) => {
                let (round, criterion) = rest.split_once('-')?;
                Some(TieBreak::Criterion {
                    round: round.parse().ok()?,
                    criterion: criterion.parse().ok()?,
                })
            }
            None => Some(TieBreak::RoundMark {
                round: word.strip_prefix("round-")?.parse().ok()?,
            }),
        },
    }
}

impl RulesForm {
    /// The form's rules. What it has no fields for (stage rounds, the template's name) stays as in `old`.
    ///
    /// # Errors
    /// [`AppError::BadField`] names the first field that cannot be read.
    pub fn over(self, old: &Rules) -> Result<Rules, AppError> {
        let mut last = old.rounds.iter().map(|round| round.id.0).max().unwrap_or(0);
        let mut rounds: Vec<(u32, Round)> = Vec::new();
        for form in self.rounds {
            if form.kind.is_empty() {
                continue;
            }
            let id = if form.id == 0 {
                last += 1;
                RoundId(last)
            } else {
                RoundId(form.id)
            };
            let place = read_or(&form.order, u32::MAX, "order")?;
            rounds.push((place, form.over(id, old.round(id))?));
        }
        rounds.sort_by_key(|(place, _)| *place);
        let ties = self.ties.iter().filter(|word| !word.is_empty());
        let cut_off = self.cut_off.trim();
        Ok(Rules {
            competitor: match self.competitor.as_str() {
                "team" => Competitor::Team,
                "individual" => Competitor::Individual,
                _ => return Err(bad("competitor")),
            },
            rounds: rounds.into_iter().map(|(_, round)| round).collect(),
            tie_breaks: ties
                .map(|word| tie_named(word).ok_or_else(|| bad("tie_breaks")))
                .collect::<Result<_, _>>()?,
            rounding: rounding(&self.rounding)?,
            cut_off: if cut_off.is_empty() {
                None
            } else {
                Some(read(cut_off, "cut_off")?)
            },
            ..old.clone()
        })
    }
}

impl RoundForm {
    fn over(self, id: RoundId, old: Option<&Round>) -> Result<Round, AppError> {
        let kind = match self.kind.as_str() {
            "exam" => RoundKind::Exam(self.exam(old.and_then(Round::exam))?),
            "stage" => match old.map(|round| &round.kind) {
                Some(RoundKind::Stage(stage)) => RoundKind::Stage(stage.clone()),
                _ => RoundKind::Stage(StageRules::default()),
            },
            _ => return Err(bad("kind")),
        };
        Ok(Round {
            id,
            // One decimal mark and three places, like points.
            weight: read::<Points>(&self.weight, "weight")?.0,
            maximum: read(&self.maximum, "maximum")?,
            name: self.name,
            kind,
        })
    }

    fn exam(&self, old: Option<&ExamRules>) -> Result<ExamRules, AppError> {
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
        let mut cells = Vec::new();
        for cell in &self.cells {
            let count = read_or(&cell.count, 0, "blueprint")?;
            if count == 0 {
                continue;
            }
            let level = match cell.level.as_str() {
                "" => None,
                word => Some(Level::parse(word).ok_or_else(|| bad("level"))?),
            };
            let topic = Some(cell.topic.clone()).filter(|topic| !topic.is_empty());
            cells.push(Cell { topic, level, count });
        }
        let (minutes, seconds) = (
            read_or::<u32>(&self.minutes, 0, "duration")?,
            read_or::<u32>(&self.seconds, 0, "duration")?,
        );
        Ok(ExamRules {
            blueprint: Blueprint { cells },
            duration: (i64::from(minutes) * 60 + i64::from(seconds)) * 1000,
            clock: match self.clock.as_str() {
                "common" => ExamClock::Common,
                "own" => ExamClock::Own,
                _ => return Err(bad("clock")),
            },
            // A common clock has one opening for all.
            entry: Some(self.entry.trim())
                .filter(|minutes| self.clock == "own" && !minutes.is_empty())
                .map(|minutes| Ok::<_, AppError>(i64::from(read::<u32>(minutes, "entry")?) * 60_000))
                .transpose()?,
            grace: i64::from(read_or::<u32>(&self.grace, 0, "grace")?) * 1000,
            papers: match self.papers.as_str() {
                "variants" => Papers::Variants(read(&self.variants, "papers")?),
                "personal" => Papers::Personal,
                _ => return Err(bad("papers")),
            },
            same_questions: self.same_questions,
            shuffle_questions: self.shuffle_questions,
            shuffle_options: self.shuffle_options,
            right: read(&self.right, "points")?,
            wrong: read_or(&self.wrong, Points::ZERO, "points")?,
            members: match self.members.as_str() {
                "sum" => Combine::Sum,
                "mean" => Combine::Mean,
                "best" => Combine::Best(read(&self.best, "members")?),
                _ => return Err(bad("members")),
            },
            absent: match self.absent.as_str() {
                "zero" => Absent::Zero,
                "left_out" => Absent::LeftOut,
                _ => return Err(bad("absent")),
            },
            scaled: self.scaled,
            rounding: rounding(&self.rounding)?,
            void: match self.void.as_str() {
                "points_to_all" => VoidPolicy::PointsToAll,
                "leave_out" => VoidPolicy::LeaveOut,
                _ => return Err(bad("void")),
            },
            live_marks: self.live_marks,
            review: self.review,
        })
    }
}

fn rounding(text: &str) -> Result<Rounding, AppError> {
    Ok(Rounding {
        step: read(text, "rounding")?,
    })
}

fn read<T: FromStr>(text: &str, field: &str) -> Result<T, AppError> {
    text.trim().parse().map_err(|_| bad(field))
}

fn read_or<T: FromStr>(text: &str, empty: T, field: &str) -> Result<T, AppError> {
    match text.trim() {
        "" => Ok(empty),
        text => read(text, field),
    }
}

impl From<&Rules> for RulesForm {
    fn from(rules: &Rules) -> Self {
        Self {
            competitor: match rules.competitor {
                Competitor::Team => "team",
                Competitor::Individual => "individual",
            }
            .into(),
            rounding: rules.rounding.step.to_string(),
            cut_off: rules.cut_off.map(|n| n.to_string()).unwrap_or_default(),
            ties: rules.tie_breaks.iter().map(tie_word).collect(),
            rounds: (1u32..).zip(&rules.rounds).map(RoundForm::from).collect(),
        }
    }
}

impl From<(u32, &Round)> for RoundForm {
    fn from((place, round): (u32, &Round)) -> Self {
        let base = Self {
            id: round.id.0,
            order: place.to_string(),
            kind: "stage".into(),
            name: round.name.clone(),
            weight: Points(round.weight).to_string(),
            maximum: round.maximum.to_string(),
            ..Self::default()
        };
        let Some(exam) = round.exam() else {
            return base;
        };
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
            ..base
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_left_alone_changes_nothing() {
        for template in Template::ALL {
            let rules = template.rules();
            assert_eq!(RulesForm::from(&rules).over(&rules), Ok(rules));
        }
    }

    #[test]
    fn rounds_come_and_go_and_change_places() {
        let old = Template::G1.rules();
        let mut form = RulesForm::from(&old);
        form.rounds[0].order = "9".into();
        form.rounds[1].kind = String::new();
        form.ties = vec![String::new(), "round-3".into(), "criterion-2-5".into()];
        form.rounds.push(RoundForm {
            kind: "exam".into(),
            name: "Vòng hai".into(),
            weight: "0,5".into(),
            maximum: "10".into(),
            ..RoundForm::default()
        });
        let new = form.over(&old).unwrap();
        let named: Vec<(u32, &str)> = new.rounds.iter().map(|r| (r.id.0, r.name.as_str())).collect();
        assert_eq!(named, [(3, "Thuyết trình"), (1, "Trắc nghiệm"), (4, "Vòng hai")]);
        assert_eq!(new.rounds[2].weight, 500);
        let criterion = TieBreak::Criterion {
            round: RoundId(2),
            criterion: 5,
        };
        assert_eq!(
            new.tie_breaks,
            [TieBreak::RoundMark { round: RoundId(3) }, criterion]
        );
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let old = Template::G1.rules();
        let mut form = RulesForm::from(&old);
        form.rounds[0].right = "một".into();
        assert_eq!(form.over(&old), Err(bad("points")));
    }
}
