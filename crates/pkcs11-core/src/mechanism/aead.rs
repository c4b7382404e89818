//! Encryption that also authenticates.

use super::typed::typed;
use crate::MechanismType;

typed! {
    /// AES in Galois/Counter Mode: encryption that also authenticates (`CKM_AES_GCM`,
    /// PKCS#11 §6.13.2, NIST SP 800-38D).
    ///
    /// The ciphertext ends with the tag; the nonce is not in it. Never use one nonce twice with
    /// one key.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct AesGcm<'a> {
        /// The nonce: 12 bytes, unless another side wants another length.
        pub nonce: &'a [u8],
    }
    with {
        /// Data that is authenticated and not encrypted.
        pub aad: &'a [u8] = &[],
        /// The length of the tag in bits: 128, 120, 112, 104 or 96.
        pub tag_bits: usize = 128,
    }
    |_m| MechanismType::AES_GCM
}
