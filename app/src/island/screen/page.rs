//! Long lists on a wall: how many rows a page has, which page is shown, and when it turns.

use contest::{
    TeamId,
    audience::Board,
    hall_view::{SceneView, ScreenView, TurnState},
    reveal::{Picture, PictureRow},
};

use super::scene::{hosts, prizes};
use crate::island::board::paging::Paging;

/// The most rows that can be read from the last row of seats, at a scale of 100 %.
const MOST: usize = 14;

/// The most rows of a page at a scale.
pub(super) fn most(scale: u8) -> usize {
    (MOST * 100 / usize::from(scale.clamp(70, 150))).max(6)
}

/// The pages of what a screen shows.
pub(super) fn paging(view: &ScreenView) -> Paging {
    let most = most(view.look.scale);
    match &view.scene {
        SceneView::Order { lines, .. } => Paging::with(lines.len(), most),
        // Before anything is announced it says so, and lists nobody.
        SceneView::Standings { board, .. } if no_marks(board) => Paging::with(0, most),
        SceneView::Exam { board } | SceneView::Standings { board, .. } => {
            Paging::with(board.rows.len(), most)
        }
        SceneView::Reveal {
            picture: Some(Picture::Board { rows, .. } | Picture::Final { rows }),
            ..
        } => Paging::with(rows.len(), most),
        SceneView::Prizes { plates } => {
            Paging::with(prizes::lines(plates).len(), prizes::most(view.look.scale))
        }
        SceneView::Hosts { logos } => Paging::with(logos.len(), hosts::MOST),
        _ => Paging::with(0, most),
    }
}

/// Whether nobody has a total yet.
pub(super) fn no_marks(board: &Board) -> bool {
    board.rows.iter().all(|row| row.total.is_none())
}

/// The page that the scene itself asks for: where the team of the moment stands.
pub(super) fn asked(view: &ScreenView) -> Option<usize> {
    let at = match &view.scene {
        // While nobody is on stage every team looks for its own place: then the pages turn.
        SceneView::Order { lines, .. } => lines.iter().position(|line| line.state == TurnState::OnStage),
        SceneView::Reveal {
            picture: Some(Picture::Board { rows, teams, .. }),
            ..
        } => Some(moment(rows, teams)),
        _ => None,
    };
    at.map(|at| paging(view).page_of(at))
}

/// The row that a step of the reveal is about: the first of its teams; a step about none of them has
/// the last row, where the telling begins.
fn moment(rows: &[PictureRow], teams: &[TeamId]) -> usize {
    rows.iter()
        .position(|row| teams.contains(&row.team))
        .unwrap_or(rows.len().saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;
    use contest::{hall_view::OrderLine, reveal::RowState, screen::Look};

    /// A board of the reveal on which the teams stand in their order.
    fn board(count: u32, teams: &[u32]) -> ScreenView {
        let row = |team| PictureRow {
            team: TeamId(team),
            name: String::new(),
            unit: String::new(),
            rank: None,
            tied: false,
            marks: vec![],
            news: vec![],
            total: None,
            // By rounds, nearly all of them have been told once before the last round begins.
            state: RowState::Placed,
        };
        let picture = Picture::Board {
            round: None,
            rows: (1..=count).map(row).collect(),
            teams: teams.iter().copied().map(TeamId).collect(),
        };
        let scene = SceneView::Reveal {
            rehearsal: false,
            rounds: vec![],
            picture: Some(picture),
        };
        samples::screen(scene, Look::default())
    }

    #[test]
    fn standings_without_a_mark_have_no_pages() {
        let pages = |board| {
            let scene = SceneView::Standings { board, round: None };
            paging(&samples::screen(scene, Look::default())).pages
        };
        let mut board = samples::board(30);
        assert_eq!(pages(board.clone()), 3);
        board.rows.iter_mut().for_each(|row| row.total = None);
        assert_eq!(pages(board), 1, "it says that nothing is announced, on one page");
    }

    #[test]
    fn larger_rows_are_fewer() {
        assert_eq!((most(70), most(100), most(150)), (20, 14, 9));
    }

    #[test]
    fn the_order_stands_still_only_while_somebody_is_on_stage() {
        let order = |state: TurnState| {
            let line = |place| OrderLine {
                place,
                team: TeamId(place),
                name: String::new(),
                unit: String::new(),
                state: if place == 20 { state } else { TurnState::Waiting },
            };
            let scene = SceneView::Order {
                round: None,
                round_name: String::new(),
                lines: (1..=35).map(line).collect(),
            };
            asked(&samples::screen(scene, Look::default()))
        };
        assert_eq!(order(TurnState::OnStage), Some(1));
        assert_eq!(order(TurnState::Next), None, "each looks for its own");
    }

    #[test]
    fn the_eye_is_where_the_step_is() {
        assert_eq!(asked(&board(40, &[1])), Some(0));
        assert_eq!(asked(&board(40, &[20])), Some(1));
        assert_eq!(asked(&board(40, &[30, 15])), Some(1), "of equals the first");
        assert_eq!(
            asked(&board(40, &[])),
            asked(&board(40, &[40])),
            "before anything is told"
        );
        assert_eq!(asked(&board(0, &[])), Some(0));
    }
}
