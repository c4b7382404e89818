//! A cipher and a digest, signature or verification of the plaintext, fed by one call.

use bytes::Bytes;

use super::Cipher;
use crate::lock::OperationKind;
use crate::mechanism::{IntoMechanism, Usage};
use crate::operation::KeyUse;
use crate::{MechanismType, PrivateKey, PublicKey, Result, SecretKey};

mod sealed {
    use crate::{PrivateKey, PublicKey, SecretKey};

    #[derive(Debug)]
    pub enum Key<'k> {
        Secret(&'k SecretKey),
        Private(&'k PrivateKey),
        Public(&'k PublicKey),
    }

    pub trait Sealed {
        fn key(&self) -> Key<'_>;
    }
}

use sealed::{Key, Sealed};

impl<'k> Key<'k> {
    fn key_use(self) -> KeyUse<'k> {
        match self {
            Self::Secret(key) => key.usage(),
            Self::Private(key) => key.usage(),
            Self::Public(key) => key.usage(),
        }
    }
}

/// A key that signs or makes MACs. Sealed.
pub trait SigningKey: Sealed {}

/// A key that verifies signatures or MACs. Sealed.
pub trait VerifyingKey: Sealed {}

macro_rules! keys {
    ($($key:ident, $variant:ident: $($kind:ident)*;)*) => {$(
        impl Sealed for $key {
            fn key(&self) -> Key<'_> {
                Key::$variant(self)
            }
        }

        $(impl $kind for $key {})*
    )*};
}

keys! {
    SecretKey, Secret: SigningKey VerifyingKey;
    PrivateKey, Private: SigningKey;
    PublicKey, Public: VerifyingKey;
}

/// What takes data and gives data, for each of the types.
macro_rules! transforms {
    ($name:ident) => {
        impl $name {
            /// How much larger than its input an output buffer must be, in bytes.
            pub const MARGIN: usize = Cipher::MARGIN;

            /// Takes one more part of the data, of any length, and gives what is ready of the
            /// result, which may be nothing: one call for each 256 KiB.
            ///
            /// # Errors
            ///
            /// What the function answers; then both operations are cancelled and the session free,
            /// and every later call answers
            /// [`ErrorKind::StreamFailed`](crate::ErrorKind::StreamFailed).
            pub fn update(&mut self, data: &[u8]) -> Result<Bytes> {
                self.0.update(data)
            }

            /// The same into `output`, which must be larger than `data` by
            /// [`MARGIN`](Self::MARGIN); how many bytes are ready. Nothing is allocated, as long
            /// as the parts are whole blocks.
            ///
            /// # Errors
            ///
            /// [`ErrorKind::BufferTooSmall`](crate::ErrorKind::BufferTooSmall), and then nothing is
            /// taken; else as [`update`](Self::update).
            pub fn update_into(&mut self, data: &[u8], output: &mut [u8]) -> Result<usize> {
                self.0.update_into(data, output)
            }

            /// The mechanism of the cipher.
            #[must_use]
            pub fn mechanism(&self) -> MechanismType {
                self.0.mechanism()
            }

            /// Ends the cipher, and gives the rest of its result.
            fn rest(&mut self) -> Result<Bytes> {
                let decryption = self.0.is_decryption();
                let (rest, fed) = self.0.finish_after_updates()?;
                if decryption {
                    // The end of the plaintext, which the other operation has not seen.
                    self.0.parts().feed_beside(rest.get(fed..).unwrap_or_default())?;
                }
                Ok(rest)
            }
        }
    };
}

/// An encryption or decryption in parts, by hand, with a digest of the plaintext.
/// `key.digest_encryptor(…)` and `key.decrypt_digester(…)` make one.
///
/// Both operations hold the session's lock as one; dropped unfinished, both are cancelled.
///
/// ```no_run
/// # fn f(key: &pkcs11_core::SecretKey, iv: &[u8; 16]) -> pkcs11_core::Result<()> {
/// use pkcs11_core::{DEFAULT, MechanismType};
///
/// let mut cipher = key.digest_encryptor(DEFAULT.iv(iv), MechanismType::SHA256)?;
/// let mut ciphertext = cipher.update(b"any amount of data")?.to_vec();
/// let (rest, digest) = cipher.finish()?;
/// ciphertext.extend_from_slice(&rest);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "dropped unfinished, both operations are cancelled"]
pub struct DigestCipher(Cipher);

