//! Complaints, their answers, and the correction of a confirmed mark with a look at who would move.

use contest::{
    Contest, Points, RoundId, TeamId,
    stage::{Stage, StageAct},
};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::moves::{moves_sum, moves_table};
use super::parts::{Desk, act, contest_field, field, note, option, query, reason_field};
use crate::api::judging::{AnswerAppeal, FileAppeal, RunStage};
use crate::backend::house;
use crate::dates;
use crate::icon::{Icon, icon};
use crate::layout::{ErrorNote, paths};
use crate::words::{Locale, td_string};
use crate::words_of;

/// The complaints with their answers, and the form that records one.
pub(super) fn appeals(locale: Locale, contest: &Contest, organizer: bool) -> AnyView {
    let id = &contest.id;
    let list = contest.appeals.iter().map(|(number, appeal)| {
        let team = words_of::team_name(locale, appeal.team, Some(contest));
        let answered = appeal.answer.as_ref().map(|(upheld, reason)| {
            let decision = if *upheld { td_string!(locale, stage.upheld) } else { td_string!(locale, stage.rejected) };
            note(if *upheld { "done" } else { "" }, Icon::Check, format!("{decision}: {reason}"))
        });
        let answer = (organizer && appeal.answer.is_none()).then(|| {
            let chosen = format!("quyet-dinh-{number}");
            let decisions = view! {
                <select id=chosen.clone() name="upheld">
                    {option("false", td_string!(locale, stage.rejected), true)}
                    {option("true", td_string!(locale, stage.upheld), false)}
                </select>
            };
            let form = view! {
                <form method="post" action=AnswerAppeal::url() class="stack">
                    {contest_field(id)}
                    <input type="hidden" name="appeal" value=*number />
                    {field(chosen, td_string!(locale, stage.decision), decisions)}
                    {reason_field(locale, format!("ly-do-tra-loi-{number}"))}
                    <div><button type="submit" class="button">{td_string!(locale, stage.answer)}</button></div>
                </form>
            };
            act(Icon::Edit, td_string!(locale, stage.answer), false, form)
        });
        view! {
            <li class="card stack">
                <p><b>{team}</b>" · "<span class="soft">{dates::date_time(appeal.filed_at)}</span></p>
                <p>{appeal.text.clone()}</p>
                {answered}
                {answer}
            </li>
        }
    });
    let list = list.collect_view();
    let none = contest
        .appeals
        .is_empty()
        .then(|| view! { <p class="soft">{td_string!(locale, stage.no_appeals)}</p> });
    let teams = contest
        .teams
        .values()
        .map(|team| option(team.id.to_string(), team.name.clone(), false));
    let form = view! {
        <form method="post" action=FileAppeal::url() class="stack">
            {contest_field(id)}
            {field("doi-khieu-nai", td_string!(locale, stage.team), view! { <select id="doi-khieu-nai" name="team">{teams.collect_view()}</select> })}
            {field("noi-dung", td_string!(locale, stage.appeal_text), view! { <textarea id="noi-dung" name="text" rows="3" required maxlength="2000"></textarea> })}
            <div><button type="submit" class="button">{icon(Icon::Edit)}{td_string!(locale, stage.file_appeal)}</button></div>
        </form>
    };
    view! {
        <section class="stack" aria-labelledby="khieu-nai">
            <h2 id="khieu-nai">{td_string!(locale, stage.appeals)}</h2>
            <ErrorNote form=FileAppeal::url() />
            <ErrorNote form=AnswerAppeal::url() />
            {none}
            <ul class="stack plain-list">{list}</ul>
            {act(Icon::Plus, td_string!(locale, stage.file_appeal), false, form)}
        </section>
    }
    .into_any()
}

/// The correction that is being looked at, from the query of the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    round: Option<u32>,
    team: Option<u32>,
    /// `tru` or `rut`.
    what: String,
    points: String,
}

