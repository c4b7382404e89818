//! The lines of a text, and which of them bound blocks.

use core::fmt;

use crate::{Error, ErrorKind};

/// What some editors put before a text in UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A line without its end.
pub(super) struct Line<'a> {
    /// Without white space at its end.
    pub(super) text: &'a [u8],
    /// The offset in the text of its first byte.
    pub(super) position: usize,
}

/// What a line is.
pub(super) enum Boundary<'a> {
    Begin(&'a str),
    End(&'a str),
    None,
}

/// The lines of a text; of CRLF, each octet ends a line.
pub(super) struct Lines<'a> {
    rest: &'a [u8],
    position: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        match text.strip_prefix(BYTE_ORDER_MARK) {
            Some(rest) => Self { rest, position: BYTE_ORDER_MARK.len() },
            None => Self { rest: text, position: 0 },
        }
    }

    /// The offset in the text of what is left.
    pub(super) const fn position(&self) -> usize {
        self.position
    }

    pub(super) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Nothing is left from here.
    pub(super) const fn end(&mut self) {
        self.rest = &[];
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let end = self.rest.iter().position(|octet| matches!(octet, b'\n' | b'\r'));
        let bytes = end.unwrap_or(self.rest.len());
        let (line, rest) = self.rest.split_at_checked(bytes)?;
        let position = self.position;
        let (line_end, rest) = rest.split_at_checked(1).unwrap_or((rest, &[]));
        self.rest = rest;
        // Offsets into a slice do not overflow.
        self.position = position.saturating_add(bytes).saturating_add(line_end.len());
        Some(Line { text: line.trim_ascii_end(), position })
    }
}

impl<'a> Line<'a> {
    /// What the line is.
    ///
    /// # Errors
    /// [`ErrorKind::PemBoundary`] when it begins like a boundary and is none.
    pub(super) fn boundary(&self) -> Result<Boundary<'a>, Error> {
        let error = Error::at(self.position, ErrorKind::PemBoundary);
        if let Some(text) = self.text.strip_prefix(b"-----BEGIN ") {
            label(text).map(Boundary::Begin).ok_or(error)
        } else if let Some(text) = self.text.strip_prefix(b"-----END ") {
            label(text).map(Boundary::End).ok_or(error)
        } else {
            Ok(Boundary::None)
        }
    }
}

/// The label before five dashes: printable ASCII, with single dashes and spaces in between
/// (RFC 7468 §3).
fn label(text: &[u8]) -> Option<&str> {
    let label = core::str::from_utf8(text.strip_suffix(b"-----")?).ok()?;
    is_label(label).then_some(label)
}

/// Whether this is a label: what is read, and what is written.
pub(super) fn is_label(label: &str) -> bool {
    let word = |word: &str| !word.is_empty() && word.bytes().all(|octet| octet.is_ascii_graphic());
    label.split(['-', ' ']).all(word)
}

/// Leaves the text out: it may be secret.
impl fmt::Debug for Lines<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Lines").field("position", &self.position).finish_non_exhaustive()
    }
}
