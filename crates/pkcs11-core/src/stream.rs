//! Operations in parts: any amount of data, in bounded memory.
//!
//! | what for | from an iterator | from a reader | into a writer | by hand |
//! |---|---|---|---|---|
//! | encryption | `key.encrypt_stream(…)` | `key.encrypt_reader(…)` | `key.encrypt_writer(…)` | `key.encryptor(…)` |
//! | decryption | `key.decrypt_stream(…)` | `key.decrypt_reader(…)` | `key.decrypt_writer(…)` | `key.decryptor(…)` |
//! | signature, MAC | `key.sign_stream(…)` | `key.sign_reader(…)` | [`Signer`] is one | `key.signer(…)` |
//! | verification | `key.verify_stream(…)` | `key.verify_reader(…)` | [`Verifier`] is one | `key.verifier(…)` |
//! | verification, signature first | `key.verify_signature_stream(…)` | `key.verify_signature_reader(…)` | [`SignatureVerifier`] is one | `key.signature_verifier(…)` |
//! | encryption and digest | | | | `key.digest_encryptor(…)` |
//! | encryption and signature | | | | `key.sign_encryptor(…)` |
//! | decryption and digest | | | | `key.decrypt_digester(…)` |
//! | decryption and verification | | | | `key.decrypt_verifier(…)` |
//! | digest | `session.digest_stream(…)` | `session.digest_reader(…)` | [`Digester`] is one | `session.digester(…)` |
//!
//! A stream holds its session's operation lock from the moment it is made, when a wrong key or
//! mechanism is told, until it is finished, fails, or is dropped, on whichever thread that happens.
//! Dropped unfinished, it is cancelled, and the session is free for the next operation. Other
//! threads' operations wait for it; one on the same thread answers
//! [`ErrorKind::OperationActive`](crate::ErrorKind::OperationActive) at once. Keys and searches on
//! another session are not concerned.
//!
//! Each part is one call into the token, so parts of 16 KiB and more are cheap.

mod chunks;
mod cipher;
mod dual;
mod keys;
mod output;
mod reader;
mod signature;
mod state;
mod writer;

pub use chunks::{CipherStream, Fallible, IntoChunks, Plain, Producer};
pub use cipher::Cipher;
pub use dual::{DigestCipher, SignCipher, SigningKey, VerifyCipher, VerifyingKey};
pub use reader::CipherReader;
pub use signature::{Digester, SignatureVerifier, Signer, Verifier};
pub use writer::CipherWriter;
