//! Mechanisms with their parameters.

mod into;
mod parameters;
mod typed;

use std::fmt;

pub use crate::vocabulary::{Output, Parameter};
pub(crate) use into::KeyFacts;
pub use into::{Context, DEFAULT, DefaultMechanism, IntoMechanism, Usage};
pub(crate) use parameters::{Parameters, Point};
pub use typed::{
    AesCbc, AesCbcPad, AesCtr, AesGcm, DesCbcPad, DhDerive, Ecdh1, Ecdsa, EdDsa, Kdf, RsaOaep,
    RsaPss,
};

use crate::hash::Hash;
use crate::{Error, MechanismType, Result};

/// A mechanism with its parameters, ready for a call.
///
/// The typed mechanisms ([`AesGcm`], [`RsaPss`], …), [`DEFAULT`] and the numbers
/// ([`MechanismType`]) become one through [`IntoMechanism`].
pub struct Mechanism<'a> {
    number: MechanismType,
    pub(crate) parameters: Parameters<'a>,
    prehash: Option<Prehash>,
}

/// Hashing before the call, for a token that lacks the mechanism that hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Prehash {
    pub(crate) hash: Hash,
    /// Whether the digest goes in a DigestInfo (RFC 8017 §9.2), as PKCS#1 v1.5 signatures want.
    pub(crate) digest_info: bool,
}

impl<'a> Mechanism<'a> {
    /// A mechanism without parameters.
    #[must_use]
    pub const fn new(number: MechanismType) -> Self {
        Self::with_parameters(number, Parameters::Nothing)
    }

    /// A mechanism whose parameter is bytes: an initialisation vector, a public value, or what
    /// a vendor says. Where a vendor's parameter holds pointers, bytes are not the way: the
    /// module would follow them.
    #[must_use]
    pub const fn with_bytes(number: MechanismType, bytes: &'a [u8]) -> Self {
        Self::with_parameters(number, Parameters::Bytes(bytes))
    }

    pub(crate) const fn with_parameters(number: MechanismType, parameters: Parameters<'a>) -> Self {
        Self { number, parameters, prehash: None }
    }

    /// The same mechanism on the digest of the data, which is made here: the meaning of
    /// `CKM_ECDSA_SHA512`, say, from `CKM_ECDSA`.
    #[must_use]
    pub const fn prehashed(mut self, hash: Hash) -> Self {
        self.prehash = Some(Prehash { hash, digest_info: false });
        self
    }

    /// The same on a DigestInfo (RFC 8017 §9.2) of the data: the meaning of
    /// `CKM_SHA512_RSA_PKCS` from `CKM_RSA_PKCS`.
    #[must_use]
    pub const fn prehashed_info(mut self, hash: Hash) -> Self {
        self.prehash = Some(Prehash { hash, digest_info: true });
        self
    }

    /// Its number.
    #[must_use]
    pub const fn number(&self) -> MechanismType {
        self.number
    }

    /// The hash function of the data, where something else than the number tells it: the data is
    /// hashed here, or the parameter of PSS names it.
    #[must_use]
    pub fn hash(&self) -> Option<Hash> {
        match (self.prehash, &self.parameters) {
            (Some(prehash), _) => Some(prehash.hash),
            (None, Parameters::Pss { hash, .. }) => Some(*hash),
            _ => None,
        }
    }

    pub(crate) fn prehash(&self) -> Option<Prehash> {
        self.prehash
    }

