//! `/hoi-thi/{id}/san-khau/{round}/boc-tham`: the draws of a stage round, told so that anybody can check them.
//! Printed, it is the slip of the result.

use contest::{
    ContestId, Event, RoundId,
    draw::{Draw, DrawOf},
    ledger::Entry,
    stage::StageFact,
    stage_view::{PanelLine, PanelView},
};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::ledger::Names;
use super::paper::{heading, signatures};
use super::parts::{Desk, act, contest_field, contest_param, desk, note, param, reason_field};
use crate::api::judging::{DrawLots, EnterOrder, EnterPacks};
use crate::backend::house;
use crate::dates;
use crate::error::AppError;
use crate::icon::{Icon, icon};
use crate::island::print::PrintButton;
use crate::layout::{ErrorNote, Place, StaffLayout, paths, served};
use crate::words::{Locale, request_locale, td_string};
use crate::words_of;

/// Entries asked for at once.
const PAGE: u32 = 500;

/// The page.
#[component]
pub fn DrawPage() -> impl IntoView {
    let locale = request_locale();
    let id = contest_param();
    let round = param::<RoundId>("round");
    served(async move {
        let (id, round) = (id?, round?);
        let desk = desk(&id).await?;
        let (panel, _) = house().panel_view(&desk.visit, &id, round).await?;
        let contest = desk.contest.clone();
        let names = Names::of(locale, &contest, &desk).await?;
        let changes = changes(&desk, &id, round).await?;
        let rules = contest
            .rules()
            .and_then(|rules| rules.round(round)?.stage().cloned());
        let packs = rules.is_some_and(|rules| rules.packs > 0);
        let page = Page {
            locale,
            panel: &panel,
        };
        let title = td_string!(locale, draw.title, name = panel.round_name.as_str());
        let done = panel
            .draws
            .iter()
            .any(|(_, draw)| !matches!(draw, Draw::Sealed { .. }));
        let errors = [DrawLots::url(), EnterOrder::url(), EnterPacks::url()]
            .map(|form| view! { <ErrorNote form=form contest=contest.clone() /> })
            .collect_view();
        let listed = changes
            .iter()
            .map(|entry| change(locale, &names, entry))
            .collect_view();
        let none = changes
            .is_empty()
            .then(|| view! { <p>{td_string!(locale, draw.no_changes)}</p> });
        let paper = view! {
                <article class="sheet-paper stack">
                    {heading(locale, &contest, false)}
                    <h2 class="paper-title">{td_string!(locale, draw.slip)}</h2>
                    <p class="paper-under">{td_string!(locale, paper.sheet_of, round = panel.round_name.as_str())}</p>
                    {page.draw(DrawOf::Order)}
                    {packs.then(|| page.draw(DrawOf::Packs))}
                    {page.result(packs)}
                    <section class="stack">
                        <h3>{td_string!(locale, draw.changes)}</h3>
                        {none}
                        <ul>{listed}</ul>
                    </section>
                    {how(locale)}
                    {signatures(&[
                        td_string!(locale, draw.witness),
                        td_string!(locale, paper.secretary),
                        td_string!(locale, paper.chief),
                    ], td_string!(locale, paper.signs))}
                </article>
        }
        .into_any();
        let steps = page.steps(packs);
        let again = view! {
            {page.again(DrawOf::Order, packs)}
            {packs.then(|| page.again(DrawOf::Packs, packs))}
        }
        .into_any();
        let typed = view! {
            {page.type_order()}
            {packs.then(|| page.type_packs())}
        }
        .into_any();
        Ok(view! {
            <StaffLayout title=title contest=contest.clone() place=Place::Round(round)>
                <div class="row toolbar">
                    <a class="button quiet" href=paths::stage(&id, round)>{icon(Icon::ArrowLeft)}{td_string!(locale, common.back)}</a>
                    {steps}
                    {done.then(|| view! { <PrintButton words=td_string!(locale, draw.print).to_owned() /> })}
                </div>
                <div class="screen-only stack">{errors}</div>
                {paper}
                <div class="screen-only stack">
                    {again}
                    {typed}
                </div>
            </StaffLayout>
        }
        .into_any())
    })
}

