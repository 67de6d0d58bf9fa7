//! Who may do what in a stage round, on prizes and on complaints, and whether it makes sense now.

use crate::{
    Actor, Blocker, Contest, Event, Moment, PersonId, Points, Refusal, RoundId, TeamId,
    decide::{blocked, changed, in_range, sound_reason, sound_text},
    draw::{self, Draw, DrawOf},
    refusal::{Fault, Field},
    rules::StageRules,
    stage::{SheetState, Stage, StageAct, StageFact},
};
use std::collections::BTreeSet;

/// The longest remark or complaint, in characters.
const LONGEST_TEXT: usize = 2000;

/// What an actor is to a stage round.
pub(crate) struct Standing {
    pub organizer: bool,
    pub secretary: bool,
    pub chief: bool,
    pub judge: Option<PersonId>,
}

impl Standing {
    pub fn of(contest: &Contest, stage: &Stage, actor: &Actor) -> Self {
        let judge = match actor {
            Actor::Judge { person } => Some(*person),
            _ => None,
        };
        Self {
            organizer: matches!(actor, Actor::Organizer { user } if contest.organizers.contains(user)),
            secretary: matches!(actor, Actor::Secretary { .. }),
            chief: judge.is_some() && judge == stage.chief,
            judge,
        }
    }

    fn only(is: bool) -> Result<(), Refusal> {
        if is { Ok(()) } else { Err(Refusal::NotAllowed) }
    }
}

impl Contest {
    pub(crate) fn decide_stage(
        &self,
        actor: &Actor,
        round: RoundId,
        act: StageAct,
        seen: Option<u64>,
        now: Moment,
    ) -> Result<Vec<Event>, Refusal> {
        let overtaken = seen.and_then(|seen| self.overtaken(actor, round, &act, seen));
        let decided = self.stage_facts(actor, round, act, now);
        // Who may not do it is told no more; and what has happened already, twice is once.
        match (overtaken, decided) {
            (_, Err(Refusal::NotAllowed)) => Err(Refusal::NotAllowed),
            (Some(refusal), Err(_)) => Err(refusal),
            (Some(refusal), Ok(facts)) if !facts.is_empty() => Err(refusal),
            (_, decided) => decided.map(|facts| {
                let called = facts.iter().any(|fact| matches!(fact, StageFact::Called { .. }));
                let mut events = if called { self.final_begins(round) } else { vec![] };
                events.extend(facts.into_iter().map(|fact| Event::Stage { round, fact }));
                events
            }),
        }
    }

