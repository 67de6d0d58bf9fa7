//! A round on stage as the form's fields.

use contest::{
    Millis, Points, RoundId,
    refusal::Fault,
    rules::{Criterion, Judges, MissingJudge, Overtime, StageRules, StageTime},
    template::Rubric,
};
use serde::{Deserialize, Serialize};

use super::{place, place::wrong, read, read_or, rounding};
use crate::error::AppError;

/// One line of a rubric as typed. Without a name and a maximum there is no such line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CriterionForm {
    /// 0 for a new one.
    pub id: u32,
    /// Its place; equal places keep the order of the form.
    pub order: String,
    pub name: String,
    pub maximum: String,
    pub step: String,
}

/// The rules of a round on stage as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StageForm {
    /// Times are minutes, or minutes and seconds (`12:30`); empty: none.
    pub limit: String,
    pub warning: String,
    pub cut_off: String,
    pub thinking: String,
    /// `free`, `once` or `per_minute`.
    pub overtime: String,
    pub overtime_by: String,
    pub overtime_points: String,
    pub overtime_most: String,
    /// `mean`, `sum` or `trimmed`.
    pub judges: String,
    pub trimmed_from: String,
    /// `rest` or `block`.
    pub missing: String,
    /// Empty: never.
    pub spread: String,
    pub packs: String,
    pub show_confirmed: bool,
    /// A [`Rubric`]'s name: its lines replace those below.
    pub usual: String,
}

/// `12`, `12:30`; nothing is none.
pub(super) fn clock(text: &str, place: impl Fn() -> String) -> Result<Option<Millis>, AppError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let (minutes, seconds) = text.split_once(':').unwrap_or((text, "0"));
    let (minutes, seconds): (u32, u32) = (read(minutes, &place)?, read(seconds, &place)?);
    if seconds > 59 {
        return Err(wrong(place(), Fault::OutOfRange));
    }
    Ok(Some((i64::from(minutes) * 60 + i64::from(seconds)) * 1000))
}

/// As [`clock`] reads it.
pub(super) fn written(millis: Millis) -> String {
    let seconds = millis / 1000;
    if seconds % 60 == 0 {
        (seconds / 60).to_string()
    } else {
        format!("{}:{:02}", seconds / 60, seconds % 60)
    }
}

/// What overtime costs, from its four fields: kind, seconds over, points each time, points at most.
pub(super) fn overtime(texts: [&str; 4], at: impl Fn(&str) -> String) -> Result<Overtime, AppError> {
    let [kind, by, points, most] = texts;
    let once = || read_or(points, Points::ZERO, || at("overtime_points"));
    match kind {
        "free" | "" => Ok(Overtime::Free),
        "once" => Ok(Overtime::Once {
            by: i64::from(read_or::<u32>(by, 0, || at("overtime_by"))?) * 1000,
            points: once()?,
        }),
        "per_minute" => {
            let points = once()?;
            // Without a bound: as much as there is.
            let at_most = read_or(most, Points::whole(1000).max(points), || at("overtime_most"))?;
            Ok(Overtime::PerMinute { points, at_most })
        }
        _ => Err(wrong(at("overtime"), Fault::Unknown)),
    }
}

/// The four fields of what overtime costs.
pub(super) fn overtime_texts(overtime: Overtime) -> [String; 4] {
    let (kind, by, points, most) = match overtime {
        Overtime::Free => ("free", 15_000, Points::whole(1), None),
        Overtime::Once { by, points } => ("once", by, points, None),
        Overtime::PerMinute { points, at_most } => ("per_minute", 15_000, points, Some(at_most)),
    };
    let most = most.map(|most: Points| most.to_string()).unwrap_or_default();
    [kind.into(), (by / 1000).to_string(), points.to_string(), most]
}