/// What was done to the order after the draw, and who did not come; the oldest first. Where lots were
/// drawn more than once, every seal and every result.
async fn changes(desk: &Desk, id: &ContestId, round: RoundId) -> Result<Vec<Entry>, AppError> {
    let mut found = Vec::new();
    let mut before = None;
    loop {
        let entries = house().ledger(&desk.visit, id, before, PAGE).await?;
        let Some(last) = entries.last().map(|entry| entry.seq) else {
            break;
        };
        let of_round = entries.into_iter().filter(|entry| {
            matches!(&entry.event, Event::Stage { round: of, fact } if *of == round && matches!(
                fact,
                StageFact::DrawSealed { .. }
                    | StageFact::DrawOpened { .. }
                    | StageFact::DrawEntered { .. }
                    | StageFact::OrderChanged { .. }
                    | StageFact::TeamAbsent { .. }
                    | StageFact::TeamReturned { .. }
            ))
        });
        found.extend(of_round);
        if last <= 1 {
            break;
        }
        before = Some(last);
    }
    found.reverse();
    let results = |of| {
        found
            .iter()
            .filter(|entry| drawn(entry) == Some((of, true)))
            .count()
    };
    let again = [DrawOf::Order, DrawOf::Packs].map(|of| (of, results(of) > 1));
    found.retain(|entry| drawn(entry).is_none_or(|(of, _)| again.contains(&(of, true))));
    Ok(found)
}

/// What was drawn in this entry, and whether lots came out.
fn drawn(entry: &Entry) -> Option<(DrawOf, bool)> {
    match &entry.event {
        Event::Stage { fact, .. } => match fact {
            StageFact::DrawSealed { of, .. } => Some((*of, false)),
            StageFact::DrawOpened { of, .. } | StageFact::DrawEntered { of, .. } => Some((*of, true)),
            _ => None,
        },
        _ => None,
    }
}

fn change(locale: Locale, names: &Names<'_>, entry: &Entry) -> AnyView {
    let (about, reason) = names.sentence(&entry.event);
    view! {
        <li>
            {dates::date_time(entry.at)}": "{words_of::event(locale, &entry.event)}" · "{about}
            {reason.map(|reason| format!(" ({}: {reason})", td_string!(locale, common.reason)))}
        </li>
    }
    .into_any()
}

/// The draw in plain words.
fn how(locale: Locale) -> impl IntoView {
    let steps = [
        td_string!(locale, draw.how_1),
        td_string!(locale, draw.how_2),
        td_string!(locale, draw.how_3),
        td_string!(locale, draw.how_4),
    ];
    view! {
        <section class="stack draw-how">
            <h3>{td_string!(locale, draw.how_title)}</h3>
            <ol>{steps.map(|words| view! { <li>{words}</li> }).collect_view()}</ol>
        </section>
    }
}

/// A hash or seed in groups of eight, so that it can be read aloud and compared.
fn grouped(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let groups: Vec<String> = letters.chunks(8).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}

struct Page<'a> {
    locale: Locale,
    panel: &'a PanelView,
}

