//! The values of a key, read for the codec.

use core::ffi::c_ulong;

use pkcs11_codec::attribute::AttributeType;
use pkcs11_codec::{pkcs8, spki};
use pkcs11_core::{Attr, Error, ErrorKind, KeyType, Result, TokenObject, ValueType};
use zeroize::Zeroizing;

/// Values by attribute, wiped when dropped.
pub(super) struct Values(Vec<(AttributeType, Zeroizing<Vec<u8>>)>);

impl Values {
    /// What makes a public key of this type.
    pub(super) fn public(key: &impl TokenObject, key_type: KeyType) -> Result<Self> {
        Self::read(key, key_type, known(key_type, spki::PublicKey::attribute_types)?)
    }

    /// What makes a private key of this type.
    pub(super) fn private(key: &impl TokenObject, key_type: KeyType) -> Result<Self> {
        Self::read(key, key_type, known(key_type, pkcs8::PrivateKey::attribute_types)?)
    }

    /// The value, if the token gave one.
    pub(super) fn get(&self, wanted: AttributeType) -> Option<&[u8]> {
        let found = self.0.iter().find(|(attribute, _)| *attribute == wanted);
        found.map(|(_, value)| &***value)
    }

    fn read(
        key: &impl TokenObject,
        key_type: KeyType,
        wanted: &'static [AttributeType],
    ) -> Result<Self> {
        let attributes: Vec<Attr<Bytes>> =
            wanted.iter().map(|attribute| Attr::new(attribute.number())).collect();
        let outcomes = key.try_get(&attributes[..])?;
        let key_type = Zeroizing::new(key_type.number().to_ne_bytes().to_vec());
        let mut values = Self(vec![(AttributeType::KEY_TYPE, key_type)]);
        let mut failed = None;
        for (&attribute, outcome) in wanted.iter().zip(outcomes) {
            match outcome {
                Ok(value) => values.0.push((attribute, value)),
                // Not every token keeps the seed that a key was made from.
                Err(_) if attribute == AttributeType::SEED => {}
                Err(error) => {
                    failed.get_or_insert((attribute, error));
                }
            }
        }
        match failed {
            // Made from a seed, a key needs no more.
            Some((AttributeType::VALUE, _)) if values.get(AttributeType::SEED).is_some() => {
                Ok(values)
            }
            Some((_, error)) => Err(error),
            None => Ok(values),
        }
    }
}

/// Bytes that may be half a key.
struct Bytes;

impl ValueType for Bytes {
    type Owned = Zeroizing<Vec<u8>>;
    const EXPECTED: &'static str = "byte array";
    const SIZE: Option<usize> = None;

    fn decode(bytes: &[u8]) -> Option<Self::Owned> {
        Some(Zeroizing::new(bytes.to_vec()))
    }
}

/// What the codec asks for, for this type of key.
fn known(
    key_type: KeyType,
    types: fn(c_ulong) -> Option<&'static [AttributeType]>,
) -> Result<&'static [AttributeType]> {
    types(key_type.number()).ok_or_else(|| {
        let what = format!("there is no SubjectPublicKeyInfo or PKCS#8 for a {key_type}");
        Error::from(ErrorKind::InvalidInput(what))
    })
}
