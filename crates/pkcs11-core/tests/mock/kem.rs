//! Keys from encapsulation: what is called, and what a module may answer.

use pkcs11_core::sys::{CK_ULONG, CKR_BUFFER_TOO_SMALL};
use pkcs11_core::{
    Capabilities, ErrorKind, Function, KeyType, MechanismType, MlKemParameterSet, ObjectClass,
    PrivateKey, PublicKey, Session, TokenObject, attr,
};
use pkcs11_mock::{Lie, Mock, Version};
use rstest::rstest;

use crate::support::{failure, open};

const KEM: MechanismType = MechanismType::ML_KEM;

fn pair(session: &Session, set: MlKemParameterSet) -> (PublicKey, PrivateKey) {
    let pair = session.generate_key_pair(set);
    let pair = pair.capabilities(Capabilities::ENCAPSULATE | Capabilities::DECAPSULATE);
    pair.create_with(MechanismType::ML_KEM_KEY_PAIR_GEN).unwrap()
}

#[rstest]
#[case(MlKemParameterSet::ML_KEM_512, 768)]
#[case(MlKemParameterSet::ML_KEM_768, 1088)]
#[case(MlKemParameterSet::ML_KEM_1024, 1568)]
fn both_sides_come_to_one_key(#[case] set: MlKemParameterSet, #[case] length: usize) {
    let mock = Mock::start();
    let session = open(&mock);
    let (public, private) = pair(&session, set);
    mock.reset_counts();
    let mine = public.encapsulate(KEM, KeyType::AES).label("mine");
    let mine = mine.with(attr::SENSITIVE, false).with(attr::EXTRACTABLE, true);
    let (mine, ciphertext) = mine.create().unwrap();
    assert_eq!(mock.counts(), [("C_EncapsulateKey", 1)]);
    assert_eq!(ciphertext.len(), length);
    mock.reset_counts();
    let theirs = private.decapsulate(KEM, &ciphertext, KeyType::AES).bits(256);
    let theirs = theirs.with(attr::SENSITIVE, false).with(attr::EXTRACTABLE, true);
    let theirs = theirs.create().unwrap();
    assert_eq!(mock.counts(), [("C_DecapsulateKey", 1)]);
    assert_eq!(mine.get(attr::VALUE).unwrap(), theirs.get(attr::VALUE).unwrap());
    let (class, key_type, label) = mine.get((attr::CLASS, attr::KEY_TYPE, attr::LABEL)).unwrap();
    assert_eq!((class, key_type, &label[..]), (ObjectClass::SECRET_KEY, KeyType::AES, "mine"));
    let decapsulated = private.decapsulate(KEM, &ciphertext[1..], KeyType::AES).create();
    let error = decapsulated.unwrap_err();
    assert_eq!(error.function(), Some(Function::DecapsulateKey));
    assert_eq!(error.mechanism(), Some(KEM));
}

#[test]
fn a_key_is_said_to_encapsulate_only_if_it_is_for_that() {
    let mock = Mock::start();
    let session = open(&mock);
    let (public, private) = pair(&session, MlKemParameterSet::ML_KEM_768);
    assert!(public.get(attr::ENCAPSULATE).unwrap());
    assert!(private.get(attr::DECAPSULATE).unwrap());
    assert_eq!(public.get(attr::PARAMETER_SET).unwrap(), MlKemParameterSet::ML_KEM_768.into());
    // Tokens of 2.40 refuse attributes that they do not know.
    let pair = session.generate_key_pair(KeyType::RSA).bits(2048);
    let pair = pair.capabilities(Capabilities::SIGN);
    let (public, private) = pair.create_with(MechanismType::RSA_PKCS_KEY_PAIR_GEN).unwrap();
    assert!(public.try_get(attr::ENCAPSULATE).unwrap().is_err());
    assert!(private.try_get(attr::DECAPSULATE).unwrap().is_err());
}

