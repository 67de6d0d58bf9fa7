//! `/hoi-thi/{id}/nhat-ky`: the ledger in sentences, the newest first.

use std::collections::BTreeMap;

use contest::{
    Actor, Contest, Event, PersonId, Points, RoundId, TeamId, UserId,
    ledger::{Broken, Entry, Why},
    reveal::RevealFact,
    screen::ScreenFact,
    stage::{SheetState, StageFact},
};
use leptos::prelude::*;

use super::parts::{Desk, contest_param, desk, note, query};
use crate::api::exams::choice_word;
use crate::backend::house;
use crate::dates;
use crate::error::AppError;
use crate::icon::{Icon, icon};
use crate::layout::{Place, StaffLayout, paths, served};
use crate::words::{Locale, request_locale, td_string};
use crate::words_of;

/// Entries on a page.
const PAGE: u32 = 50;

/// The page. `?truoc=51` shows what was before entry 51, `?kiem=1` walks the chain.
#[component]
pub fn Ledger() -> impl IntoView {
    let locale = request_locale();
    let id = contest_param();
    let before = query::<u64>("truoc");
    let verify = query::<u8>("kiem").is_some();
    served(async move {
        let id = id?;
        let desk = desk(&id).await?;
        let (house, contest) = (house(), desk.contest.clone());
        let entries = house.ledger(&desk.visit, &id, before, PAGE).await?;
        let verdict = if verify && desk.organizer {
            Some(house.verify(&desk.visit, &id).await?)
        } else {
            None
        };
        let names = Names::of(locale, &contest, &desk).await?;
        let oldest = entries.last().map(|entry| entry.seq).filter(|seq| *seq > 1);
        let rows = entries.iter().map(|entry| row(&names, entry)).collect_view();
        let here = paths::ledger(&id);
        Ok(view! {
            <StaffLayout title=td_string!(locale, console.ledger) contest=contest.clone() place=Place::Ledger>
                <div class="row between">
                    <p class="soft">{td_string!(locale, console.ledger_about, n = contest.seq)}</p>
                    {desk.organizer.then(|| view! {
                        <form method="get">
                            <button type="submit" name="kiem" value="1" class="button quiet">
                                {icon(Icon::Shield)}{td_string!(locale, console.verify)}
                            </button>
                        </form>
                    })}
                </div>
                {verdict.map(|verdict| verdict_note(locale, verdict))}
                <div class="table-wrap" role="region" tabindex="0" aria-label=td_string!(locale, console.ledger)>
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col" class="number">{td_string!(locale, console.entry)}</th>
                                <th scope="col">{td_string!(locale, console.when)}</th>
                                <th scope="col">{td_string!(locale, console.who)}</th>
                                <th scope="col">{td_string!(locale, console.what)}</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
                <nav class="row" aria-label=td_string!(locale, console.pages)>
                    {before.is_some().then(|| view! {
                        <a class="button quiet" href=here.clone()>
                            {icon(Icon::ArrowLeft)}{td_string!(locale, console.newest)}
                        </a>
                    })}
                    {oldest.map(|seq| view! {
                        <a class="button quiet" href=format!("{here}?truoc={seq}")>
                            {td_string!(locale, console.older)}{icon(Icon::ArrowRight)}
                        </a>
                    })}
                </nav>
            </StaffLayout>
        }
        .into_any())
    })
}

fn verdict_note(locale: Locale, verdict: Result<u64, Broken>) -> impl IntoView {
    match verdict {
        Ok(n) => note(
            "done",
            Icon::Shield,
            view! { <p role="status">{td_string!(locale, console.ledger_sound, n = n)}</p> },
        )
        .into_any(),
        Err(broken) => {
            let why = match broken.why {
                Why::Gap => td_string!(locale, console.broken_gap),
                Why::Hash => td_string!(locale, console.broken_hash),
                Why::Unreadable => td_string!(locale, console.broken_unreadable),
                Why::Draw => td_string!(locale, console.broken_draw),
                Why::Content => td_string!(locale, console.broken_content),
            };
            let words = td_string!(locale, console.ledger_broken, n = broken.seq, why = why);
            note("refused", Icon::Alert, view! { <p role="alert">{words}</p> }).into_any()
        }
    }
}

