//! Messages, each with its own parameter, through which the token writes.

use std::ptr::null_mut;

use pkcs11_mock::{Lie, Mock};
use pkcs11_sys::*;

use crate::caller::{Caller, attribute, call, lend, mechanism, mechanism_with};

const DATA: &[u8; 45] = b"forty-five bytes, which is not a whole block.";

/// The length of the parameter.
fn size() -> CK_ULONG {
    size_of::<CK_GCM_MESSAGE_PARAMS>().try_into().unwrap()
}

/// The places that a message has: what it was encrypted with stands there afterwards.
struct Places {
    iv: [u8; 12],
    tag: [u8; 16],
}

impl Places {
    fn new(iv: u8) -> Self {
        Self { iv: [iv; 12], tag: [0; 16] }
    }

    fn parameter(&mut self, generator: CK_GENERATOR_FUNCTION) -> CK_GCM_MESSAGE_PARAMS {
        CK_GCM_MESSAGE_PARAMS {
            pIv: self.iv.as_mut_ptr(),
            ulIvLen: 12,
            ulIvFixedBits: 32,
            ivGenerator: generator,
            pTag: self.tag.as_mut_ptr(),
            ulTagBits: 128,
        }
    }
}

/// What a call answered: the code, the length, the bytes.
type Answer = (CK_RV, CK_ULONG, Vec<u8>);

impl Caller {
    fn encrypt_message(&self, parameter: *mut CK_GCM_MESSAGE_PARAMS, room: usize) -> Answer {
        let (f, place) = (self.f, parameter.cast());
        self.output(room, |s, out, len| {
            call!(f.C_EncryptMessage(s, place, size(), lend(b"aad"), 3, lend(DATA), 45, out, len))
        })
    }

    fn decrypt_message(&self, parameter: *mut CK_GCM_MESSAGE_PARAMS, data: &[u8]) -> Answer {
        let (f, place) = (self.f, parameter.cast());
        let length = data.len().try_into().unwrap();
        self.output(64, |s, out, len| {
            call!(f.C_DecryptMessage(
                s,
                place,
                size(),
                lend(b"aad"),
                3,
                lend(data),
                length,
                out,
                len
            ))
        })
    }

    fn next(&self, parameter: *mut CK_GCM_MESSAGE_PARAMS, part: &[u8], last: bool) -> Answer {
        let (f, place) = (self.f, parameter.cast());
        let length = part.len().try_into().unwrap();
        let flags = if last { CKF_END_OF_MESSAGE } else { 0 };
        self.output(64, |s, out, len| {
            call!(f.C_EncryptMessageNext(s, place, size(), lend(part), length, out, len, flags))
        })
    }

    /// Begins messages of GCM without a parameter.
    fn gcm(&self, key: CK_OBJECT_HANDLE) {
        let f = self.f;
        let mut gcm = mechanism(CKM_AES_GCM, &[]);
        assert_eq!(call!(f.C_MessageEncryptInit(self.session, &mut gcm, key)), CKR_OK);
    }
}

#[test]
fn the_token_writes_nonce_and_tag() {
    let mock = Mock::start();
    let caller = Caller::new(&mock);
    let (f, session, key) = (caller.f, caller.session, caller.aes_key());
    caller.gcm(key);
    let mut sealed = Vec::new();
    for count in 0..3 {
        let mut places = Places::new(7);
        let mut parameter = places.parameter(CKG_GENERATE);
        let (code, length, ciphertext) = caller.encrypt_message(&raw mut parameter, 45);
        assert_eq!((code, length), (CKR_OK, 45));
        assert_eq!(places.iv, [7, 7, 7, 7, 0, 0, 0, 0, 0, 0, 0, count]);
        assert_ne!(places.tag, [0; 16]);
        sealed.push((places, ciphertext));
    }
    assert_eq!(call!(f.C_MessageEncryptFinal(session)), CKR_OK);
    assert_eq!(call!(f.C_MessageEncryptFinal(session)), CKR_OPERATION_NOT_INITIALIZED);

    // A parameter at the Init is allowed.
    let of_init = Places::new(0).parameter(CKG_NO_GENERATE);
    let mut gcm = mechanism_with(CKM_AES_GCM, &of_init);
    assert_eq!(call!(f.C_MessageDecryptInit(session, &mut gcm, key)), CKR_OK);
    for (mut places, mut ciphertext) in sealed {
        let mut parameter = places.parameter(CKG_NO_GENERATE);
        assert_eq!(caller.decrypt_message(&raw mut parameter, &ciphertext).2, DATA);
        ciphertext[0] ^= 1;
        let (code, ..) = caller.decrypt_message(&raw mut parameter, &ciphertext);
        assert_eq!(code, CKR_AEAD_DECRYPT_FAILED);
    }
    assert_eq!(call!(f.C_MessageDecryptFinal(session)), CKR_OK);
}

