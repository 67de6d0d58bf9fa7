//! Who may do what, and whether it makes sense now.

use crate::{
    Actor, Blocker, Command, Contest, Event, Moment, Refusal, RoundId, TeamId,
    award::AwardBy,
    command::{Facts, Marking, NewTeam},
    exam::{Exam, ExamPhase, Prepared},
    ident::hex,
    intake::key,
    paper,
    people::{Details, Team},
    refusal::{Fault, Field},
    reveal::RevealAct,
    rules::{Judges, Overtime, Rules, StageRules, TieBreak},
    screen::ScreenAct,
    stage::Stage,
    standing,
};
use rand::Rng;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The longest reason, in characters.
pub const LONGEST_REASON: usize = 500;
/// The most extra time one grant or reopening may give: four hours.
pub const MOST_EXTRA: i64 = 4 * 3600 * 1000;
/// The longest that contestants may keep coming: an online round of two months.
const MOST_ENTRY: i64 = 60 * 24 * 3600 * 1000;

impl Contest {
    /// What follows from `command` if `actor` may give it now: the facts to record, or a refusal.
    /// No facts means: nothing to do, it is so already.
    ///
    /// # Errors
    /// The [`Refusal`] says what stands against it.
    pub fn decide(
        &self,
        actor: &Actor,
        command: Command,
        facts: &Facts,
        now: Moment,
        rng: &mut impl Rng,
    ) -> Result<Vec<Event>, Refusal> {
        self.allows(actor, &command)?;
        match command {
            Command::CreateContest { details, rules } => {
                let Actor::Organizer { user } = *actor else {
                    return Err(Refusal::NotAllowed);
                };
                let details = sound_details(details)?;
                rules.check()?;
                Ok(vec![Event::ContestCreated {
                    details,
                    organizer: user,
                    rules,
                }])
            }
            Command::ChangeDetails { details } => {
                let details = sound_details(details)?;
                Ok(changed(details != self.details, || Event::DetailsChanged {
                    details,
                }))
            }
            Command::AddOrganizer { user } => Ok(changed(!self.organizers.contains(&user), || {
                Event::OrganizerAdded { user }
            })),
            Command::RemoveOrganizer { user } => {
                if self.organizers.len() == 1 && self.organizers.contains(&user) {
                    return Err(Refusal::LastOrganizer);
                }
                Ok(changed(self.organizers.contains(&user), || {
                    Event::OrganizerRemoved { user }
                }))
            }
            Command::AddTeams { teams } => {
                let teams = teams.into_iter().map(|(name, unit)| NewTeam {
                    name,
                    unit,
                    ..NewTeam::default()
                });
                self.enrol_teams(teams)
            }
            Command::EnrolTeams { teams } => self.enrol_teams(teams),
            Command::ChangeTeam { team, name, unit } => {
                let old = self.teams.get(&team).ok_or(Refusal::UnknownTeam)?;
                let new = Team {
                    id: team,
                    name: self.free_name(&name, Some(team))?,
                    unit: sound_unit(&unit)?,
                    cluster: old.cluster.clone(),
                };
                Ok(changed(new != *old, || Event::TeamChanged { team: new }))
            }
            Command::RemoveTeam { team } => {
                self.before_opening()?;
                self.teams.get(&team).ok_or(Refusal::UnknownTeam)?;
                Ok(vec![Event::TeamRemoved { team }])
            }
            Command::SetRules { rules, reason } => self.set_rules(rules, reason),
            Command::PrepareExam {
                round,
                bank,
                contestants,
            } => {
                let exam = self.in_phase(round, &[ExamPhase::Draft, ExamPhase::Prepared])?;
                let rules = self
                    .rules()
                    .and_then(|r| r.exam(round))
                    .ok_or(Refusal::UnknownRound)?;
                let facts = Facts {
                    contestants,
                    ..*facts
                };
                blocked(self.prepare_blockers(round, &facts, paper::shortages(&rules.blueprint, &bank)))?;
                let mut seed = [0u8; 32];
                rng.fill_bytes(&mut seed);
                let prepared = Prepared {
                    bank: bank.digest(),
                    questions: u16::try_from(bank.questions.len())
                        .map_err(|_| Refusal::invalid(Field::Blueprint, Fault::OutOfRange))?,
                    seed: hex(&seed),
                    papers: paper::count(rules.papers, contestants),
                    rules: rules.clone(),
                };
                drop(exam);
                Ok(vec![Event::ExamPrepared { round, prepared }])
            }
            Command::OpenExam { round } => {
                self.in_phase(round, &[ExamPhase::Prepared])?;
                blocked(self.open_blockers(round, facts))?;
                let mut events = self.final_begins(round);
                events.push(Event::ExamOpened { round });
                Ok(events)
            }
            Command::PauseExam { round, reason } => {
                let exam = self.in_phase(round, &[ExamPhase::Open])?;
                let reason = sound_reason(&reason)?;
                Ok(changed(exam.paused_at.is_none(), || Event::ExamPaused {
                    round,
                    reason,
                }))
            }
            Command::ResumeExam { round } => {
                let exam = self.in_phase(round, &[ExamPhase::Open])?;
                Ok(changed(exam.paused_at.is_some(), || Event::ExamResumed { round }))
            }
            Command::GrantTime {
                round,
                person,
                millis,
                reason,
            } => {
                self.in_phase(round, &[ExamPhase::Prepared, ExamPhase::Open])?;
                in_range(Field::Minutes, millis, 1, MOST_EXTRA)?;
                Ok(vec![Event::TimeGranted {
                    round,
                    person,
                    millis,
                    reason: sound_reason(&reason)?,
                }])
            }
            Command::AdmitLate {
                round,
                person,
                reason,
                remark,
            } => {
                // What is published is not opened for one more packet: that is a complaint's business.
                let phases = [ExamPhase::Open, ExamPhase::Closed, ExamPhase::Marked];
                let exam = self.in_phase(round, &phases)?;
                let reason = sound_reason(&reason)?;
                if exam.admitted.contains(&person) {
                    return Ok(vec![]);
                }
                let admitted = Event::LateAdmitted {
                    round,
                    person,
                    reason,
                };
                let marked = remarked(round, exam.phase, remark)?;
                Ok([admitted].into_iter().chain(marked).collect())
            }
            Command::CloseExam { round, reason } => {
                self.in_phase(round, &[ExamPhase::Open])?;
                let reason = reason.map(|r| sound_reason(&r)).transpose()?;
                if reason.is_none() {
                    blocked(self.close_blockers(round, facts, now))?;
                }
                Ok(vec![Event::ExamClosed { round, reason }])
            }
            Command::ReopenExam {
                round,
                millis,
                reason,
            } => {
                self.in_phase(round, &[ExamPhase::Closed, ExamPhase::Marked])?;
                in_range(Field::Minutes, millis, 1, MOST_EXTRA)?;
                blocked(self.other_open(round))?;
                Ok(vec![Event::ExamReopened {
                    round,
                    millis,
                    reason: sound_reason(&reason)?,
                }])
            }
            Command::CorrectKey {
                round,
                question,
                options,
                correct,
                reason,
                remark,
            } => {
                let exam = self.exam_after(round, ExamPhase::Prepared)?;
                let prepared = exam.prepared.as_ref().ok_or(Refusal::UnknownRound)?;
                if question >= prepared.questions {
                    return Err(Refusal::UnknownQuestion);
                }
                let possible =
                    |c: crate::question::Choice| !c.is_blank() && c.list().iter().all(|i| *i < options);
                if !correct.is_none_or(possible) {
                    return Err(Refusal::invalid(Field::Choice, Fault::OutOfRange));
                }
                let reason = sound_reason(&reason)?;
                let corrected = Event::KeyCorrected {
                    round,
                    question,
                    correct,
                    reason,
                };
                let marked = remarked(round, exam.phase, remark)?;
                Ok([corrected].into_iter().chain(marked).collect())
            }
            Command::MarkExam { round, marking } => {
                self.in_phase(round, &[ExamPhase::Closed, ExamPhase::Marked])?;
                blocked(self.mark_blockers(round, facts))?;
                Ok(vec![Event::ExamMarked {
                    round,
                    marks: marking.marks,
                    listing: marking.listing,
                }])
            }
            Command::PublishExam { round } => {
                self.in_phase(round, &[ExamPhase::Marked])?;
                blocked(self.publish_blockers(round))?;
                Ok(vec![Event::ExamPublished { round }])
            }
            Command::DecideTie { teams, reason } => {
                if teams.len() < 2 {
                    return Err(Refusal::invalid(Field::Members, Fault::OutOfRange));
                }
                for (i, team) in teams.iter().enumerate() {
                    self.teams.get(team).ok_or(Refusal::UnknownTeam)?;
                    if teams[..i].contains(team) {
                        return Err(Refusal::invalid(Field::Members, Fault::Duplicate));
                    }
                }
                blocked(self.tie_blockers(&teams))?;
                Ok(vec![Event::TieDecided {
                    teams,
                    reason: sound_reason(&reason)?,
                    stake: standing::stake(self),
                }])
            }
            Command::SetCluster { teams, cluster } => {
                self.before_opening()?;
                let cluster = sound_cluster(&cluster)?;
                let teams = teams
                    .iter()
                    .map(|team| self.teams.get(team).ok_or(Refusal::UnknownTeam));
                let teams: Vec<&Team> = teams.collect::<Result<_, _>>()?;
                let moved = teams.into_iter().filter(|team| team.cluster != cluster);
                Ok(moved
                    .map(|team| Event::TeamChanged {
                        team: Team {
                            cluster: cluster.clone(),
                            ..team.clone()
                        },
                    })
                    .collect())
            }
            Command::Stage { round, act, seen } => self.decide_stage(actor, round, act, seen, now),
            Command::Screen { act } => self.decide_screen(act),
            Command::Reveal { act } => self.decide_reveal(act, rng),
            Command::SharePlace { teams, reason } => self.share_place(teams, &reason),
            Command::GiveAward { award, teams, reason } => self.give_award(award, teams, &reason),
            Command::FileAppeal { team, text } => self.file_appeal(team, &text, now),
            Command::AnswerAppeal {
                appeal,
                upheld,
                reason,
            } => self.answer_appeal(appeal, upheld, &reason),
        }
    }

