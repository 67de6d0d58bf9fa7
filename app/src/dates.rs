//! Dates and times of day as they stand on the screen: in Vietnam, which is UTC+7 all year.

use contest::{Millis, Moment};

const HOUR: Millis = 3_600_000;
const DAY: Millis = 24 * HOUR;
const OFFSET: Millis = 7 * HOUR;

/// Year, month, day, hour, minute, second.
type Parts = (i64, i64, i64, i64, i64, i64);

fn parts(at: Moment) -> Parts {
    let local = at + OFFSET;
    let (days, rest) = (local.div_euclid(DAY), local.rem_euclid(DAY) / 1000);
    // Days since 1 March of year 0, in eras of 400 years: leap days fall at the end of a year.
    let shifted = days + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march + 2) / 5 + 1;
    let month = if march < 10 { march + 3 } else { march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day, rest / 3600, rest / 60 % 60, rest % 60)
}

/// `21/11/2026 14:03`.
pub fn date_time(at: Moment) -> String {
    let (year, month, day, hour, minute, _) = parts(at);
    format!("{day:02}/{month:02}/{year} {hour:02}:{minute:02}")
}

/// `21/11/2026 14:03:22`.
pub fn date_time_seconds(at: Moment) -> String {
    format!("{}:{:02}", date_time(at), parts(at).5)
}

/// `21/11/2026`.
pub fn date(at: Moment) -> String {
    let (year, month, day, ..) = parts(at);
    format!("{day:02}/{month:02}/{year}")
}

/// Day, month and year as official papers write them: days under 10 and months 1 and 2 take a zero.
pub fn on_paper(at: Moment) -> (String, String, String) {
    let (year, month, day, ..) = parts(at);
    let month = if month < 3 {
        format!("{month:02}")
    } else {
        month.to_string()
    };
    (format!("{day:02}"), month, year.to_string())
}

/// `14:03:22`.
pub fn time(at: Moment) -> String {
    let (.., hour, minute, second) = parts(at);
    format!("{hour:02}:{minute:02}:{second:02}")
}

/// `14:03`.
pub fn hour(at: Moment) -> String {
    let (.., hour, minute, _) = parts(at);
    format!("{hour:02}:{minute:02}")
}

/// The value of `<input type="datetime-local">`, and of `<time datetime>`.
pub fn input_value(at: Moment) -> String {
    let (year, month, day, hour, minute, _) = parts(at);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}")
}

/// Reads what `<input type="datetime-local">` sends, with or without seconds.
pub fn from_input(text: &str) -> Option<Moment> {
    let (date, time) = text.trim().split_once('T')?;
    let mut fields = date.splitn(3, '-').map(|field| field.parse::<i64>().ok());
    let (year, month, day) = (fields.next()??, fields.next()??, fields.next()??);
    let mut fields = time.splitn(3, ':').map(|field| field.parse::<i64>().ok());
    let (hour, minute) = (fields.next()??, fields.next()??);
    let sound = (1970..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && (0..24).contains(&hour)
        && (0..60).contains(&minute);
    if !sound {
        return None;
    }
    let (march, years) = if month > 2 {
        (month - 3, year)
    } else {
        (month + 9, year - 1)
    };
    let of_year = (153 * march + 2) / 5 + day - 1;
    let days = years * 365 + years / 4 - years / 100 + years / 400 + of_year - 719_468;
    let at = days * DAY + hour * HOUR + minute * 60_000 - OFFSET;
    // A 31 February comes out as some other day.
    (input_value(at) == text.trim().chars().take(16).collect::<String>()).then_some(at)
}

/// Time left or taken, as a clock: `09:05`, and `1:02:03` from an hour on.
pub fn clock(millis: Millis) -> String {
    let seconds = (millis.max(0) + 999) / 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours == 0 {
        format!("{minutes:02}:{seconds:02}")
    } else {
        format!("{hours}:{minutes:02}:{seconds:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_read_as_in_vietnam() {
        assert_eq!(date_time(0), "01/01/1970 07:00");
        assert_eq!(date_time_seconds(1_795_244_602_000), "21/11/2026 14:03:22");
        assert_eq!(hour(1_795_244_602_000), "14:03");
        assert_eq!(date_time(951_782_400_000), "29/02/2000 07:00");
    }

    #[test]
    fn what_a_form_sends_reads_back() {
        for text in ["2026-11-21T14:03", "2024-02-29T00:00", "1999-12-31T23:59"] {
            assert_eq!(from_input(text).map(input_value).as_deref(), Some(text));
        }
        assert_eq!(from_input("2026-11-21T14:03:22"), from_input("2026-11-21T14:03"));
        for bad in [
            "",
            "2026-02-31T10:00",
            "2026-13-01T10:00",
            "21/11/2026 14:03",
            "2026-11-21T24:00",
        ] {
            assert_eq!(from_input(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_clock_counts_begun_seconds() {
        assert_eq!(clock(0), "00:00");
        assert_eq!(clock(1), "00:01");
        assert_eq!(clock(545_000), "09:05");
        assert_eq!(clock(3_723_000), "1:02:03");
        assert_eq!(clock(-5), "00:00");
    }
}