    fn stage_facts(
        &self,
        actor: &Actor,
        round: RoundId,
        act: StageAct,
        now: Moment,
    ) -> Result<Vec<StageFact>, Refusal> {
        let stage = self.stage(round).ok_or(Refusal::UnknownRound)?;
        let rules = self
            .rules()
            .and_then(|r| r.round(round))
            .and_then(|r| r.stage())
            .ok_or(Refusal::UnknownRound)?;
        let who = Standing::of(self, &stage, actor);
        let table = who.organizer || who.secretary;
        let facts = match act {
            StageAct::SetPanel {
                judges,
                chief,
                reason,
            } => {
                Standing::only(who.organizer)?;
                self.set_panel(&stage, judges, chief, reason)?
            }
            StageAct::DeclareConflict { judge, team, reason } => {
                Standing::only(who.organizer || who.judge == Some(judge))?;
                self.known(team)?;
                let reason = sound_reason(&reason)?;
                if stage.sheet_state(judge, team) == SheetState::HandedIn {
                    return Err(Refusal::SheetLocked);
                }
                news(!stage.conflicted(judge, team), || StageFact::ConflictDeclared {
                    judge,
                    team,
                    reason,
                })
            }
            StageAct::LiftConflict { judge, team, reason } => {
                Standing::only(who.organizer)?;
                let reason = sound_reason(&reason)?;
                news(stage.conflicted(judge, team), || StageFact::ConflictLifted {
                    judge,
                    team,
                    reason,
                })
            }
            StageAct::SealDraw {
                of,
                commitment,
                reason,
            } => {
                Standing::only(table)?;
                self.before_first_call(&stage)?;
                let reason = stated(reason)?;
                match stage.draws.get(&of) {
                    // One sealed seed is as good as another: by two hands at once it is sealed once.
                    Some(Draw::Sealed { .. }) => vec![],
                    // Nobody draws until he likes what he has drawn.
                    Some(_) if reason.is_none() => return Err(Refusal::ReasonNeeded),
                    _ => vec![StageFact::DrawSealed {
                        of,
                        commitment,
                        reason,
                    }],
                }
            }
            StageAct::OpenDraw { of, seed } => {
                Standing::only(table)?;
                self.before_first_call(&stage)?;
                blocked(self.entry_blockers(round))?;
                match stage.draws.get(&of) {
                    Some(Draw::Opened { seed: out, .. }) if *out == seed => vec![],
                    _ => vec![self.drawn(&stage, rules, round, of, seed, &self.entrants(round))?],
                }
            }
            StageAct::EnterOrder { order, reason } => {
                Standing::only(table)?;
                self.before_first_call(&stage)?;
                blocked(self.entry_blockers(round))?;
                whole_order(&order, &self.entrants(round))?;
                let reason = sound_reason(&reason)?;
                // What the machine drew stays to be seen; from it the order is changed.
                match stage.draws.get(&DrawOf::Order) {
                    Some(Draw::Opened { .. }) => {
                        news(order != stage.order, || StageFact::OrderChanged { order, reason })
                    }
                    _ => vec![StageFact::DrawEntered {
                        of: DrawOf::Order,
                        order,
                        packs: vec![],
                        reason,
                    }],
                }
            }
            StageAct::EnterPacks { packs, reason } => {
                Standing::only(table)?;
                blocked(self.entry_blockers(round))?;
                let teams: Vec<TeamId> = packs.iter().map(|(team, _)| *team).collect();
                whole_order(&teams, &self.entrants(round))?;
                for (_, pack) in &packs {
                    in_range(Field::Order, i64::from(*pack), 1, i64::from(rules.packs))?;
                }
                let reason = sound_reason(&reason)?;
                vec![StageFact::DrawEntered {
                    of: DrawOf::Packs,
                    order: vec![],
                    packs,
                    reason,
                }]
            }
            StageAct::ChangeOrder { order, reason } => {
                Standing::only(table)?;
                whole_order(&order, &stage.order)?;
                let called = |team: &&TeamId| stage.performances.contains_key(team);
                // Who has been called keeps his place: the past is not reordered.
                let past = |list: &[TeamId]| {
                    list.iter()
                        .enumerate()
                        .filter(|(_, t)| called(t))
                        .map(|(i, t)| (i, *t))
                        .collect::<Vec<_>>()
                };
                if past(&order) != past(&stage.order) {
                    return Err(Refusal::invalid(Field::Order, Fault::OutOfRange));
                }
                let reason = sound_reason(&reason)?;
                news(order != stage.order, || StageFact::OrderChanged { order, reason })
            }
            StageAct::MarkAbsent { team, reason } => {
                Standing::only(table)?;
                self.known(team)?;
                unconfirmed(&stage, team)?;
                let reason = sound_reason(&reason)?;
                news(!stage.absent.contains(&team), || StageFact::TeamAbsent {
                    team,
                    reason,
                })
            }
            StageAct::MarkPresent { team } => {
                Standing::only(table)?;
                news(stage.absent.contains(&team), || StageFact::TeamReturned { team })
            }
            StageAct::Call { team } => {
                Standing::only(table)?;
                blocked(self.call_blockers(round, &stage, rules))?;
                if stage.absent.contains(&team) || !stage.order.contains(&team) {
                    return Err(Refusal::NotOnStage);
                }
                news(stage.on_stage != Some(team), || StageFact::Called { team })
            }
            StageAct::StartClock { team } => {
                Standing::only(table)?;
                let clock = on_stage(&stage, team)?.clock;
                unconfirmed(&stage, team)?;
                if stage.absent.contains(&team) {
                    return Err(Refusal::NotOnStage);
                }
                news(clock.running_since.is_none(), || StageFact::ClockStarted { team })
            }
            StageAct::PauseClock { team } => {
                Standing::only(table)?;
                let clock = on_stage(&stage, team)?.clock;
                news(clock.running_since.is_some(), || StageFact::ClockPaused { team })
            }
            StageAct::StopClock { team } => {
                Standing::only(table)?;
                let clock = on_stage(&stage, team)?.clock;
                news(!clock.stopped && clock.elapsed(now) > 0, || {
                    StageFact::ClockStopped { team }
                })
            }
            StageAct::Repeat { team, reason } => {
                Standing::only(table)?;
                performed(&stage, team)?;
                // A confirmed mark is the chief judge's: it is withdrawn first.
                unconfirmed(&stage, team)?;
                vec![StageFact::Repeated {
                    team,
                    reason: sound_reason(&reason)?,
                }]
            }
            StageAct::SetDeduction { team, points, reason } => {
                Standing::only(table)?;
                let performance = performed(&stage, team)?;
                unconfirmed(&stage, team)?;
                in_range(Field::Points, points.0, 0, Points::whole(1000).0)?;
                let reason = stated(reason)?;
                // What the clock proposes needs no words; any other number does.
                let proposed = self.proposed(round, team);
                if points != proposed && reason.is_none() {
                    return Err(Refusal::ReasonNeeded);
                }
                let same = performance.deduction == Some(points)
                    && !performance.waived
                    && performance.answers(proposed);
                news(!same, || StageFact::DeductionSet {
                    team,
                    points,
                    reason,
                    proposed: Some(proposed),
                })
            }
            StageAct::WaiveDeduction { team, reason } => {
                Standing::only(who.chief)?;
                let performance = performed(&stage, team)?;
                unconfirmed(&stage, team)?;
                let reason = sound_reason(&reason)?;
                let proposed = self.proposed(round, team);
                let same = performance.waived && performance.answers(proposed);
                news(!same, || StageFact::DeductionWaived {
                    team,
                    reason,
                    proposed: Some(proposed),
                })
            }
            StageAct::CorrectDeduction { team, points, reason } => {
                Standing::only(who.chief || who.organizer)?;
                self.known(team)?;
                let Some(old) = stage.confirmed.get(&team) else {
                    // Not confirmed yet: the secretary and the chief judge settle it as always.
                    let teams = vec![team];
                    return Err(Refusal::Blocked([Blocker::Unconfirmed { teams }].into()));
                };
                in_range(Field::Points, points.0, 0, Points::whole(1000).0)?;
                let reason = sound_reason(&reason)?;
                let asked = stage.corrections.get(&team).map(|asked| asked.points);
                let by = *actor;
                news(
                    asked.map_or(old.deduction != points, |asked| asked != points),
                    || StageFact::CorrectionAsked {
                        team,
                        points,
                        reason,
                        by,
                    },
                )
            }
            StageAct::AgreeCorrection { team, points } => {
                Standing::only(who.chief || who.organizer)?;
                self.agree(round, &stage, actor, team, points)?
            }
            StageAct::DropCorrection { team, reason } => {
                Standing::only(who.chief || who.organizer)?;
                let reason = sound_reason(&reason)?;
                news(stage.corrections.contains_key(&team), || {
                    StageFact::CorrectionDropped { team, reason }
                })
            }
            StageAct::MarkJudgeAbsent { judge, team, reason } => {
                // The chief judge confirms without that sheet: another hand records the absence.
                Standing::only(table)?;
                let performance = performed(&stage, team)?;
                unconfirmed(&stage, team)?;
                if !stage.marks(judge, team) {
                    return Err(Refusal::NotAllowed);
                }
                if stage.sheet_state(judge, team) == SheetState::HandedIn {
                    return Err(Refusal::SheetLocked);
                }
                let reason = sound_reason(&reason)?;
                news(!performance.absent.contains_key(&judge), || {
                    StageFact::JudgeAbsent { judge, team, reason }
                })
            }
            StageAct::MarkJudgePresent { judge, team } => {
                Standing::only(table)?;
                let performance = performed(&stage, team)?;
                unconfirmed(&stage, team)?;
                news(performance.absent.contains_key(&judge), || {
                    StageFact::JudgeReturned { judge, team }
                })
            }
            StageAct::SetMark {
                team,
                run,
                criterion,
                revision,
                points,
            } => {
                let judge = who.judge.ok_or(Refusal::NotAllowed)?;
                this_run(&stage, team, run)?;
                self.set_mark(&stage, rules, judge, team, criterion, revision, points)?
            }
            StageAct::SetRemark {
                team,
                run,
                revision,
                text,
            } => {
                let judge = who.judge.ok_or(Refusal::NotAllowed)?;
                this_run(&stage, team, run)?;
                own_open_sheet(&stage, judge, team)?;
                let text = crate::intake::clean(&text);
                if text.chars().count() > LONGEST_TEXT {
                    return Err(Refusal::invalid(Field::Text, Fault::TooLong));
                }
                let held = stage.sheet(judge, team);
                let held = held.map_or((0, ""), |sheet| (sheet.remark_revision, sheet.remark.as_str()));
                // As with marks: the same packet again is fine, other words under it are stale.
                if revision < held.0 || revision == held.0 && text != held.1 {
                    return Err(Refusal::StaleMark {
                        revision: held.0,
                        points: None,
                    });
                }
                news(revision > held.0, || StageFact::RemarkSet {
                    team,
                    judge,
                    revision,
                    text,
                })
            }
            StageAct::HandInSheet { team, run } => {
                let judge = who.judge.ok_or(Refusal::NotAllowed)?;
                this_run(&stage, team, run)?;
                if stage.sheet_state(judge, team) == SheetState::HandedIn {
                    return Ok(vec![]);
                }
                own_open_sheet(&stage, judge, team)?;
                let sheet = stage.sheet(judge, team);
                let blank = rules
                    .rubric
                    .iter()
                    .map(|c| c.id)
                    .filter(|id| sheet.and_then(|s| s.points(*id)).is_none());
                let blank: Vec<u32> = blank.collect();
                blocked(if blank.is_empty() {
                    vec![]
                } else {
                    vec![Blocker::Blank { criteria: blank }]
                })?;
                if !sheet.is_some_and(|sheet| rules.fits(&sheet.filled())) {
                    let judges = vec![judge];
                    return Err(Refusal::Blocked([Blocker::SheetOutdated { team, judges }].into()));
                }
                vec![StageFact::SheetHandedIn { team, judge }]
            }
            StageAct::AskReopening { team, reason } => {
                let judge = who.judge.ok_or(Refusal::NotAllowed)?;
                if stage.sheet_state(judge, team) != SheetState::HandedIn {
                    return Err(Refusal::NotAllowed);
                }
                vec![StageFact::ReopeningAsked {
                    team,
                    judge,
                    reason: sound_reason(&reason)?,
                }]
            }
            StageAct::ReopenSheet { team, judge, reason } => {
                Standing::only(who.chief || who.organizer)?;
                unconfirmed(&stage, team)?;
                let reason = sound_reason(&reason)?;
                let locked = stage.sheet_state(judge, team) == SheetState::HandedIn;
                news(locked, || StageFact::SheetReopened { team, judge, reason })
            }
            StageAct::NoteSpread { team, note } => {
                Standing::only(who.chief)?;
                performed(&stage, team)?;
                unconfirmed(&stage, team)?;
                // Whoever still marks himself is not told whether the others stand apart.
                let own = who.judge.filter(|chief| !stage.sees(*chief, team));
                blocked(own.map_or(vec![], |chief| {
                    let judges = vec![chief];
                    vec![Blocker::MissingSheets { team, judges }]
                }))?;
                if stage.outliers(rules, team).is_empty() {
                    return Err(Refusal::NoSpread);
                }
                vec![StageFact::SpreadNoted {
                    team,
                    note: sound_reason(&note)?,
                    sheets: Some(stage.totals(team)),
                }]
            }
            StageAct::Confirm { team } => {
                Standing::only(who.chief)?;
                self.confirm(round, &stage, rules, team, who.judge)?
            }
            StageAct::WithdrawMark { team, reason } => {
                Standing::only(who.chief || who.organizer)?;
                let reason = sound_reason(&reason)?;
                news(stage.confirmed.contains_key(&team), || StageFact::MarkWithdrawn {
                    team,
                    reason,
                })
            }
            StageAct::Publish => {
                Standing::only(who.organizer)?;
                blocked(self.stage_publish_blockers(round, &stage))?;
                news(!stage.published, || StageFact::Published)
            }
        };
        Ok(facts)
    }

