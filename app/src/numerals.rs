//! Marks in words, as printed sheets have them beside the figures: nobody adds a stroke to a word.

use contest::Points;

const DIGITS: [&str; 10] = [
    "không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín",
];

/// `42.5` is "Bốn mươi hai phẩy năm".
pub fn in_words(points: Points) -> String {
    let (whole, rest) = (points.0.unsigned_abs() / 1000, points.0.unsigned_abs() % 1000);
    let mut words = number(whole);
    if rest > 0 {
        let digits = format!("{rest:03}");
        let digits = digits.trim_end_matches('0');
        words.push_str(" phẩy");
        // Leading zeros are read one by one, the rest as a number.
        let zeros = digits.len() - digits.trim_start_matches('0').len();
        for _ in 0..zeros {
            words.push_str(" không");
        }
        words.push(' ');
        words.push_str(&number(digits.parse().unwrap_or(0)));
    }
    if points.0 < 0 {
        words.insert_str(0, "âm ");
    }
    let mut letters = words.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

fn number(n: u64) -> String {
    let (thousands, rest) = (n / 1000, n % 1000);
    if thousands == 0 {
        return hundreds(rest, false);
    }
    let head = format!("{} nghìn", hundreds(thousands % 1000, false));
    if rest == 0 {
        head
    } else {
        format!("{head} {}", hundreds(rest, true))
    }
}

/// `full`: behind thousands the missing hundred is read too.
fn hundreds(n: u64, full: bool) -> String {
    let (hundred, tens, ones) = (n / 100, n / 10 % 10, n % 10);
    let digit = |n: u64| DIGITS[n as usize % 10];
    let mut words: Vec<&str> = Vec::new();
    if hundred > 0 || full {
        words.extend([digit(hundred), "trăm"]);
    }
    match (tens, ones) {
        (0, 0) if words.is_empty() => words.push(digit(0)),
        (0, 0) => {}
        (0, _) => {
            if !words.is_empty() {
                words.push("linh");
            }
            words.push(digit(ones));
        }
        _ => {
            if tens == 1 {
                words.push("mười");
            } else {
                words.extend([digit(tens), "mươi"]);
            }
            match ones {
                0 => {}
                1 if tens > 1 => words.push("mốt"),
                5 => words.push("lăm"),
                _ => words.push(digit(ones)),
            }
        }
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_they_are_read_aloud() {
        let cases = [
            (0, "Không"),
            (5_000, "Năm"),
            (10_000, "Mười"),
            (15_000, "Mười lăm"),
            (21_000, "Hai mươi mốt"),
            (42_500, "Bốn mươi hai phẩy năm"),
            (8_250, "Tám phẩy hai mươi lăm"),
            (86_050, "Tám mươi sáu phẩy không năm"),
            (105_000, "Một trăm linh năm"),
            (250_000, "Hai trăm năm mươi"),
            (1_005_000, "Một nghìn không trăm linh năm"),
            (-5_000, "Âm năm"),
        ];
        for (points, words) in cases {
            assert_eq!(in_words(Points(points)), words);
        }
    }
}
