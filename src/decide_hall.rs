//! Decisions about the hall: screens, freeze and reveal.

use crate::{
    Blocker, Contest, Event, PersonId, Refusal,
    audience::{self, Audience},
    decide::{blocked, changed, in_range, sound_reason, sound_text},
    freeze::{NotFinal, unsettled},
    intake::clean,
    refusal::{Fault, Field},
    reveal::{Plan, RevealAct, RevealFact},
    screen::{Scene, Screen, ScreenAct, ScreenFact},
    standing::standings,
};
use rand::Rng;

/// No hall has more.
const MOST_SCREENS: usize = 500;
const MOST_LOGOS: usize = 40;

/// A text that keeps its lines: each made clean, and no more than one empty between two that are not.
fn sound_lines(text: &str, most: usize, most_lines: usize) -> Result<String, Refusal> {
    let mut lines: Vec<String> = text.lines().map(clean).collect();
    lines.dedup_by(|line, before| line.is_empty() && before.is_empty());
    let text = lines.join("\n");
    let text = text.trim_matches('\n');
    if text.is_empty() {
        return Err(Refusal::invalid(Field::Text, Fault::Empty));
    }
    if text.chars().count() > most || text.lines().count() > most_lines {
        return Err(Refusal::invalid(Field::Text, Fault::TooLong));
    }
    Ok(text.to_owned())
}

impl Contest {
    /// What follows from an act on the screens. Who may act has been asked already.
    pub(crate) fn decide_screen(&self, act: ScreenAct) -> Result<Vec<Event>, Refusal> {
        let fact = match act {
            ScreenAct::Add { screen, name } => {
                if self.hall.screens.contains_key(&screen) {
                    return Ok(vec![]);
                }
                if self.hall.screens.len() >= MOST_SCREENS {
                    return Err(Refusal::invalid(Field::Screen, Fault::OutOfRange));
                }
                let name = sound_text(Field::Name, &name, 60)?;
                ScreenFact::Added { screen, name }
            }
            ScreenAct::Rename { screen, name } => {
                let name = sound_text(Field::Name, &name, 60)?;
                if self.screen(screen)?.name == name {
                    return Ok(vec![]);
                }
                ScreenFact::Renamed { screen, name }
            }
            ScreenAct::Remove { screen } => {
                if !self.hall.screens.contains_key(&screen) {
                    return Ok(vec![]);
                }
                ScreenFact::Removed { screen }
            }
            ScreenAct::Dress { screens, look } => {
                in_range(Field::Scale, i64::from(look.scale), 70, 150)?;
                let screens = self.where_changed(screens, |screen| screen.look != look)?;
                ScreenFact::Dressed { screens, look }
            }
            ScreenAct::Show { screens, scene } => {
                let scene = self.sound_scene(scene)?;
                let screens = self.where_changed(screens, |screen| screen.live != scene || screen.blank)?;
                ScreenFact::Shown { screens, scene }
            }
            ScreenAct::Prepare { screens, scene } => {
                let scene = self.sound_scene(scene)?;
                let screens = self.where_changed(screens, |screen| screen.next.as_ref() != Some(&scene))?;
                ScreenFact::Prepared { screens, scene }
            }
            ScreenAct::Take { screens } => {
                let screens = self.where_changed(screens, |screen| screen.next.is_some())?;
                ScreenFact::Taken { screens }
            }
            ScreenAct::Blank { screens, blank } => {
                let screens = self.where_changed(screens, |screen| screen.blank != blank)?;
                ScreenFact::Blanked { screens, blank }
            }
            ScreenAct::Reload { screens } => {
                let screens = self.where_changed(screens, |_| true)?;
                ScreenFact::Reloaded { screens }
            }
            ScreenAct::AddLogo { mut logo } => {
                logo.name = sound_text(Field::Name, &logo.name, 120)?;
                if self.hall.logos.len() >= MOST_LOGOS {
                    return Err(Refusal::invalid(Field::Logo, Fault::OutOfRange));
                }
                if self.hall.logos.iter().any(|other| other.hash == logo.hash) {
                    return Ok(vec![]);
                }
                ScreenFact::LogoAdded { logo }
            }
            ScreenAct::RemoveLogo { hash } => {
                if !self.hall.logos.iter().any(|logo| logo.hash == hash) {
                    return Ok(vec![]);
                }
                ScreenFact::LogoRemoved { hash }
            }
        };
        let moves = match &fact {
            ScreenFact::Dressed { screens, .. }
            | ScreenFact::Shown { screens, .. }
            | ScreenFact::Prepared { screens, .. }
            | ScreenFact::Taken { screens }
            | ScreenFact::Blanked { screens, .. }
            | ScreenFact::Reloaded { screens } => !screens.is_empty(),
            _ => true,
        };
        Ok(changed(moves, || Event::Screen { fact }))
    }

