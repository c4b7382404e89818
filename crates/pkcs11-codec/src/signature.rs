//! Signatures of ECDSA and DSA: the DER of the world and the fixed-width bytes of PKCS#11.
//!
//! `CKM_ECDSA` and `CKM_DSA` give and take r‖s, each left-padded to the size of the
//! **order** (of the curve's base point, of DSA's q). That size is not in the signature: a
//! small r has fewer bytes, so the caller gives it, from
//! [`Curve::order_bytes`](crate::ec::Curve::order_bytes) or the length of the subprime.
//!
//! A program may convert one for each message, so this is written without the encoder that
//! the other types share: at half the cost, and without an allocation if need be.

use alloc::{vec, vec::Vec};

use crate::{
    Error, ErrorKind, integer,
    tlv::{self, Header, Reader, Tag, element_bytes},
};

/// The largest order size taken, in bytes; P-521 has 66, the largest curves in use 72.
pub const MAX_ORDER_BYTES: usize = 128;

/// A signature of ECDSA or DSA (RFC 3279 §2.2.2, §2.2.3):
///
/// ```text
/// Dss-Sig-Value   ::= SEQUENCE { r INTEGER, s INTEGER }
/// Ecdsa-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER }
/// ```
///
/// Whether r and s lie between 1 and the order is for who verifies.
///
/// ```
/// use pkcs11_codec::{ec::Curve, signature::Signature};
///
/// let der = [0x30, 0x07, 0x02, 0x01, 0x05, 0x02, 0x02, 0x00, 0x80];
/// let signature = Signature::from_der(&der, Curve::P256.order_bytes())?;
/// let fixed = signature.to_fixed();
/// assert_eq!((fixed.len(), fixed[31], fixed[63]), (64, 0x05, 0x80));
/// assert_eq!(Signature::from_fixed(&fixed, 32)?.to_der(), der);
/// # Ok::<(), pkcs11_codec::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Signature<'a> {
    r: &'a [u8],
    s: &'a [u8],
    order_bytes: usize,
}

impl<'a> Signature<'a> {
    /// Reads an Ecdsa-Sig-Value (RFC 3279 §2.2.3) or a Dss-Sig-Value (§2.2.2), for an order
    /// of `order_bytes` bytes.
    ///
    /// # Errors
    /// When `der` is not exactly that, r or s is negative or longer than the order, or no
    /// order has that size.
    pub fn from_der(der: &'a [u8], order_bytes: usize) -> Result<Self, Error> {
        check_order(order_bytes)?;
        let number = |reader: &mut Reader<'a>| {
            let position = reader.position();
            let unsigned = reader.unsigned()?;
            if unsigned.len() > order_bytes {
                let max_bytes = order_bytes;
                let kind = ErrorKind::IntegerTooLarge { max_bytes };
                return Err(Error::at(position, kind));
            }
            Ok(unsigned)
        };
        tlv::decode(der, |reader| {
            reader.sequence(|sequence| {
                Ok(Self { r: number(sequence)?, s: number(sequence)?, order_bytes })
            })
        })
    }

    /// Reads r‖s, each of `order_bytes` bytes.
    ///
    /// # Errors
    /// When `fixed` is not twice that long, or no order has that size.
    pub fn from_fixed(fixed: &'a [u8], order_bytes: usize) -> Result<Self, Error> {
        check_order(order_bytes)?;
        let (expected, found) = (order_bytes.saturating_mul(2), fixed.len());
        match fixed.split_at_checked(order_bytes) {
            Some((r, s)) if found == expected => {
                Ok(Self { r: integer::trim(r), s: integer::trim(s), order_bytes })
            }
            _ => Err(Error::at(0, ErrorKind::WrongLength { expected, found })),
        }
    }

    /// The number r, big-endian without leading zeros.
    #[must_use]
    pub const fn r(&self) -> &'a [u8] {
        self.r
    }

    /// The number s, big-endian without leading zeros.
    #[must_use]
    pub const fn s(&self) -> &'a [u8] {
        self.s
    }

    /// The size of r‖s in bytes: twice the order's.
    #[must_use]
    pub const fn fixed_bytes(&self) -> usize {
        self.order_bytes.saturating_mul(2)
    }

    /// The signature as r‖s.
    #[must_use]
    pub fn to_fixed(&self) -> Vec<u8> {
        let mut fixed = vec![0; self.fixed_bytes()];
        // It has room by construction: neither number is longer than the order.
        let written = self.write_fixed(&mut fixed);
        debug_assert!(written.is_ok());
        fixed
    }

    /// Writes the signature as r‖s into `out`.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`] when `out` has not [`fixed_bytes`](Self::fixed_bytes).
    pub fn write_fixed(&self, out: &mut [u8]) -> Result<(), Error> {
        let (expected, found) = (self.fixed_bytes(), out.len());
        match out.split_at_mut_checked(self.order_bytes) {
            Some((r, s)) if found == expected => {
                integer::write_padded(self.r, r)?;
                integer::write_padded(self.s, s)
            }
            _ => Err(Error::argument(ErrorKind::WrongLength { expected, found })),
        }
    }

    /// The size in bytes of what [`to_der`](Self::to_der) gives.
    #[must_use]
    pub const fn der_bytes(&self) -> usize {
        element_bytes(self.content_bytes())
    }

    /// The signature as Ecdsa-Sig-Value or Dss-Sig-Value, which are the same in DER.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        let mut der = vec![0; self.der_bytes()];
        let written = self.write_der(&mut der);
        debug_assert!(written.is_ok());
        der
    }

    /// Writes what [`to_der`](Self::to_der) gives to the start of `out`, and tells its size;
    /// [`max_der_bytes`] are room enough.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`] when `out` has less than [`der_bytes`](Self::der_bytes).
    pub fn write_der(&self, out: &mut [u8]) -> Result<usize, Error> {
        let (expected, found) = (self.der_bytes(), out.len());
        self.write(out).ok_or(Error::argument(ErrorKind::WrongLength { expected, found }))?;
        Ok(expected)
    }

    /// `None` when there is no room.
    #[inline]
    fn write(&self, out: &mut [u8]) -> Option<()> {
        let rest = write_header(out, Tag::SEQUENCE, self.content_bytes())?;
        let rest = write_unsigned(rest, self.r)?;
        write_unsigned(rest, self.s).map(drop)
    }

    /// The size of both INTEGERs.
    const fn content_bytes(&self) -> usize {
        let (r, s) = (integer_bytes(self.r), integer_bytes(self.s));
        element_bytes(r).saturating_add(element_bytes(s))
    }
}

