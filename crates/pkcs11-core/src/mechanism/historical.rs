//! The historical mechanisms, for tokens that still have them.

use super::derived::secret;
use super::typed::{packed, typed};
use crate::MechanismType;

/// One of the block ciphers with blocks of 8 bytes that the standard tells together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OldCipher {
    /// Single DES.
    Des,
    /// CAST.
    Cast,
    /// CAST3.
    Cast3,
    /// CAST128.
    Cast128,
    /// IDEA.
    Idea,
    /// CDMF.
    Cdmf,
}

typed! {
    /// An old block cipher in CBC mode (`CKM_DES_CBC_PAD` and its kin).
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct OldCbc<'a> {
        /// The cipher.
        pub cipher: OldCipher,
        /// The initialisation vector.
        pub iv: &'a [u8; 8],
    }
    with {
        /// Whether the data is padded (PKCS#7); else it is whole blocks of 8 bytes.
        pub pad: bool = true,
    }
    |m| match (m.cipher, m.pad) {
        (OldCipher::Des, true) => MechanismType::DES_CBC_PAD,
        (OldCipher::Des, false) => MechanismType::DES_CBC,
        (OldCipher::Cast, true) => MechanismType::CAST_CBC_PAD,
        (OldCipher::Cast, false) => MechanismType::CAST_CBC,
        (OldCipher::Cast3, true) => MechanismType::CAST3_CBC_PAD,
        (OldCipher::Cast3, false) => MechanismType::CAST3_CBC,
        (OldCipher::Cast128, true) => MechanismType::CAST128_CBC_PAD,
        (OldCipher::Cast128, false) => MechanismType::CAST128_CBC,
        (OldCipher::Idea, true) => MechanismType::IDEA_CBC_PAD,
        (OldCipher::Idea, false) => MechanismType::IDEA_CBC,
        (OldCipher::Cdmf, true) => MechanismType::CDMF_CBC_PAD,
        (OldCipher::Cdmf, false) => MechanismType::CDMF_CBC,
    }
}

/// What [`OldMac`] is made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OldMacKind {
    /// A block cipher: at most 8 bytes.
    Cipher(OldCipher),
    /// HMAC with MD2: at most 16 bytes.
    Md2,
    /// HMAC with MD5: at most 16 bytes.
    Md5,
    /// HMAC with RIPEMD-128: at most 16 bytes.
    RipeMd128,
    /// HMAC with RIPEMD-160: at most 20 bytes.
    RipeMd160,
}

impl OldMacKind {
    pub(crate) const fn number(self) -> MechanismType {
        match self {
            Self::Cipher(OldCipher::Des) => MechanismType::DES_MAC_GENERAL,
            Self::Cipher(OldCipher::Cast) => MechanismType::CAST_MAC_GENERAL,
            Self::Cipher(OldCipher::Cast3) => MechanismType::CAST3_MAC_GENERAL,
            Self::Cipher(OldCipher::Cast128) => MechanismType::CAST128_MAC_GENERAL,
            Self::Cipher(OldCipher::Idea) => MechanismType::IDEA_MAC_GENERAL,
            Self::Cipher(OldCipher::Cdmf) => MechanismType::CDMF_MAC_GENERAL,
            Self::Md2 => MechanismType::MD2_HMAC_GENERAL,
            Self::Md5 => MechanismType::MD5_HMAC_GENERAL,
            Self::RipeMd128 => MechanismType::RIPEMD128_HMAC_GENERAL,
            Self::RipeMd160 => MechanismType::RIPEMD160_HMAC_GENERAL,
        }
    }
}

typed! {
    /// An old MAC of a chosen length (`CKM_DES_MAC_GENERAL`, `CKM_MD5_HMAC_GENERAL` and their
    /// kin).
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct OldMac {
        /// What it is made with.
        pub kind: OldMacKind,
        /// Its length in bytes.
        pub length: usize,
    }
    |m| m.kind.number()
}

/// What [`Rc2`] does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rc2Mode {
    /// ECB.
    Ecb,
    /// CBC on whole blocks of 8 bytes, with this initialisation vector.
    Cbc([u8; 8]),
    /// CBC with PKCS#7 padding, with this initialisation vector.
    CbcPad([u8; 8]),
    /// A MAC of 4 bytes.
    Mac,
    /// A MAC of this many bytes, 1 to 8.
    MacGeneral(usize),
}

typed! {
    /// RC2 (`CKM_RC2_CBC_PAD` and its kin, RFC 2268).
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Rc2 {
        /// What it does.
        pub mode: Rc2Mode,
        /// The effective number of bits in the search space, 1 to 1024.
        pub effective_bits: usize,
    }
    |m| match m.mode {
        Rc2Mode::Ecb => MechanismType::RC2_ECB,
        Rc2Mode::Cbc(_) => MechanismType::RC2_CBC,
        Rc2Mode::CbcPad(_) => MechanismType::RC2_CBC_PAD,
        Rc2Mode::Mac => MechanismType::RC2_MAC,
        Rc2Mode::MacGeneral(_) => MechanismType::RC2_MAC_GENERAL,
    }
}

/// What [`Rc5`] does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rc5Mode<'a> {
    /// ECB.
    Ecb,
    /// CBC on whole blocks, with this initialisation vector of one block.
    Cbc(&'a [u8]),
    /// CBC with PKCS#7 padding, with this initialisation vector of one block.
    CbcPad(&'a [u8]),
    /// A MAC as long as a word.
    Mac,
    /// A MAC of this many bytes, at most a block.
    MacGeneral(usize),
}

typed! {
    /// RC5 (`CKM_RC5_CBC_PAD` and its kin, RFC 2040); a block is two words.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Rc5<'a> {
        /// What it does.
        pub mode: Rc5Mode<'a>,
        /// The length of a word in bytes.
        pub word: usize,
        /// The number of rounds.
        pub rounds: usize,
    }
    |m| match m.mode {
        Rc5Mode::Ecb => MechanismType::RC5_ECB,
        Rc5Mode::Cbc(_) => MechanismType::RC5_CBC,
        Rc5Mode::CbcPad(_) => MechanismType::RC5_CBC_PAD,
        Rc5Mode::Mac => MechanismType::RC5_MAC,
        Rc5Mode::MacGeneral(_) => MechanismType::RC5_MAC_GENERAL,
    }
}

