//! `/hoi-thi/{id}/giai-trinh/{team}`: a total taken apart, every number back to papers, sheets and rules.

mod on_stage;

use std::collections::BTreeMap;

use contest::{
    Contest, ContestId, PersonId, Points, RoundId, TeamId,
    explain::{ExamLine, Explanation, MemberLine, RoundLine},
    points::{Exact, Rounding},
    rules::{Absent, Combine, ExamRules, TieBreak},
    standing::{Standing, parted_by, standings},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::api::contest_id;
use crate::backend::{house, visit};
use crate::dates;
use crate::error::AppError;
use crate::icon::{Icon, icon};
use crate::layout::{Place, StaffLayout, paths, served};
use crate::words::{Locale, request_locale, td_string};
use crate::words_of::points;

/// The page, for the staff.
#[component]
pub fn ExplainPage() -> impl IntoView {
    let locale = request_locale();
    let params = use_params_map();
    let (id, team) = params.with_untracked(|params| {
        let text = |name| params.get(name).unwrap_or_default();
        (text("id"), text("team"))
    });
    let (house, visit) = (house(), visit());
    served(async move {
        let id = contest_id(&id)?;
        let team = team.parse::<TeamId>().map_err(|_| AppError::NotFound)?;
        let contest = house.contest(&visit, &id).await?;
        let (told, names) = house.explain(&visit, &id, team).await?;
        let page = Page {
            locale,
            contest: &contest,
            names: &names,
        };
        let all = standings(&contest, |round, team| contest.mark(round, team));
        let rounds = told.rounds.iter().map(|round| page.round(round)).collect_view();
        let body = view! {
            <p class="explain-lead">{page.lead(&told)}</p>
            <p class="note">{icon(Icon::Info)}<span>{td_string!(locale, explain.unpublished)}</span></p>
            {rounds}
            {page.total(&told)}
            {page.rank(&told, &all)}
            {page.others(&all, team)}
        }
        .into_any();
        let title = td_string!(locale, explain.title, team = told.name.as_str());
        Ok(view! { <StaffLayout title=title contest=contest place=Place::Standings>{body}</StaffLayout> })
    })
}

struct Page<'a> {
    locale: Locale,
    contest: &'a Contest,
    names: &'a BTreeMap<PersonId, String>,
}

