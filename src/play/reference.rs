//! Whole contests on stage against a slow, obvious reference in exact fractions: sheets, dropped sheets,
//! rounding, deductions, weights, totals, ranks; and what may change nothing.

use super::*;
use crate::rules::Judges;

/// The chief judge marks nothing himself here.
const LEADER: i64 = 99;
const ROUNDS: usize = 2;
const TEAMS: usize = 4;
const JUDGES: usize = 6;

/// Everything that is drawn by lot in one contest.
#[derive(Clone, Debug)]
struct Case {
    teams: usize,
    judges: usize,
    rules: [(Judges, i64, i64, Overtime); ROUNDS],
    total_step: i64,
    parting: Parting,
    /// The second round is a final: how many go on to it, and whether the first counts on.
    leg: Option<(u32, bool)>,
    /// By round, team and judge, in quarters of a point; `None` is a declared conflict.
    sheets: Vec<Option<(i64, i64)>>,
    /// By round and team: seconds taken, and whether what they cost is waived.
    turns: Vec<(i64, bool)>,
}

/// What parts equal totals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Parting {
    Nothing,
    /// The mark of the second round.
    Skit,
    /// Its first criterion.
    Content,
}

fn cases() -> impl Strategy<Value = Case> {
    let judges = prop_oneof![
        Just(Judges::Mean),
        Just(Judges::Sum),
        (3u32..6).prop_map(|from| Judges::Trimmed { from }),
    ];
    let overtime = prop_oneof![
        Just(Overtime::Free),
        (0i64..60, 1i64..12).prop_map(|(by, quarters)| Overtime::Once {
            by: by * 1000,
            points: Points(quarters * 250),
        }),
        (1i64..6, 6i64..20).prop_map(|(quarters, most)| Overtime::PerMinute {
            points: Points(quarters * 250),
            at_most: Points(most * 250),
        }),
    ];
    let step = prop::sample::select(vec![1i64, 10, 250, 500, 1000]);
    let round = (judges, step.clone(), 0i64..3000, overtime);
    (
        2..=TEAMS,
        2..=JUDGES,
        [round.clone(), round],
        step,
        (
            prop::sample::select(vec![Parting::Nothing, Parting::Skit, Parting::Content]),
            prop::option::of((1u32..4, any::<bool>())),
        ),
        prop::collection::vec(
            prop::option::weighted(0.9, (0i64..=24, 0i64..=16)),
            ROUNDS * TEAMS * JUDGES,
        ),
        prop::collection::vec((1i64..1000, any::<bool>()), ROUNDS * TEAMS),
    )
        .prop_map(
            |(teams, judges, rules, total_step, (parting, leg), sheets, turns)| Case {
                teams,
                judges,
                rules,
                total_step,
                parting,
                leg,
                sheets,
                turns,
            },
        )
}

impl Case {
    fn sheet(&self, round: usize, team: usize, judge: usize) -> Option<(i64, i64)> {
        // The first judge has no conflicts: somebody marks every team.
        let sheet = self.sheets[(round * TEAMS + team) * JUDGES + judge];
        sheet.or((judge == 0).then_some((8, 8)))
    }

    fn turn(&self, round: usize, team: usize) -> (i64, bool) {
        self.turns[round * TEAMS + team]
    }

    fn rules(&self) -> Rules {
        let mut rules = rules(ROUNDS as u32);
        for (round, (judges, step, weight, overtime)) in rules.rounds.iter_mut().zip(self.rules) {
            round.weight = weight;
            round.kind = RoundKind::Stage(StageRules {
                judges,
                overtime,
                rounding: Rounding { step: Points(step) },
                spread: None,
                ..skit()
            });
        }
        rules.rounding = Rounding {
            step: Points(self.total_step),
        };
        let round = RoundId(2);
        rules.tie_breaks = match self.parting {
            Parting::Nothing => vec![],
            Parting::Skit => vec![TieBreak::RoundMark { round }],
            Parting::Content => vec![TieBreak::Criterion { round, criterion: 1 }],
        };
        rules.final_leg = self.leg.map(|(teams, carry)| FinalLeg {
            from: round,
            teams,
            per_cluster: false,
            carry,
        });
        rules.awards = vec![AwardRule {
            id: 1,
            name: "Tiểu phẩm hay nhất".into(),
            by: AwardBy::Round { round },
            places: 1,
            ties: Ties::Joint,
        }];
        rules
    }

