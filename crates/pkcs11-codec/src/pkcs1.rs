//! RSA keys of PKCS#1 (RFC 8017 §A.1).

use alloc::vec::Vec;
use core::fmt;

use rasn::{AsnType, Encode};
use zeroize::Zeroizing;

use crate::{
    Error, ErrorKind, der,
    tlv::{self, Reader},
};

/// The version of a key with two primes.
const TWO_PRIME: u32 = 0;

/// An RSA public key; numbers are big-endian bytes, as in the attributes of PKCS#11.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RsaPublicKey<'a> {
    /// n, `CKA_MODULUS`.
    pub modulus: &'a [u8],
    /// e, `CKA_PUBLIC_EXPONENT`.
    pub public_exponent: &'a [u8],
}

impl<'a> RsaPublicKey<'a> {
    /// Reads an RSAPublicKey (RFC 8017 §A.1.1).
    ///
    /// # Errors
    /// When `der` is not exactly that, or a number is negative.
    pub fn from_der(der: &'a [u8]) -> Result<Self, Error> {
        tlv::decode(der, Self::read)
    }

    pub(crate) fn read(reader: &mut Reader<'a>) -> Result<Self, Error> {
        reader
            .sequence(|key| Ok(Self { modulus: key.unsigned()?, public_exponent: key.unsigned()? }))
    }

    /// The RSAPublicKey in DER.
    ///
    /// # Errors
    /// [`ErrorKind::Empty`] when a number has no bytes.
    pub fn to_der(&self) -> Result<Vec<u8>, Error> {
        der::encode(&RsaPublicKeySchema {
            modulus: der::Integer::unsigned(self.modulus)?,
            public_exponent: der::Integer::unsigned(self.public_exponent)?,
        })
    }
}

/// An RSA private key with two primes; numbers are big-endian bytes, as in the attributes
/// of PKCS#11.
///
/// It borrows: nothing secret is copied by reading, and the bytes stay with their owner,
/// who does well to keep them in a [`Zeroizing`] buffer. There is no `Clone`, and `Debug`
/// shows the public part only.
pub struct RsaPrivateKey<'a> {
    /// n, `CKA_MODULUS`.
    pub modulus: &'a [u8],
    /// e, `CKA_PUBLIC_EXPONENT`.
    pub public_exponent: &'a [u8],
    /// d, `CKA_PRIVATE_EXPONENT`.
    pub private_exponent: &'a [u8],
    /// p, `CKA_PRIME_1`.
    pub prime_1: &'a [u8],
    /// q, `CKA_PRIME_2`.
    pub prime_2: &'a [u8],
    /// d mod (p − 1), `CKA_EXPONENT_1`.
    pub exponent_1: &'a [u8],
    /// d mod (q − 1), `CKA_EXPONENT_2`.
    pub exponent_2: &'a [u8],
    /// q⁻¹ mod p, `CKA_COEFFICIENT`.
    pub coefficient: &'a [u8],
}

impl<'a> RsaPrivateKey<'a> {
    /// Reads an RSAPrivateKey (RFC 8017 §A.1.2).
    ///
    /// # Errors
    /// When `der` is not exactly that, a number is negative, or the key has more than two
    /// primes ([`ErrorKind::UnsupportedVersion`]).
    pub fn from_der(der: &'a [u8]) -> Result<Self, Error> {
        tlv::decode(der, |reader| {
            reader.sequence(|key| {
                let expected = TWO_PRIME;
                let unsupported = key.error(ErrorKind::UnsupportedVersion { expected });
                if key.unsigned_u32()? != expected {
                    return Err(unsupported);
                }
                Ok(Self {
                    modulus: key.unsigned()?,
                    public_exponent: key.unsigned()?,
                    private_exponent: key.unsigned()?,
                    prime_1: key.unsigned()?,
                    prime_2: key.unsigned()?,
                    exponent_1: key.unsigned()?,
                    exponent_2: key.unsigned()?,
                    coefficient: key.unsigned()?,
                })
            })
        })
    }