impl Page<'_> {
    fn id(&self) -> &ContestId {
        &self.contest.id
    }

    fn points(&self, value: Points) -> String {
        points(self.locale, value)
    }

    fn team(&self, team: TeamId) -> String {
        self.contest
            .teams
            .get(&team)
            .map(|team| team.name.clone())
            .unwrap_or_default()
    }

    fn lead(&self, told: &Explanation) -> String {
        let standing = &told.standing;
        let (team, locale) = (told.name.as_str(), self.locale);
        match (standing.total, standing.rank) {
            (Some(total), Some(rank)) if standing.tied => {
                td_string!(
                    locale,
                    explain.lead_joint,
                    team = team,
                    total = self.points(total),
                    rank = rank
                )
            }
            (Some(total), Some(rank)) => {
                td_string!(
                    locale,
                    explain.lead,
                    team = team,
                    total = self.points(total),
                    rank = rank
                )
            }
            _ => td_string!(locale, explain.lead_none, team = team),
        }
    }

    /// How a round's mark came about.
    fn round(&self, round: &RoundLine) -> impl IntoView + use<> {
        let locale = self.locale;
        let title = match round.mark {
            Some(mark) => {
                td_string!(
                    locale,
                    explain.round,
                    round = round.name.as_str(),
                    mark = self.points(mark)
                )
            }
            None => td_string!(locale, explain.round_none, round = round.name.as_str()),
        };
        let rules = self.contest.exams.get(&round.round);
        let rules = rules
            .and_then(|exam| exam.prepared.as_ref())
            .map(|prepared| &prepared.rules);
        let body = match (&round.exam, rules, &round.stage) {
            (Some(exam), Some(rules), _) => self.exam(round, exam, rules).into_any(),
            (_, _, Some(stage)) => self.on_stage(round, stage).into_any(),
            _ if round.absent => view! { <p>{td_string!(locale, explain.team_absent)}</p> }.into_any(),
            _ => view! { <p>{td_string!(locale, explain.not_marked)}</p> }.into_any(),
        };
        view! {
            <section class="card explain-part">
                <h2>{title}</h2>
                {body}
            </section>
        }
    }

    fn exam(&self, round: &RoundLine, exam: &ExamLine, rules: &ExamRules) -> impl IntoView + use<> {
        let locale = self.locale;
        let rows = exam
            .members
            .iter()
            .map(|member| self.member(round.round, member))
            .collect_view();
        let worth = if rules.wrong == Points::ZERO {
            td_string!(locale, explain.worth, right = self.points(rules.right))
        } else {
            let (right, wrong) = (self.points(rules.right), self.points(rules.wrong));
            td_string!(locale, explain.worth_minus, right = right, wrong = wrong)
        };
        let combine = match exam.combine {
            Combine::Sum => td_string!(locale, explain.sum).to_owned(),
            Combine::Mean => td_string!(locale, explain.mean).to_owned(),
            Combine::Best(n) => td_string!(locale, explain.best, n = n),
        };
        let absent = exam
            .members
            .iter()
            .any(|member| member.mark.is_none())
            .then(|| match exam.absent {
                Absent::Zero => td_string!(locale, explain.absent_zero),
                Absent::LeftOut => td_string!(locale, explain.absent_left_out),
            });
        let scaled = exam.scaled_to.map(|maximum| {
            let mut fulls: Vec<Points> = exam.members.iter().map(|member| member.full).collect();
            fulls.sort_unstable();
            fulls.dedup();
            let fulls: Vec<String> = fulls.into_iter().rev().map(|full| self.points(full)).collect();
            let (maximum, full) = (self.points(maximum), fulls.join(" / "));
            td_string!(locale, explain.scaled, maximum = maximum, full = full)
        });
        let rounded = td_string!(locale, explain.rounded, step = self.points(exam.rounding.step));
        let formula = round
            .mark
            .map(|mark| formula(exam, locale) + " → " + &self.points(mark));
        view! {
            <div class="table-wrap" tabindex="0" role="region" aria-label=round.name.clone()>
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{td_string!(locale, explain.member)}</th>
                            <th scope="col" class="number">{td_string!(locale, explain.right)}</th>
                            <th scope="col" class="number">{td_string!(locale, explain.wrong)}</th>
                            <th scope="col" class="number">{td_string!(locale, explain.blank)}</th>
                            <th scope="col" class="number">{td_string!(locale, explain.paper_points)}</th>
                            <th scope="col" class="number">{td_string!(locale, explain.time)}</th>
                            <th scope="col">{td_string!(locale, explain.counts)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <ol class="explain-steps">
                <li>{worth}</li>
                <li>{combine} " " {absent}</li>
                {scaled.map(|words| view! { <li>{words}</li> })}
                <li>{rounded}</li>
            </ol>
            {formula.map(|formula| view! { <p class="explain-formula">{formula}</p> })}
        }
    }

    fn member(&self, round: RoundId, member: &MemberLine) -> impl IntoView + use<> {
        let locale = self.locale;
        let name = self
            .names
            .get(&member.person)
            .cloned()
            .unwrap_or_else(|| member.person.to_string());
        let counts = if member.counts {
            td_string!(locale, common.yes)
        } else {
            td_string!(locale, explain.counts_not)
        };
        let dash = || "–".to_owned();
        let (name, numbers) = match member.mark {
            Some(mark) => {
                let href = paths::paper(self.id(), round, member.person);
                let numbers = [
                    mark.right.to_string(),
                    mark.wrong.to_string(),
                    mark.blank.to_string(),
                    self.points(mark.points),
                    dates::clock(member.seconds * 1000),
                ];
                (view! { <a href=href>{name}</a> }.into_any(), numbers)
            }
            None => {
                let words = td_string!(locale, explain.absent);
                let name = view! { {name} " " <span class="badge">{words}</span> }.into_any();
                (name, [dash(), dash(), dash(), dash(), dash()])
            }
        };
        view! {
            <tr>
                <th scope="row">{name}</th>
                {numbers.map(|n| view! { <td class="number">{n}</td> }).collect_view()}
                <td>{counts}</td>
            </tr>
        }
    }

    /// From the rounds' marks to the total.
    fn total(&self, told: &Explanation) -> impl IntoView + use<> {
        let locale = self.locale;
        let rows = told.rounds.iter().map(|round| {
            let none = || td_string!(locale, board.no_mark).to_owned();
            let product = round.mark.map(|mark| {
                let exact = Exact::from(mark).times(round.weight).over(1000);
                self.points(Rounding { step: Points(1) }.round(exact))
            });
            view! {
                <tr>
                    <th scope="row">{round.name.clone()}</th>
                    <td class="number">{round.mark.map_or_else(none, |mark| self.points(mark))}</td>
                    <td class="number">{self.points(Points(round.weight))}</td>
                    <td class="number">{product.unwrap_or_else(|| "–".to_owned())}</td>
                </tr>
            }
        });
        let rows = rows.collect_view();
        let total = told
            .standing
            .total
            .map_or_else(|| "–".to_owned(), |total| self.points(total));
        view! {
            <section class="card explain-part">
                <h2>{td_string!(locale, explain.total)}</h2>
                <div class="table-wrap" tabindex="0" role="region" aria-label=td_string!(locale, explain.total)>
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col">{td_string!(locale, explain.part)}</th>
                                <th scope="col" class="number">{td_string!(locale, explain.mark)}</th>
                                <th scope="col" class="number">{td_string!(locale, explain.weight)}</th>
                                <th scope="col" class="number">{td_string!(locale, explain.product)}</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                        <tfoot>
                            <tr>
                                <th scope="row" colspan="3">{td_string!(locale, board.total)}</th>
                                <td class="number"><b>{total}</b></td>
                            </tr>
                        </tfoot>
                    </table>
                </div>
                <p>{td_string!(locale, explain.total_rounded, step = self.points(told.rounding.step))}</p>
            </section>
        }
    }

    /// Why this rank and no other.
    fn rank(&self, told: &Explanation, all: &[Standing]) -> Option<impl IntoView + use<>> {
        let locale = self.locale;
        let own = &told.standing;
        let rank = own.rank?;
        let above = all.iter().filter(|row| row.total > own.total).count();
        let place = |team| all.iter().position(|row| row.team == team);
        let ties = told
            .equals
            .iter()
            .filter(|team| **team != told.team)
            .map(|other| {
                let name = self.team(*other);
                let row = all.iter().find(|row| row.team == *other);
                match (parted_by(self.contest, told.team, *other), row) {
                    (Some(by), Some(row)) => {
                        let by = self.compared(by, own, row);
                        if place(told.team) < place(*other) {
                            td_string!(locale, explain.before, other = name, by = by)
                        } else {
                            td_string!(locale, explain.after, other = name, by = by)
                        }
                    }
                    _ => td_string!(locale, explain.joint_with, other = name),
                }
            });
        let ties: Vec<String> = ties.collect();
        let order = (!ties.is_empty()).then(|| {
            let breaks = told.tie_breaks.iter().map(|by| view! { <li>{self.tie_break(*by)}</li> });
            view! {
                <p>{td_string!(locale, explain.tie_breaks)}</p>
                <ol class="explain-steps">{breaks.collect_view()}</ol>
                <ul class="explain-steps">{ties.into_iter().map(|words| view! { <li>{words}</li> }).collect_view()}</ul>
            }
        });
        let leg = self
            .contest
            .rules()
            .is_some_and(|rules| rules.final_leg.is_some());
        Some(view! {
            <section class="card explain-part">
                <h2>{td_string!(locale, explain.rank, rank = rank)}</h2>
                <p>{td_string!(locale, explain.above, n = above)}</p>
                {leg.then(|| view! { <p>{td_string!(locale, explain.final_leg)}</p> })}
                {order}
            </section>
        })
    }

    fn tie_break(&self, by: TieBreak) -> String {
        let locale = self.locale;
        let rules = self.contest.rules();
        let name = |round| {
            let found = rules.and_then(|rules| rules.round(round));
            found.map(|round| round.name.clone()).unwrap_or_default()
        };
        match by {
            TieBreak::FewerSeconds => td_string!(locale, explain.by_seconds).into(),
            TieBreak::RoundMark { round } => td_string!(locale, explain.by_round, round = name(round)),
            TieBreak::Criterion { round, criterion } => {
                let stage = rules.and_then(|rules| rules.round(round)?.stage());
                let found = stage.and_then(|stage| stage.rubric.iter().find(|c| c.id == criterion));
                let criterion = found.map_or_else(|| criterion.to_string(), |c| c.name.clone());
                td_string!(
                    locale,
                    explain.by_criterion,
                    criterion = criterion,
                    round = name(round)
                )
            }
            TieBreak::Decision => td_string!(locale, explain.by_decision).into(),
        }
    }

    /// The tie-break with the two numbers that it compared.
    fn compared(&self, by: TieBreak, own: &Standing, other: &Standing) -> String {
        let numbers = match by {
            TieBreak::FewerSeconds => Some((
                dates::clock(own.seconds * 1000),
                dates::clock(other.seconds * 1000),
            )),
            TieBreak::RoundMark { round } => {
                let rules = self.contest.rules();
                let at = rules.and_then(|rules| rules.rounds.iter().position(|r| r.id == round));
                let mark = |row: &Standing| {
                    let mark = at.and_then(|at| row.marks.get(at).copied().flatten());
                    mark.map_or_else(|| "–".to_owned(), |mark| self.points(mark))
                };
                Some((mark(own), mark(other)))
            }
            TieBreak::Criterion { .. } | TieBreak::Decision => None,
        };
        let words = self.tie_break(by);
        match numbers {
            Some((own, other)) => format!("{words} ({own} / {other})"),
            None => words,
        }
    }

    fn others(&self, all: &[Standing], here: TeamId) -> impl IntoView + use<> {
        let links = all.iter().map(|row| {
            let current = (row.team == here).then_some("page");
            let rank = row.rank.map_or_else(|| "–".to_owned(), |rank| rank.to_string());
            view! {
                <li>
                    <a href=paths::explain(self.id(), row.team) aria-current=current>
                        {rank} ". " {self.team(row.team)}
                    </a>
                </li>
            }
        });
        view! {
            <nav class="explain-others" aria-label=td_string!(self.locale, explain.others)>
                <ul>{links.collect_view()}</ul>
            </nav>
        }
    }
}

