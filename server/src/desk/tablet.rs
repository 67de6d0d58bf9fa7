//! A contestant's own attempt.

use std::collections::BTreeMap;
use std::sync::Arc;

use app::backend::{Answer, AppError, Packet, Saved, Tablet, Visit};
use async_trait::async_trait;
use contest::attempt::{self, Held, Outcome, Receipt, Timing};
use contest::audience::{Sitting, Slip, Stage, current_exam, may_review, reviewed};
use contest::exam::{Exam, ExamPhase, Prepared};
use contest::explain::{self, MarkedPaper};
use contest::{Actor, Contest, ContestId, Moment, PersonId, Refusal};

use super::House;
use super::handing::{HandedIn, Handing, slip};
use super::marks::{Marker, versions_of, with_papers};
use super::presence::Said;
use super::room::{Seat, Sitter};
use crate::store::{Engine, Incoming, StoreError};

/// Answers in one packet: a paper has no more questions, and nobody changes each a hundred times
/// between two packets.
const MOST_ANSWERS: usize = 2_000;

const WITHIN_GRACE: Outcome = Outcome::Saved {
    timing: Timing::Grace,
};

#[async_trait]
impl Tablet for House {
    async fn sitting(&self, visit: &Visit) -> Answer<Sitting> {
        let (person, id) = self.contestant(visit).await?;
        let contest = self.load(id).await?;
        let sitter = self.sitter(&contest, person).await?;
        self.saw(person);
        let current = current_exam(&contest);
        let stage = match current.and_then(|(round, exam)| Some((exam, sitter.in_round(round)?))) {
            Some((exam, seat)) => self.stage(&contest, exam, seat).await?,
            None => Stage::Waiting,
        };
        let team = sitter.team.and_then(|team| contest.teams.get(&team));
        let round = current.and_then(|(round, _)| contest.rules()?.round(round));
        Ok(Sitting {
            contest: id.clone(),
            contest_name: contest.details.name.clone(),
            person,
            name: sitter.name.clone(),
            sbd: sitter.sbd.clone(),
            team: team.map(|team| team.name.clone()).unwrap_or_default(),
            round: current.map(|(round, _)| round),
            round_name: round.map(|round| round.name.clone()).unwrap_or_default(),
            stage,
            now: self.now(),
            clock_version: current.map_or(0, |(_, exam)| exam.clock_version),
        })
    }

    async fn save(&self, visit: &Visit, packet: Packet) -> Answer<Saved> {
        let Packet { attempt, answers, .. } = &packet;
        let attempt = *attempt;
        let now = self.now();
        let (person, id) = self.contestant(visit).await?;
        let (contest, sitter) = self.judge_of(id, person, attempt, now).await?;
        let (seat, exam, prepared) = opened(&contest, &sitter, attempt)?;
        let paper = self.paper(seat, prepared).await?;
        if let Some(sum) = &packet.paper {
            let bank = self.frozen(&prepared.bank).await?;
            if *sum != paper.sheet(&bank).sum() {
                return Err(AppError::BadRequest {
                    detail: "answers to another paper".to_owned(),
                });
            }
        }
        sound(answers, |answer| {
            let item = paper.items.get(usize::from(answer.question));
            item.is_some_and(|item| item.offers(answer.choice))
        })?;
        let said = Said {
            // What is in the packet has arrived with it.
            unsent: Some(packet.unsent.saturating_sub(answers.len() as u32)),
            battery: packet.battery.filter(|percent| *percent <= 100),
        };
        self.hear(person, said);

        let timing = exam.timing(person, seat.started, seat.handed_in, now);
        let incoming = answers.iter().map(|answer| Incoming {
            attempt,
            tally: seat.tally.clone(),
            answer: *answer,
            arrived: now,
            timing,
        });
        let outcomes = self.store.save(incoming.collect()).await?;
        if outcomes.contains(&WITHIN_GRACE) {
            // The server may have handed in at the deadline, on whatever node, a moment ago.
            self.room.forget(person);
            let sitter = self.sitter(&contest, person).await?;
            if let Some(seat) = sitter.of_attempt(attempt).filter(|seat| seat.handed_in.is_some()) {
                let marker = Marker::of(self, contest.clone(), seat.tally.round).await?;
                self.mark_again(seat, marker, paper).await?;
            }
        }
        if !outcomes.is_empty() {
            self.hub.moved(id);
        }
        let receipts = answers.iter().zip(outcomes).map(|(answer, outcome)| Receipt {
            question: answer.question,
            revision: answer.revision,
            outcome,
        });
        Ok(Saved {
            receipts: receipts.collect(),
            now,
        })
    }

