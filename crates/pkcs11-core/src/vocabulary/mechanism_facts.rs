//! What a row of the mechanism table tells beside name and number.

use super::{KeyType, MechanismFlags, Parameter};

/// How long the output of a mechanism is, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Output {
    /// It depends: on a parameter set, on padding, on the template of a key.
    Any,
    /// As long as the input.
    Same,
    /// Always this long: a digest.
    Digest(usize),
    /// Always this long: a message authentication code.
    Mac(usize),
    /// A message authentication code as long as the parameter says.
    General,
    /// As long as the modulus of the RSA key.
    Modulus,
    /// Twice as long as the order of the key's group.
    TwiceOrder,
}

/// The facts of one row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts {
    /// The file of the standard's text, where the rest of the row is read from.
    pub(crate) section: &'static str,
    /// What it serves, a bit for each column of the standard's table.
    pub(crate) serves: u16,
    pub(crate) parameters: &'static [Parameter],
    pub(crate) output: Output,
    pub(crate) keys: &'static [KeyType],
    /// Whether it is for secret keys, whether for keys of pairs, as far as the types of keys tell.
    pub(crate) for_secret_keys: bool,
    pub(crate) for_pairs: bool,
    pub(crate) historical: bool,
    /// Of a MAC as long as the parameter says, the most bytes, where they do not depend on the
    /// parameter.
    pub(crate) longest: Option<usize>,
}

impl Facts {
    /// The same, for a MAC of at most this many bytes: a digest or a block of the cipher.
    pub(super) const fn longest(mut self, bytes: usize) -> Self {
        self.longest = Some(bytes);
        self
    }
}

/// A mechanism of the standard.
pub(super) const fn row(
    section: &'static str,
    serves: u16,
    parameters: &'static [Parameter],
    output: Output,
    keys: &'static [KeyType],
) -> Facts {
    Facts {
        section,
        serves,
        parameters,
        output,
        keys,
        for_secret_keys: may_be(keys, false),
        for_pairs: may_be(keys, true),
        historical: false,
        longest: None,
    }
}

/// Whether one of the types comes in pairs, or does not; any may, where none is named.
const fn may_be(mut keys: &[KeyType], of_pairs: bool) -> bool {
    if keys.is_empty() {
        return true;
    }
    while let [first, rest @ ..] = keys {
        if first.is_of_pairs() == of_pairs {
            return true;
        }
        keys = rest;
    }
    false
}

/// A mechanism that has moved to the standard's document of historical ones.
pub(super) const fn hist(
    section: &'static str,
    serves: u16,
    parameters: &'static [Parameter],
    output: Output,
    keys: &'static [KeyType],
) -> Facts {
    Facts { historical: true, ..row(section, serves, parameters, output, keys) }
}

/// The facts of a number that the standard does not name.
pub(super) const UNKNOWN: Facts = row("", 0, &[], Output::Any, NONE);

/// Encrypts and decrypts.
pub(super) const ED: u16 = 1;
/// Signs and verifies.
pub(super) const SV: u16 = 1 << 1;
/// Signs and verifies with recovery of the data.
pub(super) const SR: u16 = 1 << 2;
/// Digests.
pub(super) const DG: u16 = 1 << 3;
/// Generates keys or domain parameters.
pub(super) const GK: u16 = 1 << 4;
/// Generates key pairs.
pub(super) const GP: u16 = 1 << 5;
/// Wraps and unwraps.
pub(super) const WU: u16 = 1 << 6;
/// Derives.
pub(super) const DV: u16 = 1 << 7;
/// Encapsulates and decapsulates.
pub(super) const EN: u16 = 1 << 8;

const SERVES: [(u16, MechanismFlags); 9] = [
    (ED, MechanismFlags::ENCRYPT.union(MechanismFlags::DECRYPT)),
    (SV, MechanismFlags::SIGN.union(MechanismFlags::VERIFY)),
    (SR, MechanismFlags::SIGN_RECOVER.union(MechanismFlags::VERIFY_RECOVER)),
    (DG, MechanismFlags::DIGEST),
    (GK, MechanismFlags::GENERATE),
    (GP, MechanismFlags::GENERATE_KEY_PAIR),
    (WU, MechanismFlags::WRAP.union(MechanismFlags::UNWRAP)),
    (DV, MechanismFlags::DERIVE),
    (EN, MechanismFlags::ENCAPSULATE.union(MechanismFlags::DECAPSULATE)),
];

impl Facts {
    /// Whether it takes no parameter, or need not have one.
    #[inline]
    pub(crate) fn needs_no_parameter(&self) -> bool {
        self.parameters.is_empty() || self.parameters.contains(&Parameter::Nothing)
    }

    /// What the mechanism serves, as the flags of `CK_MECHANISM_INFO`.
    pub(crate) fn flags(&self) -> MechanismFlags {
        let served = SERVES.iter().filter(|(bit, _)| self.serves & bit != 0);
        served.fold(MechanismFlags::empty(), |flags, (_, served)| flags | *served)
    }
}

/// No key: a digest, or a key whose type the template says.
pub(super) const NONE: &[KeyType] = &[];
/// A secret key of any type.
pub(super) const ANY: &[KeyType] = &[];
/// A private key of any type.
pub(super) const ASYMMETRIC: &[KeyType] = &[
    KeyType::RSA,
    KeyType::DSA,
    KeyType::DH,
    KeyType::X9_42_DH,
    KeyType::EC,
    KeyType::EC_EDWARDS,
    KeyType::EC_MONTGOMERY,
    KeyType::GOSTR3410,
    KeyType::HSS,
    KeyType::XMSS,
    KeyType::XMSSMT,
    KeyType::ML_DSA,
    KeyType::ML_KEM,
    KeyType::SLH_DSA,
];
