//! The thể lệ: a template, or a form over everything that can be set.
//!
//! What cannot stand is told beside its field ([`AppError::Misplaced`]), and what was typed is kept for the
//! page that shows it (`Contests::keep_draft`).

mod award;
mod exam;
mod place;
mod stage;

use contest::{
    Actor, Command, Contest, Event, Points, RoundId,
    points::Rounding,
    refusal::{Fault, Refusal},
    rules::{Competitor, FinalLeg, Round, RoundKind, Rules, TieBreak, TimeInAll},
    template::Template,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::str::FromStr;

use super::{act, contest_id, contests::bad};
use crate::backend::{Visit, house, visit};
use crate::error::AppError;
use crate::layout::paths;
use place::wrong;

pub use award::{AwardForm, award_word};
pub use exam::CellForm;
pub use stage::{CriterionForm, StageForm};

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
    #[server(default)] final_from: String,
    #[server(default)] final_teams: String,
    #[server(default)] final_per_cluster: bool,
    #[server(default)] final_carry: bool,
    #[server(default)] sole_winner: bool,
    #[server(default)] all_limit: String,
    #[server(default)] all_overtime: String,
    #[server(default)] all_overtime_by: String,
    #[server(default)] all_overtime_points: String,
    #[server(default)] all_overtime_most: String,
    #[server(default)] awards: Vec<AwardForm>,
    #[server(default)] appeal_hours: String,
    #[server(default)] reason: String,
) -> Result<(), AppError> {
    act(async move {
        let id = contest_id(&contest)?;
        let (house, visit) = (house(), visit());
        let form = RulesForm {
            competitor,
            rounding,
            cut_off,
            ties,
            rounds,
            final_from,
            final_teams,
            final_per_cluster,
            final_carry,
            sole_winner,
            all_limit,
            all_overtime,
            all_overtime_by,
            all_overtime_points,
            all_overtime_most,
            awards,
            appeal_hours,
            reason,
        };
        let done = set(&visit, &id, seq, &form).await;
        if done.is_err()
            && let Ok(text) = serde_json::to_string(&form)
        {
            house.keep_draft(&visit, &id, text);
        }
        done?;
        Ok(format!("{}?luu=1", paths::rules(&id)))
    })
    .await
}

async fn set(visit: &Visit, id: &contest::ContestId, seq: u64, form: &RulesForm) -> Result<(), AppError> {
    let house = house();
    let state = house.contest(visit, id).await?;
    // Before a word of the form is read: who may not set rules is not told what is wrong with his.
    if !matches!(visit.actor_in(id), Actor::Organizer { user } if state.organizers.contains(&user)) {
        return Err(Refusal::NotAllowed.into());
    }
    // The form holds all rules at once: it must not undo what somebody else has set meanwhile.
    if rules_set_since(visit, id, seq).await? {
        return Err(AppError::Stale);
    }
    let rules = form.over(state.rules().ok_or(AppError::NotFound)?, &Taken::by(&state))?;
    let reason = Some(form.reason.clone());
    match house
        .execute(visit, id, Command::SetRules { rules, reason })
        .await
    {
        Err(AppError::Refused {
            refusal: Refusal::ReasonNeeded,
        }) => Err(wrong("reason", Fault::Empty)),
        other => other.map(|_| ()),
    }
}

/// Whether the rules have been set after entry `seq`. Marks and clocks move the ledger all the time; only
/// rules make a form of rules stale.
async fn rules_set_since(visit: &Visit, id: &contest::ContestId, seq: u64) -> Result<bool, AppError> {
    const PAGE: u32 = 200;
    let mut before = None;
    loop {
        let entries = house().ledger(visit, id, before, PAGE).await?;
        let news = entries.iter().take_while(|entry| entry.seq > seq);
        if news
            .clone()
            .any(|entry| matches!(entry.event, Event::RulesSet { .. }))
        {
            return Ok(true);
        }
        match entries.last() {
            Some(last) if last.seq > seq && entries.len() == PAGE as usize => before = Some(last.seq),
            _ => return Ok(false),
        }
    }
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
    /// The first round of the final leg; empty: there is none.
    pub final_from: String,
    pub final_teams: String,
    pub final_per_cluster: bool,
    pub final_carry: bool,
    pub sole_winner: bool,
    /// One time for all stage rounds of a team; empty: there is none.
    pub all_limit: String,
    pub all_overtime: String,
    pub all_overtime_by: String,
    pub all_overtime_points: String,
    pub all_overtime_most: String,
    /// The prizes, new ones included.
    pub awards: Vec<AwardForm>,
    /// How long complaints are heard; empty or 0: not at all.
    pub appeal_hours: String,
    /// Why, once the contest has opened.
    pub reason: String,
}

