//! Deriving keys.

mod several;

use super::generate::{Wishes, value_length, wishes};
use super::{Object, ObjectKind, PrivateKey, SecretKey, TokenObject};
use crate::attribute::{Attr, IntoValue, attr};
use crate::defaults::Capabilities;
use crate::mechanism::{Context, IntoMechanism, KeyFacts, Mechanism, Usage};
use crate::{Function, KeyType, ObjectClass, Result};

pub use several::{DeriveKeys, Derived, TlsSecretKeys, WtlsSecretKeys};

/// A secret key to be derived, as
/// `private.derive_key(Ecdh1::new(&their_point), KeyType::AES).bits(128).create()?`.
#[derive(Debug)]
#[must_use = "no key is derived until `create`"]
pub struct DeriveKey<'a> {
    base: &'a Object,
    mechanism: Result<Mechanism<'a>>,
    key_type: KeyType,
    bits: Option<usize>,
    wishes: Wishes<'a>,
}

wishes!(DeriveKey);

macro_rules! derive {
    ($($base:ident),*) => {$(
        impl $base {
            /// A secret key of this type, to be derived from this one.
            pub fn derive_key<'a>(
                &'a self,
                mechanism: impl IntoMechanism<'a>,
                key_type: KeyType,
            ) -> DeriveKey<'a> {
                let base = self.object();
                DeriveKey {
                    base,
                    mechanism: derive_context(base).resolve(mechanism),
                    key_type,
                    bits: None,
                    wishes: Wishes::default(),
                }
            }
        }
    )*};
}

derive!(PrivateKey, SecretKey);

/// What a mechanism is chosen by that derives from this key.
fn derive_context(base: &Object) -> Context<'_> {
    Context::new(base.session(), Usage::Derive, KeyFacts::Object(base))
}

impl DeriveKey<'_> {
    /// The new key's length in bits, a multiple of 8. Types of one length take none.
    pub fn bits(mut self, bits: usize) -> Self {
        self.bits = Some(bits);
        self
    }

    /// Derives the key. Wraps `C_DeriveKey` (PKCS#11 §5.18.5).
    ///
    /// # Errors
    ///
    /// If the mechanism cannot be had, or the length is missing; what `C_DeriveKey` answers.
    pub fn create(self) -> Result<SecretKey> {
        let Self { base, mechanism, key_type, bits, wishes } = self;
        let name = Function::DeriveKey;
        let mechanism = mechanism.map_err(|error| error.or_function(name))?;
        let session = base.session();
        let class = ObjectClass::SECRET_KEY;
        let mut needed = value_length(key_type, bits).map_err(|error| error.or_function(name))?;
        needed.set(attr::CLASS, class);
        needed.set(attr::KEY_TYPE, key_type);
        let template = wishes.template(session, (class, key_type, Usage::Derive), &needed);
        let packed = template.pack(name)?;
        let handle = base.handle();
        let key = session
            .call(name, |cryptoki, session| {
                cryptoki.derive_key(session, &mechanism, handle, &packed)
            })
            .map_err(|error| error.on_mechanism(mechanism.number()))?;
        Ok(SecretKey::of(Object::made(session, key, key_type, None)))
    }
}
