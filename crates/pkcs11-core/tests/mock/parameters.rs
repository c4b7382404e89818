//! Parameters as a module finds them, and those through which it answers.

use std::sync::Mutex;

use pkcs11_core::mechanism::{AesGcm, Mechanism};
use pkcs11_core::sys::{
    CK_BYTE, CK_MECHANISM, CK_OBJECT_HANDLE, CK_RV, CK_SESSION_HANDLE, CK_ULONG, CKM_AES_GCM,
    CKR_MECHANISM_PARAM_INVALID, CKR_OK,
};
use pkcs11_core::{
    Capabilities, Context, Defaults, KeyType, LoadOptions, ModuleInfo, ObjectClass, Quirks,
    Request, Result, Template, TokenInfo, Usage,
};
use pkcs11_mock::Mock;

use crate::support::{MESSAGE, aes_key, copy_out, load_patched_with, open_session};

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