    /// Whether `actor` may give this kind of command here at all.
    fn allows(&self, actor: &Actor, command: &Command) -> Result<(), Refusal> {
        let mine = match (actor, command) {
            (Actor::Organizer { .. }, Command::CreateContest { .. }) => self.seq == 0,
            (Actor::Organizer { user }, _) => self.organizers.contains(user),
            // Secretaries run the hall: the clock and its troubles, not the rules nor the marks.
            (
                Actor::Secretary { .. },
                Command::PauseExam { .. } | Command::ResumeExam { .. } | Command::GrantTime { .. },
            ) => true,
            (Actor::System, Command::CloseExam { reason: None, .. }) => true,
            // A screen that comes in by a printed code.
            (
                Actor::System,
                Command::Screen {
                    act: ScreenAct::Add { .. },
                },
            ) => true,
            // Each act of a stage round knows its own circle; nobody else may even ask.
            (Actor::Secretary { .. } | Actor::Judge { .. }, Command::Stage { .. }) => true,
            // The secretary writes a complaint down for the team's leader.
            (Actor::Secretary { .. }, Command::FileAppeal { .. } | Command::Screen { .. }) => true,
            // Whoever holds the microphone presses the button; what is told was settled before.
            (
                Actor::Secretary { .. } | Actor::Host { .. },
                Command::Reveal {
                    act: RevealAct::Go { .. },
                },
            ) => true,
            (Actor::Contestant { team, .. }, Command::FileAppeal { team: own, .. }) => team == own,
            _ => false,
        };
        if mine { Ok(()) } else { Err(Refusal::NotAllowed) }
    }

