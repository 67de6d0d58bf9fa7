//! A stage round's part of an explanation: sheets, what was dropped, what came off, and the rules.

use contest::{
    Points,
    explain::{RoundLine, SheetLine, SheetPart, StageLine},
    points::Rounding,
    rules::{Judges, Overtime},
};
use leptos::prelude::*;

use super::Page;
use crate::dates;
use crate::words::{Locale, td_string};
use crate::words_of::points;

impl Page<'_> {
    /// The panel's table, the rules that were applied, and the computation.
    pub(super) fn on_stage(&self, round: &RoundLine, stage: &StageLine) -> impl IntoView + use<> {
        let locale = self.locale;
        let name = |sheet: &SheetLine| {
            let found = self.names.get(&sheet.judge);
            found.cloned().unwrap_or_else(|| sheet.judge.to_string())
        };
        let heads = stage.sheets.iter().map(|sheet| {
            view! { <th scope="col" class="number">{name(sheet)}</th> }
        });
        let heads = heads.collect_view();
        let rows = stage.rubric.iter().map(|criterion| {
            let marks = stage.sheets.iter().map(|sheet| {
                let mark = sheet.marks.iter().find(|(id, _)| *id == criterion.id);
                let mark = mark.map_or_else(|| "–".to_owned(), |(_, mark)| points(locale, *mark));
                view! { <td class="number">{mark}</td> }
            });
            view! {
                <tr>
                    <th scope="row">{criterion.name.clone()}</th>
                    <td class="number soft">{points(locale, criterion.maximum)}</td>
                    {marks.collect_view()}
                </tr>
            }
        });
        let rows = rows.collect_view();
        let totals = stage.sheets.iter().map(|sheet| {
            let total = sheet
                .total
                .map_or_else(|| "–".to_owned(), |total| points(locale, total));
            view! { <td class="number"><b>{total}</b></td> }
        });
        let totals = totals.collect_view();
        let fates = stage.sheets.iter().map(|sheet| {
            let words = match sheet.part {
                SheetPart::Counted => td_string!(locale, explain.sheet_counted),
                SheetPart::Dropped => td_string!(locale, explain.sheet_dropped),
                SheetPart::Conflict => td_string!(locale, explain.sheet_conflict),
                SheetPart::Missing => td_string!(locale, explain.sheet_missing),
            };
            view! { <td class="number">{words}</td> }
        });
        let fates = fates.collect_view();
        let maximum: Points = stage.rubric.iter().map(|criterion| criterion.maximum).sum();
        let told = stage
            .sheets
            .iter()
            .flat_map(|sheet| told(locale, &name(sheet), sheet));
        let told: Vec<String> = told.chain(incidents(locale, stage)).collect();
        let told = (!told.is_empty()).then(|| {
            let lines = told.into_iter().map(|words| view! { <li>{words}</li> });
            view! { <ul class="explain-steps">{lines.collect_view()}</ul> }
        });
        let steps = rules(locale, stage)
            .into_iter()
            .map(|words| view! { <li>{words}</li> });
        view! {
            <div class="table-wrap" tabindex="0" role="region" aria-label=round.name.clone()>
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{td_string!(locale, explain.criterion)}</th>
                            <th scope="col" class="number">{td_string!(locale, explain.maximum)}</th>
                            {heads}
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                    <tfoot>
                        <tr>
                            <th scope="row">{td_string!(locale, explain.sheet_total)}</th>
                            <td class="number soft">{points(locale, maximum)}</td>
                            {totals}
                        </tr>
                        <tr>
                            <th scope="row">{td_string!(locale, explain.sheet_fate)}</th>
                            <td></td>
                            {fates}
                        </tr>
                    </tfoot>
                </table>
            </div>
            <ol class="explain-steps">{steps.collect_view()}</ol>
            {told}
            <p class="explain-formula">{formula(stage, locale)}</p>
        }
    }
}

/// What one sheet has to tell beyond its marks.
fn told(locale: Locale, judge: &str, sheet: &SheetLine) -> Vec<String> {
    let before = sheet.before.iter().map(|version| {
        let total: Points = version.iter().map(|(_, mark)| *mark).sum();
        td_string!(
            locale,
            explain.sheet_before,
            judge = judge,
            total = points(locale, total)
        )
    });
    let remark = (!sheet.remark.is_empty()).then(|| {
        td_string!(
            locale,
            explain.sheet_remark,
            judge = judge,
            remark = sheet.remark.as_str()
        )
    });
    before.chain(remark).collect()
}

/// The rules in the order in which they were applied.
fn rules(locale: Locale, stage: &StageLine) -> Vec<String> {
    let mut list = vec![match stage.judges {
        Judges::Mean => td_string!(locale, explain.judges_mean).to_owned(),
        Judges::Sum => td_string!(locale, explain.judges_sum).to_owned(),
        Judges::Trimmed { from } => td_string!(locale, explain.judges_trimmed, n = from),
    }];
    if stage.sheets.iter().any(|sheet| sheet.total.is_none()) {
        list.push(match stage.judges {
            Judges::Sum => td_string!(locale, explain.missing_sum).to_owned(),
            _ => td_string!(locale, explain.missing_rest).to_owned(),
        });
    }
    list.push(td_string!(
        locale,
        explain.rounded,
        step = points(locale, stage.rounding.step)
    ));
    list.extend(timing(locale, stage));
    list
}