fn row(names: &Names, entry: &Entry) -> impl IntoView + use<> {
    let (sentence, reason) = names.sentence(&entry.event);
    let locale = names.locale;
    view! {
        <tr>
            <td class="number">{entry.seq}</td>
            <td class="nowrap">{dates::date_time_seconds(entry.at)}</td>
            <td>
                {names.actor(entry.actor)}
                <div class="soft small">{entry.device.clone()}</div>
            </td>
            <td>
                <strong>{words_of::event(locale, &entry.event)}</strong>
                {(!sentence.is_empty()).then(|| view! { ": " {sentence} })}
                {reason.map(|reason| view! {
                    <div class="soft">{td_string!(locale, common.reason)} ": " {reason}</div>
                })}
            </td>
        </tr>
    }
}

/// What the sentences call people and things.
pub(super) struct Names<'a> {
    locale: Locale,
    contest: &'a Contest,
    accounts: BTreeMap<UserId, String>,
    people: BTreeMap<PersonId, String>,
}

impl<'a> Names<'a> {
    /// The names that this desk may know.
    pub(super) async fn of(locale: Locale, contest: &'a Contest, desk: &Desk) -> Result<Self, AppError> {
        let house = house();
        let accounts = if desk.organizer {
            house.accounts(&desk.visit).await?
        } else {
            vec![]
        };
        let people = house.people(&desk.visit, &contest.id, None).await?;
        Ok(Self {
            locale,
            contest,
            accounts: accounts
                .into_iter()
                .map(|account| (account.id, account.name))
                .collect(),
            people: people
                .into_iter()
                .map(|person| (person.id, person.name))
                .collect(),
        })
    }
}

