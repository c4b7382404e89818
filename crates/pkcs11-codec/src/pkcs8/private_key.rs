//! The private keys of each algorithm.

use alloc::vec::Vec;
use core::fmt;

use zeroize::Zeroizing;

use super::PostQuantumPrivateKey;
use crate::{
    Error, ErrorKind,
    algorithm::KeyAlgorithm,
    der,
    dh::{DhParameters, X942Parameters},
    dsa::DsaParameters,
    ec::{Curve, EcParameters, EcPrivateKey},
    oid::Oid,
    parameter_set::ParameterSet,
    pkcs1::RsaPrivateKey,
    rsa_parameters::PssParameters,
    tlv::{Reader, Tag},
};

/// A private key with its algorithm.
///
/// Numbers are big-endian bytes, as in the attributes of PKCS#11. There is no `Clone`, and
/// `Debug` shows public parts only.
#[non_exhaustive]
pub enum PrivateKey<'a> {
    /// An RSA key (RFC 8017 §A.1.2).
    Rsa(RsaPrivateKey<'a>),
    /// An RSA key for RSASSA-PSS alone (RFC 4055 §3.1).
    RsaPss {
        /// What its signatures are bound to, if they are.
        parameters: Option<PssParameters>,
        /// The key.
        key: RsaPrivateKey<'a>,
    },
    /// A DSA key; the public one is not in it.
    Dsa {
        /// `CKA_PRIME`, `CKA_SUBPRIME`, `CKA_BASE`.
        parameters: DsaParameters<'a>,
        /// x, `CKA_VALUE`.
        value: &'a [u8],
    },
    /// A Diffie-Hellman key of PKCS#3; the public one is not in it.
    Dh {
        /// `CKA_PRIME`, `CKA_BASE`.
        parameters: DhParameters<'a>,
        /// x, `CKA_VALUE`.
        value: &'a [u8],
    },
    /// A Diffie-Hellman key of X9.42, OpenSSL's DHX; the public one is not in it.
    X942Dh {
        /// `CKA_PRIME`, `CKA_BASE`, `CKA_SUBPRIME`.
        parameters: X942Parameters<'a>,
        /// x, `CKA_VALUE`.
        value: &'a [u8],
    },
    /// A key on a Weierstrass curve (RFC 5915).
    Ec {
        /// The curve, `CKA_EC_PARAMS`.
        parameters: EcParameters<'a>,
        /// The key. Its own parameters are mostly left to those beside it; where it has some,
        /// they are the same.
        key: EcPrivateKey<'a>,
    },
    /// A key for EdDSA (RFC 8410 §7).
    Edwards {
        /// Ed25519 or Ed448.
        curve: Curve,
        /// The string of RFC 8032, `CKA_VALUE`.
        value: &'a [u8],
    },
    /// A key for X25519 or X448 (RFC 8410 §7).
    Montgomery {
        /// X25519 or X448.
        curve: Curve,
        /// The string of RFC 7748, `CKA_VALUE`.
        value: &'a [u8],
    },
    /// A key of ML-DSA (RFC 9881 §6), ML-KEM (RFC 9935 §6) or SLH-DSA (RFC 9909 §7).
    PostQuantum {
        /// `CKA_PARAMETER_SET`.
        set: ParameterSet,
        /// The seed, the key as the algorithm uses it, or both.
        value: PostQuantumPrivateKey<'a>,
    },
    /// A key of an algorithm that is not read further.
    Other {
        /// The algorithm.
        algorithm: Oid<'a>,
        /// The DER of its parameters: one element, which is not checked further.
        parameters: Option<&'a [u8]>,
        /// What is in the OCTET STRING.
        value: &'a [u8],
    },
}

impl<'a> PrivateKey<'a> {
    /// Reads a PrivateKeyInfo, as [`PrivateKeyInfo::from_der`](super::PrivateKeyInfo::from_der)
    /// does, and leaves out what is beside the key.
    ///
    /// # Errors
    /// Those of [`PrivateKeyInfo::from_der`](super::PrivateKeyInfo::from_der).
    pub fn from_pkcs8_der(der: &'a [u8]) -> Result<Self, Error> {
        super::PrivateKeyInfo::from_der(der).map(|info| info.key)
    }

    /// Reads the algorithm and the OCTET STRING behind it.
    #[inline]
    pub(super) fn read(info: &mut Reader<'a>) -> Result<Self, Error> {
        match KeyAlgorithm::read(info)? {
            KeyAlgorithm::Rsa => info.nested_octet_string(RsaPrivateKey::read).map(Self::Rsa),
            KeyAlgorithm::RsaPss(parameters) => {
                let key = info.nested_octet_string(RsaPrivateKey::read)?;
                Ok(Self::RsaPss { parameters, key })
            }
            KeyAlgorithm::Dsa(parameters) => {
                let missing = info.error(ErrorKind::Missing { expected: Tag::SEQUENCE });
                let parameters = parameters.ok_or(missing)?;
                Ok(Self::Dsa { parameters, value: info.nested_octet_string(Reader::unsigned)? })
            }
            KeyAlgorithm::Dh(parameters) => {
                Ok(Self::Dh { parameters, value: info.nested_octet_string(Reader::unsigned)? })
            }
            KeyAlgorithm::X942Dh(parameters) => {
                Ok(Self::X942Dh { parameters, value: info.nested_octet_string(Reader::unsigned)? })
            }
            KeyAlgorithm::Ec(parameters) => {
                let key =
                    info.nested_octet_string(|key| EcPrivateKey::read(key, Some(parameters)))?;
                Ok(Self::Ec { parameters, key })
            }
            KeyAlgorithm::Edwards(curve) => {
                Ok(Self::Edwards { curve, value: read_rfc8410(curve, info)? })
            }
            KeyAlgorithm::Montgomery(curve) => {
                Ok(Self::Montgomery { curve, value: read_rfc8410(curve, info)? })
            }
            KeyAlgorithm::PostQuantum(set) => {
                let value = PostQuantumPrivateKey::read(set, info)?;
                Ok(Self::PostQuantum { set, value })
            }
            KeyAlgorithm::Other(algorithm, parameters) => {
                Ok(Self::Other { algorithm, parameters, value: info.octet_string()? })
            }
        }
    }