    /// Holds the contest: `person` of a judge, and the order in which the teams are registered.
    fn held(&self, person: impl Fn(usize) -> i64, order: &[usize]) -> Play {
        let mut play = Play::with(self.rules());
        let names: Vec<String> = order.iter().map(|team| format!("Đội {team}")).collect();
        play.teams(&names.iter().map(String::as_str).collect::<Vec<_>>());
        for round in 0..ROUNDS {
            let id = RoundId(round as u32 + 1);
            let judges = (0..self.judges).map(|judge| PersonId(person(judge))).collect();
            let panel = StageAct::SetPanel {
                judges,
                chief: PersonId(LEADER),
                reason: None,
            };
            play.act_in(id, ORGANIZER, panel);
            let going = play.contest.entrants(id);
            let lots = StageAct::EnterOrder {
                order: going.clone(),
                reason: "phiếu giấy".into(),
            };
            play.act_in(id, SECRETARY, lots);
            for (team, registered) in order.iter().zip((1..).map(TeamId)) {
                if going.contains(&registered) {
                    self.turn_of(&mut play, id, round, *team, registered, &person);
                }
            }
            play.act_in(id, judge(LEADER), StageAct::Confirm { team: None });
            play.act_in(id, ORGANIZER, StageAct::Publish);
        }
        play
    }

    fn turn_of(
        &self,
        play: &mut Play,
        id: RoundId,
        round: usize,
        team: usize,
        registered: TeamId,
        person: &impl Fn(usize) -> i64,
    ) {
        for who in 0..self.judges {
            if self.sheet(round, team, who).is_none() {
                let conflict = StageAct::DeclareConflict {
                    judge: PersonId(person(who)),
                    team: registered,
                    reason: "đơn vị mình".into(),
                };
                play.act_in(id, ORGANIZER, conflict);
            }
        }
        let (seconds, waived) = self.turn(round, team);
        play.performs(id, registered.0, seconds);
        for who in 0..self.judges {
            if let Some((content, acting)) = self.sheet(round, team, who) {
                play.marks(id, person(who), registered.0, content * 250, acting * 250);
            }
        }
        let points = play.contest.proposed(id, registered);
        if points > Points::ZERO {
            let off = StageAct::SetDeduction {
                team: registered,
                points,
                reason: None,
            };
            play.act_in(id, SECRETARY, off);
            if waived {
                let waive = StageAct::WaiveDeduction {
                    team: registered,
                    reason: "loa hỏng".into(),
                };
                play.act_in(id, judge(LEADER), waive);
            }
        }
    }
}

/// A team's rank, marks and total.
type Outcome = (Option<u32>, Vec<Option<Points>>, Option<Points>);

/// What a contest came to, by the names of the teams.
fn outcome(play: &Play) -> BTreeMap<String, Outcome> {
    standings(&play.contest, |r, t| play.contest.mark(r, t))
        .into_iter()
        .map(|row| {
            let name = play.contest.teams[&row.team].name.clone();
            (name, (row.rank, row.marks, row.total))
        })
        .collect()
}

/// A fraction as at school.
#[derive(Clone, Copy, Debug)]
struct Fraction(i128, i128);

impl Fraction {
    fn whole(n: i64) -> Self {
        Self(i128::from(n), 1)
    }

    fn plus(self, other: Self) -> Self {
        Self(self.0 * other.1 + other.0 * self.1, self.1 * other.1)
    }

    fn times(self, other: Self) -> Self {
        Self(self.0 * other.0, self.1 * other.1)
    }

    /// To the nearest multiple of `step`, half a step up.
    fn rounded(self, step: i64) -> Self {
        let steps = self.times(Self(1, i128::from(step))).plus(Self(1, 2));
        Self(steps.0.div_euclid(steps.1) * i128::from(step), 1)
    }

