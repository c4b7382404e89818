//! A module whose operations do nothing: what a call costs on the way to it, and nothing else.

use std::ptr;
use std::sync::OnceLock;

use pkcs11::{LoadOptions, Module, Session};
use pkcs11_mock::Mock;
use pkcs11_sys::{
    CK_BYTE_PTR, CK_FUNCTION_LIST, CK_MECHANISM_PTR, CK_OBJECT_HANDLE, CK_RV, CK_SESSION_HANDLE,
    CK_ULONG, CK_ULONG_PTR, CKR_OK, EntryPoints,
};

use super::by_hand::{ByHand, list};

/// The length of every signature, in bytes: that of HMAC with SHA-256.
const SIGNATURE: CK_ULONG = 32;

static LIST: OnceLock<CK_FUNCTION_LIST> = OnceLock::new();

/// The mock's token, but signing and encrypting in parts answers OK and does nothing else than to
/// say how long the output would be.
///
/// # Errors
///
/// If the library does not take it.
pub fn idle(mock: &Mock, options: LoadOptions) -> pkcs11::Result<Module> {
    LIST.get_or_init(|| CK_FUNCTION_LIST {
        C_SignInit: Some(init),
        C_Sign: Some(sign),
        C_EncryptInit: Some(init),
        C_EncryptUpdate: Some(encrypt_update),
        C_EncryptFinal: Some(encrypt_final),
        ..list(mock.entry_points())
    });
    let points = EntryPoints { get_function_list, get_interface: None, get_interface_list: None };
    // SAFETY: the functions are the mock's and those below, which stay valid for ever.
    unsafe { options.load_entry_points(points) }
}

/// Calls by hand in a session of [`idle`].
///
/// # Panics
///
/// If there is none.
#[must_use]
pub fn idle_by_hand(session: &Session) -> ByHand {
    ByHand::on(*LIST.get().expect("it is loaded"), session)
}

unsafe extern "C" fn get_function_list(place: *mut *mut CK_FUNCTION_LIST) -> CK_RV {
    let list = LIST.get().map_or(ptr::null(), ptr::from_ref);
    // SAFETY: the caller gives a place for a pointer (PKCS#11 §5.4.4).
    unsafe { place.write(list.cast_mut()) };
    CKR_OK
}

unsafe extern "C" fn init(_: CK_SESSION_HANDLE, _: CK_MECHANISM_PTR, _: CK_OBJECT_HANDLE) -> CK_RV {
    CKR_OK
}

unsafe extern "C" fn sign(
    _: CK_SESSION_HANDLE,
    _: CK_BYTE_PTR,
    _: CK_ULONG,
    _: CK_BYTE_PTR,
    length: CK_ULONG_PTR,
) -> CK_RV {
    // SAFETY: the caller gives a place for a length (PKCS#11 §5.2).
    unsafe { length.write(SIGNATURE) };
    CKR_OK
}

unsafe extern "C" fn encrypt_update(
    _: CK_SESSION_HANDLE,
    _: CK_BYTE_PTR,
    data: CK_ULONG,
    _: CK_BYTE_PTR,
    length: CK_ULONG_PTR,
) -> CK_RV {
    // SAFETY: the caller gives a place for a length (PKCS#11 §5.2).
    unsafe { length.write(data) };
    CKR_OK
}

unsafe extern "C" fn encrypt_final(
    _: CK_SESSION_HANDLE,
    _: CK_BYTE_PTR,
    length: CK_ULONG_PTR,
) -> CK_RV {
    // SAFETY: the caller gives a place for a length (PKCS#11 §5.2).
    unsafe { length.write(0) };
    CKR_OK
}
