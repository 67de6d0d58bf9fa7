//! Points are exact: whole thousandths, never a float.

use serde::{Deserialize, Serialize};
use std::{cmp::Ordering, fmt, iter::Sum, ops, str::FromStr};

/// A number of points in thousandths (8,5 points are `Points(8500)`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Points(pub i64);

impl Points {
    /// Nothing. Not the same as no mark: that is `Option::<Points>::None`.
    pub const ZERO: Points = Points(0);

    /// `n` whole points.
    pub const fn whole(n: i64) -> Self {
        Self(n * 1000)
    }

    /// The number as a Vietnamese reader writes it (`8,5`, `12.670`).
    pub fn vietnamese(self) -> String {
        self.written(',', '.')
    }

    /// The number as an English reader writes it (`8.5`, `12,670`).
    pub fn english(self) -> String {
        self.written('.', ',')
    }

    fn written(self, decimal: char, group: char) -> String {
        let whole = (self.0 / 1000).unsigned_abs().to_string();
        let mut text = if self.0 < 0 { "-".to_owned() } else { String::new() };
        for (i, digit) in whole.chars().enumerate() {
            if i > 0 && (whole.len() - i).is_multiple_of(3) {
                text.push(group);
            }
            text.push(digit);
        }
        let rest = (self.0 % 1000).unsigned_abs();
        if rest > 0 {
            text.push(decimal);
            text.push_str(format!("{rest:03}").trim_end_matches('0'));
        }
        text
    }
}

/// Plain notation with a dot, as a form field or a JSON reader takes it (`8.5`).
impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, rest) = ((self.0 / 1000).unsigned_abs(), (self.0 % 1000).unsigned_abs());
        if rest == 0 {
            write!(f, "{sign}{whole}")
        } else {
            write!(f, "{sign}{whole}.{}", format!("{rest:03}").trim_end_matches('0'))
        }
    }
}

/// A text that is no number of points: not a number, finer than a thousandth, or beyond ±1,000,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a number of points")]
pub struct NotPoints;

/// Accepts both `8,5` and `8.5`; no digit grouping.
impl FromStr for Points {
    type Err = NotPoints;
    fn from_str(text: &str) -> Result<Self, NotPoints> {
        let text = text.trim();
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, rest) = digits.split_once([',', '.']).unwrap_or((digits, ""));
        let only_digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || whole.len() > 7 || rest.len() > 3 || !only_digits(whole) || !only_digits(rest)
        {
            return Err(NotPoints);
        }
        let value = format!("{whole}{rest:0<3}")
            .parse::<i64>()
            .map_err(|_| NotPoints)?;
        if value > 1_000_000_000 {
            return Err(NotPoints);
        }
        Ok(Self(if negative { -value } else { value }))
    }
}

impl ops::Add for Points {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl ops::AddAssign for Points {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl ops::Sub for Points {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl ops::Neg for Points {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Sum for Points {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::ZERO, ops::Add::add)
    }
}

/// An exact fraction of thousandths on its way to a rounding: `numerator / denominator`.
#[derive(Clone, Copy, Debug)]
pub struct Exact {
    numerator: i128,
    denominator: i128,
}

impl From<Points> for Exact {
    fn from(points: Points) -> Self {
        Self {
            numerator: i128::from(points.0),
            denominator: 1,
        }
    }
}

impl Exact {
    /// Times `by`.
    pub fn times(self, by: i64) -> Self {
        Self {
            numerator: self.numerator * i128::from(by),
            ..self
        }
    }

    /// Divided by `by`; nothing divided by nothing is nothing (an empty team has no mean).
    pub fn over(self, by: i64) -> Self {
        if by == 0 {
            return Self {
                numerator: 0,
                denominator: 1,
            };
        }
        let (by, sign) = (i128::from(by).abs(), i128::from(by.signum()));
        Self {
            numerator: self.numerator * sign,
            denominator: self.denominator * by,
        }
    }

    fn plus(self, other: Self) -> Option<Self> {
        let shared = gcd(self.denominator, other.denominator);
        let (mine, others) = (self.denominator / shared, other.denominator / shared);
        let numerator = self.numerator.checked_mul(others)?;
        Some(Self {
            numerator: numerator.checked_add(other.numerator.checked_mul(mine)?)?,
            denominator: mine.checked_mul(other.denominator)?,
        })
    }