#[test]
fn a_question_and_a_small_buffer_spend_no_nonce() {
    let mock = Mock::start();
    let caller = Caller::new(&mock);
    let (f, session, key) = (caller.f, caller.session, caller.aes_key());
    caller.gcm(key);
    let mut places = Places::new(7);
    let mut parameter = places.parameter(CKG_GENERATE);
    assert_eq!(caller.encrypt_message(&raw mut parameter, 44), (CKR_BUFFER_TOO_SMALL, 45, vec![]));
    let (place, mut length) = ((&raw mut parameter).cast(), 0);
    let question = call!(f.C_EncryptMessage(
        session,
        place,
        size(),
        null_mut(),
        0,
        lend(DATA),
        45,
        null_mut(),
        &mut length
    ));
    assert_eq!((question, length), (CKR_OK, 45));
    assert_eq!((places.iv, places.tag), ([7; 12], [0; 16]));
    let mut parameter = places.parameter(CKG_GENERATE);
    assert_eq!(caller.encrypt_message(&raw mut parameter, 45).0, CKR_OK);
    assert_eq!(places.iv[11], 0);
}

#[test]
fn parts_make_what_one_call_makes() {
    let mock = Mock::start();
    let caller = Caller::new(&mock);
    let (f, session, key) = (caller.f, caller.session, caller.aes_key());
    caller.gcm(key);
    let mut once = Places::new(3);
    let mut parameter = once.parameter(CKG_NO_GENERATE);
    let (_, _, whole) = caller.encrypt_message(&raw mut parameter, 45);

    let mut places = Places::new(3);
    let mut parameter = places.parameter(CKG_NO_GENERATE);
    assert_eq!(caller.next(&raw mut parameter, b"", false).0, CKR_OPERATION_NOT_INITIALIZED);
    let place = (&raw mut parameter).cast();
    let begin = || call!(f.C_EncryptMessageBegin(session, place, size(), lend(b"aad"), 3));
    assert_eq!(begin(), CKR_OK);
    assert_eq!(begin(), CKR_OPERATION_ACTIVE);
    let mut parts = caller.next(&raw mut parameter, &DATA[..20], false).2;
    assert_eq!(parts.len(), 20);
    assert_eq!(caller.encrypt_message(&raw mut parameter, 45).0, CKR_OPERATION_ACTIVE);
    parts.extend(caller.next(&raw mut parameter, &DATA[20..], true).2);
    assert_eq!((parts, places.tag), (whole, once.tag));
    // The messages go on; a cancel ends them with whatever is open.
    assert_eq!(begin(), CKR_OK);
    assert_eq!(call!(f.C_SessionCancel(session, CKF_MESSAGE_DECRYPT)), CKR_OK);
    assert_eq!(call!(f.C_SessionCancel(session, CKF_MESSAGE_ENCRYPT)), CKR_OK);
    assert_eq!(begin(), CKR_OPERATION_NOT_INITIALIZED);
}

