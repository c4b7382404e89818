//! Domain parameters of DSA.

use std::fmt;

use super::*;
use crate::Error;
use crate::hash::Hash;
use crate::mechanism::{DsaBase, DsaPrimes};

fn hash(hash: Hash) -> Result<CK_MECHANISM_TYPE> {
    use Hash::{Sha1, Sha224, Sha256, Sha384, Sha512};
    match hash {
        Sha1 | Sha224 | Sha256 | Sha384 | Sha512 => Ok(hash.mechanism().number()),
        _ => Err(Error::invalid("domain parameters of DSA are made with SHA-1 or SHA-2")),
    }
}

fn seed(length: usize) -> Result<()> {
    if length == 0 { Err(Error::invalid("the seed of DSA is empty")) } else { Ok(()) }
}

/// The seed of the primes of DSA, as the module gives it
/// (`CK_DSA_PARAMETER_GEN_PARAM`, PKCS#11 §6.2.1).
pub struct DsaSeed {
    /// Its pointer is set anew for each use, and only the module follows it.
    parameter: CK_DSA_PARAMETER_GEN_PARAM,
    bytes: Vec<u8>,
}

// SAFETY: the pointer inside is never followed from here, and what it leads to is in the vector
// beside it, which may go to another thread.
unsafe impl Send for DsaSeed {}
// SAFETY: through a shared reference nothing of it changes.
unsafe impl Sync for DsaSeed {}

impl DsaSeed {
    /// A place for a seed of this many bytes: at least as many as the subprime has.
    #[must_use]
    pub fn with_length(bytes: usize) -> Self {
        let parameter = CK_DSA_PARAMETER_GEN_PARAM {
            hash: 0,
            pSeed: std::ptr::null_mut(),
            ulSeedLen: 0,
            ulIndex: 0,
        };
        Self { parameter, bytes: vec![0; bytes] }
    }

    /// The seed that the module made; nothing before the call, or where it claims to have written
    /// more than there is room for.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        let length = usize::try_from(self.parameter.ulSeedLen).ok();
        length.and_then(|length| self.bytes.get(..length)).unwrap_or(&[])
    }
}

impl fmt::Debug for DsaSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DsaSeed").field(&self.bytes()).finish()
    }
}

impl<'a> Pack<'a> for DsaPrimes<'a> {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        let DsaSeed { parameter, bytes } = self.seed;
        seed(bytes.len())?;
        let (place, length) = bytes_mut(bytes)?;
        let value = CK_DSA_PARAMETER_GEN_PARAM {
            hash: hash(self.hash)?,
            pSeed: place,
            ulSeedLen: length,
            ulIndex: 0,
        };
        Ok(Packed::in_place(Struct::DsaParameterGen, value, parameter))
    }
}

impl<'a> Pack<'a> for DsaBase<'a> {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        seed(self.seed.len())?;
        let (place, length) = bytes(self.seed)?;
        Ok(Packed::new(Struct::DsaParameterGen(CK_DSA_PARAMETER_GEN_PARAM {
            hash: hash(self.hash)?,
            pSeed: place,
            ulSeedLen: length,
            ulIndex: self.index.into(),
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mechanism::DsaPrimeMethod;
    use crate::raw::parameter::read_back::{behind, packed, refused, write};

    #[test]
    fn primes() {
        let mut seed = DsaSeed::with_length(32);
        assert_eq!(seed.bytes(), []);
        let packed = packed(DsaPrimes::new(DsaPrimeMethod::Provable, Hash::Sha256, &mut seed));
        for _ in 0..2 {
            // The second call finds what the first has found.
            let found: CK_DSA_PARAMETER_GEN_PARAM = packed.read();
            assert_eq!({ found.hash }, CKM_SHA256);
            assert_eq!(({ found.ulSeedLen }, { found.ulIndex }), (32, 0));
            write(found.pSeed, &[5; 28]);
            packed.answer(CK_DSA_PARAMETER_GEN_PARAM { ulSeedLen: 28, ..found });
        }
        drop(packed);
        assert_eq!(seed.bytes(), [5; 28]);
        assert!(format!("{seed:?}").starts_with("DsaSeed([5, "));
        refused(DsaPrimes::new(DsaPrimeMethod::Probable, Hash::Sha3_256, &mut seed));
        let mut empty = DsaSeed::with_length(0);
        refused(DsaPrimes::new(DsaPrimeMethod::Probable, Hash::Sha256, &mut empty));
    }

    #[test]
    fn a_seed_longer_than_its_place_is_not_believed() {
        for (claimed, believed) in [(32, 32), (33, 0), (CK_ULONG::MAX, 0)] {
            let mut seed = DsaSeed::with_length(32);
            let packed = packed(DsaPrimes::new(DsaPrimeMethod::Probable, Hash::Sha1, &mut seed));
            let found: CK_DSA_PARAMETER_GEN_PARAM = packed.read();
            // Where the pointer leads after the call is never asked.
            let pointer = std::ptr::dangling_mut();
            let lie = CK_DSA_PARAMETER_GEN_PARAM { ulSeedLen: claimed, pSeed: pointer, ..found };
            packed.answer(lie);
            drop(packed);
            assert_eq!(seed.bytes().len(), believed);
        }
    }

    #[test]
    fn base() {
        let packed = packed(DsaBase::new(Hash::Sha384, b"seed", 3));
        let found: CK_DSA_PARAMETER_GEN_PARAM = packed.read();
        assert_eq!({ found.hash }, CKM_SHA384);
        assert_eq!(behind(found.pSeed, found.ulSeedLen), b"seed");
        assert_eq!({ found.ulIndex }, 3);
        refused(DsaBase::new(Hash::Sha384, b"", 3));
    }
}