    /// Checks the parameter against the mechanism's row: some modules read past a short one.
    pub(crate) fn check(&self) -> Result<()> {
        let wrong = |wanted: String| {
            Err(Error::invalid(format!("{} takes {wanted}", self.number)).on_mechanism(self.number))
        };
        match (self.number.parameter(), &self.parameters) {
            (Parameter::Iv(length), Parameters::Bytes(iv)) if iv.len() == length => Ok(()),
            (Parameter::Iv(length), Parameters::Bytes(iv)) => {
                wrong(format!("an initialisation vector of {length} bytes, not {}", iv.len()))
            }
            (Parameter::Iv(length), _) => {
                wrong(format!("an initialisation vector of {length} bytes"))
            }
            (Parameter::PublicValue, Parameters::Bytes([])) => {
                wrong("the other party's public value".to_owned())
            }
            (Parameter::Ecdh1, Parameters::Ecdh1 { point, .. }) if point.is_empty() => {
                wrong("the other party's point".to_owned())
            }
            (Parameter::Gcm, Parameters::Gcm { iv, tag_bits, .. })
                if iv.is_empty() || !GCM_TAG_BITS.contains(tag_bits) =>
            {
                wrong("a nonce, and a tag of 32, 64, or 96 to 128 bits in whole bytes".to_owned())
            }
            (Parameter::Ctr, Parameters::Ctr { counter_bits, .. })
                if !(1..=128).contains(counter_bits) =>
            {
                wrong("a counter of 1 to 128 bits".to_owned())
            }
            (Parameter::EdDsa, Parameters::EdDsa { context, .. }) if context.len() > 255 => {
                wrong("a context of at most 255 bytes".to_owned())
            }
            (Parameter::Nothing, Parameters::Nothing)
            | (Parameter::PublicValue, Parameters::Bytes(_))
            | (Parameter::Oaep, Parameters::Oaep { .. })
            | (Parameter::Pss, Parameters::Pss { .. })
            | (Parameter::Gcm, Parameters::Gcm { .. })
            | (Parameter::Ctr, Parameters::Ctr { .. })
            | (Parameter::EdDsa, Parameters::EdDsa { .. } | Parameters::Nothing)
            | (Parameter::Ecdh1, Parameters::Ecdh1 { .. })
            | (Parameter::Any, Parameters::Nothing) => Ok(()),
            // A struct of the standard may hold pointers: its bytes are never taken from outside.
            (Parameter::Any, Parameters::Bytes(_)) if self.number.is_vendor_defined() => Ok(()),
            (Parameter::Nothing, _) => wrong("no parameter".to_owned()),
            (Parameter::Any, Parameters::Bytes(_)) => {
                wrong("no parameter of plain bytes".to_owned())
            }
            (wanted, _) => wrong(format!("a parameter of type {wanted:?}")),
        }
    }
}

/// The lengths of a GCM tag (NIST SP 800-38D §5.2.1.2).
const GCM_TAG_BITS: [usize; 7] = [32, 64, 96, 104, 112, 120, 128];

impl MechanismType {
    /// Whether the number is in the range that the standard leaves to vendors.
    #[must_use]
    pub const fn is_vendor_defined(self) -> bool {
        self.number() & pkcs11_sys::CKM_VENDOR_DEFINED != 0
    }
}

/// Its number: a parameter may be secret.
impl fmt::Debug for Mechanism<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mechanism({})", self.number)
    }
}

impl fmt::Display for Mechanism<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.number, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(Mechanism::with_bytes(MechanismType::AES_CBC_PAD, &[0; 16]), None)]
    #[case(
        Mechanism::with_bytes(MechanismType::AES_CBC_PAD, &[0; 8]),
        Some("CKM_AES_CBC_PAD takes an initialisation vector of 16 bytes, not 8")
    )]
    #[case(
        Mechanism::new(MechanismType::AES_CBC),
        Some("CKM_AES_CBC takes an initialisation vector of 16 bytes")
    )]
    #[case(
        Mechanism::with_bytes(MechanismType::RSA_PKCS_OAEP, &[0; 40]),
        Some("CKM_RSA_PKCS_OAEP takes a parameter of type Oaep")
    )]
    #[case(
        Mechanism::with_bytes(MechanismType::TLS12_KDF, &[0; 40]),
        Some("CKM_TLS12_KDF takes no parameter of plain bytes")
    )]
    #[case(Mechanism::with_bytes(MechanismType::new(0x8000_0001), &[0; 3]), None)]
    #[case(Mechanism::with_bytes(MechanismType::ECDSA, &[1]), Some("CKM_ECDSA takes no parameter"))]
    fn parameters_are_checked(#[case] mechanism: Mechanism<'_>, #[case] error: Option<&str>) {
        let found = mechanism.check().err().map(|error| error.kind().to_string());
        assert_eq!(found.as_deref(), error);
    }
}
