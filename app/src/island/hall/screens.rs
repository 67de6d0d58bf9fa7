//! The list of screens: a thumbnail of what each shows and what waits, how it is, and how it looks.

use contest::{
    Millis, PersonId,
    hall_view::{DeskScreen, ScreenView},
    screen::{Language, Scene, Theme},
};
use leptos::prelude::*;

use super::Desk;
use super::wire::{BLANK, CLAIM, DRESS, RELOAD, REMOVE, RENAME, Seen, TAKE};
use crate::dates;
use crate::icon::{Icon, icon};
use crate::island::screen::{Life, SceneBox};
use crate::words::{Locale, td_string};
use crate::words_of;

/// A screen that has said nothing for so long is lost.
const LOST: Millis = 10_000;

pub(super) fn screens(desk: Desk) -> impl IntoView {
    let locale = desk.locale;
    let ids = Memo::new(move |_| -> Vec<PersonId> {
        desk.hall
            .read()
            .desk
            .screens
            .iter()
            .map(|screen| screen.id)
            .collect()
    });
    view! {
        <section class="stack" aria-labelledby="cac-man-hinh">
            <div class="row between">
                <h2 id="cac-man-hinh">{td_string!(locale, hall.screens)}</h2>
                <label class="choice hall-all" hidden=move || ids.read().is_empty()>
                    <input type="checkbox" name="all" value="true" form="canh" />
                    <span>{td_string!(locale, hall.all)}</span>
                </label>
            </div>
            {move || ids.read().is_empty().then(|| view! {
                <p class="empty">{td_string!(locale, hall.no_screens)}</p>
            })}
            <ul class="screen-cards">
                <For each=move || ids.get() key=|id| *id children=move |id| card(desk, id) />
            </ul>
            {claim(desk)}
        </section>
    }
}

/// Makes a browser that waits at `/man-hinh` one of the screens.
fn claim(desk: Desk) -> impl IntoView {
    let locale = desk.locale;
    let origin = desk.around.with_value(|around| around.origin.clone());
    let count = desk.hall.with_untracked(|hall| hall.desk.screens.len());
    view! {
        <form method="post" action=CLAIM class="card hall-claim" id="nhan" data-once="">
            <h3>{td_string!(locale, hall.claim)}</h3>
            <p class="soft">{td_string!(locale, hall.claim_help, address = format!("{origin}/man-hinh"))}</p>
            {desk.contest_field()}
            <div class="row end">
                <div class="field hall-letters">
                    <label for="bon-chu">{td_string!(locale, hall.letters)}</label>
                    <input
                        id="bon-chu"
                        name="letters"
                        required
                        maxlength="8"
                        autocomplete="off"
                        autocapitalize="characters"
                        spellcheck="false"
                    />
                </div>
                <div class="field grows">
                    <label for="ten-man-hinh">{td_string!(locale, hall.name)}</label>
                    <input
                        id="ten-man-hinh"
                        name="name"
                        required
                        maxlength="60"
                        autocomplete="off"
                        value=td_string!(locale, hall.name_of, n = count + 1)
                    />
                </div>
                <button type="submit" class="button quiet">{icon(Icon::Plus)}{td_string!(locale, hall.claim_do)}</button>
            </div>
        </form>
    }
}

