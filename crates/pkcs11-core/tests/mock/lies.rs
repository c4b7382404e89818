//! What a module returns is hostile until checked: lengths, counts, handles, codes, numbers, text.

use std::ptr::null_mut;

use pkcs11_core::mechanism::AesCbcPad;
use pkcs11_core::sys::{
    CK_MECHANISM_TYPE_PTR, CK_RV, CK_SLOT_ID, CK_TOKEN_INFO, CK_TOKEN_INFO_PTR, CK_ULONG,
    CK_ULONG_PTR, CK_UNAVAILABLE_INFORMATION,
};
use pkcs11_core::{
    Capabilities, Data, ErrorKind, Function, KeyType, MaxSessions, MechanismType, Object,
    ReturnCode, Template, TokenObject, attr, label,
};
use pkcs11_mock::{Lie, Mock};
use rstest::rstest;

use crate::support::{
    MESSAGE, aes_key, copy_out, data, failure, hmac_key, load_patched, open, token,
};

const MAC: MechanismType = MechanismType::SHA256_HMAC;
const DIGEST: MechanismType = MechanismType::SHA256;
const IV: &[u8; 16] = &[3; 16];

#[rstest]
#[case::most(CK_ULONG::MAX)]
#[case::unavailable(CK_UNAVAILABLE_INFORMATION)]
#[case::negative(CK_ULONG::MAX >> 1)]
#[case::large(100_000)]
fn more_than_the_buffer_holds_is_not_believed(#[case] length: CK_ULONG) {
    let mock = Mock::start();
    let session = open(&mock);
    let (aes, hmac) = (aes_key(&session), hmac_key(&session));
    let ciphertext = aes.encrypt(AesCbcPad::new(IV), MESSAGE).unwrap();
    for function in ["C_Sign", "C_Encrypt", "C_Decrypt", "C_Digest"] {
        mock.lie(function, Lie::Length(length));
    }
    let buffer = &mut [0; 64];
    let answers = [
        hmac.sign(MAC, MESSAGE),
        hmac.sign_into(MAC, MESSAGE, buffer).map(|_| Vec::new()),
        aes.encrypt(AesCbcPad::new(IV), MESSAGE),
        aes.encrypt_into(AesCbcPad::new(IV), MESSAGE, buffer).map(|_| Vec::new()),
        aes.decrypt(AesCbcPad::new(IV), &ciphertext),
        aes.decrypt_into(AesCbcPad::new(IV), &ciphertext, buffer).map(|_| Vec::new()),
        session.digest(DIGEST, MESSAGE),
        session.digest_into(DIGEST, MESSAGE, buffer).map(|_| Vec::new()),
    ];
    for answer in answers {
        let error = failure!(answer, ErrorKind::Misbehaved(_));
        assert!(error.mechanism().is_some() && error.function().is_some());
    }
    for function in ["C_Sign", "C_Encrypt", "C_Decrypt", "C_Digest"] {
        mock.truth(function);
    }
    assert_eq!(hmac.sign(MAC, MESSAGE).unwrap().len(), 32);
}

#[test]
fn nothing_written_is_noticed_where_the_length_is_fixed() {
    let mock = Mock::start();
    let session = open(&mock);
    let hmac = hmac_key(&session);
    mock.lie("C_Sign", Lie::Silent);
    mock.lie("C_Digest", Lie::Silent);
    failure!(hmac.sign(MAC, MESSAGE), ErrorKind::Misbehaved(_));
    failure!(session.digest(DIGEST, MESSAGE), ErrorKind::Misbehaved(_));
    let buffer = &mut [0; 40];
    let signed = hmac.sign_into(MAC, MESSAGE, buffer);
    failure!(signed, ErrorKind::Misbehaved(_));
    mock.truth("C_Sign");
    assert_eq!(hmac.sign(MAC, MESSAGE).unwrap().len(), 32);
}

#[rstest]
#[case::as_long_as_the_least_room(MechanismType::SHA512)]
#[case::shorter(MechanismType::SHA384)]
fn nothing_written_is_noticed_for_long_digests(#[case] mechanism: MechanismType) {
    let mock = Mock::start();
    let session = open(&mock);
    mock.lie("C_DigestInit", Lie::Silent);
    mock.lie("C_Digest", Lie::Silent);
    failure!(session.digest(mechanism, MESSAGE), ErrorKind::Misbehaved(_));
}

