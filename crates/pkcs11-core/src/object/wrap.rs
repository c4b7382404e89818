//! Wrapping and unwrapping keys.

mod authenticated;

use zeroize::{Zeroize, Zeroizing};

use super::generate::{Wishes, known_length, wishes};
use super::{Object, ObjectKind, PrivateKey, PublicKey, SecretKey, TokenObject};
use crate::attribute::{Attr, IntoValue, attr};
use crate::defaults::Capabilities;
use crate::mechanism::{Context, IntoMechanism, KeyFacts, Mechanism, Output, Usage};
use crate::{Error, Function, KeyType, ObjectClass, Result, ReturnCode};

/// The room for a wrapped key, in bytes: enough for an RSA private key of 8192 bits.
const ROOM: usize = 8 << 10;
/// The room where that was too small.
const MORE: usize = 128 << 10;

macro_rules! wrap {
    ($($wrapping:ident),*) => {$(
        impl $wrapping {
            /// The key, encrypted with this one, to leave the token. It must be extractable.
            /// Wraps `C_WrapKey` (PKCS#11 §5.18.3).
            ///
            /// ```no_run
            /// # use pkcs11_core::{DEFAULT, KeyType, Result, SecretKey};
            /// # fn f(wrapping: &SecretKey, key: &SecretKey) -> Result<()> {
            /// let wrapped = wrapping.wrap_key(DEFAULT, key)?;
            /// let again = wrapping.unwrap_key(DEFAULT, &wrapped, KeyType::AES).create()?;
            /// # Ok(())
            /// # }
            /// ```
            ///
            /// # Errors
            ///
            /// If the mechanism cannot be had, or the keys are on two tokens; what `C_WrapKey`
            /// answers.
            pub fn wrap_key<'m>(
                &self,
                mechanism: impl IntoMechanism<'m>,
                key: &impl TokenObject,
            ) -> Result<Vec<u8>> {
                wrap(self.object(), mechanism, key.object(), None)
            }
        }
    )*};
}

wrap!(SecretKey, PublicKey);

/// Wraps; with data that is authenticated beside the key, by the function that takes it.
fn wrap<'m>(
    wrapping: &Object,
    mechanism: impl IntoMechanism<'m>,
    key: &Object,
    aad: Option<&[u8]>,
) -> Result<Vec<u8>> {
    let name = match aad {
        Some(_) => Function::WrapKeyAuthenticated,
        None => Function::WrapKey,
    };
    let session = wrapping.session();
    if session.token() != key.session().token() {
        return Err(Error::invalid("the two keys are not on one token").in_function(name));
    }
    let context = Context::new(session, Usage::Wrap, KeyFacts::Object(wrapping));
    let mechanism = context.resolve(mechanism).map_err(|error| error.or_function(name))?;
    let said = |error: Error| error.on_mechanism(mechanism.number());
    let exact = wrapping.modulus_length();
    let exact = exact.filter(|_| mechanism.number().output() == Output::Modulus);
    for room in [exact.map_or(ROOM, |length| length + 1), MORE] {
        let wrapped = attempt((wrapping, key), &mechanism, aad, room).map_err(said)?;
        let Some(wrapped) = wrapped else { continue };
        if wrapped.is_empty() || exact.is_some_and(|length| length != wrapped.len()) {
            let what = "the wrapped key does not have the length of the mechanism";
            return Err(said(Error::misbehaved(name, what)));
        }
        return Ok(wrapped);
    }
    Err(said(Error::misbehaved(name, "no buffer is large enough for the wrapped key")))
}

