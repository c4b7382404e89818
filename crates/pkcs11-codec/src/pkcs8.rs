//! PKCS#8: a private key with what it is for (RFC 5208, RFC 5958), plain or encrypted.
//!
//! [`PrivateKeyInfo`] is all of it, [`PrivateKey`] the key. Both borrow: what is decoded lies
//! in the input, and its owner does well to keep it in a [`Zeroizing`] buffer, or in a
//! [`PrivateKeyDer`](crate::PrivateKeyDer).
//!
//! ```
//! use pkcs11_codec::{ec::Curve, pkcs8::{PrivateKey, PrivateKeyInfo}};
//!
//! let key = PrivateKey::Edwards { curve: Curve::ED25519, value: &[7; 32] };
//! let der = PrivateKeyInfo::from(key).to_der()?;
//! assert_eq!(der[..8], [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06]);
//!
//! let read = PrivateKeyInfo::from_der(&der)?;
//! assert!(matches!(read.key, PrivateKey::Edwards { curve: Curve::ED25519, value: &[7, ..] }));
//! # Ok::<(), pkcs11_codec::Error>(())
//! ```

mod encrypted;
#[cfg(feature = "encryption")]
mod encryption;
mod pbes2;
mod post_quantum;
mod private_key;
mod public_half;

use alloc::vec::Vec;
use core::fmt;

use rasn::{AsnType, Encode};
use zeroize::Zeroizing;

pub use encrypted::EncryptedPrivateKeyInfo;
#[cfg(feature = "encryption")]
pub use encryption::CostLimits;
pub use pbes2::{Cipher, KeyDerivation, Pbes2, Prf, PrfAlgorithm};
pub use post_quantum::PostQuantumPrivateKey;
pub use private_key::PrivateKey;

use crate::{
    Error, ErrorKind,
    algorithm::{AlgorithmIdentifierSchema, KeyAlgorithm},
    der,
    tlv::{self, Reader, Tag, Tlv},
};

/// The version of RFC 5208, and of RFC 5958 without a public key.
const V1: u32 = 0;
/// The version of RFC 5958 with a public key.
const V2: u32 = 1;

const ATTRIBUTES: Tag = Tag::context_constructed(0);
const PUBLIC_KEY: Tag = Tag::context(1);

/// A private key with what may stand beside it: PrivateKeyInfo (RFC 5208 §5), which RFC 5958
/// §2 names OneAsymmetricKey, as `openssl genpkey` writes it.
///
/// There is no `Clone`, and `Debug` shows public parts only.
pub struct PrivateKeyInfo<'a> {
    /// The key, with its algorithm.
    pub key: PrivateKey<'a>,
    /// The element `[0]` with its tag and length: a SET OF Attribute, as
    /// [`set_of`](Reader::set_of) reads it.
    pub attributes: Option<&'a [u8]>,
    /// The public key: the bytes that a SubjectPublicKeyInfo has for it.
    pub public_key: Option<&'a [u8]>,
}

impl<'a> PrivateKeyInfo<'a> {
    /// Reads a PrivateKeyInfo or OneAsymmetricKey.
    ///
    /// # Errors
    /// When `der` is not exactly that; when the version is not 1 with a public key and 0
    /// without ([`ErrorKind::UnsupportedVersion`]); when the parameters are not those of the
    /// algorithm, or the key has not the form or the size that it implies.
    pub fn from_der(der: &'a [u8]) -> Result<Self, Error> {
        tlv::decode(der, |reader| reader.sequence(Self::read))
    }

    #[inline]
    fn read(info: &mut Reader<'a>) -> Result<Self, Error> {
        let version_position = info.position();
        let version = info.unsigned_u32()?;
        if version > V2 {
            let kind = ErrorKind::UnsupportedVersion { expected: V1 };
            return Err(Error::at(version_position, kind));
        }
        let key = PrivateKey::read(info)?;
        let attributes = read_attributes(info)?;
        let public_key_position = info.position();
        let public_key = match info.peek() {
            // Version 1 has one: what else stands there is named, not the version.
            Some(tag) if tag == PUBLIC_KEY || version == V2 => {
                Some(info.element(PUBLIC_KEY)?.bit_string()?)
            }
            _ => None,
        };
        let expected = version_with(public_key);
        if expected != version {
            return Err(Error::at(version_position, ErrorKind::UnsupportedVersion { expected }));
        }
        check_public_key(&key, public_key)
            .map_err(|error| Error::at(public_key_position, error.kind()))?;
        // Made in its place: a key is large, and each move of it is a copy.
        Ok(Self { key, attributes, public_key })
    }

