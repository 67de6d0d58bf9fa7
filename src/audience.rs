//! What each viewer may see. What he may not see is not in the view at all.

use crate::{
    Actor, Contest, ContestId, Digest, Millis, Moment, PersonId, Points, RoundId, TeamId,
    attempt::Held,
    contest::ContestPhase,
    exam::{Exam, ExamPhase, TeamMark},
    paper::Sheet,
    question::Choice,
    rules::ExamClock,
    standing::standings,
};
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, collections::BTreeMap};

/// How far the teams of an exam round are, as the tables count it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress(pub BTreeMap<TeamId, TeamProgress>);

/// How far one team is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamProgress {
    /// Members who have a paper.
    pub contestants: u32,
    /// Questions answered by all of them, of `contestants` times the questions of a paper.
    pub answered: u32,
    pub handed_in: u32,
    /// The mark of the papers handed in so far. Only the board of a round with live marks shows it.
    pub live: Option<TeamMark>,
}

/// Who looks at a board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// The hall and anyone with the address.
    Public,
    /// Organizers and secretaries: also marks that are not published.
    Staff,
}

impl Audience {
    /// The audience that `viewer` belongs to in `contest`.
    pub fn of(contest: &Contest, viewer: &Actor) -> Self {
        match viewer {
            Actor::Organizer { user } if contest.organizers.contains(user) => Self::Staff,
            Actor::Secretary { .. } | Actor::System => Self::Staff,
            _ => Self::Public,
        }
    }
}

/// The leaderboard (bảng xếp hạng): what the hall sees, and `/api/contests/{id}/board.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Board {
    pub contest: ContestId,
    pub name: String,
    pub hosts: Vec<String>,
    pub place: String,
    pub phase: ContestPhase,
    /// Since when the public sees the standings as they were. The staff's rows are the live ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frozen: Option<Moment>,
    pub rounds: Vec<BoardRound>,
    /// In the order of the standings.
    pub rows: Vec<BoardRow>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardRound {
    pub id: RoundId,
    pub name: String,
    /// `None` for a round that is no exam.
    pub phase: Option<ExamPhase>,
    /// Whether the rows show marks of this round.
    pub marks_shown: bool,
    /// While it is open.
    pub running: Option<Running>,
}

/// An exam under way, without any word about who is right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Running {
    /// When the common time ends; `None` while paused or when each has his own time.
    pub ends_at: Option<Moment>,
    /// While paused: the common time that is left.
    pub paused_left: Option<Millis>,
    pub paused: bool,
    /// The questions on a paper.
    pub questions: u32,
    pub contestants: u32,
    pub answered: u32,
    pub handed_in: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardRow {
    pub team: TeamId,
    pub name: String,
    pub unit: String,
    pub rank: Option<u32>,
    pub tied: bool,
    /// By the rounds; `None` where there is no mark to see.
    pub marks: Vec<Option<Points>>,
    pub total: Option<Points>,
    /// While an exam is open.
    pub progress: Option<BoardProgress>,
}

/// How far a team is in the open exam.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardProgress {
    pub answered: u32,
    /// Questions on all its papers together.
    pub asked: u32,
    pub handed_in: u32,
    pub contestants: u32,
}

