//! One-shot operations and searches: how many C calls they take, and what is checked before.

use pkcs11_core::mechanism::{AesCbc, AesCbcPad};
use pkcs11_core::sys::{
    CK_RV, CKR_BUFFER_TOO_SMALL, CKR_DATA_LEN_RANGE, CKR_DEVICE_ERROR, CKR_SIGNATURE_INVALID,
    CKR_SIGNATURE_LEN_RANGE,
};
use pkcs11_core::{
    DEFAULT, Data, ErrorKind, Function, KeyType, MechanismType, Object, PrivateKey, PublicKey,
    SecretKey, Template, TokenObject, attr,
};
use pkcs11_mock::{Lie, Mock, USER_PIN, Version};
use rstest::rstest;

use crate::support::{MESSAGE, aes_key, data, failure, hmac_key, open, rsa_pair};

const MAC: MechanismType = MechanismType::SHA256_HMAC;
const IV: &[u8; 16] = &[3; 16];

#[test]
fn each_operation_is_two_calls() {
    let mock = Mock::start();
    let session = open(&mock);
    let (aes, hmac) = (aes_key(&session), hmac_key(&session));
    let buffer = &mut [0; 64];
    mock.reset_counts();

    let mac = hmac.sign(MAC, MESSAGE).unwrap();
    assert_eq!(mock.counts(), [("C_SignInit", 1), ("C_Sign", 1)]);
    assert_eq!(mac.len(), 32);
    mock.reset_counts();
    assert_eq!(hmac.sign_into(MAC, MESSAGE, buffer).unwrap(), 32);
    assert_eq!((mock.total(), &buffer[..32]), (2, &mac[..]));
    mock.reset_counts();
    hmac.verify(MAC, MESSAGE, &mac).unwrap();
    assert_eq!(mock.counts(), [("C_VerifyInit", 1), ("C_Verify", 1)]);
    mock.reset_counts();
    assert_eq!(session.digest(MechanismType::SHA256, MESSAGE).unwrap().len(), 32);
    assert_eq!(mock.counts(), [("C_DigestInit", 1), ("C_Digest", 1)]);
    mock.reset_counts();
    let ciphertext = aes.encrypt(AesCbcPad::new(IV), MESSAGE).unwrap();
    assert_eq!(mock.counts(), [("C_EncryptInit", 1), ("C_Encrypt", 1)]);
    assert_eq!(ciphertext.len(), 16);
    mock.reset_counts();
    assert_eq!(aes.decrypt(AesCbcPad::new(IV), &ciphertext).unwrap(), MESSAGE);
    assert_eq!(mock.counts(), [("C_DecryptInit", 1), ("C_Decrypt", 1)]);
    mock.reset_counts();
    let length = aes.decrypt_into(AesCbcPad::new(IV), &ciphertext, buffer);
    assert_eq!((length.unwrap(), mock.total()), (MESSAGE.len(), 2));
}

#[test]
fn rsa_keys_that_were_found_take_no_more_calls() {
    let mock = Mock::start();
    let session = open(&mock);
    let (public, private) = rsa_pair(&session);
    let rsa = MechanismType::RSA_PKCS;
    mock.reset_counts();
    let signature = private.sign(rsa, MESSAGE).unwrap();
    assert_eq!(mock.counts(), [("C_SignInit", 1), ("C_Sign", 1)]);
    public.verify(rsa, MESSAGE, &signature).unwrap();
    let ciphertext = public.encrypt(rsa, MESSAGE).unwrap();
    assert_eq!(ciphertext.len(), 256);
    assert_eq!(private.decrypt(rsa, &ciphertext).unwrap(), MESSAGE);
    assert_eq!(mock.total(), 8);
}

#[test]
fn empty_input_and_long_input_work() {
    let mock = Mock::start();
    let session = open(&mock);
    let aes = aes_key(&session);
    let long = vec![1; if cfg!(miri) { 500 } else { 5000 }];
    for plaintext in [&[][..], &long] {
        let ciphertext = aes.encrypt(AesCbcPad::new(IV), plaintext).unwrap();
        let decrypted = aes.decrypt(AesCbcPad::new(IV), &ciphertext).unwrap();
        assert_eq!(decrypted, plaintext);
    }
    assert_eq!(aes.encrypt(AesCbc::new(IV), b"").unwrap(), b"");
    assert_eq!(session.digest(MechanismType::SHA256, b"").unwrap().len(), 32);
}