impl Names<'_> {
    fn actor(&self, actor: Actor) -> String {
        let locale = self.locale;
        let (role, name) = match actor {
            Actor::Public => (td_string!(locale, common.role_public), None),
            Actor::System => (td_string!(locale, common.role_system), None),
            Actor::Organizer { user } => (
                td_string!(locale, common.role_organizer),
                self.accounts.get(&user).cloned(),
            ),
            Actor::Secretary { person } => (
                td_string!(locale, common.role_secretary),
                Some(self.person(person)),
            ),
            Actor::Judge { person } => (td_string!(locale, common.role_judge), Some(self.person(person))),
            Actor::Contestant { person, .. } => (
                td_string!(locale, common.role_contestant),
                Some(self.person(person)),
            ),
            Actor::Host { person } => (td_string!(locale, common.role_host), Some(self.person(person))),
            Actor::Screen { person } => (td_string!(locale, common.role_screen), Some(self.person(person))),
        };
        match name {
            Some(name) => format!("{name} ({})", role.to_lowercase()),
            None => role.to_owned(),
        }
    }

    pub(super) fn person(&self, person: PersonId) -> String {
        self.people
            .get(&person)
            .cloned()
            .unwrap_or_else(|| format!("#{person}"))
    }

    fn account(&self, user: UserId) -> String {
        self.accounts
            .get(&user)
            .cloned()
            .unwrap_or_else(|| format!("#{user}"))
    }

    fn team(&self, team: TeamId) -> String {
        words_of::team_name(self.locale, team, Some(self.contest))
    }

    /// The round, then whom the fact is about, then the number it is about.
    fn on_stage(&self, round: RoundId, fact: &StageFact) -> String {
        let points = |points: Points| words_of::points(self.locale, points);
        let order = |teams: &[TeamId]| {
            let names: Vec<String> = teams.iter().map(|team| self.team(*team)).collect();
            names.join(", ")
        };
        let mut words = vec![self.round(round)];
        match fact {
            StageFact::PanelSet { judges, chief, .. } => {
                words.extend(judges.iter().map(|judge| self.person(*judge)));
                words.push(td_string!(
                    self.locale,
                    console.said_chief,
                    name = self.person(*chief)
                ));
            }
            StageFact::ConflictDeclared { judge, team, .. }
            | StageFact::ConflictLifted { judge, team, .. }
            | StageFact::RemarkSet { judge, team, .. }
            | StageFact::SheetHandedIn { judge, team }
            | StageFact::ReopeningAsked { judge, team, .. }
            | StageFact::SheetReopened { judge, team, .. }
            | StageFact::JudgeAbsent { judge, team, .. }
            | StageFact::JudgeReturned { judge, team } => {
                words.extend([self.person(*judge), self.team(*team)]);
            }
            StageFact::MarkSet {
                judge,
                team,
                criterion,
                points: mark,
                ..
            } => {
                let criteria = self.contest.rules().and_then(|rules| rules.round(round)?.stage());
                let name = criteria
                    .and_then(|stage| stage.rubric.iter().find(|c| c.id == *criterion))
                    .map_or_else(|| criterion.to_string(), |c| c.name.clone());
                // What a judge has not handed in is his own, also where it is written down.
                let handed_in = self
                    .contest
                    .stages
                    .get(&round)
                    .is_some_and(|stage| stage.sheet_state(*judge, *team) == SheetState::HandedIn);
                let mark = match handed_in {
                    true => mark.map_or_else(|| "–".to_owned(), points),
                    false => td_string!(self.locale, console.said_draft).to_owned(),
                };
                words.extend([self.person(*judge), self.team(*team), format!("{name} {mark}")]);
            }
            StageFact::DrawSealed { commitment, .. } => words.push(commitment.to_string()),
            StageFact::DrawOpened {
                order: teams, packs, ..
            }
            | StageFact::DrawEntered {
                order: teams, packs, ..
            } => {
                words.push(order(teams));
                words.extend(packs.iter().map(|(team, pack)| {
                    let pack = td_string!(self.locale, console.said_pack, n = *pack);
                    format!("{}: {pack}", self.team(*team))
                }));
            }
            StageFact::OrderChanged { order: teams, .. } => words.push(order(teams)),
            StageFact::TeamAbsent { team, .. }
            | StageFact::TeamReturned { team }
            | StageFact::Called { team }
            | StageFact::ClockStarted { team }
            | StageFact::ClockPaused { team }
            | StageFact::ClockStopped { team }
            | StageFact::Repeated { team, .. }
            | StageFact::DeductionWaived { team, .. }
            | StageFact::CorrectionDropped { team, .. }
            | StageFact::MarkWithdrawn { team, .. } => words.push(self.team(*team)),
            StageFact::DeductionSet {
                team, points: off, ..
            }
            | StageFact::CorrectionAsked {
                team, points: off, ..
            } => {
                words.extend([self.team(*team), points(*off)]);
            }
            StageFact::SpreadNoted { team, note, .. } => words.extend([self.team(*team), note.clone()]),
            StageFact::MarksConfirmed { marks } => {
                words.extend(
                    marks
                        .iter()
                        .map(|mark| format!("{} {}", self.team(mark.team), points(mark.mark))),
                );
            }
            StageFact::Published => {}
        }
        words.retain(|part| !part.is_empty());
        words.join(" · ")
    }

    fn round(&self, round: RoundId) -> String {
        words_of::round_name(self.locale, round, Some(self.contest))
    }

    /// Which screens, and what became of them.
    fn of_screens(&self, fact: &ScreenFact) -> String {
        let names = |screens: &[PersonId]| {
            let names: Vec<String> = screens.iter().map(|screen| self.person(*screen)).collect();
            names.join(", ")
        };
        match fact {
            ScreenFact::Added { name, .. } | ScreenFact::Renamed { name, .. } => name.clone(),
            ScreenFact::Removed { screen } => self.person(*screen),
            ScreenFact::Shown { screens, scene } | ScreenFact::Prepared { screens, scene } => {
                format!("{}: {}", names(screens), words_of::scene(self.locale, scene))
            }
            ScreenFact::Dressed { screens, .. }
            | ScreenFact::Taken { screens }
            | ScreenFact::Blanked { screens, .. }
            | ScreenFact::Reloaded { screens } => names(screens),
            ScreenFact::LogoAdded { logo } => logo.name.clone(),
            ScreenFact::LogoRemoved { hash } => hash.0.chars().take(8).collect(),
        }
    }

    fn of_reveal(&self, fact: &RevealFact) -> String {
        let locale = self.locale;
        match fact {
            RevealFact::Begun { plan } if plan.rehearsal => td_string!(locale, screen.rehearsal).to_owned(),
            RevealFact::Begun { plan } => td_string!(locale, console.said_steps, n = plan.steps.len()),
            RevealFact::Moved { to } => td_string!(locale, console.said_step, n = to + 1),
            RevealFact::Frozen { .. } | RevealFact::Unfrozen { .. } | RevealFact::Ended => String::new(),
        }
    }

    /// What the event is about, and the reason that was given for it.
    /// What it is about, and its reason.
    pub(super) fn sentence(&self, event: &Event) -> (String, Option<String>) {
        let locale = self.locale;
        let about = match event {
            Event::ContestCreated { details, .. } | Event::DetailsChanged { details } => details.name.clone(),
            Event::OrganizerAdded { user } | Event::OrganizerRemoved { user } => self.account(*user),
            Event::TeamAdded { team } | Event::TeamChanged { team } => {
                if team.unit.is_empty() || team.unit == team.name {
                    team.name.clone()
                } else {
                    format!("{} ({})", team.name, team.unit)
                }
            }
            Event::TeamRemoved { team } => self.team(*team),
            Event::RulesSet { rules, .. } => td_string!(locale, console.n_rounds, n = rules.rounds.len()),
            Event::ExamPrepared { round, prepared } => td_string!(
                locale,
                console.said_prepared,
                round = self.round(*round),
                papers = prepared.papers,
                questions = prepared.questions
            ),
            Event::ExamOpened { round }
            | Event::ExamResumed { round }
            | Event::ExamPublished { round }
            | Event::ExamPaused { round, .. }
            | Event::ExamClosed { round, .. } => self.round(*round),
            Event::TimeGranted {
                round,
                person,
                millis,
                ..
            } => td_string!(
                locale,
                console.said_granted,
                round = self.round(*round),
                person = self.person(*person),
                time = words_of::duration(locale, *millis)
            ),
            Event::LateAdmitted { round, person, .. } => td_string!(
                locale,
                console.said_admitted,
                round = self.round(*round),
                person = self.person(*person)
            ),
            Event::ExamReopened { round, millis, .. } => td_string!(
                locale,
                console.said_reopened,
                round = self.round(*round),
                time = words_of::duration(locale, *millis)
            ),
            Event::KeyCorrected {
                round,
                question,
                correct,
                ..
            } => {
                let key = match correct {
                    None => td_string!(locale, console.void).to_owned(),
                    Some(_) => choice_word(*correct),
                };
                td_string!(
                    locale,
                    console.said_corrected,
                    round = self.round(*round),
                    n = u32::from(*question) + 1,
                    key = key
                )
            }
            Event::ExamMarked { round, marks, .. } => td_string!(
                locale,
                console.said_marked,
                round = self.round(*round),
                n = marks.len()
            ),
            Event::FinalistsFixed { teams } => words_of::team_names(self.locale, teams, Some(self.contest)),
            Event::TieDecided { teams, .. } => teams
                .iter()
                .map(|team| self.team(*team))
                .collect::<Vec<_>>()
                .join(" > "),
            Event::PlaceShared { teams, .. } => teams
                .iter()
                .map(|team| self.team(*team))
                .collect::<Vec<_>>()
                .join(" = "),
            Event::Stage { round, fact } => self.on_stage(*round, fact),
            Event::AwardGiven { award, teams, .. } => {
                let rules = self.contest.rules();
                let award = rules.and_then(|rules| rules.awards.iter().find(|rule| rule.id == *award));
                let teams: Vec<String> = teams.iter().map(|team| self.team(*team)).collect();
                let name = award.map(|rule| format!("{}: ", rule.name)).unwrap_or_default();
                format!("{name}{}", teams.join(", "))
            }
            Event::Screen { fact } => self.of_screens(fact),
            Event::Reveal { fact } => self.of_reveal(fact),
            Event::AppealFiled { team, text, .. } => format!("{}: {text}", self.team(*team)),
            Event::AppealAnswered { appeal, upheld, .. } => {
                let answer = if *upheld {
                    td_string!(locale, console.upheld)
                } else {
                    td_string!(locale, console.not_upheld)
                };
                format!("#{appeal}: {answer}")
            }
        };
        let reason = match event {
            Event::RulesSet { reason, .. } | Event::ExamClosed { reason, .. } => reason.clone(),
            Event::ExamPaused { reason, .. }
            | Event::TimeGranted { reason, .. }
            | Event::LateAdmitted { reason, .. }
            | Event::ExamReopened { reason, .. }
            | Event::KeyCorrected { reason, .. }
            | Event::TieDecided { reason, .. }
            | Event::PlaceShared { reason, .. }
            | Event::AwardGiven { reason, .. }
            | Event::AppealAnswered { reason, .. } => Some(reason.clone()),
            Event::Stage { fact, .. } => stage_reason(fact),
            Event::Reveal {
                fact: RevealFact::Unfrozen { reason },
            } => reason.clone(),
            Event::ContestCreated { .. }
            | Event::DetailsChanged { .. }
            | Event::OrganizerAdded { .. }
            | Event::OrganizerRemoved { .. }
            | Event::TeamAdded { .. }
            | Event::TeamChanged { .. }
            | Event::TeamRemoved { .. }
            | Event::ExamPrepared { .. }
            | Event::ExamOpened { .. }
            | Event::ExamResumed { .. }
            | Event::ExamMarked { .. }
            | Event::ExamPublished { .. }
            | Event::Screen { .. }
            | Event::Reveal { .. }
            | Event::FinalistsFixed { .. }
            | Event::AppealFiled { .. } => None,
        };
        (about, reason)
    }
}

