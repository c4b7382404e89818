//! Diffie-Hellman parameters of PKCS#3 and of X9.42 (RFC 3279 §2.3.3).
//!
//! The two forms are told apart by the algorithm they stand with, and by nothing else: three
//! INTEGERs may be p, g and the size of private values in the one, p, g and q in the other.
//! Where q is missing, as in PKCS#3 and in the attributes of a `CKK_DH` key, the caller says
//! what the prime is: [`subprime_of_safe_prime`], [`subprime_from_cofactor`].
//!
//! A public key is one INTEGER, see [`integer`](crate::integer).

use alloc::vec::Vec;

use num_bigint::BigUint;
use rasn::{AsnType, Encode};

use crate::{
    Error, ErrorKind, der,
    tlv::{self, Reader, Tag},
};

/// Diffie-Hellman parameters of PKCS#3, `CKK_DH`; numbers are big-endian bytes, as in the attributes of PKCS#11.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DhParameters<'a> {
    /// p, `CKA_PRIME`.
    pub prime: &'a [u8],
    /// g, `CKA_BASE`.
    pub base: &'a [u8],
    /// The size of private values in bits, if it is fixed. No attribute: `CKA_VALUE_BITS` of a
    /// private key is the token's to say, C_CreateObject must not be given it (PKCS#11 §6.4.4).
    pub private_value_bits: Option<u32>,
}

impl<'a> DhParameters<'a> {
    /// Reads a DHParameter (PKCS#3 §9).
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
                base: parameters.unsigned()?,
                private_value_bits: if parameters.is_empty() {
                    None
                } else {
                    Some(parameters.unsigned_u32()?)
                },
            })
        })
    }

    /// The DHParameter in DER.
    ///
    /// # Errors
    /// [`ErrorKind::Empty`] when a number has no bytes.
    pub fn to_der(&self) -> Result<Vec<u8>, Error> {
        der::encode(&DhParameter {
            prime: der::Integer::unsigned(self.prime)?,
            base: der::Integer::unsigned(self.base)?,
            private_value_length: self.private_value_bits,
        })
    }
}

/// Diffie-Hellman parameters of X9.42, `CKK_X9_42_DH`; numbers are big-endian bytes, as in
/// the attributes of PKCS#11.
///
/// ```
/// use pkcs11_codec::dh::{self, DhParameters, X942Parameters};
///
/// // PKCS#3 has no q; 23 = 2·11 + 1 is known to be a safe prime.
/// let DhParameters { prime, base, .. } =
///     DhParameters::from_der(&[0x30, 0x06, 0x02, 0x01, 23, 0x02, 0x01, 2])?;
/// let subprime = dh::subprime_of_safe_prime(prime)?;
/// let x942 =
///     X942Parameters { prime, base, subprime: &subprime, cofactor: None, validation: None };
/// assert_eq!(x942.to_der()?, [0x30, 0x09, 0x02, 0x01, 23, 0x02, 0x01, 2, 0x02, 0x01, 11]);
/// # Ok::<(), pkcs11_codec::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct X942Parameters<'a> {
    /// p, `CKA_PRIME`.
    pub prime: &'a [u8],
    /// g, `CKA_BASE`.
    pub base: &'a [u8],
    /// q, `CKA_SUBPRIME`.
    pub subprime: &'a [u8],
    /// j = (p − 1)/q; no attribute.
    pub cofactor: Option<&'a [u8]>,
    /// How p and q came about; no attribute.
    pub validation: Option<ValidationParameters<'a>>,
}

/// What Diffie-Hellman parameters were made from, so that others may make them again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ValidationParameters<'a> {
    /// The seed.
    pub seed: &'a [u8],
    /// The counter after which p was found, `pgenCounter`.
    pub counter: u32,
}

