//! Signatures on curves, ML-DSA and SLH-DSA.

use super::typed::{packed, typed};
use super::{Context, IntoMechanism, Mechanism};
use crate::hash::Hash;
use crate::{Hedge, MechanismType, Result};

/// ECDSA on the digest of a message (`CKM_ECDSA_SHA256` and its kin, PKCS#11 §6.3.13,
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
            Hash::Sha3_224 => MechanismType::ECDSA_SHA3_224,
            Hash::Sha3_256 => MechanismType::ECDSA_SHA3_256,
            Hash::Sha3_384 => MechanismType::ECDSA_SHA3_384,
            Hash::Sha3_512 => MechanismType::ECDSA_SHA3_512,
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

typed! {
    /// Signatures with the keys of X25519 and X448 (`CKM_XEDDSA`, PKCS#11 §6.3.15).
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct XEdDsa {
        /// The hash function: `BLAKE2B_256`, `BLAKE2B_512`, `SHA256`, `SHA512`, `SHA3_256` or
        /// `SHA3_512`.
        pub hash: MechanismType,
    }
    |_m| MechanismType::XEDDSA
}

/// The function that hashes a message before ML-DSA or SLH-DSA signs it (FIPS 204 §5.4,
/// FIPS 205 §10.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PreHash {
    /// SHA-224.
    Sha224,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
    /// SHA3-224.
    Sha3_224,
    /// SHA3-256.
    Sha3_256,
    /// SHA3-384.
    Sha3_384,
    /// SHA3-512.
    Sha3_512,
    /// SHAKE128.
    Shake128,
    /// SHAKE256.
    Shake256,
}

macro_rules! lattice_and_hash_based {
    (
        $what:literal, $standard:literal, $pure:ident, $pure_number:ident, $hashing:ident,
        [$($hash:ident = $number:ident,)*], $digest:ident, $digest_number:ident
    ) => {
        typed! {
            #[doc = concat!($what, " of a message (`CKM_", stringify!($pure_number), "`, ", $standard, ").")]
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            pub struct $pure<'a> {}
            with {
                /// Whether fresh random numbers go into the signature; nothing to verifying.
                pub hedge: Hedge = Hedge::PREFERRED,
                /// The context, at most 255 bytes.
                pub context: &'a [u8] = &[],
            }
            |_m| MechanismType::$pure_number
        }

        typed! {
            #[doc = concat!($what, " of a message that the token hashes first (", $standard, ").")]
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            pub struct $hashing<'a> {
                /// The hash function.
                pub hash: PreHash,
            }
            with {
                /// Whether fresh random numbers go into the signature; nothing to verifying.
                pub hedge: Hedge = Hedge::PREFERRED,
                /// The context, at most 255 bytes.
                pub context: &'a [u8] = &[],
            }
            |m| match m.hash {
                $(PreHash::$hash => MechanismType::$number,)*
            }
        }

        typed! {
            #[doc = concat!(
                $what, " of a digest that the caller made (`CKM_", stringify!($digest_number),
                "`, ", $standard, ")."
            )]
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            pub struct $digest<'a> {
                /// The hash function that made the digest.
                pub hash: Hash,
            }
            with {
                /// Whether fresh random numbers go into the signature; nothing to verifying.
                pub hedge: Hedge = Hedge::PREFERRED,
                /// The context, at most 255 bytes.
                pub context: &'a [u8] = &[],
            }
            |_m| MechanismType::$digest_number
        }
    };
}

lattice_and_hash_based! {
    "ML-DSA", "PKCS#11 §6.67, FIPS 204", MlDsa, ML_DSA, HashMlDsa, [
        Sha224 = HASH_ML_DSA_SHA224,
        Sha256 = HASH_ML_DSA_SHA256,
        Sha384 = HASH_ML_DSA_SHA384,
        Sha512 = HASH_ML_DSA_SHA512,
        Sha3_224 = HASH_ML_DSA_SHA3_224,
        Sha3_256 = HASH_ML_DSA_SHA3_256,
        Sha3_384 = HASH_ML_DSA_SHA3_384,
        Sha3_512 = HASH_ML_DSA_SHA3_512,
        Shake128 = HASH_ML_DSA_SHAKE128,
        Shake256 = HASH_ML_DSA_SHAKE256,
    ], HashMlDsaDigest, HASH_ML_DSA
}

lattice_and_hash_based! {
    "SLH-DSA", "PKCS#11 §6.69, FIPS 205", SlhDsa, SLH_DSA, HashSlhDsa, [
        Sha224 = HASH_SLH_DSA_SHA224,
        Sha256 = HASH_SLH_DSA_SHA256,
        Sha384 = HASH_SLH_DSA_SHA384,
        Sha512 = HASH_SLH_DSA_SHA512,
        Sha3_224 = HASH_SLH_DSA_SHA3_224,
        Sha3_256 = HASH_SLH_DSA_SHA3_256,
        Sha3_384 = HASH_SLH_DSA_SHA3_384,
        Sha3_512 = HASH_SLH_DSA_SHA3_512,
        Shake128 = HASH_SLH_DSA_SHAKE128,
        Shake256 = HASH_SLH_DSA_SHAKE256,
    ], HashSlhDsaDigest, HASH_SLH_DSA
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ecdsa_by_its_hash() {
        for &hash in Hash::ALL {
            let name = match hash {
                Hash::Sha1 => "SHA1".to_owned(),
                _ => hash.mechanism().to_string().replace("CKM_", ""),
            };
            assert_eq!(Ecdsa::new(hash).number().to_string(), format!("CKM_ECDSA_{name}"));
        }
    }
}
