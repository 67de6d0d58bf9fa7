//! Freezing (đóng băng): from a moment on the public sees the standings as they were.

use crate::{
    Blocker, Contest, Event, Moment, Refusal, RoundId, TeamId,
    award::{AwardBy, awards},
    decide::{blocked, changed, sound_reason},
    question::Choice,
    refusal::{Fault, Field},
    rules::TieBreak,
    standing::{Standing, equals, standings},
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The standings that the public goes on seeing. They are kept as they were, not computed again:
/// nothing that is decided later can shine through. What else stood then the fold knows at that moment, so no ledger
/// needs to say it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Freeze {
    pub at: Moment,
    pub rows: Vec<Standing>,
    /// The rounds whose marks were visible.
    pub shown: Vec<RoundId>,
    /// The rounds that were published. To the public nothing else has been since.
    pub published: BTreeSet<RoundId>,
    /// Marks were published since: nobody has seen them yet.
    pub withholds: bool,
    /// The exams that were published, with the corrections of their keys until then: by these contestants
    /// go on seeing their papers.
    pub keys: BTreeMap<RoundId, BTreeMap<u16, Option<Choice>>>,
}

/// Why the standings are not final.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "not_final", rename_all = "snake_case")]
pub enum NotFinal {
    /// The public sees older ones.
    Frozen,
    /// These rounds are not published: not all held, marked, confirmed.
    Unpublished { rounds: Vec<RoundId> },
    /// The round is published, but these have no confirmed mark in it (any more).
    Incomplete { round: RoundId, teams: Vec<TeamId> },
    /// Another deduction was asked for these confirmed marks; nobody has agreed nor dropped it.
    CorrectionWaiting { round: RoundId, teams: Vec<TeamId> },
    /// These are equal across the last place of a prize, and the rules ask the committee to decide.
    TiedForPrize { award: u32, teams: Vec<TeamId> },
    /// It is recorded neither to whom these prizes go nor that nobody gets them.
    PrizesNotGiven { awards: Vec<u32> },
    /// So many complaints are not answered.
    OpenAppeals { count: u32 },
    /// A reveal has not told everything yet.
    Revealing,
    /// Marks or prizes are others than those that the reveal tells.
    RevealOvertaken,
}

/// What keeps the standings from being final; empty when they may be signed, exported and printed.
pub fn not_final(contest: &Contest) -> Vec<NotFinal> {
    let mut list = unsettled(contest);
    if contest.hall.frozen.is_some() {
        list.push(NotFinal::Frozen);
    }
    if contest.hall.real_reveal().is_some_and(|reveal| !reveal.is_over()) {
        list.push(NotFinal::Revealing);
    }
    if contest.reveal_overtaken() {
        list.push(NotFinal::RevealOvertaken);
    }
    list
}

/// What is open in the marks of one stage round: teams without a confirmed mark, corrections that wait
/// for a second person. Empty for an exam, which is marked as a whole.
pub fn open_marks(contest: &Contest, round: RoundId) -> Vec<NotFinal> {
    let Some(stage) = contest.stage(round) else {
        return vec![];
    };
    let mut list = Vec::new();
    let teams = stage.unconfirmed();
    if !teams.is_empty() {
        list.push(NotFinal::Incomplete { round, teams });
    }
    let teams: Vec<TeamId> = stage.corrections.keys().copied().collect();
    if !teams.is_empty() {
        list.push(NotFinal::CorrectionWaiting { round, teams });
    }
    list
}