    fn number(self) -> i64 {
        assert_eq!(self.0 % self.1, 0);
        (self.0 / self.1) as i64
    }
}

/// A team's mark in a round, in thousandths, slowly.
fn slow_mark(case: &Case, round: usize, team: usize) -> i64 {
    let (judges, step, _, overtime) = case.rules[round];
    let sheets = (0..case.judges).filter_map(|judge| case.sheet(round, team, judge));
    let mut totals: Vec<i64> = sheets.map(|(content, acting)| (content + acting) * 250).collect();
    totals.sort_unstable();
    if let Judges::Trimmed { from } = judges
        && totals.len() >= from as usize
        && totals.len() >= 3
    {
        totals.remove(0);
        totals.pop();
    }
    let sum = totals
        .iter()
        .fold(Fraction::whole(0), |sum, n| sum.plus(Fraction::whole(*n)));
    let mean = sum.times(Fraction(1, totals.len() as i128));
    let all = match judges {
        Judges::Sum => mean.times(Fraction::whole(case.judges as i64)),
        Judges::Mean | Judges::Trimmed { .. } => mean,
    };
    let combined = all.rounded(step).number();
    // Ten minutes.
    let (seconds, waived) = case.turn(round, team);
    let over = seconds - 600;
    let off = match overtime {
        _ if over <= 0 || waived => 0,
        Overtime::Free => 0,
        Overtime::Once { by, points } if over * 1000 >= by => points.0,
        Overtime::Once { .. } => 0,
        Overtime::PerMinute { points, at_most } => {
            let begun = (0..over).filter(|second| second % 60 == 0).count() as i64;
            (points.0 * begun).min(at_most.0)
        }
    };
    (combined - off).max(0)
}

/// The judges' mean on the first criterion of the second round, to a thousandth, slowly.
fn slow_content(case: &Case, team: usize) -> i64 {
    let sheets = (0..case.judges).filter_map(|judge| case.sheet(1, team, judge));
    let mut points: Vec<i64> = sheets.map(|(content, _)| content * 250).collect();
    points.sort_unstable();
    if let Judges::Trimmed { from } = case.rules[1].0
        && points.len() >= from as usize
        && points.len() >= 3
    {
        points.remove(0);
        points.pop();
    }
    let sum = Fraction::whole(points.iter().sum());
    sum.times(Fraction(1, points.len() as i128)).rounded(1).number()
}

/// What a team is ranked by.
#[derive(Debug)]
struct Slow {
    /// Of those who went on to the final: they stand before the others.
    went_on: bool,
    total: i64,
    parting: i64,
}

impl Slow {
    fn better(&self, other: &Self) -> bool {
        let key = |team: &Self| (team.went_on, team.total, team.parting);
        key(self) > key(other)
    }
}

fn slow_total(case: &Case, team: usize, rounds: &[usize]) -> i64 {
    let weighted = rounds.iter().map(|round| {
        let weight = Fraction(i128::from(case.rules[*round].2), 1000);
        Fraction::whole(slow_mark(case, *round, team)).times(weight)
    });
    let sum = weighted.fold(Fraction::whole(0), Fraction::plus);
    sum.rounded(case.total_step).number()
}

