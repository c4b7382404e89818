//! DSA private keys from before PKCS#8.

use alloc::vec::Vec;
use core::fmt;

use rasn::{AsnType, Encode};
use zeroize::Zeroizing;

use super::DsaParameters;
use crate::{
    Error, ErrorKind, der,
    tlv::{self, Reader},
};

/// The only version there is.
const VERSION: u32 = 0;

/// A DSA private key as OpenSSL writes it in `DSA PRIVATE KEY`, which is in no standard.
///
/// It borrows, has no `Clone`, and `Debug` shows the public part only.
pub struct DsaPrivateKey<'a> {
    /// `CKA_PRIME`, `CKA_SUBPRIME`, `CKA_BASE`.
    pub parameters: DsaParameters<'a>,
    /// y, `CKA_VALUE` of the public key.
    pub public_value: &'a [u8],
    /// x, `CKA_VALUE`.
    pub value: &'a [u8],
}

impl<'a> DsaPrivateKey<'a> {
    /// Reads the key.
    ///
    /// # Errors
    /// When `der` is not exactly that, or a number is negative.
    pub fn from_der(der: &'a [u8]) -> Result<Self, Error> {
        tlv::decode(der, Self::read)
    }

    fn read(reader: &mut Reader<'a>) -> Result<Self, Error> {
        reader.sequence(|key| {
            let unsupported = key.error(ErrorKind::UnsupportedVersion { expected: VERSION });
            if key.unsigned_u32()? != VERSION {
                return Err(unsupported);
            }
            let parameters = DsaParameters {
                prime: key.unsigned()?,
                subprime: key.unsigned()?,
                base: key.unsigned()?,
            };
            Ok(Self { parameters, public_value: key.unsigned()?, value: key.unsigned()? })
        })
    }

    /// The key in DER, in a buffer that is zeroized when dropped.
    ///
    /// # Errors
    /// [`ErrorKind::Empty`] when a number has no bytes.
    pub fn to_der(&self) -> Result<Zeroizing<Vec<u8>>, Error> {
        /// Tag, length and sign octet of a number.
        const OVERHEAD: usize = 8;
        let DsaParameters { prime, subprime, base } = self.parameters;
        let numbers = [prime, subprime, base, self.public_value, self.value];
        let capacity = numbers.iter().fold(OVERHEAD.saturating_mul(2), |sum, number| {
            sum.saturating_add(number.len()).saturating_add(OVERHEAD)
        });
        let schema = DsaPrivateKeySchema {
            version: VERSION,
            p: der::Integer::unsigned(prime)?,
            q: der::Integer::unsigned(subprime)?,
            g: der::Integer::unsigned(base)?,
            pub_key: der::Integer::unsigned(self.public_value)?,
            priv_key: der::Integer::unsigned(self.value)?,
        };
        der::encode_secret(&schema, capacity)
    }
}

/// Shows the public part.
impl fmt::Debug for DsaPrivateKey<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("DsaPrivateKey")
            .field("parameters", &self.parameters)
            .field("public_value", &self.public_value)
            .finish_non_exhaustive()
    }
}

/// What OpenSSL reads and writes:
///
/// ```text
/// SEQUENCE {
///     version   INTEGER (0),
///     p         INTEGER,
///     q         INTEGER,
///     g         INTEGER,
///     pub_key   INTEGER,
///     priv_key  INTEGER
/// }
/// ```
#[derive(AsnType, Encode)]
struct DsaPrivateKeySchema<'a> {
    version: u32,
    p: der::Integer<'a>,
    q: der::Integer<'a>,
    g: der::Integer<'a>,
    pub_key: der::Integer<'a>,
    priv_key: der::Integer<'a>,
}
