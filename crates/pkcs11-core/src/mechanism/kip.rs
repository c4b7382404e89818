//! CT-KIP (PKCS#11 §6.54, RFC 4758).

use super::derived::secret;
use super::{Context, IntoMechanism, Mechanism};
use crate::{MechanismType, Result, SecretKey};

/// What [`Kip`] does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KipUse {
    /// Derives a key (`CKM_KIP_DERIVE`).
    Derive,
    /// Wraps and unwraps (`CKM_KIP_WRAP`).
    Wrap,
    /// Makes a MAC (`CKM_KIP_MAC`) of any length: the module fills the buffer, so sign with
    /// [`sign_into`](SecretKey::sign_into) into one of the length that is wanted.
    Mac,
}

/// CT-KIP (`CKM_KIP_DERIVE`, `CKM_KIP_WRAP`, `CKM_KIP_MAC`).
pub struct Kip<'a> {
    /// What it does.
    pub usage: KipUse,
    /// The mechanism beneath.
    pub mechanism: Mechanism<'a>,
    /// A key that takes part in the derivation or the MAC.
    pub key: Option<&'a SecretKey>,
    /// The seed; a MAC has none.
    pub seed: &'a [u8],
}

impl<'a> IntoMechanism<'a> for Kip<'a> {
    fn into_mechanism(self, context: &Context<'_>) -> Result<Mechanism<'a>> {
        let number = match self.usage {
            KipUse::Derive => MechanismType::KIP_DERIVE,
            KipUse::Wrap => MechanismType::KIP_WRAP,
            KipUse::Mac => MechanismType::KIP_MAC,
        };
        Mechanism::typed(number, self, context)
    }
}

secret!(Kip);
