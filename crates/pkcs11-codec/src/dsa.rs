//! DSA domain parameters (RFC 3279 §2.3.2).
//!
//! A public key is one INTEGER, see [`integer`](crate::integer); a signature is in
//! [`signature`](crate::signature), with the size of q as the order's.

mod private_key;

use alloc::vec::Vec;

use rasn::{AsnType, Encode};

pub use private_key::DsaPrivateKey;

use crate::{
    Error, der,
    tlv::{self, Reader},
};

/// DSA domain parameters; numbers are big-endian bytes, as in the attributes of PKCS#11.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DsaParameters<'a> {
    /// p, `CKA_PRIME`.
    pub prime: &'a [u8],
    /// q, `CKA_SUBPRIME`; its size is that of r and s in a signature.
    pub subprime: &'a [u8],
    /// g, `CKA_BASE`.
    pub base: &'a [u8],
}

impl<'a> DsaParameters<'a> {
    /// Reads Dss-Parms (RFC 3279 §2.3.2).
    ///
    /// # Errors
    /// When `der` is not exactly that, or a number is negative.
    pub fn from_der(der: &'a [u8]) -> Result<Self, Error> {
        tlv::decode(der, Self::read)
    }

    pub(crate) fn read(reader: &mut Reader<'a>) -> Result<Self, Error> {
        reader.sequence(|parameters| {
            Ok(Self {
                prime: parameters.unsigned()?,
                subprime: parameters.unsigned()?,
                base: parameters.unsigned()?,
            })
        })
    }

    /// The Dss-Parms in DER.
    ///
    /// # Errors
    /// [`ErrorKind::Empty`](crate::ErrorKind::Empty) when a number has no bytes.
    pub fn to_der(&self) -> Result<Vec<u8>, Error> {
        der::encode(&DssParms {
            p: der::Integer::unsigned(self.prime)?,
            q: der::Integer::unsigned(self.subprime)?,
            g: der::Integer::unsigned(self.base)?,
        })
    }
}

/// RFC 3279 §2.3.2:
///
/// ```text
/// Dss-Parms ::= SEQUENCE {
///     p INTEGER,
///     q INTEGER,
///     g INTEGER
/// }
/// ```
#[derive(AsnType, Encode)]
struct DssParms<'a> {
    p: der::Integer<'a>,
    q: der::Integer<'a>,
    g: der::Integer<'a>,
}