/// A round as the form's fields. Of the other kind's fields none counts.
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
    /// Of either kind.
    pub rounding: String,
    /// `points_to_all` or `leave_out`.
    pub void: String,
    pub live_marks: bool,
    pub review: bool,
    pub cells: Vec<CellForm>,
    pub stage: StageForm,
    pub rubric: Vec<CriterionForm>,
}

/// Numbers that were given out once: what is new must not inherit what was said of another.
#[derive(Debug, Default)]
pub struct Taken {
    round: u32,
    award: u32,
    criteria: BTreeMap<RoundId, u32>,
}

impl Taken {
    /// What the contest's ledger speaks of.
    pub fn by(contest: &Contest) -> Self {
        let rounds = contest.exams.keys().chain(contest.stages.keys());
        let stages = contest.stages.keys();
        Self {
            round: rounds.map(|id| id.0).max().unwrap_or(0),
            award: contest.given.keys().copied().max().unwrap_or(0),
            criteria: stages.map(|id| (*id, stage::marked(contest, *id))).collect(),
        }
    }
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
    /// The form's rules. What it has no fields for (the template's name) stays as in `old`.
    ///
    /// # Errors
    /// [`AppError::Misplaced`] names the first field that cannot be read or cannot stand.
    pub fn over(&self, old: &Rules, taken: &Taken) -> Result<Rules, AppError> {
        let last = old.rounds.iter().map(|round| round.id.0).max().unwrap_or(0);
        let mut last = last.max(taken.round);
        let mut rounds: Vec<(u32, Round, String)> = Vec::new();
        for (n, form) in self.rounds.iter().enumerate() {
            if form.kind.is_empty() {
                continue;
            }
            // A number that these rules do not have is nobody's.
            let id = match old.round(RoundId(form.id)) {
                Some(round) => round.id,
                None => {
                    last += 1;
                    RoundId(last)
                }
            };
            let place = format!("rounds[{n}]");
            let order = read_or(&form.order, u32::MAX, || format!("{place}[order]"))?;
            let criteria = taken.criteria.get(&id).copied().unwrap_or(0);
            let round = form.over(&place, id, old.round(id), criteria)?;
            place::round(&place, &round)?;
            rounds.push((order, round, place));
        }
        rounds.sort_by_key(|(order, ..)| *order);
        let (rounds, places): (Vec<Round>, Vec<String>) =
            rounds.into_iter().map(|(_, round, place)| (round, place)).unzip();
        let (awards, rows) = award::awards(&self.awards, &old.awards, taken.award)?;
        let cut_off = self.cut_off.trim();
        let rules = Rules {
            competitor: match self.competitor.as_str() {
                "team" => Competitor::Team,
                "individual" => Competitor::Individual,
                _ => return Err(wrong("competitor", Fault::Unknown)),
            },
            rounds,
            tie_breaks: self.tie_breaks()?,
            rounding: rounding(&self.rounding, || "rounding".into())?,
            cut_off: if cut_off.is_empty() {
                None
            } else {
                Some(read(cut_off, || "cut_off".into())?)
            },
            final_leg: self.final_leg()?,
            sole_winner: self.sole_winner,
            time_in_all: self.time_in_all()?,
            awards,
            appeal_window: award::hours(&self.appeal_hours)?,
            template: old.template.clone(),
        };
        place::whole(&rules, &places, &rows)?;
        Ok(rules)
    }

    /// The same without the lines at the ends of its lists in which nothing was written.
    #[must_use]
    pub fn without_empty_ends(mut self) -> Self {
        fn cut<T>(list: &mut Vec<T>, empty: impl Fn(&T) -> bool) {
            let kept = list
                .iter()
                .rposition(|line| !empty(line))
                .map_or(0, |last| last + 1);
            list.truncate(kept);
        }
        cut(&mut self.ties, String::is_empty);
        cut(&mut self.awards, |award| award.name.trim().is_empty());
        for round in &mut self.rounds {
            cut(&mut round.rubric, |line| {
                line.name.trim().is_empty() && line.maximum.trim().is_empty()
            });
        }
        self
    }

