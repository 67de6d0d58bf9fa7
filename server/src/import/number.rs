//! Numbers as Excel shows them. An organizer typed `01/7/2023`, `50%` or `12.670` into an option;
//! the file holds 45108, 0.5 and 12670 with a format. The contestant must read what was typed.
//!
//! Decimal comma and thousands point, as the language of the contest has them. Literal words
//! inside a format (`0 "năm"`) are not shown.

use jiff::ToSpan;
use jiff::civil::{Date, date};

/// The last day Excel knows, 31/12/9999.
const LAST_DAY: i64 = 2_958_465;

/// How a number is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Format {
    /// As it is.
    #[default]
    General,
    /// A moment: its day, its time of day, or both.
    Moment { day: bool, time: bool },
    /// Digits after the comma, digits before it at least, points between thousands, percent.
    Digits {
        decimals: usize,
        width: usize,
        grouped: bool,
        percent: bool,
    },
}

impl Format {
    /// The format behind an id that needs no code in the file.
    pub(super) fn builtin(id: u32) -> Self {
        let digits = |decimals, grouped, percent| Self::Digits {
            decimals,
            width: 1,
            grouped,
            percent,
        };
        match id {
            1 => digits(0, false, false),
            2 => digits(2, false, false),
            3 | 37 | 38 => digits(0, true, false),
            4 | 39 | 40 => digits(2, true, false),
            9 => digits(0, false, true),
            10 => digits(2, false, true),
            14..=17 | 27..=36 | 50..=58 => Self::Moment {
                day: true,
                time: false,
            },
            18..=21 | 45..=47 => Self::Moment {
                day: false,
                time: true,
            },
            22 => Self::Moment {
                day: true,
                time: true,
            },
            _ => Self::General,
        }
    }

    /// The format behind a code such as `dd/mm/yyyy`, `#,##0.00` or `000`.
    pub(super) fn of_code(code: &str) -> Self {
        let code = bare(code);
        if code.is_empty() || code.contains("general") || code.contains('@') || code.contains("e+") {
            return Self::General;
        }
        let day = code.contains(['y', 'd']);
        let time = code.contains(['h', 's']);
        if day || time || code.contains('m') {
            return Self::Moment {
                day: day || !time,
                time,
            };
        }
        let (whole, fraction) = code.split_once('.').unwrap_or((&code, ""));
        if !code.contains(['0', '#']) || code.contains('?') {
            return Self::General;
        }
        Self::Digits {
            decimals: fraction.matches('0').count().min(15),
            width: whole.matches('0').count().clamp(1, 30),
            grouped: whole.contains(','),
            percent: code.contains('%'),
        }
    }

    /// A number of the file as it is shown; a number that is none is left as it is.
    pub(super) fn show(self, raw: &str, since_1904: bool) -> String {
        let Some(number) = raw.trim().parse::<f64>().ok().filter(|number| number.is_finite()) else {
            return raw.to_owned();
        };
        match self {
            Self::General => plain(number),
            Self::Moment { day, time } => {
                moment(number, since_1904, day, time).unwrap_or_else(|| plain(number))
            }
            Self::Digits {
                decimals,
                width,
                grouped,
                percent,
            } => {
                let number = if percent { number * 100.0 } else { number };
                let mut shown = digits(number, decimals, width, grouped);
                if percent {
                    shown.push('%');
                }
                shown
            }
        }
    }
}

/// The first section of a code, lower case, without quoted words, escapes, colours and fillers.
fn bare(code: &str) -> String {
    let mut out = String::new();
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            ';' => break,
            '"' => while chars.next().is_some_and(|c| c != '"') {},
            '[' => {
                let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                // `[h]` counts hours; `[Red]` and `[$-42A]` say nothing about the digits.
                if matches!(inside.as_str(), "h" | "hh" | "m" | "mm" | "s" | "ss" | "H" | "HH") {
                    out.push_str(&inside.to_lowercase());
                }
            }
            '\\' | '_' | '*' => {
                chars.next();
            }
            _ => out.extend(c.to_lowercase()),
        }
    }
    out
}

/// A number without a format. Excel keeps 17 digits and shows 15: 0.1 + 0.2 is 0,3.
fn plain(number: f64) -> String {
    let rounded = format!("{number:.14e}").parse::<f64>().unwrap_or(number);
    format!("{rounded}").replace('.', ",")
}