fn stage_reason(fact: &StageFact) -> Option<String> {
    match fact {
        StageFact::PanelSet { reason, .. }
        | StageFact::DrawSealed { reason, .. }
        | StageFact::DeductionSet { reason, .. } => reason.clone(),
        StageFact::ConflictDeclared { reason, .. }
        | StageFact::ConflictLifted { reason, .. }
        | StageFact::DrawEntered { reason, .. }
        | StageFact::OrderChanged { reason, .. }
        | StageFact::TeamAbsent { reason, .. }
        | StageFact::Repeated { reason, .. }
        | StageFact::DeductionWaived { reason, .. }
        | StageFact::ReopeningAsked { reason, .. }
        | StageFact::SheetReopened { reason, .. }
        | StageFact::JudgeAbsent { reason, .. }
        | StageFact::CorrectionAsked { reason, .. }
        | StageFact::CorrectionDropped { reason, .. }
        | StageFact::MarkWithdrawn { reason, .. } => Some(reason.clone()),
        StageFact::DrawOpened { .. }
        | StageFact::TeamReturned { .. }
        | StageFact::Called { .. }
        | StageFact::ClockStarted { .. }
        | StageFact::ClockPaused { .. }
        | StageFact::ClockStopped { .. }
        | StageFact::MarkSet { .. }
        | StageFact::RemarkSet { .. }
        | StageFact::SheetHandedIn { .. }
        | StageFact::JudgeReturned { .. }
        | StageFact::SpreadNoted { .. }
        | StageFact::MarksConfirmed { .. }
        | StageFact::Published => None,
    }
}
