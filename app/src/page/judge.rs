//! `/giam-khao`: a judge's running order and one sheet. `?phan=2&doi=5` asks for a round and a team,
//! `&nop=1` looks the sheet over before it is handed in.

use contest::{
    Actor, Digest, Points, RoundId, TeamId,
    rules::Criterion,
    stage::{MarkHeld, SheetState},
    stage_view::{JudgeLine, JudgeView, OwnSheet},
};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::api::judging::{AskReopening, HandInSheet, RunStage, SaveSheet};
use crate::api::session::SignOut;
use crate::backend::{house, visit};
use crate::error::AppError;
use crate::icon::{Icon, icon};
use crate::island::judge_sheet::{JudgeSheet, hand_in::HandIn};
use crate::island::stage_live::StageLive;
use crate::layout::{ErrorNote, LanguageSwitch, failed, form_error, paths, when_ready};
use crate::words::{Locale, request_locale, td_string};
use crate::words_of;

/// Where all of a judge's streams come from.
const EVENTS: &str = "/api/cham/events";

/// The page.
#[component]
pub fn JudgePage() -> impl IntoView {
    let locale = request_locale();
    let visit = visit();
    let (round, team, hand_in, saved) = use_query_map().with_untracked(|query| {
        let number = |name: &str| query.get_str(name).and_then(|text| text.parse::<u32>().ok());
        (
            number("phan").map(RoundId),
            number("doi").map(TeamId),
            query.get_str("nop").is_some(),
            query.get_str("luu").is_some(),
        )
    });
    super::exam::keep_private();
    when_ready(async move {
        if !matches!(visit.actor, Actor::Judge { .. }) {
            return failed(AppError::SignIn).into_any();
        }
        match house().judge_view(&visit, round, team).await {
            Ok(view) => page(locale, &visit.name, view, hand_in, saved).into_any(),
            Err(error) => failed(error).into_any(),
        }
    })
}

fn page(locale: Locale, name: &str, view: JudgeView, hand_in: bool, saved: bool) -> impl IntoView {
    let title = td_string!(locale, judge.title);
    let chief = view
        .round
        .filter(|_| view.chief)
        .map(|round| paths::stage(&view.contest, round));
    let tabs = (view.rounds.len() > 1).then(|| {
        let tab = |(round, name): &(RoundId, String)| {
            let here = view.round == Some(*round);
            view! {
                <li>
                    <a href=format!("/giam-khao?phan={round}") aria-current=here.then_some("page")>{name.clone()}</a>
                </li>
            }
        };
        view! { <nav class="tabs" aria-label=title><ul>{view.rounds.iter().map(tab).collect_view()}</ul></nav> }
    });
    view! {
        <Title text=format!("{title} · {}", view.contest_name) />
        <div class="judge">
            <header class="judge-head">
                <div class="judge-who">
                    <h1>{view.round_name.clone()}{view.round.is_none().then_some(title)}</h1>
                    <p class="soft">{name.to_owned()}" · "{view.contest_name.clone()}</p>
                </div>
                <StageLive locale=locale source=EVENTS.to_owned() now=view.now clock=view.clock.clone() />
                <LanguageSwitch />
                <form method="post" action=SignOut::url()>
                    <button type="submit" class="button quiet small" aria-label=td_string!(locale, common.sign_out)>
                        {icon(Icon::Logout)}
                    </button>
                </form>
            </header>
            {tabs}
            <div class="judge-body">
                <nav class="judge-order" aria-labelledby="thu-tu" data-live="thu-tu">
                    <h2 id="thu-tu">{td_string!(locale, judge.order)}</h2>
                    {order(locale, &view)}
                    {chief.map(|page| view! { <a class="button quiet" href=page>{icon(Icon::Users)}{td_string!(locale, judge.desk)}</a> })}
                    <a class="button quiet" href=paths::board(&view.contest)>{icon(Icon::Screen)}{td_string!(locale, judge.board)}</a>
                </nav>
                <main class="judge-main" id="noi-dung" tabindex="-1">
                    <ErrorNote form=HandInSheet::url() />
                    <ErrorNote form=AskReopening::url() />
                    <ErrorNote form=RunStage::url() />
                    {saved.then(|| view! { <p class="note done" role="status">{icon(Icon::Check)}<span>{td_string!(locale, judge.saved)}</span></p> })}
                    {body(locale, &view, hand_in)}
                </main>
            </div>
        </div>
    }
}

