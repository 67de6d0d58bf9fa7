//! Words on the screen: Vietnamese first, English second, both from `app/locales/*.json`.
//!
//! The locale is a plain value. A page asks once with [`request_locale`] and hands it down as a prop;
//! an island takes `locale: Locale` as a prop, since it cannot read the server's context:
//!
//! ```ignore
//! let locale = request_locale();                                  // page, server side
//! view! { <h1>{td_string!(locale, home.title)}</h1> }         // a plain &'static str
//! td_string!(locale, home.teams, n = 3)                       // a String, from "… {{ n }} …"
//! {move || td_string!(locale, home.teams, n = count.get())}   // follows a signal, in an island
//! td!(locale, home.teams, n = move || count.get())            // the same as a view
//! ```
//!
//! A missing key, or a missing `n`, does not compile. Keys are snake_case and nest by page.

/// What the build script makes of the files; use it through this module's re-exports.
#[allow(missing_docs, unused, unused_qualifications, clippy::all, clippy::unwrap_used)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/i18n.rs"));
}

pub use generated::i18n::Locale;
pub use leptos_i18n::{td, td_string};

/// The cookie that remembers the language a visitor chose; its value is `vi` or `en`.
pub const LOCALE_COOKIE: &str = "ngon-ngu";

/// The language for a request with this `Cookie` header: what was chosen, else Vietnamese.
///
/// `Accept-Language` is not asked on purpose: tablets are often set to English by their seller.
pub fn locale_from_cookies(header: &str) -> Locale {
    cookie_in(header, LOCALE_COOKIE)
        .and_then(|value| value.parse().ok())
        .unwrap_or(Locale::vi)
}

/// The value of one cookie of a `Cookie` header.
fn cookie_in<'h>(header: &'h str, name: &str) -> Option<&'h str> {
    let mut pairs = header.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(of, _)| *of == name).map(|(_, value)| value)
}

/// The language of the request being answered.
#[cfg(feature = "ssr")]
pub fn request_locale() -> Locale {
    request_cookie(LOCALE_COOKIE)
        .and_then(|value| value.parse().ok())
        .unwrap_or(Locale::vi)
}

/// A cookie of the request being answered.
#[cfg(feature = "ssr")]
pub fn request_cookie(name: &str) -> Option<String> {
    use leptos::prelude::use_context;

    let parts = use_context::<http::request::Parts>()?;
    let headers = parts.headers.get_all(http::header::COOKIE);
    headers
        .iter()
        .find_map(|header| cookie_in(header.to_str().ok()?, name).map(str::to_owned))
}

#[cfg(test)]
mod scan;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_chooses_and_vietnamese_is_the_default() {
        assert_eq!(locale_from_cookies("a=b; ngon-ngu=en"), Locale::en);
        assert_eq!(locale_from_cookies("ngon-ngu=xx"), Locale::vi);
        assert_eq!(locale_from_cookies(""), Locale::vi);
    }

    #[test]
    fn words_take_numbers() {
        assert_eq!(td_string!(Locale::vi, home.teams, n = 14), "14 đội thi");
        assert_eq!(td_string!(Locale::en, site.name), "Dân vận khéo contest");
    }
}
