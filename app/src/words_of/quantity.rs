//! Points, numbers and durations, as each language writes them.

use contest::{Millis, Points};

use crate::words::{Locale, td_string};

/// Points as the reader of that language writes them.
pub fn points(locale: Locale, points: Points) -> String {
    match locale {
        Locale::vi => points.vietnamese(),
        Locale::en => points.english(),
    }
}

/// As [`points`], with two decimals at least: marks of a column stand under one another.
pub fn points_aligned(locale: Locale, of: Points) -> String {
    let mark = match locale {
        Locale::vi => ',',
        Locale::en => '.',
    };
    let text = points(locale, of);
    match text.split_once(mark) {
        Some((whole, rest)) => format!("{whole}{mark}{rest:0<2}"),
        None => format!("{text}{mark}00"),
    }
}

/// A whole number with its digits grouped.
pub fn number(locale: Locale, n: u64) -> String {
    let group = match locale {
        Locale::vi => '.',
        Locale::en => ',',
    };
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(group);
        }
        text.push(digit);
    }
    text
}

/// A length of time in words, begun seconds counted: "12 phút 30 giây".
pub fn duration(locale: Locale, millis: Millis) -> String {
    let seconds = (millis.max(0) + 999) / 1000;
    let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (h, m, s) {
        (0, 0, s) => td_string!(locale, common.seconds, s = s),
        (0, m, 0) => td_string!(locale, common.minutes, m = m),
        (0, m, s) => td_string!(locale, common.minutes_seconds, m = m, s = s),
        (h, m, _) => td_string!(locale, common.hours_minutes, h = h, m = m),
    }
}
