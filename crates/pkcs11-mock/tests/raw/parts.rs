//! Operations in parts, and the lies about them.

use std::ptr::null_mut;
use std::time::{Duration, Instant};

use pkcs11_mock::{Lie, Mock};
use pkcs11_sys::*;

use crate::caller::{Caller, attribute, call, lend, mechanism, mechanism_with};

const DATA: &[u8; 45] = b"forty-five bytes, which is not a whole block.";
const UPDATE: &str = "C_EncryptUpdate";

/// What an Update or a Final answered: the code, the length, the bytes.
type Answer = (CK_RV, CK_ULONG, Vec<u8>);

fn size(bytes: &[u8]) -> CK_ULONG {
    bytes.len().try_into().unwrap()
}

impl Caller {
    fn encrypt_update(&self, part: &[u8], room: usize) -> Answer {
        let f = self.f;
        self.output(room, |s, out, len| {
            call!(f.C_EncryptUpdate(s, lend(part), size(part), out, len))
        })
    }

    fn encrypt_final(&self, room: usize) -> Answer {
        let f = self.f;
        self.output(room, |s, out, len| call!(f.C_EncryptFinal(s, out, len)))
    }

    fn decrypt_update(&self, part: &[u8], room: usize) -> Answer {
        let f = self.f;
        self.output(room, |s, out, len| {
            call!(f.C_DecryptUpdate(s, lend(part), size(part), out, len))
        })
    }

    fn decrypt_final(&self, room: usize) -> Answer {
        let f = self.f;
        self.output(room, |s, out, len| call!(f.C_DecryptFinal(s, out, len)))
    }

    fn begin(&self, cipher: &mut CK_MECHANISM, key: CK_OBJECT_HANDLE) {
        let f = self.f;
        assert_eq!(call!(f.C_EncryptInit(self.session, cipher, key)), CKR_OK);
    }
}

/// The lengths that a part of each answer has, and all bytes.
fn joined(answers: impl IntoIterator<Item = Answer>) -> (Vec<usize>, Vec<u8>) {
    let parts = answers.into_iter().map(|(code, _, bytes)| {
        assert_eq!(code, CKR_OK);
        bytes
    });
    let parts: Vec<_> = parts.collect();
    (parts.iter().map(Vec::len).collect(), parts.concat())
}

#[test]
fn ciphers_give_what_is_ready() {
    let mock = Mock::start();
    let caller = Caller::new(&mock);
    let (f, session, key) = (caller.f, caller.session, caller.aes_key());
    let counter = CK_AES_CTR_PARAMS { ulCounterBits: 128, cb: [3; 16] };
    let gcm = CK_GCM_PARAMS {
        pIv: lend(&[3; 12]),
        ulIvLen: 12,
        ulIvBits: 96,
        ulTagBits: 128,
        ..Default::default()
    };
    // In parts of 20 bytes, then the last: how long the outputs are.
    let ciphers = [
        (mechanism(CKM_AES_CBC_PAD, &[3; 16]), [16, 16, 0, 16], [16, 16, 0, 13]),
        (mechanism_with(CKM_AES_CTR, &counter), [20, 20, 5, 0], [20, 20, 5, 0]),
        (mechanism_with(CKM_AES_GCM, &gcm), [20, 20, 5, 16], [0, 0, 0, 45]),
    ];
    for (mut cipher, encrypted, decrypted) in ciphers {
        caller.begin(&mut cipher, key);
        let updates: Vec<_> = DATA.chunks(20).map(|part| caller.encrypt_update(part, 64)).collect();
        let last = caller.encrypt_final(64);
        let (lengths, ciphertext) = joined(updates.into_iter().chain([last]));
        assert_eq!(lengths, encrypted);

        caller.begin(&mut cipher, key);
        let once = caller.output(64, |s, out, len| call!(f.C_Encrypt(s, lend(DATA), 45, out, len)));
        assert_eq!(once.2, ciphertext);

        assert_eq!(call!(f.C_DecryptInit(session, &mut cipher, key)), CKR_OK);
        let (start, end) = ciphertext.split_at(40);
        let updates =
            start.chunks(20).chain([end]).map(|part| caller.decrypt_update(part, 64)).collect();
        let updates: Vec<_> = updates;
        let last = caller.decrypt_final(64);
        let (lengths, plaintext) = joined(updates.into_iter().chain([last]));
        assert_eq!((lengths, plaintext.as_slice()), (decrypted.to_vec(), DATA.as_slice()));
    }
}