/// One call with this much room; `None` if it is too little, or if the module leaves the length as
/// it was, which says nothing.
fn attempt(
    (wrapping, key): (&Object, &Object),
    mechanism: &Mechanism<'_>,
    aad: Option<&[u8]>,
    room: usize,
) -> Result<Option<Vec<u8>>> {
    // What is not handed out is wiped: a module may have padded the key itself in it.
    let mut output = Zeroizing::new(vec![0; room]);
    let (handle, wrapped) = (wrapping.handle(), key.handle());
    let answer = match aad {
        None => wrapping.session().call(Function::WrapKey, |cryptoki, session| {
            cryptoki.wrap_key(session, mechanism, handle, wrapped, &mut output)
        }),
        Some(aad) => {
            wrapping.session().call(Function::WrapKeyAuthenticated, |cryptoki, session| {
                cryptoki.wrap_key_authenticated(
                    session,
                    mechanism,
                    handle,
                    wrapped,
                    aad,
                    &mut output,
                )
            })
        }
    };
    match answer {
        Ok(length) if length < room => {
            output.get_mut(length..).unwrap_or_default().zeroize();
            output.truncate(length);
            Ok(Some(std::mem::take(&mut *output)))
        }
        Ok(_) => Ok(None),
        Err(error) if error.return_code() == Some(ReturnCode::BUFFER_TOO_SMALL) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A key to be unwrapped, as
/// `wrapping.unwrap_key(DEFAULT, &wrapped, KeyType::AES).label("copy").create()?`.
#[derive(Debug)]
#[must_use = "no key is unwrapped until `create` or `create_private`"]
pub struct UnwrapKey<'a> {
    unwrapping: &'a Object,
    mechanism: Result<Mechanism<'a>>,
    wrapped: &'a [u8],
    /// What is authenticated beside the key, for the function that takes it.
    aad: Option<&'a [u8]>,
    key_type: KeyType,
    bits: Option<usize>,
    wishes: Wishes<'a>,
}

wishes!(UnwrapKey);

macro_rules! unwrap {
    ($($unwrapping:ident),*) => {$(
        impl $unwrapping {
            /// A key of this type, to be unwrapped with this one.
            pub fn unwrap_key<'a>(
                &'a self,
                mechanism: impl IntoMechanism<'a>,
                wrapped: &'a [u8],
                key_type: KeyType,
            ) -> UnwrapKey<'a> {
                UnwrapKey::new(self.object(), mechanism, (wrapped, None), key_type)
            }
        }
    )*};
}

unwrap!(SecretKey, PrivateKey);

impl<'a> UnwrapKey<'a> {
    fn new(
        unwrapping: &'a Object,
        mechanism: impl IntoMechanism<'a>,
        (wrapped, aad): (&'a [u8], Option<&'a [u8]>),
        key_type: KeyType,
    ) -> Self {
        let facts = KeyFacts::Object(unwrapping);
        let context = Context::new(unwrapping.session(), Usage::Unwrap, facts);
        let mechanism = context.resolve(mechanism);
        let wishes = Wishes::default();
        Self { unwrapping, mechanism, wrapped, aad, key_type, bits: None, wishes }
    }

    /// The new key's length in bits, a multiple of 8, where neither its type nor the mechanism
    /// tells it: where the mechanism pads with zeros, or not at all.
    pub fn bits(mut self, bits: usize) -> Self {
        self.bits = Some(bits);
        self
    }

    /// Unwraps a secret key. Wraps `C_UnwrapKey` (PKCS#11 §5.18.4), or
    /// `C_UnwrapKeyAuthenticated` (§5.18.7).
    ///
    /// A PIN given by [`with_context_pin`](PrivateKey::with_context_pin) is not used: in a call
    /// without an Init the standard has no place for one.
    ///
    /// # Errors
    ///
    /// If the mechanism cannot be had; what `C_UnwrapKey` answers.
    pub fn create(self) -> Result<SecretKey> {
        self.create_of(ObjectClass::SECRET_KEY).map(SecretKey::of)
    }

    /// Unwraps a private key: the same call for another class. Wraps `C_UnwrapKey`
    /// (PKCS#11 §5.18.4).
    ///
    /// # Errors
    ///
    /// As [`create`](Self::create).
    pub fn create_private(self) -> Result<PrivateKey> {
        self.create_of(ObjectClass::PRIVATE_KEY).map(PrivateKey::of)
    }

    fn create_of(self, class: ObjectClass) -> Result<Object> {
        let Self { unwrapping, mechanism, wrapped, aad, key_type, bits, wishes } = self;
        let name = match aad {
            Some(_) => Function::UnwrapKeyAuthenticated,
            None => Function::UnwrapKey,
        };
        let mechanism = mechanism.map_err(|error| error.or_function(name))?;
        if wrapped.is_empty() {
            // A module was seen to make a key of it, without a value.
            let error = Error::invalid("nothing is no wrapped key").in_function(name);
            return Err(error.on_mechanism(mechanism.number()));
        }
        let session = unwrapping.session();
        let mut needed = known_length(key_type, bits).map_err(|error| error.or_function(name))?;
        needed.set(attr::CLASS, class);
        needed.set(attr::KEY_TYPE, key_type);
        let template = wishes.template(session, (class, key_type, Usage::Unwrap), &needed);
        let packed = template.pack(name)?;
        let handle = unwrapping.handle();
        let key = session
            .call(name, |cryptoki, session| match aad {
                None => cryptoki.unwrap_key(session, &mechanism, handle, wrapped, &packed),
                Some(aad) => {
                    let input = (wrapped, aad);
                    cryptoki.unwrap_key_authenticated(session, &mechanism, handle, input, &packed)
                }
            })
            .map_err(|error| error.on_mechanism(mechanism.number()))?;
        Ok(Object::made(session, key, key_type, None))
    }
}
