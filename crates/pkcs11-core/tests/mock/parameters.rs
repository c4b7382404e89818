//! Parameters as a module finds them, and those through which it answers.

use std::ptr::null_mut;
use std::sync::Mutex;

use pkcs11_core::mechanism::{
    AesGcm, DsaPrimeMethod, DsaPrimes, DsaSeed, Mechanism, Pbkdf2, Pbkdf2Prf, SetOaepData,
    SetOaepWrap,
};
use pkcs11_core::sys::{
    CK_ATTRIBUTE, CK_BYTE, CK_DSA_PARAMETER_GEN_PARAM, CK_INFO, CK_KEY_WRAP_SET_OAEP_PARAMS,
    CK_MECHANISM, CK_OBJECT_HANDLE, CK_PKCS5_PBKD2_PARAMS, CK_RV, CK_SESSION_HANDLE, CK_ULONG,
    CKM_AES_GCM, CKM_DSA_PROBABILISTIC_PARAMETER_GEN, CKM_KEY_WRAP_SET_OAEP, CKM_PKCS5_PBKD2,
    CKM_SHA256, CKR_MECHANISM_PARAM_INVALID, CKR_OK,
};
use pkcs11_core::{
    Capabilities, Context, Defaults, Hash, KeyType, LoadOptions, ModuleInfo, ObjectClass, Quirks,
    Request, Result, Template, TokenInfo, TokenObject, Usage,
};
use pkcs11_mock::Mock;

use crate::support::{
    MESSAGE, aes_key, copy_out, load_patched, load_patched_with, open_session, rsa_pair,
};

/// A token with these quirks, and without defaults.
#[derive(Debug)]
struct Quirky(Quirks);

impl Defaults for Quirky {
    fn mechanism<'a>(&self, _: &Request<'a>, context: &Context<'_>) -> Result<Mechanism<'a>> {
        Err(context.no_default("there are none"))
    }

    fn capabilities(&self, _: KeyType) -> Option<Capabilities> {
        None
    }

    fn template(&self, _: ObjectClass, _: KeyType, _: Usage) -> Template<'static> {
        Template::new()
    }

    fn quirks(&self, _: &ModuleInfo, _: &TokenInfo) -> Quirks {
        self.0
    }
}

/// Options for a module whose token has these quirks.
fn quirky(quirks: Quirks) -> LoadOptions {
    LoadOptions::new().defaults(Quirky(quirks))
}

/// The parameter of the mechanism, if it has the size of `T`.
fn parameter<T>(mechanism: *const CK_MECHANISM, number: CK_ULONG) -> Option<*mut T> {
    // SAFETY: the library gives a mechanism.
    let mechanism = unsafe { mechanism.read_unaligned() };
    let length = CK_ULONG::try_from(size_of::<T>()).unwrap();
    let fits = (mechanism.mechanism, mechanism.ulParameterLen) == (number, length);
    fits.then(|| mechanism.pParameter.cast())
}

/// The bytes behind a pointer of a parameter.
fn behind(place: *const CK_BYTE, length: CK_ULONG) -> Vec<u8> {
    // SAFETY: the library gives so many bytes.
    unsafe { std::slice::from_raw_parts(place, length.try_into().unwrap()) }.to_vec()
}

/// What the module read.
static SEEN: Mutex<Vec<Vec<u8>>> = Mutex::new(Vec::new());

/// The parameter of GCM without `ulIvBits`, as PKCS#11 2.20 was read.
#[derive(Clone, Copy)]
#[cfg_attr(not(windows), repr(C))]
#[cfg_attr(windows, repr(C, packed))]
struct ShortGcm {
    iv: *mut CK_BYTE,
    iv_length: CK_ULONG,
    aad: *mut CK_BYTE,
    aad_length: CK_ULONG,
    tag_bits: CK_ULONG,
}

#[test]
fn a_token_gets_the_gcm_parameter_that_it_knows() {
    extern "C" fn init(
        _: CK_SESSION_HANDLE,
        mechanism: *mut CK_MECHANISM,
        _: CK_OBJECT_HANDLE,
    ) -> CK_RV {
        let Some(place) = parameter::<ShortGcm>(mechanism, CKM_AES_GCM) else {
            return CKR_MECHANISM_PARAM_INVALID;
        };
        // SAFETY: it has the size of the struct that this token knows.
        let gcm = unsafe { place.read_unaligned() };
        let mut seen = SEEN.lock().unwrap();
        seen.push(behind(gcm.iv, gcm.iv_length));
        seen.push(behind(gcm.aad, gcm.aad_length));
        seen.push(vec![u8::try_from(gcm.tag_bits).unwrap()]);
        CKR_OK
    }
    extern "C" fn encrypt(
        _: CK_SESSION_HANDLE,
        _: *mut CK_BYTE,
        _: CK_ULONG,
        output: *mut CK_BYTE,
        length: *mut CK_ULONG,
    ) -> CK_RV {
        copy_out(&[7; 26], output, length)
    }

    for (quirks, known) in [(Quirks::NONE.with_short_gcm(true), true), (Quirks::NONE, false)] {
        let mock = Mock::start();
        SEEN.lock().unwrap().clear();
        let module = load_patched_with(&mock, quirky(quirks), |functions| {
            functions.C_EncryptInit = Some(init);
            functions.C_Encrypt = Some(encrypt);
        });
        let key = aes_key(&open_session(&module));
        let answer = key.encrypt(AesGcm::new(&[5; 12]).aad(b"aad").tag_bits(96), MESSAGE);
        if known {
            assert_eq!(answer.unwrap(), [7; 26]);
            assert_eq!(*SEEN.lock().unwrap(), [vec![5; 12], b"aad".to_vec(), vec![96]]);
        } else {
            assert!(answer.is_err());
        }
    }
}

