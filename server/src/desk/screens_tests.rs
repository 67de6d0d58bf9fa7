//! The hall on both engines: who becomes a screen, what it shows, freeze, reveal, logos.

mod door;
mod reveal;
mod scenes;

use std::io::Cursor;
use std::sync::Arc;

use app::backend::{Accounts, AppError, Contests, Halls, NewPerson, People, ScreenDoor, ScreenHealth, Visit};
use contest::actor::Role;
use contest::audience::Audience;
use contest::hall_view::{SceneView, ScreenView};
use contest::reveal::{Picture, RevealAct, RevealBy, RowState};
use contest::screen::{Scene, ScreenAct};
use contest::{Actor, Command, Digest, PersonId, Points, Refusal, UserId};
use image::{DynamicImage, ImageFormat};

use super::hall::{Guest, Hall, ROUND, SECOND, rules, visit};
use super::{House, showing};
use crate::hub::hash;
use crate::store::testing::on_both_engines;

/// A browser that nobody knows.
fn browser(device: &str) -> Visit {
    Visit {
        device: device.into(),
        ..visit(Actor::Public, None)
    }
}

/// The letters under which it waits.
async fn letters(house: &House, browser: &Visit) -> String {
    match house.screen_door(browser).await.expect("the door opens") {
        ScreenDoor::Waiting { letters } => letters,
        ScreenDoor::Claimed { .. } => panic!("nobody has claimed it"),
    }
}

/// Claims a new browser; the visit is that of the screen it has become.
async fn screen(hall: &Hall, device: &str, name: &str) -> (PersonId, Visit) {
    let waiting = letters(&hall.house, &browser(device)).await;
    let person = hall
        .house
        .claim_screen(&hall.organizer, &hall.id, &waiting, name)
        .await
        .expect("claimed");
    let screen = Visit {
        device: device.into(),
        ..visit(Actor::Screen { person }, Some(&hall.id))
    };
    (person, screen)
}

fn shown(act: ScreenAct) -> Command {
    Command::Screen { act }
}

fn told(act: RevealAct) -> Command {
    Command::Reveal { act }
}

/// The other node, where there can be one.
async fn other_node(hall: &Hall, url: &str) -> Arc<House> {
    if url.starts_with("sqlite") {
        hall.house.clone()
    } else {
        Hall::node(url, hall.clock.clone()).await
    }
}

async fn view(house: &House, screen: &Visit) -> ScreenView {
    house.screen_view(screen).await.expect("a view")
}
