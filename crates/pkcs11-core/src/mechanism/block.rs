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
    /// Triple DES in CBC mode on whole blocks of 8 bytes (`CKM_DES3_CBC`, PKCS#11 §6.18.6).
    DesCbc, DES3_CBC, 8;
    /// AES in output feedback mode (`CKM_AES_OFB`, PKCS#11 §6.10.7, NIST SP 800-38A).
    AesOfb, AES_OFB, 16;
    /// AES in cipher feedback mode by single bits (`CKM_AES_CFB1`, PKCS#11 §6.10.8).
    AesCfb1, AES_CFB1, 16;
    /// AES in cipher feedback mode by bytes (`CKM_AES_CFB8`, PKCS#11 §6.10.8).
    AesCfb8, AES_CFB8, 16;
    /// AES in cipher feedback mode by 64 bits (`CKM_AES_CFB64`, PKCS#11 §6.10.8).
    AesCfb64, AES_CFB64, 16;
    /// AES in cipher feedback mode by blocks (`CKM_AES_CFB128`, PKCS#11 §6.10.8).
    AesCfb128, AES_CFB128, 16;
    /// AES in CBC mode with ciphertext stealing: 16 bytes or more, and as many out
    /// (`CKM_AES_CTS`, PKCS#11 §6.12).
    AesCts, AES_CTS, 16;
    /// AES in XTS mode, for disks: what is called the initialisation vector is the number of
    /// the data unit (`CKM_AES_XTS`, PKCS#11 §6.15, NIST SP 800-38E).
    AesXts, AES_XTS, 16;
    /// DES or triple DES in output feedback mode by bytes (`CKM_DES_OFB8`, PKCS#11 §6.18.7).
    DesOfb8, DES_OFB8, 8;
    /// DES or triple DES in output feedback mode by blocks (`CKM_DES_OFB64`, PKCS#11 §6.18.7).
    DesOfb64, DES_OFB64, 8;
    /// DES or triple DES in cipher feedback mode by bytes (`CKM_DES_CFB8`, PKCS#11 §6.18.8).
    DesCfb8, DES_CFB8, 8;
    /// DES or triple DES in cipher feedback mode by blocks (`CKM_DES_CFB64`, PKCS#11 §6.18.8).
    DesCfb64, DES_CFB64, 8;
    /// Camellia in CBC mode with PKCS#7 padding (`CKM_CAMELLIA_CBC_PAD`, PKCS#11 §6.47).
    CamelliaCbcPad, CAMELLIA_CBC_PAD, 16;
    /// Camellia in CBC mode on whole blocks of 16 bytes (`CKM_CAMELLIA_CBC`, PKCS#11 §6.47).
    CamelliaCbc, CAMELLIA_CBC, 16;
    /// ARIA in CBC mode with PKCS#7 padding (`CKM_ARIA_CBC_PAD`, PKCS#11 §6.49).
    AriaCbcPad, ARIA_CBC_PAD, 16;
    /// ARIA in CBC mode on whole blocks of 16 bytes (`CKM_ARIA_CBC`, PKCS#11 §6.49).
    AriaCbc, ARIA_CBC, 16;
    /// SEED in CBC mode with PKCS#7 padding (`CKM_SEED_CBC_PAD`, PKCS#11 §6.51).
    SeedCbcPad, SEED_CBC_PAD, 16;
    /// SEED in CBC mode on whole blocks of 16 bytes (`CKM_SEED_CBC`, PKCS#11 §6.51).
    SeedCbc, SEED_CBC, 16;
    /// Blowfish in CBC mode with PKCS#7 padding (`CKM_BLOWFISH_CBC_PAD`).
    BlowfishCbcPad, BLOWFISH_CBC_PAD, 8;
    /// Blowfish in CBC mode on whole blocks of 8 bytes (`CKM_BLOWFISH_CBC`).
    BlowfishCbc, BLOWFISH_CBC, 8;
    /// Twofish in CBC mode with PKCS#7 padding (`CKM_TWOFISH_CBC_PAD`).
    TwofishCbcPad, TWOFISH_CBC_PAD, 16;
    /// Twofish in CBC mode on whole blocks of 16 bytes (`CKM_TWOFISH_CBC`).
    TwofishCbc, TWOFISH_CBC, 16;
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

typed! {
    /// Camellia in counter mode (`CKM_CAMELLIA_CTR`, PKCS#11 §6.47).
    ///
    /// Never use one counter block twice with one key.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct CamelliaCtr {
        /// The first counter block.
        pub block: [u8; 16],
    }
    with {
        /// How many bits at the end of the block count, 1 to 128.
        pub counter_bits: usize = 32,
    }
    |_m| MechanismType::CAMELLIA_CTR
}