#[test]
fn a_token_gets_the_pbkdf2_parameter_that_it_knows() {
    extern "C" fn generate(
        _: CK_SESSION_HANDLE,
        mechanism: *mut CK_MECHANISM,
        _: *mut CK_ATTRIBUTE,
        _: CK_ULONG,
        key: *mut CK_OBJECT_HANDLE,
    ) -> CK_RV {
        let place = parameter::<CK_PKCS5_PBKD2_PARAMS>(mechanism, CKM_PKCS5_PBKD2).unwrap();
        // SAFETY: it has the size of the struct, and this module's quirk says that it is one.
        let found = unsafe { place.read_unaligned() };
        // SAFETY: the pointer to the length is one.
        let length = unsafe { found.ulPasswordLen.read_unaligned() };
        SEEN.lock().unwrap().push(behind(found.pPassword, length));
        copy_out(&[77], key, null_mut())
    }

    // Of NSS it is known without a policy: a number in the pointer's place would be followed.
    extern "C" fn nss(place: *mut CK_INFO) -> CK_RV {
        let mut info = CK_INFO { manufacturerID: [b' '; 32], ..Default::default() };
        info.manufacturerID[..18].copy_from_slice(b"Mozilla Foundation");
        copy_out(&[info], place, null_mut())
    }

    for by_policy in [true, false] {
        let mock = Mock::start();
        SEEN.lock().unwrap().clear();
        let quirks = Quirks::NONE.with_old_pbkd2(by_policy);
        let module = load_patched_with(&mock, quirky(quirks), |functions| {
            functions.C_GenerateKey = Some(generate);
            if !by_policy {
                functions.C_GetInfo = Some(nss);
            }
        });
        let session = open_session(&module);
        let mechanism = Pbkdf2::new(Pbkdf2Prf::Sha256, b"password", b"salt", 1000);
        let key = session.generate_key(KeyType::AES).bits(128).create_with(mechanism).unwrap();
        assert_eq!(key.handle().number(), 77);
        assert_eq!(*SEEN.lock().unwrap(), [b"password"]);
    }
}

#[test]
fn the_seed_of_dsa_is_what_the_module_made() {
    extern "C" fn generate(
        _: CK_SESSION_HANDLE,
        mechanism: *mut CK_MECHANISM,
        _: *mut CK_ATTRIBUTE,
        _: CK_ULONG,
        key: *mut CK_OBJECT_HANDLE,
    ) -> CK_RV {
        let number = CKM_DSA_PROBABILISTIC_PARAMETER_GEN;
        let place = parameter::<CK_DSA_PARAMETER_GEN_PARAM>(mechanism, number).unwrap();
        // SAFETY: it has the size of this mechanism's struct.
        let mut found = unsafe { place.read_unaligned() };
        assert_eq!(({ found.hash }, { found.ulSeedLen }), (CKM_SHA256, 32));
        copy_out(&[5_u8; 28], found.pSeed, &raw mut found.ulSeedLen);
        // SAFETY: the struct is the module's to change.
        unsafe { place.write_unaligned(found) };
        copy_out(&[77], key, null_mut())
    }

    let mock = Mock::start();
    let module = load_patched(&mock, |functions| functions.C_GenerateKey = Some(generate));
    let session = open_session(&module);
    let mut seed = DsaSeed::with_length(32);
    let primes = DsaPrimes::new(DsaPrimeMethod::Probable, Hash::Sha256, &mut seed);
    let made =
        session.generate_parameters(KeyType::DSA).bits(2048).subprime_bits(224).create_with(primes);
    assert_eq!(made.unwrap().handle().number(), 77);
    assert_eq!(seed.bytes(), [5; 28]);
}

#[test]
fn what_came_with_a_key_of_set_is_what_the_module_wrote() {
    extern "C" fn unwrap(
        _: CK_SESSION_HANDLE,
        mechanism: *mut CK_MECHANISM,
        _: CK_OBJECT_HANDLE,
        _: *mut CK_BYTE,
        _: CK_ULONG,
        _: *mut CK_ATTRIBUTE,
        _: CK_ULONG,
        key: *mut CK_OBJECT_HANDLE,
    ) -> CK_RV {
        let number = CKM_KEY_WRAP_SET_OAEP;
        let place = parameter::<CK_KEY_WRAP_SET_OAEP_PARAMS>(mechanism, number).unwrap();
        // SAFETY: it has the size of this mechanism's struct.
        let mut found = unsafe { place.read_unaligned() };
        assert_eq!({ found.ulXLen }, 128);
        found.bBC = 3;
        copy_out(&[8_u8; 36], found.pX, &raw mut found.ulXLen);
        // SAFETY: the struct is the module's to change.
        unsafe { place.write_unaligned(found) };
        copy_out(&[77], key, null_mut())
    }

    let mock = Mock::start();
    let module = load_patched(&mock, |functions| functions.C_UnwrapKey = Some(unwrap));
    let (_, private) = rsa_pair(&open_session(&module));
    let mut data = SetOaepData::for_unwrapping();
    let key = private.unwrap_key(SetOaepWrap::new(&mut data), &[1; 256], KeyType::DES);
    assert_eq!(key.create().unwrap().handle().number(), 77);
    assert_eq!((data.block_contents(), data.extra()), (3, &[8; 36][..]));
}