impl Page<'_> {
    fn begun(&self) -> bool {
        self.panel.teams.iter().any(|line| line.run > 0)
    }

    fn found(&self, of: DrawOf) -> Option<&Draw> {
        let mut draws = self.panel.draws.iter();
        draws.find(|(what, _)| *what == of).map(|(_, draw)| draw)
    }

    /// Its name, and its word in forms.
    fn named(&self, of: DrawOf) -> (&'static str, &'static str) {
        match of {
            DrawOf::Order => (td_string!(self.locale, stage.order), "order"),
            DrawOf::Packs => (td_string!(self.locale, stage.packs), "packs"),
        }
    }

    fn fields(&self, of: DrawOf, step: &'static str) -> AnyView {
        view! {
            {contest_field(&self.panel.contest)}
            <input type="hidden" name="round" value=self.panel.round.0 />
            <input type="hidden" name="of" value=self.named(of).1 />
            <input type="hidden" name="step" value=step />
        }
        .into_any()
    }

    /// The buttons that draw, above the paper and not on it: the first thing to do is the large one.
    fn steps(&self, packs: bool) -> AnyView {
        if self.begun() {
            return ().into_any();
        }
        let locale = self.locale;
        let all = [Some(DrawOf::Order), packs.then_some(DrawOf::Packs)];
        let open = all.into_iter().flatten().filter_map(|of| match self.found(of) {
            None => Some((of, "seal", td_string!(locale, draw.seal_first), Icon::Lock)),
            Some(Draw::Sealed { .. }) => Some((of, "open", td_string!(locale, draw.open_now), Icon::Eye)),
            Some(_) => None,
        });
        let buttons = open.enumerate().map(|(at, (of, step, words, drawing))| {
            let words = if packs {
                format!("{words}: {}", self.named(of).0.to_lowercase())
            } else {
                words.to_owned()
            };
            let class = if at == 0 { "button" } else { "button quiet" };
            view! {
                <form method="post" action=DrawLots::url()>
                    {self.fields(of, step)}
                    <button type="submit" class=class>{icon(drawing)}{words}</button>
                </form>
            }
        });
        buttons.collect_view().into_any()
    }

    /// To draw once more, with a reason.
    fn again(&self, of: DrawOf, packs: bool) -> AnyView {
        let locale = self.locale;
        if self.begun()
            || !self
                .found(of)
                .is_some_and(|draw| !matches!(draw, Draw::Sealed { .. }))
        {
            return ().into_any();
        }
        let (name, value) = self.named(of);
        let words = td_string!(locale, draw.again);
        let words = if packs {
            format!("{words}: {}", name.to_lowercase())
        } else {
            words.to_owned()
        };
        let form = view! {
            <form method="post" action=DrawLots::url() class="stack">
                {self.fields(of, "seal")}
                {reason_field(locale, format!("ly-do-lai-{value}"))}
                <div><button type="submit" class="button">{td_string!(locale, draw.seal_first)}</button></div>
            </form>
        };
        act(Icon::Lock, words, false, form).into_any()
    }

    fn draw(&self, of: DrawOf) -> AnyView {
        let locale = self.locale;
        let found = self.found(of);
        let (seal, seed) = match found {
            Some(Draw::Sealed { commitment }) => (Some(commitment.to_string()), None),
            Some(Draw::Opened { commitment, seed }) => (Some(commitment.to_string()), Some(seed.clone())),
            _ => (None, None),
        };
        let words = match found {
            None => Some(td_string!(locale, draw.none)),
            Some(Draw::Entered) => Some(td_string!(locale, draw.paper)),
            Some(_) => None,
        };
        let line = |label: &'static str, text: String| {
            view! { <div><dt>{label}</dt><dd class="draw-code">{grouped(&text)}</dd></div> }
        };
        view! {
            <section class="stack draw-part">
                <h3>{self.named(of).0}</h3>
                {words.map(|words| view! { <p>{words}</p> })}
                <dl class="draw-codes">
                    {seal.map(|seal| line(td_string!(locale, draw.seal_words), seal))}
                    {seed.map(|seed| line(td_string!(locale, draw.seed_words), seed))}
                </dl>
            </section>
        }
        .into_any()
    }

    fn result(&self, packs: bool) -> AnyView {
        let locale = self.locale;
        let out = |of: DrawOf| {
            let mut draws = self.panel.draws.iter();
            draws.any(|(what, draw)| *what == of && !matches!(draw, Draw::Sealed { .. }))
        };
        // Packs may be drawn before there is any order: the teams stand as they were registered.
        let ordered = out(DrawOf::Order);
        if !ordered && !out(DrawOf::Packs) {
            return ().into_any();
        }
        let row = |(place, line): (u32, &PanelLine)| {
            let absent = line
                .absent
                .then(|| format!(" ({})", td_string!(locale, stage.absent).to_lowercase()));
            view! {
                <tr>
                    {ordered.then(|| view! { <td class="number">{place}</td> })}
                    <th scope="row">{line.name.clone()}{absent}</th>
                    <td>{line.unit.clone()}</td>
                    {packs.then(|| view! { <td class="number">{line.pack}</td> })}
                </tr>
            }
        };
        let rows = (1..).zip(&self.panel.teams).map(row).collect_view();
        view! {
            <table class="paper-table">
                <caption>{td_string!(locale, draw.result)}</caption>
                <thead>
                    <tr>
                        {ordered.then(|| view! { <th scope="col">{td_string!(locale, draw.place)}</th> })}
                        <th scope="col">{td_string!(locale, stage.team)}</th>
                        <th scope="col">{td_string!(locale, field.unit)}</th>
                        {packs.then(|| view! { <th scope="col">{td_string!(locale, draw.pack_of)}</th> })}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        }
        .into_any()
    }

    /// Places typed in: paper lots, or a swap with its reason.
    fn type_order(&self) -> AnyView {
        let (locale, panel) = (self.locale, self.panel);
        let row = |(place, line): (u32, &PanelLine)| {
            let id = format!("thu-tu-{}", line.team);
            view! {
                <tr>
                    <td><label for=id.clone()>{line.name.clone()}</label></td>
                    <td><input id=id type="number" min="1" max="200" required name=format!("places[{}]", line.team) value=place /></td>
                </tr>
            }
        };
        let rows = (1..).zip(&panel.teams).map(row).collect_view();
        let form = view! {
            <form method="post" action=EnterOrder::url() class="stack">
                {contest_field(&panel.contest)}
                <input type="hidden" name="round" value=panel.round.0 />
                <input type="hidden" name="seen" value=panel.stamp />
                <table class="table tight tie-row"><tbody>{rows}</tbody></table>
                {reason_field(locale, "ly-do-thu-tu")}
                <div><button type="submit" class="button">{td_string!(locale, stage.save_order)}</button></div>
            </form>
        };
        act(Icon::Edit, td_string!(locale, draw.typed), false, form).into_any()
    }

    fn type_packs(&self) -> AnyView {
        let (locale, panel) = (self.locale, self.panel);
        let row = |line: &PanelLine| {
            let id = format!("goi-{}", line.team);
            view! {
                <tr>
                    <td><label for=id.clone()>{line.name.clone()}</label></td>
                    <td><input id=id type="number" min="1" max="200" required name=format!("packs[{}]", line.team) value=line.pack /></td>
                </tr>
            }
        };
        let rows = panel.teams.iter().map(row).collect_view();
        let form = view! {
            <form method="post" action=EnterPacks::url() class="stack">
                {contest_field(&panel.contest)}
                <input type="hidden" name="round" value=panel.round.0 />
                <input type="hidden" name="seen" value=panel.stamp />
                <table class="table tight tie-row"><tbody>{rows}</tbody></table>
                {reason_field(locale, "ly-do-goi")}
                <div><button type="submit" class="button">{td_string!(locale, stage.save_order)}</button></div>
            </form>
        };
        act(Icon::Edit, td_string!(locale, draw.typed_packs), false, form).into_any()
    }
}