#[test]
fn nothing_written_is_noticed_for_an_rsa_key_of_known_size() {
    let mock = Mock::start();
    let session = open(&mock);
    let pair = session.generate_key_pair(KeyType::RSA).bits(2048);
    let pair = pair.capabilities(Capabilities::SIGN | Capabilities::ENCRYPT);
    let pair = pair.create_with(MechanismType::RSA_PKCS_KEY_PAIR_GEN);
    let (public, private) = pair.unwrap();
    let rsa = MechanismType::RSA_PKCS;
    assert_eq!(private.sign(rsa, MESSAGE).unwrap().len(), 256);
    mock.lie("C_Sign", Lie::Silent);
    mock.lie("C_Encrypt", Lie::Silent);
    failure!(private.sign(rsa, MESSAGE), ErrorKind::Misbehaved(_));
    failure!(public.encrypt(rsa, MESSAGE), ErrorKind::Misbehaved(_));
}

#[test]
fn nothing_written_shows_nothing_that_was_in_memory() {
    let mock = Mock::start();
    let session = open(&mock);
    let aes = aes_key(&session);
    mock.lie("C_Encrypt", Lie::Silent);
    mock.lie("C_Decrypt", Lie::Silent);
    mock.lie("C_GenerateRandom", Lie::Silent);
    mock.lie("C_GetAttributeValue", Lie::Silent);
    // Reading each byte is what Miri would object to.
    let zeros = |bytes: Vec<u8>| bytes.iter().all(|byte| *byte == 0);
    assert!(zeros(aes.encrypt(AesCbcPad::new(IV), MESSAGE).unwrap()));
    assert!(zeros(aes.decrypt(AesCbcPad::new(IV), &[0; 32]).unwrap()));
    assert_eq!(session.random::<8>().unwrap(), [0; 8]);
    assert!(zeros(aes.get(attr::ID).unwrap()));
}

#[test]
fn more_objects_than_asked_for_are_not_believed() {
    let mock = Mock::start();
    let session = open(&mock);
    data(&session, attr::LABEL, "a");
    for count in [65, 1000, CK_ULONG::MAX] {
        mock.lie("C_FindObjects", Lie::Length(count));
        let error = failure!(session.find::<Data>().all(), ErrorKind::Misbehaved(_));
        assert_eq!(error.function(), Some(Function::FindObjects));
        let limited = session.find::<Data>().limit(3).all();
        failure!(limited, ErrorKind::Misbehaved(_));
        failure!(session.find::<Data>().first(), ErrorKind::Misbehaved(_));
    }
    mock.truth("C_FindObjects");
    assert!(session.find::<Data>().one().is_ok());
}

#[test]
fn objects_that_were_not_written_are_not_believed() {
    let mock = Mock::start();
    let session = open(&mock);
    // Ten found, of which the module has written none.
    mock.lie_times("C_FindObjects", 1, Lie::Length(10));
    failure!(session.find::<Object>().all(), ErrorKind::Misbehaved(_));
    // A search without end.
    mock.lie("C_FindObjects", Lie::Length(1));
    failure!(session.find::<Object>().all(), ErrorKind::Misbehaved(_));
    mock.lie("C_FindObjects", Lie::Silent);
    assert_eq!(session.find::<Object>().all().unwrap(), []);
    mock.truth("C_FindObjects");
    assert_eq!(session.find::<Object>().all().unwrap(), []);
}

#[test]
fn the_handle_0_is_no_object() {
    let mock = Mock::start();
    let session = open(&mock);
    let object = data(&session, attr::LABEL, "a");
    for function in ["C_FindObjects", "C_CreateObject", "C_CopyObject"] {
        mock.lie(function, Lie::Handle(0));
    }
    for function in ["C_GenerateKey", "C_GenerateKeyPair", "C_OpenSession"] {
        mock.lie(function, Lie::Handle(0));
    }
    let none = Template::new();
    let template = Template::new().with(attr::LABEL, "b");
    failure!(session.create::<Data>(&template), ErrorKind::Misbehaved(_));
    failure!(session.copy(&object, &none), ErrorKind::Misbehaved(_));
    let key = session.generate_key(KeyType::AES).bits(128);
    let key = key.create_with(MechanismType::AES_KEY_GEN);
    failure!(key, ErrorKind::Misbehaved(_));
    let pair = session.generate_key_pair(KeyType::RSA).bits(2048);
    let pair = pair.create_with(MechanismType::RSA_PKCS_KEY_PAIR_GEN);
    failure!(pair, ErrorKind::Misbehaved(_));
    failure!(session.token().open().start(), ErrorKind::Misbehaved(_));
    failure!(session.find::<Data>().all(), ErrorKind::Misbehaved(_));
}