    /// The algorithm with its parameters.
    pub(super) const fn algorithm(&self) -> KeyAlgorithm<'a> {
        match self {
            Self::Rsa(_) => KeyAlgorithm::Rsa,
            Self::RsaPss { parameters, .. } => KeyAlgorithm::RsaPss(*parameters),
            Self::Dsa { parameters, .. } => KeyAlgorithm::Dsa(Some(*parameters)),
            Self::Dh { parameters, .. } => KeyAlgorithm::Dh(*parameters),
            Self::X942Dh { parameters, .. } => KeyAlgorithm::X942Dh(*parameters),
            Self::Ec { parameters, .. } => KeyAlgorithm::Ec(*parameters),
            Self::Edwards { curve, .. } => KeyAlgorithm::Edwards(*curve),
            Self::Montgomery { curve, .. } => KeyAlgorithm::Montgomery(*curve),
            Self::PostQuantum { set, .. } => KeyAlgorithm::PostQuantum(*set),
            Self::Other { algorithm, parameters, .. } => {
                KeyAlgorithm::Other(*algorithm, *parameters)
            }
        }
    }

    /// What is in the OCTET STRING.
    pub(super) fn encode(&self) -> Result<Zeroizing<Vec<u8>>, Error> {
        match self {
            Self::Rsa(key) | Self::RsaPss { key, .. } => key.to_der(),
            Self::Dsa { value, .. } | Self::Dh { value, .. } | Self::X942Dh { value, .. } => {
                encode_secret(&der::Integer::unsigned(value)?, value)
            }
            Self::Ec { parameters, key } => key.encode(Some(*parameters)),
            Self::Edwards { curve, value } | Self::Montgomery { curve, value } => {
                curve.check_private_string(value).map_err(Error::of_argument)?;
                encode_secret(&der::OctetString::octets(value), value)
            }
            Self::PostQuantum { set, value } => value.encode(*set),
            Self::Other { value, .. } => Ok(Zeroizing::new(Vec::from(*value))),
        }
    }

    /// Checks what is said to be the public key as far as the algorithm tells its size.
    pub(super) fn check_public_key(&self, public_key: &[u8]) -> Result<(), Error> {
        match self {
            Self::Ec { parameters, .. } => parameters.check_point(public_key),
            Self::Edwards { curve, .. } | Self::Montgomery { curve, .. } => {
                curve.check_public_key(public_key)
            }
            Self::PostQuantum { set, .. } => set.check_public_key(public_key),
            _ => Ok(()),
        }
    }
}

/// Shows public parts.
impl fmt::Debug for PrivateKey<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa(key) => formatter.debug_tuple("Rsa").field(key).finish(),
            Self::RsaPss { parameters, key } => formatter
                .debug_struct("RsaPss")
                .field("parameters", parameters)
                .field("key", key)
                .finish(),
            Self::Dsa { parameters, .. } => formatter
                .debug_struct("Dsa")
                .field("parameters", parameters)
                .finish_non_exhaustive(),
            Self::Dh { parameters, .. } => {
                formatter.debug_struct("Dh").field("parameters", parameters).finish_non_exhaustive()
            }
            Self::X942Dh { parameters, .. } => formatter
                .debug_struct("X942Dh")
                .field("parameters", parameters)
                .finish_non_exhaustive(),
            Self::Ec { parameters, key } => formatter
                .debug_struct("Ec")
                .field("parameters", parameters)
                .field("key", key)
                .finish_non_exhaustive(),
            Self::Edwards { curve, .. } => {
                formatter.debug_struct("Edwards").field("curve", curve).finish_non_exhaustive()
            }
            Self::Montgomery { curve, .. } => {
                formatter.debug_struct("Montgomery").field("curve", curve).finish_non_exhaustive()
            }
            Self::PostQuantum { set, value } => formatter
                .debug_struct("PostQuantum")
                .field("set", set)
                .field("value", value)
                .finish(),
            Self::Other { algorithm, parameters, .. } => formatter
                .debug_struct("Other")
                .field("algorithm", algorithm)
                .field("parameters", parameters)
                .finish_non_exhaustive(),
        }
    }
}

/// RFC 8410 §7: CurvePrivateKey is an OCTET STRING, inside the one of PKCS#8.
fn read_rfc8410<'a>(curve: Curve, info: &mut Reader<'a>) -> Result<&'a [u8], Error> {
    info.nested_octet_string(|key| {
        let position = key.position();
        let value = key.octet_string()?;
        curve.check_private_string(value).map_err(|error| Error::at(position, error.kind()))?;
        Ok(value)
    })
}

/// One primitive element of `value`.
fn encode_secret<T: rasn::Encode>(schema: &T, value: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
    /// Tag, length and sign octet.
    const OVERHEAD: usize = 8;
    der::encode_secret(schema, value.len().saturating_add(OVERHEAD))
}