#[test]
fn a_thousand_objects_are_few_calls() {
    let count = if cfg!(miri) { 70 } else { 1000 };
    let mock = Mock::start();
    let session = open(&mock);
    for _ in 0..count {
        data(&session, attr::LABEL, "one of many");
    }
    mock.reset_counts();
    let found = session.find::<Data>().label("one of many").all().unwrap();
    assert_eq!(found.len(), count);
    assert!(mock.calls("C_FindObjects") <= 12, "{:?}", mock.counts());
    assert_eq!(mock.total(), mock.calls("C_FindObjects") + 2);
    mock.reset_counts();
    failure!(session.find::<Data>().one(), ErrorKind::MultipleObjects);
    assert_eq!(session.find::<Data>().limit(7).all().unwrap().len(), 7);
    assert!(session.find::<Data>().first().unwrap().is_some());
    assert_eq!(mock.calls("C_FindObjects"), 3);
    let error = failure!(session.find::<SecretKey>().one(), ErrorKind::NotFound);
    assert_eq!(error.to_string(), "C_FindObjects(CKO_SECRET_KEY): no object matches");
    assert_eq!(session.find::<Object>().limit(0).all().unwrap(), []);
}

#[test]
fn objects_are_used_inside_the_loop_that_finds_them() {
    let mock = Mock::start();
    let session = open(&mock);
    for _ in 0..3 {
        hmac_key(&session);
    }
    for key in session.find::<SecretKey>().all().unwrap() {
        assert_eq!(key.sign(MAC, MESSAGE).unwrap().len(), 32);
        assert_eq!(session.find::<SecretKey>().all().unwrap().len(), 3);
    }
}

#[test]
fn parameters_are_checked_without_a_call() {
    let mock = Mock::start();
    let session = open(&mock);
    let aes = aes_key(&session);
    mock.reset_counts();
    let short = (MechanismType::AES_CBC_PAD, &[0; 8][..]);
    let error = failure!(aes.encrypt(short, MESSAGE), ErrorKind::InvalidInput(_));
    assert_eq!(error.mechanism(), Some(MechanismType::AES_CBC_PAD));
    assert!(error.to_string().contains("16 bytes, not 8"), "{error}");
    let none = aes.encrypt(MechanismType::AES_CBC_PAD, MESSAGE);
    failure!(none, ErrorKind::InvalidInput(_));
    let raw = (MechanismType::AES_GCM, &[0; 40][..]);
    failure!(aes.decrypt(raw, MESSAGE), ErrorKind::InvalidInput(_));
    let error = failure!(aes.encrypt(DEFAULT, MESSAGE), ErrorKind::NoDefault(_));
    assert!(error.to_string().contains("Defaults"), "{error}");
    assert_eq!(mock.total(), 0);
}

#[test]
fn a_mac_of_a_wrong_length_does_not_verify_and_is_not_sent() {
    let mock = Mock::start();
    let session = open(&mock);
    let hmac = hmac_key(&session);
    mock.reset_counts();
    for length in [0, 31, 33, 64] {
        let verified = hmac.verify(MAC, MESSAGE, &vec![0; length]);
        let error = failure!(verified, ErrorKind::SignatureInvalid);
        assert_eq!((error.return_code(), error.mechanism()), (None, Some(MAC)));
    }
    assert_eq!(mock.total(), 0);
    let wrong = hmac.verify(MAC, MESSAGE, &[0; 32]);
    failure!(wrong, ErrorKind::SignatureInvalid);
    // Whether the module has ended it is not inferred from its code.
    let calls = ["C_VerifyInit", "C_Verify", "C_SessionCancel"].map(|name| mock.calls(name));
    assert_eq!((calls, mock.total()), ([1, 1, 1], 3));
}

#[rstest]
#[case(CKR_SIGNATURE_INVALID)]
#[case(CKR_SIGNATURE_LEN_RANGE)]
#[case(CKR_DATA_LEN_RANGE)]
fn three_codes_say_that_a_signature_does_not_verify(#[case] code: CK_RV) {
    let mock = Mock::start();
    let session = open(&mock);
    let (public, _) = rsa_pair(&session);
    let verify = || public.verify(MechanismType::RSA_PKCS, MESSAGE, &[0; 256]);
    mock.lie("C_Verify", Lie::CodeAfter(code));
    let error = failure!(verify(), ErrorKind::SignatureInvalid);
    assert_eq!(error.return_code().map(|code| code.number()), Some(code));
    mock.lie("C_Verify", Lie::CodeAfter(CKR_DEVICE_ERROR));
    failure!(verify(), ErrorKind::Failed);
    // The same code from Init says nothing of the signature.
    mock.lie_times("C_VerifyInit", 1, Lie::Code(code));
    let error = failure!(verify(), ErrorKind::Failed);
    assert_eq!(error.function(), Some(Function::VerifyInit));
}

