//! The rules for single values: what INTEGER, BIT STRING … may hold.

use super::{Reader, Tag, Tlv, decode};
use crate::{Error, ErrorKind, integer, oid::Oid};

/// Checks that `der` is one element that is DER to its last byte: tags and lengths at every
/// depth, and the values of BOOLEAN, INTEGER, ENUMERATED, BIT STRING, NULL, OBJECT IDENTIFIER
/// and PrintableString. What only a schema tells is not checked: the order of a SET OF, a
/// DEFAULT that is spelt out, the trailing zeros of named bits.
///
/// # Errors
/// The first fault, with its position.
pub fn check(der: &[u8]) -> Result<(), Error> {
    decode(der, Reader::checked).map(drop)
}

/// The bits of a BIT STRING (X.690 §8.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BitString<'a> {
    bytes: &'a [u8],
    unused_bits: u8,
}

impl<'a> BitString<'a> {
    /// The bytes; the unused bits at the end of the last one are zero.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// How many bits at the end of the last byte are unused: 0 to 7.
    #[must_use]
    pub const fn unused_bits(&self) -> u8 {
        self.unused_bits
    }

    /// Whether bit `index` is set, counted as ASN.1 does: 0 is the top bit of the first byte.
    /// Bits behind the end are not set.
    #[must_use]
    pub fn bit(&self, index: usize) -> bool {
        self.bytes.get(index / 8).is_some_and(|byte| byte & (0x80 >> (index % 8)) != 0)
    }
}

/// The value, by the rules of a type.
///
/// The tag is not looked at, so this reads a type behind an IMPLICIT tag too:
/// `reader.element(Tag::context(0))?.unsigned()?`.
impl<'a> Tlv<'a> {
    /// A BOOLEAN (X.690 §11.1).
    ///
    /// # Errors
    /// When the value is not 00 or FF.
    pub fn boolean(self) -> Result<bool, Error> {
        match self.value {
            [0x00] => Ok(false),
            [0xff] => Ok(true),
            _ => Err(self.error(ErrorKind::InvalidBoolean)),
        }
    }

    /// An INTEGER as its contents octets: two's complement, big-endian, minimal.
    ///
    /// # Errors
    /// When the value is empty or not minimal.
    pub fn integer(self) -> Result<&'a [u8], Error> {
        self.at(integer::check_content(self.value))?;
        Ok(self.value)
    }

    /// An INTEGER of zero or more as big-endian bytes without leading zeros; zero is one
    /// zero byte.
    ///
    /// # Errors
    /// When the number is negative or not minimal.
    #[inline]
    pub fn unsigned(self) -> Result<&'a [u8], Error> {
        self.at(integer::unsigned_from_content(self.value))
    }

    /// An INTEGER from 0 to 2³²−1: a version, a count.
    ///
    /// # Errors
    /// Those of [`unsigned`](Self::unsigned), and [`ErrorKind::IntegerTooLarge`].
    pub fn unsigned_u32(self) -> Result<u32, Error> {
        let unsigned = self.unsigned()?;
        if let [octet] = unsigned {
            return Ok(u32::from(*octet));
        }
        let mut bytes = [0; 4];
        self.at(integer::write_padded(unsigned, &mut bytes))?;
        Ok(u32::from_be_bytes(bytes))
    }

    /// A BIT STRING (X.690 §8.6.2, §11.2.1).
    ///
    /// # Errors
    /// When the count of unused bits is wrong, or one of them is set.
    pub fn bits(self) -> Result<BitString<'a>, Error> {
        match (self.value, self.value.last()) {
            ([0, bytes @ ..], _) => Ok(BitString { bytes, unused_bits: 0 }),
            ([unused_bits @ 1..=7, bytes @ ..], Some(last))
                if !bytes.is_empty() && last.trailing_zeros() >= u32::from(*unused_bits) =>
            {
                Ok(BitString { bytes, unused_bits: *unused_bits })
            }
            _ => Err(self.error(ErrorKind::InvalidBitString)),
        }
    }

    /// A BIT STRING with named bits, such as KeyUsage, of which DER drops the trailing zeros
    /// (X.690 §11.2.2).
    ///
    /// # Errors
    /// Those of [`bits`](Self::bits), and [`ErrorKind::TrailingZeroBits`].
    pub fn named_bits(self) -> Result<BitString<'a>, Error> {
        let bits = self.bits()?;
        match bits.bytes.last() {
            // The last bit that is used is set.
            Some(last) if last.trailing_zeros() != u32::from(bits.unused_bits) => {
                Err(self.error(ErrorKind::TrailingZeroBits))
            }
            _ => Ok(bits),
        }
    }

    /// A BIT STRING of whole bytes: a key, a signature.
    ///
    /// # Errors
    /// Those of [`bits`](Self::bits), and [`ErrorKind::UnusedBits`].
    pub fn bit_string(self) -> Result<&'a [u8], Error> {
        match self.bits()? {
            BitString { bytes, unused_bits: 0 } => Ok(bytes),
            _ => Err(self.error(ErrorKind::UnusedBits)),
        }
    }

    /// A BIT STRING that holds DER: reads that with `read`.
    ///
    /// # Errors
    /// Those of [`bit_string`](Self::bit_string) and [`nested`](Self::nested).
    pub fn nested_bit_string<T>(
        self,
        read: impl FnOnce(&mut Reader<'a>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let value = self.bit_string()?;
        // The value starts behind the count of unused bits.
        self.nested_at(value, self.value_position.saturating_add(1), read)
    }

    /// A NULL.
    ///
    /// # Errors
    /// When the value is not empty.
    pub fn null(self) -> Result<(), Error> {
        match self.value.len() {
            0 => Ok(()),
            found => Err(self.error(ErrorKind::WrongLength { expected: 0, found })),
        }
    }

    /// An OBJECT IDENTIFIER.
    ///
    /// # Errors
    /// When the value breaks a rule of X.690 §8.19.
    pub fn oid(self) -> Result<Oid<'a>, Error> {
        self.at(Oid::from_content(self.value))
    }

    /// A PrintableString (X.680 §41.4).
    ///
    /// # Errors
    /// When a character is outside of its set.
    pub fn printable_string(self) -> Result<&'a str, Error> {
        let allowed = |octet: &u8| octet.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(octet);
        match core::str::from_utf8(self.value) {
            Ok(text) if self.value.iter().all(allowed) => Ok(text),
            _ => Err(self.error(ErrorKind::InvalidPrintableString)),
        }
    }

    /// Turns an offset into the value into one into the whole input.
    #[inline]
    fn at<T>(&self, result: Result<T, Error>) -> Result<T, Error> {
        result.map_err(|error| error.offset_by(self.value_position))
    }
}