impl Asked {
    /// Read it before the first `await`.
    pub(super) fn in_query() -> Self {
        // One choice names both: `2-5` is team 5 in round 2.
        let mark = query::<String>("diem-cua").unwrap_or_default();
        let (round, team) = mark.split_once('-').unwrap_or_default();
        Self {
            round: round.parse().ok(),
            team: team.parse().ok(),
            what: query("viec").unwrap_or_default(),
            points: query("diem-tru").unwrap_or_default(),
        }
    }

    /// The act of which the rules say who would move. The reason comes with its recording.
    fn act(&self, reason: &str) -> Option<(RoundId, TeamId, StageAct)> {
        let (round, team) = (RoundId(self.round?), TeamId(self.team?));
        let reason = reason.to_owned();
        let act = match self.what.as_str() {
            "tru" => StageAct::CorrectDeduction {
                team,
                points: self.points.parse::<Points>().ok()?,
                reason,
            },
            "rut" => StageAct::WithdrawMark { team, reason },
            _ => return None,
        };
        Some((round, team, act))
    }
}

/// The form that asks for a correction and, once asked, who would move and the form that records it.
pub(super) async fn correction(locale: Locale, desk: &Desk, asked: Asked) -> Option<AnyView> {
    let contest = &desk.contest;
    let confirmed: Vec<(RoundId, TeamId, &Stage)> = contest
        .stages
        .iter()
        .flat_map(|(round, stage)| {
            let teams = stage.confirmed.keys();
            teams.map(|team| (*round, *team, stage.as_ref()))
        })
        .collect();
    if !desk.organizer || confirmed.is_empty() {
        return None;
    }
    let look = td_string!(locale, stage.correction_look);
    let preview = match asked.act(look) {
        Some((round, team, act)) => {
            let moves = house().preview_stage(&desk.visit, &contest.id, round, act).await;
            Some(looked(locale, contest, &asked, (round, team), moves))
        }
        None => None,
    };
    let marks = confirmed.iter().map(|(round, team, stage)| {
        let mark = stage.confirmed.get(team);
        let chosen = asked.round == Some(round.0) && asked.team == Some(team.0);
        let words = td_string!(
            locale,
            stage.mark_of,
            round = words_of::round_name(locale, *round, Some(contest)),
            team = words_of::team_name(locale, *team, Some(contest)),
            mark = mark.map_or_else(String::new, |mark| words_of::points(locale, mark.mark)),
            off = mark.map_or_else(String::new, |mark| words_of::points(locale, mark.deduction))
        );
        option(format!("{round}-{team}"), words, chosen)
    });
    let marks = view! { <select id="diem-cua" name="diem-cua">{marks.collect_view()}</select> };
    let what = view! {
        <select id="viec" name="viec">
            {option("tru", td_string!(locale, stage.correct_deduction), asked.what != "rut")}
            {option("rut", td_string!(locale, stage.withdraw), asked.what == "rut")}
        </select>
    };
    let points = view! { <input id="diem-tru" name="diem-tru" inputmode="decimal" autocomplete="off" value=asked.points.clone() /> };
    let exams = contest.rules().into_iter().flat_map(|rules| &rules.rounds);
    let keys = exams.filter(|round| round.exam().is_some()).map(|round| {
        let words = td_string!(locale, stage.correct_key_of, round = round.name.as_str());
        view! { <li><a href=paths::corrections(&contest.id, round.id)>{words}</a></li> }
    });
    let form = view! {
        <form method="get" action=format!("{}#sua-diem", paths::awards(&contest.id)) class="stack">
            {field("diem-cua", td_string!(locale, stage.which_mark), marks)}
            {field("viec", td_string!(locale, stage.what_correction), what)}
            {field("diem-tru", td_string!(locale, stage.new_deduction), points)}
            <div><button type="submit" class="button quiet">{td_string!(locale, stage.who_moves)}</button></div>
        </form>
    };
    let open = preview.is_some();
    let section = view! {
        <section class="stack" aria-labelledby="sua-diem">
            <h2 id="sua-diem">{td_string!(locale, stage.corrections)}</h2>
            <p class="soft">{td_string!(locale, stage.corrections_how)}</p>
            <ErrorNote form=RunStage::url() contest=contest.clone() />
            <ul class="plain-list">{keys.collect_view()}</ul>
            {waiting(locale, contest)}
            {act(Icon::Edit, td_string!(locale, stage.correct_mark), open, form)}
            {preview}
        </section>
    };
    Some(section.into_any())
}

