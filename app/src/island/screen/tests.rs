//! What a screen draws, as the server renders it.

use contest::{
    hall_view::SceneView,
    screen::{Language, Look, Theme},
};
use leptos::prelude::*;

use super::samples::{all, look, screen};
use super::{Life, SceneBox};
use crate::island::live::Line;

fn html(scene: SceneView, look: Look) -> String {
    Owner::new().with(|| {
        let view = Signal::derive(move || screen(scene.clone(), look));
        let life = Life::new(Line::new(), 0);
        view! { <SceneBox view=view life=life origin="http://192.168.1.5:3000" /> }.to_html()
    })
}

#[test]
fn every_scene_speaks_the_screens_language_in_its_light() {
    for (name, scene) in all() {
        for theme in Theme::ALL {
            let vi = html(scene.clone(), look(theme, Language::Vi, 100));
            let en = html(scene.clone(), look(theme, Language::En, 100));
            assert!(vi.contains("lang=\"vi\"") && en.contains("lang=\"en\""), "{name}");
            assert!(vi.contains(&format!("theme-{}", theme.as_str())), "{name}");
            let silent = [
                "blank",
                "message",
                "message-long",
                "question",
                "question-long",
                "hosts-names",
            ];
            assert!(
                vi != en
                    // A plate has the prize's and the holders' own names.
                    && (silent.contains(&name) || name.starts_with("plate") || words(&vi) != words(&en)),
                "{name}"
            );
        }
    }
}

#[test]
fn a_frozen_card_says_when_its_marks_were_taken() {
    let cards = all();
    let card = |name: &str| {
        cards
            .iter()
            .find(|(of, _)| *of == name)
            .expect("a sample")
            .1
            .clone()
    };
    let said = "Điểm lúc";
    for (name, frozen) in [("team", false), ("team-frozen", true)] {
        let text = words(&html(card(name), look(Theme::Dark, Language::Vi, 100)));
        assert_eq!(text.contains(said), frozen, "{name}: {text}");
    }
}

/// Only what is read.
fn words(html: &str) -> String {
    let mut text = String::new();
    let mut tag = false;
    for letter in html.chars() {
        match letter {
            '<' => tag = true,
            '>' => tag = false,
            letter if !tag => text.push(letter),
            _ => {}
        }
    }
    text
}

#[test]
fn no_style_stands_in_the_page_itself() {
    // The house's content security policy would refuse it.
    for (name, scene) in all() {
        assert!(!html(scene, Look::default()).contains("style="), "{name}");
    }
}

#[test]
fn every_scale_has_its_class() {
    let at = |scale| html(SceneView::Waiting, look(Theme::Dark, Language::Vi, scale));
    for (scale, class) in [
        (70, "scale-70"),
        (100, "scale-100"),
        (101, "scale-105"),
        (150, "scale-150"),
        (255, "scale-150"),
    ] {
        assert!(at(scale).contains(class), "{scale}");
    }
}

#[test]
fn the_answer_is_not_there_before_it_is_told() {
    let scene = |answer| SceneView::Question {
        text: "?".into(),
        options: vec!["một".into(), "hai".into()],
        answer,
    };
    assert!(!html(scene(None), Look::default()).contains("right"));
    assert!(html(scene(Some(1)), Look::default()).contains("Đáp án đúng"));
}

/// All scenes as pages, for people to look at: `target/scenes/*.html`.
#[test]
fn pages_to_look_at() -> std::io::Result<()> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/scenes");
    std::fs::create_dir_all(folder)?;
    for (name, scene) in all() {
        let html = html(scene, look(Theme::Dark, Language::Vi, 100));
        std::fs::write(
            format!("{folder}/{name}.html"),
            format!(
                "<!doctype html><meta charset=utf-8><link rel=stylesheet href=../scenes.css>\
                 <body><main class=screen-main><div class=screen-page data-live>{html}</div></main>"
            ),
        )?;
    }
    Ok(())
}

const CSS: &str = include_str!("../../../../style/screen.css");

/// The plain colours of a theme, by token.
fn tokens(theme: &str) -> std::collections::BTreeMap<String, Vec<[f64; 3]>> {
    let rest = CSS
        .split(&format!(".theme-{theme} {{"))
        .nth(1)
        .expect("the theme");
    let block = rest.split('}').next().expect("its end");
    let tokens = block.split(';').filter_map(|line| line.trim().split_once(':'));
    tokens
        .map(|(name, value)| (name.trim().to_owned(), colours(value)))
        .collect()
}

/// The colours named in a value, of a gradient all of them.
fn colours(value: &str) -> Vec<[f64; 3]> {
    let words = value.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '#'));
    let hex = words.filter_map(|word| word.strip_prefix('#'));
    hex.map(|hex| {
        let full = if hex.len() == 3 {
            hex.chars().flat_map(|digit| [digit, digit]).collect()
        } else {
            hex.to_owned()
        };
        [0, 2, 4].map(|at| f64::from(u8::from_str_radix(&full[at..at + 2], 16).expect("a colour")) / 255.0)
    })
    .collect()
}

/// As WCAG counts it.
fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let light = |colour: [f64; 3]| {
        let [r, g, b] = colour.map(|part| {
            if part <= 0.03928 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    let (one, other) = (light(one), light(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Browsers' tools cannot judge letters on a gradient; the tokens can.
#[test]
fn every_theme_reaches_seven_to_one() {
    let pairs: [(&[&str], &[&str]); 3] = [
        (
            &["--ink", "--soft", "--gold", "--good", "--bad", "--warn"],
            &["--ground", "--row", "--row-2", "--row-3", "--dim"],
        ),
        (&["--on-first"], &["--first"]),
        (&["--on-alarm"], &["--alarm"]),
    ];
    for theme in Theme::ALL {
        let tokens = tokens(theme.as_str());
        for (letters, grounds) in pairs {
            for (letter, ground) in letters
                .iter()
                .flat_map(|letter| grounds.iter().map(move |ground| (letter, ground)))
            {
                // Large and bold: the best three places are marked by it.
                for (one, other) in tokens[*letter]
                    .iter()
                    .flat_map(|one| tokens[*ground].iter().map(move |other| (one, other)))
                {
                    let reached = contrast(*one, *other);
                    let needed = if *letter == "--on-alarm" { 4.5 } else { 7.0 };
                    assert!(
                        reached >= needed,
                        "{}: {letter} on {ground} is {reached:.2}",
                        theme.as_str()
                    );
                }
            }
        }
    }
}
