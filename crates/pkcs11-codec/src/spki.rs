//! SubjectPublicKeyInfo: a public key and what it is for (RFC 5280 §4.1.2.7).

use alloc::vec::Vec;

use rasn::{AsnType, Encode};

use crate::{
    Error, ErrorKind,
    algorithm::{AlgorithmIdentifier, AlgorithmIdentifierSchema, EC_PUBLIC_KEY, RSA_ENCRYPTION},
    der,
    ec::{Curve, CurveKind, EcParameters},
    oid::Oid,
    pkcs1::RsaPublicKey,
    tlv::{self, Reader},
};

/// A public key with its algorithm, as certificates and `openssl pkey -pubout` hold it.
///
/// ```
/// use pkcs11_codec::{ec::Curve, spki::PublicKey};
///
/// let key = PublicKey::Edwards { curve: Curve::ED25519, key: &[7; 32] };
/// let der = key.to_spki_der()?;
/// assert_eq!(der[..5], [0x30, 0x2a, 0x30, 0x05, 0x06]);
/// assert_eq!(PublicKey::from_spki_der(&der)?, key);
/// # Ok::<(), pkcs11_codec::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PublicKey<'a> {
    /// An RSA key (RFC 3279 §2.3.1).
    Rsa(RsaPublicKey<'a>),
    /// A key on a Weierstrass curve (RFC 5480 §2).
    Ec {
        /// The curve.
        parameters: EcParameters<'a>,
        /// The raw point: what [`wrap_point`](crate::ec::wrap_point) makes a `CKA_EC_POINT`.
        point: &'a [u8],
    },
    /// A key for EdDSA (RFC 8410 §3, §4).
    Edwards {
        /// Ed25519 or Ed448.
        curve: Curve,
        /// The string of RFC 8032.
        key: &'a [u8],
    },
    /// A key for X25519 or X448 (RFC 8410 §3, §4).
    Montgomery {
        /// X25519 or X448.
        curve: Curve,
        /// The string of RFC 7748.
        key: &'a [u8],
    },
    /// A key of an algorithm that is not read further.
    Other {
        /// The algorithm.
        algorithm: Oid<'a>,
        /// The DER of its parameters: one element, which is not checked further.
        parameters: Option<&'a [u8]>,
        /// The bytes of the key.
        key: &'a [u8],
    },
}

/// The algorithm with its parameters: what decides how the key is read.
enum Algorithm<'a> {
    Rsa,
    Ec(EcParameters<'a>),
    Rfc8410(Curve),
    Other(Oid<'a>, Option<&'a [u8]>),
}

impl<'a> PublicKey<'a> {
    /// Reads a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7).
    ///
    /// # Errors
    /// When `der` is not exactly that; when the parameters are not those of the algorithm
    /// (NULL for RSA, none for RFC 8410); when the key has not the form or the size that a
    /// known curve implies.
    pub fn from_spki_der(der: &'a [u8]) -> Result<Self, Error> {
        tlv::decode(der, |reader| {
            reader.sequence(|info| {
                let algorithm = info.sequence(Algorithm::read)?;
                Self::read_key(algorithm, info)
            })
        })
    }

    fn read_key(algorithm: Algorithm<'a>, info: &mut Reader<'a>) -> Result<Self, Error> {
        let position = info.position();
        let at = |error: Error| Error::at(position, error.kind());
        match algorithm {
            Algorithm::Rsa => info.nested_bit_string(RsaPublicKey::read).map(Self::Rsa),
            Algorithm::Ec(parameters) => {
                let point = info.bit_string()?;
                check_point(&parameters, point).map_err(at)?;
                Ok(Self::Ec { parameters, point })
            }
            Algorithm::Rfc8410(curve) => {
                let key = info.bit_string()?;
                curve.check_public_key(key).map_err(at)?;
                Ok(if curve.kind() == CurveKind::Edwards {
                    Self::Edwards { curve, key }
                } else {
                    Self::Montgomery { curve, key }
                })
            }
            Algorithm::Other(algorithm, parameters) => {
                Ok(Self::Other { algorithm, parameters, key: info.bit_string()? })
            }
        }
    }

