//! RSA.

use super::typed::packed;
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
    /// The hash function, of the data and of MGF1.
    pub hash: Hash,
    /// The length of the salt in bytes.
    pub salt_length: usize,
}

impl RsaPss {
    /// With this hash function and a salt as long as its digest.
    #[must_use]
    pub const fn new(hash: Hash) -> Self {
        Self { hash, salt_length: hash.length() }
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
        }
    }
}

packed!(RsaPss, |m| m.number());
