//! One row for each key type: what it gets where the caller names nothing.

mod rows;

use pkcs11_core::{Capabilities, Hash, KeyType, MechanismType, Result};

pub use rows::{PARAMETERS, ROWS};

/// What a key type gets where the caller names nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The key type.
    pub key_type: KeyType,
    /// Generates a key, or a key pair.
    pub generate: Option<MechanismType>,
    /// Generates domain parameters.
    pub parameters: Option<MechanismType>,
    /// Encrypts.
    pub encrypt: Option<Encrypt>,
    /// Signs, or makes a MAC.
    pub sign: Option<Sign>,
    /// Wraps keys.
    pub wrap: Option<Wrap>,
    /// Derives keys.
    pub derive: Option<Derive>,
    /// Encapsulates keys.
    pub encapsulate: Option<MechanismType>,
    /// What its keys may do.
    pub capabilities: Capabilities,
}

/// A default for encryption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encrypt {
    /// With an initialisation vector that the caller gives.
    Iv(MechanismType),
    /// `CKM_CHACHA20_POLY1305` with a nonce that the caller gives, and no additional data.
    ChaCha20Poly1305,
    /// `CKM_RSA_PKCS_OAEP` with its default parameter.
    Oaep,
}

impl Encrypt {
    /// The number of the mechanism.
    #[must_use]
    pub const fn mechanism(self) -> MechanismType {
        match self {
            Self::Iv(mechanism) => mechanism,
            Self::ChaCha20Poly1305 => MechanismType::CHACHA20_POLY1305,
            Self::Oaep => MechanismType::RSA_PKCS_OAEP,
        }
    }
}

/// A default for signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sign {
    /// The mechanism.
    pub mechanism: MechanismType,
    /// What gives the same bytes where the token lacks the mechanism, best first.
    pub equivalents: &'static [Equivalent],
    /// Whether keys of this type verify only: each signature changes the private key, so signing
    /// takes more thought than a default.
    pub verifies_only: bool,
}

/// A mechanism that gives the same signature on a digest made here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Equivalent {
    /// The mechanism that signs the digest.
    pub mechanism: MechanismType,
    /// The hash function.
    pub hash: Hash,
    /// Whether the digest goes in a DigestInfo (RFC 8017 §9.2).
    pub digest_info: bool,
}

/// A default for wrapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrap {
    /// Without a parameter.
    Plain(MechanismType),
    /// With an initialisation vector that the caller gives.
    Iv(MechanismType),
    /// `CKM_AES_KEY_WRAP_KWP` (RFC 5649) with the standard's initial value. Where the token lacks
    /// it and its `CKM_AES_KEY_WRAP_PAD` is known to be the same, that.
    Kwp,
    /// `CKM_RSA_PKCS_OAEP` with its default parameter.
    Oaep,
}

impl Wrap {
    /// The number of the mechanism.
    #[must_use]
    pub const fn mechanism(self) -> MechanismType {
        match self {
            Self::Plain(mechanism) | Self::Iv(mechanism) => mechanism,
            Self::Kwp => MechanismType::AES_KEY_WRAP_KWP,
            Self::Oaep => MechanismType::RSA_PKCS_OAEP,
        }
    }
}

/// A default for key derivation, from the other party's public value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Derive {
    /// `CKM_ECDH1_DERIVE` without a KDF.
    Ecdh1,
    /// `CKM_DH_PKCS_DERIVE`.
    DhPkcs,
    /// `CKM_X9_42_DH_DERIVE` without a KDF.
    X942,
}

impl Derive {
    /// The number of the mechanism.
    #[must_use]
    pub const fn mechanism(self) -> MechanismType {
        match self {
            Self::Ecdh1 => MechanismType::ECDH1_DERIVE,
            Self::DhPkcs => MechanismType::DH_PKCS_DERIVE,
            Self::X942 => MechanismType::X9_42_DH_DERIVE,
        }
    }
}

/// The parameter of a mechanism whose number the caller names alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultParameter {
    /// OAEP and its MGF1 with this hash function, and no label.
    Oaep(Hash),
    /// PSS and its MGF1 with the mechanism's own hash function, and a salt as long as its digest.
    Pss(Hash),
    /// The same for `CKM_RSA_PKCS_PSS`, which signs a digest that the caller made by this.
    PssDigest(Hash),
}

/// What a token makes a signature with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    Itself,
    Equivalent(Equivalent),
    Nothing,
}

impl Sign {
    /// The mechanism itself or, where the token lacks it and hashing here is allowed, what comes
    /// to the same.
    pub(crate) fn choose(
        &self,
        hash_here: bool,
        offers: impl Fn(MechanismType) -> Result<bool>,
    ) -> Result<Choice> {
        if offers(self.mechanism)? {
            return Ok(Choice::Itself);
        }
        for equivalent in self.equivalents.iter().filter(|_| hash_here) {
            if offers(equivalent.mechanism)? {
                return Ok(Choice::Equivalent(*equivalent));
            }
        }
        Ok(Choice::Nothing)
    }
}

impl Row {
    /// The row of a key type.
    #[must_use]
    pub fn of(key_type: KeyType) -> Option<&'static Self> {
        ROWS.iter().find(|row| row.key_type == key_type)
    }
}

impl DefaultParameter {
    /// The default parameter of a mechanism.
    #[must_use]
    pub fn of(mechanism: MechanismType) -> Option<Self> {
        let row = PARAMETERS.iter().find(|(number, _)| *number == mechanism);
        row.map(|(_, parameter)| *parameter)
    }
}

#[cfg(test)]
mod tests;