transforms!(DigestCipher);

impl DigestCipher {
    /// Ends both: the rest of the cipher's result, and the digest of all plaintext. Wraps
    /// `C_EncryptFinal` or `C_DecryptFinal`, and `C_DigestFinal` (PKCS#11 §5.8.4, §5.10.4,
    /// §5.12.5).
    ///
    /// # Errors
    ///
    /// What the functions answer. The session is free in any case.
    pub fn finish(mut self) -> Result<(Bytes, Vec<u8>)> {
        let rest = self.rest()?;
        Ok((rest, self.0.parts().output_beside()?))
    }
}

/// An encryption in parts, by hand, with a signature or MAC of the plaintext.
/// `key.sign_encryptor(…)` makes one.
///
/// Both operations hold the session's lock as one; dropped unfinished, both are cancelled.
#[derive(Debug)]
#[must_use = "dropped unfinished, both operations are cancelled"]
pub struct SignCipher(Cipher);

transforms!(SignCipher);

impl SignCipher {
    /// Ends both: the rest of the ciphertext, and the signature of all plaintext. Wraps
    /// `C_EncryptFinal` and `C_SignFinal` (PKCS#11 §5.8.4, §5.13.4).
    ///
    /// # Errors
    ///
    /// What the functions answer. The session is free in any case.
    pub fn finish(mut self) -> Result<(Bytes, Vec<u8>)> {
        let rest = self.rest()?;
        Ok((rest, self.0.parts().output_beside()?))
    }
}

/// A decryption in parts, by hand, with the verification of a signature or MAC of the plaintext.
/// `key.decrypt_verifier(…)` makes one.
///
/// What is decrypted is not to be trusted before [`finish`](Self::finish) has succeeded. Both
/// operations hold the session's lock as one; dropped unfinished, both are cancelled.
#[derive(Debug)]
#[must_use = "nothing is verified until `finish`"]
pub struct VerifyCipher(Cipher);

transforms!(VerifyCipher);

impl VerifyCipher {
    /// Ends both: the rest of the plaintext, if all of it has this signature. Wraps
    /// `C_DecryptFinal` and `C_VerifyFinal` (PKCS#11 §5.10.4, §5.15.4).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::SignatureInvalid`](crate::ErrorKind::SignatureInvalid) if it has not: then what
    /// came before is not to be used. Any other error says that it was not checked. The session is
    /// free in any case.
    pub fn finish(mut self, signature: &[u8]) -> Result<Bytes> {
        let rest = self.rest()?;
        self.0.parts().verify_beside(signature)?;
        Ok(rest)
    }
}

/// Both operations of a stream.
fn begin<'c, 'm>(
    cipher: (Usage, OperationKind, impl IntoMechanism<'c>, KeyUse<'_>),
    beside: (Usage, OperationKind, impl IntoMechanism<'m>, Option<KeyUse<'_>>),
) -> Result<Cipher> {
    let (usage, kind, mechanism, key) = cipher;
    let session = key.object.session();
    session.check_dual(kind, beside.1)?;
    let mut cipher = Cipher::start(session, usage, mechanism, key)?;
    cipher.join(beside.0, beside.2, beside.3)?;
    Ok(cipher)
}

