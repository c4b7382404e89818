//! A strict reader of DER: tag, length, value (X.690).
//!
//! It accepts the one encoding that DER allows: definite lengths in as few octets as
//! possible, INTEGERs likewise, and nothing after the last element. It borrows from the
//! input, allocates nothing, and knows the offset of every byte, which its errors carry.
//!
//! The end of each value is checked by the reader, not by its user: [`decode`] and
//! [`Reader::nested`] take a closure and fail when it leaves something unread.
//!
//! ```
//! use pkcs11_codec::tlv;
//!
//! let der = [0x30, 0x06, 0x02, 0x01, 0x07, 0x02, 0x01, 0x00];
//! let pair = tlv::decode(&der, |reader| {
//!     reader.sequence(|sequence| Ok((sequence.unsigned()?, sequence.unsigned()?)))
//! })?;
//! assert_eq!(pair, (&[7][..], &[0][..]));
//!
//! let error = tlv::decode(&der, |reader| reader.sequence(|sequence| sequence.unsigned()));
//! assert_eq!(
//!     error.unwrap_err().to_string(),
//!     "at byte 5: expected the end, found 3 more bytes",
//! );
//! # Ok::<(), pkcs11_codec::Error>(())
//! ```

mod elements;
mod header;
mod optional;
mod tag;
mod value;

use core::{fmt, mem};

pub(crate) use elements::Elements;
pub(crate) use header::{Header, element_bytes};
pub use tag::Tag;
pub use value::{BitString, check};

use crate::{Error, ErrorKind};

/// How deep values may nest; keys and certificates stay below 10.
pub const MAX_DEPTH: u8 = 32;

/// Reads all of `der` with `read`.
///
/// # Errors
/// Those of `read`, or [`ErrorKind::TrailingData`] when it leaves bytes unread.
#[inline]
pub fn decode<'a, T>(
    der: &'a [u8],
    read: impl FnOnce(&mut Reader<'a>) -> Result<T, Error>,
) -> Result<T, Error> {
    Reader { rest: der, end: der.len(), depth: 0 }.all(read)
}

/// One element: a tag and its value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Tlv<'a> {
    tag: Tag,
    der: &'a [u8],
    value: &'a [u8],
    value_position: usize,
    /// That of the reader which found it.
    depth: u8,
}

impl<'a> Tlv<'a> {
    /// The tag.
    #[must_use]
    pub const fn tag(&self) -> Tag {
        self.tag
    }

    /// The offset of the tag, from the start of the input given to [`decode`].
    #[must_use]
    pub const fn position(&self) -> usize {
        // `der` is the header and `value`.
        self.value_position.saturating_sub(self.der.len().saturating_sub(self.value.len()))
    }

    /// Tag, length and value, as they stand in the input.
    #[must_use]
    pub const fn der(&self) -> &'a [u8] {
        self.der
    }

    /// The value: the contents octets.
    #[must_use]
    pub const fn value(&self) -> &'a [u8] {
        self.value
    }

    /// Reads what is in the value with `read`: further elements.
    ///
    /// # Errors
    /// Those of `read`; [`ErrorKind::TrailingData`] when it leaves bytes unread;
    /// [`ErrorKind::TooDeep`].
    #[inline]
    pub fn nested<T>(
        self,
        read: impl FnOnce(&mut Reader<'a>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.nested_at(self.value, self.value_position, read)
    }

    /// Reads `value`, which lies at `position`, one level deeper.
    #[inline]
    fn nested_at<T>(
        self,
        value: &'a [u8],
        position: usize,
        read: impl FnOnce(&mut Reader<'a>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if self.depth >= MAX_DEPTH {
            return Err(Error::at(position, ErrorKind::TooDeep));
        }
        let end = position.saturating_add(value.len());
        Reader { rest: value, end, depth: self.depth.saturating_add(1) }.all(read)
    }

    /// An error at the first byte of the value.
    pub(crate) const fn error(&self, kind: ErrorKind) -> Error {
        Error::at(self.value_position, kind)
    }
}

/// Leaves the value out: it may be a secret.
impl fmt::Debug for Tlv<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Tlv")
            .field("tag", &self.tag)
            .field("value_position", &self.value_position)
            .field("value_bytes", &self.value.len())
            .finish_non_exhaustive()
    }
}

/// A place in DER, from which elements are read in their order.
///
/// After an error it stands somewhere behind the place where the error was found, and
/// nothing more should be read.
#[derive(Clone)]
pub struct Reader<'a> {
    rest: &'a [u8],
    /// The offset of the end of `rest` in the input given to [`decode`]: it does not change,
    /// so reading moves one thing only.
    end: usize,
    depth: u8,
}

impl<'a> Reader<'a> {
    /// The offset of the next byte, from the start of the input given to [`decode`].
    #[must_use]
    pub const fn position(&self) -> usize {
        self.end.saturating_sub(self.rest.len())
    }

    /// Whether everything is read.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next tag, unread; `None` at the end.
    #[must_use]
    pub fn peek(&self) -> Option<Tag> {
        self.rest.first().copied().map(Tag::from_octet)
    }

