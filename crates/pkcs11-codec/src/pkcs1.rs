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
/// The version of a key with more.
const MULTI: u32 = 1;

/// An RSA public key; numbers are big-endian bytes, as in the attributes of PKCS#11.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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

/// An RSA private key; numbers are big-endian bytes, as in the attributes of PKCS#11.
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
    /// What belongs to a third prime and further ones; no attribute of PKCS#11 does.
    pub other_primes: OtherPrimes<'a>,
}

/// The primes of an RSA key from the third on, in their order; most keys have none.
///
/// What it holds are the bytes of OtherPrimeInfos, read and found right when it was made.
///
/// ```
/// use pkcs11_codec::pkcs1::OtherPrimes;
///
/// let der = [0x30, 0x0b, 0x30, 0x09, 0x02, 0x01, 0x07, 0x02, 0x01, 0x05, 0x02, 0x01, 0x03];
/// let primes = OtherPrimes::from_der(&der)?;
/// assert!(primes.iter().map(|third| third.prime).eq([[7]]));
/// # Ok::<(), pkcs11_codec::Error>(())
/// ```
#[derive(Default)]
#[must_use]
pub struct OtherPrimes<'a> {
    /// The contents octets of the SEQUENCE OF.
    content: &'a [u8],
}

/// What an RSA key with more than two primes has for one of them.
pub struct OtherPrime<'a> {
    /// rᵢ.
    pub prime: &'a [u8],
    /// d mod (rᵢ − 1).
    pub exponent: &'a [u8],
    /// The inverse of the product of all primes before it, mod rᵢ.
    pub coefficient: &'a [u8],
}

impl<'a> RsaPrivateKey<'a> {
    /// Reads an RSAPrivateKey (RFC 8017 §A.1.2).
    ///
    /// # Errors
    /// When `der` is not exactly that, a number is negative, or the version is not that of
    /// the number of primes ([`ErrorKind::UnsupportedVersion`]).
    pub fn from_der(der: &'a [u8]) -> Result<Self, Error> {
        tlv::decode(der, Self::read)
    }

    pub(crate) fn read(reader: &mut Reader<'a>) -> Result<Self, Error> {
        reader.sequence(|key| {
            let version_position = key.position();
            let version = key.unsigned_u32()?;
            let key = Self {
                modulus: key.unsigned()?,
                public_exponent: key.unsigned()?,
                private_exponent: key.unsigned()?,
                prime_1: key.unsigned()?,
                prime_2: key.unsigned()?,
                exponent_1: key.unsigned()?,
                exponent_2: key.unsigned()?,
                coefficient: key.unsigned()?,
                other_primes: match version {
                    MULTI if !key.is_empty() => OtherPrimes::read(key)?,
                    _ => OtherPrimes::NONE,
                },
            };
            match key.version() {
                expected if expected == version => Ok(key),
                expected => {
                    Err(Error::at(version_position, ErrorKind::UnsupportedVersion { expected }))
                }
            }
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
        let others = self.other_primes.content;
        let bytes = numbers.iter().chain([&others]).map(|number| number.len());
        let capacity = bytes.fold(OVERHEAD.saturating_mul(2), |sum, bytes| {
            sum.saturating_add(bytes).saturating_add(OVERHEAD)
        });
        let [modulus, e, d, prime_1, prime_2, exponent_1, exponent_2, coefficient] = numbers;
        let schema = RsaPrivateKeySchema {
            version: self.version(),
            modulus: der::Integer::unsigned(modulus)?,
            public_exponent: der::Integer::unsigned(e)?,
            private_exponent: der::Integer::unsigned(d)?,
            prime1: der::Integer::unsigned(prime_1)?,
            prime2: der::Integer::unsigned(prime_2)?,
            exponent1: der::Integer::unsigned(exponent_1)?,
            exponent2: der::Integer::unsigned(exponent_2)?,
            coefficient: der::Integer::unsigned(coefficient)?,
            other_prime_infos: (!others.is_empty()).then(|| der::Sequence::content(others)),
        };
        der::encode_secret(&schema, capacity)
    }

    /// The public half.
    #[must_use]
    pub const fn public_key(&self) -> RsaPublicKey<'a> {
        RsaPublicKey { modulus: self.modulus, public_exponent: self.public_exponent }
    }

    /// The version that says how many primes there are.
    const fn version(&self) -> u32 {
        if self.other_primes.is_empty() { TWO_PRIME } else { MULTI }
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

impl<'a> OtherPrimes<'a> {
    /// None: what a key with two primes has.
    pub const NONE: Self = Self { content: &[] };

    /// Reads OtherPrimeInfos (RFC 8017 §A.1.2).
    ///
    /// # Errors
    /// When `der` is not exactly that, has no prime, or a number is negative.
    pub fn from_der(der: &'a [u8]) -> Result<Self, Error> {
        tlv::decode(der, Self::read)
    }

    fn read(reader: &mut Reader<'a>) -> Result<Self, Error> {
        reader.sequence(|infos| {
            let content = infos.peek_rest();
            OtherPrime::read(infos)?;
            while !infos.is_empty() {
                OtherPrime::read(infos)?;
            }
            Ok(Self { content })
        })
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.content.is_empty()
    }

    /// Each with its numbers.
    #[must_use]
    pub const fn iter(&self) -> OtherPrimeIter<'a> {
        OtherPrimeIter { content: self.content }
    }
}

impl<'a> IntoIterator for &OtherPrimes<'a> {
    type Item = OtherPrime<'a>;
    type IntoIter = OtherPrimeIter<'a>;

    fn into_iter(self) -> OtherPrimeIter<'a> {
        self.iter()
    }
}

/// Iterator over the further primes of an RSA key; it leaves the key as it is.
pub struct OtherPrimeIter<'a> {
    content: &'a [u8],
}

impl<'a> Iterator for OtherPrimeIter<'a> {
    type Item = OtherPrime<'a>;

    fn next(&mut self) -> Option<OtherPrime<'a>> {
        // It was read before, so there is no other error than the end.
        let read = tlv::decode(self.content, |infos| {
            let prime = OtherPrime::read(infos)?;
            Ok((prime, infos.rest()))
        });
        let (prime, rest) = read.ok()?;
        self.content = rest;
        Some(prime)
    }
}

impl core::iter::FusedIterator for OtherPrimeIter<'_> {}

impl<'a> OtherPrime<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Error> {
        reader.sequence(|info| {
            Ok(Self {
                prime: info.unsigned()?,
                exponent: info.unsigned()?,
                coefficient: info.unsigned()?,
            })
        })
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

/// Shows nothing of the primes.
impl fmt::Debug for OtherPrimes<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("OtherPrimes").finish_non_exhaustive()
    }
}

/// Shows nothing of the primes.
impl fmt::Debug for OtherPrimeIter<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("OtherPrimeIter").finish_non_exhaustive()
    }
}

/// Shows nothing of the prime.
impl fmt::Debug for OtherPrime<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("OtherPrime").finish_non_exhaustive()
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

/// RFC 8017 §A.1.2:
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
/// OtherPrimeInfos ::= SEQUENCE SIZE(1..MAX) OF OtherPrimeInfo
/// OtherPrimeInfo ::= SEQUENCE {
///     prime             INTEGER,  -- ri
///     exponent          INTEGER,  -- di
///     coefficient       INTEGER   -- ti
/// }
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
    // The element's own tag: the derive takes no lifetime in an optional element without one.
    #[rasn(tag(universal, 16))]
    other_prime_infos: Option<der::Sequence<'a>>,
}
