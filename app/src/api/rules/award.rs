//! Prizes as the form's fields.

use contest::{
    RoundId,
    award::{AwardBy, AwardRule, Ties},
    refusal::Fault,
};
use serde::{Deserialize, Serialize};

use super::{place::wrong, read, read_or};
use crate::error::AppError;

/// A prize as typed. Without a name there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AwardForm {
    /// 0 for a new one.
    pub id: u32,
    /// Its place; equal places keep the order of the form.
    pub order: String,
    pub name: String,
    /// An [`award_word`].
    pub by: String,
    pub places: String,
    /// `joint` or `consume`.
    pub ties: String,
}

/// What a prize goes by, in forms: `total`, `chosen`, `round-2`.
pub fn award_word(by: AwardBy) -> String {
    match by {
        AwardBy::Total => "total".into(),
        AwardBy::Chosen => "chosen".into(),
        AwardBy::Round { round } => format!("round-{round}"),
    }
}

fn award_named(word: &str) -> Option<AwardBy> {
    match word {
        "total" => Some(AwardBy::Total),
        "chosen" => Some(AwardBy::Chosen),
        _ => Some(AwardBy::Round {
            round: RoundId(word.strip_prefix("round-")?.parse().ok()?),
        }),
    }
}

/// The prizes of the form with their places in it. `taken` is the highest number that a prize ever had.
pub(super) fn awards(
    forms: &[AwardForm],
    known: &[AwardRule],
    taken: u32,
) -> Result<(Vec<AwardRule>, Vec<String>), AppError> {
    let mut last = known.iter().map(|award| award.id).max().unwrap_or(0).max(taken);
    let mut awards: Vec<(u32, AwardRule, String)> = Vec::new();
    for (n, form) in forms.iter().enumerate() {
        if form.name.trim().is_empty() {
            continue;
        }
        let row = format!("awards[{n}]");
        let at = |name: &str| format!("{row}[{name}]");
        let id = if known.iter().any(|award| award.id == form.id) {
            form.id
        } else {
            last += 1;
            last
        };
        if form.name.trim().chars().count() > 80 {
            return Err(wrong(at("name"), Fault::TooLong));
        }
        let places: u32 = read_or(&form.places, 1, || at("places"))?;
        if !(1..=1000).contains(&places) {
            return Err(wrong(at("places"), Fault::OutOfRange));
        }
        let order = read_or(&form.order, u32::MAX, || at("order"))?;
        let award = AwardRule {
            id,
            name: form.name.clone(),
            by: award_named(&form.by).ok_or_else(|| wrong(at("by"), Fault::Unknown))?,
            places,
            ties: match form.ties.as_str() {
                "joint" | "" => Ties::Joint,
                "consume" => Ties::Consume,
                _ => return Err(wrong(at("ties"), Fault::Unknown)),
            },
        };
        awards.push((order, award, row));
    }
    awards.sort_by_key(|(order, ..)| *order);
    Ok(awards.into_iter().map(|(_, award, row)| (award, row)).unzip())
}

impl From<(u32, &AwardRule)> for AwardForm {
    fn from((place, award): (u32, &AwardRule)) -> Self {
        Self {
            id: award.id,
            order: place.to_string(),
            name: award.name.clone(),
            by: award_word(award.by),
            places: award.places.to_string(),
            ties: match award.ties {
                Ties::Joint => "joint",
                Ties::Consume => "consume",
            }
            .into(),
        }
    }
}

/// Hours as typed (`24`, `0,5`) in milliseconds.
pub(super) fn hours(text: &str) -> Result<contest::Millis, AppError> {
    // One decimal mark and three places, like points: a thousandth of an hour is 3.6 seconds.
    let hours = read_or(text, contest::Points::ZERO, || "appeal_hours".to_owned())?;
    Ok(hours.0 * 3600)
}

/// Reads what [`hours`] has to read back.
pub(super) fn in_hours(window: contest::Millis) -> String {
    contest::Points(window / 3600).to_string()
}

/// How many go on, as typed.
pub(super) fn count(text: &str, place: &'static str) -> Result<u32, AppError> {
    read(text, || place.to_owned())
}
