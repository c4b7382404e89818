//! Stream ciphers.

use super::typed::typed;
use crate::MechanismType;

typed! {
    /// ChaCha20, which only encrypts (`CKM_CHACHA20`, PKCS#11 §6.58, RFC 8439 §2.4).
    ///
    /// The length of the nonce chooses the variant. Never use one nonce twice with one key.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct ChaCha20<'a> {
        /// The nonce: 12 bytes (RFC 8439), 8 in the original, 24 for XChaCha20.
        pub nonce: &'a [u8],
    }
    with {
        /// The number of the first block of 64 bytes; of 32 bits where the nonce has 12 bytes.
        pub block: u64 = 0,
    }
    |_m| MechanismType::CHACHA20
}

typed! {
    /// Salsa20, which only encrypts (`CKM_SALSA20`, PKCS#11 §6.59).
    ///
    /// Never use one nonce twice with one key.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Salsa20<'a> {
        /// The nonce: 8 bytes, or 24 for XSalsa20.
        pub nonce: &'a [u8],
    }
    with {
        /// The number of the first block of 64 bytes.
        pub block: u64 = 0,
    }
    |_m| MechanismType::SALSA20
}
