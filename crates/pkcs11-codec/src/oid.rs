//! OBJECT IDENTIFIERs, kept as their contents octets.

use alloc::vec::Vec;
use core::{fmt, str::FromStr};

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

/// An OBJECT IDENTIFIER that owns its octets, as it is read from dotted numbers.
///
/// ```
/// use pkcs11_codec::{algorithm, oid::OidBuf};
///
/// let oid: OidBuf = "1.2.840.10045.2.1".parse()?;
/// assert_eq!(oid.as_oid(), algorithm::EC_PUBLIC_KEY);
///
/// let error = "1.2.840.".parse::<OidBuf>().unwrap_err();
/// assert_eq!(error.to_string(), "at byte 8: expected an arc: a number without leading zeros");
/// # Ok::<(), pkcs11_codec::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OidBuf(Vec<u8>);

impl OidBuf {
    /// The identifier, borrowed.
    #[must_use]
    pub const fn as_oid(&self) -> Oid<'_> {
        Oid(self.0.as_slice())
    }
}

/// Arcs have at most 128 bits. The position in errors is that of an arc in the text.
impl FromStr for OidBuf {
    type Err = Error;

    fn from_str(dotted: &str) -> Result<Self, Error> {
        let mut content = Vec::new();
        let mut first = None;
        let (mut position, mut count) = (0_usize, 0_u32);
        for text in dotted.split('.') {
            let invalid = Error::at(position, ErrorKind::InvalidArc);
            let arc = arc(text).ok_or(invalid)?;
            match (count, first) {
                (0, _) if arc > 2 => return Err(invalid),
                (0, _) => first = Some(arc),
                (1, Some(0 | 1)) if arc >= 40 => return Err(invalid),
                // The first two arcs share a number.
                (1, Some(first)) => {
                    let both = arc.checked_add(first * 40).ok_or(invalid)?;
                    push_arc(&mut content, both);
                }
                _ => push_arc(&mut content, arc),
            }
            position = position.saturating_add(text.len()).saturating_add(1);
            count = count.saturating_add(1);
        }
        // One number alone is no identifier.
        if count < 2 {
            return Err(Error::at(dotted.len(), ErrorKind::InvalidArc));
        }
        Ok(Self(content))
    }
}

/// A number as X.680 §32.3 writes it: digits, and no zero before others.
fn arc(text: &str) -> Option<u128> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let has_zero = text.len() > 1 && text.starts_with('0');
    if is_number && !has_zero { text.parse().ok() } else { None }
}

/// Groups of seven bits, the first ones first, all but the last with the top bit set
/// (X.690 §8.19.2).
fn push_arc(content: &mut Vec<u8>, arc: u128) {
    let groups = (128 - arc.leading_zeros()).div_ceil(7).max(1);
    for group in (0..groups).rev() {
        let [.., octet] = (arc >> (group * 7)).to_be_bytes();
        content.push(if group == 0 { octet & 0x7f } else { octet | 0x80 });
    }
}

impl From<Oid<'_>> for OidBuf {
    fn from(oid: Oid<'_>) -> Self {
        Self(Vec::from(oid.0))
    }
}

/// As [`Oid`] is written.
impl fmt::Display for OidBuf {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_oid().fmt(formatter)
    }
}

impl fmt::Debug for OidBuf {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "OidBuf({self})")
    }
}
