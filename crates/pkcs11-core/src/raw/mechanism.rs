//! Packing mechanisms: safe values in, `CK_MECHANISM` and the standard's structs out.

use std::ffi::c_void;
use std::marker::PhantomData;

use pkcs11_sys::{
    CK_AES_CTR_PARAMS, CK_ECDH1_DERIVE_PARAMS, CK_EDDSA_PARAMS, CK_GCM_PARAMS, CK_MECHANISM,
    CK_RSA_PKCS_OAEP_PARAMS, CK_RSA_PKCS_PSS_PARAMS, CKZ_DATA_SPECIFIED,
};

use smallvec::SmallVec;

use super::{ck_len, input};
use crate::mechanism::{Mechanism, Parameters};
use crate::{Function, Result};

/// A mechanism's parameter in the standard's layout. What it points to belongs to the
/// mechanism that it was packed from.
pub(crate) struct PackedMechanism<'m> {
    mechanism: &'m Mechanism<'m>,
    parameter: Packed,
    borrowed: PhantomData<&'m [u8]>,
}

enum Packed {
    Nothing,
    Bytes(*mut c_void, usize),
    Oaep(CK_RSA_PKCS_OAEP_PARAMS),
    Pss(CK_RSA_PKCS_PSS_PARAMS),
    /// With a copy of the initialisation vector: some modules make one and write it there.
    Gcm(CK_GCM_PARAMS, SmallVec<[u8; 16]>),
    Ctr(CK_AES_CTR_PARAMS),
    EdDsa(CK_EDDSA_PARAMS),
    Ecdh1(CK_ECDH1_DERIVE_PARAMS),
}

impl Mechanism<'_> {
    /// The mechanism as this function wants it, after a check of its parameter.
    pub(super) fn pack(&self, name: Function) -> Result<PackedMechanism<'_>> {
        self.check().map_err(|error| error.or_function(name))?;
        let parameter = match &self.parameters {
            Parameters::Nothing => Packed::Nothing,
            Parameters::Bytes(bytes) => Packed::Bytes(input(bytes).cast(), bytes.len()),
            Parameters::Oaep { hash, mgf, label } => Packed::Oaep(CK_RSA_PKCS_OAEP_PARAMS {
                hashAlg: hash.mechanism().number(),
                mgf: mgf.mgf1(),
                source: CKZ_DATA_SPECIFIED,
                // Some modules refuse a pointer where there is no label.
                pSourceData: if label.is_empty() {
                    std::ptr::null_mut()
                } else {
                    input(label).cast()
                },
                ulSourceDataLen: ck_len(label.len())?,
            }),
            Parameters::Pss { hash, mgf, salt_length } => Packed::Pss(CK_RSA_PKCS_PSS_PARAMS {
                hashAlg: hash.mechanism().number(),
                mgf: mgf.mgf1(),
                sLen: ck_len(*salt_length)?,
            }),
            Parameters::Gcm { iv, aad, tag_bits } => {
                let parameter = CK_GCM_PARAMS {
                    pIv: std::ptr::null_mut(),
                    ulIvLen: ck_len(iv.len())?,
                    ulIvBits: ck_len(iv.len().saturating_mul(8))?,
                    pAAD: input(aad),
                    ulAADLen: ck_len(aad.len())?,
                    ulTagBits: ck_len(*tag_bits)?,
                };
                Packed::Gcm(parameter, SmallVec::from_slice(iv))
            }
            Parameters::Ctr { counter_bits, block } => {
                Packed::Ctr(CK_AES_CTR_PARAMS { ulCounterBits: ck_len(*counter_bits)?, cb: *block })
            }
            Parameters::EdDsa { prehash, context } => Packed::EdDsa(CK_EDDSA_PARAMS {
                phFlag: (*prehash).into(),
                ulContextDataLen: ck_len(context.len())?,
                pContextData: input(context),
            }),
            Parameters::Ecdh1 { kdf, shared, point } => Packed::Ecdh1(CK_ECDH1_DERIVE_PARAMS {
                kdf: kdf.number(),
                ulSharedDataLen: ck_len(shared.len())?,
                // CKD_NULL takes no shared data, and NULL says so.
                pSharedData: if shared.is_empty() { std::ptr::null_mut() } else { input(shared) },
                ulPublicDataLen: ck_len(point.len())?,
                pPublicData: input(point),
            }),
        };
        Ok(PackedMechanism { mechanism: self, parameter, borrowed: PhantomData })
    }
}