#[rstest]
fn a_buffer_that_is_too_small_starts_again_with_more_room(
    #[values(Version::V2_40, Version::V3_2)] version: Version,
) {
    let mock = Mock::start();
    mock.version(version);
    let session = open(&mock);
    // Longer than the largest modulus that is counted on.
    let template =
        Template::new().with(attr::KEY_TYPE, KeyType::RSA).with(attr::MODULUS, &[9; 1100]);
    let key: PrivateKey = session.create(&template).unwrap();
    mock.reset_counts();
    let signature = key.sign(MechanismType::RSA_PKCS, MESSAGE).unwrap();
    assert_eq!(signature.len(), 1100);
    assert_eq!(mock.calls("C_SignInit"), 2);
    let cancelled = u64::from(version == Version::V2_40);
    assert_eq!(mock.calls("C_Sign"), 2 + cancelled);
    assert_eq!(mock.calls("C_SessionCancel"), 1 - cancelled);
}

#[test]
fn no_buffer_grows_for_ever() {
    let mock = Mock::start();
    let session = open(&mock);
    let hmac = hmac_key(&session);
    mock.lie("C_Sign", Lie::Code(CKR_BUFFER_TOO_SMALL));
    let signed = hmac.sign(MAC, MESSAGE);
    failure!(signed, ErrorKind::BufferTooSmall | ErrorKind::Misbehaved(_));
    assert!(mock.calls("C_Sign") <= 6);
    mock.truth("C_Sign");
    mock.reset_counts();
    assert!(hmac.sign(MAC, MESSAGE).is_ok());
    assert_eq!(mock.total(), 2, "nothing was left behind");
}

#[test]
fn the_callers_buffer_may_be_too_small() {
    let mock = Mock::start();
    let session = open(&mock);
    let (aes, hmac) = (aes_key(&session), hmac_key(&session));
    for size in [0, 8, 31] {
        let signed = hmac.sign_into(MAC, MESSAGE, &mut vec![0; size]);
        let error = failure!(signed, ErrorKind::BufferTooSmall);
        assert_eq!(error.function(), Some(Function::Sign));
    }
    // Some modules write past a buffer that is too small, so one that is known to be is not sent.
    assert!(mock.calls("C_Sign") <= 1);
    let encrypted = aes.encrypt_into(AesCbcPad::new(IV), MESSAGE, &mut [0; 15]);
    failure!(encrypted, ErrorKind::BufferTooSmall);
    assert_eq!(aes.encrypt(AesCbcPad::new(IV), MESSAGE).unwrap().len(), 16);
}

#[rstest]
fn a_key_that_wants_its_pin_gets_it_between_init_and_data(
    #[values(Version::V2_40, Version::V3_2)] version: Version,
) {
    let mock = Mock::start();
    mock.version(version);
    let session = open(&mock);
    let (_, private) = rsa_pair(&session);
    let key = private.with_context_pin(USER_PIN);
    mock.reset_counts();
    // The mock refuses this login unless an operation is active.
    assert_eq!(key.sign(MechanismType::RSA_PKCS, MESSAGE).unwrap().len(), 256);
    assert_eq!(mock.counts(), [("C_Login", 1), ("C_SignInit", 1), ("C_Sign", 1)]);
    mock.reset_counts();
    let wrong = private.with_context_pin("wrong");
    let error = failure!(wrong.sign(MechanismType::RSA_PKCS, MESSAGE), ErrorKind::PinIncorrect);
    assert_eq!(error.function(), Some(Function::Login));
    assert_eq!(mock.calls("C_Login"), 1);
    assert!(private.sign(MechanismType::RSA_PKCS, MESSAGE).is_ok());
}

#[test]
fn keys_are_made_with_mechanisms_by_name() {
    let mock = Mock::start();
    let session = open(&mock);
    let key = session.generate_key(KeyType::AES).bits(256).label("k");
    let key = key.create_with(MechanismType::AES_KEY_GEN).unwrap();
    let (length, label) = key.get((attr::VALUE_LEN, attr::LABEL)).unwrap();
    assert_eq!((length, label.as_str()), (32, "k"));
    let odd = session.generate_key(KeyType::AES).bits(12);
    let odd = odd.create_with(MechanismType::AES_KEY_GEN);
    failure!(odd, ErrorKind::InvalidInput(_));
    let pair = session.generate_key_pair(KeyType::RSA).bits(2048).id(&[7]);
    let pair = pair.create_with(MechanismType::RSA_PKCS_KEY_PAIR_GEN);
    let (public, private): (PublicKey, PrivateKey) = pair.unwrap();
    assert_eq!(public.get(attr::ID).unwrap(), private.get(attr::ID).unwrap());
}
