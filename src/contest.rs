//! The state of a contest: a fold of its ledger.

use crate::{
    ContestId, Digest, Event, Moment, RoundId, TeamId, UserId,
    exam::{Exam, ExamPhase, TeamMark},
    hall::Hall,
    ledger::{Entry, genesis},
    people::{Details, Team},
    reveal::RevealFact,
    rules::Rules,
    stage::{Stage, StageFact},
    standing::{Stake, TieDecision},
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Everything the committee has decided so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Contest {
    pub id: ContestId,
    /// The last entry that is folded in; 0 before the first.
    pub seq: u64,
    /// The hash of that entry.
    pub head: Digest,
    pub created_at: Moment,
    pub details: Details,
    pub organizers: BTreeSet<UserId>,
    /// `None` only before the first entry.
    pub rules: Option<Rules>,
    pub teams: BTreeMap<TeamId, Team>,
    /// Ids are never used twice, so this only grows.
    pub last_team: TeamId,
    pub exams: BTreeMap<RoundId, Exam>,
    /// Set when the first round opens: from then on rules change only with a reason.
    pub opened_at: Option<Moment>,
    /// Orders that the committee decided among equals, the latest last.
    pub tie_decisions: Vec<TieDecision>,
    /// Who takes part in the final leg, from its beginning on: no later correction of an earlier mark
    /// takes a team off the stage. `None` before, and in ledgers that do not say it.
    pub finalists: Option<Vec<TeamId>>,
    /// Equals of whom the committee decided that they share their place.
    pub shared_places: Vec<Vec<TeamId>>,
    /// Shared with the states before and after: a fact moves one round, not all of them.
    pub stages: BTreeMap<RoundId, Arc<Stage>>,
    /// Prizes by the committee's choice.
    pub given: BTreeMap<u32, Vec<TeamId>>,
    pub appeals: BTreeMap<u32, Appeal>,
    /// When marks were published last, or shown by lifting a freeze; appeals are counted from it.
    pub published_at: Option<Moment>,
    /// Shared with the states before and after, as the stages are.
    pub hall: Arc<Hall>,
}

/// A complaint (khiếu nại) by a team's leader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Appeal {
    pub team: TeamId,
    pub text: String,
    pub filed_at: Moment,
    /// Upheld or not, with the committee's reason.
    pub answer: Option<(bool, String)>,
}

/// How far the contest as a whole has come, for lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContestPhase {
    /// Nothing has opened yet.
    Preparing,
    /// A round has opened.
    Running,
    /// Every round is published.
    Finished,
}

impl ContestPhase {
    /// The word in listings.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Preparing => "preparing",
            Self::Running => "running",
            Self::Finished => "finished",
        }
    }
}

impl Contest {
    /// A contest of which nothing is known yet but its name.
    pub fn new(id: ContestId) -> Self {
        Self {
            head: genesis(&id),
            id,
            seq: 0,
            created_at: 0,
            details: Details::default(),
            organizers: BTreeSet::new(),
            rules: None,
            teams: BTreeMap::new(),
            last_team: TeamId(0),
            exams: BTreeMap::new(),
            opened_at: None,
            tie_decisions: Vec::new(),
            finalists: None,
            shared_places: Vec::new(),
            stages: BTreeMap::new(),
            given: BTreeMap::new(),
            appeals: BTreeMap::new(),
            published_at: None,
            hall: Arc::default(),
        }
    }

    /// The rules, once the contest is created.
    pub fn rules(&self) -> Option<&Rules> {
        self.rules.as_ref()
    }