fn order(locale: Locale, view: &JudgeView) -> AnyView {
    if view.order.is_empty() {
        return view! { <p class="soft">{td_string!(locale, judge.no_order)}</p> }.into_any();
    }
    let round = view.round.unwrap_or_default();
    let shown = view.sheet.as_ref().map(|sheet| sheet.team);
    let line = |(place, line): (usize, &JudgeLine)| {
        let here = shown == Some(line.team);
        let inside = view! {
            <span class="judge-place">{place}</span>
            <span class="judge-team">{line.name.clone()}</span>
            {badge(locale, line)}
        };
        let link = format!("/giam-khao?phan={round}&doi={}", line.team);
        if line.performed && line.state != SheetState::Conflict {
            view! { <li><a class="judge-line" href=link aria-current=here.then_some("page")>{inside}</a></li> }.into_any()
        } else {
            view! { <li><span class="judge-line off">{inside}</span></li> }.into_any()
        }
    };
    view! { <ol class="judge-list">{(1..).zip(&view.order).map(line).collect_view()}</ol> }.into_any()
}

fn badge(locale: Locale, line: &JudgeLine) -> impl IntoView + use<> {
    let (kind, words) = if line.absent {
        ("off", td_string!(locale, judge.absent))
    } else if line.confirmed {
        ("done", td_string!(locale, judge.confirmed))
    } else if line.on_stage && line.state == SheetState::Empty {
        ("now", td_string!(locale, judge.on_stage))
    } else {
        state(locale, line.state)
    };
    view! { <span class=format!("sheet-state {kind}")>{words}</span> }
}

/// The class and the words of a sheet's state.
pub(super) fn state(locale: Locale, state: SheetState) -> (&'static str, &'static str) {
    match state {
        SheetState::Empty => ("empty", td_string!(locale, judge.state_empty)),
        SheetState::Draft => ("draft", td_string!(locale, judge.state_draft)),
        SheetState::HandedIn => ("done", td_string!(locale, judge.state_handed_in)),
        SheetState::Reopened => ("draft", td_string!(locale, judge.state_reopened)),
        SheetState::Conflict => ("off", td_string!(locale, judge.state_conflict)),
    }
}

fn body(locale: Locale, view: &JudgeView, hand_in: bool) -> AnyView {
    let Some(round) = view.round else {
        return view! { <p class="note">{icon(Icon::Info)}<span>{td_string!(locale, judge.not_yet)}</span></p> }.into_any();
    };
    let Some(sheet) = &view.sheet else {
        let words = if view.order.iter().any(|line| line.performed) {
            td_string!(locale, judge.pick)
        } else {
            td_string!(locale, judge.no_sheet)
        };
        return view! { <p class="note">{icon(Icon::Info)}<span>{words}</span></p> }.into_any();
    };
    let confirmed = view
        .order
        .iter()
        .any(|line| line.team == sheet.team && line.confirmed);
    let heading = td_string!(locale, judge.sheet_of, team = sheet.name.as_str());
    let open = sheet.state != SheetState::HandedIn && !confirmed;
    view! {
        <h2 class="judge-sheet-title">{heading}</h2>
        {if !open {
            locked(locale, view, round, sheet).into_any()
        } else if hand_in {
            sure(locale, view, round, sheet).into_any()
        } else {
            writing(locale, view, round, sheet).into_any()
        }}
        // Beside a form it is not shown; a page that shows a locked sheet hears of the reopening by it.
        <div data-live="mo-lai" class="reopened">
            {(sheet.state == SheetState::Reopened).then(|| view! {
                <p class="note" role="status">
                    {icon(Icon::Undo)}
                    <span>{td_string!(locale, judge.reopened)}</span>
                    <a class="button" href=format!("/giam-khao?phan={round}&doi={}", sheet.team)>{td_string!(locale, judge.reopened_go)}</a>
                </p>
            })}
        </div>
        {versions(locale, view, sheet)}
    }
    .into_any()
}

