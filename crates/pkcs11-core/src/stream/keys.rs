//! How streams are made: by keys, and digests by sessions.

use std::io::{Read, Write};

use super::chunks::{CipherStream, IntoChunks};
use super::{Cipher, CipherReader, CipherWriter, Digester, SignatureVerifier, Signer, Verifier};
use crate::mechanism::{IntoMechanism, Usage};
use crate::object::TokenObject;
use crate::operation::Parts;
use crate::session::Session;
use crate::{PrivateKey, PublicKey, Result, SecretKey};

/// The four forms of one direction.
macro_rules! cipher {
    (
        $($key:ident),*; $usage:ident, $verb:literal, $init:literal, $section:literal;
        $by_hand:ident, $stream:ident, $reader:ident, $writer:ident
    ) => {$(
        impl $key {
            #[doc = concat!($verb, " in parts, by hand. Wraps `", $init, "`")]
            #[doc = concat!("(PKCS#11 §", $section, ").")]
            ///
            /// # Errors
            ///
            /// What the function answers;
            /// [`ErrorKind::OperationActive`](crate::ErrorKind::OperationActive) if another
            /// operation of the session does not end in time, or is this thread's.
            pub fn $by_hand<'m>(&self, mechanism: impl IntoMechanism<'m>) -> Result<Cipher> {
                Cipher::start(self.object().session(), Usage::$usage, mechanism, self.usage())
            }

            #[doc = concat!($verb, " what an iterator gives, chunk by chunk. Wraps")]
            #[doc = concat!("`", $init, "` (PKCS#11 §", $section, ").")]
            ///
            /// The chunks are anything that is `AsRef<[u8]>`, or results of such; an error among
            /// them cancels the operation and is the last item.
            ///
            /// # Errors
            ///
            #[doc = concat!("As [`", stringify!($by_hand), "`](Self::", stringify!($by_hand), ").")]
            pub fn $stream<'m, M, C: IntoChunks<M>>(
                &self,
                mechanism: impl IntoMechanism<'m>,
                chunks: C,
            ) -> Result<CipherStream<C::Producer>> {
                Ok(CipherStream::new(self.$by_hand(mechanism)?, chunks.into_chunks()))
            }

            #[doc = concat!($verb, " what is read from `reader`. Wraps `", $init, "`")]
            #[doc = concat!("(PKCS#11 §", $section, ").")]
            ///
            /// # Errors
            ///
            #[doc = concat!("As [`", stringify!($by_hand), "`](Self::", stringify!($by_hand), ").")]
            pub fn $reader<'m, R: Read>(
                &self,
                mechanism: impl IntoMechanism<'m>,
                reader: R,
            ) -> Result<CipherReader<R>> {
                Ok(CipherReader::new(self.$by_hand(mechanism)?, reader))
            }

            #[doc = concat!($verb, " what is written, and writes it to `writer`. Wraps")]
            #[doc = concat!("`", $init, "` (PKCS#11 §", $section, ").")]
            ///
            /// # Errors
            ///
            #[doc = concat!("As [`", stringify!($by_hand), "`](Self::", stringify!($by_hand), ").")]
            pub fn $writer<'m, W: Write>(
                &self,
                mechanism: impl IntoMechanism<'m>,
                writer: W,
            ) -> Result<CipherWriter<W>> {
                Ok(CipherWriter::new(self.$by_hand(mechanism)?, writer))
            }
        }
    )*};
}

cipher! {
    SecretKey, PublicKey; Encrypt, "Encrypts", "C_EncryptInit", "5.8.1";
    encryptor, encrypt_stream, encrypt_reader, encrypt_writer
}
cipher! {
    SecretKey, PrivateKey; Decrypt, "Decrypts", "C_DecryptInit", "5.10.1";
    decryptor, decrypt_stream, decrypt_reader, decrypt_writer
}

