//! The frame of a public key, without a look into it.

use crate::{
    Error,
    algorithm::AlgorithmIdentifier,
    spki::PublicKey,
    tlv::{self, Reader, Tag},
};

/// A SubjectPublicKeyInfo as it stands in the input (RFC 5280 §4.1.2.7): its bytes, the
/// algorithm, the bytes of the key; neither parameters nor key are looked into.
///
/// For what needs no more than bytes: certificates, whose keys may be of any sort, and hashes
/// over keys.
///
/// ```
/// use pkcs11_codec::{ec::Curve, spki::{PublicKey, SubjectPublicKeyInfo}};
///
/// let key = PublicKey::Edwards { curve: Curve::ED25519, key: &[7; 32] };
/// let der = key.to_spki_der()?;
/// let frame = SubjectPublicKeyInfo::from_der(&der)?;
/// assert_eq!((frame.der, frame.algorithm.oid, frame.key), (&der[..], Curve::ED25519.oid(), &[7; 32][..]));
/// assert_eq!(frame.public_key()?, key);
/// # Ok::<(), pkcs11_codec::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SubjectPublicKeyInfo<'a> {
    /// All of it: `CKA_PUBLIC_KEY_INFO`.
    pub der: &'a [u8],
    /// The algorithm.
    pub algorithm: AlgorithmIdentifier<'a>,
    /// The bytes in the BIT STRING: what key identifiers and `CKA_HASH_OF_SUBJECT_PUBLIC_KEY`
    /// are a hash of.
    pub key: &'a [u8],
}

impl<'a> SubjectPublicKeyInfo<'a> {
    /// Reads the frame.
    ///
    /// # Errors
    /// When `der` is not a SEQUENCE of an algorithm and a BIT STRING of whole bytes.
    pub fn from_der(der: &'a [u8]) -> Result<Self, Error> {
        tlv::decode(der, Self::read)
    }

    pub(crate) fn read(reader: &mut Reader<'a>) -> Result<Self, Error> {
        let tlv = reader.element(Tag::SEQUENCE)?;
        tlv.nested(|info| {
            let algorithm = AlgorithmIdentifier::read_frame(info)?;
            Ok(Self { der: tlv.der(), algorithm, key: info.bit_string()? })
        })
    }

    /// Reads the key.
    ///
    /// # Errors
    /// Those of [`PublicKey::from_spki_der`]; positions count from the first byte of
    /// [`der`](Self::der).
    pub fn public_key(&self) -> Result<PublicKey<'a>, Error> {
        PublicKey::from_spki_der(self.der)
    }
}
