//! Public keys.

#[cfg(feature = "pem")]
use alloc::string::String;
use alloc::vec::Vec;

#[cfg(feature = "pem")]
use crate::pem::{self, Label};
use crate::{
    Error,
    pkcs1::RsaPublicKey,
    spki::PublicKey,
    tlv::{self, Tag},
};

/// A public key in DER: a SubjectPublicKeyInfo. What is read from an RSAPublicKey becomes one.
///
/// ```
/// use pkcs11_codec::{PublicKeyDer, ec::Curve, spki::PublicKey};
///
/// let key = PublicKey::Edwards { curve: Curve::ED25519, key: &[7; 32] };
/// let owned = PublicKeyDer::from_der(&key.to_spki_der()?)?;
/// assert_eq!(owned.key()?, key);
/// # Ok::<(), pkcs11_codec::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PublicKeyDer {
    spki: Vec<u8>,
}

impl PublicKeyDer {
    /// The key with this SubjectPublicKeyInfo or RSAPublicKey; which of them it is, is told by
    /// the element that it begins with.
    ///
    /// # Errors
    /// When `der` is not exactly one of them.
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        super::refuse_pem(der)?;
        let first = tlv::decode(der, |reader| {
            reader.sequence(|key| {
                let first = key.peek();
                key.rest();
                Ok(first)
            })
        })?;
        if first == Some(Tag::INTEGER) { Self::from_pkcs1(der) } else { Self::from_spki(der) }
    }

    /// The one public key of a text, in `PUBLIC KEY` or `RSA PUBLIC KEY`; other blocks are
    /// passed over.
    ///
    /// # Errors
    /// [`PemMissing`](crate::ErrorKind::PemMissing) or
    /// [`PemOther`](crate::ErrorKind::PemOther) when there is none,
    /// [`PemSeveral`](crate::ErrorKind::PemSeveral) when there are more; when the block or the
    /// key in it is malformed. Positions are offsets into the text.
    #[cfg(feature = "pem")]
    pub fn from_pem<T: AsRef<[u8]> + ?Sized>(text: &T) -> Result<Self, Error> {
        let block = pem::one(text, &[Label::PublicKey, Label::RsaPublicKey])?;
        block.decode_with(|der| {
            if block.label() == Label::RsaPublicKey {
                Self::from_pkcs1(&der)
            } else {
                Self::from_spki(&der)
            }
        })
    }

    fn from_spki(der: &[u8]) -> Result<Self, Error> {
        PublicKey::from_spki_der(der)?;
        Ok(Self { spki: Vec::from(der) })
    }

    fn from_pkcs1(der: &[u8]) -> Result<Self, Error> {
        let spki = PublicKey::Rsa(RsaPublicKey::from_der(der)?).to_spki_der()?;
        Ok(Self { spki })
    }

    /// The SubjectPublicKeyInfo in DER.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.spki
    }

    /// The key, borrowed.
    ///
    /// # Errors
    /// None, as the key was read when this was made.
    pub fn key(&self) -> Result<PublicKey<'_>, Error> {
        PublicKey::from_spki_der(&self.spki)
    }

    /// The key in PEM: `PUBLIC KEY`.
    ///
    /// # Errors
    /// None: the label is one that PEM can hold.
    #[cfg(feature = "pem")]
    pub fn to_pem(&self) -> Result<String, Error> {
        let mut text = pem::encode(Label::PublicKey, &self.spki)?;
        Ok(core::mem::take(&mut *text))
    }
}