    /// The RSAPrivateKey in DER, in a buffer that is zeroized when dropped.
    ///
    /// # Errors
    /// [`ErrorKind::Empty`] when a number has no bytes.
    pub fn to_der(&self) -> Result<Zeroizing<Vec<u8>>, Error> {
        /// Tag, length and sign octet of a number.
        const OVERHEAD: usize = 8;
        let numbers = self.numbers();
        let bytes = numbers.iter().map(|number| number.len());
        let capacity = bytes.fold(OVERHEAD.saturating_mul(2), |sum, bytes| {
            sum.saturating_add(bytes).saturating_add(OVERHEAD)
        });
        let [modulus, e, d, prime_1, prime_2, exponent_1, exponent_2, coefficient] = numbers;
        let schema = RsaPrivateKeySchema {
            version: TWO_PRIME,
            modulus: der::Integer::unsigned(modulus)?,
            public_exponent: der::Integer::unsigned(e)?,
            private_exponent: der::Integer::unsigned(d)?,
            prime1: der::Integer::unsigned(prime_1)?,
            prime2: der::Integer::unsigned(prime_2)?,
            exponent1: der::Integer::unsigned(exponent_1)?,
            exponent2: der::Integer::unsigned(exponent_2)?,
            coefficient: der::Integer::unsigned(coefficient)?,
        };
        der::encode_secret(&schema, capacity)
    }

    /// The public half.
    #[must_use]
    pub const fn public_key(&self) -> RsaPublicKey<'a> {
        RsaPublicKey { modulus: self.modulus, public_exponent: self.public_exponent }
    }

    /// The numbers in the order of the schema.
    const fn numbers(&self) -> [&'a [u8]; 8] {
        [
            self.modulus,
            self.public_exponent,
            self.private_exponent,
            self.prime_1,
            self.prime_2,
            self.exponent_1,
            self.exponent_2,
            self.coefficient,
        ]
    }
}

/// Shows the public part.
impl fmt::Debug for RsaPrivateKey<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RsaPrivateKey")
            .field("modulus", &self.modulus)
            .field("public_exponent", &self.public_exponent)
            .finish_non_exhaustive()
    }
}

/// RFC 8017 §A.1.1:
///
/// ```text
/// RSAPublicKey ::= SEQUENCE {
///     modulus           INTEGER,  -- n
///     publicExponent    INTEGER   -- e
/// }
/// ```
#[derive(AsnType, Encode)]
struct RsaPublicKeySchema<'a> {
    modulus: der::Integer<'a>,
    public_exponent: der::Integer<'a>,
}

/// RFC 8017 §A.1.2, for version 0, which has no otherPrimeInfos:
///
/// ```text
/// RSAPrivateKey ::= SEQUENCE {
///     version           Version,
///     modulus           INTEGER,  -- n
///     publicExponent    INTEGER,  -- e
///     privateExponent   INTEGER,  -- d
///     prime1            INTEGER,  -- p
///     prime2            INTEGER,  -- q
///     exponent1         INTEGER,  -- d mod (p-1)
///     exponent2         INTEGER,  -- d mod (q-1)
///     coefficient       INTEGER,  -- (inverse of q) mod p
///     otherPrimeInfos   OtherPrimeInfos OPTIONAL
/// }
/// Version ::= INTEGER { two-prime(0), multi(1) }
/// ```
#[derive(AsnType, Encode)]
struct RsaPrivateKeySchema<'a> {
    version: u32,
    modulus: der::Integer<'a>,
    public_exponent: der::Integer<'a>,
    private_exponent: der::Integer<'a>,
    prime1: der::Integer<'a>,
    prime2: der::Integer<'a>,
    exponent1: der::Integer<'a>,
    exponent2: der::Integer<'a>,
    coefficient: der::Integer<'a>,
}