#[rstest]
#[case(KeyType::ML_KEM)]
#[case(KeyType::ML_DSA)]
#[case(KeyType::SLH_DSA)]
fn a_missing_parameter_set_is_told_before_the_call(#[case] key_type: KeyType) {
    let mock = Mock::start();
    let session = open(&mock);
    let pair = session.generate_key_pair(key_type);
    let error = pair.create_with(MechanismType::ML_KEM_KEY_PAIR_GEN);
    let error = failure!(error, ErrorKind::InvalidInput(_));
    assert!(error.to_string().contains("ParameterSet"), "{error}");
    assert_eq!(mock.calls("C_GenerateKeyPair"), 0);
    let pair = session
        .generate_key_pair(key_type)
        .with_public(attr::PARAMETER_SET, MlKemParameterSet::new(1));
    assert!(pair.create_with(MechanismType::ML_KEM_KEY_PAIR_GEN).is_ok());
}

#[test]
fn a_buffer_that_is_too_small_is_followed_by_a_larger_one() {
    let mock = Mock::start();
    let session = open(&mock);
    let (public, _) = pair(&session, MlKemParameterSet::ML_KEM_768);
    mock.lie_times("C_EncapsulateKey", 1, Lie::Code(CKR_BUFFER_TOO_SMALL));
    let (_, ciphertext) = public.encapsulate(KEM, KeyType::AES).create().unwrap();
    assert_eq!(ciphertext.len(), 1088);
    assert_eq!(mock.calls("C_EncapsulateKey"), 2);
    mock.lie("C_EncapsulateKey", Lie::Code(CKR_BUFFER_TOO_SMALL));
    let failed = public.encapsulate(KEM, KeyType::AES).create().map(drop);
    assert_eq!(failed.unwrap_err().mechanism(), Some(KEM));
    assert_eq!(mock.calls("C_EncapsulateKey"), 4);
}

#[rstest]
#[case::most(CK_ULONG::MAX)]
#[case::negative(CK_ULONG::MAX >> 1)]
#[case::more_than_the_room(1 << 20)]
#[case::nothing(0)]
fn lengths_are_not_believed(#[case] length: CK_ULONG) {
    let mock = Mock::start();
    let session = open(&mock);
    let (public, _) = pair(&session, MlKemParameterSet::ML_KEM_512);
    mock.lie("C_EncapsulateKey", Lie::Length(length));
    let error = public.encapsulate(KEM, KeyType::AES).create().map(drop);
    let error = failure!(error, ErrorKind::Misbehaved(_));
    assert_eq!(error.function(), Some(Function::EncapsulateKey));
    assert_eq!(mock.calls("C_EncapsulateKey"), 1, "each call would make a key");
}

#[test]
fn nothing_made_is_noticed() {
    let mock = Mock::start();
    let session = open(&mock);
    let (public, private) = pair(&session, MlKemParameterSet::ML_KEM_512);
    for lie in [Lie::Silent, Lie::Handle(0)] {
        mock.lie("C_EncapsulateKey", lie);
        mock.lie("C_DecapsulateKey", lie);
        let encapsulated = public.encapsulate(KEM, KeyType::AES).create().map(drop);
        failure!(encapsulated, ErrorKind::Misbehaved(_));
        let decapsulated = private.decapsulate(KEM, &[0; 768], KeyType::AES).create();
        failure!(decapsulated, ErrorKind::Misbehaved(_));
    }
}

#[test]
fn older_modules_do_not_have_it() {
    let mock = Mock::start();
    mock.version(Version::V3_0);
    let session = open(&mock);
    let (public, private) = pair(&session, MlKemParameterSet::ML_KEM_512);
    let encapsulated = public.encapsulate(KEM, KeyType::AES).create().map(drop);
    let error = failure!(encapsulated, ErrorKind::FunctionNotSupported);
    assert_eq!(error.function(), Some(Function::EncapsulateKey));
    let decapsulated = private.decapsulate(KEM, &[0; 768], KeyType::AES).create();
    failure!(decapsulated, ErrorKind::FunctionNotSupported);
}
