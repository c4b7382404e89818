//! Signatures, verifications and digests in parts.

use std::io::{self, Read, Write};

use super::chunks::{IntoChunks, Producer};
use super::reader::read_all;
use crate::object::TokenObject;
use crate::operation::Parts;
use crate::{Error, ErrorKind, Function, Result, SecretKey};

/// What takes data alone: by `update`, as a writer, from an iterator, from a reader.
macro_rules! takes_data {
    ($name:ident, $function:literal, $section:literal) => {
        impl $name {
            /// Takes one more part of the data, of any length.
            #[doc = concat!("Wraps `", $function, "` (PKCS#11 §", $section, "),")]
            /// one call for each 256 KiB, none where the token gets the digest alone.
            ///
            /// # Errors
            ///
            /// What the function answers; then the operation is cancelled and the session free, and
            /// every later call answers [`ErrorKind::StreamFailed`].
            pub fn update(&mut self, data: &[u8]) -> Result<()> {
                self.0.feed(data)
            }

            pub(super) fn all<M>(mut self, chunks: impl IntoChunks<M>) -> Result<Self> {
                let mut producer = chunks.into_chunks();
                while let Some(chunk) = producer.next_chunk().transpose()? {
                    self.update(chunk.as_ref())?;
                }
                Ok(self)
            }

            pub(super) fn read(mut self, reader: impl Read) -> Result<Self> {
                read_all(reader, |data| self.update(data))?;
                Ok(self)
            }
        }

        /// The same as `update`.
        impl Write for $name {
            fn write(&mut self, data: &[u8]) -> io::Result<usize> {
                self.update(data).map_err(io::Error::other)?;
                Ok(data.len())
            }

            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
    };
}

/// A signature or MAC in parts, by hand. `key.signer(mechanism)` makes one.
///
/// Dropped unfinished, it is cancelled. Wraps `C_SessionCancel` (PKCS#11 §5.6.5) where the module has
/// it.
///
/// ```no_run
/// # fn f(key: &pkcs11_core::PrivateKey) -> Result<(), Box<dyn std::error::Error>> {
/// use pkcs11_core::DEFAULT;
///
/// let mut signer = key.signer(DEFAULT)?;
/// signer.update(b"a heading")?;
/// std::io::copy(&mut std::fs::File::open("document")?, &mut signer)?;
/// let signature = signer.finish()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "dropped unfinished, it is cancelled"]
pub struct Signer(pub(super) Parts);

takes_data!(Signer, "C_SignUpdate", "5.13.3");

impl Signer {
    /// Ends the operation and gives the signature. Wraps `C_SignFinal` (PKCS#11 §5.13.4), or
    /// `C_Sign` where the token gets the digest alone.
    ///
    /// # Errors
    ///
    /// What the function answers. The session is free in any case.
    pub fn finish(self) -> Result<Vec<u8>> {
        self.0.output()
    }

    /// Ends the operation and writes the signature; how many bytes it has. Wraps `C_SignFinal`
    /// (PKCS#11 §5.13.4), or `C_Sign` where the token gets the digest alone.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BufferTooSmall`], and then the signature is lost; else as
    /// [`finish`](Self::finish).
    pub fn finish_into(self, signature: &mut [u8]) -> Result<usize> {
        self.0.output_into(signature)
    }
}

/// A verification in parts, by hand. `key.verifier(mechanism)` makes one.
///
/// Dropped unfinished, it is cancelled. Wraps `C_SessionCancel` (PKCS#11 §5.6.5) where the module has
/// it.
#[derive(Debug)]
#[must_use = "nothing is verified until `finish`"]
pub struct Verifier(pub(super) Parts);

takes_data!(Verifier, "C_VerifyUpdate", "5.15.3");

impl Verifier {
    /// Whether the data has this signature. Wraps `C_VerifyFinal` (PKCS#11 §5.15.4), or `C_Verify`
    /// where the token gets the digest alone.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::SignatureInvalid`] if it has not; any other error says that it was not checked.
    /// The session is free in any case.
    pub fn finish(self, signature: &[u8]) -> Result<()> {
        self.0.verify(signature)
    }
}

/// A verification in parts, by hand, of a signature that the token has had before the data.
/// `key.signature_verifier(mechanism, signature)` makes one.
///
/// ```no_run
/// # fn f(key: &pkcs11_core::PublicKey, signature: &[u8]) -> pkcs11_core::Result<()> {
/// use pkcs11_core::DEFAULT;
///
/// let mut verifier = key.signature_verifier(DEFAULT, signature)?;
/// verifier.update(b"any amount ")?;
/// verifier.update(b"of data")?;
/// verifier.finish()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "nothing is verified until `finish`"]
pub struct SignatureVerifier(pub(super) Parts);

takes_data!(SignatureVerifier, "C_VerifySignatureUpdate", "5.15.9");

impl SignatureVerifier {
    /// Whether the data has the signature that it was begun with. Wraps `C_VerifySignatureFinal`
    /// (PKCS#11 §5.15.10), or `C_VerifySignature` where the token gets the digest alone.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::SignatureInvalid`] if it has not; any other error says that it was not checked.
    /// The session is free in any case.
    pub fn finish(self) -> Result<()> {
        self.0.verify(&[])
    }
}

/// A digest in parts, by hand, of bytes and keys in any order. `session.digester(mechanism)` makes
/// one.
///
/// Dropped unfinished, it is cancelled. Wraps `C_SessionCancel` (PKCS#11 §5.6.5) where the module has
/// it.
///
/// ```no_run
/// # fn f(session: &pkcs11_core::Session, key: &pkcs11_core::SecretKey) -> pkcs11_core::Result<()> {
/// use pkcs11_core::MechanismType;
///
/// let mut digester = session.digester(MechanismType::SHA256)?;
/// digester.update(b"before")?;
/// digester.update_key(key)?;
/// digester.update(b"after")?;
/// let digest = digester.finish()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "dropped unfinished, it is cancelled"]
pub struct Digester(pub(super) Parts);

takes_data!(Digester, "C_DigestUpdate", "5.12.3");

impl Digester {
    /// Takes the value of a secret key, which does not leave the token. Wraps `C_DigestKey`
    /// (PKCS#11 §5.12.4).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] for a key of another token, which changes nothing; else what the
    /// function answers, `CKR_KEY_INDIGESTIBLE` say: then the operation is cancelled.
    pub fn update_key(&mut self, key: &SecretKey) -> Result<()> {
        if self.0.token().is_some_and(|token| token != key.object().session().token()) {
            let what = "a key of another token cannot be digested";
            return Err(
                Error::from(ErrorKind::InvalidInput(what.into())).in_function(Function::DigestKey)
            );
        }
        self.0.feed_key(key.handle())
    }

    /// Ends the operation and gives the digest. Wraps `C_DigestFinal` (PKCS#11 §5.12.5).
    ///
    /// # Errors
    ///
    /// What the function answers. The session is free in any case.
    pub fn finish(self) -> Result<Vec<u8>> {
        self.0.output()
    }

    /// Ends the operation and writes the digest; how many bytes it has. Wraps `C_DigestFinal`
    /// (PKCS#11 §5.12.5).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BufferTooSmall`], and then the digest is lost; else as
    /// [`finish`](Self::finish).
    pub fn finish_into(self, digest: &mut [u8]) -> Result<usize> {
        self.0.output_into(digest)
    }
}
