//! Encryption that also authenticates.

use super::typed::typed;
use crate::MechanismType;
use crate::vocabulary::Generator;

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

typed! {
    /// The authentication of AES-GCM without its encryption: a message authentication code
    /// (`CKM_AES_GMAC`, PKCS#11 §6.13.6, NIST SP 800-38D).
    ///
    /// Never use one nonce twice with one key.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct AesGmac<'a> {
        /// The nonce: 12 bytes, unless another side wants another length.
        pub nonce: &'a [u8],
    }
    with {
        /// The length of the code in bits: 128, 120, 112, 104 or 96.
        pub tag_bits: usize = 128,
    }
    |_m| MechanismType::AES_GMAC
}

typed! {
    /// AES-GCM for the wrapping of keys, with a nonce that the token may make (`CKM_AES_GCM`
    /// with `CK_GCM_WRAP_PARAMS`, PKCS#11 §6.13.3).
    ///
    /// After wrapping, [`nonce`](Self::nonce) is the whole nonce that was used. For unwrapping it
    /// is read, and [`generator`](Self::generator) and [`fixed_bits`](Self::fixed_bits) do not
    /// matter.
    #[derive(Debug)]
    pub struct AesGcmWrap<'a> {
        /// The nonce, 12 bytes as a rule; the token writes what it made.
        pub nonce: &'a mut [u8],
    }
    with {
        /// Who makes the nonce, and how. Each wrapping starts anew, so a module that counts, as one
        /// does with `CKG_GENERATE`, would use one nonce again and again.
        pub generator: Generator = Generator::GENERATE_RANDOM,
        /// How many bits at the nonce's start are the caller's.
        pub fixed_bits: usize = 0,
        /// Data that is authenticated and not encrypted.
        pub aad: &'a [u8] = &[],
        /// The length of the tag in bits: 128, 120, 112, 104 or 96.
        pub tag_bits: usize = 128,
    }
    |_m| MechanismType::AES_GCM
}

typed! {
    /// AES-GCM for one message, or for authenticated wrapping, with the tag apart
    /// (`CKM_AES_GCM` with `CK_GCM_MESSAGE_PARAMS`, PKCS#11 §6.13.2).
    ///
    /// After encryption, [`nonce`](Self::nonce) and [`tag`](Self::tag) are what was used and
    /// made. For decryption both are read, and [`generator`](Self::generator) and
    /// [`fixed_bits`](Self::fixed_bits) do not matter.
    #[derive(Debug)]
    pub struct AesGcmMessage<'a> {
        /// The nonce, 12 bytes as a rule; the token writes what it made.
        pub nonce: &'a mut [u8],
        /// The tag, 16 bytes as a rule; the token writes it on encryption.
        pub tag: &'a mut [u8],
    }
    with {
        /// Who makes the nonce, and how; if nothing else is said the token, at random.
        ///
        /// A count begins at zero with each use of the key, so it needs
        /// [`fixed_bits`](Self::fixed_bits) that differ; with `CKG_GENERATE` too, for the way is
        /// the module's and one counts.
        pub generator: Generator = Generator::GENERATE_RANDOM,
        /// How many bits at the nonce's start are the caller's.
        pub fixed_bits: usize = 0,
    }
    |_m| MechanismType::AES_GCM
}

typed! {
    /// AES in counter mode with CBC-MAC: encryption that also authenticates (`CKM_AES_CCM`,
    /// PKCS#11 §6.13.4, RFC 3610).
    ///
    /// The ciphertext ends with the MAC; the nonce is not in it. Never use one nonce twice with
    /// one key.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct AesCcm<'a> {
        /// The nonce, 7 to 13 bytes. The longer it is, the shorter the data: with 13 bytes,
        /// less than 64 KiB.
        pub nonce: &'a [u8],
        /// The length of the plaintext in bytes, for decryption too.
        pub data_length: usize,
    }
    with {
        /// Data that is authenticated and not encrypted.
        pub aad: &'a [u8] = &[],
        /// The length of the MAC in bytes: 4, 6, 8, 10, 12, 14 or 16.
        pub mac_length: usize = 16,
    }
    |_m| MechanismType::AES_CCM
}