impl StageForm {
    /// The form's rules. `round` is its place in the form, `taken` the highest number that a criterion of this
    /// round has ever had: a new one must not inherit another's marks.
    pub(super) fn rules(
        &self,
        round: &str,
        lines: &[CriterionForm],
        rounding_step: &str,
        old: Option<&StageRules>,
        taken: u32,
    ) -> Result<StageRules, AppError> {
        // A new round: the form shows only its name, mark and kind.
        if self.judges.is_empty() {
            return Ok(old.cloned().unwrap_or_default());
        }
        let at = |name: &str| format!("{round}[stage][{name}]");
        let time = |text: &str, name: &'static str| clock(text, || at(name));
        let spread = match self.spread.trim() {
            "" => None,
            text => Some(read(text, || at("spread"))?),
        };
        let rules = StageRules {
            rubric: self.criteria(round, lines, old, taken)?,
            time: StageTime {
                limit: time(&self.limit, "limit")?.unwrap_or(0),
                warning: time(&self.warning, "warning")?.unwrap_or(0),
                cut_off: time(&self.cut_off, "cut_off")?,
                thinking: time(&self.thinking, "thinking")?.unwrap_or(0),
            },
            overtime: overtime(
                [
                    &self.overtime,
                    &self.overtime_by,
                    &self.overtime_points,
                    &self.overtime_most,
                ],
                |name| at(name),
            )?,
            judges: match self.judges.as_str() {
                "mean" => Judges::Mean,
                "sum" => Judges::Sum,
                "trimmed" => Judges::Trimmed {
                    from: read(&self.trimmed_from, || at("trimmed_from"))?,
                },
                _ => return Err(wrong(at("judges"), Fault::Unknown)),
            },
            missing: match self.missing.as_str() {
                "rest" => MissingJudge::Rest,
                "block" => MissingJudge::Block,
                _ => return Err(wrong(at("missing"), Fault::Unknown)),
            },
            rounding: rounding(rounding_step, || format!("{round}[rounding]"))?,
            show_confirmed: self.show_confirmed,
            spread,
            packs: read_or(&self.packs, 0, || at("packs"))?,
        };
        Ok(rules)
    }

    fn criteria(
        &self,
        round: &str,
        forms: &[CriterionForm],
        old: Option<&StageRules>,
        taken: u32,
    ) -> Result<Vec<Criterion>, AppError> {
        let known = old.map_or(&[][..], |old| &old.rubric);
        let mut last = known.iter().map(|line| line.id).max().unwrap_or(0).max(taken);
        let mut next = || {
            last += 1;
            last
        };
        if let Some(usual) = Rubric::named(&self.usual) {
            let lines = usual.criteria().into_iter();
            return Ok(lines.map(|line| Criterion { id: next(), ..line }).collect());
        }
        let mut lines: Vec<(u32, Criterion)> = Vec::new();
        for (n, form) in forms.iter().enumerate() {
            if form.name.trim().is_empty() && form.maximum.trim().is_empty() {
                continue;
            }
            let row = format!("{round}[rubric][{n}]");
            let at = |name: &str| format!("{row}[{name}]");
            if form.name.trim().is_empty() {
                return Err(wrong(at("name"), Fault::Empty));
            }
            let order = read_or(&form.order, u32::MAX, || at("order"))?;
            let line = Criterion {
                // A number that this rubric does not have is nobody's.
                id: if known.iter().any(|line| line.id == form.id) {
                    form.id
                } else {
                    next()
                },
                name: form.name.clone(),
                maximum: read(&form.maximum, || at("maximum"))?,
                step: read_or(&form.step, Points(250), || at("step"))?,
            };
            place::criterion(&row, &line)?;
            lines.push((order, line));
        }
        lines.sort_by_key(|(order, _)| *order);
        Ok(lines.into_iter().map(|(_, line)| line).collect())
    }
}

impl From<&StageRules> for StageForm {
    fn from(rules: &StageRules) -> Self {
        let time = |millis: Millis| {
            if millis == 0 {
                String::new()
            } else {
                written(millis)
            }
        };
        let [overtime, by, points, most] = overtime_texts(rules.overtime);
        Self {
            limit: time(rules.time.limit),
            warning: time(rules.time.warning),
            cut_off: rules.time.cut_off.map(written).unwrap_or_default(),
            thinking: time(rules.time.thinking),
            overtime,
            overtime_by: by,
            overtime_points: points,
            overtime_most: most,
            judges: match rules.judges {
                Judges::Mean => "mean",
                Judges::Sum => "sum",
                Judges::Trimmed { .. } => "trimmed",
            }
            .into(),
            trimmed_from: match rules.judges {
                Judges::Trimmed { from } => from.to_string(),
                _ => "5".into(),
            },
            missing: match rules.missing {
                MissingJudge::Rest => "rest",
                MissingJudge::Block => "block",
            }
            .into(),
            spread: rules.spread.map(|points| points.to_string()).unwrap_or_default(),
            packs: rules.packs.to_string(),
            show_confirmed: rules.show_confirmed,
            usual: String::new(),
        }
    }
}

impl From<(u32, &Criterion)> for CriterionForm {
    fn from((order, line): (u32, &Criterion)) -> Self {
        Self {
            id: line.id,
            order: order.to_string(),
            name: line.name.clone(),
            maximum: line.maximum.to_string(),
            step: line.step.to_string(),
        }
    }
}

/// The highest number that a criterion of `round` has on any sheet.
pub(super) fn marked(contest: &contest::Contest, round: RoundId) -> u32 {
    let stage = contest.stages.get(&round);
    let sheets = stage
        .into_iter()
        .flat_map(|stage| stage.performances.values())
        .flat_map(|performance| performance.sheets.values());
    sheets
        .flat_map(|sheet| sheet.marks.keys().copied())
        .max()
        .unwrap_or(0)
}