/// Builds the board for an audience. `progress` is of the open exam, or of one whose live marks
/// are shown while it waits for its marking. The view holds no clock reading, so that equal
/// states give equal bytes.
pub fn board(contest: &Contest, progress: &BTreeMap<RoundId, Progress>, audience: Audience) -> Board {
    let none = Progress::default();
    let of = |round: RoundId| progress.get(&round).unwrap_or(&none);
    let freeze = contest
        .hall
        .frozen
        .as_ref()
        .filter(|_| audience == Audience::Public);
    let mark = visible(contest, progress, audience);
    let marks_shown = |round: RoundId| match freeze {
        Some(freeze) => freeze.shown.contains(&round),
        None => contest.teams.keys().any(|team| mark(round, *team).is_some()),
    };
    let phase = |round: RoundId, exam: &Exam| match audience {
        Audience::Public => told_phase(contest, round, exam),
        Audience::Staff => exam.phase,
    };
    let all = contest.rules().map(|rules| &rules.rounds[..]).unwrap_or_default();
    let rounds: Vec<BoardRound> = all
        .iter()
        .map(|round| {
            let exam = round.exam().map(|_| contest.exams.get(&round.id));
            BoardRound {
                id: round.id,
                name: round.name.clone(),
                phase: exam.map(|exam| exam.map_or(ExamPhase::Draft, |exam| phase(round.id, exam))),
                marks_shown: marks_shown(round.id),
                running: exam.flatten().and_then(|exam| running(exam, of(round.id))),
            }
        })
        .collect();
    let open = contest
        .open_exam()
        .and_then(|(id, exam)| Some((id, exam.prepared.as_ref()?)));
    let rows = match freeze {
        Some(freeze) => freeze.rows.clone(),
        None => standings(contest, &mark),
    };
    let rows = rows.into_iter().filter_map(|row| {
        let team = contest.teams.get(&row.team)?;
        let progress = open.map(|(round, prepared)| {
            let progress = of(round).0.get(&row.team).copied().unwrap_or_default();
            BoardProgress {
                answered: progress.answered,
                asked: progress.contestants * prepared.rules.blueprint.count(),
                handed_in: progress.handed_in,
                contestants: progress.contestants,
            }
        });
        Some(BoardRow {
            team: row.team,
            name: team.name.clone(),
            unit: team.unit.clone(),
            rank: row.rank,
            tied: row.tied,
            marks: row.marks,
            total: row.total,
            progress,
        })
    });
    Board {
        contest: contest.id.clone(),
        name: contest.details.name.clone(),
        hosts: contest.details.hosts.clone(),
        place: contest.details.place.clone(),
        phase: match audience {
            Audience::Public => contest.told_phase(),
            Audience::Staff => contest.phase(),
        },
        frozen: contest.hall.frozen.as_ref().map(|freeze| freeze.at),
        rows: rows.collect(),
        rounds,
    }
}

impl Board {
    /// Whether two with the same total stand at different places: by a tie-break, a decision or the final.
    pub fn parts_equals(&self) -> bool {
        parts_equals(self.rows.iter().map(|row| (row.total, row.rank)))
    }
}

/// The same of any rows: each total with its rank.
pub fn parts_equals(rows: impl Iterator<Item = (Option<Points>, Option<u32>)>) -> bool {
    let mut ranks: BTreeMap<Points, u32> = BTreeMap::new();
    let mut placed = rows.filter_map(|(total, rank)| Some((total?, rank?)));
    placed.any(|(total, rank)| *ranks.entry(total).or_insert(rank) != rank)
}

/// The marks that an audience may see, frozen or not: by round and team.
pub(crate) fn visible<'a>(
    contest: &'a Contest,
    progress: &'a BTreeMap<RoundId, Progress>,
    audience: Audience,
) -> impl Fn(RoundId, TeamId) -> Option<TeamMark> + 'a {
    move |round, team| {
        if let Some(stage) = contest.stages.get(&round) {
            let shown = contest.rules()?.round(round)?.stage()?.show_confirmed;
            let visible = audience == Audience::Staff || stage.published || shown;
            return contest.mark(round, team).filter(|_| visible);
        }
        let exam = contest.exams.get(&round)?;
        let published = exam.phase == ExamPhase::Published;
        let live = exam.prepared.as_ref().is_some_and(|p| p.rules.live_marks);
        match exam.phase {
            _ if !(published || live || audience == Audience::Staff) => None,
            ExamPhase::Open | ExamPhase::Closed if live => {
                progress.get(&round)?.0.get(&team).and_then(|p| p.live)
            }
            _ => exam.marks.get(&team).copied(),
        }
    }
}

