//! What is put on the screens of the hall.

use super::*;
use crate::screen::{Scene, ScreenAct};

const SCREEN: PersonId = PersonId(77);

/// What stays of a message and of the text of a question.
fn shown(text: &str) -> [Result<String, Refusal>; 2] {
    let message = Scene::Message { text: text.into() };
    let question = Scene::Question {
        text: text.into(),
        options: vec![],
        answer: None,
    };
    [message, question].map(|scene| {
        let mut play = Play::of(rules(1), 1);
        let add = ScreenAct::Add {
            screen: SCREEN,
            name: "Màn hình chính".into(),
        };
        play.does(ORGANIZER, Command::Screen { act: add });
        let act = ScreenAct::Show {
            screens: vec![SCREEN],
            scene,
        };
        play.tries(ORGANIZER, Command::Screen { act })?;
        Ok(match &play.contest.hall.screens[&SCREEN].live {
            Scene::Message { text } | Scene::Question { text, .. } => text.clone(),
            other => panic!("not shown: {other:?}"),
        })
    })
}

#[test]
fn messages_and_questions_keep_their_lines() {
    let typed =
        "\r\n Kính mời  đại biểu \r\nvào hội trường\u{200b}\r\n\r\n \r\n\r\nHội thi bắt đầu lúc 8 giờ\r\n\n";
    for text in shown(typed) {
        assert_eq!(
            text.as_deref(),
            Ok("Kính mời đại biểu\nvào hội trường\n\nHội thi bắt đầu lúc 8 giờ")
        );
    }
    let of = |fault| Err(Refusal::invalid(Field::Text, fault));
    for text in shown(" \r\n\u{200b}\r\n ") {
        assert_eq!(text, of(Fault::Empty));
    }
    for text in shown(&"một dòng\n".repeat(30)) {
        assert_eq!(text, of(Fault::TooLong), "no screen has so many lines");
    }
}