    /// The exam round of that id as it stands; a round never touched is a default draft.
    pub fn exam(&self, round: RoundId) -> Option<std::borrow::Cow<'_, Exam>> {
        self.rules()?.exam(round)?;
        Some(match self.exams.get(&round) {
            Some(exam) => std::borrow::Cow::Borrowed(exam),
            None => std::borrow::Cow::Owned(Exam::default()),
        })
    }

    /// How far the whole has come.
    pub fn phase(&self) -> ContestPhase {
        match (&self.rules, self.opened_at) {
            (_, None) => ContestPhase::Preparing,
            (Some(rules), _)
                if !rules.rounds.is_empty() && rules.rounds.iter().all(|r| self.is_published(r.id)) =>
            {
                ContestPhase::Finished
            }
            _ => ContestPhase::Running,
        }
    }

    /// The same as far as the public may know.
    pub fn told_phase(&self) -> ContestPhase {
        match self.phase() {
            ContestPhase::Finished if self.withholds() => ContestPhase::Running,
            phase => phase,
        }
    }

    /// Whether the public may know that a round is published: not of what was behind a freeze.
    pub fn is_told(&self, round: RoundId) -> bool {
        let freeze = self.hall.frozen.as_ref();
        self.is_published(round) && freeze.is_none_or(|freeze| freeze.published.contains(&round))
    }

    /// Whether the marks of a round, exam or stage, are published.
    pub fn is_published(&self, round: RoundId) -> bool {
        let exam = self.exams.get(&round);
        exam.is_some_and(|exam| exam.phase == ExamPhase::Published)
            || self.stages.get(&round).is_some_and(|stage| stage.published)
    }

    /// The exam that is open now, if any.
    pub fn open_exam(&self) -> Option<(RoundId, &Exam)> {
        self.exams
            .iter()
            .find(|(_, exam)| exam.phase == ExamPhase::Open)
            .map(|(id, exam)| (*id, exam))
    }

    /// A team's mark in a round, published or not.
    pub fn mark(&self, round: RoundId, team: TeamId) -> Option<TeamMark> {
        // A round that was to be on stage once and has become an exam has its marks from the exam.
        let exam = self.rules().is_some_and(|rules| rules.exam(round).is_some());
        match self.stages.get(&round).filter(|_| !exam) {
            Some(stage) => {
                let mark = stage.confirmed.get(&team)?;
                Some(TeamMark {
                    team,
                    mark: mark.mark,
                    seconds: 0,
                    members: mark.sheets.len() as u32,
                })
            }
            None => self.exams.get(&round)?.marks.get(&team).copied(),
        }
    }

    /// Marks are published at `at`: to everybody, or behind a freeze.
    fn publishes(&mut self, at: Moment) {
        self.published_at = Some(at);
        if self.hall.frozen.is_some()
            && let Some(freeze) = &mut Arc::make_mut(&mut self.hall).frozen
        {
            freeze.withholds = true;
        }
    }

    /// Whether marks are published that a freeze keeps from the public.
    fn withholds(&self) -> bool {
        self.hall.frozen.as_ref().is_some_and(|freeze| freeze.withholds)
    }

    /// Whether complaints are heard at `now`: for as long as the rules say after everybody has seen the
    /// last marks, and before that too, since a reveal tells the hall of them first.
    pub fn hears_appeals(&self, now: Moment) -> bool {
        let window = self.rules().map_or(0, |rules| rules.appeal_window);
        window > 0
            && self
                .published_at
                .is_some_and(|at| self.withholds() || now <= at + window)
    }

    /// The rounds in which any of `teams` has a mark.
    fn marked_rounds(&self, teams: &[TeamId]) -> Vec<RoundId> {
        let rounds = self.rules().map_or(&[][..], |rules| &rules.rounds);
        let marked = |round: &RoundId| teams.iter().any(|team| self.mark(*round, *team).is_some());
        rounds.iter().map(|round| round.id).filter(marked).collect()
    }

    /// The stage round of that id as it stands; one never touched is empty.
    pub fn stage(&self, round: RoundId) -> Option<std::borrow::Cow<'_, Stage>> {
        self.rules()?.round(round)?.stage()?;
        Some(match self.stages.get(&round) {
            Some(stage) => std::borrow::Cow::Borrowed(stage.as_ref()),
            None => std::borrow::Cow::Owned(Stage::default()),
        })
    }

    /// Folds one fact in. Never fails: what is in the ledger has happened.
    pub fn apply(&mut self, entry: &Entry) {
        self.seq = entry.seq;
        let at = entry.at;
        match &entry.event {
            Event::ContestCreated {
                details,
                organizer,
                rules,
            } => {
                self.created_at = at;
                self.details = details.clone();
                self.organizers.insert(*organizer);
                self.rules = Some(rules.clone());
            }
            Event::DetailsChanged { details } => self.details = details.clone(),
            Event::OrganizerAdded { user } => {
                self.organizers.insert(*user);
            }
            Event::OrganizerRemoved { user } => {
                self.organizers.remove(user);
            }
            Event::TeamAdded { team } | Event::TeamChanged { team } => {
                self.last_team = self.last_team.max(team.id);
                self.teams.insert(team.id, team.clone());
            }
            Event::TeamRemoved { team } => {
                self.teams.remove(team);
            }
            Event::RulesSet { rules, .. } => self.rules = Some(rules.clone()),
            Event::TieDecided { teams, stake, .. } => self.tie_decisions.push(TieDecision {
                rounds: self.marked_rounds(teams),
                taken_back: None,
                teams: teams.clone(),
                stake: *stake,
            }),
            Event::FinalistsFixed { teams } => self.finalists = Some(teams.clone()),
            Event::PlaceShared { teams, .. } => {
                // The order that was decided among them is taken back, but who goes on by it goes on.
                let goes_on = self.finalists.is_none() && self.rules().is_some_and(|r| r.final_leg.is_some());
                let rounds = self.marked_rounds(teams);
                for decision in &mut self.tie_decisions {
                    if !decision.teams.iter().all(|team| teams.contains(team)) {
                        continue;
                    }
                    if goes_on {
                        decision.stake = Stake::Advance;
                    } else {
                        decision.taken_back.get_or_insert_with(|| rounds.clone());
                    }
                }
                self.shared_places.push(teams.clone());
            }
            Event::ExamPrepared { round, prepared } => {
                let exam = self.exams.entry(*round).or_default();
                // Corrections name their question by its place: in another bank they would hit another.
                if exam
                    .prepared
                    .as_ref()
                    .is_some_and(|old| old.bank != prepared.bank)
                {
                    exam.corrections.clear();
                }
                exam.phase = ExamPhase::Prepared;
                exam.prepared = Some(prepared.clone());
            }
            Event::ExamOpened { round } => {
                self.opened_at.get_or_insert(at);
                let exam = self.exams.entry(*round).or_default();
                exam.phase = ExamPhase::Open;
                exam.opened_at = Some(at);
            }
            Event::ExamPaused { round, .. } => {
                let exam = self.exams.entry(*round).or_default();
                exam.paused_at = Some(at);
                exam.clock_version += 1;
            }
            Event::ExamResumed { round } => {
                let exam = self.exams.entry(*round).or_default();
                exam.stops.extend(exam.paused_at.take().map(|since| (since, at)));
                exam.clock_version += 1;
            }
            Event::TimeGranted {
                round,
                person,
                millis,
                ..
            } => {
                let exam = self.exams.entry(*round).or_default();
                exam.extra.entry(*person).or_default().push((at, *millis));
                exam.clock_version += 1;
            }
            Event::LateAdmitted { round, person, .. } => {
                self.exams.entry(*round).or_default().admitted.insert(*person);
            }
            Event::ExamClosed { round, .. } => {
                let exam = self.exams.entry(*round).or_default();
                exam.stops.extend(exam.paused_at.take().map(|since| (since, at)));
                exam.phase = ExamPhase::Closed;
                exam.closed_at = Some(at);
                exam.clock_version += 1;
            }
            Event::ExamReopened { round, millis, .. } => {
                let exam = self.exams.entry(*round).or_default();
                exam.stops.extend(exam.closed_at.take().map(|since| (since, at)));
                exam.reopened = Some((at, *millis));
                exam.phase = ExamPhase::Open;
                exam.marks.clear();
                exam.listing = None;
                exam.clock_version += 1;
            }
            Event::KeyCorrected {
                round,
                question,
                correct,
                ..
            } => {
                self.exams
                    .entry(*round)
                    .or_default()
                    .corrections
                    .insert(*question, *correct);
            }
            Event::ExamMarked {
                round,
                marks,
                listing,
            } => {
                let exam = self.exams.entry(*round).or_default();
                // A correction after publication leaves the round published.
                exam.phase = exam.phase.max(ExamPhase::Marked);
                exam.marks = marks.iter().map(|mark| (mark.team, *mark)).collect();
                exam.listing = Some(listing.clone());
            }
            Event::ExamPublished { round } => {
                self.exams.entry(*round).or_default().phase = ExamPhase::Published;
                self.publishes(at);
            }
            Event::Stage { round, fact } => {
                // The contest is open once a team has been called, as it is once an exam has opened.
                if matches!(fact, StageFact::Called { .. }) {
                    self.opened_at.get_or_insert(at);
                }
                if matches!(fact, StageFact::Published) {
                    self.publishes(at);
                }
                Arc::make_mut(self.stages.entry(*round).or_default()).apply(fact, at, entry.seq);
            }
            Event::Screen { fact } => Arc::make_mut(&mut self.hall).apply_screen(fact),
            Event::Reveal { fact } => {
                let thaws = matches!(fact, RevealFact::Unfrozen { .. });
                if thaws && self.withholds() {
                    self.published_at = Some(at);
                }
                let published = || {
                    let rounds = self.exams.keys().chain(self.stages.keys()).copied();
                    rounds.filter(|round| self.is_published(*round)).collect()
                };
                let mut hall = self.hall.clone();
                Arc::make_mut(&mut hall).apply_reveal(fact, at, entry.seq, &self.exams, published);
                self.hall = hall;
            }
            Event::AwardGiven { award, teams, .. } => {
                self.given.insert(*award, teams.clone());
            }
            Event::AppealFiled { appeal, team, text } => {
                let appeal_of = Appeal {
                    team: *team,
                    text: text.clone(),
                    filed_at: at,
                    answer: None,
                };
                self.appeals.insert(*appeal, appeal_of);
            }
            Event::AppealAnswered {
                appeal,
                upheld,
                reason,
            } => {
                if let Some(appeal) = self.appeals.get_mut(appeal) {
                    appeal.answer = Some((*upheld, reason.clone()));
                }
            }
        }
    }
}
