//! Keys that two parties get by a key encapsulation mechanism (KEM).

use super::generate::{Wishes, known_length, wishes};
use super::{Object, ObjectKind, PrivateKey, PublicKey, SecretKey, TokenObject};
use crate::attribute::{Attr, IntoValue, attr};
use crate::defaults::Capabilities;
use crate::mechanism::{Context, IntoMechanism, KeyFacts, Mechanism, Usage};
use crate::session::Session;
use crate::{Error, Function, KeyType, ObjectClass, Result, ReturnCode, Template};

/// The room for a ciphertext, in bytes: five times that of ML-KEM-1024 (FIPS 203 §8).
const ROOM: usize = 8 << 10;
/// The room where that was too small.
const MORE: usize = 128 << 10;

/// A secret key to be made and sent to the holder of a private key, as
/// `public.encapsulate(DEFAULT, KeyType::AES).create()?`.
#[derive(Debug)]
#[must_use = "no key is made until `create`"]
pub struct EncapsulateKey<'a> {
    public: &'a Object,
    mechanism: Result<Mechanism<'a>>,
    key_type: KeyType,
    bits: Option<usize>,
    wishes: Wishes<'a>,
}

/// The secret key in a ciphertext, as
/// `private.decapsulate(DEFAULT, &ciphertext, KeyType::AES).create()?`.
#[derive(Debug)]
#[must_use = "no key is made until `create`"]
pub struct DecapsulateKey<'a> {
    private: &'a Object,
    mechanism: Result<Mechanism<'a>>,
    ciphertext: &'a [u8],
    key_type: KeyType,
    bits: Option<usize>,
    wishes: Wishes<'a>,
}

wishes!(EncapsulateKey);
wishes!(DecapsulateKey);

impl PublicKey {
    /// A secret key of this type, to be made for the holder of the private key.
    ///
    /// ```no_run
    /// # use pkcs11_core::{DEFAULT, KeyType, PrivateKey, PublicKey, Result};
    /// # fn f(public: &PublicKey, private: &PrivateKey) -> Result<()> {
    /// let (mine, ciphertext) = public.encapsulate(DEFAULT, KeyType::AES).create()?;
    /// let theirs = private.decapsulate(DEFAULT, &ciphertext, KeyType::AES).create()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn encapsulate<'a>(
        &'a self,
        mechanism: impl IntoMechanism<'a>,
        key_type: KeyType,
    ) -> EncapsulateKey<'a> {
        let public = self.object();
        let facts = KeyFacts::Object(public);
        let context = Context::new(public.session(), Usage::Encapsulate, facts);
        let mechanism = context.resolve(mechanism);
        EncapsulateKey { public, mechanism, key_type, bits: None, wishes: Wishes::default() }
    }
}

impl PrivateKey {
    /// The secret key of this type that was encapsulated with the public key.
    pub fn decapsulate<'a>(
        &'a self,
        mechanism: impl IntoMechanism<'a>,
        ciphertext: &'a [u8],
        key_type: KeyType,
    ) -> DecapsulateKey<'a> {
        let private = self.object();
        let facts = KeyFacts::Object(private);
        let context = Context::new(private.session(), Usage::Decapsulate, facts);
        let mechanism = context.resolve(mechanism);
        let wishes = Wishes::default();
        DecapsulateKey { private, mechanism, ciphertext, key_type, bits: None, wishes }
    }
}

impl EncapsulateKey<'_> {
    /// The key's length in bits, a multiple of 8, where the token wants to be told.
    pub fn bits(mut self, bits: usize) -> Self {
        self.bits = Some(bits);
        self
    }

    /// Makes the key, and the ciphertext to be sent. Wraps `C_EncapsulateKey` (PKCS#11 §5.18.8).
    ///
    /// # Errors
    ///
    /// If the mechanism cannot be had; what `C_EncapsulateKey` answers.
    pub fn create(self) -> Result<(SecretKey, Vec<u8>)> {
        let Self { public, mechanism, key_type, bits, wishes } = self;
        let name = Function::EncapsulateKey;
        let mechanism = mechanism.map_err(|error| error.or_function(name))?;
        let said = |error: Error| error.or_function(name).on_mechanism(mechanism.number());
        let session = public.session();
        let usage = Usage::Encapsulate;
        let template = template(session, usage, key_type, bits, &wishes).map_err(said)?;
        let packed = template.pack(name)?;
        for room in [ROOM, MORE] {
            let mut ciphertext = vec![0; room];
            let answer = session.call(name, |cryptoki, session| {
                let public = public.handle();
                cryptoki.encapsulate_key(session, &mechanism, public, &packed, &mut ciphertext)
            });
            let too_small = |error: &Error| {
                error.return_code() == Some(ReturnCode::BUFFER_TOO_SMALL) && room < MORE
            };
            let (length, key) = match answer {
                Err(error) if too_small(&error) => continue,
                answer => answer.map_err(said)?,
            };
            // A length that is left as it was says that nothing was written.
            if length == 0 || length == room {
                let what = "the ciphertext does not have the length of the mechanism";
                return Err(said(Error::misbehaved(name, what)));
            }
            ciphertext.truncate(length);
            ciphertext.shrink_to_fit();
            return Ok((SecretKey::of(Object::made(session, key, key_type, None)), ciphertext));
        }
        Err(said(Error::misbehaved(name, "no buffer is large enough for the ciphertext")))
    }
}

impl DecapsulateKey<'_> {
    /// The key's length in bits, a multiple of 8, where the token wants to be told.
    pub fn bits(mut self, bits: usize) -> Self {
        self.bits = Some(bits);
        self
    }

    /// Makes the key. Wraps `C_DecapsulateKey` (PKCS#11 §5.18.9).
    ///
    /// A ciphertext that was changed on the way gives another key, not an error: that is how
    /// ML-KEM is made (FIPS 203 §6.3).
    ///
    /// # Errors
    ///
    /// If the mechanism cannot be had; what `C_DecapsulateKey` answers.
    pub fn create(self) -> Result<SecretKey> {
        let Self { private, mechanism, ciphertext, key_type, bits, wishes } = self;
        let name = Function::DecapsulateKey;
        let mechanism = mechanism.map_err(|error| error.or_function(name))?;
        let said = |error: Error| error.or_function(name).on_mechanism(mechanism.number());
        let session = private.session();
        let usage = Usage::Decapsulate;
        let template = template(session, usage, key_type, bits, &wishes).map_err(said)?;
        let packed = template.pack(name)?;
        let private = private.handle();
        let key = session.call(name, |cryptoki, session| {
            cryptoki.decapsulate_key(session, &mechanism, private, &packed, ciphertext)
        });
        Ok(SecretKey::of(Object::made(session, key.map_err(said)?, key_type, None)))
    }
}

/// The template of the new key, the same on both sides.
fn template<'a>(
    session: &Session,
    usage: Usage,
    key_type: KeyType,
    bits: Option<usize>,
    wishes: &Wishes<'a>,
) -> Result<Template<'a>> {
    let class = ObjectClass::SECRET_KEY;
    let mut needed = known_length(key_type, bits)?;
    needed.set(attr::CLASS, class);
    needed.set(attr::KEY_TYPE, key_type);
    Ok(wishes.template(session, (class, key_type, usage), &needed))
}
