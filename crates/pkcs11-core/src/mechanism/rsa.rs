//! RSA.

use super::typed::{packed, typed};
use crate::MechanismType;
use crate::hash::Hash;

/// RSA encryption with OAEP (`CKM_RSA_PKCS_OAEP`, PKCS#11 §6.1.8, RFC 8017 §7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RsaOaep<'a> {
    /// The hash function.
    pub hash: Hash,
    /// The hash function of MGF1.
    pub mgf: Hash,
    /// The label, empty unless another side wants one.
    pub label: &'a [u8],
}

impl<'a> RsaOaep<'a> {
    /// With this hash function for both uses, and no label.
    #[must_use]
    pub const fn new(hash: Hash) -> Self {
        Self { hash, mgf: hash, label: &[] }
    }

    /// With this hash function for MGF1.
    #[must_use]
    pub const fn mgf(mut self, hash: Hash) -> Self {
        self.mgf = hash;
        self
    }

    /// With a label.
    #[must_use]
    pub const fn label(mut self, label: &'a [u8]) -> Self {
        self.label = label;
        self
    }
}

packed!(RsaOaep<'a>, |_m| MechanismType::RSA_PKCS_OAEP);

/// RSA signatures with PSS (`CKM_SHA256_RSA_PKCS_PSS` and its kin, PKCS#11 §6.1.15,
/// RFC 8017 §8.1). The token hashes the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RsaPss {
    /// The hash function of the data.
    pub hash: Hash,
    /// The hash function of MGF1.
    pub mgf: Hash,
    /// The length of the salt in bytes.
    pub salt_length: usize,
}

impl RsaPss {
    /// With this hash function for both uses and a salt as long as its digest.
    #[must_use]
    pub const fn new(hash: Hash) -> Self {
        Self { hash, mgf: hash, salt_length: hash.length() }
    }

    /// With this hash function for MGF1.
    #[must_use]
    pub const fn mgf(mut self, hash: Hash) -> Self {
        self.mgf = hash;
        self
    }

    /// With a salt of this many bytes.
    #[must_use]
    pub const fn salt_length(mut self, bytes: usize) -> Self {
        self.salt_length = bytes;
        self
    }

    const fn number(self) -> MechanismType {
        match self.hash {
            Hash::Sha1 => MechanismType::SHA1_RSA_PKCS_PSS,
            Hash::Sha224 => MechanismType::SHA224_RSA_PKCS_PSS,
            Hash::Sha256 => MechanismType::SHA256_RSA_PKCS_PSS,
            Hash::Sha384 => MechanismType::SHA384_RSA_PKCS_PSS,
            Hash::Sha512 => MechanismType::SHA512_RSA_PKCS_PSS,
            Hash::Sha3_224 => MechanismType::SHA3_224_RSA_PKCS_PSS,
            Hash::Sha3_256 => MechanismType::SHA3_256_RSA_PKCS_PSS,
            Hash::Sha3_384 => MechanismType::SHA3_384_RSA_PKCS_PSS,
            Hash::Sha3_512 => MechanismType::SHA3_512_RSA_PKCS_PSS,
        }
    }
}

packed!(RsaPss, |m| m.number());

/// PSS on a digest that the caller made (`CKM_RSA_PKCS_PSS`, PKCS#11 §6.1.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RsaPssDigest(pub RsaPss);

packed!(RsaPssDigest, |_m| MechanismType::RSA_PKCS_PSS);

typed! {
    /// Wrapping of keys of any length: an AES key made for it wraps the key, and OAEP that AES
    /// key (`CKM_RSA_AES_KEY_WRAP`, PKCS#11 §6.1.19).
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct RsaAesKeyWrap<'a> {
        /// The length of the AES key in bits: 128, 192 or 256.
        pub aes_bits: usize,
        /// How the AES key is encrypted.
        pub oaep: RsaOaep<'a>,
    }
    |_m| MechanismType::RSA_AES_KEY_WRAP
}