/// Every team, slowly.
fn slow(case: &Case) -> Vec<Slow> {
    let parting = |team| match case.parting {
        Parting::Nothing => 0,
        Parting::Skit => slow_mark(case, 1, team),
        Parting::Content => slow_content(case, team),
    };
    let Some((places, carry)) = case.leg else {
        let all = (0..case.teams).map(|team| Slow {
            went_on: true,
            total: slow_total(case, team, &[0, 1]),
            parting: parting(team),
        });
        return all.collect();
    };
    let early: Vec<i64> = (0..case.teams).map(|team| slow_total(case, team, &[0])).collect();
    let teams = early.iter().enumerate().map(|(team, mine)| {
        let went_on = (early.iter().filter(|other| *other > mine).count() as u32) < places;
        let rounds: &[usize] = if carry { &[0, 1] } else { &[1] };
        Slow {
            went_on,
            total: if went_on {
                slow_total(case, team, rounds)
            } else {
                *mine
            },
            parting: if went_on { parting(team) } else { 0 },
        }
    });
    teams.collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_contest_agrees_with_exact_fractions(case in cases()) {
        let order: Vec<usize> = (0..case.teams).collect();
        let play = case.held(|judge| judge as i64 + 1, &order);
        let totals = slow(&case);
        let outcome = outcome(&play);
        for (team, mine) in totals.iter().enumerate() {
            let (rank, marks, total) = &outcome[&format!("Đội {team}")];
            for (round, mark) in marks.iter().enumerate() {
                let held = (round == 0 || mine.went_on).then(|| slow_mark(&case, round, team));
                prop_assert_eq!(mark.map(|m| m.0), held, "round {}", round);
            }
            prop_assert_eq!(total.map(|t| t.0), Some(mine.total));
            let above = totals.iter().filter(|other| other.better(mine)).count() as u32;
            prop_assert_eq!(*rank, Some(above + 1));
        }
        // The prize for the second round, by its marks alone.
        let skits = (0..case.teams).map(|team| totals[team].went_on.then(|| slow_mark(&case, 1, team)));
        let best = skits.clone().max().flatten();
        let expected: Vec<TeamId> = (1..).map(TeamId).zip(skits).filter(|(_, mark)| *mark == best).map(|(team, _)| team).collect();
        let rows = standings(&play.contest, |r, t| play.contest.mark(r, t));
        prop_assert_eq!(&awards(&case.rules(), &rows, &play.contest.given)[0].holders, &expected);
        // Replayed, it is the same contest, byte for byte.
        let again = ledger::verify(&play.contest.id, play.ledger.clone()).expect("a sound ledger");
        let bytes = |contest: &Contest| {
            serde_json::to_vec(&standings(contest, |r, t| contest.mark(r, t))).expect("json")
        };
        prop_assert_eq!(bytes(&again), bytes(&play.contest));
        prop_assert_eq!(serde_json::to_vec(&again).expect("json"), serde_json::to_vec(&play.contest).expect("json"));
    }

    #[test]
    fn who_sits_where_and_who_registered_first_change_nothing(case in cases(), seed in any::<u64>()) {
        let straight: Vec<usize> = (0..case.teams).collect();
        let expected = outcome(&case.held(|judge| judge as i64 + 1, &straight));
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let mut seats: Vec<i64> = (1..=case.judges as i64).collect();
        paper::mix(&mut seats, &mut rng);
        prop_assert_eq!(&outcome(&case.held(|judge| seats[judge], &straight)), &expected);
        let mut order = straight;
        paper::mix(&mut order, &mut rng);
        prop_assert_eq!(&outcome(&case.held(|judge| judge as i64 + 1, &order)), &expected);
    }

    #[test]
    fn raising_one_mark_never_lowers_its_teams_total(
        case in cases(), round in 0..ROUNDS, team in 0..TEAMS, judge in 0..JUDGES, up in 1i64..8,
    ) {
        let (team, judge) = (team % case.teams, judge % case.judges);
        // Who goes on to a final is another contest.
        let mut case = case;
        case.leg = None;
        let mut raised = case.clone();
        let Some((content, acting)) = case.sheet(round, team, judge) else { return Ok(()) };
        raised.sheets[(round * TEAMS + team) * JUDGES + judge] = Some(((content + up).min(24), acting));
        let order: Vec<usize> = (0..case.teams).collect();
        let name = format!("Đội {team}");
        let before = outcome(&case.held(|judge| judge as i64 + 1, &order));
        let after = outcome(&raised.held(|judge| judge as i64 + 1, &order));
        prop_assert!(after[&name].2 >= before[&name].2);
        prop_assert!(after[&name].0 <= before[&name].0, "nor its rank");
        for (other, row) in &before {
            prop_assert!(*other == name || after[other].2 == row.2, "nobody else's total moves");
        }
    }
}
