//! OBJECT IDENTIFIERs, kept as their contents octets.

use alloc::vec::Vec;
use core::fmt;

use crate::{Error, ErrorKind, der, tlv};

/// An OBJECT IDENTIFIER (X.690 §8.19) of any length and with arcs of any size.
///
/// ```
/// use pkcs11_codec::oid::Oid;
///
/// let oid = Oid::from_content(&[0x2b, 0x65, 0x70])?;
/// assert_eq!(oid.to_string(), "1.3.101.112");
/// assert_eq!(oid.to_der()?, [0x06, 0x03, 0x2b, 0x65, 0x70]);
/// # Ok::<(), pkcs11_codec::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Oid<'a>(&'a [u8]);

impl<'a> Oid<'a> {
    /// The identifier with these contents octets (no tag, no length).
    ///
    /// # Errors
    /// When there is none, or an arc is cut or has a leading zero.
    pub const fn from_content(content: &'a [u8]) -> Result<Self, Error> {
        let mut rest = content;
        let mut position = 0;
        let mut starts_arc = true;
        while let [octet, after @ ..] = rest {
            if starts_arc && *octet == 0x80 {
                return Err(Error::at(position, ErrorKind::InvalidOid));
            }
            starts_arc = *octet & 0x80 == 0;
            rest = after;
            position += 1;
        }
        if starts_arc && position > 0 {
            Ok(Self(content))
        } else {
            Err(Error::at(position, ErrorKind::InvalidOid))
        }
    }

    /// The identifier of a table in this crate; wrong octets fail the build.
    pub(crate) const fn constant(content: &'a [u8]) -> Self {
        match Self::from_content(content) {
            Ok(oid) => oid,
            Err(_) => panic!("not the contents of an OBJECT IDENTIFIER"),
        }
    }

    /// Reads an identifier with its tag and length.
    ///
    /// # Errors
    /// When `der` is not exactly that.
    pub fn from_der(der: &'a [u8]) -> Result<Self, Error> {
        tlv::decode(der, tlv::Reader::oid)
    }

    /// The identifier with its tag and length.
    ///
    /// # Errors
    /// When the encoder refuses it.
    pub fn to_der(&self) -> Result<Vec<u8>, Error> {
        der::encode(&der::ObjectIdentifier::oid(*self))
    }

    /// The contents octets.
    #[must_use]
    pub const fn content(&self) -> &'a [u8] {
        self.0
    }
}

/// Dotted numbers; an arc of more than 128 bits is written as `#` and its octets in
/// hexadecimal.
impl fmt::Display for Oid<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, octets) in self.0.split_inclusive(|octet| octet & 0x80 == 0).enumerate() {
            let arc = octets.iter().try_fold(0_u128, |arc, octet| {
                Some(arc.checked_mul(0x80)? | u128::from(octet & 0x7f))
            });
            match (index, arc) {
                // The first two arcs share a number: 40 times the first, plus the second.
                (0, Some(arc)) => {
                    let first = (arc / 40).min(2);
                    write!(formatter, "{first}.{}", arc.saturating_sub(first * 40))?;
                }
                (_, Some(arc)) => write!(formatter, ".{arc}")?,
                (index, None) => {
                    formatter.write_str(if index == 0 { "2.#" } else { ".#" })?;
                    for octet in octets {
                        write!(formatter, "{octet:02x}")?;
                    }
                }
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Oid<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Oid({self})")
    }
}