/// The largest size in bytes of a signature in DER, for an order of `order_bytes` bytes.
///
/// ```
/// use pkcs11_codec::signature::max_der_bytes;
///
/// assert_eq!(max_der_bytes(32), 72);
/// ```
#[must_use]
pub const fn max_der_bytes(order_bytes: usize) -> usize {
    // With a sign octet.
    let integer = element_bytes(order_bytes.saturating_add(1));
    element_bytes(integer.saturating_mul(2))
}

/// The contents octets of an INTEGER: a sign octet where the top bit is set.
const fn integer_bytes(unsigned: &[u8]) -> usize {
    match unsigned {
        [0x80..=0xff, ..] => unsigned.len().saturating_add(1),
        _ => unsigned.len(),
    }
}

/// Gives back what is behind the header.
#[inline]
fn write_header(out: &mut [u8], tag: Tag, length: usize) -> Option<&mut [u8]> {
    let header = Header::new(tag, length);
    match header.octets() {
        // The usual one, of a size that is known here.
        [tag, length] => write_bytes(out, &[*tag, *length]),
        octets => write_bytes(out, octets),
    }
}

#[inline]
fn write_unsigned<'o>(out: &'o mut [u8], unsigned: &[u8]) -> Option<&'o mut [u8]> {
    let length = integer_bytes(unsigned);
    let mut rest = write_header(out, Tag::INTEGER, length)?;
    if length != unsigned.len() {
        rest = write_bytes(rest, &[0])?;
    }
    write_bytes(rest, unsigned)
}

#[inline]
fn write_bytes<'o>(out: &'o mut [u8], bytes: &[u8]) -> Option<&'o mut [u8]> {
    let (head, rest) = out.split_at_mut_checked(bytes.len())?;
    head.copy_from_slice(bytes);
    Some(rest)
}

fn check_order(order_bytes: usize) -> Result<(), Error> {
    match order_bytes {
        1..=MAX_ORDER_BYTES => Ok(()),
        _ => Err(Error::argument(ErrorKind::UnsupportedOrder)),
    }
}