    fn exam_after(&self, round: RoundId, least: ExamPhase) -> Result<Cow<'_, Exam>, Refusal> {
        let exam = self.exam(round).ok_or(Refusal::UnknownRound)?;
        if exam.phase < least {
            Err(Refusal::WrongPhase { phase: exam.phase })
        } else {
            Ok(exam)
        }
    }

    fn in_phase(&self, round: RoundId, phases: &[ExamPhase]) -> Result<Cow<'_, Exam>, Refusal> {
        let exam = self.exam(round).ok_or(Refusal::UnknownRound)?;
        if phases.contains(&exam.phase) {
            Ok(exam)
        } else {
            Err(Refusal::WrongPhase { phase: exam.phase })
        }
    }

    fn before_opening(&self) -> Result<(), Refusal> {
        if self.opened_at.is_some() {
            Err(Refusal::Frozen)
        } else {
            Ok(())
        }
    }

    fn enrol_teams(&self, teams: impl IntoIterator<Item = NewTeam>) -> Result<Vec<Event>, Refusal> {
        let mut events = Vec::new();
        let mut known: BTreeMap<String, Option<&Team>> = self
            .teams
            .values()
            .map(|team| (key(&team.name), Some(team)))
            .collect();
        let mut id = self.last_team;
        for NewTeam { name, unit, cluster } in teams {
            let name = sound_name(&name)?;
            let cluster = sound_cluster(&cluster)?;
            match known.get(&key(&name)).copied() {
                None => {
                    self.before_opening()?;
                    known.insert(key(&name), None);
                    id = TeamId(id.0 + 1);
                    let unit = sound_unit(&unit)?;
                    let team = Team {
                        id,
                        name,
                        unit,
                        cluster,
                    };
                    events.push(Event::TeamAdded { team });
                }
                Some(Some(old)) if old.cluster.is_empty() && !cluster.is_empty() => {
                    self.before_opening()?;
                    // Once is enough, if the file names it again.
                    known.insert(key(&name), None);
                    let team = Team {
                        cluster,
                        ..old.clone()
                    };
                    events.push(Event::TeamChanged { team });
                }
                Some(_) => {}
            }
        }
        Ok(events)
    }

    /// `name` made sound, if no other team has it.
    fn free_name(&self, name: &str, mine: Option<TeamId>) -> Result<String, Refusal> {
        let name = sound_name(name)?;
        let folded = key(&name);
        if self
            .teams
            .values()
            .any(|team| Some(team.id) != mine && key(&team.name) == folded)
        {
            return Err(Refusal::invalid(Field::Name, Fault::Duplicate));
        }
        Ok(name)
    }

    fn set_rules(&self, rules: Rules, reason: Option<String>) -> Result<Vec<Event>, Refusal> {
        rules.check()?;
        let reason = reason
            .filter(|r| !r.trim().is_empty())
            .map(|r| sound_reason(&r))
            .transpose()?;
        let Some(old) = self.rules() else {
            return Err(Refusal::NotAllowed);
        };
        if rules == *old {
            return Ok(vec![]);
        }
        if self.opened_at.is_some() && reason.is_none() {
            return Err(Refusal::ReasonNeeded);
        }
        let list = |rules: &Rules| -> Vec<RoundId> { rules.rounds.iter().map(|round| round.id).collect() };
        let held = self.hall.frozen.is_some() || self.hall.reveal.is_some();
        if held && list(old) != list(&rules) {
            blocked(vec![Blocker::RoundsFixed])?;
        }
        // A round that has begun stays the round it is; a prepared one must be prepared again.
        for (id, exam) in &self.exams {
            if exam.phase > ExamPhase::Prepared && rules.exam(*id).is_none() {
                return Err(Refusal::WrongPhase { phase: exam.phase });
            }
        }
        let begun = self
            .stages
            .iter()
            .filter(|(_, stage)| !stage.performances.is_empty());
        blocked(
            begun
                .filter_map(|(id, stage)| stage_stands(*id, stage, old, &rules))
                .collect(),
        )?;
        Ok(vec![Event::RulesSet { rules, reason }])
    }

    /// What stands in the way of preparing the round.
    pub fn prepare_blockers(
        &self,
        _round: RoundId,
        facts: &Facts,
        short: Vec<paper::Shortage>,
    ) -> Vec<Blocker> {
        let mut list = Vec::new();
        if self.teams.is_empty() {
            list.push(Blocker::NoTeams);
        }
        if facts.contestants == 0 {
            list.push(Blocker::NoContestants);
        }
        list.extend(short.into_iter().map(|shortage| Blocker::Shortage { shortage }));
        list
    }

    /// What stands in the way of opening it.
    pub fn open_blockers(&self, round: RoundId, facts: &Facts) -> Vec<Blocker> {
        let mut list = self.other_open(round);
        let exam = self.exam(round);
        let prepared = exam.as_ref().and_then(|e| e.prepared.as_ref());
        let current = self.rules().and_then(|r| r.exam(round));
        // Papers built by rules that have changed since are not the papers of this contest.
        if prepared.map(|p| &p.rules) != current {
            list.push(Blocker::NotPrepared);
        }
        if facts.bank_changed {
            list.push(Blocker::BankChanged);
        }
        if facts.contestants == 0 {
            list.push(Blocker::NoContestants);
        }
        list
    }

    /// What stands in the way of closing it without a reason.
    pub fn close_blockers(&self, round: RoundId, facts: &Facts, now: Moment) -> Vec<Blocker> {
        let Some(exam) = self.exam(round) else {
            return vec![];
        };
        let mut list = Vec::new();
        if exam.paused_at.is_some() {
            list.push(Blocker::Paused);
        }
        let grace = exam.prepared.as_ref().map_or(0, |p| p.rules.grace);
        let last = facts.last_deadline.map(|end| end + grace);
        let left = last.max(exam.entry_ends(now)).map(|end| end - now);
        if let Some(left) = left.filter(|left| *left > 0) {
            list.push(Blocker::TimeLeft { millis: left });
        }
        if facts.unfinished > 0 {
            list.push(Blocker::Unfinished {
                count: facts.unfinished,
            });
        }
        list
    }

    /// What stands in the way of marking it.
    pub fn mark_blockers(&self, _round: RoundId, facts: &Facts) -> Vec<Blocker> {
        if facts.unfinished > 0 {
            vec![Blocker::Unfinished {
                count: facts.unfinished,
            }]
        } else {
            vec![]
        }
    }

    /// What stands in the way of publishing a round's marks: equals whom the rules leave to the
    /// committee, once the last round has its marks.
    pub fn publish_blockers(&self, round: RoundId) -> Vec<Blocker> {
        let Some(rules) = self.rules() else { return vec![] };
        let last = rules.rounds.last().is_some_and(|r| r.id == round);
        if !last || !rules.tie_breaks.contains(&TieBreak::Decision) {
            return vec![];
        }
        let board = standing::standings(self, |round, team| self.mark(round, team));
        let mut list = Vec::new();
        let first = rules.sole_winner.then(|| standing::tied_across(&board, 1));
        list.extend(
            first
                .filter(|teams| !teams.is_empty())
                .map(|teams| Blocker::TieForFirst { teams }),
        );
        let across = rules.cut_off.map(|cut| standing::tied_across(&board, cut));
        list.extend(
            across
                .filter(|teams| !teams.is_empty())
                .map(|teams| Blocker::TieAtCutOff { teams }),
        );
        list
    }

    /// What stands in the way of deciding an order among `teams`: they are not all who are equal.
    fn tie_blockers(&self, teams: &[TeamId]) -> Vec<Blocker> {
        let groups = standing::equals(self).into_iter();
        let mut with_first = groups.filter(|group| teams.first().is_some_and(|team| group.contains(team)));
        let equal = with_first.next().unwrap_or_default();
        let named =
            |equal: &[TeamId]| equal.len() == teams.len() && teams.iter().all(|team| equal.contains(team));
        if named(&equal) || named(&self.of_one_cluster(&equal, teams)) {
            vec![]
        } else {
            vec![Blocker::NotAllEquals { teams: equal }]
        }
    }

    fn other_open(&self, round: RoundId) -> Vec<Blocker> {
        let other = self.open_exam().filter(|(id, _)| *id != round);
        other
            .map(|(round, _)| Blocker::OtherExamOpen { round })
            .into_iter()
            .collect()
    }
}