impl PackedMechanism<'_> {
    /// The `CK_MECHANISM`; it points into `self`, which must stay where it is during the call.
    pub(super) fn ck_mechanism(&mut self) -> Result<CK_MECHANISM> {
        fn of<T>(parameter: &mut T) -> (*mut c_void, usize) {
            (std::ptr::from_mut(parameter).cast(), size_of::<T>())
        }
        let (parameter, length) = match &mut self.parameter {
            Packed::Nothing => (std::ptr::null_mut(), 0),
            Packed::Bytes(bytes, length) => (*bytes, *length),
            Packed::Oaep(parameter) => of(parameter),
            Packed::Pss(parameter) => of(parameter),
            Packed::Gcm(parameter, iv) => {
                parameter.pIv = iv.as_mut_ptr();
                of(parameter)
            }
            Packed::Ctr(parameter) => of(parameter),
            Packed::EdDsa(parameter) => of(parameter),
            Packed::Ecdh1(parameter) => of(parameter),
        };
        Ok(CK_MECHANISM {
            mechanism: self.mechanism.number().number(),
            pParameter: parameter,
            ulParameterLen: ck_len(length)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MechanismType;
    use crate::hash::Hash;
    use crate::mechanism::{Kdf, RsaOaep};
    use pkcs11_sys::{CKD_SHA256_KDF, CKG_MGF1_SHA256, CKM_SHA256};

    /// What a module would find at the end of the pointer.
    fn read<T: Copy>(mechanism: &Mechanism<'_>, check: impl FnOnce(T)) {
        let mut packed = mechanism.pack(Function::SignInit).unwrap();
        let ck = packed.ck_mechanism().unwrap();
        let length = ck.ulParameterLen;
        assert_eq!(usize::try_from(length).unwrap(), size_of::<T>());
        // SAFETY: the parameter is a T of that size, and `packed` is alive.
        check(unsafe { ck.pParameter.cast::<T>().read_unaligned() });
    }

    fn bytes(pointer: *mut u8, length: pkcs11_sys::CK_ULONG) -> Vec<u8> {
        // SAFETY: the tests below pass pointers and lengths of live slices.
        unsafe { std::slice::from_raw_parts(pointer, usize::try_from(length).unwrap()) }.to_vec()
    }

    #[test]
    fn oaep() {
        let mechanism = Mechanism::from(RsaOaep::new(Hash::Sha256).label(b"label"));
        read(&mechanism, |found: CK_RSA_PKCS_OAEP_PARAMS| {
            assert_eq!({ found.hashAlg }, CKM_SHA256);
            assert_eq!({ found.mgf }, CKG_MGF1_SHA256);
            assert_eq!({ found.source }, CKZ_DATA_SPECIFIED);
            assert_eq!(bytes(found.pSourceData.cast(), found.ulSourceDataLen), b"label");
        });
    }

    #[test]
    fn gcm() {
        let parameters = Parameters::Gcm { iv: &[7; 12], aad: b"aad", tag_bits: 96 };
        let mechanism = Mechanism::with_parameters(MechanismType::AES_GCM, parameters);
        read(&mechanism, |found: CK_GCM_PARAMS| {
            assert_eq!(bytes(found.pIv, found.ulIvLen), [7; 12]);
            assert_eq!(({ found.ulIvBits }, { found.ulTagBits }), (96, 96));
            assert_eq!(bytes(found.pAAD, found.ulAADLen), b"aad");
        });
    }

    #[test]
    fn ecdh1() {
        let point = [4; 65][..].into();
        let parameters = Parameters::Ecdh1 { kdf: Kdf::X963(Hash::Sha256), shared: b"info", point };
        let mechanism = Mechanism::with_parameters(MechanismType::ECDH1_DERIVE, parameters);
        read(&mechanism, |found: CK_ECDH1_DERIVE_PARAMS| {
            assert_eq!({ found.kdf }, CKD_SHA256_KDF);
            assert_eq!(bytes(found.pSharedData, found.ulSharedDataLen), b"info");
            assert_eq!(bytes(found.pPublicData, found.ulPublicDataLen), [4; 65]);
        });
    }

    #[test]
    fn plain() {
        let pss = Parameters::Pss { hash: Hash::Sha256, mgf: Hash::Sha256, salt_length: 32 };
        let mechanism = Mechanism::with_parameters(MechanismType::SHA256_RSA_PKCS_PSS, pss);
        read(&mechanism, |found: CK_RSA_PKCS_PSS_PARAMS| {
            assert_eq!(
                ({ found.hashAlg }, { found.mgf }, { found.sLen }),
                (CKM_SHA256, CKG_MGF1_SHA256, 32)
            );
        });
        let ctr = Parameters::Ctr { counter_bits: 32, block: [9; 16] };
        let mechanism = Mechanism::with_parameters(MechanismType::AES_CTR, ctr);
        read(&mechanism, |found: CK_AES_CTR_PARAMS| {
            assert_eq!(({ found.ulCounterBits }, found.cb), (32, [9; 16]));
        });
        let eddsa = Parameters::EdDsa { prehash: true, context: b"c" };
        let mechanism = Mechanism::with_parameters(MechanismType::EDDSA, eddsa);
        read(&mechanism, |found: CK_EDDSA_PARAMS| {
            assert_eq!(found.phFlag, 1);
            assert_eq!(bytes(found.pContextData, found.ulContextDataLen), b"c");
        });
    }
}
