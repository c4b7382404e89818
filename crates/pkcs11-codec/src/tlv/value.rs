//! The rules for single values: what INTEGER, BIT STRING … may hold.

use super::{Reader, Tag, Tlv, decode};
use crate::{Error, ErrorKind, integer, oid::Oid};

/// Checks that `der` is one element that is DER to its last byte: tags and lengths at every
/// depth, and the values of BOOLEAN, INTEGER, BIT STRING, NULL, OBJECT IDENTIFIER and
/// PrintableString. The order of the elements of a SET is not checked.
///
/// # Errors
/// The first fault, with its position.
pub fn check(der: &[u8]) -> Result<(), Error> {
    decode(der, Reader::checked).map(drop)
}

impl<'a> Reader<'a> {
    /// Reads the next element, whatever it is, and checks it as [`check`] does.
    ///
    /// # Errors
    /// Those of [`check`].
    pub fn checked(&mut self) -> Result<Tlv<'a>, Error> {
        let tlv = self.any()?;
        match tlv.tag {
            Tag::BOOLEAN => boolean(&tlv)?,
            Tag::INTEGER => at(&tlv, integer::check_content(tlv.value))?,
            Tag::BIT_STRING => drop(bit_string(&tlv)?),
            Tag::NULL => null(&tlv)?,
            Tag::OBJECT_IDENTIFIER => drop(at(&tlv, Oid::from_content(tlv.value))?),
            Tag::PRINTABLE_STRING => drop(printable(&tlv)?),
            tag if tag.is_constructed() => {
                self.inside(tlv.value, tlv.value_position)?.all(|inner| {
                    while !inner.is_empty() {
                        inner.checked()?;
                    }
                    Ok(())
                })?;
            }
            _ => {}
        }
        Ok(tlv)
    }

    /// Reads an INTEGER of zero or more as big-endian bytes without leading zeros; zero is
    /// one zero byte.
    ///
    /// # Errors
    /// When there is none, or it is negative or not minimal.
    pub fn unsigned(&mut self) -> Result<&'a [u8], Error> {
        let tlv = self.element(Tag::INTEGER)?;
        at(&tlv, integer::unsigned_from_content(tlv.value))
    }

    /// Reads an INTEGER from 0 to 2³²−1: a version, a count.
    ///
    /// # Errors
    /// Those of [`unsigned`](Self::unsigned), and [`ErrorKind::IntegerTooLarge`].
    pub fn unsigned_u32(&mut self) -> Result<u32, Error> {
        let tlv = self.element(Tag::INTEGER)?;
        let unsigned = at(&tlv, integer::unsigned_from_content(tlv.value))?;
        let mut bytes = [0; 4];
        at(&tlv, integer::write_padded(unsigned, &mut bytes))?;
        Ok(u32::from_be_bytes(bytes))
    }

    /// Reads an OBJECT IDENTIFIER.
    ///
    /// # Errors
    /// When there is none, or it breaks a rule of X.690 §8.19.
    pub fn oid(&mut self) -> Result<Oid<'a>, Error> {
        let tlv = self.element(Tag::OBJECT_IDENTIFIER)?;
        at(&tlv, Oid::from_content(tlv.value))
    }

    /// Reads a NULL.
    ///
    /// # Errors
    /// When there is none, or it is not empty.
    pub fn null(&mut self) -> Result<(), Error> {
        null(&self.element(Tag::NULL)?)
    }

    /// Reads an OCTET STRING.
    ///
    /// # Errors
    /// When there is none.
    pub fn octet_string(&mut self) -> Result<&'a [u8], Error> {
        Ok(self.element(Tag::OCTET_STRING)?.value)
    }

    /// Reads a PrintableString (X.680 §41.4).
    ///
    /// # Errors
    /// When there is none, or it has a character outside of its set.
    pub fn printable_string(&mut self) -> Result<&'a str, Error> {
        printable(&self.element(Tag::PRINTABLE_STRING)?)
    }

    /// Reads a BIT STRING of whole bytes: a key, a signature.
    ///
    /// # Errors
    /// When there is none, or some bits of the last byte are unused.
    pub fn bit_string(&mut self) -> Result<&'a [u8], Error> {
        whole_bytes(&self.element(Tag::BIT_STRING)?)
    }

    /// Reads a BIT STRING that holds DER, and that DER with `read`.
    ///
    /// # Errors
    /// Those of [`bit_string`](Self::bit_string) and [`nested`](Self::nested).
    pub fn nested_bit_string<T>(
        &mut self,
        read: impl FnOnce(&mut Reader<'a>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let tlv = self.element(Tag::BIT_STRING)?;
        let value = whole_bytes(&tlv)?;
        // The value starts behind the count of unused bits.
        self.inside(value, tlv.value_position.saturating_add(1))?.all(read)
    }
}

/// Turns an offset into the value into one into the whole input.
fn at<T>(tlv: &Tlv<'_>, result: Result<T, Error>) -> Result<T, Error> {
    result.map_err(|error| error.offset_by(tlv.value_position))
}

fn error(tlv: &Tlv<'_>, kind: ErrorKind) -> Error {
    Error::at(tlv.value_position, kind)
}

fn boolean(tlv: &Tlv<'_>) -> Result<(), Error> {
    match tlv.value {
        [0x00 | 0xff] => Ok(()),
        _ => Err(error(tlv, ErrorKind::InvalidBoolean)),
    }
}

fn null(tlv: &Tlv<'_>) -> Result<(), Error> {
    match tlv.value.len() {
        0 => Ok(()),
        found => Err(error(tlv, ErrorKind::WrongLength { expected: 0, found })),
    }
}

/// The number of unused bits and the bytes (X.690 §8.6.2, §11.2).
fn bit_string<'a>(tlv: &Tlv<'a>) -> Result<(u8, &'a [u8]), Error> {
    let invalid = error(tlv, ErrorKind::InvalidBitString);
    let (&unused, bytes) = tlv.value.split_first().ok_or(invalid)?;
    match (unused, bytes.last()) {
        (0, _) => Ok((unused, bytes)),
        (1..=7, Some(last)) if last.trailing_zeros() >= u32::from(unused) => Ok((unused, bytes)),
        _ => Err(invalid),
    }
}

fn whole_bytes<'a>(tlv: &Tlv<'a>) -> Result<&'a [u8], Error> {
    match bit_string(tlv)? {
        (0, bytes) => Ok(bytes),
        _ => Err(error(tlv, ErrorKind::UnusedBits)),
    }
}

fn printable<'a>(tlv: &Tlv<'a>) -> Result<&'a str, Error> {
    let allowed = |octet: &u8| octet.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(octet);
    match core::str::from_utf8(tlv.value) {
        Ok(text) if tlv.value.iter().all(allowed) => Ok(text),
        _ => Err(error(tlv, ErrorKind::InvalidPrintableString)),
    }
}
