//! Confirming marks: what stands in the way, who agrees to a correction, and whose page was overtaken.

use crate::{
    Actor, Blocker, Contest, Event, PersonId, Points, Refusal, RoundId, TeamId,
    decide::blocked,
    decide_stage::{Standing, news, performed},
    rules::{MissingJudge, StageRules},
    stage::{Performance, Stage, StageAct, StageFact},
    touched::ALL_OF_A_MARK,
};

impl Contest {
    /// What stands in the way of confirming `team`'s mark by the chief judge `by`.
    pub fn confirm_blockers(
        &self,
        round: RoundId,
        stage: &Stage,
        rules: &StageRules,
        team: TeamId,
        by: Option<PersonId>,
    ) -> Vec<Blocker> {
        let mut list = Vec::new();
        let Some(performance) = stage.performances.get(&team) else {
            return list;
        };
        if performance.clock.running_since.is_some() {
            list.push(Blocker::ClockRunning { team });
        }
        let totals = stage.totals(team);
        let judges = waited_for(stage, rules, performance, team);
        if !judges.is_empty() {
            list.push(Blocker::MissingSheets { team, judges });
        }
        let outdated = totals.iter().map(|(judge, _)| *judge).filter(|judge| {
            let sheet = stage.sheet(*judge, team);
            !sheet.is_some_and(|sheet| rules.fits(&sheet.filled()))
        });
        let judges: Vec<PersonId> = outdated.collect();
        if !judges.is_empty() {
            list.push(Blocker::SheetOutdated { team, judges });
        }
        // A chief judge who still marks is not told that others stand apart, nor who.
        let sees = by.is_none_or(|chief| stage.sees(chief, team));
        let far = stage.outliers(rules, team);
        if sees && !far.is_empty() && !performance.notes(&totals) {
            let judges = far.into_iter().map(|(judge, _)| judge).collect();
            list.push(Blocker::SpreadWithoutNote { team, judges });
        }
        let proposed = self.proposed(round, team);
        if deduction_open(performance, proposed) {
            list.push(Blocker::DeductionOpen { team, proposed });
        }
        // Two persons from first mark to published mark.
        if totals.iter().all(|(judge, _)| Some(*judge) == by) && !totals.is_empty() {
            list.push(Blocker::SecondPersonNeeded);
        }
        list
    }

    /// Confirms one team's mark, or those of all teams for which nothing stands in the way.
    pub(crate) fn confirm(
        &self,
        round: RoundId,
        stage: &Stage,
        rules: &StageRules,
        team: Option<TeamId>,
        by: Option<PersonId>,
    ) -> Result<Vec<StageFact>, Refusal> {
        let blockers = |team: TeamId| self.confirm_blockers(round, stage, rules, team, by);
        if let Some(team) = team {
            performed(stage, team)?;
            if stage.absent.contains(&team) {
                return Err(Refusal::NotOnStage);
            }
            if stage.confirmed.contains_key(&team) {
                return Ok(vec![]);
            }
            blocked(blockers(team))?;
            let mark = stage.mark(rules, team);
            return Ok(mark.map_or(vec![], |mark| {
                vec![StageFact::MarksConfirmed { marks: vec![mark] }]
            }));
        }
        let waiting: Vec<(TeamId, Vec<Blocker>)> = stage
            .unconfirmed()
            .into_iter()
            .filter(|team| stage.performances.contains_key(team))
            .map(|team| (team, blockers(team)))
            .collect();
        if waiting.is_empty() && stage.confirmed.is_empty() {
            return Err(Refusal::NotOnStage);
        }
        let ready = waiting.iter().filter(|(_, blockers)| blockers.is_empty());
        let marks: Vec<_> = ready.filter_map(|(team, _)| stage.mark(rules, *team)).collect();
        if marks.is_empty() {
            blocked(waiting.into_iter().flat_map(|(_, blockers)| blockers).collect())?;
        }
        Ok(news(!marks.is_empty(), || StageFact::MarksConfirmed { marks }))
    }

    /// What stands in the way of publishing the round.
    pub fn stage_publish_blockers(&self, round: RoundId, stage: &Stage) -> Vec<Blocker> {
        if stage.order.is_empty() {
            return vec![Blocker::NoOrder];
        }
        let teams = stage.unconfirmed();
        if teams.is_empty() {
            self.publish_blockers(round)
        } else {
            vec![Blocker::Unconfirmed { teams }]
        }
    }

