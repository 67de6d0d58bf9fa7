//! A question for the stage: its options, and the answer once it may be shown.

use leptos::prelude::*;

use super::{Frame, size};
use crate::icon::{Icon, icon};
use crate::words::td_string;

pub(super) fn drawn(
    of: Frame<'_>,
    text: &str,
    options: &[String],
    answer: Option<u8>,
) -> impl IntoView + use<> {
    let locale = of.locale;
    let longest = options
        .iter()
        .map(|option| option.chars().count())
        .max()
        .unwrap_or(0);
    let columns = if longest <= 34 && options.len() > 2 {
        "s-options two"
    } else {
        "s-options"
    };
    let all: usize =
        text.chars().count() + options.iter().map(|option| option.chars().count()).sum::<usize>();
    let fewer = size(&"x".repeat(all), [200, 380, 560, 800]);
    let options = ('A'..).zip(options).enumerate().map(|(at, (letter, option))| {
        let right = answer.map(usize::from) == Some(at);
        let class = match answer {
            Some(_) if right => "s-option right",
            Some(_) => "s-option other",
            None => "s-option",
        };
        view! {
            <li class=class>
                <b class="s-letter">{letter.to_string()}</b>
                <span class="s-option-text">
                    {option.clone()}
                {right
                    .then(|| {
                        view! {
                            <span class="s-right">{icon(Icon::Check)} {td_string!(locale, scene.right_answer)}</span>
                        }
                    })}
                </span>
            </li>
        }
    });
    view! {
        <section class="s-question">
            <p class="s-contest">{of.view.title.clone()}</p>
            <div class=format!("s-question-in fit {fewer}")>
                <h1 class="s-question-text">{text.to_owned()}</h1>
                <ol class=columns>{options.collect_view()}</ol>
            </div>
        </section>
    }
}