    async fn hand_in(&self, visit: &Visit, attempt: i64) -> Answer<Slip> {
        let (person, id) = self.contestant(visit).await?;
        let (contest, sitter) = self.judge_of(id, person, attempt, self.now()).await?;
        let (seat, exam, prepared) = opened(&contest, &sitter, attempt)?;
        self.saw(person);
        if let Some(handed_in) = self.handed_in(seat).await? {
            return Ok(slip(exam, seat, prepared.rules.blueprint.count(), &handed_in));
        }
        let now = self.now();
        let deadline = exam
            .deadline(person, seat.started, now)
            .filter(|_| seat.started.is_some() && exam.phase <= ExamPhase::Closed)
            .ok_or(Refusal::WrongPhase { phase: exam.phase })?;
        let paper = self.paper(seat, prepared).await?;
        let marker = Marker::of(self, contest.clone(), seat.tally.round).await?;
        // When time has run out it is the deadline that ends the attempt: what is still on its
        // way counts within the grace, and a reopening gives the paper back.
        let handing = Handing {
            attempt,
            person,
            tally: seat.tally.clone(),
            marker,
            paper,
            started: seat.started,
            at: now.min(deadline),
            by_server: now >= deadline,
        };
        let handed_in = self.hand_in_paper(handing).await?;
        Ok(slip(exam, seat, prepared.rules.blueprint.count(), &handed_in))
    }

    async fn review(&self, visit: &Visit) -> Answer<MarkedPaper> {
        let (person, id) = self.contestant(visit).await?;
        let contest = self.load(id).await?;
        let sitter = self.sitter(&contest, person).await?;
        // The last round whose papers are shown and that he took part in.
        let shown = contest
            .exams
            .keys()
            .filter_map(|round| Some((reviewed(&contest, *round)?, sitter.in_round(*round)?)))
            .filter(|(_, seat)| seat.started.is_some())
            .max_by_key(|(exam, _)| exam.opened_at);
        let (exam, seat) = shown.ok_or(AppError::NotFound)?;
        self.marked_paper(&exam, seat).await
    }
}

