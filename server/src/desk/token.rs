//! Secrets and numbers drawn at random.

use contest::Digest;
use contest::ident::hex;
use rand::RngExt;

/// The characters of a personal code. No vowel, no `W` and no `D`: a Vietnamese keyboard (Telex,
/// VNI) leaves these alone, and no code is a word. Of characters that look alike only one is here.
const LETTERS: &[u8; 22] = b"23456789CFGHJKMNPQRTVX";
/// 22^12 is more than 2^53.
const CODE: usize = 12;

/// A new secret of 256 bits, for a cookie or a link.
pub(super) fn secret() -> String {
    hex(&rand::rng().random::<[u8; 32]>())
}

/// Names a secret in the database: what is stolen from there opens nothing.
pub(crate) fn hashed(secret: &str) -> String {
    Digest::of(secret.as_bytes()).0
}

/// A new number for a row, below 2^53: a browser holds it exactly, and nobody guesses the next.
pub(crate) fn number() -> i64 {
    rand::rng().random_range(1..1 << 53)
}

/// A new personal code, as it is stored.
pub(super) fn code() -> String {
    let mut rng = rand::rng();
    (0..CODE)
        .map(|_| char::from(LETTERS[rng.random_range(0..LETTERS.len())]))
        .collect()
}

/// A code as somebody typed it, as it is stored: any case, blanks and hyphens ignored, look-alikes
/// taken for the one that is in use. `None` if no code can be meant.
pub(super) fn typed_code(text: &str) -> Option<String> {
    let mut code = String::with_capacity(CODE);
    for c in text.chars() {
        let c = match c.to_ascii_uppercase() {
            ' ' | '-' | '.' | '_' | '\u{a0}' | '\u{2010}'..='\u{2015}' => continue,
            'S' => '5',
            'Z' => '2',
            'B' => '8',
            c => c,
        };
        if code.len() == CODE || !c.is_ascii() || !LETTERS.contains(&(c as u8)) {
            return None;
        }
        code.push(c);
    }
    (code.len() == CODE).then_some(code)
}

/// A stored code as it is printed: `2345-CFGH-JKMN`.
pub(super) fn printed_code(code: &str) -> String {
    let groups: Vec<&str> = [0..4, 4..8, 8..12]
        .into_iter()
        .filter_map(|group| code.get(group))
        .collect();
    groups.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_understood_however_it_is_typed() {
        for _ in 0..200 {
            let code = code();
            let printed = printed_code(&code);
            assert_eq!(printed.len(), 14);
            assert_eq!(typed_code(&printed).as_ref(), Some(&code));
            let lower = printed.to_lowercase().replace('-', " ");
            assert_eq!(typed_code(&lower).as_ref(), Some(&code));
        }
        assert_eq!(typed_code("szb5 2345 6789").as_deref(), Some("528523456789"));
    }

    #[test]
    fn what_is_no_code_is_none() {
        for text in [
            "",
            "2345-6789",
            "2345-6789-CFGH-J",
            "A345-6789-CFGH",
            "Ữ345-6789-CFGH",
        ] {
            assert_eq!(typed_code(text), None, "{text}");
        }
    }

    #[test]
    fn secrets_and_numbers_differ() {
        assert_ne!(secret(), secret());
        assert_eq!(secret().len(), 64);
        assert!((1..1 << 53).contains(&number()));
    }
}
