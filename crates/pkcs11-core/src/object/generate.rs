//! Generating secret keys, and what all builders of keys share.

use super::{Object, ObjectKind, SecretKey};
use crate::asynchronous::{AsyncSession, Pending, Run};
use crate::attribute::{Attr, AttributeType, IntoValue, attr};
use crate::defaults::Capabilities;
use crate::lock::OperationKind;
use crate::mechanism::{Context, DEFAULT, IntoMechanism, KeyFacts, Mechanism, Usage};
use crate::session::Session;
use crate::{Error, Function, KeyType, ObjectClass, Result, Template};

/// What the caller says of a key to be made, on top of the defaults.
#[derive(Debug, Default)]
pub(super) struct Wishes<'a> {
    pub(super) template: Template<'a>,
    /// Attributes that the caller wants left out.
    pub(super) without: Vec<AttributeType>,
    pub(super) capabilities: Option<Capabilities>,
}

impl<'a> Wishes<'a> {
    /// The template: defaults, what the capabilities say, what the kind of key needs, and last
    /// the caller's own attributes.
    pub(super) fn template<'t>(
        &self,
        session: &Session,
        (class, key_type, usage): (ObjectClass, KeyType, Usage),
        needed: &Template<'t>,
    ) -> Template<'t>
    where
        'a: 't,
    {
        let mut template = session.default_template(class, key_type, usage, self.capabilities);
        template.merge(needed);
        template.merge(&self.template);
        for attribute in &self.without {
            template.remove(*attribute);
        }
        template
    }
}

impl Session {
    /// What a new object of this class and type has unless the caller says otherwise, by the
    /// module's [`Defaults`](crate::Defaults), with these capabilities in place of theirs. No C
    /// function is called.
    ///
    /// What generates, derives and unwraps keys begins with it; [`create`](Self::create) does not.
    #[must_use]
    pub fn default_template<'t>(
        &self,
        class: ObjectClass,
        key_type: KeyType,
        usage: Usage,
        capabilities: Option<Capabilities>,
    ) -> Template<'t> {
        let defaults = self.defaults();
        let mut template = Template::new();
        template.merge(&defaults.template(class, key_type, usage));
        let by_default = defaults.capabilities(key_type);
        if let Some(capabilities) = capabilities.or(by_default) {
            // What tokens of before 3.2 refuse to hear of is said only of keys that are for it.
            let said = capabilities | by_default.unwrap_or(Capabilities::empty()) | BEFORE_3_2;
            for &(attribute, capability) in capability_attributes(class) {
                if said.contains(capability) {
                    template.set(attribute, capabilities.contains(capability));
                }
            }
        }
        template
    }
}

/// The capabilities that every token knows.
const BEFORE_3_2: Capabilities =
    Capabilities::all().difference(Capabilities::ENCAPSULATE.union(Capabilities::DECAPSULATE));

/// Which capability is which attribute, for keys of a class.
fn capability_attributes(class: ObjectClass) -> &'static [(Attr<bool>, Capabilities)] {
    match class {
        ObjectClass::SECRET_KEY => &[
            (attr::ENCRYPT, Capabilities::ENCRYPT),
            (attr::DECRYPT, Capabilities::DECRYPT),
            (attr::SIGN, Capabilities::SIGN),
            (attr::VERIFY, Capabilities::VERIFY),
            (attr::WRAP, Capabilities::WRAP),
            (attr::UNWRAP, Capabilities::UNWRAP),
            (attr::DERIVE, Capabilities::DERIVE),
        ],
        ObjectClass::PUBLIC_KEY => &[
            (attr::ENCRYPT, Capabilities::ENCRYPT),
            (attr::VERIFY, Capabilities::VERIFY),
            (attr::WRAP, Capabilities::WRAP),
            (attr::ENCAPSULATE, Capabilities::ENCAPSULATE),
        ],
        ObjectClass::PRIVATE_KEY => &[
            (attr::DECRYPT, Capabilities::DECRYPT),
            (attr::SIGN, Capabilities::SIGN),
            (attr::UNWRAP, Capabilities::UNWRAP),
            (attr::DERIVE, Capabilities::DERIVE),
            (attr::DECAPSULATE, Capabilities::DECAPSULATE),
        ],
        _ => &[],
    }
}