    /// A value too long for 128 bits (many members, each with another number of void questions), cut
    /// to a billionth of a thousandth.
    fn short(self) -> Self {
        const FINE: i128 = 1_000_000_000;
        let (whole, rest) = (
            self.numerator / self.denominator,
            self.numerator % self.denominator,
        );
        let part = match rest.checked_mul(FINE) {
            Some(rest) => rest / self.denominator,
            None => rest / (self.denominator / FINE),
        };
        Self {
            numerator: whole * FINE + part,
            denominator: FINE,
        }
    }

    /// The same value in the smallest numbers.
    fn reduced(self) -> Self {
        let shared = gcd(self.numerator.abs(), self.denominator);
        Self {
            numerator: self.numerator / shared,
            denominator: self.denominator / shared,
        }
    }
}

/// By value: `1/2` and `2/4` are equal.
impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        let (a, b) = (self.reduced(), other.reduced());
        (a.numerator * b.denominator).cmp(&(b.numerator * a.denominator))
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Exact {}

impl ops::Add for Exact {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        let (a, b) = (self.reduced(), other.reduced());
        a.plus(b)
            .or_else(|| a.short().plus(b.short()))
            .expect("marks are far below 10^20")
    }
}

impl Sum for Exact {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Points::ZERO.into(), ops::Add::add)
    }
}

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// How a computed mark becomes a mark on paper: to the nearest multiple of `step`, halves away
/// from zero ("làm tròn đến 0,5").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rounding {
    /// The step, at least one thousandth: 500 for 0,5; 250 for 0,25; 10 for 0,01.
    pub step: Points,
}

impl Rounding {
    /// To two decimals, the commonest rule.
    pub const HUNDREDTH: Rounding = Rounding { step: Points(10) };

    /// The nearest multiple of the step; a half goes away from zero.
    pub fn round(self, value: Exact) -> Points {
        let step = i128::from(self.step.0.max(1));
        let (n, d) = (value.numerator, value.denominator * step);
        let magnitude = (2 * n.abs() + d) / (2 * d);
        let rounded = magnitude * step * n.signum();
        Points(i64::try_from(rounded).unwrap_or(if rounded < 0 { i64::MIN } else { i64::MAX }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn both_decimal_marks_are_read_and_the_vietnamese_one_is_written() {
        assert_eq!("8,5".parse(), Ok(Points(8500)));
        assert_eq!("8.5".parse(), Ok(Points(8500)));
        assert_eq!("-0,25".parse(), Ok(Points(-250)));
        assert_eq!(Points(12_670_000).vietnamese(), "12.670");
        assert_eq!(Points(8_750).vietnamese(), "8,75");
        assert_eq!(Points(-250).vietnamese(), "-0,25");
        for bad in ["", "8,,5", "abc", "8,1234", "99999999", ",5", "1e3", "٣"] {
            assert_eq!(bad.parse::<Points>(), Err(NotPoints), "{bad}");
        }
    }

    #[test]
    fn a_mean_of_thirds_is_rounded_once() {
        let mean = Exact::from(Points::whole(80)).over(3);
        assert_eq!(Rounding::HUNDREDTH.round(mean), Points(26_670));
        assert_eq!(Rounding { step: Points(500) }.round(mean), Points(26_500));
        assert_eq!(
            Rounding { step: Points(500) }.round(Points(250).into()),
            Points(500)
        );
        assert_eq!(
            Rounding { step: Points(500) }.round(Points(-250).into()),
            Points(-500)
        );
    }

    #[test]
    fn fractions_are_added_exactly_and_the_longest_as_finely_as_matters() {
        let half = |n| Exact::from(Points(n)).over(2);
        assert!(half(1) + half(1) == Points(1).into() && half(1) < Points(1).into());
        let parts: Exact = (201..=300).map(|n| Exact::from(Points(n * n)).over(n)).sum();
        assert!(parts == Points((201..=300).sum()).into());
        let long: Exact = (201..=300).map(|n| Exact::from(Points(1_000_000)).over(n)).sum();
        // 1/201 + ... + 1/300 = 0,404 632 9...
        assert_eq!(Rounding { step: Points(1) }.round(long), Points(404_633));
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(n in -1_000_000_000i64..=1_000_000_000) {
            prop_assert_eq!(Points(n).to_string().parse(), Ok(Points(n)));
        }

        #[test]
        fn rounding_moves_by_at_most_half_a_step(n in -1_000_000i64..1_000_000, by in 1i64..50, step in 1i64..2000) {
            let rounded = Rounding { step: Points(step) }.round(Exact::from(Points(n)).over(by));
            prop_assert_eq!(rounded.0 % step, 0);
            prop_assert!((i128::from(rounded.0) * i128::from(by) - i128::from(n)).abs() * 2 <= i128::from(step * by));
        }
    }
}
