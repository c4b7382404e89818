//! CT-KIP.

use super::nested::nested;
use super::*;
use crate::TokenObject;
use crate::mechanism::Kip;

impl<'a> Pack<'a> for Kip<'a> {
    fn objects(&self) -> Objects<'_> {
        self.key.into_iter().map(TokenObject::object).collect()
    }

    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        let mut kept = Kept::default();
        let mechanism = nested(self.mechanism, &mut kept)?;
        let (seed, seed_length) = bytes_or_null(self.seed)?;
        let value = CK_KIP_PARAMS {
            pMechanism: mechanism,
            hKey: self.key.map_or(CK_INVALID_HANDLE, |key| key.handle().0),
            pSeed: seed,
            ulSeedLen: seed_length,
        };
        Ok(Packed::with(Struct::Kip(value), kept))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mechanism::{KipUse, Mechanism};
    use crate::raw::parameter::read_back::{behind, packed};

    #[test]
    fn kip() {
        let mechanism = Mechanism::with_bytes(MechanismType::AES_CBC, &[7; 16]);
        let kip = Kip { usage: KipUse::Derive, mechanism, key: None, seed: b"seed" };
        let packed = packed(kip);
        let found: CK_KIP_PARAMS = packed.read();
        assert_eq!({ found.hKey }, CK_INVALID_HANDLE);
        assert_eq!(behind(found.pSeed, found.ulSeedLen), b"seed");
        let inner = behind(found.pMechanism, 1)[0];
        assert_eq!({ inner.mechanism }, CKM_AES_CBC);
        assert_eq!(behind::<u8>(inner.pParameter.cast(), inner.ulParameterLen), [7; 16]);
    }
}