#[test]
fn a_tag_that_does_not_fit_gives_no_plaintext() {
    let mock = Mock::start();
    let caller = Caller::new(&mock);
    let (f, session, key) = (caller.f, caller.session, caller.aes_key());
    let parameters = |aad: &'static [u8]| CK_GCM_PARAMS {
        pIv: lend(&[3; 12]),
        ulIvLen: 12,
        pAAD: lend(aad),
        ulAADLen: size(aad),
        ulTagBits: 96,
        ..Default::default()
    };
    let (first, second) = (parameters(b"first"), parameters(b"second"));
    caller.begin(&mut mechanism_with(CKM_AES_GCM, &first), key);
    let (_, mut ciphertext) = joined([caller.encrypt_update(DATA, 64), caller.encrypt_final(64)]);
    assert_eq!(ciphertext.len(), 57);
    let decrypt = |ciphertext: &[u8], parameters| {
        let mut gcm = mechanism_with(CKM_AES_GCM, parameters);
        assert_eq!(call!(f.C_DecryptInit(session, &mut gcm, key)), CKR_OK);
        let update = caller.decrypt_update(ciphertext, 0);
        assert_eq!((update.0, update.1), (CKR_OK, 0));
        caller.decrypt_final(64).0
    };
    assert_eq!(decrypt(&ciphertext, &first), CKR_OK);
    assert_eq!(decrypt(&ciphertext, &second), CKR_ENCRYPTED_DATA_INVALID);
    assert_eq!(decrypt(&ciphertext[..11], &first), CKR_ENCRYPTED_DATA_LEN_RANGE);
    ciphertext[0] ^= 1;
    assert_eq!(decrypt(&ciphertext, &first), CKR_ENCRYPTED_DATA_INVALID);
}

#[test]
fn a_small_buffer_and_a_query_leave_a_part_to_be_fed_again() {
    let mock = Mock::start();
    let caller = Caller::new(&mock);
    let (f, session, key) = (caller.f, caller.session, caller.aes_key());
    caller.begin(&mut mechanism(CKM_AES_CBC_PAD, &[3; 16]), key);
    let mut length = 0;
    let query = call!(f.C_EncryptUpdate(session, lend(DATA), 45, null_mut(), &mut length));
    assert_eq!((query, length), (CKR_OK, 32));
    assert_eq!(caller.encrypt_update(DATA, 31), (CKR_BUFFER_TOO_SMALL, 32, vec![]));
    assert_eq!(caller.encrypt_update(DATA, 32).1, 32);
    assert_eq!(call!(f.C_EncryptFinal(session, null_mut(), &mut length)), CKR_OK);
    assert_eq!(length, 16);
    assert_eq!(caller.encrypt_final(15), (CKR_BUFFER_TOO_SMALL, 16, vec![]));
    assert_eq!(caller.encrypt_final(16).1, 16);
    assert_eq!(caller.encrypt_final(16).0, CKR_OPERATION_NOT_INITIALIZED);
}

#[test]
fn macs_and_digests_do_not_depend_on_the_parts() {
    let mock = Mock::start();
    let caller = Caller::new(&mock);
    let (f, session, key) = (caller.f, caller.session, caller.aes_key());
    let mut hmac = mechanism(CKM_SHA256_HMAC, &[]);
    assert_eq!(call!(f.C_SignInit(session, &mut hmac, key)), CKR_OK);
    let (_, _, mac) = caller.output(32, |s, out, len| call!(f.C_Sign(s, lend(DATA), 45, out, len)));
    for (change, expected) in [(0, CKR_OK), (1, CKR_SIGNATURE_INVALID)] {
        assert_eq!(call!(f.C_VerifyInit(session, &mut hmac, key)), CKR_OK);
        for part in DATA.chunks(20) {
            let code = call!(f.C_VerifyUpdate(session, lend(part), size(part)));
            assert_eq!(code, CKR_OK);
        }
        let signature: Vec<u8> = mac.iter().map(|byte| byte ^ change).collect();
        assert_eq!(call!(f.C_VerifyFinal(session, lend(&signature), 32)), expected);
    }

    let mut sha = mechanism(CKM_SHA256, &[]);
    let finish = || caller.output(32, |s, out, len| call!(f.C_DigestFinal(s, out, len)));
    assert_eq!(call!(f.C_DigestKey(session, key)), CKR_OPERATION_NOT_INITIALIZED);
    assert_eq!(call!(f.C_DigestInit(session, &mut sha)), CKR_OK);
    assert_eq!(call!(f.C_DigestUpdate(session, lend(b"key: "), 5)), CKR_OK);
    assert_eq!(call!(f.C_DigestKey(session, 1)), CKR_KEY_HANDLE_INVALID);
    assert_eq!(call!(f.C_DigestKey(session, key)), CKR_OK);
    let with_key = finish();
    let same = [b"key: ".as_slice(), &[7; 16]].concat();
    assert_eq!(call!(f.C_DigestInit(session, &mut sha)), CKR_OK);
    let once = caller.output(32, |s, out, len| call!(f.C_Digest(s, lend(&same), 21, out, len)));
    assert_eq!((with_key.0, with_key), (CKR_OK, once));

    let mut data = [attribute(CKA_CLASS, &[CKO_DATA])];
    let data = caller.create(&mut data).unwrap();
    assert_eq!(call!(f.C_DigestInit(session, &mut sha)), CKR_OK);
    assert_eq!(call!(f.C_DigestKey(session, data)), CKR_KEY_INDIGESTIBLE);
    assert_eq!(finish().0, CKR_OK);
}

