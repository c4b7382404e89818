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

mod optional;
mod tag;
mod value;

use core::fmt;

pub use tag::Tag;
pub use value::{BitString, check};

use crate::{Error, ErrorKind};

/// How deep values may nest; keys and certificates stay below 10.
pub const MAX_DEPTH: u8 = 32;

/// Reads all of `der` with `read`.
///
/// # Errors
/// Those of `read`, or [`ErrorKind::TrailingData`] when it leaves bytes unread.
pub fn decode<'a, T>(
    der: &'a [u8],
    read: impl FnOnce(&mut Reader<'a>) -> Result<T, Error>,
) -> Result<T, Error> {
    Reader { rest: der, position: 0, depth: 0 }.all(read)
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
    pub fn nested<T>(
        self,
        read: impl FnOnce(&mut Reader<'a>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.nested_at(self.value, self.value_position, read)
    }

    /// Reads `value`, which lies at `position`, one level deeper.
    fn nested_at<T>(
        self,
        value: &'a [u8],
        position: usize,
        read: impl FnOnce(&mut Reader<'a>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if self.depth >= MAX_DEPTH {
            return Err(Error::at(position, ErrorKind::TooDeep));
        }
        Reader { rest: value, position, depth: self.depth.saturating_add(1) }.all(read)
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
pub struct Reader<'a> {
    rest: &'a [u8],
    /// The offset of `rest` in the input given to [`decode`].
    position: usize,
    depth: u8,
}

impl<'a> Reader<'a> {
    /// The offset of the next byte, from the start of the input given to [`decode`].
    #[must_use]
    pub const fn position(&self) -> usize {
        self.position
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
    pub fn any(&mut self) -> Result<Tlv<'a>, Error> {
        let (start, start_position) = (self.rest, self.position);
        let tag = Tag::from_octet(self.octet()?);
        if tag.is_high() {
            return Err(Error::at(start_position, ErrorKind::HighTagNumber));
        }
        if !tag.has_der_form() {
            let kind = ErrorKind::InvalidForm { found: tag };
            return Err(Error::at(start_position, kind));
        }
        let length = self.length()?;
        let value_position = self.position;
        let value = self.take(length)?;
        // What was taken off `start` is not longer than it.
        let bytes = self.position.saturating_sub(start_position);
        let der = start.get(..bytes).unwrap_or(start);
        Ok(Tlv { tag, der, value, value_position, depth: self.depth })
    }

    /// Reads all that is left, unchecked.
    pub fn rest(&mut self) -> &'a [u8] {
        let rest = self.rest;
        self.advance(rest.len(), &[]);
        rest
    }

    /// Reads an element with this tag; of its value nothing is checked.
    ///
    /// # Errors
    /// When there is none, or another, or it is not DER.
    pub fn element(&mut self, expected: Tag) -> Result<Tlv<'a>, Error> {
        match self.peek() {
            Some(found) if found == expected => self.any(),
            Some(found) => Err(self.error(ErrorKind::UnexpectedTag { expected, found })),
            None => Err(self.error(ErrorKind::Missing { expected })),
        }
    }

    /// Reads a constructed element with this tag, and what is in it with `read`.
    ///
    /// # Errors
    /// Those of [`element`](Self::element) and of `read`; [`ErrorKind::TrailingData`] when
    /// `read` leaves bytes unread; [`ErrorKind::TooDeep`].
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
    pub fn sequence<T>(
        &mut self,
        read: impl FnOnce(&mut Reader<'a>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.nested(Tag::SEQUENCE, read)
    }

    fn all<T>(
        mut self,
        read: impl FnOnce(&mut Reader<'a>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let value = read(&mut self)?;
        match self.rest.len() {
            0 => Ok(value),
            left => Err(self.error(ErrorKind::TrailingData { left })),
        }
    }

    /// Reads length octets (X.690 §8.1.3, §10.1).
    fn length(&mut self) -> Result<usize, Error> {
        let position = self.position;
        let first = self.octet()?;
        let octets = match first {
            0..0x80 => return Ok(usize::from(first)),
            0x80 => return Err(Error::at(position, ErrorKind::IndefiniteLength)),
            0x81..=0x84 => first & 0x7f,
            _ => return Err(Error::at(position, ErrorKind::LengthTooLong)),
        };
        let mut length = 0_u32;
        for index in 0..octets {
            let octet = self.octet()?;
            if index == 0 && octet == 0 {
                return Err(Error::at(position, ErrorKind::NonMinimalLength));
            }
            length = length << 8 | u32::from(octet);
        }
        if length < 0x80 {
            return Err(Error::at(position, ErrorKind::NonMinimalLength));
        }
        usize::try_from(length).map_err(|_| Error::at(position, ErrorKind::LengthTooLong))
    }

    fn octet(&mut self) -> Result<u8, Error> {
        let (&octet, rest) =
            self.rest.split_first().ok_or_else(|| self.error(ErrorKind::IncompleteHeader))?;
        self.advance(1, rest);
        Ok(octet)
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Error> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or_else(|| {
            let (needed, left) = (length, self.rest.len());
            self.error(ErrorKind::Truncated { needed, left })
        })?;
        self.advance(length, rest);
        Ok(taken)
    }

    /// `position` counts bytes of a slice, so it cannot overflow.
    fn advance(&mut self, bytes: usize, rest: &'a [u8]) {
        self.position = self.position.saturating_add(bytes);
        self.rest = rest;
    }

    /// An error at the next byte.
    pub(crate) const fn error(&self, kind: ErrorKind) -> Error {
        Error::at(self.position, kind)
    }
}

/// Leaves the bytes out: they may be secret.
impl fmt::Debug for Reader<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Reader")
            .field("position", &self.position)
            .field("bytes_left", &self.rest.len())
            .finish_non_exhaustive()
    }
}
