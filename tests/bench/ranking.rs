//! The standings, computed in this process: rules only, no I/O.

use contest::{
    PersonId, Points, TeamId,
    marking::{AttemptMark, Line, team_mark},
    rules::{Round, Rules},
    standing::{Marks, rank},
    template::Template,
};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// The shortest of five runs, as the least disturbed.
fn best(mut run: impl FnMut()) -> Duration {
    let times = (0..5).map(|_| {
        let started = Instant::now();
        run();
        started.elapsed()
    });
    times.min().unwrap_or_default()
}

fn marks(n: u32) -> Vec<Marks> {
    let row = |i: u32| Marks {
        team: TeamId(i),
        marks: (0..3)
            .map(|r| {
                Some(Points(
                    i64::from(i.wrapping_mul(2_654_435_761) >> (8 + r)) % 30_000,
                ))
            })
            .collect(),
        seconds: i64::from(i % 1200),
        criteria: BTreeMap::new(),
    };
    (1..=n).map(row).collect()
}

/// The baseline: so many rows put in order by one number, without ties, rounds or rounding.
pub fn sorted(n: u32) -> Duration {
    let rows = marks(n);
    best(|| {
        let mut rows = rows.clone();
        rows.sort_by_key(|row| std::cmp::Reverse(row.marks.iter().flatten().map(|mark| mark.0).sum::<i64>()));
        std::hint::black_box(rows);
    })
}

/// Ranking 14 teams of the home case.
pub fn fourteen_teams() -> Duration {
    let rules = Template::G1.rules();
    let rows = marks(14);
    best(|| {
        std::hint::black_box(rank(&rules, &[], rows.clone()));
    })
}

/// Marks of 100,000 attempts combined into 2,000 units, and all 100,000 ranked one by one.
pub fn hundred_thousand_attempts() -> Duration {
    let rules: Rules = Template::G2.rules();
    let round: &Round = &rules.rounds[0];
    let exam = round.exam().expect("G2 is an exam");
    let lines: Vec<Line> = (0..100_000u32)
        .map(|i| Line {
            person: PersonId(i64::from(i)),
            team: TeamId(i % 2000),
            mark: Some(AttemptMark {
                points: Points::whole(i64::from(i % 31)),
                ..AttemptMark::default()
            }),
            seconds: i64::from(i % 1200),
        })
        .collect();
    let individuals = marks(100_000);
    best(|| {
        let mut units: BTreeMap<TeamId, Vec<Line>> = BTreeMap::new();
        for line in &lines {
            units.entry(line.team).or_default().push(line.clone());
        }
        for (team, lines) in &units {
            std::hint::black_box(team_mark(round, exam, *team, lines));
        }
        std::hint::black_box(rank(&rules, &[], individuals.clone()));
    })
}