fn writing(locale: Locale, view: &JudgeView, round: RoundId, sheet: &OwnSheet) -> impl IntoView + use<> {
    // Without scripts: what was typed and could not stand is still in its field, with the reason below.
    let wrong = match form_error(SaveSheet::url()) {
        Some(AppError::Misplaced { place, fault, text }) => Some((place, fault, text)),
        _ => None,
    };
    let row = |(criterion, (_, held)): (&Criterion, &(u32, Option<MarkHeld>))| {
        let revision = held.map_or(0, |held| held.revision);
        let points = held.and_then(|held| held.points);
        let place = format!("marks[{}]", criterion.id);
        let wrong = wrong.as_ref().filter(|(of, ..)| *of == place);
        let value = match wrong {
            Some((.., text)) => Some(text.clone()),
            None => points.map(|points| words_of::points(locale, points)),
        };
        let said = wrong.map(|(_, fault, text)| {
            words_of::mark_fault(locale, *fault, text, criterion.maximum, criterion.step)
        });
        let class = if said.is_some() {
            "mark-state refused"
        } else {
            "mark-state"
        };
        let invalid = said.is_some().then_some("true");
        let id = format!("tieu-chi-{}", criterion.id);
        let hint = td_string!(
            locale,
            judge.out_of,
            maximum = words_of::points(locale, criterion.maximum),
            step = words_of::points(locale, criterion.step)
        );
        view! {
            <div class="mark-row">
                <label class="mark-name" for=id.clone()>{criterion.name.clone()}</label>
                <p class="mark-said">
                    <span class="soft" id=format!("{id}-goi-y")>{hint}</span>
                    <span class=class id=format!("{id}-tinh-trang") role="status">{said}</span>
                </p>
                <input type="hidden" name=format!("revisions[{}]", criterion.id) value=revision />
                <div class="mark-entry">
                    <button type="button" class="button quiet step" data-step="-1" hidden aria-label=td_string!(locale, judge.less, name = criterion.name.as_str())>"−"</button>
                    <input
                        id=id.clone()
                        class="mark-input"
                        name=place
                        inputmode="decimal"
                        autocomplete="off"
                        value=value
                        placeholder=td_string!(locale, judge.unmarked)
                        aria-describedby=format!("{id}-goi-y {id}-tinh-trang")
                        aria-invalid=invalid
                        data-criterion=criterion.id
                        data-revision=revision
                        data-held=points.map(|points| points.0)
                        data-maximum=criterion.maximum.0
                        data-pace=criterion.step.0
                    />
                    <button type="button" class="button quiet step" data-step="1" hidden aria-label=td_string!(locale, judge.more, name = criterion.name.as_str())>"+"</button>
                </div>
                <div class="mark-ask" hidden>
                    <button type="button" class="button small" data-keep="">{td_string!(locale, judge.keep_mine)}</button>
                    <button type="button" class="button quiet small" data-take="">{td_string!(locale, judge.take_theirs)}</button>
                </div>
            </div>
        }
    };
    let rows = view.rubric.iter().zip(&sheet.marks).map(row).collect_view();
    let contest = view.contest.to_string();
    let (judge, team, run) = (view.judge.0, sheet.team.0, sheet.run);
    let (remark, remark_revision) = (sheet.remark.clone(), sheet.remark_revision);
    // Nothing marked is no total of 0.
    let marked = sheet
        .marks
        .iter()
        .any(|(_, held)| held.is_some_and(|held| held.points.is_some()));
    let total = if marked {
        words_of::points(locale, sheet.total)
    } else {
        "–".to_owned()
    };
    let most: Points = view.rubric.iter().map(|criterion| criterion.maximum).sum();
    let most = td_string!(locale, judge.of_total, maximum = words_of::points(locale, most));
    let none_yet = (!marked).then(|| td_string!(locale, judge.none_yet));
    // Names this sign-in to the tablet's storage: what an earlier one left unsent overwrites nothing unseen.
    let session = visit()
        .session
        .map(|session| Digest::of(session.as_bytes()).to_string());
    let session: String = session.unwrap_or_default().chars().take(8).collect();
    view! {
        <JudgeSheet locale=locale>
            <form
                method="post"
                action=SaveSheet::url()
                class="sheet"
                data-contest=contest
                data-judge=judge
                data-round=round.0
                data-team=team
                data-run=run
                data-session=session
                novalidate
            >
                <ErrorNote form=SaveSheet::url() />
                <input type="hidden" name="round" value=round.0 />
                <input type="hidden" name="team" value=team />
                <input type="hidden" name="run" value=run />
                <input type="hidden" name="remark_revision" value=remark_revision />
                {rows}
                <div class="field sheet-remark">
                    <label for="nhan-xet">{td_string!(locale, judge.remark)}</label>
                    <textarea id="nhan-xet" name="remark" rows="2" maxlength="2000">{remark}</textarea>
                </div>
                // Always in sight, however many criteria there are: what the sheet comes to, whether it is safe.
                <div class="sheet-acts">
                    <p class="sheet-total">
                        <span>{td_string!(locale, judge.total)}</span>
                        <b data-total="">{total}</b>
                        <span>{most}</span>
                    </p>
                    <p class="save-state" role="status" data-save-state="">{none_yet}</p>
                    <button type="submit" class="button quiet" name="to" value="luu">{td_string!(locale, judge.save)}</button>
                    <button type="submit" class="button large" name="to" value="nop">
                        {td_string!(locale, judge.review)}{icon(Icon::ArrowRight)}
                    </button>
                </div>
            </form>
        </JudgeSheet>
    }
}