    /// The SubjectPublicKeyInfo in DER. A curve by its name is written as its OBJECT
    /// IDENTIFIER, the only form that has a place there.
    ///
    /// # Errors
    /// When the key has not the form that [`from_spki_der`](Self::from_spki_der) reads, or
    /// the curve is of another kind or has no known OBJECT IDENTIFIER.
    pub fn to_spki_der(&self) -> Result<Vec<u8>, Error> {
        match self {
            Self::Rsa(key) => {
                let null = der::encode(&der::Null::null())?;
                encode(RSA_ENCRYPTION, Some(&null), &key.to_der()?)
            }
            Self::Ec { parameters, point } => {
                let parameters = match (parameters, parameters.curve()) {
                    (_, Some(curve)) => EcParameters::from(curve),
                    (EcParameters::CurveName(_), None) => {
                        return Err(Error::argument(ErrorKind::UnsuitableCurve));
                    }
                    (other, None) => *other,
                };
                check_point(&parameters, point).map_err(Error::of_argument)?;
                encode(EC_PUBLIC_KEY, Some(&parameters.to_der()?), point)
            }
            Self::Edwards { curve, key } => encode_rfc8410(*curve, CurveKind::Edwards, key),
            Self::Montgomery { curve, key } => encode_rfc8410(*curve, CurveKind::Montgomery, key),
            Self::Other { algorithm, parameters, key } => {
                if let Some(parameters) = parameters {
                    tlv::decode(parameters, Reader::any).map_err(Error::of_argument)?;
                }
                encode(*algorithm, *parameters, key)
            }
        }
    }
}

impl<'a> Algorithm<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Error> {
        let oid = reader.oid()?;
        let curve = Curve::from_algorithm(oid);
        match (oid, curve) {
            (RSA_ENCRYPTION, _) => reader.null().map(|()| Self::Rsa),
            (EC_PUBLIC_KEY, _) => EcParameters::read(reader).map(Self::Ec),
            (_, Some(curve)) if reader.is_empty() => Ok(Self::Rfc8410(curve)),
            (_, Some(_)) => Err(reader.error(ErrorKind::UnexpectedParameters)),
            (_, None) if reader.is_empty() => Ok(Self::Other(oid, None)),
            (_, None) => Ok(Self::Other(oid, Some(reader.any()?.der()))),
        }
    }
}

/// Checks a point as far as the parameters tell: with its curve known, its form and size.
fn check_point(parameters: &EcParameters<'_>, point: &[u8]) -> Result<(), Error> {
    match (parameters.curve(), point) {
        (Some(curve), _) if curve.kind() != CurveKind::Weierstrass => {
            Err(Error::at(0, ErrorKind::UnsuitableCurve))
        }
        (Some(curve), _) => curve.check_public_key(point),
        (None, [0x02..=0x04, _, ..]) => Ok(()),
        (None, _) => Err(Error::at(0, ErrorKind::InvalidPoint)),
    }
}

fn encode_rfc8410(curve: Curve, kind: CurveKind, key: &[u8]) -> Result<Vec<u8>, Error> {
    if curve.kind() != kind || !curve.is_algorithm() {
        return Err(Error::argument(ErrorKind::UnsuitableCurve));
    }
    curve.check_public_key(key).map_err(Error::of_argument)?;
    encode(curve.oid(), None, key)
}

/// `parameters` is one element in DER.
fn encode(algorithm: Oid<'_>, parameters: Option<&[u8]>, key: &[u8]) -> Result<Vec<u8>, Error> {
    der::encode(&SubjectPublicKeyInfo {
        algorithm: AlgorithmIdentifier { oid: algorithm, parameters }.schema()?,
        subject_public_key: der::BitString::bytes(key),
    })
}

/// RFC 5280 §4.1:
///
/// ```text
/// SubjectPublicKeyInfo ::= SEQUENCE {
///     algorithm         AlgorithmIdentifier,
///     subjectPublicKey  BIT STRING
/// }
/// ```
#[derive(AsnType, Encode)]
struct SubjectPublicKeyInfo<'a> {
    algorithm: AlgorithmIdentifierSchema<'a>,
    subject_public_key: der::BitString<'a>,
}