impl<'a> X942Parameters<'a> {
    /// Reads DomainParameters (RFC 3279 §2.3.3). Those without q are PKCS#3's, see
    /// [`DhParameters`].
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
                base: parameters.unsigned()?,
                subprime: parameters.unsigned()?,
                cofactor: match parameters.peek() {
                    Some(Tag::INTEGER) => Some(parameters.unsigned()?),
                    _ => None,
                },
                validation: if parameters.is_empty() {
                    None
                } else {
                    Some(ValidationParameters::read(parameters)?)
                },
            })
        })
    }

    /// The DomainParameters in DER.
    ///
    /// # Errors
    /// [`ErrorKind::Empty`] when a number has no bytes.
    pub fn to_der(&self) -> Result<Vec<u8>, Error> {
        der::encode(&DomainParameters {
            p: der::Integer::unsigned(self.prime)?,
            g: der::Integer::unsigned(self.base)?,
            q: der::Integer::unsigned(self.subprime)?,
            j: self.cofactor.map(der::Integer::unsigned).transpose()?,
            validation_parms: self.validation.map(|validation| ValidationParms {
                seed: der::BitString::bytes(validation.seed),
                pgen_counter: validation.counter,
            }),
        })
    }
}

impl<'a> ValidationParameters<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Error> {
        reader.sequence(|parameters| {
            Ok(Self { seed: parameters.bit_string()?, counter: parameters.unsigned_u32()? })
        })
    }
}

/// q = (p − 1)/2, for a p that is known to be a safe prime: those of RFC 3526 and RFC 7919 are,
/// and what `openssl dhparam` makes by itself; those of RFC 5114 and of DSA are not, and their
/// q cannot be told from p.
///
/// # Errors
/// [`ErrorKind::NoSubprime`] when p is certainly none: when (p − 1)/2 is not an odd number.
/// That it is a prime is not checked.
pub fn subprime_of_safe_prime(prime: &[u8]) -> Result<Vec<u8>, Error> {
    subprime_from_cofactor(prime, &[2])
}

/// q = (p − 1)/j, where [`cofactor`](X942Parameters::cofactor) j is known (RFC 2631 §2.2).
///
/// # Errors
/// [`ErrorKind::NoSubprime`] when j does not divide p − 1, or leaves an even number or one.
pub fn subprime_from_cofactor(prime: &[u8], cofactor: &[u8]) -> Result<Vec<u8>, Error> {
    let no_subprime = Error::argument(ErrorKind::NoSubprime);
    let [prime, cofactor] = [prime, cofactor].map(BigUint::from_bytes_be);
    let one = BigUint::from(1_u8);
    if cofactor == BigUint::ZERO || !prime.bit(0) {
        return Err(no_subprime);
    }
    // An odd number is not zero.
    let product = prime - &one;
    let subprime = &product / &cofactor;
    if &subprime * &cofactor != product || !subprime.bit(0) || subprime == one {
        return Err(no_subprime);
    }
    Ok(subprime.to_bytes_be())
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

/// RFC 3279 §2.3.3:
///
/// ```text
/// DomainParameters ::= SEQUENCE {
///     p INTEGER, -- odd prime, p=jq +1
///     g INTEGER, -- generator, g
///     q INTEGER, -- factor of p-1
///     j INTEGER OPTIONAL, -- subgroup factor
///     validationParms ValidationParms OPTIONAL
/// }
/// ```
#[derive(AsnType, Encode)]
struct DomainParameters<'a> {
    p: der::Integer<'a>,
    g: der::Integer<'a>,
    q: der::Integer<'a>,
    // Each element's own tag: the derive takes no lifetime in an optional element without one.
    #[rasn(tag(universal, 2))]
    j: Option<der::Integer<'a>>,
    #[rasn(tag(universal, 16))]
    validation_parms: Option<ValidationParms<'a>>,
}

/// RFC 3279 §2.3.3:
///
/// ```text
/// ValidationParms ::= SEQUENCE {
///     seed BIT STRING,
///     pgenCounter INTEGER
/// }
/// ```
#[derive(AsnType, Encode)]
struct ValidationParms<'a> {
    seed: der::BitString<'a>,
    pgen_counter: u32,
}