#[test]
fn signatures_have_no_parameter() {
    let mock = Mock::start();
    let caller = Caller::new(&mock);
    let (f, session, key) = (caller.f, caller.session, caller.aes_key());
    let mut hmac = mechanism(CKM_SHA256_HMAC, &[]);
    assert_eq!(call!(f.C_MessageSignInit(session, &mut hmac, key)), CKR_OK);
    let (none, data) = (null_mut(), lend(DATA));
    let (_, _, mac) =
        caller.output(32, |s, out, len| call!(f.C_SignMessage(s, none, 0, data, 45, out, len)));
    assert_eq!(mac.len(), 32);
    assert_eq!(
        call!(f.C_SignMessageBegin(session, lend(&[1]).cast(), 1)),
        CKR_MECHANISM_PARAM_INVALID
    );
    assert_eq!(call!(f.C_SignMessageBegin(session, none, 0)), CKR_OK);
    // No place for the length: more follows.
    let next = call!(f.C_SignMessageNext(session, none, 0, data, 20, null_mut(), null_mut()));
    assert_eq!(next, CKR_OK);
    let rest = lend(&DATA[20..]);
    let (_, _, parts) =
        caller.output(32, |s, out, len| call!(f.C_SignMessageNext(s, none, 0, rest, 25, out, len)));
    assert_eq!(parts, mac);
    assert_eq!(call!(f.C_MessageSignFinal(session)), CKR_OK);

    assert_eq!(call!(f.C_MessageVerifyInit(session, &mut hmac, key)), CKR_OK);
    let verify = |mac: &[u8], length| {
        call!(f.C_VerifyMessage(session, none, 0, data, 45, lend(mac), length))
    };
    assert_eq!(verify(&mac, 32), CKR_OK);
    assert_eq!(verify(&[0; 32], 32), CKR_SIGNATURE_INVALID);
    assert_eq!(verify(&mac, 31), CKR_SIGNATURE_LEN_RANGE);
    assert_eq!(call!(f.C_VerifyMessageBegin(session, none, 0)), CKR_OK);
    let next = call!(f.C_VerifyMessageNext(session, none, 0, data, 45, null_mut(), 0));
    assert_eq!(next, CKR_OK);
    let last = call!(f.C_VerifyMessageNext(session, none, 0, data, 0, lend(&mac), 32));
    assert_eq!(last, CKR_OK);
    assert_eq!(call!(f.C_MessageVerifyFinal(session)), CKR_OK);
}

#[test]
fn mechanisms_and_keys_are_checked() {
    let mock = Mock::start();
    let caller = Caller::new(&mock);
    let (f, session, key) = (caller.f, caller.session, caller.aes_key());
    let mut ctr = mechanism(CKM_AES_CTR, &[]);
    assert_eq!(call!(f.C_MessageEncryptInit(session, &mut ctr, key)), CKR_MECHANISM_INVALID);
    let mut gcm = mechanism(CKM_AES_GCM, &[]);
    assert_eq!(call!(f.C_MessageEncryptInit(session, &mut gcm, 1)), CKR_KEY_HANDLE_INVALID);
    let never = caller.create(&mut [
        attribute(CKA_CLASS, &[CKO_SECRET_KEY]),
        attribute(CKA_KEY_TYPE, &[CKK_AES]),
        attribute(CKA_VALUE, &[7_u8; 16]),
        attribute(CKA_ENCRYPT, &[CK_FALSE]),
    ]);
    let code = call!(f.C_MessageEncryptInit(session, &mut gcm, never.unwrap()));
    assert_eq!(code, CKR_KEY_FUNCTION_NOT_PERMITTED);
    caller.gcm(key);
    assert_eq!(call!(f.C_MessageEncryptInit(session, &mut gcm, key)), CKR_OPERATION_ACTIVE);
    let mut places = Places::new(1);
    let mut parameter = places.parameter(CKG_NO_GENERATE);
    parameter.ulTagBits = 136;
    assert_eq!(caller.encrypt_message(&raw mut parameter, 45).0, CKR_MECHANISM_PARAM_INVALID);
    // A padded cipher has its initialisation vector with each message.
    assert_eq!(call!(f.C_MessageEncryptFinal(session)), CKR_OK);
    let mut cbc = mechanism(CKM_AES_CBC_PAD, &[]);
    assert_eq!(call!(f.C_MessageEncryptInit(session, &mut cbc, key)), CKR_OK);
    let (iv, data) = (lend(&[3; 16]).cast(), lend(DATA));
    let (code, _, ciphertext) = caller.output(64, |s, out, len| {
        call!(f.C_EncryptMessage(s, iv, 16, null_mut(), 0, data, 45, out, len))
    });
    assert_eq!((code, ciphertext.len()), (CKR_OK, 48));
}

#[test]
fn messages_are_lied_about() {
    let mock = Mock::start();
    let caller = Caller::new(&mock);
    caller.gcm(caller.aes_key());
    let mut places = Places::new(7);
    let mut parameter = places.parameter(CKG_NO_GENERATE);
    mock.lie_times("C_EncryptMessage", 1, Lie::Silent);
    mock.lie_times("C_EncryptMessage", 1, Lie::LengthBy(-1));
    mock.lie_times("C_EncryptMessage", 1, Lie::TooSmall(99));
    assert_eq!(caller.encrypt_message(&raw mut parameter, 0).1, 0);
    assert_eq!(caller.encrypt_message(&raw mut parameter, 45).1, 44);
    assert_eq!(caller.encrypt_message(&raw mut parameter, 45), (CKR_BUFFER_TOO_SMALL, 99, vec![]));
    assert_eq!(mock.calls("C_EncryptMessage"), 3);
}
