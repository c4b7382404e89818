//! PKCS#8 with a password.

use alloc::vec::Vec;
use core::fmt;

use rasn::{AsnType, Encode};

use super::pbes2::Pbes2;
use crate::{
    Error,
    algorithm::AlgorithmIdentifierSchema,
    der,
    tlv::{self, Reader},
};

/// A private key under a password (RFC 5958 §3): what `ENCRYPTED PRIVATE KEY` holds, as
/// `openssl pkcs8 -topk8` writes it.
///
/// It is read and written without any cryptography; with the feature `encryption` it is
/// decrypted, and `Pbes2::encrypt` makes one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct EncryptedPrivateKeyInfo<'a> {
    /// How the key is made from the password, and what it encrypts with.
    pub scheme: Pbes2<'a>,
    /// The encrypted [`PrivateKeyInfo`](super::PrivateKeyInfo).
    pub encrypted_data: &'a [u8],
}

impl<'a> EncryptedPrivateKeyInfo<'a> {
    /// Reads an EncryptedPrivateKeyInfo.
    ///
    /// # Errors
    /// When `der` is not exactly that;
    /// [`ErrorKind::UnsupportedEncryption`](crate::ErrorKind::UnsupportedEncryption) when its
    /// scheme is not one that [`Pbes2`] can name, such as those of PKCS#12.
    pub fn from_der(der: &'a [u8]) -> Result<Self, Error> {
        tlv::decode(der, |reader| reader.sequence(Self::read))
    }

    fn read(info: &mut Reader<'a>) -> Result<Self, Error> {
        Ok(Self { scheme: info.sequence(Pbes2::read)?, encrypted_data: info.octet_string()? })
    }

    /// The EncryptedPrivateKeyInfo in DER.
    ///
    /// # Errors
    /// When the encoder refuses it.
    pub fn to_der(&self) -> Result<Vec<u8>, Error> {
        der::encode(&EncryptedPrivateKeyInfoSchema {
            encryption_algorithm: self.scheme.schema()?,
            encrypted_data: der::OctetString::octets(self.encrypted_data),
        })
    }
}

/// Leaves the data out, for its length.
impl fmt::Debug for EncryptedPrivateKeyInfo<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("EncryptedPrivateKeyInfo")
            .field("scheme", &self.scheme)
            .finish_non_exhaustive()
    }
}

/// RFC 5958 §3:
///
/// ```text
/// EncryptedPrivateKeyInfo ::= SEQUENCE {
///     encryptionAlgorithm  AlgorithmIdentifier,
///     encryptedData        OCTET STRING
/// }
/// ```
#[derive(AsnType, Encode)]
struct EncryptedPrivateKeyInfoSchema<'a> {
    encryption_algorithm: AlgorithmIdentifierSchema<'a>,
    encrypted_data: der::OctetString<'a>,
}