/// The marks as a table nobody can write in.
fn marks_table(locale: Locale, rubric: &[Criterion], mark: impl Fn(u32) -> Option<Points>) -> AnyView {
    let row = |criterion: &Criterion| {
        let shown = mark(criterion.id).map_or_else(
            || td_string!(locale, judge.blank).to_owned(),
            |points| words_of::points(locale, points),
        );
        view! {
            <tr>
                <th scope="row">{criterion.name.clone()}</th>
                <td class="number">{words_of::points(locale, criterion.maximum)}</td>
                <td class="number"><b>{shown}</b></td>
            </tr>
        }
    };
    let rows = rubric.iter().map(row).collect_view();
    let total: Points = rubric.iter().filter_map(|criterion| mark(criterion.id)).sum();
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">{td_string!(locale, judge.criterion)}</th>
                    <th scope="col" class="number">{td_string!(locale, judge.maximum)}</th>
                    <th scope="col" class="number">{td_string!(locale, judge.mark)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
            <tfoot>
                <tr>
                    <th scope="row" colspan="2">{td_string!(locale, judge.total)}</th>
                    <td class="number"><b>{words_of::points(locale, total)}</b></td>
                </tr>
            </tfoot>
        </table>
    }
    .into_any()
}

fn held(sheet: &OwnSheet, criterion: u32) -> Option<Points> {
    let (_, held) = sheet.marks.iter().find(|(id, _)| *id == criterion)?;
    held.as_ref()?.points
}

fn sure(locale: Locale, view: &JudgeView, round: RoundId, sheet: &OwnSheet) -> impl IntoView + use<> {
    let blank = view
        .rubric
        .iter()
        .filter(|criterion| held(sheet, criterion.id).is_none())
        .count();
    let back = format!("/giam-khao?phan={round}&doi={}", sheet.team);
    let (team, run) = (sheet.team.0, sheet.run);
    view! {
        <section class="card stack" aria-labelledby="xem-lai">
            <h3 id="xem-lai">{td_string!(locale, judge.sure)}</h3>
            {marks_table(locale, &view.rubric, |criterion| held(sheet, criterion))}
            {(!sheet.remark.is_empty()).then(|| view! { <p>{sheet.remark.clone()}</p> })}
            {(blank > 0).then(|| view! {
                <p class="note warning">{icon(Icon::Alert)}<span>{td_string!(locale, judge.blank_left, n = blank)}</span></p>
            })}
            <p class="soft">{td_string!(locale, judge.sure_words)}</p>
            <HandIn locale=locale>
                <div class="row between">
                    <a class="button quiet" href=back>{icon(Icon::ArrowLeft)}{td_string!(locale, judge.go_back)}</a>
                    {(blank == 0).then(|| view! {
                        <form method="post" action=HandInSheet::url()>
                            <input type="hidden" name="round" value=round.0 />
                            <input type="hidden" name="team" value=team />
                            <input type="hidden" name="run" value=run />
                            <button type="submit" class="button large">{icon(Icon::Check)}{td_string!(locale, judge.hand_in)}</button>
                        </form>
                    })}
                </div>
            </HandIn>
        </section>
    }
}

fn locked(locale: Locale, view: &JudgeView, round: RoundId, sheet: &OwnSheet) -> impl IntoView + use<> {
    view! {
        <section class="card stack">
            <p class="note done">{icon(Icon::Lock)}<span>{td_string!(locale, judge.locked)}</span></p>
            {marks_table(locale, &view.rubric, |criterion| held(sheet, criterion))}
            {(!sheet.remark.is_empty()).then(|| view! { <p>{sheet.remark.clone()}</p> })}
            {match &sheet.reopening {
                Some(reason) => {
                    let words = td_string!(locale, judge.asked, reason = reason.as_str());
                    view! { <p class="note" role="status">{icon(Icon::Info)}<span>{words}</span></p> }.into_any()
                }
                None => view! {
                    <details class="act">
                        <summary>{icon(Icon::Undo)}<span>{td_string!(locale, judge.ask)}</span></summary>
                        <form method="post" action=AskReopening::url() class="stack">
                            <input type="hidden" name="round" value=round.0 />
                            <input type="hidden" name="team" value=sheet.team.0 />
                            {super::console::reason_field(locale, "ly-do-mo")}
                            <div><button type="submit" class="button">{td_string!(locale, judge.ask)}</button></div>
                        </form>
                    </details>
                }
                .into_any(),
            }}
        </section>
    }
}

fn versions(locale: Locale, view: &JudgeView, sheet: &OwnSheet) -> impl IntoView + use<> {
    let shown = |version: &Vec<(u32, Points)>| {
        let mark = |id: u32| {
            version
                .iter()
                .find(|(of, _)| *of == id)
                .map(|(_, points)| *points)
        };
        view! {
            <details class="act">
                <summary>{icon(Icon::Book)}<span>{td_string!(locale, judge.before)}</span></summary>
                {marks_table(locale, &view.rubric, mark)}
            </details>
        }
    };
    sheet.versions.iter().map(shown).collect_view()
}
