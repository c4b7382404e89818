//! Key derivation from a key: HKDF and NIST SP 800-108.

use super::derived::NewKey;
use super::typed::typed;
use super::{Context, IntoMechanism, Mechanism};
use crate::hash::Hash;
use crate::{MechanismType, Result, SecretKey, Template};

/// The salt of [`Hkdf`].
#[derive(Clone, Copy, Debug, Default)]
pub enum HkdfSalt<'a> {
    /// None: zeros, as many as the digest has bytes.
    #[default]
    None,
    /// These bytes.
    Data(&'a [u8]),
    /// The value of a key on the token.
    Key(&'a SecretKey),
}

typed! {
    /// HKDF (`CKM_HKDF_DERIVE`, `CKM_HKDF_DATA`, PKCS#11 §6.62.3, RFC 5869).
    ///
    /// Extracts and expands, unless one of the two is turned off.
    #[derive(Clone, Copy, Debug)]
    pub struct Hkdf<'a> {
        /// The hash function.
        pub hash: Hash,
    }
    with {
        /// Whether the extract step is made.
        pub extract: bool = true,
        /// Whether the expand step is made.
        pub expand: bool = true,
        /// The salt of the extract step.
        pub salt: HkdfSalt<'a> = HkdfSalt::None,
        /// The context of the expand step.
        pub info: &'a [u8] = &[],
        /// Whether the result is a data object (`CKM_HKDF_DATA`) instead of a key.
        pub data: bool = false,
    }
    |m| if m.data { MechanismType::HKDF_DATA } else { MechanismType::HKDF_DERIVE }
}

/// How [`Sp800108`] chains its blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sp800108Mode<'a> {
    /// Each block from a counter (`CKM_SP800_108_COUNTER_KDF`, NIST SP 800-108 §4.1).
    Counter,
    /// Each block from the one before (`CKM_SP800_108_FEEDBACK_KDF`, §4.2).
    Feedback {
        /// What stands for the block before the first; may be empty.
        iv: &'a [u8],
    },
    /// Two rounds for each block (`CKM_SP800_108_DOUBLE_PIPELINE_KDF`, §4.3).
    DoublePipeline,
}

/// How a number stands in the input of the pseudo-random function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberFormat {
    /// Its width in bits: 8, 16, 24, … 64.
    pub bits: usize,
    /// Whether the least significant byte comes first.
    pub little_endian: bool,
}

impl NumberFormat {
    /// Big-endian in this many bits.
    #[must_use]
    pub const fn big_endian(bits: usize) -> Self {
        Self { bits, little_endian: false }
    }
}

/// What the length in the input of the pseudo-random function counts
/// (`CK_SP800_108_DKM_LENGTH_METHOD`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LengthMethod {
    /// The bits of all keys.
    SumOfKeys,
    /// The bits of all blocks that the pseudo-random function gives.
    SumOfSegments,
}

/// One piece of the input of the pseudo-random function (`CK_PRF_DATA_PARAM`).
#[derive(Clone, Copy, Debug)]
pub enum PrfData<'a> {
    /// The iteration variable, in the feedback and double-pipeline modes, which need it once.
    Iteration,
    /// The counter: once in counter mode, where it is the iteration variable; at most once in
    /// the others.
    Counter(NumberFormat),
    /// The length of what is derived, in bits; at most once.
    Length(LengthMethod, NumberFormat),
    /// A label, a context, a separator: not empty.
    Bytes(&'a [u8]),
    /// The value of a key on the token (PKCS#11 3.2).
    Key(&'a SecretKey),
}

/// Key derivation by NIST SP 800-108 (`CKM_SP800_108_COUNTER_KDF` and its kin, PKCS#11 §6.42).
#[derive(Debug)]
pub struct Sp800108<'a, 't> {
    /// How the blocks are chained.
    pub mode: Sp800108Mode<'a>,
    /// The pseudo-random function: an HMAC, or the CMAC of AES or triple DES.
    pub prf: MechanismType,
    /// Its input, in order.
    pub data: &'a [PrfData<'a>],
    /// The templates of further keys.
    pub templates: &'a [Template<'t>],
    /// The further keys, one for each template.
    pub keys: &'a mut [NewKey],
}

impl<'a, 't> Sp800108<'a, 't> {
    /// With this mode, pseudo-random function and input, and no further keys.
    #[must_use]
    pub const fn new(mode: Sp800108Mode<'a>, prf: MechanismType, data: &'a [PrfData<'a>]) -> Self {
        Self { mode, prf, data, templates: &[], keys: &mut [] }
    }

    /// With further keys: one for each template, in their order, after the operation's own.
    #[must_use]
    pub fn further_keys(mut self, templates: &'a [Template<'t>], keys: &'a mut [NewKey]) -> Self {
        self.templates = templates;
        self.keys = keys;
        self
    }
}

impl<'a> IntoMechanism<'a> for Sp800108<'a, '_> {
    fn into_mechanism(self, context: &Context<'_>) -> Result<Mechanism<'a>> {
        let number = match self.mode {
            Sp800108Mode::Counter => MechanismType::SP800_108_COUNTER_KDF,
            Sp800108Mode::Feedback { .. } => MechanismType::SP800_108_FEEDBACK_KDF,
            Sp800108Mode::DoublePipeline => MechanismType::SP800_108_DOUBLE_PIPELINE_KDF,
        };
        Mechanism::typed(number, self, context)
    }
}
