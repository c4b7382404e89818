//! Big integers: unsigned big-endian bytes, as PKCS#11 holds them, and ASN.1's INTEGER.
//!
//! PKCS#11's "Big integer" has no sign and no leading zeros, INTEGER has a sign bit: 128 is
//! `80` there and `00 80` here. Zero is one zero byte in both. Longer forms are tolerated
//! where a token's bytes come in, none are given out. No bytes at all are no number: they
//! are refused rather than taken for zero.

use alloc::{borrow::Cow, vec::Vec};

use crate::{Error, ErrorKind, der, tlv};

/// Reads an INTEGER (X.690 §8.3) with its tag and length as unsigned big-endian bytes.
///
/// ```
/// use pkcs11_codec::integer;
///
/// assert_eq!(integer::from_der(&[0x02, 0x02, 0x00, 0x80])?, [0x80]);
/// assert_eq!(integer::to_der(&[0x00, 0x00, 0x80])?, [0x02, 0x02, 0x00, 0x80]);
/// # Ok::<(), pkcs11_codec::Error>(())
/// ```
///
/// # Errors
/// When `der` is not exactly that, or the number is negative.
pub fn from_der(der: &[u8]) -> Result<&[u8], Error> {
    tlv::decode(der, tlv::Reader::unsigned)
}

/// The INTEGER with its tag and length for unsigned big-endian bytes; leading zeros are
/// dropped.
///
/// # Errors
/// [`ErrorKind::Empty`] when there are no bytes.
pub fn to_der(unsigned: &[u8]) -> Result<Vec<u8>, Error> {
    der::encode(&der::Integer::unsigned(unsigned)?)
}

/// The unsigned big-endian bytes for the contents octets of an INTEGER.
///
/// # Errors
/// When the number is negative, not minimal, or has no octets.
#[inline]
pub fn unsigned_from_content(content: &[u8]) -> Result<&[u8], Error> {
    check_content(content)?;
    match content {
        [0x80..=0xff, ..] => Err(Error::at(0, ErrorKind::NegativeInteger)),
        [0, rest @ ..] if !rest.is_empty() => Ok(rest),
        _ => Ok(content),
    }
}

/// The contents octets of an INTEGER for unsigned big-endian bytes; leading zeros are
/// dropped.
///
/// # Errors
/// [`ErrorKind::Empty`] when there are no bytes.
pub fn content_from_unsigned(unsigned: &[u8]) -> Result<Cow<'_, [u8]>, Error> {
    let trimmed = trim(unsigned);
    match trimmed {
        [] => Err(Error::argument(ErrorKind::Empty)),
        [0x80..=0xff, ..] => {
            // One allocation of the right size: a secret leaves no copy behind.
            let mut content = Vec::with_capacity(trimmed.len().saturating_add(1));
            content.push(0);
            content.extend_from_slice(trimmed);
            Ok(Cow::Owned(content))
        }
        _ => Ok(Cow::Borrowed(trimmed)),
    }
}

/// The number without leading zeros; of zero, one byte stays.
#[must_use]
pub fn trim(unsigned: &[u8]) -> &[u8] {
    let mut trimmed = unsigned;
    while let [0, rest @ ..] = trimmed
        && !rest.is_empty()
    {
        trimmed = rest;
    }
    trimmed
}

/// Writes the number right-aligned into `out`, with zeros before it.
///
/// # Errors
/// [`ErrorKind::IntegerTooLarge`] when it has more bytes than `out`.
pub fn write_padded(unsigned: &[u8], out: &mut [u8]) -> Result<(), Error> {
    let max_bytes = out.len();
    let too_large = Error::at(0, ErrorKind::IntegerTooLarge { max_bytes });
    let trimmed = trim(unsigned);
    let zeros = max_bytes.checked_sub(trimmed.len()).ok_or(too_large)?;
    let (head, tail) = out.split_at_mut_checked(zeros).ok_or(too_large)?;
    head.fill(0);
    tail.copy_from_slice(trimmed);
    Ok(())
}

/// X.690 §8.3.1–2: at least one octet; the first nine bits are not all equal.
#[inline]
pub(crate) fn check_content(content: &[u8]) -> Result<(), Error> {
    match content {
        [] => Err(Error::at(0, ErrorKind::Empty)),
        [0x00, 0x00..=0x7f, ..] | [0xff, 0x80..=0xff, ..] => {
            Err(Error::at(0, ErrorKind::NonMinimalInteger))
        }
        _ => Ok(()),
    }
}

/// The octets that are needed of those of an INTEGER.
pub(crate) fn minimal_content(content: &[u8]) -> &[u8] {
    let mut minimal = content;
    while let [0x00, 0x00..=0x7f, ..] | [0xff, 0x80..=0xff, ..] = minimal {
        minimal = minimal.get(1..).unwrap_or_default();
    }
    minimal
}