    fn set_panel(
        &self,
        stage: &Stage,
        judges: Vec<PersonId>,
        chief: PersonId,
        reason: Option<String>,
    ) -> Result<Vec<StageFact>, Refusal> {
        let set: BTreeSet<PersonId> = judges.iter().copied().collect();
        in_range(Field::Members, set.len() as i64, 1, 25)?;
        let reason = stated(reason)?;
        // A judge whose sheet counts already does not vanish without a word.
        if !stage.performances.is_empty() && reason.is_none() {
            return Err(Refusal::ReasonNeeded);
        }
        let same = set == stage.judges && stage.chief == Some(chief);
        Ok(news(!same, || StageFact::PanelSet {
            judges: set.into_iter().collect(),
            chief,
            reason,
        }))
    }

    /// What the sealed `seed` draws for `teams`.
    fn drawn(
        &self,
        stage: &Stage,
        rules: &StageRules,
        round: RoundId,
        of: DrawOf,
        seed: String,
        teams: &[TeamId],
    ) -> Result<StageFact, Refusal> {
        let commitment = match stage.draws.get(&of) {
            Some(Draw::Sealed { commitment }) if *commitment == draw::commitment(&seed) => commitment.clone(),
            _ => return Err(Refusal::WrongSeal),
        };
        let (order, packs) = match of {
            DrawOf::Order => (draw::order(&seed, &self.id, round, teams), vec![]),
            DrawOf::Packs => (vec![], draw::packs(&seed, &self.id, round, teams, rules.packs)),
        };
        Ok(StageFact::DrawOpened {
            of,
            commitment,
            seed,
            order,
            packs,
        })
    }

