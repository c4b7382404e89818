//! CT-KIP.

use super::*;
use crate::TokenObject;
use crate::mechanism::{Kip, Mechanism};

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

/// A mechanism within a parameter; kept with what its own parameter keeps.
fn nested(mechanism: Mechanism<'_>, kept: &mut Kept) -> Result<*mut CK_MECHANISM> {
    mechanism.check()?;
    let number = mechanism.number().number();
    let Packed { value, kept: inner, .. } = mechanism.parameter;
    kept.0.extend(inner);
    let value = match value {
        Value::Gcm(mut value, iv) => {
            value.set_gcm_iv(kept.keep(iv.to_vec()));
            Value::Struct(value)
        }
        value => value,
    };
    let (parameter, length) = match value {
        Value::Nothing => (std::ptr::null_mut(), 0),
        Value::Bytes(bytes) => (input(bytes).cast(), bytes.len()),
        Value::WrittenIv(iv, length) => (iv.cast(), length),
        Value::Vendor(place, length) => (place, length),
        Value::Struct(value) => {
            let mut values = vec![value];
            let place = values.first_mut().map(Struct::place);
            // What is kept does not move.
            kept.keep(values);
            place.unwrap_or((std::ptr::null_mut(), 0))
        }
        Value::Gcm(..) => (std::ptr::null_mut(), 0),
    };
    Ok(kept.keep(vec![CK_MECHANISM {
        mechanism: number,
        pParameter: parameter,
        ulParameterLen: ck_len(length)?,
    }]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mechanism::KipUse;
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
