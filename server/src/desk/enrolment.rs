//! Who of a file of teams is new.

use std::collections::{BTreeSet, HashMap};

use app::words::{Locale, td_string};
use contest::actor::Role;
use contest::command::NewTeam;
use contest::intake::{LONGEST_NAME, MemberDraft, MemberRole, TeamDraft, key, shorten};
use contest::rules::Competitor;
use contest::{Contest, Moment, PersonId, TeamId};
use sqlx::{Any, Executor};

use super::roster::{NewRow, free_name, team_named};
use super::token;
use crate::store::StoreError;

/// A contestant as a file has him.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    role: Role,
    name: String,
    sbd: String,
    post: String,
    /// The name of his team; of his team of one where each competes for himself.
    pub team: String,
    unit: String,
    cluster: String,
}

/// Whether each is ranked for himself.
pub(super) fn individuals(contest: &Contest) -> bool {
    contest
        .rules()
        .is_some_and(|rules| rules.competitor == Competitor::Individual)
}

/// The people of a file in its order. A reserve is enrolled as one: a paper of his would count as a blank.
/// Where each competes for himself there is nobody to stand in for, so there are none.
pub(super) fn candidates(contest: &Contest, drafts: &[TeamDraft]) -> Vec<Candidate> {
    let alone = individuals(contest);
    drafts
        .iter()
        .flat_map(|draft| draft.members.iter().map(move |member| (draft, member)))
        .filter(|(_, member)| !(alone && member.role == MemberRole::Reserve))
        .map(|(draft, member)| Candidate {
            role: match member.role {
                MemberRole::Reserve => Role::Reserve,
                MemberRole::Captain | MemberRole::Member => Role::Contestant,
            },
            name: member.name.clone(),
            sbd: member.sbd.clone().unwrap_or_default(),
            post: post_of(member),
            team: if alone { String::new() } else { draft.name.clone() },
            unit: draft.unit.clone(),
            cluster: draft.kind.clone().unwrap_or_default(),
        })
        .collect()
}

/// What his card says under the name: that he leads the team, and his office.
fn post_of(member: &MemberDraft) -> String {
    // What stands in the table is in the language of the contest.
    let captain = (member.role == MemberRole::Captain).then(|| td_string!(Locale::vi, common.captain));
    let parts: Vec<&str> = captain.into_iter().chain(member.post.as_deref()).collect();
    shorten(&parts.join("; "), LONGEST_NAME)
}

/// Names the teams of one of those who are `new`, as no other team is named.
pub(super) fn name_teams(contest: &Contest, candidates: &mut [Candidate], new: &[usize]) {
    let mut taken: BTreeSet<String> = contest.teams.values().map(|team| key(&team.name)).collect();
    for at in new {
        let candidate = &mut candidates[*at];
        candidate.team = free_name(&taken, &candidate.name, &candidate.unit);
        taken.insert(key(&candidate.team));
    }
}

impl Candidate {
    /// His team of one.
    pub(super) fn new_team(&self) -> NewTeam {
        NewTeam {
            name: self.team.clone(),
            unit: self.unit.clone(),
            cluster: self.cluster.clone(),
        }
    }

    /// As a row, in the team that the contest has for him: where each competes for himself, one of
    /// those `added` with him.
    pub(super) fn row(
        &self,
        contest: &Contest,
        added: &BTreeSet<TeamId>,
        now: Moment,
    ) -> Result<NewRow, StoreError> {
        let team = team_named(contest, &self.team)
            .filter(|team| added.contains(team) || !individuals(contest))
            // Somebody was faster since this was planned.
            .ok_or(StoreError::Conflict)?;
        Ok(NewRow {
            id: PersonId(token::number()),
            role: self.role,
            name: self.name.clone(),
            sbd: self.sbd.clone(),
            team: Some(team),
            post: self.post.clone(),
            created_at: now,
        })
    }
}

/// The contestants who are there already.
pub(super) struct Known {
    alone: bool,
    people: Vec<KnownPerson>,
    by_name: HashMap<String, Vec<usize>>,
}

struct KnownPerson {
    sbd: String,
    /// The folded name of the team; where each competes for himself, of the unit.
    place: Option<String>,
}

impl Known {
    pub(super) async fn read<'e>(
        executor: impl Executor<'e, Database = Any>,
        contest: &Contest,
    ) -> Result<Self, StoreError> {
        let rows: Vec<(String, String, Option<i64>)> = sqlx::query_as(
            "SELECT name, sbd, team FROM person WHERE contest = $1 AND role IN ('contestant', 'reserve') \
             ORDER BY id",
        )
        .bind(contest.id.as_str())
        .fetch_all(executor)
        .await?;
        let alone = individuals(contest);
        let mut known = Self {
            alone,
            people: Vec::with_capacity(rows.len()),
            by_name: HashMap::new(),
        };
        for (name, sbd, team) in rows {
            let team = team
                .and_then(|team| u32::try_from(team).ok())
                .and_then(|team| contest.teams.get(&TeamId(team)));
            let place = team.map(|team| key(if alone { &team.unit } else { &team.name }));
            let at = known.people.len();
            known.by_name.entry(key(&name)).or_default().push(at);
            known.people.push(KnownPerson { sbd, place });
        }
        Ok(known)
    }

    /// Which candidates are not among them. Each person there stands for one candidate at most:
    /// first whoever has his name and number, then whoever has his name and team (or unit).
    pub(super) fn without(&self, candidates: &[Candidate]) -> Vec<usize> {
        let mut met = vec![false; self.people.len()];
        let mut new = Vec::new();
        let meet = |candidate: &Candidate, met: &mut [bool], same: &dyn Fn(&KnownPerson) -> bool| {
            let named = self.by_name.get(&key(&candidate.name));
            let found = named
                .into_iter()
                .flatten()
                .copied()
                .find(|at| !met[*at] && same(&self.people[*at]));
            if let Some(at) = found {
                met[at] = true;
            }
            found.is_some()
        };
        let mut rest = Vec::new();
        for (at, candidate) in candidates.iter().enumerate() {
            let numbered = !candidate.sbd.is_empty();
            if !(numbered && meet(candidate, &mut met, &|person| person.sbd == candidate.sbd)) {
                rest.push(at);
            }
        }
        for at in rest {
            let candidate = &candidates[at];
            let place = key(if self.alone {
                &candidate.unit
            } else {
                &candidate.team
            });
            if !meet(candidate, &mut met, &|person| {
                person.place.as_ref() == Some(&place)
            }) {
                new.push(at);
            }
        }
        new
    }
}
