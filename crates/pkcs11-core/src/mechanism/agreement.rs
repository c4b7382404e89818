//! Key agreement.

use super::typed::packed;
use super::{Context, IntoMechanism, Mechanism};
use crate::{Kdf, MechanismType, Result};

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
        Self { point, kdf: Kdf::NULL, shared: &[] }
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
