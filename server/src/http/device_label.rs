//! What a browser says it is, shortened for lists of devices.

use axum::http::{HeaderMap, header};

/// `Android, Chrome`; "?" for what does not say.
pub(super) fn device_label(headers: &HeaderMap) -> String {
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|agent| agent.to_str().ok());
    agent.map_or_else(|| "?".to_owned(), shortened)
}

/// The first word that fits wins: browsers claim to be each other, the more special one comes first.
fn shortened(agent: &str) -> String {
    const SYSTEMS: [(&str, &str); 7] = [
        ("iPad", "iPad"),
        ("iPhone", "iPhone"),
        ("Android", "Android"),
        ("CrOS", "ChromeOS"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    const BROWSERS: [(&str, &str); 8] = [
        ("coc_coc_browser", "Cốc Cốc"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Edg", "Edge"),
        ("OPR", "Opera"),
        ("Firefox", "Firefox"),
        ("CriOS", "Chrome"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ];
    let first = |list: &[(&str, &'static str)]| {
        list.iter()
            .find(|(word, _)| agent.contains(word))
            .map(|(_, name)| *name)
    };
    match (first(&SYSTEMS), first(&BROWSERS)) {
        (Some(system), Some(browser)) => format!("{system}, {browser}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => {
            let name = agent.split(['/', ' ']).next().unwrap_or_default();
            name.chars()
                .filter(|c| c.is_ascii_alphanumeric())
                .take(20)
                .collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tablets_are_named_by_system_and_browser() {
        let android = "Mozilla/5.0 (Linux; Android 13; SM-X200) AppleWebKit/537.36 (KHTML, like Gecko) \
                       Chrome/120.0.0.0 Safari/537.36";
        assert_eq!(shortened(android), "Android, Chrome");
        let ipad = "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                    Version/16.6 Mobile/15E148 Safari/604.1";
        assert_eq!(shortened(ipad), "iPad, Safari");
        assert_eq!(shortened("curl/8.5.0"), "curl");
        assert_eq!(shortened("<script>"), "script");
    }
}