impl Rules {
    /// Whether these rules can be held.
    ///
    /// # Errors
    /// Names the first field that cannot stand.
    pub fn check(&self) -> Result<(), Refusal> {
        in_range(Field::Rounds, self.rounds.len() as i64, 1, 20)?;
        in_range(Field::Rounding, self.rounding.step.0, 1, 10_000)?;
        if let Some(cut) = self.cut_off {
            in_range(Field::CutOff, i64::from(cut), 1, 1_000_000)?;
        }
        for (i, round) in self.rounds.iter().enumerate() {
            sound_text(Field::Name, &round.name, 60)?;
            if self.rounds[..i]
                .iter()
                .any(|other| other.id == round.id || key(&other.name) == key(&round.name))
            {
                return Err(Refusal::invalid(Field::Rounds, Fault::Duplicate));
            }
            in_range(Field::Weight, round.weight, 0, 1_000_000)?;
            in_range(Field::Maximum, round.maximum.0, 1, 100_000_000)?;
            if let Some(stage) = round.stage() {
                check_stage(stage)?;
            }
            if let Some(exam) = round.exam() {
                in_range(Field::Duration, exam.duration, 10_000, 24 * 3600 * 1000)?;
                in_range(Field::Entry, exam.entry.unwrap_or(MOST_ENTRY), 60_000, MOST_ENTRY)?;
                in_range(Field::Grace, exam.grace, 0, 600_000)?;
                in_range(Field::Points, exam.right.0, 1, 1_000_000)?;
                in_range(Field::Points, exam.wrong.0, 0, 1_000_000)?;
                in_range(Field::Rounding, exam.rounding.step.0, 1, 10_000)?;
                in_range(Field::Blueprint, i64::from(exam.blueprint.count()), 0, 300)?;
                if let crate::rules::Papers::Variants(n) = exam.papers {
                    in_range(Field::Papers, i64::from(n), 1, 99)?;
                }
                if let crate::rules::Combine::Best(n) = exam.members {
                    in_range(Field::Members, i64::from(n), 1, 100)?;
                }
            }
        }
        for (i, by) in self.tie_breaks.iter().enumerate() {
            let known = match by {
                TieBreak::RoundMark { round } => self.round(*round).is_some(),
                TieBreak::Criterion { round, criterion } => {
                    let stage = self.round(*round).and_then(|r| r.stage());
                    stage.is_some_and(|stage| stage.rubric.iter().any(|c| c.id == *criterion))
                }
                TieBreak::FewerSeconds | TieBreak::Decision => true,
            };
            if !known {
                return Err(Refusal::invalid(Field::TieBreaks, Fault::Unknown));
            }
            if self.tie_breaks[..i].contains(by) {
                return Err(Refusal::invalid(Field::TieBreaks, Fault::Duplicate));
            }
        }
        for (i, award) in self.awards.iter().enumerate() {
            sound_text(Field::Awards, &award.name, 80)?;
            in_range(Field::Awards, i64::from(award.places), 1, 1000)?;
            let known = match award.by {
                AwardBy::Round { round } => self.round(round).is_some(),
                AwardBy::Total | AwardBy::Chosen => true,
            };
            if !known || self.awards[..i].iter().any(|other| other.id == award.id) {
                return Err(Refusal::invalid(Field::Awards, Fault::Duplicate));
            }
        }
        if let Some(leg) = self.final_leg {
            in_range(Field::CutOff, i64::from(leg.teams), 1, 1000)?;
            // There must be something to go on from.
            if self
                .rounds
                .iter()
                .position(|r| r.id == leg.from)
                .is_none_or(|at| at == 0)
            {
                return Err(Refusal::invalid(Field::Rounds, Fault::Unknown));
            }
        }
        if let Some(all) = self.time_in_all {
            in_range(Field::Duration, all.limit, 1_000, 24 * 3600 * 1000)?;
            check_overtime(all.overtime)?;
        }
        // One winner can only be found where the committee may decide.
        if self.sole_winner && !self.tie_breaks.contains(&TieBreak::Decision) {
            return Err(Refusal::invalid(Field::TieBreaks, Fault::Unknown));
        }
        in_range(Field::Duration, self.appeal_window, 0, 30 * 24 * 3600 * 1000)
    }
}

