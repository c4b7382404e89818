//! Derivation of keys by encryption, by concatenation, by XOR, and by cutting.

use std::fmt;

use super::typed::typed;
use crate::{MechanismType, SecretKey};

macro_rules! derivation_ciphers {
    ($($(#[$meta:meta])* $name:ident: $ecb:ident, $cbc:ident, $block:literal;)*) => {
        /// The block cipher of [`EcbEncryptData`] and [`CbcEncryptData`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum DerivationCipher {
            $($(#[$meta])* $name,)*
        }

        impl DerivationCipher {
            /// The length of its block in bytes.
            #[must_use]
            pub const fn block_length(self) -> usize {
                match self {
                    $(Self::$name => $block,)*
                }
            }

            const fn ecb(self) -> MechanismType {
                match self {
                    $(Self::$name => MechanismType::$ecb,)*
                }
            }

            const fn cbc(self) -> MechanismType {
                match self {
                    $(Self::$name => MechanismType::$cbc,)*
                }
            }
        }
    };
}

derivation_ciphers! {
    /// AES.
    Aes: AES_ECB_ENCRYPT_DATA, AES_CBC_ENCRYPT_DATA, 16;
    /// ARIA.
    Aria: ARIA_ECB_ENCRYPT_DATA, ARIA_CBC_ENCRYPT_DATA, 16;
    /// Camellia.
    Camellia: CAMELLIA_ECB_ENCRYPT_DATA, CAMELLIA_CBC_ENCRYPT_DATA, 16;
    /// DES.
    Des: DES_ECB_ENCRYPT_DATA, DES_CBC_ENCRYPT_DATA, 8;
    /// Triple DES.
    Des3: DES3_ECB_ENCRYPT_DATA, DES3_CBC_ENCRYPT_DATA, 8;
    /// SEED.
    Seed: SEED_ECB_ENCRYPT_DATA, SEED_CBC_ENCRYPT_DATA, 16;
}

typed! {
    /// A key from data, encrypted with the base key in ECB mode (`CKM_AES_ECB_ENCRYPT_DATA` and
    /// its kin, PKCS#11 §6.17, §6.48, §6.50, §6.52).
    #[derive(Clone, Copy)]
    pub struct EcbEncryptData<'a> {
        /// The cipher of the base key.
        pub cipher: DerivationCipher,
        /// The data: whole blocks, as long as the new key or longer.
        pub data: &'a [u8],
    }
    |m| m.cipher.ecb()
}

typed! {
    /// A key from data, encrypted with the base key in CBC mode (`CKM_AES_CBC_ENCRYPT_DATA` and
    /// its kin, PKCS#11 §6.17, §6.48, §6.50, §6.52).
    #[derive(Clone, Copy)]
    pub struct CbcEncryptData<'a> {
        /// The cipher of the base key.
        pub cipher: DerivationCipher,
        /// The initialisation vector: one block.
        pub iv: &'a [u8],
        /// The data: whole blocks, as long as the new key or longer.
        pub data: &'a [u8],
    }
    |m| m.cipher.cbc()
}

typed! {
    /// The base key, and behind it another key (`CKM_CONCATENATE_BASE_AND_KEY`,
    /// PKCS#11 §6.43.3).
    #[derive(Clone, Copy)]
    pub struct ConcatenateKey<'a> {
        /// The other key.
        pub key: &'a SecretKey,
    }
    |_m| MechanismType::CONCATENATE_BASE_AND_KEY
}

typed! {
    /// The base key, and behind it data (`CKM_CONCATENATE_BASE_AND_DATA`, PKCS#11 §6.43.4).
    #[derive(Clone, Copy)]
    pub struct AppendData<'a> {
        /// The data.
        pub data: &'a [u8],
    }
    |_m| MechanismType::CONCATENATE_BASE_AND_DATA
}

typed! {
    /// Data, and behind it the base key (`CKM_CONCATENATE_DATA_AND_BASE`, PKCS#11 §6.43.5).
    #[derive(Clone, Copy)]
    pub struct PrependData<'a> {
        /// The data.
        pub data: &'a [u8],
    }
    |_m| MechanismType::CONCATENATE_DATA_AND_BASE
}

typed! {
    /// The base key XOR data, as long as the shorter of them (`CKM_XOR_BASE_AND_DATA`,
    /// PKCS#11 §6.43.6).
    #[derive(Clone, Copy)]
    pub struct XorData<'a> {
        /// The data.
        pub data: &'a [u8],
    }
    |_m| MechanismType::XOR_BASE_AND_DATA
}

typed! {
    /// A part of the base key (`CKM_EXTRACT_KEY_FROM_KEY`, PKCS#11 §6.43.7). At the end of the
    /// base key it goes on at its start.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct ExtractKey {
        /// The first bit, counted from 0 at the most significant bit of the first byte.
        pub first_bit: usize,
    }
    |_m| MechanismType::EXTRACT_KEY_FROM_KEY
}

macro_rules! no_data_shown {
    ($($name:ident),*) => {$(
        /// Its name: the data may be half of a secret.
        impl fmt::Debug for $name<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )*};
}

no_data_shown!(EcbEncryptData, CbcEncryptData, ConcatenateKey, AppendData, PrependData, XorData);
