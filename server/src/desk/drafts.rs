//! What an organizer typed into a long form that could not be saved: shown again, so that nobody types a
//! hundred fields twice. A convenience of this node: nothing is lost that was ever promised.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use contest::ContestId;

/// The newest of the whole house; a form is some kilobytes.
const MOST: usize = 64;
/// Longer than any honest form.
const LONGEST: usize = 256 * 1024;

/// By session and contest, the oldest first.
#[derive(Debug, Default)]
pub(super) struct Drafts(Mutex<VecDeque<Draft>>);

struct Draft {
    session: String,
    contest: ContestId,
    text: String,
}

impl std::fmt::Debug for Draft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Draft").finish_non_exhaustive()
    }
}

impl Drafts {
    fn all(&self) -> MutexGuard<'_, VecDeque<Draft>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn keep(&self, session: &str, contest: &ContestId, text: String) {
        if text.len() > LONGEST {
            return;
        }
        let mut all = self.all();
        all.retain(|draft| (draft.session.as_str(), &draft.contest) != (session, contest));
        if all.len() == MOST {
            all.pop_front();
        }
        all.push_back(Draft {
            session: session.to_owned(),
            contest: contest.clone(),
            text,
        });
    }

    pub(super) fn get(&self, session: &str, contest: &ContestId) -> Option<String> {
        let all = self.all();
        let mine = all
            .iter()
            .find(|draft| (draft.session.as_str(), &draft.contest) == (session, contest));
        mine.map(|draft| draft.text.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_of_each_session_is_remembered_and_nobody_elses() {
        let drafts = Drafts::default();
        let id: ContestId = "hoi-thi".parse().expect("a name");
        drafts.keep("a", &id, "một".into());
        drafts.keep("a", &id, "hai".into());
        assert_eq!(drafts.get("a", &id).as_deref(), Some("hai"));
        assert_eq!(drafts.get("b", &id), None);
        for n in 0..MOST {
            drafts.keep(&n.to_string(), &id, String::new());
        }
        assert_eq!(drafts.get("a", &id), None, "the oldest gives way");
    }
}