#[test]
fn at_once_and_in_parts_do_not_mix() {
    let mock = Mock::start();
    let caller = Caller::new(&mock);
    let (f, session, key) = (caller.f, caller.session, caller.aes_key());
    let once = || caller.output(32, |s, out, len| call!(f.C_Digest(s, lend(DATA), 45, out, len)));
    let mut sha = mechanism(CKM_SHA256, &[]);
    assert_eq!(call!(f.C_DigestInit(session, &mut sha)), CKR_OK);
    assert_eq!(call!(f.C_DigestUpdate(session, lend(DATA), 45)), CKR_OK);
    assert_eq!(call!(f.C_SignUpdate(session, lend(DATA), 45)), CKR_OPERATION_NOT_INITIALIZED);
    assert_eq!(once().0, CKR_OPERATION_NOT_INITIALIZED);
    // That has ended it.
    caller.begin(&mut mechanism(CKM_AES_CBC, &[3; 16]), key);
    assert_eq!(caller.encrypt_update(DATA, 64).1, 32);
    assert_eq!(caller.encrypt_final(64).0, CKR_DATA_LEN_RANGE);

    let mut rsa = [
        attribute(CKA_CLASS, &[CKO_PUBLIC_KEY]),
        attribute(CKA_KEY_TYPE, &[CKK_RSA]),
        attribute(CKA_MODULUS, &[9_u8; 128]),
    ];
    let rsa = caller.create(&mut rsa).unwrap();
    caller.begin(&mut mechanism(CKM_RSA_PKCS, &[]), rsa);
    assert_eq!(caller.encrypt_update(DATA, 128).0, CKR_OPERATION_NOT_INITIALIZED);
    caller.begin(&mut mechanism(CKM_RSA_PKCS, &[]), rsa);
    assert_eq!(caller.encrypt_final(128).0, CKR_OPERATION_NOT_INITIALIZED);
}

#[test]
fn parts_can_be_lied_about() {
    let mock = Mock::start();
    let caller = Caller::new(&mock);
    let key = caller.aes_key();
    let mut cbc = mechanism(CKM_AES_CBC_PAD, &[3; 16]);
    caller.begin(&mut cbc, key);
    // An error after two that went well; the operation stays active.
    mock.lie_times(UPDATE, 2, Lie::Truth);
    mock.lie_times(UPDATE, 1, Lie::Code(CKR_DEVICE_ERROR));
    let codes = [0; 3].map(|_| caller.encrypt_update(&[0; 16], 64).0);
    assert_eq!(codes, [CKR_OK, CKR_OK, CKR_DEVICE_ERROR]);
    mock.lie_times(UPDATE, 1, Lie::TooSmall(1000));
    assert_eq!(caller.encrypt_update(&[0; 16], 64), (CKR_BUFFER_TOO_SMALL, 1000, vec![]));
    // As NSS does it: the part is consumed all the same.
    mock.lie_times(UPDATE, 1, Lie::CodeAfter(CKR_BUFFER_TOO_SMALL));
    assert_eq!(caller.encrypt_update(&[0; 10], 64).0, CKR_BUFFER_TOO_SMALL);
    assert_eq!(caller.encrypt_update(&[0; 6], 64).1, 16);
    for (by, length) in [(-1, 15), (1, 17), (isize::MIN, 0)] {
        mock.lie_times(UPDATE, 1, Lie::LengthBy(by));
        let (code, told, _) = caller.encrypt_update(&[0; 16], 64);
        assert_eq!((code, told), (CKR_OK, length));
    }
    mock.lie_times(UPDATE, 1, Lie::LengthBy(1));
    assert_eq!(caller.encrypt_update(&[0; 16], 15), (CKR_BUFFER_TOO_SMALL, 16, vec![]));
    mock.lie("C_EncryptFinal", Lie::Delay(Duration::from_millis(20)));
    let started = Instant::now();
    assert_eq!(caller.encrypt_final(64).1, 16);
    assert!(started.elapsed() >= Duration::from_millis(20));
    assert_eq!((mock.calls(UPDATE), mock.calls("C_EncryptFinal")), (10, 1));
}

#[test]
#[should_panic(expected = "C_SignUpdate has no output for LengthBy(1)")]
fn a_length_that_is_not_there_is_not_lied_about() {
    Mock::start().lie("C_SignUpdate", Lie::LengthBy(1));
}
