//! Messages to sign and to verify.

use std::io::{self, Write};

use crate::operation::{Messages, OpenSignature};
use crate::{MechanismType, Result};

/// Signs messages, or makes MACs. `key.message_signer(mechanism)` makes one.
///
/// ```no_run
/// # fn f(key: &pkcs11_core::PrivateKey) -> pkcs11_core::Result<()> {
/// use pkcs11_core::DEFAULT;
///
/// let mut messages = key.message_signer(DEFAULT)?;
/// let first = messages.sign(b"one")?;
/// let second = messages.sign(b"two")?;
/// messages.finish()
/// # }
/// ```
#[derive(Debug)]
#[must_use = "dropped unfinished, it is cancelled"]
pub struct MessageSigner(pub(super) Messages);

impl MessageSigner {
    /// Signs a message. Wraps `C_SignMessage` (PKCS#11 §5.14.2).
    ///
    /// # Errors
    ///
    /// What the function answers, and then the whole signer has failed.
    pub fn sign(&mut self, data: &[u8]) -> Result<Vec<u8>> {
        self.0.sign(data)
    }

    /// Signs a message into `signature`; how many bytes that has. Wraps `C_SignMessage`
    /// (PKCS#11 §5.14.2). Nothing is allocated where `signature` has room for any that can come.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BufferTooSmall`](crate::ErrorKind::BufferTooSmall), and then the signature is
    /// lost but not the signer; else as [`sign`](Self::sign).
    pub fn sign_into(&mut self, data: &[u8], signature: &mut [u8]) -> Result<usize> {
        self.0.sign_into(data, signature)
    }

    /// Begins a message whose data comes in parts. Wraps `C_SignMessageBegin` (PKCS#11 §5.14.3).
    ///
    /// # Errors
    ///
    /// What the function answers, and then the whole signer has failed.
    pub fn begin(&mut self) -> Result<MessageToSign<'_>> {
        self.0.open_signature().map(MessageToSign)
    }

    /// Ends the messages: the session is free. Wraps `C_MessageSignFinal` (PKCS#11 §5.14.5).
    ///
    /// # Errors
    ///
    /// What the function answers. The session is free in any case.
    pub fn finish(self) -> Result<()> {
        self.0.end()
    }

    /// Its mechanism.
    #[must_use]
    pub fn mechanism(&self) -> MechanismType {
        self.0.mechanism()
    }
}

/// Verifies the signatures or MACs of messages. `key.message_verifier(mechanism)` makes one.
#[derive(Debug)]
#[must_use = "dropped unfinished, it is cancelled"]
pub struct MessageVerifier(pub(super) Messages);

impl MessageVerifier {
    /// Whether the message has this signature. Wraps `C_VerifyMessage` (PKCS#11 §5.16.2).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::SignatureInvalid`](crate::ErrorKind::SignatureInvalid) if it has not; any other
    /// error says that it was not checked. After either the whole verifier has failed, unless the
    /// module was not asked: that goes for a MAC of a wrong length.
    pub fn verify(&mut self, data: &[u8], signature: &[u8]) -> Result<()> {
        self.0.verify(data, signature)
    }

    /// Begins a message whose data comes in parts. Wraps `C_VerifyMessageBegin`
    /// (PKCS#11 §5.16.3).
    ///
    /// # Errors
    ///
    /// What the function answers, and then the whole verifier has failed.
    pub fn begin(&mut self) -> Result<MessageToVerify<'_>> {
        self.0.open_signature().map(MessageToVerify)
    }

    /// Ends the messages: the session is free. Wraps `C_MessageVerifyFinal` (PKCS#11 §5.16.5).
    ///
    /// # Errors
    ///
    /// What the function answers. The session is free in any case.
    pub fn finish(self) -> Result<()> {
        self.0.end()
    }

    /// Its mechanism.
    #[must_use]
    pub fn mechanism(&self) -> MechanismType {
        self.0.mechanism()
    }
}

/// What takes the data of a message in parts: by `update`, or as a writer.
macro_rules! takes_data {
    ($name:ident, $function:literal, $section:literal) => {
        impl $name<'_> {
            /// Takes one more part of the data, of any length.
            #[doc = concat!("Wraps `", $function, "` (PKCS#11 §", $section, "),")]
            /// one call for each 256 KiB.
            ///
            /// # Errors
            ///
            /// What the function answers, and then all messages are cancelled.
            pub fn update(&mut self, data: &[u8]) -> Result<()> {
                self.0.feed(data)
            }
        }

        /// The same as `update`.
        impl Write for $name<'_> {
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

/// A message whose data comes in parts, to be signed.
#[derive(Debug)]
#[must_use = "dropped unfinished, it cancels all messages"]
pub struct MessageToSign<'e>(OpenSignature<'e>);

takes_data!(MessageToSign, "C_SignMessageNext", "5.14.4");

impl MessageToSign<'_> {
    /// Ends the message and gives its signature. Wraps `C_SignMessageNext` (PKCS#11 §5.14.4).
    ///
    /// # Errors
    ///
    /// What the function answers, and then all messages are cancelled.
    pub fn finish(self) -> Result<Vec<u8>> {
        self.0.output()
    }
}

/// A message whose data comes in parts, to be verified.
#[derive(Debug)]
#[must_use = "nothing is verified until `finish`"]
pub struct MessageToVerify<'e>(OpenSignature<'e>);

takes_data!(MessageToVerify, "C_VerifyMessageNext", "5.16.4");

impl MessageToVerify<'_> {
    /// Whether the message has this signature. Wraps `C_VerifyMessageNext` (PKCS#11 §5.16.4).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::SignatureInvalid`](crate::ErrorKind::SignatureInvalid) if it has not; any other
    /// error says that it was not checked. After either all messages are cancelled.
    pub fn finish(self, signature: &[u8]) -> Result<()> {
        self.0.verify(signature)
    }
}
