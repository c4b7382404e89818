//! Goes through BER once, and notes of what pieces its DER is made.

use alloc::vec::Vec;

use super::{Deviation, Forgiven, MAX_FORGIVEN};
use crate::{
    Error, ErrorKind, integer,
    tlv::{MAX_DEPTH, Tag, element_bytes},
};

/// A piece of the DER.
#[derive(Debug, Clone, Copy)]
pub(super) enum Piece {
    /// A tag, and a length in DER.
    Header { tag: Tag, length: usize },
    /// Bytes of the input.
    Input { start: usize, end: usize },
    /// A byte that is not in the input.
    Octet(u8),
}

/// What was found up to now.
#[derive(Default)]
pub(super) struct Scan {
    pub(super) pieces: Vec<Piece>,
    pub(super) forgiven: Vec<Forgiven>,
}

/// A string that is put together.
#[derive(Default)]
struct Joined {
    /// Without the count of unused bits.
    bytes: usize,
    /// Of the last segment: where its value is, its unused bits, and its last octet.
    position: usize,
    unused_bits: u8,
    last_octet: u8,
}

impl Scan {
    pub(super) fn forgive(&mut self, position: usize, deviation: Deviation) -> Result<(), Error> {
        if self.forgiven.len() >= MAX_FORGIVEN {
            return Err(Error::at(position, ErrorKind::TooManyDeviations));
        }
        self.forgiven.push(Forgiven { deviation, position });
        Ok(())
    }

    /// Reads an element, and gives the size that it has in DER.
    pub(super) fn element(&mut self, cursor: &mut Cursor<'_>, depth: u8) -> Result<usize, Error> {
        let (start, pieces, forgiven) = (cursor.position(), self.pieces.len(), self.forgiven.len());
        let tag = cursor.tag()?;
        if tag.is_string_in_pieces() {
            self.forgive(start, Deviation::ConstructedString)?;
        }
        let length = self.length(cursor)?;
        let bytes = if tag.is_string_in_pieces() {
            self.string(cursor, tag.primitive(), length, depth)?
        } else if tag.is_constructed() {
            // The length is filled in when it is known.
            self.pieces.push(Piece::Header { tag, length: 0 });
            let mut bytes = 0_usize;
            self.contents(cursor, length, depth, |scan, inner, depth| {
                bytes = bytes.saturating_add(scan.element(inner, depth)?);
                Ok(())
            })?;
            self.set(pieces, Piece::Header { tag, length: bytes });
            element_bytes(bytes)
        } else {
            let length = length
                .ok_or_else(|| Error::at(start.saturating_add(1), ErrorKind::IndefiniteLength))?;
            self.primitive(cursor, tag, length)?
        };
        if self.forgiven.len() == forgiven {
            // It was DER: copied as it is, together with what was copied before.
            self.pieces.truncate(pieces);
            self.input(start, cursor.position());
        }
        Ok(bytes)
    }

    /// Reads length octets; `None` is the indefinite length.
    fn length(&mut self, cursor: &mut Cursor<'_>) -> Result<Option<usize>, Error> {
        let position = cursor.position();
        let first = cursor.octet()?;
        let octets = match first {
            0..0x80 => return Ok(Some(usize::from(first))),
            0x80 => {
                self.forgive(position, Deviation::IndefiniteLength)?;
                return Ok(None);
            }
            0xff => return Err(Error::at(position, ErrorKind::LengthTooLong)),
            _ => first & 0x7f,
        };
        let mut length = 0_u32;
        let mut is_minimal = true;
        for index in 0..octets {
            let octet = cursor.octet()?;
            is_minimal &= index > 0 || octet > 0;
            length = length
                .checked_mul(0x100)
                .ok_or_else(|| Error::at(position, ErrorKind::LengthTooLong))?
                | u32::from(octet);
        }
        if !is_minimal || length < 0x80 {
            self.forgive(position, Deviation::NonMinimalLength)?;
        }
        usize::try_from(length).map(Some).map_err(|_| Error::at(position, ErrorKind::LengthTooLong))
    }

