//! Messages to encrypt and to decrypt.

use crate::mechanism::IntoMechanism;
use crate::operation::{MARGIN, Messages, OpenMessage};
use crate::{MechanismType, Result};

/// Encrypts messages. `key.message_encryptor(mechanism)` makes one.
///
/// ```no_run
/// # fn f(key: &pkcs11_core::SecretKey) -> pkcs11_core::Result<()> {
/// use pkcs11_core::MechanismType;
/// use pkcs11_core::mechanism::AesGcmMessage;
///
/// let mut messages = key.message_encryptor(MechanismType::AES_GCM)?;
/// for plaintext in ["one", "two"] {
///     let (mut nonce, mut tag) = ([0; 12], [0; 16]);
///     let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
///     let ciphertext = messages.encrypt(gcm, b"header", plaintext.as_bytes())?;
///     println!("{nonce:x?} {ciphertext:x?} {tag:x?}");
/// }
/// messages.finish()
/// # }
/// ```
#[derive(Debug)]
#[must_use = "dropped unfinished, it is cancelled"]
pub struct MessageEncryptor(pub(super) Messages);

/// Decrypts messages. `key.message_decryptor(mechanism)` makes one.
///
/// ```no_run
/// # fn f(key: &pkcs11_core::SecretKey, nonce: &mut [u8], ciphertext: &[u8], tag: &mut [u8])
/// # -> pkcs11_core::Result<()> {
/// use pkcs11_core::MechanismType;
/// use pkcs11_core::mechanism::AesGcmMessage;
///
/// let mut messages = key.message_decryptor(MechanismType::AES_GCM)?;
/// let plaintext = messages.decrypt(AesGcmMessage::new(nonce, tag), b"header", ciphertext)?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "dropped unfinished, it is cancelled"]
pub struct MessageDecryptor(pub(super) Messages);

impl MessageEncryptor {
    /// Encrypts a message. Wraps `C_EncryptMessage` (PKCS#11 §5.9.2).
    ///
    /// The parameter is that of this message:
    /// [`AesGcmMessage`](crate::mechanism::AesGcmMessage),
    /// [`AesCcmMessage`](crate::mechanism::AesCcmMessage) or
    /// [`ChaCha20Poly1305Message`](crate::mechanism::ChaCha20Poly1305Message), in which the token
    /// writes the tag, and the nonce if it makes that; the ciphertext is as long as the plaintext.
    /// A mechanism that does not authenticate has its own, an initialisation vector say, and takes
    /// no additional data.
    ///
    /// # Errors
    ///
    /// What the function answers, and then the whole encryptor has failed;
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) before the call.
    pub fn encrypt<'m>(
        &mut self,
        parameter: impl IntoMechanism<'m>,
        aad: &[u8],
        plaintext: &[u8],
    ) -> Result<Vec<u8>> {
        self.0.transform(parameter, aad, plaintext)
    }

    /// Encrypts a message into `ciphertext`; how many bytes it has. Wraps `C_EncryptMessage`
    /// (PKCS#11 §5.9.2). Nothing is allocated.
    ///
    /// `ciphertext` must be as long as the plaintext; where the mechanism does not authenticate,
    /// longer by [`CipherMessage::MARGIN`]. With less nothing is begun, and the message may come
    /// again.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BufferTooSmall`](crate::ErrorKind::BufferTooSmall), else as
    /// [`encrypt`](Self::encrypt).
    pub fn encrypt_into<'m>(
        &mut self,
        parameter: impl IntoMechanism<'m>,
        aad: &[u8],
        plaintext: &[u8],
        ciphertext: &mut [u8],
    ) -> Result<usize> {
        self.0.transform_into(parameter, aad, plaintext, ciphertext)
    }

    /// Begins a message whose data comes in parts. Wraps `C_EncryptMessageBegin`
    /// (PKCS#11 §5.9.3).
    ///
    /// The parameter is borrowed until the message has ended, and the encryptor too: there is one
    /// message at a time.
    ///
    /// # Errors
    ///
    /// What the function answers, and then the whole encryptor has failed;
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) before the call.
    pub fn begin<'m>(
        &mut self,
        parameter: impl IntoMechanism<'m>,
        aad: &[u8],
    ) -> Result<CipherMessage<'_, 'm>> {
        self.0.open(parameter, aad).map(CipherMessage)
    }

    /// Ends the messages: the session is free. Wraps `C_MessageEncryptFinal` (PKCS#11 §5.9.5).
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