/// The new marks of a round that is marked already.
fn remarked(round: RoundId, phase: ExamPhase, remark: Option<Marking>) -> Result<Option<Event>, Refusal> {
    if phase < ExamPhase::Marked {
        return Ok(None);
    }
    let Marking { marks, listing } = remark.ok_or(Refusal::WrongPhase { phase })?;
    Ok(Some(Event::ExamMarked {
        round,
        marks,
        listing,
    }))
}

/// What of a round that has begun on stage speaks against `new` rules.
fn stage_stands(id: RoundId, stage: &Stage, old: &Rules, new: &Rules) -> Option<Blocker> {
    let of = |rules: &Rules| rules.round(id).and_then(|round| round.stage()).cloned();
    // A round that had no stage rules is no round on stage any more.
    let old = of(old)?;
    let Some(new) = of(new) else {
        return Some(Blocker::RoundBegun { round: id });
    };
    // Criteria may be named better at any time.
    let scale =
        |rules: &StageRules| -> Vec<_> { rules.rubric.iter().map(|c| (c.id, c.maximum, c.step)).collect() };
    let making = |rules: &StageRules| (scale(rules), rules.judges, rules.rounding);
    if !stage.confirmed.is_empty() && making(&old) != making(&new) {
        return Some(Blocker::MarksStand { round: id });
    }
    let mut sheets = stage.performances.values().flat_map(|turn| turn.sheets.values());
    let stands = sheets.any(|sheet| !sheet.filled().iter().all(|(id, points)| new.takes(*id, *points)));
    // A criterion more is marked on the sheets that are still open, and asked for on the others.
    stands.then_some(Blocker::SheetsStand { round: id })
}

