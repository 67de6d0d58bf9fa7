//! Everybody who could ask, and how to fill an address with what is really there.

use anyhow::{Context, Result};
use contest::actor::Role;
use harness::{Engine, Hall, Pass, Tablet, Visitor};

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Who {
    Nobody,
    Contestant,
    /// A contestant of another contest.
    Stranger,
    Judge,
    Screen,
    Secretary,
    Organizer,
    /// An organizer of another contest.
    Neighbour,
}

impl Who {
    pub(crate) const ALL: [Who; 8] = [
        Who::Nobody,
        Who::Contestant,
        Who::Stranger,
        Who::Judge,
        Who::Screen,
        Who::Secretary,
        Who::Organizer,
        Who::Neighbour,
    ];

    /// Those who may know nothing before it is published.
    pub(crate) const OUTSIDE: [Who; 6] = [
        Who::Nobody,
        Who::Contestant,
        Who::Stranger,
        Who::Judge,
        Who::Screen,
        Who::Neighbour,
    ];
}

/// A hall with two contests and somebody of every kind.
pub(crate) struct World {
    pub(crate) hall: Hall,
    /// The contestant's tablet (the first of the first team).
    pub(crate) tablet: Tablet,
    visitors: Vec<(Who, Visitor)>,
    pub(crate) contestant: Pass,
}

impl World {
    /// `prepare` makes the hall with its contest.
    pub(crate) async fn of(mut hall: Hall) -> Result<Self> {
        let contest = hall.contest.clone();
        let judge = hall.invites(Role::Judge, "Giám khảo Minh").await?;
        let screen = hall.invites(Role::Screen, "Màn hình chính").await?;
        let secretary = hall.invites(Role::Secretary, "Thư ký Lan").await?;
        let contestant = hall.passes_of(Role::Contestant).await?[0].clone();
        let tablet = hall.contestant(0).await?;
        let mut visitors = vec![
            (Who::Nobody, hall.passer_by()?),
            (Who::Contestant, tablet.visitor.clone()),
            (Who::Judge, hall.enters(&judge).await?),
            (Who::Screen, hall.enters(&screen).await?),
            (Who::Secretary, hall.enters(&secretary).await?),
            (Who::Organizer, hall.organizer.clone()),
        ];

        // The other contest, with its own organizer and contestant.
        let neighbour = hall.another_organizer("Ban tổ chức khác").await?;
        let mine = std::mem::replace(&mut hall.organizer, neighbour.clone());
        hall.creates("Hội thi bên cạnh").await?;
        hall.imports_teams().await?;
        hall.imports_questions().await?;
        let stranger = hall.contestant(0).await?;
        visitors.push((Who::Stranger, stranger.visitor));
        visitors.push((Who::Neighbour, neighbour));
        // The letters of each browser are drawn now: two copies of this house then show the same ones.
        for (_, visitor) in &visitors {
            visitor.page("/man-hinh").await?;
        }
        hall.organizer = mine;
        hall.contest = contest;
        Ok(Self {
            hall,
            tablet,
            visitors,
            contestant,
        })
    }

    /// One with the exam open and the contestant's paper on his table.
    pub(crate) async fn with_open_exam(engine: Engine) -> Result<Self> {
        let mut world = Self::of(Hall::with_open_exam(engine).await?).await?;
        world.tablet.sheet().await?;
        Ok(world)
    }

    /// Gives the hall away; addresses are filled in as before.
    pub(crate) async fn lends_hall(&mut self) -> Result<Hall> {
        let mut empty = Hall::empty(self.hall.database.engine()).await?;
        empty.contest.clone_from(&self.hall.contest);
        Ok(std::mem::replace(&mut self.hall, empty))
    }

    pub(crate) fn visitor(&self, who: Who) -> &Visitor {
        let found = self.visitors.iter().find(|(other, _)| *other == who);
        &found.expect("everybody is there").1
    }

    /// An address with `{…}` or `:…` filled in.
    pub(crate) fn fill(&self, path: &str) -> Result<String> {
        let parts: Vec<String> = path
            .split('/')
            .map(|part| {
                let name = part
                    .strip_prefix(':')
                    .or_else(|| part.strip_prefix('{').and_then(|part| part.strip_suffix('}')));
                let Some(name) = name else {
                    return Ok(part.to_owned());
                };
                self.value(name.trim_start_matches('*'))
                    .with_context(|| format!("what is {{{name}}} in {path}?"))
            })
            .collect::<Result<_>>()?;
        Ok(parts.join("/"))
    }

    fn value(&self, name: &str) -> Option<String> {
        Some(match name {
            "id" | "contest" => self.hall.contest.clone(),
            "round" | "team" => "1".to_owned(),
            "person" => self.contestant.person.to_string(),
            "role" => "contestant".to_owned(),
            "letters" => "ZZZZ".to_owned(),
            "upload" | "token" | "question" => "khong-co".to_owned(),
            "code" => "AAAA-BBBB-CCCC".to_owned(),
            "name" => "khong-co.css".to_owned(),
            "hash" => "khong-co".to_owned(),
            _ => return None,
        })
    }
}
