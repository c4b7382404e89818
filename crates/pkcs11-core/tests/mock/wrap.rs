//! Wrapping and unwrapping: what is called, and what a module may answer.

use pkcs11_core::mechanism::AesCbcPad;
use pkcs11_core::sys::{CK_ULONG, CKR_BUFFER_TOO_SMALL, CKR_KEY_UNEXTRACTABLE};
use pkcs11_core::{
    Capabilities, ErrorKind, Function, KeyType, MechanismType, ObjectClass, PrivateKey, ReturnCode,
    SecretKey, Session, Template, TokenObject, attr, label,
};
use pkcs11_mock::{LABEL, Lie, Mock};
use rstest::rstest;

use crate::support::{MESSAGE, aes_key, failure, hmac_key, load, open, rsa_pair};

const IV: &[u8; 16] = &[3; 16];
const CBC_PAD: AesCbcPad<'static> = AesCbcPad::new(IV);
const RSA: MechanismType = MechanismType::RSA_PKCS;

/// A key that may leave the token.
fn extractable(session: &Session) -> SecretKey {
    let template = Template::new()
        .with(attr::KEY_TYPE, KeyType::GENERIC_SECRET)
        .with(attr::VALUE, &[5; 20])
        .with(attr::SENSITIVE, false)
        .with(attr::EXTRACTABLE, true);
    session.create(&template).unwrap()
}

#[test]
fn a_key_goes_out_and_in_by_one_call_each() {
    let mock = Mock::start();
    let session = open(&mock);
    let (wrapping, key) = (aes_key(&session), extractable(&session));
    mock.reset_counts();
    let wrapped = wrapping.wrap_key(CBC_PAD, &key).unwrap();
    assert_eq!(mock.counts(), [("C_WrapKey", 1)]);
    assert_eq!(wrapped.len(), 32);
    mock.reset_counts();
    let again = wrapping
        .unwrap_key(CBC_PAD, &wrapped, KeyType::GENERIC_SECRET)
        .label("again")
        .capabilities(Capabilities::SIGN)
        .with(attr::SENSITIVE, false)
        .with(attr::EXTRACTABLE, true)
        .create()
        .unwrap();
    assert_eq!(mock.counts(), [("C_UnwrapKey", 1)]);
    let (value, label, sign, wrap) =
        again.get((attr::VALUE, attr::LABEL, attr::SIGN, attr::WRAP)).unwrap();
    assert_eq!((&value[..], &label[..], sign, wrap), (&[5; 20][..], "again", true, false));
}

#[test]
fn an_rsa_key_wraps_and_its_private_half_unwraps() {
    let mock = Mock::start();
    let session = open(&mock);
    let (public, private) = rsa_pair(&session);
    let key = extractable(&session);
    let wrapped = public.wrap_key(RSA, &key).unwrap();
    assert_eq!(wrapped.len(), 256);
    let again = private.unwrap_key(RSA, &wrapped, KeyType::GENERIC_SECRET).bits(160).create();
    assert_eq!(again.unwrap().get(attr::VALUE_LEN).unwrap(), 20);
}

#[test]
fn a_private_key_is_unwrapped_as_one() {
    let mock = Mock::start();
    let session = open(&mock);
    let (wrapping, key) = (aes_key(&session), extractable(&session));
    let wrapped = wrapping.wrap_key(CBC_PAD, &key).unwrap();
    let unwrapped = wrapping.unwrap_key(CBC_PAD, &wrapped, KeyType::EC);
    let private: PrivateKey = unwrapped.id(&[9]).create_private().unwrap();
    let (class, key_type, id) = private.get((attr::CLASS, attr::KEY_TYPE, attr::ID)).unwrap();
    assert_eq!((class, key_type, id), (ObjectClass::PRIVATE_KEY, KeyType::EC, vec![9]));
}

#[test]
fn a_buffer_that_is_too_small_is_followed_by_a_larger_one() {
    let mock = Mock::start();
    let session = open(&mock);
    let (wrapping, key) = (aes_key(&session), extractable(&session));
    mock.reset_counts();
    mock.lie_times("C_WrapKey", 1, Lie::Code(CKR_BUFFER_TOO_SMALL));
    assert_eq!(wrapping.wrap_key(CBC_PAD, &key).unwrap().len(), 32);
    assert_eq!(mock.calls("C_WrapKey"), 2);
    mock.lie("C_WrapKey", Lie::Code(CKR_BUFFER_TOO_SMALL));
    let error = failure!(wrapping.wrap_key(CBC_PAD, &key), ErrorKind::Misbehaved(_));
    assert_eq!(error.mechanism(), Some(MechanismType::AES_CBC_PAD));
    assert_eq!(mock.calls("C_WrapKey"), 4, "two tries, and no third");
}