/// The methods that every builder of keys has.
macro_rules! wishes {
    ($builder:ident) => {
        impl<'a> $builder<'a> {
            /// With this label (`CKA_LABEL`).
            pub fn label(self, label: &'a str) -> Self {
                self.with(attr::LABEL, label)
            }

            /// With this identifier (`CKA_ID`); the two keys of a pair get the same.
            pub fn id(self, id: &'a [u8]) -> Self {
                self.with(attr::ID, id)
            }

            /// Whether the key outlives the session (`CKA_TOKEN`).
            pub fn store(self, yes: bool) -> Self {
                self.with(attr::TOKEN, yes)
            }

            /// What the key may do, in place of what the defaults say.
            pub fn capabilities(mut self, capabilities: Capabilities) -> Self {
                self.wishes.capabilities = Some(capabilities);
                self
            }

            /// With this attribute, in place of the default.
            pub fn with<T: ?Sized>(
                mut self,
                attribute: Attr<T>,
                value: impl IntoValue<'a, T>,
            ) -> Self {
                self.wishes.template.set(attribute, value);
                self
            }

            /// Without this attribute, where the default has it and the token refuses it.
            pub fn without<T: ?Sized>(mut self, attribute: Attr<T>) -> Self {
                self.wishes.without.push(attribute.attribute());
                self
            }
        }
    };
}
pub(super) use wishes;

/// A secret key to be generated, as `session.generate_key(KeyType::AES).bits(256).create()?`.
#[derive(Debug)]
#[must_use = "no key is generated until `create`"]
pub struct GenerateKey<'a> {
    session: &'a Session,
    key_type: KeyType,
    bits: Option<usize>,
    wishes: Wishes<'a>,
}

wishes!(GenerateKey);

impl Session {
    /// A secret key to be generated.
    pub fn generate_key(&self, key_type: KeyType) -> GenerateKey<'_> {
        GenerateKey { session: self, key_type, bits: None, wishes: Wishes::default() }
    }
}

impl<'a> GenerateKey<'a> {
    /// The key's length in bits, a multiple of 8. Types of one length take none.
    pub fn bits(mut self, bits: usize) -> Self {
        self.bits = Some(bits);
        self
    }

    /// Generates the key with the default mechanism of its type. Wraps `C_GenerateKey`
    /// (PKCS#11 §5.18.1).
    ///
    /// # Errors
    ///
    /// If the length is missing or is no whole number of bytes; what `C_GenerateKey` answers.
    pub fn create(self) -> Result<SecretKey> {
        self.create_with(DEFAULT)
    }

    /// Generates the key with this mechanism. Wraps `C_GenerateKey` (PKCS#11 §5.18.1).
    ///
    /// # Errors
    ///
    /// As [`create`](Self::create).
    pub fn create_with<'m>(self, mechanism: impl IntoMechanism<'m>) -> Result<SecretKey> {
        let (session, key_type, name) = (self.session, self.key_type, Function::GenerateKey);
        let (mechanism, template) = self.prepare(mechanism)?;
        let packed = template.pack(name)?;
        let handle = session
            .call(name, |cryptoki, session| cryptoki.generate_key(session, &mechanism, &packed))
            .map_err(|error| error.on_mechanism(mechanism.number()))?;
        Ok(SecretKey::of(Object::made(session, handle, key_type, None)))
    }

    /// Generates the key in an asynchronous session: the token may finish later. Wraps
    /// `C_GenerateKey` (PKCS#11 §5.18.1).
    ///
    /// The key is used in the session of this builder, and unless it is stored it lives as long as
    /// the asynchronous one.
    ///
    /// # Errors
    ///
    /// As [`create`](Self::create); [`ErrorKind::OperationActive`](crate::ErrorKind::OperationActive)
    /// while another call is pending there.
    pub fn create_async(
        self,
        asynchronous: &AsyncSession,
        mechanism: impl IntoMechanism<'static>,
    ) -> Result<Pending<SecretKey>> {
        let (session, key_type, name) = (self.session, self.key_type, Function::GenerateKey);
        let (mechanism, template) = self.prepare(mechanism)?;
        let calls = asynchronous.for_calls_of(session).map_err(|error| error.or_function(name))?;
        let (template, number) = (template.into_owned(), Some(mechanism.number()));
        let mut run = Run::new(calls, OperationKind::GenerateKey, name, number)?;
        let begun = run.start(name, None, |cryptoki, session| {
            cryptoki.async_generate_key(session, mechanism, template)
        })?;
        let home = session.clone();
        Pending::begun(run, begun, move |returned| {
            let handle = returned.object()?;
            Ok(SecretKey::of(Object::made(&home, handle, key_type, None)))
        })
    }

    fn prepare<'m>(
        self,
        mechanism: impl IntoMechanism<'m>,
    ) -> Result<(Mechanism<'m>, Template<'a>)> {
        let Self { session, key_type, bits, wishes } = self;
        let name = Function::GenerateKey;
        let mechanism = mechanism_for(session, Usage::GenerateKey, key_type, mechanism)?;
        let mut needed = value_length(key_type, bits).map_err(|error| error.or_function(name))?;
        needed.set(attr::CLASS, ObjectClass::SECRET_KEY);
        needed.set(attr::KEY_TYPE, key_type);
        let made = (ObjectClass::SECRET_KEY, key_type, Usage::GenerateKey);
        Ok((mechanism, wishes.template(session, made, &needed)))
    }
}