impl MessageDecryptor {
    /// Decrypts a message, and checks what the mechanism authenticates before any plaintext is
    /// seen. Wraps `C_DecryptMessage` (PKCS#11 §5.11.2).
    ///
    /// The parameter is that of this message, with the nonce and the tag that came with it.
    ///
    /// # Errors
    ///
    /// What the function answers, as for a wrong tag, for which there is no single code; and then
    /// the whole decryptor has failed.
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) before the call.
    pub fn decrypt<'m>(
        &mut self,
        parameter: impl IntoMechanism<'m>,
        aad: &[u8],
        ciphertext: &[u8],
    ) -> Result<Vec<u8>> {
        self.0.transform(parameter, aad, ciphertext)
    }

    /// Decrypts a message into `plaintext`; how many bytes it has. Wraps `C_DecryptMessage`
    /// (PKCS#11 §5.11.2). Nothing is allocated. After an error the buffer is wiped.
    ///
    /// `plaintext` must be as long as the ciphertext; where the mechanism does not authenticate,
    /// longer by [`CipherMessage::MARGIN`]. With less nothing is begun, and the message may come
    /// again.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BufferTooSmall`](crate::ErrorKind::BufferTooSmall), else as
    /// [`decrypt`](Self::decrypt).
    pub fn decrypt_into<'m>(
        &mut self,
        parameter: impl IntoMechanism<'m>,
        aad: &[u8],
        ciphertext: &[u8],
        plaintext: &mut [u8],
    ) -> Result<usize> {
        self.0.transform_into(parameter, aad, ciphertext, plaintext)
    }

    /// Begins a message whose data comes in parts. Wraps `C_DecryptMessageBegin`
    /// (PKCS#11 §5.11.3).
    ///
    /// What is decrypted is not to be trusted before [`CipherMessage::finish`] has succeeded: it
    /// alone looks at the tag. The parameter is borrowed until then, and the decryptor too: there
    /// is one message at a time.
    ///
    /// # Errors
    ///
    /// What the function answers, and then the whole decryptor has failed;
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) before the call.
    pub fn begin<'m>(
        &mut self,
        parameter: impl IntoMechanism<'m>,
        aad: &[u8],
    ) -> Result<CipherMessage<'_, 'm>> {
        self.0.open(parameter, aad).map(CipherMessage)
    }

    /// Ends the messages: the session is free. Wraps `C_MessageDecryptFinal` (PKCS#11 §5.11.5).
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

/// A message whose data comes in parts, to be encrypted or decrypted.
///
/// ```no_run
/// # fn f(messages: &mut pkcs11_core::message::MessageEncryptor) -> pkcs11_core::Result<()> {
/// use pkcs11_core::mechanism::AesGcmMessage;
///
/// let (mut nonce, mut tag) = ([0; 12], [0; 16]);
/// let mut message = messages.begin(AesGcmMessage::new(&mut nonce, &mut tag), b"header")?;
/// let mut ciphertext = message.update(b"a first part, ")?;
/// ciphertext.extend(message.update(b"and a second one")?);
/// ciphertext.extend(message.finish()?);
/// println!("{nonce:x?} {ciphertext:x?} {tag:x?}");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "dropped unfinished, it cancels all messages"]
pub struct CipherMessage<'e, 'm>(OpenMessage<'e, 'm>);

impl CipherMessage<'_, '_> {
    /// How much larger than its input an output buffer must be, in bytes.
    pub const MARGIN: usize = MARGIN;

    /// Takes one more part of the data, of any length, and gives what is ready of the result, which
    /// may be nothing. Wraps `C_EncryptMessageNext` or `C_DecryptMessageNext` (PKCS#11 §5.9.4,
    /// §5.11.4), one call for each 256 KiB.
    ///
    /// # Errors
    ///
    /// What the function answers, and then all messages are cancelled.
    pub fn update(&mut self, data: &[u8]) -> Result<Vec<u8>> {
        self.0.update(data)
    }

    /// Takes one more part of the data and writes what is ready of the result; how many bytes that
    /// is. Wraps `C_EncryptMessageNext` or `C_DecryptMessageNext` (PKCS#11 §5.9.4, §5.11.4), one
    /// call for each 256 KiB. Nothing is allocated.
    ///
    /// `output` must be larger than `data` by [`MARGIN`](Self::MARGIN): with less, nothing is taken
    /// and the call may be made again. After an error of a decryption it is wiped.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BufferTooSmall`](crate::ErrorKind::BufferTooSmall), else as
    /// [`update`](Self::update).
    pub fn update_into(&mut self, data: &[u8], output: &mut [u8]) -> Result<usize> {
        self.0.update_into(data, output)
    }

    /// Ends the message and gives the rest of the result, which may be nothing; a tag is written to
    /// its place, or checked. Wraps `C_EncryptMessageNext` or `C_DecryptMessageNext` with
    /// `CKF_END_OF_MESSAGE` (PKCS#11 §5.9.4, §5.11.4).
    ///
    /// # Errors
    ///
    /// What the function answers, as for a wrong tag: then what came before is not to be used, and
    /// all messages are cancelled.
    pub fn finish(self) -> Result<Vec<u8>> {
        self.0.finish()
    }
}
