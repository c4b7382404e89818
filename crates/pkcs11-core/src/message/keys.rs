//! How messages are begun: by keys.

use super::{MessageDecryptor, MessageEncryptor, MessageSigner, MessageVerifier};
use crate::lock::OperationKind;
use crate::mechanism::IntoMechanism;
use crate::operation::Messages;
use crate::{PrivateKey, PublicKey, Result, SecretKey};

/// What begins one kind of messages.
macro_rules! messages {
    (
        $($key:ident),*; $method:ident -> $made:ident, $kind:ident, $init:literal, $section:literal;
        $does:literal
    ) => {$(
        impl $key {
            #[doc = $does]
            #[doc = concat!("Wraps `", $init, "` (PKCS#11 §", $section, ").")]
            ///
            /// # Errors
            ///
            /// What the function answers;
            /// [`ErrorKind::FunctionNotSupported`](crate::ErrorKind::FunctionNotSupported) if the
            /// module has no such functions;
            /// [`ErrorKind::OperationActive`](crate::ErrorKind::OperationActive) if another
            /// operation of the session does not end in time, or is this thread's.
            pub fn $method<'m>(&self, mechanism: impl IntoMechanism<'m>) -> Result<$made> {
                Messages::start(OperationKind::$kind, mechanism, self.usage()).map($made)
            }
        }
    )*};
}

messages! {
    SecretKey, PublicKey;
    message_encryptor -> MessageEncryptor, MessageEncrypt, "C_MessageEncryptInit", "5.9.1";
    "Begins to encrypt messages; the mechanism's number is enough, since each has a parameter."
}
messages! {
    SecretKey, PrivateKey;
    message_decryptor -> MessageDecryptor, MessageDecrypt, "C_MessageDecryptInit", "5.11.1";
    "Begins to decrypt messages; the mechanism's number is enough, since each has a parameter."
}
messages! {
    SecretKey, PrivateKey;
    message_signer -> MessageSigner, MessageSign, "C_MessageSignInit", "5.14.1";
    "Begins to sign messages, or to make MACs of them."
}
messages! {
    SecretKey, PublicKey;
    message_verifier -> MessageVerifier, MessageVerify, "C_MessageVerifyInit", "5.16.1";
    "Begins to verify the signatures or MACs of messages."
}

impl SecretKey {
    /// Encrypts one message, with a nonce that the token may make. Wraps `C_MessageEncryptInit`,
    /// `C_EncryptMessage` and `C_MessageEncryptFinal` (PKCS#11 §5.9).
    ///
    /// ```no_run
    /// # fn f(key: &pkcs11_core::SecretKey) -> pkcs11_core::Result<()> {
    /// use pkcs11_core::mechanism::AesGcmMessage;
    ///
    /// let (mut nonce, mut tag) = ([0; 12], [0; 16]);
    /// let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
    /// let ciphertext = key.encrypt_message(gcm, b"header", b"INPUT DATA")?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`message_encryptor`](Self::message_encryptor) and
    /// [`MessageEncryptor::encrypt`].
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) for a nonce whose
    /// [generator](crate::mechanism::AesGcmMessage::generator) counts or may count: the count would
    /// be the same each time.
    pub fn encrypt_message<'m>(
        &self,
        parameter: impl IntoMechanism<'m>,
        aad: &[u8],
        plaintext: &[u8],
    ) -> Result<Vec<u8>> {
        Messages::one(OperationKind::MessageEncrypt, parameter, self.usage(), aad, plaintext)
    }

    /// Decrypts one message, and checks what the mechanism authenticates before any plaintext is
    /// seen. Wraps `C_MessageDecryptInit`, `C_DecryptMessage` and `C_MessageDecryptFinal`
    /// (PKCS#11 §5.11).
    ///
    /// # Errors
    ///
    /// As [`message_decryptor`](Self::message_decryptor) and
    /// [`MessageDecryptor::decrypt`].
    pub fn decrypt_message<'m>(
        &self,
        parameter: impl IntoMechanism<'m>,
        aad: &[u8],
        ciphertext: &[u8],
    ) -> Result<Vec<u8>> {
        Messages::one(OperationKind::MessageDecrypt, parameter, self.usage(), aad, ciphertext)
    }
}
