//! What may stand where an operation wants a mechanism.

use super::{Mechanism, VendorParameter};
use crate::defaults::{Quirks, Request};
use crate::object::{Curve, Object};
use crate::session::Session;
use crate::{Error, ErrorKind, KeyType, MechanismFlags, MechanismType, Result};

/// A mechanism, or what becomes one when the key and the token are known: [`DEFAULT`], a typed
/// mechanism, a number, or a vendor's number with the bytes of its parameter.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no mechanism",
    label = "expected DEFAULT, a typed mechanism such as `AesGcm`, or a `MechanismType`",
    note = "a vendor's mechanism is a pair: (MechanismType::new(0x8000_0001), &parameter[..])"
)]
pub trait IntoMechanism<'a> {
    /// The mechanism for this use.
    ///
    /// # Errors
    ///
    /// If no mechanism serves, or a parameter cannot be what the token wants.
    fn into_mechanism(self, context: &Context<'_>) -> Result<Mechanism<'a>>;
}

impl<'a> IntoMechanism<'a> for Mechanism<'a> {
    fn into_mechanism(self, _: &Context<'_>) -> Result<Mechanism<'a>> {
        Ok(self)
    }
}

/// Its number alone: with the parameter that the [`Defaults`](crate::Defaults) have for it, if it
/// takes one.
impl<'a> IntoMechanism<'a> for MechanismType {
    #[inline]
    fn into_mechanism(self, context: &Context<'_>) -> Result<Mechanism<'a>> {
        if self.facts().needs_no_parameter() {
            return Ok(Mechanism::new(self));
        }
        let with_parameter = context.session.defaults().parameter(self, context)?;
        Ok(with_parameter.unwrap_or_else(|| Mechanism::new(self)))
    }
}

impl<'a> IntoMechanism<'a> for (MechanismType, &'a [u8]) {
    fn into_mechanism(self, _: &Context<'_>) -> Result<Mechanism<'a>> {
        Ok(Mechanism::with_bytes(self.0, self.1))
    }
}

impl<'a> IntoMechanism<'a> for (MechanismType, Vec<u8>) {
    fn into_mechanism(self, _: &Context<'_>) -> Result<Mechanism<'a>> {
        Ok(Mechanism::with_owned_bytes(self.0, self.1))
    }
}

impl<'a, T: VendorParameter> IntoMechanism<'a> for &'a mut T {
    fn into_mechanism(self, _: &Context<'_>) -> Result<Mechanism<'a>> {
        Ok(Mechanism::vendor(self))
    }
}

/// What a mechanism is wanted for, or what makes an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Usage {
    /// Encryption.
    Encrypt,
    /// Decryption.
    Decrypt,
    /// Digest.
    Digest,
    /// Signature or MAC.
    Sign,
    /// Verification.
    Verify,
    /// Signature from which the data can be recovered.
    SignRecover,
    /// Verification that recovers the data.
    VerifyRecover,
    /// Generation of a secret key.
    GenerateKey,
    /// Generation of a key pair.
    GenerateKeyPair,
    /// Generation of domain parameters.
    GenerateParameters,
    /// Derivation of a key.
    Derive,
    /// Wrapping of a key.
    Wrap,
    /// Unwrapping of a key.
    Unwrap,
    /// Encapsulation of a key (KEM).
    Encapsulate,
    /// Decapsulation of a key (KEM).
    Decapsulate,
    /// Making of an object from known values, which takes no mechanism.
    Create,
}

impl Usage {
    /// The flag of the mechanisms that serve this use; none where it takes no mechanism.
    #[must_use]
    pub const fn flag(self) -> MechanismFlags {
        match self {
            Self::Encrypt => MechanismFlags::ENCRYPT,
            Self::Decrypt => MechanismFlags::DECRYPT,
            Self::Digest => MechanismFlags::DIGEST,
            Self::Sign => MechanismFlags::SIGN,
            Self::Verify => MechanismFlags::VERIFY,
            Self::SignRecover => MechanismFlags::SIGN_RECOVER,
            Self::VerifyRecover => MechanismFlags::VERIFY_RECOVER,
            Self::GenerateKey | Self::GenerateParameters => MechanismFlags::GENERATE,
            Self::GenerateKeyPair => MechanismFlags::GENERATE_KEY_PAIR,
            Self::Derive => MechanismFlags::DERIVE,
            Self::Wrap => MechanismFlags::WRAP,
            Self::Unwrap => MechanismFlags::UNWRAP,
            Self::Encapsulate => MechanismFlags::ENCAPSULATE,
            Self::Decapsulate => MechanismFlags::DECAPSULATE,
            Self::Create => MechanismFlags::empty(),
        }
    }
}

/// Where the type of the key is known from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum KeyFacts<'c> {
    None,
    Type(KeyType),
    Object(&'c Object),
}

/// What a mechanism is chosen by: the use, the key, the token.
#[derive(Debug)]
pub struct Context<'c> {
    session: &'c Session,
    usage: Usage,
    key: KeyFacts<'c>,
}

impl<'c> Context<'c> {
    #[inline]
    pub(crate) fn new(session: &'c Session, usage: Usage, key: KeyFacts<'c>) -> Self {
        Self { session, usage, key }
    }

    pub(crate) fn session(&self) -> &'c Session {
        self.session
    }