fn card(desk: Desk, id: PersonId) -> impl IntoView {
    let locale = desk.locale;
    let of = Memo::new(move |before: Option<&Option<DeskScreen>>| {
        let hall = desk.hall.read();
        let now = hall.desk.screens.iter().find(|screen| screen.id == id).cloned();
        // While the list is about to drop it, it stays as it was.
        now.or_else(|| before.cloned().flatten())
    });
    let seen = Memo::new(move |_| desk.hall.read().seen.get(&id).cloned());
    let Some(first) = of.get_untracked() else {
        return ().into_any();
    };
    let name = Memo::new(move |_| {
        of.read()
            .as_ref()
            .map(|of| of.screen.name.clone())
            .unwrap_or_default()
    });
    let live = {
        let fallback = first.view.clone();
        Memo::new(move |_| {
            of.read()
                .as_ref()
                .map_or_else(|| fallback.clone(), |of| of.view.clone())
        })
    };
    let next = Memo::new(move |_| {
        let of = of.read();
        let of = of.as_ref()?;
        Some(ScreenView {
            scene: of.next.clone()?,
            ..of.view.clone()
        })
    });
    let has_next = Memo::new(move |_| next.read().is_some());
    let blank = Memo::new(move |_| of.read().as_ref().is_some_and(|of| of.screen.blank));
    let one = move || {
        view! {
            {desk.contest_field()}
            <input type="hidden" name="screens[]" value=id.0 />
        }
    };
    let origin = desk.around.with_value(|around| around.origin.clone());
    let prepared = origin.clone();
    // A long list stands at the page that the screen shows, as of its last word.
    let page = Memo::new(move |_| seen.read().as_ref().map_or(0, |seen| seen.health.page as usize));
    let life = Life::new(desk.line, page.get_untracked());
    Effect::new(move |_| life.page.set(page.get()));
    let state = Memo::new(move |_| State::of(seen.get().as_ref(), desk.clock()));
    view! {
        <li class="screen-card" class:lost=move || state.get().is_lost() class:ready=has_next>
            <div class="screen-card-head">
                <label class="choice">
                    <input type="checkbox" name="screens[]" value=id.0 form="canh" />
                    <strong>{name}</strong>
                </label>
                {move || badge(locale, state.get())}
            </div>
            <div class="screen-thumbs">
                <figure class="screen-thumb">
                    <figcaption>
                        {td_string!(locale, hall.on_air)} " "
                        {move || of.read().as_ref().map(|of| named(locale, &of.screen.live, desk, of.screen.blank))}
                    </figcaption>
                    <div class="screen-glass" aria-hidden="true" inert="">
                        <SceneBox view=live life=life origin=origin />
                    </div>
                </figure>
                <Show when=move || has_next.get()>
                    {
                        let origin = prepared.clone();
                        move || {
                            let origin = origin.clone();
                            let view = Memo::new(move |before: Option<&ScreenView>| {
                                next.get().or_else(|| before.cloned()).unwrap_or_else(|| live.get())
                            });
                            view! {
                                <figure class="screen-thumb next">
                                    <figcaption>
                                        {td_string!(locale, hall.ready)} " "
                                        {move || of
                                            .read()
                                            .as_ref()
                                            .and_then(|of| of.screen.next.as_ref().map(|next| named(locale, next, desk, false)))}
                                    </figcaption>
                                    <div class="screen-glass" aria-hidden="true" inert="">
                                        <SceneBox view=view life=Life::new(desk.line, 0) origin=origin />
                                    </div>
                                </figure>
                            }
                        }
                    }
                </Show>
            </div>
            <p class="small soft screen-said">{move || said(locale, seen.get().as_ref(), state.get())}</p>
            <div class="row screen-acts">
                <Show when=move || has_next.get()>
                    <form method="post" action=TAKE>
                        {one()}
                        <button type="submit" class="button quiet small">{icon(Icon::Play)}{td_string!(locale, hall.take)}</button>
                    </form>
                </Show>
                <form method="post" action=BLANK>
                    {one()}
                    <input type="hidden" name="lit" value=move || blank.get().to_string() />
                    <button type="submit" class="button quiet small">
                        {icon(Icon::Screen)}
                        {move || if blank.get() { td_string!(locale, hall.light) } else { td_string!(locale, hall.blank) }}
                    </button>
                </form>
                <form method="post" action=RELOAD>
                    {one()}
                    <button type="submit" class="button quiet small">{icon(Icon::Undo)}{td_string!(locale, hall.reload)}</button>
                </form>
            </div>
            {settings(desk, id, &first)}
        </li>
    }
    .into_any()
}

/// How a screen is, by its last word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Never heard since the house was started.
    Unheard,
    /// Silent for so many seconds.
    Lost(i64),
    /// It speaks, but draws something older.
    Behind,
    Good,
}

impl State {
    fn of(seen: Option<&Seen>, now: Millis) -> Self {
        let Some(seen) = seen else { return Self::Unheard };
        let silent = now - seen.at;
        if silent > LOST {
            // In steps of five, so that the page is not drawn anew every second.
            Self::Lost(silent / 5_000 * 5)
        } else if seen.current {
            Self::Good
        } else {
            Self::Behind
        }
    }

    fn is_lost(self) -> bool {
        matches!(self, Self::Lost(_) | Self::Unheard)
    }
}

fn badge(locale: Locale, state: State) -> impl IntoView {
    let (class, drawing, words) = match state {
        State::Unheard => ("badge bad", Icon::WifiOff, td_string!(locale, hall.unheard)),
        State::Lost(_) => ("badge bad", Icon::WifiOff, td_string!(locale, hall.lost)),
        State::Behind => ("badge warning", Icon::Clock, td_string!(locale, hall.behind)),
        State::Good => ("badge open", Icon::Check, td_string!(locale, hall.good)),
    };
    view! { <span class=class>{icon(drawing)}{words}</span> }
}

fn said(locale: Locale, seen: Option<&Seen>, state: State) -> String {
    let Some(seen) = seen else {
        return td_string!(locale, hall.unheard_note).into();
    };
    let size = td_string!(
        locale,
        hall.size,
        width = seen.health.width,
        height = seen.health.height
    );
    match state {
        State::Lost(seconds) => {
            let at = dates::time(seen.at);
            format!(
                "{} {size}",
                td_string!(locale, hall.lost_note, at = at, seconds = seconds)
            )
        }
        State::Behind => format!("{} {size}", td_string!(locale, hall.behind_note)),
        _ => {
            let drawn = td_string!(locale, hall.good_note, ms = seen.health.drawn_in);
            format!("{drawn} {size}")
        }
    }
}

