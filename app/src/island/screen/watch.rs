//! The island that drives a screen: it follows the house, moves the rows, turns the pages, and says how
//! it is.

use std::rc::Rc;
use std::time::Duration;

use contest::{
    Millis,
    audience::BoardRow,
    hall_view::{SceneView, ScreenView},
    reveal::Picture,
};
use leptos::prelude::*;
use serde::Deserialize;

use super::health::Health;
use super::scene::as_row;
use super::{Life, SceneBox, awake, fit, page};
use crate::island::board::motion::{Motion, glide};
use crate::island::board::movement::reordered;
use crate::island::live::{Line, follow_closely};

/// How long a page of a long list stays.
const PAGE: Millis = 12_000;
/// One picture has become another.
const FADE: Duration = Duration::from_millis(500);

#[derive(Deserialize)]
struct Frame {
    hash: String,
    view: ScreenView,
}

/// A screen.
#[island]
pub fn ScreenIsland(
    /// What it shows as the page was made.
    view: ScreenView,
    /// Scheme and host of the house.
    origin: String,
    /// The page of a long list to begin with, from 0.
    page: u32,
) -> impl IntoView {
    let line = Line::new();
    let life = Life::new(line, page as usize);
    let view = RwSignal::new(view);
    let turned = StoredValue::new(0);
    let root = NodeRef::<leptos::html::Div>::new();
    Effect::new(move |_| {
        let Some(root) = root.get() else { return };
        life.live.set(true);
        awake::keep(&root);
        fit::follow(&root);
        let health = Health::watch();
        let turning = health.clone();
        Effect::new(move |_| turning.turns(life.page.get()));
        let arrival = Arrival {
            view,
            life,
            turned,
            health: health.clone(),
            fading: StoredValue::new_local(None),
        };
        follow_closely("/api/man-hinh/events".into(), line, move |text| {
            let frame: Frame = serde_json::from_str(text).ok()?;
            health.hears(&frame.hash);
            if frame.view.reloads > view.read_untracked().reloads {
                let _ = window().location().reload();
            }
            arrival.take(frame.view, frame.hash.clone());
            Some(frame.hash)
        });
    });
    Effect::new(move |_| {
        let now = line.now.get();
        if life.trail.read_untracked().clone().forget(now) {
            life.trail.update(|trail| {
                trail.forget(now);
            });
        }
        let (pages, asked) = {
            let view = view.read_untracked();
            (page::paging(&view).pages, page::asked(&view))
        };
        if pages < 2 || asked.is_some() {
            turned.set_value(now);
        } else if now - turned.get_value() >= PAGE {
            turned.set_value(now);
            glide(Motion::Rows, move || {
                life.page.update(|page| *page = (*page + 1) % pages)
            });
        }
    });
    view! {
        <div class="screen-page" node_ref=root data-live=move || life.live.get().then_some("")>
            <SceneBox view=view life=life origin=origin />
        </div>
    }
}

/// Where new views arrive. Rows go on from wherever they are on their way; while one picture becomes another only the
/// newest view is kept, and shown afterwards.
#[derive(Clone)]
struct Arrival {
    view: RwSignal<ScreenView>,
    life: Life,
    /// When the page was turned last, by the page's clock.
    turned: StoredValue<Millis>,
    health: Rc<Health>,
    /// `Some` while a picture becomes another, with what has come meanwhile.
    fading: StoredValue<Option<Option<(ScreenView, String)>>, LocalStorage>,
}

impl Arrival {
    fn take(&self, new: ScreenView, hash: String) {
        if let Some(waiting) = &mut *self.fading.write_value() {
            *waiting = Some((new, hash));
            return;
        }
        // By a stream that was opened anew: it stands there already.
        if *self.view.read_untracked() == new {
            return self.health.draws(hash);
        }
        let Some(motion) = motion(&self.view.read_untracked(), &new) else {
            return self.show(new, hash);
        };
        if motion == Motion::Picture {
            self.holds();
        }
        let shown = self.clone();
        glide(motion, move || shown.show(new, hash));
    }

    fn holds(&self) {
        self.fading.set_value(Some(None));
        let arrival = self.clone();
        set_timeout(
            move || {
                let waiting = arrival.fading.write_value().take().flatten();
                if let Some((view, hash)) = waiting {
                    arrival.take(view, hash);
                }
            },
            FADE,
        );
    }

    fn show(&self, new: ScreenView, hash: String) {
        let now = self.life.line.now.get_untracked();
        let (before, after) = (rows(&self.view.read_untracked().scene), rows(&new.scene));
        self.life.trail.update(|trail| trail.follow(&before, &after, now));
        let (held, asked) = (page::asked(&self.view.read_untracked()), page::asked(&new));
        if !same_scene(&self.view.read_untracked().scene, &new.scene) {
            self.life.page.set(0);
            self.turned.set_value(now);
        } else if let (Some(held), None) = (held, asked) {
            // Turning goes on from the page that the scene asked for, once it has been read.
            self.life.page.set(held);
            self.turned.set_value(now);
        }
        self.view.set(new);
        self.health.draws(hash);
    }
}

/// The ranked rows of a scene.
fn rows(scene: &SceneView) -> Vec<BoardRow> {
    match scene {
        SceneView::Standings { board, .. } | SceneView::Exam { board } => board.rows.clone(),
        SceneView::Reveal {
            picture: Some(Picture::Board { rows, .. } | Picture::Final { rows }),
            ..
        } => rows.iter().map(as_row).collect(),
        _ => vec![],
    }
}

fn same_scene(before: &SceneView, after: &SceneView) -> bool {
    use std::mem::discriminant;
    match (before, after) {
        (SceneView::Standings { round, .. }, SceneView::Standings { round: other, .. }) => round == other,
        (SceneView::Order { round, .. }, SceneView::Order { round: other, .. }) => round == other,
        (SceneView::Reveal { picture, .. }, SceneView::Reveal { picture: other, .. }) => {
            picture.as_ref().map(discriminant) == other.as_ref().map(discriminant)
        }
        _ => discriminant(before) == discriminant(after),
    }
}

/// What help an eye needs to follow the change.
fn motion(before: &ScreenView, after: &ScreenView) -> Option<Motion> {
    if !same_scene(&before.scene, &after.scene) || before.look != after.look {
        return Some(Motion::Picture);
    }
    let (ranked, rows_after) = (rows(&before.scene), rows(&after.scene));
    if !ranked.is_empty() && !rows_after.is_empty() {
        let told = matches!(after.scene, SceneView::Reveal { .. }) && before.scene != after.scene;
        return (told || reordered(&ranked, &rows_after)).then_some(Motion::Rows);
    }
    let other = match (&before.scene, &after.scene) {
        // Each of these is another thing than the one before.
        (SceneView::Question { text, .. }, SceneView::Question { text: other, .. })
        | (SceneView::Message { text }, SceneView::Message { text: other }) => text != other,
        (SceneView::Team { team }, SceneView::Team { team: other }) => {
            team.as_ref().map(|team| team.row.team) != other.as_ref().map(|team| team.row.team)
        }
        (SceneView::Reveal { picture, .. }, SceneView::Reveal { picture: other, .. }) => picture != other,
        _ => false,
    };
    other.then_some(Motion::Picture)
}
