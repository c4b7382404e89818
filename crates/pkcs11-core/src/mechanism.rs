//! Mechanisms with their parameters.

mod aead;
mod agreement;
mod block;
mod cms;
mod derived;
mod dsa;
mod gost;
mod historical;
mod ike;
mod into;
mod kdf;
mod key_wrap;
mod kip;
mod mac;
mod otp;
mod pbe;
mod ratchet;
mod rsa;
mod set;
mod signature;
mod simple_derivation;
mod ssl3;
mod stream;
mod tls;
mod typed;
mod wtls;

use std::fmt;

pub use crate::raw::VendorParameter;
pub use crate::vocabulary::Kdf;
pub use crate::vocabulary::{Output, Parameter};
pub use aead::*;
pub use agreement::*;
pub use block::*;
pub use cms::*;
pub(crate) use derived::handle;
pub use derived::{NewKey, PrfOutput};
pub use dsa::*;
pub use gost::*;
pub use historical::*;
pub use ike::*;
pub(crate) use into::KeyFacts;
pub use into::{Context, DEFAULT, DefaultMechanism, IntoMechanism, Usage};
pub use kdf::*;
pub use key_wrap::*;
pub use kip::*;
pub use mac::*;
pub use otp::*;
pub use pbe::*;
pub use ratchet::*;
pub use rsa::*;
pub use set::*;
pub use signature::*;
pub use simple_derivation::*;
pub use ssl3::*;
pub use stream::*;
pub use tls::*;
pub use wtls::*;

use crate::hash::Hash;
use crate::raw::{Pack, Packed};
use crate::vocabulary::Facts;
use crate::{Error, MechanismType, Result};