fn check_stage(stage: &StageRules) -> Result<(), Refusal> {
    in_range(Field::Rubric, stage.rubric.len() as i64, 0, 30)?;
    for (i, criterion) in stage.rubric.iter().enumerate() {
        sound_text(Field::Rubric, &criterion.name, 120)?;
        in_range(Field::Maximum, criterion.maximum.0, 1, 1_000_000)?;
        in_range(Field::Points, criterion.step.0, 1, criterion.maximum.0)?;
        if stage.rubric[..i].iter().any(|other| other.id == criterion.id) {
            return Err(Refusal::invalid(Field::Rubric, Fault::Duplicate));
        }
    }
    in_range(Field::Rounding, stage.rounding.step.0, 1, 10_000)?;
    in_range(Field::Duration, stage.time.limit, 0, 24 * 3600 * 1000)?;
    in_range(Field::Duration, stage.time.warning, 0, stage.time.limit)?;
    if let Some(cut_off) = stage.time.cut_off {
        in_range(Field::Duration, cut_off, stage.time.limit, 24 * 3600 * 1000)?;
    }
    in_range(Field::Duration, stage.time.thinking, 0, 3600 * 1000)?;
    if let Judges::Trimmed { from } = stage.judges {
        in_range(Field::Members, i64::from(from), 3, 25)?;
    }
    check_overtime(stage.overtime)?;
    in_range(Field::Papers, i64::from(stage.packs), 0, 200)
}

