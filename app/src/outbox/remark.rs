//! A judge's remark on its way: one line. Where the house holds other words than those that wait here, both
//! stand, and he strikes out what he does not mean: words cannot be chosen between unread.

use contest::{Moment, intake::clean};

use super::lines::{Conflict, Heard, Lines, Sent};

/// The remark of one sheet.
pub type Remark = Lines<u32, String>;

/// The one line.
const LINE: u32 = 0;

impl Remark {
    /// Nothing said yet.
    pub fn of_sheet() -> Self {
        Self::of([LINE], Conflict::Ask)
    }

    /// He says this; answers with what stands now: these words, behind those of the house that he has not
    /// seen.
    pub fn say(&mut self, words: &str, at: Moment) -> String {
        let words = match self.dispute(LINE) {
            Some((_, theirs)) => joined(theirs, words),
            None => words.to_owned(),
        };
        self.set(LINE, words.clone(), at);
        words
    }

    /// He says this too.
    pub fn add(&mut self, words: &str, at: Moment) {
        let all = joined(&self.words(), words);
        self.say(&all, at);
    }

    /// What stands here.
    pub fn words(&self) -> String {
        self.line(LINE).value
    }

    /// What to send now.
    pub fn to_send(&self) -> Option<Sent<u32, String>> {
        self.waiting().next()
    }

    /// The house holds these words under that number; 0 is before the first.
    pub fn is_held(&mut self, revision: u32, words: &str) {
        self.held(LINE, (revision > 0).then(|| (revision, words.to_owned())));
    }

    /// What became of what was sent.
    pub fn hears(&mut self, sent: &Sent<u32, String>, heard: Heard<String>) {
        self.hear(LINE, sent.revision, Some(&sent.value), heard);
    }

    /// The number that the house knows, or will.
    pub fn revision(&self) -> u32 {
        self.line(LINE).revision
    }

    /// The house holds other words: [`say`](Self::say) puts both together.
    pub fn asks(&self) -> bool {
        self.dispute(LINE).is_some()
    }

    /// The house will not take these words.
    pub fn is_refused(&self) -> bool {
        self.line(LINE).refused
    }
}

/// Both texts, and only one of them where it has the other in it.
fn joined(theirs: &str, mine: &str) -> String {
    let (of_theirs, of_mine) = (clean(theirs), clean(mine));
    if of_mine.contains(&of_theirs) {
        mine.to_owned()
    } else if of_theirs.contains(&of_mine) {
        theirs.to_owned()
    } else {
        format!("{theirs}\n{mine}")
    }
}

#[cfg(test)]
mod tests;
