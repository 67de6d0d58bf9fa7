//! Who may do what, and whether it makes sense now.

use crate::{
    Actor, Blocker, Command, Contest, Event, Moment, Refusal, TeamId,
    command::{Facts, NewTeam},
    intake::key,
    people::{Details, Team},
    refusal::{Fault, Field},
    reveal::RevealAct,
    screen::ScreenAct,
    standing,
};
use rand::Rng;
use std::collections::BTreeMap;

/// The longest reason, in characters.
pub const LONGEST_REASON: usize = 500;
/// The most extra time one grant or reopening may give: four hours.
pub const MOST_EXTRA: i64 = 4 * 3600 * 1000;

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
            } => self.prepare_exam(round, &bank, contestants, facts, rng),
            Command::OpenExam { round } => self.begin_exam(round, facts),
            Command::PauseExam { round, reason } => self.pause_exam(round, &reason),
            Command::ResumeExam { round } => self.resume_exam(round),
            Command::GrantTime {
                round,
                person,
                millis,
                reason,
            } => self.grant_time(round, person, millis, &reason),
            Command::AdmitLate {
                round,
                person,
                reason,
                remark,
            } => self.admit_late(round, person, &reason, remark),
            Command::CloseExam { round, reason } => self.close_exam(round, reason, facts, now),
            Command::ReopenExam {
                round,
                millis,
                reason,
            } => self.reopen_exam(round, millis, &reason),
            Command::CorrectKey {
                round,
                question,
                options,
                correct,
                reason,
                remark,
            } => self.correct_key(round, question, options, correct, &reason, remark),
            Command::MarkExam { round, marking } => self.mark_exam(round, marking, facts),
            Command::PublishExam { round } => self.publish_exam(round),
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
