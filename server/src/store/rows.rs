//! Statements over many rows at once, in few sizes, so that few are prepared.

use std::{fmt::Write, ops::Range, sync::OnceLock};

/// The most rows in one statement; with 8 values a row far below what either engine takes.
pub const MOST: usize = 1 << (SIZES - 1);
const SIZES: usize = 10;

/// A statement whose text depends on how many rows it takes.
#[derive(Debug)]
pub struct ManyRows {
    text: fn(usize) -> String,
    texts: [OnceLock<String>; SIZES],
}

impl ManyRows {
    /// `text` writes the statement for so many rows.
    pub const fn new(text: fn(usize) -> String) -> Self {
        Self {
            text,
            texts: [const { OnceLock::new() }; SIZES],
        }
    }

    /// The statement for `rows` rows, which is a length that [`cuts`] gives.
    pub fn of(&'static self, rows: usize) -> &'static str {
        debug_assert!(rows.is_power_of_two() && rows <= MOST);
        self.texts[rows.trailing_zeros() as usize].get_or_init(|| (self.text)(rows))
    }
}

/// Cuts `length` rows into pieces of powers of two, the longest first.
pub fn cuts(length: usize) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let left = length - from;
        let size = 1 << left.checked_ilog2()?.min(SIZES as u32 - 1);
        let range = from..from + size;
        from += size;
        Some(range)
    })
}

/// `($3, $4), ($5, $6)`: so many rows of so many placeholders, after `before` others.
pub fn values(before: usize, columns: usize, rows: usize) -> String {
    let mut text = String::with_capacity(rows * columns * 7);
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns {
            let comma = if column == 0 { "" } else { ", " };
            let _ = write!(text, "{comma}${}", before + row * columns + column + 1);
        }
        text.push(')');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_are_powers_of_two_and_cover_everything_once() {
        for length in [0, 1, 2, 3, 7, 511, 512, 513, 1300] {
            let mut next = 0;
            for piece in cuts(length) {
                assert_eq!(piece.start, next);
                assert!(piece.len().is_power_of_two() && piece.len() <= MOST);
                next = piece.end;
            }
            assert_eq!(next, length);
        }
    }

    #[test]
    fn placeholders_are_counted_through() {
        assert_eq!(values(1, 2, 2), "($2, $3), ($4, $5)");
    }
}
