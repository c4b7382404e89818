//! Key agreement.

use pkcs11_sys::{
    CK_EC_KDF_TYPE, CKD_NULL, CKD_SHA1_KDF, CKD_SHA224_KDF, CKD_SHA256_KDF, CKD_SHA384_KDF,
    CKD_SHA512_KDF,
};

use super::typed::packed;
use super::{Context, IntoMechanism, Mechanism};
use crate::hash::Hash;
use crate::{MechanismType, Result};

/// What makes a key of the shared secret (`CK_EC_KDF_TYPE`, PKCS#11 §6.3.16).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kdf {
    /// Nothing: the first bytes of the shared secret are the key.
    #[default]
    Null,
    /// ANSI X9.63 with this hash function.
    X963(Hash),
}

impl Kdf {
    pub(crate) const fn number(self) -> CK_EC_KDF_TYPE {
        match self {
            Self::Null => CKD_NULL,
            Self::X963(Hash::Sha1) => CKD_SHA1_KDF,
            Self::X963(Hash::Sha224) => CKD_SHA224_KDF,
            Self::X963(Hash::Sha256) => CKD_SHA256_KDF,
            Self::X963(Hash::Sha384) => CKD_SHA384_KDF,
            Self::X963(Hash::Sha512) => CKD_SHA512_KDF,
        }
    }
}

/// Elliptic-curve Diffie-Hellman (`CKM_ECDH1_DERIVE`, PKCS#11 §6.3.17).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ecdh1<'a> {
    /// The other party's point as [`PublicKey::ec_point`](crate::PublicKey::ec_point) gives it:
    /// 04, x, y, or the bare bytes of X25519 and X448. What the token wants around it is known
    /// from its quirks.
    pub point: &'a [u8],
    /// What makes a key of the shared secret.
    pub kdf: Kdf,
    /// Data that both parties feed to the KDF.
    pub shared: &'a [u8],
}

impl<'a> Ecdh1<'a> {
    /// With the other party's point, and no KDF.
    #[must_use]
    pub const fn new(point: &'a [u8]) -> Self {
        Self { point, kdf: Kdf::Null, shared: &[] }
    }

    /// With a KDF and the data that both parties feed to it.
    #[must_use]
    pub const fn kdf(mut self, kdf: Kdf, shared: &'a [u8]) -> Self {
        self.kdf = kdf;
        self.shared = shared;
        self
    }
}

packed!(Ecdh1<'a>, |_m| MechanismType::ECDH1_DERIVE);

/// Diffie-Hellman (`CKM_DH_PKCS_DERIVE`, PKCS#11 §6.4.10, PKCS#3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DhDerive<'a> {
    /// The other party's public value, big-endian.
    pub public_value: &'a [u8],
}

impl<'a> DhDerive<'a> {
    /// With the other party's public value, big-endian.
    #[must_use]
    pub const fn new(public_value: &'a [u8]) -> Self {
        Self { public_value }
    }
}

impl<'a> IntoMechanism<'a> for DhDerive<'a> {
    fn into_mechanism(self, _: &Context<'_>) -> Result<Mechanism<'a>> {
        Ok(Mechanism::with_bytes(MechanismType::DH_PKCS_DERIVE, self.public_value))
    }
}