fn running(exam: &Exam, progress: &Progress) -> Option<Running> {
    let prepared = exam.prepared.as_ref().filter(|_| exam.phase == ExamPhase::Open)?;
    let common = prepared.rules.clock == ExamClock::Common;
    // Nobody has this id: the time of one without any grant.
    let nobody = PersonId(0);
    let end = exam
        .deadline(nobody, None, exam.paused_at.unwrap_or(0))
        .filter(|_| common);
    let sum = |count: fn(&TeamProgress) -> u32| progress.0.values().map(count).sum();
    Some(Running {
        ends_at: end.filter(|_| exam.paused_at.is_none()),
        paused_left: exam.paused_at.and_then(|since| Some(end? - since)),
        paused: exam.paused_at.is_some(),
        questions: prepared.rules.blueprint.count(),
        contestants: sum(|p| p.contestants),
        answered: sum(|p| p.answered),
        handed_in: sum(|p| p.handed_in),
    })
}

/// What all tablets of a contest hear at once; whoever is concerned asks for his own
/// [`Sitting`] when a number in it changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pulse {
    /// As [`current_exam`] has it.
    pub round: Option<RoundId>,
    pub phase: Option<ExamPhase>,
    pub paused: bool,
    /// See [`Exam::clock_version`].
    pub clock_version: u32,
    /// Whether the marked papers may be looked at: see [`reviewed`].
    #[serde(default)]
    pub review: bool,
}

/// The [`Pulse`] of a contest.
pub fn pulse(contest: &Contest) -> Pulse {
    let current = current_exam(contest);
    Pulse {
        round: current.map(|(id, _)| id),
        phase: current.map(|(round, exam)| told_phase(contest, round, exam)),
        paused: current.is_some_and(|(_, exam)| exam.paused_at.is_some()),
        clock_version: current.map_or(0, |(_, exam)| exam.clock_version),
        review: current.is_some_and(|(round, _)| may_review(contest, round)),
    }
}

/// How far an exam is as the public may know: what was published behind a freeze has not been published yet.
fn told_phase(contest: &Contest, round: RoundId, exam: &Exam) -> ExamPhase {
    match exam.phase {
        ExamPhase::Published if !contest.is_told(round) => ExamPhase::Marked,
        phase => phase,
    }
}

/// The exam that concerns contestants now: the open one, else the last that was opened, else the
/// first that is prepared.
pub fn current_exam(contest: &Contest) -> Option<(RoundId, &Exam)> {
    let opened = || {
        contest
            .exams
            .iter()
            .filter(|(_, e)| e.opened_at.is_some())
            .max_by_key(|(_, e)| e.opened_at)
    };
    let waiting = || contest.exams.iter().find(|(_, e)| e.phase == ExamPhase::Prepared);
    contest
        .open_exam()
        // Receipts and answers still on their way belong to the last one: it stays until the next opens.
        .or_else(|| opened().or_else(waiting).map(|(id, exam)| (*id, exam)))
}

/// What a contestant's tablet shows: his paper, his answers, his time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sitting {
    pub contest: ContestId,
    pub contest_name: String,
    pub person: PersonId,
    pub name: String,
    /// Số báo danh.
    pub sbd: String,
    pub team: String,
    /// `None` while no exam concerns him.
    pub round: Option<RoundId>,
    pub round_name: String,
    pub stage: Stage,
    /// The server's clock when this was built.
    pub now: Moment,
    /// See [`Exam::clock_version`].
    pub clock_version: u32,
}

/// A map as a list of pairs.
mod pairs {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::collections::BTreeMap;

    pub fn serialize<K: Serialize, V: Serialize, S: Serializer>(
        map: &BTreeMap<K, V>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(map)
    }

    pub fn deserialize<'de, K, V, D>(from: D) -> Result<BTreeMap<K, V>, D::Error>
    where
        K: Deserialize<'de> + Ord,
        V: Deserialize<'de>,
        D: Deserializer<'de>,
    {
        Ok(Vec::<(K, V)>::deserialize(from)?.into_iter().collect())
    }
}

