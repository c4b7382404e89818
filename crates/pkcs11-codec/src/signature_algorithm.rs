//! The signature algorithms of certificates and requests: one table.
//!
//! RSASSA-PSS is not in it, as its identifier has parameters that the caller chooses:
//!
//! ```
//! use pkcs11_codec::{
//!     algorithm::{AlgorithmIdentifier, RSASSA_PSS},
//!     digest_info::Digest,
//!     rsa_parameters::PssParameters,
//! };
//!
//! let parameters = PssParameters::new(Digest::SHA256, 32).to_der()?;
//! let algorithm = AlgorithmIdentifier { oid: RSASSA_PSS, parameters: Some(&parameters) };
//! # assert_eq!(algorithm.to_der()?.len(), 67);
//! # Ok::<(), pkcs11_codec::Error>(())
//! ```

use alloc::borrow::Cow;
use core::fmt;

use crate::{
    Error,
    algorithm::AlgorithmIdentifier,
    oid::Oid,
    signature::{MAX_ORDER_BYTES, Signature},
};

/// A signature algorithm with its identifier: one row of the table.
///
/// ```
/// use pkcs11_codec::signature_algorithm::SignatureAlgorithm;
///
/// let algorithm = SignatureAlgorithm::ECDSA_WITH_SHA256;
/// assert_eq!(algorithm.identifier().oid.to_string(), "1.2.840.10045.4.3.2");
/// // A token signs r‖s, certificates have DER.
/// let signature = algorithm.signature_from_token(&[0x01; 64], 32)?;
/// assert_eq!(signature[..4], [0x30, 0x44, 0x02, 0x20]);
/// # Ok::<(), pkcs11_codec::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SignatureAlgorithm(&'static Row);

#[derive(PartialEq, Eq, Hash)]
struct Row {
    name: &'static str,
    oid: Oid<'static>,
    family: Family,
}

/// What rows have in common.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Family {
    /// PKCS#1 v1.5: NULL for parameters.
    Rsa,
    /// ECDSA and DSA: no parameters, and a signature of two numbers.
    TwoNumbers,
    /// No parameters, and the signature as the algorithm makes it.
    Plain,
}