    /// The PrivateKeyInfo in DER, in a buffer that is zeroized when dropped. A key that a
    /// token has on OpenPGP's Ed25519Legacy is one on Ed25519, and written as such.
    ///
    /// # Errors
    /// When a part has not the form that [`from_der`](Self::from_der) reads;
    /// [`ErrorKind::LegacyCurve`] for a key on OpenPGP's Curve25519Legacy.
    pub fn to_der(&self) -> Result<Zeroizing<Vec<u8>>, Error> {
        /// Tags, lengths, version and the count of unused bits.
        const OVERHEAD: usize = 64;
        check_public_key(&self.key, self.public_key).map_err(Error::of_argument)?;
        let attributes = self.attributes.map(attribute_schemas).transpose()?;
        let algorithm = self.key.algorithm().schema()?;
        let algorithm_der = der::encode(&algorithm)?;
        self.check_algorithm(&algorithm_der)?;
        let private_key = self.key.encode()?;
        let parts = [Some(&*algorithm_der), Some(&**private_key), self.attributes, self.public_key];
        let capacity =
            parts.iter().flatten().fold(OVERHEAD, |sum, part| sum.saturating_add(part.len()));
        let schema = OneAsymmetricKey {
            version: version_with(self.public_key),
            private_key_algorithm: algorithm,
            private_key: der::OctetString::octets(&private_key),
            attributes,
            public_key: self.public_key.map(der::BitString::bytes),
        };
        der::encode_secret(&schema, capacity)
    }

    /// Another algorithm must not be one that is known after all, nor its parameters something
    /// else than one element.
    fn check_algorithm(&self, der: &[u8]) -> Result<(), Error> {
        let PrivateKey::Other { parameters, .. } = self.key else { return Ok(()) };
        match tlv::decode(der, KeyAlgorithm::read).map_err(Error::of_argument)? {
            KeyAlgorithm::Other(_, read) if read == parameters => Ok(()),
            _ => Err(Error::argument(ErrorKind::Encoder)),
        }
    }
}

const fn version_with(public_key: Option<&[u8]>) -> u32 {
    if public_key.is_some() { V2 } else { V1 }
}

fn check_public_key(key: &PrivateKey<'_>, public_key: Option<&[u8]>) -> Result<(), Error> {
    public_key.map_or(Ok(()), |public_key| key.check_public_key(public_key))
}

/// The key alone.
impl<'a> From<PrivateKey<'a>> for PrivateKeyInfo<'a> {
    fn from(key: PrivateKey<'a>) -> Self {
        Self { key, attributes: None, public_key: None }
    }
}

/// Shows public parts.
impl fmt::Debug for PrivateKeyInfo<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PrivateKeyInfo")
            .field("key", &self.key)
            .field("public_key", &self.public_key)
            .finish_non_exhaustive()
    }
}

fn read_attributes<'a>(info: &mut Reader<'a>) -> Result<Option<&'a [u8]>, Error> {
    if info.peek() != Some(ATTRIBUTES) {
        return Ok(None);
    }
    let start = info.peek_rest();
    check_attributes(info, |_| ())?;
    let bytes = start.len().saturating_sub(info.peek_rest().len());
    // What was read lies at the start of what was left before.
    Ok(start.get(..bytes))
}

/// They may be as secret as the key, so none is copied: GnuTLS keeps the seed of p and q there.
fn attribute_schemas<'a>(der: &'a [u8]) -> Result<Vec<der::Sequence<'a>>, Error> {
    let mut attributes = Vec::new();
    let push = |attribute: Tlv<'a>| attributes.push(der::Sequence::content(attribute.value()));
    tlv::decode(der, |reader| check_attributes(reader, push)).map_err(Error::of_argument)?;
    Ok(attributes)
}

/// RFC 5652 §5.3: each Attribute is an OBJECT IDENTIFIER and a SET OF values.
fn check_attributes<'a>(
    reader: &mut Reader<'a>,
    mut each: impl FnMut(Tlv<'a>),
) -> Result<(), Error> {
    reader.set_of(ATTRIBUTES, |attribute| {
        if attribute.tag() != Tag::SEQUENCE {
            let (expected, found) = (Tag::SEQUENCE, attribute.tag());
            let kind = ErrorKind::UnexpectedTag { expected, found };
            return Err(Error::at(attribute.position(), kind));
        }
        each(attribute);
        attribute.nested(|attribute| {
            attribute.oid()?;
            attribute.set_of(Tag::SET, |_| Ok(()))
        })
    })
}

/// RFC 5958 §2; RFC 5208 §5 is the same without publicKey. The tags are implicit.
///
/// ```text
/// OneAsymmetricKey ::= SEQUENCE {
///     version                   INTEGER { v1(0), v2(1) },
///     privateKeyAlgorithm       AlgorithmIdentifier,
///     privateKey                OCTET STRING,
///     attributes            [0] SET OF Attribute OPTIONAL,
///     publicKey             [1] BIT STRING OPTIONAL
/// }
/// ```
#[derive(AsnType, Encode)]
struct OneAsymmetricKey<'a> {
    version: u32,
    private_key_algorithm: AlgorithmIdentifierSchema<'a>,
    private_key: der::OctetString<'a>,
    // As a SEQUENCE OF: the elements are in their order, or were refused.
    #[rasn(tag(context, 0))]
    attributes: Option<Vec<der::Sequence<'a>>>,
    #[rasn(tag(context, 1))]
    public_key: Option<der::BitString<'a>>,
}
