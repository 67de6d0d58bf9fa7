//! The live leaderboard: complete as it is rendered, and from then on following the house.

mod head;
pub(crate) mod motion;
pub(crate) mod movement;
pub(crate) mod paging;
mod scene;
pub(crate) mod table;

use contest::{Millis, audience::Board};
use leptos::prelude::*;
use serde::Deserialize;

use crate::dates;
use crate::island::live::{Line, follow};
use crate::words::{Locale, td_string};
use head::Head;
use motion::{Motion, glide};
use movement::{Trail, reordered};
use paging::Paging;
use table::Table;

/// How long a page of a long board stays on the wall.
const PAGE: Millis = 12_000;

#[derive(Deserialize)]
struct Frame {
    hash: String,
    view: Board,
}

/// The board of a contest.
#[island]
pub fn LiveBoard(
    /// As it is now.
    board: Board,
    /// Whether it holds marks that are not published.
    staff: bool,
    /// Whether staff too is to see what the hall sees.
    public: bool,
    /// The language of the page.
    locale: Locale,
) -> impl IntoView {
    let url = events(&board, public);
    let public_url = format!("/bang/{}?cong-khai=1", board.contest);
    let line = Line::new();
    let live = RwSignal::new(false);
    let board = RwSignal::new(board);
    let trail = RwSignal::new(Trail::default());
    let paging = Memo::new(move |_| Paging::of(board.read().rows.len()));
    let page = RwSignal::new(0);
    let turning = RwSignal::new(true);

    Effect::new(move |_| {
        live.set(true);
        let arrive = Arrival { board, trail, line };
        follow(url.clone(), line, move |text| {
            let frame: Frame = serde_json::from_str(text).ok()?;
            arrive.take(frame.view);
            Some(frame.hash)
        });
    });
    Effect::new(move |turned: Option<Millis>| {
        let now = line.now.get();
        if trail.read_untracked().clone().forget(now) {
            trail.update(|trail| {
                trail.forget(now);
            });
        }
        let turned = turned.unwrap_or(now);
        let pages = paging.get_untracked().pages;
        if !turning.get_untracked() || pages < 2 || now - turned < PAGE {
            return if turning.get_untracked() { turned } else { now };
        }
        glide(Motion::Rows, move || {
            page.update(|page| *page = (*page + 1) % pages)
        });
        now
    });

    view! {
        <div class="board hall" class:live=live class:silent=line.silent data-live=move || live.get().then_some("")>
            <Head board=board inside=staff && !public line=line locale=locale />
            {staff
                .then(|| {
                    view! {
                        <p class="board-inside">
                            {td_string!(locale, board.staff)}
                            <a href=public_url>{td_string!(locale, board.public_view)}</a>
                        </p>
                    }
                })}
            <Table board=board trail=trail paging=paging page=page locale=locale />
            <footer class="board-foot">
                <p class="board-line" role="status">
                    {move || {
                        line.silent
                            .get()
                            .then(|| {
                                view! {
                                    <strong class="board-cut">
                                        {td_string!(locale, board.offline)} " "
                                        {line
                                            .last_news()
                                            .map(|at| td_string!(locale, board.last_news, time = dates::time(at)))}
                                    </strong>
                                }
                            })
                    }}
                    {move || {
                        (live.get() && !line.silent.get())
                            .then(|| {
                                view! {
                                    <span class="board-live">
                                        <span class="board-dot"></span>
                                        {td_string!(locale, board.live)}
                                    </span>
                                }
                            })
                    }}
                </p>
                <Pages paging=paging page=page turning=turning live=live locale=locale />
            </footer>
        </div>
    }
}

/// The pages of a long board, and the hand that stops them turning.
#[component]
fn Pages(
    paging: Memo<Paging>,
    page: RwSignal<usize>,
    turning: RwSignal<bool>,
    live: RwSignal<bool>,
    locale: Locale,
) -> impl IntoView {
    move || {
        let pages = paging.get().pages;
        (live.get() && pages > 1).then(|| {
            let dots = (0..pages).map(|n| {
                let go = move |_| {
                    turning.set(false);
                    glide(Motion::Rows, move || page.set(n));
                };
                let current = move || (page.get() % pages == n).then_some("page");
                view! {
                    <li>
                        <button type="button" aria-current=current on:click=go>
                            <span class="unseen">{td_string!(locale, common.page_of, n = n + 1, of = pages)}</span>
                        </button>
                    </li>
                }
            });
            view! {
                <nav class="board-pages" aria-label=td_string!(locale, board.pages)>
                    <ul>{dots.collect_view()}</ul>
                    <button type="button" class="board-turning" on:click=move |_| turning.update(|on| *on = !*on)>
                        {move || {
                            if turning.get() {
                                td_string!(locale, board.stop_turning)
                            } else {
                                td_string!(locale, board.keep_turning)
                            }
                        }}
                    </button>
                </nav>
            }
        })
    }
}

fn events(board: &Board, public: bool) -> String {
    let query = if public { "?public=1" } else { "" };
    format!("/api/contests/{}/board/events{query}", board.contest)
}

/// Where new boards arrive. Rows go on from wherever they are on their way.
#[derive(Clone, Copy)]
struct Arrival {
    board: RwSignal<Board>,
    trail: RwSignal<Trail>,
    line: Line,
}

impl Arrival {
    fn take(self, new: Board) {
        if reordered(&self.board.read_untracked().rows, &new.rows) {
            glide(Motion::Rows, move || self.show(new));
        } else {
            self.show(new);
        }
    }

    fn show(self, new: Board) {
        let now = self.line.now.get_untracked();
        self.trail
            .update(|trail| trail.follow(&self.board.read_untracked().rows, &new.rows, now));
        self.board.set(new);
    }
}