fn digits(number: f64, decimals: usize, width: usize, grouped: bool) -> String {
    // Halves away from zero, like Excel: the shortest decimal form first, then digit by digit.
    let exact = plain(number.abs()).replace(',', ".");
    let rounded = round(&exact, decimals);
    let (whole, fraction) = rounded.split_once('.').unwrap_or((&rounded, ""));
    let whole = format!("{whole:0>width$}");
    let mut out = String::new();
    if number < 0.0 && rounded.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
        out.push('-');
    }
    for (i, c) in whole.chars().enumerate() {
        if grouped && i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push('.');
        }
        out.push(c);
    }
    if !fraction.is_empty() {
        out.push(',');
        out.push_str(fraction);
    }
    out
}

/// Rounds a decimal number written in digits to `decimals` places, halves up.
fn round(number: &str, decimals: usize) -> String {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let mut kept: Vec<u8> = whole
        .bytes()
        .chain(fraction.bytes().chain([b'0'; 16]).take(decimals))
        .collect();
    if fraction
        .as_bytes()
        .get(decimals)
        .is_some_and(|digit| *digit >= b'5')
    {
        let mut at = kept.len();
        loop {
            if at == 0 {
                kept.insert(0, b'1');
                break;
            }
            at -= 1;
            if kept[at] < b'9' {
                kept[at] += 1;
                break;
            }
            kept[at] = b'0';
        }
    }
    let point = kept.len() - decimals;
    let mut out: String = kept.iter().map(|digit| char::from(*digit)).collect();
    if decimals > 0 {
        out.insert(point, '.');
    }
    out
}

/// A moment of Excel's calendar; `None` outside it.
fn moment(serial: f64, since_1904: bool, day: bool, time: bool) -> Option<String> {
    let whole = serial.floor();
    let days: i64 = format!("{whole:.0}")
        .parse()
        .ok()
        .filter(|days| (0..=LAST_DAY).contains(days))?;
    let seconds: i64 = format!("{:.0}", (serial - whole) * 86_400.0).parse().ok()?;
    let mut out = String::new();
    if day {
        let start: Date = match since_1904 {
            true => date(1904, 1, 1),
            // Excel believes in 29/02/1900; before it, its days are numbered one lower.
            false if days < 60 => date(1899, 12, 31),
            false => date(1899, 12, 30),
        };
        let shown = start.checked_add(days.days()).ok()?;
        out = format!("{:02}/{:02}/{}", shown.day(), shown.month(), shown.year());
    }
    if time && (!day || seconds > 0) {
        if day {
            out.push(' ');
        }
        out.push_str(&format!("{:02}:{:02}", seconds / 3_600, seconds / 60 % 60));
        if seconds % 60 != 0 {
            out.push_str(&format!(":{:02}", seconds % 60));
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_look_as_they_were_typed() {
        for (raw, code, shown) in [
            ("1", "General", "1"),
            ("0.30000000000000004", "General", "0,3"),
            ("84912345678", "General", "84912345678"),
            ("45108", "dd/mm/yyyy", "01/07/2023"),
            ("45108", "[$-42A]d/m/yyyy;@", "01/07/2023"),
            ("45108.3125", "dd/mm/yyyy hh:mm", "01/07/2023 07:30"),
            ("0.3125", "h:mm", "07:30"),
            ("0.5", "0%", "50%"),
            ("0.125", "0.0%", "12,5%"),
            ("12670", "#,##0", "12.670"),
            ("1234567.891", "#,##0.00", "1.234.567,89"),
            ("7", "000", "007"),
            ("8.5", "0.00", "8,50"),
            ("9.995", "0.00", "10,00"),
            ("-0.001", "0.00", "0,00"),
            ("5", "0 \"năm\"", "5"),
            ("-3", "0;[Red]-0", "-3"),
            ("x", "0", "x"),
            ("1e300", "dd/mm/yyyy", &plain(1e300)),
        ] {
            assert_eq!(Format::of_code(code).show(raw, false), shown, "{raw} {code}");
        }
        assert_eq!(Format::builtin(14).show("1", false), "01/01/1900");
        assert_eq!(Format::builtin(14).show("61", false), "01/03/1900");
        assert_eq!(Format::builtin(14).show("0", true), "01/01/1904");
        assert_eq!(Format::builtin(14).show("-1", false), "-1");
    }
}