    /// Whether `event`, coming next, is no machine draw or exactly the one that its seed gives.
    pub(crate) fn drawn_fairly(&self, event: &Event) -> bool {
        let Event::Stage { round, fact } = event else {
            return true;
        };
        let StageFact::DrawOpened { of, seed, .. } = fact else {
            return true;
        };
        let stage = self.stage(*round);
        let rules = self.rules().and_then(|r| r.round(*round)?.stage());
        let Some((stage, rules)) = stage.zip(rules) else {
            return false;
        };
        // In older ledgers the lots of a final were drawn for all teams.
        let all: Vec<TeamId> = self.teams.keys().copied().collect();
        [self.entrants(*round), all].iter().any(|teams| {
            let drawn = self.drawn(&stage, rules, *round, *of, seed.clone(), teams);
            drawn.is_ok_and(|drawn| drawn == *fact)
        })
    }

    /// Nothing is drawn again once a team has been called.
    fn before_first_call(&self, stage: &Stage) -> Result<(), Refusal> {
        if stage.performances.is_empty() {
            Ok(())
        } else {
            Err(Refusal::Frozen)
        }
    }

    fn known(&self, team: TeamId) -> Result<(), Refusal> {
        if self.teams.contains_key(&team) {
            Ok(())
        } else {
            Err(Refusal::UnknownTeam)
        }
    }