    /// The mechanism for this use, if the module's [`Defaults`](crate::Defaults) permit it: every
    /// mechanism of a call comes from here.
    #[inline]
    pub(crate) fn resolve<'m>(&self, mechanism: impl IntoMechanism<'m>) -> Result<Mechanism<'m>> {
        let mechanism = mechanism.into_mechanism(self)?;
        self.permit(&mechanism)?;
        Ok(mechanism)
    }

    /// Refuses what the module's defaults do not permit.
    #[inline]
    pub(crate) fn permit(&self, mechanism: &Mechanism<'_>) -> Result<()> {
        let permitted = self.session.defaults().permit(mechanism, self);
        permitted.map_err(|error| error.on_mechanism(mechanism.number()))?;
        if mechanism.prehash().is_some() && !matches!(self.usage, Usage::Sign | Usage::Verify) {
            return Err(Error::invalid("only signatures can be made of a digest"));
        }
        Ok(())
    }

    /// What the mechanism is wanted for.
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.usage
    }

    /// The type of the key; read from the token at the key's first use.
    ///
    /// # Errors
    ///
    /// If the key cannot be read, or the operation has none.
    pub fn key_type(&self) -> Result<KeyType> {
        match self.key {
            KeyFacts::Type(key_type) => Ok(key_type),
            KeyFacts::Object(object) => object.key_type(),
            KeyFacts::None => Err(ErrorKind::NoDefault("the operation has no key".into()).into()),
        }
    }

    /// The named curve of the key, read from the token at the key's first use; `None` if it has
    /// none.
    #[must_use]
    pub fn curve(&self) -> Option<Curve> {
        match self.key {
            KeyFacts::Object(object) => object.curve(),
            KeyFacts::None | KeyFacts::Type(_) => None,
        }
    }

    /// Whether the token offers the mechanism for this use. The answer is kept.
    ///
    /// # Errors
    ///
    /// If the module fails for another reason than not knowing the mechanism.
    pub fn offers(&self, mechanism: MechanismType) -> Result<bool> {
        self.session.token().offers(mechanism, self.usage.flag())
    }

    /// The mechanisms that the token offers for this use, whatever the type of the key. What is
    /// read is kept.
    ///
    /// # Errors
    ///
    /// What `C_GetMechanismList` and `C_GetMechanismInfo` answer.
    pub fn offered(&self) -> Result<Vec<MechanismType>> {
        let mut offered = self.session.token().slot().mechanisms()?;
        let mut failed = None;
        offered.retain(|&mechanism| {
            self.offers(mechanism).unwrap_or_else(|error| {
                failed.get_or_insert(error);
                false
            })
        });
        failed.map_or(Ok(offered), Err)
    }

    /// Whether the object is one of the token that the mechanism is for.
    pub(crate) fn is_of_token(&self, object: &Object) -> bool {
        object.session().token() == self.session.token()
    }

    /// How the token deviates from the standard.
    #[must_use]
    pub fn quirks(&self) -> Quirks {
        self.session.token().quirks()
    }
}

/// The default for the key and the use, by the [`Defaults`](crate::Defaults) of the module.
///
/// What a default needs comes with it: `DEFAULT.iv(&iv)` for encryption with AES,
/// `DEFAULT.peer(&point)` for key agreement.
pub const DEFAULT: DefaultMechanism<'static> = DefaultMechanism { iv: None, peer: None };

/// See [`DEFAULT`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DefaultMechanism<'a> {
    iv: Option<&'a [u8]>,
    peer: Option<&'a [u8]>,
}

impl<'a> DefaultMechanism<'a> {
    /// With an initialisation vector: a fresh random one for each message.
    #[must_use]
    pub const fn iv<'b>(self, iv: &'b [u8]) -> DefaultMechanism<'b>
    where
        'a: 'b,
    {
        DefaultMechanism { iv: Some(iv), peer: self.peer }
    }

    /// With the other party's public value: a point of a curve, or a big-endian number.
    #[must_use]
    pub const fn peer<'b>(self, public_value: &'b [u8]) -> DefaultMechanism<'b>
    where
        'a: 'b,
    {
        DefaultMechanism { iv: self.iv, peer: Some(public_value) }
    }
}

impl<'a> IntoMechanism<'a> for DefaultMechanism<'a> {
    fn into_mechanism(self, context: &Context<'_>) -> Result<Mechanism<'a>> {
        let request = Request { iv: self.iv, peer: self.peer };
        let mechanism = context.session.defaults().mechanism(&request, context)?;
        tracing::debug!(%mechanism, prehash = ?mechanism.prehash(), "default mechanism");
        Ok(mechanism)
    }
}

impl Context<'_> {
    /// The error for a use that has no default; says which use and which key type.
    #[must_use]
    pub fn no_default(&self, why: &str) -> Error {
        let key = match self.key_type() {
            Ok(key_type) => format!(" with {key_type}"),
            Err(_) => String::new(),
        };
        ErrorKind::NoDefault(format!("{:?}{key}: {why}", self.usage)).into()
    }

    /// The error of a [`Defaults::permit`](crate::Defaults::permit) that refuses; says which use.
    #[must_use]
    pub fn refused(&self, why: &str) -> Error {
        ErrorKind::Refused(format!("{:?}: {why}", self.usage)).into()
    }
}