#[test]
fn an_unknown_return_code_is_kept_as_a_number() {
    let mock = Mock::start();
    let session = open(&mock);
    mock.lie("C_GenerateRandom", Lie::Code(0x8000_1234));
    let error = failure!(session.random::<4>(), ErrorKind::Failed);
    assert_eq!(error.return_code(), Some(ReturnCode::new(0x8000_1234)));
    assert_eq!(error.to_string(), "C_GenerateRandom: failed (0x80001234)");
    assert!(!error.is_session_lost() && !error.is_token_gone() && !error.is_retryable());
    mock.lie("C_GenerateRandom", Lie::Code(CK_ULONG::MAX));
    let error = failure!(session.random::<4>(), ErrorKind::Failed);
    assert_eq!(error.return_code(), Some(ReturnCode::new(CK_ULONG::MAX)));
}

#[test]
fn a_size_that_is_unavailable_is_none() {
    let mock = Mock::start();
    let session = open(&mock);
    let object = data(&session, attr::VALUE, b"1234");
    assert!(object.size().unwrap().is_some_and(|size| size > 4));
    mock.lie("C_GetObjectSize", Lie::Length(CK_UNAVAILABLE_INFORMATION));
    assert_eq!(object.size().unwrap(), None);
    mock.lie("C_GetObjectSize", Lie::Silent);
    assert_eq!(object.size().unwrap(), None);
}

#[test]
fn structures_that_were_not_written_are_empty() {
    let mock = Mock::start();
    let token = token(&mock);
    for function in ["C_GetTokenInfo", "C_GetSlotInfo", "C_GetInfo"] {
        mock.lie(function, Lie::Silent);
    }
    assert_eq!(token.info().unwrap().label, "");
    assert_eq!(token.info().unwrap().utc_time, None);
    assert_eq!(token.slot().info().unwrap().description, "");
    assert_eq!(token.module().info().unwrap().manufacturer, "");
}

#[test]
fn mechanisms_without_a_name_come_through() {
    extern "C" fn list(_: CK_SLOT_ID, place: CK_MECHANISM_TYPE_PTR, count: CK_ULONG_PTR) -> CK_RV {
        copy_out(&[0x8000_0001, 0x1082, 0x7777_7777], place, count)
    }
    let mock = Mock::start();
    let module = load_patched(&mock, |functions| {
        functions.C_GetMechanismList = Some(list);
    });
    let slots = module.slots_with_token().unwrap();
    let numbers = slots[0].mechanisms().unwrap();
    let expected = [0x8000_0001, 0x1082, 0x7777_7777].map(MechanismType::new);
    assert_eq!(numbers, expected);
    assert_eq!(numbers[1], MechanismType::AES_CBC);
    assert_eq!(numbers[2].name(), None);
    let unknown = slots[0].mechanism_info(numbers[2]);
    let error = failure!(unknown, ErrorKind::MechanismNotOffered);
    assert_eq!(error.return_code(), Some(ReturnCode::MECHANISM_INVALID));
    assert_eq!(slots[0].token().mechanism_info(numbers[2]).unwrap(), None, "the token lacks it");
}

#[test]
fn texts_that_are_no_utf8_do_not_fail() {
    extern "C" fn info(_: CK_SLOT_ID, place: CK_TOKEN_INFO_PTR) -> CK_RV {
        let info = CK_TOKEN_INFO {
            label: [0xff; 32],
            model: *b"model\0\0\0\0\0\0\0\0\0\0\0",
            utcTime: [b'9'; 16],
            flags: 0x40,
            ulMaxSessionCount: CK_UNAVAILABLE_INFORMATION,
            ulTotalPublicMemory: CK_UNAVAILABLE_INFORMATION,
            ..Default::default()
        };
        copy_out(&[info], place, null_mut())
    }
    let mock = Mock::start();
    let module = load_patched(&mock, |functions| functions.C_GetTokenInfo = Some(info));
    let token = module.tokens().unwrap().remove(0);
    let info = token.info().unwrap();
    assert_eq!(info.label, "\u{fffd}".repeat(32));
    assert_eq!(info.model, "model");
    assert_eq!(info.max_sessions, MaxSessions::Unavailable);
    assert_eq!(info.total_public_memory, None);
    failure!(module.token(label("x")), ErrorKind::TokenNotFound(_));
}