/// Where a contestant stands in the round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum Stage {
    /// Nothing to do yet.
    Waiting,
    /// Writing, or held up by a pause.
    Writing {
        attempt: i64,
        sheet: Sheet,
        /// What the server holds, by place; on the wire a list of pairs, since numbers as keys do
        /// not come back from JSON inside a tagged value.
        #[serde(with = "pairs")]
        held: BTreeMap<u16, Held>,
        /// By the server's clock. While paused it moves on.
        deadline: Moment,
        paused: bool,
        /// How long after the deadline packets are still sent with hope.
        grace: Millis,
    },
    /// Handed in, by himself or by the server.
    Done {
        attempt: i64,
        receipt: Slip,
        /// His marked paper may be looked at, at an address of its own.
        review: bool,
    },
}

/// The receipt for a paper (biên nhận).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slip {
    /// Short code that the secretary can look up.
    pub code: String,
    pub handed_in: Moment,
    /// The time had run out.
    pub by_server: bool,
    pub answered: u32,
    pub questions: u32,
    /// Answers that came within the grace.
    pub late: u32,
    /// Answers that came too late and are kept but do not count (unless admitted).
    pub too_late: u32,
}

impl Slip {
    /// The code of an attempt's receipt: it follows from what the server holds, so that a
    /// contestant can prove what he handed in.
    pub fn code_of(attempt: i64, held: &BTreeMap<u16, Held>, handed_in: Moment) -> String {
        let content = serde_json::to_vec(&(attempt, held, handed_in)).unwrap_or_default();
        Digest::of(&content).0[..8].to_uppercase()
    }
}

/// The exam by which contestants may see their marked papers of that round now; `None` while they may not.
///
/// Behind a freeze they see what they saw before it: a round published since stays closed, however much of
/// its marks stood on the board, and a key corrected since marks nothing yet.
pub fn reviewed(contest: &Contest, round: RoundId) -> Option<Cow<'_, Exam>> {
    let (exam, key) = review_key(contest, round)?;
    Some(if *key == exam.corrections {
        Cow::Borrowed(exam)
    } else {
        Cow::Owned(Exam {
            corrections: key.clone(),
            ..exam.clone()
        })
    })
}

/// Whether contestants may look at their marked papers of a round.
pub fn may_review(contest: &Contest, round: RoundId) -> bool {
    review_key(contest, round).is_some()
}

/// The exam, and the corrections of its key by which contestants see their papers.
fn review_key(contest: &Contest, round: RoundId) -> Option<(&Exam, &BTreeMap<u16, Option<Choice>>)> {
    let exam = contest.exams.get(&round)?;
    let prepared = exam.prepared.as_ref();
    if exam.phase != ExamPhase::Published || !prepared.is_some_and(|prepared| prepared.rules.review) {
        return None;
    }
    let key = match &contest.hall.frozen {
        Some(freeze) => freeze.keys.get(&round)?,
        None => &exam.corrections,
    };
    Some((exam, key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{attempt::Timing, question::Choice};

    #[test]
    fn a_sitting_reads_back_as_it_was_sent() {
        let held = Held {
            revision: 3,
            choice: Choice::only(1),
            timing: Timing::InTime,
        };
        let sitting = Sitting {
            contest: "hoi-thi".parse().expect("a name"),
            contest_name: "Hội thi".into(),
            person: PersonId(7),
            name: "Nguyễn Thị Hồng Hạnh".into(),
            sbd: "037".into(),
            team: "Xã Đất Cuốc".into(),
            round: Some(RoundId(1)),
            round_name: "Trắc nghiệm".into(),
            stage: Stage::Writing {
                attempt: 5,
                sheet: Sheet {
                    code: 101,
                    questions: vec![],
                },
                held: BTreeMap::from([(4, held)]),
                deadline: 9,
                paused: false,
                grace: 30_000,
            },
            now: 1,
            clock_version: 2,
        };
        let wire = serde_json::to_string(&sitting).expect("json");
        assert_eq!(
            serde_json::from_str::<Sitting>(&wire).expect("reads back"),
            sitting
        );
    }
}