    /// Reads the next element, whatever it is; of its value nothing is checked.
    ///
    /// # Errors
    /// When the tag or the length is not DER, or the value is cut.
    #[inline]
    pub fn any(&mut self) -> Result<Tlv<'a>, Error> {
        let start = self.rest;
        let (tag, length) = self.header()?;
        let Some((value, rest)) = self.rest.split_at_checked(length) else {
            return Err(self.truncated(length));
        };
        let value_position = self.position();
        self.rest = rest;
        // `rest` is the end of `start`.
        let der = start.get(..start.len().saturating_sub(rest.len())).unwrap_or(start);
        Ok(Tlv { tag, der, value, value_position, depth: self.depth })
    }

    /// Reads all that is left, unchecked.
    pub fn rest(&mut self) -> &'a [u8] {
        mem::take(&mut self.rest)
    }

    /// All that is left, unread.
    #[must_use]
    pub const fn peek_rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Reads an element with this tag; of its value nothing is checked.
    ///
    /// # Errors
    /// When there is none, or another, or it is not DER.
    #[inline]
    pub fn element(&mut self, expected: Tag) -> Result<Tlv<'a>, Error> {
        match self.peek() {
            Some(found) if found == expected => self.any(),
            _ => Err(self.other_than(expected)),
        }
    }

    /// Reads a constructed element with this tag, and what is in it with `read`.
    ///
    /// # Errors
    /// Those of [`element`](Self::element) and of `read`; [`ErrorKind::TrailingData`] when
    /// `read` leaves bytes unread; [`ErrorKind::TooDeep`].
    #[inline]
    pub fn nested<T>(
        &mut self,
        tag: Tag,
        read: impl FnOnce(&mut Reader<'a>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.element(tag)?.nested(read)
    }

    /// Reads a SEQUENCE, and what is in it with `read`.
    ///
    /// # Errors
    /// Those of [`nested`](Self::nested).
    #[inline]
    pub fn sequence<T>(
        &mut self,
        read: impl FnOnce(&mut Reader<'a>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.nested(Tag::SEQUENCE, read)
    }

    #[inline]
    fn all<T>(
        mut self,
        read: impl FnOnce(&mut Reader<'a>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let value = read(&mut self)?;
        if self.is_empty() { Ok(value) } else { Err(self.trailing()) }
    }

    /// Reads a tag and a length.
    #[inline]
    fn header(&mut self) -> Result<(Tag, usize), Error> {
        match self.rest {
            [octet, length @ 0..0x80, rest @ ..] if Tag::from_octet(*octet).is_der() => {
                self.rest = rest;
                Ok((Tag::from_octet(*octet), usize::from(*length)))
            }
            _ => self.long_header(),
        }
    }

    /// Reads a tag and a length that needs more than one octet, or finds what is wrong with
    /// them (X.690 §8.1.2, §8.1.3, §10.1).
    fn long_header(&mut self) -> Result<(Tag, usize), Error> {
        let tag = Tag::from_octet(self.octet(0)?);
        if tag.is_high() {
            return Err(self.error(ErrorKind::HighTagNumber));
        }
        if !tag.is_der() {
            return Err(self.error(ErrorKind::InvalidForm { found: tag }));
        }
        let first = self.octet(1)?;
        let error = |kind| Err(Error::at(self.position().saturating_add(1), kind));
        let octets = match first {
            0..0x80 => 0,
            0x80 => return error(ErrorKind::IndefiniteLength),
            0x81..=0x84 => usize::from(first & 0x7f),
            _ => return error(ErrorKind::LengthTooLong),
        };
        let mut length = if octets == 0 { u32::from(first) } else { 0 };
        for index in 0..octets {
            let octet = self.octet(index.saturating_add(2))?;
            if index == 0 && octet == 0 {
                return error(ErrorKind::NonMinimalLength);
            }
            length = length << 8 | u32::from(octet);
        }
        if octets != 0 && length < 0x80 {
            return error(ErrorKind::NonMinimalLength);
        }
        let Ok(length) = usize::try_from(length) else {
            return error(ErrorKind::LengthTooLong);
        };
        self.rest = self.rest.get(octets.saturating_add(2)..).unwrap_or_default();
        Ok((tag, length))
    }

    /// The octet of a header at this place.
    fn octet(&self, index: usize) -> Result<u8, Error> {
        self.rest
            .get(index)
            .copied()
            .ok_or_else(|| Error::at(self.end, ErrorKind::IncompleteHeader))
    }

    #[cold]
    fn truncated(&self, needed: usize) -> Error {
        self.error(ErrorKind::Truncated { needed, left: self.rest.len() })
    }

    #[cold]
    fn other_than(&self, expected: Tag) -> Error {
        self.error(match self.peek() {
            Some(found) => ErrorKind::UnexpectedTag { expected, found },
            None => ErrorKind::Missing { expected },
        })
    }

    #[cold]
    fn trailing(&self) -> Error {
        self.error(ErrorKind::TrailingData { left: self.rest.len() })
    }

    /// An error at the next byte.
    pub(crate) const fn error(&self, kind: ErrorKind) -> Error {
        Error::at(self.position(), kind)
    }
}

/// Leaves the bytes out: they may be secret.
impl fmt::Debug for Reader<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Reader")
            .field("position", &self.position())
            .field("bytes_left", &self.rest.len())
            .finish_non_exhaustive()
    }
}
