//! Where in the form something is wrong.
//!
//! The law ([`Rules::check`]) names the first field that cannot stand, but not which of five. Each part of
//! the form is therefore put before the same law alone, and what it says gets that part's place.

use contest::{
    Points, Refusal, RoundId,
    points::Rounding,
    refusal::{Fault, Field},
    rules::{Competitor, Criterion, Round, RoundKind, Rules, StageRules, StageTime},
};

use crate::error::AppError;

/// A field of a long form, by its name on the wire, is not right.
pub(super) fn wrong(place: impl Into<String>, fault: Fault) -> AppError {
    AppError::Misplaced {
        place: place.into(),
        fault,
        text: String::new(),
    }
}

/// Rules that hold nothing but this round.
fn alone(round: Round) -> Rules {
    Rules {
        template: String::new(),
        competitor: Competitor::Team,
        rounds: vec![round],
        tie_breaks: vec![],
        rounding: Rounding::HUNDREDTH,
        cut_off: None,
        final_leg: None,
        sole_winner: false,
        time_in_all: None,
        awards: vec![],
        appeal_window: 0,
    }
}

/// What the law says of a round, and of which field of it.
fn fault_of(round: Round) -> Option<(Field, Fault)> {
    match alone(round).check() {
        Err(Refusal::Invalid { field, fault }) => Some((field, fault)),
        _ => None,
    }
}

fn on_stage(stage: StageRules) -> Option<(Field, Fault)> {
    fault_of(Round {
        id: RoundId(1),
        name: "-".into(),
        weight: 1000,
        maximum: Points::whole(1),
        kind: RoundKind::Stage(stage),
    })
}

/// A criterion, alone; `row` is its place in the form.
pub(super) fn criterion(row: &str, criterion: &Criterion) -> Result<(), AppError> {
    let stage = StageRules {
        rubric: vec![criterion.clone()],
        ..StageRules::default()
    };
    on_stage(stage).map_or(Ok(()), |(field, fault)| {
        let name = match field {
            Field::Maximum => "maximum",
            Field::Points => "step",
            _ => "name",
        };
        Err(wrong(format!("{row}[{name}]"), fault))
    })
}

/// A stage round's own rules, one after another; `round` is its place in the form.
pub(super) fn stage(round: &str, rules: &StageRules) -> Result<(), AppError> {
    let plain = StageRules::default;
    let time = |warning, cut_off| StageRules {
        time: StageTime {
            warning,
            cut_off,
            limit: rules.time.limit,
            ..StageTime::default()
        },
        ..plain()
    };
    let parts = [
        ("limit", time(0, None)),
        ("warning", time(rules.time.warning, None)),
        ("cut_off", time(rules.time.warning, rules.time.cut_off)),
        (
            "thinking",
            StageRules {
                time: StageTime {
                    thinking: rules.time.thinking,
                    ..StageTime::default()
                },
                ..plain()
            },
        ),
        (
            "trimmed_from",
            StageRules {
                judges: rules.judges,
                ..plain()
            },
        ),
        (
            "rounding",
            StageRules {
                rounding: rules.rounding,
                ..plain()
            },
        ),
        (
            "packs",
            StageRules {
                packs: rules.packs,
                ..plain()
            },
        ),
        (
            "rubric",
            StageRules {
                rubric: rules.rubric.clone(),
                ..plain()
            },
        ),
    ];
    for (name, part) in parts {
        if let Some((_, fault)) = on_stage(part) {
            let name = match name {
                "rounding" | "rubric" => format!("{round}[{name}]"),
                _ => format!("{round}[stage][{name}]"),
            };
            return Err(wrong(name, fault));
        }
    }
    let overtime = StageRules {
        overtime: rules.overtime,
        ..plain()
    };
    on_stage(overtime).map_or(Ok(()), |(field, fault)| {
        let name = match (field, rules.overtime) {
            (Field::Duration, _) => "overtime_by",
            (_, contest::rules::Overtime::PerMinute { points, .. })
                if (0..=1_000_000).contains(&points.0) =>
            {
                "overtime_most"
            }
            _ => "overtime_points",
        };
        Err(wrong(format!("{round}[stage][{name}]"), fault))
    })
}

/// A whole round, alone; `place` is its place in the form.
pub(super) fn round(place: &str, round: &Round) -> Result<(), AppError> {
    if let Some(rules) = round.stage() {
        stage(place, rules)?;
    }
    fault_of(round.clone()).map_or(Ok(()), |(field, fault)| {
        let wrong_is_sound = round.exam().is_none_or(|exam| exam.wrong.0 >= 0);
        let name = match field {
            Field::Weight => "weight",
            Field::Maximum => "maximum",
            Field::Duration => "minutes",
            Field::Entry => "entry",
            Field::Grace => "grace",
            Field::Points if wrong_is_sound => "right",
            Field::Points => "wrong",
            Field::Rounding => "rounding",
            Field::Blueprint => "blueprint",
            Field::Papers => "variants",
            Field::Members => "best",
            _ => "name",
        };
        Err(wrong(format!("{place}[{name}]"), fault))
    })
}

/// The rules as a whole, whose parts are sound. `places` are the rounds' places in the form.
pub(super) fn whole(rules: &Rules, places: &[String], awards: &[String]) -> Result<(), AppError> {
    let Err(refusal) = rules.check() else {
        return Ok(());
    };
    let Refusal::Invalid { field, fault } = refusal else {
        return Err(refusal.into());
    };
    let part = |change: &dyn Fn(&mut Rules)| {
        let mut part = Rules {
            tie_breaks: vec![],
            awards: vec![],
            final_leg: None,
            cut_off: None,
            appeal_window: 0,
            sole_winner: false,
            time_in_all: None,
            ..rules.clone()
        };
        change(&mut part);
        part.check().is_err()
    };
    let place = match field {
        Field::Rounding => Some("rounding".to_owned()),
        Field::Duration if part(&|part| part.appeal_window = rules.appeal_window) => {
            Some("appeal_hours".to_owned())
        }
        Field::Duration => Some("all_limit".to_owned()),
        Field::Points => Some("all_overtime_points".to_owned()),
        Field::CutOff if part(&|part| part.cut_off = rules.cut_off) => Some("cut_off".to_owned()),
        Field::CutOff => Some("final_teams".to_owned()),
        Field::Rounds if part(&|part| part.final_leg = rules.final_leg) && !part(&|_| ()) => {
            Some("final_from".to_owned())
        }
        // Two rounds of one name: the later one is told.
        Field::Rounds => (1..=rules.rounds.len())
            .find(|n| part(&|part| part.rounds.truncate(*n)))
            .and_then(|n| places.get(n - 1))
            .map(|place| format!("{place}[name]")),
        Field::TieBreaks => (0..rules.tie_breaks.len())
            .find(|n| part(&|part| part.tie_breaks = rules.tie_breaks[..=*n].to_vec()))
            .map(|n| format!("ties[{n}]"))
            .or(Some("sole_winner".to_owned())),
        Field::Awards => (0..rules.awards.len())
            .find(|n| part(&|part| part.awards = vec![rules.awards[*n].clone()]))
            .and_then(|n| awards.get(n))
            .map(|place| format!("{place}[by]")),
        _ => None,
    };
    Err(
        place.map_or(AppError::from(Refusal::invalid(field, fault)), |place| {
            wrong(place, fault)
        }),
    )
}