/// A scene with what it is of.
fn named(locale: Locale, scene: &Scene, desk: Desk, blank: bool) -> String {
    if blank {
        return td_string!(locale, hall.is_blank).into();
    }
    let hall = desk.hall.read();
    let of = match scene {
        Scene::Order { round: Some(round) } | Scene::Standings { round: Some(round) } => {
            let round = hall.desk.rounds.iter().find(|of| of.id == *round);
            round.map(|of| of.name.clone())
        }
        Scene::Team { team } => {
            let team = hall.desk.teams.iter().find(|of| of.team == *team);
            team.map(|of| of.name.clone())
        }
        _ => None,
    };
    let name = words_of::scene(locale, scene);
    of.map_or_else(|| name.to_owned(), |of| format!("{name}: {of}"))
}

/// Name, light, language, size, and taking it away.
fn settings(desk: Desk, id: PersonId, first: &DeskScreen) -> impl IntoView + use<> {
    let locale = desk.locale;
    let look = first.screen.look;
    let field = |name: &str| format!("{name}-{}", id.0);
    let choice = |value: String, words: String, chosen: bool| {
        view! { <option value=value selected=chosen>{words}</option> }
    };
    let themes = Theme::ALL.map(|theme| {
        let words = theme_word(locale, theme).to_owned();
        choice(theme.as_str().to_owned(), words, theme == look.theme)
    });
    let languages = [Language::Vi, Language::En].map(|language| {
        let words = language_word(locale, language).to_owned();
        choice(language.as_str().to_owned(), words, language == look.language)
    });
    view! {
        <details class="act screen-settings">
            <summary>{icon(Icon::Edit)}<span>{td_string!(locale, hall.settings)}</span></summary>
            <div class="inside stack">
                <form method="post" action=RENAME class="row end">
                    {desk.contest_field()}
                    <input type="hidden" name="screen" value=id.0 />
                    <div class="field grows">
                        <label for=field("ten")>{td_string!(locale, hall.name)}</label>
                        <input id=field("ten") name="name" required maxlength="60" value=first.screen.name.clone() />
                    </div>
                    <button type="submit" class="button quiet small">{td_string!(locale, common.save)}</button>
                </form>
                <form method="post" action=DRESS class="row end">
                    {desk.contest_field()}
                    <input type="hidden" name="screens[]" value=id.0 />
                    <div class="field">
                        <label for=field("nen")>{td_string!(locale, hall.theme)}</label>
                        <select id=field("nen") name="theme">{themes.collect_view()}</select>
                    </div>
                    <div class="field">
                        <label for=field("tieng")>{td_string!(locale, common.language)}</label>
                        <select id=field("tieng") name="language">{languages.collect_view()}</select>
                    </div>
                    <div class="field">
                        <label for=field("co")>{td_string!(locale, hall.scale)}</label>
                        <input
                            id=field("co")
                            name="scale"
                            type="number"
                            inputmode="numeric"
                            min="70"
                            max="150"
                            step="5"
                            required
                            value=look.scale
                        />
                    </div>
                    <button type="submit" class="button quiet small">{td_string!(locale, common.save)}</button>
                </form>
                <form method="post" action=REMOVE>
                    {desk.contest_field()}
                    <input type="hidden" name="screen" value=id.0 />
                    <button type="submit" class="button danger small">
                        {icon(Icon::Trash)}{td_string!(locale, hall.remove)}
                    </button>
                    <p class="soft small">{td_string!(locale, hall.remove_note)}</p>
                </form>
            </div>
        </details>
    }
}

pub(super) fn theme_word(locale: Locale, theme: Theme) -> &'static str {
    match theme {
        Theme::Dark => td_string!(locale, hall.theme_dark),
        Theme::Bright => td_string!(locale, hall.theme_bright),
        Theme::Led => td_string!(locale, hall.theme_led),
    }
}

pub(super) fn language_word(locale: Locale, language: Language) -> &'static str {
    match language {
        Language::Vi => td_string!(locale, common.vietnamese),
        Language::En => td_string!(locale, common.english),
    }
}

#[cfg(test)]
mod tests {
    use super::super::wire::Health;
    use super::*;

    #[test]
    fn a_screen_that_says_nothing_for_ten_seconds_is_lost() {
        let seen = |current| Seen {
            at: 100_000,
            health: Health {
                width: 1920,
                height: 1080,
                slowest_frame: 17,
                drawn_in: 12,
                page: 0,
            },
            current,
        };
        assert_eq!(State::of(None, 0), State::Unheard);
        assert_eq!(State::of(Some(&seen(true)), 110_000), State::Good);
        assert_eq!(State::of(Some(&seen(false)), 101_000), State::Behind);
        assert_eq!(State::of(Some(&seen(true)), 110_001), State::Lost(10));
    }
}