/// What waits for a second person, with the way to the desk where he agrees.
fn waiting(locale: Locale, contest: &Contest) -> Option<AnyView> {
    let asked = contest.stages.iter().flat_map(|(round, stage)| {
        stage.corrections.iter().map(move |(team, asked)| {
            let href = format!("{}?doi={team}", paths::stage(&contest.id, *round));
            let whose = format!(
                "{} · {}",
                words_of::team_name(locale, *team, Some(contest)),
                words_of::round_name(locale, *round, Some(contest))
            );
            let words = td_string!(
                locale,
                stage.correction_waits,
                points = words_of::points(locale, asked.points),
                reason = asked.reason.as_str()
            );
            view! { <li><a href=href>{whose}</a>" · "{words}</li> }
        })
    });
    let asked: Vec<_> = asked.collect();
    (!asked.is_empty()).then(|| {
        let words = view! {
            <p>{td_string!(locale, stage.correction_second)}</p>
            <ul class="plain-list">{asked}</ul>
        };
        note("warning", Icon::Edit, words).into_any()
    })
}

/// Who would move, and the form that records it.
fn looked(
    locale: Locale,
    contest: &Contest,
    asked: &Asked,
    (round, team): (RoundId, TeamId),
    moves: Result<Vec<contest::preview::Move>, crate::error::AppError>,
) -> AnyView {
    let moves = match moves {
        Ok(moves) => moves,
        Err(error) => {
            let words = words_of::error_in(locale, &error, Some(contest));
            return note("warning", Icon::Info, words).into_any();
        }
    };
    let (word, title) = if asked.what == "rut" {
        ("withdraw", td_string!(locale, stage.withdraw).to_owned())
    } else {
        let off = asked.points.parse::<Points>().unwrap_or_default();
        let off = words_of::points(locale, off);
        (
            "correct",
            td_string!(locale, stage.deduction_becomes, points = off),
        )
    };
    let whose = format!(
        "{} · {}",
        words_of::team_name(locale, team, Some(contest)),
        words_of::round_name(locale, round, Some(contest))
    );
    let seen = contest.stages.get(&round).map(|stage| stage.stamp());
    let record = match word {
        "correct" => td_string!(locale, stage.ask_correction),
        _ => td_string!(locale, stage.record_correction),
    };
    view! {
        <section class="card stack" aria-labelledby="xem-truoc">
            <h3 id="xem-truoc">{title} ": " {whose}</h3>
            {moves_sum(locale, &moves)}
            {moves_table(locale, &moves)}
            <form method="post" action=RunStage::url() class="stack">
                {contest_field(&contest.id)}
                <input type="hidden" name="round" value=round.0 />
                <input type="hidden" name="act" value=word />
                <input type="hidden" name="seen" value=seen />
                <input type="hidden" name="team" value=team.0 />
                <input type="hidden" name="points" value=asked.points.clone() />
                {reason_field(locale, "ly-do-sua-diem")}
                <div class="row">
                    <button type="submit" class="button">{icon(Icon::Check)}{record}</button>
                    <a class="button quiet" href=paths::awards(&contest.id)>{td_string!(locale, common.back)}</a>
                </div>
            </form>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_correction_is_asked_for_by_the_address() {
        let asked = Asked {
            round: Some(2),
            team: Some(5),
            what: "tru".into(),
            points: "0,5".into(),
        };
        let (round, team, act) = asked.act("x").expect("whole");
        assert_eq!((round, team), (RoundId(2), TeamId(5)));
        assert!(matches!(
            act,
            StageAct::CorrectDeduction {
                points: Points(500),
                ..
            }
        ));
        let nothing = Asked {
            points: "nhiều".into(),
            ..asked
        };
        assert_eq!(nothing.act("x"), None);
    }
}
