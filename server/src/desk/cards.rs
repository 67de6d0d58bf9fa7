//! What is printed on the card of a person: the code, and the way to enter with it as a picture.

use qrcode::{Color, EcLevel, QrCode};

/// Blank modules around the picture, as the standard wants.
const MARGIN: usize = 4;

/// A picture of `text` as an SVG, black on white, without style and script; empty if it does not fit.
pub(crate) fn qr(text: &str) -> String {
    use std::fmt::Write;
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else {
        return String::new();
    };
    let width = code.width();
    let mut path = String::new();
    for (row, modules) in code.to_colors().chunks(width).enumerate() {
        let mut column = 0;
        while let Some(from) = (column..width).find(|at| modules[*at] == Color::Dark) {
            let to = (from..width)
                .find(|at| modules[*at] == Color::Light)
                .unwrap_or(width);
            let run = to - from;
            let _ = write!(path, "M{} {}h{run}v1h-{run}z", from + MARGIN, row + MARGIN);
            column = to;
        }
    }
    let size = width + 2 * MARGIN;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" \
         shape-rendering=\"crispEdges\" aria-hidden=\"true\">\
         <path fill=\"#fff\" d=\"M0 0h{size}v{size}h-{size}z\"/><path fill=\"#000\" d=\"{path}\"/></svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_only_paths() {
        let svg = qr("http://192.168.1.5:3000/vao/2345-CFGH-JKMN");
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"));
        assert!(!svg.contains("style") && !svg.contains("script"));
        // The finder pattern in the corner begins with seven dark modules.
        assert!(svg.contains("d=\"M4 4h7v1h-7z"), "{svg}");
    }
}