/// What keeps prizes from being announced: rounds without published marks, published ones in which
/// something is open again, ties that the committee has yet to decide, prizes by its choice on which it has
/// said nothing, and complaints without an answer.
pub fn unsettled(contest: &Contest) -> Vec<NotFinal> {
    let Some(rules) = contest.rules() else {
        return vec![];
    };
    let mut list = Vec::new();
    let rounds: Vec<RoundId> = rules
        .rounds
        .iter()
        .map(|round| round.id)
        .filter(|round| !contest.is_published(*round))
        .collect();
    if !rounds.is_empty() {
        list.push(NotFinal::Unpublished { rounds });
    }
    let published = rules.rounds.iter().map(|round| round.id);
    let published = published.filter(|round| contest.is_published(*round));
    list.extend(published.flat_map(|round| open_marks(contest, round)));
    if rules.tie_breaks.contains(&TieBreak::Decision) {
        let rows = standings(contest, |round, team| contest.mark(round, team));
        let by_total = awards(rules, &rows, &contest.given)
            .into_iter()
            .filter(|award| award.rule.by == AwardBy::Total && award.holders.len() as u32 > award.places);
        let tied = by_total.map(|award| {
            let rank = |team: &TeamId| rows.iter().find(|row| row.team == *team).and_then(|row| row.rank);
            let last = award.holders.last().and_then(rank);
            let teams: Vec<TeamId> = award
                .holders
                .into_iter()
                .filter(|team| rank(team) == last)
                .collect();
            (award.rule.id, last, teams)
        });
        // Where the rules want one winner nobody shares the first place.
        let shared = |last: Option<u32>, teams: &[TeamId]| {
            contest.shares_place(teams) && !(rules.sole_winner && last == Some(1))
        };
        let open = tied.filter(|(_, last, teams)| !shared(*last, teams));
        list.extend(open.map(|(award, _, teams)| NotFinal::TiedForPrize { award, teams }));
    }
    // To give a prize to nobody is a decision too, recorded with its reason.
    let awards = rules.awards.iter();
    let awards = awards.filter(|award| award.by == AwardBy::Chosen && !contest.given.contains_key(&award.id));
    let awards: Vec<u32> = awards.map(|award| award.id).collect();
    if !awards.is_empty() {
        list.push(NotFinal::PrizesNotGiven { awards });
    }
    let open = contest.appeals.values().filter(|appeal| appeal.answer.is_none());
    let count = open.count() as u32;
    if count > 0 {
        list.push(NotFinal::OpenAppeals { count });
    }
    list
}

impl Contest {
    /// Whether a reveal of the real marks is under way that tells other standings or prizes than those
    /// that follow from the ledger now. It must be stopped and begun again.
    pub fn reveal_overtaken(&self) -> bool {
        let reveal = self.hall.real_reveal();
        reveal.is_some_and(|reveal| !reveal.plan.follows_from(self))
    }

    /// Whether the committee has decided that just these share their place (đồng hạng).
    pub fn shares_place(&self, teams: &[TeamId]) -> bool {
        let same = |shared: &&Vec<TeamId>| {
            shared.len() == teams.len() && teams.iter().all(|team| shared.contains(team))
        };
        self.shared_places.iter().any(|shared| same(&shared))
    }

    /// The committee decides that equals share their place: all who are equal, and nobody else.
    pub(crate) fn share_place(&self, mut teams: Vec<TeamId>, reason: &str) -> Result<Vec<Event>, Refusal> {
        teams.sort_unstable();
        teams.dedup();
        // Whatever order was decided among them: it is what this decision takes the place of.
        let with_first = |group: &Vec<TeamId>| teams.first().is_some_and(|team| group.contains(team));
        let equal = equals(self).into_iter().find(with_first).unwrap_or_default();
        if equal.len() != teams.len() || teams.iter().any(|team| !equal.contains(team)) {
            blocked(vec![Blocker::NotAllEquals { teams: equal }])?;
        }
        if teams.is_empty() {
            return Err(Refusal::invalid(Field::Members, Fault::OutOfRange));
        }
        let rows = standings(self, |round, team| self.mark(round, team));
        let mut ranks = rows
            .iter()
            .filter(|row| teams.contains(&row.team))
            .map(|row| row.rank);
        let best = ranks.next().flatten();
        if best == Some(1) && self.rules().is_some_and(|rules| rules.sole_winner) {
            blocked(vec![Blocker::TieForFirst { teams: teams.clone() }])?;
        }
        let reason = sound_reason(reason)?;
        let already = self.shares_place(&teams) && ranks.all(|rank| rank == best);
        Ok(changed(!already, || Event::PlaceShared { teams, reason }))
    }
}