/// KEA: key agreement with random numbers of both sides (`CKM_KEA_DERIVE`).
///
/// With `random_b` 0 the module only makes its own random number and no key; with 1 it derives
/// in e-mail mode, else in full mode.
#[derive(Debug)]
pub struct Kea<'a> {
    /// Whether the key is made by the sender.
    pub sender: bool,
    /// The sender's random number, big-endian; written for the sender.
    pub random_a: &'a mut [u8],
    /// The recipient's random number, big-endian, of the same length; written for the recipient
    /// where it is 0.
    pub random_b: &'a mut [u8],
    /// The other party's public value, big-endian.
    pub public_value: &'a [u8],
    /// Whether the number is the older one, `CKM_KEA_KEY_DERIVE`.
    pub older: bool,
}

packed!(Kea<'a>, |m| if m.older {
    MechanismType::KEA_KEY_DERIVE
} else {
    MechanismType::KEA_DERIVE
});

/// Wraps private keys with SKIPJACK (`CKM_SKIPJACK_PRIVATE_WRAP`).
#[derive(Clone, Copy)]
pub struct SkipjackPrivateWrap<'a> {
    /// The user's password.
    pub password: &'a [u8],
    /// The other party's public value.
    pub public_value: &'a [u8],
    /// The random number Ra.
    pub random_a: &'a [u8],
    /// The prime p.
    pub prime: &'a [u8],
    /// The base g, as long as the prime.
    pub base: &'a [u8],
    /// The subprime q.
    pub subprime: &'a [u8],
}

packed!(SkipjackPrivateWrap<'a>, |_m| MechanismType::SKIPJACK_PRIVATE_WRAP);

/// One side of [`SkipjackRelayx`].
#[derive(Clone, Copy)]
pub struct Relayx<'a> {
    /// The user's password.
    pub password: &'a [u8],
    /// The public value.
    pub public_value: &'a [u8],
    /// The random number Ra.
    pub random_a: &'a [u8],
}

typed! {
    /// Changes the wrapping of a private key that SKIPJACK wrapped (`CKM_SKIPJACK_RELAYX`).
    #[derive(Clone, Copy)]
    pub struct SkipjackRelayx<'a> {
        /// The wrapped key.
        pub wrapped: &'a [u8],
        /// How it is wrapped.
        pub old: Relayx<'a>,
        /// How it shall be wrapped.
        pub new_wrapping: Relayx<'a>,
    }
    |_m| MechanismType::SKIPJACK_RELAYX
}

/// A cipher of [`Fortezza`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it: cipher, mode, bits")]
#[non_exhaustive]
pub enum FortezzaCipher {
    BatonEcb128,
    BatonEcb96,
    BatonCbc128,
    BatonCounter,
    BatonShuffle,
    JuniperEcb128,
    JuniperCbc128,
    JuniperCounter,
    JuniperShuffle,
    SkipjackEcb64,
    SkipjackCbc64,
    SkipjackOfb64,
    SkipjackCfb64,
    SkipjackCfb32,
    SkipjackCfb16,
    SkipjackCfb8,
}

typed! {
    /// BATON, JUNIPER and SKIPJACK, whose initialisation vector the token makes.
    #[derive(Debug)]
    pub struct Fortezza<'a> {
        /// The cipher and its mode.
        pub cipher: FortezzaCipher,
        /// The initialisation vector: written by the module when it encrypts, given when it
        /// decrypts.
        pub iv: &'a mut [u8; 24],
    }
    |m| match m.cipher {
        FortezzaCipher::BatonEcb128 => MechanismType::BATON_ECB128,
        FortezzaCipher::BatonEcb96 => MechanismType::BATON_ECB96,
        FortezzaCipher::BatonCbc128 => MechanismType::BATON_CBC128,
        FortezzaCipher::BatonCounter => MechanismType::BATON_COUNTER,
        FortezzaCipher::BatonShuffle => MechanismType::BATON_SHUFFLE,
        FortezzaCipher::JuniperEcb128 => MechanismType::JUNIPER_ECB128,
        FortezzaCipher::JuniperCbc128 => MechanismType::JUNIPER_CBC128,
        FortezzaCipher::JuniperCounter => MechanismType::JUNIPER_COUNTER,
        FortezzaCipher::JuniperShuffle => MechanismType::JUNIPER_SHUFFLE,
        FortezzaCipher::SkipjackEcb64 => MechanismType::SKIPJACK_ECB64,
        FortezzaCipher::SkipjackCbc64 => MechanismType::SKIPJACK_CBC64,
        FortezzaCipher::SkipjackOfb64 => MechanismType::SKIPJACK_OFB64,
        FortezzaCipher::SkipjackCfb64 => MechanismType::SKIPJACK_CFB64,
        FortezzaCipher::SkipjackCfb32 => MechanismType::SKIPJACK_CFB32,
        FortezzaCipher::SkipjackCfb16 => MechanismType::SKIPJACK_CFB16,
        FortezzaCipher::SkipjackCfb8 => MechanismType::SKIPJACK_CFB8,
    }
}

secret!(SkipjackPrivateWrap, Relayx, SkipjackRelayx);
