//! What the hall is waiting for: the one thing beside the table that everybody wants to know.

use contest::{
    Moment,
    audience::{Board, BoardRound, Running},
    contest::ContestPhase,
    exam::ExamPhase,
};

/// The state of the contest, as the head of the board tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scene<'a> {
    /// Nothing has begun, or nothing is published yet.
    Waiting,
    /// An exam is open.
    Exam(&'a BoardRound, &'a Running),
    /// An exam is over, its marks are not published.
    Marking(&'a BoardRound),
    /// The rows stand as they were then, and whatever is decided meanwhile is not told.
    Frozen(Moment),
    /// The last of the rounds that are published.
    Published(&'a BoardRound),
    Finished,
}

impl<'a> Scene<'a> {
    /// The scene of a board; `inside` of one whose rows do not stand still while the public's do.
    pub(super) fn of(board: &'a Board, inside: bool) -> Self {
        let open = board
            .rounds
            .iter()
            .find_map(|round| Some((round, round.running.as_ref()?)));
        if let Some((round, running)) = open {
            return Self::Exam(round, running);
        }
        if let Some(at) = board.frozen.filter(|_| !inside) {
            return Self::Frozen(at);
        }
        if board.phase == ContestPhase::Finished {
            return Self::Finished;
        }
        let last = |phases: &[ExamPhase]| {
            let mut rounds = board.rounds.iter().rev();
            rounds.find(|round| round.phase.is_some_and(|phase| phases.contains(&phase)))
        };
        if let Some(round) = last(&[ExamPhase::Closed, ExamPhase::Marked]) {
            return Self::Marking(round);
        }
        last(&[ExamPhase::Published]).map_or(Self::Waiting, Self::Published)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use contest::RoundId;

    fn round(id: u32, phase: Option<ExamPhase>) -> BoardRound {
        BoardRound {
            id: RoundId(id),
            name: id.to_string(),
            phase,
            marks_shown: false,
            running: (phase == Some(ExamPhase::Open)).then_some(Running {
                ends_at: None,
                paused_left: None,
                paused: false,
                questions: 1,
                contestants: 1,
                answered: 0,
                handed_in: 0,
            }),
        }
    }

    fn board(phase: ContestPhase, rounds: Vec<BoardRound>) -> Board {
        Board {
            contest: "demo".parse().expect("a good name"),
            name: String::new(),
            hosts: vec![],
            place: String::new(),
            phase,
            frozen: None,
            rounds,
            rows: vec![],
        }
    }

    #[test]
    fn an_open_exam_goes_before_what_is_done() {
        let rounds = vec![
            round(1, Some(ExamPhase::Published)),
            round(2, Some(ExamPhase::Open)),
        ];
        let board = board(ContestPhase::Running, rounds);
        assert!(matches!(Scene::of(&board, false), Scene::Exam(round, _) if round.id == RoundId(2)));
    }

    #[test]
    fn marks_to_come_go_before_marks_that_are_out() {
        let rounds = vec![
            round(1, Some(ExamPhase::Published)),
            round(2, Some(ExamPhase::Marked)),
            round(3, None),
        ];
        let board = board(ContestPhase::Running, rounds);
        assert!(matches!(Scene::of(&board, false), Scene::Marking(round) if round.id == RoundId(2)));
    }

    #[test]
    fn a_stage_round_alone_leaves_the_hall_waiting() {
        let waiting = board(
            ContestPhase::Preparing,
            vec![round(1, Some(ExamPhase::Prepared)), round(2, None)],
        );
        assert_eq!(Scene::of(&waiting, false), Scene::Waiting);
        let finished = board(ContestPhase::Finished, vec![round(1, Some(ExamPhase::Published))]);
        assert_eq!(Scene::of(&finished, false), Scene::Finished);
    }

    #[test]
    fn frozen_rows_are_never_called_final() {
        let mut frozen = board(ContestPhase::Finished, vec![round(1, Some(ExamPhase::Published))]);
        frozen.frozen = Some(5);
        assert_eq!(Scene::of(&frozen, false), Scene::Frozen(5));
        assert_eq!(
            Scene::of(&frozen, true),
            Scene::Finished,
            "the staff's rows are live"
        );
        frozen.rounds.push(round(2, Some(ExamPhase::Open)));
        assert!(
            matches!(Scene::of(&frozen, false), Scene::Exam(..)),
            "its clock is wanted"
        );
    }
}
