//! Whole exams through the port, on both engines; every mark is worked out by hand.

mod lists;
mod marks;
mod nodes;
mod papers;
mod tablets;
mod time;

use app::backend::{Exams, NextStep};
use contest::Blocker;
use contest::attempt::{Outcome, Timing};

use super::hall::{Hall, ROUND};

const fn saved(timing: Timing) -> Outcome {
    Outcome::Saved { timing }
}

const IN_TIME: Outcome = saved(Timing::InTime);
const GRACE: Outcome = saved(Timing::Grace);
const TOO_LATE: Outcome = saved(Timing::TooLate);

async fn next_step(hall: &Hall) -> (NextStep, Vec<Blocker>) {
    let console = hall.house.exam_console(&hall.organizer, &hall.id, ROUND).await;
    let console = console.expect("the console");
    (console.next, console.blockers)
}
