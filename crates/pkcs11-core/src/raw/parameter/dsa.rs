//! Domain parameters of DSA.

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

impl<'a> Pack<'a> for DsaPrimes<'a> {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        seed(self.seed.len())?;
        let (place, length) = bytes_mut(self.seed)?;
        Ok(Packed::new(Struct::DsaParameterGen(CK_DSA_PARAMETER_GEN_PARAM {
            hash: hash(self.hash)?,
            pSeed: place,
            ulSeedLen: length,
            ulIndex: 0,
        })))
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
        let mut seed = [0; 32];
        let packed = packed(DsaPrimes::new(DsaPrimeMethod::Provable, Hash::Sha256, &mut seed));
        let found: CK_DSA_PARAMETER_GEN_PARAM = packed.read();
        assert_eq!({ found.hash }, CKM_SHA256);
        assert_eq!(({ found.ulSeedLen }, { found.ulIndex }), (32, 0));
        write(found.pSeed, &[5; 32]);
        drop(packed);
        assert_eq!(seed, [5; 32]);
        refused(DsaPrimes::new(DsaPrimeMethod::Probable, Hash::Sha256, &mut []));
        refused(DsaPrimes::new(DsaPrimeMethod::Probable, Hash::Sha3_256, &mut seed));
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