macro_rules! sign {
    ($($key:ident),*) => {$(
        impl $key {
            /// Signs a message, or makes a MAC, in parts, by hand. Wraps `C_SignInit`
            /// (PKCS#11 §5.13.1).
            ///
            /// # Errors
            ///
            /// What the function answers;
            /// [`ErrorKind::OperationActive`](crate::ErrorKind::OperationActive) if another
            /// operation of the session does not end in time, or is this thread's.
            pub fn signer<'m>(&self, mechanism: impl IntoMechanism<'m>) -> Result<Signer> {
                let session = self.object().session();
                Parts::start(session, Usage::Sign, mechanism, Some(self.usage())).map(Signer)
            }

            /// Signs what an iterator gives. Wraps `C_SignInit`, `C_SignUpdate` and `C_SignFinal`
            /// (PKCS#11 §5.13).
            ///
            /// # Errors
            ///
            /// What the functions answer, or the iterator
            /// ([`ErrorKind::Producer`](crate::ErrorKind::Producer)).
            pub fn sign_stream<'m, M>(
                &self,
                mechanism: impl IntoMechanism<'m>,
                chunks: impl IntoChunks<M>,
            ) -> Result<Vec<u8>> {
                self.signer(mechanism)?.all(chunks)?.finish()
            }

            /// Signs what is read from `reader`, to its end. Wraps `C_SignInit`, `C_SignUpdate`
            /// and `C_SignFinal` (PKCS#11 §5.13).
            ///
            /// # Errors
            ///
            /// What the functions answer, or the reader
            /// ([`ErrorKind::Producer`](crate::ErrorKind::Producer)).
            pub fn sign_reader<'m>(
                &self,
                mechanism: impl IntoMechanism<'m>,
                reader: impl Read,
            ) -> Result<Vec<u8>> {
                self.signer(mechanism)?.read(reader)?.finish()
            }
        }
    )*};
}

sign!(SecretKey, PrivateKey);

macro_rules! verify {
    ($($key:ident),*) => {$(
        impl $key {
            /// Verifies a signature or a MAC in parts, by hand. Wraps `C_VerifyInit`
            /// (PKCS#11 §5.15.1).
            ///
            /// # Errors
            ///
            /// What the function answers;
            /// [`ErrorKind::OperationActive`](crate::ErrorKind::OperationActive) if another
            /// operation of the session does not end in time, or is this thread's.
            pub fn verifier<'m>(&self, mechanism: impl IntoMechanism<'m>) -> Result<Verifier> {
                let session = self.object().session();
                Parts::start(session, Usage::Verify, mechanism, Some(self.usage())).map(Verifier)
            }

            /// Verifies the signature of what an iterator gives. Wraps `C_VerifyInit`,
            /// `C_VerifyUpdate` and `C_VerifyFinal` (PKCS#11 §5.15).
            ///
            /// # Errors
            ///
            /// [`ErrorKind::SignatureInvalid`](crate::ErrorKind::SignatureInvalid) if it does not
            /// verify; any other error says that it was not checked.
            pub fn verify_stream<'m, M>(
                &self,
                mechanism: impl IntoMechanism<'m>,
                chunks: impl IntoChunks<M>,
                signature: &[u8],
            ) -> Result<()> {
                self.verifier(mechanism)?.all(chunks)?.finish(signature)
            }

            /// Verifies the signature of what is read from `reader`, to its end. Wraps
            /// `C_VerifyInit`, `C_VerifyUpdate` and `C_VerifyFinal` (PKCS#11 §5.15).
            ///
            /// # Errors
            ///
            /// As [`verify_stream`](Self::verify_stream).
            pub fn verify_reader<'m>(
                &self,
                mechanism: impl IntoMechanism<'m>,
                reader: impl Read,
                signature: &[u8],
            ) -> Result<()> {
                self.verifier(mechanism)?.read(reader)?.finish(signature)
            }
        }
    )*};
}

verify!(SecretKey, PublicKey);

