//! A mechanism inside a parameter.

use super::*;
use crate::Error;
use crate::mechanism::Mechanism;

/// The mechanism in memory that is kept, with what its own parameter keeps. What that one borrows
/// is borrowed for as long as the outer one, which whoever calls this sees to.
pub(super) fn nested(mechanism: Mechanism<'_>, kept: &mut Kept) -> Result<*mut CK_MECHANISM> {
    mechanism.check()?;
    if mechanism.prehash().is_some() {
        return Err(Error::invalid("a mechanism inside another takes no digest made here"));
    }
    let number = mechanism.number().number();
    let Packed { value, kept: inner, .. } = mechanism.parameter;
    kept.0.extend(inner.into_iter().flat_map(|inner| inner.0));
    let (parameter, length) = match value {
        Value::Nothing => (std::ptr::null_mut(), 0),
        Value::Bytes(bytes) => (input(bytes).cast(), bytes.len()),
        Value::OwnedBytes(bytes) => {
            let length = bytes.len();
            (kept.keep(bytes).cast(), length)
        }
        Value::WrittenIv(iv, length) => (iv.cast(), length),
        Value::Vendor(place, length) => (place, length),
        Value::InPlace(value, place) => value.write_to(place),
        Value::Struct(value) => kept.keep_struct(value),
        Value::Gcm(mut value, iv) => {
            value.set_gcm_iv(kept.keep(iv.to_vec()));
            kept.keep_struct(value)
        }
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
    use crate::hash::Hash;
    use crate::mechanism::{
        AesGcm, DsaPrimeMethod, DsaPrimes, DsaSeed, Fortezza, FortezzaCipher, RsaPss,
    };
    use crate::raw::parameter::read_back::{behind, packed};

    /// The mechanism of the typed one, as for a token without quirks.
    fn mechanism<'a>(number: MechanismType, typed: impl Pack<'a>) -> Mechanism<'a> {
        let mut mechanism = Mechanism::new(number);
        mechanism.parameter = packed(typed);
        mechanism
    }

    fn inner(mechanism: Mechanism<'_>, kept: &mut Kept) -> CK_MECHANISM {
        behind(nested(mechanism, kept).unwrap(), 1)[0]
    }

    #[test]
    fn what_is_kept_outlives_the_inner_mechanism() {
        let kept = &mut Kept::default();
        let found = inner(mechanism(MechanismType::AES_GCM, AesGcm::new(&[7; 12])), kept);
        assert_eq!({ found.mechanism }, CKM_AES_GCM);
        let gcm: CK_GCM_PARAMS = behind(found.pParameter.cast(), 1)[0];
        assert_eq!(behind(gcm.pIv, gcm.ulIvLen), [7; 12]);
        let pss = RsaPss::new(Hash::Sha256).salt_length(20);
        let found = inner(mechanism(MechanismType::RSA_PKCS_PSS, pss), kept);
        assert_eq!(usize::try_from(found.ulParameterLen), Ok(size_of::<CK_RSA_PKCS_PSS_PARAMS>()));
        let pss: CK_RSA_PKCS_PSS_PARAMS = behind(found.pParameter.cast(), 1)[0];
        assert_eq!({ pss.sLen }, 20);
    }

    #[test]
    fn what_the_module_writes_is_the_callers() {
        let kept = &mut Kept::default();
        let mut iv = [6; 24];
        let place = iv.as_mut_ptr();
        let fortezza = Fortezza::new(FortezzaCipher::SkipjackCbc64, &mut iv);
        let found = inner(mechanism(MechanismType::SKIPJACK_CBC64, fortezza), kept);
        assert_eq!(({ found.pParameter }, { found.ulParameterLen }), (place.cast(), 24));
        let mut seed = DsaSeed::with_length(20);
        let primes = DsaPrimes::new(DsaPrimeMethod::Probable, Hash::Sha1, &mut seed);
        let found = inner(mechanism(MechanismType::DSA_PROBABILISTIC_PARAMETER_GEN, primes), kept);
        let primes: CK_DSA_PARAMETER_GEN_PARAM = behind(found.pParameter.cast(), 1)[0];
        assert_eq!(({ primes.hash }, { primes.ulSeedLen }), (CKM_SHA_1, 20));
    }

    #[test]
    fn wrong_ones_are_refused() {
        let kept = &mut Kept::default();
        let wrong = Mechanism::with_bytes(MechanismType::ECDSA, b"x");
        assert!(nested(wrong, kept).is_err());
        let digested = Mechanism::new(MechanismType::ECDSA).prehashed(Hash::Sha256);
        assert!(nested(digested, kept).is_err());
        let found = inner(Mechanism::new(MechanismType::ECDSA), kept);
        assert!({ found.pParameter }.is_null() && { found.ulParameterLen } == 0);
    }
}
