//! The little XML a workbook needs: events, attributes, and texts of bounded length.

use super::sheet::MAX_CELL;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion, escape};
use std::io::BufRead;

/// Deepest nesting read; a sheet needs seven. The parser remembers every open element.
const MAX_DEPTH: usize = 64;

/// Reads a part event by event. `<c/>` comes as a start and an end.
pub(super) struct Xml<R> {
    reader: Reader<R>,
    buffer: Vec<u8>,
    depth: usize,
}

impl<R: BufRead> Xml<R> {
    pub(super) fn new(part: R) -> Self {
        let mut reader = Reader::from_reader(part);
        reader.config_mut().expand_empty_elements = true;
        Self {
            reader,
            buffer: Vec::with_capacity(1 << 10),
            depth: 0,
        }
    }

    /// The next event; [`Event::Eof`] at the end. `None` if the part cannot be read further.
    pub(super) fn next(&mut self) -> Option<Event<'_>> {
        self.buffer.clear();
        let event = self.reader.read_event_into(&mut self.buffer).ok()?;
        match event {
            Event::Start(_) => self.depth += 1,
            // The parser refuses an end without a start.
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        (self.depth <= MAX_DEPTH).then_some(event)
    }
}

/// The value of an attribute by its local name (`id` finds `r:id`), with references resolved.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    // Without the check for doubles, which compares every attribute with every other.
    let mut attributes = element.attributes();
    let found = attributes
        .with_checks(false)
        .flatten()
        .find(|a| a.key.local_name().as_ref() == name)?;
    Some(found.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned())
}

/// A text put together from events, cut one character after [`MAX_CELL`].
#[derive(Default)]
pub(super) struct Text {
    text: String,
    chars: usize,
}

impl Text {
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.chars = 0;
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    pub(super) fn push(&mut self, piece: &str) {
        for c in piece.chars().take(MAX_CELL + 1 - self.chars) {
            self.text.push(c);
            self.chars += 1;
        }
    }

    /// Adds what `&amp;` or `&#272;` stands for. `None` for a reference XML does not know.
    pub(super) fn push_reference(&mut self, reference: &BytesRef<'_>) -> Option<()> {
        if let Some(known) = escape::resolve_xml_entity(reference) {
            self.push(known);
        } else {
            let c = reference.resolve_char_ref().ok().flatten()?;
            self.push(c.encode_utf8(&mut [0; 4]));
        }
        Some(())
    }

    /// The text with Excel's own escapes undone: it writes what XML cannot hold as `_x000D_`.
    pub(super) fn unescaped(&self) -> String {
        let mut out = String::with_capacity(self.text.len());
        let mut rest = self.text.as_str();
        while let Some(at) = rest.find("_x") {
            let code = rest
                .get(at + 2..at + 6)
                .filter(|_| rest.as_bytes().get(at + 6) == Some(&b'_'));
            let unit = code.filter(|code| code.bytes().all(|b| b.is_ascii_hexdigit()));
            let c = unit
                .and_then(|code| u32::from_str_radix(code, 16).ok())
                .and_then(char::from_u32);
            let (end, c) = match c {
                Some(c) => (at + 7, Some(c)),
                None => (at + 2, None),
            };
            out.push_str(if c.is_some() { &rest[..at] } else { &rest[..end] });
            out.extend(c);
            rest = &rest[end..];
        }
        out.push_str(rest);
        out
    }
}