    fn tie_breaks(&self) -> Result<Vec<TieBreak>, AppError> {
        let words = self.ties.iter().enumerate().filter(|(_, word)| !word.is_empty());
        words
            .map(|(n, word)| tie_named(word).ok_or_else(|| wrong(format!("ties[{n}]"), Fault::Unknown)))
            .collect()
    }

    fn time_in_all(&self) -> Result<Option<TimeInAll>, AppError> {
        let Some(limit) = stage::clock(&self.all_limit, || "all_limit".into())? else {
            return Ok(None);
        };
        let texts = [
            &*self.all_overtime,
            &self.all_overtime_by,
            &self.all_overtime_points,
            &self.all_overtime_most,
        ];
        let overtime = stage::overtime(texts, |name| format!("all_{name}"))?;
        Ok(Some(TimeInAll { limit, overtime }))
    }

    fn final_leg(&self) -> Result<Option<FinalLeg>, AppError> {
        if self.final_from.trim().is_empty() {
            return Ok(None);
        }
        Ok(Some(FinalLeg {
            from: RoundId(read(&self.final_from, || "final_from".into())?),
            teams: award::count(&self.final_teams, "final_teams")?,
            per_cluster: self.final_per_cluster,
            carry: self.final_carry,
        }))
    }
}

impl RoundForm {
    fn over(&self, place: &str, id: RoundId, old: Option<&Round>, criteria: u32) -> Result<Round, AppError> {
        let at = |name: &str| format!("{place}[{name}]");
        let kind = match self.kind.as_str() {
            "exam" => RoundKind::Exam(self.exam(place, old.and_then(Round::exam))?),
            "stage" => {
                let old = old.and_then(Round::stage);
                let (lines, step) = (&self.rubric, &self.rounding);
                RoundKind::Stage(self.stage.rules(place, lines, step, old, criteria)?)
            }
            _ => return Err(wrong(at("kind"), Fault::Unknown)),
        };
        Ok(Round {
            id,
            // One decimal mark and three places, like points.
            weight: read::<Points>(&self.weight, || at("weight"))?.0,
            maximum: read(&self.maximum, || at("maximum"))?,
            name: self.name.clone(),
            kind,
        })
    }
}

fn rounding(text: &str, place: impl Fn() -> String) -> Result<Rounding, AppError> {
    Ok(Rounding {
        step: read(text, place)?,
    })
}

fn read<T: FromStr>(text: &str, place: impl Fn() -> String) -> Result<T, AppError> {
    let text = text.trim();
    let fault = if text.is_empty() {
        Fault::Empty
    } else {
        Fault::NotANumber
    };
    text.parse().map_err(|_| wrong(place(), fault))
}

fn read_or<T: FromStr>(text: &str, empty: T, place: impl Fn() -> String) -> Result<T, AppError> {
    match text.trim() {
        "" => Ok(empty),
        text => read(text, place),
    }
}

impl From<&Rules> for RulesForm {
    fn from(rules: &Rules) -> Self {
        let (leg, all) = (rules.final_leg, rules.time_in_all);
        let [
            all_overtime,
            all_overtime_by,
            all_overtime_points,
            all_overtime_most,
        ] = stage::overtime_texts(all.map(|all| all.overtime).unwrap_or_default());
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
            final_from: leg.map(|leg| leg.from.to_string()).unwrap_or_default(),
            final_teams: leg.map(|leg| leg.teams.to_string()).unwrap_or_default(),
            final_per_cluster: leg.is_some_and(|leg| leg.per_cluster),
            final_carry: leg.is_none_or(|leg| leg.carry),
            sole_winner: rules.sole_winner,
            all_limit: all.map(|all| stage::written(all.limit)).unwrap_or_default(),
            all_overtime,
            all_overtime_by,
            all_overtime_points,
            all_overtime_most,
            awards: (1u32..).zip(&rules.awards).map(AwardForm::from).collect(),
            appeal_hours: award::in_hours(rules.appeal_window),
            reason: String::new(),
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
        match &round.kind {
            RoundKind::Exam(exam) => base.with_exam(exam),
            RoundKind::Stage(stage) => Self {
                rounding: stage.rounding.step.to_string(),
                stage: StageForm::from(stage),
                rubric: (1u32..).zip(&stage.rubric).map(CriterionForm::from).collect(),
                ..base
            },
        }
    }
}

#[cfg(test)]
mod tests;
