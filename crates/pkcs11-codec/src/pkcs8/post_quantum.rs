//! Private keys of ML-DSA, ML-KEM and SLH-DSA.

use alloc::vec::Vec;
use core::fmt;

use rasn::{AsnType, Encode};
use zeroize::Zeroizing;

use crate::{
    Error, ErrorKind, der,
    parameter_set::ParameterSet,
    tlv::{Reader, Tag},
};

const SEED: Tag = Tag::context(0);

/// What is kept of a private key: RFC 9881 §6 and RFC 9935 §6 have the choice, RFC 9909 §7
/// has the expanded key alone, and as it is.
///
/// There is no `Clone`, and `Debug` shows which of them there is.
pub enum PostQuantumPrivateKey<'a> {
    /// The seed, from which the key is made: ξ of FIPS 204, d‖z of FIPS 203, `CKA_SEED`.
    Seed(&'a [u8]),
    /// The key as the algorithm uses it, `CKA_VALUE`.
    Expanded(&'a [u8]),
    /// Both. Whether the key is the one of the seed is not checked here.
    Both {
        /// `CKA_SEED`.
        seed: &'a [u8],
        /// `CKA_VALUE`.
        expanded: &'a [u8],
    },
}

impl<'a> PostQuantumPrivateKey<'a> {
    /// `CKA_SEED`, if it is kept.
    #[must_use]
    pub const fn seed(&self) -> Option<&'a [u8]> {
        match self {
            Self::Seed(seed) | Self::Both { seed, .. } => Some(seed),
            Self::Expanded(_) => None,
        }
    }

    /// `CKA_VALUE`, if it is kept.
    #[must_use]
    pub const fn expanded(&self) -> Option<&'a [u8]> {
        match self {
            Self::Expanded(expanded) | Self::Both { expanded, .. } => Some(expanded),
            Self::Seed(_) => None,
        }
    }

    /// Reads the OCTET STRING of PKCS#8.
    pub(super) fn read(set: ParameterSet, info: &mut Reader<'a>) -> Result<Self, Error> {
        let position = info.position();
        if set.seed_bytes().is_none() {
            let key = Self::Expanded(info.octet_string()?);
            key.check(set).map_err(|error| Error::at(position, error.kind()))?;
            return Ok(key);
        }
        info.nested_octet_string(|choice| {
            let position = choice.position();
            let key = match choice.peek() {
                Some(SEED) => Self::Seed(choice.element(SEED)?.value()),
                Some(Tag::SEQUENCE) => choice.sequence(|both| {
                    let (seed, expanded) = (both.octet_string()?, both.octet_string()?);
                    Ok(Self::Both { seed, expanded })
                })?,
                _ => Self::Expanded(choice.octet_string()?),
            };
            key.check(set).map_err(|error| Error::at(position, error.kind()))?;
            Ok(key)
        })
    }

    /// What is in the OCTET STRING of PKCS#8.
    pub(super) fn encode(&self, set: ParameterSet) -> Result<Zeroizing<Vec<u8>>, Error> {
        /// Three tags with their lengths.
        const OVERHEAD: usize = 24;
        self.check(set).map_err(Error::of_argument)?;
        let parts = [self.seed(), self.expanded()];
        let capacity =
            parts.iter().flatten().fold(OVERHEAD, |sum, part| sum.saturating_add(part.len()));
        match self {
            Self::Expanded(expanded) if set.seed_bytes().is_none() => {
                Ok(Zeroizing::new(Vec::from(*expanded)))
            }
            Self::Expanded(expanded) => {
                der::encode_secret(&der::OctetString::octets(expanded), capacity)
            }
            Self::Seed(seed) => {
                der::encode_secret(&SeedSchema(der::OctetString::octets(seed)), capacity)
            }
            Self::Both { seed, expanded } => {
                let seed = der::OctetString::octets(seed);
                let expanded_key = der::OctetString::octets(expanded);
                der::encode_secret(&BothSchema { seed, expanded_key }, capacity)
            }
        }
    }

    /// Checks the sizes.
    pub(crate) fn check(&self, set: ParameterSet) -> Result<(), Error> {
        let sizes =
            [(set.seed_bytes(), self.seed()), (Some(set.private_key_bytes()), self.expanded())];
        for (expected, part) in sizes {
            // A set without a seed has seeds of no bytes, and no key has that one.
            let expected = expected.unwrap_or(0);
            match part.map(<[u8]>::len) {
                Some(found) if found != expected => {
                    return Err(Error::at(0, ErrorKind::WrongLength { expected, found }));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Shows which of them there is.
impl fmt::Debug for PostQuantumPrivateKey<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Seed(_) => "Seed(..)",
            Self::Expanded(_) => "Expanded(..)",
            Self::Both { .. } => "Both { .. }",
        })
    }
}

/// RFC 9881 §6, for each parameter set with its sizes; RFC 9935 §6 likewise:
///
/// ```text
/// ML-DSA-44-PrivateKey ::= CHOICE {
///     seed         [0] OCTET STRING (SIZE (32)),
///     expandedKey      OCTET STRING (SIZE (2560)),
///     both             SEQUENCE {
///         seed             OCTET STRING (SIZE (32)),
///         expandedKey      OCTET STRING (SIZE (2560))
///     }
/// }
/// ```
#[derive(AsnType, Encode)]
struct BothSchema<'a> {
    seed: der::OctetString<'a>,
    expanded_key: der::OctetString<'a>,
}

/// The first choice; the tag is implicit.
#[derive(AsnType, Encode)]
#[rasn(delegate, tag(context, 0))]
struct SeedSchema<'a>(der::OctetString<'a>);
