//! The rule gallery: each template plays a small contest to its prizes, and everything it gives is
//! what stands in `src/template/plays/`, computed by hand with the arithmetic beside it.

use super::*;
use serde::Deserialize;

/// A contest on paper.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Script {
    template: String,
    /// What is special about it.
    #[allow(dead_code, reason = "for the reader of the file")]
    told: String,
    /// Team 1, 2, ...
    teams: Vec<String>,
    #[serde(default)]
    clusters: Vec<Cluster>,
    /// Judges 1 to n sit in every stage round; judge 1 leads them.
    judges: i64,
    cut_off: Option<u32>,
    rounds: Vec<Part>,
    #[serde(default)]
    decisions: Vec<Decision>,
    standings: Vec<Place>,
    prizes: Vec<Prize>,
}

#[derive(Deserialize)]
struct Cluster {
    name: String,
    teams: Vec<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    round: u32,
    /// Who goes on to it.
    entrants: Option<Vec<u32>>,
    #[serde(default)]
    exam: Vec<ExamTurn>,
    #[serde(default)]
    stage: Vec<Turn>,
}

/// A team's papers: points, `null` for an absent member.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExamTurn {
    team: u32,
    papers: Vec<Option<i64>>,
    seconds: Vec<i64>,
    mark: String,
}

/// A team's turn on stage.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Turn {
    team: u32,
    took: String,
    /// By judge: the marks of the criteria and their sum; `null` for his own unit.
    sheets: Vec<Option<String>>,
    combined: String,
    #[serde(default)]
    dropped: Vec<i64>,
    /// What the clock proposes to take off.
    over: Option<String>,
    waived: Option<String>,
    mark: String,
}

/// Equals whom the rules leave to the committee: what they block, and what is decided.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decision {
    round: u32,
    blocked: String,
    equal: Vec<u32>,
    order: Vec<u32>,
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    rank: u32,
    team: u32,
    total: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Prize {
    prize: String,
    teams: Vec<u32>,
}

/// The result of a line of arithmetic: what stands behind its last `=` or `→`.
fn result(arithmetic: &str) -> Points {
    let last = arithmetic.rsplit(['=', '→']).next().unwrap_or_default();
    last.parse().expect("a number of points")
}

fn teams(numbers: &[u32]) -> Vec<TeamId> {
    numbers.iter().copied().map(TeamId).collect()
}

/// `9:30` in milliseconds.
fn clock(took: &str) -> Millis {
    let (minutes, seconds) = took.split_once(':').expect("minutes:seconds");
    let number = |text: &str| text.parse::<i64>().expect("a number");
    (number(minutes) * 60 + number(seconds)) * 1000
}

fn play(text: &str) -> Play {
    let script: Script = serde_json::from_str(text).expect("a script");
    let mut rules = Template::named(&script.template).expect("a template").rules();
    if script.cut_off.is_some() {
        rules.cut_off = script.cut_off;
    }
    let mut play = Play::with(rules);
    let names: Vec<&str> = script.teams.iter().map(String::as_str).collect();
    play.teams(&names);
    for Cluster { name, teams: of } in &script.clusters {
        let cluster = name.clone();
        play.does(
            ORGANIZER,
            Command::SetCluster {
                teams: teams(of),
                cluster,
            },
        );
    }
    for part in &script.rounds {
        let round = RoundId(part.round);
        play.follows(&script, part);
        let publish = || match part.is_exam() {
            true => Command::PublishExam { round },
            false => Command::Stage {
                round,
                act: StageAct::Publish,
                seen: None,
            },
        };
        for decision in script.decisions.iter().filter(|d| d.round == part.round) {
            let equal = teams(&decision.equal);
            let blocker = match decision.blocked.as_str() {
                "cut_off" => Blocker::TieAtCutOff { teams: equal },
                "first" => Blocker::TieForFirst { teams: equal },
                _ => continue,
            };
            assert_eq!(
                play.refusal(ORGANIZER, publish()),
                Refusal::Blocked([blocker].into())
            );
            play.decides(decision);
        }
        play.does(ORGANIZER, publish());
    }
    play.ends(&script);
    play
}

impl Part {
    fn is_exam(&self) -> bool {
        !self.exam.is_empty()
    }
}