    fn screen(&self, id: PersonId) -> Result<&Screen, Refusal> {
        self.hall.screens.get(&id).ok_or(Refusal::UnknownScreen)
    }

    /// Those of `screens` that `moves` says would change, each once.
    fn where_changed(
        &self,
        mut screens: Vec<PersonId>,
        moves: impl Fn(&Screen) -> bool,
    ) -> Result<Vec<PersonId>, Refusal> {
        screens.sort_unstable();
        screens.dedup();
        let mut changed = Vec::new();
        for id in screens {
            if moves(self.screen(id)?) {
                changed.push(id);
            }
        }
        Ok(changed)
    }

    /// A scene that can be shown: what it names exists, its texts fit.
    fn sound_scene(&self, scene: Scene) -> Result<Scene, Refusal> {
        let round = |round: Option<crate::RoundId>, stage: bool| match round {
            None => Ok(()),
            Some(id) => {
                let of = self.rules().and_then(|rules| rules.round(id));
                match of {
                    Some(round) if !stage || round.stage().is_some() => Ok(()),
                    _ => Err(Refusal::UnknownRound),
                }
            }
        };
        match &scene {
            Scene::Order { round: id } => round(*id, true)?,
            Scene::Standings { round: id } => round(*id, false)?,
            Scene::Team { team } => {
                self.teams.get(team).ok_or(Refusal::UnknownTeam)?;
            }
            Scene::Question {
                text,
                options,
                answer,
            } => {
                let text = sound_lines(text, 600, 12)?;
                in_range(Field::Choice, options.len() as i64, 0, 8)?;
                let options = options
                    .iter()
                    .map(|option| sound_text(Field::Choice, option, 300));
                let options: Vec<String> = options.collect::<Result<_, _>>()?;
                if answer.is_some_and(|answer| usize::from(answer) >= options.len()) {
                    return Err(Refusal::invalid(Field::Choice, Fault::OutOfRange));
                }
                return Ok(Scene::Question {
                    text,
                    options,
                    answer: *answer,
                });
            }
            Scene::Message { text } => {
                return Ok(Scene::Message {
                    text: sound_lines(text, 300, 8)?,
                });
            }
            _ => {}
        }
        Ok(scene)
    }