/// Whether all keys of the type have one length, so that a template must not say it.
fn has_one_length(key_type: KeyType) -> bool {
    matches!(
        key_type,
        KeyType::DES | KeyType::DES2 | KeyType::DES3 | KeyType::GOST28147 | KeyType::SEED
    )
}

/// The length in bits of all keys of the type, where a template must say it all the same
/// (PKCS#11 §6.58.2 and §6.60.2: footnote 3 of `CKA_VALUE_LEN`).
fn length_to_be_said(key_type: KeyType) -> Option<usize> {
    matches!(key_type, KeyType::CHACHA20 | KeyType::POLY1305).then_some(256)
}

/// `CKA_VALUE_LEN` in bytes, from bits, where the caller must say them.
pub(super) fn value_length<'a>(key_type: KeyType, bits: Option<usize>) -> Result<Template<'a>> {
    match bits.or(length_to_be_said(key_type)) {
        _ if has_one_length(key_type) => Ok(Template::new()),
        Some(bits) if bits % 8 == 0 && bits > 0 => {
            Ok(Template::new().with(attr::VALUE_LEN, bits / 8))
        }
        Some(bits) => Err(Error::invalid(format!("a {key_type} of {bits} bits is no whole bytes"))),
        None => Err(Error::invalid(format!("a {key_type} needs a length: use bits()"))),
    }
}

/// The same where the length may follow from something else: from what is unwrapped, or from the
/// mechanism.
pub(super) fn known_length<'a>(key_type: KeyType, bits: Option<usize>) -> Result<Template<'a>> {
    match bits {
        Some(_) => value_length(key_type, bits),
        None => Ok(Template::new()),
    }
}

/// A mechanism for a use, with the key type that it is for.
pub(super) fn mechanism_for<'m>(
    session: &Session,
    usage: Usage,
    key_type: KeyType,
    mechanism: impl IntoMechanism<'m>,
) -> Result<Mechanism<'m>> {
    let context = Context::new(session, usage, KeyFacts::Type(key_type));
    let name = match usage {
        Usage::GenerateKeyPair => Function::GenerateKeyPair,
        _ => Function::GenerateKey,
    };
    context.resolve(mechanism).map_err(|error| error.or_function(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_said_where_the_standard_wants_them() {
        let length =
            |key_type, bits| value_length(key_type, bits).unwrap().value(attr::VALUE_LEN).unwrap();
        assert_eq!(length(KeyType::AES, Some(128)), Some(16));
        assert_eq!(length(KeyType::DES3, None), None);
        assert_eq!(length(KeyType::DES3, Some(192)), None);
        assert_eq!(length(KeyType::CHACHA20, None), Some(32));
        assert_eq!(length(KeyType::POLY1305, Some(256)), Some(32));
        value_length(KeyType::AES, None).unwrap_err();
        value_length(KeyType::AES, Some(9)).unwrap_err();
        assert!(known_length(KeyType::CHACHA20, None).unwrap().is_empty());
    }
}