impl Play {
    fn decides(&mut self, decision: &Decision) {
        let decide = Command::DecideTie {
            teams: teams(&decision.order),
            reason: decision.reason.clone(),
        };
        self.does(ORGANIZER, decide);
    }

    /// Holds one round as it stands on paper.
    fn follows(&mut self, script: &Script, part: &Part) {
        let round = RoundId(part.round);
        if part.is_exam() {
            self.writes(round, &part.exam);
            return;
        }
        for decision in &script.decisions {
            if decision.round == part.round && decision.blocked == "entry" {
                let equal = teams(&decision.equal);
                let blocked = Refusal::Blocked([Blocker::TieAtCutOff { teams: equal }].into());
                let call = Command::Stage {
                    round,
                    act: StageAct::Call { team: TeamId(1) },
                    seen: None,
                };
                let Refusal::Blocked(list) = self.refusal(SECRETARY, call) else {
                    panic!("blocked")
                };
                assert_eq!(Refusal::Blocked([list[0].clone()].into()), blocked);
                self.decides(decision);
            }
        }
        if let Some(entrants) = &part.entrants {
            assert_eq!(self.contest.entrants(round), teams(entrants));
        }
        let rules = self.contest.rules().and_then(|r| r.round(round)).expect("round");
        let rubric: Vec<u32> = rules
            .stage()
            .expect("stage")
            .rubric
            .iter()
            .map(|c| c.id)
            .collect();
        let packs = rules.stage().expect("stage").packs;
        let judges = (1..=script.judges).map(PersonId).collect();
        self.act_in(
            round,
            ORGANIZER,
            StageAct::SetPanel {
                judges,
                chief: PersonId(1),
                reason: None,
            },
        );
        self.draws(round, DrawOf::Order);
        if packs > 0 {
            self.draws(round, DrawOf::Packs);
        }
        for team in self.contest.stages[&round].order.clone() {
            let turn = part.stage.iter().find(|turn| turn.team == team.0);
            self.turn(round, &rubric, turn.expect("everybody's turn is on paper"));
        }
        assert_eq!(self.contest.stages[&round].order.len(), part.stage.len());
    }

    fn turn(&mut self, round: RoundId, rubric: &[u32], turn: &Turn) {
        let team = TeamId(turn.team);
        for (who, _) in (1..).zip(&turn.sheets).filter(|(_, sheet)| sheet.is_none()) {
            let reason = "đơn vị công tác".into();
            let conflict = StageAct::DeclareConflict {
                judge: PersonId(who),
                team,
                reason,
            };
            self.act_in(round, judge(who), conflict);
        }
        self.act_in(round, SECRETARY, StageAct::Call { team });
        self.act_in(round, SECRETARY, StageAct::StartClock { team });
        self.now += clock(&turn.took);
        self.act_in(round, SECRETARY, StageAct::StopClock { team });
        for (who, sheet) in (1..).zip(&turn.sheets) {
            let Some(sheet) = sheet else { continue };
            let marks: Vec<&str> = sheet.split('=').next().unwrap_or_default().split('+').collect();
            assert_eq!(marks.len(), rubric.len(), "{sheet}");
            for (criterion, mark) in rubric.iter().zip(marks) {
                let act = StageAct::SetMark {
                    team,
                    run: None,
                    criterion: *criterion,
                    revision: 1,
                    points: Some(mark.parse().expect("a mark")),
                };
                self.act_in(round, judge(who), act);
            }
            self.act_in(round, judge(who), StageAct::HandInSheet { team, run: None });
        }
        let over = turn.over.as_deref().map_or(Points::ZERO, result);
        assert_eq!(self.contest.proposed(round, team), over, "over time: team {team}");
        if over > Points::ZERO {
            self.act_in(
                round,
                SECRETARY,
                StageAct::SetDeduction {
                    team,
                    points: over,
                    reason: None,
                },
            );
        }
        if let Some(reason) = turn.waived.clone() {
            self.act_in(round, CHIEF, StageAct::WaiveDeduction { team, reason });
        }
        self.act_in(round, CHIEF, StageAct::Confirm { team: Some(team) });
        let mark = &self.contest.stages[&round].confirmed[&team];
        let sums = turn.sheets.iter().flatten().map(|sheet| result(sheet));
        assert!(
            mark.sheets.iter().map(|s| s.total).eq(sums),
            "sheets of team {team}: {mark:?}"
        );
        let dropped = mark.sheets.iter().filter(|s| s.dropped).map(|s| s.judge.0);
        assert!(dropped.eq(turn.dropped.iter().copied()), "dropped: {mark:?}");
        assert_eq!(
            (mark.combined, mark.mark),
            (result(&turn.combined), result(&turn.mark)),
            "round {round}, team {team}"
        );
    }