macro_rules! verify_signature {
    ($($key:ident),*) => {$(
        impl $key {
            /// Verifies a signature that the token is given before the data, in parts, by hand: the
            /// only way in parts where the mechanism starts from the signature. Wraps
            /// `C_VerifySignatureInit` (PKCS#11 §5.15.7), which is of 3.2.
            ///
            /// # Errors
            ///
            /// What the function answers,
            /// [`ErrorKind::SignatureInvalid`](crate::ErrorKind::SignatureInvalid) if the length
            /// alone shows it;
            /// [`ErrorKind::FunctionNotSupported`](crate::ErrorKind::FunctionNotSupported) of a
            /// module before 3.2;
            /// [`ErrorKind::OperationActive`](crate::ErrorKind::OperationActive) if another
            /// operation of the session does not end in time, or is this thread's.
            pub fn signature_verifier<'m>(
                &self,
                mechanism: impl IntoMechanism<'m>,
                signature: &[u8],
            ) -> Result<SignatureVerifier> {
                let parts = Parts::with_signature(mechanism, self.usage(), signature);
                parts.map(SignatureVerifier)
            }

            /// Verifies, signature first, what an iterator gives. Wraps `C_VerifySignatureInit`,
            /// `C_VerifySignatureUpdate` and `C_VerifySignatureFinal` (PKCS#11 §5.15.7 to
            /// §5.15.10).
            ///
            /// # Errors
            ///
            /// As [`signature_verifier`](Self::signature_verifier), and what the iterator gives
            /// ([`ErrorKind::Producer`](crate::ErrorKind::Producer)).
            pub fn verify_signature_stream<'m, M>(
                &self,
                mechanism: impl IntoMechanism<'m>,
                chunks: impl IntoChunks<M>,
                signature: &[u8],
            ) -> Result<()> {
                self.signature_verifier(mechanism, signature)?.all(chunks)?.finish()
            }

            /// Verifies, signature first, what is read from `reader`, to its end. Wraps
            /// `C_VerifySignatureInit`, `C_VerifySignatureUpdate` and `C_VerifySignatureFinal`
            /// (PKCS#11 §5.15.7 to §5.15.10).
            ///
            /// # Errors
            ///
            /// As [`verify_signature_stream`](Self::verify_signature_stream).
            pub fn verify_signature_reader<'m>(
                &self,
                mechanism: impl IntoMechanism<'m>,
                reader: impl Read,
                signature: &[u8],
            ) -> Result<()> {
                self.signature_verifier(mechanism, signature)?.read(reader)?.finish()
            }
        }
    )*};
}

verify_signature!(SecretKey, PublicKey);

impl Session {
    /// A digest in parts, by hand; `DEFAULT` is SHA-256. Wraps `C_DigestInit` (PKCS#11 §5.12.1).
    ///
    /// # Errors
    ///
    /// What the function answers;
    /// [`ErrorKind::OperationActive`](crate::ErrorKind::OperationActive) if another operation of
    /// the session does not end in time, or is this thread's.
    pub fn digester<'m>(&self, mechanism: impl IntoMechanism<'m>) -> Result<Digester> {
        Parts::start(self, Usage::Digest, mechanism, None).map(Digester)
    }

    /// The digest of what an iterator gives. Wraps `C_DigestInit`, `C_DigestUpdate` and
    /// `C_DigestFinal` (PKCS#11 §5.12).
    ///
    /// # Errors
    ///
    /// What the functions answer, or the iterator
    /// ([`ErrorKind::Producer`](crate::ErrorKind::Producer)).
    pub fn digest_stream<'m, M>(
        &self,
        mechanism: impl IntoMechanism<'m>,
        chunks: impl IntoChunks<M>,
    ) -> Result<Vec<u8>> {
        self.digester(mechanism)?.all(chunks)?.finish()
    }

    /// The digest of what is read from `reader`, to its end. Wraps `C_DigestInit`,
    /// `C_DigestUpdate` and `C_DigestFinal` (PKCS#11 §5.12).
    ///
    /// # Errors
    ///
    /// What the functions answer, or the reader
    /// ([`ErrorKind::Producer`](crate::ErrorKind::Producer)).
    pub fn digest_reader<'m>(
        &self,
        mechanism: impl IntoMechanism<'m>,
        reader: impl Read,
    ) -> Result<Vec<u8>> {
        self.digester(mechanism)?.read(reader)?.finish()
    }
}