macro_rules! signature_algorithms {
    ($($(#[$doc:meta])* $constant:ident = $name:literal, $family:ident, $oid:expr;)*) => {
        impl SignatureAlgorithm {
            $(
                $(#[$doc])*
                pub const $constant: Self = Self(&Row {
                    name: $name,
                    oid: Oid::constant(&$oid),
                    family: Family::$family,
                });
            )*

            /// Every algorithm of the table.
            pub const ALL: &'static [Self] = &[$(Self::$constant),*];
        }
    };
}

/// 1.2.840.113549.1.1: PKCS#1.
macro_rules! pkcs1 {
    ($arc:literal) => {
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, $arc]
    };
}

/// 1.2.840.10045.4.3: ecdsa-with-SHA2.
macro_rules! x962 {
    ($arc:literal) => {
        [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, $arc]
    };
}

/// 2.16.840.1.101.3.4.3: sigAlgs of NIST.
macro_rules! nist {
    ($arc:literal) => {
        [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, $arc]
    };
}

signature_algorithms! {
    /// sha1WithRSAEncryption, 1.2.840.113549.1.1.5 (RFC 3279 §2.2.1), of old certificates.
    SHA1_WITH_RSA = "sha1WithRSAEncryption", Rsa, pkcs1!(5);
    /// sha224WithRSAEncryption, 1.2.840.113549.1.1.14 (RFC 4055 §5).
    SHA224_WITH_RSA = "sha224WithRSAEncryption", Rsa, pkcs1!(14);
    /// sha256WithRSAEncryption, 1.2.840.113549.1.1.11 (RFC 4055 §5).
    SHA256_WITH_RSA = "sha256WithRSAEncryption", Rsa, pkcs1!(11);
    /// sha384WithRSAEncryption, 1.2.840.113549.1.1.12 (RFC 4055 §5).
    SHA384_WITH_RSA = "sha384WithRSAEncryption", Rsa, pkcs1!(12);
    /// sha512WithRSAEncryption, 1.2.840.113549.1.1.13 (RFC 4055 §5).
    SHA512_WITH_RSA = "sha512WithRSAEncryption", Rsa, pkcs1!(13);
    /// sha512-224WithRSAEncryption, 1.2.840.113549.1.1.15 (RFC 8017 §C).
    SHA512_224_WITH_RSA = "sha512-224WithRSAEncryption", Rsa, pkcs1!(15);
    /// sha512-256WithRSAEncryption, 1.2.840.113549.1.1.16 (RFC 8017 §C).
    SHA512_256_WITH_RSA = "sha512-256WithRSAEncryption", Rsa, pkcs1!(16);
    /// id-rsassa-pkcs1-v1-5-with-sha3-224, 2.16.840.1.101.3.4.3.13 (RFC 9688 §3.1).
    SHA3_224_WITH_RSA = "id-rsassa-pkcs1-v1-5-with-sha3-224", Rsa, nist!(13);
    /// id-rsassa-pkcs1-v1-5-with-sha3-256, 2.16.840.1.101.3.4.3.14 (RFC 9688 §3.1).
    SHA3_256_WITH_RSA = "id-rsassa-pkcs1-v1-5-with-sha3-256", Rsa, nist!(14);
    /// id-rsassa-pkcs1-v1-5-with-sha3-384, 2.16.840.1.101.3.4.3.15 (RFC 9688 §3.1).
    SHA3_384_WITH_RSA = "id-rsassa-pkcs1-v1-5-with-sha3-384", Rsa, nist!(15);
    /// id-rsassa-pkcs1-v1-5-with-sha3-512, 2.16.840.1.101.3.4.3.16 (RFC 9688 §3.1).
    SHA3_512_WITH_RSA = "id-rsassa-pkcs1-v1-5-with-sha3-512", Rsa, nist!(16);
    /// ecdsa-with-SHA1, 1.2.840.10045.4.1 (RFC 3279 §2.2.3), of old certificates.
    ECDSA_WITH_SHA1 =
        "ecdsa-with-SHA1", TwoNumbers, [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01];
    /// ecdsa-with-SHA224, 1.2.840.10045.4.3.1 (RFC 5758 §3.2).
    ECDSA_WITH_SHA224 = "ecdsa-with-SHA224", TwoNumbers, x962!(1);
    /// ecdsa-with-SHA256, 1.2.840.10045.4.3.2 (RFC 5758 §3.2).
    ECDSA_WITH_SHA256 = "ecdsa-with-SHA256", TwoNumbers, x962!(2);
    /// ecdsa-with-SHA384, 1.2.840.10045.4.3.3 (RFC 5758 §3.2).
    ECDSA_WITH_SHA384 = "ecdsa-with-SHA384", TwoNumbers, x962!(3);
    /// ecdsa-with-SHA512, 1.2.840.10045.4.3.4 (RFC 5758 §3.2).
    ECDSA_WITH_SHA512 = "ecdsa-with-SHA512", TwoNumbers, x962!(4);
    /// id-ecdsa-with-sha3-224, 2.16.840.1.101.3.4.3.9 (RFC 9688 §3.2).
    ECDSA_WITH_SHA3_224 = "id-ecdsa-with-sha3-224", TwoNumbers, nist!(9);
    /// id-ecdsa-with-sha3-256, 2.16.840.1.101.3.4.3.10 (RFC 9688 §3.2).
    ECDSA_WITH_SHA3_256 = "id-ecdsa-with-sha3-256", TwoNumbers, nist!(10);
    /// id-ecdsa-with-sha3-384, 2.16.840.1.101.3.4.3.11 (RFC 9688 §3.2).
    ECDSA_WITH_SHA3_384 = "id-ecdsa-with-sha3-384", TwoNumbers, nist!(11);
    /// id-ecdsa-with-sha3-512, 2.16.840.1.101.3.4.3.12 (RFC 9688 §3.2).
    ECDSA_WITH_SHA3_512 = "id-ecdsa-with-sha3-512", TwoNumbers, nist!(12);
    /// id-dsa-with-sha1, 1.2.840.10040.4.3 (RFC 3279 §2.2.2), of old certificates.
    DSA_WITH_SHA1 =
        "id-dsa-with-sha1", TwoNumbers, [0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x03];
    /// id-dsa-with-sha224, 2.16.840.1.101.3.4.3.1 (RFC 5758 §3.1).
    DSA_WITH_SHA224 = "id-dsa-with-sha224", TwoNumbers, nist!(1);
    /// id-dsa-with-sha256, 2.16.840.1.101.3.4.3.2 (RFC 5758 §3.1).
    DSA_WITH_SHA256 = "id-dsa-with-sha256", TwoNumbers, nist!(2);
    /// id-dsa-with-sha384, 2.16.840.1.101.3.4.3.3 (NIST's register).
    DSA_WITH_SHA384 = "id-dsa-with-sha384", TwoNumbers, nist!(3);
    /// id-dsa-with-sha512, 2.16.840.1.101.3.4.3.4 (NIST's register).
    DSA_WITH_SHA512 = "id-dsa-with-sha512", TwoNumbers, nist!(4);
    /// id-dsa-with-sha3-224, 2.16.840.1.101.3.4.3.5 (NIST's register).
    DSA_WITH_SHA3_224 = "id-dsa-with-sha3-224", TwoNumbers, nist!(5);
    /// id-dsa-with-sha3-256, 2.16.840.1.101.3.4.3.6 (NIST's register).
    DSA_WITH_SHA3_256 = "id-dsa-with-sha3-256", TwoNumbers, nist!(6);
    /// id-dsa-with-sha3-384, 2.16.840.1.101.3.4.3.7 (NIST's register).
    DSA_WITH_SHA3_384 = "id-dsa-with-sha3-384", TwoNumbers, nist!(7);
    /// id-dsa-with-sha3-512, 2.16.840.1.101.3.4.3.8 (NIST's register).
    DSA_WITH_SHA3_512 = "id-dsa-with-sha3-512", TwoNumbers, nist!(8);
    /// id-Ed25519, 1.3.101.112 (RFC 8410 §3).
    ED25519 = "id-Ed25519", Plain, [0x2b, 0x65, 0x70];
    /// id-Ed448, 1.3.101.113 (RFC 8410 §3).
    ED448 = "id-Ed448", Plain, [0x2b, 0x65, 0x71];
    /// id-ml-dsa-44, 2.16.840.1.101.3.4.3.17 (RFC 9881 §2).
    ML_DSA_44 = "id-ml-dsa-44", Plain, nist!(17);
    /// id-ml-dsa-65, 2.16.840.1.101.3.4.3.18 (RFC 9881 §2).
    ML_DSA_65 = "id-ml-dsa-65", Plain, nist!(18);
    /// id-ml-dsa-87, 2.16.840.1.101.3.4.3.19 (RFC 9881 §2).
    ML_DSA_87 = "id-ml-dsa-87", Plain, nist!(19);
    /// id-slh-dsa-sha2-128s, 2.16.840.1.101.3.4.3.20 (RFC 9909 §3).
    SLH_DSA_SHA2_128S = "id-slh-dsa-sha2-128s", Plain, nist!(20);
    /// id-slh-dsa-sha2-128f, 2.16.840.1.101.3.4.3.21 (RFC 9909 §3).
    SLH_DSA_SHA2_128F = "id-slh-dsa-sha2-128f", Plain, nist!(21);
    /// id-slh-dsa-sha2-192s, 2.16.840.1.101.3.4.3.22 (RFC 9909 §3).
    SLH_DSA_SHA2_192S = "id-slh-dsa-sha2-192s", Plain, nist!(22);
    /// id-slh-dsa-sha2-192f, 2.16.840.1.101.3.4.3.23 (RFC 9909 §3).
    SLH_DSA_SHA2_192F = "id-slh-dsa-sha2-192f", Plain, nist!(23);
    /// id-slh-dsa-sha2-256s, 2.16.840.1.101.3.4.3.24 (RFC 9909 §3).
    SLH_DSA_SHA2_256S = "id-slh-dsa-sha2-256s", Plain, nist!(24);
    /// id-slh-dsa-sha2-256f, 2.16.840.1.101.3.4.3.25 (RFC 9909 §3).
    SLH_DSA_SHA2_256F = "id-slh-dsa-sha2-256f", Plain, nist!(25);
    /// id-slh-dsa-shake-128s, 2.16.840.1.101.3.4.3.26 (RFC 9909 §3).
    SLH_DSA_SHAKE_128S = "id-slh-dsa-shake-128s", Plain, nist!(26);
    /// id-slh-dsa-shake-128f, 2.16.840.1.101.3.4.3.27 (RFC 9909 §3).
    SLH_DSA_SHAKE_128F = "id-slh-dsa-shake-128f", Plain, nist!(27);
    /// id-slh-dsa-shake-192s, 2.16.840.1.101.3.4.3.28 (RFC 9909 §3).
    SLH_DSA_SHAKE_192S = "id-slh-dsa-shake-192s", Plain, nist!(28);
    /// id-slh-dsa-shake-192f, 2.16.840.1.101.3.4.3.29 (RFC 9909 §3).
    SLH_DSA_SHAKE_192F = "id-slh-dsa-shake-192f", Plain, nist!(29);
    /// id-slh-dsa-shake-256s, 2.16.840.1.101.3.4.3.30 (RFC 9909 §3).
    SLH_DSA_SHAKE_256S = "id-slh-dsa-shake-256s", Plain, nist!(30);
    /// id-slh-dsa-shake-256f, 2.16.840.1.101.3.4.3.31 (RFC 9909 §3).
    SLH_DSA_SHAKE_256F = "id-slh-dsa-shake-256f", Plain, nist!(31);
}

impl SignatureAlgorithm {
    /// The algorithm of the table that has this OBJECT IDENTIFIER.
    #[must_use]
    pub fn from_oid(oid: Oid<'_>) -> Option<Self> {
        Self::ALL.iter().copied().find(|algorithm| algorithm.0.oid == oid)
    }

    /// The algorithm of the table that has this name, in any case.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|algorithm| algorithm.0.name.eq_ignore_ascii_case(name))
    }

    /// The name in its RFC, or in NIST's register.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.0.name
    }

    /// The identifier, with NULL for parameters where the algorithm has that.
    #[must_use]
    pub const fn identifier(&self) -> AlgorithmIdentifier<'static> {
        let parameters: Option<&'static [u8]> = match self.0.family {
            Family::Rsa => Some(&[0x05, 0x00]),
            Family::TwoNumbers | Family::Plain => None,
        };
        AlgorithmIdentifier { oid: self.0.oid, parameters }
    }

    /// Checks that a signature has the form that the algorithm has in certificates, as far as
    /// the table tells: r‖s of a token is none that others could read.
    pub(crate) fn check(algorithm: AlgorithmIdentifier<'_>, signature: &[u8]) -> Result<(), Error> {
        match Self::from_oid(algorithm.oid).map(|algorithm| algorithm.0.family) {
            Some(Family::TwoNumbers) => Signature::from_der(signature, MAX_ORDER_BYTES)
                .map(drop)
                .map_err(|error| Error::argument(error.kind())),
            _ => Ok(()),
        }
    }

    /// What a token signed, as certificates have it: r‖s of ECDSA and DSA becomes DER, any
    /// other signature stays as it is.
    ///
    /// `order_bytes` is the size of the order, as [`signature`](crate::signature) tells; of
    /// the other algorithms it is not looked at.
    ///
    /// # Errors
    /// When the signature has not twice the size of the order.
    pub fn signature_from_token<'a>(
        &self,
        signature: &'a [u8],
        order_bytes: usize,
    ) -> Result<Cow<'a, [u8]>, Error> {
        match self.0.family {
            Family::TwoNumbers => {
                Ok(Cow::Owned(Signature::from_fixed(signature, order_bytes)?.to_der()))
            }
            Family::Rsa | Family::Plain => Ok(Cow::Borrowed(signature)),
        }
    }

    /// The signature of a certificate, as a token verifies it: the DER of ECDSA and DSA
    /// becomes r‖s, any other signature stays as it is.
    ///
    /// # Errors
    /// When the signature is not that DER, or a number is longer than the order.
    pub fn signature_to_token<'a>(
        &self,
        signature: &'a [u8],
        order_bytes: usize,
    ) -> Result<Cow<'a, [u8]>, Error> {
        match self.0.family {
            Family::TwoNumbers => {
                Ok(Cow::Owned(Signature::from_der(signature, order_bytes)?.to_fixed()))
            }
            Family::Rsa | Family::Plain => Ok(Cow::Borrowed(signature)),
        }
    }
}

impl fmt::Display for SignatureAlgorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl fmt::Debug for SignatureAlgorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SignatureAlgorithm({self})")
    }
}
