//! Keys from passwords.

use super::derived::secret;
use super::typed::typed;
use crate::MechanismType;

/// The pseudo-random function of [`Pbkdf2`]: HMAC with this hash
/// (`CK_PKCS5_PBKD2_PSEUDO_RANDOM_FUNCTION_TYPE`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pbkdf2Prf<'a> {
    /// SHA-1.
    Sha1,
    /// GOST R 34.11-94.
    GostR3411 {
        /// The parameters as the DER of their OID; empty for those of RFC 4357 §11.2.
        oid: &'a [u8],
    },
    /// SHA-224.
    Sha224,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
    /// SHA-512/224.
    Sha512_224,
    /// SHA-512/256.
    Sha512_256,
}

typed! {
    /// PBKDF2: generates a key from a password (`CKM_PKCS5_PBKD2`, PKCS#11 §6.37, RFC 8018 §5.2).
    ///
    /// Packed as `CK_PKCS5_PBKD2_PARAMS2`, or in the form of before the errata of 2.40 for a token
    /// with [`Quirks::old_pbkd2`](crate::Quirks::old_pbkd2).
    #[derive(Clone, Copy)]
    pub struct Pbkdf2<'a> {
        /// The pseudo-random function.
        pub prf: Pbkdf2Prf<'a>,
        /// The password, usually in UTF-8.
        pub password: &'a [u8],
        /// The salt.
        pub salt: &'a [u8],
        /// How often the function is iterated; at least once.
        pub iterations: usize,
    }
    |_m| MechanismType::PKCS5_PBKD2
}

/// What [`Pbe`] generates, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PbeScheme {
    /// A three-key triple DES key and an initialisation vector, by SHA-1 (PKCS#12).
    Sha1Des3,
    /// A two-key triple DES key and an initialisation vector, by SHA-1 (PKCS#12).
    Sha1Des2,
    /// A generic secret of 160 bits for an HMAC with SHA-1 (PKCS#12).
    Sha1Hmac,
    /// A DES key and an initialisation vector, by MD2 (PKCS#5).
    Md2Des,
    /// A DES key and an initialisation vector, by MD5 (PKCS#5).
    Md5Des,
    /// A CAST key and an initialisation vector, by MD5.
    Md5Cast,
    /// A CAST3 key and an initialisation vector, by MD5.
    Md5Cast3,
    /// A CAST128 key and an initialisation vector, by MD5.
    Md5Cast128,
    /// A CAST128 key and an initialisation vector, by SHA-1.
    Sha1Cast128,
    /// An RC4 key of 128 bits, by SHA-1 (PKCS#12).
    Sha1Rc4128,
    /// An RC4 key of 40 bits, by SHA-1 (PKCS#12).
    Sha1Rc440,
    /// An RC2 key of 128 bits and an initialisation vector, by SHA-1 (PKCS#12).
    Sha1Rc2128,
    /// An RC2 key of 40 bits and an initialisation vector, by SHA-1 (PKCS#12).
    Sha1Rc240,
}

impl PbeScheme {
    const fn number(self) -> MechanismType {
        match self {
            Self::Sha1Des3 => MechanismType::PBE_SHA1_DES3_EDE_CBC,
            Self::Sha1Des2 => MechanismType::PBE_SHA1_DES2_EDE_CBC,
            Self::Sha1Hmac => MechanismType::PBA_SHA1_WITH_SHA1_HMAC,
            Self::Md2Des => MechanismType::PBE_MD2_DES_CBC,
            Self::Md5Des => MechanismType::PBE_MD5_DES_CBC,
            Self::Md5Cast => MechanismType::PBE_MD5_CAST_CBC,
            Self::Md5Cast3 => MechanismType::PBE_MD5_CAST3_CBC,
            Self::Md5Cast128 => MechanismType::PBE_MD5_CAST128_CBC,
            Self::Sha1Cast128 => MechanismType::PBE_SHA1_CAST128_CBC,
            Self::Sha1Rc4128 => MechanismType::PBE_SHA1_RC4_128,
            Self::Sha1Rc440 => MechanismType::PBE_SHA1_RC4_40,
            Self::Sha1Rc2128 => MechanismType::PBE_SHA1_RC2_128_CBC,
            Self::Sha1Rc240 => MechanismType::PBE_SHA1_RC2_40_CBC,
        }
    }

    pub(crate) const fn has_iv(self) -> bool {
        !matches!(self, Self::Sha1Hmac | Self::Sha1Rc4128 | Self::Sha1Rc440)
    }
}

typed! {
    /// Password-based encryption by PKCS#5 and PKCS#12: generates a key, and for most ciphers an
    /// initialisation vector (`CKM_PBE_SHA1_DES3_EDE_CBC` and its kin, PKCS#11 §6.38).
    pub struct Pbe<'a> {
        /// What is generated.
        pub scheme: PbeScheme,
        /// The password.
        pub password: &'a [u8],
        /// The salt.
        pub salt: &'a [u8],
        /// How often the hash function is iterated; at least once.
        pub iterations: usize,
    }
    with {
        /// Where the module writes the initialisation vector, if the cipher has one.
        pub iv: Option<&'a mut [u8; 8]> = None,
    }
    |m| m.scheme.number()
}

secret!(Pbkdf2, Pbe);
