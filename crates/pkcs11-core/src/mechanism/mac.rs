//! Message authentication codes of a chosen length.

use super::typed::typed;
use crate::MechanismType;

typed! {
    /// A message authentication code, cut to a length of choice (`CKM_SHA256_HMAC_GENERAL`,
    /// `CKM_AES_CMAC_GENERAL`, `CKM_AES_MAC_GENERAL` and their kin, PKCS#11 §6.9).
    ///
    /// Less than 8 bytes are soon guessed.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct MacGeneral {
        /// The mechanism.
        pub mechanism: MechanismType,
        /// The length of the code in bytes, 1 to the mechanism's
        /// [`longest_mac`](MechanismType::longest_mac): the cipher's block, or the digest.
        pub length: usize,
    }
    |m| m.mechanism
}

typed! {
    /// SHA-512 cut to a number of bits, which changes all of them (`CKM_SHA512_T` and its kin,
    /// FIPS 180-4 §5.3.6).
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Sha512T {
        /// The length of the digest in bits: 1 to 511, and not 384.
        pub bits: usize,
    }
    with {
        /// What is made of the digest: `CKM_SHA512_T` itself, `CKM_SHA512_T_HMAC`, or
        /// `CKM_SHA512_T_KEY_DERIVATION`.
        pub mechanism: MechanismType = MechanismType::SHA512_T,
    }
    |m| m.mechanism
}
