//! Long lists on a wall: how many rows a page has, which page is shown, and when it turns.

use contest::{
    hall_view::{SceneView, ScreenView, TurnState},
    reveal::{Picture, PictureRow, RowState},
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

/// The page that the scene itself asks for: where the team of the moment stands.
pub(super) fn asked(view: &ScreenView) -> Option<usize> {
    let at = match &view.scene {
        SceneView::Order { lines, .. } => {
            let of = |state| lines.iter().position(|line| line.state == state);
            of(TurnState::OnStage).or_else(|| of(TurnState::Next))
        }
        SceneView::Reveal {
            picture: Some(Picture::Board { rows, .. }),
            ..
        } => Some(moment(rows)),
        _ => None,
    };
    at.map(|at| paging(view).page_of(at))
}

/// The row that a step of the reveal is about: what is lifted or open, else the place told last, which
/// is the highest; before anything is told it is the last row, where the telling begins.
fn moment(rows: &[PictureRow]) -> usize {
    let first = |state| rows.iter().position(|row| row.state == state);
    first(RowState::Open)
        .or_else(|| first(RowState::Lifted))
        .or_else(|| first(RowState::Placed))
        .unwrap_or(rows.len().saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use contest::TeamId;

    fn row(team: u32, state: RowState) -> PictureRow {
        PictureRow {
            team: TeamId(team),
            name: String::new(),
            unit: String::new(),
            rank: None,
            tied: false,
            marks: vec![],
            total: None,
            state,
        }
    }

    #[test]
    fn larger_rows_are_fewer() {
        assert_eq!((most(70), most(100), most(150)), (20, 14, 9));
    }

    #[test]
    fn the_eye_is_where_the_step_is() {
        use RowState::{Lifted, Open, Placed, Waiting};
        let at = |states: &[RowState]| {
            let rows: Vec<_> = states.iter().map(|state| row(1, *state)).collect();
            moment(&rows)
        };
        assert_eq!(at(&[Waiting, Waiting, Waiting]), 2);
        assert_eq!(at(&[Waiting, Lifted, Placed]), 1);
        assert_eq!(at(&[Waiting, Open, Placed]), 1);
        assert_eq!(at(&[Waiting, Placed, Placed]), 1);
        assert_eq!(at(&[]), 0);
    }
}