macro_rules! encrypt {
    ($($key:ident),*) => {$(
        impl $key {
            /// Encrypts in parts, by hand, and makes a digest of the same data: one call for each
            /// part. Wraps `C_EncryptInit`, `C_DigestInit` and `C_DigestEncryptUpdate`
            /// (PKCS#11 §5.16.1).
            ///
            /// # Errors
            ///
            /// [`ErrorKind::FunctionNotSupported`](crate::ErrorKind::FunctionNotSupported) if the
            /// module lacks the function, or begins no second operation in a session; what the
            /// functions answer;
            /// [`ErrorKind::OperationActive`](crate::ErrorKind::OperationActive) if another
            /// operation of the session does not end in time, or is this thread's.
            pub fn digest_encryptor<'c, 'm>(
                &self,
                mechanism: impl IntoMechanism<'c>,
                digest: impl IntoMechanism<'m>,
            ) -> Result<DigestCipher> {
                let cipher = (Usage::Encrypt, OperationKind::Encrypt, mechanism, self.usage());
                let beside = (Usage::Digest, OperationKind::Digest, digest, None);
                begin(cipher, beside).map(DigestCipher)
            }

            /// Encrypts in parts, by hand, and signs the same data with another key, or makes a
            /// MAC of it: one call for each part. Wraps `C_EncryptInit`, `C_SignInit` and
            /// `C_SignEncryptUpdate` (PKCS#11 §5.16.3).
            ///
            /// # Errors
            ///
            /// As [`digest_encryptor`](Self::digest_encryptor), and for a mechanism that signs
            /// digests alone.
            pub fn sign_encryptor<'c, 'm>(
                &self,
                mechanism: impl IntoMechanism<'c>,
                signing_key: &impl SigningKey,
                signature: impl IntoMechanism<'m>,
            ) -> Result<SignCipher> {
                let cipher = (Usage::Encrypt, OperationKind::Encrypt, mechanism, self.usage());
                let key = Some(signing_key.key().key_use());
                let beside = (Usage::Sign, OperationKind::Sign, signature, key);
                begin(cipher, beside).map(SignCipher)
            }
        }
    )*};
}

macro_rules! decrypt {
    ($($key:ident),*) => {$(
        impl $key {
            /// Decrypts in parts, by hand, and makes a digest of the plaintext: one call for each
            /// part. Wraps `C_DecryptInit`, `C_DigestInit` and `C_DecryptDigestUpdate`
            /// (PKCS#11 §5.16.2).
            ///
            /// # Errors
            ///
            /// [`ErrorKind::FunctionNotSupported`](crate::ErrorKind::FunctionNotSupported) if the
            /// module lacks the function, or begins no second operation in a session; what the
            /// functions answer;
            /// [`ErrorKind::OperationActive`](crate::ErrorKind::OperationActive) if another
            /// operation of the session does not end in time, or is this thread's.
            pub fn decrypt_digester<'c, 'm>(
                &self,
                mechanism: impl IntoMechanism<'c>,
                digest: impl IntoMechanism<'m>,
            ) -> Result<DigestCipher> {
                let cipher = (Usage::Decrypt, OperationKind::Decrypt, mechanism, self.usage());
                let beside = (Usage::Digest, OperationKind::Digest, digest, None);
                begin(cipher, beside).map(DigestCipher)
            }

            /// Decrypts in parts, by hand, and verifies a signature or MAC of the plaintext with
            /// another key: one call for each part. Wraps `C_DecryptInit`, `C_VerifyInit` and
            /// `C_DecryptVerifyUpdate` (PKCS#11 §5.16.4).
            ///
            /// # Errors
            ///
            /// As [`decrypt_digester`](Self::decrypt_digester), and for a mechanism that verifies
            /// signatures of digests alone.
            pub fn decrypt_verifier<'c, 'm>(
                &self,
                mechanism: impl IntoMechanism<'c>,
                verifying_key: &impl VerifyingKey,
                signature: impl IntoMechanism<'m>,
            ) -> Result<VerifyCipher> {
                let cipher = (Usage::Decrypt, OperationKind::Decrypt, mechanism, self.usage());
                let key = Some(verifying_key.key().key_use());
                let beside = (Usage::Verify, OperationKind::Verify, signature, key);
                begin(cipher, beside).map(VerifyCipher)
            }
        }
    )*};
}

encrypt!(SecretKey, PublicKey);
decrypt!(SecretKey, PrivateKey);