typed! {
    /// AES-CCM for the wrapping of keys, with a nonce that the token may make (`CKM_AES_CCM`
    /// with `CK_CCM_WRAP_PARAMS`, PKCS#11 §6.13.5). The token knows how long the key is.
    ///
    /// After wrapping, [`nonce`](Self::nonce) is the whole nonce that was used. For unwrapping it
    /// is read, and [`generator`](Self::generator) and [`fixed_bits`](Self::fixed_bits) do not
    /// matter.
    #[derive(Debug)]
    pub struct AesCcmWrap<'a> {
        /// The nonce, 7 to 13 bytes; the token writes what it made.
        pub nonce: &'a mut [u8],
    }
    with {
        /// Who makes the nonce, and how. Each wrapping starts anew, so a module that counts, as one
        /// does with `CKG_GENERATE`, would use one nonce again and again.
        pub generator: Generator = Generator::GENERATE_RANDOM,
        /// How many bits at the nonce's start are the caller's.
        pub fixed_bits: usize = 0,
        /// Data that is authenticated and not encrypted.
        pub aad: &'a [u8] = &[],
        /// The length of the MAC in bytes: 4, 6, 8, 10, 12, 14 or 16.
        pub mac_length: usize = 16,
    }
    |_m| MechanismType::AES_CCM
}

typed! {
    /// AES-CCM for one message, or for authenticated wrapping, with the MAC apart
    /// (`CKM_AES_CCM` with `CK_CCM_MESSAGE_PARAMS`, PKCS#11 §6.13.4).
    ///
    /// After encryption, [`nonce`](Self::nonce) and [`mac`](Self::mac) are what was used and
    /// made. For decryption both are read, and [`generator`](Self::generator) and
    /// [`fixed_bits`](Self::fixed_bits) do not matter.
    #[derive(Debug)]
    pub struct AesCcmMessage<'a> {
        /// The nonce, 7 to 13 bytes; the token writes what it made.
        pub nonce: &'a mut [u8],
        /// The MAC: 4, 6, 8, 10, 12, 14 or 16 bytes; the token writes it on encryption.
        pub mac: &'a mut [u8],
        /// The length of the plaintext in bytes; 0 for wrapping and unwrapping.
        pub data_length: usize,
    }
    with {
        /// Who makes the nonce, and how; if nothing else is said the token, at random.
        ///
        /// A count begins at zero with each use of the key, so it needs
        /// [`fixed_bits`](Self::fixed_bits) that differ; with `CKG_GENERATE` too, for the way is
        /// the module's and one counts.
        pub generator: Generator = Generator::GENERATE_RANDOM,
        /// How many bits at the nonce's start are the caller's.
        pub fixed_bits: usize = 0,
    }
    |_m| MechanismType::AES_CCM
}

macro_rules! with_poly1305 {
    ($cipher:literal, $name:ident, $message:ident, $number:ident, $nonce:literal) => {
        typed! {
            #[doc = concat!(
                $cipher, " with Poly1305: encryption that also authenticates (`CKM_",
                stringify!($number), "`, PKCS#11 §6.61)."
            )]
            ///
            /// The ciphertext ends with the tag of 16 bytes; the nonce is not in it. Never use
            /// one nonce twice with one key.
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            pub struct $name<'a> {
                #[doc = concat!("The nonce: ", $nonce, ".")]
                pub nonce: &'a [u8],
            }
            with {
                /// Data that is authenticated and not encrypted.
                pub aad: &'a [u8] = &[],
            }
            |_m| MechanismType::$number
        }

        typed! {
            #[doc = concat!(
                $cipher, " with Poly1305 for one message, with the tag apart (`CKM_",
                stringify!($number),
                "` with `CK_SALSA20_CHACHA20_POLY1305_MSG_PARAMS`, PKCS#11 §6.61)."
            )]
            ///
            /// The token writes the tag on encryption, and reads it on decryption.
            #[derive(Debug)]
            pub struct $message<'a> {
                #[doc = concat!("The nonce: ", $nonce, ".")]
                pub nonce: &'a [u8],
                /// The tag.
                pub tag: &'a mut [u8; 16],
            }
            |_m| MechanismType::$number
        }
    };
}

with_poly1305!(
    "ChaCha20",
    ChaCha20Poly1305,
    ChaCha20Poly1305Message,
    CHACHA20_POLY1305,
    "12 bytes (RFC 8439), 8 in the original, 24 for XChaCha20"
);
with_poly1305!(
    "Salsa20",
    Salsa20Poly1305,
    Salsa20Poly1305Message,
    SALSA20_POLY1305,
    "8 bytes, 24 for XSalsa20"
);