/// The computation of a team's mark, before it is rounded: `(28 + 27 + 25) : 3 × 30 : 30`; where
/// perfect papers differ, each mark is a part of its own: `(28 : 30 + 27 : 29) : 2 × 30`.
fn formula(exam: &ExamLine, locale: Locale) -> String {
    let counted: Vec<&MemberLine> = exam.members.iter().filter(|member| member.counts).collect();
    let of_papers = counted.iter().filter(|member| member.mark.is_some());
    let full = of_papers.clone().next().map(|member| member.full);
    let one_full = of_papers.clone().all(|member| Some(member.full) == full);
    let apart = exam.scaled_to.is_some() && !one_full;
    let marks: Vec<String> = counted
        .iter()
        .map(|member| {
            let mark = points(locale, member.mark.map_or(Points::ZERO, |mark| mark.points));
            if apart && member.mark.is_some() {
                format!("{mark} : {}", points(locale, member.full))
            } else {
                mark
            }
        })
        .collect();
    let n = marks.len() as u32;
    let sum = if n == 1 {
        marks.concat()
    } else {
        format!("({})", marks.join(" + "))
    };
    let mut text = if n == 0 { "0".to_owned() } else { sum };
    if exam.combine == Combine::Mean && n > 1 {
        text += &format!(" : {n}");
    }
    if let Some(maximum) = exam.scaled_to {
        // As `marking::team_mark` has it; absent members who count as nothing are members too.
        let members = exam
            .members
            .iter()
            .filter(|m| m.mark.is_some() || exam.absent == Absent::Zero);
        let factor = exam.combine.factor(members.count() as u32);
        // The mean is divided by its members above.
        let perfect = match full.filter(|_| one_full) {
            Some(full) => points(locale, Points(full.0 * i64::from(factor))),
            None => factor.to_string(),
        };
        text += &format!(" × {} : {perfect}", points(locale, maximum));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use contest::marking::AttemptMark;

    fn member(n: i64, marked: Option<i64>, counts: bool) -> MemberLine {
        let mark = |right: i64| AttemptMark {
            points: Points::whole(right),
            ..AttemptMark::default()
        };
        MemberLine {
            person: PersonId(n),
            mark: marked.map(mark),
            seconds: 60,
            full: Points::whole(30),
            counts,
        }
    }

    fn line(combine: Combine, scaled: bool) -> ExamLine {
        ExamLine {
            members: vec![
                member(1, Some(28), true),
                member(2, Some(25), true),
                member(3, None, false),
            ],
            combine,
            absent: Absent::LeftOut,
            scaled_to: scaled.then_some(Points::whole(50)),
            rounding: Rounding::HUNDREDTH,
        }
    }

    #[test]
    fn the_formula_is_what_the_rules_compute() {
        assert_eq!(formula(&line(Combine::Sum, false), Locale::vi), "(28 + 25)");
        assert_eq!(formula(&line(Combine::Mean, false), Locale::vi), "(28 + 25) : 2");
        assert_eq!(
            formula(&line(Combine::Sum, true), Locale::vi),
            "(28 + 25) × 50 : 60"
        );
        assert_eq!(
            formula(&line(Combine::Mean, true), Locale::vi),
            "(28 + 25) : 2 × 50 : 30"
        );
        assert_eq!(
            formula(&line(Combine::Best(2), true), Locale::vi),
            "(28 + 25) × 50 : 60"
        );
        let mut one_void = line(Combine::Sum, true);
        one_void.members[1].full = Points::whole(29);
        assert_eq!(
            formula(&one_void, Locale::vi),
            "(28 : 30 + 25 : 29) × 50 : 2",
            "a void question stood on one of the papers only"
        );
    }
}