    /// What follows from an act of freeze or reveal. Who may act has been asked already.
    pub(crate) fn decide_reveal(&self, act: RevealAct, rng: &mut impl Rng) -> Result<Vec<Event>, Refusal> {
        let fact = match act {
            RevealAct::Freeze { progress } => {
                if self.hall.frozen.is_some() {
                    return Ok(vec![]);
                }
                let visible = audience::visible(self, &progress, Audience::Public);
                let shown = self
                    .rules()
                    .map_or(&[][..], |rules| &rules.rounds)
                    .iter()
                    .map(|round| round.id);
                let shown =
                    shown.filter(|round| self.teams.keys().any(|team| visible(*round, *team).is_some()));
                RevealFact::Frozen {
                    rows: standings(self, &visible),
                    shown: shown.collect(),
                }
            }
            RevealAct::Unfreeze { reason } => {
                if self.hall.frozen.is_none() {
                    return Ok(vec![]);
                }
                let reveal = self.hall.real_reveal();
                if reveal.is_some_and(|reveal| !reveal.is_over()) {
                    return Err(Refusal::Blocked([Blocker::Revealing].into()));
                }
                // The wall and the public would contradict each other.
                blocked(self.overtaken_reveal())?;
                let reason = reason.filter(|reason| !reason.trim().is_empty());
                let reason = reason.map(|reason| sound_reason(&reason)).transpose()?;
                // Once everything is told, there is nothing left to withhold.
                if reason.is_none() && reveal.is_none() {
                    return Err(Refusal::ReasonNeeded);
                }
                RevealFact::Unfrozen { reason }
            }
            RevealAct::Begin { by, rehearsal } => {
                if self.hall.reveal.is_some() {
                    return Err(Refusal::Blocked([Blocker::Revealing].into()));
                }
                let plan = if rehearsal {
                    if self.teams.is_empty() {
                        return Err(Refusal::Blocked([Blocker::NoTeams].into()));
                    }
                    Plan::rehearsal(self, by, rng)
                } else {
                    blocked(self.reveal_blockers())?;
                    let base = self.hall.frozen.as_ref().map(|freeze| freeze.rows.clone());
                    let rows = standings(self, |round, team| self.mark(round, team));
                    Plan::real(self, by, base.unwrap_or_default(), rows)
                };
                RevealFact::Begun {
                    plan: plan.ok_or(Refusal::NotAllowed)?,
                }
            }
            RevealAct::Go {
                reveal: seen,
                from,
                to,
            } => {
                let reveal = self.hall.reveal.as_ref().ok_or(Refusal::NoReveal)?;
                reveal.is_the_one(seen)?;
                blocked(self.overtaken_reveal())?;
                in_range(
                    Field::Choice,
                    i64::from(to),
                    0,
                    reveal.plan.steps.len() as i64 - 1,
                )?;
                // Two hands on the button at once take one step.
                if reveal.step != from || from == to {
                    return Ok(vec![]);
                }
                RevealFact::Moved { to }
            }
            RevealAct::End { reveal: seen } => {
                let Some(reveal) = &self.hall.reveal else {
                    return Ok(vec![]);
                };
                reveal.is_the_one(seen)?;
                RevealFact::Ended
            }
        };
        Ok(vec![Event::Reveal { fact }])
    }

    fn overtaken_reveal(&self) -> Vec<Blocker> {
        let overtaken = self.reveal_overtaken();
        overtaken
            .then_some(Blocker::RevealOvertaken)
            .into_iter()
            .collect()
    }

    /// What stands in the way of revealing the real standings.
    pub fn reveal_blockers(&self) -> Vec<Blocker> {
        let mut list: Vec<Blocker> = unsettled(self)
            .into_iter()
            .map(|why| match why {
                NotFinal::TiedForPrize { award, teams } => Blocker::TiedForPrize { award, teams },
                NotFinal::Unpublished { rounds } => Blocker::Unpublished { rounds },
                NotFinal::Incomplete { round, teams } => Blocker::Incomplete { round, teams },
                NotFinal::CorrectionWaiting { round, teams } => Blocker::CorrectionWaiting { round, teams },
                NotFinal::RevealOvertaken => Blocker::RevealOvertaken,
                NotFinal::PrizesNotGiven { awards } => Blocker::PrizesNotGiven { awards },
                NotFinal::OpenAppeals { count } => Blocker::OpenAppeals { count },
                NotFinal::Frozen | NotFinal::Revealing => Blocker::Revealing,
            })
            .collect();
        if self.hall.frozen.is_none() {
            list.push(Blocker::NotFrozen);
        }
        list
    }
}