impl House {
    /// The contestant who asks.
    ///
    /// # Errors
    /// [`AppError::Moved`] on a device that he was taken off, [`AppError::SignIn`] on one that the house
    /// does not know, [`AppError::Forbidden`] for whoever is somebody else.
    pub async fn contestant<'v>(&self, visit: &'v Visit) -> Answer<(PersonId, &'v ContestId)> {
        match (visit.actor, &visit.contest) {
            (Actor::Contestant { person, .. }, Some(contest)) => Ok((person, contest)),
            (Actor::Public, _) => Err(self.signed_out(&visit.device).await),
            _ => Err(AppError::Forbidden),
        }
    }

    /// The contest and the contestant by whom something of the attempt is judged that arrives at `now`.
    ///
    /// Nothing is turned away on memory alone where there are other nodes: one of them may have opened
    /// his paper, given him time or opened the round again, and its word may still be on its way.
    async fn judge_of(
        &self,
        id: &ContestId,
        person: PersonId,
        attempt: i64,
        now: Moment,
    ) -> Answer<(Arc<Contest>, Arc<Sitter>)> {
        let contest = self.load(id).await?;
        let sitter = self.sitter(&contest, person).await?;
        if self.store.engine() == Engine::Sqlite || in_time(&contest, &sitter, attempt, now) {
            return Ok((contest, sitter));
        }
        self.shelf.doubt(id);
        self.room.forget(person);
        let contest = self.load(id).await?;
        let sitter = self.sitter(&contest, person).await?;
        Ok((contest, sitter))
    }

    /// Where the contestant stands in the round; opens his paper if it is time.
    async fn stage(&self, contest: &Contest, exam: &Exam, seat: &Arc<Seat>) -> Answer<Stage> {
        let Some(prepared) = exam.prepared.as_ref().filter(|_| exam.opened_at.is_some()) else {
            return Ok(Stage::Waiting);
        };
        if let Some(handed_in) = self.handed_in(seat).await? {
            return Ok(Stage::Done {
                attempt: seat.attempt,
                receipt: slip(exam, seat, prepared.rules.blueprint.count(), &handed_in),
                review: may_review(contest, seat.tally.round) && seat.started.is_some(),
            });
        }
        let now = self.now();
        let (seat, held) = match seat.started {
            Some(_) => (seat.clone(), self.held(seat.attempt).await?),
            None if !exam.may_begin(seat.person, now) => return Ok(Stage::Waiting),
            None => (self.open_paper(contest, seat, now).await?, BTreeMap::new()),
        };
        let Some(deadline) = exam
            .deadline(seat.person, seat.started, now)
            .filter(|_| exam.phase <= ExamPhase::Closed)
        else {
            return Ok(Stage::Waiting);
        };
        let paper = self.paper(&seat, prepared).await?;
        let bank = self.frozen(&prepared.bank).await?;
        Ok(Stage::Writing {
            attempt: seat.attempt,
            sheet: paper.sheet(&bank),
            held,
            deadline,
            paused: exam.paused_at.is_some(),
            grace: prepared.rules.grace,
        })
    }

    /// Begins the contestant's time, once.
    async fn open_paper(&self, contest: &Contest, seat: &Arc<Seat>, now: Moment) -> Answer<Arc<Seat>> {
        let (attempt, person) = (seat.attempt, seat.person);
        let begun = self.open_attempt(attempt, person, now).await?;
        self.hub.moved(&contest.id);
        if begun {
            return Ok(Arc::new(Seat {
                started: Some(now),
                ..Seat::clone(seat)
            }));
        }
        // On another tablet he had begun a moment earlier.
        let sitter = self.sitter(contest, person).await?;
        sitter.of_attempt(attempt).cloned().ok_or(AppError::Forbidden)
    }

    /// What the server holds of an attempt: the newest answer at each place.
    async fn held(&self, attempt: i64) -> Result<BTreeMap<u16, Held>, StoreError> {
        let mut held: BTreeMap<u16, Held> = BTreeMap::new();
        for (place, version) in self.versions(attempt).await? {
            let slot = held.entry(place).or_insert(version);
            if version.revision > slot.revision {
                *slot = version;
            }
        }
        Ok(held)
    }

    /// Every answer of an attempt.
    pub(super) async fn versions(&self, attempt: i64) -> Result<Vec<(u16, Held)>, StoreError> {
        let mut from = self.store.read().acquire().await?;
        let mut found = versions_of(&mut from, &[attempt]).await?;
        Ok(found.remove(&attempt).unwrap_or_default())
    }

    async fn handed_in(&self, seat: &Seat) -> Result<Option<HandedIn>, StoreError> {
        let Some(at) = seat.handed_in else { return Ok(None) };
        Ok(Some(HandedIn {
            at,
            by_server: seat.by_server,
            versions: self.versions(seat.attempt).await?,
        }))
    }

    /// The attempt's paper with every question's verdict.
    pub(super) async fn marked_paper(&self, exam: &Exam, seat: &Seat) -> Answer<MarkedPaper> {
        let prepared = exam.prepared.as_ref().ok_or(AppError::NotFound)?;
        let bank = self.frozen(&prepared.bank).await?;
        let paper = self.paper(seat, prepared).await?;
        let versions = self.versions(seat.attempt).await?;
        explain::paper(exam, &bank, &paper, seat.person, &versions).ok_or(AppError::NotFound)
    }
}

/// The contestant's own attempt, in a round that has opened.
fn opened<'a>(
    contest: &'a Contest,
    sitter: &'a Sitter,
    attempt: i64,
) -> Answer<(&'a Arc<Seat>, &'a Exam, &'a Prepared)> {
    let seat = sitter.of_attempt(attempt).ok_or(AppError::Forbidden)?;
    let (exam, prepared) = with_papers(contest, seat.tally.round)?;
    if exam.opened_at.is_none() {
        return Err(Refusal::WrongPhase { phase: exam.phase }.into());
    }
    Ok((seat, exam, prepared))
}

/// Whether the packet is one that a tablet sends.
fn sound(answers: &[attempt::Answer], offered: impl Fn(&attempt::Answer) -> bool) -> Answer<()> {
    let fault = if answers.len() > MOST_ANSWERS {
        "too many answers"
    } else if !answers.iter().all(offered) {
        "no such question or option"
    } else if answers.iter().any(|answer| answer.revision == 0) {
        "revisions count from 1"
    } else {
        return Ok(());
    };
    Err(AppError::BadRequest {
        detail: fault.to_owned(),
    })
}

/// Whether what arrives for the attempt at `now` would count, by what is known here.
fn in_time(contest: &Contest, sitter: &Sitter, attempt: i64, now: Moment) -> bool {
    opened(contest, sitter, attempt).is_ok_and(|(seat, exam, _)| {
        exam.timing(seat.person, seat.started, seat.handed_in, now) < Timing::TooLate
    })
}