    /// A second person agrees to the correction that was asked for, to just these points.
    pub(crate) fn agree(
        &self,
        round: RoundId,
        stage: &Stage,
        actor: &Actor,
        team: TeamId,
        points: Points,
    ) -> Result<Vec<StageFact>, Refusal> {
        let Some((asked, old)) = stage.corrections.get(&team).zip(stage.confirmed.get(&team)) else {
            return Ok(vec![]);
        };
        if asked.by == *actor || asked.points != points {
            return Err(Refusal::NotTheSecond);
        }
        Ok(vec![
            StageFact::DeductionSet {
                team,
                points,
                reason: Some(asked.reason.clone()),
                proposed: Some(self.proposed(round, team)),
            },
            StageFact::MarksConfirmed {
                marks: vec![old.with_deduction(points)],
            },
        ])
    }

    /// What follows once somebody else agrees to the correction that `event` asks for.
    pub(crate) fn agreed(&self, event: &Event) -> Vec<Event> {
        let Event::Stage { round, fact } = event else {
            return vec![];
        };
        let StageFact::CorrectionAsked { team, points, .. } = fact else {
            return vec![];
        };
        let stage = self.stages.get(round);
        let facts = stage.and_then(|stage| self.agree(*round, stage, &Actor::System, *team, *points).ok());
        let of_round = |fact| Event::Stage { round: *round, fact };
        facts.into_iter().flatten().map(of_round).collect()
    }

    /// Why `act` is refused to whoever saw the round as it stood after the entry `seen`.
    pub(crate) fn overtaken(
        &self,
        actor: &Actor,
        round: RoundId,
        act: &StageAct,
        seen: u64,
    ) -> Option<Refusal> {
        let stage = self.stage(round)?;
        let rules = self.rules()?.round(round)?.stage()?;
        let by = Standing::of(self, &stage, actor).judge;
        let (team, moved) = if let StageAct::Confirm { team: None } = act {
            // Of all, those that would be confirmed now.
            let teams = stage.unconfirmed().into_iter();
            let mut ready = teams.filter(|team| {
                stage.performances.contains_key(team)
                    && self.confirm_blockers(round, &stage, rules, *team, by).is_empty()
            });
            ready.find_map(|team| {
                let moved = stage.moved_since(seen, Some(team), ALL_OF_A_MARK);
                (!moved.is_empty()).then_some((Some(team), moved))
            })?
        } else {
            let (team, matters) = act.stands_on();
            (team, stage.moved_since(seen, team, matters))
        };
        if moved.is_empty() {
            return None;
        }
        let Some(team) = team else {
            return Some(Refusal::Overtaken {
                team: None,
                moved,
                deduction: None,
                mark: None,
            });
        };
        let sees = by.is_none_or(|chief| stage.sees(chief, team));
        let making = || stage.mark(rules, team).filter(|_| sees);
        let mark = stage.confirmed.get(&team).cloned().or_else(making);
        let performance = stage.performances.get(&team);
        Some(Refusal::Overtaken {
            team: self.teams.get(&team).map(|team| team.name.clone()),
            moved,
            deduction: performance.filter(|p| !p.waived).and_then(|p| p.deduction),
            mark: mark.map(|mark| mark.mark),
        })
    }
}

/// The judges whose sheets are missing. Where the rules take the rest, a judge is left out only when somebody has
/// recorded that he is absent: silence may be a full sheet on a tablet without Wi-Fi.
fn waited_for(stage: &Stage, rules: &StageRules, performance: &Performance, team: TeamId) -> Vec<PersonId> {
    let mut judges = stage.missing(team);
    if rules.missing == MissingJudge::Rest && !stage.totals(team).is_empty() {
        judges.retain(|judge| !performance.absent.contains_key(judge));
    }
    judges
}

/// Whether the clock proposes what nobody has answered. What was settled before the clock went on is no answer.
fn deduction_open(performance: &Performance, proposed: Points) -> bool {
    let settled = performance.deduction.is_some() || performance.waived;
    if settled {
        !performance.answers(proposed)
    } else {
        proposed > Points::ZERO
    }
}
