//! Messages: many of them with one key and one mechanism, each with its own nonce and tag
//! (PKCS#11 3.0).
//!
//! | what for | begins | a message at once | a message in parts | ends |
//! |---|---|---|---|---|
//! | encryption | `key.message_encryptor(…)` | [`encrypt`](MessageEncryptor::encrypt) | [`begin`](MessageEncryptor::begin): [`CipherMessage`] | [`finish`](MessageEncryptor::finish) |
//! | decryption | `key.message_decryptor(…)` | [`decrypt`](MessageDecryptor::decrypt) | [`begin`](MessageDecryptor::begin): [`CipherMessage`] | [`finish`](MessageDecryptor::finish) |
//! | signature, MAC | `key.message_signer(…)` | [`sign`](MessageSigner::sign) | [`begin`](MessageSigner::begin): [`MessageToSign`] | [`finish`](MessageSigner::finish) |
//! | verification | `key.message_verifier(…)` | [`verify`](MessageVerifier::verify) | [`begin`](MessageVerifier::begin): [`MessageToVerify`] | [`finish`](MessageVerifier::finish) |
//!
//! One message alone needs none of them: `key.encrypt_message(…)` and `key.decrypt_message(…)`.
//!
//! What makes messages worth it is that the token can make the nonces: with
//! [`AesGcmMessage`](crate::mechanism::AesGcmMessage) and its like, nonce and tag are places that
//! the token writes on encryption. Each message is one call.
//!
//! All of them hold their session's operation lock from the moment they are made until they are
//! finished, fail, or are dropped, as [streams](crate::stream) do. **Every error of the module ends
//! them**: the session is free, what comes later answers
//! [`ErrorKind::StreamFailed`](crate::ErrorKind::StreamFailed), and a new one takes one call. They
//! are not begun anew in secret, since the counters of the token's nonces would begin anew too. A
//! message in parts that is dropped before its end counts as an error, for there is no way to end
//! it alone. What is refused before the module is asked (a nonce or tag of a wrong length, say) is
//! none: the next message can come.
//!
//! A module of PKCS#11 2.40 has none of these functions, and some modules of 3.0 have not all:
//! [`ErrorKind::FunctionNotSupported`](crate::ErrorKind::FunctionNotSupported) then names the first
//! that is missing, before anything is begun.

mod cipher;
mod keys;
mod signature;

pub use cipher::{CipherMessage, MessageDecryptor, MessageEncryptor};
pub use signature::{MessageSigner, MessageToSign, MessageToVerify, MessageVerifier};
