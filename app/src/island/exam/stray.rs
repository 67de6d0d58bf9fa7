//! What lies in this tablet's storage of papers that are not on the page: of a round before this one, or of
//! the paper handed in at the deadline when the page was loaded again. It goes to the house whatever the page
//! shows: nothing that a contestant has chosen stays behind.

use crate::outbox::{Outbox, Packet};

use super::store::Drawer;

/// One such paper.
pub struct Stray {
    pub attempt: i64,
    paper: String,
    drawer: Drawer,
    outbox: Outbox,
}

impl Stray {
    /// Everything that waits, but for what lies in the drawer of the page itself.
    pub fn all(contest: &str, person: i64, but: &Drawer) -> Vec<Self> {
        let papers = but.papers().into_iter();
        let strays = papers.map(|(attempt, paper, questions)| {
            let drawer = Drawer::of(contest, person, attempt, &paper);
            let mut outbox = Outbox::new(questions);
            drawer.read(&mut outbox);
            Self {
                attempt,
                paper,
                drawer,
                outbox,
            }
        });
        strays.filter(|stray| stray.unsent() > 0).collect()
    }

    pub fn unsent(&self) -> u32 {
        self.outbox.unsent()
    }

    /// What to send of it now.
    pub fn packet(&self) -> Packet {
        Packet {
            attempt: self.attempt,
            answers: self.outbox.batch(),
            paper: Some(self.paper.clone()),
            unsent: self.unsent(),
            battery: None,
        }
    }

    /// Whether `packet` was of this paper.
    pub fn sent(&self, packet: &Packet) -> bool {
        packet.attempt == self.attempt && packet.paper.as_ref() == Some(&self.paper)
    }

    /// Changes the outbox as the desk changes its own.
    pub fn change<T>(&mut self, act: impl FnOnce(&mut Outbox) -> T) -> T {
        self.drawer.read(&mut self.outbox);
        let done = act(&mut self.outbox);
        self.drawer.write(&mut self.outbox);
        done
    }
}