impl<'a> Reader<'a> {
    /// Reads the next element, whatever it is, and checks it as [`check`] does.
    ///
    /// # Errors
    /// Those of [`check`].
    pub fn checked(&mut self) -> Result<Tlv<'a>, Error> {
        let tlv = self.any()?;
        match tlv.tag {
            Tag::BOOLEAN => drop(tlv.boolean()?),
            Tag::INTEGER | Tag::ENUMERATED => drop(tlv.integer()?),
            Tag::BIT_STRING => drop(tlv.bits()?),
            Tag::NULL => tlv.null()?,
            Tag::OBJECT_IDENTIFIER => drop(tlv.oid()?),
            Tag::PRINTABLE_STRING => drop(tlv.printable_string()?),
            tag if tag.is_constructed() => tlv.nested(|inner| {
                while !inner.is_empty() {
                    inner.checked()?;
                }
                Ok(())
            })?,
            _ => {}
        }
        Ok(tlv)
    }

    /// Reads a BOOLEAN.
    ///
    /// # Errors
    /// When there is none, or it is not 00 or FF.
    pub fn boolean(&mut self) -> Result<bool, Error> {
        self.element(Tag::BOOLEAN)?.boolean()
    }

    /// Reads an INTEGER of any sign as [`Tlv::integer`] gives it.
    ///
    /// # Errors
    /// When there is none, or it is not minimal.
    pub fn integer(&mut self) -> Result<&'a [u8], Error> {
        self.element(Tag::INTEGER)?.integer()
    }

    /// Reads an INTEGER of zero or more as big-endian bytes without leading zeros; zero is
    /// one zero byte.
    ///
    /// # Errors
    /// When there is none, or it is negative or not minimal.
    #[inline]
    pub fn unsigned(&mut self) -> Result<&'a [u8], Error> {
        self.element(Tag::INTEGER)?.unsigned()
    }

    /// Reads an INTEGER from 0 to 2³²−1: a version, a count.
    ///
    /// # Errors
    /// Those of [`unsigned`](Self::unsigned), and [`ErrorKind::IntegerTooLarge`].
    pub fn unsigned_u32(&mut self) -> Result<u32, Error> {
        self.element(Tag::INTEGER)?.unsigned_u32()
    }

    /// Reads an OBJECT IDENTIFIER.
    ///
    /// # Errors
    /// When there is none, or it breaks a rule of X.690 §8.19.
    pub fn oid(&mut self) -> Result<Oid<'a>, Error> {
        self.element(Tag::OBJECT_IDENTIFIER)?.oid()
    }

    /// Reads a NULL.
    ///
    /// # Errors
    /// When there is none, or it is not empty.
    pub fn null(&mut self) -> Result<(), Error> {
        self.element(Tag::NULL)?.null()
    }

    /// Reads an OCTET STRING.
    ///
    /// # Errors
    /// When there is none.
    pub fn octet_string(&mut self) -> Result<&'a [u8], Error> {
        Ok(self.element(Tag::OCTET_STRING)?.value)
    }

    /// Reads an OCTET STRING that holds DER, and that DER with `read`.
    ///
    /// # Errors
    /// Those of [`nested`](Self::nested).
    #[inline]
    pub fn nested_octet_string<T>(
        &mut self,
        read: impl FnOnce(&mut Reader<'a>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.element(Tag::OCTET_STRING)?.nested(read)
    }

    /// Reads a PrintableString (X.680 §41.4).
    ///
    /// # Errors
    /// When there is none, or it has a character outside of its set.
    pub fn printable_string(&mut self) -> Result<&'a str, Error> {
        self.element(Tag::PRINTABLE_STRING)?.printable_string()
    }

    /// Reads a BIT STRING of whole bytes: a key, a signature.
    ///
    /// # Errors
    /// When there is none, or some bits of the last byte are unused.
    pub fn bit_string(&mut self) -> Result<&'a [u8], Error> {
        self.element(Tag::BIT_STRING)?.bit_string()
    }

    /// Reads a BIT STRING with named bits, such as KeyUsage.
    ///
    /// # Errors
    /// When there is none, or it ends in zeros.
    pub fn named_bits(&mut self) -> Result<BitString<'a>, Error> {
        self.element(Tag::BIT_STRING)?.named_bits()
    }

    /// Reads a BIT STRING that holds DER, and that DER with `read`.
    ///
    /// # Errors
    /// Those of [`bit_string`](Self::bit_string) and [`nested`](Self::nested).
    pub fn nested_bit_string<T>(
        &mut self,
        read: impl FnOnce(&mut Reader<'a>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.element(Tag::BIT_STRING)?.nested_bit_string(read)
    }
}