/// The time that was allowed, the time that was taken, and what that costs.
fn timing(locale: Locale, stage: &StageLine) -> Vec<String> {
    let took = dates::clock(stage.took);
    let mut list = Vec::new();
    if stage.time.limit == 0 {
        list.push(td_string!(locale, explain.took, took = took));
        return list;
    }
    let limit = dates::clock(stage.time.limit);
    list.push(td_string!(locale, explain.took_of, took = took, limit = limit));
    if let Some(all) = stage.in_all {
        list.push(td_string!(
            locale,
            explain.in_all,
            limit = dates::clock(all.limit)
        ));
    }
    let cost = match (stage.in_all.map(|all| all.overtime), stage.overtime) {
        (Some(all), Overtime::Free) => all,
        (_, own) => own,
    };
    list.push(match cost {
        Overtime::Free => td_string!(locale, explain.over_free).to_owned(),
        Overtime::Once { by, points: off } => td_string!(
            locale,
            explain.over_once,
            by = dates::clock(by),
            points = points(locale, off)
        ),
        Overtime::PerMinute { points: off, at_most } => td_string!(
            locale,
            explain.over_per_minute,
            points = points(locale, off),
            at_most = points(locale, at_most)
        ),
    });
    list
}

/// What happened with this team: repeats, packs, deductions, waivers, discussions.
fn incidents(locale: Locale, stage: &StageLine) -> Vec<String> {
    let mut list = Vec::new();
    list.extend(stage.pack.map(|n| td_string!(locale, explain.pack, n = n)));
    if stage.run > 1 {
        list.push(td_string!(locale, explain.run, n = stage.run));
    }
    if stage.proposed > Points::ZERO {
        list.push(td_string!(
            locale,
            explain.proposed,
            points = points(locale, stage.proposed)
        ));
    }
    if let Some(off) = stage.confirmed_off {
        let off = points(locale, off);
        list.push(match &stage.off_reason {
            Some(reason) => td_string!(locale, explain.off_reason, points = off, reason = reason.as_str()),
            None => td_string!(locale, explain.off, points = off),
        });
    }
    if let Some(reason) = &stage.waiver {
        list.push(td_string!(locale, explain.waived, reason = reason.as_str()));
    }
    if let Some(note) = &stage.note {
        list.push(td_string!(locale, explain.note, note = note.as_str()));
    }
    list
}

/// The computation of the mark: `(86 + 88,5 + 90) : 3 = 88,167 → 88 − 5 = 83`.
fn formula(stage: &StageLine, locale: Locale) -> String {
    let sheets: Vec<String> = stage.counted().map(|total| points(locale, total)).collect();
    let n = sheets.len();
    let mut text = if n == 1 {
        sheets.concat()
    } else {
        format!("({})", sheets.join(" + "))
    };
    match stage.judges {
        Judges::Sum if stage.expected() > n as i64 => text += &format!(" : {n} × {}", stage.expected()),
        Judges::Sum => {}
        Judges::Mean | Judges::Trimmed { .. } if n > 1 => text += &format!(" : {n}"),
        Judges::Mean | Judges::Trimmed { .. } => {}
    }
    let fine = Rounding { step: Points(1) }.round(stage.exact());
    if fine != stage.combined {
        text += &format!(" = {} → {}", points(locale, fine), points(locale, stage.combined));
    } else if n > 1 {
        text += &format!(" = {}", points(locale, stage.combined));
    }
    if stage.deduction > Points::ZERO {
        let (off, mark) = (points(locale, stage.deduction), points(locale, stage.mark));
        text += &format!(" − {off} = {mark}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use contest::PersonId;
    use contest::rules::{MissingJudge, StageTime};

    fn stage(judges: Judges, totals: &[Option<i64>], combined: i64, off: i64) -> StageLine {
        let sheet = |(n, total): (i64, &Option<i64>)| SheetLine {
            judge: PersonId(n),
            part: if total.is_some() {
                SheetPart::Counted
            } else {
                SheetPart::Conflict
            },
            marks: vec![],
            total: total.map(Points),
            remark: String::new(),
            before: vec![],
        };
        StageLine {
            rubric: vec![],
            judges,
            missing: MissingJudge::Rest,
            rounding: Rounding { step: Points(500) },
            sheets: (1..).zip(totals).map(sheet).collect(),
            combined: Points(combined),
            deduction: Points(off),
            mark: Points(combined - off),
            pack: None,
            run: 1,
            took: 0,
            time: StageTime::default(),
            overtime: Overtime::Free,
            in_all: None,
            proposed: Points::ZERO,
            confirmed_off: None,
            off_reason: None,
            waiver: None,
            note: None,
        }
    }

    #[test]
    fn the_formula_is_what_the_rules_compute() {
        let of = |judges, totals: &[Option<i64>], combined, off| {
            formula(&stage(judges, totals, combined, off), Locale::vi)
        };
        let three = [Some(86_000), Some(88_500), Some(90_000)];
        assert_eq!(
            of(Judges::Mean, &three, 88_000, 5_000),
            "(86 + 88,5 + 90) : 3 = 88,167 → 88 − 5 = 83"
        );
        assert_eq!(
            of(Judges::Sum, &[Some(8_000), None, Some(9_000)], 25_500, 0),
            "(8 + 9) : 2 × 3 = 25,5"
        );
        assert_eq!(of(Judges::Mean, &[Some(8_000)], 8_000, 0), "8");
    }
}