    /// What stands in the way of calling a team on stage.
    pub fn call_blockers(&self, round: RoundId, stage: &Stage, rules: &StageRules) -> Vec<Blocker> {
        let mut list = self.entry_blockers(round);
        if stage.judges.is_empty() || stage.chief.is_none() {
            list.push(Blocker::NoPanel);
        }
        if rules.rubric.is_empty() {
            list.push(Blocker::NoRubric);
        }
        if stage.order.is_empty() {
            list.push(Blocker::NoOrder);
        } else if self.is_final(round) && self.finalists.is_none() {
            // Lots were drawn, and then an earlier mark was corrected: other teams go on.
            let drawn: BTreeSet<TeamId> = stage.order.iter().copied().collect();
            let teams = self.entrants(round);
            if drawn != teams.iter().copied().collect() {
                list.push(Blocker::OtherFinalists { teams });
            }
        }
        let running = stage
            .performances
            .iter()
            .find(|(_, p)| p.clock.running_since.is_some());
        list.extend(running.map(|(team, _)| Blocker::ClockRunning { team: *team }));
        list
    }

    #[allow(clippy::too_many_arguments, reason = "one mark has that many coordinates")]
    fn set_mark(
        &self,
        stage: &Stage,
        rules: &StageRules,
        judge: PersonId,
        team: TeamId,
        criterion: u32,
        revision: u32,
        points: Option<Points>,
    ) -> Result<Vec<StageFact>, Refusal> {
        let rule = rules.rubric.iter().find(|c| c.id == criterion);
        let rule = rule.ok_or(Refusal::invalid(Field::Rubric, Fault::Unknown))?;
        let held = stage
            .sheet(judge, team)
            .and_then(|sheet| sheet.marks.get(&criterion));
        if let Some(held) = held
            && revision <= held.revision
        {
            // The same packet again is fine, also after hand-in; another mark under it is stale.
            if revision == held.revision && points == held.points {
                return Ok(vec![]);
            }
            return Err(Refusal::StaleMark {
                revision: held.revision,
                points: held.points,
            });
        }
        own_open_sheet(stage, judge, team)?;
        if let Some(points) = points {
            in_range(Field::Mark, points.0, 0, rule.maximum.0)?;
            if points.0 % rule.step.0.max(1) != 0 {
                return Err(Refusal::invalid(Field::Mark, Fault::OffStep));
            }
        }
        Ok(vec![StageFact::MarkSet {
            team,
            judge,
            criterion,
            revision,
            points,
        }])
    }

