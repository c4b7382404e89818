//! Block ciphers in the modes that only encrypt.

use super::typed::{typed, with_iv};
use crate::MechanismType;

with_iv! {
    /// AES in CBC mode with PKCS#7 padding (`CKM_AES_CBC_PAD`, PKCS#11 §6.10.6).
    AesCbcPad, AES_CBC_PAD, 16;
    /// AES in CBC mode on whole blocks of 16 bytes (`CKM_AES_CBC`, PKCS#11 §6.10.5).
    AesCbc, AES_CBC, 16;
    /// Triple DES in CBC mode with PKCS#7 padding (`CKM_DES3_CBC_PAD`, PKCS#11 §6.18).
    DesCbcPad, DES3_CBC_PAD, 8;
}

typed! {
    /// AES in counter mode (`CKM_AES_CTR`, PKCS#11 §6.11, NIST SP 800-38A).
    ///
    /// Never use one counter block twice with one key.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct AesCtr {
        /// The first counter block.
        pub block: [u8; 16],
    }
    with {
        /// How many bits at the end of the block count, 1 to 128.
        pub counter_bits: usize = 32,
    }
    |_m| MechanismType::AES_CTR
}