/// A mechanism with its parameters, ready for a call.
///
/// The typed mechanisms ([`AesGcm`], [`RsaPss`], …), [`DEFAULT`] and the numbers
/// ([`MechanismType`]) become one through [`IntoMechanism`].
pub struct Mechanism<'a> {
    number: MechanismType,
    /// The number's row.
    facts: &'static Facts,
    pub(crate) parameter: Packed<'a>,
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
    #[inline]
    pub const fn new(number: MechanismType) -> Self {
        Self { number, facts: number.facts(), parameter: Packed::nothing(), prehash: None }
    }

    /// A mechanism whose parameter is bytes: an initialisation vector, a public value, or what
    /// a vendor says. Where a vendor's parameter holds pointers, bytes are not the way: the
    /// module would follow them.
    #[must_use]
    pub const fn with_bytes(number: MechanismType, bytes: &'a [u8]) -> Self {
        Self::with_parameter(number, Packed::bytes(bytes))
    }

    /// The same with bytes of its own, which a call that is [pending](crate::Pending) wants.
    #[must_use]
    pub const fn with_owned_bytes(number: MechanismType, bytes: Vec<u8>) -> Self {
        Self::with_parameter(number, Packed::owned_bytes(bytes))
    }

    #[inline]
    const fn with_parameter(number: MechanismType, parameter: Packed<'a>) -> Self {
        Self { number, facts: number.facts(), parameter, prehash: None }
    }

    /// A typed mechanism for the token of the context.
    pub(crate) fn typed(
        number: MechanismType,
        mechanism: impl Pack<'a>,
        context: &Context<'_>,
    ) -> Result<Self> {
        if !mechanism.objects().iter().all(|object| context.is_of_token(object)) {
            let what = "an object of another token cannot be part of a mechanism";
            return Err(Error::invalid(what).on_mechanism(number));
        }
        let parameter = mechanism.pack(context.quirks());
        let parameter = parameter.map_err(|error| error.on_mechanism(number))?;
        Ok(Self::with_parameter(number, parameter))
    }

    /// A mechanism with a vendor's struct.
    pub(crate) fn vendor<T: VendorParameter>(parameter: &'a mut T) -> Self {
        Self::with_parameter(parameter.mechanism(), Packed::vendor(parameter))
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
    #[inline]
    pub const fn number(&self) -> MechanismType {
        self.number
    }

    /// What the standard says of it.
    #[inline]
    pub(crate) const fn facts(&self) -> &'static Facts {
        self.facts
    }

    /// The hash function of the data, where something else than the number tells it: the data is
    /// hashed here, or the parameter names it.
    #[must_use]
    pub fn hash(&self) -> Option<MechanismType> {
        match self.prehash {
            Some(prehash) => Some(prehash.hash.mechanism()),
            None => self.parameter.signature_hash(),
        }
    }

    #[inline]
    pub(crate) fn prehash(&self) -> Option<Prehash> {
        self.prehash
    }

    /// How long its output is, with what its parameter says.
    #[inline]
    pub(crate) fn output(&self) -> Output {
        match self.facts.output {
            Output::General => self.parameter.mac_length().map_or(Output::General, Output::Mac),
            output => output,
        }
    }

    /// Checks the parameter against the mechanism's row: some modules read past a short one.
    #[inline(always)]
    pub(crate) fn check(&self) -> Result<()> {
        let wanted = self.facts.parameters;
        let bytes = self.parameter.as_bytes();
        let fits = match self.parameter.kind() {
            None => false,
            Some(Parameter::Bytes) => bytes.is_some_and(|bytes| {
                let is = |wanted: &Parameter| match wanted {
                    Parameter::Iv(length) => bytes.len() == *length,
                    Parameter::Bytes => !bytes.is_empty(),
                    _ => false,
                };
                wanted.iter().any(is)
            }),
            Some(kind) => wanted.contains(&kind),
        };
        if fits { Ok(()) } else { self.misfit(wanted) }
    }

    /// Why the parameter does not fit, if it must.
    #[cold]
    fn misfit(&self, wanted: &[Parameter]) -> Result<()> {
        let (number, bytes) = (self.number, self.parameter.as_bytes());
        // A struct of the standard may hold pointers: its bytes are never taken from outside. A
        // number without a name wants nothing, so nothing fits it.
        if number.name().is_none() {
            return self.check_unknown();
        }
        let given = match (self.parameter.kind(), bytes) {
            (_, Some(bytes)) => format!(", not {} bytes", bytes.len()),
            (Some(kind), _) => format!(", not {kind}"),
            (None, _) => ", not a struct of a vendor".to_owned(),
        };
        let wanted: Vec<String> = wanted.iter().map(ToString::to_string).collect();
        let what = format!("{number} takes {}{given}", wanted.join(" or "));
        Err(Error::invalid(what).on_mechanism(number))
    }

    /// Checks it as what begins messages to encrypt or decrypt, each of which brings its own
    /// parameter: none will do.
    pub(crate) fn check_for_messages(&self) -> Result<()> {
        match self.parameter.kind() {
            Some(Parameter::Nothing) => Ok(()),
            _ => self.check_message(),
        }
    }

    /// Checks it as the parameter of one message, which has a struct of its own where the
    /// mechanism authenticates.
    pub(crate) fn check_message(&self) -> Result<()> {
        let wanted = self.facts.parameters.iter().find(|wanted| wanted.is_of_message());
        match (wanted, self.parameter.kind()) {
            (Some(wanted), kind) if kind != Some(*wanted) => {
                let what = format!("a message of {} takes {wanted}", self.number);
                Err(Error::invalid(what).on_mechanism(self.number))
            }
            _ => self.check(),
        }
    }

    /// Whether it authenticates a message and keeps the tag in its parameter, so that the
    /// ciphertext is as long as the plaintext.
    pub(crate) fn keeps_tag(&self) -> bool {
        self.parameter.kind().is_some_and(Parameter::is_of_message)
    }

    /// The same for a number that the standard does not name.
    fn check_unknown(&self) -> Result<()> {
        if self.number.is_vendor_defined() || self.parameter.kind() == Some(Parameter::Nothing) {
            return Ok(());
        }
        let what = format!("{} is no mechanism of PKCS#11 or of a vendor", self.number);
        Err(Error::invalid(what).on_mechanism(self.number))
    }
}

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
        Some("CKM_AES_CBC_PAD takes an initialisation vector of 16 bytes, not 8 bytes")
    )]
    #[case(
        Mechanism::new(MechanismType::AES_CBC),
        Some("CKM_AES_CBC takes an initialisation vector of 16 bytes, not no parameter")
    )]
    #[case(
        Mechanism::with_bytes(MechanismType::RSA_PKCS_OAEP, &[0; 40]),
        Some("CKM_RSA_PKCS_OAEP takes CK_RSA_PKCS_OAEP_PARAMS, not 40 bytes")
    )]
    #[case(
        Mechanism::with_bytes(MechanismType::TLS12_KDF, &[0; 40]),
        Some("CKM_TLS12_KDF takes CK_TLS_KDF_PARAMS, not 40 bytes")
    )]
    #[case(Mechanism::with_bytes(MechanismType::new(0x8000_0001), &[0; 3]), None)]
    #[case(
        Mechanism::with_bytes(MechanismType::ECDSA, &[1]),
        Some("CKM_ECDSA takes no parameter, not 1 bytes")
    )]
    #[case(Mechanism::new(MechanismType::new(0x7000_0001)), None)]
    #[case(
        Mechanism::with_bytes(MechanismType::new(0x7000_0001), &[1]),
        Some("0x70000001 is no mechanism of PKCS#11 or of a vendor")
    )]
    fn parameters_are_checked(#[case] mechanism: Mechanism<'_>, #[case] error: Option<&str>) {
        let found = mechanism.check().err().map(|error| error.kind().to_string());
        assert_eq!(found.as_deref(), error);
    }
}