/// A link to the draws with how they stand, for the desk of the round.
pub(super) fn link(locale: Locale, panel: &PanelView) -> AnyView {
    let words = |(of, draw): &(DrawOf, Draw)| {
        let name = match of {
            DrawOf::Order => td_string!(locale, stage.order),
            DrawOf::Packs => td_string!(locale, stage.packs),
        };
        let state = match draw {
            Draw::Sealed { .. } => td_string!(locale, draw.step_seal),
            Draw::Opened { .. } => td_string!(locale, draw.step_open),
            Draw::Entered => td_string!(locale, stage.entered),
        };
        view! { <li>{name}": "{state}</li> }
    };
    let none = panel
        .draws
        .is_empty()
        .then(|| note("", Icon::Info, td_string!(locale, draw.none)));
    let class = if panel.draws.is_empty() {
        "button"
    } else {
        "button quiet"
    };
    view! {
        <section class="card stack">
            <h2>{td_string!(locale, stage.draw)}</h2>
            {none}
            <ul>{panel.draws.iter().map(words).collect_view()}</ul>
            <p><a class=class href=paths::draw(&panel.contest, panel.round)>{icon(Icon::Lock)}{td_string!(locale, draw.go)}</a></p>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn codes_are_read_in_groups() {
        assert_eq!(grouped("0123456789abcdef0"), "01234567 89abcdef 0");
    }
}
