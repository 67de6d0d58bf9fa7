//! Import: a file somebody made in Excel becomes questions or teams, or a list of what is wrong.
//!
//! ```text
//! bytes -> sheet (bounded reading) -> headers (which column is what) -> questions | teams
//! ```
//!
//! Everything here is a pure function of the bytes and never writes: the caller looks at
//! [`Intake::is_sound`] and writes all or nothing. Reading takes up to a few hundred milliseconds
//! of a core, so call it through `tokio::task::spawn_blocking`.

mod delimited;
mod headers;
mod number;
mod package;
mod questions;
mod sheet;
mod teams;
mod xlsx;
mod xml;

#[cfg(test)]
mod tests;

pub use questions::questions;
pub use sheet::MAX_UPLOAD;
pub use teams::teams;

use contest::intake::{Intake, Problem, ProblemCode, clean, is_broken};
use sheet::Value;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Longest report. Beyond it the file is the wrong file, and a longer list helps nobody.
const MAX_PROBLEMS: usize = 2_000;

/// Problems as they are found; counts what a report has no room for.
#[derive(Default)]
struct Problems {
    list: Vec<Problem>,
    more: u64,
}

impl Problems {
    fn add(&mut self, problem: Problem) {
        if self.list.len() < MAX_PROBLEMS {
            self.list.push(problem);
        } else {
            self.more += 1;
        }
    }

    /// How many were found so far, those without room included.
    fn count(&self) -> u64 {
        self.list.len() as u64 + self.more
    }

    fn into_list(mut self) -> Vec<Problem> {
        if self.more > 0 {
            self.list
                .push(Problem::of_file(ProblemCode::MoreProblems).limit(self.more));
        }
        self.list
    }

    /// The clean text of a cell of at most `longest` characters. Whatever is wrong with it is
    /// reported, and `None` returned: the cell is there, but cannot be used. A blank cell is `""`.
    fn text(&mut self, value: Option<&Value>, place: &str, longest: usize) -> Option<String> {
        let text = match value {
            None => return Some(String::new()),
            Some(Value::Text(text)) => clean(text),
            Some(Value::Formula) => {
                self.add(Problem::new(place, ProblemCode::Formula));
                return None;
            }
            Some(Value::Error(error)) => {
                self.add(Problem::new(place, ProblemCode::CellError).value(error));
                return None;
            }
        };
        if is_broken(&text) {
            let shown: String = text
                .chars()
                .map(|c| if c.is_control() { '\u{fffd}' } else { c })
                .collect();
            self.add(Problem::new(place, ProblemCode::ControlCharacter).value(&shown));
            return None;
        }
        if text.chars().nth(longest).is_some() {
            self.add(
                Problem::new(place, ProblemCode::TooLong)
                    .value(&text)
                    .limit(longest as u64),
            );
            return None;
        }
        Some(text)
    }
}

/// Runs an importer so that a defect in it, or in a library under it, costs one upload and not the
/// server: a panic becomes the problem `damaged`.
fn guarded<T>(read: impl FnOnce() -> Result<Intake<T>, Problem>) -> Intake<T> {
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(Ok(intake)) => intake,
        Ok(Err(problem)) => Intake::refused(problem),
        Err(_) => Intake::refused(Problem::of_file(ProblemCode::Damaged)),
    }
}