#[rstest]
#[case::most(CK_ULONG::MAX)]
#[case::negative(CK_ULONG::MAX >> 1)]
#[case::more_than_the_room(1 << 20)]
#[case::nothing(0)]
fn lengths_are_not_believed(#[case] length: CK_ULONG) {
    let mock = Mock::start();
    let session = open(&mock);
    let (wrapping, key) = (aes_key(&session), extractable(&session));
    mock.lie("C_WrapKey", Lie::Length(length));
    let error = failure!(wrapping.wrap_key(CBC_PAD, &key), ErrorKind::Misbehaved(_));
    assert_eq!(error.function(), Some(Function::WrapKey));
    mock.truth("C_WrapKey");
    assert_eq!(wrapping.wrap_key(CBC_PAD, &key).unwrap().len(), 32);
}

#[test]
fn nothing_written_is_noticed() {
    let mock = Mock::start();
    let session = open(&mock);
    let (wrapping, key) = (aes_key(&session), extractable(&session));
    let pair = session.generate_key_pair(KeyType::RSA).bits(2048);
    let pair = pair.capabilities(Capabilities::WRAP);
    let (public, _) = pair.create_with(MechanismType::RSA_PKCS_KEY_PAIR_GEN).unwrap();
    assert_eq!(public.wrap_key(RSA, &key).unwrap().len(), 256);
    mock.lie("C_WrapKey", Lie::Silent);
    failure!(wrapping.wrap_key(CBC_PAD, &key), ErrorKind::Misbehaved(_));
    failure!(public.wrap_key(RSA, &key), ErrorKind::Misbehaved(_));
    // A length that the modulus does not have.
    mock.lie("C_WrapKey", Lie::Length(255));
    failure!(public.wrap_key(RSA, &key), ErrorKind::Misbehaved(_));
    mock.truth("C_WrapKey");
    let wrapped = wrapping.wrap_key(CBC_PAD, &key).unwrap();
    mock.lie("C_UnwrapKey", Lie::Silent);
    let unwrapped = wrapping.unwrap_key(CBC_PAD, &wrapped, KeyType::AES).create();
    failure!(unwrapped, ErrorKind::Misbehaved(_));
    mock.lie("C_UnwrapKey", Lie::Handle(0));
    let unwrapped = wrapping.unwrap_key(CBC_PAD, &wrapped, KeyType::AES).create_private();
    failure!(unwrapped, ErrorKind::Misbehaved(_));
}

#[test]
fn what_the_token_refuses_is_told() {
    let mock = Mock::start();
    let session = open(&mock);
    let (wrapping, stays) = (aes_key(&session), hmac_key(&session));
    let error = failure!(wrapping.wrap_key(CBC_PAD, &stays), ErrorKind::Failed);
    assert_eq!(error.return_code(), Some(ReturnCode::new(CKR_KEY_UNEXTRACTABLE)));
    let wrong = wrapping.unwrap_key(CBC_PAD, &[1; 32], KeyType::AES).create().unwrap_err();
    assert_eq!(wrong.function(), Some(Function::UnwrapKey));
    mock.reset_counts();
    let unwrap = || wrapping.unwrap_key(MechanismType::AES_CBC_PAD, &[1; 32], KeyType::AES);
    failure!(unwrap().create(), ErrorKind::InvalidInput(_));
    failure!(unwrap().bits(12).create(), ErrorKind::InvalidInput(_));
    let wrapped = wrapping.wrap_key(MechanismType::AES_CBC_PAD, &stays);
    failure!(wrapped, ErrorKind::InvalidInput(_));
    assert_eq!(mock.total(), 0);
}

#[test]
#[cfg_attr(miri, ignore = "it takes the time of another call")]
fn wrapping_does_not_wait_for_an_operation() {
    let mock = Mock::start();
    let session = open(&mock);
    let (wrapping, key) = (aes_key(&session), extractable(&session));
    // A signature that is under way holds the operation lock.
    mock.lie("C_Sign", Lie::Delay(std::time::Duration::from_millis(200)));
    let hmac = hmac_key(&session);
    std::thread::scope(|scope| {
        let signed = scope.spawn(|| hmac.sign(MechanismType::SHA256_HMAC, MESSAGE));
        while mock.calls("C_Sign") == 0 {
            std::thread::yield_now();
        }
        assert!(wrapping.wrap_key(CBC_PAD, &key).is_ok());
        assert!(!signed.is_finished(), "it waited");
        assert!(signed.join().unwrap().is_ok());
    });
}

#[test]
fn keys_of_one_token_in_two_sessions_meet() {
    let mock = Mock::start();
    let session = open(&mock);
    let wrapping = aes_key(&session);
    let other = load(&mock).token(label(LABEL)).unwrap().open().start().unwrap();
    let key = extractable(&other);
    assert_eq!(wrapping.wrap_key(CBC_PAD, &key).unwrap().len(), 32);
}