    /// Reads the elements of a constructed value with `each`, up to its length or its mark.
    fn contents<'a>(
        &mut self,
        cursor: &mut Cursor<'a>,
        length: Option<usize>,
        depth: u8,
        mut each: impl FnMut(&mut Self, &mut Cursor<'a>, u8) -> Result<(), Error>,
    ) -> Result<(), Error> {
        if depth >= MAX_DEPTH {
            return Err(Error::at(cursor.position(), ErrorKind::TooDeep));
        }
        let depth = depth.saturating_add(1);
        match length {
            Some(length) => {
                let mut inner = cursor.split(length)?;
                while !inner.rest().is_empty() {
                    each(self, &mut inner, depth)?;
                }
            }
            None => {
                while !cursor.end_of_contents()? {
                    each(self, cursor, depth)?;
                }
            }
        }
        Ok(())
    }

    fn primitive(
        &mut self,
        cursor: &mut Cursor<'_>,
        tag: Tag,
        length: usize,
    ) -> Result<usize, Error> {
        let position = cursor.position();
        let value = cursor.split(length)?.rest();
        let end = cursor.position();
        // What is kept of the value, and the octet that stands in for the rest.
        let (start, kept, octet) = match (tag, value) {
            (Tag::INTEGER | Tag::ENUMERATED, _) => {
                let minimal = integer::minimal_content(value).len();
                (end.saturating_sub(minimal), end, None)
            }
            (Tag::BOOLEAN, [0x01..=0xfe]) => (end, end, Some(0xff)),
            (Tag::BIT_STRING, [unused_bits @ 1..=7, .., last])
                if last.trailing_zeros() < u32::from(*unused_bits) =>
            {
                (position, end.saturating_sub(1), Some(clear(*last, *unused_bits)))
            }
            _ => (position, end, None),
        };
        let deviation = match tag {
            Tag::BOOLEAN => Deviation::NonCanonicalTrue,
            Tag::BIT_STRING => Deviation::UnusedBitsSet,
            _ => Deviation::NonMinimalInteger,
        };
        if start != position || octet.is_some() {
            self.forgive(position, deviation)?;
        }
        let bytes = kept.saturating_sub(start).saturating_add(usize::from(octet.is_some()));
        self.pieces.push(Piece::Header { tag, length: bytes });
        self.input(start, kept);
        self.pieces.extend(octet.map(Piece::Octet));
        Ok(element_bytes(bytes))
    }

    /// Puts a string together.
    fn string(
        &mut self,
        cursor: &mut Cursor<'_>,
        tag: Tag,
        length: Option<usize>,
        depth: u8,
    ) -> Result<usize, Error> {
        let header = self.pieces.len();
        self.pieces.push(Piece::Header { tag, length: 0 });
        let mut joined = Joined::default();
        let is_bits = tag == Tag::BIT_STRING;
        if is_bits {
            self.pieces.push(Piece::Octet(0));
        }
        // Every other type is made of OCTET STRINGs (X.690 §8.23.6).
        let segment = if is_bits { Tag::BIT_STRING } else { Tag::OCTET_STRING };
        self.segments(cursor, segment, length, depth, &mut joined)?;

        let Joined { mut bytes, position, unused_bits, last_octet } = joined;
        if unused_bits > 0 {
            self.set(header.saturating_add(1), Piece::Octet(unused_bits));
            if last_octet.trailing_zeros() < u32::from(unused_bits) {
                self.forgive(position, Deviation::UnusedBitsSet)?;
                self.drop_last_octet();
                self.pieces.push(Piece::Octet(clear(last_octet, unused_bits)));
            }
        }
        bytes = bytes.saturating_add(usize::from(is_bits));
        self.set(header, Piece::Header { tag, length: bytes });
        Ok(element_bytes(bytes))
    }