fn check_overtime(overtime: Overtime) -> Result<(), Refusal> {
    match overtime {
        Overtime::Free => Ok(()),
        Overtime::Once { by, points } => {
            in_range(Field::Duration, by, 0, 3600 * 1000)?;
            in_range(Field::Points, points.0, 0, 1_000_000)
        }
        Overtime::PerMinute { points, at_most } => {
            in_range(Field::Points, points.0, 0, 1_000_000)?;
            in_range(Field::Points, at_most.0, points.0, 1_000_000)
        }
    }
}

pub(crate) fn changed(is: bool, event: impl FnOnce() -> Event) -> Vec<Event> {
    if is { vec![event()] } else { vec![] }
}

pub(crate) fn blocked(list: Vec<Blocker>) -> Result<(), Refusal> {
    if list.is_empty() {
        Ok(())
    } else {
        Err(Refusal::Blocked(list.into()))
    }
}

pub(crate) fn in_range(field: Field, value: i64, least: i64, most: i64) -> Result<(), Refusal> {
    if (least..=most).contains(&value) {
        Ok(())
    } else {
        Err(Refusal::invalid(field, Fault::OutOfRange))
    }
}

pub(crate) fn sound_text(field: Field, text: &str, most: usize) -> Result<String, Refusal> {
    let text = crate::intake::clean(text);
    if text.is_empty() {
        return Err(Refusal::invalid(field, Fault::Empty));
    }
    if text.chars().count() > most {
        return Err(Refusal::invalid(field, Fault::TooLong));
    }
    Ok(text)
}