    pub(crate) fn give_award(
        &self,
        award: u32,
        teams: Vec<TeamId>,
        reason: &str,
    ) -> Result<Vec<Event>, Refusal> {
        let rules = self.rules().ok_or(Refusal::NotAllowed)?;
        let rule = rules
            .awards
            .iter()
            .find(|rule| rule.id == award && rule.by == crate::award::AwardBy::Chosen);
        let rule = rule.ok_or(Refusal::invalid(Field::Awards, Fault::Unknown))?;
        in_range(Field::Awards, teams.len() as i64, 0, i64::from(rule.places))?;
        teams.iter().try_for_each(|team| self.known(*team))?;
        let reason = sound_reason(reason)?;
        Ok(changed(self.given.get(&award) != Some(&teams), || {
            Event::AwardGiven { award, teams, reason }
        }))
    }

    pub(crate) fn file_appeal(&self, team: TeamId, text: &str, now: Moment) -> Result<Vec<Event>, Refusal> {
        self.known(team)?;
        if !self.hears_appeals(now) {
            return Err(Refusal::AppealsClosed);
        }
        let text = sound_text(Field::Text, text, LONGEST_TEXT)?;
        let appeal = self.appeals.keys().next_back().map_or(1, |last| last + 1);
        Ok(vec![Event::AppealFiled { appeal, team, text }])
    }

    pub(crate) fn answer_appeal(
        &self,
        appeal: u32,
        upheld: bool,
        reason: &str,
    ) -> Result<Vec<Event>, Refusal> {
        if self.appeals.get(&appeal).is_none_or(|a| a.answer.is_some()) {
            return Err(Refusal::UnknownAppeal);
        }
        Ok(vec![Event::AppealAnswered {
            appeal,
            upheld,
            reason: sound_reason(reason)?,
        }])
    }
}

/// Each of `teams` once, and nobody else.
fn whole_order(order: &[TeamId], teams: &[TeamId]) -> Result<(), Refusal> {
    let set: BTreeSet<TeamId> = order.iter().copied().collect();
    if set.len() != order.len() {
        return Err(Refusal::invalid(Field::Order, Fault::Duplicate));
    }
    if set.iter().any(|team| !teams.contains(team)) {
        return Err(Refusal::UnknownTeam);
    }
    if set.len() < teams.len() {
        return Err(Refusal::invalid(Field::Order, Fault::OutOfRange));
    }
    Ok(())
}

/// A reason that may be left out.
fn stated(reason: Option<String>) -> Result<Option<String>, Refusal> {
    let reason = reason.filter(|reason| !reason.trim().is_empty());
    reason.map(|reason| sound_reason(&reason)).transpose()
}

pub(crate) fn news(is: bool, fact: impl FnOnce() -> StageFact) -> Vec<StageFact> {
    if is { vec![fact()] } else { vec![] }
}

/// What is decided anew only after the confirmed mark is withdrawn.
fn unconfirmed(stage: &Stage, team: TeamId) -> Result<(), Refusal> {
    if stage.confirmed.contains_key(&team) {
        Err(Refusal::SheetLocked)
    } else {
        Ok(())
    }
}

/// A page about an earlier performance says nothing about this one.
fn this_run(stage: &Stage, team: TeamId, run: Option<u32>) -> Result<(), Refusal> {
    let now = stage.performances.get(&team).map(|performance| performance.run);
    match (run, now) {
        (Some(run), Some(now)) if run != now => Err(Refusal::OtherRun { run: now }),
        _ => Ok(()),
    }
}

pub(crate) fn performed(stage: &Stage, team: TeamId) -> Result<&crate::stage::Performance, Refusal> {
    stage
        .performances
        .get(&team)
        .map(|performance| performance.as_ref())
        .ok_or(Refusal::NotOnStage)
}

fn on_stage(stage: &Stage, team: TeamId) -> Result<&crate::stage::Performance, Refusal> {
    if stage.on_stage != Some(team) {
        return Err(Refusal::NotOnStage);
    }
    performed(stage, team)
}

/// A judge may write on his own sheet: he has one, the team has performed, nothing is locked.
fn own_open_sheet(stage: &Stage, judge: PersonId, team: TeamId) -> Result<(), Refusal> {
    if !stage.marks(judge, team) {
        return Err(Refusal::NotAllowed);
    }
    performed(stage, team)?;
    if stage.absent.contains(&team) {
        return Err(Refusal::NotOnStage);
    }
    if stage.sheet_state(judge, team) == SheetState::HandedIn || stage.confirmed.contains_key(&team) {
        return Err(Refusal::SheetLocked);
    }
    Ok(())
}