    /// Reads the segments of a string, which may be in pieces themselves.
    fn segments(
        &mut self,
        cursor: &mut Cursor<'_>,
        segment: Tag,
        length: Option<usize>,
        depth: u8,
        joined: &mut Joined,
    ) -> Result<(), Error> {
        self.contents(cursor, length, depth, |scan, inner, depth| {
            let position = inner.position();
            let found = inner.tag()?;
            if found.primitive() != segment {
                let kind = ErrorKind::UnexpectedTag { expected: segment, found };
                return Err(Error::at(position, kind));
            }
            let length = scan.length(inner)?;
            if found.is_constructed() {
                return scan.segments(inner, segment, length, depth, joined);
            }
            let length = length.ok_or_else(|| {
                Error::at(position.saturating_add(1), ErrorKind::IndefiniteLength)
            })?;
            let mut start = inner.position();
            let mut value = inner.split(length)?.rest();
            if segment == Tag::BIT_STRING {
                let invalid = Error::at(start, ErrorKind::InvalidBitString);
                let (&unused_bits, bits) = value.split_first().ok_or(invalid)?;
                let too_many = if bits.is_empty() { 1 } else { 8 };
                // Only the last segment may have some.
                if joined.unused_bits > 0 || unused_bits >= too_many {
                    return Err(invalid);
                }
                joined.unused_bits = unused_bits;
                joined.position = start;
                start = start.saturating_add(1);
                value = bits;
            }
            joined.last_octet = value.last().copied().unwrap_or(joined.last_octet);
            joined.bytes = joined.bytes.saturating_add(value.len());
            scan.input(start, inner.position());
            Ok(())
        })
    }

    /// Adds bytes of the input, to the last piece if they follow it.
    fn input(&mut self, start: usize, end: usize) {
        match self.pieces.last_mut() {
            _ if start == end => {}
            Some(Piece::Input { end: last, .. }) if *last == start => *last = end,
            _ => self.pieces.push(Piece::Input { start, end }),
        }
    }

    fn drop_last_octet(&mut self) {
        if let Some(Piece::Input { end, .. }) = self.pieces.last_mut() {
            *end = end.saturating_sub(1);
        }
    }

    fn set(&mut self, index: usize, piece: Piece) {
        if let Some(slot) = self.pieces.get_mut(index) {
            *slot = piece;
        }
    }
}

/// The octet without its last bits; there are at most 7.
const fn clear(octet: u8, unused_bits: u8) -> u8 {
    octet >> unused_bits << unused_bits
}

/// A place in BER.
pub(super) struct Cursor<'a> {
    rest: &'a [u8],
    /// The offset of the end of `rest`.
    end: usize,
}

impl<'a> Cursor<'a> {
    pub(super) const fn new(ber: &'a [u8]) -> Self {
        Self { rest: ber, end: ber.len() }
    }

    pub(super) const fn position(&self) -> usize {
        self.end.saturating_sub(self.rest.len())
    }

    pub(super) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    fn octet(&mut self) -> Result<u8, Error> {
        let (&octet, rest) = self
            .rest
            .split_first()
            .ok_or_else(|| Error::at(self.end, ErrorKind::IncompleteHeader))?;
        self.rest = rest;
        Ok(octet)
    }

    fn tag(&mut self) -> Result<Tag, Error> {
        let position = self.position();
        let tag = Tag::from_octet(self.octet()?);
        if tag.is_high() {
            return Err(Error::at(position, ErrorKind::HighTagNumber));
        }
        if !tag.is_der() && !tag.is_string_in_pieces() {
            return Err(Error::at(position, ErrorKind::InvalidForm { found: tag }));
        }
        Ok(tag)
    }

    /// Goes past `length` bytes, and gives a cursor of them.
    fn split(&mut self, length: usize) -> Result<Self, Error> {
        let Some((taken, rest)) = self.rest.split_at_checked(length) else {
            let kind = ErrorKind::Truncated { needed: length, left: self.rest.len() };
            return Err(Error::at(self.position(), kind));
        };
        self.rest = rest;
        Ok(Self { rest: taken, end: self.position() })
    }

    /// Goes past the mark if it is here.
    fn end_of_contents(&mut self) -> Result<bool, Error> {
        match self.rest {
            [] => {
                let expected = Tag::END_OF_CONTENTS;
                Err(Error::at(self.end, ErrorKind::Missing { expected }))
            }
            [0, 0, rest @ ..] => {
                self.rest = rest;
                Ok(true)
            }
            _ => Ok(false),
        }
    }
}
