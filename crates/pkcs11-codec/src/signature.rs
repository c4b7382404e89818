//! Signatures of ECDSA and DSA: the DER of the world and the fixed-width bytes of PKCS#11.
//!
//! `CKM_ECDSA` and `CKM_DSA` give and take r‖s, each left-padded to the size of the
//! **order** (of the curve's base point, of DSA's q). That size is not in the signature: a
//! small r has fewer bytes, so the caller gives it, from
//! [`Curve::order_bytes`](crate::ec::Curve::order_bytes) or the length of the subprime.

use alloc::{vec, vec::Vec};

use rasn::{AsnType, Encode};

use crate::{
    Error, ErrorKind, der, integer,
    tlv::{self, Reader},
};

/// The largest order size taken, in bytes; P-521 has 66, the largest curves in use 72.
pub const MAX_ORDER_BYTES: usize = 128;

/// A signature of ECDSA or DSA.
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
/// assert_eq!(Signature::from_fixed(&fixed, 32)?.to_der()?, der);
/// # Ok::<(), pkcs11_codec::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

    /// The signature as Ecdsa-Sig-Value or Dss-Sig-Value, which are the same in DER.
    ///
    /// # Errors
    /// When the encoder refuses it.
    pub fn to_der(&self) -> Result<Vec<u8>, Error> {
        der::encode(&SigValue {
            r: der::Integer::unsigned(self.r)?,
            s: der::Integer::unsigned(self.s)?,
        })
    }
}

fn check_order(order_bytes: usize) -> Result<(), Error> {
    match order_bytes {
        1..=MAX_ORDER_BYTES => Ok(()),
        _ => Err(Error::argument(ErrorKind::UnsupportedOrder)),
    }
}

/// RFC 3279 §2.2.2 and §2.2.3:
///
/// ```text
/// Dss-Sig-Value   ::= SEQUENCE { r INTEGER, s INTEGER }
/// Ecdsa-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER }
/// ```
#[derive(AsnType, Encode)]
struct SigValue<'a> {
    r: der::Integer<'a>,
    s: der::Integer<'a>,
}