    pub(super) fn draws(&mut self, round: RoundId, of: DrawOf) {
        let commitment = draw::commitment(SEED);
        self.act_in(
            round,
            SECRETARY,
            StageAct::SealDraw {
                of,
                commitment,
                reason: None,
            },
        );
        let seed = SEED.to_owned();
        self.act_in(round, SECRETARY, StageAct::OpenDraw { of, seed });
    }

    /// An exam whose papers came to these points.
    fn writes(&mut self, round: RoundId, papers: &[ExamTurn]) {
        let prepare = Command::PrepareExam {
            round,
            bank: bank(40),
            contestants: 10,
        };
        self.does(ORGANIZER, prepare);
        self.does(ORGANIZER, Command::OpenExam { round });
        self.wait(60 * MINUTE);
        self.does(ORGANIZER, Command::CloseExam { round, reason: None });
        let of = self.contest.rules().and_then(|r| r.round(round)).expect("round");
        let exam = of.exam().expect("exam");
        let mark = |on_paper: &ExamTurn| {
            let members = (1..).zip(&on_paper.papers).zip(&on_paper.seconds);
            let lines: Vec<Line> = members
                .map(|((person, points), seconds)| Line {
                    mark: points.and_then(|points| line(person, 0, points, 0).mark),
                    ..line(person, on_paper.team, 0, *seconds)
                })
                .collect();
            let mark = marking::team_mark(of, exam, TeamId(on_paper.team), &lines);
            assert_eq!(
                mark.mark,
                result(&on_paper.mark),
                "exam of team {}",
                on_paper.team
            );
            mark
        };
        let marking = Marking {
            marks: papers.iter().map(mark).collect(),
            listing: Digest::of(b"listing"),
        };
        self.does(ORGANIZER, Command::MarkExam { round, marking });
    }

    /// "Explain this total" has every number on paper, and they lead from sheets to the total.
    fn explains(&self, script: &Script) {
        let turns = script.rounds.iter().flat_map(|part| {
            let of = |turn| (RoundId(part.round), turn);
            part.stage.iter().map(of)
        });
        for (round, turn) in turns {
            let told = explain::team(&self.contest, TeamId(turn.team), &BTreeMap::new()).expect("told");
            let line = told
                .rounds
                .iter()
                .find(|line| line.round == round)
                .expect("its line");
            let stage = line.stage.as_ref().expect("a confirmed mark");
            let sums: Vec<Option<Points>> = stage.sheets.iter().map(|sheet| sheet.total).collect();
            let on_paper = turn.sheets.iter().map(|sheet| sheet.as_deref().map(result));
            assert_eq!(sums, on_paper.collect::<Vec<_>>());
            for sheet in &stage.sheets {
                let sum: Points = sheet.marks.iter().map(|(_, points)| *points).sum();
                assert_eq!(sum, sheet.total.unwrap_or_default(), "every mark is there");
                let dropped = turn.dropped.contains(&sheet.judge.0);
                assert_eq!(dropped, sheet.part == SheetPart::Dropped);
                assert_eq!(sheet.total.is_none(), sheet.part == SheetPart::Conflict);
            }
            assert_eq!(stage.rounding.round(stage.exact()), result(&turn.combined));
            assert_eq!(stage.took, clock(&turn.took));
            assert_eq!(stage.proposed, turn.over.as_deref().map_or(Points::ZERO, result));
            assert_eq!(stage.waiver, turn.waived);
            assert_eq!(Some(stage.combined - stage.deduction), line.mark);
            assert_eq!(line.mark, Some(result(&turn.mark)));
        }
    }

