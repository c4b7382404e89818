//! SubjectPublicKeyInfo: a public key and what it is for (RFC 5280 §4.1.2.7).

mod frame;

#[cfg(feature = "pem")]
use alloc::string::String;
use alloc::vec::Vec;

use rasn::{AsnType, Encode};

pub use self::frame::SubjectPublicKeyInfo;
#[cfg(feature = "pem")]
use crate::pem::{self, Label};
use crate::{
    Error, ErrorKind,
    algorithm::{AlgorithmIdentifierSchema, KeyAlgorithm},
    der,
    dh::{DhParameters, X942Parameters},
    dsa::DsaParameters,
    ec::{Curve, EcParameters},
    integer,
    oid::Oid,
    parameter_set::ParameterSet,
    pkcs1::RsaPublicKey,
    rsa_parameters::PssParameters,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PublicKey<'a> {
    /// An RSA key (RFC 3279 §2.3.1).
    Rsa(RsaPublicKey<'a>),
    /// An RSA key for RSASSA-PSS alone (RFC 4055 §3.1).
    RsaPss {
        /// What its signatures are bound to, if they are.
        parameters: Option<PssParameters>,
        /// The key.
        key: RsaPublicKey<'a>,
    },
    /// A DSA key (RFC 3279 §2.3.2).
    Dsa {
        /// The domain parameters, or none where they are those of who issued the certificate.
        parameters: Option<DsaParameters<'a>>,
        /// y, `CKA_VALUE`.
        value: &'a [u8],
    },
    /// A Diffie-Hellman key with the parameters of PKCS#3, as OpenSSL's DH has it.
    Dh {
        /// The domain parameters.
        parameters: DhParameters<'a>,
        /// y, `CKA_VALUE`.
        value: &'a [u8],
    },
    /// A Diffie-Hellman key with the parameters of X9.42 (RFC 3279 §2.3.3), OpenSSL's DHX.
    X942Dh {
        /// The domain parameters.
        parameters: X942Parameters<'a>,
        /// y, `CKA_VALUE`.
        value: &'a [u8],
    },
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
    /// A key of ML-DSA (RFC 9881 §4), ML-KEM (RFC 9935 §4) or SLH-DSA (RFC 9909 §5).
    PostQuantum {
        /// The algorithm and its parameters.
        set: ParameterSet,
        /// The string of FIPS 203 to 205, `CKA_VALUE`.
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

impl<'a> PublicKey<'a> {
    /// Reads a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7).
    ///
    /// # Errors
    /// When `der` is not exactly that; when the parameters are not those of the algorithm
    /// (NULL for RSA, none for RFC 8410 and the post-quantum algorithms); when the key has
    /// not the form or the size that its algorithm implies.
    pub fn from_spki_der(der: &'a [u8]) -> Result<Self, Error> {
        tlv::decode(der, |reader| {
            reader.sequence(|info| Self::read_key(KeyAlgorithm::read(info)?, info))
        })
    }

    fn read_key(algorithm: KeyAlgorithm<'a>, info: &mut Reader<'a>) -> Result<Self, Error> {
        match algorithm {
            KeyAlgorithm::Rsa => info.nested_bit_string(RsaPublicKey::read).map(Self::Rsa),
            KeyAlgorithm::RsaPss(parameters) => {
                let key = info.nested_bit_string(RsaPublicKey::read)?;
                Ok(Self::RsaPss { parameters, key })
            }
            KeyAlgorithm::Dsa(parameters) => {
                Ok(Self::Dsa { parameters, value: info.nested_bit_string(Reader::unsigned)? })
            }
            KeyAlgorithm::Dh(parameters) => {
                Ok(Self::Dh { parameters, value: info.nested_bit_string(Reader::unsigned)? })
            }
            KeyAlgorithm::X942Dh(parameters) => {
                Ok(Self::X942Dh { parameters, value: info.nested_bit_string(Reader::unsigned)? })
            }
            KeyAlgorithm::Ec(parameters) => {
                let point = checked_bits(info, |point| parameters.check_point(point))?;
                Ok(Self::Ec { parameters, point })
            }
            KeyAlgorithm::Edwards(curve) => {
                let key = checked_bits(info, |key| curve.check_public_key(key))?;
                Ok(Self::Edwards { curve, key })
            }
            KeyAlgorithm::Montgomery(curve) => {
                let key = checked_bits(info, |key| curve.check_public_key(key))?;
                Ok(Self::Montgomery { curve, key })
            }
            KeyAlgorithm::PostQuantum(set) => {
                let key = checked_bits(info, |key| set.check_public_key(key))?;
                Ok(Self::PostQuantum { set, key })
            }
            KeyAlgorithm::Other(algorithm, parameters) => {
                Ok(Self::Other { algorithm, parameters, key: info.bit_string()? })
            }
        }
    }

    /// The size in bytes of the order of the group, which is that of r and of s in a signature:
    /// of ECDSA on a known curve, and of DSA. Other keys sign with neither.
    #[must_use]
    pub fn order_bytes(&self) -> Option<usize> {
        match self {
            Self::Ec { parameters, .. } => parameters.order_bytes(),
            Self::Dsa { parameters, .. } => {
                parameters.map(|parameters| integer::trim(parameters.subprime).len())
            }
            _ => None,
        }
    }

    /// The SubjectPublicKeyInfo in PEM: `PUBLIC KEY`.
    ///
    /// # Errors
    /// Those of [`to_spki_der`](Self::to_spki_der).
    #[cfg(feature = "pem")]
    pub fn to_pem(&self) -> Result<String, Error> {
        let mut text = pem::encode(Label::PublicKey, &self.to_spki_der()?)?;
        Ok(core::mem::take(&mut *text))
    }

    /// The SubjectPublicKeyInfo in DER. A curve by its name is written as its OBJECT
    /// IDENTIFIER, the only form that has a place there. A key that a token has on OpenPGP's
    /// [`Curve::ED25519_LEGACY`] is one on Ed25519, and written as such.
    ///
    /// # Errors
    /// When the key has not the form that [`from_spki_der`](Self::from_spki_der) reads, or
    /// the curve is of another kind or has no known OBJECT IDENTIFIER.
    /// [`ErrorKind::LegacyCurve`] for [`Curve::CURVE25519_LEGACY`].
    pub fn to_spki_der(&self) -> Result<Vec<u8>, Error> {
        match *self {
            Self::Rsa(key) => encode(&KeyAlgorithm::Rsa, &key.to_der()?),
            Self::RsaPss { parameters, key } => {
                encode(&KeyAlgorithm::RsaPss(parameters), &key.to_der()?)
            }
            Self::Dsa { parameters, value } => {
                encode(&KeyAlgorithm::Dsa(parameters), &integer::to_der(value)?)
            }
            Self::Dh { parameters, value } => {
                encode(&KeyAlgorithm::Dh(parameters), &integer::to_der(value)?)
            }
            Self::X942Dh { parameters, value } => {
                encode(&KeyAlgorithm::X942Dh(parameters), &integer::to_der(value)?)
            }
            Self::Ec { parameters, point } => {
                let algorithm = KeyAlgorithm::Ec(parameters);
                encode_checked(&algorithm, point, parameters.check_point(point))
            }
            Self::Edwards { curve, key } => {
                let algorithm = KeyAlgorithm::Edwards(curve);
                encode_checked(&algorithm, key, curve.check_public_key(key))
            }
            Self::Montgomery { curve, key } => {
                let algorithm = KeyAlgorithm::Montgomery(curve);
                encode_checked(&algorithm, key, curve.check_public_key(key))
            }
            Self::PostQuantum { set, key } => {
                let algorithm = KeyAlgorithm::PostQuantum(set);
                encode_checked(&algorithm, key, set.check_public_key(key))
            }
            Self::Other { algorithm, parameters, key } => {
                let der = encode(&KeyAlgorithm::Other(algorithm, parameters), key)?;
                // Parameters may be anything, and the algorithm one that is known after all.
                match PublicKey::from_spki_der(&der) {
                    Ok(read) if read == *self => Ok(der),
                    Ok(_) => Err(Error::argument(ErrorKind::Encoder)),
                    Err(error) => Err(error.of_argument()),
                }
            }
        }
    }
}

/// Reads a BIT STRING of whole bytes; a fault in them is placed at its tag.
fn checked_bits<'a>(
    info: &mut Reader<'a>,
    check: impl FnOnce(&[u8]) -> Result<(), Error>,
) -> Result<&'a [u8], Error> {
    let position = info.position();
    let key = info.bit_string()?;
    match check(key) {
        Ok(()) => Ok(key),
        Err(error) => Err(Error::at(position, error.kind())),
    }
}

fn encode_checked(
    algorithm: &KeyAlgorithm<'_>,
    key: &[u8],
    checked: Result<(), Error>,
) -> Result<Vec<u8>, Error> {
    // A curve of another kind is named before a size that is wrong for it.
    let algorithm = algorithm.schema()?;
    checked.map_err(Error::of_argument)?;
    encode_schema(algorithm, key)
}

fn encode(algorithm: &KeyAlgorithm<'_>, key: &[u8]) -> Result<Vec<u8>, Error> {
    encode_schema(algorithm.schema()?, key)
}

fn encode_schema(algorithm: AlgorithmIdentifierSchema<'_>, key: &[u8]) -> Result<Vec<u8>, Error> {
    let subject_public_key = der::BitString::bytes(key);
    der::encode(&SubjectPublicKeyInfoSchema { algorithm, subject_public_key })
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
struct SubjectPublicKeyInfoSchema<'a> {
    algorithm: AlgorithmIdentifierSchema<'a>,
    subject_public_key: der::BitString<'a>,
}
