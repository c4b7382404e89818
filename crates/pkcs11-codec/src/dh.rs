//! Diffie-Hellman parameters of PKCS#3.
//!
//! A public key is one INTEGER, see [`integer`](crate::integer).

use alloc::vec::Vec;

use rasn::{AsnType, Encode};

use crate::{Error, der, tlv};

/// Diffie-Hellman parameters; numbers are big-endian bytes, as in the attributes of PKCS#11.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DhParameters<'a> {
    /// p, `CKA_PRIME`.
    pub prime: &'a [u8],
    /// g, `CKA_BASE`.
    pub base: &'a [u8],
    /// The size of private values in bits, `CKA_VALUE_BITS`, if it is fixed.
    pub private_value_bits: Option<u32>,
}

impl<'a> DhParameters<'a> {
    /// Reads a DHParameter (PKCS#3 §9).
    ///
    /// # Errors
    /// When `der` is not exactly that, or a number is negative.
    pub fn from_der(der: &'a [u8]) -> Result<Self, Error> {
        tlv::decode(der, |reader| {
            reader.sequence(|parameters| {
                Ok(Self {
                    prime: parameters.unsigned()?,
                    base: parameters.unsigned()?,
                    private_value_bits: if parameters.is_empty() {
                        None
                    } else {
                        Some(parameters.unsigned_u32()?)
                    },
                })
            })
        })
    }

    /// The DHParameter in DER.
    ///
    /// # Errors
    /// [`ErrorKind::Empty`](crate::ErrorKind::Empty) when a number has no bytes.
    pub fn to_der(&self) -> Result<Vec<u8>, Error> {
        der::encode(&DhParameter {
            prime: der::Integer::unsigned(self.prime)?,
            base: der::Integer::unsigned(self.base)?,
            private_value_length: self.private_value_bits,
        })
    }
}

/// PKCS#3 §9:
///
/// ```text
/// DHParameter ::= SEQUENCE {
///     prime INTEGER, -- p
///     base INTEGER, -- g
///     privateValueLength INTEGER OPTIONAL
/// }
/// ```
#[derive(AsnType, Encode)]
struct DhParameter<'a> {
    prime: der::Integer<'a>,
    base: der::Integer<'a>,
    private_value_length: Option<u32>,
}
