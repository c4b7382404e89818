//! Signatures on curves.

use super::typed::packed;
use super::{Context, IntoMechanism, Mechanism};
use crate::hash::Hash;
use crate::{MechanismType, Result};

/// ECDSA on the digest of a message (`CKM_ECDSA_SHA256` and its kin, PKCS#11 §6.3.1,
/// FIPS 186-5). Where the token signs digests only, the message is hashed here, which gives
/// the same signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ecdsa {
    /// The hash function.
    pub hash: Hash,
}

impl Ecdsa {
    /// With this hash function.
    #[must_use]
    pub const fn new(hash: Hash) -> Self {
        Self { hash }
    }

    const fn number(self) -> MechanismType {
        match self.hash {
            Hash::Sha1 => MechanismType::ECDSA_SHA1,
            Hash::Sha224 => MechanismType::ECDSA_SHA224,
            Hash::Sha256 => MechanismType::ECDSA_SHA256,
            Hash::Sha384 => MechanismType::ECDSA_SHA384,
            Hash::Sha512 => MechanismType::ECDSA_SHA512,
        }
    }
}

impl<'a> IntoMechanism<'a> for Ecdsa {
    fn into_mechanism(self, context: &Context<'_>) -> Result<Mechanism<'a>> {
        if context.offers(self.number())? {
            return Ok(Mechanism::new(self.number()));
        }
        Ok(Mechanism::new(MechanismType::ECDSA).prehashed(self.hash))
    }
}

/// Edwards-curve signatures (`CKM_EDDSA`, PKCS#11 §6.3.14, RFC 8032).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EdDsa<'a> {
    /// Whether the data is hashed first (Ed25519ph, Ed448ph).
    pub prehash: bool,
    /// The context, at most 255 bytes; Ed448 always has one, if empty.
    pub context: Option<&'a [u8]>,
}

impl<'a> EdDsa<'a> {
    /// Plain: Ed25519, or Ed448 with an empty context.
    #[must_use]
    pub const fn new() -> Self {
        Self { prehash: false, context: None }
    }

    /// With a context (Ed25519ctx, Ed448).
    #[must_use]
    pub const fn context(mut self, context: &'a [u8]) -> Self {
        self.context = Some(context);
        self
    }

    /// Of the hash of the data (Ed25519ph, Ed448ph).
    #[must_use]
    pub const fn prehashed(mut self) -> Self {
        self.prehash = true;
        self
    }
}

packed!(EdDsa<'a>, |_m| MechanismType::EDDSA);
