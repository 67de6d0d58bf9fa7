//! How many rows a wall shows at once, and on which page a row stands.

/// The most rows that can be read from the last row of seats.
const MOST: usize = 14;
/// With fewer rows they do not grow any more.
const FEWEST: usize = 6;

/// The pages of a board, as even as can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Paging {
    /// At least one.
    pub(crate) pages: usize,
    /// At least one.
    per_page: usize,
}

impl Paging {
    /// The pages for a board of `rows`.
    pub(crate) fn of(rows: usize) -> Self {
        Self::with(rows, MOST)
    }

    /// The pages for `rows` of which at most `most` stand on one.
    pub(crate) fn with(rows: usize, most: usize) -> Self {
        let pages = rows.div_ceil(most.max(1)).max(1);
        Self {
            pages,
            per_page: rows.div_ceil(pages).max(1),
        }
    }

    /// The page of the row at `index`, from 0.
    pub(crate) fn page_of(self, index: usize) -> usize {
        index / self.per_page
    }

    /// The rows of a page, each with its index among all.
    pub(crate) fn shown<T>(self, page: usize, rows: &[T]) -> impl Iterator<Item = (usize, &T)> {
        let rows = rows.iter().enumerate();
        rows.skip(page * self.per_page).take(self.per_page)
    }

    /// For how many rows a page makes room: the CSS has a class for each.
    pub(crate) fn room(self) -> usize {
        self.per_page.max(FEWEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fourteen_teams_fit_one_page_and_thirty_five_make_three_even_ones() {
        assert_eq!((Paging::of(14).pages, Paging::of(14).room()), (1, 14));
        let paging = Paging::of(35);
        assert_eq!((paging.pages, paging.room()), (3, 12));
        let pages: Vec<usize> = (0..35).map(|i| paging.page_of(i)).collect();
        assert_eq!((pages[11], pages[12], pages[24], pages[34]), (0, 1, 2, 2));
    }

    #[test]
    fn every_row_has_a_page_that_exists() {
        for rows in 0..200 {
            let paging = Paging::of(rows);
            for row in 0..rows {
                assert!(paging.page_of(row) < paging.pages, "{row} of {rows}");
            }
        }
    }

    #[test]
    fn a_small_board_keeps_its_rows_of_a_sensible_size() {
        assert_eq!((Paging::of(0).pages, Paging::of(0).room()), (1, 6));
        assert_eq!(Paging::of(3).room(), 6);
        assert_eq!(Paging::of(15).room(), 8);
    }
}