    /// Standings, prizes and the replay.
    fn ends(&self, script: &Script) {
        let rows = standings(&self.contest, |r, t| self.contest.mark(r, t));
        let given: Vec<_> = rows.iter().map(|row| (row.rank, row.team.0, row.total)).collect();
        let on_paper = script
            .standings
            .iter()
            .map(|place| (Some(place.rank), place.team, Some(result(&place.total))));
        assert_eq!(given, on_paper.collect::<Vec<_>>());
        self.explains(script);
        let rules = self.contest.rules().expect("rules");
        let given: Vec<(String, Vec<u32>)> = awards(rules, &rows, &self.contest.given)
            .into_iter()
            .map(|award| (award.rule.name, award.holders.iter().map(|t| t.0).collect()))
            .collect();
        let on_paper = script
            .prizes
            .iter()
            .map(|prize| (prize.prize.clone(), prize.teams.clone()));
        assert_eq!(given, on_paper.collect::<Vec<_>>());
        assert_eq!(self.contest.phase(), crate::contest::ContestPhase::Finished);
        let again = ledger::verify(&self.contest.id, self.ledger.clone()).expect("a sound ledger");
        let bytes = |contest: &Contest| {
            serde_json::to_vec(&standings(contest, |r, t| contest.mark(r, t))).expect("json")
        };
        assert_eq!(again, self.contest);
        assert_eq!(bytes(&again), bytes(&self.contest));
    }
}

macro_rules! plays {
    ($($name:ident: $file:literal,)*) => {
        $(
            #[test]
            fn $name() {
                play(include_str!(concat!("../template/plays/", $file, ".json")));
            }
        )*
    };
}

plays! {
    g1_exam_skit_and_presentation_to_one_total: "g01",
    g2_points_then_seconds_then_an_extra_question: "g02",
    g4_two_situations_and_a_hundred_points: "g04",
    g5_a_point_a_minute_and_a_drawn_pack: "g05",
    g7_greeting_situation_presentation: "g07",
    g8_the_best_six_go_on: "g08",
    g10_joint_prizes_and_prizes_for_each_part: "g10",
    g11_side_prizes_with_two_holders: "g11",
    g12_clusters_and_a_final_that_decides: "g12",
    g13_thirty_three_minutes_in_all: "g13",
}

/// Every template that can be chosen and has a stage is played here; those that are an exam and
/// nothing else are played by their papers as well.
#[test]
fn no_template_with_a_stage_is_left_out() {
    let played = ["G1", "G2", "G4", "G5", "G7", "G8", "G10", "G11", "G12", "G13"];
    for template in Template::ALL {
        let staged = template.rules().rounds.iter().any(|r| r.stage().is_some());
        assert!(!staged || played.contains(&template.as_str()), "{template:?}");
    }
}

/// G5: the minute to think is on the clock and costs nothing.
#[test]
fn a_minute_to_think_is_part_of_the_clock() {
    let mut play = Play::of(Template::G5.rules(), 2);
    let round = RoundId(2);
    let time = play.contest.stage_time(round, TeamId(1)).expect("a stage");
    assert_eq!(
        (time.thinking, time.warning, time.limit),
        (MINUTE, 5 * MINUTE, 6 * MINUTE)
    );
    let mut rules = play.contest.rules().expect("rules").clone();
    if let RoundKind::Stage(stage) = &mut rules.rounds[1].kind {
        stage.overtime = Overtime::PerMinute {
            points: Points::whole(1),
            at_most: Points::whole(5),
        };
    }
    play.does(ORGANIZER, Command::SetRules { rules, reason: None });
    play.seat(round);
    play.performs(round, 1, 360);
    assert_eq!(play.contest.proposed(round, TeamId(1)), Points::ZERO);
    play.performs(round, 2, 361);
    assert_eq!(play.contest.proposed(round, TeamId(2)), Points::whole(1));
}

/// G13: what is left of the 33 minutes is the limit of the next part's clock.
#[test]
fn the_clock_shows_what_is_left_of_the_time_in_all() {
    let mut play = Play::of(Template::G13.rules(), 2);
    play.seat(RoundId(1));
    play.performs(RoundId(1), 1, 600);
    let limit = |round| {
        let time = play
            .contest
            .stage_time(RoundId(round), TeamId(1))
            .expect("a stage");
        (time.warning, time.limit)
    };
    assert_eq!(limit(1), (32 * MINUTE, 33 * MINUTE));
    assert_eq!(limit(2), (22 * MINUTE, 23 * MINUTE));
    assert_eq!(limit(4), (22 * MINUTE, 23 * MINUTE));
}