fn sound_name(name: &str) -> Result<String, Refusal> {
    sound_text(Field::Name, name, 120)
}

fn sound_cluster(cluster: &str) -> Result<String, Refusal> {
    let cluster = crate::intake::clean(cluster);
    if cluster.is_empty() {
        Ok(cluster)
    } else {
        sound_text(Field::Name, &cluster, crate::intake::LONGEST_CLUSTER)
    }
}

fn sound_unit(unit: &str) -> Result<String, Refusal> {
    let unit = crate::intake::clean(unit);
    if unit.is_empty() {
        Ok(unit)
    } else {
        sound_text(Field::Unit, &unit, 160)
    }
}

pub(crate) fn sound_reason(reason: &str) -> Result<String, Refusal> {
    match sound_text(Field::Reason, reason, LONGEST_REASON) {
        Err(Refusal::Invalid {
            fault: Fault::Empty, ..
        }) => Err(Refusal::ReasonNeeded),
        other => other,
    }
}

fn sound_details(details: Details) -> Result<Details, Refusal> {
    let hosts = details
        .hosts
        .iter()
        .map(|h| crate::intake::clean(h))
        .filter(|h| !h.is_empty())
        .collect::<Vec<_>>();
    if hosts.len() > 10 || hosts.iter().any(|h| h.chars().count() > 200) {
        return Err(Refusal::invalid(Field::Unit, Fault::TooLong));
    }
    let place = crate::intake::clean(&details.place);
    if place.chars().count() > 200 {
        return Err(Refusal::invalid(Field::Unit, Fault::TooLong));
    }
    Ok(Details {
        name: sound_text(Field::Name, &details.name, 300)?,
        hosts,
        place,
        starts_at: details.starts_at,
        layout: details.layout,
    })
}
