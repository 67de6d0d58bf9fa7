//! The standings on a phone: plain HTML in the phone's own letters, a small script that looks again when
//! the house has news, and one's own team marked.

use contest::{
    Digest, TeamId,
    audience::{Board, BoardRow},
};
use http::{HeaderValue, header};
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::Title;

use crate::dates;
use crate::icon::{Icon, icon};
use crate::layout::{LanguageSwitch, paths};
use crate::words::{Locale, request_cookie, td_string};
use crate::words_of;

const SCRIPT: &str = include_str!("phone.js");

/// `asked` is the team of the address: empty to forget the one that the phone remembers.
pub(super) fn phone(locale: Locale, board: &Board, asked: Option<String>) -> impl IntoView + use<> {
    let nonce = use_nonce();
    let own = own(board, asked);
    view! {
        <Title text=format!("{} · {}", td_string!(locale, board.title), board.name) />
        <noscript>
            <meta http-equiv="refresh" content="15" />
        </noscript>
        <main
            class="phone"
            data-stream=format!("/api/contests/{}/phones/events?lang={locale}", board.contest)
            data-hash=hash(&rows_of_phones(locale, board))
            data-own=own.map(|team| team.to_string())
        >
            <header class="phone-head">
                <LanguageSwitch />
                <h1>{board.name.clone()}</h1>
            </header>
            <p class="note warning" role="alert" id="mat" hidden>
                {icon(Icon::WifiOff)}<span>{td_string!(locale, phone.cut)}</span>
            </p>
            <div id="bang" class="stack">{rows(locale, board, own)}</div>
            {choice(locale, board, own)}
            <p class="soft small">
                {td_string!(locale, phone.by_itself)} " "
                <a href=format!("{}?cong-khai=1", paths::board(&board.contest))>{td_string!(locale, phone.large)}</a>
            </p>
        </main>
        <script nonce=nonce inner_html=SCRIPT></script>
    }
}

/// What goes to all phones when the standings have changed: each marks its own team in it.
pub fn rows_of_phones(locale: Locale, board: &Board) -> String {
    rows(locale, board, None).to_html()
}

/// What the stream calls these rows.
fn hash(rows: &str) -> String {
    Digest::of(&serde_json::to_vec(rows).unwrap_or_default()).short()
}

/// The team that this phone follows: as the address says, else as a cookie remembers.
fn own(board: &Board, asked: Option<String>) -> Option<TeamId> {
    let name = format!("doi-{}", board.contest);
    let known = |text: &str| {
        let team = text.parse().ok().map(TeamId)?;
        board.rows.iter().any(|row| row.team == team).then_some(team)
    };
    let Some(asked) = asked else {
        return known(&request_cookie(&name)?);
    };
    let team = known(&asked);
    let kept = team.map_or_else(
        || "; Max-Age=0".to_owned(),
        |team| format!("{team}; Max-Age=31536000"),
    );
    let cookie = format!("{name}={kept}; Path=/bang; SameSite=Lax");
    if let (Some(response), Ok(cookie)) = (use_context::<ResponseOptions>(), HeaderValue::try_from(cookie)) {
        response.append_header(header::SET_COOKIE, cookie);
    }
    team
}

fn rows(locale: Locale, board: &Board, own: Option<TeamId>) -> impl IntoView + use<> {
    let frozen = board.frozen.map(|at| {
        let words = td_string!(locale, board.frozen, time = dates::time(at));
        view! { <p class="note warning">{icon(Icon::Lock)}<span>{words}</span></p> }
    });
    let teams = board.rows.iter().map(|row| line(locale, board, row, own));
    let teams = if board.rows.is_empty() {
        view! { <p class="empty">{td_string!(locale, board.no_teams)}</p> }.into_any()
    } else {
        view! { <ol class="phone-rows" aria-label=td_string!(locale, board.title)>{teams.collect_view()}</ol> }.into_any()
    };
    view! {
        {frozen}
        <p class="soft">{now(locale, board)}</p>
        {teams}
        {board.parts_equals().then(|| view! { <p class="soft small">{td_string!(locale, board.parted)}</p> })}
    }
}

/// What goes on, in a line.
fn now(locale: Locale, board: &Board) -> String {
    if let Some(round) = board.rounds.iter().find(|round| round.running.is_some()) {
        return td_string!(locale, board.open, round = round.name.as_str());
    }
    let shown = board.rounds.iter().filter(|round| round.marks_shown);
    let shown: Vec<&str> = shown.map(|round| round.name.as_str()).collect();
    if shown.is_empty() {
        td_string!(locale, board.waiting).into()
    } else {
        td_string!(locale, board.published, round = shown.join(", "))
    }
}

/// A team. One's own stays in sight wherever the page is scrolled to.
fn line(locale: Locale, board: &Board, row: &BoardRow, own: Option<TeamId>) -> impl IntoView + use<> {
    let marks = board.rounds.iter().zip(&row.marks).filter_map(|(round, mark)| {
        let points = words_of::points(locale, (*mark)?);
        Some(td_string!(
            locale,
            phone.of_round,
            round = round.name.as_str(),
            points = points
        ))
    });
    let marks: Vec<String> = marks.collect();
    view! {
        <li class="phone-row" class:own=own == Some(row.team) data-team=row.team.to_string()>
            <span class="phone-rank">
                {row.rank.map_or_else(|| "–".to_owned(), |rank| rank.to_string())}
                {row.tied.then(|| view! { <small>{td_string!(locale, board.tied)}</small> })}
            </span>
            <span>
                <strong class="phone-mine">{td_string!(locale, phone.own)}</strong>
                {row.name.clone()}
                {(!marks.is_empty()).then(|| view! { <span class="phone-marks"><br />{marks.join(" · ")}</span> })}
            </span>
            <span class="phone-total">{row.total.map(|total| words_of::points(locale, total))}</span>
        </li>
    }
}

fn choice(locale: Locale, board: &Board, own: Option<TeamId>) -> Option<impl IntoView + use<>> {
    if board.rows.is_empty() {
        return None;
    }
    let mut teams: Vec<&BoardRow> = board.rows.iter().collect();
    // An order that does not move with the marks.
    teams.sort_by_key(|row| row.team);
    let teams = teams.into_iter().map(|row| {
        view! { <option value=row.team.0 selected=own == Some(row.team)>{row.name.clone()}</option> }
    });
    Some(view! {
        <form method="get" action=paths::board(&board.contest) class="phone-choose">
            <div class="field">
                <label for="doi">{td_string!(locale, phone.choose)}</label>
                <select id="doi" name="doi">
                    <option value="">{td_string!(locale, phone.none)}</option>
                    {teams.collect_view()}
                </select>
            </div>
            <button type="submit" class="button quiet">{td_string!(locale, phone.choose_do)}</button>
        </form>
    })
}
