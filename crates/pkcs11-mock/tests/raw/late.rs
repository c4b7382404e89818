//! Asynchronous sessions: a call is pending, and done when it was asked for often enough.

use std::ptr::null_mut;

use pkcs11_mock::{Mock, SLOT};
use pkcs11_sys::*;

use crate::caller::{Caller, call, lend, mechanism};

const NAME: &[u8] = b"C_Encrypt\0";

#[test]
fn a_call_writes_when_it_is_done() {
    let mock = Mock::start();
    let caller = Caller::new(&mock);
    let (f, key) = (caller.f, caller.aes_key());
    let (mut session, flags) = (0, CKF_SERIAL_SESSION | CKF_ASYNC_SESSION);
    let mut open = || call!(f.C_OpenSession(SLOT, flags, null_mut(), None, &mut session));
    assert_eq!(open(), CKR_SESSION_ASYNC_NOT_SUPPORTED);
    mock.asynchronous(0);
    assert_eq!(open(), CKR_OK);
    let mut cbc = mechanism(CKM_AES_CBC_PAD, &[1; 16]);
    assert_eq!(call!(f.C_EncryptInit(session, &mut cbc, key)), CKR_OK);
    mock.asynchronous(1);
    let (mut buffer, mut length) = ([0; 64], 64);
    let (place, room) = (buffer.as_mut_ptr(), &raw mut length);
    assert_eq!(call!(f.C_Encrypt(session, lend(b"abc"), 3, place, room)), CKR_PENDING);
    let mut result = CK_ASYNC_DATA::default();
    let mut complete = |name| call!(f.C_AsyncComplete(session, lend(name), &mut result));
    assert_eq!(complete(b"C_Sign\0"), CKR_OPERATION_NOT_INITIALIZED);
    assert_eq!(complete(NAME), CKR_PENDING);
    assert_eq!(complete(NAME), CKR_OK);
    assert_eq!(({ result.pValue }, { result.ulValue }), (place, 16));
    assert_eq!(length, 16);
    assert_ne!(buffer[..16], [0; 16]);
    assert_eq!(buffer[16..], [0; 48]);
}
